"""The lost originals of contingencies, settled one after the other once their outcome is known (see `originais`)."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

import structlog

from chancela.documents.inutilizacao.layout import Faixa
from chancela.domain.erros import FiscalError
from chancela.domain.identidade import Cnpj
from chancela.issuing.empresa import Empresas
from chancela.issuing.modelo import Documento, Marco
from chancela.issuing.originais import Limpeza, choose_cleanup
from chancela.issuing.servico_eventos import ServicoEventos
from chancela.kit.clock import Clock

P = ParamSpec("P")
T = TypeVar("T")
_log = structlog.get_logger("chancela.issuing.limpeza")
JUSTIFICATIVA_CANCELAMENTO = "Operação emitida em contingência por falta de resposta da SEFAZ"
JUSTIFICATIVA_INUTILIZACAO = "Número não utilizado: operação emitida em contingência"
SEM_SAIDA = (
    "A SEFAZ autorizou este documento e o substituto dele, e o prazo para cancelar passou: uma pessoa decide."
)


@dataclass(frozen=True, slots=True)
class Pendencia:
    """An original to be settled, and its substitute."""

    original: Documento
    substituto: Documento


class Pendencias(Protocol):
    """The store's side. Blocking."""

    def list_pending(self, limite: int) -> Sequence[Pendencia]:
        """Originals of every company whose outcome is known and that nothing was done about in the last hour."""
        ...

    def note(self, documento: Documento, marco: Marco) -> None:
        """Add a row to the timeline of a document."""
        ...


class Faxineiro:
    """Settles the originals, one after the other. For a periodic routine; what fails comes again after an hour."""

    def __init__(
        self,
        *,
        pendencias: Pendencias,
        eventos: ServicoEventos,
        empresas: Empresas,
        clock: Clock,
        executor: ThreadPoolExecutor,
    ) -> None:
        self._pendencias = pendencias
        self._eventos = eventos
        self._empresas = empresas
        self._clock = clock
        self._executor = executor

    async def run(self, limite: int = 100) -> int:
        """Settle what is pending; returns how many were looked at."""
        pendentes = await self._run(self._pendencias.list_pending, limite)
        for pendencia in pendentes:
            try:
                await self._settle(pendencia)
            except FiscalError as erro:
                _log.warning("limpeza_adiada", documento=pendencia.original.id, motivo=erro.mensagem)
        return len(pendentes)

    async def _settle(self, pendencia: Pendencia) -> None:
        original, substituto = pendencia.original, pendencia.substituto
        empresa = await self._run(self._empresas.get, original.empresa_id)
        assert empresa is not None, "a document has its company"
        limpeza = choose_cleanup(original, substituto, self._clock.now())
        if limpeza is Limpeza.INUTILIZAR:
            await self._eventos.inutilise(empresa, _range_of(original), JUSTIFICATIVA_INUTILIZACAO)
        elif limpeza is Limpeza.CANCELAR:
            await self._eventos.cancel(empresa, original, JUSTIFICATIVA_CANCELAMENTO)
        elif limpeza is Limpeza.SUBSTITUIR:
            await self._eventos.replace(empresa, original, substituto, JUSTIFICATIVA_CANCELAMENTO)
        elif limpeza is Limpeza.DECIDIR:
            await self._run(self._pendencias.note, original, Marco("limpeza_manual", SEM_SAIDA))

    async def _run(self, funcao: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        laco = asyncio.get_running_loop()
        return await laco.run_in_executor(self._executor, partial(funcao, *args, **kwargs))


def _range_of(documento: Documento) -> Faixa:
    """Inutilização is always the home authorizer's: an SVC has none (spec: contingency manuals)."""
    return Faixa(
        ambiente=documento.ambiente,
        emitente=Cnpj(documento.emitente),
        uf=documento.uf,
        modelo=documento.modelo,
        serie=documento.serie,
        inicio=documento.numero,
        fim=documento.numero,
    )
