"""Indexes for what an operator asks every few seconds: documents that wait for a person, messages not delivered."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute(
        "CREATE INDEX documentos_divergentes ON documentos (empresa_id) WHERE estado = 'DIVERGENTE'"
    )
    conexao.execute("CREATE INDEX entregas_mortas ON entregas (id) WHERE estado = 'MORTA'")
