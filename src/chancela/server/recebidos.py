"""The received side wired, for API and worker alike: capture and manifestação."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from chancela.gateways.enderecos import packaged_addresses
from chancela.gateways.nfe.distribuicao import GatewayDistribuicao
from chancela.gateways.soap.cliente import ClienteSoap
from chancela.gateways.soap.transporte import Transporte
from chancela.issuing.distribuidor import Distribuidor
from chancela.issuing.servico_eventos import ServicoEventos
from chancela.issuing.servico_recebidos import ServicoRecebidos
from chancela.server.configuracao import Configuracao
from chancela.server.contingencia import create_desvios, create_vigia
from chancela.server.eventos import create_registrador, create_servico_eventos, create_transmissao
from chancela.server.pecas import Pecas, create_emissor, create_transport, own_name, reference_folder
from chancela.stores.recebidos import RecebidosPg
from chancela.stores.referencia import open_reference
from chancela.stores.solicitacoes import SolicitacoesPg


def create_servico_recebidos(
    configuracao: Configuracao, pecas: Pecas, transporte: Transporte, eventos: ServicoEventos
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
        pontos=pecas.pontos,
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


@asynccontextmanager
async def open_servico_eventos(configuracao: Configuracao, pecas: Pecas) -> AsyncGenerator[ServicoEventos]:
    """The service behind events for one command, with connections of its own."""
    transporte = create_transport(configuracao, pecas.clock, lambda _troca: None)
    vigia = create_vigia(configuracao, pecas, transporte)
    transmissao = create_transmissao(configuracao, pecas, transporte)
    registrador = create_registrador(configuracao, pecas, transmissao, vigia)
    desvios = create_desvios(configuracao, pecas, vigia, registrador)
    emissor = create_emissor(configuracao, pecas, transporte, vigia=vigia, desvios=desvios)
    lugares = open_reference(reference_folder(configuracao))
    try:
        yield create_servico_eventos(
            pecas, registrador=registrador, transmissao=transmissao, emissor=emissor, lugares=lugares
        )
    finally:
        await registrador.close()
        await emissor.close()
        await transporte.close()
        lugares.close()
