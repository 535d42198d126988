"""Admission reads no table that grows: docs/adr/0148."""

from pathlib import Path

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
