"""Named points at which a test may kill the process, to prove that nothing is lost there.

In production the points cost one call that returns at once.
"""

import os
import signal
from pathlib import Path
from typing import Protocol


class Pontos(Protocol):
    """What is told that a named point was reached."""

    def __call__(self, nome: str) -> None: ...


def no_points(nome: str) -> None:
    """Production: nothing happens."""


class KillWhenArmed:
    """Kill the own process, as a power cut would, at a point whose file lies in `pasta`.

    The file is taken away first: a point kills once for each time that a test arms it.
    """

    def __init__(self, pasta: Path) -> None:
        self._pasta = pasta

    def __call__(self, nome: str) -> None:
        try:
            (self._pasta / nome).unlink()
        except FileNotFoundError:
            return
        os.kill(os.getpid(), signal.SIGKILL)


def points_from(pasta: Path | None) -> Pontos:
    """From the setting: a folder to watch, or None for no points."""
    return no_points if pasta is None else KillWhenArmed(pasta)
