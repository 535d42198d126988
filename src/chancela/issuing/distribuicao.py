"""Received documents: what is kept of the distribution of a CNPJ, and the port of its store.

The queue of the Ambiente Nacional is per CNPJ, whichever integrator registered the company; who may ask is one owner at a time
per CNPJ root and environment, because SEFAZ counts the questions of a root together.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chancela.documents.recebidos.classificacao import Recebido, TipoRecebido
from chancela.domain.identidade import Ambiente, Cnpj, Uf


@dataclass(frozen=True, slots=True)
class Interessado:
    """Whose documents are asked for. `empresa_id` is the company that lends its certificate."""

    empresa_id: int
    cnpj: Cnpj
    uf: Uf
    ambiente: Ambiente


@dataclass(frozen=True, slots=True)
class EstadoDistribuicao:
    """Where the distribution of a CNPJ stands."""

    ult_nsu: int = 0
    max_nsu: int = 0
    c_stat: int | None = None
    motivo: str = ""
    espera_s: float = 0.0
    """Seconds until SEFAZ may be asked again; 0 when it may be now."""
    sincronizada_em: datetime | None = None
    uf: Uf | None = None
    buracos: int = 0
    """NSUs known to exist that did not come yet."""
    perdidos: int = 0
    """NSUs jumped over that are too many to be asked for one by one."""

    @property
    def pendentes(self) -> int:
        return max(0, self.max_nsu - self.ult_nsu)


@dataclass(frozen=True, slots=True)
class PosseDistribuicao:
    """The right of one owner to ask for a root until `token` is superseded (fencing)."""

    interessado: Interessado
    estado: EstadoDistribuicao
    token: int


@dataclass(frozen=True, slots=True)
class NovoRecebido:
    """One document about to be kept: the gzip as it came, and what it says."""

    id: str
    nsu: int
    esquema: str
    compactado: bytes
    dados: Recebido


@dataclass(frozen=True, slots=True)
class Pagina:
    """What one answer changes, in one transaction: documents, position, holes and the next time to ask."""

    c_stat: int
    motivo: str
    ult_nsu: int
    max_nsu: int
    documentos: tuple[NovoRecebido, ...] = ()
    buracos: tuple[int, ...] = ()
    preenchido: int | None = None
    """A hole that was asked for and is one no more."""
    perdidos: int = 0
    espera_s: float = 0.0
    sincronizada: bool = False
    """SEFAZ answered that nothing is left, or gave documents."""


@dataclass(frozen=True, slots=True)
class Guardados:
    """How many documents of a page were new, by kind, and how many were known or unreadable."""

    por_tipo: Mapping[TipoRecebido, int] = field(default_factory=Counter[TipoRecebido])
    repetidos: int = 0


@dataclass(frozen=True, slots=True)
class DocumentoRecebido:
    """One kept document, without its text."""

    id: str
    ambiente: Ambiente
    cnpj: str
    nsu: int
    esquema: str
    dados: Recebido
    capturado_em: datetime


@dataclass(frozen=True, slots=True)
class FiltroRecebidos:
    """What a list shows; empty means all."""

    tipo: str = ""
    chave: str = ""
    emitente: str = ""
    desde: datetime | None = None
    ate: datetime | None = None


@dataclass(frozen=True, slots=True)
class PaginaRecebidos:
    """One page of a list, newest first, and how many there are in all."""

    documentos: Sequence[DocumentoRecebido]
    total: int


@dataclass(frozen=True, slots=True)
class Acompanhado:
    """A summary whose whole note is still to come."""

    chave: str
    recebido_id: str


class Recebidos(Protocol):
    """The store of received documents. One method, one transaction; a lost ownership raises `ConcessaoPerdida`."""

    def claim(self, quem: Interessado, *, dono: str, prazo_s: float) -> PosseDistribuicao | None:
        """Become the owner of the root for `prazo_s` seconds; None while another one lives."""
        ...

    def keep(
        self, posse: PosseDistribuicao, pagina: Pagina, *, prazo_s: float
    ) -> tuple[PosseDistribuicao, Guardados]:
        """Write one answer whole, and hold the root for `prazo_s` seconds more."""
        ...

    def release(self, posse: PosseDistribuicao) -> None:
        """Give the root back; nothing happens when it was lost already."""
        ...

    def take_single(self, posse: PosseDistribuicao, limite_por_hora: int) -> bool:
        """Count one consNSU or consChNFe about to be made; false when the hour's share is used up."""
        ...

    def holes(self, quem: Interessado, limite: int) -> Sequence[int]:
        """Missing NSUs, oldest first."""
        ...

    def state(self, quem: Interessado) -> EstadoDistribuicao:
        """Where it stands; zeros when it was never asked."""
        ...

    def list_page(
        self, empresa_id: int, filtro: FiltroRecebidos, *, pagina: int, tamanho: int
    ) -> PaginaRecebidos:
        """Documents of the company's CNPJ, newest first."""
        ...

    def get(self, recebido_id: str, empresa_id: int) -> DocumentoRecebido | None:
        """One document."""
        ...

    def xml(self, recebido_id: str, empresa_id: int) -> bytes | None:
        """Its text, verbatim; None when there is none or it cannot be unpacked."""
        ...

    def issued_at(self, chave: str, empresa_id: int) -> datetime | None:
        """When a received note was issued, as its summary or itself says; None when neither came."""
        ...

    def to_acknowledge(self, quem: Interessado, *, prazo_d: int, limite: int) -> Sequence[Acompanhado]:
        """Authorised summaries of the last `prazo_d` days that nobody manifested and whose note did not come."""
        ...

    def to_follow(self, quem: Interessado, limite: int) -> Sequence[Acompanhado]:
        """Manifested summaries whose note did not come by itself, and that may be asked for by key now."""
        ...

    def postpone(self, quem: Interessado, recebido_id: str, espera_s: float | None) -> None:
        """Ask for that note again after `espera_s` seconds; None: never."""
        ...

    def due(self, limite: int) -> Sequence[int]:
        """Companies (system scope) with a certificate whose distribution is due, longest overdue first."""
        ...
