"""Periodic routines of the worker: when each is due next, shared by every worker of the installation."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    conexao = op.get_bind().connection.driver_connection
    assert conexao is not None
    conexao.execute("CREATE TABLE rotinas (nome text PRIMARY KEY, proxima timestamptz NOT NULL)")
    conexao.execute("ALTER TABLE rotinas ENABLE ROW LEVEL SECURITY")
    conexao.execute("ALTER TABLE rotinas FORCE ROW LEVEL SECURITY")
    conexao.execute("CREATE POLICY sistema ON rotinas TO chancela_sistema USING (true)")
    conexao.execute("GRANT SELECT, INSERT, UPDATE ON rotinas TO chancela_sistema")
