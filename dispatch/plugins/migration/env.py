"""Alembic's entry for one plugin's revisions, on the connection that dispatch.plugins.migrating gives."""

from alembic import context

given = context.config.attributes
context.configure(
    connection=given["connection"],
    target_metadata=given["metadata"],
    version_table=given["version_table"],
    render_as_batch=given["connection"].dialect.name == "sqlite",
    include_name=lambda name, kind, _parents: kind != "table" or name in given["metadata"].tables,
)
with context.begin_transaction():
    context.run_migrations()
