"""`python -m benchmarks.relatorios`: how long reports take in a company with very many documents.

The company is that of `benchmarks.listas`. Measured are the reads behind invoice/report (the sums of its period and one page) and
invoice/report/summary (the sums of a year). One JSON line each, milliseconds.
"""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import psycopg

from benchmarks.listas import INICIO, measure, seeded
from chancela.domain.identidade import Ambiente
from chancela.issuing.modelo import Estado
from chancela.reports.consulta import group, summarize
from chancela.stores.relatorios import RELATADOS, Filtro, Passo, RelatoriosPg

TAMANHO = 200


def questions(relatorios: RelatoriosPg, empresa_id: int) -> dict[str, Callable[[], int]]:
    """What is asked: every one answers how much it found."""
    acaso = Random(12)
    inicio, fim = INICIO.date(), INICIO.date() + timedelta(days=366)

    quantos: dict[tuple[tuple[Estado, ...], date], int] = {}

    def page(estados: tuple[Estado, ...], *, ultima: bool = False, dias: int = 366) -> int:
        de = inicio + timedelta(days=acaso.randint(0, 366 - dias))
        filtro = Filtro(empresa_id, Ambiente.PRODUCAO, de, de + timedelta(days=dias), estados)
        chave = (estados, de)
        if chave not in quantos:
            quantos[chave] = relatorios.portray(filtro).quantidade
        paginas = -(-quantos[chave] // TAMANHO)
        pagina = paginas if ultima else acaso.randint(1, paginas)
        totais, linhas = relatorios.page(filtro, salto=(pagina - 1) * TAMANHO, limite=TAMANHO)
        assert summarize(totais).quantidade == quantos[chave]
        return len(linhas)

    def summary(passo: Passo) -> int:
        filtro = Filtro(empresa_id, Ambiente.PRODUCAO, date(2026, 1, 1), fim)
        return len(group(relatorios.totals(filtro, passo), passo))

    return {
        "relatório do ano, página qualquer": lambda: page(RELATADOS),
        "relatório do ano, última página": lambda: page(RELATADOS, ultima=True),
        "canceladas do ano, página qualquer": lambda: page((Estado.CANCELADO,)),
        "relatório de 30 dias, página qualquer": lambda: page(RELATADOS, dias=30),
        "resumo do ano por mês": lambda: summary(Passo.MES),
        "resumo do ano por dia": lambda: summary(Passo.DIA),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.relatorios", description=__doc__)
    parser.add_argument("--documentos", type=int, default=1_000_000)
    parser.add_argument("--vezes", type=int, default=200)
    opcoes = parser.parse_args()
    with seeded(opcoes.documentos) as (banco, empresa_id):
        relatorios = RelatoriosPg(banco)
        print(f"{relatorios.compact()} dias juntados", file=sys.stderr)
        url = banco._motor.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as conexao:  # what autovacuum does within its minute
            conexao.execute("VACUUM ANALYZE totais_diarios")
        for nome, pergunta in questions(relatorios, empresa_id).items():
            linha = {"pergunta": nome, "documentos": opcoes.documentos, **measure(pergunta, opcoes.vezes)}
            print(json.dumps(linha, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
