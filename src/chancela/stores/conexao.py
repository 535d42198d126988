"""Connections and transactions, each bound to one company or, explicitly, to the whole system.

Every connection takes the role `chancela_app` when it opens: no superuser, no table owner, so that row-level security
holds even on the embedded server. A transaction names its company with `set_config(..., true)`: forgotten means no
row. `system()` takes the role `chancela_sistema`, whose policies see every company; only what serves all of
them may use it (tokens, sweep, leases, retention).

Lock order, for every transaction of this package (a later lock is never held while an earlier one is asked for):
`series` -> `documentos` by id -> `versoes`, `tentativas` -> `cadeias_eventos` by company -> queue jobs (immediate,
then future). Transactions that break it are found by the database and repeated by `Politica`.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString, TypeVar

import psycopg.errors
import structlog
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chancela.domain.erros import Indisponivel
from chancela.kit.clock import Clock, wait
from chancela.kit.quedas import Pontos, after_commit, before_commit, no_points

T = TypeVar("T")
Linha = Any
"""A row whose columns are attributes."""
_log = structlog.get_logger("chancela.stores.conexao")
_DESISTENCIAS = (psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable)
"""Over `Limites.comando_s` or `trava_s`, or cancelled by an administrator: the transaction is undone, and known to be."""
_REPITA = (
    "Repita a mesma chamada, com o mesmo id, em alguns segundos: o que já estiver feito não é feito de novo."
)
_REPITA_OU_CONSULTE = f"{_REPITA} Sem id, consulte antes o que ficou feito."
PAPEL_APP = "chancela_app"
PAPEL_SISTEMA = "chancela_sistema"


class Repetir(Exception):
    """Raised inside a transaction to undo it and run it again: what it saw was taken meanwhile."""


class ConexaoPerdida(Indisponivel):
    """The connection went in the middle of a transaction: it may be committed or undone, nobody knows."""


@dataclass(frozen=True, slots=True)
class Politica:
    """How often a transaction that lost a race is run again: deadlock, serialization failure, `Repetir`."""

    tentativas: int = 6
    espera_inicial_s: float = 0.005


@dataclass(frozen=True, slots=True)
class Limites:
    """Limits of one process's connections, in seconds unless named otherwise."""

    conexoes: int = 16
    espera_conexao_s: float = 10.0
    comando_s: float = 15.0
    trava_s: float = 10.0
    ocioso_em_transacao_s: float = 30.0


def driver_url(url: str) -> URL:
    """The same address for SQLAlchemy over psycopg 3. ValueError when it is not PostgreSQL."""
    endereco = make_url(url)
    if endereco.get_backend_name() not in ("postgresql", "postgres"):
        raise ValueError("só PostgreSQL é aceito em CHANCELA_DATABASE_URL")
    return endereco.set(drivername="postgresql+psycopg")


def libpq_url(url: str) -> str:
    """The same address as libpq takes it, whatever driver it named."""
    return driver_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


class Banco:
    """One process's pool. Blocking and thread-safe; `close` it at the end.

    With a `relogio`, leases and due times follow that clock instead of the database's: for simulations only.
    """

    def __init__(
        self,
        url: str,
        *,
        limites: Limites | None = None,
        politica: Politica | None = None,
        relogio: Clock | None = None,
        nome: str = "chancela",
        pontos: Pontos = no_points,
    ) -> None:
        self._limites = limites or Limites()
        self._politica = politica or Politica()
        self._relogio = relogio
        self._pontos = pontos
        self._motor = _open_engine(url, self._limites, nome)

    def close(self) -> None:
        """Close every connection."""
        self._motor.dispose()

    @contextmanager
    def company(self, empresa_id: int) -> Generator[Connection]:
        """A transaction that sees and writes one company only; commits at the end, or rolls back."""
        with self._transaction(f"SET LOCAL chancela.empresa = '{int(empresa_id)}'") as conexao:
            yield conexao

    @contextmanager
    def system(self) -> Generator[Connection]:
        """A transaction over all companies."""
        with self._transaction(f"SET LOCAL ROLE {PAPEL_SISTEMA}; SET LOCAL chancela.empresa = ''") as conexao:
            yield conexao

    def in_company(self, empresa_id: int, trabalho: Callable[[Connection], T], *, gravacao: str = "") -> T:
        """Run `trabalho` in a transaction of a company, again when it lost a race. It must have no outside effect.

        `gravacao` names the commit, when a crash on either side of it has to be survived (`kit.quedas.GRAVACOES`).
        """
        return self._repeated(lambda: self.company(empresa_id), trabalho, gravacao)

    def in_system(self, trabalho: Callable[[Connection], T], *, gravacao: str = "") -> T:
        """Like `in_company`, over all companies."""
        return self._repeated(self.system, trabalho, gravacao)

    def call_company(
        self, empresa_id: int, consulta: LiteralString, *argumentos: object, gravacao: str = ""
    ) -> list[Linha]:
        """One transaction that is one call of a function of the schema, which names its company itself, first.

        `consulta` has a `%s` for the company, one for the clock, and one for each argument. One round trip instead of one
        per statement; run again when it lost a race (docs/adr/0075).
        """
        return self._call(consulta, (empresa_id, self._time(), *argumentos), gravacao)

    def call_system(self, consulta: LiteralString, *argumentos: object) -> list[Linha]:
        """The same, for a function that takes the system's role."""
        return self._call(consulta, (self._time(), *argumentos), "")

    def _call(self, consulta: LiteralString, argumentos: tuple[object, ...], gravacao: str) -> list[Linha]:
        def run() -> list[Linha]:
            with self._connect() as conexao, _told(), self._seen(conexao, gravacao):
                return list(conexao.exec_driver_sql(consulta, argumentos).all())

        def run_on_a_live_connection() -> list[Linha]:
            try:
                return run()
            except ConexaoPerdida:
                # Idle and dead, as a rule. A call that was committed and not confirmed is refused the second time: its
                # lease is spent, its place taken.
                return run()

        return self._raced(run_on_a_live_connection)

    @contextmanager
    def _seen(self, conexao: Connection, gravacao: str) -> Generator[None]:
        """Where a test kills on either side of the commit, it has to be a step of its own; otherwise nothing."""
        if not gravacao or self._pontos is no_points:
            yield
            return
        _begin(conexao, "BEGIN")
        yield
        self._pontos(before_commit(gravacao))
        conexao.commit()
        self._pontos(after_commit(gravacao))

    def ping(self) -> bool:
        """Whether the database answers and holds our schema."""
        try:
            with self.system() as conexao:
                return bool(conexao.execute(text("SELECT count(*) FROM integradores")).scalar() is not None)
        except (DBAPIError, Indisponivel):
            return False

    def _connect(self) -> Connection:
        """One of the pool. `Indisponivel` when PostgreSQL gives none, or all of them stay taken."""
        try:
            return self._motor.connect()
        except (OperationalError, PoolTimeout) as erro:
            _log.warning("sem_conexao", erro=type(getattr(erro, "orig", erro)).__name__)
            raise Indisponivel(
                "BANCO-SEM-CONEXAO",
                "O banco de dados não aceita conexões agora.",
                _REPITA,
            ) from erro

    def _repeated(self, abrir: Callable[[], Any], trabalho: Callable[[Connection], T], gravacao: str) -> T:
        def run() -> T:
            with abrir() as conexao:
                feito = trabalho(conexao)
                if gravacao:
                    self._pontos(before_commit(gravacao))
            if gravacao:
                self._pontos(after_commit(gravacao))
            return feito

        return self._raced(run)

    def _raced(self, transacao: Callable[[], T]) -> T:
        for tentativa in range(1, self._politica.tentativas + 1):
            try:
                return transacao()
            except (Repetir, DBAPIError) as erro:
                if tentativa == self._politica.tentativas or not _lost_race(erro):
                    raise
                _log.info(
                    "transacao_repetida", erro=type(getattr(erro, "orig", erro)).__name__, tentativa=tentativa
                )
                wait(self._politica.espera_inicial_s * 2**tentativa)
        raise AssertionError("unreachable")

    def _time(self) -> str:
        return "" if self._relogio is None else self._relogio.now().isoformat()

    @contextmanager
    def _transaction(self, escopo: str) -> Generator[Connection]:
        """Begun and named in one round trip. A connection that died while idle is replaced once, unseen."""
        abertura = f"BEGIN; {escopo}; SET LOCAL chancela.relogio = '{self._time()}'"
        conexao = self._connect()
        try:
            with _told():
                try:
                    _begin(conexao, abertura)
                except DBAPIError as erro:
                    if not erro.connection_invalidated:
                        raise
                    conexao.close()
                    conexao = self._connect()
                    _begin(conexao, abertura)
                yield conexao
                conexao.commit()
        finally:
            conexao.close()


@contextmanager
def _told() -> Generator[None]:
    """A connection that is lost while it is used, and a statement that the database gave up, are errors of their own; what
    else it says stays as it is."""
    try:
        yield
    except DBAPIError as erro:
        if isinstance(erro.orig, _DESISTENCIAS):
            _log.warning("banco_demorou", erro=type(erro.orig).__name__)
            raise Indisponivel(
                "BANCO-DEMOROU",
                "O banco de dados demorou demais, e o que esta chamada gravava por último foi desfeito.",
                _REPITA_OU_CONSULTE,
            ) from erro
        if not erro.connection_invalidated:
            raise
        _log.warning("conexao_perdida", erro=type(erro.orig).__name__)
        raise ConexaoPerdida(
            "BANCO-CONEXAO-PERDIDA",
            "A conexão com o banco de dados caiu no meio da chamada: não se sabe se ela chegou ao fim.",
            _REPITA_OU_CONSULTE,
        ) from erro


def _begin(conexao: Connection, comandos: str) -> None:
    """Commands without parameters, which the driver sends together."""
    conexao.exec_driver_sql(comandos, execution_options={"no_parameters": True})


def _open_engine(url: str, limites: Limites, nome: str) -> Engine:
    opcoes = {
        "role": PAPEL_APP,
        "timezone": "UTC",
        "default_transaction_isolation": r"read\ committed",
        "statement_timeout": _ms(limites.comando_s),
        "lock_timeout": _ms(limites.trava_s),
        "idle_in_transaction_session_timeout": _ms(limites.ocioso_em_transacao_s),
    }
    return create_engine(
        driver_url(url),
        pool_size=limites.conexoes,
        max_overflow=0,
        pool_timeout=limites.espera_conexao_s,
        pool_use_lifo=True,
        isolation_level="AUTOCOMMIT",  # transactions are begun here, together with their scope
        connect_args={
            "options": " ".join(f"-c {chave}={valor}" for chave, valor in opcoes.items()),
            "application_name": nome,
            "connect_timeout": 10,
        },
    )


def _ms(segundos: float) -> str:
    return str(round(segundos * 1000))


def _lost_race(erro: Exception) -> bool:
    if isinstance(erro, Repetir):
        return True
    origem = getattr(erro, "orig", erro)
    return isinstance(origem, psycopg.errors.SerializationFailure | psycopg.errors.DeadlockDetected)
