"""Public pictures of plugins, for everybody."""

from fastapi import APIRouter, Request, Response

from dispatch.api import centre_of
from dispatch.errors import NotFound
from dispatch.plugins.files import load
from dispatch.plugins.pictures import FileKind
from dispatch.plugins.site.host import host_of

router = APIRouter(include_in_schema=False)

_PICTURES = {kind.value for kind in FileKind if kind.is_picture}


@router.get("/files/{file_id}")
async def public_file(request: Request, file_id: str) -> Response:
    """A public picture of a plugin that is on; its content never changes, so a browser asks once."""
    centre = centre_of(request)
    async with centre.db.reading() as session:
        found = await load(session, centre.settings.data_dir, file_id)
    on = {plugin.name for plugin in host_of(request).enabled()}
    if found.private or found.media_type not in _PICTURES or found.plugin not in on:
        raise NotFound("There is no such file.", id=file_id)
    tag = f'"{found.sha256[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=31536000, immutable", "Content-Disposition": "inline"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(found.data, media_type=found.media_type, headers=headers)
