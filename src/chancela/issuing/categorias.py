"""A tax category between its stored JSON and the engine's value, without loss in either direction.

The stored form is ours, not a face's: snake_case Portuguese names, decimals as text with the digits that were
registered. Faces turn their own words into `domain.tributos.categoria.Categoria` and hand it here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar, cast

from chancela.domain.identidade import Uf
from chancela.domain.tributos.categoria import (
    Categoria,
    CenarioContribuicao,
    CenarioIbsCbs,
    CenarioIcms,
    CenarioIpi,
    CenarioIs,
)

_T = TypeVar("_T", CenarioIcms, CenarioIpi, CenarioContribuicao, CenarioIbsCbs, CenarioIs)
_LISTAS: Mapping[str, type] = {
    "icms": CenarioIcms,
    "ipi": CenarioIpi,
    "pis": CenarioContribuicao,
    "cofins": CenarioContribuicao,
    "ibs_cbs": CenarioIbsCbs,
    "imposto_seletivo": CenarioIs,
}
_DECIMAIS = frozenset(
    {
        "aliquota",
        "aliquota_importacao",
        "aliquota_credito",
        "aliquota_diferimento",
        "aliquota_diferimento_fcp",
        "aliquota_reducao",
        "aliquota_reducao_st",
    }
)
_DECIMAIS_POR_UF = frozenset(
    {"aliquota_mva", "aliquota_icms", "aliquota_icms_st", "aliquota_fcp", "aliquota_fcp_st"}
)
_TEXTOS_POR_UF = frozenset({"beneficio_fiscal"})


def write_categoria(categoria: Categoria) -> dict[str, Any]:
    """The stored form. The code is not part of it: the row has it."""
    conteudo: dict[str, Any] = {
        lista: [_write_scenario(cenario) for cenario in getattr(categoria, lista)] for lista in _LISTAS
    }
    conteudo["disable_difal"] = categoria.disable_difal
    conteudo["desconta_icms_pis_cofins"] = categoria.desconta_icms_pis_cofins
    return conteudo


def read_categoria(codigo: str, conteudo: Mapping[str, Any]) -> Categoria:
    """The engine's value of a stored category. Names that this version does not know are passed over.

    Equal contents give the very same value, by which the engine knows a category that it has seen (docs/adr/0102).
    """
    return _read(codigo, json.dumps(conteudo, default=str))


@lru_cache(4_096)
def _read(codigo: str, texto: str) -> Categoria:
    conteudo: dict[str, Any] = json.loads(texto)
    return Categoria(
        codigo=codigo,
        icms=_read_list(CenarioIcms, conteudo.get("icms")),
        ipi=_read_list(CenarioIpi, conteudo.get("ipi")),
        pis=_read_list(CenarioContribuicao, conteudo.get("pis")),
        cofins=_read_list(CenarioContribuicao, conteudo.get("cofins")),
        ibs_cbs=_read_list(CenarioIbsCbs, conteudo.get("ibs_cbs")),
        imposto_seletivo=_read_list(CenarioIs, conteudo.get("imposto_seletivo")),
        disable_difal=bool(conteudo.get("disable_difal", False)),
        desconta_icms_pis_cofins=bool(conteudo.get("desconta_icms_pis_cofins", False)),
    )


def _write_scenario(cenario: Any) -> dict[str, Any]:
    escrito: dict[str, Any] = {}
    for campo in fields(cenario):
        valor: Any = getattr(cenario, campo.name)
        if valor is None or valor == "" or valor == {}:
            continue
        if isinstance(valor, Decimal):
            valor = format(valor, "f")
        elif isinstance(valor, Mapping):
            por_uf = cast("Mapping[Uf, Decimal | str]", valor)
            valor = {uf.value: v if isinstance(v, str) else format(v, "f") for uf, v in por_uf.items()}
        escrito[campo.name] = valor
    return escrito


def _read_list(tipo: type[_T], cenarios: Any) -> tuple[_T, ...]:
    if not isinstance(cenarios, Sequence) or isinstance(cenarios, str):
        return ()
    return tuple(_read_scenario(tipo, cenario) for cenario in cast("Sequence[Mapping[str, Any]]", cenarios))


def _read_scenario(tipo: type[_T], escrito: Mapping[str, Any]) -> _T:
    argumentos: dict[str, Any] = {}
    for campo in fields(tipo):
        if campo.name not in escrito:
            continue
        valor = escrito[campo.name]
        if campo.name in _DECIMAIS:
            valor = Decimal(valor)
        elif campo.name in _DECIMAIS_POR_UF:
            valor = {Uf(uf): Decimal(v) for uf, v in valor.items()}
        elif campo.name in _TEXTOS_POR_UF:
            valor = {Uf(uf): str(v) for uf, v in valor.items()}
        argumentos[campo.name] = valor
    return tipo(**argumentos)
