"""The embedded server: shared, durable, and never confused by what a crash left behind."""

import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import psutil
import psycopg
import pytest

from chancela.stores.embutido import AJUSTES, BancoIndisponivel, ServidorEmbutido, embedded_database


@pytest.fixture
def pasta() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="chancela-pg-") as pasta:
        yield Path(pasta)


def ask(url: str, sql: str) -> object:
    with psycopg.connect(url, autocommit=True) as conexao:
        linha = conexao.execute(sql).fetchone()  # pyright: ignore
        return linha and linha[0]


def test_it_is_shared_and_its_last_user_stops_it(pasta: Path) -> None:
    um, dois = ServidorEmbutido(pasta), ServidorEmbutido(pasta)
    url = um.start()
    pid = um.pid
    assert pid is not None
    assert ask(url, "SELECT current_setting('TimeZone')") == "UTC"
    assert ask(url, "SELECT current_setting('fsync') || current_setting('synchronous_commit')") == "onon"
    assert ask(url, "SELECT current_setting('listen_addresses')") == ""
    assert int(AJUSTES["max_connections"]) >= 100
    assert dois.start() == url
    assert dois.pid == pid
    assert not um.stop()
    assert ask(url, "SELECT 1") == 1
    assert dois.stop()
    assert dois.pid is None
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    assert not dois.stop(), "letting go twice is harmless"


def test_only_its_own_user_may_enter(pasta: Path) -> None:
    with embedded_database(pasta):
        for nome in ("", "s", "dados"):
            assert (pasta / "postgres" / nome).stat().st_mode & 0o077 == 0


def test_what_was_committed_survives_a_kill(pasta: Path) -> None:
    servidor = ServidorEmbutido(pasta)
    url = servidor.start()
    with psycopg.connect(url, autocommit=True) as conexao:
        conexao.execute("CREATE TABLE t AS SELECT 42 AS n")
    pid = servidor.pid
    assert pid is not None
    filhos = psutil.Process(pid).children()
    os.kill(pid, signal.SIGKILL)
    psutil.wait_procs([*filhos], timeout=10)
    servidor.stop()
    # after a reboot the number in the file may be any other process's: ours, for instance
    marca = pasta / "postgres" / "dados" / "postmaster.pid"
    linhas = marca.read_text().splitlines()
    marca.write_text("\n".join([str(os.getpid()), *linhas[1:]]) + "\n")
    assert servidor.pid is None
    assert ask(servidor.start(), "SELECT n FROM t") == 42
    assert servidor.stop()


def test_a_backend_that_outlives_its_postmaster_is_waited_for(pasta: Path) -> None:
    """Two servers on one folder would ruin it: PostgreSQL's marks are not taken away under a live backend."""
    servidor = ServidorEmbutido(pasta)
    url = servidor.start()
    pid = servidor.pid
    assert pid is not None
    with psycopg.connect(url, autocommit=True) as conexao:
        linha = conexao.execute("SELECT pg_backend_pid()").fetchone()
        assert linha is not None
        orfao: int = linha[0]
        os.kill(orfao, signal.SIGSTOP)
        os.kill(pid, signal.SIGKILL)
        soltar = threading.Timer(1.0, os.kill, (orfao, signal.SIGCONT))
        soltar.start()
        servidor.stop()
        assert ask(servidor.start(), "SELECT 1") == 1
        assert not soltar.is_alive(), "it was started while the old backend lived"
    assert servidor.stop()


def test_a_long_path_gets_a_short_socket(pasta: Path) -> None:
    fundo = pasta / ("x" * 60) / ("y" * 60)
    fundo.mkdir(parents=True)
    with embedded_database(fundo) as url:
        assert ask(url, "SELECT 1") == 1
        socket = Path(unquote(url.rpartition("host=")[2]))
        assert socket.is_dir()
    assert not socket.exists()


def test_half_a_cluster_is_made_anew(pasta: Path) -> None:
    (pasta / "postgres" / "dados.novo").mkdir(parents=True)
    (pasta / "postgres" / "dados.novo" / "PG_VERSION").write_text("18\n")
    with embedded_database(pasta) as url:
        assert ask(url, "SELECT 1") == 1


def test_a_broken_cluster_says_so(pasta: Path) -> None:
    with embedded_database(pasta):
        pass
    (pasta / "postgres" / "dados" / "global" / "pg_control").write_bytes(b"")
    with pytest.raises(BancoIndisponivel, match="PostgreSQL embutido"):
        ServidorEmbutido(pasta).start()
