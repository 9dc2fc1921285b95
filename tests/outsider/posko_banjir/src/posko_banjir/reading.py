"""What other people see of it: figures, the map, charts, open data."""

from collections.abc import Sequence

from sqlalchemy import func, select

from dispatch.plugins import (
    ChartData,
    Feature,
    Landmark,
    Lang,
    Note,
    Reading,
    Series,
    TileValue,
    Values,
)
from posko_banjir.model import Level, Post
from posko_banjir.rules import places_left, stage


async def posts(read: Reading) -> Sequence[Post]:
    """All that are in use, by name."""
    query = select(Post).where(Post.archived_at.is_(None)).order_by(Post.name)
    return (await read.session.scalars(query)).all()


async def beds(read: Reading, lang: Lang) -> TileValue:
    """Free beds of all posts."""
    free = sum(places_left(one.capacity, one.people) for one in await posts(read))
    full = ("penuh" if lang == "id" else "full") if not free else ""
    return TileValue(str(free), unit="tempat" if lang == "id" else "beds", tone="bad" if full else "plain", hint=full)


async def water(read: Reading, lang: Lang) -> TileValue:
    """The highest water of the last day that was read."""
    last = select(func.max(Level.day)).scalar_subquery()
    highest = await read.session.scalar(select(func.max(Level.level_cm)).where(Level.day == last))
    if highest is None:
        return TileValue("–", hint="belum dibaca" if lang == "id" else "not read yet")
    tone = stage(highest, read.settings.alert_cm, read.settings.danger_cm)
    words = {"plain": ("aman", "safe"), "warn": ("siaga", "alert"), "bad": ("bahaya", "danger")}[tone]
    return TileValue(f"{highest.normalize():f}", unit="cm", tone=tone, hint=words[lang == "en"])


async def on_the_map(read: Reading, lang: Lang) -> Sequence[Feature]:
    """Every post with a place; full ones stand out, and say so."""
    found = []
    for one in await posts(read):
        if one.place_lat is not None and one.place_lon is not None:
            free = places_left(one.capacity, one.people)
            text = f"{free} tempat kosong" if lang == "id" else f"{free} free beds"
            point = (one.place_lat, one.place_lon)
            found.append(Feature(id=one.id, point=point, title=one.name, text=text, tone="good" if free else "bad"))
    return found


async def landmarks(read: Reading) -> Sequence[Landmark]:
    """For the call-taker who hears 'at the flood post of Petung'."""
    return [
        Landmark(
            id=one.id,
            name=f"Posko banjir {one.name}",
            kind="flood_post",
            point=(one.place_lat, one.place_lon),
            village_code=one.village,
        )
        for one in await posts(read)
        if one.place_lat is not None and one.place_lon is not None
    ]


async def levels(read: Reading, filters: Values, lang: Lang) -> Sequence[ChartData | Note]:
    """The highest water, day by day."""
    query = select(Level.day, func.max(Level.level_cm)).group_by(Level.day).order_by(Level.day)
    days = (await read.session.execute(query)).all()
    if not days:
        return [Note(text="Belum ada bacaan." if lang == "id" else "There are no readings yet.")]
    return [
        ChartData(
            title="Muka air tertinggi" if lang == "id" else "Highest water",
            labels=tuple(day.isoformat() for day, _ in days),
            series=(Series("cm", tuple(highest for _, highest in days)),),
            unit="cm",
        )
    ]


async def open_levels(read: Reading) -> Sequence[Sequence[object]]:
    """Post, day, level: all that was read."""
    query = select(Post.name, Level.day, Level.level_cm).join(Level, Level.post_id == Post.id)
    return [tuple(row) for row in await read.session.execute(query.order_by(Level.day, Post.name))]
