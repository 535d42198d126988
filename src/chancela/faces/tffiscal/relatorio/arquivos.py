"""`GET /exportacoes/...`: the files of exports behind their signed links, streamed from the object store."""

from collections.abc import AsyncGenerator

import obstore
from obstore.store import ObjectStore
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from chancela.faces.tffiscal.erros import FaceErro
from chancela.faces.tffiscal.links import EXPORTACOES
from chancela.faces.tffiscal.portao import Portao, Tratador
from chancela.faces.tffiscal.relatorio.respostas import file_name
from chancela.faces.tffiscal.servicos import Servicos
from chancela.stores.exportacoes import EstadoExportacao, ExportacoesPg

CAMINHO = "/exportacoes/{empresa}/{exportacao_id}/{nome}"
_TIPOS = {
    "zip": "application/zip",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def exports_handler(
    servicos: Servicos, portao: Portao, exportacoes: ExportacoesPg, objetos: ObjectStore
) -> Tratador:
    """The handler of `CAMINHO`."""

    async def serve(request: Request) -> Response:
        arquivo = servicos.links.check(
            request.path_params["empresa"],
            request.path_params["exportacao_id"],
            request.path_params["nome"],
            request.query_params.get("exp", ""),
            request.query_params.get("sig", ""),
            pasta=EXPORTACOES,
        )
        exportacao = await run_in_threadpool(exportacoes.get, arquivo.documento_id, arquivo.empresa_id)
        if (
            exportacao is None
            or exportacao.estado is not EstadoExportacao.CONCLUIDA
            or exportacao.caminho is None
            or file_name(exportacao) != arquivo.nome
        ):
            raise _missing()
        try:
            objeto = await obstore.get_async(objetos, exportacao.caminho)
        except FileNotFoundError:
            raise _missing() from None

        async def parts() -> AsyncGenerator[bytes]:
            async for parte in objeto.stream(min_chunk_size=256 * 1024):
                yield bytes(parte)

        return StreamingResponse(
            parts(),
            media_type=_TIPOS[arquivo.nome.rpartition(".")[2]],
            headers={
                "Content-Disposition": f'attachment; filename="{arquivo.nome}"',
                "Content-Length": str(objeto.meta["size"]),
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "no-referrer",
            },
        )

    async def handle(request: Request) -> Response:
        return await portao.answer(lambda: serve(request))

    return handle


def _missing() -> FaceErro:
    return FaceErro(404, "EXPORTACAO-01", "Este arquivo não existe mais.", "Peça a exportação de novo.")
