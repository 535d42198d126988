"""Brings a database to the schema of this version: the queue's own tables first, then ours. Forward only.

The queue's schema comes from its installed package, whole the first time and by its numbered migrations afterwards;
the version applied last is kept in `chancela_fila_versao`. All of it is one transaction, one process at a time.
"""

import re
from importlib import resources
from importlib.metadata import version
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, NullPool, create_engine, text

from chancela.stores.conexao import driver_url

_PASTA = Path(__file__).parent / "migracoes"
_TRAVA = 7_401_992_315_564_001
"""Advisory lock of migrations: any constant that nobody else uses."""
_NOME = re.compile(r"(\d+)\.(\d+)\.(\d+)_\d+_.*\.sql")
_Versao = tuple[int, ...]


def migrate(url: str, *, ate: str = "head") -> str:
    """Create or update every table; returns the revision reached. Safe to call from several processes at once.

    `ate` stops at an earlier revision: only a restore asks for that.
    """
    motor = create_engine(driver_url(url), poolclass=NullPool, connect_args={"options": "-c timezone=UTC"})
    with motor.begin() as conexao:
        conexao.execute(text("SELECT pg_advisory_xact_lock(:trava)"), {"trava": _TRAVA})
        _migrate_queue(conexao)
        configuracao = _scripts()
        configuracao.attributes["connection"] = conexao
        command.upgrade(configuracao, ate)
        return _revision(conexao) or ""


def current_revision(url: str) -> str | None:
    """The revision of a database, None when it was never migrated."""
    motor = create_engine(driver_url(url), poolclass=NullPool)
    with motor.connect() as conexao:
        return _revision(conexao)


def newest_revision() -> str:
    """The revision that this version of the program works with."""
    return ScriptDirectory.from_config(_scripts()).get_current_head() or ""


def _scripts() -> Config:
    configuracao = Config()
    configuracao.set_main_option("script_location", str(_PASTA).replace("%", "%%"))
    return configuracao


def _revision(conexao: Connection) -> str | None:
    return MigrationContext.configure(
        conexao, opts={"version_table": "chancela_versao"}
    ).get_current_revision()


def _migrate_queue(conexao: Connection) -> None:
    instalada = _parse(version("procrastinate"))
    conexao.execute(text("CREATE TABLE IF NOT EXISTS chancela_fila_versao (versao text NOT NULL)"))
    atual = conexao.execute(text("SELECT versao FROM chancela_fila_versao")).scalar()
    if atual is None:
        _run_script(conexao, SchemaManager.get_schema())
        conexao.execute(text("INSERT INTO chancela_fila_versao VALUES (:v)"), {"v": _write(instalada)})
        return
    if _parse(atual) >= instalada:
        return
    pasta = resources.files("procrastinate.sql") / "migrations"
    for nome in sorted(item.name for item in pasta.iterdir()):
        achado = _NOME.fullmatch(nome)
        if achado and _parse(atual) < tuple(int(parte) for parte in achado.groups()) <= instalada:
            _run_script(conexao, (pasta / nome).read_text(encoding="utf-8"))
    conexao.execute(text("UPDATE chancela_fila_versao SET versao = :v"), {"v": _write(instalada)})


def _run_script(conexao: Connection, sql: str) -> None:
    """Several statements at once, without parameters: psycopg's own connection takes them as they are."""
    direta = conexao.connection.driver_connection
    assert direta is not None
    direta.execute(sql)


def _parse(texto: str) -> _Versao:
    return tuple(int(parte) for parte in re.findall(r"\d+", texto)[:3])


def _write(versao: _Versao) -> str:
    return ".".join(str(parte) for parte in versao)
