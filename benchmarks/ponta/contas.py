"""What a platform spends, read from outside: processor and memory by process, commits and WAL of the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import psutil
import psycopg

from chancela.server.supervisor import pids
from chancela.stores.embutido import BANCO, ServidorEmbutido

PRODUTO = ("API", "worker", "PostgreSQL")
SIMULADOR = "simulador"
COMUM = "PostgreSQL, comum"
CONEXAO = "PostgreSQL, por conexão"
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
    """Resident memory by part, MiB. Of PostgreSQL, whose processes share most of theirs, what is what:

    the sum; what is shared, chiefly the cache of pages, which fills up to `shared_buffers` and no further; what belongs
    to the processes themselves; and the mean and the largest of what belongs to one connection, which only a leak or a
    growing cache of a connection can raise.
    """
    memoria = {nome: processo.memory_info().rss / 2**20 for nome, processo in _children(pasta).items()}
    processos = database_of(ServidorEmbutido(pasta))
    partes = {processo.pid: _parts_mib(processo) for processo in processos}
    conexoes = [partes[processo.pid].propria for processo in processos if _serves_a_client(processo)]
    return memoria | {
        "PostgreSQL": sum(parte.propria + parte.comum for parte in partes.values()),
        COMUM: sum(parte.comum for parte in partes.values()),
        "PostgreSQL, própria": sum(parte.propria for parte in partes.values()),
        CONEXAO: fmean(conexoes) if conexoes else 0.0,
        "PostgreSQL, maior conexão": max(conexoes, default=0.0),
        "PostgreSQL, conexões": float(len(conexoes)),
    }


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


@dataclass(frozen=True, slots=True)
class _Partes:
    """Of one process, MiB: what is its own, and its share of what it has with others."""

    propria: float
    comum: float


def _parts_mib(processo: psutil.Process) -> _Partes:
    """Anonymous pages are its own (those it still has from the postmaster in part); files and the shared segment are common."""
    try:
        linhas = Path(f"/proc/{processo.pid}/smaps_rollup").read_text().splitlines()[1:]
    except (OSError, ProcessLookupError):
        return _Partes(0.0, 0.0)
    kib = {nome: int(valor.split()[0]) for nome, _, valor in (linha.partition(":") for linha in linhas)}
    return _Partes(kib["Pss_Anon"] / 1024, (kib["Pss_File"] + kib["Pss_Shmem"]) / 1024)


def _serves_a_client(processo: psutil.Process) -> bool:
    """PostgreSQL names each process after its work: a connection's after user, database and where it comes from."""
    try:
        return f" {BANCO} [local]" in " ".join(processo.cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
