"""Durable hand-over: what the PBX said is on disk, numbered, before anybody is told, and leaves once the core has it.

SQLite in WAL mode with full sync, one file a PBX, one connection in one thread of its own. What waits is stored as one
batch by one statement, which is one transaction and one hop between threads: each further statement would hand the
interpreter's lock to and fro, up to 5 ms a time while the loop is busy.

A batch holds its facts, the part of the fold's state that they changed, and how far the core had acknowledged. Now and
then it holds the whole state instead; the newest of those and the batches after it are what a restart goes on from.
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

from telephony.facts import ENVELOPES, MAX_TEXT, AgentChanged, CallEnded, Envelope, Fact

MAX_TAIL = 5_000
"""Facts also held in memory, so that a hand-over needs no read; beyond it they are read back. Some 5 MB."""

WHOLE_EVERY = 1_000
"""Facts after which the whole state is stored anew: a restart reads at most so many parts, in some 20 ms."""

TRIM_EVERY = 5_000
"""Acknowledged facts after which they are deleted even if no idle moment comes."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS owner (one INTEGER PRIMARY KEY CHECK (one = 1), pbx TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS batches (
    last INTEGER PRIMARY KEY, done INTEGER NOT NULL, envelopes BLOB NOT NULL, state BLOB NOT NULL, whole BLOB
);
"""
_INSERT = "INSERT INTO batches (last, done, envelopes, state, whole) VALUES (?, ?, ?, ?, ?)"
_NEWEST_WHOLE = "(SELECT max(last) FROM batches WHERE whole IS NOT NULL)"
_TRIM = f"DELETE FROM batches WHERE last <= ? AND last < {_NEWEST_WHOLE}"

_T = TypeVar("_T")


class SpoolUnusable(Exception):
    """The spool's file cannot be opened, is another PBX's or is in use; the text is for the operator."""


class Spooled(NamedTuple):
    row: int
    """Place in the spool; only grows, across restarts too."""
    envelope: Envelope


class Kept(NamedTuple):
    """What an earlier run left behind."""

    last: int
    acknowledged: int
    counters: dict[str, int]
    whole: dict[str, Any] | None
    """The fold's state as last stored in whole; None in a new spool."""
    parts: list[dict[str, Any]]
    """Parts that came after it, oldest first."""


def key_of(fact: Fact) -> str:
    """Within what a fact is numbered: its call, or its desk."""
    return f"agent:{fact.agent}"[:MAX_TEXT] if isinstance(fact, AgentChanged) else fact.linkedid


class Spool:
    """Use as `async with Spool(path, pbx) as spool`. Not to be shared between event loops or processes."""

    def __init__(self, path: Path, pbx: str) -> None:
        self._path = path
        self._pbx = pbx
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._counters: dict[str, int] = {}
        """The last number of each living call and each desk."""
        self._last = 0
        self._since_whole = WHOLE_EVERY
        self._tail: deque[Spooled] = deque()
        """The oldest facts that the core has not committed."""
        self._tail_is_all = False
        """No later ones are on disk alone."""
        self._acknowledged = 0
        self._trimmed = 0

    async def __aenter__(self) -> Self:
        try:
            self._db, self.kept = await self._run(lambda: _open(self._path, self._pbx))
        except BaseException:
            self._thread.shutdown()
            raise
        self._last, self._acknowledged, self._counters, *_ = self.kept
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

    @property
    def waiting(self) -> int:
        """Facts that the core has not committed."""
        return self._last - self._acknowledged

    @property
    def wants_whole(self) -> bool:
        """The next append must bring the fold's whole state."""
        return self._since_whole >= WHOLE_EVERY

    async def append(
        self, facts: Sequence[Fact], part: Mapping[str, Any], whole: Mapping[str, Any] | None = None
    ) -> list[Envelope]:
        """Number and store `facts` with the state they left the fold in; returns once they are on disk.

        `part` is the state of what they changed, `whole` all of it (when `wants_whole`). One caller at a time.
        Raises sqlite3.Error when it could not be stored (disk full, file gone): nothing of it is then.
        """
        if not facts:
            return []
        counters = dict.fromkeys(map(key_of, facts), 0)
        counters.update((key, self._counters[key]) for key in counters if key in self._counters)
        envelopes = [self._numbered(fact, counters) for fact in facts]
        for fact in facts:
            if isinstance(fact, CallEnded):
                counters[fact.linkedid] = 0  # its last fact: nothing will be numbered after it
        after = {key: n for key, n in {**self._counters, **counters}.items() if n}
        saved = None if whole is None else orjson.dumps({"fold": whole, "counters": after})
        last, done = self._last + len(facts), self._acknowledged
        values = (last, done, ENVELOPES.dump_json(envelopes), orjson.dumps(part), saved)
        await self._run(lambda: self._db.execute(_INSERT, values))
        self._stored(envelopes, after, whole is not None)
        return envelopes

    def _numbered(self, fact: Fact, counters: dict[str, int]) -> Envelope:
        key = key_of(fact)
        counters[key] += 1
        return Envelope(pbx=self._pbx, key=key, n=counters[key], fact=fact)

    def _stored(self, envelopes: list[Envelope], counters: dict[str, int], whole: bool) -> None:
        if self._tail_is_all and len(self._tail) + len(envelopes) <= MAX_TAIL:
            self._tail.extend(Spooled(row, one) for row, one in enumerate(envelopes, self._last + 1))
        else:
            self._tail_is_all = False
        self._last += len(envelopes)
        self._counters = counters
        self._since_whole = 0 if whole else self._since_whole + len(envelopes)

    async def pending(self, limit: int) -> list[Spooled]:
        """The oldest facts that the core has not committed, at most `limit`. One caller at a time."""
        if not self._tail and not self._tail_is_all:
            done = self._acknowledged
            self._tail.extend(await self._run(lambda: _read(self._db, done, MAX_TAIL)))
            self._tail_is_all = done + len(self._tail) == self._last
        return list(islice(self._tail, limit))

    def acknowledge(self, up_to: int) -> None:
        """The core has committed all rows up to `up_to`.

        The disk learns of it with the next append or trim: after a kill in between they are handed over again, and
        the core ignores what it has seen.
        """
        self._acknowledged = max(self._acknowledged, up_to)
        while self._tail and self._tail[0].row <= up_to:
            self._tail.popleft()

    @property
    def wants_trim(self) -> bool:
        return self._acknowledged - self._trimmed >= TRIM_EVERY

    async def trim(self) -> None:
        """Delete what was acknowledged, but for the state that a restart needs; for idle moments."""
        done = self._acknowledged
        if done > self._trimmed:
            await self._run(lambda: _trim(self._db, done))
            self._trimmed = done

    async def _run(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _open(path: Path, pbx: str) -> tuple[sqlite3.Connection, Kept]:
    try:
        db = sqlite3.connect(path, timeout=1.0, isolation_level=None)
        # One owner: two adapters on one spool would tell every fact twice.
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.executescript(_SCHEMA)
        db.execute("INSERT OR IGNORE INTO owner (one, pbx) VALUES (1, ?)", (pbx,))
        (owner,) = db.execute("SELECT pbx FROM owner").fetchone()
        kept = _recall(db)
    except (sqlite3.Error, ValueError) as error:
        raise SpoolUnusable(f"the spool {path} cannot be used: {error}") from error
    if owner != pbx:
        db.close()
        raise SpoolUnusable(f"the spool {path} belongs to PBX {owner!r}, not {pbx!r}")
    return db, kept


def _recall(db: sqlite3.Connection) -> Kept:
    last, done = db.execute("SELECT coalesce(max(last), 0), coalesce(max(done), 0) FROM batches").fetchone()
    counters: dict[str, int] = {}
    whole: dict[str, Any] | None = None
    parts: list[dict[str, Any]] = []
    kept = f"SELECT envelopes, state, whole FROM batches WHERE last >= {_NEWEST_WHOLE} ORDER BY last"
    for envelopes, state, saved in db.execute(kept):
        if saved is not None:
            found = orjson.loads(saved)
            whole, counters = found["fold"], found["counters"]
            continue
        parts.append(orjson.loads(state))
        for envelope in ENVELOPES.validate_json(envelopes):
            counters[envelope.key] = envelope.n
            if isinstance(envelope.fact, CallEnded):
                del counters[envelope.key]
    return Kept(last, done, counters, whole, parts)


def _read(db: sqlite3.Connection, after: int, limit: int) -> list[Spooled]:
    found: list[Spooled] = []
    for last, stored in db.execute("SELECT last, envelopes FROM batches WHERE last > ? ORDER BY last", (after,)):
        envelopes = ENVELOPES.validate_json(stored)
        first = last - len(envelopes) + 1
        found += [Spooled(row, one) for row, one in enumerate(envelopes, first) if row > after]
        if len(found) >= limit:
            break
    return found[:limit]


def _trim(db: sqlite3.Connection, done: int) -> None:
    """Where nothing can be deleted, the newest batch at least learns how far the core is."""
    db.execute("BEGIN IMMEDIATE")
    try:
        db.execute("UPDATE batches SET done = ? WHERE last = (SELECT max(last) FROM batches)", (done,))
        db.execute(_TRIM, (done,))
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
