"""The bodies that `chancela nfe calcular` reads, each by the words of its face."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from chancela.cli.formato import FormatoNota
from chancela.documents.nfe.montagem import NfeMontada
from chancela.documents.nfe.pedido import PedidoNfe
from chancela.domain.erros import EstadoInvalido, RegraViolada, Violacao
from chancela.domain.identidade import Ambiente, Modelo
from chancela.faces.focus.nfe.calculo import show_calculo, show_violacoes
from chancela.faces.focus.nfe.mapping import read_nota
from chancela.faces.tffiscal.erros import FaceErro, describe
from chancela.faces.tffiscal.nota.caminhos import wire_path
from chancela.faces.tffiscal.nota.mapping import find_warnings, request_of
from chancela.faces.tffiscal.nota.memoria import answer_calculo
from chancela.faces.tffiscal.nota.schemas import NotaEntrada
from chancela.faces.tffiscal.validacao import ignored_fields, validate

Recusa = RegraViolada | EstadoInvalido | FaceErro


@dataclass(frozen=True, slots=True)
class NotaLida:
    """A body read: the request, how its calculation is shown and how its refusals are told."""

    pedido: PedidoNfe
    mostrar: Callable[[NfeMontada], dict[str, Any]]
    recusar: Callable[[Recusa], list[dict[str, str]]]


def read_body(formato: FormatoNota, dados: object) -> NotaLida:
    """Read a body; raises what its face raises."""
    if not isinstance(dados, Mapping):
        raise RegraViolada((Violacao("CAMPO-OBJETO", "", "A nota é um objeto JSON.", "Envie um objeto, entre chaves."),))  # fmt: skip
    corpo = cast("Mapping[str, Any]", dados)
    if formato is FormatoNota.TFFISCAL:
        return _read_tffiscal(corpo)
    return _read_focus(corpo, Modelo.NFE if formato is FormatoNota.FOCUS else Modelo.NFCE)


def tell_refusal(erro: Recusa, caminho: Callable[[str], str] = str) -> list[dict[str, str]]:
    """A refusal as the lines of an answer."""
    descrito = erro if isinstance(erro, FaceErro) else describe(erro, caminho)
    assert descrito is not None, "only refusals of what the caller sent come here"
    return descrito.answer().data["erros"]


def _read_tffiscal(corpo: Mapping[str, Any]) -> NotaLida:
    nota = validate(NotaEntrada, corpo)
    avisos = [*find_warnings(nota), *ignored_fields(nota)]
    return NotaLida(
        request_of(nota),
        lambda montada: answer_calculo(montada, dados=corpo, avisos=avisos).data,
        lambda erro: tell_refusal(erro, lambda caminho: wire_path(caminho, corpo) or caminho),
    )


def _read_focus(corpo: Mapping[str, Any], modelo: Modelo) -> NotaLida:
    """As production would judge it: homologation only changes texts."""
    nota = read_nota(corpo, modelo=modelo, ambiente=Ambiente.PRODUCAO)

    def refuse(erro: Recusa) -> list[dict[str, str]]:
        if isinstance(erro, RegraViolada):
            return show_violacoes(nota.describe(erro).violacoes)
        return tell_refusal(erro)

    return NotaLida(nota.pedido, lambda montada: show_calculo(nota, montada), refuse)
