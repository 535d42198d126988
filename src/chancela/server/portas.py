"""What the face's operations on events and received documents need from the outside, filled in: for the API alone."""

from functools import partial

from starlette.concurrency import run_in_threadpool

from chancela.domain.erros import NaoEncontrado
from chancela.faces.tffiscal.eventos.portas import PortasEventos
from chancela.faces.tffiscal.recebidos.portas import PortasRecebidos
from chancela.issuing.empresa import Empresa
from chancela.issuing.modelo import Documento
from chancela.issuing.servico_eventos import ServicoEventos
from chancela.issuing.servico_recebidos import ServicoRecebidos
from chancela.issuing.solicitacao import Solicitacao
from chancela.server.danfe import OficinaDePdf
from chancela.server.desenho import draw_cce
from chancela.server.pecas import Pecas
from chancela.stores.artefatos import Artefatos
from chancela.stores.recebidos import RecebidosPg
from chancela.stores.solicitacoes import ARQUIVO_EVENTO, SolicitacoesPg, file_variant

_LEIAUTE = "1"
"""Part of the cache key: raise it when the drawing changes."""


class ArquivosCce:
    """Implements the face's `ArquivosEvento`."""

    def __init__(self, artefatos: Artefatos, oficina: OficinaDePdf) -> None:
        self._artefatos = artefatos
        self._oficina = oficina

    async def xml(self, solicitacao: Solicitacao) -> bytes | None:
        return await _read_evento(self._artefatos, solicitacao)

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


async def _read_evento(artefatos: Artefatos, solicitacao: Solicitacao) -> bytes | None:
    """The file of an event as the law says to keep it; None while it is not registered."""
    return await run_in_threadpool(
        artefatos.read, solicitacao.alvo, solicitacao.empresa_id, ARQUIVO_EVENTO, file_variant(solicitacao)
    )


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


def create_portas(pecas: Pecas, servico: ServicoEventos, oficina: OficinaDePdf) -> PortasEventos:
    """What the face's operations on events need."""
    return PortasEventos(
        servico, SolicitacoesPg(pecas.banco), ArquivosCce(pecas.artefatos, oficina), pecas.empresas
    )


def create_portas_recebidos(pecas: Pecas, servico: ServicoRecebidos) -> PortasRecebidos:
    """What the face's operations on received documents need."""

    xml_evento = partial(_read_evento, pecas.artefatos)
    return PortasRecebidos(servico, RecebidosPg(pecas.banco), SolicitacoesPg(pecas.banco), xml_evento)
