"""One message to one address, over the rules of `gateways.destino`. Whatever happens is the outcome of a try."""

import asyncio
import ssl
from collections.abc import Sequence

import aiohttp

from chancela import __version__
from chancela.gateways.destino import (
    DestinoRecusado,
    Resolver,
    check_destino,
    locate,
    open_session,
    resolve_host,
)
from chancela.issuing.notificacao import TentativaEntrega
from chancela.kit.addresses import Network
from chancela.kit.clock import Clock
from chancela.notifications.formatos import PedidoWebhook

PRAZO_S = 15.0
_RESPOSTA_MAXIMA = 500


class Carteiro:
    """Posts messages."""

    def __init__(
        self,
        clock: Clock,
        *,
        redes_permitidas: Sequence[Network] = (),
        contexto_tls: ssl.SSLContext | None = None,
        resolver: Resolver = resolve_host,
        prazo_s: float = PRAZO_S,
    ) -> None:
        self._clock = clock
        self._redes = tuple(redes_permitidas)
        self._tls = contexto_tls or ssl.create_default_context()
        self._resolver = resolver
        self._prazo_s = prazo_s

    async def post(self, url: str, pedido: PedidoWebhook) -> TentativaEntrega:
        """Send once. The address is judged anew in every try: names move."""
        inicio = self._clock.monotonic()
        status, erro, resposta = None, "", ""
        try:
            async with asyncio.timeout(self._prazo_s):
                endereco = await locate(check_destino(url, aceita_http=True), self._redes, self._resolver)
                status, resposta = await self._send(url, endereco, pedido)
        except DestinoRecusado as recusa:
            erro = f"O endereço {recusa.mensagem}"
        except TimeoutError:
            erro = f"Sem resposta em {self._prazo_s:g} segundos."
        except (aiohttp.ClientError, OSError, ValueError) as falha:
            erro = f"A conexão falhou ({type(falha).__name__})."
        duracao_ms = round((self._clock.monotonic() - inicio) * 1000)
        return TentativaEntrega(status, duracao_ms, erro, resposta)

    async def _send(self, url: str, endereco: str, pedido: PedidoWebhook) -> tuple[int, str]:
        cabecalhos = {
            **pedido.cabecalhos,
            "User-Agent": f"Chancela/{__version__}",
            "Accept-Encoding": "identity",
        }
        async with (
            open_session(endereco, self._tls) as sessao,
            sessao.post(url, data=pedido.corpo, headers=cabecalhos, allow_redirects=False) as resposta,
        ):
            inicio = await resposta.content.read(_RESPOSTA_MAXIMA)
            return resposta.status, inicio.decode("utf-8", "replace").replace("\x00", "")
