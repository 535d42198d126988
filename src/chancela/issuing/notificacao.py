"""Values of the outbox: what a customer's system is told, where, and what became of the telling.

The rows are written by the database itself, in the transaction that changes a document's or a request's state (see
the schema): no code path can forget them. Which words and headers they travel in is a format of `notifications`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

EVENTOS: Mapping[str, str] = {
    "documento.autorizado": "a SEFAZ autorizou o documento",
    "documento.rejeitado": "a SEFAZ rejeitou o documento",
    "documento.denegado": "o uso foi denegado",
    "documento.divergente": "a SEFAZ tem outro documento com o mesmo número",
    "documento.cancelado": "o cancelamento foi registrado",
    "documento.inutilizado": "o número do documento foi inutilizado",
    "documento.contingencia": "o documento foi assinado em contingência",
    "documento.prazo_proximo": "o prazo legal para transmitir um documento em contingência está perto",
    "documento.prazo_vencido": "o prazo legal venceu e a SEFAZ ainda não tem o documento",
    "cancelamento.rejeitado": "a SEFAZ recusou o cancelamento",
    "cce.registrada": "a carta de correção foi registrada",
    "cce.rejeitada": "a SEFAZ recusou a carta de correção",
    "evento.registrado": "outro evento (manifestação, por exemplo) foi registrado",
    "evento.rejeitado": "a SEFAZ recusou outro evento",
    "inutilizacao.registrada": "a faixa de números foi inutilizada",
    "inutilizacao.rejeitada": "a SEFAZ recusou a inutilização",
    "numeracao.lacunas": "há números sem documento na SEFAZ, a inutilizar até o dia 10",
    "documento.recebido": "chegou um documento emitido contra a empresa",
}
"""Every event, with what it says."""


@dataclass(frozen=True, slots=True)
class NovoWebhook:
    """An address to be told. Without `empresa_id` it hears of every company of the integrator."""

    integrador_id: int
    empresa_id: int | None
    url: str
    eventos: Sequence[str] = ()
    """Names of `EVENTOS`; none means all."""
    formato: str = "padrao"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A registered address. Its secret is in the vault."""

    id: int
    integrador_id: int
    empresa_id: int | None
    url: str
    eventos: Sequence[str]
    formato: str
    ativo: bool
    criado_em: datetime


class EstadoEntrega(StrEnum):
    """What became of a message."""

    PENDENTE = "PENDENTE"
    ENTREGUE = "ENTREGUE"
    MORTA = "MORTA"
    """Given up; `resend` takes it up again."""


@dataclass(frozen=True, slots=True)
class Mensagem:
    """What happened, as it was when it happened."""

    id: str
    """The same in every try: the receiver drops what it has seen."""
    empresa_id: int
    alvo: str
    """Document or request that it is about: messages of one target arrive in order."""
    evento: str
    em: datetime
    dados: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entrega:
    """A message on its way to one address."""

    id: int
    webhook_id: int
    mensagem: Mensagem
    estado: EstadoEntrega
    tentativas: int
    """Counts the one under way: it fences off a worker that froze and came back."""
    rodada: int
    """Tries since it was written, or since a person last sent it again."""
    proxima_em: datetime | None


@dataclass(frozen=True, slots=True)
class EntregaTomada:
    """A message taken to be delivered now, with everything that needs."""

    entrega: Entrega
    url: str
    formato: str
    segredo: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class TentativaEntrega:
    """How one try ended. `status_http` is None when no answer came; `erro` says why."""

    status_http: int | None
    duracao_ms: int
    erro: str = ""
    resposta: str = ""
    """The first characters of the answer, for the log."""

    @property
    def aceita(self) -> bool:
        return self.status_http is not None and 200 <= self.status_http < 300

    @property
    def definitiva(self) -> bool:
        """410 Gone: the receiver wants no more of it."""
        return self.status_http == 410
