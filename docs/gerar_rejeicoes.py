"""Write `docs/rejeicoes` from the catalogue of rejections, and remove the pages of codes that are gone."""

from pathlib import Path

from chancela.documents.comum.rejeicoes_paginas import render_paginas

PASTA = Path(__file__).parent / "rejeicoes"


def main() -> None:
    """Make the folder hold these pages and no other."""
    paginas = render_paginas()
    PASTA.mkdir(exist_ok=True)
    for antiga in PASTA.glob("*.md"):
        if antiga.name not in paginas:
            antiga.unlink()
    for nome, texto in paginas.items():
        (PASTA / nome).write_text(texto, encoding="utf-8")


if __name__ == "__main__":
    main()
