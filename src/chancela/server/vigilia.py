"""Work that goes on beside the queue, in every worker: a step that is run again and again until told to stop."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

_log = structlog.get_logger("chancela.server.vigilia")


async def keep_running(
    nome: str, passo: Callable[[], Awaitable[object]], *, parar: asyncio.Event, intervalo_s: float
) -> None:
    """Run `passo` every `intervalo_s` seconds until `parar`. One that fails is logged and tried again."""
    while not parar.is_set():
        try:
            await passo()
        except Exception as erro:  # noqa: BLE001 - whatever it was, the worker goes on
            _log.error("vigilia_falhou", vigilia=nome, erro=type(erro).__name__, motivo=str(erro)[:300])
        with suppress(TimeoutError):
            await asyncio.wait_for(parar.wait(), intervalo_s)
