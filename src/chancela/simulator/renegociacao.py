"""A second TLS port that asks for the client certificate only after the request, by renegotiation, as several hosts do.

BA, SP, SVAN, SVC-AN and the Ambiente Nacional speak so: TLS 1.2, handshake without a certificate, HTTP request,
HelloRequest, second handshake with the certificate, answer. Python's `ssl` has no call for it, so the connection is
OpenSSL's own (pyOpenSSL) over memory buffers, and the little HTTP/1.1 that SOAP needs is written here.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL

from chancela.simulator.sefaz import Desfecho

_LEITURA = 65_536
_CORPO_MAXIMO = 4 * 1024 * 1024
_CABECALHO_MAXIMO = 64 * 1024
_ESPERA_S = 75.0
_FORA_DA_VALIDADE = frozenset({9, 10})
"""X509_V_ERR_CERT_NOT_YET_VALID and _HAS_EXPIRED: judged by rule A02 on our clock, not by the handshake."""
Atendente = Callable[[str, bytes, bytes | None], Awaitable[Desfecho]]
"""Answers path, body and client certificate (DER)."""


class ConexaoEncerrada(Exception):
    """The client went away, or spoke no HTTP."""


@dataclass(frozen=True, slots=True)
class _Pedido:
    metodo: str
    caminho: str
    corpo: bytes
    mantem: bool


class PortaRenegociacao:
    """The port while it is open."""

    def __init__(self, certificado: Path, chave: Path, confiaveis: list[Path], atendente: Atendente) -> None:
        contexto = SSL.Context(SSL.TLS_SERVER_METHOD)
        contexto.set_min_proto_version(SSL.TLS1_2_VERSION)
        contexto.set_max_proto_version(SSL.TLS1_2_VERSION)  # TLS 1.3 has no renegotiation
        contexto.use_certificate_chain_file(str(certificado))
        contexto.use_privatekey_file(str(chave))
        for arquivo in confiaveis:
            contexto.load_verify_locations(str(arquivo))
        contexto.set_session_id(b"renegociacao")
        contexto.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        contexto.set_options(SSL.OP_NO_TICKET)  # a resumed second handshake would ask for no certificate
        self._contexto = contexto
        self._atendente = atendente
        self._servidor: asyncio.Server | None = None
        self._tarefas: set[asyncio.Task[None]] = set()

    async def start(self, host: str, porta: int) -> int:
        """Listen, and say on which port."""
        self._servidor = await asyncio.start_server(self._accept, host, porta)
        return int(self._servidor.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Close the port and what is still being said."""
        if self._servidor is not None:
            self._servidor.close()
            for tarefa in list(self._tarefas):
                tarefa.cancel()
            await asyncio.gather(*self._tarefas, return_exceptions=True)
            await self._servidor.wait_closed()

    async def _accept(self, leitor: asyncio.StreamReader, escritor: asyncio.StreamWriter) -> None:
        tarefa = asyncio.current_task()
        assert tarefa is not None
        self._tarefas.add(tarefa)
        try:
            await _Conversa(SSL.Connection(self._contexto, None), leitor, escritor, self._atendente).run()
        except (ConexaoEncerrada, SSL.Error, ConnectionError, TimeoutError):
            pass  # a client that leaves in the middle is no fault of ours
        finally:
            self._tarefas.discard(tarefa)
            escritor.close()
            with contextlib.suppress(ConnectionError, TimeoutError):
                await escritor.wait_closed()


class _Conversa:
    """One connection: handshake, requests, renegotiation before the first answer."""

    def __init__(
        self,
        tls: SSL.Connection,
        leitor: asyncio.StreamReader,
        escritor: asyncio.StreamWriter,
        atendente: Atendente,
    ) -> None:
        self._tls = tls
        self._leitor = leitor
        self._escritor = escritor
        self._atendente = atendente
        self._recebido = b""
        self._perguntado = False
        tls.set_accept_state()

    async def run(self) -> None:
        await self._handshake()
        while (pedido := await self._read_request()) is not None:
            if not self._perguntado:
                await self._ask_certificate()
            certificado = self._tls.get_peer_certificate()
            der = (
                certificado.to_cryptography().public_bytes(Encoding.DER) if certificado is not None else None
            )
            desfecho = await self._atendente(pedido.caminho, pedido.corpo, der)
            if desfecho.atraso_s:
                await asyncio.sleep(desfecho.atraso_s)
            if not await self._answer(desfecho, mantem=pedido.mantem):
                return

    async def _handshake(self) -> None:
        while True:
            try:
                self._tls.do_handshake()
            except SSL.WantReadError:
                await self._flush()
                await self._feed()
            else:
                await self._flush()
                return

    async def _ask_certificate(self) -> None:
        """HelloRequest, and the second handshake, which is over when the client has said Finished anew."""
        self._perguntado = True
        self._tls.set_verify(SSL.VERIFY_PEER, _accept_certificate)
        primeiro = self._tls.get_peer_finished()
        self._tls.renegotiate()
        self._tls.do_handshake()
        await self._flush()
        while self._tls.get_peer_finished() == primeiro:
            await self._more()

    def _pump(self) -> None:
        """Let OpenSSL work on what came in; application data waits in `_recebido`."""
        while True:
            try:
                self._recebido += self._tls.recv(_LEITURA)
            except SSL.WantReadError:
                return
            except (SSL.ZeroReturnError, SSL.SysCallError):
                raise ConexaoEncerrada from None

    async def _feed(self) -> None:
        dados = await asyncio.wait_for(self._leitor.read(_LEITURA), _ESPERA_S)
        if not dados:
            raise ConexaoEncerrada
        self._tls.bio_write(dados)

    async def _flush(self) -> None:
        with contextlib.suppress(SSL.WantReadError):
            while True:
                self._escritor.write(self._tls.bio_read(_LEITURA))
        await self._escritor.drain()

    async def _more(self) -> None:
        await self._feed()
        self._pump()
        await self._flush()

    async def _read_request(self) -> _Pedido | None:
        """One request, or None when the client closed between two."""
        self._pump()
        while b"\r\n\r\n" not in self._recebido:
            if len(self._recebido) > _CABECALHO_MAXIMO:
                raise ConexaoEncerrada
            try:
                await self._more()
            except ConexaoEncerrada:
                return None
        cabeca, _, self._recebido = self._recebido.partition(b"\r\n\r\n")
        linha, *campos = cabeca.decode("latin-1").split("\r\n")
        metodo, caminho, versao = (*linha.split(" "), "", "", "")[:3]
        cabecalhos = {
            nome.strip().lower(): valor.strip() for nome, _, valor in (c.partition(":") for c in campos)
        }
        if cabecalhos.get("expect", "").lower() == "100-continue":
            self._tls.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            await self._flush()
        mantem = versao == "HTTP/1.1" and cabecalhos.get("connection", "").lower() != "close"
        return _Pedido(metodo, caminho.partition("?")[0], await self._read_body(cabecalhos), mantem)

    async def _read_body(self, cabecalhos: dict[str, str]) -> bytes:
        if cabecalhos.get("transfer-encoding", "").lower() == "chunked":
            return await self._read_chunks()
        tamanho = cabecalhos.get("content-length", "0")
        if not tamanho.isdigit() or int(tamanho) > _CORPO_MAXIMO:
            raise ConexaoEncerrada
        return await self._take(int(tamanho))

    async def _read_chunks(self) -> bytes:
        corpo = b""
        while len(corpo) <= _CORPO_MAXIMO:
            while b"\r\n" not in self._recebido:
                await self._more()
            linha, _, self._recebido = self._recebido.partition(b"\r\n")
            try:
                tamanho = int(linha.partition(b";")[0], 16)
            except ValueError:
                raise ConexaoEncerrada from None
            corpo += (await self._take(tamanho + 2))[:tamanho]
            if tamanho == 0:
                return corpo
        raise ConexaoEncerrada

    async def _take(self, tamanho: int) -> bytes:
        while len(self._recebido) < tamanho:
            await self._more()
        dados, self._recebido = self._recebido[:tamanho], self._recebido[tamanho:]
        return dados

    async def _answer(self, desfecho: Desfecho, *, mantem: bool) -> bool:
        """Write the answer, or the part of it that a fault lets out; whether the connection goes on."""
        if desfecho.corta_apos == 0:
            self._escritor.transport.abort()
            return False
        frase = HTTPStatus(desfecho.status).phrase
        fim = "keep-alive" if mantem else "close"
        cabeca = (
            f"HTTP/1.1 {desfecho.status} {frase}\r\nContent-Type: {desfecho.tipo}\r\n"
            f"Content-Length: {len(desfecho.corpo)}\r\nConnection: {fim}\r\n\r\n"
        )
        self._tls.sendall(cabeca.encode("latin-1") + desfecho.corpo[: desfecho.corta_apos])
        await self._flush()
        return mantem and desfecho.corta_apos is None


def _accept_certificate(_tls: SSL.Connection, _certificado: object, erro: int, _nivel: int, ok: int) -> bool:
    return bool(ok) or erro in _FORA_DA_VALIDADE
