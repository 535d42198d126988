"""Fetching `cert_file`: a stranger names a URL and we go there, so only to where we may go.

The rules are those of `gateways.destino`, and 64 KiB and 15 s for all of it. A
`data:application/x-pkcs12;base64,...` URL needs no fetch at all.
"""

import asyncio
import base64
import binascii
import re
import ssl
from collections.abc import Sequence

import aiohttp

from chancela.faces.tffiscal.erros import FaceErro, refuse_field
from chancela.gateways.destino import (
    Destino,
    DestinoRecusado,
    Resolver,
    check_destino,
    locate,
    open_session,
    resolve_host,
)
from chancela.kit.addresses import Network

TAMANHO_MAXIMO_BYTES = 64 * 1024
PRAZO_S = 15.0
_DATA_URL = re.compile(
    r"data:([\w.+/-]*)((?:;[\w.+=-]+)*);base64,([A-Za-z0-9+/=_\-\s]+)", re.ASCII | re.IGNORECASE
)
_CODIGOS = {
    "FORMA": "CERT-URL-FORMA", "HTTPS": "CERT-URL-HTTPS", "USUARIO": "CERT-URL-USUARIO", "NOME": "CERT-URL-NOME",
    "REDE": "CERT-URL-REDE",
}  # fmt: skip
_TIPOS = frozenset({"application/x-pkcs12", "application/pkcs12", "application/octet-stream", ""})


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
        self._tls = contexto_tls
        self._resolver = resolver
        self._prazo_s = prazo_s

    async def fetch(self, url: str) -> bytes:
        """The bytes that `url` names. `FaceErro` 400 on field `cert_file` for every way in which it cannot be had."""
        if url[:5].lower() == "data:":
            return decode_data_url(url)
        destino = check_url(url)
        try:
            async with asyncio.timeout(self._prazo_s):
                endereco = await locate(destino, self._redes, self._resolver)
                return await self._download(url, endereco)
        except DestinoRecusado as erro:
            raise _not_there(erro) from None
        except TimeoutError:
            raise _refused(
                "CERT-URL-PRAZO", f"O certificado não chegou em {self._prazo_s:g} segundos."
            ) from None
        except (aiohttp.ClientError, OSError, ssl.SSLError, ValueError):
            raise _refused(
                "CERT-URL-FALHA", "Não foi possível baixar o certificado desse endereço."
            ) from None

    async def _download(self, url: str, endereco: str) -> bytes:
        async with (
            open_session(endereco, self._tls or ssl.create_default_context()) as sessao,
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


def check_url(url: str) -> Destino:
    """Where an acceptable URL leads. `FaceErro` 400 otherwise; no name is looked up."""
    try:
        return check_destino(url)
    except DestinoRecusado as erro:
        raise _not_there(erro) from None


def _not_there(erro: DestinoRecusado) -> FaceErro:
    return _refused(_CODIGOS[erro.motivo], f"O endereço do certificado {erro.mensagem}")


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
