"""Periodic routines: which are due, so that one worker of all runs each of them, restarts or not.

A turn is taken by moving the routine's next time forward, before the work is done. A worker that dies in the middle
loses that turn, not the work: a routine finds in our tables what there is to do, and may run twice without harm.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence, Set
from concurrent.futures import Executor
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection, text

from chancela.stores.conexao import Banco

_log = structlog.get_logger("chancela.stores.rotinas")
_NOVA_TENTATIVA_S = 60.0


@dataclass(frozen=True, slots=True)
class Rotina:
    """Work that comes again by itself. `executar` must bear being run twice, and by two workers at once."""

    nome: str
    """Stable: it names the row that remembers when the routine is due."""
    intervalo_s: float
    executar: Callable[[], Awaitable[object]]


class RotinasPg:
    """The turns of the routines, on the database clock. Blocking and thread-safe."""

    def __init__(self, banco: Banco) -> None:
        self._banco = banco

    def take_turn(self, nome: str, intervalo_s: float) -> bool:
        """Whether the routine is due and this caller got the turn; the next one is `intervalo_s` later."""

        def run(conexao: Connection) -> bool:
            parametros = {"nome": nome, "intervalo_s": float(intervalo_s)}
            return conexao.execute(_TOMA, parametros).one_or_none() is not None

        return self._banco.in_system(run)

    def due(self, nomes: Sequence[str]) -> Set[str]:
        """Those of the routines whose turn has come: one look, so that a calm moment costs one statement, not one each."""
        with self._banco.system() as conexao:
            return set(conexao.execute(_DEVIDAS, {"nomes": list(nomes)}).scalars())

    def bring_forward(self, nome: str, em_s: float) -> None:
        """The routine's next turn comes in at most `em_s` seconds."""
        with self._banco.system() as conexao:
            conexao.execute(_ANTECIPA, {"nome": nome, "em_s": float(em_s)})


async def run_due(rotinas: Sequence[Rotina], turnos: RotinasPg, executor: Executor) -> int:
    """Run, one after the other, every routine whose turn this worker gets; returns how many.

    One that fails comes again within a minute, and keeps none of the others from running.
    """
    laco = asyncio.get_running_loop()
    feitas = 0
    devidas = await laco.run_in_executor(executor, turnos.due, [rotina.nome for rotina in rotinas])
    for rotina in rotinas:
        if rotina.nome not in devidas:
            continue
        if not await laco.run_in_executor(executor, turnos.take_turn, rotina.nome, rotina.intervalo_s):
            continue
        feitas += 1
        try:
            await rotina.executar()
        except Exception:  # noqa: BLE001 - logged whole, and it comes again
            _log.exception("rotina_falhou", rotina=rotina.nome)
            await laco.run_in_executor(
                executor, turnos.bring_forward, rotina.nome, min(_NOVA_TENTATIVA_S, rotina.intervalo_s)
            )
    return feitas


_DEVIDAS = text(
    """
    SELECT d.nome FROM unnest(CAST(:nomes AS text[])) AS d (nome)
    WHERE NOT EXISTS (SELECT 1 FROM rotinas r WHERE r.nome = d.nome AND r.proxima > chancela_agora())
    """
)
_TOMA = text(
    """
    INSERT INTO rotinas AS r (nome, proxima) VALUES (:nome, chancela_agora() + make_interval(secs => :intervalo_s))
    ON CONFLICT (nome) DO UPDATE SET proxima = excluded.proxima WHERE r.proxima <= chancela_agora()
    RETURNING 1
    """
)
_ANTECIPA = text(
    "UPDATE rotinas SET proxima = least(proxima, chancela_agora() + make_interval(secs => :em_s)) WHERE nome = :nome"
)
