"""A report out of the sums: how many, how much, which page, grouped by month, week or day. Pure but for what it is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from chancela.issuing.modelo import Estado
from chancela.stores.relatorios import TotalDia


class Agrupamento(StrEnum):
    """What a line of the summary stands for."""

    MES = "month"
    SEMANA = "week"
    """ISO 8601: Monday to Sunday, the week of its Thursday's year."""
    DIA = "day"


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


def summarize(totais: Sequence[TotalDia]) -> Resumo:
    """All of them together."""
    autorizados = [total for total in totais if total.estado is Estado.AUTORIZADO]
    return Resumo(
        quantidade=sum(total.quantidade for total in totais),
        valor=sum((total.valor for total in autorizados), Decimal(0)),
        tributos=sum((total.tributos for total in autorizados), Decimal(0)),
        autorizados=_count(totais, Estado.AUTORIZADO),
        cancelados=_count(totais, Estado.CANCELADO),
        denegados=_count(totais, Estado.DENEGADO),
    )


def group(totais: Sequence[TotalDia], agrupamento: Agrupamento) -> dict[str, Resumo]:
    """By period, in order; a period without documents is absent."""
    por_periodo: dict[str, list[TotalDia]] = {}
    for total in totais:
        por_periodo.setdefault(period_of(total.dia, agrupamento), []).append(total)
    return {periodo: summarize(partes) for periodo, partes in por_periodo.items()}


def period_of(dia: date, agrupamento: Agrupamento) -> str:
    """`2024-01`, `2024-W03` or `2024-01-15`."""
    if agrupamento is Agrupamento.MES:
        return f"{dia:%Y-%m}"
    if agrupamento is Agrupamento.DIA:
        return dia.isoformat()
    ano, semana, _ = dia.isocalendar()
    return f"{ano}-W{semana:02d}"


def _count(totais: Sequence[TotalDia], estado: Estado) -> int:
    return sum(total.quantidade for total in totais if total.estado is estado)
