"""Signed requests to SEFAZ about documents that exist (events) and numbers that never will (inutilização): values and port."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Ambiente, Cnpj, Modelo, Uf
from chancela.issuing.modelo import Documento, Estado, Marco, TentativaEncerrada

INUTILIZACAO = "inutilizacao"
"""`tipo` of a range; an event has its tpEvento."""
CANCELAMENTOS = frozenset({"110111", "110112"})
"""The events after which a document takes no other."""
REGISTRADOS = frozenset({135, 136, 155})
"""What SEFAZ says of an event that it holds."""


class EstadoSolicitacao(StrEnum):
    """What became of the signed bytes."""

    ASSINADA = "ASSINADA"
    """Stored; to be sent, or sent again with identical bytes."""
    INCERTA = "INCERTA"
    """Sent, and no usable answer came, or SEFAZ says that it has one already: asked before anything else."""
    REGISTRADA = "REGISTRADA"
    REJEITADA = "REJEITADA"

    @property
    def viva(self) -> bool:
        """Whether a worker still has something to do with it."""
        return self in (EstadoSolicitacao.ASSINADA, EstadoSolicitacao.INCERTA)


@dataclass(frozen=True, slots=True)
class Solicitacao:
    """One stored request. Of an event: `chave`, `sequencia`, `documento_id` if it is ours; of a range: `serie`, `inicio`, `fim`."""

    id: str
    empresa_id: int
    tipo: str
    ambiente: Ambiente
    emitente: str
    uf: Uf
    modelo: Modelo
    texto: str
    """Justification, or the text of a correction."""
    estado: EstadoSolicitacao
    xml_assinado: bytes
    digest_value: str
    criada_em: datetime
    documento_id: str | None = None
    chave: str | None = None
    sequencia: int | None = None
    serie: int | None = None
    inicio: int | None = None
    fim: int | None = None
    c_stat: int | None = None
    motivo: str = ""
    protocolo: str | None = None
    registrado_em: datetime | None = None
    tentativas: int = 0
    tentativa_aberta: bool = False
    """A send has no outcome: the process died in between and the bytes may have reached SEFAZ."""
    pedido_id: str = ""
    """Of the call that asked for it (`kit.requisicao`)."""

    @property
    def tp_emis(self) -> int:
        """Of the document that it is about; a range is always the home authorizer's."""
        return 1 if self.chave is None else int(self.chave[34])

    @property
    def alvo(self) -> str:
        """Whose timeline tells of it: the document's, or its own."""
        return self.documento_id or self.id


@dataclass(frozen=True, slots=True)
class Assinada:
    """Signed bytes of a request."""

    xml: bytes
    digest_value: str


@dataclass(frozen=True, slots=True)
class AlvoEvento:
    """The key that an event is about, and the company that signs it. The document is ours, or somebody else's."""

    empresa_id: int
    autor: Cnpj
    ambiente: Ambiente
    chave: ChaveAcesso
    documento_id: str | None = None

    @classmethod
    def of(cls, documento: Documento) -> "AlvoEvento":
        """A document of our own."""
        return cls(
            documento.empresa_id,
            Cnpj(documento.emitente),
            documento.ambiente,
            ChaveAcesso.parse(documento.chave),
            documento.id,
        )


@dataclass(frozen=True, slots=True)
class NovoEvento:
    """An event about to be stored. `assinar` is pure, runs inside the transaction once the sequence is known."""

    id: str
    tipo: str
    alvo: AlvoEvento
    texto: str
    sequencia_maxima: int
    assinar: Callable[[int], Assinada]
    marcos: tuple[Marco, ...] = ()
    """Warnings, told in the timeline before anything is sent."""
    estados: frozenset[Estado] = frozenset({Estado.AUTORIZADO})
    """In which the document has to be, when it is ours."""
    pedido_id: str = ""


@dataclass(frozen=True, slots=True)
class NovaInutilizacao:
    """A range about to be reserved and declared."""

    id: str
    empresa_id: int
    ambiente: Ambiente
    emitente: str
    uf: Uf
    modelo: Modelo
    serie: int
    inicio: int
    fim: int
    texto: str
    assinada: Assinada
    pedido_id: str = ""


@dataclass(frozen=True, slots=True)
class ConcessaoSolicitacao:
    """The right of one owner to advance one request until `token` is superseded (fencing)."""

    solicitacao: Solicitacao
    token: int


@dataclass(frozen=True, slots=True)
class AdmissaoSolicitacao:
    """Outcome of an admission. `nova` is false when the same request was under way (or done) already."""

    solicitacao: Solicitacao
    nova: bool
    concessao: ConcessaoSolicitacao | None


@dataclass(frozen=True, slots=True)
class DesfechoSolicitacao:
    """What to write once SEFAZ answered, or did not, in one transaction that also frees the lease."""

    concessao: ConcessaoSolicitacao
    tentativas: tuple[TentativaEncerrada, ...]
    estado: EstadoSolicitacao
    c_stat: int | None
    motivo: str
    marcos: tuple[Marco, ...]
    protocolo: str | None = None
    registrado_em: datetime | None = None
    arquivo: bytes | None = None
    """`procEventoNFe` or `procInutNFe`, for the archive."""
    documento_cancelado: bool = False
    sequencia_vista: int = 0
    proxima_acao_s: float | None = None


@dataclass(frozen=True, slots=True)
class FiltroSolicitacoes:
    """Which registered events a list shows; empty means all."""

    tipos: tuple[str, ...]
    chave: str = ""
    desde: datetime | None = None
    ate: datetime | None = None


@dataclass(frozen=True, slots=True)
class PaginaSolicitacoes:
    """One page of a list, newest first, and how many there are in all."""

    solicitacoes: Sequence[Solicitacao]
    total: int


class Solicitacoes(Protocol):
    """The store of requests. One method, one transaction; a lost lease raises `ConcessaoPerdida`."""

    def admit_evento(self, novo: NovoEvento, *, dono: str, prazo_s: float) -> AdmissaoSolicitacao:
        """Give the next nSeqEvento, store the signed bytes and the wake-up.

        `EstadoInvalido` when the document is ours and in none of the states asked for. The same kind still under way for
        the key is returned as it is, leased when it is free.
        """
        ...

    def admit_inutilizacao(self, nova: NovaInutilizacao, *, dono: str, prazo_s: float) -> AdmissaoSolicitacao:
        """Reserve the range, so that no number of it is given any more, and store the signed bytes.

        `EstadoInvalido` when a document of the range lives, is authorised, or may be SEFAZ's under another key; the
        same range again is returned as it is.
        """
        ...

    def claim(
        self, empresa_id: int, *, limite: int, dono: str, prazo_s: float
    ) -> Sequence[ConcessaoSolicitacao]:
        """Lease due requests of a company."""
        ...

    def claim_of(
        self, documento_id: str, empresa_id: int, *, dono: str, prazo_s: float
    ) -> Sequence[ConcessaoSolicitacao]:
        """Lease the living, free requests about one document, due or not."""
        ...

    def begin(self, concessao: ConcessaoSolicitacao, operacao: str) -> int:
        """Commit an attempt (`envio` or `consulta`) before the socket opens; returns its id."""
        ...

    def settle(self, desfecho: DesfechoSolicitacao) -> Solicitacao:
        """Write the outcome: the request, its document or range, archive, timeline and next wake-up."""
        ...

    def mark_cancelled(self, documento: Documento, c_stat: int, motivo: str, marco: Marco) -> bool:
        """An AUTORIZADO document that SEFAZ was found to hold as cancelled; false when it is AUTORIZADO no more."""
        ...

    def get(self, solicitacao_id: str, empresa_id: int) -> Solicitacao | None:
        """One request of a company."""
        ...

    def list_of(self, documento_id: str, empresa_id: int) -> Sequence[Solicitacao]:
        """The requests about one document, newest first."""
        ...

    def list_of_key(self, chave: str, ambiente: Ambiente, empresa_id: int) -> Sequence[Solicitacao]:
        """The events about one key, whoever issued it, newest first."""
        ...
