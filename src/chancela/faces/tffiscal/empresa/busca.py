"""Fetching `cert_file`: a stranger names a URL and we go there, so only to where we may go.

Only HTTPS, without user and password; every address of the name must be public (or in a network that the
installation allows) and the checked address is the one connected to; no redirect; 64 KiB; 15 s for all of it. A
`data:application/x-pkcs12;base64,...` URL needs no fetch at all.
"""

import asyncio
import base64
import binascii
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from chancela.faces.tffiscal.erros import FaceErro, refuse_field
from chancela.kit.addresses import Network, is_reachable

TAMANHO_MAXIMO_BYTES = 64 * 1024
PRAZO_S = 15.0
_DATA_URL = re.compile(
    r"data:([\w.+/-]*)((?:;[\w.+=-]+)*);base64,([A-Za-z0-9+/=_\-\s]+)", re.ASCII | re.IGNORECASE
)
_TIPOS = frozenset({"application/x-pkcs12", "application/pkcs12", "application/octet-stream", ""})
_HOST = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]+", re.ASCII)
_CONTROLE = re.compile(r"[\x00-\x20\x7f\\]")

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""All addresses of a host name, as text."""


async def resolve_host(host: str, porta: int) -> Sequence[str]:
    """The system's resolver. OSError when the name has no address."""
    achados = await asyncio.get_running_loop().getaddrinfo(host, porta, type=socket.SOCK_STREAM)
    return [str(achado[4][0]) for achado in achados]


class BuscadorHttps:
    """Fetches the certificate file over HTTPS."""

    def __init__(
        self,
        *,
        redes_permitidas: Sequence[Network] = (),
        contexto_tls: ssl.SSLContext | None = None,
        resolver: Resolver = resolve_host,
        prazo_s: float = PRAZO_S,
    ) -> None:
        self._redes = tuple(redes_permitidas)
        self._tls = contexto_tls or ssl.create_default_context()
        self._resolver = resolver
        self._prazo_s = prazo_s

    async def fetch(self, url: str) -> bytes:
        """The bytes that `url` names. `FaceErro` 400 on field `cert_file` for every way in which it cannot be had."""
        if url[:5].lower() == "data:":
            return decode_data_url(url)
        host, porta = check_url(url)
        try:
            async with asyncio.timeout(self._prazo_s):
                endereco = await self._checked_address(host, porta)
                return await self._download(url, endereco)
        except TimeoutError:
            raise _refused(
                "CERT-URL-PRAZO", f"O certificado não chegou em {self._prazo_s:g} segundos."
            ) from None
        except (aiohttp.ClientError, OSError, ssl.SSLError, ValueError):
            raise _refused(
                "CERT-URL-FALHA", "Não foi possível baixar o certificado desse endereço."
            ) from None

    async def _checked_address(self, host: str, porta: int) -> str:
        try:
            enderecos = await self._resolver(host, porta)
        except (OSError, UnicodeError):
            raise _refused("CERT-URL-NOME", "O nome do servidor do certificado não existe.") from None
        # One forbidden address among good ones is how a name server tries its luck: all must pass.
        if not enderecos or not all(is_reachable(endereco, self._redes) for endereco in enderecos):
            raise _refused(
                "CERT-URL-REDE",
                "O endereço do certificado não é público.",
                "Publique o arquivo em um servidor HTTPS da internet, ou envie-o em uma URL data:.",
            )
        return enderecos[0]

    async def _download(self, url: str, endereco: str) -> bytes:
        conector = aiohttp.TCPConnector(
            resolver=_Pinned(endereco), ssl=self._tls, use_dns_cache=False, force_close=True, limit=1
        )
        async with (
            aiohttp.ClientSession(
                connector=conector,
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                auto_decompress=False,
            ) as sessao,
            sessao.get(url, allow_redirects=False, headers={"Accept-Encoding": "identity"}) as resposta,
        ):
            if 300 <= resposta.status < 400:
                raise _refused("CERT-URL-REDIRECIONA", "O endereço do certificado redireciona para outro.")
            if resposta.status != 200:
                raise _refused(
                    "CERT-URL-STATUS", f"O servidor do certificado respondeu HTTP {resposta.status}."
                )
            conteudo = await resposta.content.read(TAMANHO_MAXIMO_BYTES + 1)
            while len(conteudo) <= TAMANHO_MAXIMO_BYTES:
                parte = await resposta.content.read(TAMANHO_MAXIMO_BYTES + 1 - len(conteudo))
                if not parte:
                    return conteudo
                conteudo += parte
        raise _refused("CERT-URL-TAMANHO", f"O arquivo do certificado passa de {TAMANHO_MAXIMO_BYTES} bytes.")


class _Pinned(AbstractResolver):
    """Answers every question with the one address that was checked."""

    def __init__(self, endereco: str) -> None:
        self._endereco = endereco

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        familia = socket.AF_INET6 if ":" in self._endereco else socket.AF_INET
        del family
        return [
            ResolveResult(
                hostname=host,
                host=self._endereco,
                port=port,
                family=familia,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Nothing is held."""


def check_url(url: str) -> tuple[str, int]:
    """Host and port of an acceptable URL. `FaceErro` 400 otherwise; no name is looked up."""
    if _CONTROLE.search(url) or len(url) > 2048:
        raise _refused("CERT-URL-FORMA", "O endereço do certificado tem espaços ou caracteres proibidos.")
    try:
        partes = urlsplit(url)
        porta = partes.port or 443
    except ValueError:
        raise _refused("CERT-URL-FORMA", "O endereço do certificado não é uma URL válida.") from None
    if partes.scheme.lower() != "https":
        raise _refused("CERT-URL-HTTPS", "O endereço do certificado não é HTTPS.")
    if partes.username is not None or partes.password is not None or "@" in partes.netloc:
        raise _refused("CERT-URL-USUARIO", "O endereço do certificado não pode levar usuário e senha.")
    if not partes.hostname or "%" in partes.netloc:
        raise _refused("CERT-URL-FORMA", "O endereço do certificado não tem um servidor válido.")
    # What this parser and the client's parser take for the host must be one and the same.
    if _HOST.fullmatch(partes.hostname) is None or (
        ":" not in partes.hostname and _client_host(url) != partes.hostname
    ):
        raise _refused("CERT-URL-FORMA", "O servidor do certificado tem de estar em ASCII (punycode).")
    return partes.hostname, porta


def _client_host(url: str) -> str | None:
    try:
        return URL(url).raw_host
    except ValueError:
        return None


def decode_data_url(url: str) -> bytes:
    """The bytes of a `data:` URL. `FaceErro` 400 when it is not base64 of a PKCS#12 type."""
    forma = _DATA_URL.fullmatch(url)
    if forma is None or forma.group(1).lower() not in _TIPOS:
        raise _refused("CERT-URL-DATA", "A URL data: do certificado não tem a forma esperada.")
    texto = re.sub(r"\s", "", forma.group(3)).replace("-", "+").replace("_", "/")
    try:
        conteudo = base64.b64decode(texto, validate=True)
    except (binascii.Error, ValueError):
        raise _refused("CERT-URL-DATA", "O certificado da URL data: não é base64 válido.") from None
    if len(conteudo) > TAMANHO_MAXIMO_BYTES:
        raise _refused("CERT-URL-TAMANHO", f"O arquivo do certificado passa de {TAMANHO_MAXIMO_BYTES} bytes.")
    return conteudo


def _refused(codigo: str, mensagem: str, correcao: str = "") -> FaceErro:
    correcao = (
        correcao
        or "Envie uma URL HTTPS pública do arquivo .pfx ou .p12, ou data:application/x-pkcs12;base64,..."
    )
    return refuse_field("cert_file", codigo, mensagem, correcao, rotulo="Arquivo do certificado")
