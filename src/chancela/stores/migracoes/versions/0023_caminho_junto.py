"""New documents of a company admitted together, signed and about to be sent; answers of many calls kept together: docs/adr/0105."""

from pathlib import Path

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
