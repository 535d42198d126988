"""The steps of leased documents towards SEFAZ: sign, send, ask, and write what came of it.

The order of commits is the promise of the product: signed bytes with the attempt, then the network, then the outcome. What
to do next, and with whom together, is told by `emissao` and `remessa`.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

from chancela.documents.nfe.layout import compose_nfeproc
from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.erros import (
    CertificadoInvalido,
    FiscalError,
    RegraViolada,
    TransmissaoIncerta,
    TransmissaoRecusada,
)
from chancela.gateways.lotes import LimitesLote
from chancela.gateways.nfe.retornos import RetornoAutorizacao, RetornoConsulta, RetornoLote
from chancela.issuing.admissoes import Assinador
from chancela.issuing.cadencia import Cadencia, Pergunta, about_key, hold_document
from chancela.issuing.decisao import (
    Decisao,
    Passo,
    decide_after_query,
    decide_after_refusal,
    decide_after_send,
    decide_after_silence,
    next_step,
)
from chancela.issuing.desvios import Desvio
from chancela.issuing.lotes import Lotes
from chancela.issuing.modelo import (
    Assinado,
    Concessao,
    Desfecho,
    Documento,
    EnvioPlanejado,
    Estado,
    Marco,
    Operacao,
    TentativaEncerrada,
)
from chancela.issuing.ports import NAO_ENVIADO, Documentos
from chancela.issuing.vigia import Vigia
from chancela.kit.clock import Clock
from chancela.kit.quedas import Pontos

P = ParamSpec("P")
T = TypeVar("T")
_FORA_DO_AR = "A SEFAZ autorizadora saiu do ar antes do envio; nada foi enviado."
_PERGUNTAS_SEGUIDAS = 3
"""A send, a query of our key and a query of the key it named; more would be a loop with SEFAZ."""


class GatewayAutorizacao(Protocol):
    """What issuing asks of SEFAZ; `gateways.nfe` puts it over mutual TLS."""

    async def authorise(self, documento: Documento, certificado: Certificado) -> RetornoAutorizacao: ...

    async def send_lot(
        self, documentos: Sequence[Documento], certificado: Certificado, *, zipado: bool
    ) -> RetornoLote: ...

    async def receipt(self, documento: Documento, certificado: Certificado) -> RetornoLote: ...

    async def query(self, documento: Documento, chave: str, certificado: Certificado) -> RetornoConsulta: ...

    def lot_limits(self, documento: Documento) -> LimitesLote | None:
        """Of how many notes a lot with this document may be today; None when its authorizer takes none."""
        ...


class Passos:
    """One process's steps. Every method names the lease under which it writes."""

    def __init__(
        self,
        *,
        documentos: Documentos,
        gateway: GatewayAutorizacao,
        assinador: Assinador,
        vigia: Vigia,
        cadencia: Cadencia,
        clock: Clock,
        executor: ThreadPoolExecutor,
        pontos: Pontos,
    ) -> None:
        self._documentos = documentos
        self._gateway = gateway
        self._assinador = assinador
        self._vigia = vigia
        self._cadencia = cadencia
        self._clock = clock
        self._executor = executor
        self._pontos = pontos
        self._inicios = Lotes(documentos.begin, executor, junto=_company)
        self._desfechos = Lotes(documentos.settle, executor, junto=_company)

    # -- towards SEFAZ ------------------------------------------------------------------------------------

    async def go(self, concessao: Concessao, certificado: Certificado) -> Documento:
        """The next step of one document by itself. One that waits for a receipt is `remessa`'s."""
        documento = concessao.documento
        passo = next_step(documento)
        assert passo is not Passo.BUSCAR_RECIBO, documento.recibo
        if passo is Passo.CONSULTAR:
            return await self.query(concessao, certificado, documento.chave, ())
        return await self.sign_and_send(concessao, certificado)

    async def sign_and_send(self, concessao: Concessao, certificado: Certificado) -> Documento:
        """The usual way of one document: signed, sent by itself, settled."""
        concessao, assinado = await self.sign(concessao, certificado)
        tentativa = await self._inicios.put(EnvioPlanejado(concessao, Operacao.AUTORIZACAO, assinado))
        return await self.send(concessao, tentativa, certificado)

    async def begin_again(self, concessao: Concessao) -> int:
        """A new attempt for signed bytes whose first one waited long: it proves that the lease still holds."""
        return await self._inicios.put(EnvioPlanejado(concessao, Operacao.AUTORIZACAO))

    async def send_if_up(self, concessao: Concessao, tentativa: int, certificado: Certificado) -> Documento:
        """As `send`, unless the authorizer is known to be down by now: then the attempt is closed, and nothing left."""
        documento = concessao.documento
        if not await self._vigia.is_down(documento):
            return await self.send(concessao, tentativa, certificado)
        recusada = TentativaEncerrada(tentativa, "recusada", None, _FORA_DO_AR, 0)
        decisao = decide_after_refusal(documento, Operacao.AUTORIZACAO, _FORA_DO_AR)
        return await self.settle(concessao, (recusada,), decisao)

    async def send(self, concessao: Concessao, tentativa: int, certificado: Certificado) -> Documento:
        """Send a document whose attempt is committed, by itself, and settle it."""
        documento = concessao.documento
        inicio = self._clock.monotonic()
        try:
            retorno = await self._gateway.authorise(documento, certificado)
        except (TransmissaoIncerta, *NAO_ENVIADO) as erro:
            return await self._unanswered(concessao, tentativa, inicio, Operacao.AUTORIZACAO, erro)
        self._pontos("documento_respondido")
        await self._vigia.note_answer(documento, retorno.c_stat, retorno.motivo)
        encerrada = self.answered(tentativa, inicio, retorno.c_stat, retorno.motivo)
        return await self.conclude(
            concessao, certificado, (encerrada,), decide_after_send(documento, retorno)
        )

    async def sign(self, concessao: Concessao, certificado: Certificado) -> tuple[Concessao, Assinado | None]:
        """The signed bytes, made now or kept from before (None: nothing new to store)."""
        if concessao.documento.estado is not Estado.PENDENTE:
            return concessao, None
        try:
            assinado = await self.run(self._sign_now, concessao.documento, certificado)
        except RegraViolada as erro:
            await self.run(self._documentos.discard, concessao, erro.mensagem)
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

    def _sign_now(self, documento: Documento, certificado: Certificado) -> Assinado:
        return self._assinador.prepare(documento.modelo, documento.empresa_id, certificado)(documento)

    async def rest(self, desvio: Desvio, decisao: Decisao, certificado: Certificado) -> Documento:
        """Leave a document for later; one that is handed over before SEFAZ saw it is signed first."""
        concessao = desvio.concessao
        if desvio.guardar:
            concessao, assinado = await self.sign(concessao, certificado)
            if assinado is not None:
                await self._inicios.put(EnvioPlanejado(concessao, None, assinado))
        documento = await self.settle(concessao, (), decisao)
        if desvio.visto is not None and desvio.visto.aberto:
            await self._vigia.wake_if_over(documento, svc_inativa=desvio.visto.svc is None)
        return documento

    async def query(
        self,
        concessao: Concessao,
        certificado: Certificado,
        chave: str,
        antes: tuple[TentativaEncerrada, ...],
        marcos: tuple[Marco, ...] = (),
    ) -> Documento:
        documento = concessao.documento
        adiada = await self.held(documento, about_key(chave, documento.ambiente))
        if adiada is not None:
            return await self.settle(concessao, antes, replace(adiada, marcos=marcos + adiada.marcos))
        inicio = self._clock.monotonic()
        tentativa = await self._inicios.put(EnvioPlanejado(concessao, Operacao.CONSULTA))
        try:
            retorno = await self._gateway.query(documento, chave, certificado)
        except (TransmissaoIncerta, *NAO_ENVIADO) as erro:
            return await self._unanswered(
                concessao, tentativa, inicio, Operacao.CONSULTA, erro, antes, marcos
            )
        await self._vigia.note_answer(documento, retorno.c_stat, retorno.motivo)
        encerrada = self.answered(tentativa, inicio, retorno.c_stat, retorno.motivo)
        versoes = await self.run(self._documentos.versions, documento.id, documento.empresa_id)
        decisao = decide_after_query(documento, chave, retorno, versoes)
        decisao = replace(decisao, marcos=marcos + decisao.marcos)
        return await self.conclude(concessao, certificado, (*antes, encerrada), decisao)

    async def held(self, documento: Documento, pergunta: Pergunta) -> Decisao | None:
        """What to settle when SEFAZ was asked too often already; None, and the question is counted, when it may be asked."""
        espera_s = await self.run(self._cadencia.take, pergunta)
        return hold_document(documento, pergunta, espera_s, self._clock.now()) if espera_s else None

    async def conclude(
        self,
        concessao: Concessao,
        certificado: Certificado,
        encerradas: tuple[TentativaEncerrada, ...],
        decisao: Decisao,
    ) -> Documento:
        """Store a decision, or ask SEFAZ once more by key first when it says so."""
        if decisao.consultar_chave is not None and len(encerradas) < _PERGUNTAS_SEGUIDAS:
            return await self.query(
                concessao, certificado, decisao.consultar_chave, encerradas, decisao.marcos
            )
        return await self.settle(concessao, encerradas, decisao)

    # -- writing ------------------------------------------------------------------------------------------

    async def begin_all(self, envios: Sequence[EnvioPlanejado]) -> Sequence[int | BaseException]:
        """The attempts of many documents in one commit; each its own, or why it has none."""
        return await self._inicios.put_all(envios)

    async def settle_all(
        self, desfechos: Sequence[tuple[Concessao, TentativaEncerrada | None, Decisao]]
    ) -> Sequence[Documento | BaseException]:
        """The outcomes of many documents in one commit; each as it is now, or why it was not written."""
        planos = [
            _outcome(concessao, () if encerrada is None else (encerrada,), decisao)
            for concessao, encerrada, decisao in desfechos
        ]
        return await self._desfechos.put_all(planos)

    async def settle(
        self, concessao: Concessao, encerradas: tuple[TentativaEncerrada, ...], decisao: Decisao
    ) -> Documento:
        """Write what was decided of one document."""
        return await self._desfechos.put(_outcome(concessao, encerradas, decisao))

    async def _unanswered(
        self,
        concessao: Concessao,
        tentativa: int,
        inicio: float,
        operacao: Operacao,
        erro: FiscalError,
        antes: tuple[TentativaEncerrada, ...] = (),
        marcos: tuple[Marco, ...] = (),
    ) -> Documento:
        """Settle a call without answer: perhaps arrived (`TransmissaoIncerta`), or surely not. A certificate or a service
        that is missing on our side says nothing of the authorizer."""
        incerta = isinstance(erro, TransmissaoIncerta)
        if incerta or isinstance(erro, TransmissaoRecusada):
            await self._vigia.note_failure(concessao.documento, erro.mensagem)
        resultado = "sem_resposta" if incerta else "recusada"
        encerrada = TentativaEncerrada(tentativa, resultado, None, erro.mensagem, self._elapsed_ms(inicio))
        decide = decide_after_silence if incerta else decide_after_refusal
        decisao = decide(concessao.documento, operacao, erro.mensagem)
        return await self.settle(
            concessao, (*antes, encerrada), replace(decisao, marcos=marcos + decisao.marcos)
        )

    def answered(self, tentativa: int, inicio: float, c_stat: int, motivo: str) -> TentativaEncerrada:
        return TentativaEncerrada(tentativa, "respondida", c_stat, motivo, self._elapsed_ms(inicio))

    def _elapsed_ms(self, inicio: float) -> int:
        return round((self._clock.monotonic() - inicio) * 1000)

    async def run(self, funcao: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A blocking call, in a thread."""
        laco = asyncio.get_running_loop()
        return await laco.run_in_executor(self._executor, partial(funcao, *args, **kwargs))


def postponed(documento: Documento, erro: CertificadoInvalido) -> Decisao:
    """Nothing goes out without a certificate: later, and the timeline says why."""
    marco = Marco("sem_certificado", f"Documento parado: {erro.mensagem}", {"codigo": erro.codigo})
    estado = Estado.INCERTO if documento.tentativa_aberta else documento.estado
    return Decisao(estado, None, erro.mensagem, (marco,), recibo=documento.recibo, proxima_acao_s=300.0)


def _company(plano: EnvioPlanejado | Desfecho) -> int:
    return plano.concessao.documento.empresa_id


def _outcome(concessao: Concessao, encerradas: tuple[TentativaEncerrada, ...], decisao: Decisao) -> Desfecho:
    return Desfecho(
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


def _archive(documento: Documento, decisao: Decisao) -> bytes | None:
    """`nfeProc` of the version that SEFAZ holds, when the decision attaches a protocol."""
    if decisao.protocolo is None or not decisao.protocolo.xml:
        return None
    xml = decisao.adotar.xml if decisao.adotar is not None else documento.xml_assinado
    assert xml is not None
    return compose_nfeproc(xml, decisao.protocolo.xml)
