"""Events wired, for API and worker alike: the service behind them, and the hand on what is due."""

from chancela.domain.tabelas.lugares import Lugares
from chancela.gateways.enderecos import packaged_addresses
from chancela.gateways.nfe.gateway import GatewayNfe
from chancela.gateways.soap.cliente import ClienteSoap
from chancela.gateways.soap.transporte import Transporte
from chancela.issuing.emissao import Emissor
from chancela.issuing.politica import Politica
from chancela.issuing.registro import Registrador
from chancela.issuing.servico_eventos import ServicoEventos
from chancela.issuing.transmissao_eventos import TransmissaoEventos
from chancela.issuing.vigia import Vigia
from chancela.server.configuracao import Configuracao
from chancela.server.pecas import Pecas, own_name
from chancela.stores.cadencia import CadenciaPg
from chancela.stores.solicitacoes import SolicitacoesPg


def create_transmissao(
    configuracao: Configuracao, pecas: Pecas, transporte: Transporte
) -> TransmissaoEventos:
    """The way to SEFAZ of this process for events, ranges and queries."""
    enderecos = packaged_addresses(configuracao.sefaz_url or None)
    return TransmissaoEventos(GatewayNfe(ClienteSoap(transporte), enderecos, pecas.clock))


def create_registrador(
    configuracao: Configuracao, pecas: Pecas, transmissao: TransmissaoEventos, vigia: Vigia
) -> Registrador:
    """The hand of this process on events and ranges."""
    return Registrador(
        solicitacoes=SolicitacoesPg(pecas.banco),
        certificados=pecas.certificados,
        gateway=transmissao,
        cadencia=CadenciaPg(pecas.banco),
        vigia=vigia,
        clock=pecas.clock,
        executor=pecas.executor,
        dono=own_name(),
        politica=Politica(
            prazo_concessao_s=configuracao.lease_s,
            prazo_resposta_s=configuracao.response_deadline_s,
            envios_simultaneos=configuracao.sefaz_concurrency,
        ),
        pontos=pecas.pontos,
    )


def create_servico_eventos(
    pecas: Pecas,
    *,
    registrador: Registrador,
    transmissao: TransmissaoEventos,
    emissor: Emissor,
    lugares: Lugares,
) -> ServicoEventos:
    """The service behind every event of this process."""
    return ServicoEventos(
        registrador=registrador,
        emissor=emissor,
        transmissao=transmissao,
        documentos=pecas.documentos,
        solicitacoes=SolicitacoesPg(pecas.banco),
        cadencia=CadenciaPg(pecas.banco),
        certificados=pecas.certificados,
        esquemas=pecas.esquemas,
        lugares=lugares,
        clock=pecas.clock,
        ids=pecas.ids,
        executor=pecas.executor,
    )
