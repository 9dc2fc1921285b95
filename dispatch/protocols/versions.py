"""Drafts of protocols, their publishing and taking back, and the medical director's signatures.

What is published lies over the shipped files. Every worker follows the log and takes a new edition within two seconds.
"""

import asyncio
import hashlib

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.db import Database, Transaction
from dispatch.errors import Conflict, Invalid, NotFound, Unavailable
from dispatch.events import ProtocolPublished, ProtocolSignedOff
from dispatch.ids import new_id
from dispatch.protocols.model import ProtocolSignoffRow, ProtocolVersionRow, VersionState
from dispatch.protocols.reader import ProtocolFault
from dispatch.protocols.schema import read_protocol
from dispatch.protocols.service import ProtocolBook, Signoff
from dispatch.wake import Wake
from dispatch.watch import Watch

_log = structlog.get_logger(__name__)

LOOK_AGAIN_S = 1.5
"""Longest time until a worker that missed the wake-up looks by itself."""

NAP_S = 0.2
"""Shortest pause between two looks, since every commit of another worker may be the one."""


async def faults_of(code: str, text: str, *, thorough: bool = True) -> list[ProtocolFault]:
    """All faults of a text; read in a thread, since a thorough reading takes up to a second."""
    return (await asyncio.to_thread(read_protocol, f"{code}.yaml", text.encode(), thorough=thorough))[1]


async def history(session: AsyncSession, code: str) -> list[ProtocolVersionRow]:
    """All versions of a protocol, the newest first."""
    query = select(ProtocolVersionRow).where(ProtocolVersionRow.code == code)
    return list(await session.scalars(query.order_by(ProtocolVersionRow.number.desc())))


async def at_work(session: AsyncSession) -> list[ProtocolVersionRow]:
    """The published versions and the drafts of all protocols."""
    query = select(ProtocolVersionRow).where(ProtocolVersionRow.state != VersionState.RETIRED)
    return list(await session.scalars(query.order_by(ProtocolVersionRow.code)))


async def of_number(session: AsyncSession, code: str, number: int) -> ProtocolVersionRow:
    """Raises NotFound."""
    query = select(ProtocolVersionRow).where(ProtocolVersionRow.code == code, ProtocolVersionRow.number == number)
    row = (await session.scalars(query)).one_or_none()
    if row is None:
        raise NotFound(f"There is no version {number} of {code}.", code=code, number=number)
    return row


async def _locked(tx: Transaction, code: str) -> dict[str, ProtocolVersionRow]:
    """Draft and published version, held until the transaction's end."""
    query = select(ProtocolVersionRow).where(
        ProtocolVersionRow.code == code, ProtocolVersionRow.state != VersionState.RETIRED
    )
    rows = await tx.session.scalars(query.order_by(ProtocolVersionRow.id).with_for_update())
    return {row.state: row for row in rows}


async def save_draft(tx: Transaction, code: str, text: str, revision: int) -> ProtocolVersionRow:
    """Keep a text, faulty or not, as the protocol's draft; `revision` is what it is based on, 0 where there is none.

    Raises Conflict when somebody else saved meanwhile.
    """
    row = (await _locked(tx, code)).get(VersionState.DRAFT)
    _same_revision(row, revision)
    if row is None:
        last = await tx.session.scalar(
            select(func.max(ProtocolVersionRow.number)).where(ProtocolVersionRow.code == code)
        )
        row = ProtocolVersionRow(
            id=new_id(tx.now), code=code, number=(last or 0) + 1, state=VersionState.DRAFT, revision=0
        )
        tx.session.add(row)
    row.yaml, row.version, row.revision = text, _version(text), row.revision + 1
    row.by, row.by_name, row.at = tx.actor.user_id, tx.actor.name, tx.now
    await tx.session.flush()
    return row


async def discard_draft(tx: Transaction, code: str, revision: int) -> None:
    """Raises NotFound, Conflict."""
    row = (await _locked(tx, code)).get(VersionState.DRAFT)
    if row is None:
        raise NotFound(f"{code} has no draft.", code=code)
    _same_revision(row, revision)
    await tx.session.delete(row)


async def publish(tx: Transaction, code: str, revision: int, version: str) -> ProtocolVersionRow:
    """Put the draft in force. The caller has found the text with hash `version` faultless.

    Raises NotFound (no draft), Conflict (saved again meanwhile).
    """
    rows = await _locked(tx, code)
    row = rows.get(VersionState.DRAFT)
    if row is None:
        raise NotFound(f"{code} has no draft.", code=code)
    _same_revision(row, revision)
    if row.version != version:
        raise Conflict("The draft was saved again meanwhile; look at it again.", revision=row.revision)
    await _retire(tx, rows.get(VersionState.PUBLISHED))
    await _put_in_force(tx, row)
    tx.record(ProtocolPublished(code=code, number=row.number, version=row.version, rolled_back=False))
    return row


async def roll_back(tx: Transaction, book: ProtocolBook, code: str, number: int | None) -> None:
    """Bring an earlier version back into force, or (None) the shipped file. The caller has found it faultless.

    Raises NotFound, Conflict (it is in force already, or is a draft).
    """
    rows = await _locked(tx, code)
    before = rows.get(VersionState.PUBLISHED)
    if number is None:
        shipped = book.shipped(code)
        if shipped is None:
            raise NotFound(f"No file of {code} comes with the program.", code=code)
        if before is None:
            raise Conflict(f"The shipped file of {code} is in force already.", code=code)
        await _retire(tx, before)
        tx.record(ProtocolPublished(code=code, number=None, version=_version(shipped.decode()), rolled_back=True))
        return
    row = await of_number(tx.session, code, number)
    if row.state != VersionState.RETIRED:
        raise Conflict(f"Version {number} is {row.state}.", number=number, state=row.state)
    await _retire(tx, before)
    await _put_in_force(tx, row)
    tx.record(ProtocolPublished(code=code, number=row.number, version=row.version, rolled_back=True))


async def sign(tx: Transaction, book: ProtocolBook, code: str, version: str, name: str, title: str) -> None:
    """Record the medical director's signature under the edition in force.

    Raises NotFound, Invalid (no name or office), Conflict (another edition is in force, or it is signed already).
    """
    who, office = name.strip(), title.strip()
    for field, value in (("name", who), ("title", office)):
        if not value:
            raise Invalid("Name, office and licence number belong to a signature.", field=field)
    protocol = book.get(code)
    if protocol.version != version:
        raise Conflict("Another edition is in force by now; read it before it is signed.", version=protocol.version)
    held = select(ProtocolSignoffRow.id).where(ProtocolSignoffRow.code == code, ProtocolSignoffRow.version == version)
    if await tx.session.scalar(held) is not None:
        raise Conflict("This edition is signed already.", version=version)
    tx.session.add(
        ProtocolSignoffRow(
            id=new_id(tx.now),
            code=code,
            version=version,
            name=who,
            title=office,
            by=tx.actor.user_id,
            by_name=tx.actor.name,
            at=tx.now,
        )
    )
    tx.record(ProtocolSignedOff(code=code, version=version, name=who, title=office))
    await tx.session.flush()


async def refresh(db: Database, book: ProtocolBook) -> None:
    """Take what is published and signed by now. Raises Unavailable."""
    published = ProtocolVersionRow.state == VersionState.PUBLISHED
    async with db.reading() as session:
        texts = {
            row.code: row.yaml.encode() for row in await session.scalars(select(ProtocolVersionRow).where(published))
        }
        signed = {
            (row.code, row.version): Signoff(row.version, row.name, row.title, row.at, row.by or "")
            for row in await session.scalars(select(ProtocolSignoffRow))
        }
    book.overlay(texts, signed)


async def follow(db: Database, wake: Wake, book: ProtocolBook) -> None:
    """Keep the book current until cancelled, whichever worker publishes."""
    watch = Watch(db, wake, ("protocol.published", "protocol.signed_off"))
    while True:
        upto = watch.upto
        try:
            await refresh(db, book)
        except Unavailable as error:
            _log.warning("protocols_wait", reason=error.detail)
        await watch.wait(upto, LOOK_AGAIN_S)
        await asyncio.sleep(NAP_S)


def _version(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _same_revision(row: ProtocolVersionRow | None, revision: int) -> None:
    have = 0 if row is None else row.revision
    if have != revision:
        raise Conflict("Somebody saved this draft meanwhile; look at it again.", revision=have)


async def _retire(tx: Transaction, row: ProtocolVersionRow | None) -> None:
    if row is not None:
        row.state, row.retired_at = VersionState.RETIRED, tx.now
        await tx.session.flush()  # before the next takes its place: one is published at most


async def _put_in_force(tx: Transaction, row: ProtocolVersionRow) -> None:
    row.state, row.retired_at = VersionState.PUBLISHED, None
    row.published_by, row.published_by_name, row.published_at = tx.actor.user_id, tx.actor.name, tx.now
    await tx.session.flush()
