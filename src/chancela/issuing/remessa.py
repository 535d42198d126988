"""Notes that go to SEFAZ together: lots with a receipt (indSinc 0), and the one question about the receipt of all of them.

A lot serves a backlog: when an authorizer was away, a company's waiting notes go in lots instead of one by one, where lots are
taken (`gateways.lotes`). Every note stays a document of its own: its attempt is committed with those of the others before the
lot leaves, the receipt is committed for all of them before anybody asks for it, and each is settled by its own protocol.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TypeVar

import structlog

from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.erros import (
    CertificadoInvalido,
    ConcessaoPerdida,
    TransmissaoIncerta,
    TransmissaoRecusada,
)
from chancela.gateways.lotes import LimitesLote, cut_sizes
from chancela.gateways.nfe.retornos import RetornoAutorizacao, RetornoLote
from chancela.issuing.cadencia import about_receipt
from chancela.issuing.decisao import Decisao, Passo, decide_after_refusal, decide_after_silence, next_step
from chancela.issuing.decisao_lote import (
    decide_after_lot,
    decide_after_lot_silence,
    decide_after_receipt,
    may_share_lot,
)
from chancela.issuing.desvios import Desvios
from chancela.issuing.modelo import (
    Assinado,
    Concessao,
    Documento,
    EnvioPlanejado,
    Operacao,
    TentativaEncerrada,
)
from chancela.issuing.passos import GatewayAutorizacao, Passos, postponed
from chancela.issuing.politica import Politica
from chancela.issuing.ports import NAO_ENVIADO, Certificados, Documentos
from chancela.issuing.vigia import Vigia
from chancela.kit.clock import Clock
from chancela.kit.quedas import Pontos

T = TypeVar("T")
_log = structlog.get_logger("chancela.issuing")


@dataclass(frozen=True, slots=True)
class _Aberta:
    """A leased document whose attempt is committed."""

    concessao: Concessao
    tentativa: int

    @property
    def documento(self) -> Documento:
        return self.concessao.documento


class Remessas:
    """One process's lots and receipts."""

    def __init__(
        self,
        *,
        passos: Passos,
        documentos: Documentos,
        certificados: Certificados,
        gateway: GatewayAutorizacao,
        vigia: Vigia,
        desvios: Desvios,
        clock: Clock,
        vagas: asyncio.Semaphore,
        dono: str,
        politica: Politica,
        pontos: Pontos,
    ) -> None:
        self._passos = passos
        self._documentos = documentos
        self._certificados = certificados
        self._gateway = gateway
        self._vigia = vigia
        self._desvios = desvios
        self._clock = clock
        self._vagas = vagas
        self._dono = dono
        self._politica = politica
        self._pontos = pontos

    async def select(
        self, concessoes: Sequence[Concessao], *, em_lotes: bool
    ) -> tuple[Sequence[Concessao], bool]:
        """Which of a company's due documents go together, and whether its backlog travels in lots (once it does, to its end)."""
        com_recibo = [c for c in concessoes if next_step(c.documento) is Passo.BUSCAR_RECIBO]
        cabem = [c for c in concessoes if self._fits(c.documento)]
        if not em_lotes:
            em_lotes = await self._is_backlog(concessoes, cabem)
        return [*com_recibo, *(cabem if em_lotes else ())], em_lotes

    async def advance(self, concessoes: Sequence[Concessao]) -> None:
        """Take leased documents of one company onward, those of one receipt or one lot together. Failures are logged."""
        if not concessoes:
            return
        try:
            certificado = await self._passos.run(
                self._certificados.current, concessoes[0].documento.empresa_id
            )
        except CertificadoInvalido as erro:
            await self._settle([(c, None, postponed(c.documento, erro)) for c in concessoes])
            return
        achadas = await self._each(concessoes, lambda c: self._find(c, certificado))
        grupos: dict[Hashable, list[Concessao]] = {}
        for concessao in achadas:
            if concessao is not None:
                grupos.setdefault(_together(concessao.documento), []).append(concessao)
        cabecas = [grupo[0] for grupo in grupos.values()]
        await self._each(cabecas, lambda c: self._forward(grupos[_together(c.documento)], certificado))

    async def fetch(self, concessoes: Sequence[Concessao], certificado: Certificado) -> Documento:
        """Ask once about a receipt for all its notes that nobody else is at; the first document, as it stands then."""
        documento = concessoes[0].documento
        assert documento.recibo is not None
        irmas = await self._passos.run(
            partial(
                self._documentos.claim_receipt,
                documento.recibo,
                documento.empresa_id,
                documento.ambiente,
                dono=self._dono,
                prazo_s=self._politica.prazo_concessao_s,
            )
        )
        todas = [*concessoes, *irmas]
        adiada = await self._passos.held(documento, about_receipt(documento.recibo, documento.ambiente))
        if adiada is not None:
            feitos = await self._settle([(c, None, adiada) for c in todas])
        else:
            abertas = await self._begin([EnvioPlanejado(c, Operacao.RECIBO) for c in todas])
            feitos = await self._ask_receipt(abertas, certificado) if abertas else {}
        return feitos.get(documento.id, documento)

    # -- which ones ---------------------------------------------------------------------------------------

    def _fits(self, documento: Documento) -> bool:
        return may_share_lot(documento) and self._gateway.lot_limits(documento) is not None

    async def _is_backlog(self, concessoes: Sequence[Concessao], cabem: Sequence[Concessao]) -> bool:
        fila = self._politica.fila_para_lotes
        if not fila or len(cabem) < 2:
            return False
        if len(cabem) >= fila or len(concessoes) < self._politica.lote_drenagem:
            return len(cabem) >= fila
        documento = cabem[0].documento
        esperam = await self._passos.run(
            partial(self._documentos.waiting, documento.empresa_id, documento.modelo, limite=fila)
        )
        return len(cabem) + esperam >= fila

    async def _find(self, concessao: Concessao, certificado: Certificado) -> Concessao | None:
        """The document to go on with, which contingency may have changed; None for one that rests now."""
        async with self._vagas:
            desvio = await self._desvios.find(concessao, certificado, presente=False)
            if desvio.decisao is None:
                return desvio.concessao
            await self._passos.rest(desvio, desvio.decisao, certificado)
            return None

    async def _forward(self, grupo: Sequence[Concessao], certificado: Certificado) -> None:
        documento = grupo[0].documento
        if next_step(documento) is Passo.BUSCAR_RECIBO:
            async with self._vagas:
                await self.fetch(grupo, certificado)
            return
        limites = self._gateway.lot_limits(documento) if may_share_lot(documento) else None
        if limites is None:
            await self._each(grupo, lambda c: self._go_alone(c, certificado))
            return
        assinadas = await self._each(grupo, lambda c: self._passos.sign(c, certificado))
        lotes = cut_lots(assinadas, limites)
        await asyncio.gather(*(self._send(lote, limites, certificado) for lote in lotes))

    async def _go_alone(self, concessao: Concessao, certificado: Certificado) -> Documento:
        async with self._vagas:
            return await self._passos.go(concessao, certificado)

    # -- to SEFAZ -----------------------------------------------------------------------------------------

    async def _send(
        self,
        lote: Sequence[tuple[Concessao, Assinado | None]],
        limites: LimitesLote,
        certificado: Certificado,
    ) -> None:
        """One lot; what is too little for one goes note by note."""
        async with self._vagas:
            abertas = await self._begin([EnvioPlanejado(c, Operacao.AUTORIZACAO, a) for c, a in lote])
            if len(abertas) < max(2, limites.minimo):
                for aberta in abertas:
                    await self._passos.send(aberta.concessao, aberta.tentativa, certificado)
                return
            documentos = [aberta.documento for aberta in abertas]
            resposta = self._gateway.send_lot(documentos, certificado, zipado=self._politica.lotes_zip)
            await self._conclude(
                abertas,
                resposta,
                certificado,
                Operacao.AUTORIZACAO,
                decide_after_lot,
                decide_after_lot_silence,
            )

    async def _ask_receipt(
        self, abertas: Sequence[_Aberta], certificado: Certificado
    ) -> dict[str, Documento]:
        keep_asking = partial(decide_after_silence, operacao=Operacao.RECIBO)
        resposta = self._gateway.receipt(abertas[0].documento, certificado)
        return await self._conclude(
            abertas, resposta, certificado, Operacao.RECIBO, decide_after_receipt, keep_asking
        )

    async def _conclude(
        self,
        abertas: Sequence[_Aberta],
        resposta: Awaitable[RetornoLote],
        certificado: Certificado,
        operacao: Operacao,
        decidir: Callable[[Documento, RetornoAutorizacao], Decisao],
        calar: Callable[..., Decisao],
    ) -> dict[str, Documento]:
        """Wait for one answer about many documents, and settle each by what it says of it."""
        inicio = self._clock.monotonic()
        primeiro = abertas[0].documento
        try:
            retorno = await resposta
        except TransmissaoIncerta as erro:
            await self._vigia.note_failure(primeiro, erro.mensagem)
            silencio = partial(calar, motivo=erro.mensagem)
            return await self._close(abertas, inicio, "sem_resposta", erro.mensagem, silencio)
        except NAO_ENVIADO as erro:
            if isinstance(erro, TransmissaoRecusada):
                await self._vigia.note_failure(primeiro, erro.mensagem)
            recusa = partial(decide_after_refusal, operacao=operacao, motivo=erro.mensagem)
            return await self._close(abertas, inicio, "recusada", erro.mensagem, recusa)
        self._pontos("lote_respondido" if operacao is Operacao.AUTORIZACAO else "recibo_respondido")
        await self._vigia.note_answer(primeiro, retorno.c_stat, retorno.motivo)
        decisoes = [
            (aberta, decidir(aberta.documento, retorno.about(aberta.documento.chave))) for aberta in abertas
        ]
        return await self._write(decisoes, inicio, retorno, certificado)

    async def _write(
        self,
        decisoes: Sequence[tuple[_Aberta, Decisao]],
        inicio: float,
        retorno: RetornoLote,
        certificado: Certificado,
    ) -> dict[str, Documento]:
        """Most at once; one whose number SEFAZ has under another key is asked about at once, as when it goes alone.

        One that is to be asked about by its own key is left to its next turn, with a lease of its own.
        """
        juntas: list[tuple[Concessao, TentativaEncerrada | None, Decisao]] = []
        outras: list[tuple[Concessao, TentativaEncerrada, Decisao]] = []
        for aberta, decisao in decisoes:
            encerrada = self._passos.answered(aberta.tentativa, inicio, retorno.c_stat, retorno.motivo)
            if decisao.consultar_chave in (None, aberta.documento.chave):
                juntas.append((aberta.concessao, encerrada, decisao))
            else:
                outras.append((aberta.concessao, encerrada, decisao))
        feitos = await self._settle(juntas)
        for concessao, encerrada, decisao in outras:
            feito = await self._passos.conclude(concessao, certificado, (encerrada,), decisao)
            feitos[feito.id] = feito
        return feitos

    async def _close(
        self,
        abertas: Sequence[_Aberta],
        inicio: float,
        resultado: str,
        motivo: str,
        decidir: Callable[[Documento], Decisao],
    ) -> dict[str, Documento]:
        """Settle documents whose question got no answer."""
        duracao_ms = round((self._clock.monotonic() - inicio) * 1000)
        return await self._settle(
            [
                (
                    aberta.concessao,
                    TentativaEncerrada(aberta.tentativa, resultado, None, motivo, duracao_ms),
                    decidir(aberta.documento),
                )
                for aberta in abertas
            ]
        )

    # -- many at once -------------------------------------------------------------------------------------

    async def _begin(self, envios: Sequence[EnvioPlanejado]) -> list[_Aberta]:
        ids = await self._passos.begin_all(envios)
        concessoes = [envio.concessao for envio in envios]
        return [_Aberta(concessao, tentativa) for concessao, tentativa in _done(concessoes, ids)]

    async def _settle(
        self, desfechos: Sequence[tuple[Concessao, TentativaEncerrada | None, Decisao]]
    ) -> dict[str, Documento]:
        feitos = await self._passos.settle_all(desfechos)
        concessoes = [concessao for concessao, _, _ in desfechos]
        return {feito.id: feito for _, feito in _done(concessoes, feitos)}

    async def _each(
        self, concessoes: Sequence[Concessao], trabalho: Callable[[Concessao], Awaitable[T]]
    ) -> list[T]:
        """Do a work for each, side by side; the results of those that came to one."""
        feitos = await asyncio.gather(*(trabalho(c) for c in concessoes), return_exceptions=True)
        return [feito for _, feito in _done(concessoes, feitos)]


def cut_lots(
    assinadas: Sequence[tuple[Concessao, Assinado | None]], limites: LimitesLote
) -> list[Sequence[tuple[Concessao, Assinado | None]]]:
    """Signed documents in lots that an authorizer takes, in their order."""
    tamanhos = [len(concessao.documento.xml_assinado or b"") for concessao, _ in assinadas]
    fila = iter(assinadas)
    return [list(islice(fila, quantas)) for quantas in cut_sizes(tamanhos, limites.maximo)]


def _together(documento: Documento) -> Hashable:
    """Equal for documents that may go in one message: same receipt, or same authorizer, kind of emission and series."""
    lugar = (documento.ambiente, documento.uf, documento.modelo, documento.tp_emis)
    if next_step(documento) is Passo.BUSCAR_RECIBO:
        return "recibo", documento.recibo, lugar
    if may_share_lot(documento):
        return "lote", documento.serie, lugar
    return "sozinho", documento.id


def _done(
    concessoes: Sequence[Concessao], feitos: Sequence[T | BaseException]
) -> Iterator[tuple[Concessao, T]]:
    """Those that came to a result. What another one failed with is logged and stops none: its lease brings it back."""
    for concessao, feito in zip(concessoes, feitos, strict=True):
        if isinstance(feito, BaseException):
            log_interruption(concessao.documento, feito)
        else:
            yield concessao, feito


def log_interruption(documento: Documento, erro: BaseException) -> None:
    """What stopped one document among many."""
    if isinstance(erro, ConcessaoPerdida):
        _log.warning("concessao_perdida", documento=documento.id)
    else:
        _log.error("documento_interrompido", documento=documento.id, exc_info=erro)
