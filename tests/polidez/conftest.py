"""Our own counters before the simulator's: a real PostgreSQL and a real authority on one virtual clock."""

from tests.fixtures.banco import servidor_banco, url_banco
from tests.simulator.conftest import a1, autoridade, home, pasta_ca, relogio, sefaz

__all__ = ["a1", "autoridade", "home", "pasta_ca", "relogio", "sefaz", "servidor_banco", "url_banco"]
