"""What the watch over the authorizers needs from the outside; `stores.circuitos` implements it."""

from collections.abc import Sequence
from typing import Protocol

from chancela.domain.identidade import Uf
from chancela.issuing.circuito import Alvo, Circuito, Espera


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

    def settle_status(self, alvo: Alvo, c_stat: int | None, motivo: str, ufs: Sequence[Uf]) -> Circuito:
        """What the status service said (`circuito.note_status`). When it came back, what rests in the UFs it serves is due now."""
        ...

    def force(self, alvo: Alvo, motivo: str) -> None:
        """Send a UF to its SVC by hand; an empty `motivo` lets it go back."""
        ...

    def release_if_over(self, esperas: Sequence[Espera]) -> Sequence[int]:
        """What rests beside a wait that is over (same UF, model and environment) is due now; for each wait, how many that were.

        It waits for a `settle_status` under way: what that did not see resting yet, it does not leave asleep either.
        """
        ...
