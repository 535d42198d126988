"""Named points at which a test may kill the process, to prove that nothing is lost there.

In production the points cost one call that returns at once. A point lies between two steps, or on one of the two sides of
a commit; `PONTOS` lists them all, and a test kills a process at each.
"""

import os
import signal
from pathlib import Path
from typing import Protocol

ETAPAS = (
    "documento_assinado",
    "documento_respondido",
    "lote_respondido",
    "recibo_respondido",
    "evento_respondido",
    "distribuicao_respondida",
    "webhook_enviado",
    "exportacao_escrita",
    "copia_escrita",
)
"""Between a step and the commit that tells of it."""
GRAVACOES = (
    "documento_numero",
    "documento_envio",
    "documento_resultado",
    "documento_desvio",
    "evento_pedido",
    "evento_envio",
    "evento_resultado",
    "distribuicao_pagina",
    "webhook_tomada",
    "webhook_resultado",
    "exportacao_tomada",
    "exportacao_fim",
)
"""Commits that have a point on either side."""


def before_commit(gravacao: str) -> str:
    """Everything is written, nothing is kept yet."""
    return f"{gravacao}.antes_de_gravar"


def after_commit(gravacao: str) -> str:
    """Everything is kept, nobody knows it yet."""
    return f"{gravacao}.apos_gravar"


PARAR = "parar"
PONTOS = (*ETAPAS, *(lado(gravacao) for gravacao in GRAVACOES for lado in (before_commit, after_commit)))


class Pontos(Protocol):
    """What is told that a named point was reached."""

    def __call__(self, nome: str) -> None: ...


def no_points(nome: str) -> None:
    """Production: nothing happens."""


class KillWhenArmed:
    """Kill the own process, as a power cut would, at a point whose file lies in `pasta`.

    A file that says `parar` freezes the process instead (SIGSTOP), until somebody wakes it. The file is taken away
    first: a point strikes once for each time that a test arms it.
    """

    def __init__(self, pasta: Path) -> None:
        self._pasta = pasta

    def __call__(self, nome: str) -> None:
        assert nome in PONTOS, "a point that no list names is a point that no test reaches"
        try:
            ordem = (self._pasta / nome).read_text()
            (self._pasta / nome).unlink()
        except FileNotFoundError:
            return
        os.kill(os.getpid(), signal.SIGSTOP if ordem == PARAR else signal.SIGKILL)


def points_from(pasta: Path | None) -> Pontos:
    """From the setting: a folder to watch, or None for no points."""
    return no_points if pasta is None else KillWhenArmed(pasta)
