"""An operator sends a UF to its SVC by hand: the reason stands in the circuit of that SVC until it is taken back."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_SQL = "ALTER TABLE circuitos ADD COLUMN forcada text NOT NULL DEFAULT ''"


def upgrade() -> None:
    op.execute(_SQL)
