"""The simulator's clock: the port it was given, stepped, frozen or advanced by the control API."""

from datetime import UTC, datetime, timedelta

from chancela.kit.clock import Clock


class RelogioSimulador:
    """A clock over a clock. Without an order it tells the time of `base`; an offset or a frozen instant replaces it."""

    def __init__(self, base: Clock) -> None:
        self._base = base
        self._atraso = timedelta()
        self._parado: datetime | None = None

    def now(self) -> datetime:
        """Civil time, aware, UTC."""
        return self._parado if self._parado is not None else self._base.now() + self._atraso

    def monotonic(self) -> float:
        return self._base.monotonic()

    @property
    def parado(self) -> bool:
        """Whether time only moves when told to."""
        return self._parado is not None

    @property
    def offset_s(self) -> float:
        """Seconds between this clock and the one beneath it."""
        return (self.now() - self._base.now()).total_seconds()

    def freeze(self, instante: datetime) -> None:
        """Stop at `instante`; time then moves by `advance` only."""
        assert instante.tzinfo is not None
        self._parado = instante.astimezone(UTC)

    def set(self, instante: datetime) -> None:
        """Step to `instante` and run on from there."""
        assert instante.tzinfo is not None
        self._parado = None
        self._atraso = instante - self._base.now()

    def advance(self, segundos: float) -> None:
        """Move by `segundos`, forward or back, running or stopped."""
        if self._parado is not None:
            self._parado += timedelta(seconds=segundos)
        else:
            self._atraso += timedelta(seconds=segundos)

    def follow(self) -> None:
        """Go back to the time of the clock beneath."""
        self._parado = None
        self._atraso = timedelta()

    def dump(self) -> dict[str, object]:
        """What the ledger keeps, so that a restart does not lose the hour."""
        return {
            "parado_em": self._parado.isoformat() if self._parado else None,
            "offset_s": self._atraso.total_seconds(),
        }

    def restore(self, estado: dict[str, object]) -> None:
        """The inverse of `dump`."""
        parado = estado.get("parado_em")
        self._parado = datetime.fromisoformat(parado).astimezone(UTC) if isinstance(parado, str) else None
        segundos = estado.get("offset_s")
        self._atraso = timedelta(seconds=segundos if isinstance(segundos, int | float) else 0)
