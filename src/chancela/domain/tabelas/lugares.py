"""Places: municipalities, CEPs and countries, and the port that looks them up (`stores.referencia` implements it)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from chancela.domain.identidade import Uf

MUNICIPIO_EXTERIOR = "9999999"
NOME_EXTERIOR = "EXTERIOR"
PAIS_BRASIL = "1058"


@dataclass(frozen=True, slots=True)
class Municipio:
    """A municipality of the IBGE table. `fuso_horario` is a name of the tz database."""

    codigo: str
    nome: str
    uf: Uf
    fuso_horario: str


class PrecisaoCep(StrEnum):
    """How far a CEP could be followed."""

    LOGRADOURO = "logradouro"
    MUNICIPIO = "municipio"
    UF = "uf"


@dataclass(frozen=True, slots=True)
class LugarCep:
    """What a CEP says. With precision UF the municipality is unknown (None)."""

    cep: str
    uf: Uf
    precisao: PrecisaoCep
    municipio: Municipio | None = None
    logradouro: str = ""
    bairro: str = ""
    ddd: str = ""


@dataclass(frozen=True, slots=True)
class Pais:
    """A country of the BACEN table."""

    codigo: str
    nome: str


class Lugares(Protocol):
    """Look-ups of places; every one answers None for what it does not know."""

    def find_cep(self, cep: str) -> LugarCep | None:
        """The place of a CEP of 8 digits."""
        ...

    def find_municipio(self, codigo: str) -> Municipio | None:
        """A municipality by IBGE code (its check digit is never verified: nine valid codes fail it)."""
        ...

    def search_municipio(self, nome: str, uf: Uf) -> Municipio | None:
        """A municipality by name, without regard to case, accents and punctuation, within a state."""
        ...

    def find_pais(self, codigo: str, em: date | None = None) -> Pais | None:
        """A country by BACEN code, leading zeros optional."""
        ...
