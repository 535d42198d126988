"""One company with very many documents, on a real PostgreSQL in a throw-away folder.

A million documents must take seconds: they are made by the server itself, with triggers off and the indexes built
afterwards; the counts and sums that the triggers would have written are then written as the migrations write them.
"""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from tests.stores.fabrica import companies

from chancela.stores.conexao import Banco, Limites
from chancela.stores.embutido import ServidorEmbutido
from chancela.stores.migracao import migrate

INICIO = datetime(2025, 11, 27, tzinfo=UTC)
DIAS = 365
ANO_S = DIAS * 86_400
EM_ANDAMENTO = 200
_INDICES = """
SELECT indexname, indexdef FROM pg_indexes i WHERE tablename = 'documentos'
    AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)
"""
_DOCUMENTOS = """
INSERT INTO documentos (id, empresa_id, modelo, ambiente, cnpj, uf, serie, numero, tp_emis, chave, estado,
    emitido_em, criado_em, valor_total, total_tributos, natureza_operacao, destinatario_nome, destinatario_documento,
    quantidade_itens, protocolo, protocolo_em, proxima_acao)
SELECT lpad(to_hex(%(inicio)s + n * %(passo)s), 12, '0') || lpad(to_hex(n), 12, '0'), %(empresa)s, '55', 1,
    %(cnpj)s, 'SP', 1, n, 1, lpad(n::text, 44, '0'), estado, em, em, 300, 54, 'Venda de mercadoria',
    'Cliente ' || n %% 5000, '12345678909', 1, '135260' || lpad(n::text, 9, '0'), em,
    CASE WHEN estado = 'PENDENTE' THEN em END
FROM (SELECT n, to_timestamp((%(inicio)s + n * %(passo)s) / 1000.0) AS em, CASE
        WHEN n > %(quantos)s - %(vivos)s THEN 'PENDENTE' WHEN n %% 50 = 0 THEN 'CANCELADO'
        WHEN n %% 97 = 0 THEN 'REJEITADO' ELSE 'AUTORIZADO' END AS estado
    FROM generate_series(1::bigint, %(quantos)s) n) s
"""
_SOMAS = """
INSERT INTO contagens_documento
SELECT empresa_id, modelo, estado, chancela_dia(id), count(*), true FROM documentos WHERE proxima_acao IS NULL
GROUP BY 1, 2, 3, 4;
INSERT INTO totais_diarios
SELECT empresa_id, chancela_dia(emitido_em), ambiente, modelo, estado, count(*), sum(valor_total), sum(total_tributos)
FROM documentos WHERE estado IN ('AUTORIZADO', 'CANCELADO', 'DENEGADO', 'INUTILIZADO') GROUP BY 1, 2, 3, 4, 5
"""

XML_BYTES = 4_096
_XMLS = """
INSERT INTO artefatos (documento_id, tipo, empresa_id, caminho, sha256, tamanho, conteudo)
SELECT id, 'xml_autorizado', empresa_id, 'provas/' || id, sha256(xml), length(xml), xml FROM (
    SELECT id, empresa_id, convert_to('<p>' || repeat(md5(id), %(bytes)s / 32) || '</p>', 'UTF8') AS xml
    FROM documentos WHERE estado IN ('AUTORIZADO', 'CANCELADO')) d
"""


@contextmanager
def seeded(quantos: int, *, com_xml: bool = False) -> Iterator[tuple[Banco, int]]:
    """A database whose one company has so many documents, issued in production over a year; the last are under way.

    `com_xml`: the authorised ones have a file of `XML_BYTES` each.
    """
    with tempfile.TemporaryDirectory(prefix="chancela-provas-") as pasta:
        Path(pasta).chmod(0o711)  # the server's own user goes through, as it does in the product
        servidor = ServidorEmbutido(Path(pasta))
        servidor.start()
        try:
            url = servidor.url_of("postgres")
            migrate(url)
            with closing(Banco(url, nome="chancela-provas", limites=Limites(conexoes=1))) as banco:
                (empresa,) = companies(banco)
                with psycopg.connect(url, autocommit=True) as conexao:
                    _fill(conexao, quantos, {"empresa": empresa.id, "cnpj": str(empresa.cnpj)})
                    if com_xml:
                        conexao.execute(_XMLS, {"bytes": XML_BYTES})
                yield banco, empresa.id
        finally:
            servidor.stop()


def _fill(conexao: psycopg.Connection, quantos: int, empresa: dict[str, object]) -> None:
    tempo = {"inicio": int(INICIO.timestamp() * 1000), "passo": ANO_S * 1000 // quantos}
    conexao.execute("SET session_replication_role = replica")
    conexao.execute("SET synchronous_commit = off")
    conexao.execute("SET maintenance_work_mem = '256MB'")
    indices = conexao.execute(_INDICES).fetchall()
    for nome, _ in indices:
        conexao.execute(f"DROP INDEX {nome}")
    conexao.execute(_DOCUMENTOS, {"quantos": quantos, "vivos": EM_ANDAMENTO, **tempo, **empresa})
    for _, definicao in indices:
        conexao.execute(definicao)
    conexao.execute(_SOMAS)
    conexao.execute("VACUUM ANALYZE")  # what autovacuum does within its minute
