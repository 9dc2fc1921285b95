"""Brings a database to this version's schema. In a wheel the migrations lie inside the package."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine


def migrations_path() -> Path:
    """The folder of migrations: beside the packages in a checkout, inside dispatch when installed."""
    installed = Path(__file__).parent / "_migrations"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "migrations"


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_path()))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


async def upgrade(url: str, revision: str = "head") -> None:
    """Migrate the database at `url`; an embedded one is made when missing. Safe to run when nothing is to do."""
    file = make_url(url).database
    if file and make_url(url).get_backend_name() == "sqlite":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), revision))
    if engine.dialect.name == "sqlite":
        async with engine.connect() as connection:
            # needs the file to itself and does not wait, so it is not left to the first of many connections
            await connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    await engine.dispose()
