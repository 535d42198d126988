"""The reminder of gaps is told once a month: the message itself is the memory of it."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_SQL = "CREATE INDEX entregas_lembretes ON entregas (empresa_id, alvo) WHERE evento = 'numeracao.lacunas'"


def upgrade() -> None:
    op.execute(_SQL)
