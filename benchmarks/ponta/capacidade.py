"""`python -m benchmarks.ponta.capacidade FILE`: from the JSON lines of a benchmark to the machines that a peak needs.

    cores of a part = documents per second x milliseconds of processor per document / 1000 / occupation

The milliseconds are those of the busiest case in the file, times how much slower or faster the machines are than the
one that measured, told by an RSA-2048 signature on either. API and worker can be had in any number; PostgreSQL is one,
so what it needs is asked of a single machine.
"""

import argparse
import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.ponta.contas import PRODUTO

PICO_NACIONAL_POR_S = 3_000.0
"""NF-e and NFC-e of the whole country, in its busiest hours."""
UNICO = "PostgreSQL"


@dataclass(frozen=True, slots=True)
class Hipotese:
    """What is asked for, and of which machines."""

    por_s: float = PICO_NACIONAL_POR_S
    ocupacao: float = 0.6
    """How much of a core is used at the peak: the rest is for bursts and for a machine that fails."""
    nucleos_por_maquina: int = 16
    rsa_ms: float = 0.0
    """Of the machines; 0 when they are like the one that measured."""


@dataclass(frozen=True, slots=True)
class Capacidade:
    """What a peak needs."""

    caso: str
    por_s: float
    nucleos: Mapping[str, float]
    maquinas: Mapping[str, int]
    """Of the parts that can be had in any number."""
    commits_por_s: float
    wal_mib_por_s: float
    notas_por_s_num_banco: float
    """What one PostgreSQL on one machine carries, by its processor."""
    bancos: int
    """Installations, each with companies of its own, that the peak takes with such machines."""


def compute(periodo: Mapping[str, Any], hipotese: Hipotese) -> Capacidade:
    """`periodo` is one line of `benchmarks.ponta`."""
    fator = hipotese.rsa_ms / periodo["rsa_ms"] if hipotese.rsa_ms else 1.0
    cpu_ms = {parte: periodo["cpu_ms"][parte] * fator for parte in PRODUTO}
    nucleos = {parte: hipotese.por_s * ms / 1000 / hipotese.ocupacao for parte, ms in cpu_ms.items()}
    num_banco = hipotese.nucleos_por_maquina * hipotese.ocupacao * 1000 / cpu_ms[UNICO]
    return Capacidade(
        caso=periodo["caso"],
        por_s=hipotese.por_s,
        nucleos=nucleos,
        maquinas={
            parte: math.ceil(valor / hipotese.nucleos_por_maquina)
            for parte, valor in nucleos.items()
            if parte != UNICO
        },
        commits_por_s=hipotese.por_s * periodo["commits"],
        wal_mib_por_s=hipotese.por_s * periodo["wal_kib"] / 1024,
        notas_por_s_num_banco=num_banco,
        bancos=math.ceil(hipotese.por_s / num_banco),
    )


def busiest(linhas: Iterable[str]) -> Mapping[str, Any]:
    """The period with most documents per second among JSON lines: what a process costs by being there weighs least in it.

    Other lines are passed over. LookupError when there is none.
    """
    periodos = [dados for linha in linhas if "produto_ms" in (dados := json.loads(linha))]
    if not periodos:
        raise LookupError("nenhuma linha de benchmarks.ponta no arquivo")
    return max(periodos, key=lambda periodo: periodo["por_s"])


def main(argumentos: Sequence[str] | None = None) -> int:
    """JSON on standard output."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ponta.capacidade", description="Máquinas para um pico, do que foi medido."
    )
    parser.add_argument(
        "arquivo", type=argparse.FileType(), help="linhas JSON de benchmarks.ponta; - para a entrada"
    )
    parser.add_argument(
        "--por-s", type=float, default=PICO_NACIONAL_POR_S, help="notas por segundo (padrão: 3000)"
    )
    parser.add_argument("--ocupacao", type=float, default=0.6, help="do processador no pico (padrão: 0,6)")
    parser.add_argument("--nucleos", type=int, default=16, help="por máquina (padrão: 16)")
    parser.add_argument("--rsa-ms", type=float, default=0.0, help="assinatura RSA-2048 nas máquinas, em ms")
    opcoes = parser.parse_args(argumentos)
    hipotese = Hipotese(opcoes.por_s, opcoes.ocupacao, opcoes.nucleos, opcoes.rsa_ms)
    print(json.dumps(asdict(compute(busiest(opcoes.arquivo), hipotese)), ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
