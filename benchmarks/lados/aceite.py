"""HTTP accept: `POST /api/invoice/create` through the ASGI application, up to the ports; no socket, no database.

The face is the product's, its ports are those of the face's own tests, kept in memory. Beside it, the least that any
FastAPI application does with such a body: read it and turn it into a dictionary.
"""

import asyncio
import json
from contextlib import ExitStack
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from tests.faces.tffiscal.cliente import Resposta, call
from tests.faces.tffiscal.memoria import (
    ArquivosNaMemoria,
    CategoriasNaMemoria,
    ConsultaNaMemoria,
    ConsumoNaMemoria,
    EmissorNaMemoria,
    EmpresasNaMemoria,
    LugaresDeTeste,
    RespostasNaMemoria,
    company,
)

from benchmarks import venda as v
from benchmarks.lados.pedido import request_body
from benchmarks.lados.protocolo import Operacao, serve
from chancela.faces.tffiscal.app import create_tffiscal_router
from chancela.faces.tffiscal.autenticacao import Autenticador, sign_md5
from chancela.faces.tffiscal.empresa.busca import BuscadorHttps
from chancela.faces.tffiscal.links import Links
from chancela.faces.tffiscal.servicos import Servicos
from chancela.kit.clock import VirtualClock
from chancela.kit.ids import TimeOrderedIds
from chancela.kit.randomness import SeededRandomness

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

    def finish(self, chave: bytes, resposta: bytes) -> None:
        del resposta
        self.abandon(chave)


def _face() -> tuple[FastAPI, str, VirtualClock]:
    clock, acaso = VirtualClock(v.EMISSAO), SeededRandomness(7)
    empresas = EmpresasNaMemoria(clock)
    empresas.create_integrador("revenda")
    _, token = empresas.create(company(clock))
    emissor = _EmissorSemMemoria(clock)
    servicos = Servicos(
        clock=clock, ids=TimeOrderedIds(clock, acaso), randomness=acaso, autenticador=Autenticador(empresas, clock),
        empresas=empresas, categorias=CategoriasNaMemoria(), respostas=_RespostasSemMemoria(), emissor_nfe=emissor,
        documentos=emissor, lista=emissor, arquivos=ArquivosNaMemoria(), lugares=LugaresDeTeste(), certificados=BuscadorHttps(),
        links=Links(b"k" * 32, clock), consulta_cnpj=ConsultaNaMemoria(), consumo=ConsumoNaMemoria(),
    )  # fmt: skip
    app = FastAPI()
    app.include_router(create_tffiscal_router(servicos))
    return app, token, clock


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
    app, token, clock = _face()
    chamador, pedido = _Chamador(app), json.loads(request_body(itens))

    def operacao(numero: int) -> bytes:
        corpo = json.dumps(pedido | {"id": f"P{numero}"}, ensure_ascii=False).encode()
        instante = str(int(clock.now().timestamp()))
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
