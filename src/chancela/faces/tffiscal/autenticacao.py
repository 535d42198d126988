"""Who is calling: the `sign` scheme of the contract, and the optional HMAC scheme.

`sign` is `hex(md5(token + path + body + timestamp))`. The path is the route as it stands in the request line; for
GET it includes `?` and the raw query string, for POST it is the bare route. Since the documented base URL ends in
`/v1`, a call to `/v1/api/...` may be signed over `/v1/api/...` or over `/api/...`: both name the same operation.

MD5 over a secret prefix can be extended by who saw one request. Such a forgery has to carry the padding of MD5
(0x80 and NULs) in the body or in the query: the body must be strict UTF-8 with nothing but whitespace after its JSON
value (`kit.json_exact`), the request line must be printable ASCII, and a GET carries no body. The HMAC scheme
has no such weakness: `X-Signature` is `hex(hmac_sha256(token, METHOD \\n PATH?QUERY \\n TIMESTAMP \\n hex(sha256(body))))`
with the timestamp in milliseconds, and an integrator can require it.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool

from chancela.faces.tffiscal.erros import FaceErro
from chancela.issuing.empresa import Credencial, Empresas
from chancela.kit.clock import Clock

JANELA_S = 300
_TIMESTAMP = re.compile(r"[0-9]{1,16}", re.ASCII)
_HEX32 = re.compile(r"[0-9a-fA-F]{32}", re.ASCII)
_HEX64 = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_VISIVEL = re.compile(r"[!-~]+", re.ASCII)
CABECALHOS_MD5 = ("token", "sign", "timestamp")
CABECALHOS_HMAC = ("x-api-key", "x-signature", "x-timestamp")


@dataclass(frozen=True, slots=True)
class PedidoHttp:
    """A request as it came, before anything is believed. `caminho` and `consulta` are raw, `consulta` without `?`."""

    metodo: str
    caminho: str
    consulta: str
    cabecalhos: Mapping[str, str]
    """Lower-case names; only the authentication headers are read."""
    corpo: bytes = b""


@dataclass(frozen=True, slots=True)
class Prova:
    """What the headers claim: scheme, token, signature and timestamp, none of them checked yet."""

    hmac: bool
    token: str
    assinatura: str
    timestamp: str


@dataclass(frozen=True, slots=True)
class Autenticado:
    """A call whose signature holds. Secrets: never log it."""

    credencial: Credencial
    chave_repeticao: bytes
    """SHA-256 over token, signature, timestamp and content: names this very call."""
    chave_selo: bytes
    """AES-256 key that only who holds this request can derive; seals the stored answer."""


def sign_md5(token: str, caminho: str, corpo: bytes, timestamp: str) -> str:
    """The signature of the contract, lower-case hexadecimal. `caminho` includes `?query` for GET."""
    texto = token.encode() + caminho.encode() + corpo + timestamp.encode()
    return hashlib.md5(texto, usedforsecurity=False).hexdigest()


def sign_hmac(token: str, metodo: str, caminho: str, timestamp_ms: str, corpo: bytes) -> str:
    """The signature of the HMAC scheme, lower-case hexadecimal. `caminho` includes `?query` when there is one."""
    texto = "\n".join((metodo.upper(), caminho, timestamp_ms, hashlib.sha256(corpo).hexdigest()))
    return hmac.new(token.encode(), texto.encode(), hashlib.sha256).hexdigest()


def read_proof(cabecalhos: Mapping[str, str]) -> Prova:
    """The claim in the headers; HTTP 401 when one is missing or has no possible form. The body is not needed yet."""
    por_hmac = "x-signature" in cabecalhos or "x-api-key" in cabecalhos
    nomes = CABECALHOS_HMAC if por_hmac else CABECALHOS_MD5
    faltam = [nome for nome in nomes if not cabecalhos.get(nome)]
    if faltam:
        lista = ", ".join(faltam)
        raise _unauthorized(
            "AUT-01", f"Cabeçalho ausente: {lista}.", f"Envie os cabeçalhos {', '.join(nomes)}."
        )
    token, assinatura, timestamp = (cabecalhos[nome] for nome in nomes)
    if _TIMESTAMP.fullmatch(timestamp) is None:
        unidade = "milissegundos" if por_hmac else "segundos"
        raise _unauthorized(
            "AUT-02", "O timestamp não é um número inteiro.", f"Envie o instante Unix em {unidade}."
        )
    if (_HEX64 if por_hmac else _HEX32).fullmatch(assinatura) is None:
        tamanho = 64 if por_hmac else 32
        raise _unauthorized(
            "AUT-05", "A assinatura não confere.", f"A assinatura tem {tamanho} dígitos hexadecimais."
        )
    if _VISIVEL.fullmatch(token) is None or len(token) > 512:
        raise _unauthorized("AUT-04", "Token desconhecido.", "Confira o token recebido no cadastro.")
    return Prova(por_hmac, token, assinatura.lower(), timestamp)


class Autenticador:
    """Checks calls against the stored tokens, which it keeps for a few seconds."""

    def __init__(
        self,
        empresas: Empresas,
        clock: Clock,
        *,
        janela_s: int = JANELA_S,
        cache_s: float = 5.0,
        cache_maximo: int = 10_000,
    ) -> None:
        self._empresas = empresas
        self._clock = clock
        self._janela_s = janela_s
        self._cache_s = cache_s
        self._cache_maximo = cache_maximo
        self._cache: dict[bytes, tuple[float, Credencial]] = {}

    async def authenticate(self, pedido: PedidoHttp, prova: Prova) -> Autenticado:
        """The owner of the call. `FaceErro` 401 with a stable code when anything does not hold.

        The order is fixed: timestamp, request line, token, scheme, signature.
        """
        self._check_window(prova)
        if not _is_printable(pedido.caminho) or (pedido.consulta and not _is_printable(pedido.consulta)):
            raise _unauthorized(
                "AUT-06",
                "A linha da requisição tem bytes fora do ASCII imprimível.",
                "Codifique o caminho e a consulta com %XX.",
            )
        credencial = await self._credencial(prova.token)
        if credencial is None:
            raise _unauthorized("AUT-04", "Token desconhecido.", "Confira o token recebido no cadastro.")
        if credencial.integrador.exige_hmac and not prova.hmac:
            raise _unauthorized(
                "AUT-08",
                "Este integrador exige a assinatura HMAC.",
                "Assine com X-API-Key, X-Timestamp e X-Signature (HMAC-SHA256).",
            )
        if not _matches(pedido, prova):
            raise _unauthorized(
                "AUT-05",
                "A assinatura não confere.",
                "Assine os bytes exatos do corpo enviado, o caminho (com a consulta, em GET) e o mesmo timestamp do cabeçalho.",
            )
        return _authenticated(credencial, pedido, prova)

    def _check_window(self, prova: Prova) -> None:
        instante_s = int(prova.timestamp) / 1000 if prova.hmac else int(prova.timestamp)
        distancia_s = abs(self._clock.now().timestamp() - instante_s)
        if distancia_s > self._janela_s:
            unidade = "milissegundos" if prova.hmac else "segundos"
            raise _unauthorized(
                "AUT-03",
                f"O timestamp está fora da janela de {self._janela_s} segundos.",
                f"Acerte o relógio e envie o instante Unix em {unidade}, em UTC.",
            )

    async def _credencial(self, token: str) -> Credencial | None:
        chave = hashlib.sha256(token.encode()).digest()
        agora_s = self._clock.monotonic()
        guardada = self._cache.get(chave)
        if guardada is not None and guardada[0] > agora_s:
            return guardada[1]
        credencial = await run_in_threadpool(self._empresas.authenticate, token)
        if credencial is None:
            self._cache.pop(chave, None)
            return None
        if len(self._cache) >= self._cache_maximo:
            self._cache.clear()
        self._cache[chave] = (agora_s + self._cache_s, credencial)
        return credencial


def _matches(pedido: PedidoHttp, prova: Prova) -> bool:
    certo = False
    for caminho in _signed_paths(pedido.caminho):
        if prova.hmac:
            alvo = f"{caminho}?{pedido.consulta}" if pedido.consulta else caminho
            esperada = sign_hmac(prova.token, pedido.metodo, alvo, prova.timestamp, pedido.corpo)
        else:
            alvo = f"{caminho}?{pedido.consulta}" if pedido.metodo == "GET" and pedido.consulta else caminho
            esperada = sign_md5(prova.token, alvo, pedido.corpo, prova.timestamp)
        certo |= hmac.compare_digest(esperada, prova.assinatura)
    return certo


def _signed_paths(caminho: str) -> tuple[str, ...]:
    sem_versao = caminho.removeprefix("/v1")
    return (caminho,) if sem_versao == caminho else (caminho, sem_versao)


def _authenticated(credencial: Credencial, pedido: PedidoHttp, prova: Prova) -> Autenticado:
    # The same signature holds with and without /v1: both spellings must find the same first answer.
    partes = (
        prova.token,
        prova.assinatura,
        prova.timestamp,
        pedido.metodo,
        pedido.caminho.removeprefix("/v1"),
    )
    segredo = hashlib.sha256(
        "\n".join(partes).encode() + b"\n" + hashlib.sha256(pedido.corpo).digest()
    ).digest()
    return Autenticado(
        credencial=credencial,
        chave_repeticao=hashlib.sha256(b"repeticao" + segredo).digest(),
        chave_selo=hashlib.sha256(b"selo" + segredo).digest(),
    )


def _is_printable(texto: str) -> bool:
    return _VISIVEL.fullmatch(texto) is not None


def _unauthorized(codigo: str, mensagem: str, correcao: str) -> FaceErro:
    return FaceErro(401, codigo, mensagem, correcao)
