"""What issuing needs from the outside, as protocols; `stores` and `server` implement them.

Store methods are synchronous and blocking: the orchestration runs them in a bounded thread pool.
Every method that takes a `Concessao` checks its token against the row with the database clock and raises
`ConcessaoPerdida` when another owner took over.
"""

from collections.abc import Sequence
from typing import Protocol

from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.erros import CertificadoInvalido, TransmissaoRecusada
from chancela.domain.identidade import Ambiente, Modelo
from chancela.gateways.enderecos import SemServico
from chancela.issuing.modelo import (
    Admissao,
    Concessao,
    Desfecho,
    Documento,
    EnvioPlanejado,
    NovoDocumento,
    OutraEmissao,
    VersaoAssinada,
)

NAO_ENVIADO = (TransmissaoRecusada, SemServico, CertificadoInvalido)
"""Nothing was transmitted: no connection, no address for the service, no usable certificate."""


class Documentos(Protocol):
    """The store of documents, numbers, attempts and timeline. One method, one transaction."""

    def admit(self, novo: NovoDocumento, *, dono: str | None, prazo_s: float) -> Admissao:
        """Number and store a new document with its idempotency and its wake-up.

        The number comes from the returned ones of the series, lowest first, else from its counter, starting at
        `numero_inicial`. When (company, environment, model, reference) already has a document: one that is REJEITADO,
        or any that was never authorised when `reabrir`, takes the new content on the same number (state PENDENTE
        again); any other is returned as it is. A document that is INCERTO, or leased to a live owner, is never replaced.
        With `dono`, the document is leased to it at once for `prazo_s` seconds and the wake-up is scheduled after
        that time as a safety net; without it the wake-up is immediate.
        A return raises `DevolucaoConcorrente` when the returns of its note are no longer those that it counted.
        """
        ...

    def admit_together(
        self, novos: Sequence[NovoDocumento], *, dono: str, prazo_s: float
    ) -> Sequence[Admissao | None]:
        """As `admit`, for new documents of one company in one transaction; those with `assinar` are stored signed, with
        the attempt that sends them. None for one that has to be admitted by itself: its reference has a document, or it
        is a return."""
        ...

    def claim(self, empresa_id: int, *, limite: int, dono: str, prazo_s: float) -> Sequence[Concessao]:
        """Lease up to `limite` due documents of a company: living state, action due, lease free or expired."""
        ...

    def claim_one(self, documento_id: str, empresa_id: int, *, dono: str, prazo_s: float) -> Concessao | None:
        """Lease one document of a company if it is alive and free, due or not; None otherwise.

        One that waits for a receipt only when it is due: SEFAZ says when a receipt may be asked for.
        """
        ...

    def claim_receipt(
        self, recibo: str, empresa_id: int, ambiente: Ambiente, *, dono: str, prazo_s: float
    ) -> Sequence[Concessao]:
        """Lease every living document of a company that waits for a receipt and is free, due or not."""
        ...

    def waiting(self, empresa_id: int, modelo: Modelo, *, limite: int) -> int:
        """How many due and free documents of a company and model were not decided yet, counted up to `limite`."""
        ...

    def begin(self, envios: Sequence[EnvioPlanejado]) -> Sequence[int]:
        """Store signed bytes that are new and one attempt row each, in one commit; returns the attempt ids in order
        (0 for one without `operacao`: its bytes are kept and not sent).

        A document with new signed bytes becomes ASSINADO. From here on its bytes may have reached SEFAZ.
        """
        ...

    def settle(self, desfechos: Sequence[Desfecho]) -> Sequence[Documento]:
        """Close attempts, write states, protocols and timeline, free the leases; returns the documents as they now are."""
        ...

    def was_transmitted(self, documento_id: str, empresa_id: int) -> bool:
        """Whether bytes under the document's number may have left: any attempt but those refused at the connection."""
        ...

    def change_emission(self, concessao: Concessao, outra: OutraEmissao) -> Concessao:
        """New content of another kind of emission on the same number (PENDENTE again), under the same lease.

        Only for a document that was never transmitted: anything else raises `EstadoInvalido`.
        """
        ...

    def substitute(
        self, concessao: Concessao, outra: OutraEmissao, *, novo_id: str, prazo_s: float
    ) -> Concessao:
        """A substitute on the next number, leased to the same owner; it takes the reference over.

        The original keeps its state with `substituto_id`, is freed, and is asked about when its authorizer is back.
        """
        ...

    def discard(self, concessao: Concessao, motivo: str) -> None:
        """Take back a document whose bytes never left: its number returns to the series, the row goes away."""
        ...

    def due_companies(self, limite: int) -> Sequence[int]:
        """Companies (system scope) that have due documents, longest overdue first: what the sweep drains."""
        ...

    def lease_owners(self) -> Sequence[str]:
        """Owners that hold leases now (system scope)."""
        ...

    def release_leases(self, dono: str) -> int:
        """Free the leases of an owner known to be dead, so that its documents need not wait for the term."""
        ...

    def versions(self, documento_id: str, empresa_id: int) -> Sequence[VersaoAssinada]:
        """Every signed version of a document, present one included, for the comparison after 204 and 539."""
        ...

    def get(self, documento_id: str, empresa_id: int) -> Documento | None:
        """One document of a company."""
        ...

    def find_by_chave(self, chave: str, empresa_id: int) -> Documento | None:
        """The document of a company whose present access key this is (44 positions, in any environment)."""
        ...


class Certificados(Protocol):
    """The companies' certificates, keys loaded once."""

    def remembered(self, empresa_id: int) -> Certificado | None:
        """The certificate in use when this process knows it already, without waiting for anything; it may be out of date."""
        ...

    def current(self, empresa_id: int) -> Certificado:
        """The certificate in use. Raises `CertificadoInvalido` when there is none or it is out of date."""
        ...
