"""Any event of the registry out of plain JSON: what the company knows already is filled in, the rest is asked for by name."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, cast

from chancela.documents.comum.estruturas import read_estrutura
from chancela.documents.eventos.cancelamento_substituicao import SUBSTITUICAO
from chancela.documents.eventos.entrega import hash_of_image
from chancela.documents.eventos.epec import EPEC
from chancela.documents.eventos.modelo import TipoAutor, TipoEvento
from chancela.documents.eventos.registro import EVENTOS
from chancela.domain.chave import ChaveAcesso
from chancela.domain.erros import RegraViolada, Violacao
from chancela.domain.identidade import Modelo
from chancela.issuing.empresa import Empresa
from chancela.issuing.modelo import Documento
from chancela.issuing.solicitacao import EstadoSolicitacao, Solicitacao

_DA_CONTINGENCIA = frozenset({EPEC.codigo, SUBSTITUICAO.codigo})
"""Kinds that contingency sends by itself, with facts that only it has."""


def kind_of(codigo: str) -> TipoEvento:
    """The kind of a tpEvento that a person may send. Raises `RegraViolada`."""
    tipo = EVENTOS.get(codigo)
    aceitos = ", ".join(c for c in EVENTOS if c not in _DA_CONTINGENCIA)
    if tipo is None or codigo in _DA_CONTINGENCIA:
        mensagem = "Este evento é enviado pela contingência." if tipo else "Este evento não existe."
        raise _refuse("EVENTO-TIPO", "tipo", mensagem, f"Use um destes: {aceitos}.", codigo)
    return tipo


def check_author(tipo: TipoEvento, empresa: Empresa, chave: ChaveAcesso) -> TipoAutor:
    """In which part the company may sign this kind about this key. Raises `RegraViolada`."""
    emitente = chave.emitente == str(empresa.cnpj)
    if emitente and TipoAutor.EMITENTE in tipo.autores:
        return TipoAutor.EMITENTE
    if not emitente and tipo.autores - {TipoAutor.EMITENTE}:
        return TipoAutor.DESTINATARIO
    quem = "o emitente da nota" if TipoAutor.EMITENTE in tipo.autores else "o destinatário da nota"
    raise _refuse(
        "EVENTO-AUTOR", "chave", f"Só {quem} assina {tipo.descricao}.", "Confira a chave e a empresa.", chave.texto
    )  # fmt: skip


def deadline_of(tipo: TipoEvento, chave: ChaveAcesso, autorizado_em: datetime | None) -> datetime | None:
    """Until when the national rule takes the event; None when it has no deadline or nothing is known to count from."""
    prazo = tipo.prazos.get(Modelo(chave.modelo))
    return None if prazo is None or autorizado_em is None else autorizado_em + prazo


def compose_detalhe(
    tipo: TipoEvento,
    empresa: Empresa,
    chave: ChaveAcesso,
    dados: Mapping[str, Any],
    *,
    autor: TipoAutor,
    documento: Documento | None,
    anteriores: Sequence[Solicitacao],
    imagem: bytes | None = None,
) -> Any:
    """The detail of the kind. Raises `RegraViolada` with every field that is missing, unknown or does not fit."""
    classe = cast("type[Any]", tipo.tabela.classe)
    conhecidos: dict[str, Any] = {
        "uf_autor": empresa.endereco.uf.value,
        "tipo_autor": str(autor.value),
        "protocolo": None if documento is None or documento.protocolo is None else documento.protocolo.numero,
        "hash_imagem": None if imagem is None else hash_of_image(chave, imagem),
        **_undone(tipo, chave, anteriores),
    }
    proprios = {campo.name for campo in fields(classe)}
    completos = {nome: valor for nome, valor in conhecidos.items() if nome in proprios and valor is not None}
    return read_estrutura(classe, {**completos, **dados})


def _undone(tipo: TipoEvento, chave: ChaveAcesso, anteriores: Sequence[Solicitacao]) -> dict[str, Any]:
    """What names the event that this kind takes back: the last registered one."""
    ultimo = next(
        (s for s in anteriores if s.tipo == tipo.desfaz and s.estado is EstadoSolicitacao.REGISTRADA), None
    )
    if ultimo is None:
        return {}
    return {
        "protocolo_evento": ultimo.protocolo,
        "pedido": f"ID{ultimo.tipo}{chave}{ultimo.sequencia or 1:02d}",
    }


def _refuse(codigo: str, caminho: str, mensagem: str, correcao: str, valor: str) -> RegraViolada:
    return RegraViolada((Violacao(codigo, caminho, mensagem, correcao, valor=valor),))
