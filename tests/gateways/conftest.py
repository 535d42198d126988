"""One test authority for the whole session: making keys is the slow part."""

from pathlib import Path

import pytest
from tests.gateways.apoio import Pki, make_pki


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return make_pki(Path(tmp_path_factory.mktemp("pki")))
