"""Captures what SEFAZ distributes to a company: pages, holes, and notes that do not come by themselves.

Every answer is one transaction: documents, position, holes and the next time to ask. A process that dies between answer and
commit has kept nothing of that page: it is asked for again, and if SEFAZ answers that it was served already (656), its NSUs
become holes that are filled one by one. Nobody asks before the time that the last answer named.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

import structlog

from chancela.documents.recebidos.classificacao import TipoRecebido
from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.chave import ChaveAcesso
from chancela.domain.erros import CertificadoInvalido, TransmissaoIncerta, TransmissaoRecusada
from chancela.domain.identidade import Ambiente, Cnpj, Uf
from chancela.gateways.nfe.distribuicao import RetornoDistribuicao
from chancela.issuing.decisao_distribuicao import (
    SEM_PERMISSAO,
    Passo,
    decide_hole,
    decide_note,
    decide_page,
    decide_silence,
)
from chancela.issuing.distribuicao import (
    Acompanhado,
    EstadoDistribuicao,
    Interessado,
    PosseDistribuicao,
    Recebidos,
)
from chancela.issuing.ports import Certificados
from chancela.kit.clock import Clock
from chancela.kit.ids import IdSource
from chancela.kit.quedas import Pontos, no_points

P = ParamSpec("P")
T = TypeVar("T")
_log = structlog.get_logger("chancela.issuing")
_AVULSAS_POR_HORA = 18
"""consNSU and consChNFe an hour; SEFAZ allows 20."""
_NAO_VEIO_S = 6 * 3_600.0


class GatewayRecebidos(Protocol):
    """What this side asks of the Ambiente Nacional; see `gateways.nfe.distribuicao`."""

    async def page(
        self, cnpj: Cnpj, uf: Uf, ambiente: Ambiente, certificado: Certificado, *, ult_nsu: int
    ) -> RetornoDistribuicao: ...

    async def one(
        self, cnpj: Cnpj, uf: Uf, ambiente: Ambiente, certificado: Certificado, *, nsu: int
    ) -> RetornoDistribuicao: ...

    async def note(
        self, cnpj: Cnpj, uf: Uf, ambiente: Ambiente, certificado: Certificado, *, chave: ChaveAcesso
    ) -> RetornoDistribuicao: ...


@dataclass(frozen=True, slots=True)
class Sincronizacao:
    """What one run did. Without questions (`iteracoes` 0) it was too early to ask, or another process is at it."""

    inicial: int
    estado: EstadoDistribuicao
    iteracoes: int
    por_tipo: Counter[TipoRecebido] = field(default_factory=Counter[TipoRecebido])
    ignorados: int = 0
    ocupada: bool = False
    """Another process has the root now."""


class _Rodada:
    """One run under one ownership: what it did so far, and what it still may."""

    def __init__(self, posse: PosseDistribuicao, certificado: Certificado) -> None:
        self.posse = posse
        self.certificado = certificado
        self.inicial = posse.estado.ult_nsu
        self.iteracoes = 0
        self.por_tipo: Counter[TipoRecebido] = Counter()
        self.ignorados = 0

    def result(self) -> Sincronizacao:
        return Sincronizacao(self.inicial, self.posse.estado, self.iteracoes, self.por_tipo, self.ignorados)


class Distribuidor:
    """One process's hand on the distribution. Everything it needs comes in."""

    def __init__(
        self,
        *,
        recebidos: Recebidos,
        certificados: Certificados,
        gateway: GatewayRecebidos,
        clock: Clock,
        ids: IdSource,
        executor: ThreadPoolExecutor,
        dono: str,
        prazo_posse_s: float = 120.0,
        pontos: Pontos = no_points,
    ) -> None:
        self._recebidos = recebidos
        self._certificados = certificados
        self._gateway = gateway
        self._clock = clock
        self._ids = ids
        self._executor = executor
        self._dono = dono
        self._prazo_posse_s = prazo_posse_s
        self._pontos = pontos

    async def synchronise(
        self, quem: Interessado, *, maximo: int, prazo_s: float = 60.0, avulsas: bool = False
    ) -> Sincronizacao:
        """Ask for pages until nothing is left, `maximo` questions were made or `prazo_s` is over.

        With `avulsas` the questions about single documents follow: holes, then notes that did not come by themselves.
        Raises `CertificadoInvalido`; a silent SEFAZ is no error, it shows in the state.
        """
        certificado = await self._run(self._certificados.current, quem.empresa_id)
        posse = await self._run(self._recebidos.claim, quem, dono=self._dono, prazo_s=self._prazo_posse_s)
        if posse is None:
            estado = await self._run(self._recebidos.state, quem)
            return Sincronizacao(estado.ult_nsu, estado, 0, ocupada=True)
        rodada = _Rodada(posse, certificado)
        fim = self._clock.monotonic() + prazo_s
        try:
            while rodada.posse.estado.espera_s <= 0 and rodada.iteracoes < maximo:
                if not await self._page(rodada) or self._clock.monotonic() >= fim:
                    break
            if avulsas and not self._resting(rodada):
                await self._singles(rodada)
        finally:
            await self._run(self._recebidos.release, rodada.posse)
        return rodada.result()

    def _resting(self, rodada: _Rodada) -> bool:
        """Whether the last answer forbids every question, also about single documents."""
        estado = rodada.posse.estado
        return estado.espera_s > 0 and estado.c_stat not in (137, 138)

    async def _page(self, rodada: _Rodada) -> bool:
        """One distNSU; whether to go on at once."""
        quem, estado = rodada.posse.interessado, rodada.posse.estado
        return await self._question(
            rodada,
            lambda: self._gateway.page(
                quem.cnpj, quem.uf, quem.ambiente, rodada.certificado, ult_nsu=estado.ult_nsu
            ),
            lambda retorno: decide_page(estado, retorno, self._ids),
        )

    async def _singles(self, rodada: _Rodada) -> None:
        """Holes first, for they are lost after 90 days; then whole notes."""
        quem = rodada.posse.interessado
        for nsu in await self._run(self._recebidos.holes, quem, _AVULSAS_POR_HORA):
            if not await self._may_ask(rodada) or not await self._hole(rodada, nsu):
                return
        for acompanhado in await self._run(self._recebidos.to_follow, quem, _AVULSAS_POR_HORA):
            if not await self._may_ask(rodada) or not await self._note(rodada, acompanhado):
                return

    async def _may_ask(self, rodada: _Rodada) -> bool:
        return await self._run(self._recebidos.take_single, rodada.posse, _AVULSAS_POR_HORA)

    async def _hole(self, rodada: _Rodada, nsu: int) -> bool:
        quem, estado = rodada.posse.interessado, rodada.posse.estado
        return await self._question(
            rodada,
            lambda: self._gateway.one(quem.cnpj, quem.uf, quem.ambiente, rodada.certificado, nsu=nsu),
            lambda retorno: decide_hole(estado, retorno, nsu, self._ids),
        )

    async def _note(self, rodada: _Rodada, acompanhado: Acompanhado) -> bool:
        quem, estado = rodada.posse.interessado, rodada.posse.estado
        chave = ChaveAcesso.parse(acompanhado.chave)
        continua = await self._question(
            rodada,
            lambda: self._gateway.note(quem.cnpj, quem.uf, quem.ambiente, rodada.certificado, chave=chave),
            lambda retorno: decide_note(estado, retorno, self._ids),
        )
        nunca = rodada.posse.estado.c_stat in SEM_PERMISSAO
        await self._run(
            self._recebidos.postpone, quem, acompanhado.recebido_id, None if nunca else _NAO_VEIO_S
        )
        return continua

    async def _question(
        self,
        rodada: _Rodada,
        perguntar: Callable[[], Awaitable[RetornoDistribuicao]],
        decidir: Callable[[RetornoDistribuicao], Passo],
    ) -> bool:
        """Ask, decide, keep. Whether to go on."""
        rodada.iteracoes += 1
        try:
            passo = decidir(await perguntar())
        except (TransmissaoIncerta, TransmissaoRecusada) as erro:
            passo = decide_silence(rodada.posse.estado, erro.mensagem)
        self._pontos("distribuicao_respondida")
        rodada.posse, guardados = await self._run(
            self._recebidos.keep, rodada.posse, passo.pagina, prazo_s=self._prazo_posse_s
        )
        rodada.por_tipo.update(guardados.por_tipo)
        rodada.ignorados += guardados.repetidos
        return passo.continua

    async def _run(self, funcao: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        laco = asyncio.get_running_loop()
        return await laco.run_in_executor(self._executor, partial(funcao, *args, **kwargs))


async def synchronise_all(distribuidor: Distribuidor, interessados: list[Interessado], *, maximo: int) -> int:
    """One run for each; a company whose certificate does not serve keeps none of the others waiting. Returns how many ran."""
    feitos = 0
    for quem in interessados:
        try:
            await distribuidor.synchronise(quem, maximo=maximo, avulsas=True)
        except CertificadoInvalido as erro:
            _log.warning("distribuicao_sem_certificado", empresa=quem.empresa_id, codigo=erro.codigo)
            continue
        feitos += 1
    return feitos
