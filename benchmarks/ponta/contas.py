"""What a platform spends, read from outside: processor and memory by process, commits and WAL of the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from chancela.server.supervisor import pids
from chancela.stores.embutido import ServidorEmbutido

PRODUTO = ("API", "worker", "PostgreSQL")
SIMULADOR = "simulador"
_FILHOS = {"api": "API", "worker": "worker", "simulador": SIMULADOR}


@dataclass(frozen=True, slots=True)
class Gasto:
    """Totals since each process began: processor seconds (user, system) by part, commits and bytes of WAL."""

    cpu_s: Mapping[str, tuple[float, float]]
    commits: int
    wal_bytes: int

    def __sub__(self, antes: "Gasto") -> "Gasto":
        cpu_s = {
            parte: (usuario - antes.cpu_s[parte][0], sistema - antes.cpu_s[parte][1])
            for parte, (usuario, sistema) in self.cpu_s.items()
        }
        return Gasto(cpu_s, self.commits - antes.commits, self.wal_bytes - antes.wal_bytes)


def read_spending(pasta: Path) -> Gasto:
    """The totals of now."""
    cpu_s = {nome: cpu_of([processo]) for nome, processo in _children(pasta).items()}
    cpu_s["PostgreSQL"] = cpu_of(database_of(ServidorEmbutido(pasta)))
    with psycopg.connect(ServidorEmbutido(pasta).url, autocommit=True) as conexao:
        linha = conexao.execute(
            "SELECT xact_commit, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint FROM pg_stat_database"
            " WHERE datname = current_database()"
        ).fetchone()
    assert linha is not None
    return Gasto(cpu_s, linha[0], linha[1])


def read_memory_mib(pasta: Path) -> Mapping[str, float]:
    """Resident memory by part, MiB; of PostgreSQL the sum of the private parts of its processes and the shared one once."""
    memoria = {nome: processo.memory_info().rss / 2**20 for nome, processo in _children(pasta).items()}
    memoria["PostgreSQL"] = (
        sum(_proportional(processo) for processo in database_of(ServidorEmbutido(pasta))) / 2**20
    )
    return memoria


def _children(pasta: Path) -> Mapping[str, psutil.Process]:
    return {_FILHOS[nome]: psutil.Process(pid) for nome, pid in pids(pasta, tuple(_FILHOS)).items()}


def database_of(servidor: ServidorEmbutido) -> list[psutil.Process]:
    """The postmaster and its children."""
    pid = servidor.pid
    assert pid is not None
    postmaster = psutil.Process(pid)
    return [postmaster, *postmaster.children()]


def cpu_of(processos: list[psutil.Process]) -> tuple[float, float]:
    """Seconds of user and of system. The first one's ended children count too: backends that came and went."""
    usuario = sistema = 0.0
    for indice, processo in enumerate(processos):
        try:
            tempos = processo.cpu_times()
        except psutil.NoSuchProcess:
            continue
        usuario += tempos.user + (tempos.children_user if indice == 0 else 0.0)
        sistema += tempos.system + (tempos.children_system if indice == 0 else 0.0)
    return usuario, sistema


def _proportional(processo: psutil.Process) -> int:
    try:
        completa = processo.memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
    return int(getattr(completa, "pss", completa.rss))
