"""Lists of a company's documents: what is asked for, and a page of what is found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from chancela.domain.identidade import Ambiente, Modelo
from chancela.issuing.modelo import Estado


@dataclass(frozen=True, slots=True)
class FiltroDocumentos:
    """Documents of one model. `desde` and `ate` are both inclusive, to the millisecond, of the instant of creation."""

    modelo: Modelo
    estados: Sequence[Estado] = ()
    """None of them: whatever the state."""
    desde: datetime | None = None
    ate: datetime | None = None


@dataclass(frozen=True, slots=True)
class DocumentoListado:
    """A line of a list: nothing that would need the document's bytes."""

    id: str
    chave: str
    estado: Estado
    ambiente: Ambiente
    serie: int
    numero: int
    referencia: str | None
    valor_total: Decimal
    criado_em: datetime
    autorizado_em: datetime | None


@dataclass(frozen=True, slots=True)
class PaginaDocumentos:
    """One page, newest first, and how many documents the filter has in all."""

    documentos: Sequence[DocumentoListado]
    total: int


class ListaDocumentos(Protocol):
    """Blocking: called in a thread."""

    def list_page(
        self, empresa_id: int, filtro: FiltroDocumentos, *, pagina: int, tamanho: int
    ) -> PaginaDocumentos:
        """One page (from 1) of a company's documents. The work does not grow with the page number nor with the total."""
        ...
