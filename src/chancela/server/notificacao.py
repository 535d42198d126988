"""The sending of webhooks wired: which networks it may enter, and the worker's hand on the outbox."""

from chancela.kit.addresses import parse_networks
from chancela.notifications.entrega import Entregador
from chancela.notifications.envio import Carteiro
from chancela.server.configuracao import Configuracao
from chancela.server.pecas import Pecas
from chancela.stores.entregas import EntregasPg


def create_entregador(configuracao: Configuracao, pecas: Pecas) -> Entregador:
    """The hand of this process on what waits to be told."""
    redes = parse_networks(configuracao.webhook_networks.split(","))
    return Entregador(
        EntregasPg(pecas.banco, pecas.cofre),
        Carteiro(pecas.clock, redes_permitidas=redes),
        pecas.clock,
        pecas.randomness,
        pecas.executor,
        pontos=pecas.pontos,
    )
