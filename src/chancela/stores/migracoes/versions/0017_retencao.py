"""When the contents of a document were deleted because their term had passed; what is left of it is told by `stores.retencao`."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute("ALTER TABLE documentos ADD COLUMN conteudo_excluido_em timestamptz")
