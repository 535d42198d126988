"""What tools ask of a process: does it live, can it work, and its figures."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chancela import __version__
from chancela.kit.addresses import Network
from chancela.server.metricas import TIPO, Metricas, may_read
from chancela.server.pecas import Pecas


def create_health_router(pecas: Pecas, metricas: Metricas, redes: Sequence[Network]) -> APIRouter:
    """`/healthz`: the process answers. `/readyz`: so does its database. `/metrics`: the figures, for whom they are."""
    saude = FastAPI(openapi_url=None)

    @saude.get("/healthz")
    async def healthz() -> Response:  # pyright: ignore[reportUnusedFunction] - the decorator uses it
        return JSONResponse({"situacao": "vivo", "versao": __version__})

    @saude.get("/readyz")
    async def readyz() -> Response:  # pyright: ignore[reportUnusedFunction] - the decorator uses it
        pronto = await run_in_threadpool(pecas.banco.ping)
        return JSONResponse({"situacao": "pronto" if pronto else "sem banco"}, 200 if pronto else 503)

    @saude.get("/metrics")
    async def metrics(request: Request) -> Response:  # pyright: ignore[reportUnusedFunction] - the decorator uses it
        if not may_read(request.client.host if request.client else None, redes):
            return JSONResponse({"situacao": "endereço sem acesso às métricas"}, 403)
        return Response(await run_in_threadpool(metricas.render), media_type=TIPO)

    return saude.router
