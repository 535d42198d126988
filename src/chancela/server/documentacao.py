"""`/docs` and `/openapi.json`: the description of the API and its reader, from our own files and from nowhere else."""

import json
from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from chancela.faces.tffiscal.openapi import describe_face, read_routes
from chancela.kit.packaged import packaged_bytes

_PAGINA = """<!doctype html>
<html lang="pt-BR"><head><meta charset="utf-8"><title>Chancela: API</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>body{margin:0}</style></head>
<body><redoc spec-url="/openapi.json"></redoc><script src="/docs/redoc.js"></script></body></html>
"""
_REGRAS = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; worker-src blob:; base-uri 'none'; frame-ancestors 'none'"
)
"""The page may load nothing that is not ours."""


def create_docs_router(roteadores: Sequence[APIRouter]) -> APIRouter:
    """The router; the description is made of what these serve, when it is first asked for."""
    router = APIRouter(include_in_schema=False)
    guardado: list[bytes] = []

    @router.get("/openapi.json")
    async def openapi() -> Response:  # pyright: ignore[reportUnusedFunction] - the decorator uses it
        if not guardado:
            documento = describe_face(
                read_routes(rota for roteador in roteadores for rota in roteador.routes)
            )
            guardado.append(json.dumps(documento, ensure_ascii=False).encode())
        return Response(guardado[0], media_type="application/json")

    @router.get("/docs")
    async def docs() -> Response:  # pyright: ignore[reportUnusedFunction] - the decorator uses it
        return Response(_PAGINA, media_type="text/html", headers={"Content-Security-Policy": _REGRAS})

    @router.get("/docs/redoc.js")
    async def redoc() -> Response:  # pyright: ignore[reportUnusedFunction] - the decorator uses it
        return Response(
            packaged_bytes("openapi/redoc.standalone.js"),
            media_type="text/javascript",
            headers={"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"},
        )

    return router
