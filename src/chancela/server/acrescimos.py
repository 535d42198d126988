"""The routes of the face that are served from the stores as they are: webhooks and what follows them."""

from fastapi import APIRouter

from chancela.faces.tffiscal.portao import Portao
from chancela.faces.tffiscal.rotas import mount
from chancela.faces.tffiscal.servicos import Servicos
from chancela.faces.tffiscal.webhook.routes import PortasWebhook, webhook_routes
from chancela.server.pecas import Pecas
from chancela.stores.entregas import EntregasPg
from chancela.stores.webhooks import WebhooksPg


def create_additions_router(servicos: Servicos, pecas: Pecas) -> APIRouter:
    """The router; include it before the face's own, whose last route answers for every unknown path."""
    router = APIRouter(tags=["TFFiscal"])
    portas = PortasWebhook(
        WebhooksPg(pecas.banco, pecas.cofre, pecas.randomness), EntregasPg(pecas.banco, pecas.cofre)
    )
    mount(router, Portao(servicos), servicos.ajustes.prefixos, webhook_routes(portas))
    return router
