"""Numbers of a series that no document at SEFAZ accounts for: what they are, and by when they should be inutilised.

A number that is skipped must be inutilised until the tenth day of the following month (Ajuste SINIEF 07/05, cl. 14).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from chancela.documents.inutilizacao.layout import FAIXA_MAXIMA, Faixa
from chancela.domain.identidade import Ambiente, Modelo
from chancela.issuing.empresa import Empresa

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

    def gaps_in_production(self) -> Mapping[int, Sequence[Lacuna]]:
        """The gaps in production of every company (system scope) that has any."""
        ...

    def remind(self, empresa_id: int, lacunas: Sequence[Lacuna], mes: date) -> None:
        """Tell the company's webhooks of its gaps, once in the month of `mes`."""
        ...


@dataclass(frozen=True, slots=True)
class Recorte:
    """Which gaps are meant; None is all."""

    ambiente: Ambiente
    modelo: Modelo | None = None
    serie: int | None = None

    def holds(self, lacuna: Lacuna) -> bool:
        return (
            lacuna.ambiente is self.ambiente
            and self.modelo in (None, lacuna.modelo)
            and self.serie in (None, lacuna.serie)
        )


def ranges_of(empresa: Empresa, lacunas: Iterable[Lacuna], recorte: Recorte) -> list[Faixa]:
    """What to inutilise so that those gaps end: neighbours of one series in one request, each as long as SEFAZ takes (I05)."""
    numeros: dict[tuple[Modelo, int], list[tuple[int, int]]] = {}
    for lacuna in sorted(lacunas, key=lambda lacuna: lacuna.inicio):
        if not recorte.holds(lacuna):
            continue
        corridas = numeros.setdefault((lacuna.modelo, lacuna.serie), [])
        if corridas and lacuna.inicio == corridas[-1][1] + 1:
            corridas[-1] = (corridas[-1][0], lacuna.fim)
        else:
            corridas.append((lacuna.inicio, lacuna.fim))
    return [
        Faixa(
            ambiente=recorte.ambiente,
            emitente=empresa.cnpj,
            uf=empresa.endereco.uf,
            modelo=modelo,
            serie=serie,
            inicio=parte,
            fim=min(fim, parte + FAIXA_MAXIMA - 1),
        )
        for (modelo, serie), corridas in sorted(numeros.items())
        for inicio, fim in corridas
        for parte in range(inicio, fim + 1, FAIXA_MAXIMA)
    ]


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
