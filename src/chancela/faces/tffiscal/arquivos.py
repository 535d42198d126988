"""`GET /arquivos/...`: the files behind the signed links. The link is the credential; no token is asked for."""

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from chancela.domain.erros import FiscalError, Indisponivel
from chancela.faces.tffiscal.erros import FaceErro
from chancela.faces.tffiscal.links import Arquivo
from chancela.faces.tffiscal.nota.respostas import SUFIXO_XML, SUFIXOS_DANFE, has_files
from chancela.faces.tffiscal.nota.routes import PDF_FALHOU
from chancela.faces.tffiscal.portao import Portao
from chancela.faces.tffiscal.servicos import Servicos
from chancela.issuing.modelo import Documento

CAMINHO = "/arquivos/{empresa}/{documento_id}/{nome}"
_TIPOS = {".xml": "application/xml; charset=utf-8", ".pdf": "application/pdf", ".png": "image/png"}


def files_handler(servicos: Servicos, portao: Portao) -> Callable[[Request], Awaitable[Response]]:
    """The handler of `CAMINHO`."""

    async def serve(request: Request) -> Response:
        arquivo = servicos.links.check(
            request.path_params["empresa"],
            request.path_params["documento_id"],
            request.path_params["nome"],
            request.query_params.get("exp", ""),
            request.query_params.get("sig", ""),
        )
        documento = await run_in_threadpool(servicos.documentos.get, arquivo.documento_id, arquivo.empresa_id)
        if documento is None or not has_files(documento):
            raise _missing()
        return file_response(arquivo.nome, await _content(servicos, documento, arquivo))

    async def handle(request: Request) -> Response:
        return await portao.answer(lambda: serve(request))

    return handle


async def _content(servicos: Servicos, documento: Documento, arquivo: Arquivo) -> bytes:
    if arquivo.nome == f"{documento.chave}{SUFIXO_XML}":
        xml = await servicos.arquivos.xml(documento)
        if xml is None:
            raise _missing()
        return xml
    tipo = next(
        (t for t, sufixo in SUFIXOS_DANFE.items() if arquivo.nome == f"{documento.chave}{sufixo}"), None
    )
    if tipo is None:
        raise _missing()
    try:
        return await servicos.arquivos.danfe(documento, tipo)
    except Indisponivel:
        raise
    except FiscalError as erro:
        raise FaceErro(500, "DANFE-04", f"{PDF_FALHOU}{erro.mensagem}", erro.correcao) from None


def file_response(nome: str, conteudo: bytes) -> Response:
    """A file that no browser may run, named and typed by its extension."""
    return Response(
        conteudo,
        media_type=_TIPOS[nome[-4:]],
        headers={
            "Content-Disposition": f'inline; filename="{nome}"',
            "Cache-Control": "private, max-age=60",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Referrer-Policy": "no-referrer",
        },
    )


def _missing() -> FaceErro:
    return FaceErro(
        404, "ARQUIVO-01", "Este arquivo não existe.", "Peça um link novo em get_detail ou get_danfe."
    )
