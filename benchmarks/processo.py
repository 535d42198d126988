"""Sides as child processes: started once, measured in turns, pinned to one core, so that only one ever runs."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from benchmarks.lados.protocolo import Medida

RAIZ = Path(__file__).resolve().parents[1]


class LadoFalhou(RuntimeError):
    """A side's process ended or wrote nonsense."""


class Lado:
    """One side: a child process that answers `benchmarks.lados.protocolo`."""

    def __init__(self, modulo: str, ambiente: Mapping[str, str], python: Path | None = None) -> None:
        self.modulo = modulo
        self._processo = subprocess.Popen(
            [str(python or sys.executable), "-W", "ignore", "-m", f"benchmarks.lados.{modulo}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=RAIZ,
            env=os.environ | dict(ambiente),
            preexec_fn=_pin,
        )

    def __enter__(self) -> "Lado":
        return self

    def __exit__(
        self, tipo: type[BaseException] | None, erro: BaseException | None, pilha: TracebackType | None
    ) -> None:
        assert self._processo.stdin is not None
        assert self._processo.stdout is not None
        self._processo.stdin.close()
        self._processo.stdout.close()
        self._processo.wait(timeout=30)

    def sample(self, operacao: str, itens: int) -> bytes:
        """The first document that the operation makes."""
        return base64.b64decode(str(self._ask(comando="amostra", operacao=operacao, itens=itens)))

    def measure(self, operacao: str, itens: int, quantas: int) -> Medida:
        """One round."""
        resposta = self._ask(comando="medir", operacao=operacao, itens=itens, quantas=quantas)
        assert isinstance(resposta, dict)
        return Medida(**resposta)

    def _ask(self, **pedido: object) -> object:
        assert self._processo.stdin is not None
        assert self._processo.stdout is not None
        try:
            self._processo.stdin.write(json.dumps(pedido) + "\n")
            self._processo.stdin.flush()
            linha = self._processo.stdout.readline()
        except BrokenPipeError:
            linha = ""
        if not linha:
            raise LadoFalhou(f"{self.modulo}: the process ended; its words are above")
        return json.loads(linha)


def _pin() -> None:
    """Keep the child on one core, where the system lets us; all sides share the same one."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
