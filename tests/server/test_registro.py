"""What a log line may not tell, whatever happened."""

import subprocess
import sys

import pytest

_FALHA = """
import structlog
from chancela.server.registro import configure_log

configure_log("INFO", em_json={em_json}, processo="teste")

def run(token):
    raise ValueError("falhou")

try:
    run("segredo-" + "do-cliente")
except ValueError:
    structlog.get_logger("teste").exception("falha_interna")
"""


@pytest.mark.parametrize("em_json", [False, True])
def test_a_logged_exception_shows_where_and_never_with_which_values(em_json: bool) -> None:
    fim = subprocess.run(
        [sys.executable, "-c", _FALHA.format(em_json=em_json)], capture_output=True, text=True, check=True
    )
    assert "ValueError: falhou" in fim.stderr
    assert "segredo-do-cliente" not in fim.stderr
