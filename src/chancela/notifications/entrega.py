"""Delivering what waits: at least once, in order per target, with growing pauses, and an end.

A try that fails comes again after the next pause of `PAUSAS_S`, up to a fifth longer so that a receiver that comes
back is not stormed. After the last one the message is dead until a person sends it again.
"""

import asyncio
from collections.abc import Mapping
from concurrent.futures import Executor
from functools import partial
from typing import Protocol, TypeVar

import structlog

from chancela.issuing.notificacao import EntregaTomada, TentativaEntrega
from chancela.kit.clock import Clock
from chancela.kit.quedas import Pontos, no_points
from chancela.kit.randomness import Randomness
from chancela.kit.requisicao import bind_request
from chancela.notifications.envio import PRAZO_S
from chancela.notifications.formatos import FORMATOS, Formato, PedidoWebhook
from chancela.stores.entregas import EntregasPg

T = TypeVar("T")
PAUSAS_S = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200, 86_400)
"""About two days and a half in all."""
_LOTE = 32
_POSSE_S = PRAZO_S * 2
_log = structlog.get_logger("chancela.notifications.entrega")


class Mensageiro(Protocol):
    """What posts one message: `envio.Carteiro`."""

    async def post(self, url: str, pedido: PedidoWebhook) -> TentativaEntrega:
        """Send once; whatever happens is the outcome of a try."""
        ...


class Entregador:
    """The hand of one worker on the outbox."""

    def __init__(
        self,
        entregas: EntregasPg,
        carteiro: Mensageiro,
        clock: Clock,
        randomness: Randomness,
        executor: Executor,
        *,
        formatos: Mapping[str, Formato] = FORMATOS,
        pontos: Pontos = no_points,
    ) -> None:
        self._entregas = entregas
        self._carteiro = carteiro
        self._clock = clock
        self._randomness = randomness
        self._executor = executor
        self._formatos = formatos
        self._pontos = pontos

    async def deliver_due(self) -> int:
        """Deliver until nothing is due; returns how many tries were made."""
        feitas = 0
        while True:
            tomadas = await self._in_thread(partial(self._entregas.take, limite=_LOTE, prazo_s=_POSSE_S))
            if not tomadas:
                return feitas
            await asyncio.gather(*(self._deliver(tomada) for tomada in tomadas))
            feitas += len(tomadas)

    async def _deliver(self, tomada: EntregaTomada) -> None:
        bind_request(str(tomada.entrega.mensagem.dados.get("pedido_id", "")))
        pedido = self._formatos[tomada.formato](tomada, self._clock.now())
        tentativa = await self._carteiro.post(tomada.url, pedido)
        self._pontos("webhook_enviado")
        nova_em_s = self._next_pause(tomada, tentativa)
        _log.info(
            "webhook_entregue" if tentativa.aceita else "webhook_nao_entregue",
            entrega=tomada.entrega.id,
            tentativa=tomada.entrega.tentativas,
            status=tentativa.status_http,
            motivo=tentativa.erro or None,
            nova_em_s=nova_em_s,
        )
        gravar = partial(self._entregas.record, tomada.entrega, tentativa, nova_em_s=nova_em_s)
        await self._in_thread(gravar)

    def _next_pause(self, tomada: EntregaTomada, tentativa: TentativaEntrega) -> float | None:
        feitas = tomada.entrega.rodada
        if tentativa.definitiva or feitas > len(PAUSAS_S):
            return None
        pausa_s = PAUSAS_S[feitas - 1]
        return pausa_s * (1 + self._randomness.randbelow(200) / 1000)

    async def _in_thread(self, trabalho: "partial[T]") -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, trabalho)
