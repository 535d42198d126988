"""`python -m benchmarks.ponta.memoria`: what API and worker hold while very many notes go through them.

Memory is read every hundredth of the way. What a process fills once (tables, certificates, pools) it has filled by the
middle: from there on it must not grow. Exit code 1 when API or worker grew, or is above the target.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median

from benchmarks.ponta.carga import NFE, drive_closed
from benchmarks.ponta.cena import open_cena
from benchmarks.ponta.contas import read_memory_mib

ALVO_MIB = 200.0
FOLGA = 1.03
"""The median of the last quarter over that of the third: a page here and there is no leak, three in a hundred may be one."""
JULGADOS = ("API", "worker")
_AMOSTRAS = 100
_FATIA_S = 5.0


@dataclass(frozen=True, slots=True)
class Memoria:
    """What was held, MiB by process."""

    documentos: int
    terceiro_quarto_mib: Mapping[str, float]
    ultimo_quarto_mib: Mapping[str, float]
    maximo_mib: Mapping[str, float]
    plana: bool
    """Of API and worker, over the last half."""
    no_alvo: bool


def summarize(amostras: Sequence[tuple[int, Mapping[str, float]]]) -> Memoria:
    """From readings with the documents that had gone through by then."""
    total = amostras[-1][0]

    def middle(de: float, ate: float) -> dict[str, float]:
        quais = [memoria for feitos, memoria in amostras if de * total < feitos <= ate * total]
        return {parte: round(median(memoria[parte] for memoria in quais), 1) for parte in amostras[0][1]}

    terceiro, ultimo = middle(0.5, 0.75), middle(0.75, 1.0)
    maximo = {parte: round(max(memoria[parte] for _, memoria in amostras), 1) for parte in ultimo}
    return Memoria(
        total, terceiro, ultimo, maximo,
        plana=all(ultimo[parte] <= FOLGA * terceiro[parte] for parte in JULGADOS),
        no_alvo=all(maximo[parte] <= ALVO_MIB for parte in JULGADOS),
    )  # fmt: skip


def main(argumentos: Sequence[str] | None = None) -> int:
    """One JSON on standard output."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ponta.memoria", description="Memória no tempo."
    )
    parser.add_argument("--documentos", type=int, default=100_000)
    parser.add_argument("--clientes", type=int, default=16)
    parser.add_argument("--empresas", type=int, default=10)
    opcoes = parser.parse_args(argumentos)
    amostras: list[tuple[int, Mapping[str, float]]] = []
    with open_cena(opcoes.empresas) as cena:
        feitos = 0
        while feitos < opcoes.documentos:
            carga = drive_closed(cena, NFE, clientes=opcoes.clientes, segundos=_FATIA_S)
            feitos += carga.autorizados
            if not amostras or feitos - amostras[-1][0] >= opcoes.documentos / _AMOSTRAS:
                amostras.append((feitos, read_memory_mib(cena.plataforma.pasta)))
                print(f"{feitos} {amostras[-1][1]}", file=sys.stderr)
    memoria = summarize(amostras)
    print(json.dumps(asdict(memoria), ensure_ascii=False, indent=1))
    return int(not (memoria.plana and memoria.no_alvo))


if __name__ == "__main__":
    sys.exit(main())
