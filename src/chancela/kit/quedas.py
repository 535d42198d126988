"""Named points at which a test may kill the process, to prove that nothing is lost there.

In production the points cost one comparison with None.
"""

import os
import signal
from typing import Protocol


class Pontos(Protocol):
    """What is told that a named point was reached."""

    def __call__(self, nome: str) -> None: ...


def no_points(nome: str) -> None:
    """Production: nothing happens."""


class KillAt:
    """Kill the own process, as a power cut would, when `ponto` is reached for the n-th time."""

    def __init__(self, ponto: str, vez: int = 1) -> None:
        self._ponto = ponto
        self._restam = vez

    def __call__(self, nome: str) -> None:
        if nome != self._ponto:
            return
        self._restam -= 1
        if self._restam == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def points_from(texto: str) -> Pontos:
    """From a setting such as `apos_assinatura` or `apos_assinatura:3`; empty gives no points."""
    if not texto:
        return no_points
    nome, _, vez = texto.partition(":")
    return KillAt(nome, int(vez or 1))
