"""Keeps a plugin's session to its own tables, and a read to reading. It stops mistakes, not malice."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Connection, TextClause, event
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import visitors
from sqlalchemy.sql.util import find_tables

OURS_FOR_PAGES = ("plugin_audit", "plugin_imports", "plugin_files")
"""Tables of the centre that its own pages use within a plugin's transaction."""


class OutOfBounds(Exception):
    """A plugin's statement touches what is not the plugin's own."""


class Guard:
    """Watches one connection while a plugin has it."""

    def __init__(self, plugin: str, connection: AsyncConnection, *, writes: bool) -> None:
        self._plugin = plugin
        self._writes = writes
        self._on = True
        self.wrote = False
        """A row of the plugin was changed."""
        event.listen(connection.sync_connection, "before_execute", self._before)
        event.listen(connection.sync_connection, "before_cursor_execute", self._before_driver)

    def end(self) -> None:
        """The plugin has had its turn."""
        self._on = False

    def lifted(self) -> AbstractContextManager[None]:
        """While the centre itself works in the plugin's transaction."""
        return self._turn(on=False)

    def enforced(self) -> AbstractContextManager[None]:
        """While the plugin works within what was lifted."""
        return self._turn(on=True)

    @contextmanager
    def _turn(self, *, on: bool) -> Iterator[None]:
        before, self._on = self._on, on
        try:
            yield
        finally:
            self._on = before

    def _before(self, _connection: Connection, statement: Any, *_rest: Any) -> None:
        if not self._on:
            return
        if any(isinstance(part, TextClause) for part in visitors.iterate(statement)):
            raise OutOfBounds("Text SQL is not run for a plugin: write select(), insert(), update() or delete().")
        for table in find_tables(
            statement, check_columns=True, include_aliases=True, include_joins=True, include_selects=True,
            include_crud=True,
        ):  # fmt: skip
            name = str(getattr(table, "name", ""))
            owner = getattr(table, "metadata", None)
            if owner is not None and owner.info.get("plugin") != self._plugin and name not in OURS_FOR_PAGES:
                raise OutOfBounds(f"The table {name} is not one of the plugin {self._plugin}.")
        if getattr(statement, "is_dml", False):
            if not self._writes:
                raise OutOfBounds("A reading changes nothing: do it in a working.")
            self.wrote = True

    def _before_driver(
        self, _connection: Connection, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool
    ) -> None:
        if self._on and context is not None and context.compiled is None and not _is_savepoint(statement):
            raise OutOfBounds("Driver SQL is not run for a plugin: write select(), insert(), update() or delete().")


def _is_savepoint(statement: str) -> bool:
    return statement.lstrip().upper().startswith(("SAVEPOINT", "RELEASE", "ROLLBACK TO"))
