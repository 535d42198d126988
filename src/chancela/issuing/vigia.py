"""The watch over the authorizers: counts failures, asks for status, and shows every document how its authorizer stands.

Shared truth is in the store; each process keeps a copy for about a second, so that the road of a document that meets no
trouble costs no query. Status is asked at most once per interval for the whole installation (NFeStatusServico4 is itself
subject to 656).
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

import structlog

from chancela.documents.eventos.epec import has_epec
from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.erros import CertificadoInvalido, TransmissaoIncerta, TransmissaoRecusada
from chancela.domain.identidade import Ambiente, Modelo, Uf
from chancela.gateways.enderecos import Enderecos, SemServico
from chancela.gateways.nfe.retornos import RetornoStatus
from chancela.issuing.cadencia import INTERVALO_STATUS_S, Cadencia, about_status
from chancela.issuing.circuito import PARALISADOS, SVC_DESATIVADAS, Alvo, Circuito, Espera
from chancela.issuing.circuitos import Circuitos
from chancela.issuing.contingencia import Panorama, TipoEmissao
from chancela.issuing.lotes import Lotes
from chancela.issuing.modelo import Documento
from chancela.issuing.ports import Certificados
from chancela.kit.clock import Clock

P = ParamSpec("P")
T = TypeVar("T")
_log = structlog.get_logger("chancela.issuing.vigia")
_ATRASO_MAXIMO = timedelta(hours=23)
"""The Ambiente Nacional takes an EPEC until a day after dhEmi; an hour is left for sending it."""
_TIPO_DA_SVC = {"SVC-AN": TipoEmissao.SVC_AN, "SVC-RS": TipoEmissao.SVC_RS}


class Transmitido(Protocol):
    """What goes to an authorizer, a document or a request about one, by what names the authorizer."""

    @property
    def uf(self) -> Uf: ...

    @property
    def modelo(self) -> Modelo: ...

    @property
    def ambiente(self) -> Ambiente: ...

    @property
    def tp_emis(self) -> int: ...


class PerguntaStatus(Protocol):
    """NFeStatusServico4; `gateways.nfe` answers it over mutual TLS."""

    async def status(
        self, uf: Uf, *, ambiente: Ambiente, modelo: Modelo, certificado: Certificado, tp_emis: int = 1
    ) -> RetornoStatus: ...


@dataclass(frozen=True, slots=True)
class PoliticaVigia:
    """Limits of the watch, in seconds unless named otherwise."""

    falhas_para_abrir: int = 3
    intervalo_status_s: float = INTERVALO_STATUS_S
    """Between two questions about the same authorizer, whichever process asks (the manuals ask for three minutes)."""
    frescor_s: float = 1.0
    """Age up to which a process trusts its own copy of the circuits."""


class Vigia:
    """One process's eye on the authorizers."""

    def __init__(
        self,
        *,
        circuitos: Circuitos,
        cadencia: Cadencia,
        gateway: PerguntaStatus,
        enderecos: Enderecos,
        certificados: Certificados,
        clock: Clock,
        executor: ThreadPoolExecutor,
        politica: PoliticaVigia | None = None,
    ) -> None:
        self._circuitos = circuitos
        self._cadencia = cadencia
        self._gateway = gateway
        self._enderecos = enderecos
        self._certificados = certificados
        self._clock = clock
        self._executor = executor
        self._politica = politica or PoliticaVigia()
        self._copia: dict[Alvo, Circuito] = {}
        self._lida_em_s: float | None = None
        self._lendo = asyncio.Lock()
        self._despertares = Lotes(circuitos.release_if_over, executor)

    # -- looking ------------------------------------------------------------------------------------------

    async def look(self, documento: Documento, certificado: Certificado, *, sempre: bool) -> Panorama:
        """How the authorizers of a document stand. Asks its SVC when it may go there and the answer is old.

        It may when the home circuit is open, when an operator sent the UF there, or its company everything (`sempre`).
        """
        await self._refresh()
        casa = self._copia.get(self._home(documento))
        aberto = casa is not None and casa.aberto
        desde = None if casa is None else casa.aberto_em
        if documento.modelo is not Modelo.NFE:
            return Panorama(aberto, desde, None)
        alvo, tipo = self._svc(documento)
        conhecida = self._copia.get(alvo)
        forcada = conhecida is not None and bool(conhecida.forcada)
        contingente = documento.tp_emis in (TipoEmissao.SVC_AN, TipoEmissao.SVC_RS)
        if not (aberto or contingente or forcada or sempre):
            return Panorama(aberto, desde, None)
        await self._ask(alvo, tipo, documento, certificado)
        svc = self._copia.get(alvo)
        ativa = svc is not None and svc.svc_ativa
        return Panorama(
            aberto,
            desde,
            tipo if ativa and (aberto or forcada or sempre) else None,
            epec=svc is not None and bool(svc.motivo) and not ativa and self._takes_epec(documento),
            svc_consultavel=svc is not None and svc.c_stat is not None,
            forcada=forcada,
        )

    async def is_down(self, transmitido: Transmitido) -> bool:
        """Whether the authorizer to which a document or request goes now is known to be down."""
        await self._refresh()
        circuito = self._copia.get(self._target(transmitido))
        return circuito is not None and circuito.aberto

    async def sends_elsewhere(self, novo: Transmitido) -> bool:
        """Whether a new document cannot just go to its authorizer: it is down, or an operator sent the UF to its SVC."""
        if await self.is_down(novo):
            return True
        svc = self._copia.get(self._svc(novo)[0]) if novo.modelo is Modelo.NFE else None
        return svc is not None and bool(svc.forcada)

    async def wake_if_over(self, transmitido: Transmitido, *, svc_inativa: bool = False) -> None:
        """For what has just been stored as waiting: what ended in between woke everybody but this one.

        `svc_inativa`: it would have gone to the SVC of its UF, had that been known to take it when the wait was decided.
        """
        espera = Espera(
            transmitido.uf,
            transmitido.modelo,
            transmitido.ambiente,
            frozenset({self._home(transmitido), self._target(transmitido)}),
            self._svc(transmitido)[0] if svc_inativa and transmitido.modelo is Modelo.NFE else None,
        )
        if await self._despertares.put(espera):
            self._lida_em_s = None

    # -- noting -------------------------------------------------------------------------------------------

    async def note_failure(self, documento: Documento, motivo: str) -> None:
        """No connection, or no usable answer, from the authorizer of a document."""
        await self._fail(documento, motivo, imediata=False)

    async def note_answer(self, documento: Documento, c_stat: int, motivo: str) -> None:
        """An answer came. 108 and 109 open the circuit at once; 113 and 114 end the contingency of the UF."""
        if c_stat in PARALISADOS:
            await self._fail(documento, f"{c_stat} {motivo}", imediata=True)
            return
        alvo = self._target(documento)
        if c_stat in SVC_DESATIVADAS and alvo.uf is not None:
            await self._settle(alvo, c_stat, motivo)
            return
        conhecido = self._copia.get(alvo)
        if conhecido is not None and conhecido.falhas and not conhecido.aberto:
            await self._run(self._circuitos.answer, alvo)
            self._lida_em_s = None

    async def _fail(self, documento: Documento, motivo: str, *, imediata: bool) -> None:
        alvo = self._target(documento)
        antes = self._copia.get(alvo)
        depois = await self._run(
            partial(
                self._circuitos.fail,
                alvo,
                empresa_id=documento.empresa_id,
                uf=documento.uf,
                motivo=motivo,
                limite=self._politica.falhas_para_abrir,
                imediata=imediata,
            )
        )
        self._copia[alvo] = depois
        if depois.aberto and not (antes is not None and antes.aberto):
            _log.warning("circuito_aberto", autorizador=alvo.autorizador, modelo=alvo.modelo, motivo=motivo)

    # -- asking -------------------------------------------------------------------------------------------

    async def probe(self) -> int:
        """Ask every open circuit for its status when its turn has come; returns how many closed. Run it often."""
        self._lida_em_s = None
        await self._refresh()
        fechados = 0
        for circuito in list(self._copia.values()):
            if not circuito.aberto or circuito.empresa_id is None or circuito.uf is None:
                continue
            alvo, uf, empresa_id = circuito.alvo, circuito.uf, circuito.empresa_id
            if not await self._claim(alvo, empresa_id, uf):
                continue
            try:
                certificado = await self._run(self._certificados.current, empresa_id)
            except CertificadoInvalido as erro:
                _log.warning("sonda_sem_certificado", autorizador=alvo.autorizador, motivo=erro.mensagem)
                continue
            tp_emis = TipoEmissao.NORMAL if alvo.uf is None else _TIPO_DA_SVC[alvo.autorizador]
            depois = await self._question(alvo, uf, tp_emis, certificado)
            if not depois.aberto:
                fechados += 1
                _log.warning("circuito_fechado", autorizador=alvo.autorizador, modelo=alvo.modelo)
        return fechados

    async def _ask(
        self, alvo: Alvo, tipo: TipoEmissao, documento: Documento, certificado: Certificado
    ) -> None:
        if not await self._claim(alvo, documento.empresa_id, documento.uf):
            # Somebody else may be asking just now: what was known before the question is not believed meanwhile.
            self._lida_em_s = None
            await self._refresh()
            return
        await self._question(alvo, documento.uf, tipo, certificado)

    async def _claim(self, alvo: Alvo, empresa_id: int, uf: Uf) -> bool:
        """The turn to ask, and the company's right to: it may ask one authorizer about several models and UFs."""
        intervalo_s = self._politica.intervalo_status_s
        vez = await self._run(
            partial(self._circuitos.claim_question, alvo, intervalo_s, empresa_id=empresa_id, uf=uf)
        )
        if not vez:
            return False
        pergunta = about_status(empresa_id, alvo.autorizador, alvo.ambiente, intervalo_s)
        return not await self._run(self._cadencia.take, pergunta)

    async def _question(self, alvo: Alvo, uf: Uf, tp_emis: int, certificado: Certificado) -> Circuito:
        try:
            retorno = await self._gateway.status(
                uf, ambiente=alvo.ambiente, modelo=alvo.modelo, certificado=certificado, tp_emis=tp_emis
            )
            c_stat, motivo = retorno.c_stat, retorno.motivo
        except (TransmissaoIncerta, TransmissaoRecusada, SemServico, CertificadoInvalido) as erro:
            c_stat, motivo = None, erro.mensagem
        return await self._settle(alvo, c_stat, motivo)

    async def _settle(self, alvo: Alvo, c_stat: int | None, motivo: str) -> Circuito:
        depois = await self._run(self._circuitos.settle_status, alvo, c_stat, motivo, self._served(alvo))
        self._copia[alvo] = depois
        return depois

    # -- whom ---------------------------------------------------------------------------------------------

    def _takes_epec(self, documento: Documento) -> bool:
        """Whether the Ambiente Nacional takes an EPEC of it: the UF still has one, and dhEmi is of today (228)."""
        agora = self._clock.now()
        return has_epec(documento.uf, agora.date()) and agora - documento.emitido_em < _ATRASO_MAXIMO

    def _home(self, transmitido: Transmitido) -> Alvo:
        autorizador = self._enderecos.authorizer(transmitido.uf, transmitido.modelo, transmitido.ambiente)
        return Alvo(autorizador, transmitido.modelo, transmitido.ambiente)

    def _svc(self, transmitido: Transmitido) -> tuple[Alvo, TipoEmissao]:
        """The SVC of the UF; of a document already issued there, that one."""
        nome = self._enderecos.contingency(transmitido.uf, transmitido.ambiente)
        return Alvo(nome, transmitido.modelo, transmitido.ambiente, transmitido.uf), _TIPO_DA_SVC[nome]

    def _target(self, transmitido: Transmitido) -> Alvo:
        if transmitido.tp_emis in (TipoEmissao.SVC_AN, TipoEmissao.SVC_RS):
            return self._svc(transmitido)[0]
        return self._home(transmitido)

    def _served(self, alvo: Alvo) -> list[Uf]:
        if alvo.uf is not None:
            return [alvo.uf]
        return [
            uf for uf in Uf if self._enderecos.authorizer(uf, alvo.modelo, alvo.ambiente) == alvo.autorizador
        ]

    # -- running ------------------------------------------------------------------------------------------

    async def _refresh(self) -> None:
        if self._is_fresh():
            return
        async with self._lendo:
            if not self._is_fresh():
                lidos = await self._run(self._circuitos.load)
                self._copia = {circuito.alvo: circuito for circuito in lidos}
                self._lida_em_s = self._clock.monotonic()

    def _is_fresh(self) -> bool:
        lida_em_s = self._lida_em_s
        return lida_em_s is not None and self._clock.monotonic() - lida_em_s < self._politica.frescor_s

    async def _run(self, funcao: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        laco = asyncio.get_running_loop()
        return await laco.run_in_executor(self._executor, partial(funcao, *args, **kwargs))
