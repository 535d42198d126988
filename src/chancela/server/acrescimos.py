"""The routes of the face that are served from the stores as they are: webhooks, reports, SSO, accountants."""

from fastapi import APIRouter

from chancela.faces.tffiscal.contador.routes import accountant_routes
from chancela.faces.tffiscal.painel.routes import PortasPainel, create_panel_router
from chancela.faces.tffiscal.portao import Portao
from chancela.faces.tffiscal.relatorio.arquivos import CAMINHO, exports_handler
from chancela.faces.tffiscal.relatorio.routes import PortasRelatorio, report_routes
from chancela.faces.tffiscal.rotas import mount
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.sso.routes import OperacoesSso, PortasSso, sso_routes
from chancela.faces.tffiscal.webhook.routes import PortasWebhook, webhook_routes
from chancela.server.exportacao import create_exportador
from chancela.server.pecas import Pecas
from chancela.stores.contadores import ContadoresPg
from chancela.stores.entregas import EntregasPg
from chancela.stores.sso import SsoPg
from chancela.stores.webhooks import WebhooksPg

_BASE_DOCUMENTADA = "/v1"
"""`callback_url` of an export is documented right under it."""


def create_additions_router(servicos: Servicos, pecas: Pecas) -> APIRouter:
    """The router; include it before the face's own, whose last route answers for every unknown path."""
    router, portao = APIRouter(tags=["TFFiscal"]), Portao(servicos)
    exportador = create_exportador(pecas)
    relatorios = report_routes(
        servicos, PortasRelatorio(exportador.relatorios, exportador.exportacoes, exportador)
    )
    chaves = [chave.derive("sessões") for chave in pecas.chaves_mestras]
    sso = OperacoesSso(servicos, PortasSso(SsoPg(pecas.banco), chaves[0]))
    rotas = (
        *relatorios,
        *sso_routes(sso),
        *accountant_routes(servicos, ContadoresPg(pecas.banco)),
        *webhook_routes(
            PortasWebhook(
                WebhooksPg(pecas.banco, pecas.cofre, pecas.randomness), EntregasPg(pecas.banco, pecas.cofre)
            )
        ),
    )
    mount(router, portao, servicos.ajustes.prefixos, rotas)
    mount(router, portao, (_BASE_DOCUMENTADA,), [r for r in relatorios if r.caminho.startswith("report/")])
    router.include_router(create_panel_router(servicos, portao, PortasPainel(sso, chaves)))
    router.add_api_route(
        CAMINHO,
        exports_handler(servicos, portao, exportador.exportacoes, pecas.objetos),
        methods=["GET"],
        summary="Arquivo de exportação por link assinado",
        response_model=None,
    )
    return router
