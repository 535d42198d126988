"""The score that must not fall: minutes of work, so only in the campaign."""

import subprocess
import sys

import pytest
from tests.mutacao.alvos import ALVOS, PISO, SEMENTE
from tests.mutacao.campanha import Alvo

pytestmark = pytest.mark.longo


@pytest.mark.parametrize("alvo", ALVOS, ids=lambda alvo: alvo.nome)
def test_nine_in_ten_mutants_die(alvo: Alvo) -> None:
    """In a process of its own: the runner starts pytest, and pytest does not run twice in one process."""
    comando = [
        sys.executable,
        "-m",
        "tests.mutacao",
        alvo.nome,
        "--semente",
        str(SEMENTE),
        "--piso",
        str(PISO),
    ]
    feito = subprocess.run(comando, capture_output=True, text=True, check=False)
    assert feito.returncode == 0, feito.stdout + feito.stderr
