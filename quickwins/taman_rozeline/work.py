"""What changes: accounting taken in, days counted and forgotten, polls noted, tickets moved, terms published."""

import asyncio
import secrets
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, or_, select

from dispatch.plugins import Action, Emergency, Fault, Field, Kind, Reading, Refused, Text, Values, Working, Workshop
from quickwins.taman_rozeline import poller, rules
from quickwins.taman_rozeline.accounting import Parsed, Record, parse
from quickwins.taman_rozeline.model import AccessPoint, DayCount, DeviceDay, Salt, SessionRow, Terms, Ticket

PORTION = 250
"""Sessions a transaction: far below the two seconds that the embedded database lends its writer."""
IN_ONE_QUERY = 500
"""Values of one IN: databases bound their parameters."""
LONGEST_SALT = timedelta(days=7)
"""A day is closed then although its records still come in, so that no salt lives on."""
SESSION_KEY = "sessions"
KNOWN = Text("Jangan tulis alamat MAC di sini.", "Do not write a MAC address here.")


@dataclass(slots=True)
class Taken:
    """What came of one file."""

    records: int = 0
    new: int = 0
    changed: int = 0
    running: int = 0
    too_old: int = 0
    uncounted: int = 0
    """Sessions on days that are closed: their devices can no longer be told apart, so they are not counted."""
    other: int = 0
    faulty: int = 0
    faults: list[Fault] = field(default_factory=list)
    days: set[date] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Seen:
    """All records of a file about one session."""

    session: rules.Session
    device: str = field(repr=False)
    places: tuple[str, ...] = field(repr=False)


async def take_in(workshop: Workshop, text: str) -> Taken:
    """Store a file of accounting, portion by portion: taking it in again changes nothing, so a stop half way is
    mended by sending it again. Raises Refused when nothing in it can be read."""
    now = workshop.now
    parsed = await asyncio.to_thread(parse, text, now)
    if not parsed.records and not parsed.other:
        raise Refused(_unreadable(parsed))
    oldest = oldest_day(now, workshop.settings.keep_days)
    taken = Taken(len(parsed.records), other=parsed.other, faulty=parsed.faulty, faults=parsed.faults)
    async with workshop.working() as working:
        key = await _salt(working, SESSION_KEY)
    seen = await asyncio.to_thread(_together, parsed.records, key)
    kept = {one: what for one, what in seen.items() if rules.day_of(what.session.started_at) >= oldest}
    taken.too_old = len(seen) - len(kept)
    keys = sorted(kept)
    for start in range(0, len(keys), PORTION):
        async with workshop.working() as working:
            await _store(working, {one: kept[one] for one in keys[start : start + PORTION]}, taken)
    for day in sorted(taken.days):
        async with workshop.working() as working:
            await count(working, day)
    return taken


def _unreadable(parsed: Parsed) -> Text:
    if not parsed.faults:
        return Text("Berkas ini tidak berisi catatan sesi.", "This file holds no record of a session.")
    first = parsed.faults[0]
    return Text(
        f"Tidak ada catatan yang terbaca. Baris {first.row}: {first.message.id}",
        f"No record could be read. Line {first.row}: {first.message.en}",
    )


def _together(records: Iterable[Record], key: str) -> dict[str, Seen]:
    found: dict[str, Seen] = {}
    for one in records:
        name = rules.hashed(key, one.nas.lower(), one.session_id)
        before = found.get(name)
        if before is None:
            found[name] = Seen(one.session, one.device, one.places)
        else:
            merged = rules.merge(before.session, one.session)
            found[name] = Seen(merged, before.device or one.device, before.places or one.places)
    return found


async def _salt(working: Working, name: str) -> str:
    """The salt of that name, made when it is first wanted."""
    row = await working.session.get(Salt, name)
    if row is None:
        row = Salt(name=name, salt=secrets.token_hex(32), made_at=working.now, used_at=working.now)
        working.session.add(row)
        await working.session.flush()
    row.used_at = working.now
    return row.salt


async def _store(working: Working, seen: dict[str, Seen], taken: Taken) -> None:
    points = await _points_by_name(working)
    rows = await working.session.scalars(select(SessionRow).where(SessionRow.key.in_(seen)))
    have = {row.key: row for row in rows}
    silent, longest = limits(working)
    wanted: dict[date, set[str]] = defaultdict(set)
    for key, one in seen.items():
        row = have.get(key)
        before = session_of(row) if row else None
        after = rules.merge(before, one.session) if before else one.session
        if row is None:
            row = SessionRow(key=key)
            working.session.add(row)
        _fill(row, after, next((points[place] for place in one.places if place in points), None))
        taken.new, taken.changed = taken.new + (before is None), taken.changed + (before not in (None, after))
        taken.running += rules.end_of(after, working.now, silent, longest) is None
        days = rules.days_of(rules.spans([after], working.now, silent, longest)[0])
        taken.days.update(days)
        for day in days if one.device else ():
            wanted[day].add(one.device)
    await working.session.flush()
    for day, devices in wanted.items():
        taken.uncounted += await _note_devices(working, day, devices)


def _fill(row: SessionRow, session: rules.Session, access_point_id: str | None) -> None:
    row.started_at, row.seen_at, row.stopped_at = session.started_at, session.seen_at, session.stopped_at
    row.updates, row.up, row.down = session.updates, session.up, session.down
    row.access_point_id = access_point_id or row.access_point_id


def session_of(row: SessionRow) -> rules.Session:
    return rules.Session(row.started_at, row.seen_at, row.stopped_at, row.updates, row.up, row.down)


def limits(reading: Reading) -> tuple[timedelta, timedelta]:
    return timedelta(minutes=reading.settings.silent_minutes), timedelta(hours=reading.settings.longest_hours)


def oldest_day(now: datetime, keep_days: int) -> date:
    return rules.day_of(now) - timedelta(days=keep_days - 1)


async def _points_by_name(working: Working) -> dict[str, str]:
    points = await working.session.scalars(select(AccessPoint).where(AccessPoint.archived_at.is_(None)))
    return {name.lower(): one.id for one in points for name in (one.name, one.nas, one.host) if name}


async def _note_devices(working: Working, day: date, devices: Collection[str]) -> int:
    """Gives how many could not be noted because the day is closed."""
    counted = await working.session.get(DayCount, day)
    if counted is not None and counted.closed_at is not None:
        return len(devices)
    salt = await _salt(working, day.isoformat())
    hashes = {rules.hashed(salt, device) for device in devices}
    there = select(DeviceDay.device).where(DeviceDay.day == day, DeviceDay.device.in_(hashes))
    new = hashes - set(await working.session.scalars(there))
    if new:
        await working.session.execute(insert(DeviceDay), [{"day": day, "device": one} for one in new])
    return 0


async def sessions_touching(reading: Reading, start: datetime, end: datetime) -> list[rules.Session]:
    """Those that may have been there; a silent one may run on after it was last seen."""
    longest = max(limits(reading))
    asked = select(SessionRow).where(
        SessionRow.started_at < end, or_(SessionRow.stopped_at.is_(None), SessionRow.stopped_at > start),
        or_(SessionRow.seen_at > start - longest, SessionRow.stopped_at.is_not(None)),
    )  # fmt: skip
    return [session_of(row) for row in await reading.session.scalars(asked)]


async def count(working: Working, day: date) -> None:
    """Set down the day's figures anew from its sessions, running ones too. Devices stay as they were once closed."""
    start, end = rules.bounds(day)
    sessions = await sessions_touching(working, start, end)
    spans = rules.spans(sessions, working.now, *limits(working))
    row = await working.session.get(DayCount, day)
    if row is None:
        row = DayCount(day=day)
        working.session.add(row)
    row.sessions = sum(span[0] < end and span[1] > start for span in spans)
    row.peak = rules.peak(spans, start, end)
    pairs = list(zip(sessions, spans, strict=True))
    row.up = sum(rules.by_day(one.up, _carried(one, span)).get(day, 0) for one, span in pairs)
    row.down = sum(rules.by_day(one.down, _carried(one, span)).get(day, 0) for one, span in pairs)
    if row.closed_at is None:
        noted = select(func.count()).select_from(DeviceDay).where(DeviceDay.day == day)
        row.devices = await working.session.scalar(noted) or 0


def _carried(session: rules.Session, span: rules.Span) -> rules.Span:
    """When its bytes went over: until it was last seen; afterwards nothing is known."""
    return span[0], min(span[1], max(session.seen_at, span[0] + timedelta(seconds=1)))


async def count_days(workshop: Workshop) -> None:
    """Job: count the open days anew, close those that are over, erase what is too old."""
    today = rules.day_of(workshop.now)
    async with workshop.reading() as reading:
        asked = select(DayCount.day).where(DayCount.closed_at.is_(None)).order_by(DayCount.day)
        days = list(await reading.session.scalars(asked))
    for day in days:
        async with workshop.working() as working:
            await count(working, day)
            if day < today:
                await _close(working, day)
    async with workshop.working() as working:
        await forget(working)


async def _close(working: Working, day: date) -> None:
    """Destroy the day's salt once its records have had time to come in; from then on no device can be found again."""
    salt = await working.session.get(Salt, day.isoformat())
    wait = timedelta(hours=working.settings.close_hours)
    since = max(rules.bounds(day)[1], salt.used_at) if salt else rules.bounds(day)[1]
    if working.now < since + wait and (salt is None or working.now < salt.made_at + LONGEST_SALT):
        return
    row = await working.session.get_one(DayCount, day)
    row.closed_at = working.now
    await working.session.execute(delete(Salt).where(Salt.name == day.isoformat()))


async def forget(working: Working) -> None:
    """Erase devices and sessions from before the days that are kept; the days' figures stay."""
    oldest = oldest_day(working.now, working.settings.keep_days)
    session = working.session
    await session.execute(delete(DeviceDay).where(DeviceDay.day < oldest))
    await session.execute(delete(SessionRow).where(SessionRow.started_at < rules.bounds(oldest)[0]))
    await session.execute(delete(Salt).where(Salt.name < oldest.isoformat(), Salt.name != SESSION_KEY))


async def poll_points(workshop: Workshop) -> None:
    """Job: ask every access point, note the answers; whichever went down gets a ticket."""
    async with workshop.reading() as reading:
        asked = select(AccessPoint).where(AccessPoint.archived_at.is_(None), AccessPoint.method != "none")
        rows = await reading.session.scalars(asked)
        targets = [poller.Target(row.id, row.method, row.host, row.port) for row in rows]
    if not targets:
        return
    answers = await poller.poll(targets, workshop.settings.snmp_community)
    async with workshop.working() as working:
        await note_answers(working, answers)


async def note_answers(working: Working, answers: dict[str, bool | None]) -> None:
    asked = select(AccessPoint).where(AccessPoint.id.in_(answers)).order_by(AccessPoint.id).with_for_update()
    rows = await working.session.scalars(asked)
    for row in rows.all():
        before = rules.Health(row.state, row.since, row.misses)
        after = rules.debounce(before, answers[row.id], working.now)
        row.state, row.since, row.misses, row.checked_at = after.state, after.since, after.misses, working.now
        if after.state == before.state:
            continue
        if after.state == "down":
            await _went_down(working, row)
        elif after.state == "up":
            await _came_back(working, row)


async def _tickets(working: Working, row: AccessPoint) -> Sequence[Ticket]:
    asked = select(Ticket).where(Ticket.access_point_id == row.id, Ticket.state.in_(("open", "in_progress")))
    return (await working.session.scalars(asked.where(Ticket.archived_at.is_(None)))).all()


async def _went_down(working: Working, row: AccessPoint) -> None:
    working.emit("access_point_down", {"access_point": row.name})
    if not await _tickets(working, row):
        working.session.add(
            Ticket(
                **stamps(working.now),
                cause="other",
                source="poller",
                access_point_id=row.id,
                description=f"{row.name} tidak menjawab {rules.MISSES} kali berturut-turut.",
            )
        )


async def _came_back(working: Working, row: AccessPoint) -> None:
    """A ticket that the poll opened and nobody took is over by itself; one that a person opened or took is not."""
    working.emit("access_point_up", {"access_point": row.name})
    for ticket in await _tickets(working, row):
        if ticket.source == "poller" and ticket.state == "open":
            ticket.state, ticket.resolved_at, ticket.solution = (
                "resolved",
                working.now,
                "Menjawab lagi dengan sendirinya.",
            )
            ticket.version += 1


def stamps(now: datetime) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "version": 1, "created_at": now, "updated_at": now}


def check_point(values: Values) -> Sequence[Fault]:
    """A poll needs somewhere to go; and no field carries a device's address."""
    faults = [Fault(name, KNOWN) for name in ("name", "nas", "host", "note") if _has_address(values.get(name))]
    host, method = values.get("host"), values.get("method")
    if method not in (None, "none") and not host:
        faults.append(Fault("host", Text("Isi alamat yang diperiksa.", "Say which address to poll.")))
    if host and not poller.HOST.fullmatch(host):
        faults.append(Fault("host", Text("Isi nama host atau alamat IP.", "A host name or an IP address.")))
    return faults


def _has_address(text: str | None) -> bool:
    return bool(text) and rules.without_addresses(text or "") != text


async def save_point(_working: Working, row: AccessPoint, _new: bool) -> None:
    """One that is no longer polled is not known to be up."""
    if row.method == "none":
        row.state, row.since, row.misses = "unknown", None, 0


async def save_ticket(_working: Working, row: Ticket, new: bool) -> None:
    row.description = rules.without_addresses(row.description)
    if new:
        row.state, row.source = "open", "staff"


def move(act: str, label: Text, done: Text, *fields: Field) -> Action:
    """One step of a ticket as an action of its list."""

    async def run(working: Working, row: Ticket, values: Values) -> Text:
        state = rules.MOVES.get((row.state, act))
        if state is None:
            raise Refused(Text("Keadaan tiket sudah berubah.", "The ticket's state has changed."))
        row.state = state
        if act == "take":
            row.taken_by = working.person.name if working.person else None
        if act == "resolve":
            row.resolved_at, row.cause = working.now, values["cause"]
            row.solution = rules.without_addresses(values["solution"])
        if act == "reopen":
            row.resolved_at = row.solution = None
        return done

    return Action(
        name=act,
        label=label,
        permission="tickets",
        run=run,
        fields=fields,
        offered=lambda row: (row.state, act) in rules.MOVES,
    )


async def hand_to_112(working: Working, row: Ticket, _values: Values) -> Text:
    """A theft under way, or somebody in danger."""
    point = await working.session.get(AccessPoint, row.access_point_id) if row.access_point_id else None
    place = f"Taman Rozeline, {point.name}" if point else "Taman Rozeline"
    emergency = Emergency(narrative=row.description, place=place, point=point.point if point else None)
    row.handed = await working.report_emergency(emergency)
    return Text(f"Diserahkan ke 112: {row.handed}", f"Handed to 112: {row.handed}")


async def save_terms(working: Working, row: Terms, new: bool) -> None:
    """A new text gets the next number; a published one stays as people accepted it."""
    if not new:
        if row.state == "published":
            raise Refused(Text("Versi terbit tidak diubah: buat versi baru.", "It is published: make a new version."))
        return
    with working.session.no_autoflush:
        last = await working.session.scalar(select(func.max(Terms.number)))
    row.number, row.state = (last or 0) + 1, "draft"


async def publish_terms(working: Working, row: Terms, _values: Values) -> Text:
    row.state, row.published_at = "published", working.now
    working.emit("terms_published", {"number": row.number})
    return Text(f"Versi {row.number} terbit.", f"Version {row.number} is published.")


def check_hours(values: Values) -> Sequence[Fault]:
    if values.get("opens") is not None and values.get("opens") == values.get("closes"):
        return [Fault("closes", Text("Sama dengan jam buka.", "The same as the opening time."))]
    return []


RESOLUTION = Field(
    name="solution", label=Text("Apa yang diperbaiki", "What was done"), kind=Kind.LONG_TEXT, required=True, longest=500
)
