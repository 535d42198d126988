"""`python -m benchmarks.listas`: how long a page of invoice/get_list takes in a company with very many documents.

A real PostgreSQL in a throw-away folder; the documents go straight into the tables, spread over a year, and are counted
by the product's own triggers and routine. Pages, filters and periods are drawn at random over the whole list. Prints one
JSON line per kind of question, milliseconds.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import psycopg
from tests.stores.fabrica import companies

from chancela.domain.identidade import Modelo
from chancela.issuing.lista import FiltroDocumentos
from chancela.issuing.modelo import Estado
from chancela.stores.conexao import Banco
from chancela.stores.embutido import ServidorEmbutido
from chancela.stores.listas import ListasPg
from chancela.stores.migracao import migrate

INICIO = datetime(2025, 11, 27, tzinfo=UTC)
ANO_S = 365 * 86_400
TAMANHO = 50
_SEMEIA = """
INSERT INTO documentos (id, empresa_id, modelo, ambiente, cnpj, uf, serie, numero, tp_emis, chave, referencia, estado,
    emitido_em, criado_em, valor_total, natureza_operacao, destinatario_nome, destinatario_documento, quantidade_itens,
    protocolo_em, proxima_acao)
SELECT lpad(to_hex(%(inicio)s + n * %(passo)s), 12, '0') || lpad(to_hex(n), 12, '0'), %(empresa)s, '55', 1,
    %(cnpj)s, 'SP', 1, n, 1, lpad(n::text, 44, '0'), NULL, estado, em, em, 300, 'Venda', 'Cliente', '12345678909', 1, em,
    CASE WHEN estado = 'PENDENTE' THEN em END
FROM (SELECT n, to_timestamp((%(inicio)s + n * %(passo)s) / 1000.0) AS em, CASE
        WHEN n > %(quantos)s - 200 THEN 'PENDENTE' WHEN n %% 50 = 0 THEN 'CANCELADO' WHEN n %% 97 = 0 THEN 'REJEITADO'
        ELSE 'AUTORIZADO' END AS estado
    FROM generate_series(1::bigint, %(quantos)s) n) s
"""


@contextmanager
def seeded(quantos: int) -> Iterator[tuple[Banco, int]]:
    """A database with one company that has so many documents."""
    with tempfile.TemporaryDirectory(prefix="chancela-listas-") as pasta:
        servidor = ServidorEmbutido(Path(pasta))
        servidor.start()
        try:
            url = servidor.url_of("postgres")
            migrate(url)
            banco = Banco(url, nome="chancela-provas")
            (empresa,) = companies(banco)
            with psycopg.connect(url, autocommit=True) as conexao:
                conexao.execute(
                    _SEMEIA,
                    {
                        "quantos": quantos, "empresa": empresa.id, "cnpj": str(empresa.cnpj),
                        "inicio": int(INICIO.timestamp() * 1000), "passo": ANO_S * 1000 // quantos,
                    },
                )  # fmt: skip
                conexao.execute("VACUUM ANALYZE documentos")
            ListasPg(banco).fold_counts()
            with psycopg.connect(url, autocommit=True) as conexao:
                conexao.execute("VACUUM ANALYZE contagens_documento")
            yield banco, empresa.id
            banco.close()
        finally:
            servidor.stop()


def measure(pergunta: Callable[[], int], vezes: int) -> dict[str, float]:
    """Median, 95th and slowest of so many askings, in ms; the first five are not counted."""
    tempos: list[float] = []
    for _ in range(vezes + 5):
        antes = time.perf_counter()
        assert pergunta() > 0
        tempos.append((time.perf_counter() - antes) * 1000)
    tempos = sorted(tempos[5:])
    return {
        "p50_ms": round(tempos[len(tempos) // 2], 2),
        "p95_ms": round(tempos[int(len(tempos) * 0.95)], 2),
        "max_ms": round(tempos[-1], 2),
    }


def questions(listas: ListasPg, empresa_id: int, quantos: int) -> dict[str, Callable[[], int]]:
    """What is asked: every one answers how many documents the page had."""
    acaso = Random(11)

    def page(estados: tuple[Estado, ...], total: int, pagina: int | None = None) -> int:
        numero = pagina or acaso.randint(1, max(1, total // TAMANHO))
        filtro = FiltroDocumentos(Modelo.NFE, estados)
        return len(listas.list_page(empresa_id, filtro, pagina=numero, tamanho=TAMANHO).documentos)

    def period() -> int:
        desde = INICIO + timedelta(seconds=acaso.randint(0, ANO_S - 40 * 86_400))
        filtro = FiltroDocumentos(Modelo.NFE, (Estado.AUTORIZADO,), desde, desde + timedelta(days=30))
        pagina = acaso.randint(1, max(1, quantos // 13 // TAMANHO))
        return len(listas.list_page(empresa_id, filtro, pagina=pagina, tamanho=TAMANHO).documentos)

    return {
        "primeira página": lambda: page((), quantos, 1),
        "página qualquer": lambda: page((), quantos),
        "última página": lambda: page((), quantos, quantos // TAMANHO),
        "autorizadas, página qualquer": lambda: page((Estado.AUTORIZADO,), int(quantos * 0.96)),
        "canceladas, página qualquer": lambda: page((Estado.CANCELADO,), quantos // 51),
        "em andamento": lambda: page((Estado.PENDENTE, Estado.ASSINADO, Estado.INCERTO), 200),
        "um mês de autorizadas, página qualquer": period,
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.listas", description=__doc__)
    parser.add_argument("--documentos", type=int, default=1_000_000)
    parser.add_argument("--vezes", type=int, default=200)
    opcoes = parser.parse_args()
    antes = time.perf_counter()
    with seeded(opcoes.documentos) as (banco, empresa_id):
        print(f"{opcoes.documentos} documentos em {time.perf_counter() - antes:.0f} s", file=sys.stderr)
        for nome, pergunta in questions(ListasPg(banco), empresa_id, opcoes.documentos).items():
            linha = {
                "pergunta": nome,
                "documentos": opcoes.documentos,
                **measure(pergunta, opcoes.vezes),
            }
            print(json.dumps(linha, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
