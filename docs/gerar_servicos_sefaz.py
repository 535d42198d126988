"""Write `docs/servicos-sefaz.md` from the address table."""

from pathlib import Path

from chancela.gateways.pagina import render_pagina

PAGINA = Path(__file__).parent / "servicos-sefaz.md"

if __name__ == "__main__":
    PAGINA.write_text(render_pagina(), encoding="utf-8")
