"""Questions put to SEFAZ in the last hour, by subject."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_SQL = """
CREATE TABLE perguntas_sefaz (
    ambiente smallint NOT NULL CHECK (ambiente IN (1, 2)),
    assunto text NOT NULL,
    sujeito text NOT NULL,
    feitas timestamptz[] NOT NULL,
    -- whether the last one who asked for the right was given it
    concedida boolean NOT NULL,
    PRIMARY KEY (ambiente, assunto, sujeito)
) WITH (fillfactor = 50);
ALTER TABLE perguntas_sefaz ENABLE ROW LEVEL SECURITY;
ALTER TABLE perguntas_sefaz FORCE ROW LEVEL SECURITY;
CREATE POLICY sistema ON perguntas_sefaz TO chancela_sistema USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON perguntas_sefaz TO chancela_sistema;
"""


def upgrade() -> None:
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute(_SQL)
