"""How many calls one API process takes on at a time: a bound, a bounded queue before it, and a clear no beyond both.

A process that accepts without end answers nobody in time. What it refuses here was not read, let alone numbered: the
caller sends the same call again after `Retry-After`, and everything that did get in is carried to its end.
"""

import asyncio

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from chancela.faces.tffiscal.envelope import Resposta
from chancela.faces.tffiscal.erros import FaceErro

SEM_LIMITE = frozenset({"/healthz", "/readyz", "/metrics"})
"""What watches the process must be answered above all when it is full."""
ESPERA_S = 10.0
"""How long a call waits for its turn; past it the caller is better off coming back."""
VOLTE_EM_S = 2


class Vagas:
    """The places of one process. For its event loop only."""

    def __init__(self, simultaneas: int, fila: int, *, espera_s: float = ESPERA_S) -> None:
        self._livres = asyncio.Semaphore(simultaneas)
        self._fila = fila
        self._espera_s = espera_s
        self.em_andamento = 0
        self.na_fila = 0
        self.recusadas = 0

    async def enter(self) -> bool:
        """Take a place, waiting in the queue for one; False when there is none to be had. Pair True with `leave`."""
        if not await self._take():
            self.recusadas += 1
            return False
        self.em_andamento += 1
        return True

    def leave(self) -> None:
        """Give the place to the first in the queue."""
        self.em_andamento -= 1
        self._livres.release()

    async def _take(self) -> bool:
        if not self._livres.locked():
            return await self._livres.acquire()
        if self.na_fila >= self._fila:
            return False
        self.na_fila += 1
        try:
            async with asyncio.timeout(self._espera_s):
                return await self._livres.acquire()
        except TimeoutError:
            return False
        finally:
            self.na_fila -= 1


class ChamadasLimitadas:
    """ASGI middleware that lets a call in when there is a place, and answers HTTP 503 when there is none."""

    def __init__(self, app: ASGIApp, vagas: Vagas) -> None:
        self._app = app
        self._vagas = vagas

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in SEM_LIMITE:
            await self._app(scope, receive, send)
        elif await self._vagas.enter():
            try:
                await self._app(scope, receive, send)
            finally:
                self._vagas.leave()
        else:
            recusa = _refusal()
            resposta = Response(recusa.corpo(), recusa.status, dict(recusa.cabecalhos), recusa.tipo)
            await resposta(scope, receive, send)


def _refusal() -> Resposta:
    return FaceErro(
        503,
        "HTTP-06",
        "O servidor está ocupado e não aceitou esta chamada: nada dela foi executado.",
        f"Repita a mesma chamada em {VOLTE_EM_S} segundos, com o mesmo id.",
        cabecalhos={"Retry-After": str(VOLTE_EM_S)},
    ).answer()
