"""What Puspita shows: reports, tiles, the map, open data, and the landmarks that it gives to 112."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from dispatch.plugins import (
    Block,
    ChartData,
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
from quickwins.puspita import rules
from quickwins.puspita.model import Assessment, Enquiry, SafetyNote, VisitorCount
from quickwins.puspita.work import published

Counts = dict[tuple[str, date], tuple[int | None, int | None]]

STAGES = (
    Text("Rintisan", "Pioneering"),
    Text("Berkembang", "Growing"),
    Text("Maju", "Advanced"),
    Text("Mandiri", "Self-reliant"),
)
INDICATOR_NAMES = {
    "attraction": Text("Daya tarik", "Attraction"),
    "homestay": Text("Homestay", "Homestay"),
    "souvenir": Text("Suvenir", "Souvenirs"),
    "digital": Text("Digital", "Digital"),
    "toilets": Text("Toilet umum", "Toilets"),
    "hygiene": Text("CHSE (kebersihan)", "Hygiene (CHSE)"),
    "institution": Text("Kelembagaan", "Institution"),
}
VILLAGE_HEADS = (
    Text("Desa wisata", "Tourism village"),
    Text("Kelas", "Stage"),
    Text("Nilai", "Score"),
    Text("Perubahan", "Change"),
    Text("Tanggal", "Date"),
)


async def counts(reading: Reading, first: date, last: date, page_id: str | None = None) -> Counts:
    found = select(VisitorCount).where(VisitorCount.day >= first, VisitorCount.day < last + timedelta(days=32))
    if page_id:
        found = found.where(VisitorCount.destination_id == page_id)
    rows = await reading.session.scalars(found.where(VisitorCount.archived_at.is_(None)))
    return rules.by_month(
        rules.Count(row.destination_id, row.period, row.day, row.domestic, row.foreign) for row in rows
    )


def visit_chart(known: Counts, months: Sequence[date], lang: Lang) -> ChartData:
    names = Text("Nusantara", "Domestic").in_(lang), Text("Mancanegara", "Foreign").in_(lang)
    values = [
        [rules.total(pair[part] for (_, at), pair in known.items() if at == month) for month in months]
        for part in (0, 1)
    ]
    return ChartData(
        labels=tuple(f"{rules.MONTHS[lang][month.month - 1]} {month.year}" for month in months),
        series=tuple(Series(name, tuple(line)) for name, line in zip(names, values, strict=True)),
        unit=Text("orang", "people").in_(lang),
        title=Text("Pengunjung per bulan", "Visitors a month").in_(lang),
    )


async def visits(reading: Reading, chosen: Values, lang: Lang) -> Sequence[Block]:
    """Twelve months of visitors, together and by destination; what nobody counted stays a gap."""
    until = chosen.get("until") or reading.now.astimezone(rules.WITA).date()
    months = rules.months_back(until, 12)
    known = await counts(reading, months[0], months[-1], chosen.get("destination"))
    known = {key: value for key, value in known.items() if key[1] in months}
    by_page: dict[str, list[tuple[int | None, int | None]]] = defaultdict(list)
    for (page_id, _), pair in known.items():
        by_page[page_id].append(pair)
    pages = [(page, by_page[page.id]) for page in await published(reading) if page.id in by_page]
    rows = tuple(
        (page.name_id, *(_shown(rules.total(pair[part] for pair in pairs)) for part in (0, 1)), f"{len(pairs)}/12")
        for page, pairs in pages
    )
    heads = [Text("Destinasi", "Destination"), Text("Nusantara", "Domestic"), Text("Mancanegara", "Foreign")]
    heads.append(Text("Bulan terisi", "Months known"))
    gaps = Text(
        "Bulan tanpa angka digambar terputus: tidak dihitung, bukan nol.",
        "A month without a figure is a gap in the line: not counted, not zero.",
    )
    return [
        visit_chart(known, months, lang),
        Table(
            columns=tuple(head.in_(lang) for head in heads),
            rows=rows,
            numeric=(1, 2, 3),
            empty=Text("Belum ada angka.", "No figures yet.").in_(lang),
        ),
        Note(text=gaps.in_(lang)),
    ]


def _shown(value: int | None) -> str:
    return "–" if value is None else f"{value:,}".replace(",", ".")


def _village_line(rows: Sequence[Assessment], limits: Sequence[int], lang: Lang) -> tuple[str, ...]:
    scores = [rules.village_score([getattr(row, name) for name in rules.INDICATORS]) for row in rows]
    stage = STAGES[rules.village_stage(scores[-1], limits)].in_(lang)
    change = f"{scores[-1] - scores[-2]:+d}" if len(scores) > 1 else "–"
    each = (str(getattr(rows[-1], name)) for name in rules.INDICATORS)
    return rows[-1].name, stage, str(scores[-1]), change, *each, f"{rows[-1].assessed_on:%d-%m-%Y}"


async def villages(reading: Reading, _chosen: Values, lang: Lang) -> Sequence[Block]:
    """Each tourism village as last assessed, best first, with its change since the assessment before."""
    found = select(Assessment).where(Assessment.archived_at.is_(None)).order_by(Assessment.assessed_on)
    history: dict[str, list[Assessment]] = defaultdict(list)
    for row in await reading.session.scalars(found):
        history[row.village_code].append(row)
    limits = [getattr(reading.settings, f"stage_{number}") for number in (1, 2, 3)]
    lines = [_village_line(rows, limits, lang) for rows in history.values()]
    lines.sort(key=lambda line: (-int(line[2]), line[0]))
    last = [rows[-1] for rows in history.values()]
    means = tuple(rules.mean([getattr(row, name) for row in last]) for name in rules.INDICATORS)
    indicators = tuple(INDICATOR_NAMES[name].in_(lang) for name in rules.INDICATORS)
    stages = [stage.in_(lang) for stage in STAGES]
    mean = Text("Rata-rata", "Mean").in_(lang)
    title = Text("Rata-rata tiap indikator (0–4)", "Mean of each indicator (0–4)").in_(lang)
    columns = tuple(head.in_(lang) for head in VILLAGE_HEADS)
    none = Text("Belum ada desa yang dinilai.", "No village assessed yet.").in_(lang)
    shares = ", ".join(map(str, limits))
    own = Text(
        f"Kelas mulai pada nilai {shares} (setelan kantor ini).", f"Stages begin at {shares} (set by this office)."
    )
    return [
        Facts(items=tuple((stage, str(sum(line[1] == stage for line in lines))) for stage in stages)),
        ChartData(labels=indicators, kind="bar", title=title, series=(Series(mean, means),)),
        Table(
            columns=(*columns[:-1], *indicators, columns[-1]),
            rows=tuple(lines),
            numeric=tuple(range(2, 11)),
            empty=none,
        ),
        Note(text=own.in_(lang)),
    ]


async def waiting(reading: Reading, lang: Lang) -> TileValue:
    new = select(func.count()).where(Enquiry.state == "new", Enquiry.archived_at.is_(None))
    number = await reading.session.scalar(new) or 0
    hint = Text("belum dijawab", "not answered yet").in_(lang)
    return TileValue(str(number), tone="warn" if number else "good", hint=hint)


async def last_month(reading: Reading, lang: Lang) -> TileValue:
    month = rules.months_back(reading.now.astimezone(rules.WITA).date(), 2)[0]
    known = await counts(reading, month, month)
    number = rules.total(value for (_, at), pair in known.items() if at == month for value in pair)
    unit = Text("orang", "people").in_(lang)
    return TileValue(_shown(number), unit=unit, hint=f"{rules.MONTHS[lang][month.month - 1]} {month.year}")


async def features(reading: Reading, lang: Lang) -> Sequence[Feature]:
    return [
        Feature(
            id=page.id,
            point=page.point,
            title=rules.localized(page.name_id, page.name_en, lang)[0],
            link=f"/puspita/wisata/{page.slug}",
            tone="warn" if page.signal == "none" else "plain",
            text=Text("Tidak ada sinyal", "No signal").in_(lang) if page.signal == "none" else "",
        )
        for page in await published(reading)
        if page.point
    ]


async def landmarks(reading: Reading) -> Sequence[Landmark]:
    """Each public destination and each named spot there, as callers say them."""
    pages = {page.id: page for page in await published(reading)}
    notes = await reading.session.scalars(
        select(SafetyNote).where(SafetyNote.archived_at.is_(None), SafetyNote.spot.is_not(None))
    )
    found = [
        Landmark(
            id=page.id,
            name=page.name_id,
            kind="attraction",
            point=page.point,
            village_code=page.village_code,
            variants=tuple(filter(None, [page.name_en, *map(str.strip, (page.other_names or "").split(";"))])),
            accuracy_m=page.accuracy_m,
        )
        for page in pages.values()
        if page.point
    ]
    for note in notes:
        page = pages.get(note.destination_id)
        own = None if note.point_lat is None or note.point_lon is None else (note.point_lat, note.point_lon)
        if page and page.point:
            found.append(
                Landmark(
                    id=note.id,
                    name=f"{note.spot}, {page.name_id}",
                    kind="attraction",
                    point=own or page.point,
                    village_code=page.village_code,
                    accuracy_m=200 if own else page.accuracy_m,
                )
            )
    return found


async def open_destinations(reading: Reading) -> Sequence[Sequence[Any]]:
    return [
        (
            page.slug,
            page.name_id,
            page.name_en,
            page.category,
            page.village_code,
            page.point_lat,
            page.point_lon,
            page.accuracy_m,
            page.hours,
            page.ticket,
            page.signal,
            page.source,
        )
        for page in await published(reading)
    ]


async def open_visits(reading: Reading) -> Sequence[Sequence[Any]]:
    names = {page.id: page.name_id for page in await published(reading)}
    known = await counts(reading, date(2000, 1, 1), reading.now.date())
    return [(month, names[key], *pair) for (key, month), pair in sorted(known.items(), key=str) if key in names]
