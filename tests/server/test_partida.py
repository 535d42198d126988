"""What an API does before it serves does not depend on how much work waits: it asks the database nothing and SEFAZ nothing.

How many seconds that takes is the machine's business; that no pending document stands in the way is asserted here, and
`tests/quedas/test_volta.py` sees the documents settled.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from tests.stores.fabrica import companies, new_document

from chancela.server.api import create_app
from chancela.server.configuracao import Configuracao
from chancela.server.pecas import real_world
from chancela.stores.conexao import Banco
from chancela.stores.documentos import DocumentosPg

PENDENTES = 20


class FioMudo:
    """A wire that nobody may use."""

    async def post(self, *args: Any, **kwargs: Any) -> Any:
        raise AssertionError("something was sent before anybody asked for it")

    async def close(self) -> None:
        return


@contextmanager
def watched() -> Generator[list[str]]:
    """Every statement that goes to any database meanwhile."""
    vistos: list[str] = []

    def note(conexao: Any, cursor: Any, comando: str, *args: Any) -> None:
        vistos.append(comando)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield vistos
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("pendentes", [0, PENDENTES])
def test_an_api_serves_before_anything_that_waits(
    banco: Banco, url_banco: str, tmp_path: Path, pendentes: int
) -> None:
    (empresa,) = companies(banco)
    for _ in range(pendentes):
        DocumentosPg(banco).admit(new_document(empresa), dono=None, prazo_s=60)
    configuracao = Configuracao(home=tmp_path, database_url=url_banco)
    mundo = replace(real_world(configuracao), transporte=lambda *_: FioMudo())
    app = create_app(configuracao, url_banco, mundo)

    async def start() -> list[str]:
        with watched() as vistos:
            async with app.router.lifespan_context(app):
                return list(vistos)

    assert asyncio.run(start()) == []


_DESENHO = ("fpdf", "PIL", "fontTools", "brazilfiscalreport", "pypdfium2", "xlsxwriter")
_BANCO = ("sqlalchemy", "psycopg", "alembic", "chancela.stores")
ESTRANHOS = {
    "chancela.server.comandos": (*_DESENHO, *_BANCO, "aiohttp", "lxml", "cryptography", "chancela.documents", "chancela.faces"),
    "chancela.server.processo_simulador": (*_DESENHO, *_BANCO, "fastapi", "obstore", "chancela.documents", "chancela.faces"),
    "chancela.server.trabalhador": (*_DESENHO, "alembic", "fastapi", "uvicorn", "chancela.faces"),
    "chancela.server.api": (*_DESENHO, "alembic", "procrastinate", "chancela.simulator"),
}  # fmt: skip
"""What each process has no business with when it starts (docs/adr/0138). The first is loaded by all of them."""


@pytest.mark.parametrize("modulo", ESTRANHOS)
def test_a_process_loads_what_it_serves_with_and_nothing_else(modulo: str) -> None:
    """In a fresh process, in which nothing has run yet."""
    programa = f"import json, sys, chancela.server.comandos, {modulo}; print(json.dumps(sorted(sys.modules)))"
    visto = subprocess.run([sys.executable, "-c", programa], capture_output=True, text=True, check=True)
    estranhos = ESTRANHOS[modulo]
    carregados = json.loads(visto.stdout)
    assert [m for m in carregados if m in estranhos or m.startswith(tuple(f"{e}." for e in estranhos))] == []
