"""The page of rules says what the code checks."""

from pathlib import Path

from chancela.documents.nfe.catalogo import render_catalogo

PAGINA = Path(__file__).parents[3] / "docs" / "regras-nfe.md"


def test_page_is_up_to_date() -> None:
    """When it is not: write `render_catalogo()` into the page and review the difference."""
    assert PAGINA.read_text(encoding="utf-8") == render_catalogo()
