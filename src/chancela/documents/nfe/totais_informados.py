"""Totals that the caller states: they stand in the document in the place of the computed ones, and the rules judge them."""

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from chancela.domain.tributos.resultado_ibs_cbs import ParIbsCbs
from chancela.domain.tributos.resultado_totais import Totais, TotaisComponente, TotaisIbsCbs, TotaisMonofasia

_ZERO = Decimal("0.00")
_GRUPOS: Mapping[str, Any] = {
    "ibs_cbs": lambda: TotaisIbsCbs(_ZERO),
    "ibs_cbs.uf": TotaisComponente,
    "ibs_cbs.municipio": TotaisComponente,
    "ibs_cbs.cbs": TotaisComponente,
    "ibs_cbs.monofasia": TotaisMonofasia,
    "ibs_cbs.estorno": lambda: ParIbsCbs(_ZERO, _ZERO),
}
"""An empty group, for a total of a group that no item called for (ICMSTot is always there)."""


def override_totais(totais: Totais, informados: Mapping[str, Decimal]) -> Totais:
    """The totals with each informed one (`icms.base_calculo`, `ibs_cbs.uf.valor`) in its place.

    A total of services without any service item has no place (ISSQNtot needs the date of the service) and is left out.
    """
    for caminho, valor in informados.items():
        if not caminho.startswith("issqn.") or totais.issqn is not None:
            totais = _put(totais, caminho.split("."), valor, "")
    return totais


def _put(objeto: Any, passos: list[str], valor: Decimal, base: str) -> Any:
    nome = passos[0]
    assert nome in {campo.name for campo in fields(objeto)}, f"{base}{nome} is a total"
    if len(passos) == 1:
        return replace(objeto, **{nome: valor})
    onde = base + nome
    atual = getattr(objeto, nome)
    if atual is None:
        atual = _GRUPOS[onde]()
    mudado: Any = _put(atual, passos[1:], valor, f"{onde}.")
    objeto = replace(objeto, **{nome: mudado})
    return _whole_ibs_cbs(objeto) if nome in ("uf", "municipio", "cbs") else objeto


def _whole_ibs_cbs(totais: TotaisIbsCbs) -> TotaisIbsCbs:
    """The groups of both states and of the CBS stand together."""
    return replace(
        totais,
        uf=totais.uf or TotaisComponente(),
        municipio=totais.municipio or TotaisComponente(),
        cbs=totais.cbs or TotaisComponente(),
    )
