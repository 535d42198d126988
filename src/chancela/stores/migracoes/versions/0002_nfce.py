"""Categories of the NFC-e beside those of the NF-e: the model that a category is listed with."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute("ALTER TABLE categorias ADD COLUMN modelo text NOT NULL DEFAULT '55'")
