"""Exports wired, for API and worker alike."""

from chancela.reports.exportacao import Exportador
from chancela.server.pecas import Pecas
from chancela.stores.exportacoes import ExportacoesPg
from chancela.stores.relatorios import RelatoriosPg


def create_exportador(pecas: Pecas) -> Exportador:
    """What asks for exports and makes them."""
    return Exportador(
        RelatoriosPg(pecas.banco),
        ExportacoesPg(pecas.banco),
        pecas.objetos,
        pecas.ids,
        pecas.empresas.get,
        pecas.pontos,
    )
