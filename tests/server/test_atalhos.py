"""The index of operations finds what the framework would find, and leaves everything else to it."""

from dataclasses import replace

import pytest
from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Match
from starlette.types import Message
from tests.faces.tffiscal.cliente import call
from tests.faces.tffiscal.conftest import open_face
from tests.server.test_metricas import AGORA

from chancela.faces.tffiscal.app import create_tffiscal_router
from chancela.faces.tffiscal.portao import Quem
from chancela.faces.tffiscal.rotas import Ponto, Rota
from chancela.kit.clock import VirtualClock
from chancela.kit.ids import TimeOrderedIds
from chancela.kit.randomness import SeededRandomness
from chancela.server.atalhos import Aplicacao, Atalhos, ChamadasDiretas
from chancela.server.metricas import ChamadasMedidas, Metricas
from chancela.server.pedidos import PedidosIdentificados

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def point(nome: str, metodo: str = "POST") -> Ponto:
    async def answer(request: Request) -> Response:
        return PlainTextResponse(f"{nome} {request.scope['route'].path}")

    async def unused(_: object) -> object:
        raise AssertionError

    return Ponto(Rota(metodo, nome, unused, Quem.EMPRESA, nome), answer)  # type: ignore[arg-type]


def serving(*rotas: tuple[str, str, str]) -> ChamadasDiretas:
    """An application of (method, path, name), by the index where it can be."""
    router, app, atalhos = APIRouter(), FastAPI(), Atalhos()
    for metodo, caminho, nome in rotas:
        router.add_api_route(caminho, point(nome, metodo), methods=[metodo], response_model=None)
    app.include_router(router)
    atalhos.fill([router])
    return ChamadasDiretas(app, atalhos)


async def test_the_first_one_that_matches_answers() -> None:
    app = serving(
        ("POST", "/a/b", "literal"),
        ("POST", "/a/{x}", "padrao"),
        ("POST", "/a/c", "encoberta"),
        ("GET", "/a/c", "outro metodo"),
        ("POST", "/a/b", "repetida"),
    )
    for metodo, caminho, esperado in (
        ("POST", "/a/b", "literal /a/b"),
        ("POST", "/a/c", "padrao /a/{x}"),
        ("GET", "/a/c", "outro metodo /a/c"),
        ("POST", "/a/z", "padrao /a/{x}"),
    ):
        assert (await call(app, metodo, caminho)).conteudo == esperado.encode()
    assert (await call(app, "DELETE", "/a/b")).status == 405
    assert (await call(app, "POST", "/nada")).status == 404


async def test_every_operation_without_parameters_is_found_where_the_framework_finds_it() -> None:
    router, atalhos = create_tffiscal_router(open_face().servicos), Atalhos()
    atalhos.fill([router])
    achadas = 0
    for rota in router.routes:
        for metodo in getattr(rota, "methods", None) or ():
            caminho = str(getattr(rota, "path", ""))
            achado = atalhos.find(metodo, caminho)
            if achado is None:
                continue
            scope = {"type": "http", "method": metodo, "path": caminho, "headers": [], "root_path": ""}
            primeira = next(r for r in router.routes if r.matches(dict(scope))[0] is Match.FULL)
            assert achado[0] is primeira
            achadas += 1
    assert achadas >= 40
    assert atalhos.find("POST", "/v1/api/invoice/create") is not None


async def test_what_the_gate_answers_is_the_same_both_ways() -> None:
    face = open_face()
    atalhos = Atalhos()
    atalhos.fill([create_tffiscal_router(face.servicos)])
    direta = replace(face, app=ChamadasDiretas(face.app, atalhos))
    for metodo, caminho in (("POST", "/api/invoice/create"), ("GET", "/api/invoice/get_list")):
        pela_face = await call(face.app, metodo, caminho)
        pelo_atalho = await call(direta.app, metodo, caminho)
        assert (pelo_atalho.status, pelo_atalho.json) == (pela_face.status, pela_face.json)


async def test_our_layers_stand_outside_of_the_frameworks_own() -> None:
    relogio, metricas, atalhos, router, app = (
        VirtualClock(AGORA),
        Metricas(),
        Atalhos(),
        APIRouter(),
        Aplicacao(),
    )
    router.add_api_route("/a", point("direta"), methods=["POST"], response_model=None)
    atalhos.fill([router])
    app.include_router(router)

    @app.get("/falha")
    async def fail() -> Response:
        raise RuntimeError("of the framework's way")

    app.enclose(
        lambda dentro: PedidosIdentificados(
            dentro, ids=TimeOrderedIds(relogio, SeededRandomness(1)), clock=relogio
        ),
        lambda dentro: ChamadasMedidas(dentro, metricas, relogio),
        lambda dentro: ChamadasDiretas(dentro, atalhos),
    )
    direta = await call(app, "POST", "/a")
    assert direta.conteudo == b"direta /a"
    assert len(direta.cabecalhos["x-request-id"]) == 24
    assert app.middleware_stack is None, "nothing of the framework ran"
    assert (await call(app, "GET", "/nada")).status == 404
    enviadas: list[Message] = []

    async def send(mensagem: Message) -> None:
        enviadas.append(mensagem)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": "/falha", "headers": [], "query_string": b""}
    with pytest.raises(RuntimeError, match="of the framework's way"):
        await app(scope, receive, send)
    assert enviadas[0]["status"] == 500
    assert b"x-request-id" in dict(enviadas[0]["headers"])
    texto = metricas.render().decode()
    for serie in ('rota="/a",status="200"', 'rota="desconhecida",status="404"', 'rota="/falha",status="500"'):
        assert f"chancela_http_chamadas_total{{{serie}}} 1.0" in texto
