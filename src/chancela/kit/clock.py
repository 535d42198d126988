"""The clock as a port, so that a whole year can pass in a test without a sleep."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
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


class OffsetClock:
    """The machine's clock plus the seconds written in a file, so that several processes share one shifted hour. For tests.

    Without the file the clock is right. Durations are never shifted.
    """

    def __init__(self, arquivo: Path) -> None:
        self._arquivo = arquivo

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._offset_s())

    def monotonic(self) -> float:
        return time.monotonic()

    def advance(self, seconds: float) -> None:
        """Move every process that reads the file forward by `seconds`."""
        novo = self._arquivo.with_name(self._arquivo.name + ".novo")
        novo.write_text(repr(self._offset_s() + seconds))
        novo.replace(self._arquivo)

    def _offset_s(self) -> float:
        try:
            return float(self._arquivo.read_text())
        except FileNotFoundError:
            return 0.0


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
