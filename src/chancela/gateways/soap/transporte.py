"""Sends one request and reads one answer over mutual TLS, and knows whether the request may have arrived.

The line that matters runs between "surely not delivered" (`EntregaRecusada`, may be sent again) and "outcome
unknown" (`EntregaIncerta`, ask by key first). It is drawn where the connection becomes ready: whatever fails
before could not have carried a byte of the request; whatever fails after might have. Past that point only the
host's own word puts a failure back on the safe side: a TLS alert about our certificate, or an HTTP status that a
server gives instead of processing.
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp

from chancela.gateways.soap.contexto_tls import CertificadoCliente, ContextosTls
from chancela.gateways.soap.perfis_tls import PerfisTls
from chancela.gateways.soap.troca import EntregaIncerta, EntregaRecusada, Troca
from chancela.kit.clock import Clock


@dataclass(frozen=True, slots=True)
class Prazos:
    """Limits of one exchange, in seconds and bytes."""

    conexao_s: float = 10.0
    total_s: float = 25.0
    ociosa_s: float = 10.0
    """How long an idle connection is kept. Short: a host that closes one while we write leaves an unknown outcome."""
    resposta_bytes: int = 8 * 1024 * 1024
    conexoes_por_host: int = 8


@dataclass(frozen=True, slots=True)
class Resposta:
    """An answer with a body. `troca` is how it came."""

    corpo: bytes
    troca: Troca


class Transporte(Protocol):
    """What carries a SOAP request: the network (`TransporteSoap`), a recorder around it, or a folder of recordings."""

    async def post(
        self,
        url: str,
        corpo: bytes,
        *,
        tipo: str,
        servico: str,
        certificado: CertificadoCliente,
        prazo_s: float | None = None,
    ) -> Resposta:
        """Send `corpo`; raises `EntregaRecusada` or `EntregaIncerta`."""
        ...

    async def close(self) -> None:
        """Let go of what it holds."""
        ...


STATUS_NAO_PROCESSADO = frozenset({301, 307, 308, 401, 403, 404, 405, 411, 413, 415, 429})
"""HTTP statuses that a server gives instead of handing the request to the service. 302 and 303 are not among them:
they may follow a request that was processed."""

_ALERTAS_DO_CERTIFICADO = frozenset(
    {
        "TLSV13_ALERT_CERTIFICATE_REQUIRED",
        "TLSV1_ALERT_UNKNOWN_CA",
        "TLSV1_ALERT_ACCESS_DENIED",
        "SSLV3_ALERT_BAD_CERTIFICATE",
        "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
        "SSLV3_ALERT_CERTIFICATE_REVOKED",
        "SSLV3_ALERT_CERTIFICATE_EXPIRED",
        "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
    }
)
"""Alerts by which the host refuses our certificate. They come before the host reads the request as application data
(TLS 1.3), or while it holds the request back (renegotiation), so nothing was processed."""


Observador = Callable[[Troca], None]
"""Told of every exchange, answered or not; it must be quick and must not fail."""


def _unobserved(_: Troca) -> None:
    return


class TransporteSoap:
    """One pool of connections for the process. Make it inside the running loop; `close` it at the end."""

    def __init__(
        self,
        *,
        clock: Clock,
        contextos: ContextosTls,
        perfis: PerfisTls,
        prazos: Prazos | None = None,
        observador: Observador = _unobserved,
    ) -> None:
        self._clock = clock
        self._observador = observador
        self._contextos = contextos
        self._perfis = perfis
        self._prazos = prazos or Prazos()
        self._sessao: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close every idle connection."""
        if self._sessao is not None:
            await self._sessao.close()
            self._sessao = None

    async def post(
        self,
        url: str,
        corpo: bytes,
        *,
        tipo: str,
        servico: str,
        certificado: CertificadoCliente,
        prazo_s: float | None = None,
    ) -> Resposta:
        """Send `corpo` to `url` and return the answer whose HTTP status a service gives (2xx, or 400 and 5xx with a body).

        `tipo` is the Content-Type. Raises `EntregaRecusada`, `EntregaIncerta`, or `CertificadoInvalido` when the
        certificate cannot be loaded.
        """
        perfil = self._perfis.profile_of(_host(url))
        contexto = self._contextos.cached(certificado, perfil)
        if contexto is None:
            contexto = await asyncio.to_thread(self._contextos.context, certificado, perfil)
        medida = _Medida(Troca(url, servico, self._clock.now(), 0, len(corpo)), self._clock)
        try:
            resposta = await self._exchange(url, corpo, tipo, contexto, medida, prazo_s)
        except (EntregaIncerta, EntregaRecusada) as erro:
            self._observador(erro.troca)
            raise
        except (aiohttp.ClientError, OSError, TimeoutError) as erro:
            falha = _failure(erro, medida)
            self._observador(falha.troca)
            raise falha from erro
        self._observador(resposta.troca)
        return resposta

    async def _exchange(
        self,
        url: str,
        corpo: bytes,
        tipo: str,
        contexto: ssl.SSLContext,
        medida: "_Medida",
        prazo_s: float | None,
    ) -> Resposta:
        prazos = self._prazos
        limite = aiohttp.ClientTimeout(
            total=prazo_s or prazos.total_s, connect=prazos.conexao_s, sock_connect=prazos.conexao_s
        )
        # Content is asked for uncompressed: a truncated gzip would hide how much came.
        cabecalhos = {
            "Content-Type": tipo,
            "Accept": "application/soap+xml, text/xml",
            "Accept-Encoding": "identity",
        }
        async with self._session().post(
            url,
            data=corpo,
            headers=cabecalhos,
            ssl=contexto,
            allow_redirects=False,
            timeout=limite,
            trace_request_ctx=medida,
        ) as resposta:
            medida.note_answer(resposta)
            recebido = bytearray()
            async for pedaco in resposta.content.iter_chunked(65_536):
                recebido += pedaco
                medida.recebidos = len(recebido)
                if len(recebido) > prazos.resposta_bytes:
                    raise medida.uncertain(
                        "REDE-RESPOSTA-GRANDE", "A resposta da SEFAZ passou do tamanho aceito."
                    )
            _judge_status(resposta.status, bytes(recebido), medida)
            return Resposta(bytes(recebido), medida.troca())

    def _session(self) -> aiohttp.ClientSession:
        if self._sessao is None:
            rastro = aiohttp.TraceConfig()
            rastro.on_connection_create_end.append(_on_ready)
            rastro.on_connection_reuseconn.append(_on_reused)
            conector = aiohttp.TCPConnector(
                limit=0,
                limit_per_host=self._prazos.conexoes_por_host,
                keepalive_timeout=self._prazos.ociosa_s,
                ttl_dns_cache=60,
            )
            self._sessao = aiohttp.ClientSession(
                connector=conector,
                trace_configs=[rastro],
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("User-Agent",),
                auto_decompress=True,
                response_class=_RespostaComTls,
            )
        return self._sessao


class _RespostaComTls(aiohttp.ClientResponse):
    """Notes version and suite of the connection, which is gone once a short answer was read."""

    tls: tuple[str, str] = ("", "")

    async def start(self, connection: Any) -> aiohttp.ClientResponse:
        transporte = connection.transport
        objeto: Any = None if transporte is None else transporte.get_extra_info("ssl_object")
        if objeto is not None:
            self.tls = (str(objeto.version() or ""), str((objeto.cipher() or ("",))[0]))
        return await super().start(connection)


class _Medida:
    """What is known so far of an exchange under way."""

    def __init__(self, troca: Troca, clock: Clock) -> None:
        self._troca = troca
        self._clock = clock
        self._comeco_s = clock.monotonic()
        self.pronta = False
        """The connection was ready: from here on a byte of the request may have left."""
        self.reaproveitada = False
        self.recebidos = 0
        self._status: int | None = None
        self._tls: tuple[str, str] = ("", "")

    def note_answer(self, resposta: aiohttp.ClientResponse) -> None:
        self._status = resposta.status
        if isinstance(resposta, _RespostaComTls):
            self._tls = resposta.tls

    def troca(self, falha: str = "") -> Troca:
        return replace(
            self._troca,
            duracao_ms=max(0, round((self._clock.monotonic() - self._comeco_s) * 1000)),
            bytes_recebidos=self.recebidos,
            http_status=self._status,
            conexao_reaproveitada=self.reaproveitada,
            versao_tls=self._tls[0],
            cifra=self._tls[1],
            falha=falha,
        )

    def uncertain(self, codigo: str, mensagem: str) -> EntregaIncerta:
        correcao = "Não reenvie: a situação da nota é consultada pela chave antes de qualquer nova tentativa."
        return EntregaIncerta(codigo, mensagem, correcao, self.troca(codigo))

    def refused(self, codigo: str, mensagem: str, correcao: str) -> EntregaRecusada:
        return EntregaRecusada(codigo, mensagem, correcao, self.troca(codigo))


async def _on_ready(
    _: aiohttp.ClientSession, contexto: SimpleNamespace, __: aiohttp.TraceConnectionCreateEndParams
) -> None:
    contexto.trace_request_ctx.pronta = True


async def _on_reused(
    _: aiohttp.ClientSession, contexto: SimpleNamespace, __: aiohttp.TraceConnectionReuseconnParams
) -> None:
    contexto.trace_request_ctx.pronta = True
    contexto.trace_request_ctx.reaproveitada = True


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _judge_status(status: int, corpo: bytes, medida: _Medida) -> None:
    """Let through what a service answers with; raise for what stands in its place."""
    if status in STATUS_NAO_PROCESSADO:
        mensagem, correcao = _RECUSAS_HTTP.get(status, _RECUSA_HTTP_COMUM)
        raise medida.refused(f"REDE-HTTP-{status}", mensagem, correcao)
    if status == 400 and b"SSL certificate" in corpo:
        # nginx says so of a missing or unacceptable client certificate, before any service sees the request.
        raise medida.refused("REDE-HTTP-400-CERT", *_RECUSAS_HTTP[403])
    if 200 <= status < 300 or (status in (400, 500) and b"Envelope" in corpo):
        return
    raise medida.uncertain(
        f"REDE-HTTP-{status}", f"A SEFAZ respondeu com o erro HTTP {status}, sem dizer o que fez do pedido."
    )


_RECUSAS_HTTP: Mapping[int, tuple[str, str]] = {
    403: (
        "A SEFAZ não aceitou o certificado nesta conexão (HTTP 403).",
        "Confira se o certificado da empresa é ICP-Brasil, está na validade e pode ser usado para autenticação.",
    ),
    404: ("O serviço não existe neste endereço da SEFAZ (HTTP 404).", "Confira os endereços configurados."),
    429: (
        "A SEFAZ pediu para esperar antes de enviar mais (HTTP 429).",
        "Aguarde: o envio é refeito mais tarde.",
    ),
}
_RECUSA_HTTP_COMUM = ("A SEFAZ não aceitou o pedido neste endereço.", "Confira os endereços configurados.")


def _failure(erro: BaseException, medida: _Medida) -> EntregaIncerta | EntregaRecusada:
    """The meaning of a failure of the network, by how far the exchange had gone."""
    alerta = _certificate_alert(erro)
    if alerta:
        return medida.refused(
            "REDE-TLS-CERTIFICADO",
            f"A SEFAZ recusou o certificado na conexão ({alerta}).",
            _RECUSAS_HTTP[403][1],
        )
    if medida.pronta:
        if isinstance(erro, TimeoutError):
            return medida.uncertain("REDE-PRAZO", "A SEFAZ não respondeu dentro do prazo.")
        if isinstance(erro, aiohttp.ClientPayloadError):
            return medida.uncertain("REDE-RESPOSTA-CORTADA", "A resposta da SEFAZ chegou incompleta.")
        if isinstance(erro, aiohttp.ClientResponseError):
            return medida.uncertain("REDE-RESPOSTA-ILEGIVEL", "A resposta da SEFAZ não é HTTP válido.")
        return medida.uncertain("REDE-CONEXAO-CAIU", "A conexão com a SEFAZ caiu antes da resposta.")
    depois = "Nada foi enviado: a tentativa é refeita."
    if isinstance(erro, aiohttp.ClientConnectorCertificateError):
        return medida.refused(
            "REDE-TLS-SERVIDOR",
            "O certificado do servidor da SEFAZ não é de uma autoridade confiável.",
            "Confira as raízes ICP-Brasil instaladas e se há um intermediário na rede.",
        )
    if isinstance(erro, aiohttp.ClientConnectorDNSError):
        return medida.refused("REDE-DNS", "O endereço da SEFAZ não foi encontrado na rede.", depois)
    if isinstance(erro, aiohttp.ClientConnectorSSLError | ssl.SSLError):
        return medida.refused(
            "REDE-TLS", "Não houve acordo de segurança (TLS) com o servidor da SEFAZ.", depois
        )
    if isinstance(erro, TimeoutError):
        return medida.refused("REDE-CONEXAO-PRAZO", "A SEFAZ não aceitou a conexão dentro do prazo.", depois)
    if isinstance(erro, aiohttp.InvalidURL):
        return medida.refused(
            "REDE-ENDERECO", "O endereço da SEFAZ não é válido.", "Confira os endereços configurados."
        )
    return medida.refused("REDE-SEM-CONEXAO", "Não foi possível conectar à SEFAZ.", depois)


def _certificate_alert(erro: BaseException | None) -> str:
    """The TLS alert about our certificate somewhere in the chain of causes; empty when there is none."""
    for _ in range(6):
        if erro is None:
            return ""
        motivo = getattr(erro, "reason", None)
        if isinstance(erro, ssl.SSLError) and motivo in _ALERTAS_DO_CERTIFICADO:
            return str(motivo)
        # aiohttp turns the SSLError of a running connection into a ClientOSError with the same text.
        achado = next((a for a in _ALERTAS_DO_CERTIFICADO if a in str(erro)), "")
        if achado:
            return achado
        erro = erro.__cause__ or erro.__context__
    return ""
