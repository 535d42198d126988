"""Events wired: service, files and ports for the face, and the worker's hand on what is due."""

from starlette.concurrency import run_in_threadpool

from chancela.domain.erros import NaoEncontrado
from chancela.domain.tabelas.lugares import Lugares
from chancela.faces.tffiscal.eventos.portas import PortasEventos
from chancela.gateways.enderecos import packaged_addresses
from chancela.gateways.nfe.gateway import GatewayNfe
from chancela.gateways.soap.cliente import ClienteSoap
from chancela.gateways.soap.transporte import Transporte
from chancela.issuing.emissao import Emissor
from chancela.issuing.empresa import Empresa
from chancela.issuing.modelo import Documento
from chancela.issuing.politica import Politica
from chancela.issuing.registro import Registrador
from chancela.issuing.servico_eventos import ServicoEventos
from chancela.issuing.solicitacao import Solicitacao
from chancela.issuing.transmissao_eventos import TransmissaoEventos
from chancela.issuing.vigia import Vigia
from chancela.server.configuracao import Configuracao
from chancela.server.danfe import OficinaDePdf
from chancela.server.desenho import draw_cce
from chancela.server.pecas import Pecas, own_name
from chancela.stores.artefatos import Artefatos
from chancela.stores.cadencia import CadenciaPg
from chancela.stores.solicitacoes import ARQUIVO_EVENTO, SolicitacoesPg, file_variant

_LEIAUTE = "1"
"""Part of the cache key: raise it when the drawing changes."""


class ArquivosCce:
    """Implements the face's `ArquivosEvento`."""

    def __init__(self, artefatos: Artefatos, oficina: OficinaDePdf) -> None:
        self._artefatos = artefatos
        self._oficina = oficina

    async def xml(self, solicitacao: Solicitacao) -> bytes | None:
        return await run_in_threadpool(
            self._artefatos.read,
            solicitacao.alvo,
            solicitacao.empresa_id,
            ARQUIVO_EVENTO,
            file_variant(solicitacao),
        )

    async def dacce(self, empresa: Empresa, documento: Documento, solicitacao: Solicitacao) -> bytes:
        variante = f"{solicitacao.sequencia}-{_LEIAUTE}"
        guardado = await run_in_threadpool(
            self._artefatos.read, documento.id, documento.empresa_id, "dacce", variante
        )
        if guardado is not None:
            return guardado
        xml = await self.xml(solicitacao)
        if xml is None:
            raise NaoEncontrado("CCE-SEM-XML", "A carta de correção ainda não foi registrada.", "Aguarde.")
        desenho = await self._oficina.draw(draw_cce, xml, _issuer_box(empresa))
        await run_in_threadpool(self._artefatos.save, documento, "dacce", variante, ".pdf", desenho)
        return desenho


def _issuer_box(empresa: Empresa) -> dict[str, str]:
    endereco = empresa.endereco
    return {
        "nome": empresa.razao_social,
        "end": f"{endereco.logradouro}, {endereco.numero}",
        "bairro": endereco.bairro,
        "cep": endereco.cep,
        "cidade": endereco.municipio,
        "uf": endereco.uf.value,
        "fone": empresa.telefone,
        "ie": empresa.inscricao_estadual,
    }


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


def create_portas(pecas: Pecas, servico: ServicoEventos, oficina: OficinaDePdf) -> PortasEventos:
    """What the face's operations on events need."""
    return PortasEventos(
        servico, SolicitacoesPg(pecas.banco), ArquivosCce(pecas.artefatos, oficina), pecas.empresas
    )
