"""The product's own clock: true time, and the error that an administrator or a bad time server put into it."""

from datetime import datetime, timedelta

from chancela.kit.clock import Clock


class RelogioErrado:
    """A clock over the true one, off by `erro`; durations are never off."""

    def __init__(self, base: Clock) -> None:
        self._base = base
        self.erro = timedelta()

    def now(self) -> datetime:
        return self._base.now() + self.erro

    def monotonic(self) -> float:
        return self._base.monotonic()
