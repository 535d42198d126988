"""One operation's place in the face: path, method, whose token, what it reads. Routers and OpenAPI are made of these."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from chancela.faces.tffiscal.portao import Operacao, Portao, Quem, Tratador


@dataclass(frozen=True, slots=True)
class Rota:
    """An operation of the face. `entrada` reads the body of a POST, or the query of a GET; None: there is nothing to send."""

    metodo: str
    caminho: str
    operacao: Operacao
    quem: Quem
    resumo: str
    entrada: type[BaseModel] | None = None
    saida: type[Any] | None = None
    """The shape of `data` in its answer; None: the answer has none."""
    altera: bool = False
    """A repeat of the same signed call gets the first answer instead of running again."""
    corpo_opcional: bool = False
    na_raiz: bool = False
    """The keys of `saida` stand beside those of the envelope, not in `data`."""


@dataclass(frozen=True, slots=True)
class Ponto:
    """The handler of a mounted route, knowing which one it is: the description of the face is read from it."""

    rota: Rota
    tratar: Tratador

    async def __call__(self, request: Request) -> Response:
        return await self.tratar(request)


def mount(router: APIRouter, portao: Portao, prefixos: Sequence[str], rotas: Sequence[Rota]) -> None:
    """Serve every route under every base path."""
    for prefixo in prefixos:
        for rota in rotas:
            router.add_api_route(
                f"{prefixo}/{rota.caminho}",
                Ponto(rota, _open(portao, rota)),
                methods=[rota.metodo],
                summary=rota.resumo,
                response_model=None,
                name=f"{prefixo}/{rota.caminho}",
            )


def _open(portao: Portao, rota: Rota) -> Tratador:
    return portao.open(rota.operacao, quem=rota.quem, altera=rota.altera, corpo_opcional=rota.corpo_opcional)
