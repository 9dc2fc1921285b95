"""Files of plugins in a whole centre: who may upload, what everybody sees, and what the disk holds."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dispatch.db import Database
from dispatch.plugins import Files
from dispatch.plugins.files import sweep
from dispatch.plugins.pictures import MOST_BYTES
from tests.plugins.conftest import API, Served
from tests.plugins.site.test_pictures import JPEG_WITH_PLACE, PLACE, png

UPLOAD = f"{API}/files"


async def upload(served: Served, data: bytes, query: str = "") -> str:
    answer = await (await served.person("admin")).post(f"{UPLOAD}{query}", content=data)
    assert answer.status_code == 201, answer.text
    file_id: str = answer.json()["id"]
    return file_id


async def test_an_uploaded_picture_is_for_everybody_without_the_place_where_it_was_taken(served: Served) -> None:
    file_id = await upload(served, JPEG_WITH_PLACE)
    nobody = await served.person()
    answer = await nobody.get(f"/files/{file_id}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert PLACE not in answer.content
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in answer.headers["cache-control"]
    again = await nobody.get(f"/files/{file_id}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(("data", "query"), [(b"%PDF-1.7\n%%EOF", ""), (png(), "?private=true")])
async def test_documents_and_private_pictures_are_never_served_to_everybody(
    on_sqlite: Served, data: bytes, query: str
) -> None:
    file_id = await upload(on_sqlite, data, query)
    for who in ("", "admin"):
        assert (await (await on_sqlite.person(who)).get(f"/files/{file_id}")).status_code == 404


async def test_who_was_granted_nothing_uploads_nothing(on_sqlite: Served) -> None:
    answers = [(await (await on_sqlite.person(who)).post(UPLOAD, content=png())).status_code for who in ("", "rina")]
    assert answers == [401, 403]


@pytest.mark.parametrize("data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8\xff\xe1\xff"])
async def test_what_is_no_whole_picture_is_refused_and_leaves_nothing(
    on_sqlite: Served, tmp_path: Path, data: bytes
) -> None:
    answer = await (await on_sqlite.person("admin")).post(UPLOAD, content=data)
    assert answer.status_code == 422, answer.text
    assert [one for one in (tmp_path / "plugins").rglob("*") if one.is_file()] == []


async def test_a_file_beyond_the_limit_is_refused(on_sqlite: Served) -> None:
    data = png() + bytes(MOST_BYTES)
    answer = await (await on_sqlite.person("admin")).post(UPLOAD, content=data)
    assert answer.status_code == 422
    assert answer.json()["field"] == "file"


@pytest.mark.parametrize(
    "path", ["..%2f..%2fsiaga.db", "%2e%2e/siaga.db", "....//siaga.db", "%00", "x" * 5000, "..%5c..%5csiaga.db"]
)
async def test_no_address_leads_out_of_the_folder(on_sqlite: Served, path: str) -> None:
    answer = await (await on_sqlite.person()).get(f"/files/{path}")
    assert answer.status_code == 404
    assert b"SQLite" not in answer.content


async def test_pictures_go_with_the_plugin_that_is_switched_off(on_sqlite: Served) -> None:
    file_id = await upload(on_sqlite, png())
    await on_sqlite.switch("off")
    assert (await (await on_sqlite.person()).get(f"/files/{file_id}")).status_code == 404


async def test_content_without_a_row_is_swept_once_no_transaction_can_still_want_it(
    on_sqlite: Served, tmp_path: Path
) -> None:
    kept = await upload(on_sqlite, png())
    files = Files("lost_things", tmp_path)
    place = next(one for one in (tmp_path / "plugins" / "lost_things" / "files").rglob(kept))
    fresh, old = place.with_name("fresh"), place.with_name("old")
    now = datetime.now(UTC)
    for orphan in (fresh, old):
        orphan.write_bytes(b"x")
    two_hours_ago = (now - timedelta(hours=2)).timestamp()
    for aged in (place, old):
        os.utime(aged, (two_hours_ago, two_hours_ago))
    db: Database = on_sqlite.centre.db
    async with db.reading() as session:
        assert await sweep(session, files, now) == 1
    assert await asyncio.to_thread(lambda: sorted(one.name for one in place.parent.iterdir())) == sorted(
        [kept, "fresh"]
    )
