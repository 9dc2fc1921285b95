"""Routes of incidents and alarms."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from dispatch.actor import CENTRE, Actor
from dispatch.api import CENTRE_ROLES, OPS_ROLES, Command, ExpectedVersion, InCentre, commands, reads
from dispatch.assignments import service as assignments
from dispatch.assignments import unmet
from dispatch.assignments.service import OfferPolicy
from dispatch.db import Transaction
from dispatch.incidents import alarms, levels, queries, service, twins
from dispatch.incidents.likeness import Sketch
from dispatch.incidents.queries import Detail, Page, Similar, TimelineItem
from dispatch.incidents.rules import HIGHEST_ALARM, IncidentAct
from dispatch.incidents.service import Amendment, Deed, Report
from dispatch.places import notes
from dispatch.places.notes import NoteView
from dispatch.views import AlarmView, CallView, IncidentView, Point
from dispatch.words import Role

router = APIRouter(tags=["incidents"])

OfOps = Annotated[Actor, Depends(reads(*OPS_ROLES))]
OfCentre = Annotated[Actor, Depends(reads(*CENTRE_ROLES))]
Decides = Annotated[Command, Depends(commands(*CENTRE_ROLES))]


class NoteBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=2000)]


class AlarmLevelBody(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"level": 2, "reason": "Api merambat ke rumah sebelah"}]}
    )

    level: Annotated[int, Field(ge=1, le=HIGHEST_ALARM)]
    reason: Annotated[str, Field(min_length=1, max_length=300)]


class SnoozeBody(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"minutes": 5, "reason": "Menunggu kabar kru"}]}
    )

    minutes: Annotated[int, Field(ge=1, le=240)]
    reason: Annotated[str, Field(min_length=1, max_length=300)]


class MergeBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    into_id: str


@router.post("/incidents", status_code=201, response_model=IncidentView)
async def open_incident(centre: InCentre, command: Decides, body: Report) -> Response:
    """Open an incident from what a caller reports; whoever opens it owns it."""
    return await command.run(
        lambda tx: service.open_incident(
            tx,
            centre.protocols,
            centre.gazetteer,
            body,
            undispatched_after_s=centre.settings.undispatched_after_s,
        ),
        201,
    )


@router.get("/incidents")
async def incidents(
    centre: InCentre,
    _actor: OfOps,
    state: Literal["open", "ended"] | None = None,
    cursor: Annotated[str | None, Query(max_length=36)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page:
    """Incidents, newest first."""
    async with centre.db.reading() as session:
        return await queries.page(session, state, cursor, limit)


@router.get("/incidents/similar")
async def similar(
    centre: InCentre,
    _actor: OfCentre,
    type: str,
    lat: Annotated[float | None, Query(ge=-90, le=90)] = None,
    lon: Annotated[float | None, Query(ge=-180, le=180)] = None,
    text: Annotated[str, Query(max_length=2000)] = "",
    accuracy_m: Annotated[int | None, Query(ge=0, le=100_000)] = None,
    call_id: Annotated[str | None, Query(max_length=36)] = None,
) -> list[Similar]:
    """Open incidents that this report is likely about, but those that its call was told apart from."""
    point = None if lat is None or lon is None else Point(lat=lat, lon=lon)
    report = Sketch(
        type=type,
        category=centre.protocols.get(type).category,
        point=point,
        village_code=centre.gazetteer.locate(point.lat, point.lon).place.village_code if point else None,
        text=text,
        opened_at=centre.db.clock(),
        accuracy_m=accuracy_m,
    )
    async with centre.db.reading() as session:
        apart = await twins.told_apart(session, call_id) if call_id else frozenset[str]()
        return await queries.similar(session, report, apart)


@router.get("/incidents/{incident_id}")
async def incident(
    centre: InCentre, actor: Annotated[Actor, Depends(reads(*OPS_ROLES, Role.RESPONDER))], incident_id: str
) -> Detail:
    """The incident with its assignments and calls; for a crew too, once its unit was offered it."""
    async with centre.db.reading() as session:
        await service.require_part(session, actor, incident_id)
        return await queries.detail(session, incident_id)


@router.get("/incidents/{incident_id}/premise-notes")
async def premise_notes(
    centre: InCentre, actor: Annotated[Actor, Depends(reads(*OPS_ROLES, Role.RESPONDER))], incident_id: str
) -> list[NoteView]:
    """What is known of the place before a crew comes there; for a crew too, once its unit was offered the incident."""
    async with centre.db.reading() as session:
        await service.require_part(session, actor, incident_id)
        place = (await queries.get(session, incident_id)).place
        return await notes.near(session, place.point, centre.db.clock(), place.accuracy_m) if place.point else []


@router.get("/incidents/{incident_id}/timeline")
async def timeline(centre: InCentre, _actor: OfOps, incident_id: str) -> list[TimelineItem]:
    """Everything that happened to the incident and to its calls, in order."""
    async with centre.db.reading() as session:
        return await queries.timeline(session, incident_id)


@router.patch("/incidents/{incident_id}", response_model=IncidentView)
async def amend(
    centre: InCentre, command: Decides, version: ExpectedVersion, incident_id: str, body: Amendment
) -> Response:
    """Change what is known; new answers, type or priority are a new triage."""

    async def run(tx: Transaction) -> IncidentView:
        amended = await service.amend(tx, centre.protocols, centre.gazetteer, incident_id, version, body)
        await unmet.check_plan(tx, amended, centre.geography)
        return amended

    return await command.run(run)


@router.post("/incidents/{incident_id}/notes", status_code=204)
async def note(
    command: Annotated[Command, Depends(commands(*OPS_ROLES, Role.RESPONDER))], incident_id: str, body: NoteBody
) -> Response:
    """Add a line to the timeline."""
    return await command.run(lambda tx: service.note(tx, incident_id, body.text))


@router.post("/incidents/{incident_id}/acts", response_model=IncidentView)
async def act(
    centre: InCentre,
    command: Annotated[Command, Depends(commands(*CENTRE_ROLES, Role.RESPONDER))],
    incident_id: str,
    body: Deed,
) -> Response:
    """Report or decide something; cancelling calls off the units that are on their way."""
    policy = OfferPolicy.of(centre.settings, centre.geography)

    async def run(tx: Transaction) -> IncidentView:
        if body.act is IncidentAct.CANCEL and body.reason and tx.actor.roles & CENTRE:
            await assignments.stand_down(tx, incident_id, body.reason, policy)
        return await service.act(tx, incident_id, body, undispatched_after_s=policy.undispatched_after_s)

    return await command.run(run)


@router.put("/incidents/{incident_id}/alarm-level", response_model=IncidentView)
async def set_alarm_level(centre: InCentre, command: Decides, incident_id: str, body: AlarmLevelBody) -> Response:
    """A second alarm, a third: the response plan so many times over."""

    async def run(tx: Transaction) -> IncidentView:
        incident = await levels.set_alarm_level(tx, incident_id, body.level, body.reason)
        await unmet.check_plan(tx, incident, centre.geography)
        return incident

    return await command.run(run)


@router.post("/incidents/{incident_id}/merge", response_model=IncidentView)
async def merge(command: Decides, incident_id: str, body: MergeBody) -> Response:
    """Say that two incidents are one event: the calls of this one follow into the other."""
    return await command.run(lambda tx: twins.merge(tx, incident_id, body.into_id))


@router.post("/incidents/{incident_id}/unmerge", response_model=IncidentView)
async def unmerge(centre: InCentre, command: Decides, incident_id: str) -> Response:
    """Take a merge back: the incident is open again, with the calls that it brought along."""
    after_s = centre.settings.undispatched_after_s
    return await command.run(lambda tx: twins.unmerge(tx, incident_id, undispatched_after_s=after_s))


@router.put("/incidents/{incident_id}/separations/{subject_id}", status_code=204)
async def tell_apart(command: Decides, incident_id: str, subject_id: str) -> Response:
    """Say that a call, or another incident, is not about this incident: it is not proposed any more."""
    return await command.run(lambda tx: twins.tell_apart(tx, incident_id, subject_id))


@router.delete("/incidents/{incident_id}/separations/{subject_id}", status_code=204)
async def not_apart(command: Decides, incident_id: str, subject_id: str) -> Response:
    """Take that back."""
    return await command.run(lambda tx: twins.not_apart(tx, incident_id, subject_id))


@router.delete("/calls/{call_id}/link", response_model=CallView)
async def unlink(command: Decides, call_id: str) -> Response:
    """The call reports no incident after all."""
    return await command.run(lambda tx: twins.unlink(tx, call_id))


@router.get("/incidents/{incident_id}/twins")
async def twins_of(centre: InCentre, _actor: OfCentre, incident_id: str) -> list[Similar]:
    """Other open incidents that are likely the same event, the likeliest first."""
    async with centre.db.reading() as session:
        apart = await twins.told_apart(session, incident_id)
        return await queries.twins(session, incident_id, apart)


@router.post("/alarms/{alarm_id}/acknowledge", response_model=AlarmView)
async def acknowledge(command: Annotated[Command, Depends(commands(*OPS_ROLES))], alarm_id: str) -> Response:
    """Say that somebody has seen to it."""
    return await command.run(lambda tx: alarms.acknowledge(tx, alarm_id))


@router.post("/alarms/{alarm_id}/snooze", response_model=AlarmView)
async def snooze(
    centre: InCentre, command: Annotated[Command, Depends(commands(*OPS_ROLES))], alarm_id: str, body: SnoozeBody
) -> Response:
    """Put an alarm off, with a reason; it sounds again unless somebody sees to it meanwhile."""
    most_min = centre.settings.snooze_most_min
    return await command.run(lambda tx: alarms.snooze(tx, alarm_id, body.minutes, body.reason, most_min=most_min))
