"""Pages of lists as the contract numbers them: `page` from 1, `page_size` up to the limit of each operation."""

from typing import Annotated

from pydantic import AfterValidator
from typing_extensions import TypedDict

from chancela.faces.tffiscal.tipos import Inteiro, refusal

_PAGINA_MAXIMA = 1_000_000


def _page(valor: int) -> int:
    if not 1 <= valor <= _PAGINA_MAXIMA:
        raise refusal("CAMPO-PAGINA", "A página começa em 1.", "Envie page a partir de 1.")
    return valor


def size_up_to(maximo: int) -> AfterValidator:
    """A page size from 1 to `maximo`."""

    def check(valor: int) -> int:
        if not 1 <= valor <= maximo:
            raise refusal(
                "CAMPO-PAGINA", f"A página tem de 1 a {maximo} itens.", f"Envie page_size de 1 a {maximo}."
            )
        return valor

    return AfterValidator(check)


Pagina = Annotated[Inteiro, AfterValidator(_page)]
"""`page`."""


class LugarSaida(TypedDict):
    """Onde a página está na lista."""

    page: int
    total: int
    total_pages: int


def place_of(pagina: int, tamanho: int, total: int) -> LugarSaida:
    """Where a page stands: the part that all lists share."""
    return {"page": pagina, "total": total, "total_pages": -(-total // tamanho)}
