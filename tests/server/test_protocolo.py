"""A request whose head does not end, or whose body does not come, holds nothing for long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from tests.faces.tffiscal.conftest import open_face

from chancela.faces.tffiscal.app import create_tffiscal_router
from chancela.faces.tffiscal.servicos import AjustesTffiscal
from chancela.server.protocolo import ProtocoloComPrazo

pytestmark = pytest.mark.anyio
PEDIDO = b"GET /api/nada HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Apressado(ProtocoloComPrazo):
    cabecalhos_s = 0.2


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers without reading the body."""
    await Response("não", 401)(scope, receive, send)


def the_face() -> FastAPI:
    servicos = replace(open_face().servicos, ajustes=AjustesTffiscal(corpo_s=0.2))
    app = FastAPI()
    app.include_router(create_tffiscal_router(servicos))
    return app


@asynccontextmanager
async def served(
    app: ASGIApp | None = None,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    app = app or the_face()
    servidor = uvicorn.Server(
        uvicorn.Config(app, port=0, http=Apressado, ws="none", lifespan="off", log_level="error")
    )
    tarefa = asyncio.create_task(servidor.serve())
    while not servidor.started:
        await asyncio.sleep(0)
    porta = servidor.servers[0].sockets[0].getsockname()[1]
    leitor, escritor = await asyncio.open_connection("127.0.0.1", porta)
    try:
        yield leitor, escritor
    finally:
        escritor.close()
        servidor.should_exit = True
        await tarefa


@pytest.mark.parametrize("comeco", [b"", b"GET ", b"GET / HTTP/1.1\r\nHost: a\r\nX-"])
async def test_a_head_that_does_not_end_is_closed(comeco: bytes) -> None:
    async with served() as (leitor, escritor):
        escritor.write(comeco)
        assert await asyncio.wait_for(leitor.read(), 10) == b""


async def test_dripping_does_not_help_and_a_second_request_is_timed_too() -> None:
    async with served() as (leitor, escritor):
        escritor.write(PEDIDO)
        assert (await leitor.readuntil(b"\r\n")).startswith(b"HTTP/1.1 404")
        escritor.write(b"GET / HTTP/1.1\r\n")
        await drip_until_closed(leitor, escritor, b"X: y\r\n")


async def drip_until_closed(
    leitor: asyncio.StreamReader, escritor: asyncio.StreamWriter, gota: bytes
) -> None:
    async def drip() -> None:
        while not escritor.is_closing():
            escritor.write(gota)
            await asyncio.sleep(0.02)

    gotas = asyncio.create_task(drip())
    try:
        await asyncio.wait_for(leitor.read(), 10)
    except ConnectionError:
        pass
    finally:
        gotas.cancel()


async def test_the_rest_of_a_refused_body_is_not_waited_for() -> None:
    async with served(refuse) as (leitor, escritor):
        escritor.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n{")
        assert (await leitor.readuntil("não".encode())).startswith(b"HTTP/1.1 401")
        await drip_until_closed(leitor, escritor, b" ")


async def test_a_refused_body_that_comes_makes_room_for_the_next_request() -> None:
    async with served(refuse) as (leitor, escritor):
        escritor.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n{")
        assert (await leitor.readuntil("não".encode())).startswith(b"HTTP/1.1 401")
        escritor.write(b"123GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert (await asyncio.wait_for(leitor.read(), 10)).startswith(b"HTTP/1.1 401")


async def test_a_body_that_does_not_come_is_told_so() -> None:
    async with served() as (leitor, escritor):
        escritor.write(
            b"POST /api/invoice/create HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            b"token: x\r\ntimestamp: 1795608000\r\nsign: " + b"0" * 32 + b"\r\nContent-Length: 10\r\n\r\n{"
        )
        resposta = await asyncio.wait_for(leitor.read(), 10)
    assert resposta.startswith(b"HTTP/1.1 408")
    assert b"HTTP-07" in resposta


async def test_a_body_announced_too_large_is_not_waited_for() -> None:
    async with served() as (leitor, escritor):
        escritor.write(
            b"POST /api/invoice/create HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            b"token: x\r\ntimestamp: 1795608000\r\nsign: "
            + b"0" * 32
            + b"\r\nContent-Length: 10737418240\r\n\r\n"
        )
        resposta = await asyncio.wait_for(leitor.read(), 10)
    assert resposta.startswith(b"HTTP/1.1 400")
    assert b"JSON-01" in resposta
