"""What a calculation shows to a Focus caller: official tags and values, and every message at the caller's own names."""

from collections.abc import Sequence
from typing import Any

from chancela.documents.nfe.demonstrativo import show_resultado
from chancela.documents.nfe.montagem import NfeMontada
from chancela.domain.erros import Violacao
from chancela.faces.focus.nfe.mapping import NotaFocus
from chancela.issuing.memoria import show_memoria
from chancela.issuing.servico_nfe import warnings_of


def show_calculo(nota: NotaFocus, montada: NfeMontada) -> dict[str, Any]:
    """Items, totals, working and warnings of a document that was assembled and not issued."""
    do_documento = [
        {**aviso, "campo": nota.caminhos.wire(aviso["caminho"])} for aviso in warnings_of(montada)
    ]
    for aviso in do_documento:
        del aviso["caminho"]
    return {
        "valor_total": montada.valor_total,
        **show_resultado(montada.resultado),
        "memoria": show_memoria(montada.resultado.passos),
        "avisos": [*do_documento, *show_violacoes(nota.avisos)],
    }


def show_violacoes(violacoes: Sequence[Violacao]) -> list[dict[str, str]]:
    """Violations whose paths are the caller's already."""
    return [
        {
            "campo": v.caminho,
            "codigo": v.codigo,
            "mensagem": v.mensagem,
            "correcao": v.correcao,
            "valor": v.valor,
            "rotulo": v.rotulo,
        }
        for v in violacoes
    ]
