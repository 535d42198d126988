from collections.abc import Iterator

import pytest
from tests.golden.apoio import Bancada


@pytest.fixture(scope="session")
def bancada(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bancada]:
    bancada = Bancada(tmp_path_factory.mktemp("exemplos"))
    yield bancada
    bancada.close()


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))
