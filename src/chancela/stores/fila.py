"""The worker's side of the queue: Procrastinate on our own database, around tasks that the caller hands in.

A job only says that a company has work; what there is to do stands in our tables. So a job may be lost, doubled or run
too early without harm: the sweep finds what is due, leases keep two workers apart, and an empty drain costs little.

Recovery of a worker that died: its heartbeat stops, its running jobs are put back after `sem_sinal_s` (or deleted when
the company already has another one waiting), and its documents come back with their leases.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition, Job, Status
from procrastinate.manager import JobManager

from chancela.stores.conexao import PAPEL_SISTEMA, libpq_url
from chancela.stores.despertar import CONEXOES_DA_FILA, SERVICO_EMISSAO

_log = structlog.get_logger("chancela.stores.fila")
TAREFA_DRENAR = "chancela.drenar"
_RECUOS_S = (0.2, 1.0, 2.0, 5.0, 10.0)
_JA = datetime(2000, 1, 1, tzinfo=UTC)
"""A time to run that is long past: at the next look."""


@dataclass(frozen=True, slots=True)
class Tarefas:
    """What the worker does, as the caller knows how to."""

    drenar: Callable[[int], Awaitable[object]]
    """Advance the due documents of a company."""
    proximo: Callable[[int], Awaitable[object]]
    """After a drain: promise the company's next one (`DocumentosPg.wake_next`)."""
    varrer: Callable[[], Awaitable[object]]
    """Wake what is due and was forgotten (`DocumentosPg.wake_due`), and other housekeeping of seconds."""
    rotinas: Callable[[], Awaitable[object]] | None = None
    """Run the periodic routines whose turn has come (`stores.rotinas.run_due`)."""


@dataclass(frozen=True, slots=True)
class Ritmo:
    """How a worker paces itself; seconds unless named otherwise."""

    simultaneos: int = 8
    """Companies drained at the same time."""
    varredura_s: float = 5.0
    espera_s: float = 0.5
    """Look for jobs this often. It is the delay of a scheduled job at most, and of an announcement that came while the
    worker was looking: Procrastinate forgets those (its loop clears the signal after each look)."""
    sinal_s: float = 2.0
    sem_sinal_s: float = 10.0
    parada_s: float = 20.0
    """Wait this long for running drains when told to stop."""
    rotinas_s: float = 5.0
    """Look for due routines this often."""
    limpeza_s: float = 3_600.0
    """Delete old failed jobs of the queue this often."""
    guarda_falhas_h: int = 72


class WorkerParou(Exception):
    """The queue's own loop ended although nobody told it to; it is started again."""


async def run_worker(
    url: str,
    tarefas: Tarefas,
    *,
    ritmo: Ritmo | None = None,
    parar: asyncio.Event,
    pronto: Callable[[], object] | None = None,
) -> None:
    """Work until `parar` is set; `pronto` is called once the queue is open. A lost database is waited for.

    Stopping lets running drains finish, for `Ritmo.parada_s`; what they leave is recovered from its leases.
    """
    passo = ritmo or Ritmo()
    avisar = pronto
    quedas = 0
    while not parar.is_set():
        try:
            async with _open_app(url, passo) as app:
                _register(app, tarefas)
                if avisar is not None:
                    avisar()
                    avisar = None
                quedas = 0
                await _work(app, tarefas, passo, parar)
        except (ConnectorException, psycopg.OperationalError, OSError, WorkerParou) as erro:
            recuo = _RECUOS_S[min(quedas, len(_RECUOS_S) - 1)]
            quedas += 1
            _log.error("worker_interrompido", erro=type(erro).__name__, volta_em_s=recuo)
            with suppress(TimeoutError):
                await asyncio.wait_for(parar.wait(), recuo)


async def recover_stalled(app: App, sem_sinal_s: float) -> int:
    """Put back the jobs of workers that gave no sign for `sem_sinal_s` seconds; returns how many."""
    gerente = app.job_manager
    presos = list(await gerente.get_stalled_jobs(seconds_since_heartbeat=sem_sinal_s))
    for job in presos:
        await _put_back(gerente, job)
    return len(presos)


async def _put_back(gerente: JobManager, job: Job) -> None:
    """Another waiting job of the same company makes this one needless, and would forbid it to wait."""
    assert job.id is not None
    try:
        await gerente.retry_job_by_id_async(job_id=job.id, retry_at=_JA)
    except ConnectorException:
        with suppress(ConnectorException):  # its worker lived after all, and ended it
            await gerente.finish_job_by_id_async(job_id=job.id, status=Status.FAILED, delete_job=True)
    _log.warning("tarefa_recuperada", job=job.id)


@asynccontextmanager
async def _open_app(url: str, ritmo: Ritmo) -> AsyncGenerator[App, None]:
    opcoes = f"-c role={PAPEL_SISTEMA} -c timezone=UTC"
    conector = PsycopgConnector(
        conninfo=libpq_url(url),
        kwargs={"options": opcoes, "application_name": "chancela-fila", "connect_timeout": 10},
        min_size=1,
        max_size=max(3, min(ritmo.simultaneos, CONEXOES_DA_FILA - 1)),
        timeout=10,
    )
    app = App(connector=conector)
    async with app.open_async():
        yield app


def _register(app: App, tarefas: Tarefas) -> None:
    async def drain(empresa_id: int, servico: str) -> None:
        assert servico == SERVICO_EMISSAO
        try:
            await tarefas.drenar(empresa_id)
        finally:
            await tarefas.proximo(empresa_id)

    app.task(name=TAREFA_DRENAR, queue=SERVICO_EMISSAO)(drain)


async def _work(app: App, tarefas: Tarefas, ritmo: Ritmo, parar: asyncio.Event) -> None:
    """One life of the worker: until told to stop, or until any part of it fails."""
    partes: list[asyncio.Task[Any]] = [
        asyncio.create_task(
            app.run_worker_async(
                queues=[SERVICO_EMISSAO],
                concurrency=ritmo.simultaneos,
                fetch_job_polling_interval=ritmo.espera_s,
                shutdown_graceful_timeout=ritmo.parada_s,
                delete_jobs=DeleteJobCondition.SUCCESSFUL,
                install_signal_handlers=False,
                update_heartbeat_interval=ritmo.sinal_s,
                stalled_worker_timeout=ritmo.sem_sinal_s,
            ),
            name="fila",
        ),
        asyncio.create_task(_sweep(app, tarefas, ritmo), name="varredura"),
        asyncio.create_task(_run_routines(tarefas, ritmo), name="rotinas"),
        asyncio.create_task(_clean(app, ritmo), name="limpeza"),
    ]
    fim: asyncio.Task[Any] = asyncio.create_task(parar.wait(), name="parada")
    try:
        await asyncio.wait([*partes, fim], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for parte in (*partes, fim):
            parte.cancel()
        resultados = await asyncio.gather(*partes, fim, return_exceptions=True)
    falha = next((r for r in resultados if isinstance(r, Exception)), None)
    if falha is not None:
        raise falha
    if not parar.is_set():
        raise WorkerParou


async def _sweep(app: App, tarefas: Tarefas, ritmo: Ritmo) -> None:
    while True:
        await recover_stalled(app, ritmo.sem_sinal_s)
        await _guarded("varredura", tarefas.varrer)
        await asyncio.sleep(ritmo.varredura_s)


async def _run_routines(tarefas: Tarefas, ritmo: Ritmo) -> None:
    while tarefas.rotinas is not None:
        await _guarded("rotinas", tarefas.rotinas)
        await asyncio.sleep(ritmo.rotinas_s)
    await asyncio.Event().wait()


async def _clean(app: App, ritmo: Ritmo) -> None:
    while True:
        await asyncio.sleep(ritmo.limpeza_s)
        await app.job_manager.delete_old_jobs(
            nb_hours=ritmo.guarda_falhas_h, include_failed=True, include_cancelled=True, include_aborted=True
        )


async def _guarded(nome: str, tarefa: Callable[[], Awaitable[object]]) -> None:
    """A housekeeping that fails is tried again at its next turn."""
    try:
        await tarefa()
    except Exception as erro:  # noqa: BLE001 - whatever it was, the worker goes on
        _log.error("tarefa_periodica_falhou", tarefa=nome, erro=type(erro).__name__, motivo=str(erro)[:300])
