"""Makes the database fail in the middle of what the product asks of it: for rehearsals only.

The failures are the server's own: a statement that it gives up, a connection that it closes before a statement, and one
that it closes after a commit, so that whoever committed never learns it.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from chancela.stores.ensaio import BancoDeEnsaio

_DESISTE = "DO $$ BEGIN RAISE EXCEPTION 'ensaio' USING ERRCODE = 'query_canceled'; END $$"
_MARCA = "chancela_confirmacao_perdida"


class Defeito(StrEnum):
    """What happens to one statement."""

    COMANDO = "comando"
    """The server gives it up, as it does after a timeout; the transaction is lost."""
    CONEXAO = "conexao"
    """The connection is closed before it."""
    CONFIRMACAO = "confirmacao"
    """Its transaction commits, and the connection is closed before anybody hears of it."""


@contextmanager
def failing_database(banco: BancoDeEnsaio, draw: Callable[[], Defeito | None]) -> Generator[None]:
    """While it lasts, every statement of this process meets what `draw` says of it. `draw` must not use the database."""

    def before(
        conexao: Connection, cursor: Any, comando: str, parametros: Any, *_: object
    ) -> tuple[str, Any]:
        defeito = draw()
        if defeito is Defeito.COMANDO:
            cursor.execute(_DESISTE)
        elif defeito is Defeito.CONEXAO:
            banco.kill(cursor.connection.info.backend_pid)
        elif defeito is Defeito.CONFIRMACAO:
            conexao.info[_MARCA] = True
        return comando, parametros

    def after(conexao: Connection, cursor: Any, *_: object) -> None:
        """A statement that is a transaction of its own is committed by now."""
        if cursor.connection.info.transaction_status is TransactionStatus.IDLE and conexao.info.pop(
            _MARCA, False
        ):
            banco.kill(cursor.connection.info.backend_pid)
            cursor.execute("SELECT 1")

    def commit(conexao: Connection) -> None:
        """Commit for the caller, and leave it a transaction on a dead connection to commit."""
        if conexao.info.pop(_MARCA, False):
            linha: Any = conexao.connection.dbapi_connection
            linha.commit()
            linha.execute("BEGIN")
            banco.kill(linha.info.backend_pid)

    ouvintes = (("before_cursor_execute", before), ("after_cursor_execute", after), ("commit", commit))
    for nome, ouvinte in ouvintes:
        event.listen(Engine, nome, ouvinte, retval=nome == "before_cursor_execute")
    try:
        yield
    finally:
        for nome, ouvinte in ouvintes:
            event.remove(Engine, nome, ouvinte)
