"""Checks of the numbers before any arithmetic: finite, of the right sign, within the official sizes."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from typing import Any, cast

from chancela.domain.tributos.calculo import Calculo, Linha
from chancela.domain.tributos.categoria import Categoria
from chancela.domain.tributos.entrada import Operacao
from chancela.domain.tributos.numeros import (
    CEM,
    LIMITE_QUANTIDADE,
    LIMITE_TAXA,
    LIMITE_UNITARIO,
    LIMITE_VALOR,
)

_PERCENTUAIS = ("percentual", "redutor", "aliquota_reducao", "aliquota_diferimento")
_SO_DO_ITEM = (
    "pauta", "pauta_st", "icms_retido", "icms_efetivo", "combustivel", "partilha", "valor_st_desonerado", "ipi",
    "ipi_devolvido", "pis_quantidade", "cofins_quantidade", "pis_st", "cofins_st", "importacao", "servico",
    "imposto_seletivo", "ibs_cbs", "carga_tributaria", "informado",
)  # fmt: skip


@cache
def _limit(nome: str) -> Decimal:
    if nome.startswith(_PERCENTUAIS) and nome != "percentual_mva_st":
        return CEM
    if nome.startswith(("aliquota", "percentual_mva", "federal", "estadual", "municipal")) or nome in (
        "uf",
        "municipio",
        "cbs",
    ):
        return LIMITE_TAXA
    if nome.startswith("quantidade") or nome.endswith("_quantidade"):
        return LIMITE_QUANTIDADE
    if nome.startswith(("valor_uni", "preco")):
        return LIMITE_UNITARIO
    return LIMITE_VALOR


def _walk(valor: Any, caminho: str, nome: str) -> Iterator[tuple[str, str, Decimal]]:
    """Every number inside a value, with its path and the name that says what it is."""
    if isinstance(valor, Decimal):
        yield caminho, nome, valor
    elif campos := _fields(type(valor)):
        for campo in campos:
            parte = getattr(valor, campo)
            if parte is not None and type(parte) is not str and parte != ():
                yield from _walk(parte, f"{caminho}.{campo}" if caminho else campo, campo)
    elif isinstance(valor, tuple):
        for posicao, parte in enumerate(cast("tuple[Any, ...]", valor)):
            yield from _walk(parte, f"{caminho}[{posicao}]", nome)
    elif isinstance(valor, Mapping):
        for chave, parte in cast("Mapping[Any, Any]", valor).items():
            yield from _walk(parte, f"{caminho}[{chave}]", nome)


@cache
def _fields(classe: type[Any]) -> tuple[str, ...]:
    return tuple(campo.name for campo in fields(classe)) if is_dataclass(classe) else ()


def _bad(c: Calculo, linha: Linha | None, caminho: str, nome: str, valor: Decimal) -> bool:
    limite = _limit(nome)
    if valor.is_finite() and 0 <= valor <= limite:
        return False
    if not valor.is_finite() or abs(valor) > limite:
        mensagem, correcao = "número fora do tamanho do campo", f"Informe um número entre 0 e {limite}."
    else:
        mensagem, correcao = "número negativo", "Informe um número maior ou igual a zero."
    c.refuse("TRIB-NUM-01", linha, caminho, mensagem, correcao, rotulo=nome.replace("_", " "), valor=valor)
    return True


def check_operacao(c: Calculo, o: Operacao) -> bool:
    """Whether the amounts and settings of the document can be computed with."""
    ruim = False
    for nome in ("desconto", "frete", "seguro", "outras_despesas"):
        ruim |= _bad(c, None, nome, nome, getattr(o, nome))
    for nome in ("compra_gov", "frete_retido", "retencao"):
        for caminho, folha, valor in _walk(getattr(o, nome), nome, nome):
            ruim |= _bad(c, None, caminho, folha, valor)
    for caminho, folha, valor in _walk(
        o.configuracao.aliquotas_ibs_cbs, "configuracao.aliquotas_ibs_cbs", "aliquota"
    ):
        ruim |= _bad(c, None, caminho, folha, valor)
    return not ruim


def check_item(c: Calculo, linha: Linha) -> bool:
    """Whether the numbers of an item can be computed with."""
    item = linha.item
    ruim = _bad(c, linha, "valor_total", "valor_total", item.valor_total)
    ruim |= _bad(c, linha, "quantidade", "quantidade", item.quantidade)
    ruim |= _bad(c, linha, "valor_unitario", "valor_unitario", item.valor_unitario)
    if item.quantidade_tributavel is not None:
        ruim |= _bad(c, linha, "quantidade_tributavel", "quantidade_tributavel", item.quantidade_tributavel)
    for nome in ("desconto", "frete", "seguro", "outras_despesas", "percentual_reducao_destino"):
        ruim |= _bad(c, linha, nome, nome, getattr(item, nome))
    for nome in _SO_DO_ITEM:
        extensao = getattr(item, nome)
        if extensao is not None:
            for caminho, folha, valor in _walk(extensao, nome, nome):
                ruim |= _bad(c, linha, caminho, folha, valor)
    return not ruim


def check_categoria(c: Calculo, linha: Linha, categoria: Categoria) -> bool:
    """Whether the rates of a category can be computed with."""
    ruim = False
    for caminho, folha, valor in _walk(categoria, "categoria", "categoria"):
        ruim |= _bad(c, linha, caminho, folha, valor)
    return not ruim
