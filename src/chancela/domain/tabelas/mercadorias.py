"""Goods and operations: NCM, CEST and CFOP, and the port that looks them up (`stores.referencia` implements it)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Ncm:
    """One 8-digit code of the NCM (TEC/TIPI). `descricao` is its own line, often just "Outros"."""

    codigo: str
    descricao: str
    descricao_completa: str
    """Texts of position, subpositions and item, then its own, joined by " - "."""
    inicio: date
    fim: date | None
    unidade_tributavel: str
    """uTrib demanded in foreign trade; empty when the table has none."""
    ato_legal: str

    def valid_on(self, quando: date) -> bool:
        return self.inicio <= quando and (self.fim is None or quando <= self.fim)


@dataclass(frozen=True, slots=True)
class Cest:
    """One CEST (Convênio ICMS 142/2018). `ncm_prefixos` are the NCM prefixes that the covenant lists beside it."""

    codigo: str
    descricao: str
    segmento: str
    vigente: bool
    ncm_prefixos: tuple[str, ...]

    def covers(self, ncm: str) -> bool:
        return any(ncm.startswith(prefixo) for prefixo in self.ncm_prefixos)


@dataclass(frozen=True, slots=True)
class Cfop:
    """One CFOP (Ajuste SINIEF 7/2001 and later), with the marks that the authorizers' table carries."""

    codigo: str
    descricao: str
    entrada: bool
    abrangencia: str
    """`interna`, `interestadual` or `exterior`."""
    nfe: bool
    """May stand in an NF-e."""
    devolucao: bool
    retorno: bool
    anulacao: bool
    remessa: bool
    combustivel: bool
    comunicacao: bool
    transporte: bool
    inicio: date
    fim: date | None

    def valid_on(self, quando: date) -> bool:
        return self.inicio <= quando and (self.fim is None or quando <= self.fim)


class Mercadorias(Protocol):
    """Look-ups of goods. With `em` only what is in force on that day is found; without it, whatever ever was."""

    def find_ncm(self, codigo: str, em: date | None = None) -> Ncm | None:
        """An NCM by its 8 digits."""
        ...

    def search_ncm(self, texto: str, *, limite: int = 20) -> Sequence[Ncm]:
        """NCMs whose full text has every word of `texto`, case and accents apart, best first."""
        ...

    def find_cest(self, codigo: str) -> Cest | None:
        """A CEST by its 7 digits."""
        ...

    def cests_of(self, ncm: str) -> Sequence[Cest]:
        """The CESTs in force that list the NCM or a prefix of it."""
        ...

    def find_cfop(self, codigo: str, em: date | None = None) -> Cfop | None:
        """A CFOP of an operation (group headings such as 5100 are not found)."""
        ...
