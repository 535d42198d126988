"""What many documents want written at the same moment, written together.

Whoever comes first is written at once; what comes while a write is under way waits for the next one and goes with it. So
an idle process adds no delay, and a busy one pays one thread, one round trip and one commit for many documents. Nobody is
answered before the commit that holds his own.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

E = TypeVar("E")
S = TypeVar("S")


class Lotes(Generic[E, S]):
    """One kind of write of one process. `escrever` is blocking: all of a batch, or nothing and an exception."""

    def __init__(
        self,
        escrever: Callable[[Sequence[E]], Sequence[S]],
        executor: ThreadPoolExecutor,
        *,
        simultaneos: int = 2,
        maximo: int = 50,
    ) -> None:
        self._escrever = escrever
        self._executor = executor
        self._simultaneos = simultaneos
        self._maximo = maximo
        self._espera: list[tuple[E, asyncio.Future[S]]] = []
        self._escritas: set[asyncio.Task[None]] = set()

    async def put(self, item: E) -> S:
        """Written and committed; its own result, or its own exception."""
        futuro: asyncio.Future[S] = asyncio.get_running_loop().create_future()
        self._espera.append((item, futuro))
        self._start()
        return await futuro

    async def put_all(self, itens: Sequence[E]) -> Sequence[S | BaseException]:
        """Written in one commit of their own, whatever else waits; each its own result, or its own exception."""
        laco = asyncio.get_running_loop()
        lote: list[tuple[E, asyncio.Future[S]]] = [(item, laco.create_future()) for item in itens]
        if lote:
            await self._write(lote)
        return await asyncio.gather(*(futuro for _, futuro in lote), return_exceptions=True)

    def _start(self) -> None:
        while self._espera and len(self._escritas) < self._simultaneos:
            lote, self._espera = self._espera[: self._maximo], self._espera[self._maximo :]
            tarefa = asyncio.create_task(self._write(lote))
            self._escritas.add(tarefa)
            tarefa.add_done_callback(self._written)

    def _written(self, tarefa: asyncio.Task[None]) -> None:
        self._escritas.discard(tarefa)
        self._start()

    async def _write(self, lote: Sequence[tuple[E, asyncio.Future[S]]]) -> None:
        laco = asyncio.get_running_loop()
        try:
            feitos = await laco.run_in_executor(self._executor, self._escrever, [item for item, _ in lote])
        except Exception as erro:  # noqa: BLE001 - handed to whoever asked for it
            if len(lote) > 1:
                # One of them spoiled it for all, and nothing was written: each by itself, so that only that one fails.
                for um in lote:
                    await self._write([um])
                return
            futuro = lote[0][1]
            if not futuro.done():
                futuro.set_exception(erro)
            return
        for (_, futuro), feito in zip(lote, feitos, strict=True):
            if not futuro.done():
                futuro.set_result(feito)
