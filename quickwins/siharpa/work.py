"""What people do with prices: sheets, validation, corrections, and the job that finds rises."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import inspect, select

from dispatch.plugins import Reading, Refused, SheetRow, Text, Values, Working, Workshop
from quickwins.siharpa import reports, rules
from quickwins.siharpa.model import Alert, AlertRule, Commodity, Correction, Price

LOOK_BACK = timedelta(days=14)
"""How old the price may be that a sheet shows beside the box."""
MOST_AT_ONCE = 5000
"""Prices validated together: 0.6 s on the embedded database; what is left waits for the next turn."""
PORTION = 250
"""Written at once; between two portions the loop serves calls."""
KEY = ("market_id", "commodity_id", "level", "day")


def _who(w: Working) -> str | None:
    return w.person.name if w.person else None


def _stamped(w: Working, row: Any) -> Any:
    row.id, row.version, row.created_at, row.updated_at = str(uuid4()), 1, w.now, w.now
    return row


def _not_ahead(w: Working, day: date) -> None:
    if day > rules.local_date(w.now):
        raise Refused(Text("Tanggal ini belum tiba.", "This day is still to come."), "day")


async def price_rows(reading: Reading, head: Values) -> Sequence[SheetRow]:
    """All commodities with the last price in this market and level, and what is stored for the day already."""
    day = head.get("day") or rules.local_date(reading.now)
    stored, last = await _around(reading, head, day)
    return [
        SheetRow(
            key=one.id,
            label=one.name,
            unit=f"Rp/{one.unit}",
            hint=" · ".join(filter(None, [one.quality, f"{last[one.id].day:%d-%m}" if one.id in last else None])),
            last=Decimal(last[one.id].price) if one.id in last else None,
            value=Decimal(stored[one.id].price) if one.id in stored else None,
        )
        for one in await reports.commodities(reading)
    ]


async def stock_rows(reading: Reading, head: Values) -> Sequence[SheetRow]:
    day = head.get("day") or rules.local_date(reading.now)
    stored, last = await _around(reading, head, day)
    return [
        SheetRow(
            key=one.id,
            label=one.name,
            unit=one.unit,
            hint=one.quality or "",
            last=last[one.id].stock if one.id in last else None,
            value=stored[one.id].stock if one.id in stored else None,
        )
        for one in await reports.commodities(reading)
    ]


async def _around(reading: Reading, head: Values, day: date) -> tuple[dict[str, Price], dict[str, Price]]:
    """By commodity: the prices of the day, and the last ones before it that were not rejected."""
    if head.get("market_id") is None or head.get("level") is None:
        return {}, {}
    asked = select(Price).where(Price.market_id == head["market_id"], Price.level == head["level"])
    near = asked.where(Price.day.between(day - LOOK_BACK, day), Price.archived_at.is_(None)).order_by(Price.day)
    rows = (await reading.session.scalars(near)).all()
    stored = {row.commodity_id: row for row in rows if row.day == day}
    return stored, {row.commodity_id: row for row in rows if row.day < day and row.state != "rejected"}


async def save_prices(w: Working, head: Values, boxes: Mapping[str, Decimal]) -> Text:
    """Store the day's prices; one of the day itself may be typed anew. Raises Refused."""
    _not_ahead(w, head["day"])
    stored = await _stored(w, head)
    for commodity_id, number in boxes.items():
        price = int(number)
        if not 0 < price <= rules.HIGHEST_RUPIAH:
            raise Refused(Text("Harga harus lebih dari 0.", "A price is above 0."), commodity_id)
        row = stored.get(commodity_id)
        if row is None:
            named = {name: head[name] for name in ("market_id", "level", "day")}
            new = Price(**named, commodity_id=commodity_id, price=price, state="submitted", entered_by=_who(w))
            w.session.add(_stamped(w, new))
        elif row.price != price or row.state == "rejected":
            old, row.price = row.price, price
            amend(w, row, old, row.rejection, commodity_id)
            row.version, row.updated_at = row.version + 1, w.now
    return Text(f"{len(boxes)} harga diajukan.", f"{len(boxes)} prices submitted.")


async def _stored(w: Working, head: Values) -> dict[str, Price]:
    asked = select(Price).where(*(getattr(Price, name) == head[name] for name in ("market_id", "level", "day")))
    rows = await w.session.scalars(asked.where(Price.archived_at.is_(None)).order_by(Price.id).with_for_update())
    return {row.commodity_id: row for row in rows}


async def save_stocks(w: Working, head: Values, boxes: Mapping[str, Decimal]) -> Text:
    """Note the stock beside the prices of the day. Raises Refused."""
    stored = await _stored(w, head)
    for commodity_id, stock in boxes.items():
        if commodity_id not in stored:
            raise Refused(Text("Isi harganya lebih dahulu.", "Enter its price first."), commodity_id)
        if stock < 0:
            raise Refused(Text("Stok tidak kurang dari 0.", "A stock is not below 0."), commodity_id)
        row = stored[commodity_id]
        row.stock, row.version, row.updated_at = stock, row.version + 1, w.now
    return Text(f"Stok {len(boxes)} komoditas tercatat.", f"Stock of {len(boxes)} commodities noted.")


def amend(w: Working, row: Price, old: int, reason: str | None, field: str = "reason") -> None:
    """Keep what the changed price was, and have it validated anew. Raises Refused for a past day without a reason."""
    if row.day < rules.local_date(w.now) and not reason:
        told = "Harga hari lalu hanya dikoreksi dengan alasan (Daftar harga, Koreksi)."
        raise Refused(Text(told, "A past day's price is corrected only with a reason (Prices, Correct)."), field)
    key = {name: getattr(row, name) for name in KEY}
    kept = Correction(**key, old_price=old, new_price=row.price, reason=reason, by=_who(w))
    w.session.add(_stamped(w, kept))
    row.state, row.rejection, row.reason = "submitted", None, None
    row.entered_by, row.checked_by, row.checked_at = _who(w), None, None


async def saving_price(w: Working, row: Price, new: bool) -> None:
    """Of the list's form and of imports: a new price is submitted, a changed one leaves its trace. Raises Refused."""
    _not_ahead(w, row.day)
    if new:
        row.state, row.entered_by, row.reason = "submitted", _who(w), None
        return
    attributes = inspect(row).attrs
    if any(attributes[name].history.has_changes() for name in KEY):
        told = "Pasar, komoditas, tingkat, dan tanggal tidak diubah; buat harga baru."
        raise Refused(Text(told, "Market, commodity, level and day stay; make another price."))
    if attributes.archived_at.history.has_changes() and row.state == "validated":
        told = "Harga yang sudah valid tidak diarsipkan; tolak dengan alasan."
        raise Refused(Text(told, "A validated price is not archived; reject it with a reason."))
    price = attributes.price.history
    if price.has_changes():
        amend(w, row, next(iter(price.deleted)), row.reason)
    row.reason = None


async def correct(w: Working, row: Price, typed: Values) -> Text:
    old, row.price = row.price, typed["price"]
    if old == row.price:
        raise Refused(Text("Harganya sama.", "It is the same price."), "price")
    amend(w, row, old, typed["reason"])
    return Text("Dikoreksi, menunggu validasi.", "Corrected, waiting for validation.")


async def validate(w: Working, row: Price, _typed: Values) -> Text:
    row.state, row.rejection, row.checked_by, row.checked_at = "validated", None, _who(w), w.now
    return Text("Harga ini berlaku dan tampil untuk publik.", "This price counts and is public.")


async def reject(w: Working, row: Price, typed: Values) -> Text:
    row.state, row.rejection, row.checked_by, row.checked_at = "rejected", typed["reason"], _who(w), w.now
    return Text("Harga ditolak.", "The price was rejected.")


async def validate_many(w: Working, typed: Values) -> Text:
    """Submitted prices of some days, perhaps of one market; those that jump wait to be looked at. Raises Refused."""
    if typed["last"] < typed["first"]:
        raise Refused(Text("Rentang tanggal terbalik.", "The days are the wrong way round."), "last")
    asked = select(Price).where(Price.state == "submitted", Price.archived_at.is_(None))
    within = asked.where(Price.day.between(typed["first"], typed["last"]))
    if typed.get("market_id"):
        within = within.where(Price.market_id == typed["market_id"])
    waiting = (
        await w.session.scalars(within.order_by(Price.day, Price.id).limit(MOST_AT_ONCE).with_for_update())
    ).all()
    if not waiting:
        raise Refused(Text("Tidak ada harga yang menunggu.", "No price is waiting."))
    was = await reports.before(w, waiting)
    calm = [row for row in waiting if not rules.jumps(row.price, was.get(row.id))]
    for start in range(0, len(calm), PORTION):
        for row in calm[start : start + PORTION]:
            row.state, row.checked_by, row.checked_at = "validated", _who(w), w.now
            row.version, row.updated_at = row.version + 1, w.now
        await w.session.flush()
    left = len(waiting) - len(calm)
    told = (f" {left} melonjak: lihat satu per satu.", f" {left} jump: look at each.") if left else ("", "")
    return Text(f"{len(calm)} harga divalidasi.{told[0]}", f"{len(calm)} prices validated.{told[1]}")


async def acknowledge(w: Working, alert: Alert, typed: Values) -> Text:
    alert.state, alert.note = "acknowledged", typed["note"]
    alert.acknowledged_by, alert.acknowledged_at = _who(w), w.now
    return Text("Tercatat.", "Noted.")


async def raise_alerts(workshop: Workshop) -> None:
    """Look at each rule in each market; a rise is told once, and again only when it climbs higher."""
    async with workshop.working() as w:
        today = rules.local_date(w.now)
        asked = select(AlertRule).join(Commodity, Commodity.id == AlertRule.commodity_id)
        living = asked.where(AlertRule.archived_at.is_(None), Commodity.archived_at.is_(None))
        for rule in await w.session.scalars(living.order_by(AlertRule.id)):
            first = today - timedelta(days=2 * rule.days)
            histories = await reports.histories(w, first, today, rule.level, rule.commodity_id)
            told = await _told(w, rule, first)
            for (commodity_id, market_id), history in histories.items():
                found = rules.rise(history, rule.percent, rule.days, today)
                if found is not None and rules.is_news(found, told[market_id], rule.days):
                    _tell(w, rule, commodity_id, market_id, found)


async def _told(w: Working, rule: AlertRule, first: date) -> dict[str, list[tuple[date, int]]]:
    told: dict[str, list[tuple[date, int]]] = defaultdict(list)
    asked = select(Alert.market_id, Alert.day, Alert.price).where(Alert.rule_id == rule.id, Alert.day >= first)
    for market_id, day, price in await w.session.execute(asked):
        told[market_id].append((day, price))
    return told


def _tell(w: Working, rule: AlertRule, commodity_id: str, market_id: str, found: rules.Rise) -> None:
    alert = Alert(rule_id=rule.id, commodity_id=commodity_id, market_id=market_id, level=rule.level, state="open")
    alert.from_day, alert.from_price = found.from_day, found.from_price
    alert.day, alert.price, alert.percent = found.day, found.price, found.percent
    w.session.add(_stamped(w, alert))
    known = {"commodity": commodity_id, "market": market_id, "day": found.day.isoformat(), "price": found.price}
    w.emit("price_rose", {**known, "percent": str(found.percent), "from_price": found.from_price})
