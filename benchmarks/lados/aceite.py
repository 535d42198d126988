"""HTTP accept: `POST /api/invoice/create` through the ASGI application, up to the ports; no socket, no database.

The face is the product's, its ports are those of the face's own tests, kept in memory. Beside it, the least that any
FastAPI application does with such a body: read it and turn it into a dictionary.
"""

import asyncio
import json
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from tests.faces.tffiscal.cliente import Resposta, call
from tests.faces.tffiscal.conftest import open_face
from tests.faces.tffiscal.memoria import EmissorNaMemoria, RespostasNaMemoria

from benchmarks.lados.pedido import request_body
from benchmarks.lados.protocolo import Operacao, serve
from chancela.faces.tffiscal.autenticacao import sign_md5

CAMINHO = "/api/invoice/create"
ABERTOS = ExitStack()
"""What to close when the side ends."""


class _EmissorSemMemoria(EmissorNaMemoria):
    """Settles every request and forgets it, so that a long run does not grow."""

    async def issue(self, *args: Any, **opcoes: Any) -> Any:
        documento = await super().issue(*args, **opcoes)
        self.pedidos.clear()
        self.documentos.clear()
        return documento


class _RespostasSemMemoria(RespostasNaMemoria):
    """Gives every call its turn once, and forgets it."""

    def finish(self, respostas: Sequence[tuple[bytes, bytes]]) -> Sequence[None]:
        for chave, _ in respostas:
            self.abandon(chave)
        return [None] * len(respostas)


class _Chamador:
    """Calls an application out of one task that lives on, as a server's does: its worker threads stay with it."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._laco = asyncio.new_event_loop()
        self._fila: asyncio.Queue[tuple[bytes, list[tuple[str, str]], asyncio.Future[Resposta]]] = (
            asyncio.Queue()
        )
        self._tarefa = self._laco.create_task(self._serve())
        ABERTOS.callback(self._close)

    async def _serve(self) -> None:
        while True:
            corpo, cabecalhos, futuro = await self._fila.get()
            futuro.set_result(await call(self._app, "POST", CAMINHO, corpo=corpo, cabecalhos=cabecalhos))

    def _close(self) -> None:
        """End the task, and with it the worker threads, without which the process would wait for ever."""
        self._tarefa.cancel()
        self._laco.run_until_complete(asyncio.wait([self._tarefa]))
        self._laco.close()

    def call(self, corpo: bytes, cabecalhos: list[tuple[str, str]]) -> bytes:
        """One request; it must succeed."""
        futuro: asyncio.Future[Resposta] = self._laco.create_future()
        self._fila.put_nowait((corpo, cabecalhos, futuro))
        resposta = self._laco.run_until_complete(futuro)
        assert resposta.status == 200, resposta.conteudo
        return resposta.conteudo


def _accept(itens: int) -> Operacao:
    face = open_face(_EmissorSemMemoria, _RespostasSemMemoria)
    token, instante = face.empresa.token, face.empresa.agora
    chamador, pedido = _Chamador(face.app), json.loads(request_body(itens))

    def operacao(numero: int) -> bytes:
        corpo = json.dumps(pedido | {"id": f"P{numero}"}, ensure_ascii=False).encode()
        cabecalhos = [
            ("content-type", "application/json;charset=utf-8"), ("token", token), ("timestamp", instante),
            ("sign", sign_md5(token, CAMINHO, corpo, instante)),
        ]  # fmt: skip
        return chamador.call(corpo, cabecalhos)

    return operacao


def _bare(itens: int) -> Operacao:
    app = FastAPI()

    @app.post(CAMINHO, response_model=None)
    async def echo(request: Request) -> Response:  # pyright: ignore[reportUnusedFunction] - the decorator uses it
        lido = json.loads(await request.body())
        return JSONResponse({"success": True, "data": {"id": lido["id"], "itens": len(lido["products"])}})

    chamador, pedido = _Chamador(app), json.loads(request_body(itens))

    def operacao(numero: int) -> bytes:
        corpo = json.dumps(pedido | {"id": f"P{numero}"}, ensure_ascii=False).encode()
        return chamador.call(corpo, [("content-type", "application/json")])

    return operacao


OPERACOES = {"aceite": _accept, "minimo": _bare}

if __name__ == "__main__":
    with ABERTOS:
        serve(OPERACOES)
