"""What every handler of the control API shares: JSON in and out, errors for people, and only this machine may ask."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from aiohttp import web
from aiohttp.http import HttpProcessingError

LIMITE_MAXIMO = 1_000
_DA_CASA = ("127.0.0.1", "::1")
Rota = tuple[str, str, Callable[[web.Request], Awaitable[web.Response]]]


class PedidoInvalido(ValueError):
    """A request that the control API cannot follow; the text is for the person who wrote it."""


def guarded(
    funcao: Callable[[web.Request], Awaitable[web.Response]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def respond(pedido: web.Request) -> web.Response:
        if pedido.remote not in _DA_CASA:
            return respond_json({"erro": "o controle só responde à própria máquina"}, status=403)
        try:
            return await funcao(pedido)
        except (ValueError, TypeError) as erro:
            return respond_json({"erro": str(erro)}, status=400)

    return respond


def respond_json(dados: Any, status: int = 200) -> web.Response:
    return web.Response(
        text=json.dumps(dados, ensure_ascii=False) + "\n", status=status, content_type="application/json"
    )


async def read_bytes(pedido: web.Request) -> bytes:
    """The body. `PedidoInvalido` when it is not in the encoding that its headers say, or the caller left in the middle."""
    try:
        return await pedido.read()
    except (HttpProcessingError, web.RequestPayloadError, ConnectionError) as erro:
        raise PedidoInvalido("o corpo não é o que os cabeçalhos dizem, ou não veio inteiro") from erro


async def read_body(pedido: web.Request) -> dict[str, Any]:
    try:
        texto = (await read_bytes(pedido)).decode(pedido.charset or "utf-8")
        dados = json.loads(texto or "{}")
    except RecursionError:
        raise PedidoInvalido("o corpo tem níveis demais") from None
    except LookupError:
        raise PedidoInvalido(f"codificação desconhecida: {pedido.charset}") from None
    if not isinstance(dados, dict):
        raise PedidoInvalido("o corpo precisa ser um objeto JSON")
    return dados  # pyright: ignore[reportReturnType]


def read_int(texto: str) -> int:
    if not texto.isdigit() or len(texto) > 18:
        raise PedidoInvalido(f"número inválido: {texto}")
    return int(texto)


def read_filters(pedido: web.Request) -> tuple[dict[str, str], int]:
    filtros = dict(pedido.query)
    if "cnpj" in filtros:
        filtros["emitente"] = filtros.pop("cnpj")
    return filtros, min(read_int(filtros.pop("limite", "100")), LIMITE_MAXIMO)


def read_instant(texto: Any) -> datetime:
    instante = datetime.fromisoformat(str(texto))
    if instante.tzinfo is None:
        raise PedidoInvalido("a data e hora precisa de fuso, como 2026-11-21T10:00:00-03:00")
    return instante
