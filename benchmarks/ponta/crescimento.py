"""`python -m benchmarks.ponta.crescimento`: the same load on a database that already holds 1e4, 1e5 and 1e6 documents.

Documents of a year go straight into the tables of the issuing companies, with their versions, attempts, timeline and
archive, each of their indexes kept; their bytes are short, since what grows is rows and trees, not what a row points at.
The platform stays up while it grows. One JSON line per round, and at the end one with what each size costs over the
smallest: the cheapest round of each, since whatever else the machine does can only add.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

import psycopg

from benchmarks.ponta.__main__ import print_periods, rsa_ms
from benchmarks.ponta.carga import NFE
from benchmarks.ponta.cena import open_cena
from benchmarks.ponta.medir import Periodo, measure_closed
from chancela.stores.embutido import ServidorEmbutido

_ANO_S = 365 * 86_400
_PRIMEIRO_MS = 1_732_665_600_000
_SERIE = 900
_SEMEIA = (
    """
    CREATE TEMP TABLE novas ON COMMIT DROP AS
    SELECT n, e.id AS empresa_id, e.cnpj, em, lpad(to_hex(ms), 12, '0') || lpad(to_hex(n), 12, '0') AS id,
        lpad(n::text, 44, '0') AS chave
    FROM generate_series(%(de)s::bigint, %(ate)s::bigint) n
    JOIN LATERAL (SELECT %(inicio)s::bigint + 1000 * ((hashint8(n)::bigint & 2147483647) * %(ano)s::bigint / 2147483648) AS ms) t ON true
    JOIN LATERAL (SELECT to_timestamp(ms / 1000.0) AS em) u ON true
    JOIN (SELECT id, cnpj, row_number() OVER (ORDER BY id) - 1 AS vez, count(*) OVER () AS quantas
          FROM empresas WHERE cnpj = ANY(%(cnpjs)s)) e ON e.vez = n %% e.quantas
    """,
    """
    INSERT INTO documentos (id, empresa_id, modelo, ambiente, cnpj, uf, serie, numero, tp_emis, chave, referencia, estado,
        emitido_em, criado_em, atualizado_em, valor_total, natureza_operacao, destinatario_nome, destinatario_documento,
        quantidade_itens, protocolo, protocolo_em, tentativas)
    SELECT id, empresa_id, '55', 2, cnpj, 'SP', %(serie)s, n, 1, chave, 'SEMENTE-' || n, 'AUTORIZADO', em, em, em, 300,
        'Venda de mercadoria', 'Cliente Exemplo', '12345678909', 1, lpad(n::text, 15, '0'), em, 1
    FROM novas ORDER BY id
    """,
    """
    INSERT INTO versoes (documento_id, versao, empresa_id, chave, pedido, xml_sem_assinatura, xml_assinado, digest_value,
        protocolo_xml, criada_em, assinada_em)
    SELECT id, 1, empresa_id, chave, '\\x7b7d', '\\x3c2f3e', '\\x3c2f3e', 'x', '\\x3c2f3e', em, em FROM novas ORDER BY id
    """,
    """
    INSERT INTO tentativas (documento_id, empresa_id, versao, operacao, dono, concessao, iniciada_em, encerrada_em, resultado,
        c_stat, motivo, duracao_ms)
    SELECT id, empresa_id, 1, 'autorizacao', 'semente', 1, em, em, 'respondida', 100, 'Autorizado o uso da NF-e', 50
    FROM novas ORDER BY id
    """,
    """
    INSERT INTO eventos_documento (empresa_id, sequencia, documento_id, tipo, descricao, ator, em, hash)
    SELECT empresa_id, -3 * n - k, id, 'autorizado', 'Uso autorizado pela SEFAZ.', 'semente', em, sha256(chave::bytea)
    FROM novas, generate_series(0, 2) k ORDER BY id
    """,
    """
    INSERT INTO artefatos (documento_id, tipo, empresa_id, caminho, sha256, tamanho, conteudo, criado_em, copiado_em)
    SELECT id, 'xml_autorizado', empresa_id, 'semente/' || chave, sha256(chave::bytea), 3, '\\x3c2f3e', em, em
    FROM novas ORDER BY id
    """,
)


def seed(url: str, cnpjs: Sequence[str], de: int, ate: int) -> None:
    """Documents `de` to `ate` of those companies, in steps; triggers stay out, statistics are gathered at the end."""
    with psycopg.connect(url) as conexao:
        conexao.execute("SET session_replication_role = replica")
        conexao.execute("SET synchronous_commit = off")
        conexao.commit()
        for inicio in range(de, ate + 1, 50_000):
            parametros = {
                "de": inicio, "ate": min(ate, inicio + 49_999), "inicio": _PRIMEIRO_MS, "ano": _ANO_S, "serie": _SERIE,
                "cnpjs": list(cnpjs),
            }  # fmt: skip
            for comando in _SEMEIA:
                conexao.execute(comando, parametros)
            conexao.commit()
        conexao.autocommit = True
        conexao.execute("VACUUM ANALYZE")
        conexao.execute("CHECKPOINT")


def main(argumentos: Sequence[str] | None = None) -> int:
    """Exit code 0 when everything ran."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ponta.crescimento", description="Custo com o banco cheio."
    )
    parser.add_argument("--documentos", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--segundos", type=float, default=20.0, help="de cada rodada (padrão: 20)")
    parser.add_argument("--rodadas", type=int, default=3, help="por tamanho (padrão: 3)")
    parser.add_argument("--clientes", type=int, default=8)
    parser.add_argument("--empresas", type=int, default=2)
    opcoes = parser.parse_args(argumentos)
    tamanhos: dict[int, list[Periodo]] = {}
    with open_cena(opcoes.empresas) as cena:
        url, guardados = ServidorEmbutido(cena.plataforma.pasta).url, 0
        for quantos in sorted(opcoes.documentos):
            seed(url, [emitente.cnpj for emitente in cena.emitentes], guardados + 1, quantos)
            guardados = quantos
            caso = f"{quantos} documentos guardados, {opcoes.clientes} clientes"
            for _ in range(opcoes.rodadas):
                periodo = measure_closed(cena, NFE, caso, clientes=opcoes.clientes, segundos=opcoes.segundos)
                tamanhos.setdefault(quantos, []).append(periodo)
                maquina = {"rsa_ms": rsa_ms(), "carga_da_maquina": os.getloadavg()[0]}
                print(json.dumps(asdict(periodo) | maquina, ensure_ascii=False), flush=True)
    print(json.dumps({"sobre_o_menor": growth(tamanhos)}, ensure_ascii=False))
    print_periods([periodo for rodadas in tamanhos.values() for periodo in rodadas])
    return 0


def growth(tamanhos: Mapping[int, Sequence[Periodo]]) -> Mapping[str, Mapping[str, float]]:
    """Processor, database processor and p99 of each size over those of the smallest."""
    medidas: Mapping[str, Callable[[Periodo], float]] = {
        "produto_ms": lambda periodo: periodo.produto_ms,
        "banco_ms": lambda periodo: periodo.cpu_ms["PostgreSQL"],
        "espera_p99_ms": lambda periodo: periodo.espera_p99_ms,
    }
    menor = tamanhos[min(tamanhos)]
    return {
        str(tamanho): {
            nome: round(min(map(medida, rodadas)) / min(map(medida, menor)), 3)
            for nome, medida in medidas.items()
        }
        for tamanho, rodadas in sorted(tamanhos.items())
    }


if __name__ == "__main__":
    sys.exit(main())
