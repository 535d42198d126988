from collections.abc import Iterator

import pytest

from chancela.server.simulacao.corrida import Campanha, open_campaign


@pytest.fixture(scope="session")
def campanha() -> Iterator[Campanha]:
    """One database server and one set of certificates for all seeds of this process."""
    with open_campaign() as aberta:
        yield aberta
