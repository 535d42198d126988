"""What is told of an original says which note holds its sale: without it, its cancellation reads as the sale's."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_SQL = """
CREATE OR REPLACE FUNCTION chancela_dados_documento(d documentos) RETURNS jsonb LANGUAGE sql STABLE
    RETURN jsonb_build_object(
        'uuid', d.id, 'id', coalesce(d.referencia, ''), 'modelo', d.modelo, 'ambiente', d.ambiente, 'cnpj', d.cnpj,
        'serie', d.serie, 'numero', d.numero, 'chave', d.chave, 'estado', d.estado, 'cstat', d.c_stat,
        'motivo', d.motivo, 'protocolo', d.protocolo, 'valor_total', d.valor_total::text, 'tp_emis', d.tp_emis, 'pedido_id', d.pedido_id)
    || CASE WHEN d.substituto_id IS NULL THEN '{}' ELSE jsonb_build_object('substituida_por', d.substituto_id) END;
"""


def upgrade() -> None:
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute(_SQL)
