"""Alembic's entry: runs the core's migrations on a connection given by dispatch.migrate, or on SIAGA_DATABASE_URL."""

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from dispatch.settings import load_settings
from dispatch.tables import metadata


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_name=lambda name, kind, _parents: kind != "table" or name in metadata.tables,  # others are plugins'
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_on_settings() -> None:
    engine = create_async_engine(load_settings().resolved_database_url())
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    asyncio.run(run_on_settings())
