"""Notes on premises: hazards, gate codes, who lies ill there. Each expires; its text never enters the event log."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.db import Transaction
from dispatch.errors import Conflict, Forbidden, Invalid, NotFound
from dispatch.events import PremiseNoteEnded, PremiseNoteWritten
from dispatch.ids import new_id
from dispatch.people import service as people
from dispatch.places.model import PlaceRow, PremiseNoteRow
from dispatch.places.rules import METRES_PER_DEGREE, distance_m
from dispatch.views import Point, View

MOST_RADIUS_M = 2000
LONGEST = timedelta(days=730)
"""A gate code or a sick person of two years ago helps nobody: somebody looks again."""

MOST_SHOWN = 20

Kind = Literal["hazard", "access", "medical", "contact"]


class NewNote(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"kind": "access", "text": "Kode gerbang 4711", "point": {"lat": -1.31, "lon": 116.74},
                          "radius_m": 60, "expires_at": "2027-06-30T00:00:00Z"}]
        },
    )  # fmt: skip

    kind: Kind
    text: Annotated[str, Field(min_length=1, max_length=500)]
    point: Point
    radius_m: Annotated[int, Field(ge=10, le=MOST_RADIUS_M)] = 75
    place_id: Annotated[str, Field(max_length=64)] | None = None
    """The place of the gazetteer that it is about, where it is one."""
    expires_at: AwareDatetime


class NoteView(View):
    id: str
    kind: Kind
    text: str
    point: Point
    radius_m: int
    place_id: str | None
    away_m: int
    written_by_name: str | None
    written_at: datetime
    expires_at: datetime


async def write(tx: Transaction, new: NewNote) -> NoteView:
    """Raises Invalid (no text, or a time that cannot be), NotFound (no such place), Forbidden (nobody signed in)."""
    if tx.actor.user_id is None:
        raise Forbidden("Only a person writes a note.")
    text = new.text.strip()
    if not text:
        raise Invalid("An empty note says nothing.", field="text")
    if not tx.now < new.expires_at <= tx.now + LONGEST:
        raise Invalid(f"A note expires within {LONGEST.days} days from now.", field="expires_at")
    if new.place_id is not None and await tx.session.get(PlaceRow, new.place_id) is None:
        raise NotFound("There is no such place.", place_id=new.place_id)
    row = PremiseNoteRow(
        id=new_id(tx.now),
        kind=new.kind,
        text=text,
        place_id=new.place_id,
        lat=new.point.lat,
        lon=new.point.lon,
        radius_m=new.radius_m,
        written_by=tx.actor.user_id,
        written_at=tx.now,
        expires_at=new.expires_at,
    )
    tx.session.add(row)
    await tx.session.flush()
    tx.record(PremiseNoteWritten(note_id=row.id, kind=row.kind, expires_at=row.expires_at))
    return _view(row, 0.0, tx.actor.name)


async def end(tx: Transaction, note_id: str) -> None:
    """The note holds no longer. Raises NotFound, Conflict (it does not hold already)."""
    row = await tx.session.get(PremiseNoteRow, note_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such note.", note_id=note_id)
    if row.ended_at is not None or row.expires_at <= tx.now:
        raise Conflict("The note does not hold any more.", note_id=note_id)
    row.ended_at, row.ended_by = tx.now, tx.actor.user_id
    tx.record(PremiseNoteEnded(note_id=row.id))


async def near(session: AsyncSession, point: Point, now: datetime, accuracy_m: int | None = None) -> list[NoteView]:
    """Notes that hold at the point, the nearest first; a point good to `accuracy_m` (500 at most) meets more."""
    reach_m = float(min(accuracy_m or 0, 500))
    box = (MOST_RADIUS_M + reach_m) / METRES_PER_DEGREE
    query = select(PremiseNoteRow).where(
        PremiseNoteRow.lat.between(point.lat - box, point.lat + box),
        PremiseNoteRow.lon.between(point.lon - box, point.lon + box),
        PremiseNoteRow.ended_at.is_(None),
        PremiseNoteRow.expires_at > now,
    )
    names = {person.id: person.display_name for person in await people.people(session)}
    met = [(distance_m((row.lat, row.lon), (point.lat, point.lon)), row) for row in await session.scalars(query)]
    holds = sorted((pair for pair in met if pair[0] <= pair[1].radius_m + reach_m), key=lambda pair: pair[0])
    return [_view(row, away_m, names.get(row.written_by)) for away_m, row in holds[:MOST_SHOWN]]


def _view(row: PremiseNoteRow, away_m: float, name: str | None) -> NoteView:
    return NoteView.model_validate(
        {
            "id": row.id,
            "kind": row.kind,
            "text": row.text,
            "point": Point(lat=row.lat, lon=row.lon),
            "radius_m": row.radius_m,
            "place_id": row.place_id,
            "away_m": round(away_m),
            "written_by_name": name,
            "written_at": row.written_at,
            "expires_at": row.expires_at,
        }
    )
