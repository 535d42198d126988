"""HTTP accept: `POST /api/invoice/create` through the ASGI application, up to the ports; no socket, no database.

The face is the product's, its ports are those of the face's own tests, kept in memory. Beside it, the least that any
FastAPI application does with such a body: read it and turn it into a dictionary.
"""

import asyncio
import json
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from tests.faces.tffiscal.cliente import call
from tests.faces.tffiscal.memoria import (
    ArquivosNaMemoria,
    CategoriasNaMemoria,
    ConsultaNaMemoria,
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
        links=Links(b"k" * 32, clock), consulta_cnpj=ConsultaNaMemoria(),
    )  # fmt: skip
    app = FastAPI()
    app.include_router(create_tffiscal_router(servicos))
    return app, token, clock


def _accept(itens: int) -> Operacao:
    app, token, clock = _face()
    laco = asyncio.new_event_loop()
    pedido = json.loads(request_body(itens))

    def operacao(numero: int) -> bytes:
        corpo = json.dumps(pedido | {"id": f"P{numero}"}, ensure_ascii=False).encode()
        instante = str(int(clock.now().timestamp()))
        resposta = laco.run_until_complete(
            call(
                app, "POST", CAMINHO, corpo=corpo,
                cabecalhos=[
                    ("content-type", "application/json;charset=utf-8"), ("token", token), ("timestamp", instante),
                    ("sign", sign_md5(token, CAMINHO, corpo, instante)),
                ],
            )
        )  # fmt: skip
        assert resposta.status == 200, resposta.conteudo
        return resposta.conteudo

    return operacao


def _bare(itens: int) -> Operacao:
    app = FastAPI()

    @app.post(CAMINHO, response_model=None)
    async def echo(request: Request) -> Response:  # pyright: ignore[reportUnusedFunction] - the decorator uses it
        lido = json.loads(await request.body())
        return JSONResponse({"success": True, "data": {"id": lido["id"], "itens": len(lido["products"])}})

    laco = asyncio.new_event_loop()
    pedido = json.loads(request_body(itens))

    def operacao(numero: int) -> bytes:
        corpo = json.dumps(pedido | {"id": f"P{numero}"}, ensure_ascii=False).encode()
        tipo = [("content-type", "application/json")]
        resposta = laco.run_until_complete(call(app, "POST", CAMINHO, corpo=corpo, cabecalhos=tipo))
        assert resposta.status == 200, resposta.conteudo
        return resposta.conteudo

    return operacao


OPERACOES = {"aceite": _accept, "minimo": _bare}

if __name__ == "__main__":
    serve(OPERACOES)
