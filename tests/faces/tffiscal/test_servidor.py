"""The face behind a real server and socket: what ASGI hands over is what the customer signed."""

import asyncio
import http.client
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from tests.faces.tffiscal.conftest import Face
from tests.faces.tffiscal.exemplos import NOTA_SIMPLES

from chancela.faces.tffiscal.autenticacao import sign_md5

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def served(face: Face) -> AsyncIterator[int]:
    configuracao = uvicorn.Config(
        face.app, host="127.0.0.1", port=0, ws="none", lifespan="off", log_level="error"
    )
    servidor = uvicorn.Server(configuracao)
    tarefa = asyncio.create_task(servidor.serve())
    while not servidor.started:
        await asyncio.sleep(0)
    try:
        yield servidor.servers[0].sockets[0].getsockname()[1]
    finally:
        servidor.should_exit = True
        await tarefa


def exchange(
    porta: int, metodo: str, alvo: str, corpo: bytes, cabecalhos: dict[str, str]
) -> tuple[int, bytes]:
    conexao = http.client.HTTPConnection("127.0.0.1", porta, timeout=10)
    try:
        conexao.request(metodo, alvo, corpo or None, cabecalhos)
        resposta = conexao.getresponse()
        return resposta.status, resposta.read()
    finally:
        conexao.close()


def headers(face: Face, alvo: str, corpo: bytes) -> dict[str, str]:
    instante, token = face.empresa.agora, face.empresa.token
    return {"token": token, "timestamp": instante, "sign": sign_md5(token, alvo, corpo, instante)}


async def test_a_customer_issues_and_asks_again(face: Face) -> None:
    async with served(face) as porta:

        def visit() -> dict[str, Any]:
            rota = "/v1/api/invoice/create"
            status, conteudo = exchange(porta, "POST", rota, NOTA_SIMPLES, headers(face, rota, NOTA_SIMPLES))
            assert status == 200
            emitida = json.loads(conteudo)["data"]
            alvo = f"/api/invoice/get_detail?uuid={emitida['uuid']}&nome=S%C3%A3o%20Paulo+x"
            status, conteudo = exchange(porta, "GET", alvo, b"", headers(face, alvo, b""))
            assert status == 200
            link = json.loads(conteudo)["data"]["xml"]
            assert link.startswith(f"http://127.0.0.1:{porta}/arquivos/")
            status, xml = exchange(porta, "GET", link.removeprefix(f"http://127.0.0.1:{porta}"), b"", {})
            assert (status, xml[:9]) == (200, b"<nfeProc>")
            status, conteudo = exchange(
                porta, "POST", rota, NOTA_SIMPLES, headers(face, rota, NOTA_SIMPLES) | {"sign": "0" * 32}
            )
            assert status == 401
            return emitida

        emitida = await asyncio.to_thread(visit)
    assert emitida["status"] == "Success"
    assert len(face.emissor.pedidos) == 1
