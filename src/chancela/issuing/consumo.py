"""Plans and consumption: how many requests an integrator may make in a day, and what its companies issued in a month.

The day and the month are those of Brasília, as everything that people read. Credits are not a counter that could drift:
they are the documents that SEFAZ authorised and the letters of correction that it registered, counted where they lie.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from chancela.issuing.empresa import Integrador

FUSO = ZoneInfo("America/Sao_Paulo")
PLANOS: Mapping[str, int | None] = {
    "gratuito": 100,
    "basico": 1_000,
    "profissional": 10_000,
    "ilimitado": None,
}
"""Requests per day; None: as many as come."""


@dataclass(frozen=True, slots=True)
class Uso:
    """A request counted: the how manyth of the day it was, of how many, and when the count starts again."""

    chamadas: int
    limite: int
    zera_em: datetime

    @property
    def excedido(self) -> bool:
        return self.chamadas > self.limite

    @property
    def restantes(self) -> int:
        return max(0, self.limite - self.chamadas)


@dataclass(frozen=True, slots=True)
class CreditosEmpresa:
    """What a company spent in a month: one credit per authorised document and per registered letter of correction."""

    empresa_id: int
    razao_social: str
    documentos: int
    cartas: int

    @property
    def creditos(self) -> int:
        return self.documentos + self.cartas


class Consumo(Protocol):
    """Blocking: called in a thread."""

    def count(self, integrador_id: int, agora: datetime) -> int:
        """Count one more request of the day; the number that it was."""
        ...

    def credits(self, integrador_id: int, inicio: datetime, fim: datetime) -> Sequence[CreditosEmpresa]:
        """What each company of an integrator spent between two instants, the second excluded."""
        ...


def limit_of(integrador: Integrador) -> int | None:
    """Requests per day of an integrator's plan. A plan of another name has no limit."""
    return PLANOS.get(integrador.plano)


def next_day(agora: datetime) -> datetime:
    """When the count starts again."""
    local = agora.astimezone(FUSO)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def month_of(ano: int, mes: int) -> tuple[datetime, datetime]:
    """Beginning of a month and of the next one."""
    inicio = datetime(ano, mes, 1, tzinfo=FUSO)
    return inicio, datetime(ano + mes // 12, mes % 12 + 1, 1, tzinfo=FUSO)
