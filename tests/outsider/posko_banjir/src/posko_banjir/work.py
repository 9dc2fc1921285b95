"""What changes something: the sheet, the job, the listener, the demo."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import delete, select

from dispatch.plugins import (
    Emergency,
    Heard,
    Reading,
    Refused,
    SheetRow,
    Text,
    Values,
    Working,
    Workshop,
)
from posko_banjir.model import Alert, Level, Post
from posko_banjir.reading import posts
from posko_banjir.rules import stage


async def check_post(work: Working, post: Post, is_new: bool) -> None:
    """More people than twice the capacity is a slip of the finger."""
    if post.people > 2 * post.capacity:
        raise Refused(Text("Jumlah orang jauh melebihi daya tampung.", "Far more people than beds."), field="people")


async def to_read(read: Reading, head: Values) -> Sequence[SheetRow]:
    """A line a post, with the level of the day before."""
    day: date = head["day"]
    before = day - timedelta(days=1)
    rows = await read.session.scalars(select(Level).where(Level.day.in_((day, before))))
    have = {(row.post_id, row.day): row.level_cm for row in rows}
    return [
        SheetRow(key=one.id, label=one.name, unit="cm", last=have.get((one.id, before)), value=have.get((one.id, day)))
        for one in await posts(read)
    ]


async def store(work: Working, head: Values, entries: Mapping[str, Decimal]) -> Text:
    """Keep the day's levels; at the danger mark 112 is told."""
    day: date = head["day"]
    if day > work.now.date() + timedelta(days=1):
        raise Refused(Text("Hari itu belum tiba.", "That day has not come yet."), field="day")
    await work.session.execute(delete(Level).where(Level.day == day, Level.post_id.in_(entries)))
    for post_id, level in entries.items():
        row = Level(id=str(uuid.uuid4()), post_id=post_id, day=day, level_cm=level)
        row.created_at = row.updated_at = work.now
        work.session.add(row)
    highest = max(entries.values(), default=Decimal(0))
    work.emit("levels_read", {"day": day.isoformat(), "posts": len(entries), "highest_cm": str(highest)})
    if stage(highest, work.settings.alert_cm, work.settings.danger_cm) == "bad":
        number = await work.report_emergency(Emergency(narrative=f"Muka air {highest} cm", place="Posko banjir"))
        return Text(f"Tersimpan. Diteruskan ke 112 sebagai {number}.", f"Stored. Handed to 112 as {number}.")
    return Text(f"{len(entries)} bacaan tersimpan.", f"{len(entries)} readings stored.")


async def forget(shop: Workshop) -> None:
    """Drop levels that are older than the office keeps them."""
    async with shop.working() as work:
        oldest = work.now.date() - timedelta(days=work.settings.keep_days)
        await work.session.execute(delete(Level).where(Level.day < oldest))


async def flood_heard(shop: Workshop, heard: Heard) -> None:
    """Keep each flood that 112 opened, once however often it is told."""
    for incident in heard.changed["incidents"]:
        if incident["type"] != "banjir":
            continue
        async with shop.working() as work:
            if await work.session.scalar(select(Alert.id).where(Alert.incident_id == incident["id"])) is None:
                row = Alert(id=str(uuid.uuid4()), incident_id=incident["id"], number=incident["number"], at=heard.at)
                row.created_at = row.updated_at = work.now
                work.session.add(row)
                work.emit("flood_heard", {"number": incident["number"]})


async def demo(work: Working, random: Random) -> None:
    """Three posts at the river."""
    for name, lat, lon in (("Petung", -1.3395, 116.6385), ("Waru", -1.4046, 116.6105), ("Sepaku", -0.9512, 116.7587)):
        post = Post(
            id=str(uuid.UUID(int=random.getrandbits(128), version=4)),
            name=name,
            place_lat=lat,
            place_lon=lon,
            capacity=random.randrange(40, 200, 10),
            people=random.randrange(0, 40),
        )
        post.created_at = post.updated_at = work.now
        work.session.add(post)
