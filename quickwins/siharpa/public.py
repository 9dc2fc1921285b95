"""Public pages: the price board of each market, one commodity over time, markets compared, the basket, open data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Response

from dispatch.plugins import ChartData, InPage, PageRequest, Reading, Series, Text
from quickwins.siharpa import reports, rules, words
from quickwins.siharpa.model import Commodity, Market
from quickwins.siharpa.rules import Change, History

public = APIRouter()

RECENT = timedelta(days=21)
"""How far back a board looks for the market's latest day."""
SPANS = (30, 90, 365)
Level = Annotated[str, Query(pattern="^(retail|wholesale|producer)$")]


@dataclass(frozen=True, slots=True)
class Line:
    """One commodity on a board."""

    commodity: Commodity
    name: str
    href: str
    price: int
    yesterday: Change | None
    """None: there is no price of that day."""
    week: Change | None


@dataclass(frozen=True, slots=True)
class Board:
    market: Market
    day: date
    lines: Sequence[Line]


def _board(page: PageRequest, market: Market, goods: Sequence[Commodity], found: reports.Histories) -> Board | None:
    """The market's latest day; None where nothing was noted lately."""
    mine = {commodity: history for (commodity, where), history in found.items() if where == market.id}
    day = max((day for history in mine.values() for day in history), default=None)
    if day is None:
        return None
    named = [(one, mine[one.id]) for one in goods if day in mine.get(one.id, {})]
    return Board(market, day, [_line(page, one, history, day) for one, history in named])


def _line(page: PageRequest, one: Commodity, history: History, day: date) -> Line:
    return Line(
        commodity=one,
        name=words.commodity_name(one, page.lang),
        href=page.path(f"komoditas/{rules.slug(one.name)}"),
        price=history[day],
        yesterday=rules.change(history[day], history.get(day - rules.DAY)),
        week=rules.change(history[day], history.get(day - rules.WEEK)),
    )


@public.get("/")
async def board(page: InPage, pasar: str = "", tingkat: Level = "retail") -> Response:
    """The latest prices of one market with their changes; made to be printed and hung up."""
    today = rules.local_date(page.now)
    async with page.reading() as reading:
        goods, places = await reports.commodities(reading), await reports.markets(reading)
        found = await reports.histories(reading, today - RECENT, today, tingkat)
    boards = {rules.slug(one.name): made for one in places if (made := _board(page, one, goods, found))}
    chosen = boards.get(pasar) if pasar else max(boards.values(), key=_freshness, default=None)
    if pasar and pasar not in {rules.slug(one.name) for one in places}:
        raise HTTPException(404)
    families = words.names(words.FAMILIES, page.lang)
    return await page.render(
        "board.html",
        title=page.text(Text("Harga pasar hari ini", "Market prices today")),
        description=page.text(
            Text("Harga bahan pokok di pasar Penajam Paser Utara", "Food prices at the markets of Penajam Paser Utara")
        ),
        board=chosen,
        groups=_groups(chosen.lines, families) if chosen else [],
        places=[(rules.slug(one.name), one.name) for one in places],
        chosen=rules.slug(chosen.market.name) if chosen else pasar,
        levels=words.names(words.LEVELS, page.lang),
        level=tingkat,
        today=today,
        settings=page.settings,
    )


def _freshness(board: Board) -> tuple[date, int]:
    """Whoever names no market sees the one that has most of the newest prices."""
    return board.day, len(board.lines)


def _groups(lines: Sequence[Line], families: dict[str, str]) -> list[tuple[str, list[Line]]]:
    grouped = [(name, [line for line in lines if line.commodity.family == key]) for key, name in families.items()]
    return [(name, some) for name, some in grouped if some]


@public.get("/komoditas/{name}")
async def commodity(
    page: InPage, name: str, hari: Annotated[int, Query(ge=7, le=365)] = 30, tingkat: Level = "retail"
) -> Response:
    """One commodity by market over time, and where it is cheapest now."""
    last = rules.local_date(page.now)
    async with page.reading() as reading:
        one = next((one for one in await reports.commodities(reading) if rules.slug(one.name) == name), None)
        if one is None:
            raise HTTPException(404)
        first = last - timedelta(days=hari - 1)
        chart, found = await reports.chart_of(reading, one, first, last, tingkat, page.lang)
        places = await reports.markets(reading)
    rows = [(market, *_now(found.get((one.id, market.id), {}))) for market in places if (one.id, market.id) in found]
    return await page.render(
        "commodity.html",
        title=words.commodity_name(one, page.lang),
        commodity=one,
        chart_data=chart if chart.series else None,
        rows=sorted(rows, key=lambda row: row[1]),
        spans=SPANS,
        span=hari,
        level=tingkat,
        levels=words.names(words.LEVELS, page.lang),
        here=page.path(f"komoditas/{name}"),
    )


def _now(history: History) -> tuple[int, date, Change | None]:
    """The latest price, its day, and its change against a week before."""
    day = max(history)
    return history[day], day, rules.change(history[day], history.get(day - rules.WEEK))


@public.get("/perbandingan")
async def comparison(page: InPage, tingkat: Level = "retail") -> Response:
    """All commodities in all markets: each market's latest price of the last days."""
    today = rules.local_date(page.now)
    async with page.reading() as reading:
        goods, places = await reports.commodities(reading), await reports.markets(reading)
        found = await reports.histories(reading, today - rules.WEEK, today, tingkat)
    places = [one for one in places if any(market == one.id for _, market in found)]
    rows = []
    for one in goods:
        prices = [_now(found[one.id, at.id])[:2] if (one.id, at.id) in found else None for at in places]
        known = [price[0] for price in prices if price]
        if known:
            rows.append((_named(page, one), prices, min(known), max(known)))
    return await page.render(
        "comparison.html",
        title=page.text(Text("Perbandingan pasar", "Markets compared")),
        places=places,
        rows=rows,
        today=today,
        level=tingkat,
        levels=words.names(words.LEVELS, page.lang),
    )


def _named(page: PageRequest, one: Commodity) -> tuple[str, str, str]:
    """Name, unit and address of a commodity."""
    return words.commodity_name(one, page.lang), one.unit, page.path(f"komoditas/{rules.slug(one.name)}")


@public.get("/indeks")
async def index(page: InPage) -> Response:
    """The basket against its base day, and what each commodity adds."""
    async with page.reading() as reading:
        base, last = await reports.base_day(reading), await reports.latest_day(reading)
        if base is None or last is None or last < base:
            return await _index(page, None, None, None, [])
        days = rules.days_between(max(base, last - timedelta(days=89)), last)
        found = await reports.baskets(reading, base, days)
        goods = {one.id: one for one in await reports.commodities(reading)}
    title = page.text(Text("Indeks keranjang", "Basket index"))
    series = Series(title, tuple(one.index if (one := found[day]) else None for day in days))
    chart = ChartData(title=title, labels=tuple(f"{day:%d-%m}" for day in days), series=(series,))
    now = found[last]
    parts = sorted(now.contributions.items(), key=lambda item: -item[1]) if now else []
    rows = [(*_named(page, goods[one]), goods[one].weight, part) for one, part in parts]
    return await _index(page, base, last, now, rows, chart)


async def _index(
    page: PageRequest,
    base: date | None,
    last: date | None,
    now: rules.Basket | None,
    rows: Sequence[tuple[object, ...]],
    chart: ChartData | None = None,
) -> Response:
    title = page.text(Text("Indeks keranjang pangan", "Food basket index"))
    carry = page.settings.carry_days
    return await page.render(
        "index.html", title=title, base_day=base, last=last, now=now, rows=rows, chart_data=chart, carry=carry
    )


@public.get("/pasar")
async def markets(page: InPage) -> Response:
    async with page.reading() as reading:
        places, villages = await reports.markets(reading), await _villages(reading)
    shown = [(one, rules.slug(one.name), villages.get(one.village_code, "")) for one in places]
    return await page.render("markets.html", title=page.text(Text("Pasar", "Markets")), shown=shown)


async def _villages(reading: Reading) -> dict[str, str]:
    return {one.code: f"{one.name}, {one.district}" for one in await reading.villages()}


@public.get("/data")
async def data(page: InPage) -> Response:
    """How to take the data away, under which licence, and what the columns mean."""
    csv, json = "/api/plugins/siharpa/exports/prices.csv?separator=comma", "/api/plugins/siharpa/open/prices"
    files = [(csv, "text/csv"), (json, "application/json")]
    downloads = [
        {"@type": "DataDownload", "contentUrl": page.absolute(path), "encodingFormat": kind} for path, kind in files
    ]
    title = page.text(Text("Data terbuka", "Open data"))
    structured = {
        "@type": "Dataset",
        "name": page.text(Text("Harga pasar Penajam Paser Utara", "Market prices of Penajam Paser Utara")),
        "description": page.text(Text("Harga harian yang sudah divalidasi", "Daily prices, validated")),
        "license": page.settings.licence_link,
        "creator": {"@type": "GovernmentOrganization", "name": page.settings.source},
        "isAccessibleForFree": True,
        "distribution": downloads,
    }
    return await page.render(
        "data.html", title=title, structured=structured, settings=page.settings, csv=csv, json=json
    )
