"""Writes of many documents at the same moment go together, and fail apart."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from chancela.issuing.lotes import Lotes


class Escrita:
    """Remembers its batches; the first one waits until it is let go."""

    def __init__(self) -> None:
        self.lotes: list[list[int]] = []
        self.solta = threading.Event()

    def __call__(self, itens: Sequence[int]) -> Sequence[int]:
        self.lotes.append(list(itens))
        assert self.solta.wait(10)
        if 13 in itens:
            raise ValueError("treze")
        return [item * 2 for item in itens]


@pytest.mark.anyio
async def test_what_comes_during_a_write_goes_with_the_next_one() -> None:
    escrita = Escrita()
    with ThreadPoolExecutor(2) as executor:
        lotes = Lotes(escrita, executor, simultaneos=1, maximo=3)
        tarefas = [asyncio.create_task(lotes.put(item)) for item in (1, 2, 3, 4, 5)]
        await asyncio.sleep(0)
        escrita.solta.set()
        assert await asyncio.gather(*tarefas) == [2, 4, 6, 8, 10]
    assert escrita.lotes == [[1], [2, 3, 4], [5]]


@pytest.mark.anyio
async def test_one_that_fails_spoils_no_other() -> None:
    escrita = Escrita()
    with ThreadPoolExecutor(2) as executor:
        lotes = Lotes(escrita, executor, simultaneos=1)
        tarefas = [asyncio.create_task(lotes.put(item)) for item in (1, 12, 13, 14)]
        await asyncio.sleep(0)
        escrita.solta.set()
        resultados = await asyncio.gather(*tarefas, return_exceptions=True)
    assert [r for r in resultados if not isinstance(r, Exception)] == [2, 24, 28]
    assert isinstance(resultados[2], ValueError)
    assert escrita.lotes == [[1], [12, 13, 14], [12], [13], [14]]


@pytest.mark.anyio
async def test_what_lies_under_the_same_locks_is_written_by_one_at_a_time() -> None:
    """Odd numbers wait for odd ones; even ones go on beside them, as far as there is room."""
    escrita = Escrita()
    with ThreadPoolExecutor(4) as executor:
        lotes = Lotes(escrita, executor, junto=lambda item: item % 2, simultaneos=2)
        tarefas = [asyncio.create_task(lotes.put(item)) for item in (1, 3, 2, 5, 4)]
        await asyncio.sleep(0)
        escrita.solta.set()
        assert await asyncio.gather(*tarefas) == [2, 6, 4, 10, 8]
    assert sorted(escrita.lotes) == [[1], [2], [3, 5], [4]]
