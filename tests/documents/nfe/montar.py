"""Assembles requests in the surroundings of the tests."""

from typing import Any

from chancela.documents.nfe.montagem import NfeMontada, assemble_nfe
from chancela.documents.nfe.pedido import PedidoNfe
from chancela.domain.erros import RegraViolada, Violacao
from chancela.stores.referencia_tributos import packaged_tabelas

from . import fabrica, pedidos
from .lugares import LUGARES


def montar(pedido: PedidoNfe, **muda: Any) -> NfeMontada:
    """The assembled document."""
    entorno: dict[str, Any] = {
        "emitente": fabrica.EMITENTE,
        "categorias": pedidos.CATEGORIAS,
        "tabelas": packaged_tabelas(),
        "lugares": LUGARES,
        "agora": pedidos.AGORA,
        "configuracao": pedidos.CONFIGURACAO,
    }
    return assemble_nfe(pedido, **(entorno | muda))


def recusas(pedido: PedidoNfe, **muda: Any) -> tuple[Violacao, ...]:
    """What the request is refused for; empty when it is not."""
    try:
        montar(pedido, **muda)
    except RegraViolada as erro:
        return erro.violacoes
    return ()


def caminhos(pedido: PedidoNfe, **muda: Any) -> set[str]:
    """The paths of the refusals."""
    return {v.caminho for v in recusas(pedido, **muda)}
