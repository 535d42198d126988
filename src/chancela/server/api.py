"""The API process: wires the parts, serves the faces, and says when it is ready."""

import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio.to_thread
import uvicorn
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from chancela import __version__
from chancela.faces.tffiscal.app import create_tffiscal_router
from chancela.faces.tffiscal.autenticacao import Autenticador
from chancela.faces.tffiscal.empresa.busca import BuscadorHttps
from chancela.faces.tffiscal.eventos.app import create_events_router
from chancela.faces.tffiscal.links import Links
from chancela.faces.tffiscal.recebidos.app import create_received_router
from chancela.faces.tffiscal.servicos import AjustesTffiscal, Servicos
from chancela.issuing.devolucao import ServicoDevolucao
from chancela.issuing.servico_nfe import ServicoNfe
from chancela.kit.addresses import parse_networks
from chancela.kit.ids import TimeOrderedIds
from chancela.server.acrescimos import create_additions_router
from chancela.server.arquivos import ArquivosNfe
from chancela.server.atalhos import Aplicacao, Atalhos, ChamadasDiretas
from chancela.server.configuracao import Configuracao
from chancela.server.contingencia import create_desvios, create_vigia
from chancela.server.danfe import OficinaDePdf
from chancela.server.documentacao import create_docs_router
from chancela.server.eventos import (
    create_registrador,
    create_servico_eventos,
    create_transmissao,
)
from chancela.server.memoria import limit_arenas, settle_memory
from chancela.server.metricas import ChamadasMedidas, Metricas
from chancela.server.pecas import (
    NOME_API,
    Mundo,
    create_consulta_empresa,
    create_emissor,
    database_of,
    open_pecas,
    real_world,
    reference_folder,
    room_for,
)
from chancela.server.pedidos import PedidosIdentificados, refuse_unknown
from chancela.server.portas import create_portas, create_portas_recebidos
from chancela.server.prontidao import announce_ready, end_with_parent
from chancela.server.protocolo import ProtocoloComPrazo
from chancela.server.recebidos import create_servico_recebidos
from chancela.server.registro import configure_log
from chancela.server.saude import create_health_router
from chancela.server.vagas import ChamadasLimitadas, Vagas
from chancela.stores.consumo import ConsumoPg
from chancela.stores.devolucoes import DevolucoesPg
from chancela.stores.recebidos import RecebidosPg
from chancela.stores.referencia import open_reference
from chancela.stores.situacao import SituacaoPg
from chancela.stores.solicitacoes import SolicitacoesPg


def run_api(configuracao: Configuracao) -> None:
    """Serve until told to stop."""
    limit_arenas()
    configure_log(configuracao.log_level, em_json=configuracao.log_json, processo="api")
    end_with_parent()
    with database_of(configuracao) as url, room_for(configuracao, url, NOME_API):
        ajustes = uvicorn.Config(
            create_app(configuracao, url),
            host=configuracao.host,
            port=configuracao.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            http=ProtocoloComPrazo,
            ws="none",
            timeout_graceful_shutdown=20,
        )
        _Servidor(ajustes, configuracao).run()


class _Servidor(uvicorn.Server):
    """uvicorn, announcing itself once the socket listens."""

    def __init__(self, ajustes: uvicorn.Config, configuracao: Configuracao) -> None:
        super().__init__(ajustes)
        self._configuracao = configuracao

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            settle_memory()
            announce_ready(self._configuracao.pasta, "api", {"porta": self._configuracao.port})


def create_app(configuracao: Configuracao, url: str, mundo: Mundo | None = None) -> FastAPI:
    """The ASGI application; its parts live as long as its lifespan."""
    metricas, vagas = Metricas(), Vagas(configuracao.api_calls, configuracao.api_queue)
    atalhos = Atalhos()
    fora = mundo or real_world(configuracao)
    metricas.watch_calls(vagas)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = configuracao.api_threads
        with open_pecas(
            configuracao, url, threads=configuracao.api_threads, nome=NOME_API, mundo=fora
        ) as pecas:
            transporte = fora.transporte(configuracao, pecas.clock, metricas.note_exchange)
            metricas.watch_tables(SituacaoPg(pecas.banco), pecas.clock)
            vigia = create_vigia(configuracao, pecas, transporte)
            transmissao = create_transmissao(configuracao, pecas, transporte)
            registrador = create_registrador(configuracao, pecas, transmissao, vigia)
            desvios = create_desvios(configuracao, pecas, vigia, registrador)
            emissor = create_emissor(configuracao, pecas, transporte, vigia=vigia, desvios=desvios)
            oficina = OficinaDePdf(configuracao.pdf_processes)
            referencia = await run_in_threadpool(open_reference, reference_folder(configuracao))
            servico = ServicoNfe(
                emissor=emissor,
                categorias=pecas.categorias,
                lugares=referencia,
                tabelas=referencia.tabelas,
                esquemas=pecas.esquemas,
                julgados=pecas.julgados,
                clock=pecas.clock,
                ids=pecas.ids,
                randomness=pecas.randomness,
                executor=pecas.executor,
            )
            app.include_router(
                create_health_router(
                    pecas, metricas, parse_networks(configuracao.metrics_networks.split(","))
                )
            )
            servicos = Servicos(
                clock=pecas.clock,
                ids=pecas.ids,
                randomness=pecas.randomness,
                autenticador=Autenticador(pecas.empresas, pecas.clock),
                empresas=pecas.empresas,
                categorias=pecas.categorias,
                respostas=pecas.respostas,
                emissor_nfe=servico,
                devolucao=ServicoDevolucao(
                    emissor=servico,
                    notas=pecas.documentos,
                    recebidas=RecebidosPg(pecas.banco),
                    devolucoes=DevolucoesPg(pecas.banco),
                    run=run_in_threadpool,
                ),
                documentos=pecas.documentos,
                lista=pecas.listas,
                arquivos=ArquivosNfe(pecas.artefatos, oficina, SolicitacoesPg(pecas.banco)),
                lugares=referencia,
                certificados=BuscadorHttps(
                    redes_permitidas=parse_networks(configuracao.certificate_networks.split(","))
                ),
                links=Links(
                    [chave.derive("links de arquivos") for chave in pecas.chaves_mestras],
                    pecas.clock,
                    base_url=configuracao.base_url,
                    validade_s=configuracao.file_link_hours * 3600,
                ),
                consulta_cnpj=create_consulta_empresa(configuracao, pecas, transporte),
                consumo=ConsumoPg(pecas.banco),
                threads=pecas.executor,
                ajustes=AjustesTffiscal(corpo_maximo_bytes=configuracao.max_body_mb * 1024 * 1024),
            )
            eventos = create_servico_eventos(
                pecas, registrador=registrador, transmissao=transmissao, emissor=emissor, lugares=referencia
            )
            recebidos = create_servico_recebidos(configuracao, pecas, transporte, eventos)
            roteadores = (
                create_events_router(servicos, create_portas(pecas, eventos, oficina)),
                create_received_router(servicos, create_portas_recebidos(pecas, recebidos)),
                create_additions_router(servicos, pecas),
                create_tffiscal_router(servicos),
            )
            for roteador in (create_docs_router(roteadores), *roteadores):
                app.include_router(roteador)
            atalhos.fill(roteadores)
            try:
                yield
            finally:
                await emissor.close()
                await registrador.close()
                await transporte.close()
                oficina.close()
                referencia.close()

    app = Aplicacao(
        title="Chancela",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.add_exception_handler(HTTPException, refuse_unknown)
    ids = TimeOrderedIds(fora.clock, fora.randomness)
    app.enclose(
        lambda dentro: PedidosIdentificados(dentro, ids=ids, clock=fora.clock),
        lambda dentro: ChamadasMedidas(dentro, metricas, fora.clock),
        lambda dentro: ChamadasLimitadas(dentro, vagas),
        lambda dentro: ChamadasDiretas(dentro, atalhos),
    )
    return app
