"""PDFs in processes of their own: drawing costs 30 to 950 ms and must never sit on the authorisation path."""

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial


class OficinaDePdf:
    """A pool of drawing processes, started by the first PDF asked for and replaced when one of them dies."""

    def __init__(self, processos: int) -> None:
        self._processos = processos
        self._pool: ProcessPoolExecutor | None = None

    async def draw(self, funcao: Callable[..., bytes], *args: object, **opcoes: object) -> bytes:
        """Run a pure drawing function in the pool. A worker killed from outside is tried once more in a new pool."""
        trabalho = partial(funcao, *args, **opcoes)
        laco = asyncio.get_running_loop()
        try:
            return await laco.run_in_executor(self._ensure(), trabalho)
        except BrokenProcessPool:
            self.close()
            return await laco.run_in_executor(self._ensure(), trabalho)

    def close(self) -> None:
        """End the processes; the next drawing starts new ones."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _ensure(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._processos, mp_context=multiprocessing.get_context("spawn"), max_tasks_per_child=500
            )
        return self._pool
