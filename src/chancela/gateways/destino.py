"""Going to an address that a stranger named: only to where a stranger may send us.

Only HTTPS (plain HTTP only into a network that the installation allows), without user and password; every address of
the name must be public, or in an allowed network, and the checked address is the one connected to; no redirect.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from chancela.kit.addresses import Network, is_listed, is_reachable

_SERVIDOR = re.compile(r"(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)
_CONTROLE = re.compile(r"[\x00-\x20\x7f\\]")

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""All addresses of a host name, as text."""


@dataclass(eq=False)
class DestinoRecusado(Exception):
    """Why we do not go there: `motivo` is `FORMA`, `HTTPS`, `USUARIO`, `NOME` or `REDE`; `mensagem` follows "O endereço"."""

    motivo: str
    mensagem: str


@dataclass(frozen=True, slots=True)
class Destino:
    """Where a URL leads by its form alone."""

    host: str
    porta: int
    cifrado: bool


def check_destino(url: str, *, aceita_http: bool = False) -> Destino:
    """Read an acceptable URL. `DestinoRecusado` otherwise; no name is looked up."""
    if _CONTROLE.search(url) or len(url) > 2048:
        raise DestinoRecusado("FORMA", "tem espaços ou caracteres proibidos.")
    try:
        partes = urlsplit(url)
        porta = partes.port
    except ValueError:
        raise DestinoRecusado("FORMA", "não é uma URL válida.") from None
    esquema = partes.scheme.lower()
    if esquema != "https" and not (aceita_http and esquema == "http"):
        raise DestinoRecusado("HTTPS", "não é HTTPS.")
    if partes.username is not None or partes.password is not None or "@" in partes.netloc:
        raise DestinoRecusado("USUARIO", "não pode levar usuário e senha.")
    if not partes.hostname or "%" in partes.netloc:
        raise DestinoRecusado("FORMA", "não tem um servidor válido.")
    # What this parser and the client's parser take for the host must be one and the same.
    if _SERVIDOR.fullmatch(partes.netloc.lower()) is None or (
        ":" not in partes.hostname and _client_host(url) != partes.hostname
    ):
        raise DestinoRecusado("FORMA", "tem de ter o servidor em ASCII (punycode).")
    cifrado = esquema == "https"
    return Destino(partes.hostname, porta or (443 if cifrado else 80), cifrado)


async def resolve_host(host: str, porta: int) -> Sequence[str]:
    """The system's resolver. OSError when the name has no address."""
    achados = await asyncio.get_running_loop().getaddrinfo(host, porta, type=socket.SOCK_STREAM)
    return [str(achado[4][0]) for achado in achados]


async def locate(destino: Destino, redes: Sequence[Network], resolver: Resolver = resolve_host) -> str:
    """The address to connect to. `DestinoRecusado` when the name has none, or one where we may not go."""
    try:
        enderecos = await resolver(destino.host, destino.porta)
    except (OSError, UnicodeError):
        raise DestinoRecusado("NOME", "tem um servidor cujo nome não existe.") from None
    # One forbidden address among good ones is how a name server tries its luck: all must pass.
    if not enderecos or not all(is_reachable(endereco, redes) for endereco in enderecos):
        raise DestinoRecusado("REDE", "não é público.")
    if not destino.cifrado and not all(is_listed(endereco, redes) for endereco in enderecos):
        raise DestinoRecusado("HTTPS", "não é HTTPS.")
    return enderecos[0]


def open_session(endereco: str, tls: ssl.SSLContext) -> aiohttp.ClientSession:
    """A session that connects to `endereco` whatever name the URL carries: no cookie, no proxy, no second look-up."""
    conector = aiohttp.TCPConnector(
        resolver=_Pinned(endereco), ssl=tls, use_dns_cache=False, force_close=True, limit=1
    )
    return aiohttp.ClientSession(
        connector=conector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, auto_decompress=False
    )


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


def _client_host(url: str) -> str | None:
    try:
        return URL(url).raw_host
    except ValueError:
        return None
