"""Numbers of a series that no document at SEFAZ accounts for: what they are, and by when they should be inutilised.

A number that is skipped must be inutilised until the tenth day of the following month (Ajuste SINIEF 07/05, cl. 14).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from chancela.domain.identidade import Ambiente, Modelo

DIA_LIMITE = 10


class TipoLacuna(StrEnum):
    """Why SEFAZ has nothing under a number."""

    SEM_DOCUMENTO = "sem_documento"
    """It was given once and taken back, or skipped; unless it is inutilised, the series gives it again."""
    REJEITADO = "rejeitado"
    """Its document was refused; the same reference may still issue on it."""


@dataclass(frozen=True, slots=True)
class Lacuna:
    """A run of consecutive numbers of one series, both ends in it."""

    ambiente: Ambiente
    modelo: Modelo
    serie: int
    inicio: int
    fim: int
    tipo: TipoLacuna

    @property
    def quantidade(self) -> int:
        return self.fim - self.inicio + 1


class Numeracoes(Protocol):
    """The store's side. Blocking."""

    def find_gaps(self, empresa_id: int) -> Sequence[Lacuna]:
        """Every gap of a company between the first and the last number of each of its series."""
        ...

    def companies_with_gaps(self) -> Sequence[int]:
        """Companies (system scope) that have gaps in production."""
        ...


def join_runs(numeros: Sequence[int]) -> list[tuple[int, int]]:
    """Consecutive numbers, in order, as runs with both ends in them."""
    corridas: list[tuple[int, int]] = []
    for numero in numeros:
        if corridas and numero == corridas[-1][1] + 1:
            corridas[-1] = (corridas[-1][0], numero)
        else:
            corridas.append((numero, numero))
    return corridas


def reminder_due(hoje: date) -> bool:
    """Whether the month's reminder belongs to this day: up to the legal limit, the previous month can still be settled."""
    return hoje.day <= DIA_LIMITE
