"""Sums by day, exports, accountants, SSO tickets and rate limits: see the SQL beside this file."""

from pathlib import Path

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute(sql)
