"""The clock as a port, so that a whole year can pass in a test without a sleep."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What tells the time. Civil time is always aware and in UTC."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary start that never run backwards; for durations only."""
        ...


class SystemClock:
    """The machine's own clock; the one place that asks it."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


def wait(seconds: float) -> None:
    """Let real time pass in a command that watches another process. Never in code that a clock drives."""
    time.sleep(seconds)


class VirtualClock:
    """A clock that moves only when told to."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("the clock needs an aware instant")
        self._now = start.astimezone(UTC)
        self._elapsed_s = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._elapsed_s

    def advance(self, seconds: float) -> None:
        """Move forward by `seconds`."""
        if seconds < 0:
            raise ValueError("use set() to step the clock back")
        self._now += timedelta(seconds=seconds)
        self._elapsed_s += seconds

    def set(self, instant: datetime) -> None:
        """Step civil time to `instant`, back or forth, as a corrected clock does."""
        self._now = instant.astimezone(UTC)
