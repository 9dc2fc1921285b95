"""INSERT … ON CONFLICT, which both databases have in the same words but SQLAlchemy keeps in two places.

Statements are built once for each table and database: building one costs more than running it.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from dispatch.base import Base

Where = AsyncSession | AsyncConnection
Insert = postgresql.Insert | sqlite.Insert


def insert_for(where: Where, model: type[Base]) -> Insert:
    """An INSERT into the model's table that has `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return _insert(_dialect(where), _table(model))


async def upsert(where: Where, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Write whole rows, new ones and ones that are there (by primary key) alike."""
    if rows:
        await where.execute(_upsert(_dialect(where), _table(model)), _few(rows))


async def insert_new(where: Where, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Write the rows that break no constraint; the others are there already."""
    if rows:
        await where.execute(_insert_new(_dialect(where), _table(model)), _few(rows))


def _few(rows: Sequence[dict[str, Any]]) -> Any:
    """A single row takes the plain way, which is half as long."""
    return rows[0] if len(rows) == 1 else rows


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def _dialect(where: Where) -> str:
    return where.dialect.name if isinstance(where, AsyncConnection) else where.get_bind().dialect.name


def _insert(dialect: str, table: Table) -> Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _upsert(dialect: str, table: Table) -> Insert:
    statement = _insert(dialect, table)
    keys = [column.name for column in table.primary_key]
    rest = {column.name: statement.excluded[column.name] for column in table.c if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=rest)


@cache
def _insert_new(dialect: str, table: Table) -> Insert:
    return _insert(dialect, table).on_conflict_do_nothing()
