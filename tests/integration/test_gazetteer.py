"""The gazetteer's administration, notes on premises and geocoders, over HTTP on both databases."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from dispatch.db import Database
from dispatch.places import admin_api
from dispatch.places import api as places_api
from dispatch.places.geocoders import Geocoders
from dispatch.settings import Settings
from tests.conftest import ManualClock
from tests.demo_centre import app_of, demo_centre, signed_in

MOSQUE = {"name": "Masjid Al-Ikhlas", "kind": "mosque", "village_code": "64.09.02.1003", "lat": -1.389, "lon": 116.614}
CSV = """name,kind,village_code,lat,lon,variants
Masjid Al-Ikhlas,mosque,64.09.02.1003,-1.389,116.614,Mesjid Ikhlas Waru|Al Ikhlas
Pos Ronda Petung,post,64.09.01.1003,"-1,339","116,638",
Petung,kelurahan,64.09.01.1003,-1.33923,116.63818,Patung
"""


class Office:
    """A centre with its gazetteer; a client for each person."""

    def __init__(self, db: Database, centre: Any, app: Any) -> None:
        self.db, self.centre, self.app = db, centre, app

    async def ask(self, method: str, path: str, who: str = "haris", **more: Any) -> httpx.Response:
        async with await signed_in(self.app, who) as client:
            return await client.request(method, path, **more)

    async def first(self, q: str) -> str | None:
        found = (await self.ask("GET", "/places", "rina", params={"q": q})).json()
        return found[0]["name"] if found and found[0]["score"] > 0.7 else None


@pytest.fixture
async def office(db: Database) -> Office:
    centre, _ = await demo_centre(db, Settings(demo=True))
    return Office(db, centre, app_of(centre, places_api, admin_api))


async def test_a_place_is_added_found_changed_and_taken_out_of_use(office: Office) -> None:
    assert await office.first("dekat masjid al ikhlas waru") is None
    added = await office.ask("POST", "/admin/places", json=MOSQUE)
    assert (added.status_code, added.json()["rows"]) == (201, 1)
    assert await office.first("dekat masjid al ikhlas waru") == "Masjid Al-Ikhlas"
    (row,) = (await office.ask("GET", "/admin/places", params={"q": "ikhlas"})).json()["items"]
    assert (row["village"], row["kecamatan"], row["active"], row["accuracy_m"]) == ("Waru", "Waru", True, 250)
    changed = await office.ask("PUT", f"/admin/places/{row['id']}", json={**MOSQUE, "variants": ["Musala Pak Karim"]})
    assert changed.status_code == 200
    assert await office.first("musala pak karim") == "Masjid Al-Ikhlas"
    await office.ask("PUT", f"/admin/places/{row['id']}", json={**MOSQUE, "active": False})
    assert await office.first("masjid al ikhlas waru") is None
    assert (await office.ask("GET", "/admin/places", params={"inactive": True})).json()["total"] == 1


async def test_a_file_is_previewed_taken_whole_and_undone(office: Office) -> None:
    body = {"format": "csv", "text": CSV, "title": "masjid.csv"}
    seen = (await office.ask("POST", "/admin/places/import/preview", json=body)).json()
    assert (seen["adds"], seen["changes"], seen["same"], seen["faults"]) == (2, 1, 0, [])
    assert await office.first("pos ronda petung") != "Pos Ronda Petung"
    taken = (await office.ask("POST", "/admin/places/import", json=body)).json()
    assert taken["rows"] == 3
    assert await office.first("pos ronda petung") == "Pos Ronda Petung"
    assert await office.first("kelurahan patung") == "Petung"
    again = (await office.ask("POST", "/admin/places/import/preview", json=body)).json()
    assert again["same"] == 3
    undone = await office.ask("POST", f"/admin/places/changes/{taken['id']}/undo")
    assert undone.json()["undone_at"] is not None
    assert await office.first("pos ronda petung") != "Pos Ronda Petung"
    assert (await office.ask("POST", f"/admin/places/changes/{taken['id']}/undo")).status_code == 409


async def test_what_was_changed_since_is_not_undone_over(office: Office) -> None:
    added = (await office.ask("POST", "/admin/places", json=MOSQUE)).json()
    (row,) = (await office.ask("GET", "/admin/places", params={"q": "ikhlas"})).json()["items"]
    await office.ask("PUT", f"/admin/places/{row['id']}", json={**MOSQUE, "name": "Masjid Raya Al-Ikhlas"})
    refused = await office.ask("POST", f"/admin/places/changes/{added['id']}/undo")
    assert (refused.status_code, refused.json()["place_id"]) == (409, row["id"])
    assert await office.first("masjid raya al ikhlas") == "Masjid Raya Al-Ikhlas"


@pytest.mark.parametrize(
    ("format", "text", "row", "field"),
    [
        ("csv", "name,kind,lat,lon\nA School,school,-1.3,116.7\n,school,-1.3,116.7\n", 2, "name"),
        ("csv", "name,kind,lat,lon\nB,school,51.5,-0.1\n", 1, "lat"),
        ("csv", "name,kind,lat,lon\nB,school,-1.3,\n", 1, "lat"),
        ("csv", "name,kind,lat,lon\nB,desa,-1.3,116.7\n", 1, "kind"),
        ("csv", "name,kind,village_code\nB,school,64.09.99\n", 1, "village_code"),
        ("csv", "name,kind\nB,school\nB,school\n", 2, "name"),
        ("csv", "nama,jenis\nB,school\n", 0, "nama"),
        ("csv", "id,name,kind\nnobody,B,school\n", 1, "id"),
        ("geojson", "{", 0, "file"),
        ("geojson", json.dumps({"features": [{"geometry": {"type": "Polygon"}, "properties": MOSQUE}]}), 1, "lat"),
    ],
)  # fmt: skip
async def test_a_faulty_file_is_refused_whole(office: Office, format: str, text: str, row: int, field: str) -> None:
    body = {"format": format, "text": text}
    seen = (await office.ask("POST", "/admin/places/import/preview", json=body)).json()
    assert (seen["faults"][0]["row"], seen["faults"][0]["field"]) == (row, field)
    refused = await office.ask("POST", "/admin/places/import", json=body)
    assert (refused.status_code, refused.json()["field"]) == (422, field)
    assert (await office.ask("GET", "/admin/places/changes")).json() == []


async def test_geojson_points_are_places(office: Office) -> None:
    features = [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [116.614, -1.389]},
                 "properties": {"name": "Masjid Al-Ikhlas", "kind": "mosque", "variants": ["Al Ikhlas"]}}]  # fmt: skip
    body = {"format": "geojson", "text": json.dumps({"type": "FeatureCollection", "features": features})}
    assert (await office.ask("POST", "/admin/places/import", json=body)).json()["rows"] == 1
    assert await office.first("masjid al ikhlas") == "Masjid Al-Ikhlas"


async def test_what_is_chosen_is_counted_and_unknown_ids_are_not(office: Office) -> None:
    for place_id in ("P063", "P063", "nobody"):
        assert (await office.ask("POST", "/places/chosen", "rina", json={"id": place_id})).status_code == 204
    (polsek,) = (await office.ask("GET", "/admin/places", params={"q": "polsek waru"})).json()["items"]
    assert polsek["uses"] == 2


async def test_only_admin_and_supervisor_change_the_gazetteer(office: Office) -> None:
    for who, status in (("rina", 403), ("siti", 403), ("kru-1", 403), ("admin", 201)):
        assert (await office.ask("POST", "/admin/places", who, json=MOSQUE)).status_code == status


def note(clock: ManualClock, **more: Any) -> dict[str, Any]:
    at = {"lat": -1.3100, "lon": 116.7276}
    until = (clock.now + timedelta(days=30)).isoformat()
    return {"kind": "access", "text": "Kode gerbang 4711", "point": at, "expires_at": until, **more}


async def test_a_note_is_met_at_its_place_until_it_expires(office: Office, clock: ManualClock) -> None:
    written = await office.ask("POST", "/premise-notes", "siti", json=note(clock))
    assert written.status_code == 201
    at = {"lat": -1.3103, "lon": 116.7276}
    (met,) = (await office.ask("GET", "/premise-notes", "rina", params=at)).json()
    assert (met["text"], met["away_m"], met["written_by_name"]) == ("Kode gerbang 4711", 33, "Siti Rahmawati")
    far = {"lat": -1.3125, "lon": 116.7276}
    assert (await office.ask("GET", "/premise-notes", "rina", params=far)).json() == []
    loose = {**far, "accuracy_m": 250}
    assert len((await office.ask("GET", "/premise-notes", "rina", params=loose)).json()) == 1
    clock.advance(31 * 86_400)
    assert (await office.ask("GET", "/premise-notes", "rina", params=at)).json() == []


async def test_a_note_is_ended_by_hand_and_its_text_never_enters_the_log(office: Office, clock: ManualClock) -> None:
    told: list[str] = []
    office.db.on_commit(lambda events: told.extend(event.payload for event in events))
    written = (await office.ask("POST", "/premise-notes", "siti", json=note(clock))).json()
    assert (await office.ask("POST", f"/premise-notes/{written['id']}/end", "siti")).status_code == 204
    assert (await office.ask("POST", f"/premise-notes/{written['id']}/end", "siti")).status_code == 409
    assert sum("premise_note." in payload for payload in told) == 2
    assert not any("4711" in payload for payload in told)


@pytest.mark.parametrize(
    ("more", "who", "status"),
    [
        ({}, "rina", 403), ({"text": " "}, "siti", 422), ({"expires_at": "2020-01-01T00:00:00Z"}, "siti", 422),
        ({"expires_at": "2099-01-01T00:00:00Z"}, "siti", 422), ({"place_id": "nobody"}, "siti", 404),
    ],
)  # fmt: skip
async def test_a_wrong_note_is_refused(
    office: Office, clock: ManualClock, more: dict[str, Any], who: str, status: int
) -> None:
    assert (await office.ask("POST", "/premise-notes", who, json=note(clock, **more))).status_code == status


class Fake(BaseHTTPRequestHandler):
    """A Nominatim that is well, slow, down or lying."""

    mood = "well"
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        if self.mood == "slow":
            time.sleep(1.0)
        well = [{"lat": "-1.339", "lon": "116.638", "display_name": "Jalan Mawar, Petung"}]
        lying = [
            {"lat": "-6.2", "lon": "106.8", "display_name": "Jakarta"},
            *well,
        ]
        nonsense = [{"lat": "nan", "lon": "0", "display_name": "?"}]
        said = {"lying": lying, "nonsense": nonsense}.get(self.mood, well)
        body = json.dumps(said).encode() if self.mood != "down" else b"<html>"
        self.send_response(500 if self.mood == "down" else 200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Not said: the test's output is its own."""


@pytest.fixture
def nominatim() -> Iterator[str]:
    Fake.mood, Fake.asked = "well", 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Fake)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


async def asked(office: Office, q: str = "jalan mawar") -> dict[str, Any]:
    answer: dict[str, Any] = (await office.ask("GET", "/places/geocoded", "rina", params={"q": q})).json()
    return answer


async def test_without_geocoders_nobody_is_asked(office: Office) -> None:
    assert await asked(office) == {"items": [], "sources": []}


async def test_a_geocoder_is_asked_once_and_what_lies_outside_is_marked(office: Office, nominatim: str) -> None:
    Fake.mood = "lying"
    office.centre.geocoders = Geocoders.of(Settings(nominatim_url=nominatim))
    first = await asked(office)
    assert [(item["found"]["name"], item["outside"]) for item in first["items"]] == [
        ("Jalan Mawar, Petung", False),
        ("Jakarta", True),
    ]
    assert first["items"][0]["found"]["place"]["village"] == "Petung"
    assert "luar wilayah" in first["items"][1]["found"]["why"]["id"]
    assert await asked(office, " Jalan  MAWAR") == first
    assert Fake.asked == 1


@pytest.mark.parametrize("mood", ["slow", "down", "nonsense"])
async def test_a_geocoder_that_fails_is_left_alone_and_holds_nothing_up(
    office: Office, clock: ManualClock, nominatim: str, mood: str
) -> None:
    Fake.mood = mood
    office.centre.geocoders = Geocoders.of(Settings(nominatim_url=nominatim, geocoder_timeout_s=0.2))
    states = [(await asked(office, f"jalan {number}"))["sources"][0]["state"] for number in range(4)]
    assert states == ["failed", "failed", "failed", "resting"]
    assert Fake.asked == 3
    assert (await office.ask("GET", "/places", "rina", params={"q": "petung"})).status_code == 200
    Fake.mood = "well"
    clock.advance(61)
    healed = await asked(office)
    assert (healed["sources"][0]["state"], len(healed["items"])) == ("ok", 1)
