"""Alembic's environment; `chargekey.adapters.store.migrate` hands it an open connection."""

from alembic import context

from chargekey.adapters.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
