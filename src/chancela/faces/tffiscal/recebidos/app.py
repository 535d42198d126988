"""These operations put together: their paths, and the files behind their links."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from chancela.faces.tffiscal.arquivos import file_response
from chancela.faces.tffiscal.erros import FaceErro
from chancela.faces.tffiscal.links import Arquivo
from chancela.faces.tffiscal.portao import Portao, Quem, Tratador
from chancela.faces.tffiscal.recebidos.portas import PortasRecebidos
from chancela.faces.tffiscal.recebidos.respostas import manifest_name, received_name
from chancela.faces.tffiscal.recebidos.routes import (
    RAIZ_MANIFESTACOES,
    RAIZ_RECEBIDOS,
    OperacoesRecebidos,
)
from chancela.faces.tffiscal.recebidos.saidas import (
    EstadoSaida,
    ManifestacaoSaida,
    ManifestacaoXmlSaida,
    ManifestacoesSaida,
    RecebidosSaida,
    RecebidoXmlSaida,
    SincronizacaoSaida,
)
from chancela.faces.tffiscal.recebidos.schemas import (
    EstadoEntrada,
    ManifestaEntrada,
    ManifestaLista,
    PorId,
    RecebidosLista,
    SincronizaEntrada,
)
from chancela.faces.tffiscal.rotas import Rota, mount
from chancela.faces.tffiscal.servicos import Servicos


def create_received_router(servicos: Servicos, portas: PortasRecebidos) -> APIRouter:
    """The router; include it before the face's own, whose last route answers for every unknown path."""
    portao = Portao(servicos)
    router = APIRouter(tags=["TFFiscal"])
    mount(router, portao, servicos.ajustes.prefixos, _routes(OperacoesRecebidos(servicos, portas)))

    async def event_file(arquivo: Arquivo) -> bytes | None:
        achada = await run_in_threadpool(portas.manifestacoes.get, arquivo.documento_id, arquivo.empresa_id)
        if achada is None or manifest_name(achada) != arquivo.nome:
            return None
        return await portas.xml_evento(achada)

    async def received_file(arquivo: Arquivo) -> bytes | None:
        achado = await run_in_threadpool(portas.recebidos.get, arquivo.documento_id, arquivo.empresa_id)
        if achado is None or received_name(achado) != arquivo.nome:
            return None
        return await run_in_threadpool(portas.recebidos.xml, achado.id, arquivo.empresa_id)

    for raiz, buscar in ((RAIZ_MANIFESTACOES, event_file), (RAIZ_RECEBIDOS, received_file)):
        router.add_api_route(
            f"/{raiz}/{{empresa}}/{{documento_id}}/{{nome}}",
            _files(servicos, portao, buscar),
            methods=["GET"],
            response_model=None,
            include_in_schema=False,
            name=f"arquivos de {raiz}",
        )
    return router


def _routes(recebidos: OperacoesRecebidos) -> tuple[Rota, ...]:
    de = Quem.EMPRESA
    return (
        Rota("POST", "invoice/manifest", recebidos.manifest, de, "Manifestar o destinatário", ManifestaEntrada, ManifestacaoSaida, altera=True),
        Rota("POST", "invoice/manifest/list", recebidos.list_manifest, de, "Listar manifestações", ManifestaLista, ManifestacoesSaida),
        Rota("POST", "invoice/manifest/get_xml", recebidos.manifest_xml, de, "XML de uma manifestação", PorId, ManifestacaoXmlSaida),
        Rota("POST", "invoice/received/sync", recebidos.sync, de, "Capturar documentos recebidos", SincronizaEntrada, SincronizacaoSaida),
        Rota("POST", "invoice/received/list", recebidos.list_received, de, "Listar documentos recebidos", RecebidosLista, RecebidosSaida),
        Rota("POST", "invoice/received/get_xml", recebidos.received_xml, de, "XML de um documento recebido", PorId, RecebidoXmlSaida),
        Rota("POST", "invoice/received/get_sync_status", recebidos.sync_status, de, "Situação da captura", EstadoEntrada, EstadoSaida),
    )  # fmt: skip


def _files(
    servicos: Servicos, portao: Portao, buscar: Callable[[Arquivo], Awaitable[bytes | None]]
) -> Tratador:
    async def serve(request: Request) -> Response:
        arquivo = servicos.links.check(
            request.path_params["empresa"],
            request.path_params["documento_id"],
            request.path_params["nome"],
            request.query_params.get("exp", ""),
            request.query_params.get("sig", ""),
        )
        conteudo = await buscar(arquivo)
        if conteudo is None:
            raise FaceErro(404, "RECEBIDO-03", "Este arquivo não existe.", "Peça um link novo.")
        return file_response(arquivo.nome, conteudo)

    async def handle(request: Request) -> Response:
        return await portao.answer(lambda: serve(request))

    return handle
