"""The operations on events put together: their paths, and the files behind their links."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from chancela.faces.tffiscal.arquivos import CAMINHO, file_response, files_handler
from chancela.faces.tffiscal.erros import FaceErro
from chancela.faces.tffiscal.eventos.portas import PortasEventos
from chancela.faces.tffiscal.eventos.respostas import CARTA, parse_cce_name
from chancela.faces.tffiscal.eventos.routes import OperacoesEventos
from chancela.faces.tffiscal.eventos.saidas import (
    CancelamentoSaida,
    CartaSaida,
    CartasSaida,
    InutilizacaoSaida,
    SituacaoSaida,
)
from chancela.faces.tffiscal.eventos.schemas import (
    CanceladaNfce,
    CceEntrada,
    CceLista,
    CcePorId,
    ConsultaStatus,
    InutilizaEntrada,
    NotaPorUuid,
)
from chancela.faces.tffiscal.nota.saidas import DetalheComumSaida
from chancela.faces.tffiscal.portao import Portao, Quem, Tratador
from chancela.faces.tffiscal.rotas import Rota, mount
from chancela.faces.tffiscal.saida import LinkSaida
from chancela.faces.tffiscal.servicos import Servicos
from chancela.issuing.solicitacao import EstadoSolicitacao


def create_events_router(servicos: Servicos, portas: PortasEventos) -> APIRouter:
    """The router; include it before the face's own, whose last route answers for every unknown path."""
    portao = Portao(servicos)
    router = APIRouter(tags=["TFFiscal"])
    mount(router, portao, servicos.ajustes.prefixos, _routes(OperacoesEventos(servicos, portas)))
    router.add_api_route(
        CAMINHO,
        _files(servicos, portas, portao),
        methods=["GET"],
        response_model=None,
        include_in_schema=False,
        name="arquivos de eventos",
    )
    return router


def _routes(eventos: OperacoesEventos) -> tuple[Rota, ...]:
    de = Quem.EMPRESA
    return (
        Rota("POST", "invoice/cancel", eventos.cancel, de, "Cancelar NF-e", NotaPorUuid, CancelamentoSaida, altera=True),
        Rota("POST", "invoice/invalid", eventos.invalid, de, "Inutilizar numeração", InutilizaEntrada, InutilizacaoSaida, altera=True),
        Rota("POST", "invoice/refresh", eventos.refresh, de, "Atualizar a situação na SEFAZ", NotaPorUuid, DetalheComumSaida, altera=True),
        Rota("POST", "invoice/consultar_status", eventos.query_status, de, "Consultar uma chave na SEFAZ", ConsultaStatus, SituacaoSaida),
        Rota("POST", "invoice/cce/send", eventos.send_cce, de, "Enviar carta de correção", CceEntrada, CartaSaida, altera=True),
        Rota("POST", "invoice/cce/get_list", eventos.list_cce, de, "Listar cartas de correção", CceLista, CartasSaida),
        Rota("POST", "invoice/cce/download_pdf", eventos.cce_pdf, de, "PDF da carta de correção", CcePorId, LinkSaida),
        Rota("POST", "invoice/cce/download_xml", eventos.cce_xml, de, "XML da carta de correção", CcePorId, LinkSaida),
        Rota("POST", "nfce/cancel", eventos.cancel_nfce, de, "Cancelar NFC-e", CanceladaNfce, CancelamentoSaida, altera=True),
    )  # fmt: skip


def _files(servicos: Servicos, portas: PortasEventos, portao: Portao) -> Tratador:
    """Files of letters; every other name is the face's own handler's."""
    outros = files_handler(servicos, portao)

    async def serve(request: Request, chave: str, sequencia: int, extensao: str) -> Response:
        arquivo = servicos.links.check(
            request.path_params["empresa"],
            request.path_params["documento_id"],
            request.path_params["nome"],
            request.query_params.get("exp", ""),
            request.query_params.get("sig", ""),
        )
        documento = await run_in_threadpool(servicos.documentos.get, arquivo.documento_id, arquivo.empresa_id)
        cartas = await run_in_threadpool(
            portas.solicitacoes.list_of, arquivo.documento_id, arquivo.empresa_id
        )
        carta = next(
            (
                c
                for c in cartas
                if c.tipo == CARTA and c.sequencia == sequencia and c.estado is EstadoSolicitacao.REGISTRADA
            ),
            None,
        )
        empresa = await run_in_threadpool(portas.empresas.get, arquivo.empresa_id)
        if documento is None or documento.chave != chave or carta is None or empresa is None:
            raise _missing()
        if extensao == "pdf":
            conteudo = await portas.arquivos.dacce(empresa, documento, carta)
        else:
            conteudo = await portas.arquivos.xml(carta)
        if conteudo is None:
            raise _missing()
        return file_response(arquivo.nome, conteudo)

    async def handle(request: Request) -> Response:
        nome = parse_cce_name(request.path_params["nome"])
        if nome is None:
            return await outros(request)
        return await portao.answer(lambda: serve(request, *nome))

    return handle


def _missing() -> FaceErro:
    return FaceErro(404, "CCE-02", "Este arquivo não existe.", "Peça um link novo em cce/get_list.")
