"""The routes of one plugin's pages, mounted by the host under /api/plugins/<name>."""

from fastapi import APIRouter, Depends, Request

from dispatch.errors import Invalid
from dispatch.plugins.contract import Form, Plugin, Report, Resource, Sheet
from dispatch.plugins.pages.edge import PageHost
from dispatch.plugins.pages.export_routes import add_export, add_row_exports
from dispatch.plugins.pages.import_routes import add_imports
from dispatch.plugins.pages.page_routes import add_form, add_report, add_sheet
from dispatch.plugins.pages.reading_files import LARGEST_FILE
from dispatch.plugins.pages.row_routes import add_rows


def bounded_body(request: Request) -> None:
    """Refuses what is too long before it is read. Raises Invalid."""
    length = request.headers.get("content-length", "0" if "transfer-encoding" not in request.headers else "")
    if not length.isdigit() or int(length) > LARGEST_FILE:
        raise Invalid(f"A file may have {LARGEST_FILE // 1024**2} MB at most, and must say its length.", field="body")


def routes_for(plugin: Plugin, host: PageHost) -> APIRouter:
    """All pages and exports of the plugin. Each route states its permission by `host.reads` or `host.commands`."""
    router = APIRouter(tags=[plugin.name], dependencies=[Depends(bounded_body)])
    for page in plugin.pages:
        match page:
            case Resource():
                add_row_exports(router, plugin, page, host)
                if page.importable and page.edit_permission is not None:
                    add_imports(router, plugin, page, host, page.edit_permission)
                add_rows(router, plugin, page, host)
            case Report():
                add_report(router, plugin, page, host)
            case Sheet():
                add_sheet(router, plugin, page, host)
            case Form():
                add_form(router, plugin, page, host)
    for export in plugin.exports:
        add_export(router, export, host)
    return router
