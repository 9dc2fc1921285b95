"""What Go PPU shows: clocks, satisfaction, reviews, tiles, the map, landmarks and open data."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from dispatch.plugins import (
    Block,
    ChartData,
    Choice,
    Facts,
    Feature,
    Landmark,
    Lang,
    Note,
    Reading,
    Series,
    Table,
    Text,
    TileValue,
    Values,
)
from quickwins.go_ppu import rules, words
from quickwins.go_ppu.model import Answer, Application, Complaint, Office, Service
from quickwins.go_ppu.work import holidays, today

MOST_LINES = 200
"""Of a report's table; the list has all."""
MOST_ANSWERS = 20_000
CASES = {
    "go_ppu_complaints": Text("Pengaduan", "Complaints"),
    "go_ppu_applications": Text("Permohonan", "Applications"),
}
CLOCK_HEADS = (
    Text("Nomor", "Number"),
    Text("Keadaan", "State"),
    Text("Kantor", "Office"),
    Text("Jatuh tempo", "Due on"),
    Text("Tenggat", "Clock"),
)
SERVICE_HEADS = (
    Text("Layanan", "Service"),
    Text("Jawaban", "Answers"),
    Text("Indeks", "Index"),
    Text("Mutu", "Quality"),
)


async def _names(reading: Reading, kind: type[Office] | type[Service]) -> dict[str, str]:
    return {key: name for key, name in await reading.session.execute(select(kind.id, kind.name_id))}


async def clocks(reading: Reading, _chosen: Values, lang: Lang) -> Sequence[Block]:
    """Every running clock in words, and how many of each sort run in time."""
    settings = reading.settings
    law = Text(
        f"Pengaduan: {settings.forward_days} hari kerja untuk meneruskan, {settings.answer_days} untuk "
        f"menindaklanjuti, ditutup setelah {settings.close_days} tanpa tanggapan (Perpres 76/2013, SP4N-LAPOR!).",
        f"Complaints: {settings.forward_days} working days to forward, {settings.answer_days} to follow up, closed "
        f"after {settings.close_days} without a reply (Perpres 76/2013, SP4N-LAPOR!).",
    )
    complaints = await _running(reading, Complaint, words.COMPLAINT_STATES, lang)
    applications = await _running(reading, Application, words.APPLICATION_STATES, lang)
    return [*complaints, *applications, Note(text=law.in_(lang))]


async def _running(
    reading: Reading, kind: type[Complaint] | type[Application], states: tuple[Choice, ...], lang: Lang
) -> Sequence[Block]:
    """Cases whose clock runs, the most urgent first."""
    day, free, offices = today(reading), await holidays(reading), await _names(reading, Office)
    found = select(kind).where(kind.due_on.is_not(None), kind.archived_at.is_(None)).order_by(kind.due_on)
    running: Sequence[Any] = (await reading.session.scalars(found.limit(MOST_LINES))).all()
    owners = {key: owner for key, owner in await reading.session.execute(select(Service.id, Service.office_id))}
    names, title = words.names(states), CASES[kind.__tablename__].in_(lang)
    now = [rules.clock(one.due_on, day) for one in running]
    rows = tuple(
        (
            one.number,
            names[one.state].in_(lang),
            offices.get(getattr(one, "office_id", None) or owners.get(one.service_id, ""), "–"),
            f"{one.due_on:%d-%m-%Y}",
            rules.clock_words(one.due_on, day, free).in_(lang),
        )
        for one in running
    )
    empty = Text("Tidak ada yang berjalan.", "Nothing is running.").in_(lang)
    return [
        Facts(title=title, items=tuple((one.label.in_(lang), str(now.count(one.value))) for one in words.CLOCKS[1:])),
        Table(columns=tuple(head.in_(lang) for head in CLOCK_HEADS), rows=rows, empty=empty),
    ]


async def answers(reading: Reading, chosen: Values) -> Sequence[Answer]:
    found = select(Answer).where(Answer.archived_at.is_(None))
    if chosen.get("service_id"):
        found = found.where(Answer.service_id == chosen["service_id"])
    if chosen.get("since"):
        found = found.where(Answer.day >= chosen["since"])
    if chosen.get("until"):
        found = found.where(Answer.day <= chosen["until"])
    return (await reading.session.scalars(found.order_by(Answer.day.desc()).limit(MOST_ANSWERS))).all()


def _shown(value: Any, lang: Lang) -> str:
    return f"{value}" if lang == "en" else f"{value}".replace(".", ",")


async def satisfaction(reading: Reading, chosen: Values, lang: Lang) -> Sequence[Block]:
    """The index as PermenPAN-RB 14/2017 has it, its nine elements, and each service."""
    given = await answers(reading, chosen)
    whole = rules.satisfaction([one.marks for one in given])
    if whole is None:
        return [Note(text=Text("Belum ada jawaban.", "There are no answers yet.").in_(lang))]
    lines = sorted(await _by_service(reading, given), key=lambda pair: (pair[1].index, pair[0]))
    labels = tuple(one.in_(lang) for one in words.ELEMENTS)
    worst = min(range(rules.ELEMENTS), key=lambda at: whole.means[at])
    few = Text(
        f"Kurang dari {rules.LEAST_SAMPLE} jawaban: belum mewakili.",
        f"Fewer than {rules.LEAST_SAMPLE} answers: not representative yet.",
    )
    return [
        Facts(
            items=(
                (Text("Indeks kepuasan", "Satisfaction index").in_(lang), _shown(whole.index, lang)),
                (Text("Mutu", "Quality").in_(lang), _quality(whole.category, lang)),
                (Text("Jawaban", "Answers").in_(lang), str(whole.answers)),
                (Text("Unsur terendah", "Lowest element").in_(lang), labels[worst]),
            )
        ),
        *([Note(text=few.in_(lang), tone="warn")] if whole.answers < rules.LEAST_SAMPLE else []),
        ChartData(
            labels=labels,
            series=(Series(Text("Rata-rata", "Mean").in_(lang), whole.means),),
            kind="bar",
            title=Text("Nilai tiap unsur (1–4)", "Mean of each element (1–4)").in_(lang),
        ),
        Table(
            columns=tuple(head.in_(lang) for head in SERVICE_HEADS),
            rows=tuple(
                (name, str(one.answers), _shown(one.index, lang), _quality(one.category, lang)) for name, one in lines
            ),
            numeric=(1, 2),
        ),
    ]


async def _by_service(reading: Reading, given: Sequence[Answer]) -> list[tuple[str, rules.Satisfaction]]:
    marks: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    for one in given:
        marks[one.service_id].append(one.marks)
    names = await _names(reading, Service)
    known = ((names.get(key, "–"), rules.satisfaction(each)) for key, each in marks.items())
    return [(name, one) for name, one in known if one]


def _quality(category: str, lang: Lang) -> str:
    return f"{category} · {words.CATEGORIES[category].in_(lang)}"


async def reviews(reading: Reading, _chosen: Values, lang: Lang) -> Sequence[Block]:
    """Services whose review is due, the oldest first, and which parts of the standard are empty."""
    day, offices = today(reading), await _names(reading, Office)
    found = select(Service).where(Service.archived_at.is_(None)).order_by(Service.review_on, Service.name_id)
    rows = []
    for one in await reading.session.scalars(found):
        empty = [label.in_(lang) for part, label in words.PARTS.items() if not getattr(one, f"{part}_id")]
        late = one.review_on < day
        if late or empty:
            state = Text("Terlewat", "Overdue") if late else Text("Belum waktunya", "Not due")
            due = f"{one.review_on:%d-%m-%Y} · {state.in_(lang)}"
            rows.append((one.name_id, offices.get(one.office_id, "–"), due, ", ".join(empty) or "–"))
    heads = Text("Layanan", "Service"), Text("Kantor", "Office"), Text("Tinjauan", "Review"), Text("Kosong", "Empty")
    none = Text("Semua layanan lengkap dan sudah ditinjau.", "All services are complete and reviewed.").in_(lang)
    return [Table(columns=tuple(head.in_(lang) for head in heads), rows=tuple(rows), empty=none)]


async def tile_complaints(reading: Reading, lang: Lang) -> TileValue:
    """Complaints whose clock ran out; what sounds urgent and waits comes first."""
    waiting = select(func.count()).where(Complaint.archived_at.is_(None))
    late = await reading.session.scalar(
        waiting.where(Complaint.due_on < today(reading), Complaint.state.in_(("received", "forwarded")))
    )
    urgent = await reading.session.scalar(waiting.where(Complaint.urgent.is_(True), Complaint.state == "received"))
    hint = Text(f"terlambat · {urgent} mungkin darurat", f"overdue · {urgent} perhaps urgent").in_(lang)
    return TileValue(str(late), tone="bad" if urgent else "warn" if late else "good", hint=hint)


async def tile_reviews(reading: Reading, lang: Lang) -> TileValue:
    late = await reading.session.scalar(
        select(func.count()).where(Service.archived_at.is_(None), Service.review_on < today(reading))
    )
    hint = Text("layanan lewat tanggal tinjau", "services past their review").in_(lang)
    return TileValue(str(late), tone="warn" if late else "good", hint=hint)


async def offices(reading: Reading) -> Sequence[Office]:
    return (
        await reading.session.scalars(select(Office).where(Office.archived_at.is_(None)).order_by(Office.name_id))
    ).all()


async def features(reading: Reading, lang: Lang) -> Sequence[Feature]:
    return [
        Feature(
            id=one.id,
            point=one.point,
            title=(one.name_en if lang == "en" else None) or one.name_id,
            text=one.address or "",
            link=f"/go-ppu/kantor#{one.id}",
        )
        for one in await offices(reading)
        if one.point
    ]


async def landmarks(reading: Reading) -> Sequence[Landmark]:
    """Offices whose place is known, for whoever calls from beside one."""
    return [
        Landmark(id=one.id, name=one.name_id, kind="office", point=one.point, village_code=one.village_code)
        for one in await offices(reading)
        if one.point
    ]


async def open_services(reading: Reading) -> Sequence[Sequence[Any]]:
    names = await _names(reading, Office)
    found = select(Service).where(Service.published.is_(True), Service.archived_at.is_(None)).order_by(Service.slug)
    parts = [f"{part}_id" for part in rules.PARTS]
    return [
        (one.slug, one.name_id, one.name_en, names.get(one.office_id), one.days, *(getattr(one, at) for at in parts))
        for one in await reading.session.scalars(found)
    ]


async def open_satisfaction(reading: Reading) -> Sequence[Sequence[Any]]:
    known = await _by_service(reading, await answers(reading, {}))
    return sorted((name, one.answers, one.index, one.category, *one.means) for name, one in known)
