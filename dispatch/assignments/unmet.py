"""Alarms about what the offers left open: nobody took one, or the response plan stays short of units."""

from collections.abc import Iterable

from dispatch.assignments import queries
from dispatch.assignments.model import AssignmentRow
from dispatch.assignments.rules import AssignmentAct
from dispatch.db import Transaction
from dispatch.incidents import alarms
from dispatch.recommendation import rank
from dispatch.recommendation import service as recommendation
from dispatch.recommendation.geography import Geography
from dispatch.units import service as units
from dispatch.views import AssignmentView, IncidentView
from dispatch.words import ACTIVE_ASSIGNMENT_STATES, AlarmKind

UNANSWERED_LEVEL = 2
"""Of a declined or expired offer: the dispatcher's."""

PLAN_SHORT_LEVEL = 2
"""The dispatcher's: somebody is on the way, and whom else to ask (another agency, a neighbour) is theirs to decide."""

NO_UNIT_LEVEL = 3
"""When nobody is left to offer: the supervisor's."""


def tried(assignments: Iterable[AssignmentView]) -> set[str]:
    """Units that refused or missed this incident, or were called off it, and are not on it again."""
    asked = list(assignments)
    on_it = {one.unit_id for one in asked if one.state in ACTIVE_ASSIGNMENT_STATES}
    return {one.unit_id for one in asked} - on_it


async def unanswered(
    tx: Transaction, row: AssignmentRow, act: AssignmentAct, reason: str, *, nobody_left: bool
) -> None:
    """Alarm the dispatcher of an offer that was declined or expired, the supervisor when nobody is left to ask."""
    callsign = (await units.view(tx.session, row.unit_id)).callsign
    await alarms.raise_alarm(
        tx,
        AlarmKind.OFFER_DECLINED if act is AssignmentAct.DECLINE else AlarmKind.OFFER_EXPIRED,
        UNANSWERED_LEVEL,
        incident_id=row.incident_id,
        assignment_id=row.id,
        unit_id=row.unit_id,
        detail=f"{callsign}: {reason}" if reason else callsign,
    )
    if nobody_left:
        await alarms.raise_alarm(tx, AlarmKind.NO_UNIT_LEFT, NO_UNIT_LEVEL, incident_id=row.incident_id)


async def check_plan(tx: Transaction, incident: IncidentView, geography: Geography) -> None:
    """Alarm when units are on the incident, its plan needs more, and nobody is left to ask; settle it once it is met.

    The caller holds the incident.
    """
    asked = await queries.of_incidents(tx.session, [incident.id])
    if all(one.state not in ACTIVE_ASSIGNMENT_STATES for one in asked):
        return
    found = await recommendation.recommend(tx.session, incident, tx.now, geography, without=tried(asked))
    if not rank.uncovered(found):
        await alarms.settle(tx, AlarmKind.PLAN_SHORT, incident_id=incident.id)
    elif not any(one.proposed for one in found.candidates) and not await alarms.is_open(
        tx, AlarmKind.PLAN_SHORT, incident_id=incident.id
    ):
        missing = ", ".join(f"{one.capability.value.replace('_', ' ')} {one.missing}" for one in found.short)
        detail = f"{incident.number}: the plan is short of {missing}"
        await alarms.raise_alarm(tx, AlarmKind.PLAN_SHORT, PLAN_SHORT_LEVEL, incident_id=incident.id, detail=detail)
