from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.simulator.amostra import A1, AGORA, CNPJ, SENHA

from chancela.kit.clock import VirtualClock
from chancela.simulator.ca import AutoridadeTeste
from chancela.simulator.configuracao import ConfiguracaoSimulador
from chancela.simulator.sefaz import Sefaz


@pytest.fixture(scope="session")
def pasta_ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One CA for the whole session: making RSA keys is slow."""
    pasta = tmp_path_factory.mktemp("ca")
    AutoridadeTeste.open(pasta)
    AutoridadeTeste.open(pasta / "estranha", "AC Estranha")
    return pasta


@pytest.fixture(scope="session")
def autoridade(pasta_ca: Path) -> AutoridadeTeste:
    return AutoridadeTeste.open(pasta_ca)


@pytest.fixture(scope="session")
def a1(autoridade: AutoridadeTeste) -> A1:
    return A1.load(
        autoridade.issue_test_certificate(nome="Empresa de Amostra", senha=SENHA, agora=AGORA, cnpj=CNPJ)
    )


@pytest.fixture
def relogio() -> VirtualClock:
    return VirtualClock(AGORA)


@pytest.fixture
def home(tmp_path: Path, pasta_ca: Path) -> Path:
    """A data folder that already has the session's CA."""
    (tmp_path / "simulador").symlink_to(tmp_path / "guardado")
    (tmp_path / "guardado").mkdir()
    for arquivo in ("ca.pem", "ca.key", "servidor.pem", "servidor.key", "estranha"):
        (tmp_path / "guardado" / arquivo).symlink_to(pasta_ca / arquivo)
    return tmp_path


@pytest.fixture
def sefaz(home: Path, relogio: VirtualClock) -> Iterator[Sefaz]:
    sefaz = Sefaz.open(ConfiguracaoSimulador(home, valida_respostas=True), relogio)
    yield sefaz
    sefaz.close()
