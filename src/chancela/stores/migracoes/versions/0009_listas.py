"""Lists of documents by page number at any size: see the SQL beside this file."""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute(sql)
