"""What many documents want written at the same moment, written together.

Whoever comes first is written at once; what comes while a write is under way waits for the next one and goes with it. So
an idle process adds no delay, and a busy one pays one thread, one round trip and one commit for many documents. Nobody is
answered before the commit that holds his own.

A batch holds what lies under the same locks (one company, one series), and there is one at a time of each kind: a second
one would only hold a connection and wait inside the database for the first to commit.
"""

import asyncio
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Generic, TypeVar

E = TypeVar("E")
S = TypeVar("S")


def _together(item: object) -> Hashable:
    """All of a process under the same locks."""
    del item
    return None


class Lotes(Generic[E, S]):
    """One kind of write of one process. `escrever` is blocking, and one transaction: all of a batch, or nothing and an exception.

    `junto` names what an item shares its locks with; without `executor` the loop's own threads write.
    """

    def __init__(
        self,
        escrever: Callable[[Sequence[E]], Sequence[S]],
        executor: ThreadPoolExecutor | None,
        *,
        junto: Callable[[E], Hashable] = _together,
        simultaneos: int = 8,
        maximo: int = 50,
    ) -> None:
        self._escrever = escrever
        self._executor = executor
        self._junto = junto
        self._simultaneos = simultaneos
        self._maximo = maximo
        self._espera: dict[Hashable, list[tuple[E, asyncio.Future[S]]]] = {}
        self._escritas: dict[Hashable, asyncio.Task[None]] = {}

    async def put(self, item: E) -> S:
        """Written and committed; its own result, or its own exception."""
        futuro: asyncio.Future[S] = asyncio.get_running_loop().create_future()
        grupo = self._junto(item)
        self._espera.setdefault(grupo, []).append((item, futuro))
        if grupo not in self._escritas:
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
        """Write what waits, the group that waited longest first, as far as there is room."""
        for grupo in [grupo for grupo in self._espera if grupo not in self._escritas]:
            if len(self._escritas) >= self._simultaneos:
                return
            fila = self._espera.pop(grupo)
            lote, resto = fila[: self._maximo], fila[self._maximo :]
            if resto:
                self._espera[grupo] = resto
            tarefa = asyncio.create_task(self._write(lote))
            self._escritas[grupo] = tarefa
            tarefa.add_done_callback(partial(self._written, grupo))

    def _written(self, grupo: Hashable, _: asyncio.Task[None]) -> None:
        del self._escritas[grupo]
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
