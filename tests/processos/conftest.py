"""One platform of real processes for the whole folder: `chancela up` in a throw-away home."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.processos.casa_com_log import CasaComLog, open_house

from chancela.server.demonstracao import Plataforma, running_platform


@pytest.fixture(scope="session")
def pasta_de_quedas() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="chancela-quedas-") as pasta:
        yield Path(pasta)


@pytest.fixture(scope="session")
def plataforma(pasta_de_quedas: Path) -> Iterator[Plataforma]:
    with tempfile.TemporaryDirectory(prefix="chancela-processos-", ignore_cleanup_errors=True) as temporaria:
        pasta = Path(temporaria)
        pasta.chmod(0o755)
        ajustes = {
            "CHANCELA_CRASH_FOLDER": str(pasta_de_quedas),
            "CHANCELA_SWEEP_S": "1",
            "CHANCELA_LEASE_S": "20",
            "CHANCELA_STATUS_INTERVAL_S": "1",
            "CHANCELA_API_CALLS": "8",
            "CHANCELA_API_QUEUE": "8",
            "CHANCELA_WEBHOOK_NETWORKS": "127.0.0.1",
            "CHANCELA_LOG_LEVEL": "ERROR",
        }
        with running_platform(pasta, ajustes) as plataforma:
            yield plataforma


@pytest.fixture(scope="session")
def casa_com_log() -> Iterator[CasaComLog]:
    """Another platform, whose whole log is kept: for tests of what is said and what must not be."""
    with open_house() as casa:
        yield casa
