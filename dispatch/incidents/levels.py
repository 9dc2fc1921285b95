"""Alarm levels: a second alarm, a third, and so on ask for the response plan so many times over."""

from dispatch.assignments import queries as assignments
from dispatch.db import Transaction
from dispatch.errors import Conflict, Invalid
from dispatch.events import IncidentAlarmLevelSet
from dispatch.incidents import progress, rules
from dispatch.views import Changed, IncidentView, Need


async def set_alarm_level(tx: Transaction, incident_id: str, level: int, reason: str) -> IncidentView:
    """Ask for the response plan `level` times over (a second alarm), or take that back.

    Raises NotFound, Invalid (no reason, no such level), Conflict (ended, or it has that level already).
    """
    said = reason.strip()
    if not said:
        raise Invalid("Say why.", field="reason")
    if not 1 <= level <= rules.HIGHEST_ALARM:
        raise Invalid(f"The alarm levels are 1 to {rules.HIGHEST_ALARM}.", field="level")
    row = await progress.locked(tx, incident_id)
    if row.state not in rules.DISPATCHABLE:
        raise Conflict(f"The incident is {row.state.value}: reopen it first.", state=row.state.value)
    if row.alarm_level == level:
        raise Conflict(f"The incident has alarm level {level} already.", level=level)
    previous = row.alarm_level
    plan = [Need.model_validate(need) for need in row.plan]
    row.plan, row.alarm_level = rules.plan_at(plan, level, previous), level
    row.version += 1
    after = await progress.view_of(tx, row)
    topics = await assignments.topics_of(tx.session, incident_id)
    event = IncidentAlarmLevelSet(incident_id=row.id, level=level, previous=previous, reason=said)
    tx.record(event, Changed(incidents=(after,)), topics=topics)
    return after
