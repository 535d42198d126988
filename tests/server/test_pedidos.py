"""Every answer has one id, the caller's when it is one, and so has its log line; paths never reach the log."""

import re

import pytest
from fastapi import FastAPI
from starlette.responses import Response
from structlog.testing import capture_logs
from tests.faces.tffiscal.cliente import call
from tests.server.test_metricas import AGORA

from chancela.kit.clock import VirtualClock
from chancela.kit.ids import TimeOrderedIds
from chancela.kit.randomness import SeededRandomness
from chancela.kit.requisicao import current_request
from chancela.server.pedidos import PedidosIdentificados

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def app() -> FastAPI:
    app = FastAPI()

    @app.get("/arquivos/{chave}")
    async def arquivo(chave: str) -> Response:
        del chave
        return Response(current_request())

    relogio = VirtualClock(AGORA)
    app.add_middleware(PedidosIdentificados, ids=TimeOrderedIds(relogio, SeededRandomness(1)), clock=relogio)
    return app


async def test_the_callers_id_is_answered_and_served() -> None:
    resposta = await call(app(), "GET", "/arquivos/x", cabecalhos=[("x-request-id", "loja-7.42")])
    assert resposta.cabecalhos["x-request-id"] == "loja-7.42"
    assert resposta.conteudo == b"loja-7.42"


@pytest.mark.parametrize("ruim", ["", "a b", "x" * 200, '"', "a\tb"])
async def test_what_is_no_id_gets_one_of_ours(ruim: str) -> None:
    resposta = await call(app(), "GET", "/arquivos/x", cabecalhos=[("x-request-id", ruim)])
    assert re.fullmatch("[0-9a-f]{24}", resposta.cabecalhos["x-request-id"])


async def test_unknown_paths_have_one_too_and_nothing_of_a_path_is_logged() -> None:
    with capture_logs() as linhas:
        desconhecida = await call(app(), "GET", "/nada/SEGREDO", "a=SEGREDO")
        await call(app(), "GET", "/arquivos/SEGREDO", "assinatura=SEGREDO")
    assert desconhecida.status == 404
    assert len(desconhecida.cabecalhos["x-request-id"]) == 24
    assert [linha["rota"] for linha in linhas] == ["desconhecida", "/arquivos/{chave}"]
    assert "SEGREDO" not in str(linhas)
