"""How fast a report is compared with 1,000 open incidents, beside a loop of geopy over all of them in the same run.

python -m bench.duplicates
"""

import asyncio
import random
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

from geopy.distance import geodesic

from bench.figures import milliseconds, percentile
from dispatch.db import Database
from dispatch.incidents.likeness import Sketch, likely_twins, words_of
from dispatch.incidents.model import IncidentRow
from dispatch.incidents.queries import similar
from dispatch.migrate import upgrade
from dispatch.places.seed import first_places
from dispatch.views import Point
from dispatch.words import Category, IncidentState, Priority

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
OPEN = 1000
RUNS = 200
GOAL_MS = 5.0
KINDS = (("fire", Category.FIRE), ("flood", Category.DISASTER), ("traffic_accident", Category.ACCIDENT),
         ("sudden_illness", Category.HEALTH), ("theft", Category.ORDER))  # fmt: skip
STORY = "api asap rumah terbakar air naik motor truk tabrakan pasar sekolah masjid jembatan gudang anak lansia".split()


def reports(count: int, chance: random.Random) -> list[Sketch]:
    """Reports of the last two hours around the regency's villages."""
    villages = [row for row in first_places() if row.kind in ("desa", "kelurahan")]
    made = []
    for _ in range(count):
        village, (kind, category) = chance.choice(villages), chance.choice(KINDS)
        point = Point(lat=(village.lat or 0) + chance.gauss(0, 0.02), lon=(village.lon or 0) + chance.gauss(0, 0.02))
        text = " ".join(chance.sample(STORY, 6)) + f" {village.name}"
        opened_at = NOW - timedelta(seconds=chance.uniform(0, 7200))
        made.append(
            Sketch(kind, category, point, village.village_code, text, opened_at, chance.choice((50, 250, 1000)))
        )
    return made


def naive(report: Sketch, others: list[tuple[str, Sketch]]) -> list[str]:
    """Within 1.5 km by geodesic, sharing a word: what a loop over all would do."""
    found = []
    for key, other in others:
        assert report.point is not None
        assert other.point is not None
        apart_m = geodesic((report.point.lat, report.point.lon), (other.point.lat, other.point.lon)).meters
        if apart_m <= 1500 and words_of(report.text) & words_of(other.text):
            found.append(key)
    return found


def timed(check: Callable[[Sketch], object], asked: list[Sketch]) -> tuple[list[float], list[float]]:
    clock, cpu = [], []
    for report in asked:
        start, used = perf_counter(), process_time()
        check(report)
        clock.append(perf_counter() - start)
        cpu.append(process_time() - used)
    return clock, cpu


async def through_database(others: list[tuple[str, Sketch]], asked: list[Sketch]) -> list[float]:
    """The whole check as the API does it, on the embedded database."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        await upgrade(url)
        db = Database(url, clock=lambda: NOW)
        async with db.transaction() as tx:
            tx.session.add_all([_row(number, key, one) for number, (key, one) in enumerate(others)])

        async def check(report: Sketch) -> None:
            async with db.reading() as session:
                await similar(session, report)

        taken = [await _seconds(check, report) for report in asked]
        await db.close()
    return taken


async def _seconds(check: Callable[[Sketch], Awaitable[None]], report: Sketch) -> float:
    start = perf_counter()
    await check(report)
    return perf_counter() - start


def _row(number: int, key: str, one: Sketch) -> IncidentRow:
    return IncidentRow(
        id=key, number=f"26-{number:05}", type=one.type, category=Category(one.category), priority=Priority.P2,
        state=IncidentState.OPEN, narrative=one.text, place_text="", lat=one.point.lat if one.point else None,
        lon=one.point.lon if one.point else None, accuracy_m=one.accuracy_m, village_code=one.village_code,
        owner_id="bench", opened_at=one.opened_at,
    )  # fmt: skip


def main() -> int:
    chance = random.Random(112)
    others = [(f"i{number:04}", one) for number, one in enumerate(reports(OPEN, chance))]
    asked = [replace(one, opened_at=NOW) for one in reports(RUNS, chance)]
    likely_twins(asked[0], others, 5)
    ours, cpu = timed(lambda report: likely_twins(report, others, 5), asked)
    peer, _ = timed(lambda report: naive(report, others), asked[:20])
    whole = asyncio.run(through_database(others, asked))
    print(f"1,000 open incidents  {milliseconds(ours)}")
    print(f"  its CPU time        {milliseconds(cpu)}")
    print(f"with the database     {milliseconds(whole)}")
    print(f"geopy over all        {milliseconds(peer)}")
    times = percentile(peer, 0.5) / percentile(ours, 0.5)
    p99_ms = percentile(cpu, 0.99) * 1e3
    print(f"p99 of CPU time {p99_ms:.2f} ms, goal {GOAL_MS:g} ms; the peer's median is {times:.0f} x")
    return 0 if p99_ms <= GOAL_MS else 1


if __name__ == "__main__":
    sys.exit(main())
