"""Issuing by hand: the form shown, checked, and sent on the way that `invoice/create` goes.

A form carries the id of the note that it becomes. However often it is sent (double click, reload, going back), it is one
note; what SEFAZ refused is corrected in the same form and keeps its number. Another site cannot send it: its mark is made
from the session, which travels in a cookie that no other site makes a browser send.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool

from chancela.domain.erros import FiscalError
from chancela.domain.identidade import Modelo
from chancela.faces.tffiscal.erros import ErroCampo, FaceErro, describe
from chancela.faces.tffiscal.nota.caminhos import wire_path
from chancela.faces.tffiscal.nota.mapping import request_of
from chancela.faces.tffiscal.nota.recusas import explain_refusal
from chancela.faces.tffiscal.nota.respostas import reason_of
from chancela.faces.tffiscal.nota.routes import OperacoesNota
from chancela.faces.tffiscal.nota.schemas import NotaEntrada
from chancela.faces.tffiscal.painel.formulario import Retorno, show_form
from chancela.faces.tffiscal.painel.moldura import RAIZ, money
from chancela.faces.tffiscal.painel.preenchido import Preenchido, blank, read_form, request_body
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.validacao import validate
from chancela.issuing.empresa import Empresa
from chancela.issuing.modelo import Documento, Estado
from chancela.kit.json_exact import write_json

_TIRAR = re.compile(r"tirar-(\d{1,3})")
_DE_OUTRA_SESSAO = "Este formulário não veio desta sessão. Confira e envie de novo; nada foi emitido."


@dataclass(frozen=True, slots=True)
class Pagina:
    """What is answered: a page with its status, or the address that the browser goes on to."""

    html: str = ""
    status: int = 200
    destino: str = ""


class EmissaoPainel:
    """The form of one company at a time. `chaves` are those of the sessions, the one in use first."""

    def __init__(self, servicos: Servicos, chaves: Sequence[bytes]) -> None:
        self._servicos = servicos
        self._nota = OperacoesNota(servicos)
        self._chaves = chaves

    async def show(self, empresa: Empresa, sessao: str) -> Pagina:
        """An empty form, with the id of a note that is none yet."""
        return await self._again(empresa, sessao, blank(self._servicos.ids.new()), Retorno())

    async def submit(self, empresa: Empresa, sessao: str, corpo: bytes) -> Pagina:
        """A filled form: with one item more or less, checked, or issued."""
        form = read_form(corpo)
        if form is None:
            return Pagina(destino=f"{RAIZ}/emitir")
        if not self._is_marked(form.marca, sessao):
            return await self._again(empresa, sessao, form, Retorno(_DE_OUTRA_SESSAO), 403)
        if form.acao == "mais":
            return await self._again(empresa, sessao, form.with_item(), Retorno())
        if tirar := _TIRAR.fullmatch(form.acao):
            return await self._again(empresa, sessao, form.without_item(int(tirar[1])), Retorno())
        dados = request_body(form)
        try:
            nota = validate(NotaEntrada, dados)
            if form.acao != "emitir":
                return await self._check(empresa, sessao, form, nota)
            documento = await self._nota.issue(empresa, nota, form.referencia, write_json(dados))
        except FaceErro as erro:
            return await self._refused(empresa, sessao, form, erro)
        except FiscalError as erro:
            descrito = describe(erro, lambda caminho: wire_path(caminho, dados))
            if descrito is None:
                raise
            return await self._refused(empresa, sessao, form, descrito)
        if documento.estado is Estado.REJEITADO:
            return await self._rejected(empresa, sessao, form, documento, dados)
        return Pagina(destino=f"{RAIZ}/documentos/{documento.id}")

    async def _check(self, empresa: Empresa, sessao: str, form: Preenchido, nota: NotaEntrada) -> Pagina:
        montada = await self._servicos.emissor_nfe.calculate(empresa, request_of(nota))
        titulo = f"Tudo certo. Total da nota: {money(montada.valor_total)}. Nada foi emitido ainda."
        return await self._again(empresa, sessao, form, Retorno(titulo))

    async def _refused(self, empresa: Empresa, sessao: str, form: Preenchido, erro: FaceErro) -> Pagina:
        erros = erro.erros or (ErroCampo("", erro.codigo, erro.mensagem, erro.correcao),)
        titulo = (
            "A nota não foi emitida. Corrija:"
            if erro.status < 500
            else "Não se sabe ainda se a nota foi emitida."
        )
        return await self._again(empresa, sessao, form, Retorno(titulo, erros), erro.status)

    async def _rejected(
        self, empresa: Empresa, sessao: str, form: Preenchido, documento: Documento, dados: dict[str, Any]
    ) -> Pagina:
        titulo = f"A SEFAZ recusou a nota: {documento.c_stat} - {reason_of(documento)}"
        return await self._again(empresa, sessao, form, Retorno(titulo, (explain_refusal(documento, dados),)))

    async def _again(
        self, empresa: Empresa, sessao: str, form: Preenchido, retorno: Retorno, status: int = 200
    ) -> Pagina:
        categorias = await run_in_threadpool(self._servicos.categorias.list_all, empresa.id, Modelo.NFE)
        marca = _mark(self._chaves[0], sessao)
        return Pagina(show_form(empresa, categorias, form, marca, retorno), status)

    def _is_marked(self, marca: str, sessao: str) -> bool:
        enviada = marca.encode()
        return any(hmac.compare_digest(_mark(chave, sessao).encode(), enviada) for chave in self._chaves)


def _mark(chave: bytes, sessao: str) -> str:
    """What only a page of ours, made for this very session, can carry."""
    return hmac.new(chave, b"formulario\n" + sessao.encode(), hashlib.sha256).hexdigest()
