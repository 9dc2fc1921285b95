"""Durable hand-over: what the PBX said is on disk, numbered, before anybody is told, and leaves once the core has it.

SQLite in WAL mode with full sync, one file a PBX, one connection in one thread of its own: a whole transaction is one
hop between threads. Everything that waits goes into one transaction (group commit). The fold's state is written in the
same transaction, so that an adapter that was killed goes on where the last fact left off.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

import orjson

from telephony.facts import MAX_TEXT, AgentChanged, Envelope, Fact

MAX_TAIL = 5_000
"""Facts also held in memory, so that a hand-over needs no read; beyond it they are read back. Some 5 MB."""

COUNTERS_KEPT_FOR = 1_000_000
"""Facts after which a silent call's counter is forgotten: about 100,000 calls later its linkedid never comes again."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (row INTEGER PRIMARY KEY AUTOINCREMENT, envelope BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS counters (key TEXT PRIMARY KEY, n INTEGER NOT NULL, row INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (one INTEGER PRIMARY KEY CHECK (one = 1), pbx TEXT NOT NULL, snapshot BLOB);
"""
_NUMBER = (
    "INSERT INTO counters (key, n, row) VALUES (?, 1, ?)"
    " ON CONFLICT (key) DO UPDATE SET n = n + 1, row = excluded.row RETURNING n"
)
_FORGET = "DELETE FROM counters WHERE key NOT LIKE 'agent:%' AND row <= (SELECT max(row) FROM counters) - ?"

_T = TypeVar("_T")


class SpoolUnusable(Exception):
    """The spool's file cannot be opened, is another PBX's or is in use; the text is for the operator."""


class Spooled(NamedTuple):
    row: int
    """Place in the spool; only grows, across restarts too."""
    envelope: Envelope


def key_of(fact: Fact) -> str:
    """Within what a fact is numbered: its call, or its desk."""
    return f"agent:{fact.agent}"[:MAX_TEXT] if isinstance(fact, AgentChanged) else fact.linkedid


class Spool:
    """Use as `async with Spool(path, pbx) as spool`. Not to be shared between event loops or processes."""

    def __init__(self, path: Path, pbx: str) -> None:
        self._path = path
        self._pbx = pbx
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._tail: deque[Spooled] = deque()
        """The oldest facts that the core has not committed."""
        self._tail_is_all = False
        """No later ones are on disk alone."""
        self._acknowledged = 0
        self._trimmed = 0
        self.waiting = 0
        """Facts that the core has not committed."""
        self.snapshot: dict[str, Any] | None = None
        """The fold's state as of the last fact when the spool was opened."""

    async def __aenter__(self) -> Self:
        try:
            self._db, self.waiting, self.snapshot = await self._run(lambda: _open(self._path, self._pbx))
        except BaseException:
            self._thread.shutdown()
            raise
        self._tail_is_all = not self.waiting
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await asyncio.shield(self.trim())
            await self._run(self._db.close)
        finally:
            self._thread.shutdown()

    async def append(self, facts: Sequence[Fact], snapshot: Mapping[str, Any]) -> list[Envelope]:
        """Number and store `facts` with the state they left the fold in; returns once they are on disk.

        Raises sqlite3.Error when they are not (disk full, file gone): nothing of them is stored then.
        """
        if not facts:
            return []
        done = self._acknowledged
        spooled = await self._run(lambda: _append(self._db, self._pbx, facts, orjson.dumps(snapshot), done))
        self._trimmed = max(self._trimmed, done)
        self.waiting += len(spooled)
        if self._tail_is_all and len(self._tail) + len(spooled) <= MAX_TAIL:
            self._tail.extend(spooled)
        else:
            self._tail_is_all = False
        return [one.envelope for one in spooled]

    async def pending(self, limit: int) -> list[Spooled]:
        """The oldest facts that the core has not committed, at most `limit`. One caller at a time."""
        if not self._tail and not self._tail_is_all:
            done = self._acknowledged
            self._tail.extend(await self._run(lambda: _read(self._db, done, MAX_TAIL)))
            self._tail_is_all = len(self._tail) < MAX_TAIL
        return list(islice(self._tail, limit))

    def acknowledge(self, up_to: int) -> None:
        """The core has committed all rows up to `up_to`.

        They are deleted with the next append or trim: after a kill in between they are handed over again, and the
        core ignores what it has seen.
        """
        self._acknowledged = max(self._acknowledged, up_to)
        while self._tail and self._tail[0].row <= up_to:
            self._tail.popleft()
            self.waiting -= 1

    async def trim(self) -> None:
        """Delete what was acknowledged; for idle moments."""
        done = self._acknowledged
        if done > self._trimmed:
            await self._run(lambda: _trim(self._db, done))
            self._trimmed = max(self._trimmed, done)

    async def _run(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _open(path: Path, pbx: str) -> tuple[sqlite3.Connection, int, dict[str, Any] | None]:
    try:
        db = sqlite3.connect(path, timeout=1.0, isolation_level=None)
        # One owner: two adapters on one spool would tell every fact twice.
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.executescript(_SCHEMA)
        db.execute("INSERT OR IGNORE INTO state (one, pbx) VALUES (1, ?)", (pbx,))
        owner, snapshot = db.execute("SELECT pbx, snapshot FROM state").fetchone()
        db.execute(_FORGET, (COUNTERS_KEPT_FOR,))
        (waiting,) = db.execute("SELECT count(*) FROM facts").fetchone()
    except sqlite3.Error as error:
        raise SpoolUnusable(f"the spool {path} cannot be used: {error}") from error
    if owner != pbx:
        db.close()
        raise SpoolUnusable(f"the spool {path} belongs to PBX {owner!r}, not {pbx!r}")
    return db, waiting, None if snapshot is None else orjson.loads(snapshot)


def _append(db: sqlite3.Connection, pbx: str, facts: Sequence[Fact], snapshot: bytes, done: int) -> list[Spooled]:
    spooled = []
    db.execute("BEGIN IMMEDIATE")
    try:
        last = db.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'facts'").fetchone()[0]
        for row, fact in enumerate(facts, last + 1):
            key = key_of(fact)
            (n,) = db.execute(_NUMBER, (key, row)).fetchone()
            envelope = Envelope(pbx=pbx, key=key, n=n, fact=fact)
            db.execute("INSERT INTO facts (row, envelope) VALUES (?, ?)", (row, envelope.model_dump_json()))
            spooled.append(Spooled(row, envelope))
        db.execute("DELETE FROM facts WHERE row <= ?", (done,))
        db.execute("UPDATE state SET snapshot = ?", (snapshot,))
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return spooled


def _read(db: sqlite3.Connection, after: int, limit: int) -> list[Spooled]:
    rows = db.execute("SELECT row, envelope FROM facts WHERE row > ? ORDER BY row LIMIT ?", (after, limit))
    return [Spooled(row, Envelope.model_validate_json(envelope)) for row, envelope in rows]


def _trim(db: sqlite3.Connection, done: int) -> None:
    db.execute("DELETE FROM facts WHERE row <= ?", (done,))
