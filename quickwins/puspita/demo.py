"""Content for the demonstration: destinations that exist, with their sources; all else is made up and says so."""

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from dispatch.plugins import Village, Working
from quickwins.puspita import rules
from quickwins.puspita.model import (
    Assessment,
    Base,
    Destination,
    Enquiry,
    Event,
    Guide,
    Lodging,
    SafetyNote,
    VisitorCount,
)

DATA = Path(__file__).parent / "data"
VILLAGE_ACCURACY_M = 4000
"""Of a destination of which only the village is known."""


class Maker:
    """Makes rows with ids from `random`, so that a demonstration can be made again."""

    def __init__(self, working: Working, random: Random, villages: dict[str, Village]) -> None:
        self.working, self.random, self.villages = working, random, villages

    def add(self, row: Base, at: datetime | None = None) -> Any:
        made: Any = row
        made.id = str(UUID(int=self.random.getrandbits(128), version=4))
        made.created_at = made.updated_at = at or self.working.now
        self.working.session.add(row)
        return made

    def page(self, row: Any) -> Any:
        row.slug, row.name_en = rules.slugify(row.name_id), row.name_en or None
        row.description_en = row.description_en or None
        row.state = row.state or "published"
        row.published_at = self.working.now if row.state == "published" else None
        return self.add(row)


def _lines(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


async def demo(working: Working, random: Random) -> None:
    """Some hundred rows, from two years ago to some weeks ahead."""
    maker = Maker(working, random, {one.code: one for one in await working.villages()})
    pages = {page.slug: page for page in map(lambda line: _destination(maker, line), _lines("destinations"))}
    await working.session.flush()
    for line in _lines("safety"):
        page = pages[line.pop("slug")]
        maker.add(SafetyNote(**_filled(line), destination_id=page.id, no_signal=page.signal == "none"))
    today = working.now.astimezone(rules.WITA).date()
    for line in _lines("events"):
        _event(maker, line, pages, today)
    for line in _lines("lodgings"):
        lat, lon = _near(maker, line["village_code"])
        maker.page(Lodging(**_filled(line, "rooms", "price_from"), point_lat=lat, point_lon=lon, demo=True))
    for line in _lines("guides"):
        maker.page(Guide(**_filled(line), demo=True))
    _visits(maker, [page for page in pages.values() if page.state == "published"], today)
    _villages(maker, today)
    for number, line in enumerate(_lines("enquiries")):
        page_id = pages[line["slug"]].id if line["slug"] else None
        answered = working.now if line["answer"] else None
        state, by = ("answered", "Peragaan") if answered else ("new", None)
        texts = {name: line[name] or None for name in ("name", "contact", "message", "answer")}
        row = Enquiry(**texts, state=state, destination_id=page_id, answered_at=answered, answered_by=by, demo=True)
        maker.add(row, working.now - timedelta(hours=7 * number + 2))


def _filled(line: dict[str, str], *numbers: str) -> dict[str, Any]:
    values: dict[str, Any] = {name: value or None for name, value in line.items()}
    return values | {name: int(line[name]) if line[name] else None for name in numbers}


def _near(maker: Maker, code: str) -> tuple[float | None, float | None]:
    village = maker.villages.get(code)
    if village is None or village.point is None:
        return None, None
    return tuple(round(part + maker.random.uniform(-0.004, 0.004), 5) for part in village.point)  # type: ignore[return-value]


def _destination(maker: Maker, line: dict[str, str]) -> Destination:
    """Where no coordinates are known, its village's point stands for it, with the accuracy that this has."""
    values = _filled(line, "ticket")
    lat, lon, accuracy = values.pop("lat"), values.pop("lon"), values.pop("accuracy_m")
    village = maker.villages.get(line["village_code"])
    point = (float(lat), float(lon)) if lat else village.point if village else None
    row = Destination(**values, demo=False, accuracy_m=int(accuracy or VILLAGE_ACCURACY_M))
    row.point_lat, row.point_lon = point or (None, None)
    made: Destination = maker.page(row)
    return made


def _event(maker: Maker, line: dict[str, str], pages: dict[str, Destination], today: date) -> None:
    values = _filled(line, "ticket")
    at = pages.get(values.pop("slug") or "")
    day = today + timedelta(days=int(values.pop("in_days")))
    start = datetime.combine(day, time.fromisoformat(values.pop("begins")), rules.WITA)
    end = start + timedelta(hours=int(values.pop("hours")))
    place = {"destination_id": at.id, "village_code": at.village_code} if at else {"village_code": "64.09.01.1009"}
    maker.page(Event(**values, **place, starts_at=start, ends_at=end, demo=True))


def _visits(maker: Maker, pages: list[Destination], today: date) -> None:
    """Fourteen months for the five destinations that are counted; one month is missing, as it happens."""
    for page in pages[:5]:
        usual = maker.random.randint(400, 3500)
        for month in rules.months_back(today, 14)[:-1]:
            if maker.random.random() < 0.05:
                continue
            domestic = int(usual * maker.random.uniform(0.6, 1.4) * (1.7 if month.month in (1, 4, 6, 12) else 1))
            count = VisitorCount(destination_id=page.id, period="month", day=month, demo=True)
            count.domestic, count.foreign = domestic, int(domestic * maker.random.uniform(0, 0.02))
            maker.add(count)


def _villages(maker: Maker, today: date) -> None:
    for line in _lines("villages"):
        scores = {name: maker.random.randint(0, 3) for name in rules.INDICATORS}
        for years in (1, 0):
            day = date(today.year - years, 3, 15)
            if day <= today:
                maker.add(Assessment(**line, **scores, assessed_on=day, demo=True))
            scores = {name: min(4, score + maker.random.randint(0, 1)) for name, score in scores.items()}
