"""Drives documents through the state machine: admits, takes them onward one by one or together, and drains what is due.

Number and document are one commit; the commits that follow are those of `passos`. Whatever dies in between is picked up
from what is stored.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, ParamSpec, TypeVar

import structlog

from chancela.domain.erros import CertificadoInvalido, ConcessaoPerdida
from chancela.issuing.admissoes import Admissoes, Admitido, Assinador
from chancela.issuing.cadencia import Cadencia
from chancela.issuing.decisao import Passo, next_step
from chancela.issuing.desvios import Desvios
from chancela.issuing.modelo import Concessao, Documento, NovoDocumento
from chancela.issuing.passos import GatewayAutorizacao, Passos, postponed
from chancela.issuing.politica import Politica
from chancela.issuing.ports import Certificados, Documentos
from chancela.issuing.remessa import Remessas, log_interruption
from chancela.issuing.vigia import Vigia
from chancela.kit.clock import Clock
from chancela.kit.frozen import replace
from chancela.kit.quedas import Pontos, no_points
from chancela.kit.requisicao import bind_request, current_request

P = ParamSpec("P")
T = TypeVar("T")
_log = structlog.get_logger("chancela.issuing")


class Emissor:
    """One process's hand on the documents. Everything it needs comes in; it owns only its background tasks."""

    def __init__(
        self,
        *,
        documentos: Documentos,
        certificados: Certificados,
        gateway: GatewayAutorizacao,
        assinador: Assinador,
        vigia: Vigia,
        desvios: Desvios,
        cadencia: Cadencia,
        clock: Clock,
        executor: ThreadPoolExecutor,
        dono: str,
        politica: Politica | None = None,
        pontos: Pontos = no_points,
    ) -> None:
        self._documentos = documentos
        self._certificados = certificados
        self._desvios = desvios
        self._clock = clock
        self._executor = executor
        self._dono = dono
        self._politica = politica or Politica()
        self._vagas = asyncio.Semaphore(self._politica.envios_simultaneos)
        self._em_andamento: set[asyncio.Task[Documento]] = set()
        self._admissoes = Admissoes(
            documentos=documentos,
            certificados=certificados,
            assinador=assinador,
            desvios=desvios,
            clock=clock,
            executor=executor,
            dono=dono,
            prazo_concessao_s=self._politica.prazo_concessao_s,
            pontos=pontos,
        )
        self._passos = Passos(
            documentos=documentos,
            gateway=gateway,
            assinador=assinador,
            vigia=vigia,
            cadencia=cadencia,
            clock=clock,
            executor=executor,
            pontos=pontos,
        )
        self._remessas = Remessas(
            passos=self._passos,
            documentos=documentos,
            certificados=certificados,
            gateway=gateway,
            vigia=vigia,
            desvios=desvios,
            clock=clock,
            vagas=self._vagas,
            dono=dono,
            politica=self._politica,
            pontos=pontos,
        )

    async def issue(self, novo: NovoDocumento) -> Documento:
        """Admit a document and take it as far as the deadline allows; a living result means `Processing`.

        The wake-up that commits with the document covers whatever happens to this process afterwards.
        """
        novo = replace(novo, pedido_id=current_request())
        inicio_s = self._clock.monotonic()
        admitido = await self._admissoes.admit(novo)
        documento, concessao = admitido.admissao.documento, admitido.admissao.concessao
        if concessao is not None:
            documento = await self._within_deadline(
                concessao,
                self.advance(concessao, presente=True)
                if admitido.certificado is None
                else self._send_admitted(concessao, admitido, inicio_s),
            )
        if await self._desvios.offered(documento):
            return await self.refresh(documento.id, documento.empresa_id) or documento
        return documento

    async def refresh(self, documento_id: str, empresa_id: int) -> Documento | None:
        """Advance one living document now, due or not, if nobody else is at it; returns it as it stands."""
        concessao = await self._run(
            partial(
                self._documentos.claim_one,
                documento_id,
                empresa_id,
                dono=self._dono,
                prazo_s=self._politica.prazo_concessao_s,
            )
        )
        if concessao is None:
            return await self._run(self._documentos.get, documento_id, empresa_id)
        return await self._within_deadline(concessao, self.advance(concessao, presente=True))

    async def drain(self, empresa_id: int) -> int:
        """Advance every due document of a company, in batches; returns how many were handled."""
        tratados, em_lotes = 0, False
        while True:
            concessoes = await self._run(
                partial(
                    self._documentos.claim,
                    empresa_id,
                    limite=self._politica.lote_drenagem,
                    dono=self._dono,
                    prazo_s=self._politica.prazo_concessao_s,
                )
            )
            if not concessoes:
                return tratados
            juntas, em_lotes = await self._remessas.select(concessoes, em_lotes=em_lotes)
            vao_juntas = {concessao.documento.id for concessao in juntas}
            sozinhas = [c for c in concessoes if c.documento.id not in vao_juntas]
            await asyncio.gather(
                self._remessas.advance(juntas), *(self._advance_logged(concessao) for concessao in sozinhas)
            )
            tratados += len(concessoes)

    async def close(self, limite_s: float = 10.0) -> None:
        """Let what is under way finish, for at most `limite_s`; the rest is recovered from its lease."""
        if self._em_andamento:
            await asyncio.wait(self._em_andamento, timeout=limite_s)

    # -- one document -------------------------------------------------------------------------------------

    async def advance(self, concessao: Concessao, *, presente: bool = False) -> Documento:
        """Take one leased document to its next resting state and store it; `presente` when somebody waits for it.

        In contingency the document returned may be the substitute of the one that was leased.
        """
        documento = concessao.documento
        bind_request(documento.pedido_id)
        try:
            certificado = await self._run(self._certificados.current, documento.empresa_id)
        except CertificadoInvalido as erro:
            return await self._passos.settle(concessao, (), postponed(documento, erro))
        async with self._vagas:
            desvio = await self._desvios.find(concessao, certificado, presente=presente)
            if desvio.decisao is not None:
                return await self._passos.rest(desvio, desvio.decisao, certificado)
            if next_step(desvio.concessao.documento) is Passo.BUSCAR_RECIBO:
                return await self._remessas.fetch((desvio.concessao,), certificado)
            return await self._passos.go(desvio.concessao, certificado)

    async def _send_admitted(self, concessao: Concessao, admitido: Admitido, inicio_s: float) -> Documento:
        """Send what was stored signed, with its attempt, once there is a place for it."""
        certificado, tentativa = admitido.certificado, admitido.admissao.tentativa
        assert certificado is not None, "only what was signed is sent at once"
        assert tentativa is not None, "only what was signed is sent at once"
        async with self._vagas:
            esperou_s = self._clock.monotonic() - inicio_s
            if esperou_s > self._politica.prazo_concessao_s / 2:
                tentativa = await self._passos.begin_again(concessao)
            return await self._passos.send_if_up(concessao, tentativa, certificado)

    # -- running ------------------------------------------------------------------------------------------

    async def _within_deadline(
        self, concessao: Concessao, trabalho: Coroutine[Any, Any, Documento]
    ) -> Documento:
        """What becomes of a document by the deadline of the answer; the work goes on after it."""
        tarefa = asyncio.create_task(trabalho)
        self._em_andamento.add(tarefa)
        tarefa.add_done_callback(self._finished)
        feitas, _ = await asyncio.wait({tarefa}, timeout=self._politica.prazo_resposta_s)
        if feitas:
            with suppress(ConcessaoPerdida):
                return tarefa.result()
        return await self._as_stored(concessao.documento)

    async def _as_stored(self, documento: Documento) -> Documento:
        """What the work has made of a document by now: signed off-line, it may be handed over before SEFAZ answers."""
        return await self._run(self._documentos.get, documento.id, documento.empresa_id) or documento

    def _finished(self, tarefa: asyncio.Task[Documento]) -> None:
        self._em_andamento.discard(tarefa)
        if not tarefa.cancelled() and (erro := tarefa.exception()) is not None:
            _log.error("documento_interrompido", erro=type(erro).__name__)

    async def _advance_logged(self, concessao: Concessao) -> None:
        """In a drain, one document's failure must not stop the others: its lease brings it back."""
        try:
            await self.advance(concessao)
        except Exception as erro:  # noqa: BLE001 - the sweep retries it; nothing is swallowed, it is logged whole
            log_interruption(concessao.documento, erro)

    async def _run(self, funcao: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        laco = asyncio.get_running_loop()
        return await laco.run_in_executor(self._executor, partial(funcao, *args, **kwargs))
