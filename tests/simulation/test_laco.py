import asyncio
import threading
from datetime import UTC, datetime

import pytest
from starlette.concurrency import run_in_threadpool

from chancela.kit.clock import VirtualClock
from chancela.kit.randomness import SeededRandomness
from chancela.server.simulacao.laco import Impasse, virtual_loop

INICIO = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_day_passes_at_once() -> None:
    relogio = VirtualClock(INICIO)
    with virtual_loop(relogio, SeededRandomness(1)) as laco:
        laco.run_until_complete(asyncio.sleep(86_400))
    assert (relogio.now() - INICIO).total_seconds() == pytest.approx(86_400)


def test_threads_run_here_in_an_order_that_the_seed_chooses() -> None:
    def play(semente: int) -> list[int]:
        ordem: list[int] = []

        async def work(n: int) -> None:
            await run_in_threadpool(ordem.append, n)
            assert threading.current_thread() is threading.main_thread()

        async def all_at_once() -> None:
            await asyncio.gather(*(work(n) for n in range(12)))

        with virtual_loop(VirtualClock(INICIO), SeededRandomness(semente)) as laco:
            laco.run_until_complete(all_at_once())
        return ordem

    assert play(1) == play(1)
    assert play(1) != play(2)


def test_what_can_never_come_is_an_error() -> None:
    with virtual_loop(VirtualClock(INICIO), SeededRandomness(1)) as laco, pytest.raises(Impasse):
        laco.run_until_complete(laco.create_future())
