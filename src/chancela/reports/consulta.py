"""A report out of the sums: how many, how much, which page, grouped by month, week or day. Pure but for what it is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chancela.issuing.modelo import Estado
from chancela.stores.relatorios import Passo, Total


@dataclass(frozen=True, slots=True)
class Resumo:
    """Sums of a period."""

    quantidade: int
    valor: Decimal
    """Of authorised documents: what was cancelled or denied is no sale."""
    tributos: Decimal
    autorizados: int
    cancelados: int
    denegados: int


def summarize(totais: Sequence[Total]) -> Resumo:
    """All of them together."""
    contados = dict.fromkeys(Estado, 0)
    valor = tributos = Decimal(0)
    for total in totais:
        contados[total.estado] += total.quantidade
        if total.estado is Estado.AUTORIZADO:
            valor += total.valor
            tributos += total.tributos
    return Resumo(
        quantidade=sum(contados.values()),
        valor=valor,
        tributos=tributos,
        autorizados=contados[Estado.AUTORIZADO],
        cancelados=contados[Estado.CANCELADO],
        denegados=contados[Estado.DENEGADO],
    )


def group(totais: Sequence[Total], passo: Passo) -> dict[str, Resumo]:
    """Sums of such steps by the name of each, in order; one without documents is absent."""
    por_periodo: dict[str, list[Total]] = {}
    for total in totais:
        por_periodo.setdefault(name_of(total.inicio, passo), []).append(total)
    return {periodo: summarize(partes) for periodo, partes in por_periodo.items()}


def name_of(inicio: date, passo: Passo) -> str:
    """`2024`, `2024-01`, `2024-W03` (ISO 8601: a week belongs to the year of its Thursday) or `2024-01-15`."""
    if passo is Passo.SEMANA:
        ano, semana, _ = inicio.isocalendar()
        return f"{ano}-W{semana:02d}"
    return inicio.isoformat()[: _LETRAS[passo]]


_LETRAS = {Passo.ANO: 4, Passo.MES: 7, Passo.DIA: 10}
