"""Taxes of a return: those of the original item, in proportion to what comes back (section 11).

The last return takes what is left of each amount, so that all returns together give the original back to the cent.
"""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from chancela.domain.tributos.entrada import TributosInformados
from chancela.domain.tributos.numeros import CENTESIMO, DECIMO_MILESIMO
from chancela.domain.tributos.resultado import TributosItem

_PROPORCIONAIS = ("base", "valor", "desconto", "despesas", "credito")
_UNITARIOS = frozenset({"valor_unidade"})
_GRUPOS = (
    "icms", "ipi", "ii", "issqn", "pis", "pis_st", "cofins", "cofins_st", "icms_uf_destino", "imposto_seletivo",
    "ibs_cbs", "ipi_devolvido", "valor_aproximado_tributos",
)  # fmt: skip


def _scale(nome: str, original: Any, anteriores: Sequence[Any], fator: Decimal, *, ultima: bool) -> Any:
    if isinstance(original, Decimal):
        quantidade = nome.startswith("quantidade")
        if nome in _UNITARIOS or not (quantidade or nome.startswith(_PROPORCIONAIS)):
            return original
        if ultima:
            return max(
                original - sum((a for a in anteriores if isinstance(a, Decimal)), Decimal(0)), original * 0
            )
        return (original * fator).quantize(DECIMO_MILESIMO if quantidade else CENTESIMO, ROUND_HALF_UP)
    if not is_dataclass(original) or isinstance(original, type):
        return original
    trocas: dict[str, Any] = {}
    for campo in fields(original):
        partes = [getattr(a, campo.name, None) for a in anteriores]
        trocas[campo.name] = _scale(campo.name, getattr(original, campo.name), partes, fator, ultima=ultima)
    return replace(original, **trocas)


def scale_tributos(
    original: TributosItem,
    *,
    cfop: str,
    devolvida: Decimal,
    quantidade_original: Decimal,
    anteriores: Sequence[TributosInformados | TributosItem] = (),
    ultima: bool = False,
) -> TributosInformados:
    """The groups of a return of `devolvida` out of `quantidade_original` units (both positive), under a new CFOP.

    `anteriores` are the groups of earlier returns of the item; `ultima` says that nothing is left to return.
    """
    fator = devolvida / quantidade_original
    grupos: dict[str, Any] = {}
    for nome in _GRUPOS:
        partes = [getattr(a, nome) for a in anteriores]
        grupos[nome] = _scale(nome, getattr(original, nome), partes, fator, ultima=ultima)
    return TributosInformados(cfop=cfop, codigo_beneficio=original.codigo_beneficio, **grupos)
