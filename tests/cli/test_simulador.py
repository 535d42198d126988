"""`chancela simulador ...` against a simulator that is up."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chancela.server.comandos import app
from chancela.simulator.configuracao import ConfiguracaoSimulador
from chancela.simulator.servidor import Simulador


@pytest.fixture(scope="module")
def controle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The control address of a simulator in a thread of its own."""
    laco = asyncio.new_event_loop()
    fio = threading.Thread(target=laco.run_forever)
    fio.start()
    simulador = Simulador(ConfiguracaoSimulador(tmp_path_factory.mktemp("sim"), porta=0))
    asyncio.run_coroutine_threadsafe(simulador.start(), laco).result(60)
    yield simulador.controle_url
    asyncio.run_coroutine_threadsafe(simulador.stop(), laco).result(60)
    laco.call_soon_threadsafe(laco.stop)
    fio.join()
    laco.close()


@pytest.fixture
def manda(controle: str) -> Callable[..., tuple[int, str]]:
    """Exit code and what was printed."""

    def run(*palavras: str) -> tuple[int, str]:
        feito = CliRunner().invoke(app, ["simulador", *palavras, "--controle", controle])
        return feito.exit_code, feito.output

    return run


def test_clock_faults_contingency_and_scenarios(manda: Callable[..., tuple[int, str]]) -> None:
    assert json.loads(manda("relogio", "parar", "2026-11-21T10:00:00-03:00", "--json")[1])["parado"] is True
    assert json.loads(manda("relogio", "avancar", "60", "--json")[1])["agora"].startswith("2026-11-21T13:01")
    assert json.loads(manda("falhas", "acrescentar", "drop_after", "--vezes", "1", "--json")[1]) == {"id": 1}
    assert json.loads(manda("falhas", "listar", "--json")[1])[0]["tipo"] == "drop_after"
    assert manda("falhas", "apagar", "9")[0] == 1
    assert manda("falhas", "apagar")[0] == 0
    assert manda("svc", "SP", "114")[0] == 0
    assert manda("svc", "TODAS", "107")[0] == 0
    assert manda("svc", "SP", "1")[0] == 1
    assert "sefaz-fora-2h" in manda("cenario", "listar", "--json")[1]
    assert (
        json.loads(manda("cenario", "rodar", "contingencia-svc", "--autorizador", "SP", "--json")[1])[
            "agenda"
        ]
        == 3
    )
    assert manda("cenario", "rodar", "nenhum")[0] == 1
    assert manda("relogio", "seguir")[0] == 0
    assert manda("relogio", "ver")[0] == 0


def test_a_scenario_of_ones_own_and_the_export(manda: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    proprio = tmp_path / "meu.json"
    proprio.write_text(json.dumps({"passos": [{"em_s": 5, "svc": {"uf": "SP", "estado": 113}}]}))
    assert json.loads(manda("cenario", "rodar", str(proprio), "--json")[1])["nome"] == "meu"
    proprio.write_text("{")
    assert manda("cenario", "rodar", str(proprio))[0] == 2
    exportado = tmp_path / "tudo.json"
    assert manda("exportar", str(exportado))[0] == 0
    assert manda("repetir", str(exportado))[0] == 0
    assert manda("repetir", str(proprio))[0] == 2


def test_ledger_journal_and_supplier(manda: Callable[..., tuple[int, str]]) -> None:
    assert len(json.loads(manda("fornecedor", "11222333000181", "--quantidade", "2", "--json")[1])) == 2
    assert len(json.loads(manda("notas", "--json")[1])) == 2
    assert json.loads(manda("diario", "--json")[1]) == []
    assert json.loads(manda("estado", "--json")[1])["livro"]["notas"] == 2
    assert manda("fornecedor", "123")[0] == 1


def test_a_simulator_that_is_not_there_is_told() -> None:
    feito = CliRunner().invoke(app, ["simulador", "estado", "--controle", "http://127.0.0.1:1"])
    assert (feito.exit_code, "Ele está de pé?" in feito.output) == (1, True)
    assert CliRunner().invoke(app, ["simulador", "estado", "--controle", "x"]).exit_code == 2
