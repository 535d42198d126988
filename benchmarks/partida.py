"""Start-up: whole processes from nothing to their end, one after the other. Processor time is that of the child."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping

from benchmarks.lados.protocolo import Medida
from benchmarks.processo import RAIZ

COMANDOS: Mapping[str, tuple[str, ...]] = {
    "python": ("-c", "pass"),
    "ajuda": ("-m", "chancela", "--help"),
    "api": ("-c", "import chancela.server.api"),
    "worker": ("-c", "import chancela.server.trabalhador"),
    "simulador": ("-c", "import chancela.server.processo_simulador"),
}
"""What each lane runs with this Python."""


class Partida:
    """Starts processes and waits for their end; each must succeed."""

    def __init__(self, ambiente: Mapping[str, str]) -> None:
        self._ambiente = os.environ | dict(ambiente)

    def measure(self, operacao: str, itens: int, quantas: int) -> Medida:
        """One round. `itens` has no meaning here."""
        del itens
        antes, inicio = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        for _ in range(quantas):
            subprocess.run(
                [sys.executable, *COMANDOS[operacao]],
                check=True,
                cwd=RAIZ,
                env=self._ambiente,
                stdout=subprocess.DEVNULL,
            )
        parede, depois = time.perf_counter() - inicio, resource.getrusage(resource.RUSAGE_CHILDREN)
        return Medida(quantas, parede, depois.ru_utime - antes.ru_utime, depois.ru_stime - antes.ru_stime)
