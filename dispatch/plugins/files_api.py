"""Files over HTTP: the upload by those who work with a plugin, and what its own routes need to hand files out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from dispatch.api import centre_of
from dispatch.errors import Forbidden, Invalid
from dispatch.plugins.contract import Plugin
from dispatch.plugins.edge import Asker, asker, room_of
from dispatch.plugins.files import Files, StoredFile
from dispatch.plugins.pictures import MOST_BYTES, FileKind, kind_of
from dispatch.views import View

upload_router = APIRouter()
"""For the application of each plugin under /api/plugins/<name>."""


class FileId(View):
    id: str


def files_of(request: Request) -> Files:
    """The files of the plugin whose application this is."""
    plugin: Plugin = request.app.plugin
    return Files(plugin.name, centre_of(request).settings.data_dir)


InFiles = Annotated[Files, Depends(files_of)]
"""For a route of a plugin, public or not."""


@upload_router.post("/files", status_code=201)
async def upload(
    request: Request,
    files: InFiles,
    who: Annotated[Asker, Depends(asker)],
    private: Annotated[bool, Query()] = False,
) -> FileId:
    """Keep the body as a file (PNG, JPEG, WebP, PDF, at most 5 MB). A PDF is always private."""
    if not who.person.permissions:
        raise Forbidden("You were not granted anything of this module.")
    data = await _body(request)
    hidden = private or kind_of(data) is FileKind.PDF
    async with room_of(request).bench(who.person, who.actor).working() as work:
        return FileId(id=await files.store(work, data, private=hidden))


def file_answer(found: StoredFile, name: str) -> Response:
    """A private file for whom the plugin's route has let in: saved under `name`, kept by no cache."""
    ending = found.media_type.partition("/")[2].replace("jpeg", "jpg")
    safe = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)[:80]
    disposition = f'attachment; filename="{safe}.{ending}"'
    return Response(
        found.data,
        media_type=found.media_type,
        headers={"Content-Disposition": disposition, "Cache-Control": "private, no-store"},
    )


async def _body(request: Request) -> bytes:
    """Raises Invalid once it is longer than a file may be."""
    too_long = Invalid("A file may have 5 MB at most.", field="file")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > MOST_BYTES:
        raise too_long
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > MOST_BYTES:
            raise too_long
    return bytes(parts)
