"""Checks of the numbers before any arithmetic: finite, of the right sign, within the official sizes."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, cast

from chancela.domain.tributos import escolhas
from chancela.domain.tributos.calculo import Calculo, Linha
from chancela.domain.tributos.categoria import Categoria
from chancela.domain.tributos.entrada import Operacao
from chancela.domain.tributos.numeros import (
    CEM,
    LIMITE_QUANTIDADE,
    LIMITE_TAXA,
    LIMITE_UNITARIO,
    LIMITE_VALOR,
    ZERO,
)

_PERCENTUAIS = ("percentual", "redutor", "aliquota_reducao", "aliquota_diferimento")
_DO_DOCUMENTO = (
    "desconto", "frete", "seguro", "outras_despesas", "compra_gov", "frete_retido", "retencao",
)  # fmt: skip
_MEDIDAS = ("valor_total", "quantidade", "valor_unitario", "quantidade_tributavel")
_RAROS = (
    "desconto", "frete", "seguro", "outras_despesas", "percentual_reducao_destino", "pauta", "pauta_st", "icms_retido", "icms_efetivo", "combustivel", "partilha", "valor_st_desonerado", "ipi",
    "ipi_devolvido", "pis_quantidade", "cofins_quantidade", "pis_st", "cofins_st", "importacao", "servico",
    "imposto_seletivo", "ibs_cbs", "carga_tributaria", "informado",
)  # fmt: skip
"""What most items have not, or have as zero."""
_do_documento_of, _medidas_of, _raros_of = (
    attrgetter(*_DO_DOCUMENTO),
    attrgetter(*_MEDIDAS),
    attrgetter(*_RAROS),
)


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


def _holds(valor: Any, limite: Decimal) -> bool:
    """Whether every number inside a value is finite, not negative and within its size. Absent and zero always are."""
    tipo = type(valor)
    if tipo is Decimal:
        return valor.is_finite() and ZERO <= valor <= limite
    if campos := _fields(tipo):
        for campo, do_campo in campos:
            parte = getattr(valor, campo)
            if parte and not _holds(parte, do_campo):
                return False
    elif tipo is tuple:
        return all(_holds(parte, limite) for parte in valor)
    elif isinstance(valor, Mapping):
        return all(_holds(parte, limite) for parte in cast("Mapping[Any, Any]", valor).values())
    return True


@cache
def _fields(classe: type[Any]) -> tuple[tuple[str, Decimal], ...]:
    """The fields of a class of ours that may hold numbers, each with its limit; none for any other class."""
    if not is_dataclass(classe):
        return ()
    return tuple((c.name, _limit(c.name)) for c in fields(classe) if c.type not in _SEM_NUMERO)


_SEM_NUMERO = frozenset({str, bool, "str", "bool", "str | None", str | None})


def _walk(valor: Any, caminho: str, nome: str) -> Iterator[tuple[str, str, Decimal]]:
    """Every number inside a value, with its path and the name that says what it is."""
    if isinstance(valor, Decimal):
        yield caminho, nome, valor
    elif campos := _fields(type(valor)):
        for campo, _limite in campos:
            parte = getattr(valor, campo)
            if parte:
                yield from _walk(parte, f"{caminho}.{campo}" if caminho else campo, campo)
    elif isinstance(valor, tuple):
        for posicao, parte in enumerate(cast("tuple[Any, ...]", valor)):
            yield from _walk(parte, f"{caminho}[{posicao}]", nome)
    elif isinstance(valor, Mapping):
        for chave, parte in cast("Mapping[Any, Any]", valor).items():
            yield from _walk(parte, f"{caminho}[{chave}]", nome)


def _good(c: Calculo, linha: Linha | None, valor: Any, caminho: str, nome: str) -> bool:
    """Whether the numbers of a value are good; the paths are only looked for when they are not."""
    if not valor or _holds(valor, _limit(nome)):
        return True
    for onde, folha, numero in _walk(valor, caminho, nome):
        _judge(c, linha, onde, folha, numero)
    return False


def _judge(c: Calculo, linha: Linha | None, caminho: str, nome: str, valor: Decimal) -> None:
    limite = _limit(nome)
    if valor.is_finite() and 0 <= valor <= limite:
        return
    if not valor.is_finite() or abs(valor) > limite:
        mensagem, correcao = "número fora do tamanho do campo", f"Informe um número entre 0 e {limite}."
    else:
        mensagem, correcao = "número negativo", "Informe um número maior ou igual a zero."
    c.refuse("TRIB-NUM-01", linha, caminho, mensagem, correcao, rotulo=nome.replace("_", " "), valor=valor)


def check_operacao(c: Calculo, o: Operacao) -> bool:
    """Whether the amounts and settings of the document can be computed with."""
    aliquotas = o.configuracao.aliquotas_ibs_cbs
    if aliquotas is None and not any(_do_documento_of(o)):
        return True
    boas = [_good(c, None, getattr(o, nome), nome, nome) for nome in _DO_DOCUMENTO]
    return _good(c, None, aliquotas, "configuracao.aliquotas_ibs_cbs", "aliquota") and all(boas)


def check_item(c: Calculo, linha: Linha) -> bool:
    """Whether the numbers of an item can be computed with."""
    item = linha.item
    if not any(_raros_of(item)):
        for valor, limite in zip(_medidas_of(item), _limites_das_medidas(), strict=True):
            if valor is not None and not (valor.is_finite() and ZERO <= valor <= limite):
                break
        else:
            return True
    bom = True
    for nome in (*_MEDIDAS, *_RAROS):
        valor = getattr(item, nome)
        if valor and not _good(c, linha, valor, nome, nome):
            bom = False
    return bom


@cache
def _limites_das_medidas() -> tuple[Decimal, ...]:
    return tuple(_limit(nome) for nome in _MEDIDAS)


def check_categoria(c: Calculo, linha: Linha, categoria: Categoria) -> bool:
    """Whether the rates of a category can be computed with."""
    if escolhas.is_checked(categoria):
        return True
    boa = _good(c, linha, categoria, "categoria", "categoria")
    if boa:
        escolhas.note_checked(categoria)
    return boa
