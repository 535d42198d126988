from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from tests.faces.tffiscal.cliente import Cliente
from tests.faces.tffiscal.devolvidas import DevolucoesNaMemoria, RecebidasNaMemoria
from tests.faces.tffiscal.memoria import (
    ArquivosNaMemoria,
    CategoriasNaMemoria,
    ConsultaNaMemoria,
    ConsumoNaMemoria,
    EmissorNaMemoria,
    EmpresasNaMemoria,
    LugaresDeTeste,
    RespostasNaMemoria,
    company,
)

from chancela.faces.tffiscal.app import create_tffiscal_router
from chancela.faces.tffiscal.autenticacao import Autenticador
from chancela.faces.tffiscal.empresa.busca import BuscadorHttps
from chancela.faces.tffiscal.links import Links
from chancela.faces.tffiscal.servicos import Servicos
from chancela.issuing.devolucao import ServicoDevolucao
from chancela.kit.clock import VirtualClock
from chancela.kit.ids import TimeOrderedIds
from chancela.kit.randomness import SeededRandomness

INICIO = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@dataclass(slots=True)
class Face:
    """The face over ports in memory, and the two clients that call it."""

    clock: VirtualClock
    empresas: EmpresasNaMemoria
    categorias: CategoriasNaMemoria
    respostas: RespostasNaMemoria
    emissor: EmissorNaMemoria
    arquivos: ArquivosNaMemoria
    consulta: ConsultaNaMemoria
    devolucoes: DevolucoesNaMemoria
    recebidas: RecebidasNaMemoria
    app: FastAPI
    servicos: Servicos
    integrador: Cliente
    empresa: Cliente


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def face() -> Face:
    return open_face()


def open_face(
    emissores: type[EmissorNaMemoria] = EmissorNaMemoria,
    registros: type[RespostasNaMemoria] = RespostasNaMemoria,
) -> Face:
    """The face with everything it needs, at a moment that stands still."""
    clock = VirtualClock(INICIO)
    acaso = SeededRandomness(7)
    empresas = EmpresasNaMemoria(clock)
    _, token_integrador = empresas.create_integrador("revenda")
    _, token_empresa = empresas.create(company(clock))
    categorias, respostas = CategoriasNaMemoria(), registros()
    emissor, arquivos = emissores(clock), ArquivosNaMemoria()
    consulta, devolucoes, recebidas = ConsultaNaMemoria(), DevolucoesNaMemoria(), RecebidasNaMemoria()
    servicos = Servicos(
        clock=clock,
        ids=TimeOrderedIds(clock, acaso),
        randomness=acaso,
        autenticador=Autenticador(empresas, clock),
        empresas=empresas,
        categorias=categorias,
        respostas=respostas,
        emissor_nfe=emissor,
        devolucao=ServicoDevolucao(
            emissor=emissor, notas=emissor, recebidas=recebidas, devolucoes=devolucoes, run=run_in_threadpool
        ),
        documentos=emissor,
        lista=emissor,
        arquivos=arquivos,
        lugares=LugaresDeTeste(),
        certificados=BuscadorHttps(),
        links=Links([b"k" * 32], clock),
        consulta_cnpj=consulta,
        consumo=ConsumoNaMemoria(),
    )
    app = FastAPI()
    app.include_router(create_tffiscal_router(servicos))
    return Face(
        clock, empresas, categorias, respostas, emissor, arquivos, consulta, devolucoes, recebidas, app, servicos,
        Cliente(app, clock, token_integrador), Cliente(app, clock, token_empresa),
    )  # fmt: skip
