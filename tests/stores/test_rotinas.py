"""Periodic routines: one worker of all runs each turn, on the database clock, whatever happens to the others."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from chancela.kit.clock import VirtualClock
from chancela.stores.conexao import Banco, Limites
from chancela.stores.rotinas import Rotina, RotinasPg, run_due


@pytest.fixture
def relogio() -> VirtualClock:
    return VirtualClock(datetime(2026, 11, 1, 12, tzinfo=UTC))


@pytest.fixture
def turnos(url_banco: str, relogio: VirtualClock):
    banco = Banco(url_banco, limites=Limites(conexoes=8), relogio=relogio)
    try:
        yield RotinasPg(banco)
    finally:
        banco.close()


def run(rotinas: list[Rotina], turnos: RotinasPg) -> int:
    with ThreadPoolExecutor(2) as executor:
        return asyncio.run(run_due(rotinas, turnos, executor))


def test_a_routine_runs_at_once_and_then_once_per_interval(turnos: RotinasPg, relogio: VirtualClock) -> None:
    vezes: list[datetime] = []

    async def note() -> None:
        vezes.append(relogio.now())

    rotina = Rotina("notar", 600, note)
    for _ in range(3):
        run([rotina], turnos)
    relogio.advance(599)
    run([rotina], turnos)
    relogio.advance(1)
    run([rotina], turnos)
    assert [(v - vezes[0]).total_seconds() for v in vezes] == [0, 600]


def test_of_many_workers_one_gets_the_turn(banco: Banco) -> None:
    turnos = RotinasPg(banco)
    with ThreadPoolExecutor(8) as executor:
        obtidos = list(executor.map(lambda _: turnos.take_turn("disputada", 600), range(40)))
    assert obtidos.count(True) == 1


def test_a_routine_that_fails_comes_again_soon_and_stops_no_other(
    turnos: RotinasPg, relogio: VirtualClock
) -> None:
    feitas: list[str] = []

    async def fail() -> None:
        feitas.append("ruim")
        raise RuntimeError

    async def work() -> None:
        feitas.append("boa")

    rotinas = [Rotina("ruim", 86_400, fail), Rotina("boa", 86_400, work)]
    assert run(rotinas, turnos) == 2
    relogio.advance(61)
    assert run(rotinas, turnos) == 1
    assert feitas == ["ruim", "boa", "ruim"]


def test_one_look_tells_which_routines_are_due(turnos: RotinasPg, relogio: VirtualClock) -> None:
    assert turnos.take_turn("feita", 600)
    assert turnos.due(["feita", "nova"]) == {"nova"}
    relogio.advance(600)
    assert turnos.due(["feita", "nova"]) == {"feita", "nova"}
