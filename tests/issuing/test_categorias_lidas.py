"""A stored category is read once for all documents that use it."""

from decimal import Decimal

from chancela.domain.tributos.categoria import Categoria, CenarioContribuicao
from chancela.issuing.categorias import read_categoria, write_categoria


def stored(aliquota: str) -> dict[str, object]:
    """A category as the database gives it, a new object each time."""
    return write_categoria(
        Categoria("X", pis=(CenarioContribuicao("padrao", "juridica", "01", Decimal(aliquota)),))
    )


def test_equal_contents_are_the_same_value_and_others_are_not() -> None:
    lida = read_categoria("A", stored("1.65"))
    assert read_categoria("A", stored("1.65")) is lida
    assert read_categoria("A", stored("1.66")).pis[0].aliquota == Decimal("1.66")
    assert read_categoria("B", stored("1.65")).codigo == "B"
    assert lida.pis[0].aliquota == Decimal("1.65")
