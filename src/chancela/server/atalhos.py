"""The straight way of a call to its operation, for paths without parameters: one look-up instead of a walk over all routes.

The framework tries its routes one by one and wraps each call in machinery for dependencies and for errors that the gate of
the face has no use for: it reads, authenticates and answers by itself, whatever happens. What is not in the index (a path
with parameters, another method, an unknown path) takes the framework's way.
"""

from collections.abc import Callable, Sequence

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from chancela.faces.tffiscal.rotas import Ponto


class Aplicacao(FastAPI):
    """An application whose layers stand outside of all of the framework's own.

    A middleware that is added to a FastAPI lies within four of its layers, which a call that never gets to its routes
    passes for nothing; and what the outermost of them answers, to a failure of the framework itself, would leave without
    an id and uncounted.
    """

    _entrada: ASGIApp | None = None

    def enclose(self, *camadas: Callable[[ASGIApp], ASGIApp]) -> None:
        """Stand every call behind these, the outermost first."""
        entrada: ASGIApp = super().__call__
        for camada in reversed(camadas):
            entrada = camada(entrada)
        self._entrada = entrada

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self._entrada or super().__call__)(scope, receive, send)


class Atalhos:
    """Operations by method and path. Filled once, when the routes of the process are known."""

    def __init__(self) -> None:
        self._rotas: dict[tuple[str, str], tuple[APIRoute, Ponto]] = {}

    def fill(self, roteadores: Sequence[APIRouter]) -> None:
        """Index what is mounted, in the order in which the framework would look for it."""
        antes: list[APIRoute] = []
        for roteador in roteadores:
            for rota in roteador.routes:
                if not isinstance(rota, APIRoute):
                    continue
                if "{" in rota.path:
                    antes.append(rota)
                    continue
                for metodo in rota.methods or ():
                    if isinstance(rota.endpoint, Ponto) and not _is_taken(antes, metodo, rota.path):
                        self._rotas.setdefault((metodo, rota.path), (rota, rota.endpoint))

    def find(self, metodo: str, caminho: str) -> tuple[APIRoute, Ponto] | None:
        """The operation at a path, and its route."""
        return self._rotas.get((metodo, caminho))


class ChamadasDiretas:
    """ASGI middleware, the innermost."""

    def __init__(self, app: ASGIApp, atalhos: Atalhos) -> None:
        self._app = app
        self._atalhos = atalhos

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        achado = None
        if scope["type"] == "http":
            achado = self._atalhos.find(scope["method"], scope["path"])
        if achado is None:
            await self._app(scope, receive, send)
            return
        scope["route"], ponto = achado
        resposta = await ponto(Request(scope, receive, send))
        await resposta(scope, receive, send)


def _is_taken(antes: Sequence[APIRoute], metodo: str, caminho: str) -> bool:
    """Whether a pattern that comes first matches the path."""
    return any(metodo in (rota.methods or ()) and rota.path_regex.match(caminho) for rota in antes)
