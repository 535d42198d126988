"""What an event is: the request of one, and the description of a kind. No XML in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Ambiente, Cnpj, Cpf, Modelo
from chancela.domain.xml.esquemas import Esquema
from chancela.domain.xml.leiaute import Tabela

ORGAO_AMBIENTE_NACIONAL = "91"


@dataclass(frozen=True, slots=True)
class TipoEvento:
    """One kind of event, as the Portal's table describes it."""

    codigo: str
    """tpEvento."""
    descricao: str
    """descEvento, byte for byte."""
    tabela: Tabela
    """Rows of `detEvento` after descEvento, with its attribute and its constants."""
    esquema: Esquema
    """Its own schema of `detEvento`; the envelope skips what is inside (second step)."""
    sequencia_maxima: int
    modelos: frozenset[Modelo]
    prazos: Mapping[Modelo, timedelta]
    """From the authorisation, per model, as the national rule has it; a UF may accept later (155)."""
    nacional: bool = False
    """Goes to the Ambiente Nacional (cOrgao 91) instead of the UF of the key."""
    do_destinatario: bool = False
    """The author is the recipient, not the issuer of the key."""


@dataclass(frozen=True, slots=True)
class PedidoEvento:
    """One event about to be written. `quando` carries the offset that dhEvento shows, to the second."""

    tipo: TipoEvento
    chave: ChaveAcesso
    ambiente: Ambiente
    autor: Cnpj | Cpf
    quando: datetime
    sequencia: int
    detalhe: Any
    """Of the class that the kind's table is made for."""

    @property
    def orgao(self) -> str:
        """cOrgao: the UF of the key, or the national environment."""
        return ORGAO_AMBIENTE_NACIONAL if self.tipo.nacional else self.chave.uf.codigo

    @property
    def identificador(self) -> str:
        """Id of infEvento: ID, tpEvento, key, sequence with two digits (rule P07-10)."""
        return f"ID{self.tipo.codigo}{self.chave}{self.sequencia:02d}"
