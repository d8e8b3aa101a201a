"""Alembic's entry point: runs on the connection that ``db.migration`` passes, in one transaction."""

from alembic import context

from db.tables import build_metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=build_metadata(),
    compare_type=True,
    compare_server_default=False,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
