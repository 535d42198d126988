"""The process `chancela simulador`: the offline SEFAZ on its own port."""

import asyncio

from chancela.server.configuracao import Configuracao
from chancela.server.memoria import settle_memory
from chancela.server.prontidao import announce_ready, end_with_parent
from chancela.server.registro import configure_log
from chancela.server.relogio import create_clock
from chancela.simulator.configuracao import ConfiguracaoSimulador
from chancela.simulator.servidor import run_simulator


async def run_simulator_process(configuracao: Configuracao) -> None:
    """Serve until told to stop; the ready file appears once both ports answer."""
    configure_log(configuracao.log_level, em_json=configuracao.log_json, processo="simulador")
    end_with_parent()
    pronto = asyncio.Event()
    ajustes = ConfiguracaoSimulador(
        home=configuracao.pasta,
        host=configuracao.host,
        porta=configuracao.simulator_port,
        porta_controle=configuracao.porta_controle,
    )
    servindo = asyncio.create_task(run_simulator(ajustes, create_clock(configuracao), pronto))
    espera = asyncio.create_task(pronto.wait())
    await asyncio.wait({servindo, espera}, return_when=asyncio.FIRST_COMPLETED)
    espera.cancel()
    if pronto.is_set():
        settle_memory()
        announce_ready(configuracao.pasta, "simulador")
    await servindo
