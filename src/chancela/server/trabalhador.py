"""The worker process: drains what is due, sweeps what was forgotten, copies archives."""

import asyncio
import signal

from prometheus_client import start_http_server

from chancela.server.configuracao import Configuracao
from chancela.server.contingencia import create_desvios, create_vigia
from chancela.server.eventos import create_registrador, create_servico_eventos, create_transmissao
from chancela.server.exportacao import create_exportador
from chancela.server.memoria import limit_arenas, settle_memory
from chancela.server.metricas import Metricas
from chancela.server.notificacao import create_entregador
from chancela.server.pecas import (
    NOME_WORKER,
    Pecas,
    create_emissor,
    create_transport,
    database_of,
    is_dead,
    open_pecas,
    reference_folder,
    room_for,
)
from chancela.server.prontidao import announce_ready, end_with_parent
from chancela.server.recebidos import create_servico_recebidos
from chancela.server.registro import configure_log
from chancela.server.rotinas import create_rotinas
from chancela.server.vigilia import keep_running
from chancela.stores.fila import Ritmo, Tarefas, run_worker
from chancela.stores.recebidos import RecebidosPg
from chancela.stores.referencia import open_reference
from chancela.stores.rotinas import RotinasPg, run_due
from chancela.stores.solicitacoes import SolicitacoesPg


async def run_worker_process(configuracao: Configuracao) -> None:
    """Work until SIGTERM or SIGINT, then finish what is under way."""
    limit_arenas()
    configure_log(configuracao.log_level, em_json=configuracao.log_json, processo="worker")
    end_with_parent()
    parar = asyncio.Event()
    laco = asyncio.get_running_loop()
    for sinal in (signal.SIGTERM, signal.SIGINT):
        laco.add_signal_handler(sinal, parar.set)
    with (
        database_of(configuracao) as url,
        room_for(configuracao, url, NOME_WORKER),
        open_pecas(configuracao, url, threads=configuracao.worker_threads, nome=NOME_WORKER) as pecas,
    ):
        metricas = Metricas()
        if configuracao.worker_metrics_port:
            start_http_server(configuracao.worker_metrics_port, configuracao.host, metricas.registro)
        transporte = create_transport(configuracao, pecas.clock, metricas.note_exchange)
        vigia = create_vigia(configuracao, pecas, transporte)
        transmissao = create_transmissao(configuracao, pecas, transporte)
        registrador = create_registrador(configuracao, pecas, transmissao, vigia)
        desvios = create_desvios(configuracao, pecas, vigia, registrador)
        emissor = create_emissor(configuracao, pecas, transporte, vigia=vigia, desvios=desvios)
        solicitacoes = SolicitacoesPg(pecas.banco)
        lugares = await laco.run_in_executor(pecas.executor, open_reference, reference_folder(configuracao))
        eventos = create_servico_eventos(
            pecas, registrador=registrador, transmissao=transmissao, emissor=emissor, lugares=lugares
        )
        recebidos = create_servico_recebidos(configuracao, pecas, transporte, eventos)

        async def drain(empresa_id: int) -> int:
            return await emissor.drain(empresa_id) + await registrador.drain(empresa_id)

        async def find_next(empresa_id: int) -> None:
            await laco.run_in_executor(pecas.executor, pecas.documentos.wake_next, empresa_id)
            await laco.run_in_executor(pecas.executor, solicitacoes.wake_next, empresa_id)

        async def sweep() -> None:
            await laco.run_in_executor(pecas.executor, _sweep, pecas, solicitacoes)

        entregador = create_entregador(configuracao, pecas)
        rotinas = create_rotinas(configuracao, pecas, vigia=vigia, eventos=eventos, recebidos=recebidos)
        turnos = RotinasPg(pecas.banco)

        async def run_routines() -> None:
            await run_due(rotinas, turnos, pecas.executor)

        exportador = create_exportador(pecas)

        async def export() -> None:
            while not parar.is_set() and await laco.run_in_executor(pecas.executor, exportador.make_next):
                pass

        async def copy() -> None:
            await laco.run_in_executor(pecas.executor, pecas.artefatos.copy_pending)

        vigilias = [
            asyncio.create_task(
                keep_running("copias", copy, parar=parar, intervalo_s=float(configuracao.sweep_s))
            ),
            asyncio.create_task(
                keep_running("webhooks", entregador.deliver_due, parar=parar, intervalo_s=1.0)
            ),
            asyncio.create_task(keep_running("exportacoes", export, parar=parar, intervalo_s=1.0)),
        ]
        settle_memory()
        try:
            await run_worker(
                url,
                Tarefas(drenar=drain, proximo=find_next, varrer=sweep, rotinas=run_routines),
                ritmo=Ritmo(varredura_s=float(configuracao.sweep_s), sinal_s=1.0, sem_sinal_s=5.0),
                parar=parar,
                pronto=lambda: announce_ready(configuracao.pasta, "worker"),
            )
        finally:
            parar.set()
            await asyncio.gather(*vigilias)
            await emissor.close()
            await registrador.close()
            await transporte.close()
            lugares.close()


def _sweep(pecas: Pecas, solicitacoes: SolicitacoesPg) -> None:
    """Free what dead processes of this machine held, and wake what is due."""
    for dono in pecas.documentos.lease_owners():
        if is_dead(dono):
            pecas.documentos.release_leases(dono)
    for dono in solicitacoes.lease_owners():
        if is_dead(dono):
            solicitacoes.release_leases(dono)
    recebidos = RecebidosPg(pecas.banco)
    for dono in recebidos.lease_owners():
        if is_dead(dono):
            recebidos.release_leases(dono)
    pecas.documentos.wake_due()
    solicitacoes.wake_due()
