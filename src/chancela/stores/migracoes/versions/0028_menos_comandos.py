"""Numbers, timeline and outcomes of many documents with fewer statements, and cheaper checks of each row: docs/adr/0149."""

from pathlib import Path

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
