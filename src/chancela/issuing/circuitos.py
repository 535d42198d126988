"""What the watch over the authorizers needs from the outside; `stores.circuitos` implements it."""

from collections.abc import Sequence
from typing import Protocol

from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.issuing.circuito import Alvo, Circuito


class Circuitos(Protocol):
    """The circuits, shared by every process of the installation. Blocking; one method, one transaction."""

    def load(self) -> Sequence[Circuito]:
        """Every circuit that was ever touched."""
        ...

    def fail(
        self, alvo: Alvo, *, empresa_id: int, uf: Uf, motivo: str, limite: int, imediata: bool
    ) -> Circuito:
        """Count a failure (`circuito.note_failure`)."""
        ...

    def answer(self, alvo: Alvo) -> None:
        """An answer came: the row of failures ends (`circuito.note_answer`)."""
        ...

    def claim_question(self, alvo: Alvo, intervalo_s: float, *, empresa_id: int, uf: Uf) -> bool:
        """The right to ask for a status now: one per target and `intervalo_s` seconds, among all processes."""
        ...

    def settle_status(self, alvo: Alvo, c_stat: int | None, motivo: str) -> Circuito:
        """What the status service said (`circuito.note_status`)."""
        ...

    def force(self, alvo: Alvo, motivo: str) -> None:
        """Send a UF to its SVC by hand; an empty `motivo` lets it go back."""
        ...

    def release_waiting(self, ufs: Sequence[Uf], modelo: Modelo, ambiente: Ambiente) -> int:
        """Make due now every living document of those UFs: their authorizer is back. Returns how many."""
        ...
