"""The bound on calls: so many run, so many wait, the next hears 503 at once, and the figures tell."""

import asyncio

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from tests.faces.tffiscal.cliente import Resposta, call

from chancela.server.metricas import Metricas
from chancela.server.vagas import ChamadasLimitadas, Vagas

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Balcao:
    """An application whose calls last until they are let go."""

    def __init__(self, vagas: Vagas) -> None:
        self.porta = asyncio.Event()
        self.atendidas = 0
        self.app = ChamadasLimitadas(self._serve, vagas)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.atendidas += 1
        if scope["path"] != "/healthz":
            await self.porta.wait()
        await PlainTextResponse("feito")(scope, receive, send)

    def call(self, caminho: str = "/api/invoice/create") -> asyncio.Task[Resposta]:
        return asyncio.create_task(call(self.app, "POST", caminho))


async def _turns(quantas: int = 10) -> None:
    for _ in range(quantas):
        await asyncio.sleep(0)


async def test_beyond_places_and_queue_the_answer_is_503_at_once() -> None:
    vagas = Vagas(2, 1)
    balcao = Balcao(vagas)
    dentro = [balcao.call() for _ in range(3)]
    await _turns()
    assert (balcao.atendidas, vagas.em_andamento, vagas.na_fila) == (2, 2, 1)
    recusada = await balcao.call()
    assert (recusada.status, recusada.cabecalhos["retry-after"]) == (503, "2")
    assert (recusada.json["success"], recusada.data["codigo"]) == (False, "HTTP-06")
    assert (await balcao.call("/healthz")).status == 200, "what watches the process is never refused"
    balcao.porta.set()
    assert [(await tarefa).status for tarefa in dentro] == [200] * 3
    assert (vagas.em_andamento, vagas.na_fila, vagas.recusadas) == (0, 0, 1)
    assert (await balcao.call()).status == 200


async def test_who_waited_long_enough_comes_back_later() -> None:
    vagas = Vagas(1, 5, espera_s=0.001)
    balcao = Balcao(vagas)
    primeira = balcao.call()
    await _turns()
    assert (await balcao.call()).status == 503
    balcao.porta.set()
    assert (await primeira).status == 200
    assert vagas.na_fila == 0


async def test_a_place_comes_back_whatever_happens_to_its_call() -> None:
    vagas = Vagas(1, 0)

    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError

    app = ChamadasLimitadas(broken, vagas)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            await call(app, "GET", "/api/x")
    cancelada = Balcao(vagas).call()
    await _turns()
    cancelada.cancel()
    await _turns()
    assert vagas.em_andamento == 0


async def test_the_figures_tell_how_full_it_is() -> None:
    vagas, metricas = Vagas(1, 0), Metricas()
    metricas.watch_calls(vagas)
    assert await vagas.enter()
    assert not await vagas.enter()
    texto = metricas.render().decode()
    assert "chancela_http_em_andamento 1.0" in texto
    assert "chancela_http_recusadas 1.0" in texto
