"""What an event is: the request of one, and the description of a kind. No XML in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, IntEnum
from typing import Any

from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Ambiente, Cnpj, Cpf, Modelo, Uf
from chancela.domain.xml.esquemas import Esquema
from chancela.domain.xml.leiaute import Tabela


class Orgao(Enum):
    """Who registers an event (cOrgao); the value is the fixed code, or nothing for the UF of the key."""

    UF = ""
    NACIONAL = "91"
    """Ambiente Nacional (AN)."""
    SVRS = "92"
    """SVRS as national organ of some events."""

    def codigo_para(self, uf: Uf) -> str:
        """cOrgao of an event about a document of `uf`."""
        return self.value or uf.codigo


class TipoAutor(IntEnum):
    """tpAutor: in which part somebody signs an event."""

    EMITENTE = 1
    DESTINATARIO = 2
    TRANSPORTADOR = 3


@dataclass(frozen=True, slots=True)
class TipoEvento:
    """One kind of event, as the Portal's table describes it."""

    codigo: str
    """tpEvento."""
    descricao: str
    """descEvento, byte for byte."""
    tabela: Tabela
    """Rows of `detEvento`; its class says which facts the event carries."""
    esquema: Esquema
    """Its own schema of `detEvento`; the envelope skips what is inside (second step)."""
    sequencia_maxima: int
    modelos: frozenset[Modelo]
    prazos: Mapping[Modelo, timedelta] = field(default_factory=dict[Modelo, timedelta])
    """From the authorisation, per model, as the national rule has it; a UF may accept later (155)."""
    orgao: Orgao = Orgao.UF
    orgao_nfce: Orgao | None = None
    """Where an NFC-e's event goes when it is not where an NF-e's goes."""
    autores: frozenset[TipoAutor] = frozenset({TipoAutor.EMITENTE})
    """Who may sign it."""
    desfaz: str = ""
    """tpEvento of the kind that this one takes back."""

    def orgao_de(self, modelo: Modelo) -> Orgao:
        """Who registers this kind about a document of `modelo`."""
        return self.orgao_nfce if modelo is Modelo.NFCE and self.orgao_nfce is not None else self.orgao


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
        """cOrgao: the UF of the key, or the national organ of the kind."""
        return self.tipo.orgao_de(Modelo(self.chave.modelo)).codigo_para(self.chave.uf)

    @property
    def identificador(self) -> str:
        """Id of infEvento: ID, tpEvento, key, sequence with two digits (rule P07-10)."""
        return f"ID{self.tipo.codigo}{self.chave}{self.sequencia:02d}"
