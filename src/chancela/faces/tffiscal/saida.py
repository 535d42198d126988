"""What answers are made of: the shapes that all of them share.

An answer is a dictionary of a declared shape, in the `saidas.py` of its feature: the type checker compares it where it is
built, and the OpenAPI document is written from the same declaration (ADR 0120). A key that may be missing is `NotRequired`.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, NotRequired

from pydantic import WithJsonSchema
from typing_extensions import TypedDict

from chancela.faces.tffiscal.erros import ErroCampo

Valor = Annotated[Decimal | int, WithJsonSchema({"type": "number"})]
"""A decimal, written with the digits that it has."""
Objeto = Annotated[dict[str, Any], WithJsonSchema({"type": "object"})]
"""An object whose keys are not ours to name: tags of an official layout."""


class ErroSaida(TypedDict):
    """Um campo recusado, ou um aviso sobre ele; `campo` é o caminho no JSON de quem chamou."""

    campo: str
    codigo: str
    mensagem: str
    correcao: str
    valor: str
    rotulo: str


class AvisosSaida(TypedDict):
    """O que foi feito mesmo assim, e merece atenção."""

    avisos: NotRequired[list[ErroSaida]]


class LinkSaida(TypedDict):
    """Um arquivo, por link assinado."""

    url: str


def show_errors(erros: Sequence[ErroCampo]) -> list[ErroSaida]:
    """`erros` or `avisos` of an answer."""
    return [
        ErroSaida(
            campo=erro.campo, codigo=erro.codigo, mensagem=erro.mensagem, correcao=erro.correcao,
            valor=erro.valor, rotulo=erro.rotulo,
        )
        for erro in erros
    ]  # fmt: skip


def with_warnings(erros: Sequence[ErroCampo]) -> AvisosSaida:
    """`avisos` when there are any."""
    return AvisosSaida(avisos=show_errors(erros)) if erros else AvisosSaida()
