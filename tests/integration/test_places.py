"""The gazetteer in the database and over HTTP."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.db import Database
from dispatch.places.model import PlaceRow
from dispatch.places.service import load_gazetteer, seed
from tests.desk import Desk, open_desk


@pytest.fixture
async def desk(db: Database) -> AsyncIterator[Desk]:
    async with open_desk(db) as opened:
        yield opened


async def test_an_empty_gazetteer_is_seeded_once(db: Database) -> None:
    for _twice in range(2):
        async with db.transaction() as tx:
            await seed(tx)
    async with db.reading() as session:
        rows = (await session.scalars(select(PlaceRow))).all()
    kinds = Counter(row.kind for row in rows)
    assert (kinds["kabupaten"], kinds["kecamatan"]) == (1, 4)
    assert (kinds["kelurahan"], kinds["desa"]) == (24, 30)
    assert kinds["island"] == 18
    assert all(row.source for row in rows)
    assert all((row.lat is None) == (row.lon is None) == (row.accuracy_m is None) for row in rows)
    villages = {row.village_code for row in rows if row.kind in ("desa", "kelurahan")}
    assert {row.village_code for row in rows if row.village_code} == villages


async def test_what_the_operator_entered_is_left_alone(db: Database) -> None:
    async with db.transaction() as tx:
        tx.session.add(PlaceRow(id="own", name="Pos Ronda", kind="landmark", variants=[], source="operator"))
    async with db.transaction() as tx:
        await seed(tx)
    async with db.reading() as session:
        gazetteer = await load_gazetteer(session)
    assert [entry.name for entry in gazetteer.entries] == ["Pos Ronda"]
    assert gazetteer.search("pos ronda")[0].place.point is None


async def test_a_search_finds_ranks_and_explains(desk: Desk) -> None:
    response = await desk.get("/places", q="KM 13 Lawe-Lawe di depan bengkel ketok magic")
    assert response.status_code == 200
    first, *rest = response.json()
    assert first["id"] == "km-penajam-kuaro-13"
    assert first["place"]["village"] == "Lawe-lawe"
    assert first["place"]["accuracy_m"] == 1000
    assert "bengkel ketok magic" in first["place"]["text"]
    assert set(first["why"]) == {"id", "en"}
    assert all(other["score"] <= first["score"] for other in rest)


async def test_a_search_heeds_where_the_caller_is_and_the_limit(desk: Desk) -> None:
    near_petung = (await desk.get("/places", q="pasar", lat=-1.356, lon=116.664, limit=2)).json()
    assert near_petung[0]["name"] == "Pasar Petung"
    assert len(near_petung) == 2


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({}, "q"),
        ({"q": "x" * 301}, "q"),
        ({"q": "petung", "limit": 0}, "limit"),
        ({"q": "petung", "limit": 51}, "limit"),
        ({"q": "petung", "lat": -1.3}, "lon"),
        ({"q": "petung", "lon": 116.7}, "lat"),
        ({"q": "petung", "lat": 91, "lon": 0}, "lat"),
        ({"q": "petung", "lat": "nan", "lon": 0}, "lat"),
    ],
)
async def test_a_wrong_search_is_named(desk: Desk, params: dict[str, Any], field: str) -> None:
    response = await desk.get("/places", **params)
    assert response.status_code == 422
    assert (response.json()["type"], response.json()["field"]) == ("urn:siaga:invalid", field)


async def test_a_point_is_told_its_village(desk: Desk) -> None:
    body = (await desk.get("/places/reverse", lat=-1.3089, lon=116.7347)).json()
    assert (body["inside"], body["warning"]) == (True, None)
    assert (body["place"]["village"], body["place"]["kecamatan"]) == ("Nipah-Nipah", "Penajam")


async def test_a_point_elsewhere_is_warned_of(desk: Desk) -> None:
    balikpapan = (await desk.get("/places/reverse", lat=-1.265, lon=116.831)).json()
    assert balikpapan["inside"] is False
    assert "perkiraan" in balikpapan["warning"]["id"]
    london = (await desk.get("/places/reverse", lat=51.5, lon=-0.1)).json()
    assert "di luar Indonesia" in london["warning"]["id"]


async def test_swapped_coordinates_are_refused_by_name(desk: Desk) -> None:
    response = await desk.get("/places/reverse", lat=116.7347, lon=-1.3089)
    assert (response.status_code, response.json()["field"]) == (422, "lat")


async def test_the_map_gets_every_place_whose_point_is_known(desk: Desk) -> None:
    items = (await desk.get("/places/all", who="kru-1")).json()
    names = {item["name"] for item in items}
    assert {"Waru", "Babulu Darat", "RSUD Ratu Aji Putri Botung"} <= names
    assert "Polres Penajam Paser Utara" not in names
    assert set(items[0]) == {"id", "name", "kind", "village", "kecamatan", "lat", "lon"}
    assert all(item["kind"] != "area_centre" for item in items)


async def test_roles_are_kept(desk: Desk) -> None:
    assert (await desk.get("/places", who="kru-1", q="petung")).status_code == 403
    assert (await desk.get("/places/reverse", who="kru-1", lat=-1.3, lon=116.7)).status_code == 403
    assert (await desk.get("/places", who="haris", q="petung")).status_code == 200
    for path in ("/places", "/places/reverse", "/places/all"):
        assert (await desk.get(path, who=None)).status_code == 401
