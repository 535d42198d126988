"""Every call under one id: the caller's `X-Request-Id`, or one of ours; answered, logged and handed on (`kit.requisicao`)."""

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chancela.faces.tffiscal.envelope import Resposta
from chancela.faces.tffiscal.erros import FaceErro
from chancela.kit.clock import Clock
from chancela.kit.ids import IdSource
from chancela.kit.requisicao import bind_request, is_request_id

CABECALHO = "X-Request-Id"
_log = structlog.get_logger("chancela.http")


class PedidosIdentificados:
    """ASGI middleware; the outermost, so that no answer leaves without its id."""

    def __init__(self, app: ASGIApp, ids: IdSource, clock: Clock) -> None:
        self._app = app
        self._ids = ids
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        recebidos = Headers(scope=scope).getlist(CABECALHO)
        # Two of them would be two stories; what has no form of an id could forge a log line.
        aceito = len(recebidos) == 1 and is_request_id(recebidos[0])
        pedido_id = recebidos[0] if aceito else self._ids.new()
        bind_request(pedido_id)
        inicio_s = self._clock.monotonic()
        status = 500

        async def answer(mensagem: Message) -> None:
            nonlocal status
            if mensagem["type"] == "http.response.start":
                status = mensagem["status"]
                MutableHeaders(scope=mensagem)[CABECALHO] = pedido_id
            await send(mensagem)

        try:
            await self._app(scope, receive, answer)
        finally:
            # By the pattern of the route: paths and queries of signed links are credentials.
            rota = getattr(scope.get("route"), "path", "desconhecida")
            duracao_ms = round((self._clock.monotonic() - inicio_s) * 1000)
            _log.info("chamada", metodo=scope["method"], rota=rota, status=status, duracao_ms=duracao_ms)


async def refuse_unknown(request: Request, erro: Exception) -> Response:
    """What no route of any face answers for: an unknown path, or another method of a known one."""
    del request
    assert isinstance(erro, HTTPException)
    recusa: Resposta = FaceErro(
        erro.status_code, "HTTP-05", "Esta operação não existe.", "Confira o caminho e o método HTTP."
    ).answer()
    return Response(recusa.corpo(), recusa.status, dict(erro.headers or {}), recusa.tipo)
