"""Contingency: circuits of the authorizers, and what a document issued in contingency has besides."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_SQL = """
-- dhCont, legal deadline of the transmission, and the document that took this one's place.
ALTER TABLE documentos ADD COLUMN contingencia_em timestamptz, ADD COLUMN transmitir_ate timestamptz,
    ADD COLUMN substituto_id text REFERENCES documentos ON DELETE SET NULL,
    ADD CONSTRAINT documentos_contingencia CHECK (tp_emis <> 1 OR contingencia_em IS NULL);
CREATE INDEX documentos_prazo ON documentos (transmitir_ate) WHERE transmitir_ate IS NOT NULL AND proxima_acao IS NOT NULL;
CREATE INDEX documentos_substituidos ON documentos (empresa_id, id) WHERE substituto_id IS NOT NULL;

-- What SEFAZ said of a version that it refused: the barrier against equal refusals counts these.
ALTER TABLE versoes ADD COLUMN recusa_c_stat integer, ADD COLUMN recusa_motivo text, ADD COLUMN recusada_em timestamptz;

-- One row per authorizer, model and environment (and UF, for an SVC): see issuing.circuito.
CREATE TABLE circuitos (
    autorizador text NOT NULL,
    modelo text NOT NULL,
    ambiente smallint NOT NULL CHECK (ambiente IN (1, 2)),
    uf text NOT NULL DEFAULT '',
    falhas integer NOT NULL DEFAULT 0,
    aberto_em timestamptz,
    motivo text NOT NULL DEFAULT '',
    c_stat integer,
    -- not an owner: the company whose certificate asks for the status
    sondada_por bigint REFERENCES empresas,
    uf_documento text,
    perguntado_em timestamptz,
    PRIMARY KEY (autorizador, modelo, ambiente, uf)
);
ALTER TABLE circuitos ENABLE ROW LEVEL SECURITY;
ALTER TABLE circuitos FORCE ROW LEVEL SECURITY;
CREATE POLICY sistema ON circuitos TO chancela_sistema USING (true);
GRANT SELECT, INSERT, UPDATE ON circuitos TO chancela_sistema;
"""


def upgrade() -> None:
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute(_SQL)
