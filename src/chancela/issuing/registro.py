"""Drives events and inutilizações: stores the signed bytes, sends, and finds out what became of them.

The same promise as for documents: bytes and attempt are committed before the socket opens, a lost answer is INCERTA,
and whatever dies in between is picked up from what is stored.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

import structlog

from chancela.documents.eventos.layout import compose_proc_evento
from chancela.documents.inutilizacao.layout import compose_proc_inut
from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.erros import (
    CertificadoInvalido,
    ConcessaoPerdida,
    FiscalError,
    TransmissaoIncerta,
)
from chancela.gateways.nfe.retornos import RetornoConsulta, RetornoEvento, RetornoInutilizacao
from chancela.issuing.cadencia import Cadencia, about_key, hold_request
from chancela.issuing.decisao_solicitacao import (
    DecisaoSolicitacao,
    PassoSolicitacao,
    decide_after_event_query,
    decide_after_event_refusal,
    decide_after_event_silence,
    decide_after_evento,
    decide_after_inutilizacao,
    hold_for_authorizer,
    is_national,
    next_step_of,
)
from chancela.issuing.modelo import Marco, TentativaEncerrada
from chancela.issuing.politica import Politica
from chancela.issuing.ports import NAO_ENVIADO, Certificados
from chancela.issuing.solicitacao import (
    INUTILIZACAO,
    AdmissaoSolicitacao,
    ConcessaoSolicitacao,
    DesfechoSolicitacao,
    EstadoSolicitacao,
    NovaInutilizacao,
    NovoEvento,
    Solicitacao,
    Solicitacoes,
)
from chancela.issuing.vigia import Vigia
from chancela.kit.clock import Clock
from chancela.kit.quedas import Pontos, no_points
from chancela.kit.requisicao import bind_request, current_request

P = ParamSpec("P")
T = TypeVar("T")
_log = structlog.get_logger("chancela.issuing")


class GatewayEventos(Protocol):
    """What this side asks of SEFAZ."""

    async def register(self, solicitacao: Solicitacao, certificado: Certificado) -> RetornoEvento: ...

    async def inutilise(self, solicitacao: Solicitacao, certificado: Certificado) -> RetornoInutilizacao: ...

    async def query_of(self, solicitacao: Solicitacao, certificado: Certificado) -> RetornoConsulta: ...


@dataclass(frozen=True, slots=True)
class _Rodada:
    """What one turn with SEFAZ gathered: the attempts closed so far and what the timeline will say of them."""

    concessao: ConcessaoSolicitacao
    certificado: Certificado
    encerradas: tuple[TentativaEncerrada, ...] = ()
    marcos: tuple[Marco, ...] = ()


class Registrador:
    """One process's hand on events and ranges. Everything it needs comes in; it owns only its background tasks."""

    def __init__(
        self,
        *,
        solicitacoes: Solicitacoes,
        certificados: Certificados,
        gateway: GatewayEventos,
        cadencia: Cadencia,
        vigia: Vigia,
        clock: Clock,
        executor: ThreadPoolExecutor,
        dono: str,
        politica: Politica | None = None,
        pontos: Pontos = no_points,
    ) -> None:
        self._solicitacoes = solicitacoes
        self._certificados = certificados
        self._gateway = gateway
        self._cadencia = cadencia
        self._vigia = vigia
        self._clock = clock
        self._executor = executor
        self._dono = dono
        self._politica = politica or Politica()
        self._pontos = pontos
        self._vagas = asyncio.Semaphore(self._politica.envios_simultaneos)
        self._em_andamento: set[asyncio.Task[Solicitacao]] = set()

    async def register(self, novo: NovoEvento) -> Solicitacao:
        """Store an event and take it as far as the deadline allows; a living result means that it goes on by itself."""
        return await self._admitted(
            await self._run(
                partial(
                    self._solicitacoes.admit_evento,
                    replace(novo, pedido_id=current_request()),
                    dono=self._dono,
                    prazo_s=self._politica.prazo_concessao_s,
                )
            )
        )

    async def inutilise(self, nova: NovaInutilizacao) -> Solicitacao:
        """Reserve a range and declare it; as `register`."""
        return await self._admitted(
            await self._run(
                partial(
                    self._solicitacoes.admit_inutilizacao,
                    replace(nova, pedido_id=current_request()),
                    dono=self._dono,
                    prazo_s=self._politica.prazo_concessao_s,
                )
            )
        )

    async def refresh(self, documento_id: str, empresa_id: int) -> None:
        """Advance what is under way about one document now, due or not."""
        concessoes = await self._run(
            partial(
                self._solicitacoes.claim_of,
                documento_id,
                empresa_id,
                dono=self._dono,
                prazo_s=self._politica.prazo_concessao_s,
            )
        )
        for concessao in concessoes:
            await self._within_deadline(concessao)

    async def drain(self, empresa_id: int) -> int:
        """Advance every due request of a company; returns how many were handled."""
        tratadas = 0
        while True:
            concessoes = await self._run(
                partial(
                    self._solicitacoes.claim,
                    empresa_id,
                    limite=self._politica.lote_drenagem,
                    dono=self._dono,
                    prazo_s=self._politica.prazo_concessao_s,
                )
            )
            if not concessoes:
                return tratadas
            await asyncio.gather(*(self._advance_logged(concessao) for concessao in concessoes))
            tratadas += len(concessoes)

    async def close(self, limite_s: float = 10.0) -> None:
        """Let what is under way finish, for at most `limite_s`."""
        if self._em_andamento:
            await asyncio.wait(self._em_andamento, timeout=limite_s)

    # -- one request --------------------------------------------------------------------------------------

    async def advance(self, concessao: ConcessaoSolicitacao) -> Solicitacao:
        """Take one leased request to its next resting state and store it."""
        solicitacao = concessao.solicitacao
        bind_request(solicitacao.pedido_id)
        try:
            certificado = await self._run(self._certificados.current, solicitacao.empresa_id)
        except CertificadoInvalido as erro:
            return await self._postpone(concessao, erro)
        rodada = _Rodada(concessao, certificado)
        if not is_national(solicitacao) and await self._vigia.is_down(solicitacao):
            parada = await self._settle(rodada, hold_for_authorizer(solicitacao))
            await self._vigia.wake_if_over(solicitacao)
            return parada
        async with self._vagas:
            if next_step_of(solicitacao) is PassoSolicitacao.CONSULTAR:
                return await self._query(rodada)
            return await self._send(rodada)

    async def _send(self, rodada: _Rodada) -> Solicitacao:
        solicitacao, certificado = rodada.concessao.solicitacao, rodada.certificado
        inicio = self._clock.monotonic()
        tentativa = await self._run(self._solicitacoes.begin, rodada.concessao, "envio")
        repetido: RetornoEvento | None = None
        try:
            if solicitacao.tipo == INUTILIZACAO:
                retorno = await self._gateway.inutilise(solicitacao, certificado)
                decisao = decide_after_inutilizacao(solicitacao, retorno)
            else:
                retorno = repetido = await self._gateway.register(solicitacao, certificado)
                decisao = decide_after_evento(solicitacao, retorno)
        except TransmissaoIncerta as erro:
            rodada = self._closed(rodada, tentativa, inicio, "sem_resposta", None, erro.mensagem)
            return await self._settle(
                rodada, decide_after_event_silence(solicitacao, erro.mensagem, enviado=True)
            )
        except NAO_ENVIADO as erro:
            rodada = self._closed(rodada, tentativa, inicio, "recusada", None, erro.mensagem)
            return await self._settle(
                rodada, decide_after_event_refusal(solicitacao, erro.mensagem, enviado=True)
            )
        self._pontos("evento_respondido")
        rodada = self._closed(rodada, tentativa, inicio, "respondida", retorno.c_stat, retorno.motivo)
        if decisao.consultar:
            return await self._query(replace(rodada, marcos=rodada.marcos + decisao.marcos), repetido)
        return await self._settle(rodada, decisao)

    async def _query(self, rodada: _Rodada, repetido: RetornoEvento | None = None) -> Solicitacao:
        solicitacao = rodada.concessao.solicitacao
        assert solicitacao.chave is not None, "a range is never asked about"
        pergunta = about_key(solicitacao.chave, solicitacao.ambiente)
        espera_s = await self._run(self._cadencia.take, pergunta)
        if espera_s:
            adiada = hold_request(solicitacao, pergunta, espera_s, self._clock.now())
            return await self._settle(rodada, adiada)
        inicio = self._clock.monotonic()
        tentativa = await self._run(self._solicitacoes.begin, rodada.concessao, "consulta")
        try:
            retorno = await self._gateway.query_of(solicitacao, rodada.certificado)
        except TransmissaoIncerta as erro:
            rodada = self._closed(rodada, tentativa, inicio, "sem_resposta", None, erro.mensagem)
            return await self._settle(
                rodada, decide_after_event_silence(solicitacao, erro.mensagem, enviado=False)
            )
        except NAO_ENVIADO as erro:
            rodada = self._closed(rodada, tentativa, inicio, "recusada", None, erro.mensagem)
            return await self._settle(
                rodada, decide_after_event_refusal(solicitacao, erro.mensagem, enviado=False)
            )
        rodada = self._closed(rodada, tentativa, inicio, "respondida", retorno.c_stat, retorno.motivo)
        return await self._settle(rodada, decide_after_event_query(solicitacao, retorno, repetido))

    async def _postpone(self, concessao: ConcessaoSolicitacao, erro: FiscalError) -> Solicitacao:
        solicitacao = concessao.solicitacao
        marco = Marco("sem_certificado", f"Pedido parado: {erro.mensagem}", {"codigo": erro.codigo})
        return await self._run(
            self._solicitacoes.settle,
            DesfechoSolicitacao(
                concessao,
                (),
                EstadoSolicitacao.INCERTA if solicitacao.tentativa_aberta else solicitacao.estado,
                None,
                erro.mensagem,
                (marco,),
                proxima_acao_s=300.0,
            ),
        )

    def _closed(
        self, rodada: _Rodada, tentativa: int, inicio: float, resultado: str, c_stat: int | None, motivo: str
    ) -> _Rodada:
        duracao_ms = round((self._clock.monotonic() - inicio) * 1000)
        encerrada = TentativaEncerrada(tentativa, resultado, c_stat, motivo, duracao_ms)
        return replace(rodada, encerradas=(*rodada.encerradas, encerrada))

    async def _settle(self, rodada: _Rodada, decisao: DecisaoSolicitacao) -> Solicitacao:
        return await self._run(
            self._solicitacoes.settle,
            DesfechoSolicitacao(
                concessao=rodada.concessao,
                tentativas=rodada.encerradas,
                estado=decisao.estado,
                c_stat=decisao.c_stat,
                motivo=decisao.motivo,
                marcos=rodada.marcos + decisao.marcos,
                protocolo=decisao.protocolo,
                registrado_em=decisao.registrado_em,
                arquivo=_file_of(rodada.concessao.solicitacao, decisao),
                documento_cancelado=decisao.documento_cancelado,
                sequencia_vista=decisao.sequencia_vista,
                proxima_acao_s=decisao.proxima_acao_s,
            ),
        )

    # -- running ------------------------------------------------------------------------------------------

    async def _admitted(self, admissao: AdmissaoSolicitacao) -> Solicitacao:
        if admissao.concessao is None:
            return admissao.solicitacao
        return await self._within_deadline(admissao.concessao)

    async def _within_deadline(self, concessao: ConcessaoSolicitacao) -> Solicitacao:
        tarefa = asyncio.create_task(self.advance(concessao))
        self._em_andamento.add(tarefa)
        tarefa.add_done_callback(self._finished)
        feitas, _ = await asyncio.wait({tarefa}, timeout=self._politica.prazo_resposta_s)
        if feitas:
            with suppress(ConcessaoPerdida):
                return tarefa.result()
        antes = concessao.solicitacao
        return await self._run(self._solicitacoes.get, antes.id, antes.empresa_id) or antes

    def _finished(self, tarefa: asyncio.Task[Solicitacao]) -> None:
        self._em_andamento.discard(tarefa)
        if not tarefa.cancelled() and (erro := tarefa.exception()) is not None:
            _log.error("solicitacao_interrompida", erro=type(erro).__name__)

    async def _advance_logged(self, concessao: ConcessaoSolicitacao) -> None:
        """In a drain, one request's failure must not stop the others: its lease brings it back."""
        try:
            await self.advance(concessao)
        except ConcessaoPerdida:
            _log.warning("concessao_perdida", solicitacao=concessao.solicitacao.id)
        except Exception:  # noqa: BLE001 - the sweep retries it; nothing is swallowed, it is logged whole
            _log.exception("solicitacao_interrompida", solicitacao=concessao.solicitacao.id)

    async def _run(self, funcao: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        laco = asyncio.get_running_loop()
        return await laco.run_in_executor(self._executor, partial(funcao, *args, **kwargs))


def _file_of(solicitacao: Solicitacao, decisao: DecisaoSolicitacao) -> bytes | None:
    """The file that the law says to keep: as SEFAZ gave it back, or our bytes and its return."""
    if decisao.arquivo is not None:
        return decisao.arquivo
    if decisao.retorno is None:
        return None
    compose = compose_proc_inut if solicitacao.tipo == INUTILIZACAO else compose_proc_evento
    return compose(solicitacao.xml_assinado, decisao.retorno)
