"""Values of the issuing state machine: what a stored document is, and what can happen to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from chancela.documents.nfe.devolvido import ItemDevolvido
from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.issuing.empresa import Cadastro
from chancela.kit.frozen import frozen


class Estado(StrEnum):
    """States of a document (design: every change is a row of the timeline)."""

    PENDENTE = "PENDENTE"
    """Numbered and stored, not yet signed: nothing left this machine."""
    ASSINADO = "ASSINADO"
    """Signed bytes stored; to be sent, or sent again with identical bytes."""
    INCERTO = "INCERTO"
    """Sent, and no usable answer came: SEFAZ is asked by key before anything else."""
    AUTORIZADO = "AUTORIZADO"
    REJEITADO = "REJEITADO"
    """Refused; keeps its number for the next try with the same reference."""
    DENEGADO = "DENEGADO"
    """Historic denial (110, 301 to 303 with a protocol); the number is spent."""
    DIVERGENTE = "DIVERGENTE"
    """SEFAZ holds another document under this number, or one whose bytes cannot be proved: a person decides."""
    CANCELADO = "CANCELADO"
    INUTILIZADO = "INUTILIZADO"

    @property
    def vivo(self) -> bool:
        """Whether a worker still has something to do with it."""
        return self in (Estado.PENDENTE, Estado.ASSINADO, Estado.INCERTO)


class Operacao(StrEnum):
    """What an attempt asked of SEFAZ."""

    AUTORIZACAO = "autorizacao"
    RECIBO = "recibo"
    CONSULTA = "consulta"


@dataclass(frozen=True, slots=True)
class Protocolo:
    """The authorizer's protocol as it came; `xml` is the verbatim `protNFe`."""

    numero: str
    c_stat: int
    motivo: str
    recebido_em: datetime
    digest_value: str | None
    xml: bytes
    alerta: str = ""
    """cMsg and xMsg of an authorisation with alert (NT 2026.002), when present."""


@dataclass(frozen=True, slots=True)
class Resumo:
    """What lists and reports show of a document without opening its XML."""

    valor_total: Decimal
    natureza_operacao: str
    destinatario_nome: str
    destinatario_documento: str
    quantidade_itens: int
    total_tributos: Decimal = Decimal(0)


@frozen
class Documento:
    """One stored document. `xml_sem_assinatura` is the numbered canonical text of the element to be signed."""

    id: str
    empresa_id: int
    modelo: Modelo
    ambiente: Ambiente
    emitente: str
    uf: Uf
    serie: int
    numero: int
    tp_emis: int
    chave: str
    referencia: str | None
    estado: Estado
    emitido_em: datetime
    criado_em: datetime
    atualizado_em: datetime
    resumo: Resumo
    xml_sem_assinatura: bytes
    suplemento: bytes | None = None
    """`infNFeSupl` of an NFC-e, stored when the document is signed."""
    xml_assinado: bytes | None = None
    digest_value: str | None = None
    protocolo: Protocolo | None = None
    recibo: str | None = None
    c_stat: int | None = None
    motivo: str = ""
    tentativas: int = 0
    """Attempts committed for the present signed bytes; paces the next one."""
    tentativa_aberta: bool = False
    """An attempt row has no outcome: the process died in between and the bytes may have reached SEFAZ."""
    avisos: tuple[Mapping[str, str], ...] = ()
    """Warnings found before sending, as shown in the result."""
    contingencia_em: datetime | None = None
    """dhCont of a document issued in contingency (`tp_emis` tells which)."""
    transmitir_ate: datetime | None = None
    """Legal deadline for the transmission of a document that was handed over before SEFAZ saw it."""
    substituto_id: str | None = None
    """The document that took its place in contingency: what becomes of this one is only asked about, never sent again."""
    pedido_id: str = ""
    """Of the call that asked for its present content (`kit.requisicao`)."""


@dataclass(frozen=True, slots=True)
class Numerado:
    """A document that has just received its number: key and canonical text."""

    chave: str
    xml_sem_assinatura: bytes


@dataclass(frozen=True, slots=True)
class NotaDevolvida:
    """What a new document returns. `vistas` are the returns of the same note that were counted, each in its version:
    when others stand by the time it is stored, it is not stored."""

    chave: str
    itens: tuple[ItemDevolvido, ...]
    vistas: frozenset[tuple[str, int]] = frozenset()


@frozen
class NovoDocumento:
    """A document known to be good, about to be numbered and stored in one transaction.

    `numerar` is pure and runs inside the transaction, once the number is known.
    """

    id: str
    empresa_id: int
    modelo: Modelo
    ambiente: Ambiente
    emitente: str
    uf: Uf
    serie: int
    tp_emis: int
    referencia: str | None
    emitido_em: datetime
    resumo: Resumo
    numerar: Callable[[int], Numerado]
    pedido: bytes = b""
    """The caller's request as it came, kept for support and for reissue."""
    reabrir: bool = False
    """Replace the content of a document of the same reference that is not authorised (`is_reopen`)."""
    numero_inicial: int = 1
    """First number of a series that was never used."""
    contingencia_em: datetime | None = None
    transmitir_ate: datetime | None = None
    insistir: bool = False
    """Send it again although the same content was refused time and again (`issuing.barreira`)."""
    pedido_id: str = ""
    avisos: tuple[Mapping[str, str], ...] = ()
    memoria: bytes | None = None
    """Steps of the tax calculation (`issuing.memoria`), kept beside the text that they explain."""
    devolve: NotaDevolvida | None = None
    cadastro: Cadastro | None = None
    """Of an NFC-e: its company as it was read for this receipt, whose CSC seals it. None: read when it is signed."""
    assinar: "Callable[[Documento], Assinado] | None" = None
    """Signs it as soon as it is numbered, in the same transaction, for it is sent at once: signed bytes and the attempt
    that sends them are stored with the number. Pure. None: it is signed later."""


@dataclass(frozen=True, slots=True)
class Concessao:
    """The right of one owner to advance one document until `token` is superseded (fencing)."""

    documento: Documento
    token: int


@dataclass(frozen=True, slots=True)
class Admissao:
    """Outcome of `admit`. `nova` is false when the reference already had its document, returned untouched.

    `concessao` is given when the caller asked to process it inline and nobody else owns it. `tentativa` is the attempt
    that was stored with a document signed at once; its bytes may travel from here on.
    """

    documento: Documento
    nova: bool
    concessao: Concessao | None
    tentativa: int | None = None


@dataclass(frozen=True, slots=True)
class Assinado:
    """The signed document as it will travel, byte for byte, in every try."""

    xml: bytes
    digest_value: str
    suplemento: bytes | None = None


@dataclass(frozen=True, slots=True)
class OutraEmissao:
    """A document in another kind of emission: on its own number, or a substitute of its own on the next one."""

    tp_emis: int
    contingencia_em: datetime | None
    transmitir_ate: datetime | None
    numerar: Callable[[int], Numerado]
    marco: "Marco"


@dataclass(frozen=True, slots=True)
class EnvioPlanejado:
    """Committed before the socket opens: the attempt row, and the signed bytes when they are new.

    Without `operacao` the bytes are only stored: an offline document that travels later.
    """

    concessao: Concessao
    operacao: Operacao | None
    assinado: Assinado | None = None


@dataclass(frozen=True, slots=True)
class Marco:
    """One row of the timeline: what happened, in words a person reads, with the facts beside it."""

    tipo: str
    descricao: str
    fatos: Mapping[str, str] = field(default_factory=dict[str, str])
    duracao_ms: int | None = None


@dataclass(frozen=True, slots=True)
class TentativaEncerrada:
    """How one attempt ended: `resultado` is `respondida`, `sem_resposta` or `recusada`."""

    id: int
    resultado: str
    c_stat: int | None
    motivo: str
    duracao_ms: int


@dataclass(frozen=True, slots=True)
class Desfecho:
    """What to write once an attempt ended, in one transaction that also closes or renews the lease."""

    concessao: Concessao
    tentativas: tuple["TentativaEncerrada", ...]
    """Outcome of the attempts made now. Any other open attempt of the document is closed as `abandonada`."""
    estado: Estado
    c_stat: int | None
    motivo: str
    marcos: tuple[Marco, ...]
    protocolo: Protocolo | None = None
    xml_autorizado: bytes | None = None
    """`nfeProc`: signed bytes and protocol, for the archive."""
    recibo: str | None = None
    adotar: "VersaoAssinada | None" = None
    """An earlier signed version of this document that SEFAZ turned out to hold (539): it becomes the present one."""
    proxima_acao_s: float | None = None
    """Seconds until a worker should look again (its wake-up is part of the transaction); None when settled."""


@dataclass(frozen=True, slots=True)
class VersaoAssinada:
    """Signed bytes that once may have left this machine, found again by key."""

    chave: str
    digest_value: str
    xml: bytes
