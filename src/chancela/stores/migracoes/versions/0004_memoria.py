"""The memória de cálculo of a document beside its text: compact steps, compressed already. Older documents have none."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute("ALTER TABLE versoes ADD COLUMN memoria bytea")
    conexao.execute("ALTER TABLE versoes ALTER COLUMN memoria SET STORAGE EXTERNAL")
