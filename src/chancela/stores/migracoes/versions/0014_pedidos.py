"""The id of the HTTP request that asked for a document or an event, and that its messages tell: see the SQL beside this file."""

from pathlib import Path

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
