"""What these operations need from the outside, as ports: the server fills it in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from chancela.documents.eventos.modelo import TipoEvento
from chancela.domain.chave import ChaveAcesso
from chancela.domain.erros import Violacao
from chancela.issuing.distribuicao import (
    DocumentoRecebido,
    EstadoDistribuicao,
    FiltroRecebidos,
    PaginaRecebidos,
)
from chancela.issuing.distribuidor import Sincronizacao
from chancela.issuing.empresa import Empresa
from chancela.issuing.solicitacao import FiltroSolicitacoes, PaginaSolicitacoes, Solicitacao


class Recebimento(Protocol):
    """See `issuing.servico_recebidos.ServicoRecebidos`."""

    async def synchronise(self, empresa: Empresa, maximo: int) -> Sincronizacao: ...

    async def state(self, empresa: Empresa) -> EstadoDistribuicao: ...

    async def manifest(
        self, empresa: Empresa, chave: ChaveAcesso, tipo: TipoEvento, justificativa: str
    ) -> tuple[Solicitacao, tuple[Violacao, ...]]: ...


class LeitorRecebidos(Protocol):
    """Received documents of a company, read only. Blocking."""

    def list_page(
        self, empresa_id: int, filtro: FiltroRecebidos, *, pagina: int, tamanho: int
    ) -> PaginaRecebidos: ...

    def get(self, recebido_id: str, empresa_id: int) -> DocumentoRecebido | None: ...

    def xml(self, recebido_id: str, empresa_id: int) -> bytes | None: ...


class LeitorManifestacoes(Protocol):
    """Registered events of a company, read only. Blocking."""

    def get(self, solicitacao_id: str, empresa_id: int) -> Solicitacao | None: ...

    def list_registered(
        self, empresa_id: int, filtro: FiltroSolicitacoes, *, pagina: int, tamanho: int
    ) -> PaginaSolicitacoes: ...


@dataclass(frozen=True, slots=True)
class PortasRecebidos:
    """The ports of these operations."""

    servico: Recebimento
    recebidos: LeitorRecebidos
    manifestacoes: LeitorManifestacoes
    xml_evento: Callable[[Solicitacao], Awaitable[bytes | None]]
    """The `procEventoNFe` of a registered event."""
