"""What the operations on events need from the outside, as ports: the server fills it in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from chancela.documents.inutilizacao.layout import Faixa
from chancela.domain.chave import ChaveAcesso
from chancela.domain.identidade import Ambiente
from chancela.gateways.nfe.retornos import RetornoConsulta
from chancela.issuing.empresa import Empresa
from chancela.issuing.modelo import Documento
from chancela.issuing.servico_eventos import ResultadoEvento
from chancela.issuing.solicitacao import Solicitacao


class Eventos(Protocol):
    """See `issuing.servico_eventos.ServicoEventos`."""

    async def check_holds_sale(self, documento: Documento) -> None: ...

    async def cancel(
        self, empresa: Empresa, documento: Documento, justificativa: str, *, caminho: str = "motivo"
    ) -> ResultadoEvento: ...

    async def correct(
        self, empresa: Empresa, documento: Documento, correcao: str, *, caminho: str = "correcao"
    ) -> ResultadoEvento: ...

    async def inutilise(self, empresa: Empresa, faixa: Faixa, justificativa: str) -> Solicitacao: ...

    async def refresh(self, documento: Documento) -> Documento: ...

    async def query(self, empresa: Empresa, chave: ChaveAcesso, ambiente: Ambiente) -> RetornoConsulta: ...


class LeitorSolicitacoes(Protocol):
    """Events of a company, read only. Blocking: called in a thread."""

    def get(self, solicitacao_id: str, empresa_id: int) -> Solicitacao | None: ...

    def list_of(self, documento_id: str, empresa_id: int) -> Sequence[Solicitacao]: ...


class ArquivosEvento(Protocol):
    """The files of an event."""

    async def xml(self, solicitacao: Solicitacao) -> bytes | None:
        """The `procEventoNFe`; None while the event is not registered."""
        ...

    async def dacce(self, empresa: Empresa, documento: Documento, solicitacao: Solicitacao) -> bytes:
        """The letter of correction on paper (PDF), drawn once and kept. `NaoEncontrado` while there is no XML."""
        ...


class LeitorEmpresas(Protocol):
    """One company by its id. Blocking."""

    def get(self, empresa_id: int) -> Empresa | None: ...


@dataclass(frozen=True, slots=True)
class PortasEventos:
    """The ports of these operations."""

    eventos: Eventos
    solicitacoes: LeitorSolicitacoes
    arquivos: ArquivosEvento
    empresas: LeitorEmpresas
