"""Reports: the rare states by an index of their own, and how often each day changed, so that an old export is known."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SQL = """
-- Looked for among the authorised, every cancelled document would cost hundreds of them.
CREATE INDEX documentos_relatorio_raros ON documentos (empresa_id, ambiente, emitido_em, id)
    WHERE estado IN ('CANCELADO', 'DENEGADO', 'INUTILIZADO');

-- A row is one change when it is written, and as many as it was made of when rows are put together: the sum only grows,
-- in whatever order transactions commit, which no instant of a change does.
ALTER TABLE totais_diarios ADD COLUMN mudancas bigint NOT NULL DEFAULT 1;
DROP INDEX totais_diarios_dia;
CREATE INDEX totais_diarios_dia ON totais_diarios (empresa_id, ambiente, dia)
    INCLUDE (modelo, estado, quantidade, valor, tributos, mudancas);
ALTER TABLE exportacoes ADD COLUMN mudancas bigint NOT NULL DEFAULT 0;
"""


def upgrade() -> None:
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute(_SQL)
