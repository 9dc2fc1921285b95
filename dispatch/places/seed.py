"""The gazetteer's first contents: the regency's villages, landmarks, Km posts and islands, from the packaged facts."""

import math
from collections.abc import Iterator

from dispatch.places.model import PlaceRow
from dispatch.places.roads import KM_ACCURACY_M, read_csv, read_roads
from dispatch.places.rules import KM_TO_M

TOWN_ACCURACY_M = 3000
"""A town's point stands for where the people of a wide village live."""

ISLAND_ACCURACY_M = 300
QUALITY_ACCURACY_M = {"A": 150, "B": 250, "C": 1000}
"""landmarks.csv: A two sources agree within 150 m, B one precise source, C rounded coordinates."""

AREA_CENTRE = "area_centre"
"""Kind of a hidden row: the middle of a village whose own point is its town."""


def first_places() -> Iterator[PlaceRow]:
    yield from _areas()
    yield from _landmarks()
    yield from _km_posts()
    yield from _islands()


def _areas() -> Iterator[PlaceRow]:
    for row in read_csv("villages.csv"):
        is_village = row["kind"] in ("desa", "kelurahan")
        centre = PlaceRow(
            id=row["code"],
            name=row["name"] if is_village else f"{row['kind'].capitalize()} {row['name']}",
            kind=row["kind"],
            village_code=row["code"] if is_village else None,
            village=row["name"] if is_village else None,
            kecamatan=row["kecamatan"] or (row["name"] if row["kind"] == "kecamatan" else None),
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            accuracy_m=round(math.sqrt(float(row["area_km2"]) / math.pi) * KM_TO_M),
            variants=_list(row["variants"]),
            source=row["source"],
        )
        if row["town_lat"]:
            yield _town(row, centre)
            centre.id, centre.kind, centre.variants = f"area-{row['code']}", AREA_CENTRE, []
        yield centre


def _town(row: dict[str, str], centre: PlaceRow) -> PlaceRow:
    """The village's row at its town: a centroid is not where people live (20 km off in Waru)."""
    return PlaceRow(
        id=centre.id,
        name=centre.name,
        kind=centre.kind,
        village_code=centre.village_code,
        village=centre.village,
        kecamatan=centre.kecamatan,
        lat=float(row["town_lat"]),
        lon=float(row["town_lon"]),
        accuracy_m=TOWN_ACCURACY_M,
        variants=centre.variants,
        source=centre.source,
    )


def _landmarks() -> Iterator[PlaceRow]:
    """A landmark without coordinates but with a Km gets that Km's place; the Km is kept as a spelling."""
    trunk = next(road for road in read_roads(_known_posts()) if road.code == "penajam-kuaro")
    for row in read_csv("landmarks.csv"):
        point = (float(row["lat"]), float(row["lon"])) if row["lat"] else None
        accuracy_m = QUALITY_ACCURACY_M.get(row["quality"])
        source = row["source"]
        if point is None and row["km_post"]:
            point = trunk.at(float(row["km_post"]))
            accuracy_m = KM_ACCURACY_M if point is not None else None
            source += f"; placed at Km {row['km_post']}" if point is not None else ""
        yield PlaceRow(
            id=row["id"],
            name=row["name"],
            kind=row["kind"],
            village_code=row["village_code"] or None,
            village=row["village"] or None,
            kecamatan=row["kecamatan"] or None,
            lat=point[0] if point else None,
            lon=point[1] if point else None,
            accuracy_m=accuracy_m,
            variants=[*_list(row["variants"]), *([f"Km {row['km_post']}"] if row["km_post"] else [])],
            source=source,
        )


def _km_posts() -> Iterator[PlaceRow]:
    for row in read_csv("km-posts.csv"):
        known = bool(row["lat"])
        yield PlaceRow(
            id=f"km-{row['road']}-{row['km']}",
            name=f"KM {row['km']}" + (f" ({row['what']})" if row["what"] else ""),
            kind="km_post",
            village_code=row["village_code"] or None,
            village=row["village"] or None,
            kecamatan=row["kecamatan"] or None,
            lat=float(row["lat"]) if known else None,
            lon=float(row["lon"]) if known else None,
            accuracy_m=KM_ACCURACY_M if known else None,
            variants=[f"Km {row['km']}", *_list(row["what"].replace(", ", "|"))],
            source=row["source"],
        )


def _islands() -> Iterator[PlaceRow]:
    kecamatan = {row["name"]: (row["code"], row["kecamatan"]) for row in read_csv("villages.csv") if row["kecamatan"]}
    for row in read_csv("islands.csv"):
        code, within = kecamatan[row["village"]]
        yield PlaceRow(
            id=row["code"],
            name=row["name"],
            kind="island",
            village_code=code,
            village=row["village"],
            kecamatan=within,
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            accuracy_m=ISLAND_ACCURACY_M,
            variants=[],
            source=row["source"],
        )


def _known_posts() -> Iterator[tuple[str, float, float, float]]:
    for row in read_csv("km-posts.csv"):
        if row["lat"]:
            yield row["road"], float(row["km"]), float(row["lat"]), float(row["lon"])


def _list(joined: str) -> list[str]:
    return [item for item in joined.split("|") if item]
