from collections.abc import Iterator

import pytest
from tests.golden.apoio import Bancada
from tests.golden.mesa_focus import Mesa


@pytest.fixture(scope="session")
def bancada(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bancada]:
    bancada = Bancada(tmp_path_factory.mktemp("exemplos"))
    yield bancada
    bancada.close()


@pytest.fixture(scope="session")
def mesa(bancada: Bancada) -> Mesa:
    return Mesa(bancada)


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))
