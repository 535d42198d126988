"""Announces a signed NF-e to the Ambiente Nacional (EPEC, 110140), and tells what became of the announcement.

The summary is read out of the signed bytes, so that its values cannot differ from those of the NF-e that follows (467).
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from chancela.documents.eventos.epec import EPEC, check_epec, summarise_nfe
from chancela.documents.eventos.modelo import PedidoEvento
from chancela.documents.nfe.layout import parse_nfe
from chancela.domain.assinatura.certificado import Certificado
from chancela.domain.xml.esquemas import Esquemas
from chancela.issuing.assinatura_eventos import sign_evento
from chancela.issuing.modelo import Documento, Estado
from chancela.issuing.registro import Registrador
from chancela.issuing.solicitacao import AlvoEvento, Assinada, NovoEvento, Solicitacao, Solicitacoes
from chancela.kit.clock import Clock
from chancela.kit.ids import IdSource

P = ParamSpec("P")
T = TypeVar("T")
TEXTO = "EPEC"


class Anunciante:
    """One process's hand on announcements. Everything it needs comes in."""

    def __init__(
        self,
        *,
        registrador: Registrador,
        solicitacoes: Solicitacoes,
        esquemas: Esquemas,
        clock: Clock,
        ids: IdSource,
        executor: ThreadPoolExecutor,
    ) -> None:
        self._registrador = registrador
        self._solicitacoes = solicitacoes
        self._esquemas = esquemas
        self._clock = clock
        self._ids = ids
        self._executor = executor

    async def find(self, documento: Documento) -> Solicitacao | None:
        """The announcement of a document under its present key."""
        feitas = await self._run(self._solicitacoes.list_of, documento.id, documento.empresa_id)
        return next((s for s in feitas if s.tipo == EPEC.codigo and s.chave == documento.chave), None)

    async def announce(self, documento: Documento, certificado: Certificado) -> Solicitacao:
        """Register the EPEC of a document whose signed bytes are stored; a living result goes on by itself."""
        assert documento.xml_assinado is not None
        lida = await self._run(parse_nfe, documento.xml_assinado)
        check_epec(lida.identificacao.chave, lida.identificacao.emissao)
        resumo = summarise_nfe(lida.nfe, lida.identificacao)
        alvo = AlvoEvento.of(documento)
        agora = self._clock.now().astimezone(lida.identificacao.emissao.tzinfo).replace(microsecond=0)

        def sign(sequencia: int) -> Assinada:
            pedido = PedidoEvento(EPEC, alvo.chave, alvo.ambiente, alvo.autor, agora, sequencia, resumo)
            return sign_evento(pedido, certificado, self._esquemas)

        return await self._registrador.register(
            NovoEvento(
                id=self._ids.new(),
                tipo=EPEC.codigo,
                alvo=alvo,
                texto=TEXTO,
                sequencia_maxima=EPEC.sequencia_maxima,
                assinar=sign,
                estados=frozenset({Estado.ASSINADO}),
            )
        )

    async def _run(self, funcao: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        laco = asyncio.get_running_loop()
        return await laco.run_in_executor(self._executor, partial(funcao, *args, **kwargs))
