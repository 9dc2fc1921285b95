"""What the prices show: over time, between markets, the basket, what waits to be checked; open data and the map."""

from asyncio import sleep
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select

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
    TileValue,
    Values,
)
from quickwins.siharpa import rules, words
from quickwins.siharpa.model import Alert, Commodity, Market, Price
from quickwins.siharpa.rules import Basket, Change

LONGEST = timedelta(days=366)
"""Of a chart."""
MOST_WAITING = 500
OPEN_ROWS = 50_000
"""Of the open file, the newest; the JSON route has all."""
Histories = dict[tuple[str, str], dict[date, int]]
"""(commodity, market) → day → rupiah."""


async def commodities(reading: Reading) -> Sequence[Commodity]:
    asked = select(Commodity).where(Commodity.archived_at.is_(None)).order_by(Commodity.family, Commodity.name)
    order = [one.value for one in words.FAMILIES]
    return sorted(await reading.session.scalars(asked), key=lambda one: order.index(one.family))


async def markets(reading: Reading) -> Sequence[Market]:
    return (
        await reading.session.scalars(select(Market).where(Market.archived_at.is_(None)).order_by(Market.name))
    ).all()


def valid(*columns: Any) -> Select[Any]:
    """Of the prices that count and are public."""
    return select(*columns).where(Price.state == "validated", Price.archived_at.is_(None))


async def histories(
    reading: Reading, first: date, last: date, level: str = "retail", commodity_id: str | None = None
) -> Histories:
    """Validated prices from `first` to `last`."""
    asked = valid(Price.commodity_id, Price.market_id, Price.day, Price.price)
    within = asked.where(Price.level == level, Price.day.between(first, last))
    found: Histories = defaultdict(dict)
    chosen = within if commodity_id is None else within.where(Price.commodity_id == commodity_id)
    for commodity, market, day, price in await reading.session.execute(chosen):
        found[commodity, market][day] = price
    return dict(found)


def _span(chosen: Values, today: date, days: int = 30) -> tuple[date, date]:
    last = chosen.get("last") or today
    return max(chosen.get("first") or last - timedelta(days=days - 1), last - LONGEST), last


async def chart_of(
    reading: Reading, one: Commodity, first: date, last: date, level: str, lang: Lang
) -> tuple[ChartData, Histories]:
    """One commodity's price by market."""
    found = await histories(reading, first, last, level, one.id)
    days = rules.days_between(first, last)
    series = [
        Series(market.name, tuple(found[one.id, market.id].get(day) for day in days))
        for market in await markets(reading)
        if (one.id, market.id) in found
    ]
    title = f"{words.commodity_name(one, lang)}, {words.names(words.LEVELS, lang)[level]}"
    labels = tuple(f"{day:%d-%m}" for day in days)
    return ChartData(title=title, unit=f"Rp/{one.unit}", labels=labels, series=tuple(series)), found


async def over_time(reading: Reading, chosen: Values, lang: Lang) -> Sequence[Block]:
    """One commodity by market, day by day."""
    say = words.sayer(lang)
    known = {one.id: one for one in await commodities(reading)}
    one = known.get(chosen.get("commodity_id") or next(iter(known), ""))
    if one is None:
        return [Note(text=say("Belum ada komoditas.", "There is no commodity yet."))]
    first, last = _span(chosen, rules.local_date(reading.now))
    chart, found = await chart_of(reading, one, first, last, chosen.get("level") or "retail", lang)
    names = {market.id: market.name for market in await markets(reading)}
    rows = [
        (
            names[market],
            rupiah(history[max(history)], lang),
            rupiah(min(history.values()), lang),
            rupiah(max(history.values()), lang),
            rupiah(rules.mean(history.values()), lang),
            str(len(history)),
        )
        for (_, market), history in found.items()
        if market in names
    ]
    texts = say("Pasar|Terakhir|Terendah|Tertinggi|Rata-rata|Hari", "Market|Latest|Lowest|Highest|Mean|Days")
    empty = say("Belum ada harga yang divalidasi.", "No price is validated yet.")
    return [
        chart,
        Table(columns=tuple(texts.split("|")), rows=tuple(sorted(rows)), numeric=(1, 2, 3, 4, 5), empty=empty),
    ]


async def compare(reading: Reading, chosen: Values, lang: Lang) -> Sequence[Block]:
    """All commodities in all markets on one day; the cheapest is marked."""
    say = words.sayer(lang)
    day = chosen.get("day") or await latest_day(reading) or rules.local_date(reading.now)
    found = await histories(reading, day, day, chosen.get("level") or "retail")
    places = [one for one in await markets(reading) if any(market == one.id for _, market in found)]
    rows = []
    for one in await commodities(reading):
        prices = [found.get((one.id, market.id), {}).get(day) for market in places]
        if any(prices):
            least = min(price for price in prices if price)
            cells = (rupiah(p, lang) + (say(" ▾ termurah", " ▾ cheapest") if p == least else "") for p in prices)
            rows.append(
                (
                    f"{words.commodity_name(one, lang)} ({one.unit})",
                    *cells,
                    rupiah(rules.mean(filter(None, prices)), lang),
                )
            )
    return [
        Table(
            title=f"{day:%d-%m-%Y}",
            columns=(say("Komoditas", "Commodity"), *(one.name for one in places), say("Rata-rata", "Mean")),
            rows=tuple(rows),
            numeric=tuple(range(1, len(places) + 2)),
            empty=say("Tidak ada harga yang divalidasi pada hari ini.", "No price is validated for this day."),
        )
    ]


async def latest_day(reading: Reading) -> date | None:
    """The last day on which a retail price counts."""
    day: date | None = await reading.session.scalar(valid(func.max(Price.day)).where(Price.level == "retail"))
    return day


async def base_day(reading: Reading) -> date | None:
    """As the settings say; else the first day of the last year that has a price."""
    if reading.settings.base_day is not None:
        day: date = reading.settings.base_day
        return day
    since = rules.local_date(reading.now) - LONGEST
    found: date | None = await reading.session.scalar(
        valid(func.min(Price.day)).where(Price.level == "retail", Price.day >= since)
    )
    return found


async def baskets(reading: Reading, base: date, days: Sequence[date]) -> dict[date, Basket | None]:
    """The basket's index on each of the days, by retail prices; a price counts for some days when none follows."""
    carry = reading.settings.carry_days
    back = timedelta(days=carry)
    found = await histories(reading, min(days) - back, max(days))
    first = await histories(reading, base - back, base)
    weights = {one.id: one.weight for one in await commodities(reading) if one.weight > 0}
    then = {key: price for key, h in first.items() if (price := rules.known_at(h, base, carry))}
    made = {}
    for day in days:
        now = {key: price for key, h in found.items() if (price := rules.known_at(h, day, carry))}
        made[day] = rules.basket(weights, then, now)
        await sleep(0)  # between two days the loop serves calls
    return made


async def basket(reading: Reading, chosen: Values, lang: Lang) -> Sequence[Block]:
    """The index to the base day, and what each commodity adds to it."""
    say = words.sayer(lang)
    base, last = chosen.get("base") or await base_day(reading), chosen.get("last") or await latest_day(reading)
    if base is None or last is None or last < base:
        return [Note(text=say("Belum ada harga sejak hari dasar.", "There is no price since the base day."))]
    days = rules.days_between(max(base, last - timedelta(days=89)), last)
    found = await baskets(reading, base, days)
    now = found[last]
    if now is None:
        text = say("Tidak ada komoditas berbobot yang dapat dibandingkan.", "No weighted commodity can be compared.")
        return [Note(text=text, tone="warn")]
    names = {one.id: words.commodity_name(one, lang) for one in await commodities(reading)}
    added = sorted(now.contributions.items(), key=lambda item: -item[1])
    index, points = say("Indeks", "Index"), say("Andil (poin)", "Contribution (points)")
    return [
        Facts(
            items=(
                (index, number(now.index, lang)),
                (say("Hari dasar (= 100)", "Base day (= 100)"), f"{base:%d-%m-%Y}"),
                (say("Cakupan bobot", "Weights covered"), f"{number(now.coverage, lang)}%"),
            )
        ),
        ChartData(
            title=index,
            labels=tuple(f"{day:%d-%m}" for day in days),
            series=(Series(index, tuple(one.index if (one := found[day]) else None for day in days)),),
        ),
        Table(
            title=f"{points}, {last:%d-%m-%Y}",
            columns=(say("Komoditas", "Commodity"), points),
            rows=tuple((names[one], signed(part, lang)) for one, part in added),
            numeric=(1,),
        ),
    ]


async def to_check(reading: Reading, chosen: Values, lang: Lang) -> Sequence[Block]:
    """Submitted prices beside the last validated one; the largest changes first."""
    say = words.sayer(lang)
    asked = select(Price, Market.name, Commodity).join(Market).join(Commodity)
    waiting = asked.where(Price.state == "submitted", Price.archived_at.is_(None)).order_by(Price.day, Price.id)
    if chosen.get("market_id"):
        waiting = waiting.where(Price.market_id == chosen["market_id"])
    rows = (await reading.session.execute(waiting.limit(MOST_WAITING))).all()
    lines: list[tuple[Change | None, tuple[str, ...]]] = []
    levels = words.names(words.LEVELS, lang)
    known = await before(reading, [price for price, _, _ in rows])
    for price, market, one in rows:
        was = known.get(price.id)
        moved = rules.change(price.price, was)
        texts = (f"{price.day:%d-%m-%Y}", market, words.commodity_name(one, lang), levels[price.level])
        money = (rupiah(price.price, lang), rupiah(was, lang), changed(moved, lang))
        lines.append((moved, (*texts, *money, price.entered_by or "")))
    lines.sort(key=lambda line: -abs(line[0].percent) if line[0] else 0)
    columns = say(
        "Tanggal|Pasar|Komoditas|Tingkat|Harga|Sebelumnya|Perubahan|Petugas",
        "Day|Market|Commodity|Level|Price|Before|Change|Officer",
    )
    empty = say("Tidak ada harga yang menunggu.", "No price is waiting.")
    table = Table(columns=tuple(columns.split("|")), rows=tuple(t for _, t in lines), numeric=(4, 5, 6), empty=empty)
    return [table]


async def before(reading: Reading, prices: Sequence[Price]) -> dict[str, int]:
    """Of each price the last validated one of the two weeks before it."""
    if not prices:
        return {}
    first, last = min(one.day for one in prices) - timedelta(days=14), max(one.day for one in prices)
    found = {level: await histories(reading, first, last, level) for level in {one.level for one in prices}}
    was = {}
    for one in prices:
        history = found[one.level].get((one.commodity_id, one.market_id), {})
        if price := rules.known_at(history, one.day - rules.DAY, 13):
            was[one.id] = price
    return was


def number(value: Any, lang: Lang) -> str:
    text = f"{value:,}"
    return text if lang == "en" else text.translate(str.maketrans(",.", ".,"))


def rupiah(value: int | None, lang: Lang) -> str:
    return "–" if value is None else f"Rp{number(value, lang)}"


def signed(value: Any, lang: Lang) -> str:
    return ("+" if value > 0 else "−" if value < 0 else "") + number(abs(value), lang)


def changed(moved: Change | None, lang: Lang) -> str:
    """As an arrow, a word and percent."""
    if moved is None:
        return "–"
    say = words.sayer(lang)
    ways = {"up": say("▲ naik", "▲ up"), "down": say("▼ turun", "▼ down"), "same": say("= tetap", "= same")}
    return ways[moved.way] if moved.way == "same" else f"{ways[moved.way]} {number(abs(moved.percent), lang)}%"


async def tile_alerts(reading: Reading, lang: Lang) -> TileValue:
    open_ = await reading.session.scalar(
        select(func.count(Alert.id)).where(Alert.state == "open", Alert.archived_at.is_(None))
    )
    hint = words.sayer(lang)("belum ditindaklanjuti", "not acknowledged")
    return TileValue(value=str(open_ or 0), tone="warn" if open_ else "good", hint=hint)


async def tile_waiting(reading: Reading, lang: Lang) -> TileValue:
    asked = select(func.count(Price.id)).where(Price.state == "submitted", Price.archived_at.is_(None))
    waiting = await reading.session.scalar(asked) or 0
    return TileValue(value=str(waiting), hint=words.sayer(lang)("menunggu validasi", "wait for validation"))


async def features(reading: Reading, lang: Lang) -> Sequence[Feature]:
    near = words.sayer(lang)("titik perkiraan ± {} km", "approximate point ± {} km")
    return [
        Feature(
            id=one.id,
            point=one.point,
            title=one.name,
            text=one.opening or "" if one.accuracy_m <= 1000 else near.format(round(one.accuracy_m / 1000)),
            link=f"/siharpa/?pasar={rules.slug(one.name)}",
        )
        for one in await markets(reading)
        if one.point
    ]


async def landmarks(reading: Reading) -> Sequence[Landmark]:
    return [
        Landmark(
            id=one.id,
            name=one.name,
            kind="market",
            point=one.point,
            village_code=one.village_code,
            accuracy_m=one.accuracy_m,
        )
        for one in await markets(reading)
        if one.point
    ]


OPEN_COLUMNS = ("day", "market", "commodity", "commodity_en", "unit", "quality", "level", "price_rupiah", "stock")


def open_prices() -> Select[Any]:
    """What anybody may take away, in the order of OPEN_COLUMNS, then the row's id."""
    texts = (Commodity.name, Commodity.name_en, Commodity.unit, Commodity.quality)
    columns = (Price.day, Market.name, *texts, Price.level, Price.price, Price.stock, Price.id)
    return (
        valid(*columns).join(Market, Market.id == Price.market_id).join(Commodity, Commodity.id == Price.commodity_id)
    )


async def open_file(reading: Reading) -> Sequence[Sequence[Any]]:
    newest = open_prices().order_by(Price.day.desc(), Price.id).limit(OPEN_ROWS)
    return [tuple(row)[:-1] for row in await reading.session.execute(newest)]
