"""The figures are read from a real PostgreSQL."""

from tests.fixtures.banco import banco, servidor_banco, superusuario, url_banco

__all__ = ["banco", "servidor_banco", "superusuario", "url_banco"]
