"""A small authority and a TLS server that misbehaves on purpose, both real."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from chancela.gateways.soap.contexto_tls import ContextosTls
from chancela.gateways.soap.perfis_tls import CIFRAS, Cadeia, PedidoCertificado, PerfilTls, PerfisTls
from chancela.gateways.soap.transporte import Prazos, TransporteSoap
from chancela.kit.clock import SystemClock

_INICIO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Identidade:
    """Certificate and key in PEM, as the transport takes a client certificate."""

    pem: bytes
    impressao_digital: str

    def pem_bytes(self) -> bytes:
        return self.pem


class Autoridade:
    """Signs certificates for one test session."""

    def __init__(self, nome: str) -> None:
        self._chave = ec.generate_private_key(ec.SECP256R1())
        self._nome = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, nome)])
        base = self._base(self._nome, self._chave.public_key())
        certificado = base.add_extension(x509.BasicConstraints(True, None), critical=True).sign(
            self._chave, hashes.SHA256()
        )
        self.pem = certificado.public_bytes(serialization.Encoding.PEM)

    def issue(self, nome: str, *, host: str | None = None) -> Identidade:
        chave = rsa.generate_private_key(65537, 2048)
        construtor = self._base(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, nome)]), chave.public_key()
        )
        if host:
            construtor = construtor.add_extension(
                x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False
            )
        certificado = construtor.sign(self._chave, hashes.SHA256())
        pem = certificado.public_bytes(serialization.Encoding.PEM) + chave.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return Identidade(pem, certificado.fingerprint(hashes.SHA256()).hex())

    def _base(
        self, titular: x509.Name, publica: rsa.RSAPublicKey | ec.EllipticCurvePublicKey
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(titular)
            .issuer_name(self._nome)
            .public_key(publica)
            .serial_number(x509.random_serial_number())
            .not_valid_before(_INICIO)
            .not_valid_after(_INICIO + timedelta(days=20_000))
        )


@dataclass(frozen=True, slots=True)
class Pki:
    """What every test needs: CA, server and client, and a client that nobody trusts."""

    ca_file: Path
    servidor_pem: Path
    cliente: Identidade
    estranho: Identidade


def make_pki(pasta: Path) -> Pki:
    autoridade = Autoridade("AC de teste")
    ca_file, servidor_pem = pasta / "ca.pem", pasta / "servidor.pem"
    ca_file.write_bytes(autoridade.pem)
    servidor_pem.write_bytes(autoridade.issue("localhost", host="localhost").pem)
    return Pki(
        ca_file, servidor_pem, autoridade.issue("cliente"), Autoridade("AC estranha").issue("estranho")
    )


def server_context(
    pki: Pki, *, versao: ssl.TLSVersion | None = None, cifras: str | None = None
) -> ssl.SSLContext:
    contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    contexto.load_cert_chain(pki.servidor_pem)
    contexto.load_verify_locations(pki.ca_file)
    contexto.verify_mode = ssl.CERT_REQUIRED
    contexto.set_alpn_protocols(["h2", "http/1.1"])
    if versao is not None:
        contexto.minimum_version = contexto.maximum_version = versao
    if cifras is not None:
        contexto.set_ciphers(cifras)
    return contexto


@dataclass(slots=True)
class Recebidos:
    """What the server saw."""

    url: str = ""
    corpos: list[bytes] = field(default_factory=list[bytes])
    cabecalhos: list[bytes] = field(default_factory=list[bytes])
    alpn: list[str | None] = field(default_factory=list[str | None])


Responder = Callable[[asyncio.StreamWriter, bytes], Awaitable[None]]


@asynccontextmanager
async def tls_server(contexto: ssl.SSLContext, responder: Responder) -> AsyncIterator[Recebidos]:
    """An HTTP server reduced to what a test decides: `responder` gets the writer and the body of each request."""
    recebidos = Recebidos()
    tarefas: set[asyncio.Task[None]] = set()

    async def serve(leitor: asyncio.StreamReader, escritor: asyncio.StreamWriter) -> None:
        tarefa = asyncio.current_task()
        assert tarefa is not None
        tarefas.add(tarefa)
        recebidos.alpn.append(escritor.get_extra_info("ssl_object").selected_alpn_protocol())
        try:
            while True:
                cabecalho = await leitor.readuntil(b"\r\n\r\n")
                tamanho = next(
                    int(linha.split(b":")[1])
                    for linha in cabecalho.split(b"\r\n")
                    if linha.lower().startswith(b"content-length")
                )
                recebidos.cabecalhos.append(cabecalho)
                recebidos.corpos.append(await leitor.readexactly(tamanho))
                await responder(escritor, recebidos.corpos[-1])
                await escritor.drain()
                if escritor.is_closing():
                    return
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError, asyncio.CancelledError):
            return
        finally:
            escritor.transport.abort()
            tarefas.discard(tarefa)

    servidor = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=contexto)
    recebidos.url = f"https://localhost:{servidor.sockets[0].getsockname()[1]}/ws"
    try:
        yield recebidos
    finally:
        servidor.close()
        for tarefa in list(tarefas):
            tarefa.cancel()
        await asyncio.gather(*tarefas, return_exceptions=True)
        await servidor.wait_closed()


@contextmanager
def strict_host(contexto: ssl.SSLContext) -> Iterator[str]:
    """A host of one connection that refuses as real ones do: the TLS alert leaves before the connection closes.

    (asyncio's server side closes without flushing the alert.)
    """
    porta = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        crua, _ = porta.accept()
        with crua, contextlib.suppress(OSError):
            crua.settimeout(5)
            with contexto.wrap_socket(crua, server_side=True, do_handshake_on_connect=False) as segura:
                try:
                    segura.do_handshake()
                    segura.recv(65_536)
                except ssl.SSLError:
                    alerta = socket.socket(fileno=segura.detach())
                    with alerta:
                        alerta.shutdown(socket.SHUT_WR)
                        while alerta.recv(65_536):
                            pass

    fio = threading.Thread(target=serve)
    fio.start()
    try:
        yield f"https://localhost:{porta.getsockname()[1]}/ws"
    finally:
        fio.join()
        porta.close()


def http(corpo: bytes, status: str = "200 OK", *cabecalhos: str) -> bytes:
    """An HTTP answer."""
    linhas = [f"HTTP/1.1 {status}", f"Content-Length: {len(corpo)}", *cabecalhos, "", ""]
    return "\r\n".join(linhas).encode() + corpo


def answering(dados: bytes, *, fecha: bool = False) -> Responder:
    """A responder that always writes `dados`."""

    async def responder(escritor: asyncio.StreamWriter, _: bytes) -> None:
        escritor.write(dados)
        if fecha:
            await escritor.drain()
            escritor.transport.abort()

    return responder


def profile(cifras: str = "aead", versao: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> PerfisTls:
    return PerfisTls(
        [PerfilTls("*", PedidoCertificado.INICIO, CIFRAS[cifras], frozenset({Cadeia.EXTRA}), versao)]
    )


@asynccontextmanager
async def transport(
    pki: Pki, *, perfis: PerfisTls | None = None, prazos: Prazos | None = None, ca: Path | None = None
) -> AsyncIterator[TransporteSoap]:
    transporte = TransporteSoap(
        clock=SystemClock(),
        contextos=ContextosTls(ca_extra=ca or pki.ca_file),
        perfis=perfis or profile(),
        prazos=prazos,
    )
    try:
        yield transporte
    finally:
        await transporte.close()
        # One turn of the loop lets the TLS connections finish closing.
        await asyncio.sleep(0)
