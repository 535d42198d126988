"""Returns: which document brings back which items of which note."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_SQL = """
-- One item of a return, and the item of the note that it brings back (both nItem). The note may be anybody's.
CREATE TABLE devolucoes (
    documento_id text NOT NULL REFERENCES documentos ON DELETE CASCADE,
    item integer NOT NULL,
    empresa_id bigint NOT NULL REFERENCES empresas,
    chave text NOT NULL CHECK (length(chave) = 44),
    item_original integer NOT NULL,
    quantidade numeric NOT NULL CHECK (quantidade > 0),
    PRIMARY KEY (documento_id, item)
);
CREATE INDEX devolucoes_nota ON devolucoes (empresa_id, chave);
ALTER TABLE devolucoes ENABLE ROW LEVEL SECURITY;
ALTER TABLE devolucoes FORCE ROW LEVEL SECURITY;
CREATE POLICY empresa ON devolucoes USING (empresa_id = chancela_empresa());
CREATE POLICY sistema ON devolucoes TO chancela_sistema USING (true);
GRANT SELECT, INSERT, DELETE ON devolucoes TO chancela_app;
GRANT SELECT ON devolucoes TO chancela_sistema;
"""


def upgrade() -> None:
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute(_SQL)
