"""The failures happen to a real PostgreSQL, the deaths to one platform of real processes."""

from collections.abc import Iterator

import pytest
from tests.fixtures.banco import servidor_banco, url_banco, url_banco_do_modulo
from tests.quedas.casa import Casa, open_casa

__all__ = ["servidor_banco", "url_banco", "url_banco_do_modulo"]


@pytest.fixture(scope="session")
def casa() -> Iterator[Casa]:
    with open_casa() as casa:
        yield casa
