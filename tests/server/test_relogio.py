"""The shifted clock of tests: shared by a file, refused where documents are real."""

from pathlib import Path

import pytest

from chancela.kit.clock import OffsetClock, SystemClock
from chancela.server.configuracao import Configuracao
from chancela.server.relogio import create_clock, database_clock


def test_whoever_reads_the_file_is_shifted_by_it(tmp_path: Path) -> None:
    um, outro = OffsetClock(tmp_path / "relogio"), OffsetClock(tmp_path / "relogio")
    assert abs((um.now() - SystemClock().now()).total_seconds()) < 60
    um.advance(3_600)
    outro.advance(3_600)
    assert 7_140 < (um.now() - SystemClock().now()).total_seconds() < 7_260


def test_a_shifted_clock_never_dates_a_real_document(tmp_path: Path) -> None:
    verdadeira = Configuracao(clock_file=tmp_path / "relogio", sefaz_url="")
    with pytest.raises(ValueError, match="CHANCELA_CLOCK_FILE"):
        database_clock(verdadeira, create_clock(verdadeira))
    simulada = verdadeira.model_copy(update={"sefaz_url": "https://127.0.0.1:8443"})
    relogio = create_clock(simulada)
    assert database_clock(simulada, relogio) is relogio
    assert database_clock(Configuracao(sefaz_url=""), SystemClock()) is None
