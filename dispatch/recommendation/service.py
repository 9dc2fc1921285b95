"""The recommendation for an incident, or for all of them: loads what the ranking needs and ranks."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.assignments import queries as assignments
from dispatch.db import Database
from dispatch.incidents import queries as incidents
from dispatch.incidents import rules as incident_rules
from dispatch.recommendation import aid, closures, rank
from dispatch.recommendation.columns import Standing
from dispatch.recommendation.coverage import Cover, Loss, losses
from dispatch.recommendation.diversion import Holder, may_divert
from dispatch.recommendation.geography import LEARN_FROM, Geography
from dispatch.recommendation.joint import MOST_INCIDENTS, Ask, Joint, solve
from dispatch.recommendation.matching import Offerable, Slot, match
from dispatch.recommendation.rank import Grounds, Recommendation, TravelSource
from dispatch.recommendation.roads import Closure
from dispatch.recommendation.routing import Estimate
from dispatch.recommendation.travel import Travel
from dispatch.units import service as units
from dispatch.units.service import Stationed
from dispatch.views import AssignmentView, IncidentView, Point
from dispatch.words import ACTIVE_ASSIGNMENT_STATES, Priority, UnitState

MOST_HOLDERS = 5
"""Incidents whose units may be called off are looked at up to here, the least urgent first."""

NOWHERE = Estimate({}, source="geodesic")


async def prepare(db: Database, geography: Geography, incident_id: str | None = None) -> None:
    """Ask the routing server, where there is one, for what `recommend` or `joint` will need; never in a transaction."""
    if geography.routing.server is None:
        return
    async with db.reading() as session:
        if incident_id is None:
            asked = [one for one in await incidents.snapshot(session) if one.state in incident_rules.DISPATCHABLE]
        else:
            asked = [await incidents.get(session, incident_id)]
        standings = [Standing(one.unit, one.station) for one in await units.stationed(session)]
    starts = rank.origins(standings, db.clock())
    for one in asked:
        if one.place.point is not None:
            await geography.routing.fetch(one.place.point, starts)


async def recommend(
    session: AsyncSession,
    incident: IncidentView,
    now: datetime,
    geography: Geography,
    *,
    without: Collection[str] = (),
) -> Recommendation:
    """Which units to send to the incident, why, and why no other; as if the units `without` did not exist."""
    stationed = [one for one in await units.stationed(session) if one.unit.id not in without]
    closed = await closures.in_force(session, now)
    plain = [Standing(one.unit, one.station, here=one.unit.incident_id == incident.id) for one in stationed]
    found = _estimate(geography, incident.place.point, plain, now, closed)
    holders = await _holders(session, incident, stationed, geography, now, closed)
    numbers = await incidents.numbers(
        session, {one.unit.incident_id for one in stationed if one.unit.incident_id is not None}
    )
    standings = [
        Standing(
            unit=one.unit,
            station=one.station,
            holder_number=numbers.get(one.unit.incident_id or ""),
            here=one.unit.incident_id == incident.id,
            holder=holders.get(one.unit.id),
        )
        for one in stationed
    ]
    grounds = Grounds(
        priority=incident.priority,
        no_way=found.no_way,
        losses=await _losses(session, stationed, geography, now),
        neighbours=geography.neighbours,
        source=found.source if incident.place.point else None,
        notes=found.notes,
    )
    return rank.recommend(incident.plan, standings, found.ways, now, grounds)


async def joint(session: AsyncSession, now: datetime, geography: Geography) -> Joint:
    """One proposal for all open incidents that have a point."""
    stationed = await units.stationed(session)
    closed = await closures.in_force(session, now)
    standings = [Standing(one.unit, one.station) for one in stationed]
    free = [one.unit for one in stationed if one.unit.state is UnitState.AVAILABLE]
    lost = await _losses(session, stationed, geography, now)
    asks: list[Ask] = []
    source = TravelSource(source=None)
    waiting = [
        one for one in await incidents.snapshot(session) if one.place.point is not None and _needs(one, standings)
    ]
    urgent = sorted(waiting, key=lambda one: (one.priority.value, one.id))[:MOST_INCIDENTS]
    for incident in sorted(urgent, key=lambda one: one.id):
        found = _estimate(geography, incident.place.point, standings, now, closed)
        source = TravelSource(source=found.source, notes=found.notes)
        asks.append(_ask(incident, standings, found, lost, now))
    return solve(asks, free, source)


def _needs(incident: IncidentView, standings: Sequence[Standing]) -> bool:
    """Units may be sent to it, and those that it has leave something of its plan open."""
    if incident.state not in incident_rules.DISPATCHABLE:
        return False
    slots = [Slot("", need.capability, 1.0) for need in incident.plan for _ in range(need.count)]
    on_it = [one.unit for one in standings if one.unit.incident_id == incident.id]
    return len(match(slots, [Offerable(one.id, frozenset(one.capabilities), {"": 0.0}) for one in on_it])) < len(slots)


def _ask(
    incident: IncidentView,
    standings: Sequence[Standing],
    found: Estimate,
    lost: Mapping[str, Loss],
    now: datetime,
) -> Ask:
    grounds = Grounds(priority=incident.priority, losses=lost)
    ways = {
        one.unit.id: found.ways[one.unit.id]
        for one in standings
        if one.unit.state is UnitState.AVAILABLE and one.unit.id in found.ways
    }
    return Ask(
        incident_id=incident.id,
        number=incident.number,
        priority=incident.priority,
        plan=incident.plan,
        here=tuple(one.unit for one in standings if one.unit.incident_id == incident.id),
        ways=ways,
        scores={
            one.unit.id: rank.score_s(one, ways[one.unit.id], grounds, now) for one in standings if one.unit.id in ways
        },
    )


def _estimate(
    geography: Geography, to: Point | None, standings: Sequence[Standing], now: datetime, closed: Sequence[Closure]
) -> Estimate:
    """The ways of all units and of the neighbours."""
    if to is None:
        return NOWHERE
    starts = [*rank.origins(standings, now), *aid.origins(geography.neighbours)]
    return geography.routing.estimate(to, starts, now, closed)


async def _losses(
    session: AsyncSession, stationed: Sequence[Stationed], geography: Geography, now: datetime
) -> Mapping[str, Loss]:
    demand = geography.demand
    if demand.wants(now):
        demand.learn(await incidents.by_village(session, now - LEARN_FROM), now)
    free = [Standing(one.unit, one.station) for one in stationed if one.unit.state is UnitState.AVAILABLE]
    starts = rank.origins(free, now)
    cover = [
        Cover(one.unit.id, one.unit.kind, one.unit.capabilities, start.point)
        for one, start in zip(free, starts, strict=True)
    ]
    return losses(cover, demand.villages)


async def _holders(
    session: AsyncSession,
    incident: IncidentView,
    stationed: Sequence[Stationed],
    geography: Geography,
    now: datetime,
    closed: Sequence[Closure],
) -> dict[str, Holder]:
    """Of each unit that a less urgent incident holds: that incident, and what it would be left with."""
    held = {one.unit.incident_id for one in stationed if one.unit.incident_id not in (None, incident.id)}
    if not held or incident.priority is Priority.P5:
        return {}
    others = [one for one in await incidents.snapshot(session) if one.id in held]
    less = [one for one in others if one.priority.value > incident.priority.value]
    less = sorted(less, key=lambda one: (one.priority.value, one.id), reverse=True)[:MOST_HOLDERS]
    active = [
        one
        for one in await assignments.of_incidents(session, [one.id for one in less])
        if one.state in ACTIVE_ASSIGNMENT_STATES
    ]
    by_id = {one.unit.id: one for one in stationed}
    found: dict[str, Holder] = {}
    for holder in less:
        mine = [one for one in active if one.incident_id == holder.id]
        wanted = [one for one in mine if may_divert(one.state, holder.priority, incident.priority)]
        if not wanted:
            continue
        free = [Standing(one.unit, one.station) for one in stationed if one.unit.state is UnitState.AVAILABLE]
        ways = _estimate(geography, holder.place.point, free, now, closed).ways
        for one in wanted:
            if one.unit_id in by_id:
                found[one.unit_id] = _holder(holder, one, len(mine), by_id[one.unit_id], free, ways)
    return found


def _holder(
    incident: IncidentView,
    assignment: AssignmentView,
    on_it: int,
    unit: Stationed,
    free: Sequence[Standing],
    ways: Mapping[str, Travel],
) -> Holder:
    needed = Counter({need.capability: need.count for need in incident.plan})
    lost = [capability for capability in unit.unit.capabilities if needed[capability]]
    able = [
        (ways[one.unit.id].seconds, one.unit.callsign)
        for one in free
        if one.unit.id in ways and not set(lost).isdisjoint(one.unit.capabilities)
    ]
    seconds, callsign = min(able, default=(0, ""))
    return Holder(
        incident_id=incident.id,
        number=incident.number,
        priority=incident.priority,
        assignment_id=assignment.id,
        state=assignment.state,
        others=on_it - 1,
        replacement=(callsign, seconds) if able else None,
    )
