"""The network side: mutual TLS on one port, control on a plain loopback port, and the faults that happen to a wire."""

import asyncio
import contextlib
import signal
import ssl
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from chancela.kit.clock import Clock, SystemClock
from chancela.simulator import soap
from chancela.simulator.cenarios import run_due_orders
from chancela.simulator.configuracao import ConfiguracaoSimulador
from chancela.simulator.controle import Controle
from chancela.simulator.controle_http import PedidoInvalido, read_bytes
from chancela.simulator.sefaz import Desfecho, Sefaz
from chancela.simulator.servicos.catalogo import find_servico

if TYPE_CHECKING:
    from chancela.simulator.renegociacao import PortaRenegociacao

CORPO_MAXIMO = 4 * 1024 * 1024
EXPORTACAO_MAXIMA = 256 * 1024 * 1024
_SEM_VALIDADE = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME: an expired certificate passes the handshake and is judged by rule A02 on our clock."""
_RITMO_PORTA_S = 0.05
_LOOPBACK = "127.0.0.1"
"""The control API can do anything to the ledger: it never listens beyond this machine."""


@dataclass(slots=True)
class _Porta:
    """The TLS port while it is open."""

    site: web.TCPSite | None = None


class Simulador:
    """A running simulator. `start`, use, `stop`; or `run_simulator` for a whole process."""

    def __init__(self, config: ConfiguracaoSimulador, clock: Clock | None = None) -> None:
        self._config = config
        self.sefaz = Sefaz.open(config, clock or SystemClock())
        self._porta = _Porta()
        self._executores: list[web.AppRunner] = []
        self._vigia: asyncio.Task[None] | None = None
        self._renegociacao: PortaRenegociacao | None = None
        self.porta = config.porta
        self.porta_controle = 0
        self.porta_renegociacao = 0

    @property
    def url(self) -> str:
        return f"https://{self._config.host}:{self.porta}"

    @property
    def controle_url(self) -> str:
        return f"http://{_LOOPBACK}:{self.porta_controle}"

    @property
    def renegociacao_url(self) -> str:
        """The port that asks for the certificate after the request; empty when it is not open."""
        return f"https://{self._config.host}:{self.porta_renegociacao}" if self._renegociacao else ""

    @property
    def listening(self) -> bool:
        """Whether the TLS port is open (the fault plan may close it)."""
        return self._porta.site is not None

    async def start(self) -> None:
        """Open both ports."""
        app = web.Application(client_max_size=CORPO_MAXIMO)
        controle = Controle(self.sefaz)
        controle.add_routes(app)
        app.router.add_get("/{caminho:.*}", self._describe)
        app.router.add_post("/{caminho:.*}", self._serve)
        executor = web.AppRunner(app, access_log=None, keepalive_timeout=75.0, shutdown_timeout=2.0)
        await executor.setup()
        so_controle = web.Application(client_max_size=EXPORTACAO_MAXIMA)
        controle.add_routes(so_controle)
        executor_controle = web.AppRunner(so_controle, access_log=None, shutdown_timeout=2.0)
        await executor_controle.setup()
        self._executores = [executor, executor_controle]
        await self._open_port()
        desejada = self._config.porta_controle
        proxima = 0 if self._config.porta == 0 else self.porta + 1
        site = web.TCPSite(executor_controle, _LOOPBACK, proxima if desejada is None else desejada)
        await site.start()
        self.porta_controle = _bound_port(executor_controle, site)
        await self._open_renegotiation()
        self._vigia = asyncio.create_task(self._watch_port())

    async def _open_renegotiation(self) -> None:
        desejada = self._config.porta_renegociacao
        if desejada is None:
            return
        from chancela.simulator.renegociacao import (
            PortaRenegociacao,  # OpenSSL's bindings, for whoever asks for them
        )

        autoridade, estranha = self.sefaz.autoridade, self.sefaz.estranha
        confiaveis = [autoridade.ca_file, estranha.ca_file]
        porta = PortaRenegociacao(autoridade.servidor_pem, autoridade.servidor_key, confiaveis, self._judge)
        self.porta_renegociacao = await porta.start(self._config.host, desejada)
        self._renegociacao = porta

    async def stop(self) -> None:
        """Close the ports and the ledger."""
        if self._vigia is not None:
            self._vigia.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._vigia
        if self._renegociacao is not None:
            await self._renegociacao.stop()
        for executor in self._executores:
            await executor.cleanup()
        self.sefaz.close()

    def tls_context(self) -> ssl.SSLContext:
        """Server side of the mutual TLS: certificates under our CAs, or none (which gets 403)."""
        contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexto.minimum_version = ssl.TLSVersion.TLSv1_2
        contexto.load_cert_chain(self.sefaz.autoridade.servidor_pem, self.sefaz.autoridade.servidor_key)
        contexto.load_verify_locations(self.sefaz.autoridade.ca_file)
        contexto.load_verify_locations(self.sefaz.estranha.ca_file)
        contexto.verify_mode = ssl.CERT_OPTIONAL
        contexto.verify_flags = ssl.VerifyFlags(contexto.verify_flags | _SEM_VALIDADE)
        contexto.set_alpn_protocols(["http/1.1"])
        return contexto

    async def _open_port(self) -> None:
        site = web.TCPSite(
            self._executores[0],
            self._config.host,
            self.porta,
            ssl_context=self.tls_context(),
            reuse_address=True,
            backlog=512,
        )
        await site.start()
        self._porta.site = site
        self.porta = _bound_port(self._executores[0], site)

    async def _watch_port(self) -> None:
        """Close and reopen the port as the fault plan says (`refuse` without filters)."""
        while True:
            run_due_orders(self.sefaz, self.sefaz.relogio.now())
            fechar = self.sefaz.plano.port_closed(self.sefaz.relogio.now())
            if fechar and self._porta.site is not None:
                await self._porta.site.stop()
                self._porta.site = None
            elif not fechar and self._porta.site is None:
                with contextlib.suppress(OSError):
                    await self._open_port()
            await asyncio.sleep(_RITMO_PORTA_S)

    async def _describe(self, pedido: web.Request) -> web.Response:
        """A minimal WSDL for `?wsdl`; anything else is not there."""
        servico = find_servico(pedido.path)
        if servico is None or "wsdl" not in {nome.lower() for nome in pedido.query}:
            return web.Response(status=404 if servico is None else 405, text="Not Found\n")
        endereco = f"{self.url}{pedido.path}"
        return web.Response(
            text=soap.wsdl(servico.nome, servico.metodo, endereco), content_type="text/xml", charset="utf-8"
        )

    async def _serve(self, pedido: web.Request) -> web.StreamResponse:
        try:
            corpo = await read_bytes(pedido)
        except PedidoInvalido as erro:
            return web.Response(status=400, text=f"{erro}\n")
        transporte = pedido.transport
        tls = transporte.get_extra_info("ssl_object") if transporte is not None else None
        der = tls.getpeercert(binary_form=True) if tls is not None else None
        desfecho = await self._judge(pedido.path, corpo, der)
        if desfecho.atraso_s:
            await asyncio.sleep(desfecho.atraso_s)
        if desfecho.corta_apos is not None:
            return await self._cut(pedido, desfecho.corpo[: desfecho.corta_apos], desfecho.tipo, desfecho)
        return web.Response(
            body=desfecho.corpo, status=desfecho.status, headers={"Content-Type": desfecho.tipo}
        )

    async def _judge(self, caminho: str, corpo: bytes, der: bytes | None) -> Desfecho:
        """What leaves for one request, whichever port it came in by."""
        if self.sefaz.plano.port_closed(self.sefaz.relogio.now()):
            return Desfecho(b"", "text/plain", corta_apos=0)
        espera = self.sefaz.delay_before(caminho)
        if espera:
            await asyncio.sleep(espera)
        return self.sefaz.handle(caminho, corpo, der)

    async def _cut(
        self, pedido: web.Request, parte: bytes, tipo: str, desfecho: Desfecho | None = None
    ) -> web.StreamResponse:
        """Send `parte` of the announced body (or nothing at all) and drop the connection."""
        transporte = pedido.transport
        resposta = web.StreamResponse(headers={"Content-Type": tipo})
        if parte and desfecho is not None:
            resposta.content_length = len(desfecho.corpo)
            await resposta.prepare(pedido)
            await resposta.write(parte)
            await asyncio.sleep(0)
        if transporte is not None:
            transporte.close() if parte else transporte.abort()
        return resposta


def _bound_port(executor: web.AppRunner, site: web.TCPSite) -> int:
    """The port that a site really got."""
    servidor = site._server  # pyright: ignore[reportPrivateUsage]
    assert servidor is not None
    del executor
    return int(servidor.sockets[0].getsockname()[1])  # pyright: ignore[reportAttributeAccessIssue]


async def run_simulator(
    config: ConfiguracaoSimulador, clock: Clock | None = None, pronto: asyncio.Event | None = None
) -> None:
    """Serve until SIGTERM or SIGINT. `pronto` is set once both ports answer."""
    simulador = Simulador(config, clock)
    parar = asyncio.Event()
    laco = asyncio.get_running_loop()
    if sys.platform != "win32":
        for sinal in (signal.SIGTERM, signal.SIGINT):
            laco.add_signal_handler(sinal, parar.set)
    await simulador.start()
    if pronto is not None:
        pronto.set()
    try:
        await parar.wait()
    finally:
        await simulador.stop()
