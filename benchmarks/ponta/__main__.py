"""`python -m benchmarks.ponta`: from POST to authorised. One JSON line per case on standard output, a table on standard error.

The whole run takes a quarter of an hour with its default of 60 s per case; `--rapido` is for a look.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1
from rich.console import Console
from rich.table import Table

from benchmarks.ponta.carga import NFCE, NFE
from benchmarks.ponta.cena import Cena, open_cena
from benchmarks.ponta.contas import PRODUTO, SIMULADOR
from benchmarks.ponta.medir import Periodo, measure_closed, measure_open

CLIENTES = (1, 8, 64)
EMPRESAS = (1, 10, 1_000)
FRACAO_DE_CARGA = 0.2
"""Of the highest rate of NFC-e: the load at which the added latency is judged."""


def run_cena(cena: Cena, empresas: int, clientes: Sequence[int], segundos: float) -> Iterator[Periodo]:
    """Every case of one platform."""
    for quantos in clientes:
        caso = f"NF-e, {quantos} clientes, {empresas} empresas"
        yield measure_closed(cena, NFE, caso, clientes=quantos, segundos=segundos)
    caso = f"NFC-e, {max(clientes)} clientes, {min(empresas, 10)} empresas"
    cheia = measure_closed(cena, NFCE, caso, clientes=max(clientes), segundos=segundos)
    yield cheia
    ritmo = cheia.por_s * FRACAO_DE_CARGA
    caso = f"NFC-e, {ritmo:.1f} por s (20 % da carga), {min(empresas, 10)} empresas"
    yield measure_open(cena, NFCE, caso, por_s=ritmo, segundos=segundos)


def main(argumentos: Sequence[str] | None = None) -> int:
    """Exit code 0 when everything ran, whatever it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ponta", description="Do POST ao autorizado.")
    parser.add_argument("--segundos", type=float, default=60.0, help="de cada caso (padrão: 60)")
    parser.add_argument("--clientes", type=int, nargs="+", default=list(CLIENTES))
    parser.add_argument("--empresas", type=int, nargs="+", default=list(EMPRESAS))
    parser.add_argument("--rapido", action="store_true", help="8 s por caso, 8 e 64 clientes, 10 empresas")
    opcoes = parser.parse_args(argumentos)
    regua = rsa_ms()
    if opcoes.rapido:
        opcoes.segundos, opcoes.clientes, opcoes.empresas = 8.0, [8, 64], [10]
    periodos: list[Periodo] = []
    for empresas in opcoes.empresas:
        with open_cena(empresas) as cena:
            for periodo in run_cena(cena, empresas, opcoes.clientes, opcoes.segundos):
                periodos.append(periodo)
                maquina = {"rsa_ms": regua, "carga_da_maquina": os.getloadavg()[0]}
                print(json.dumps(asdict(periodo) | maquina, ensure_ascii=False), flush=True)
    print_periods(periodos)
    return 0


def rsa_ms() -> float:
    """Processor time of one RSA-2048 signature here and now: what the figures of different machines are divided by."""
    chave = generate_private_key(65537, 2048)
    for _ in range(20):
        chave.sign(b"x", PKCS1v15(), SHA1())
    inicio = time.process_time()
    for _ in range(500):
        chave.sign(b"x", PKCS1v15(), SHA1())
    return (time.process_time() - inicio) * 1000 / 500


def print_periods(periodos: Sequence[Periodo]) -> None:
    """The cases as a table on standard error."""
    tabela = Table(title="do POST ao autorizado, por documento", title_justify="left")
    tabela.add_column("caso")
    for coluna in (
        "por s",
        *PRODUTO,
        "produto",
        SIMULADOR,
        "commits",
        "WAL KiB",
        "espera p50/p99",
        "acréscimo p50/p99",
    ):
        tabela.add_column(coluna, justify="right")
    for p in periodos:
        tabela.add_row(
            p.caso, f"{p.por_s:.1f}", *(f"{p.cpu_ms[parte]:.2f}" for parte in PRODUTO), f"{p.produto_ms:.2f}",
            f"{p.cpu_ms[SIMULADOR]:.2f}", f"{p.commits:.2f}", f"{p.wal_kib:.1f}",
            f"{p.espera_p50_ms:.0f}/{p.espera_p99_ms:.0f}", f"{p.acrescimo_p50_ms:.0f}/{p.acrescimo_p99_ms:.0f}",
        )  # fmt: skip
    Console(stderr=True, width=None if sys.stderr.isatty() else 200).print(tabela)


if __name__ == "__main__":
    sys.exit(main())
