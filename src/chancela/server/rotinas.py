"""What the worker does by itself, and how often: one entry per routine, wired to its parts."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import structlog

from chancela.issuing.lacunas import DIA_LIMITE, reminder_due
from chancela.issuing.limpeza import Faxineiro
from chancela.issuing.servico_eventos import ServicoEventos
from chancela.issuing.servico_recebidos import ServicoRecebidos
from chancela.issuing.vigia import Vigia
from chancela.reports.pedidos import month_of
from chancela.reports.planilhas import FUSO
from chancela.server.configuracao import Configuracao
from chancela.server.exportacao import create_exportador
from chancela.server.pecas import Pecas
from chancela.stores.cadencia import CadenciaPg
from chancela.stores.entregas import EntregasPg
from chancela.stores.lacunas import LacunasPg
from chancela.stores.pendencias import PendenciasPg
from chancela.stores.prazos_legais import PrazosLegaisPg
from chancela.stores.rotinas import Rotina
from chancela.stores.sso import SsoPg

_log = structlog.get_logger("chancela.rotinas")
_HORA_S = 3_600.0
_DOBRA_S = 300.0
_MINUTO_S = 60.0
_VARREDURAS = 2
"""The lost originals of a contingency are looked at every second sweep, at least every minute."""
_PRAZO_PERTO = timedelta(hours=4)
_PRAZO_EPEC_PERTO = timedelta(hours=48)
_SONDA_S = 15.0
"""How often the circuits are looked through; each is asked when its own interval is over."""


def create_rotinas(
    configuracao: Configuracao,
    pecas: Pecas,
    *,
    vigia: Vigia,
    eventos: ServicoEventos,
    recebidos: ServicoRecebidos,
) -> Sequence[Rotina]:
    """Every periodic routine of this installation."""
    faxineiro = Faxineiro(
        pendencias=PendenciasPg(pecas.banco),
        eventos=eventos,
        empresas=pecas.empresas,
        clock=pecas.clock,
        executor=pecas.executor,
    )

    async def clean_originals() -> None:
        await faxineiro.run()

    async def probe_authorizers() -> None:
        await vigia.probe()

    async def warn_of_deadlines() -> None:
        await _in_thread(pecas, lambda: _warn_of_deadlines(PrazosLegaisPg(pecas.banco)))

    async def remind_of_gaps() -> None:
        hoje = pecas.clock.now().astimezone(FUSO).date()
        if reminder_due(hoje):
            await _in_thread(pecas, lambda: _warn_of_gaps(LacunasPg(pecas.banco), hoje))

    async def purge_answers() -> None:
        await _in_thread(pecas, pecas.respostas.purge)

    async def purge_questions() -> None:
        await _in_thread(pecas, CadenciaPg(pecas.banco).purge)

    async def purge_deliveries() -> None:
        await _in_thread(pecas, EntregasPg(pecas.banco, pecas.cofre).purge)

    async def fold_counts() -> None:
        await _in_thread(pecas, pecas.listas.fold_counts)

    exportador, sso = create_exportador(pecas), SsoPg(pecas.banco)

    async def purge_exports() -> None:
        await _in_thread(pecas, exportador.purge)

    async def request_month() -> None:
        hoje = pecas.clock.now().astimezone(FUSO).date()
        passado = month_of(hoje)[0] - timedelta(days=1)
        await _in_thread(pecas, lambda: exportador.request_month(month_of(passado)[0]))

    async def compact_totals() -> None:
        await _in_thread(pecas, exportador.relatorios.compact)

    async def purge_tickets() -> None:
        await _in_thread(pecas, sso.purge)

    return (
        Rotina("respostas.limpar", _HORA_S, purge_answers),
        Rotina("cadencia.limpar", _HORA_S, purge_questions),
        Rotina("recebidos.capturar", 300.0, recebidos.run_due),
        Rotina("webhooks.limpar", 6 * _HORA_S, purge_deliveries),
        Rotina("contagens.dobrar", _DOBRA_S, fold_counts),
        Rotina("exportacoes.limpar", _HORA_S, purge_exports),
        Rotina("exportacoes.mensais", 6 * _HORA_S, request_month),
        Rotina("totais.juntar", 300.0, compact_totals),
        Rotina("sso.limpar", 300.0, purge_tickets),
        Rotina("autorizadores.sondar", min(_SONDA_S, configuracao.status_interval_s), probe_authorizers),
        Rotina("contingencia.prazos", 300.0, warn_of_deadlines),
        Rotina("numeracao.lembrar", 24 * _HORA_S, remind_of_gaps),
        Rotina("contingencia.limpar", min(_MINUTO_S, configuracao.sweep_s * _VARREDURAS), clean_originals),
    )


def _warn_of_deadlines(prazos: PrazosLegaisPg) -> None:
    for prazo in prazos.warn(_PRAZO_PERTO, _PRAZO_EPEC_PERTO):
        _log.warning(
            "prazo_perto",
            situacao=prazo.tipo,
            documento=prazo.documento_id,
            empresa=prazo.empresa_id,
            transmitir_ate=prazo.transmitir_ate.isoformat(timespec="seconds"),
        )


def _warn_of_gaps(numeracoes: LacunasPg, hoje: date) -> None:
    """A line of the log per company, a day, and a message a month, until the legal limit for last month's numbers."""
    for empresa_id, lacunas in numeracoes.gaps_in_production().items():
        numeracoes.remind(empresa_id, lacunas, hoje)
        _log.warning(
            "numeracao_com_lacunas",
            empresa=empresa_id,
            prazo=f"dia {DIA_LIMITE}",
            veja=f"chancela numeracao lacunas {empresa_id}",
        )


async def _in_thread(pecas: Pecas, trabalho: Callable[[], object]) -> None:
    await asyncio.get_running_loop().run_in_executor(pecas.executor, trabalho)
