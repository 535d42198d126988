"""Whether PostgreSQL has room for one process more: what all of them may open together, against what it takes.

Every process says in the name of its connections how many it may open at most, so that whoever comes later can add up
without a table of processes that a crash would leave wrong: a process that died has no connections.
"""

import hashlib
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import structlog

from chancela.domain.erros import FiscalError
from chancela.stores.conexao import libpq_url

_log = structlog.get_logger("chancela.stores.lotacao")
_TRAVA = 7_401_992_315_564_002
"""Advisory lock of this check: any constant that nobody else uses."""
_PROMESSA = re.compile(r"chancela-[a-z]+:(\d+):[0-9a-f]{12}")
_NOSSAS = "chancela-"
_PROPRIA = 1
"""The connection that this check leaves open for as long as the process lives."""


class BancoLotado(FiscalError):
    """The server could not give this process the connections that it may come to need."""


@dataclass(frozen=True, slots=True)
class Promessa:
    """One process and the connections that it may open at most."""

    nome: str
    """What it is, such as `chancela-api`."""
    conexoes: int
    dono: str
    """Which one it is, among all machines."""

    @property
    def aplicacao(self) -> str:
        """`application_name` of its connections: PostgreSQL keeps 63 bytes of it."""
        marca = hashlib.sha256(self.dono.encode()).hexdigest()[:12]
        return f"{self.nome}:{self.conexoes + _PROPRIA}:{marca}"


@dataclass(frozen=True, slots=True)
class Lotacao:
    """Connections of a server."""

    maximo: int
    """For programs that are no superuser."""
    prometidas: int
    """To our other processes."""
    alheias: int
    """Open by other programs now."""

    @property
    def livres(self) -> int:
        return self.maximo - self.prometidas - self.alheias


@contextmanager
def claimed_room(url: str, promessa: Promessa, *, variavel: str) -> Generator[None]:
    """Hold the room that a process needs while it lives. `BancoLotado` when there is not enough.

    One process at a time looks and claims. A server that does not answer is not judged: the process starts, and waits
    for it as it does at any other hour. `variavel` is the setting to lower.
    """
    try:
        conexao = psycopg.connect(
            libpq_url(url), autocommit=True, application_name=promessa.aplicacao, connect_timeout=10
        )
    except psycopg.OperationalError as erro:
        _log.warning("lotacao_nao_conferida", erro=type(erro).__name__)
        yield
        return
    with conexao:
        with conexao.transaction():
            conexao.execute("SELECT pg_advisory_xact_lock(%s)", (_TRAVA,))
            lotacao = read_lotacao(conexao, promessa.aplicacao)
        if promessa.conexoes + _PROPRIA > lotacao.livres:
            raise _refusal(lotacao, promessa, variavel)
        yield


def read_lotacao(conexao: psycopg.Connection[Any], propria: str = "") -> Lotacao:
    """The room of a server as one of its connections sees it; the promise named `propria` does not count."""
    linha = conexao.execute(_MAXIMO).fetchone()
    assert linha is not None
    prometidas, alheias = 0, 0
    for nome, quantas in conexao.execute(_ABERTAS).fetchall():
        promessa = _PROMESSA.fullmatch(nome)
        if promessa and nome != propria:
            prometidas += int(promessa[1])
        elif not nome.startswith(_NOSSAS):
            alheias += quantas
    return Lotacao(linha[0], prometidas, alheias)


def _refusal(lotacao: Lotacao, promessa: Promessa, variavel: str) -> BancoLotado:
    precisa = promessa.conexoes + _PROPRIA
    return BancoLotado(
        "BANCO-LOTADO",
        f"Este processo pode abrir {precisa} conexões e o PostgreSQL só tem {max(lotacao.livres, 0)}: aceita"
        f" {lotacao.maximo}, das quais {lotacao.prometidas} são de outros processos da Chancela e {lotacao.alheias} de"
        " outros programas.",
        f"Diminua {variavel} em todos os processos, suba menos processos, ou aumente max_connections do PostgreSQL em"
        f" {precisa - lotacao.livres} ou mais.",
    )


_MAXIMO = """
SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true)::int, 0)
"""
_ABERTAS = """
SELECT coalesce(application_name, ''), count(*) FROM pg_stat_activity
WHERE datid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend' GROUP BY 1
"""
