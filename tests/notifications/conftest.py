"""Everything here runs on a real PostgreSQL."""

import pytest
from tests.fixtures.banco import servidor_banco, url_banco

__all__ = ["servidor_banco", "url_banco"]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
