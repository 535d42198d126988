"""The received side wired: capture, manifestação and their face, for API and worker alike."""

import asyncio
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool

from chancela.faces.tffiscal.recebidos.portas import PortasRecebidos
from chancela.gateways.enderecos import packaged_addresses
from chancela.gateways.nfe.distribuicao import GatewayDistribuicao
from chancela.gateways.soap.cliente import ClienteSoap
from chancela.gateways.soap.transporte import TransporteSoap
from chancela.issuing.distribuidor import Distribuidor
from chancela.issuing.servico_eventos import ServicoEventos
from chancela.issuing.servico_recebidos import ServicoRecebidos
from chancela.issuing.solicitacao import Solicitacao
from chancela.kit.quedas import points_from
from chancela.server.configuracao import Configuracao
from chancela.server.pecas import Pecas, own_name
from chancela.stores.recebidos import RecebidosPg
from chancela.stores.solicitacoes import ARQUIVO_EVENTO, SolicitacoesPg, file_variant


def create_servico_recebidos(
    configuracao: Configuracao, pecas: Pecas, transporte: TransporteSoap, eventos: ServicoEventos
) -> ServicoRecebidos:
    """The received side of this process."""
    enderecos = packaged_addresses(configuracao.sefaz_url or None)
    recebidos = RecebidosPg(pecas.banco)
    distribuidor = Distribuidor(
        recebidos=recebidos,
        certificados=pecas.certificados,
        gateway=GatewayDistribuicao(ClienteSoap(transporte), enderecos, pecas.clock),
        clock=pecas.clock,
        ids=pecas.ids,
        executor=pecas.executor,
        dono=own_name(),
        pontos=points_from(configuracao.crash_folder),
    )

    async def run(funcao: Any, *args: Any, **kwargs: Any) -> Any:
        laco = asyncio.get_running_loop()
        return await laco.run_in_executor(pecas.executor, partial(funcao, *args, **kwargs))

    return ServicoRecebidos(
        distribuidor=distribuidor,
        recebidos=recebidos,
        eventos=eventos,
        empresas=pecas.empresas,
        anteriores=SolicitacoesPg(pecas.banco).list_of_key,
        run=run,
    )


def create_portas_recebidos(pecas: Pecas, servico: ServicoRecebidos) -> PortasRecebidos:
    """What the face's operations on received documents need."""

    async def xml_evento(solicitacao: Solicitacao) -> bytes | None:
        return await run_in_threadpool(
            pecas.artefatos.read,
            solicitacao.alvo,
            solicitacao.empresa_id,
            ARQUIVO_EVENTO,
            file_variant(solicitacao),
        )

    return PortasRecebidos(servico, RecebidosPg(pecas.banco), SolicitacoesPg(pecas.banco), xml_evento)
