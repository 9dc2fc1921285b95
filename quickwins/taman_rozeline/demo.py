"""Content for the demonstration, all made up; the park's place is not known exactly, and says so."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from dispatch.plugins import Working
from quickwins.taman_rozeline import rules
from quickwins.taman_rozeline.model import (
    AccessPoint,
    Base,
    DayCount,
    DeviceDay,
    OpeningHours,
    Salt,
    SessionRow,
    Terms,
    Ticket,
)

NEAR = (-1.31003, 116.72761)
"""Km 9 in Nipah-Nipah, where reports put the park; its own coordinates were not found."""
ACCURACY_M = 1500
PLACES = ("Gerbang utama", "Taman bermain", "Air mancur", "Panggung", "Pojok baca", "Kuliner", "Musala", "Parkir timur")
FAULTS = (
    ("power", "Listrik taman padam sejak sore.", "MCB diganti."),
    ("theft", "Kabel LAN ke panggung dipotong orang.", "Kabel diganti dan diberi pipa besi."),
    ("other", "Tersambung tetapi halaman tidak terbuka.", "Perute dimulai ulang."),
    ("power", "Lampu titik akses mati setelah hujan.", "Adaptor diganti."),
    ("other", "Lambat sekali pada Sabtu malam.", "Kanal radio dipindah."),
    ("power", "Giliran padam PLN.", "Menyala lagi setelah PLN pulih."),
    ("other", "Sinyal tidak sampai ke bangku timur.", "Antena diarahkan ulang."),
    ("theft", "Dudukan titik akses longgar, seperti dicoba lepas.", ""),
    ("power", "Mati total di parkir timur.", ""),
)
TEXTS = (
    (
        "Wifi ini gratis untuk pengunjung Taman Rozeline.\nGunakan dengan sopan dan menurut hukum.",
        "This wifi is free for visitors of Rozeline Park.\nUse it decently and within the law.",
    ),
    (
        "Wifi ini gratis untuk pengunjung Taman Rozeline, pada jam buka taman.\n"
        "Gunakan dengan sopan dan menurut hukum; jangan mengunduh berkas besar saat ramai.\n"
        "Jaringan terbuka dapat disadap: jangan mengisi sandi di situs tanpa gembok (https).\n"
        "Tidak ada jaminan wifi selalu menyala. Untuk keadaan darurat, telepon 112.",
        "This wifi is free for visitors of Rozeline Park while the park is open.\n"
        "Use it decently and within the law; no large downloads when it is busy.\n"
        "An open network can be listened to: type no password at sites without a lock (https).\n"
        "It is not promised to work at all times. In an emergency call 112.",
    ),
)


class Maker:
    """Makes rows with ids from `random`, so that a demonstration can be made again."""

    def __init__(self, working: Working, random: Random) -> None:
        self.session, self.random, self.now = working.session, random, working.now

    def add(self, row: Base, at: datetime | None = None) -> Any:
        made: Any = row
        made.id = str(UUID(int=self.random.getrandbits(128), version=4))
        made.created_at = made.updated_at = at or self.now
        made.demo = True
        self.session.add(row)
        return made


async def demo(working: Working, random: Random) -> None:
    """Some hundred rows: access points, a month of days, today's sessions, tickets, hours, terms."""
    maker = Maker(working, random)
    points = [_point(maker, number, name) for number, name in enumerate(PLACES)]
    for weekday in range(7):
        maker.add(OpeningHours(weekday=str(weekday), opens=time(6), closes=time(22)))
    for number, (indonesian, english) in enumerate(TEXTS, 1):
        at = maker.now - timedelta(days=400 - 180 * number)
        maker.add(Terms(number=number, state="published", text_id=indonesian, text_en=english, published_at=at), at)
    _days(maker)
    _tickets(maker, points)
    _sessions(maker, points)


def _point(maker: Maker, number: int, name: str) -> AccessPoint:
    state = "down" if name == "Parkir timur" else "unknown" if name == "Musala" else "up"
    row: AccessPoint = maker.add(
        AccessPoint(
            name=name,
            nas=f"rozeline-{number + 1}",
            point_lat=NEAR[0] + 0.0006 * (number % 3 - 1),
            point_lon=NEAR[1] + 0.0005 * (number // 3 - 1),
            accuracy_m=ACCURACY_M,
            note="Titik contoh: letak pasti Taman Rozeline belum diketahui, kira-kira Km 9.",
            state=state,
            since=None if state == "unknown" else maker.now - timedelta(hours=5 if state == "down" else 24 * 9),
            checked_at=None if state == "unknown" else maker.now,
        )
    )
    return row


def _days(maker: Maker) -> None:
    """A month, busier at weekends; one day is missing, as it happens."""
    today = rules.day_of(maker.now)
    for back in range(35, 0, -1):
        day = today - timedelta(days=back)
        if back == 11:
            continue
        devices = int(maker.random.randint(60, 110) * (1.9 if day.weekday() >= 5 else 1))
        sessions = int(devices * maker.random.uniform(1.2, 1.7))
        down = devices * maker.random.randint(60, 140) * 10**6
        closed = rules.bounds(day)[1] + timedelta(hours=24)
        figures = {"devices": devices, "sessions": sessions, "peak": devices // 4, "down": down, "up": down // 9}
        maker.session.add(DayCount(day=day, closed_at=min(closed, maker.now), **figures))


def _tickets(maker: Maker, points: list[AccessPoint]) -> None:
    for number, (cause, what, done) in enumerate(FAULTS):
        at = maker.now - timedelta(days=40 - 5 * number, hours=maker.random.randint(0, 8)) if done else maker.now
        at = at if done else maker.now - timedelta(hours=5 + number)
        repaired = at + timedelta(hours=maker.random.randint(2, 60)) if done else None
        point = points[-1] if not done and cause == "power" else maker.random.choice(points[:6])
        row = Ticket(cause=cause, description=what, access_point_id=point.id, solution=done or None)
        row.state, row.resolved_at = ("closed", repaired) if repaired else ("open", None)
        row.source = maker.random.choice(["public", "staff", "poller"]) if done else "public"
        maker.add(row, at)


def _sessions(maker: Maker, points: list[AccessPoint]) -> None:
    """The last hours: half of the sessions run still, on a controller that reports no more until they stop."""
    start = maker.now - timedelta(hours=5)
    today = rules.day_of(maker.now)
    salt = f"{maker.random.getrandbits(256):064x}"
    maker.session.add(Salt(name=today.isoformat(), salt=salt, made_at=maker.now, used_at=maker.now))
    maker.session.add(DayCount(day=today, devices=24, sessions=36, peak=18))
    for number in range(36):
        begun = start + timedelta(minutes=maker.random.randint(0, 280))
        ended = None if number % 2 else min(begun + timedelta(minutes=maker.random.randint(5, 90)), maker.now)
        row = SessionRow(key=f"{maker.random.getrandbits(256):064x}", started_at=begun, seen_at=ended or begun)
        row.stopped_at, row.access_point_id = ended, maker.random.choice(points[:6]).id
        row.down = maker.random.randint(1, 300) * 10**6
        row.up = row.down // 8
        maker.session.add(row)
        if number % 3:
            maker.session.add(DeviceDay(day=today, device=rules.hashed(salt, f"demo-{number}")))
