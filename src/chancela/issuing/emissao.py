"""Drives documents through the state machine: admits, signs, sends, reconciles, and drains what is due.

The order of commits is the promise of the product: number with its document, then signed bytes with the attempt,
then the network, then the outcome. Whatever dies in between is picked up from what is stored.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

import structlog

from chancela.documents.nfe.layout import compose_nfeproc
from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.erros import (
    CertificadoInvalido,
    ConcessaoPerdida,
    FiscalError,
    RegraViolada,
    TransmissaoIncerta,
    TransmissaoRecusada,
)
from chancela.gateways.enderecos import SemServico
from chancela.gateways.nfe.retornos import RetornoAutorizacao, RetornoConsulta
from chancela.issuing.cadencia import Cadencia, Pergunta, about_key, about_receipt, hold_document
from chancela.issuing.decisao import (
    Decisao,
    Passo,
    decide_after_query,
    decide_after_refusal,
    decide_after_send,
    decide_after_silence,
    next_step,
)
from chancela.issuing.desvios import Desvio, Desvios
from chancela.issuing.lotes import Lotes
from chancela.issuing.modelo import (
    Assinado,
    Concessao,
    Desfecho,
    Documento,
    EnvioPlanejado,
    Estado,
    Marco,
    NovoDocumento,
    Operacao,
    TentativaEncerrada,
)
from chancela.issuing.politica import Politica
from chancela.issuing.ports import Certificados, Documentos
from chancela.issuing.vigia import Vigia
from chancela.kit.clock import Clock
from chancela.kit.quedas import Pontos, no_points
from chancela.kit.requisicao import bind_request, current_request

P = ParamSpec("P")
T = TypeVar("T")
_log = structlog.get_logger("chancela.issuing")
_NAO_ENVIADO = (TransmissaoRecusada, SemServico, CertificadoInvalido)
"""Nothing was transmitted: no connection, no address for the service, no usable certificate."""
_PERGUNTAS_SEGUIDAS = 3
"""A send, a query of our key and a query of the key it named; more would be a loop with SEFAZ."""


class GatewayAutorizacao(Protocol):
    """The three questions that issuing puts to SEFAZ; `gateways.nfe` answers them over mutual TLS."""

    async def authorise(self, documento: Documento, certificado: Certificado) -> RetornoAutorizacao: ...

    async def receipt(self, documento: Documento, certificado: Certificado) -> RetornoAutorizacao: ...

    async def query(self, documento: Documento, chave: str, certificado: Certificado) -> RetornoConsulta: ...


class Assinador(Protocol):
    """Signs and validates a numbered document; pure but for the key it is handed."""

    def __call__(self, documento: Documento, certificado: Certificado) -> Assinado: ...


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
        self._gateway = gateway
        self._assinador = assinador
        self._vigia = vigia
        self._desvios = desvios
        self._cadencia = cadencia
        self._clock = clock
        self._executor = executor
        self._dono = dono
        self._politica = politica or Politica()
        self._pontos = pontos
        self._inicios = Lotes(documentos.begin, executor)
        self._desfechos = Lotes(documentos.settle, executor)
        self._vagas = asyncio.Semaphore(self._politica.envios_simultaneos)
        self._em_andamento: set[asyncio.Task[Documento]] = set()

    async def issue(self, novo: NovoDocumento) -> Documento:
        """Admit a document and take it as far as the deadline allows; a living result means `Processing`.

        The wake-up that commits with the document covers whatever happens to this process afterwards.
        """
        novo = replace(novo, pedido_id=current_request())
        admissao = await self._run(
            partial(self._documentos.admit, novo, dono=self._dono, prazo_s=self._politica.prazo_concessao_s)
        )
        documento = admissao.documento
        if admissao.concessao is not None:
            documento = await self._within_deadline(admissao.concessao)
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
        return await self._within_deadline(concessao)

    async def drain(self, empresa_id: int) -> int:
        """Advance every due document of a company, in batches; returns how many were handled."""
        tratados = 0
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
            await asyncio.gather(*(self._advance_logged(concessao) for concessao in concessoes))
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
            return await self._settle(concessao, (), self._postponed(documento, erro))
        async with self._vagas:
            desvio = await self._desvios.find(concessao, certificado, presente=presente)
            if desvio.decisao is not None:
                return await self._rest(desvio, desvio.decisao, certificado)
            concessao, documento = desvio.concessao, desvio.concessao.documento
            passo = next_step(documento)
            if passo in (Passo.ASSINAR, Passo.ENVIAR):
                return await self._sign_and_send(concessao, certificado)
            if passo is Passo.BUSCAR_RECIBO:
                return await self._fetch_receipt(concessao, certificado)
            return await self._query(concessao, certificado, documento.chave, ())

    async def _sign_and_send(self, concessao: Concessao, certificado: Certificado) -> Documento:
        concessao, assinado = await self._sign(concessao, certificado)
        documento = concessao.documento
        inicio = self._clock.monotonic()
        tentativa = await self._begin(concessao, Operacao.AUTORIZACAO, assinado)
        try:
            retorno = await self._gateway.authorise(documento, certificado)
        except TransmissaoIncerta as erro:
            return await self._silence(concessao, tentativa, inicio, Operacao.AUTORIZACAO, erro)
        except _NAO_ENVIADO as erro:
            return await self._refusal(concessao, tentativa, inicio, Operacao.AUTORIZACAO, erro)
        self._pontos("documento_respondido")
        await self._vigia.note_answer(documento, retorno.c_stat, retorno.motivo)
        encerrada = self._answered(tentativa, inicio, retorno.c_stat, retorno.motivo)
        return await self._conclude(
            concessao, certificado, (encerrada,), decide_after_send(documento, retorno)
        )

    async def _sign(
        self, concessao: Concessao, certificado: Certificado
    ) -> tuple[Concessao, Assinado | None]:
        """The signed bytes, made now or kept from before (None: nothing new to store)."""
        if concessao.documento.estado is not Estado.PENDENTE:
            return concessao, None
        try:
            assinado = await self._run(self._assinador, concessao.documento, certificado)
        except RegraViolada as erro:
            await self._run(self._documentos.discard, concessao, erro.mensagem)
            raise
        self._pontos("documento_assinado")
        documento = replace(
            concessao.documento,
            estado=Estado.ASSINADO,
            xml_assinado=assinado.xml,
            digest_value=assinado.digest_value,
            suplemento=assinado.suplemento,
        )
        return replace(concessao, documento=documento), assinado

    async def _rest(self, desvio: Desvio, decisao: Decisao, certificado: Certificado) -> Documento:
        """Leave a document for later; one that is handed over before SEFAZ saw it is signed first."""
        concessao = desvio.concessao
        if desvio.guardar:
            concessao, assinado = await self._sign(concessao, certificado)
            if assinado is not None:
                await self._inicios.put(EnvioPlanejado(concessao, None, assinado))
        return await self._settle(concessao, (), decisao)

    async def _fetch_receipt(self, concessao: Concessao, certificado: Certificado) -> Documento:
        documento = concessao.documento
        assert documento.recibo is not None
        adiada = await self._held(documento, about_receipt(documento.recibo, documento.ambiente))
        if adiada is not None:
            return await self._settle(concessao, (), adiada)
        inicio = self._clock.monotonic()
        tentativa = await self._begin(concessao, Operacao.RECIBO)
        try:
            retorno = await self._gateway.receipt(concessao.documento, certificado)
        except TransmissaoIncerta as erro:
            return await self._silence(concessao, tentativa, inicio, Operacao.RECIBO, erro)
        except _NAO_ENVIADO as erro:
            return await self._refusal(concessao, tentativa, inicio, Operacao.RECIBO, erro)
        encerrada = self._answered(tentativa, inicio, retorno.c_stat, retorno.motivo)
        decisao = decide_after_send(concessao.documento, retorno)
        return await self._conclude(concessao, certificado, (encerrada,), decisao)

    async def _query(
        self,
        concessao: Concessao,
        certificado: Certificado,
        chave: str,
        antes: tuple[TentativaEncerrada, ...],
        marcos: tuple[Marco, ...] = (),
    ) -> Documento:
        documento = concessao.documento
        adiada = await self._held(documento, about_key(chave, documento.ambiente))
        if adiada is not None:
            return await self._settle(concessao, antes, replace(adiada, marcos=marcos + adiada.marcos))
        inicio = self._clock.monotonic()
        tentativa = await self._begin(concessao, Operacao.CONSULTA)
        try:
            retorno = await self._gateway.query(documento, chave, certificado)
        except TransmissaoIncerta as erro:
            return await self._silence(concessao, tentativa, inicio, Operacao.CONSULTA, erro, antes, marcos)
        except _NAO_ENVIADO as erro:
            return await self._refusal(concessao, tentativa, inicio, Operacao.CONSULTA, erro, antes, marcos)
        await self._vigia.note_answer(documento, retorno.c_stat, retorno.motivo)
        encerrada = self._answered(tentativa, inicio, retorno.c_stat, retorno.motivo)
        versoes = await self._run(self._documentos.versions, documento.id, documento.empresa_id)
        decisao = decide_after_query(documento, chave, retorno, versoes)
        decisao = replace(decisao, marcos=marcos + decisao.marcos)
        return await self._conclude(concessao, certificado, (*antes, encerrada), decisao)

    async def _held(self, documento: Documento, pergunta: Pergunta) -> Decisao | None:
        """What to settle when SEFAZ was asked too often already; None, and the question is counted, when it may be asked."""
        espera_s = await self._run(self._cadencia.take, pergunta)
        return hold_document(documento, pergunta, espera_s, self._clock.now()) if espera_s else None

    async def _conclude(
        self,
        concessao: Concessao,
        certificado: Certificado,
        encerradas: tuple[TentativaEncerrada, ...],
        decisao: Decisao,
    ) -> Documento:
        """Store a decision, or ask SEFAZ once more by key first when it says so."""
        if decisao.consultar_chave is not None and len(encerradas) < _PERGUNTAS_SEGUIDAS:
            return await self._query(
                concessao, certificado, decisao.consultar_chave, encerradas, decisao.marcos
            )
        return await self._settle(concessao, encerradas, decisao)

    # -- writing ------------------------------------------------------------------------------------------

    async def _begin(self, concessao: Concessao, operacao: Operacao, assinado: Assinado | None = None) -> int:
        plano = EnvioPlanejado(concessao, operacao, assinado)
        return await self._inicios.put(plano)

    async def _settle(
        self, concessao: Concessao, encerradas: tuple[TentativaEncerrada, ...], decisao: Decisao
    ) -> Documento:
        desfecho = Desfecho(
            concessao=concessao,
            tentativas=encerradas,
            estado=decisao.estado,
            c_stat=decisao.c_stat,
            motivo=decisao.motivo,
            marcos=decisao.marcos,
            protocolo=decisao.protocolo,
            xml_autorizado=_archive(concessao.documento, decisao),
            recibo=decisao.recibo,
            adotar=decisao.adotar,
            proxima_acao_s=decisao.proxima_acao_s,
        )
        return await self._desfechos.put(desfecho)

    async def _silence(
        self,
        concessao: Concessao,
        tentativa: int,
        inicio: float,
        operacao: Operacao,
        erro: FiscalError,
        antes: tuple[TentativaEncerrada, ...] = (),
        marcos: tuple[Marco, ...] = (),
    ) -> Documento:
        await self._vigia.note_failure(concessao.documento, erro.mensagem)
        encerrada = TentativaEncerrada(
            tentativa, "sem_resposta", None, erro.mensagem, self._elapsed_ms(inicio)
        )
        decisao = decide_after_silence(concessao.documento, operacao, erro.mensagem)
        return await self._settle(
            concessao, (*antes, encerrada), replace(decisao, marcos=marcos + decisao.marcos)
        )

    async def _refusal(
        self,
        concessao: Concessao,
        tentativa: int,
        inicio: float,
        operacao: Operacao,
        erro: FiscalError,
        antes: tuple[TentativaEncerrada, ...] = (),
        marcos: tuple[Marco, ...] = (),
    ) -> Documento:
        if isinstance(erro, TransmissaoRecusada):
            await self._vigia.note_failure(concessao.documento, erro.mensagem)
        encerrada = TentativaEncerrada(tentativa, "recusada", None, erro.mensagem, self._elapsed_ms(inicio))
        decisao = decide_after_refusal(concessao.documento, operacao, erro.mensagem)
        return await self._settle(
            concessao, (*antes, encerrada), replace(decisao, marcos=marcos + decisao.marcos)
        )

    def _answered(self, tentativa: int, inicio: float, c_stat: int, motivo: str) -> TentativaEncerrada:
        return TentativaEncerrada(tentativa, "respondida", c_stat, motivo, self._elapsed_ms(inicio))

    def _elapsed_ms(self, inicio: float) -> int:
        return round((self._clock.monotonic() - inicio) * 1000)

    @staticmethod
    def _postponed(documento: Documento, erro: CertificadoInvalido) -> Decisao:
        marco = Marco("sem_certificado", f"Documento parado: {erro.mensagem}", {"codigo": erro.codigo})
        estado = Estado.INCERTO if documento.tentativa_aberta else documento.estado
        return Decisao(estado, None, erro.mensagem, (marco,), recibo=documento.recibo, proxima_acao_s=300.0)

    # -- running ------------------------------------------------------------------------------------------

    async def _within_deadline(self, concessao: Concessao) -> Documento:
        tarefa = asyncio.create_task(self.advance(concessao, presente=True))
        self._em_andamento.add(tarefa)
        tarefa.add_done_callback(self._finished)
        feitas, _ = await asyncio.wait({tarefa}, timeout=self._politica.prazo_resposta_s)
        if not feitas:
            return concessao.documento
        try:
            return tarefa.result()
        except ConcessaoPerdida:
            atual = await self._run(
                self._documentos.get, concessao.documento.id, concessao.documento.empresa_id
            )
            return atual or concessao.documento

    def _finished(self, tarefa: asyncio.Task[Documento]) -> None:
        self._em_andamento.discard(tarefa)
        if not tarefa.cancelled() and (erro := tarefa.exception()) is not None:
            _log.error("documento_interrompido", erro=type(erro).__name__)

    async def _advance_logged(self, concessao: Concessao) -> None:
        """In a drain, one document's failure must not stop the others: its lease brings it back."""
        try:
            await self.advance(concessao)
        except ConcessaoPerdida:
            _log.warning("concessao_perdida", documento=concessao.documento.id)
        except Exception:  # noqa: BLE001 - the sweep retries it; nothing is swallowed, it is logged whole
            _log.exception("documento_interrompido", documento=concessao.documento.id)

    async def _run(self, funcao: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        laco = asyncio.get_running_loop()
        return await laco.run_in_executor(self._executor, partial(funcao, *args, **kwargs))


def _archive(documento: Documento, decisao: Decisao) -> bytes | None:
    """`nfeProc` of the version that SEFAZ holds, when the decision attaches a protocol."""
    if decisao.protocolo is None or not decisao.protocolo.xml:
        return None
    xml = decisao.adotar.xml if decisao.adotar is not None else documento.xml_assinado
    assert xml is not None
    return compose_nfeproc(xml, decisao.protocolo.xml)


__all__: Sequence[str] = ("Assinador", "Emissor", "GatewayAutorizacao")
