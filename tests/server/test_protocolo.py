"""A request whose head does not end, or whose body does not come, holds nothing for long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
import uvicorn
from fastapi import FastAPI
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


@asynccontextmanager
async def served() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    servicos = replace(open_face().servicos, ajustes=AjustesTffiscal(corpo_s=0.2))
    app = FastAPI()
    app.include_router(create_tffiscal_router(servicos))
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

        async def drip() -> None:
            while not escritor.is_closing():
                escritor.write(b"X: y\r\n")
                await asyncio.sleep(0.02)

        gotas = asyncio.create_task(drip())
        try:
            await asyncio.wait_for(leitor.read(), 10)
        except ConnectionError:
            pass
        finally:
            gotas.cancel()


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
