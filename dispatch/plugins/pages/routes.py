"""The routes of one plugin's pages, mounted by the host under /api/plugins/<name>."""

from fastapi import APIRouter

from dispatch.plugins.contract import Plugin, Resource
from dispatch.plugins.pages.edge import PageHost
from dispatch.plugins.pages.row_routes import add_rows


def routes_for(plugin: Plugin, host: PageHost) -> APIRouter:
    """All pages and exports of the plugin. Each route states its permission by `host.reads` or `host.commands`."""
    router = APIRouter(tags=[plugin.name])
    for page in plugin.pages:
        if isinstance(page, Resource):
            add_rows(router, plugin, page, host)
    return router
