"""`python -m benchmarks.ponta.trabalhadores`: two worker processes against one, on the same database and the same pending work.

Documents of several companies wait; the workers start, and time counts from the first authorisation to the last, so that
the start of a process is not in it. Rounds of one and of two take turns. The ratio says what a second worker adds here; the
cores in use, with simulator and PostgreSQL on the same machine, say whether there was any left for it to use.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median

import psutil
import psycopg
from tests.processos.apoio import Loja
from tests.quedas.acumulo import accumulate
from tests.quedas.casa import Casa, open_casa

from benchmarks.ponta.contas import cpu_of, database_of

TRABALHADORES = ("worker", "worker2")
_ESPERA_S = 0.02
_VIVOS = "SELECT count(*) FROM documentos WHERE estado <> 'AUTORIZADO'"


@dataclass(frozen=True, slots=True)
class Rodada:
    """One drain."""

    workers: int
    documentos: int
    por_s: float
    cpu_ms: Mapping[str, float]
    """Per document, by part; both workers together."""
    nucleos: float
    """In use on average by all of them."""


def drain(casa: Casa, lojas: Sequence[Loja], quantos: int, cada: int, nome: str) -> Rodada:
    """Let so many workers settle `cada` documents of every company."""
    for vez, loja in enumerate(lojas):
        accumulate(casa, loja, cada, f"{nome}-{vez}")
    nomes = TRABALHADORES[:quantos]
    for worker in nomes:
        casa.spawn(worker)
    total = cada * len(lojas)
    with psycopg.connect(casa.url_banco, autocommit=True) as conexao:
        _wait_below(conexao, total)
        antes, inicio = _spent(casa, nomes), time.perf_counter()
        restavam = _alive(conexao)
        _wait_below(conexao, 1)
        durou, depois = time.perf_counter() - inicio, _spent(casa, nomes)
    for worker in nomes:
        casa.kill(worker)
    gasto = {parte: depois[parte] - antes[parte] for parte in depois}
    return Rodada(
        quantos, restavam, restavam / durou, {parte: 1000 * s / restavam for parte, s in gasto.items()},
        sum(gasto.values()) / durou,
    )  # fmt: skip


def _spent(casa: Casa, nomes: Sequence[str]) -> Mapping[str, float]:
    """Processor seconds so far."""
    partes = {
        "worker": [psutil.Process(casa.processos[nome].pid) for nome in nomes],
        "PostgreSQL": database_of(casa.servidor),
        "simulador": [psutil.Process(casa.processos["simulador"].pid)],
    }
    return {parte: sum(cpu_of(processos)) for parte, processos in partes.items()}


def _alive(conexao: psycopg.Connection[tuple[int]]) -> int:
    linha = conexao.execute(_VIVOS).fetchone()
    assert linha is not None
    return linha[0]


def _wait_below(conexao: psycopg.Connection[tuple[int]], quantos: int) -> None:
    while _alive(conexao) >= quantos:
        time.sleep(_ESPERA_S)


def main(argumentos: Sequence[str] | None = None) -> int:
    """One JSON line per round, and one with the ratio of the medians."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ponta.trabalhadores", description="Dois workers contra um."
    )
    parser.add_argument("--empresas", type=int, default=8)
    parser.add_argument("--documentos", type=int, default=100, help="por empresa e rodada (padrão: 100)")
    parser.add_argument("--rodadas", type=int, default=3)
    opcoes = parser.parse_args(argumentos)
    rodadas: list[Rodada] = []
    with open_casa("worker2") as casa:
        lojas = [Loja(casa.plataforma) for _ in range(opcoes.empresas)]
        for worker in TRABALHADORES:
            casa.kill(worker)
        drain(casa, lojas, 2, 5, "AQUECE")
        for vez in range(opcoes.rodadas):
            for quantos in (1, 2):
                rodadas.append(drain(casa, lojas, quantos, opcoes.documentos, f"R{vez}-{quantos}"))
                print(json.dumps(asdict(rodadas[-1]), ensure_ascii=False), flush=True)
    por_s = {quantos: median(r.por_s for r in rodadas if r.workers == quantos) for quantos in (1, 2)}
    print(
        json.dumps({"dois_sobre_um": round(por_s[2] / por_s[1], 2), "nucleos_da_maquina": psutil.cpu_count()})
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
