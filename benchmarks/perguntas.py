"""Questions to a company with very many documents: what a page costs, by the processor and by the wall.

The processor's time is that of asker and server together. By the wall the 95th percentile is kept as well: on a machine
that others use it tells mostly how long both waited for their turn.
"""

import time
from collections.abc import Callable, Mapping
from statistics import median, quantiles

import psutil
from sqlalchemy import text

from benchmarks.medida import Linha
from chancela.stores.conexao import Banco

Pergunta = Callable[[], int]
"""Asks something at random, and tells how much it found: never nothing."""
_TIQUE_MS = 10.0
"""As fine as the system counts processor time of another process."""


def ask(banco: Banco, nome: str, caso: str, perguntas: Mapping[str, Pergunta], vezes: int) -> list[Linha]:
    """Every question so many times. `banco` has one connection only: its server process is the one that is measured."""
    with banco.system() as conexao:
        pid = conexao.execute(text("SELECT pg_backend_pid()")).scalar_one()
    lados = (psutil.Process(), psutil.Process(pid))
    return [_ask_one(lados, nome, caso, raia, pergunta, vezes) for raia, pergunta in perguntas.items()]


def _ask_one(
    lados: tuple[psutil.Process, ...], banco: str, caso: str, raia: str, pergunta: Pergunta, vezes: int
) -> Linha:
    for _ in range(5):  # the fifth asking is prepared
        assert pergunta() > 0, raia
    antes = _cpu(lados)
    paredes_ms: list[float] = []
    for _ in range(vezes):
        inicio = time.perf_counter()
        assert pergunta() > 0, raia
        paredes_ms.append(1e3 * (time.perf_counter() - inicio))
    usuario_ms, sistema_ms = (
        1e3 * (depois - de_antes) / vezes for depois, de_antes in zip(_cpu(lados), antes, strict=True)
    )
    mediana_ms = median(paredes_ms)
    return Linha(
        banco, caso, raia, por_s_cpu=1e3 / max(usuario_ms + sistema_ms, _TIQUE_MS / vezes), por_s_parede=1e3 / mediana_ms,
        usuario_ms=usuario_ms, sistema_ms=sistema_ms, parede_ms=mediana_ms, rodadas=vezes, por_rodada=1,
        p95_ms=quantiles(paredes_ms, n=20, method="inclusive")[-1],
    )  # fmt: skip


def _cpu(lados: tuple[psutil.Process, ...]) -> tuple[float, float]:
    tempos = [lado.cpu_times() for lado in lados]
    return sum(t.user for t in tempos), sum(t.system for t in tempos)
