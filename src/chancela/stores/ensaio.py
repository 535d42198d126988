"""Databases of a rehearsal: made from a migrated template, dropped, and made to fail on purpose."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg.sql import SQL, Identifier

from chancela.stores.embutido import ServidorEmbutido
from chancela.stores.migracao import migrate

_MODELO = "simulacao_modelo"
_NOME = "simulacao"

AJUSTES_DE_ENSAIO: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
}
"""A server whose disk is never pulled away: no rehearsal kills it, so waiting for the disk would prove nothing."""


@dataclass(frozen=True, slots=True)
class BancoDeEnsaio:
    """One throw-away database, and the hand of its administrator."""

    servidor: ServidorEmbutido

    @property
    def url(self) -> str:
        """Address of the database."""
        return self.servidor.url_of(_NOME)

    def kill_connections(self) -> None:
        """What a restart of the database does to those connected."""
        with self._administrator() as conexao:
            conexao.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (_NOME,)
            )

    def kill(self, pid: int) -> None:
        """Close one connection from the server's side."""
        with self._administrator() as conexao:
            conexao.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))

    def admit_connections(self, *, sim: bool) -> None:
        """Open or close the database to everybody; whoever is connected stays."""
        comando = SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        with self._administrator() as conexao:
            conexao.execute(comando.format(Identifier(_NOME), SQL("true" if sim else "false")))

    def create(self) -> None:
        """A fresh copy of the template."""
        with self._administrator() as conexao:
            conexao.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(_NOME)))
            conexao.execute(
                SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    Identifier(_NOME), Identifier(_MODELO)
                )
            )

    def drop(self) -> None:
        """Away with it, whoever is connected."""
        with self._administrator() as conexao:
            conexao.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(_NOME)))

    def _administrator(self) -> psycopg.Connection:
        return psycopg.connect(self.servidor.url_of("postgres"), autocommit=True)


def create_template(servidor: ServidorEmbutido) -> None:
    """The migrated database that every rehearsal copies."""
    with psycopg.connect(servidor.url_of("postgres"), autocommit=True) as conexao:
        conexao.execute(SQL("CREATE DATABASE {}").format(Identifier(_MODELO)))
    migrate(servidor.url_of(_MODELO))


@contextmanager
def fresh_database(servidor: ServidorEmbutido) -> Generator[BancoDeEnsaio]:
    """A database for one rehearsal."""
    banco = BancoDeEnsaio(servidor)
    banco.create()
    try:
        yield banco
    finally:
        banco.drop()
