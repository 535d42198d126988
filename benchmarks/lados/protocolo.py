"""What a side is, and how its process talks: one JSON line in, one JSON line out, over standard input and output.

Standard library only. A side is a dictionary of operations; an operation makes the `n`-th document (or signature, or
calculation) of a case and returns it. Times are measured here, inside the process, so that pipes cost nothing.
"""

import base64
import gc
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

Operacao = Callable[[int], bytes]
"""Make the document of that number."""
Preparo = Callable[[int], Operacao]
"""Get ready for documents of that many items, outside the measured time."""


@dataclass(frozen=True, slots=True)
class Medida:
    """One round: how many, and the seconds they took by the wall and by the processor."""

    quantas: int
    parede_s: float
    usuario_s: float
    sistema_s: float


def measure(operacao: Operacao, primeira: int, quantas: int) -> Medida:
    """Run `quantas` operations, numbered from `primeira` on. Garbage of earlier rounds is collected before."""
    gc.collect()
    antes, inicio = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    for numero in range(primeira, primeira + quantas):
        operacao(numero)
    parede, depois = time.perf_counter() - inicio, resource.getrusage(resource.RUSAGE_SELF)
    return Medida(quantas, parede, depois.ru_utime - antes.ru_utime, depois.ru_stime - antes.ru_stime)


def serve(preparos: Mapping[str, Preparo]) -> None:
    """Answer until standard input ends. Only the last protocol line goes to standard output."""
    saida = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    prontas: dict[tuple[str, int], Operacao] = {}
    proximo: dict[tuple[str, int], int] = {}
    for linha in sys.stdin:
        pedido = json.loads(linha)
        caso = (pedido["operacao"], pedido["itens"])
        if caso not in prontas:
            prontas[caso] = preparos[caso[0]](caso[1])
            proximo[caso] = 1
        if pedido["comando"] == "amostra":
            resposta: object = base64.b64encode(prontas[caso](1)).decode("ascii")
        else:
            resposta = asdict(measure(prontas[caso], proximo[caso], pedido["quantas"]))
            proximo[caso] += pedido["quantas"]
        saida.write(json.dumps(resposta) + "\n")
        saida.flush()


def load_key_file() -> tuple[str, str]:
    """Path and password of the PKCS#12 that all sides sign with, given by the parent process."""
    return os.environ["BANCO_DE_PROVAS_PFX"], os.environ["BANCO_DE_PROVAS_SENHA"]
