"""The customers' receivers of webhooks: they take messages, and now and then they are down or answer too late."""

import asyncio
import json
from datetime import timedelta

from chancela.issuing.notificacao import TentativaEntrega
from chancela.kit.clock import Clock
from chancela.kit.randomness import SeededRandomness
from chancela.notifications.formatos import PedidoWebhook
from chancela.server.simulacao.enredo import Enredo
from chancela.server.simulacao.provas import Aviso, Provas

_SEM_FALHA = timedelta(hours=2)
_FALHA_POR_CEM = 10


class CarteiroVirtual:
    """Implements `notifications.entrega.Mensageiro`."""

    def __init__(self, enredo: Enredo, relogio: Clock, provas: Provas) -> None:
        self._enredo = enredo
        self._relogio = relogio
        self._provas = provas
        self._acaso = SeededRandomness(f"carteiro {enredo.semente}")

    async def post(self, url: str, pedido: PedidoWebhook) -> TentativaEntrega:
        """Deliver, or fail as receivers do: an error, or an answer that is lost after the message was taken."""
        await asyncio.sleep((1 + self._acaso.randbelow(300)) / 1000)
        agora = self._relogio.now()
        falha = agora < self._enredo.fim - _SEM_FALHA and self._acaso.randbelow(100) < _FALHA_POR_CEM
        chegou = not falha or bool(self._acaso.randbelow(2))
        if chegou:
            corpo = json.loads(pedido.corpo)
            empresa = url.removeprefix("https://").partition(".")[0]
            self._provas.avisos.append(
                Aviso(agora, empresa, pedido.cabecalhos["webhook-id"], corpo, aceito=not falha)
            )
            dados = corpo["data"]
            self._provas.trace(
                agora, "webhook", empresa, corpo["type"], dados.get("chave"), dados.get("estado"), not falha
            )
        if falha:
            return TentativaEntrega(500, 1)
        return TentativaEntrega(200, 1)
