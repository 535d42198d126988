"""`python -m benchmarks`: run the suite; table on standard error, JSON on standard output or in `--json FILE`."""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.bancos import BANCOS, Lados
from benchmarks.medida import COMPLETO, RAPIDO, Linha, Plano
from benchmarks.metas import judge
from benchmarks.provas import surroundings
from benchmarks.relatorio import as_json, print_tables


def run(bancos: Sequence[str], plano: Plano) -> list[Linha]:
    """Run the named benchmarks, in order, over sides that are started once."""
    with surroundings() as ambiente, ExitStack() as pilha:
        lados = Lados(ambiente, pilha)
        linhas: list[Linha] = []
        for nome in bancos:
            print(f"{nome}...", file=sys.stderr)
            linhas += BANCOS[nome](lados, plano)
        return linhas


def main(argumentos: Sequence[str] | None = None) -> int:
    """Exit code 0 when everything ran, targets met or not: a shared machine must not break a build."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Banco de provas da Chancela.")
    parser.add_argument(
        "--só", "--so", "--only", nargs="+", dest="bancos", default=[], metavar="BANCO",
        help=f"só estes ({', '.join(BANCOS)}); sem a opção, todos",
    )  # fmt: skip
    parser.add_argument("--rapido", action="store_true", help="menos casos e rodadas; números menos firmes")
    parser.add_argument("--json", type=Path, metavar="ARQUIVO", help="grava o JSON em vez de imprimi-lo")
    opcoes = parser.parse_args(argumentos)
    bancos = opcoes.bancos or list(BANCOS)
    if estranhos := sorted(set(bancos) - set(BANCOS)):
        parser.error(f"banco desconhecido: {', '.join(estranhos)}")
    plano = RAPIDO if opcoes.rapido else COMPLETO
    linhas = run(bancos, plano)
    vereditos = judge(linhas, bancos)
    print_tables(linhas, vereditos)
    texto = json.dumps(as_json(linhas, vereditos, plano), ensure_ascii=False, indent=1)
    if opcoes.json is None:
        print(texto)
    else:
        opcoes.json.write_text(texto + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
