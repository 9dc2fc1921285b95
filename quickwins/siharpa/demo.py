"""Content for the demonstration: markets that exist, with their sources; prices, stocks and weights are made up."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import insert

from dispatch.plugins import Working
from quickwins.siharpa import rules
from quickwins.siharpa.model import AlertRule, Base, Commodity, Market, Price

DAYS = 30
VILLAGE_ACCURACY_M = 4000
"""Of a market of which only the village is known: its point stands for it."""
PORTION = 1000
BY = "Petugas Contoh"
MARKETS: tuple[tuple[str, str, str | None, tuple[float, float] | None, int, str, str], ...] = (
    (
        "Pasar Induk Penajam",
        "64.09.01.1010",
        "Jalan Provinsi Km 4, Nenang",
        None,
        VILLAGE_ACCURACY_M,
        "Setiap hari 05.00–14.00 (contoh)",
        "detik.com 2019; letak tepat belum diketahui",
    ),
    (
        "Pasar Petung",
        "64.09.01.1003",
        None,
        (-1.35643, 116.66441),
        300,
        "Setiap hari 05.00–14.00 (contoh)",
        "KominfoMap Diskominfo PPU, dua versi berjarak ± 270 m",
    ),
    (
        "Pasar Induk Waru",
        "64.09.02.2002",
        "Jalan Provinsi Km 26, Sesulu",
        None,
        VILLAGE_ACCURACY_M,
        "Setiap hari 05.00–12.00 (contoh)",
        "Antara 2023; letak tepat belum diketahui",
    ),
    (
        "Pasar Induk Babulu",
        "64.09.03.2001",
        None,
        None,
        VILLAGE_ACCURACY_M,
        "Setiap hari 05.00–12.00 (contoh)",
        "suara.com 2022; desanya diperkirakan Babulu Darat",
    ),
    (
        "Pasar Rabu Sukaraja (Sepaku)",
        "64.09.04.2003",
        None,
        None,
        VILLAGE_ACCURACY_M,
        "Rabu",
        "mediahumaspolri.com 2025; letak tepat belum diketahui",
    ),
)
WEEKLY = "Pasar Rabu Sukaraja (Sepaku)"
WEDNESDAY = 2
COMMODITIES = (
    ("Beras premium", "Premium rice", "staple", "kg", "Premium", 16_500, "12"),
    ("Beras medium", "Medium rice", "staple", "kg", "Medium", 14_000, "20"),
    ("Gula pasir", "Sugar", "staple", "kg", "Curah", 18_000, "4"),
    ("Minyak goreng curah", "Bulk cooking oil", "staple", "liter", None, 17_500, "4"),
    ("Minyak goreng kemasan", "Packed cooking oil", "staple", "liter", "Kemasan sederhana", 19_500, "5"),
    ("Tepung terigu", "Wheat flour", "staple", "kg", "Serbaguna", 12_500, "2"),
    ("Garam beryodium", "Iodised salt", "staple", "kg", "Halus", 12_000, "0.5"),
    ("Daging sapi", "Beef", "protein", "kg", "Paha belakang", 150_000, "5"),
    ("Daging ayam ras", "Chicken", "protein", "kg", "Karkas", 40_000, "9"),
    ("Telur ayam ras", "Eggs", "protein", "kg", None, 31_000, "8"),
    ("Ikan tongkol", "Mackerel tuna", "protein", "kg", "Segar", 35_000, "5"),
    ("Ikan bandeng", "Milkfish", "protein", "kg", "Segar", 33_000, "3"),
    ("Udang", "Shrimp", "protein", "kg", "Sedang", 75_000, "2"),
    ("Cabai rawit", "Bird's eye chilli", "spice", "kg", "Merah", 60_000, "4"),
    ("Cabai merah keriting", "Curly red chilli", "spice", "kg", None, 50_000, "4"),
    ("Bawang merah", "Shallots", "spice", "kg", "Kering", 38_000, "5"),
    ("Bawang putih", "Garlic", "spice", "kg", "Honan", 40_000, "3"),
    ("Tomat", "Tomatoes", "vegetable", "kg", None, 16_000, "2"),
    ("Kangkung", "Water spinach", "vegetable", "ikat", None, 4_000, "1"),
    ("Pisang kepok", "Kepok bananas", "fruit", "sisir", None, 20_000, "1.5"),
)
LEVELS = (("retail", Decimal(1)), ("wholesale", Decimal("0.92")), ("producer", Decimal("0.8")))
RULES = (
    ("Beras medium", "5", 14),
    ("Cabai rawit", "15", 7),
    ("Cabai merah keriting", "15", 7),
    ("Telur ayam ras", "10", 7),
    ("Bawang merah", "12", 7),
)
CLIMB = {"Cabai rawit": Decimal("0.035"), "Bawang merah": Decimal("-0.01")}
"""Share a day by which it moves in the last week, on top of chance."""


@dataclass(slots=True)
class Maker:
    """Makes rows with ids from `random`, so that the same demonstration can be made again."""

    w: Working
    random: Random

    def stamp(self) -> dict[str, Any]:
        now = self.w.now
        return {"id": f"{self.random.getrandbits(128):032x}", "version": 1, "created_at": now, "updated_at": now}

    def add(self, row: Base) -> Any:
        for name, value in self.stamp().items():
            setattr(row, name, value)
        self.w.session.add(row)
        return row


async def demo(w: Working, random: Random) -> None:
    """Thirty days of prices; today's of the last market still wait to be validated."""
    maker = Maker(w, random)
    villages = {one.code: one.point for one in await w.villages()}
    markets = []
    for name, code, address, point, accuracy, opening, source in MARKETS:
        lat, lon = point or villages.get(code) or (None, None)
        place = {"village_code": code, "address": address, "point_lat": lat, "point_lon": lon, "accuracy_m": accuracy}
        markets.append(maker.add(Market(name=name, **place, opening=opening, source=source)))
    goods = {}
    for name, name_en, family, unit, quality, _, weight in COMMODITIES:
        texts = {"name": name, "name_en": name_en, "family": family, "unit": unit, "quality": quality}
        goods[name] = maker.add(Commodity(**texts, weight=Decimal(weight)))
    await w.session.flush()
    for name, percent, days in RULES:
        maker.add(AlertRule(commodity_id=goods[name].id, level="retail", percent=Decimal(percent), days=days))
    today = rules.local_date(w.now)
    rows = [row for market in markets for row in _of_market(maker, market, goods, today)]
    for start in range(0, len(rows), PORTION):
        await w.session.execute(insert(Price), rows[start : start + PORTION])


def _of_market(maker: Maker, market: Market, goods: dict[str, Commodity], today: date) -> list[dict[str, Any]]:
    """Retail prices of all commodities, the other levels of staples alone; now and then one was not noted."""
    random = maker.random
    dear = Decimal(random.randint(97, 105)) / 100
    rows = []
    for name, _, family, _, _, usual, _ in COMMODITIES:
        worth = usual * dear * Decimal(random.randint(97, 103)) / 100
        for day in rules.days_between(today - timedelta(days=DAYS - 1), today):
            climb = CLIMB.get(name, Decimal(0)) if today - day < rules.WEEK else Decimal(0)
            worth *= 1 + climb + Decimal(random.randint(-8, 8)) / 1000
            if market.name == WEEKLY and day.weekday() != WEDNESDAY:
                continue
            if day != today and random.random() < 0.03:
                continue
            for level, share in LEVELS if family == "staple" and market.name == MARKETS[0][0] else LEVELS[:1]:
                rows.append(_price(maker, market, goods[name], level, day, int(worth * share / 500) * 500 or 500))
                _check(maker, rows[-1], waits=day == today and market.name == MARKETS[3][0])
    return rows


def _price(maker: Maker, market: Market, one: Commodity, level: str, day: date, price: int) -> dict[str, Any]:
    named = {"market_id": market.id, "commodity_id": one.id, "level": level, "day": day}
    stock = Decimal(maker.random.randint(5, 90) * 10)
    return {**maker.stamp(), **named, "price": price, "stock": stock, "entered_by": BY}


def _check(maker: Maker, row: dict[str, Any], *, waits: bool) -> None:
    row["state"] = "submitted" if waits else "validated"
    row["checked_by"], row["checked_at"] = (None, None) if waits else ("Penyelia Contoh", maker.w.now)
