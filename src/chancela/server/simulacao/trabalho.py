"""The worker of the play: the parts of a real one, drained when the tables say that something is due.

The queue that wakes a real worker is not played. Periodic routines run by their own table, looked at every ten minutes while
a wire is down, every three in the half hour in which everything has to settle, and every three days otherwise; twice a day
where shops buy.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from chancela.domain.erros import Indisponivel
from chancela.gateways.soap.transporte import Transporte
from chancela.kit.clock import Clock
from chancela.notifications.entrega import Entregador, Mensageiro
from chancela.server.configuracao import Configuracao
from chancela.server.contingencia import create_desvios, create_vigia
from chancela.server.eventos import create_registrador, create_servico_eventos, create_transmissao
from chancela.server.pecas import Pecas, create_emissor, reference_folder
from chancela.server.recebidos import create_servico_recebidos
from chancela.server.rotinas import create_rotinas
from chancela.server.simulacao.enredo import NO_FIO, SOSSEGO, Enredo
from chancela.server.simulacao.provas import Provas
from chancela.stores.entregas import EntregasPg
from chancela.stores.prazos import PrazosPg
from chancela.stores.referencia import open_reference
from chancela.stores.rotinas import RotinasPg, run_due

_CALMO_S, _COMPRANDO_S, _AGITADO_S, _NO_FIM_S, _MINIMO_S = 3 * 86_400.0, 43_200.0, 600.0, 180.0, 1.0
_DEPOIS_DE_ERRO_S = 5.0
_VOLTAS = 3
"""Looks at what is due in one turn, at most."""
_MEMORIA = timedelta(minutes=20)
"""How long after a fault the worker goes on looking for what became of it."""
_NO_AR = frozenset({"autorizadores.sondar", "contingencia.limpar"})
"""Routines that documents wait for; the others run while it is calm."""
_CAPTURA = "recebidos.capturar"


class Trabalho:
    """One worker. Make it inside the running loop; `run` until cancelled."""

    def __init__(
        self,
        configuracao: Configuracao,
        pecas: Pecas,
        transporte: Transporte,
        mensageiro: Mensageiro,
        enredo: Enredo,
        provas: Provas,
        relogio: Clock,
    ) -> None:
        self._pecas = pecas
        self._enredo = enredo
        self._provas = provas
        self._relogio = relogio
        self._chamado = asyncio.Event()
        self._casa_em_s = 0.0
        self._calmo_s = _COMPRANDO_S if enredo.compras else _CALMO_S
        self._no_ar = _NO_AR | {_CAPTURA} if enredo.compras else _NO_AR
        self._originais = False
        self._prazos = PrazosPg(pecas.banco)
        self._turnos = RotinasPg(pecas.banco)
        vigia = create_vigia(configuracao, pecas, transporte)
        transmissao = create_transmissao(configuracao, pecas, transporte)
        self._registrador = create_registrador(configuracao, pecas, transmissao, vigia)
        desvios = create_desvios(configuracao, pecas, vigia, self._registrador)
        self._emissor = create_emissor(configuracao, pecas, transporte, vigia=vigia, desvios=desvios)
        self._lugares = open_reference(reference_folder(configuracao))
        eventos = create_servico_eventos(
            pecas,
            registrador=self._registrador,
            transmissao=transmissao,
            emissor=self._emissor,
            lugares=self._lugares,
        )
        recebidos = create_servico_recebidos(configuracao, pecas, transporte, eventos)
        self._rotinas = create_rotinas(configuracao, pecas, vigia=vigia, eventos=eventos, recebidos=recebidos)
        self._entregador = Entregador(
            EntregasPg(pecas.banco, pecas.cofre), mensageiro, pecas.clock, pecas.randomness, pecas.executor
        )

    def close(self) -> None:
        """Let the reference tables go."""
        self._lugares.close()

    @property
    def wake(self) -> Callable[[], None]:
        """Tell it that a customer asked for something: it may have made work."""
        return self._chamado.set

    async def run(self) -> None:
        """Work without end; a lost database is waited for."""
        while True:
            calmo = not (self._originais or self._troubled())
            try:
                falta_s = await self._turn(calmo=calmo)
            except (SQLAlchemyError, Indisponivel):
                falta_s = _DEPOIS_DE_ERRO_S
            limite_s = self._calm_s() if calmo else self._restless_s()
            with suppress(TimeoutError):
                await asyncio.wait_for(
                    self._chamado.wait(),
                    max(_MINIMO_S, limite_s if falta_s is None else min(limite_s, falta_s)),
                )
            self._chamado.clear()

    async def _turn(self, *, calmo: bool) -> float | None:
        """Everything that is due; returns the seconds until the next thing is."""
        laco = asyncio.get_running_loop()
        casa = calmo and laco.time() >= self._casa_em_s
        if casa:
            self._casa_em_s = laco.time() + self._calmo_s
            await laco.run_in_executor(None, self._pecas.artefatos.copy_pending)
        if casa or not calmo:
            rotinas = [r for r in self._rotinas if casa or r.nome in self._no_ar]
            await run_due(rotinas, self._turnos, self._pecas.executor)
        for _ in range(_VOLTAS):
            devido = await laco.run_in_executor(None, self._prazos.look)
            self._originais = devido.originais
            feitas = 0
            for empresa_id in devido.empresas:
                feitas += await self._emissor.drain(empresa_id)
                feitas += await self._registrador.drain(empresa_id)
            if devido.avisos:
                feitas += await self._entregador.deliver_due()
            if not feitas:
                return devido.falta_s
        return _MINIMO_S

    def _calm_s(self) -> float:
        """Until the house is to be kept again; and nobody sleeps through the end of the faults."""
        ate_o_fim_s = (self._enredo.fim - self._relogio.now()).total_seconds()
        return min(self._casa_em_s - asyncio.get_running_loop().time(), ate_o_fim_s)

    def _restless_s(self) -> float:
        fim = self._enredo.fim
        return _NO_FIM_S if fim <= self._relogio.now() < fim + SOSSEGO else _AGITADO_S

    def _troubled(self) -> bool:
        agora = self._relogio.now()
        if agora >= self._enredo.fim or any(
            janela.praga in NO_FIO
            for momento in (agora, agora - _MEMORIA)
            for janela in self._enredo.active(momento)
        ):
            return True
        ultimas = self._provas.trocas[-20:]
        return any(troca.falha and troca.em > agora - _MEMORIA for troca in ultimas)
