"""Everything here runs on a real PostgreSQL."""

from tests.fixtures.banco import banco, servidor_banco, url_banco

__all__ = ["banco", "servidor_banco", "url_banco"]
