"""`chancela simulador seed`: figures of each seed, their sum, and an end when the time is over."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chancela.kit.clock import VirtualClock
from chancela.server.simulacao.comando import run_seeds

INICIO = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Cronometro(VirtualClock):
    """Ten minutes pass at every look."""

    def monotonic(self) -> float:
        self.advance(600)
        return super().monotonic()


def test_no_seed_is_begun_after_the_time(capsys: pytest.CaptureFixture[str]) -> None:
    codigo = run_seeds(range(40, 1000), 1, "leve", em_json=True, minutos=25, relogio=Cronometro(INICIO))
    linhas = [json.loads(linha) for linha in capsys.readouterr().out.splitlines()]
    assert codigo == 0
    assert [linha["semente"] for linha in linhas[:-1]] == [40, 41]
    assert linhas[-1]["sementes"] == 2
    assert linhas[-1]["documentos"] == sum(linha["documentos"] for linha in linhas[:-1])
    assert linhas[-1]["com_achados"] == 0


def test_a_stopped_campaign_leaves_no_server_behind() -> None:
    """SIGTERM while the second seed is played: the first one was told, and the folder, which goes after its database, is gone."""
    comando = [
        sys.executable,
        "-m",
        "chancela.server",
        "simulador",
        "seed",
        "40",
        "--dias",
        "1",
        "--quantas",
        "1000",
    ]
    with tempfile.TemporaryDirectory(
        prefix="chancela-"
    ) as temporaria:  # a short name: a socket's has 107 bytes at most
        pasta = Path(temporaria)
        pasta.chmod(0o755)
        ambiente = os.environ | {"PYTHONPATH": "src", "TMPDIR": temporaria}
        with subprocess.Popen([*comando, "--json"], stdout=subprocess.PIPE, env=ambiente) as filho:
            assert filho.stdout is not None
            assert json.loads(filho.stdout.readline())["semente"] == 40
            assert len(list(pasta.rglob("postmaster.pid"))) == 1
            filho.send_signal(signal.SIGTERM)
            assert filho.wait(60) == 128 + signal.SIGTERM
        assert list(pasta.iterdir()) == []
