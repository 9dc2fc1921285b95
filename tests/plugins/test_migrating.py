"""A plugin's tables come and go without the core's, on both databases."""

import asyncio
from pathlib import Path

from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from dispatch.migrate import alembic_config
from dispatch.migrate import upgrade as upgrade_core
from dispatch.plugins.migrating import drop, faults_of_migrations, tables_of, upgrade
from tests.plugins.example.plugin import example

TABLES = ["lost_things_alembic_version", "lost_things_things"]


async def test_tables_come_and_go_with_a_version_table_of_their_own(database_url: str) -> None:
    plugin = example()
    await upgrade(database_url, plugin)
    await upgrade(database_url, plugin)
    assert await tables_of(database_url, plugin.name) == TABLES
    await drop(database_url, plugin)
    assert await tables_of(database_url, plugin.name) == []
    await upgrade(database_url, plugin)
    assert await tables_of(database_url, plugin.name) == TABLES


async def test_two_workers_migrate_one_plugin_at_the_same_moment(postgres_url: str) -> None:
    plugin = example()
    await asyncio.gather(*(upgrade(postgres_url, plugin) for _ in range(4)))
    assert await tables_of(postgres_url, plugin.name) == TABLES


async def test_a_new_version_of_a_plugin_keeps_its_rows(database_url: str, migrations: Path) -> None:
    plugin = example(migrations=migrations)
    await upgrade(database_url, plugin)
    engine = create_async_engine(database_url)
    insert = (
        "INSERT INTO lost_things_things (id, version, created_at, updated_at, what, place, heard) "
        "VALUES ('1', 1, '2026-01-01', '2026-01-01', 'hat', '', 0)"
    )
    async with engine.begin() as connection:
        await connection.execute(text(insert))
    (migrations / "0002_colour.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n\n"
        'revision = "0002"\ndown_revision = "0001"\n\n\n'
        "def upgrade() -> None:\n"
        '    op.add_column("lost_things_things", sa.Column("colour", sa.String(20), nullable=True))\n\n\n'
        'def downgrade() -> None:\n    op.drop_column("lost_things_things", "colour")\n'
    )
    await upgrade(database_url, plugin)
    async with engine.connect() as connection:
        rows = (await connection.execute(text("SELECT what, colour FROM lost_things_things"))).all()
    await engine.dispose()
    assert [tuple(row) for row in rows] == [("hat", None)]


async def test_the_core_is_upgraded_whatever_an_uninstalled_plugin_left_behind(database_url: str) -> None:
    await upgrade(database_url, example())
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(alembic_config(sync), "0001"))
    await upgrade_core(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.check(alembic_config(sync)))
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    await engine.dispose()
    assert set(TABLES) <= set(tables)


async def test_migrations_that_make_something_else_are_told(tmp_path: Path, migrations: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/check.db"
    assert await faults_of_migrations(url, example()) == []
    first = migrations / "0001_things.py"
    good = first.read_text()
    first.write_text(good.replace('        sa.Column("place", sa.String(length=100), nullable=False),\n', ""))
    assert await faults_of_migrations(url, example(migrations=migrations)) == [
        "migrations: they lack add column lost_things_things place"
    ]
    first.write_text(good.replace('    op.drop_table("lost_things_things")\n', "    pass\n"))
    faults = await faults_of_migrations(f"sqlite+aiosqlite:///{tmp_path}/other.db", example(migrations=migrations))
    assert faults == ["migrations: the downgrade leaves lost_things_things behind."]
