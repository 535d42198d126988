"""`python -m tests.mutacao [ALVO ...] [--amostra N] [--semente S] [--processos P]`: table and survivors as Markdown."""

import argparse
import sys
from dataclasses import replace

from tests.mutacao.alvos import ALVOS, SEMENTE
from tests.mutacao.campanha import Placar, run


def main() -> None:
    por_nome = {alvo.nome: alvo for alvo in ALVOS}
    comando = argparse.ArgumentParser(prog="python -m tests.mutacao")
    comando.add_argument("alvos", nargs="*", default=[*por_nome], help=", ".join(por_nome))
    comando.add_argument("--modulo", help="only this module of the target")
    comando.add_argument("--amostra", type=int, help="mutants of each module; 0 for all")
    comando.add_argument("--semente", type=int, default=SEMENTE)
    comando.add_argument("--processos", type=int, default=1)
    comando.add_argument(
        "--piso", type=float, default=0.0, help="share of dead mutants below which the exit code is 1"
    )
    pedido = comando.parse_args()
    for nome in pedido.alvos:
        alvo = por_nome[nome]
        if pedido.modulo:
            alvo = replace(alvo, modulos=tuple(m for m in alvo.modulos if m.endswith(f".{pedido.modulo}")))
        if pedido.amostra is not None:
            alvo = replace(alvo, amostra=pedido.amostra or None)
        placares = run(alvo, pedido.semente, pedido.processos)
        print_table(nome, placares)
        julgados, mortos = sum(p.julgados for p in placares), sum(p.mortos for p in placares)
        if mortos < pedido.piso * julgados:
            sys.exit(f"{nome}: {mortos} de {julgados} mutantes mortos; o piso é {pedido.piso:.0%}")


def print_table(nome: str, placares: list[Placar]) -> None:
    """What `docs/mutacao.md` shows, and the survivors for whoever writes the missing test."""
    print(f"## {nome}\n\n| Módulo | Mutantes | Julgados | Mortos | Vivos | % |\n|---|---|---|---|---|---|")
    for p in placares:
        print(f"| `{p.modulo}` | {p.existem} | {p.julgados} | {p.mortos} | {len(p.vivos)} | {percent([p])} |")
    print(f"| total | {sum(p.existem for p in placares)} | {sum(p.julgados for p in placares)} "
          f"| {sum(p.mortos for p in placares)} | {sum(len(p.vivos) for p in placares)} | {percent(placares)} |\n")  # fmt: skip
    for p in placares:
        for vivo in p.vivos:
            print(f"{vivo.modulo}:{vivo.linha} ({vivo.testes} testes): {vivo.antes}  ->  {vivo.depois}")
    print(flush=True)


def percent(placares: list[Placar]) -> str:
    julgados = sum(p.julgados for p in placares)
    return f"{100 * sum(p.mortos for p in placares) / julgados:.1f}" if julgados else "-"


if __name__ == "__main__":
    main()
