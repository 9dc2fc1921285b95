"""Content for the demonstration: services as a regency has them; people, cases and ratings are made up."""

import csv
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from dispatch.plugins import Text, Working
from quickwins.go_ppu import rules, work
from quickwins.go_ppu.model import Answer, Application, Base, Case, Complaint, Holiday, Move, Office, Private, Service

DATA = Path(__file__).parent / "data"
COSTS = {
    "adminduk": Text("Gratis (UU 24/2013, pasal 79A)", "Free (UU 24/2013, article 79A)"),
    "free": Text("Gratis", "Free"),
    "levy": Text("Retribusi menurut peraturan daerah", "A levy set by regional regulation"),
}
PROCEDURE = Text(
    "1. Ajukan dengan syaratnya\n2. Petugas memeriksa\n3. Kantor memproses\n4. Hasil diserahkan",
    "1. Apply with what is required\n2. Staff check it\n3. The office works on it\n4. You get the result",
)
COMPLAINTS = Text(
    "Halaman Adukan di sini, SP4N-LAPOR! (lapor.go.id), atau loket kantor",
    "The Complain page here, SP4N-LAPOR! (lapor.go.id), or the office's counter",
)
APPLICATION_STEPS = (
    ("submitted", ()),
    ("in_check", ("in_check",)),
    ("incomplete", ("in_check", "incomplete")),
    ("accepted", ("in_check", "accepted")),
    ("rejected", ("in_check", "rejected")),
    ("done", ("in_check", "accepted", "done")),
)
REASONS = {
    "incomplete": "Foto kartu keluarga tidak terbaca; kirim ulang yang jelas.",
    "rejected": "Data tidak cocok dengan basis data kependudukan.",
    "done": "Dapat diambil di loket pada jam buka.",
}


class Maker:
    """Makes rows with ids from `random`, so that a demonstration can be made again."""

    def __init__(self, working: Working, random: Random, free: frozenset[date]) -> None:
        self.working, self.random, self.free = working, random, free
        self.people = 0

    def add(self, row: Base, days_ago: int = 0) -> Any:
        made: Any = row
        made.id = str(UUID(int=self.random.getrandbits(128), version=4))
        made.created_at = made.updated_at = self.working.now - timedelta(days=days_ago, hours=3 if days_ago else 0)
        self.working.session.add(row)
        return made

    def case(
        self,
        row: Any,
        message: str,
        steps: tuple[str, ...],
        ago: int,
        days: int | None,
        why: str = "",
        place: str | None = None,
    ) -> None:
        """A case that came in `ago` days back and took its `steps` evenly since."""
        self.people += 1
        made: Case = self.add(row, ago)
        name, phone = f"Warga Contoh {chr(64 + self.people)}", f"+62812000{self.people:05d}"
        made.number, made.holder = rules.new_number(self.random.randrange), rules.masked(name, phone)
        self.add(Private(case_id=made.id, name=name, phone=phone, message=message, place=place))
        start = "submitted" if isinstance(row, Application) else "received"
        for at, state in enumerate((start, *steps)):
            reason = (why or REASONS.get(state)) if steps and state == steps[-1] else None
            by = "office" if at else "citizen"
            past = ago - (ago * at // (len(steps) + 1))
            move = self.add(Move(case_id=made.id, step=at + 1, state=state, by=by, reason=reason), past)
            made.state, made.since, made.reason = state, move.created_at, reason
        made.closed_at = made.since if made.state in rules.FINAL else None
        made.due_from, made.due_days = made.since.astimezone(rules.WITA).date(), days
        runs = days is not None and made.closed_at is None
        made.due_on = rules.add_working_days(made.due_from, days or 0, self.free) if runs else None
        made.due_days = days if runs else None
        made.clock = rules.clock(made.due_on, work.today(self.working))


def _lines(name: str) -> Iterator[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


async def demo(working: Working, random: Random) -> None:
    """Some hundred rows around today."""
    days = [(date.fromisoformat(line["day"]), line["name"]) for line in _lines("holidays")]
    maker = Maker(working, random, frozenset(day for day, _ in days))
    for day, name in days:
        maker.add(Holiday(day=day, name=name))
    offices = {line.pop("key"): maker.add(_office(line)) for line in _lines("offices")}
    services = [maker.add(_service(working, at, line, offices)) for at, line in enumerate(_lines("services"))]
    await working.session.flush()
    online = [one for one in services if one.online]
    for at in range(14):
        service, (state, steps) = online[at % len(online)], APPLICATION_STEPS[at % len(APPLICATION_STEPS)]
        running = service.days if state in ("submitted", "in_check", "accepted") else None
        maker.case(Application(service_id=service.id), f"Permohonan {service.name_id}.", steps, at // 2, running)
    for line in _lines("complaints"):
        _complaint(maker, line, offices)
    _answers(maker, services)


def _office(line: dict[str, str]) -> Office:
    texts = {name: line[name] or None for name in ("name_id", "name_en", "address", "village_code")}
    times = {
        name: time.fromisoformat(line[name]) if line[name] else None for name in ("opens", "closes", "friday_closes")
    }
    row = Office(**texts, **times, always=bool(line["always"]))
    row.point_lat, row.point_lon = (float(line["lat"]), float(line["lon"])) if line["lat"] else (None, None)
    return row


def _service(working: Working, at: int, line: dict[str, str], offices: dict[str, Any]) -> Service:
    """The last one of the file lacks parts of its standard, so it is not public."""
    names = ("name_id", "name_en", "keywords", "summary_id", "summary_en", "requirements_id", "requirements_en")
    row = Service(**{name: line[name] or None for name in names}, slug=rules.slugify(line["name_id"]))
    days = int(line["days"]) if line["days"] else None
    row.office_id, row.days, row.online = offices[line["office"]].id, days, line["online"] == "1"
    row.published = bool(line["cost"])
    row.review_on = work.today(working) + timedelta(days=45 * (at - 2) + 10)
    told = {"procedure": PROCEDURE, "complaints": COMPLAINTS, "cost": COSTS.get(line["cost"])}
    told["product"] = Text(f"{row.name_id}", row.name_en or row.name_id)
    told["time"] = (
        Text(f"{days} hari kerja", f"{days} working days") if days else Text("Menurut keadaan", "As it comes")
    )
    for part, text in told.items():
        if text and row.published:
            setattr(row, f"{part}_id", text.id)
            setattr(row, f"{part}_en", text.en)
    return row


def _complaint(maker: Maker, line: dict[str, str], offices: dict[str, Any]) -> None:
    row = Complaint(village_code=line["village_code"], urgent=rules.sounds_urgent(line["message"]))
    row.office_id = offices[line["office"]].id if line["office"] else None
    ways = {
        "received": (),
        "forwarded": ("forwarded",),
        "answered": ("forwarded", "answered"),
        "rejected": ("rejected",),
    }
    steps = ways.get(line["state"], ("forwarded", "answered", "closed"))
    settings = maker.working.settings
    days = {"received": settings.forward_days, "forwarded": settings.answer_days, "answered": settings.close_days}
    ago, running, place = int(line["days"]), days.get(line["state"]), line["place"] or None
    maker.case(row, line["message"], steps, ago, running, line["reason"], place)


def _answers(maker: Maker, services: list[Service]) -> None:
    for at in range(36):
        marks = {f"u{number}": min(4, max(1, round(maker.random.gauss(3.3, 0.6)))) for number in range(1, 10)}
        day = work.today(maker.working) - timedelta(days=at * 2)
        maker.add(Answer(service_id=services[at % 6].id, day=day, **marks), at * 2)
