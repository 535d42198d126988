"""What a receipt needs of its company, its codes and its CSC in one trip: docs/adr/0133."""

from pathlib import Path

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
