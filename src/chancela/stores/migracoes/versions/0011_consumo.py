"""Requests of the day by integrator, for the limits of the plans."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute(
        "CREATE TABLE consumo_diario (integrador_id bigint NOT NULL REFERENCES integradores, dia date NOT NULL,"
        " chamadas integer NOT NULL, PRIMARY KEY (integrador_id, dia)) WITH (fillfactor = 50)"
    )
    conexao.execute("ALTER TABLE consumo_diario ENABLE ROW LEVEL SECURITY")
    conexao.execute("ALTER TABLE consumo_diario FORCE ROW LEVEL SECURITY")
    conexao.execute("CREATE POLICY sistema ON consumo_diario TO chancela_sistema USING (true)")
    conexao.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON consumo_diario TO chancela_sistema")
    conexao.execute(
        "CREATE INDEX documentos_autorizados ON documentos (empresa_id, protocolo_em)"
        " WHERE protocolo_em IS NOT NULL"
    )
