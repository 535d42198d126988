"""The id of the HTTP request that present work serves, wherever that work goes: other tasks, threads, a worker.

A request carries its id in the context of its task. What is stored on its behalf keeps it, and whoever takes the
stored work up again puts it back, so that every log line from HTTP to SEFAZ to webhook shows the same one.
"""

import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_ATUAL: ContextVar[str] = ContextVar("pedido_id", default="")
_FORMA = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:=/+-]{0,127}", re.ASCII)


def current_request() -> str:
    """The id of the request that is being served; empty when there is none."""
    return _ATUAL.get()


def bind_request(pedido_id: str) -> None:
    """From here on the present task serves this request. An empty id, of work that none asked for, changes nothing."""
    if pedido_id:
        _ATUAL.set(pedido_id)


def is_request_id(texto: str) -> bool:
    """Whether an id that came from outside may stand in logs and headers."""
    return _FORMA.fullmatch(texto) is not None


class ThreadsComContexto(ThreadPoolExecutor):
    """Threads that see the context of whoever handed them the work; `run_in_executor` alone would lose it."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        return super().submit(copy_context().run, fn, *args, **kwargs)
