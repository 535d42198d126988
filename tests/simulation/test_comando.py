"""`chancela simulador seed`: figures of each seed, their sum, and an end when the time is over."""

import json
from datetime import UTC, datetime

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
