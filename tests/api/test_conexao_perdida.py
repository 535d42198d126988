"""The database ends a connection in the middle of a call: who called is told to repeat, and repeating is safe."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, event
from tests.api.conftest import Cenario
from tests.faces.tffiscal.exemplos import CATEGORIA_MINIMA

_MAIS_QUE_OS_COMANDOS_DE_UMA_CHAMADA = 60


@dataclass(slots=True)
class Corte:
    """Counts the statements of all engines of this process; before the `enesimo` its connection is ended by the server."""

    curadora: psycopg.Connection[Any]
    enesimo: int = 0
    vistos: int = 0
    cortou: bool = False

    def arm(self, enesimo: int) -> None:
        self.enesimo, self.vistos, self.cortou = enesimo, 0, False

    def count(self, conexao: Connection, *_: Any) -> None:
        self.vistos += 1
        if self.vistos == self.enesimo:
            self.cortou = True
            crua = conexao.connection.driver_connection
            assert crua is not None
            self.curadora.execute("SELECT pg_terminate_backend(%s, 5000)", (crua.info.backend_pid,))


@pytest.fixture
def corte(cenario: Cenario) -> Iterator[Corte]:
    with psycopg.connect(cenario.url_banco, autocommit=True) as curadora, listening(Corte(curadora)) as corte:
        yield corte


@contextmanager
def listening(corte: Corte) -> Generator[Corte]:
    event.listen(Engine, "before_cursor_execute", corte.count)
    try:
        yield corte
    finally:
        event.remove(Engine, "before_cursor_execute", corte.count)


@pytest.mark.parametrize(
    ("metodo", "caminho", "dados"),
    [
        ("POST", "/api/category/create", CATEGORIA_MINIMA),
        ("GET", "/api/invoice/get_list", {"page": 1, "page_size": 20}),
    ],
)
def test_a_call_cut_at_any_statement_is_never_a_failure_of_ours(
    cenario: Cenario, corte: Corte, metodo: str, caminho: str, dados: dict[str, Any]
) -> None:
    perdidas = 0
    for enesimo in range(1, _MAIS_QUE_OS_COMANDOS_DE_UMA_CHAMADA):
        if metodo == "POST":
            dados = {**dados, "category_id": f"CORTE{enesimo}"}
        corte.arm(enesimo)
        resposta = cenario.call(metodo, caminho, dados, cenario.token_vizinha)
        if not corte.cortou:
            break
        if resposta.status_code == 503:
            perdidas += 1
            assert resposta.json()["data"]["codigo"] == "BANCO-CONEXAO-PERDIDA"
            assert "Repita a mesma chamada" in resposta.json()["data"]["erros"][0]["correcao"]
            assert int(resposta.headers["Retry-After"]) > 0
        else:
            assert resposta.status_code == 200, resposta.text
        corte.arm(0)
        if metodo == "POST":
            codigo = {"category_id": dados["category_id"]}
            cenario.call(metodo, "/api/category/create", dados, cenario.token_vizinha)
            guardada = cenario.call("GET", "/api/category/get_detail", codigo, cenario.token_vizinha)
            assert guardada.json()["data"]["category_id"] == codigo["category_id"]
    else:
        pytest.fail("the call never came to its end")
    assert perdidas > 0, "no cut was seen by the caller"
