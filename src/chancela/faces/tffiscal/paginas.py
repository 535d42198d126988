"""Pages of lists as the contract numbers them: `page` from 1, `page_size` up to the limit of each operation."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AfterValidator

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


def page_data(
    nome: str, itens: Sequence[dict[str, Any]], *, pagina: int, tamanho: int, total: int
) -> dict[str, Any]:
    """`data` of a list: the items under the name that the operation gives them, and where the page stands."""
    return {nome: list(itens), "page": pagina, "total": total, "total_pages": -(-total // tamanho)}
