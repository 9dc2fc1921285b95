"""Reads of incidents: views, pages, likely twins, the timeline."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch import log
from dispatch.assignments import queries as assignments
from dispatch.calls import service as calls
from dispatch.errors import NotFound
from dispatch.events import Recorded
from dispatch.incidents import likeness
from dispatch.incidents.likeness import Sketch
from dispatch.incidents.model import IncidentRow
from dispatch.people import service as people
from dispatch.views import AssignmentView, CallView, IncidentView, Need, Place, Point, View, Words
from dispatch.words import ENDED_INCIDENT_STATES, IncidentState

LONGEST_TIMELINE = 2000
"""Events shown of one incident: a day's large fire has some hundreds."""

MOST_SIMILAR = 5
"""A call-taker with a caller on the line reads no more."""

EARLIER_INCIDENTS = 10
"""Shown of one number."""


class Detail(View):
    incident: IncidentView
    assignments: tuple[AssignmentView, ...]
    calls: tuple[CallView, ...]


class Similar(View):
    incident: IncidentView
    score: float
    why: tuple[Words, ...]


class Page(View):
    items: tuple[IncidentView, ...]
    next: str | None


class TimelineItem(View):
    seq: int
    at: datetime
    type: str
    actor: str | None
    actor_name: str | None
    data: dict[str, Any]


def view(row: IncidentRow, call_ids: tuple[str, ...]) -> IncidentView:
    return IncidentView(
        id=row.id,
        number=row.number,
        type=row.type,
        category=row.category,
        priority=row.priority,
        determinant=row.determinant,
        state=row.state,
        protocol_version=row.protocol_version,
        answers=row.answers,
        narrative=row.narrative,
        place=_place(row),
        reporting_party=row.reporting_party,
        reporting_number=row.reporting_number,
        call_ids=call_ids,
        plan=tuple(Need.model_validate(need) for need in row.plan),
        owner_id=row.owner_id,
        opened_at=row.opened_at,
        triaged_at=row.triaged_at,
        dispatched_at=row.dispatched_at,
        en_route_at=row.en_route_at,
        on_scene_at=row.on_scene_at,
        under_control_at=row.under_control_at,
        resolved_at=row.resolved_at,
        closed_at=row.closed_at,
        disposition=row.disposition,
        merged_into_id=row.merged_into_id,
        version=row.version,
        alarm_level=row.alarm_level,
    )


def _place(row: IncidentRow) -> Place:
    return Place(
        text=row.place_text,
        point=None if row.lat is None or row.lon is None else Point(lat=row.lat, lon=row.lon),
        accuracy_m=row.accuracy_m,
        village_code=row.village_code,
        village=row.village,
        kecamatan=row.kecamatan,
        source=row.place_source,
    )


async def views(session: AsyncSession, rows: Sequence[IncidentRow]) -> tuple[IncidentView, ...]:
    linked = await calls.ids_of_incidents(session, [row.id for row in rows])
    return tuple(view(row, linked.get(row.id, ())) for row in rows)


async def get(session: AsyncSession, incident_id: str) -> IncidentView:
    """Raises NotFound."""
    row = await session.get(IncidentRow, incident_id)
    if row is None:
        raise NotFound("There is no such incident.", incident_id=incident_id)
    return (await views(session, [row]))[0]


async def detail(session: AsyncSession, incident_id: str) -> Detail:
    """Raises NotFound."""
    return Detail(
        incident=await get(session, incident_id),
        assignments=await assignments.of_incidents(session, [incident_id]),
        calls=await calls.of_incident(session, incident_id),
    )


async def snapshot(session: AsyncSession) -> tuple[IncidentView, ...]:
    """Incidents that have not ended, oldest first."""
    query = select(IncidentRow).where(IncidentRow.state.not_in(ENDED_INCIDENT_STATES)).order_by(IncidentRow.id)
    return await views(session, (await session.scalars(query)).all())


async def open_ids(session: AsyncSession) -> list[str]:
    """Ids of incidents that have not ended."""
    return list(await session.scalars(select(IncidentRow.id).where(IncidentRow.state.not_in(ENDED_INCIDENT_STATES))))


@dataclass(frozen=True, slots=True)
class Times:
    """When an incident reached what figures are made of."""

    opened_at: datetime
    dispatched_at: datetime | None
    on_scene_at: datetime | None


async def times_since(session: AsyncSession, since: datetime) -> list[Times]:
    """Of every incident opened since, those that were merged away excepted."""
    query = select(IncidentRow.opened_at, IncidentRow.dispatched_at, IncidentRow.on_scene_at)
    query = query.where(IncidentRow.opened_at >= since, IncidentRow.state != IncidentState.MERGED)
    return [Times(row.opened_at, row.dispatched_at, row.on_scene_at) for row in await session.execute(query)]


async def by_village(session: AsyncSession, since: datetime) -> dict[str, int]:
    """How many incidents each village had since, by its code; those that were merged away excepted."""
    query = select(IncidentRow.village_code, func.count()).group_by(IncidentRow.village_code)
    query = query.where(IncidentRow.opened_at >= since, IncidentRow.state != IncidentState.MERGED)
    query = query.where(IncidentRow.village_code.is_not(None))
    return {str(code): count for code, count in await session.execute(query)}


async def numbers(session: AsyncSession, incident_ids: Collection[str]) -> dict[str, str]:
    """The number of each of these incidents."""
    query = select(IncidentRow.id, IncidentRow.number).where(IncidentRow.id.in_(incident_ids))
    return {row.id: row.number for row in await session.execute(query)}


async def page(session: AsyncSession, state: Literal["open", "ended"] | None, cursor: str | None, limit: int) -> Page:
    """Incidents newest first; `cursor` is the `next` of the page before."""
    query = select(IncidentRow).order_by(IncidentRow.id.desc()).limit(limit + 1)
    if state == "open":
        query = query.where(IncidentRow.state.not_in(ENDED_INCIDENT_STATES))
    elif state == "ended":
        query = query.where(IncidentRow.state.in_(ENDED_INCIDENT_STATES))
    if cursor is not None:
        query = query.where(IncidentRow.id < cursor)
    rows = (await session.scalars(query)).all()
    return Page(
        items=await views(session, rows[:limit]),
        next=rows[limit - 1].id if len(rows) > limit else None,
    )


async def of_number(session: AsyncSession, number: str) -> tuple[IncidentView, ...]:
    """Incidents that this number reported before, newest first."""
    query = select(IncidentRow).where(IncidentRow.reporting_number == number)
    query = query.order_by(IncidentRow.opened_at.desc(), IncidentRow.id.desc()).limit(EARLIER_INCIDENTS)
    return await views(session, (await session.scalars(query)).all())


async def similar(session: AsyncSession, report: Sketch, apart: Collection[str] = ()) -> list[Similar]:
    """Open incidents that this report is likely about, the likeliest first; `apart`: those it is known not to be."""
    facts = IncidentRow
    query = select(
        facts.id, facts.type, facts.category, facts.lat, facts.lon, facts.accuracy_m, facts.village_code,
        facts.narrative, facts.place_text, facts.opened_at,
    ).where(
        facts.state.not_in((*ENDED_INCIDENT_STATES, IncidentState.RESOLVED)),
        facts.opened_at >= report.opened_at - timedelta(seconds=likeness.LASTING_S),
    )  # fmt: skip
    if report.point is not None:
        south, north, west, east = likeness.box(report.point)
        near = facts.lat.between(south, north) & facts.lon.between(west, east)
        query = query.where(near | facts.lat.is_(None))
    others = [(row.id, _sketch(row)) for row in await session.execute(query) if row.id not in apart]
    likely = likeness.likely_twins(report, others, MOST_SIMILAR)
    rows = await session.scalars(select(facts).where(facts.id.in_([key for key, _ in likely])))
    found = {one.id: one for one in await views(session, rows.all())}
    return [Similar(incident=found[key], score=like.score, why=like.why) for key, like in likely]


async def twins(session: AsyncSession, incident_id: str, apart: Collection[str]) -> list[Similar]:
    """Other open incidents that are likely the same event as this one. Raises NotFound."""
    row = await session.get(IncidentRow, incident_id)
    if row is None:
        raise NotFound("There is no such incident.", incident_id=incident_id)
    return await similar(session, _sketch(row), {*apart, incident_id})


class _Facts(Protocol):
    """The columns that likeness is judged by, of a row or of an entity."""

    type: Any
    category: Any
    lat: Any
    lon: Any
    accuracy_m: Any
    village_code: Any
    narrative: Any
    place_text: Any
    opened_at: Any


def _sketch(row: _Facts) -> Sketch:
    return Sketch(
        type=row.type,
        category=row.category,
        point=None if row.lat is None or row.lon is None else Point(lat=row.lat, lon=row.lon),
        village_code=row.village_code,
        text=f"{row.narrative} {row.place_text}",
        opened_at=row.opened_at,
        accuracy_m=row.accuracy_m,
    )


async def timeline(session: AsyncSession, incident_id: str) -> list[TimelineItem]:
    """Everything that happened to the incident and to its calls, as it happened, with names. Raises NotFound.

    By time: what a crew reported late, without network, stands where it belongs and not where it arrived.
    """
    incident = await get(session, incident_id)
    names = {person.id: person.display_name for person in await people.people(session)}
    stored = await log.timeline(session, incident_id, incident.call_ids, LONGEST_TIMELINE)
    return sorted((_item(one, names) for one in stored), key=lambda item: item.at)


def _item(stored: log.Stored, names: dict[str, str]) -> TimelineItem:
    recorded = Recorded.model_validate_json(stored.payload)
    return TimelineItem(
        seq=stored.seq,
        at=recorded.at,
        type=recorded.type,
        actor=recorded.actor,
        actor_name=names.get(recorded.actor) if recorded.actor else None,
        data=recorded.data.model_dump(mode="json", exclude={"type"}),
    )
