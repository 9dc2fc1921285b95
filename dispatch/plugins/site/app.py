"""The public half of the server: one application a plugin, the list of all services, and faults as pages."""

import structlog
from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException

from dispatch.api import centre_of
from dispatch.errors import SiagaError
from dispatch.plugins.contract import Plugin
from dispatch.plugins.fields import Text
from dispatch.plugins.site.host import host_of, public_prefix
from dispatch.plugins.site.page import render_site
from dispatch.plugins.site.pictures import router as pictures_router
from dispatch.plugins.work import Refused

_log = structlog.get_logger(__name__)

MESSAGES = {
    400: Text("Kiriman ini tidak dapat dibaca. Coba lagi.", "This could not be read. Please try again."),
    403: Text(
        "Kiriman ini datang dari situs lain, jadi tidak diterima.", "This came from another site, so it was refused."
    ),
    404: Text("Halaman ini tidak ada, atau sudah dipindahkan.", "There is no such page, or it has moved."),
    413: Text("Kiriman terlalu besar. Foto paling besar 5 MB.", "Too large. A picture may have 5 MB at most."),
    422: Text(
        "Alamat halaman ini tidak lengkap atau salah tulis.", "The address of this page is incomplete or mistyped."
    ),
    503: Text("Sedang tidak dapat dibuka. Coba lagi sebentar lagi.", "It cannot be opened now. Try again in a moment."),
}
BROKEN = Text("Ada yang salah di pihak kami. Sudah tercatat.", "Something went wrong on our side. It was noted.")


class PublicApp(FastAPI):
    """The public pages of one plugin; mounted under its prefix, it shares the state of the server around it."""

    def __init__(self, plugin: Plugin, server: FastAPI) -> None:
        super().__init__(title=plugin.title.id, openapi_url=None, docs_url=None, redoc_url=None)
        self.plugin = plugin
        self.state = server.state
        if plugin.public is not None:
            self.include_router(plugin.public)
        install_fault_pages(self)


router = APIRouter(include_in_schema=False)
"""What belongs to no plugin alone."""
router.include_router(pictures_router)


@router.get("/layanan")
async def services(request: Request) -> Response:
    """All public services with what each is for."""
    listed = [(public_prefix(one) + "/", one) for one in host_of(request).enabled() if one.public is not None]
    values = {"services": listed, "structured": None, "image": None, "data_at": centre_of(request).db.clock()}
    return render_site(request, "_layanan.html", {**values, "title": "", "description": ""})


def install_fault_pages(app: FastAPI) -> None:
    """Say what went wrong as a page of the site instead of JSON."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)
        return fault_page(request, 409, error.message)

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, SiagaError)
        return fault_page(request, error.status)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, StarletteHTTPException)
        return fault_page(request, error.status_code)

    async def mistyped(request: Request, _error: Exception) -> Response:
        return fault_page(request, 422)

    async def unexpected(request: Request, error: Exception) -> Response:
        _log.error("public_page_failed", path=request.url.path, exc_info=error)
        return fault_page(request, 500)

    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(SiagaError, ours)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(StarletteHTTPException, http)
    app.add_exception_handler(RequestValidationError, mistyped)
    app.add_exception_handler(Exception, unexpected)


def fault_page(request: Request, status: int, message: Text | None = None) -> Response:
    """The page that says what went wrong."""
    values = {
        "title": "",
        "description": "",
        "structured": None,
        "image": None,
        "data_at": centre_of(request).db.clock(),
        "status": status,
        "message": message or MESSAGES.get(status, BROKEN if status >= 500 else MESSAGES[404]),
    }
    return render_site(request, "_error.html", values, status=status)
