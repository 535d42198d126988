"""Wake-ups inside our transactions, and a worker that survives what can happen to it. Real server, real seconds."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import psycopg
import pytest
from sqlalchemy import text
from tests.stores.fabrica import companies, new_document

from chancela.stores.conexao import Banco
from chancela.stores.despertar import wake
from chancela.stores.documentos import DocumentosPg
from chancela.stores.fila import Ritmo, Tarefas, run_worker

Sql = Callable[..., list[tuple[object, ...]]]
RITMO = Ritmo(simultaneos=4, varredura_s=60, espera_s=0.2, sinal_s=0.2, sem_sinal_s=5, parada_s=5)
SO_AVISOS = Ritmo(simultaneos=4, varredura_s=60, espera_s=60, parada_s=5)
"""Never looks by itself: what arrives was announced. An announcement counts only while the worker is not looking."""


class Registro:
    """Remembers what was drained; a drain may be held open."""

    def __init__(self) -> None:
        self.drenadas: asyncio.Queue[int] = asyncio.Queue()
        self.liberado = asyncio.Event()
        self.liberado.set()
        self.varreduras = 0
        self.falha: Exception | None = None

    async def drenar(self, empresa_id: int) -> None:
        self.drenadas.put_nowait(empresa_id)
        await self.liberado.wait()
        if self.falha is not None:
            raise self.falha

    async def proximo(self, empresa_id: int) -> None:
        del empresa_id

    async def varrer(self) -> None:
        self.varreduras += 1

    def tarefas(self) -> Tarefas:
        return Tarefas(drenar=self.drenar, proximo=self.proximo, varrer=self.varrer)

    async def next(self, prazo_s: float = 8.0) -> int:
        return await asyncio.wait_for(self.drenadas.get(), prazo_s)


@asynccontextmanager
async def working(url: str, tarefas: Tarefas, ritmo: Ritmo = RITMO) -> AsyncIterator[None]:
    parar, pronto = asyncio.Event(), asyncio.Event()
    tarefa = asyncio.create_task(run_worker(url, tarefas, ritmo=ritmo, parar=parar, pronto=pronto.set))
    try:
        await asyncio.wait_for(pronto.wait(), 10)
        await asyncio.wait_for(_listening(url), 10)
        yield
    finally:
        parar.set()
        await asyncio.wait_for(tarefa, 15)


async def _listening(url: str) -> None:
    """Until the worker's connection has asked to be told: what is announced before is found by its next look."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conexao:
        while True:
            cursor = await conexao.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle'"
                " AND application_name = 'chancela-fila' AND query LIKE 'LISTEN %procrastinate_queue%'"
            )
            if await cursor.fetchone():
                return
            await asyncio.sleep(0.01)


def announce(banco: Banco, empresa_id: int, em_s: float = 0.0) -> None:
    with banco.company(empresa_id) as conexao:
        wake(conexao, empresa_id, em_s=em_s)


def test_wake_ups_of_one_company_join(banco: Banco, superusuario: Sql) -> None:
    uma, outra = (empresa.id for empresa in companies(banco, 2))
    for empresa_id in (uma, uma, outra, uma):
        announce(banco, empresa_id)
    for em_s in (600, 60, 300):
        announce(banco, uma, em_s)
    linhas = superusuario(
        "SELECT queueing_lock, lock, extract(epoch FROM scheduled_at - now())::int FROM procrastinate_jobs ORDER BY 1"
    )
    nomes = [(linha[0], linha[1]) for linha in linhas]
    assert nomes == [
        (f"emissao:{uma}", f"emissao:{uma}"),
        (f"emissao:{uma}:futuro", None),
        (f"emissao:{outra}", f"emissao:{outra}"),
    ]
    (falta,) = [linha[2] for linha in linhas if str(linha[0]).endswith("futuro")]
    assert isinstance(falta, int)
    assert 50 <= falta <= 60, "the earliest time asked for holds"


def test_a_rolled_back_wake_up_never_was(banco: Banco, superusuario: Sql) -> None:
    (empresa,) = companies(banco)

    def fail() -> None:
        with banco.company(empresa.id) as conexao:
            wake(conexao, empresa.id)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert superusuario("SELECT count(*) FROM procrastinate_jobs") == [(0,)]


def test_a_joined_job_cannot_be_fetched_before_we_commit(banco: Banco, superusuario: Sql) -> None:
    """The lost wake-up: a worker takes the waiting job, sees nothing of ours, and nobody comes again."""
    (empresa,) = companies(banco)
    announce(banco, empresa.id)
    superusuario("SELECT procrastinate_register_worker_v1()")
    busca = "SELECT (procrastinate_fetch_job_v2(NULL, (SELECT max(id) FROM procrastinate_workers))).id"
    with banco.company(empresa.id) as conexao:
        wake(conexao, empresa.id)
        assert superusuario(busca) == [(None,)], "it is passed by while we are at it"
    assert superusuario(busca) != [(None,)]


def test_a_fetched_job_is_not_joined(banco: Banco, superusuario: Sql) -> None:
    (empresa,) = companies(banco)
    announce(banco, empresa.id)
    superusuario("SELECT procrastinate_register_worker_v1()")
    superusuario("SELECT procrastinate_fetch_job_v2(NULL, (SELECT max(id) FROM procrastinate_workers))")
    announce(banco, empresa.id)
    assert superusuario("SELECT status::text FROM procrastinate_jobs ORDER BY id") == [("doing",), ("todo",)]


def test_no_deadlock_among_wake_ups(banco: Banco) -> None:
    """Many transactions join, bring forward and insert at once, while a fetcher takes jobs away."""
    empresas = [empresa.id for empresa in companies(banco, 3)]
    erros: list[BaseException] = []
    fim = threading.Event()

    def hammer(semente: int) -> None:
        try:
            for passo in range(40):
                announce(banco, empresas[(semente + passo) % 3], (0, 30, 600)[(semente * passo) % 3])
        except BaseException as erro:
            erros.append(erro)

    def fetch() -> None:
        while not fim.is_set():
            with banco.system() as conexao:
                conexao.execute(
                    text(
                        "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id IN (SELECT id FROM procrastinate_jobs WHERE status = 'todo' LIMIT 1 FOR UPDATE SKIP LOCKED)"
                    )
                )

    buscador = threading.Thread(target=fetch)
    fios = [threading.Thread(target=hammer, args=(n,)) for n in range(6)]
    for fio in (buscador, *fios):
        fio.start()
    for fio in fios:
        fio.join()
    fim.set()
    buscador.join()
    assert erros == []


def test_a_wake_up_reaches_a_waiting_worker_at_once(banco: Banco, url_banco: str) -> None:
    empresas = [empresa.id for empresa in companies(banco, 3)]

    async def scenario() -> None:
        registro = Registro()
        async with working(url_banco, registro.tarefas(), SO_AVISOS):
            for empresa_id in empresas:
                with pytest.raises(
                    TimeoutError
                ):  # nothing comes unannounced, and the worker is idle afterwards
                    await registro.next(0.5)
                await asyncio.to_thread(announce, banco, empresa_id)
                assert await registro.next() == empresa_id

    asyncio.run(scenario())


def test_a_joined_wake_up_is_announced_on_commit(banco: Banco, url_banco: str) -> None:
    """The worker passed the job by while we held it; our commit calls it back."""
    (empresa,) = companies(banco)
    announce(banco, empresa.id)

    async def scenario() -> None:
        registro = Registro()
        soltar, preso = threading.Event(), threading.Event()

        def hold() -> None:
            with banco.company(empresa.id) as conexao:
                wake(conexao, empresa.id)
                preso.set()
                soltar.wait(10)

        dono = asyncio.create_task(asyncio.to_thread(hold))
        await asyncio.to_thread(preso.wait, 10)
        async with working(url_banco, registro.tarefas(), SO_AVISOS):
            with pytest.raises(TimeoutError):
                await registro.next(0.5)
            soltar.set()
            await dono
            assert await registro.next() == empresa.id

    asyncio.run(scenario())


def test_one_drain_per_company_at_a_time(banco: Banco, url_banco: str) -> None:
    uma, outra = (empresa.id for empresa in companies(banco, 2))

    async def scenario() -> None:
        registro = Registro()
        registro.liberado.clear()
        async with working(url_banco, registro.tarefas()):
            await asyncio.to_thread(announce, banco, uma)
            assert await registro.next() == uma
            await asyncio.to_thread(announce, banco, uma)
            await asyncio.to_thread(announce, banco, outra)
            assert await registro.next() == outra, "another company does not wait"
            with pytest.raises(TimeoutError):
                await registro.next(0.5)
            registro.liberado.set()
            assert await registro.next() == uma

    asyncio.run(scenario())


def test_a_waiting_future_job_does_not_hold_up_an_immediate_one(banco: Banco, url_banco: str) -> None:
    (empresa,) = companies(banco)
    announce(banco, empresa.id, 3_600)

    async def scenario() -> None:
        registro = Registro()
        async with working(url_banco, registro.tarefas()):
            await asyncio.to_thread(announce, banco, empresa.id)
            assert await registro.next() == empresa.id

    asyncio.run(scenario())


def test_a_future_wake_up_comes_in_time(banco: Banco, url_banco: str) -> None:
    (empresa,) = companies(banco)

    async def scenario() -> None:
        registro = Registro()
        async with working(url_banco, registro.tarefas()):
            await asyncio.to_thread(announce, banco, empresa.id, 0.5)
            assert await registro.next() == empresa.id

    asyncio.run(scenario())


def test_the_sweep_finds_a_lost_wake_up(banco: Banco, url_banco: str, superusuario: Sql) -> None:
    (empresa,) = companies(banco)
    documentos = DocumentosPg(banco)
    documentos.admit(new_document(empresa), dono=None, prazo_s=0)
    superusuario("DELETE FROM procrastinate_jobs")

    async def scenario() -> None:
        registro = Registro()
        tarefas = Tarefas(
            drenar=registro.drenar,
            proximo=registro.proximo,
            varrer=partial(asyncio.to_thread, documentos.wake_due),
        )
        async with working(url_banco, tarefas):
            assert await registro.next() == empresa.id

    asyncio.run(scenario())


def test_after_a_drain_the_next_due_time_is_promised(banco: Banco, url_banco: str, superusuario: Sql) -> None:
    (empresa,) = companies(banco)
    documentos = DocumentosPg(banco)
    documentos.admit(new_document(empresa), dono="api", prazo_s=600)
    superusuario("DELETE FROM procrastinate_jobs")
    announce(banco, empresa.id)

    async def scenario() -> None:
        registro = Registro()

        async def proximo(empresa_id: int) -> None:
            await asyncio.to_thread(documentos.wake_next, empresa_id)

        tarefas = Tarefas(drenar=registro.drenar, proximo=proximo, varrer=registro.varrer)
        async with working(url_banco, tarefas):
            assert await registro.next() == empresa.id

    asyncio.run(scenario())
    ((nome, falta_s),) = superusuario(
        "SELECT queueing_lock, extract(epoch FROM scheduled_at - now())::int FROM procrastinate_jobs"
    )
    assert nome == f"emissao:{empresa.id}:futuro"
    assert isinstance(falta_s, int)
    assert 580 < falta_s <= 600


def test_a_failing_drain_does_not_stop_the_worker(banco: Banco, url_banco: str) -> None:
    (empresa,) = companies(banco)

    async def scenario() -> None:
        registro = Registro()
        registro.falha = RuntimeError("quebrou")
        async with working(url_banco, registro.tarefas()):
            for _ in range(2):
                await asyncio.to_thread(announce, banco, empresa.id)
                assert await registro.next() == empresa.id

    asyncio.run(scenario())


@pytest.mark.parametrize("com_outra_esperando", [False, True])
def test_a_dead_workers_job_is_taken_over(
    banco: Banco, url_banco: str, superusuario: Sql, com_outra_esperando: bool
) -> None:
    (empresa,) = companies(banco)
    announce(banco, empresa.id)
    superusuario("SELECT procrastinate_register_worker_v1()")
    superusuario("SELECT procrastinate_fetch_job_v2(NULL, (SELECT max(id) FROM procrastinate_workers))")
    superusuario("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    if com_outra_esperando:
        announce(banco, empresa.id)

    async def scenario() -> None:
        registro = Registro()
        async with working(
            url_banco, registro.tarefas(), Ritmo(espera_s=0.1, varredura_s=0.2, sem_sinal_s=5)
        ):
            assert await registro.next() == empresa.id

    asyncio.run(scenario())
    assert superusuario("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')") == [(0,)]


def test_a_worker_outlives_its_connections(banco: Banco, url_banco: str, superusuario: Sql) -> None:
    (empresa,) = companies(banco)

    async def scenario() -> None:
        registro = Registro()
        async with working(url_banco, registro.tarefas(), Ritmo(espera_s=0.2, varredura_s=60, sinal_s=0.2)):
            superusuario(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                " AND application_name = 'chancela-fila'"
            )
            await asyncio.to_thread(announce, banco, empresa.id)
            assert await registro.next() == empresa.id

    asyncio.run(scenario())


def test_stopping_waits_for_the_running_drain(banco: Banco, url_banco: str, superusuario: Sql) -> None:
    (empresa,) = companies(banco)

    async def scenario() -> None:
        registro = Registro()
        registro.liberado.clear()
        async with working(url_banco, registro.tarefas()):
            await asyncio.to_thread(announce, banco, empresa.id)
            assert await registro.next() == empresa.id
            asyncio.get_running_loop().call_later(0.3, registro.liberado.set)

    asyncio.run(scenario())
    assert superusuario("SELECT count(*) FROM procrastinate_jobs") == [(0,)], "finished and gone"
    assert superusuario("SELECT count(*) FROM procrastinate_workers") == [(0,)]
