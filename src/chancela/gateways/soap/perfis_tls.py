"""How each authorizer's host wants to be spoken to, as data.

Hosts differ in cipher suites, in who signed their certificate, and in when they ask for the client's: several
ask only by renegotiation after the request, which exists up to TLS 1.2 alone. `data/tls_perfis.csv` says it host
by host, most specific first; nothing here opens a socket.
"""

import ssl
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from chancela.kit.packaged import packaged_rows


class PedidoCertificado(StrEnum):
    """When the host asks for the client certificate."""

    INICIO = "inicio"
    RENEGOCIACAO = "renegociacao"


class Cadeia(StrEnum):
    """Whose signature on the host's certificate is trusted."""

    ICP = "icp"
    PUBLICA = "publica"
    EXTRA = "extra"
    """The CA file of the operator: the simulator's, for instance. Never for a government host."""


CIFRAS: Mapping[str, str] = {
    "aead": "ECDHE+AESGCM:ECDHE+CHACHA20",
    "dhe-gcm": "DHE+AESGCM",
    "cbc": "ECDHE+AES:DHE+AES:kRSA+AES",
}
"""Families of TLS 1.2 suites in OpenSSL's words. `cbc` carries those with SHA-1 as MAC: some hosts have no other."""


@dataclass(frozen=True, slots=True)
class PerfilTls:
    """What to offer a host. `host` is the pattern it was found by."""

    host: str
    certificado: PedidoCertificado
    cifras: str
    cadeias: frozenset[Cadeia]
    versao_maxima: ssl.TLSVersion
    nota: str = ""

    def __post_init__(self) -> None:
        assert self.certificado is PedidoCertificado.INICIO or self.versao_maxima == ssl.TLSVersion.TLSv1_2, (
            self.host
        )


class PerfisTls:
    """The profiles, looked up by host name."""

    def __init__(self, perfis: Iterable[PerfilTls]) -> None:
        self._perfis = tuple(perfis)
        assert self._perfis, "at least the profile of last resort"
        assert self._perfis[-1].host == "*", "the last profile answers for every host"
        self._por_host: dict[str, PerfilTls] = {}

    def __iter__(self) -> Iterator[PerfilTls]:
        return iter(self._perfis)

    def profile_of(self, host: str) -> PerfilTls:
        """The first profile whose pattern matches `host`; the last one matches all."""
        achado = self._por_host.get(host)
        if achado is None:
            nome = host.lower().rstrip(".")
            achado = next(p for p in self._perfis if fnmatchcase(nome, p.host))
            if len(self._por_host) < 1_000:
                self._por_host[host] = achado
        return achado


def read_profiles(linhas: Iterable[Mapping[str, str]]) -> PerfisTls:
    """Profiles from rows with the columns of `data/tls_perfis.csv`. KeyError or ValueError name what is unknown."""
    return PerfisTls(_profile(linha) for linha in linhas)


def packaged_profiles() -> PerfisTls:
    """The profiles that the package ships."""
    return read_profiles(packaged_rows("tls_perfis.csv"))


def _profile(linha: Mapping[str, str]) -> PerfilTls:
    return PerfilTls(
        host=linha["host"].lower(),
        certificado=PedidoCertificado(linha["certificado"]),
        cifras=":".join(CIFRAS[familia] for familia in linha["cifras"].split("+")),
        cadeias=frozenset(Cadeia(nome) for nome in linha["cadeias"].split("+")),
        versao_maxima=_VERSOES[linha["tls_maximo"]],
        nota=linha.get("nota", ""),
    )


_VERSOES = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
