"""Escalation: one durable timer an incident looks who waits, raises alarms step by step, and settles what is over.

Whatever changes an incident asks for another look; the timer reckons itself when the next step is due.
"""

from dispatch import timers
from dispatch.assignments import queries as assignments
from dispatch.db import Transaction
from dispatch.incidents import alarms, queries, rules
from dispatch.incidents.model import AlarmRow
from dispatch.incidents.waiting import KINDS, Round, Wait, look, waits
from dispatch.settings import Settings
from dispatch.timers import Handler, TimerRow
from dispatch.views import IncidentView
from dispatch.words import AlarmKind

LOOK = "incident_escalation"
"""Kind of the timer; its key is the incident's id, its payload how often each wait was told."""


async def look_again(tx: Transaction, incident_id: str) -> None:
    """Look at the incident after this transaction. To be called before the alarms of the incident are touched."""
    await timers.hurry(tx, LOOK, incident_id)


def handlers(settings: Settings) -> dict[str, Handler]:
    """The durable timers of escalation and of snoozed alarms."""
    limits = {
        AlarmKind.INCIDENT_UNTRIAGED: settings.untriaged_after_s.of,
        AlarmKind.UNIT_NOT_EN_ROUTE: settings.not_en_route_after_s.of,
        AlarmKind.NO_REPORT: settings.no_report_after_s.of,
    }

    async def looked(tx: Transaction, timer: TimerRow) -> None:
        # No lock: whoever holds the incident may be waiting to touch this very timer.
        incident = await queries.get(tx.session, timer.key)
        waiting: list[Wait] = []
        if incident.state in rules.DISPATCHABLE:
            units = await assignments.of_incidents(tx.session, (incident.id,))
            waiting = list(waits(incident, units, limits))
        told: dict[str, int] = timer.payload.get("told", {})
        result = look(waiting, told, tx.now)
        for telling in result.tell:
            await _tell(tx, incident, telling.wait, telling.level)
        if told:
            await _settle_others(tx, incident.id, waiting, result)
        if result.next_at is not None:
            await timers.schedule(tx, LOOK, incident.id, result.next_at, {"told": result.told})

    return {LOOK: looked, alarms.SNOOZE_OVER: alarms.snooze_over}


async def _tell(tx: Transaction, incident: IncidentView, wait: Wait, level: int) -> None:
    waited_s = round((tx.now - wait.since).total_seconds())
    await alarms.raise_alarm(
        tx,
        wait.kind,
        level,
        incident_id=incident.id,
        assignment_id=wait.assignment_id,
        unit_id=wait.unit_id,
        detail=f"{incident.number}: {wait.kind.value.replace('_', ' ')} for {waited_s} s",
    )


async def _settle_others(tx: Transaction, incident_id: str, waiting: list[Wait], result: Round) -> None:
    """Acknowledge alarms whose wait is over."""
    held = {(wait.kind, wait.assignment_id) for wait in waiting if result.told.get(wait.key)}

    def over(row: AlarmRow) -> bool:
        return (row.kind, row.assignment_id) not in held

    await alarms.settle_where(tx, incident_id, KINDS, over)
