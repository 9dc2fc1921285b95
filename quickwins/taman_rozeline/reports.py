"""What the wifi's pages show: devices, sessions at once, traffic, access points, time to repair."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from dispatch.plugins import (
    Block,
    ChartData,
    Facts,
    Feature,
    Lang,
    Note,
    Reading,
    Series,
    Table,
    Text,
    TileValue,
    Tone,
    Values,
)
from quickwins.taman_rozeline import rules, work
from quickwins.taman_rozeline.model import AccessPoint, DayCount, Salt, SessionRow, Ticket
from quickwins.taman_rozeline.words import CAUSES, SIGNS, STATES, names

MOST_DAYS = 366
TONES: dict[str, Tone] = {"up": "good", "down": "bad", "unknown": "plain"}
NO_ADDRESS = Text(
    "Alamat perangkat (MAC) tidak pernah disimpan: hanya sidik dengan garam yang berganti tiap hari, dimusnahkan "
    "setelah hari itu dihitung. Sesi dan sidik dihapus setelah {} hari; jumlah harian tetap ada.",
    "Devices' addresses (MAC) are never stored: only a fingerprint with a salt that is new each day and destroyed "
    "once the day is counted. Sessions and fingerprints are erased after {} days; daily figures stay.",
)


async def access_points(reading: Reading) -> Sequence[AccessPoint]:
    asked = select(AccessPoint).where(AccessPoint.archived_at.is_(None)).order_by(AccessPoint.name)
    return (await reading.session.scalars(asked)).all()


async def running(reading: Reading) -> int:
    """Sessions at this moment."""
    now = reading.now
    sessions = await work.sessions_touching(reading, now, now + timedelta(seconds=1))
    silent, longest = work.limits(reading)
    return sum(one.started_at <= now and rules.end_of(one, now, silent, longest) is None for one in sessions)


async def days(reading: Reading, first: date, last: date) -> dict[date, DayCount]:
    asked = select(DayCount).where(DayCount.day.between(first, last)).order_by(DayCount.day)
    return {row.day: row for row in await reading.session.scalars(asked)}


def megabytes(count: int) -> Decimal:
    return (Decimal(count) / 10**6).quantize(Decimal("0.1"))


def said(number: Decimal | int | float, lang: Lang, places: int = 0) -> str:
    text = f"{number:,.{places}f}"
    return text if lang == "en" else text.translate(str.maketrans(",.", ".,"))


def _span(chosen: Values, today: date) -> list[date]:
    last = min(chosen.get("last") or today, today)
    first = max(chosen.get("first") or last - timedelta(days=29), last - timedelta(days=MOST_DAYS))
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def chart(
    known: dict[date, DayCount], span: Sequence[date], title: str, *series: tuple[str, str], unit: str = ""
) -> ChartData:
    """One line a series; a day of which nothing came in is a gap, not zero."""

    def value(day: date, name: str) -> Decimal | int | None:
        if day not in known:
            return None
        number: int = getattr(known[day], name)
        return megabytes(number) if unit == "MB" else number

    lines = tuple(Series(label, tuple(value(day, name) for day in span)) for label, name in series)
    return ChartData(labels=tuple(f"{day:%d-%m}" for day in span), series=lines, title=title, unit=unit)


async def use(reading: Reading, chosen: Values, lang: Lang) -> Sequence[Block]:
    """Devices, sessions at once and traffic by day."""
    span = _span(chosen, rules.day_of(reading.now))
    known = await days(reading, span[0], span[-1]) if span else {}
    say = _sayer(lang)
    return [
        Facts(
            items=(
                (say("Tersambung sekarang", "Connected now"), said(await running(reading), lang)),
                (say("Perangkat terbanyak sehari", "Most devices in a day"), _most(known, "devices", lang)),
                (say("Terbanyak bersamaan", "Most at once"), _most(known, "peak", lang)),
            )
        ),
        chart(known, span, say("Perangkat per hari", "Devices a day"), (say("Perangkat", "Devices"), "devices")),
        chart(known, span, say("Terbanyak bersamaan", "Most at once"), (say("Sesi", "Sessions"), "peak")),
        chart(
            known, span, say("Lalu lintas", "Traffic"), (say("Unduh", "Down"), "down"), (say("Unggah", "Up"), "up"),
            unit="MB",
        ),
        Table(
            columns=(
                say("Hari", "Day"), say("Perangkat", "Devices"), say("Sesi", "Sessions"),
                say("Bersamaan", "At once"), say("Unduh (MB)", "Down (MB)"), say("Unggah (MB)", "Up (MB)"),
            ),
            rows=tuple(_line(row, lang) for row in reversed(known.values())),
            numeric=(1, 2, 3, 4, 5),
            empty=say("Belum ada akuntansi yang diimpor.", "No accounting was imported yet."),
        ),
        Note(
            text=say(
                "* masih dihitung: sesi yang berjalan ikut. Garis terputus: hari tanpa catatan, bukan nol.",
                "* still being counted: running sessions are in it. A gap: a day without records, not zero.",
            )
        ),
    ]  # fmt: skip


def _line(row: DayCount, lang: Lang) -> tuple[str, ...]:
    return (
        f"{row.day:%d-%m-%Y}" + ("" if row.closed_at else " *"),
        *(said(number, lang) for number in (row.devices, row.sessions, row.peak)),
        *(said(megabytes(number), lang, 1) for number in (row.down, row.up)),
    )


def _sayer(lang: Lang) -> Any:
    return lambda id, en: Text(id, en).in_(lang)


def _most(known: dict[date, DayCount], name: str, lang: Lang) -> str:
    most: int | None = max((getattr(row, name) for row in known.values()), default=None)
    return "–" if most is None else said(most, lang)


async def one_day(reading: Reading, chosen: Values, lang: Lang) -> Sequence[Block]:
    """Most sessions at once in each hour of one day."""
    day, say = chosen.get("day") or rules.day_of(reading.now), _sayer(lang)
    start, end = rules.bounds(day)
    oldest = work.oldest_day(reading.now, reading.settings.keep_days)
    if day < oldest:
        return [
            Note(
                text=say(
                    f"Sesi sebelum {oldest:%d-%m-%Y} sudah dihapus.", f"Sessions before {oldest:%d-%m-%Y} are erased."
                )
            )
        ]
    sessions = await work.sessions_touching(reading, start, end)
    spans = rules.spans(sessions, reading.now, *work.limits(reading))
    hours = [start + timedelta(hours=step) for step in range(24)]
    peaks = tuple(None if at > reading.now else rules.peak(spans, at, at + timedelta(hours=1)) for at in hours)
    title = say("Terbanyak bersamaan tiap jam", "Most at once in each hour")
    labels = tuple(f"{step:02d}" for step in range(24))
    chart = ChartData(
        labels=labels, series=(Series(say("Sesi", "Sessions"), peaks),), kind="bar", title=f"{title}, {day:%d-%m-%Y}"
    )
    return [chart, await _by_point(reading, start, end, lang)]


async def _by_point(reading: Reading, start: datetime, end: datetime, lang: Lang) -> Table:
    asked = select(SessionRow.access_point_id, func.count(), func.sum(SessionRow.down), func.sum(SessionRow.up))
    within = asked.where(SessionRow.started_at >= start, SessionRow.started_at < end).group_by(
        SessionRow.access_point_id
    )
    titles, say = {one.id: one.name for one in await access_points(reading)}, _sayer(lang)
    unknown = say("Tidak dikenal", "Not known")
    found = [
        (titles.get(key or "", unknown), count, down, up)
        for key, count, down, up in await reading.session.execute(within)
    ]
    rows = tuple(
        (name, said(count, lang), said(megabytes(int(down)), lang, 1), said(megabytes(int(up)), lang, 1))
        for name, count, down, up in sorted(found, key=lambda one: (-one[1], one[0]))
    )
    columns = (say("Titik akses", "Access point"), say("Sesi dimulai", "Sessions begun"))
    return Table(
        columns=(*columns, say("Unduh (MB)", "Down (MB)"), say("Unggah (MB)", "Up (MB)")),
        rows=rows,
        numeric=(1, 2, 3),
        empty=say("Tidak ada sesi hari itu.", "No session on that day."),
    )


async def repairs(reading: Reading, _chosen: Values, lang: Lang) -> Sequence[Block]:
    """Access points as they are, and how long repairs take by cause."""
    say, causes, states = _sayer(lang), names(CAUSES), names(STATES)
    tickets = (await reading.session.scalars(select(Ticket).where(Ticket.archived_at.is_(None)))).all()
    rows = []
    for cause, label in causes.items():
        mine = [one for one in tickets if one.cause == cause]
        taken = rules.repair_hours([(one.created_at, one.resolved_at) for one in mine if one.resolved_at])
        still = sum(one.state in ("open", "in_progress") for one in mine)
        figures = (said(taken[0], lang, 1), said(taken[1], lang, 1)) if taken else ("–", "–")
        rows.append((label.in_(lang), str(len(mine)), str(still), *figures))
    points = tuple(
        (one.name, f"{SIGNS[one.state]} {states[one.state].in_(lang)}", _when(one.since), _when(one.checked_at))
        for one in await access_points(reading)
    )
    repair_heads = (("Penyebab", "Cause"), ("Tiket", "Tickets"), ("Terbuka", "Open"), ("Rata-rata", "Mean"))
    point_heads = (("Nama", "Name"), ("Keadaan", "State"), ("Sejak (WITA)", "Since (WITA)"))
    return [
        Table(
            title=say("Waktu perbaikan (jam)", "Time to repair (hours)"),
            columns=tuple(say(*head) for head in (*repair_heads, ("Median", "Median"))),
            rows=tuple(rows),
            numeric=(1, 2, 3, 4),
        ),
        Table(
            title=say("Titik akses", "Access points"),
            columns=tuple(say(*head) for head in (*point_heads, ("Diperiksa (WITA)", "Polled (WITA)"))),
            rows=points,
            empty=say("Belum ada titik akses.", "There are no access points yet."),
        ),
    ]


def _when(at: datetime | None) -> str:
    return "–" if at is None else f"{at.astimezone(rules.WITA):%d-%m-%Y %H:%M}"


async def accounting(reading: Reading, _chosen: Values, lang: Lang) -> Sequence[Block]:
    """Where files are taken in, how far they reach, and which days still have their salt."""
    say = _sayer(lang)
    kept, last = (await reading.session.execute(select(func.count(), func.max(SessionRow.seen_at)))).one()
    salted = await reading.session.scalars(select(Salt.name).where(Salt.name != work.SESSION_KEY).order_by(Salt.name))
    return [
        Note(
            text=say(
                "Unggah berkas detail FreeRADIUS atau CSV di halaman /taman-rozeline/impor pada situs ini. Mengirim "
                "berkas yang sama lagi tidak mengubah apa pun.",
                "Upload a FreeRADIUS detail file or a CSV at the page /taman-rozeline/impor of this site. Sending the "
                "same file again changes nothing.",
            )
        ),
        Facts(
            items=(
                (say("Tersambung sekarang", "Connected now"), said(await running(reading), lang)),
                (say("Sesi tersimpan", "Sessions kept"), said(kept, lang)),
                (say("Catatan terakhir (WITA)", "Last record (WITA)"), _when(last)),
                (say("Hari yang masih dihitung", "Days being counted"), ", ".join(salted) or "–"),
            )
        ),
        Note(text=NO_ADDRESS.in_(lang).format(reading.settings.keep_days)),
    ]


async def tile(reading: Reading, lang: Lang) -> TileValue:
    points, say = await access_points(reading), _sayer(lang)
    up, down = (sum(one.state == state for one in points) for state in ("up", "down"))
    now = await running(reading)
    hint = say(f"{down} mati, {now} tersambung", f"{down} down, {now} connected")
    return TileValue(f"{up}/{len(points)}", unit=say("menyala", "up"), tone="bad" if down else "plain", hint=hint)


async def open_tickets(reading: Reading, lang: Lang) -> TileValue:
    asked = select(func.count()).select_from(Ticket).where(Ticket.state.in_(("open", "in_progress")))
    number = await reading.session.scalar(asked.where(Ticket.archived_at.is_(None))) or 0
    hint = Text("belum pulih", "not resolved yet").in_(lang)
    return TileValue(str(number), tone="warn" if number else "good", hint=hint)


async def features(reading: Reading, lang: Lang) -> Sequence[Feature]:
    states = names(STATES)
    return [
        Feature(
            id=one.id,
            point=one.point,
            title=one.name,
            text=f"{SIGNS[one.state]} {states[one.state].in_(lang)} · ± {one.accuracy_m} m",
            link="/taman-rozeline/",
            tone=TONES[one.state],
        )
        for one in await access_points(reading)
        if one.point
    ]


async def open_days(reading: Reading) -> Sequence[Sequence[Any]]:
    """Days that are counted."""
    asked = select(DayCount).where(DayCount.closed_at.is_not(None)).order_by(DayCount.day)
    rows = await reading.session.scalars(asked)
    return [(row.day, row.devices, row.sessions, row.peak, row.down, row.up) for row in rows]
