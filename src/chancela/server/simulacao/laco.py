"""An event loop without real time: when nothing is ready, the clock jumps to the next timer.

Work handed to a thread pool runs in the loop itself, a few virtual milliseconds later that the seed chooses: so tasks
interleave differently from seed to seed, and identically in every run of one seed.
"""

import asyncio
import contextvars
import selectors
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, TypeVar

import anyio.to_thread

from chancela.kit.clock import VirtualClock
from chancela.kit.randomness import Randomness

T = TypeVar("T")
_DEMORA_MAXIMA_US = 4_000
_RESOLUCAO_S = 1e-6


class Impasse(RuntimeError):
    """Nothing is ready and no timer is set: the simulated program waits for what cannot come."""


class _SeletorSemEspera(selectors.DefaultSelector):
    """Looks at the sockets and never waits for them: time passes on the virtual clock."""

    def __init__(self, relogio: VirtualClock) -> None:
        super().__init__()
        self._relogio = relogio

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        prontos = super().select(0)
        if prontos or timeout == 0:
            return prontos
        if timeout is None:
            raise Impasse("nothing is left to wait for")
        self._relogio.advance(max(0.0, timeout))
        return []


class LacoVirtual(asyncio.SelectorEventLoop):
    """asyncio on a `VirtualClock`; one thread, and the order of everything comes from `acaso`."""

    def __init__(self, relogio: VirtualClock, acaso: Randomness) -> None:
        self._virtual = relogio
        self._acaso = acaso
        super().__init__(_SeletorSemEspera(relogio))
        self._clock_resolution = _RESOLUCAO_S

    def time(self) -> float:
        return self._virtual.monotonic()

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> "asyncio.Future[T]":  # type: ignore[override]
        """Run `func` in this thread, a little later; `executor` is never used."""
        del executor
        futuro: asyncio.Future[T] = self.create_future()
        contexto = contextvars.copy_context()

        def run() -> None:
            if futuro.cancelled():
                return
            try:
                resultado = contexto.run(func, *args)
            except BaseException as erro:  # noqa: BLE001 - handed to whoever awaits, as a pool does
                futuro.set_exception(erro)
            else:
                futuro.set_result(resultado)

        self.call_later((1 + self._acaso.randbelow(_DEMORA_MAXIMA_US)) / 1e6, run)
        return futuro


@contextmanager
def virtual_loop(relogio: VirtualClock, acaso: Randomness) -> Generator[LacoVirtual]:
    """The loop, with the thread pool of the HTTP framework led into it for as long as it lives."""
    laco = LacoVirtual(relogio, acaso)
    verdadeiro = anyio.to_thread.run_sync

    async def run_sync(func: Callable[..., Any], *args: Any, **_: Any) -> Any:
        return await laco.run_in_executor(None, func, *args)

    anyio.to_thread.run_sync = run_sync  # type: ignore[assignment]
    try:
        yield laco
    finally:
        anyio.to_thread.run_sync = verdadeiro
        laco.close()
