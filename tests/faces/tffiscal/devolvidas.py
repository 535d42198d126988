"""What returns read, kept in memory: notes that were received, and returns that stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chancela.domain.identidade import Ambiente
from chancela.issuing.devolucao import DevolucaoGuardada
from chancela.issuing.distribuicao import DocumentoRecebido, FiltroRecebidos, PaginaRecebidos


@dataclass(slots=True)
class DevolucoesNaMemoria:
    """Returns by the key of their note."""

    guardadas: dict[str, list[DevolucaoGuardada]] = field(default_factory=dict[str, list[DevolucaoGuardada]])

    def standing(
        self,
        chave: str,
        empresa_id: int,
        ambiente: Ambiente,
        *,
        menos: str | None,
    ) -> Sequence[DevolucaoGuardada]:
        return self.guardadas.get(chave, [])


@dataclass(slots=True)
class RecebidasNaMemoria:
    """Received documents of the only company, with their text."""

    documentos: list[tuple[DocumentoRecebido, bytes]] = field(
        default_factory=list[tuple[DocumentoRecebido, bytes]]
    )

    def list_page(
        self,
        empresa_id: int,
        filtro: FiltroRecebidos,
        *,
        pagina: int,
        tamanho: int,
    ) -> PaginaRecebidos:
        achados = [d for d, _ in self.documentos if d.dados.chave == filtro.chave]
        return PaginaRecebidos(achados[(pagina - 1) * tamanho : pagina * tamanho], len(achados))

    def get(self, recebido_id: str, empresa_id: int) -> DocumentoRecebido | None:
        return next((d for d, _ in self.documentos if d.id == recebido_id), None)

    def xml(self, recebido_id: str, empresa_id: int) -> bytes | None:
        return next((texto for d, texto in self.documentos if d.id == recebido_id), None)
