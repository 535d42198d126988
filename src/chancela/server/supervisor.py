"""Keeps the child processes of `chancela up` running: starts them in order, restarts what dies, stops all in order."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from chancela.server.prontidao import VIGIAR_ENTRADA, read_ready

_log = structlog.get_logger("chancela.supervisor")
_RECUOS_S = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Waits between restarts of a child that keeps dying; a shop must not wait half a minute for its API."""
_ESTAVEL_S = 60.0
_PRONTO_S = 60.0
_PARADA_S = 20.0


class FilhoNaoSubiu(Exception):
    """A child ended or stayed silent before it was ready."""


@dataclass(frozen=True, slots=True)
class Filho:
    """One child: the name of its ready file and the arguments after `chancela`."""

    nome: str
    argumentos: tuple[str, ...]


class Supervisor:
    """Runs children until told to stop. One instance per `chancela up`."""

    def __init__(self, pasta: Path, ambiente: Mapping[str, str]) -> None:
        self._pasta = pasta
        self._ambiente = {**os.environ, **ambiente, VIGIAR_ENTRADA: "1"}
        self._processos: dict[str, asyncio.subprocess.Process] = {}
        self._vigias: list[asyncio.Task[None]] = []
        self._parando = False

    async def start(self, filho: Filho) -> None:
        """Start a child, wait until it is ready, and keep it running from then on."""
        await self._spawn(filho)
        await self._wait_ready(filho)
        self._vigias.append(asyncio.create_task(self._watch(filho)))

    async def stop(self) -> None:
        """End all children, last started first; those that do not end in time are killed."""
        self._parando = True
        for vigia in self._vigias:
            vigia.cancel()
        for nome in reversed(list(self._processos)):
            processo = self._processos[nome]
            if processo.returncode is not None:
                continue
            processo.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(processo.wait(), _PARADA_S)
            except TimeoutError:
                _log.warning("filho_morto_a_forca", nome=nome)
                processo.kill()
                await processo.wait()

    async def _spawn(self, filho: Filho) -> None:
        (self._pasta / "execucao" / f"{filho.nome}.json").unlink(missing_ok=True)
        self._processos[filho.nome] = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "chancela", *filho.argumentos,
            stdin=asyncio.subprocess.PIPE, stdout=sys.stderr, env=self._ambiente,
        )  # fmt: skip

    async def _wait_ready(self, filho: Filho) -> None:
        processo = self._processos[filho.nome]
        laco = asyncio.get_running_loop()
        limite = laco.time() + _PRONTO_S
        while True:
            pronto = read_ready(self._pasta, filho.nome)
            if pronto is not None and pronto["pid"] == processo.pid:
                return
            if processo.returncode is not None:
                raise FilhoNaoSubiu(
                    f"{filho.nome} terminou com código {processo.returncode} antes de ficar pronto"
                )
            if laco.time() > limite:
                raise FilhoNaoSubiu(f"{filho.nome} não ficou pronto em {_PRONTO_S:.0f} s")
            await asyncio.sleep(0.02)

    async def _watch(self, filho: Filho) -> None:
        laco = asyncio.get_running_loop()
        quedas = 0
        while not self._parando:
            inicio = laco.time()
            codigo = await self._processos[filho.nome].wait()
            if self._parando:
                return
            quedas = 0 if laco.time() - inicio > _ESTAVEL_S else quedas
            recuo = _RECUOS_S[min(quedas, len(_RECUOS_S) - 1)]
            quedas += 1
            _log.error("filho_caiu", nome=filho.nome, codigo=codigo, volta_em_s=recuo)
            await asyncio.sleep(recuo)
            await self._spawn(filho)
            try:
                await self._wait_ready(filho)
            except FilhoNaoSubiu as erro:
                _log.error("filho_nao_subiu", motivo=str(erro))


def pids(pasta: Path, nomes: Sequence[str]) -> dict[str, int]:
    """Process ids of the ready children, by name."""
    return {nome: pronto["pid"] for nome in nomes if (pronto := read_ready(pasta, nome)) is not None}
