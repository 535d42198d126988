"""Alembic's entry: runs the revisions on the connection that `chancela.stores.migracao` hands over."""

from alembic import context

conexao = context.config.attributes["connection"]
context.configure(connection=conexao, target_metadata=None, version_table="chancela_versao")
with context.begin_transaction():
    context.run_migrations()
