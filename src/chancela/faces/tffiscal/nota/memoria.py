"""`?memoria=1`: the memória de cálculo beside the answer of create and detail, and `/api/invoice/calcular`.

Additions to the contract. The working is put in words only here, and only when it was asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import Field
from starlette.concurrency import run_in_threadpool

from chancela.documents.nfe.demonstrativo import show_resultado
from chancela.documents.nfe.montagem import NfeMontada
from chancela.faces.tffiscal.envelope import Resposta, succeed
from chancela.faces.tffiscal.erros import ErroCampo
from chancela.faces.tffiscal.nota.caminhos import NFE, Vocabulario
from chancela.faces.tffiscal.nota.respostas import stored_warning
from chancela.faces.tffiscal.portao import Chamada, read_query
from chancela.faces.tffiscal.saida import show_errors
from chancela.faces.tffiscal.servicos import LeitorDocumentos
from chancela.faces.tffiscal.tipos import Corpo, Logico
from chancela.faces.tffiscal.validacao import validate
from chancela.issuing.memoria import show_memoria, unpack_passos
from chancela.issuing.modelo import Documento
from chancela.issuing.servico_nfe import warnings_of

_NOME = "memoria"


class _Opcoes(Corpo):
    """Query of a POST operation."""

    memoria: Logico = Field(False, title="Memória de cálculo")


def wants_memoria(chamada: Chamada) -> bool:
    """Whether the query of a POST asks for the working. `FaceErro` 400 for a value that is neither yes nor no."""
    if _NOME not in chamada.consulta:
        return False
    return validate(_Opcoes, read_query(chamada.consulta)).memoria


async def add_memoria(resposta: Resposta, documento: Documento, documentos: LeitorDocumentos) -> Resposta:
    """The answer with `data.memoria`: that of the document as issued, empty for one made before it was kept."""
    guardada = await run_in_threadpool(documentos.memoria, documento.id, documento.empresa_id)
    passos = () if guardada is None else unpack_passos(guardada)
    return replace(resposta, data={**resposta.data, _NOME: show_memoria(passos)})


def answer_calculo(
    montada: NfeMontada,
    *,
    dados: Mapping[str, Any],
    avisos: Sequence[ErroCampo],
    vocabulario: Vocabulario = NFE,
) -> Resposta:
    """The answer of calcular: items and totals by official tag, the working, the warnings that create would give."""
    proprios = [stored_warning(aviso, dados, vocabulario) for aviso in warnings_of(montada)]
    return succeed(
        {
            "total_price": montada.valor_total,
            **show_resultado(montada.resultado),
            _NOME: show_memoria(montada.resultado.passos),
            "avisos": show_errors((*proprios, *avisos)),
        }
    )
