"""Changes of the gazetteer by hand and by file: checked whole, done in one transaction, undoable."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.db import Transaction
from dispatch.errors import Conflict, Forbidden, Invalid, NotFound
from dispatch.events import AUDIT, GazetteerChanged
from dispatch.ids import new_id
from dispatch.people import service as people
from dispatch.places.entries import OWN_KINDS, VILLAGE_KINDS
from dispatch.places.files import Draft, Fault, Format, checked, read_file
from dispatch.places.model import PlaceChangeRow, PlaceRow, PlaceUseRow
from dispatch.places.seed import AREA_CENTRE
from dispatch.views import View

BY_HAND = "operator"
"""Source of a place that was entered here."""

SHOWN_CHANGES = 50
SHOWN_ROWS = 200
"""Of a file's rows in its preview; all are counted."""

FACTS = ("name", "kind", "village_code", "village", "kecamatan", "lat", "lon", "accuracy_m", "variants", "source")

Deed = Literal["add", "change", "same"]


class PlaceFacts(View):
    id: str
    name: str
    kind: str
    village_code: str | None
    village: str | None
    kecamatan: str | None
    lat: float | None
    lon: float | None
    accuracy_m: int | None
    variants: tuple[str, ...]
    source: str
    active: bool
    uses: int


class PlacePage(View):
    items: tuple[PlaceFacts, ...]
    total: int


class FaultView(View):
    row: int
    field: str
    id: str
    en: str


class RowPreview(View):
    row: int
    deed: Deed
    name: str
    kind: str
    changes: tuple[str, ...]
    """Which facts differ from what is there."""


class Preview(View):
    """What a file would do; with any fault nothing is done."""

    adds: int
    changes: int
    same: int
    faults: tuple[FaultView, ...]
    rows: tuple[RowPreview, ...]


class ChangeView(View):
    id: str
    kind: str
    title: str
    rows: int
    by_name: str | None
    at: datetime
    undone_at: datetime | None


class _Plan:
    """Drafts beside what is there."""

    def __init__(self, rows: Sequence[PlaceRow]) -> None:
        self.by_id = {row.id: row for row in rows}
        self._by_name = {(row.name.casefold(), row.village_code): row for row in rows if row.kind != AREA_CENTRE}
        self._villages = {row.village_code: row for row in rows if row.kind in VILLAGE_KINDS}

    def row_of(self, draft: Draft) -> PlaceRow | None:
        if draft.id is not None:
            return self.by_id.get(draft.id)
        return self._by_name.get((draft.name.casefold(), draft.village_code))

    def faults(self, draft: Draft) -> list[Fault]:
        row, faults = self.row_of(draft), []
        if draft.village_code is not None and draft.village_code not in self._villages:
            faults.append(Fault(draft.row, "village_code", "Kode desa tidak dikenal.", "No such village code."))
        if draft.id is not None and row is None:
            faults.append(Fault(draft.row, "id", "Tidak ada tempat dengan id ini.", "No place has this id."))
        own = row is not None and row.kind in OWN_KINDS
        if draft.kind in OWN_KINDS and (row is None or row.kind != draft.kind):
            faults.append(Fault(draft.row, "kind", "Jenis ini milik sistem.", "This kind is the system's own."))
        if own and row is not None and (draft.kind != row.kind or not draft.active or draft.lat is None):
            faults.append(
                Fault(draft.row, "kind", "Wilayah tidak bisa dinonaktifkan.", "An area keeps its kind, point and use.")
            )
        return faults

    def after(self, draft: Draft, now: datetime) -> dict[str, Any]:
        """The facts that the draft gives a place; what an area's village is, nobody changes."""
        row = self.row_of(draft)
        village = self._villages.get(draft.village_code) if draft.village_code else None
        area = row if row is not None and row.kind in OWN_KINDS else None
        facts = {name: value for name, value in asdict(draft).items() if name in FACTS}
        within = village if area is None else area
        facts |= {
            "village_code": within.village_code if within else None,
            "village": within.village if within else None,
            "kecamatan": within.kecamatan if within else None,
            "variants": list(draft.variants),
            "source": row.source if row is not None else BY_HAND,
        }
        since = row.inactive_since if row is not None and row.inactive_since is not None else now
        return {**facts, "inactive_since": None if draft.active else since.isoformat()}


def facts_of(row: PlaceRow) -> dict[str, Any]:
    since = row.inactive_since
    return {name: getattr(row, name) for name in FACTS} | {"inactive_since": since.isoformat() if since else None}


async def preview(session: AsyncSession, format: Format, text: str, now: datetime) -> Preview:
    """What the file would do."""
    read = read_file(format, text)
    plan = _Plan((await session.scalars(select(PlaceRow))).all())
    faults = [*read.faults, *(fault for draft in read.drafts for fault in plan.faults(draft))]
    rows = [_row_preview(plan, draft, now) for draft in read.drafts]
    return Preview(
        adds=sum(row.deed == "add" for row in rows),
        changes=sum(row.deed == "change" for row in rows),
        same=sum(row.deed == "same" for row in rows),
        faults=tuple(FaultView(row=one.row, field=one.field, id=one.id, en=one.en) for one in faults[:SHOWN_ROWS]),
        rows=tuple(sorted(rows, key=lambda row: (row.deed == "same", row.row))[:SHOWN_ROWS]),
    )


def _row_preview(plan: _Plan, draft: Draft, now: datetime) -> RowPreview:
    row = plan.row_of(draft)
    if row is None:
        return RowPreview(row=draft.row, deed="add", name=draft.name, kind=draft.kind, changes=())
    before, after = facts_of(row), plan.after(draft, now)
    differs = tuple(name for name in after if after[name] != before[name])
    return RowPreview(
        row=draft.row, deed="change" if differs else "same", name=draft.name, kind=draft.kind, changes=differs
    )


async def take_file(tx: Transaction, format: Format, text: str, title: str) -> ChangeView:
    """Do all that the file says, or nothing. Raises Invalid (the first fault, or nothing would change)."""
    read = read_file(format, text)
    return await _apply(tx, "import", title, read.drafts, read.faults)


async def put(tx: Transaction, place_id: str | None, facts: Mapping[str, Any]) -> ChangeView:
    """Add a place (`place_id` None) or change one. Raises NotFound, Invalid that names the field."""
    draft, faults = checked(0, {**facts, "id": place_id})
    if place_id is not None and await tx.session.get(PlaceRow, place_id) is None:
        raise NotFound("There is no such place.", place_id=place_id)
    drafts = [draft] if draft is not None else []
    return await _apply(tx, "edit" if place_id else "add", str(facts.get("name", "")), drafts, faults)


async def _apply(
    tx: Transaction, kind: str, title: str, drafts: Sequence[Draft], faults: Sequence[Fault]
) -> ChangeView:
    plan = _Plan((await tx.session.scalars(select(PlaceRow).with_for_update())).all())
    if kind == "add" and drafts and plan.row_of(drafts[0]) is not None:
        raise Conflict("A place of this name is there already.", place_id=getattr(plan.row_of(drafts[0]), "id", None))
    fault = next(iter([*faults, *(fault for draft in drafts for fault in plan.faults(draft))]), None)
    if fault is not None:
        raise Invalid(f"Row {fault.row}: {fault.en}" if fault.row else fault.en, field=fault.field, row=fault.row)
    steps: list[dict[str, Any]] = []
    for draft in drafts:
        row, after = plan.row_of(draft), plan.after(draft, tx.now)
        before = facts_of(row) if row is not None else None
        if before != after:
            steps.append({"id": row.id if row is not None else new_id(tx.now), "before": before, "after": after})
    if not steps:
        raise Invalid("Nothing would change.", field="file" if kind == "import" else "name")
    for step in steps:
        await _write(tx, step["id"], step["after"])
    return await _keep(tx, kind, title, steps)


async def _write(tx: Transaction, place_id: str, facts: Mapping[str, Any] | None) -> None:
    """Make the place what the facts say; None: it was not there before, so it is not found any more."""
    row = await tx.session.get(PlaceRow, place_id)
    if row is None:
        row = PlaceRow(id=place_id)
        tx.session.add(row)
    if facts is None:
        row.inactive_since = tx.now
        return
    for name in FACTS:
        setattr(row, name, facts[name])
    since = facts["inactive_since"]
    row.inactive_since = datetime.fromisoformat(since) if since else None


async def _keep(tx: Transaction, kind: str, title: str, steps: list[dict[str, Any]]) -> ChangeView:
    if tx.actor.user_id is None:
        raise Forbidden("Only a person changes the gazetteer.")
    row = PlaceChangeRow(
        id=new_id(tx.now), kind=kind, title=title.strip()[:200], rows=steps, by=tx.actor.user_id, at=tx.now
    )
    tx.session.add(row)
    await tx.session.flush()
    tx.record(GazetteerChanged(change_id=row.id, kind=kind, places=len(steps), undone=False), topics=(AUDIT,))
    return _view(row, tx.actor.name)


async def undo(tx: Transaction, change_id: str) -> ChangeView:
    """Make every place of the change what it was. Raises NotFound, Conflict (undone already, or changed since)."""
    row = await tx.session.get(PlaceChangeRow, change_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such change.", change_id=change_id)
    if row.undone_at is not None:
        raise Conflict("This change was undone already.", change_id=change_id)
    for step in row.rows:
        place = await tx.session.get(PlaceRow, step["id"], with_for_update=True)
        if place is None or facts_of(place) != step["after"]:
            name = step["after"]["name"]
            raise Conflict(f"{name} was changed since: undo the later change first.", place_id=step["id"])
    for step in row.rows:
        await _write(tx, step["id"], step["before"])
    row.undone_at, row.undone_by = tx.now, tx.actor.user_id
    event = GazetteerChanged(change_id=row.id, kind=row.kind, places=len(row.rows), undone=True)
    tx.record(event, topics=(AUDIT,))
    names = {person.id: person.display_name for person in await people.people(tx.session)}
    return _view(row, names.get(row.by))


async def changes(session: AsyncSession) -> list[ChangeView]:
    """The latest, newest first."""
    names = {person.id: person.display_name for person in await people.people(session)}
    query = select(PlaceChangeRow).order_by(PlaceChangeRow.at.desc(), PlaceChangeRow.id.desc()).limit(SHOWN_CHANGES)
    return [_view(row, names.get(row.by)) for row in await session.scalars(query)]


def _view(row: PlaceChangeRow, name: str | None) -> ChangeView:
    return ChangeView(
        id=row.id, kind=row.kind, title=row.title, rows=len(row.rows), by_name=name, at=row.at, undone_at=row.undone_at
    )


async def page(session: AsyncSession, q: str, kind: str | None, inactive: bool, offset: int, limit: int) -> PlacePage:
    """Places by name; `inactive`: only those that are not found any more."""
    where = [
        PlaceRow.kind != AREA_CENTRE,
        PlaceRow.inactive_since.is_not(None) if inactive else PlaceRow.inactive_since.is_(None),
    ]
    if q.strip():
        part = f"%{q.strip().lower()}%"
        where.append(or_(func.lower(PlaceRow.name).like(part), func.lower(PlaceRow.village).like(part)))
    if kind:
        where.append(PlaceRow.kind == kind)
    total = (await session.execute(select(func.count()).select_from(PlaceRow).where(*where))).scalar_one()
    query = select(PlaceRow).where(*where).order_by(PlaceRow.name, PlaceRow.id).offset(offset).limit(limit)
    rows = (await session.scalars(query)).all()
    counted = select(PlaceUseRow).where(PlaceUseRow.place_id.in_([row.id for row in rows]))
    uses = {one.place_id: one.uses for one in await session.scalars(counted)}
    return PlacePage(items=tuple(_facts_view(row, uses.get(row.id, 0)) for row in rows), total=total)


def _facts_view(row: PlaceRow, uses: int) -> PlaceFacts:
    facts = {name: getattr(row, name) for name in FACTS} | {"variants": tuple(row.variants)}
    return PlaceFacts(id=row.id, active=row.inactive_since is None, uses=uses, **facts)
