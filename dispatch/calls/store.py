"""The intake's own way to the database: one transaction of plain statements, on SQLite in one hop to its thread.

Every fact of every call passes here, so statements are written out and given to the drivers as they are: SQLAlchemy's
session cost more than all the rest of a fact's way. The decision what changes is the caller's, a pure function that
runs between reading and writing.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol, cast

import asyncpg
import orjson
from sqlalchemy import JSON, Table

from dispatch import log
from dispatch.base import UtcDateTime
from dispatch.calls.model import AgentRow, CallRow, FactRow
from dispatch.db import Database
from dispatch.people.service import Person
from dispatch.timers import TimerRow
from dispatch.views import AgentView, CallView, TranscriptLine
from dispatch.words import CallDisposition, CallState

Key = tuple[str, str]
"""(pbx, linkedid), or (pbx, desk)."""

Identity = tuple[str, str, int]
"""(pbx, key, n) of a fact."""

Row = Sequence[Any]


class LostRace(Exception):
    """Another worker was quicker with the same rows; nothing was changed, and the next try sees what it did."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the facts touch."""

    identities: Sequence[Identity]
    calls: Collection[Key]
    desks: Collection[str]


@dataclass(frozen=True, slots=True)
class Known:
    """What the database knows of it: which facts are new, the calls (locked), who sits where."""

    fresh: frozenset[Identity]
    calls: dict[Key, CallView]
    people: dict[str, Person]


@dataclass(slots=True)
class Changes:
    """What is to be written, all of it or nothing."""

    calls: Sequence[CallView] = ()
    agents: Sequence[AgentView] = ()
    stop: Sequence[str] = ()
    """Keys of timers of `stop_kind` to take away; where one has fired already, a `settle_kind` timer is set."""
    timers: Sequence[TimerRow] = ()
    settle: Callable[[str], TimerRow] | None = None
    stop_kind: str = ""
    events: Sequence[log.Pending] = field(default_factory=list)


Decide = Callable[[Known], Changes]


class Store(Protocol):
    async def commit(self, wanted: Wanted, decide: Decide) -> frozenset[Identity]:
        """Read, decide, write and commit; the facts that were new. Raises LostRace, Unavailable."""


def store_for(db: Database) -> Store:
    """The store of the database's kind."""
    return SqliteStore(db) if db.is_sqlite else PostgresStore(db)


def _table(model: type[Any]) -> Table:
    return cast(Table, model.__table__)


_CALLS, _AGENTS, _TIMERS, _FACTS = map(_table, (CallRow, AgentRow, TimerRow, FactRow))
_TIMES = frozenset(column.name for column in _CALLS.c if isinstance(column.type, UtcDateTime))


def _insert(table: Table, rows: str, *, update: bool) -> str:
    """`rows` is a VALUES or a SELECT in the table's order of columns."""
    names = [column.name for column in table.c]
    keys = [column.name for column in table.primary_key]
    rest = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in keys)
    conflict = f"({', '.join(keys)}) DO UPDATE SET {rest}" if update else "DO NOTHING"
    return f"INSERT INTO {table.name} ({_names(table)}) {rows} ON CONFLICT {conflict}"


def _one(table: Table) -> str:
    return f"VALUES ({', '.join('?' for _ in table.c)})"


def _names(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.c)


def _call_row(call: CallView) -> list[Any]:
    row = dict(call)
    row["transcript"] = orjson.dumps([line.model_dump(mode="json") for line in call.transcript]).decode()
    row |= {"parties": orjson.dumps(call.parties).decode(), "monitored_by": orjson.dumps(call.monitored_by).decode()}
    return [row[column.name] for column in _CALLS.c]


def _agent_row(agent: AgentView) -> list[Any]:
    row = {**dict(agent), "queues": orjson.dumps(agent.queues).decode()}
    return [row[column.name] for column in _AGENTS.c]


def _timer_row(timer: TimerRow) -> list[Any]:
    return [timer.id, timer.kind, timer.key, timer.due_at, orjson.dumps(timer.payload).decode(), 0]


def _call(row: Iterable[Any], time: Callable[[Any], datetime], json: Callable[[Any], Any]) -> CallView:
    """A call from its columns in the table's order, as the driver gives them; nothing unchecked is stored."""
    values = dict(zip((column.name for column in _CALLS.c), row, strict=True))
    for name in _TIMES:
        if values[name] is not None:
            values[name] = time(values[name])
    values["state"] = CallState(values["state"])
    values["ani_withheld"], values["muted"] = bool(values["ani_withheld"]), bool(values["muted"])
    values["parties"], values["monitored_by"] = tuple(json(values["parties"])), tuple(json(values["monitored_by"]))
    if values["closed_from"] is not None:
        values["closed_from"] = CallState(values["closed_from"])
    if values["disposition"] is not None:
        values["disposition"] = CallDisposition(values["disposition"])
    values["transcript"] = tuple(TranscriptLine.model_validate(line) for line in json(values["transcript"]))
    return CallView.model_construct(**values)


def _question(_n: int) -> str:
    return "?"


def _dollar(n: int) -> str:
    return f"${n}"


class SqliteStore:
    """The whole transaction runs in the writer's thread, so that its statements wait for nobody in between."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def commit(self, wanted: Wanted, decide: Decide) -> frozenset[Identity]:
        async with self._db.writer_thread() as run:
            fresh, stored = await run(partial(_sqlite_commit, wanted, decide))
        self._db.tell(stored)
        return fresh


def _sqlite_commit(
    wanted: Wanted, decide: Decide, db: sqlite3.Connection
) -> tuple[frozenset[Identity], list[log.Stored]]:
    db.execute("BEGIN IMMEDIATE")
    try:
        known = _sqlite_read(db, wanted)
        stored = _sqlite_write(db, decide(known)) if known.fresh else []
        db.execute("COMMIT")
    except sqlite3.IntegrityError as error:
        db.execute("ROLLBACK")
        raise LostRace from error
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return known.fresh, stored


_SQLITE_FACT = _insert(_FACTS, _one(_FACTS), update=False)
_SQLITE_CALL = f"SELECT {_names(_CALLS)} FROM calls WHERE pbx = ? AND linkedid = ?"
_SQLITE_DESK = "SELECT extension, id, display_name FROM users WHERE extension = ?"
_SQLITE_SAVE_CALL = _insert(_CALLS, _one(_CALLS), update=True)
_SQLITE_SAVE_AGENT = _insert(_AGENTS, _one(_AGENTS), update=True)
_SQLITE_TIMER = _insert(_TIMERS, _one(_TIMERS), update=False)
_SQLITE_RECORD = log.insert_statement(_question)
_SQLITE_STOP = "DELETE FROM timers WHERE kind = ? AND key = ?"


def _sqlite_read(db: sqlite3.Connection, wanted: Wanted) -> Known:
    fresh = frozenset(one for one in wanted.identities if db.execute(_SQLITE_FACT, one).rowcount)
    rows = [row for key in wanted.calls for row in db.execute(_SQLITE_CALL, key)] if fresh else []
    calls = [_call(row, _sqlite_time, orjson.loads) for row in rows]
    seated = [row for desk in wanted.desks for row in db.execute(_SQLITE_DESK, (desk,))] if fresh else []
    return Known(
        fresh,
        {(call.pbx, call.linkedid): call for call in calls},
        {desk: Person(user_id, name) for desk, user_id, name in seated},
    )


def _sqlite_write(db: sqlite3.Connection, changes: Changes) -> list[log.Stored]:
    db.executemany(_SQLITE_SAVE_CALL, [_sqlite_values(_call_row(call)) for call in changes.calls])
    db.executemany(_SQLITE_SAVE_AGENT, [_sqlite_values(_agent_row(agent)) for agent in changes.agents])
    timers = list(changes.timers)
    for key in changes.stop:
        if not db.execute(_SQLITE_STOP, (changes.stop_kind, key)).rowcount and changes.settle is not None:
            timers.append(changes.settle(key))
    db.executemany(_SQLITE_TIMER, [_sqlite_values(_timer_row(timer)) for timer in timers])
    seq, digest = db.execute("SELECT seq, hash FROM event_head WHERE id = 1").fetchone()
    rows, stored = log.numbered(seq, digest, changes.events)
    db.executemany(_SQLITE_RECORD, [_sqlite_values(row) for row in rows])
    return stored


def _sqlite_values(row: Iterable[Any]) -> list[Any]:
    """As SQLAlchemy stores them: times as naive UTC text."""
    return [
        value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
        if isinstance(value, datetime)
        else str(value)
        if isinstance(value, str)
        else value
        for value in row
    ]


def _sqlite_time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class PostgresStore:
    """The driver's own prepared statements: one reads, one writes, one records, since each is a round trip."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def commit(self, wanted: Wanted, decide: Decide) -> frozenset[Identity]:
        try:
            async with self._db.driver() as connection, connection.transaction():
                known = await _postgres_read(connection, wanted)
                stored = await _postgres_write(connection, decide(known)) if known.fresh else []
        except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError) as error:
            raise LostRace from error
        self._db.tell(stored)
        return known.fresh


def _insert_json(table: Table, n: int, *, update: bool) -> str:
    """The INSERT of the rows in parameter `n`, a JSON array of objects named as the columns."""
    return _insert(
        table, f"SELECT {_names(table)} FROM json_populate_recordset(NULL::{table.name}, ${n})", update=update
    )


_PG_READ = f"""
WITH fresh AS (
    INSERT INTO call_facts (pbx, key, n) SELECT * FROM unnest($1::varchar[], $2::varchar[], $3::int[])
    ON CONFLICT DO NOTHING RETURNING pbx, key, n
), known AS (
    SELECT {_names(_CALLS)} FROM calls, (SELECT count(*) FROM fresh) AS facts_first
    WHERE (pbx, linkedid) IN (SELECT * FROM unnest($4::varchar[], $5::varchar[])) ORDER BY id FOR UPDATE OF calls
), seated AS (
    SELECT extension, id, display_name FROM users WHERE extension = ANY($6)
)
SELECT (SELECT array_agg(fresh) FROM fresh), (SELECT array_agg(known) FROM known),
    (SELECT array_agg(seated) FROM seated)
"""
"""A call that another worker brings in meanwhile is not seen here; its unique key then says so (LostRace)."""

_PG_WRITE = f"""
WITH saved AS ({_insert_json(_CALLS, 1, update=True)} RETURNING 1),
described AS ({_insert_json(_AGENTS, 2, update=True)} RETURNING 1),
stopped AS (DELETE FROM timers WHERE kind = $3 AND key = ANY($4) RETURNING key),
begun AS ({_insert_json(_TIMERS, 5, update=False)} RETURNING 1),
settling AS (
    INSERT INTO timers ({_names(_TIMERS)})
    SELECT {_names(_TIMERS)} FROM json_populate_recordset(NULL::timers, $6)
    WHERE key NOT IN (SELECT key FROM stopped) RETURNING 1
), written AS (
    SELECT 1 FROM saved UNION ALL SELECT 1 FROM described UNION ALL SELECT 1 FROM stopped
    UNION ALL SELECT 1 FROM begun UNION ALL SELECT 1 FROM settling
)
SELECT seq, hash FROM event_head, (SELECT count(*) FROM written) AS head_last WHERE event_head.id = 1
FOR UPDATE OF event_head
"""
"""The head is locked when all else is written, and its row read as it is then, however long that was."""


_PG_RECORD = log.insert_statement(_dollar)


async def _postgres_read(connection: Any, wanted: Wanted) -> Known:
    facts_, calls_ = _columns(wanted.identities, 3), _columns(wanted.calls, 2)
    row = await connection.fetchrow(_PG_READ, *facts_, *calls_, list(wanted.desks))
    fresh, known, seated = (found or () for found in row)
    calls = [_call(call, _postgres_time, _as_is) for call in known]
    return Known(
        frozenset(tuple(identity) for identity in fresh),
        {(call.pbx, call.linkedid): call for call in calls},
        {desk: Person(user_id, name) for desk, user_id, name in seated},
    )


async def _postgres_write(connection: Any, changes: Changes) -> list[log.Stored]:
    settles = [changes.settle(key) for key in changes.stop] if changes.settle is not None else []
    seq, digest = await connection.fetchrow(
        _PG_WRITE,
        _json_rows(_CALLS, map(_call_row, changes.calls)),
        _json_rows(_AGENTS, map(_agent_row, changes.agents)),
        changes.stop_kind,
        list(changes.stop),
        _json_rows(_TIMERS, map(_timer_row, changes.timers)),
        _json_rows(_TIMERS, map(_timer_row, settles)),
    )
    rows, stored = log.numbered(seq, digest, changes.events)
    await _each(connection, _PG_RECORD, rows)
    return stored


def _columns(rows: Collection[Row], count: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(count)]


def _json_rows(table: Table, rows: Iterable[Row]) -> str:
    """Columns of JSON, which come encoded, are put in as they are."""
    columns = [(column.name, orjson.Fragment if isinstance(column.type, JSON) else None) for column in table.c]
    return orjson.dumps(
        [{name: put(value) if put else value for (name, put), value in zip(columns, row, strict=True)} for row in rows]
    ).decode()


async def _each(connection: Any, statement: str, rows: Sequence[Row]) -> None:
    """One row takes the plain way, which is half as long."""
    if len(rows) == 1:
        await connection.execute(statement, *rows[0])
    elif rows:
        await connection.executemany(statement, rows)


def _postgres_time(value: datetime) -> datetime:
    return value.astimezone(UTC)


def _as_is(value: Any) -> Any:
    """SQLAlchemy has taught its PostgreSQL connections to decode JSON themselves."""
    return value
