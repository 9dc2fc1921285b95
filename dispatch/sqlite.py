"""A leaner way to the embedded database: one hop to the connection's thread a statement.

SQLAlchemy asks aiosqlite for a cursor, an execution, the rows and the cursor's end in four hops, 56 for a call's
fact; hops between threads, not SQLite, were what the time went into. Here a statement with all its rows is one hop,
and BEGIN travels with the first statement.
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Self, TypeVar

import aiosqlite

T = TypeVar("T")

ROWS_AT_ONCE = 64
"""aiosqlite's own default for iterating; SQLAlchemy reads all rows at once and never iterates."""


class LeanCursor:
    """What SQLAlchemy needs of a cursor; execution brings all rows, so that fetching and closing need no hop."""

    def __init__(self, connection: "LeanConnection") -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Any = ()) -> Self:
        return await self._run(lambda cursor: cursor.execute(statement, parameters))

    async def executemany(self, statement: str, parameters: Any) -> Self:
        return await self._run(lambda cursor: cursor.executemany(statement, parameters))

    async def fetchall(self) -> Sequence[Any]:
        return self._rows

    async def close(self) -> None:
        """It was closed when the statement ended."""

    async def _run(self, work: Callable[[sqlite3.Cursor], object]) -> Self:
        await self._connection.run(self, work)
        return self

    def take(self, cursor: sqlite3.Cursor) -> None:
        """Keep what the statement gave; runs in the connection's thread."""
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else ()
        self.rowcount = cursor.rowcount
        self.lastrowid = cursor.lastrowid


class LeanConnection(aiosqlite.Connection):
    """An aiosqlite connection whose cursors are LeanCursors."""

    _begin: str | None = None

    def begin(self, statement: str) -> None:
        """Run `statement` (BEGIN …) right before the next one, in the same hop."""
        self._begin = statement

    def cursor(self) -> LeanCursor:  # type: ignore[override]  # aiosqlite's is a context manager that hops
        return LeanCursor(self)

    async def run(self, cursor: LeanCursor, work: Callable[[sqlite3.Cursor], object]) -> None:
        """Run one statement with its pending BEGIN and hand its rows to `cursor`."""
        begin, self._begin = self._begin, None

        def hop() -> None:
            own = self._conn.cursor()
            try:
                if begin is not None:
                    own.execute(begin)
                work(own)
                cursor.take(own)
            finally:
                own.close()

        await self._execute(hop)  # type: ignore[no-untyped-call]  # aiosqlite leaves it untyped

    async def in_thread(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run several statements in one hop; `work` begins and ends its own transaction."""
        result: T = await self._execute(lambda: work(self._conn))  # type: ignore[no-untyped-call]
        return result

    async def commit(self) -> None:
        if self._begin is None:
            await super().commit()
        self._begin = None

    async def rollback(self) -> None:
        if self._begin is None:
            await super().rollback()
        self._begin = None


def lean_connection(file: str, **options: Any) -> LeanConnection:
    """Connect to the database in `file`; takes sqlite3's options. For SQLAlchemy's `async_creator_fn`."""
    connection = LeanConnection(lambda: sqlite3.connect(file, **options), ROWS_AT_ONCE)
    connection._thread.daemon = True  # as SQLAlchemy does: a process must be able to end whatever was left open
    return connection
