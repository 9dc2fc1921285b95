"""Brings a plugin's own tables to its version, apart from the core's: each has a version table of its own."""

import asyncio
from pathlib import Path
from typing import Any
from zlib import crc32

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from dispatch.plugins.contract import Plugin, Resource
from dispatch.plugins.faults import in_words

_ENV = Path(__file__).parent / "migration"

_one_at_a_time = asyncio.Lock()
"""Alembic keeps the migration that runs in a global, and ours gives way to the event loop in between."""


def version_table(name: str) -> str:
    return f"{name}_alembic_version"


def metadata_of(plugin: Plugin) -> MetaData:
    """The metadata of its resources' rows; an empty one where it has none."""
    found = (getattr(page.row, "metadata", None) for page in plugin.pages if isinstance(page, Resource))
    return next((metadata for metadata in found if isinstance(metadata, MetaData)), MetaData())


def _config(connection: Connection, plugin: Plugin) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_ENV).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(plugin.migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata_of(plugin)
    config.attributes["version_table"] = version_table(plugin.name)
    return config


def _alone(connection: Connection, plugin: Plugin) -> None:
    """Keep other workers from migrating the same plugin at the same moment; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        lock = crc32(f"siaga plugin {plugin.name}".encode())
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock})


def _up(connection: Connection, plugin: Plugin) -> None:
    _alone(connection, plugin)
    command.upgrade(_config(connection, plugin), "head")


def _down(connection: Connection, plugin: Plugin) -> None:
    _alone(connection, plugin)
    command.downgrade(_config(connection, plugin), "base")
    connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{version_table(plugin.name)}"')


async def upgrade(url: str, plugin: Plugin) -> None:
    """Bring the plugin's tables to its version. Safe to run when nothing is to do."""
    await _run(url, plugin, down=False)


async def drop(url: str, plugin: Plugin) -> None:
    """Remove the plugin's tables with all that is in them."""
    await _run(url, plugin, down=True)


async def _run(url: str, plugin: Plugin, *, down: bool) -> None:
    if plugin.migrations is None:
        return
    engine = create_async_engine(url)
    try:
        async with _one_at_a_time, engine.begin() as connection:
            await connection.run_sync(_down if down else _up, plugin)
    finally:
        await engine.dispose()


async def faults_of_migrations(url: str, plugin: Plugin) -> list[str]:
    """Where the sum of the migrations is not what the rows say, or cannot be taken back; on an empty database."""
    if plugin.migrations is None:
        return []
    try:
        await upgrade(url, plugin)
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            faults = await connection.run_sync(_differences, plugin)
        await engine.dispose()
        await drop(url, plugin)
    except (Exception, SystemExit) as error:  # noqa: BLE001  # a migration may raise anything
        return [f"migrations: {in_words(error)}"]
    left = await tables_of(url, plugin.name)
    return faults + [f"migrations: the downgrade leaves {table} behind." for table in left]


def _differences(connection: Connection, plugin: Plugin) -> list[str]:
    metadata = metadata_of(plugin)
    own = {"include_name": lambda name, kind, _parents: kind != "table" or name != version_table(plugin.name)}
    context = MigrationContext.configure(connection, opts={"compare_type": True, **own})
    return [f"migrations: {_said(difference)}" for difference in compare_metadata(context, metadata)]


def _said(difference: Any) -> str:
    """A difference as its author understands it: alembic nests changes of columns in lists."""
    if isinstance(difference, list):
        return "; ".join(_said(one) for one in difference)
    act, *about = difference
    names = [str(getattr(one, "name", None) or one) for one in about if one is not None and not isinstance(one, dict)]
    return f"they lack {act.replace('_', ' ')} {' '.join(names[:5])}"


async def tables_of(url: str, name: str) -> list[str]:
    """Names of the tables in the database that belong to the plugin."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    finally:
        await engine.dispose()
    return sorted(table for table in names if table.startswith(f"{name}_"))
