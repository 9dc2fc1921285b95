"""Puts the plugins' applications into the server: each behind its boundary, a door that knows whether it is on."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dispatch.api import OPS_ROLES, check_origin, install_error_handlers, problem
from dispatch.errors import Forbidden, NotFound, SiagaError
from dispatch.plugins import api
from dispatch.plugins.boundary import Boundary
from dispatch.plugins.contract import Layer, Plugin
from dispatch.plugins.edge import Asker, Pages, asker_or_nobody
from dispatch.plugins.fields import Fault, Lang, Text
from dispatch.plugins.files_api import upload_router
from dispatch.plugins.host import PluginHost
from dispatch.plugins.pages.refusals import Faulty
from dispatch.plugins.pages.routes import routes_for
from dispatch.plugins.site.app import PublicApp, fault_page
from dispatch.plugins.site.app import router as site_router
from dispatch.plugins.site.host import public_prefix
from dispatch.plugins.work import Refused

OFF = Text("Layanan ini sedang dimatikan.", "This service is switched off at present.")

CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class PluginApi(FastAPI):
    """The routes of one plugin under /api/plugins/<name>/; it shares the state of the server around it."""

    def __init__(self, plugin: Plugin, server: FastAPI) -> None:
        super().__init__(title=plugin.title.en, openapi_url=None, docs_url=None, redoc_url=None)
        self.plugin = plugin
        self.state = server.state
        for layer in plugin.layers:
            self.add_api_route(f"/layers/{layer.name}", _layer_route(layer), methods=["GET"])
        self.include_router(routes_for(plugin, Pages()))
        self.include_router(upload_router)
        if plugin.router is not None:
            self.include_router(plugin.router)
        install_error_handlers(self)
        self.add_exception_handler(Refused, _refused)
        self.add_exception_handler(Exception, _failed)


class Door:
    """Lets requests in to a plugin that is on, and answers for one that is off."""

    def __init__(self, host: PluginHost, name: str, app: ASGIApp, closed: Callable[[Request], Response]) -> None:
        self._host = host
        self._name = name
        self._closed = closed
        self._boundary = Boundary(app, name, self._fault)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope)
        if not self._host.is_on(self._name):
            return await self._closed(request)(scope, receive, send)
        if request.method in CHANGES:
            try:
                check_origin(request)
            except Forbidden as error:
                return await problem(error)(scope, receive, send)
        await self._boundary(scope, receive, send)

    def _fault(self, error: BaseException) -> None:
        if self._host.is_on(self._name):
            self._host.reporter(self._host.running(self._name))(error)


def install_plugins(server: FastAPI, host: PluginHost) -> None:
    """Mount everything of the plugins; before the faces, after the API."""
    server.state.plugin_host = host
    server.include_router(api.router, prefix="/api")
    server.include_router(site_router)
    for found in host.found.values():
        plugin = found.plugin
        if plugin is None or found.fault is not None:
            server.mount(f"/api/plugins/{found.name}", Door(host, found.name, _nothing, _off))
            continue
        server.mount(f"/api/plugins/{plugin.name}", Door(host, plugin.name, PluginApi(plugin, server), _off))
        if plugin.public is not None:
            prefix = public_prefix(plugin)
            server.add_route(prefix, _with_slash(prefix), include_in_schema=False)
            server.mount(prefix, Door(host, plugin.name, PublicApp(plugin, server), _off_page))


async def _nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Of a plugin that was not loaded: its door is never open."""


def _off(_request: Request) -> Response:
    return problem(NotFound("This module is switched off."))


def _off_page(request: Request) -> Response:
    return fault_page(request, 404, OFF)


def _with_slash(prefix: str) -> Callable[[Request], Response]:
    def redirect(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{prefix}/{query}", status_code=308)

    return redirect


async def _refused(_request: Request, error: Exception) -> Response:
    """A plugin's no: 422 with the message in both languages at the field that it concerns."""
    assert isinstance(error, Refused)
    return problem(Faulty([Fault(error.field or "", error.message)]))


async def _failed(_request: Request, _error: Exception) -> Response:
    """Answers; the boundary around notes the error."""
    return problem(ModuleFailed("This module failed; dispatch is not concerned."))


class ModuleFailed(SiagaError):
    """A module failed."""

    kind = "module-failed"


def _layer_route(layer: Layer) -> Callable[..., Any]:
    async def features(
        request: Request, who: Annotated[Asker | None, Depends(asker_or_nobody)], lang: Annotated[Lang, Query()] = "id"
    ) -> Any:
        if not layer.public and not _may_see(who):
            raise Forbidden("This layer is for the centre's people.")
        plugin: Plugin = request.app.plugin
        host: PluginHost = request.app.state.plugin_host
        return await host.figures.layer(host.room(plugin.name), layer, lang)

    return features


def _may_see(who: Asker | None) -> bool:
    return who is not None and bool(who.actor.roles & set(OPS_ROLES) or who.person.permissions)
