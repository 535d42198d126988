"""Write `docs/regras-simulador.md` from the rules of the simulator."""

from pathlib import Path

from chancela.simulator.regras.pagina import render_pagina

PAGINA = Path(__file__).parent / "regras-simulador.md"

if __name__ == "__main__":
    PAGINA.write_text(render_pagina(), encoding="utf-8")
