"""Routes of one resource's imports."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from dispatch.plugins.contract import Plugin, Resource
from dispatch.plugins.fields import Lang
from dispatch.plugins.pages import applying, imports, templates
from dispatch.plugins.pages.edge import IMPORT_LIMIT_S, PageCommand, PageHost, PageRead
from dispatch.plugins.pages.export_routes import Form, file_answer
from dispatch.plugins.pages.exports import Separator, csv_bytes, xlsx_bytes
from dispatch.plugins.pages.imports import ImportList, ImportPreview, ImportRecord


def add_imports(router: APIRouter, plugin: Plugin, resource: Resource, host: PageHost, permission: str) -> None:
    """Template, upload, apply, undo and history; before the routes of single rows."""
    _add_reads(router, plugin, resource, host, permission)
    _add_commands(router, plugin, resource, host, permission)


def _add_reads(router: APIRouter, plugin: Plugin, resource: Resource, host: PageHost, permission: str) -> None:
    reads = host.reads(permission)

    @router.get(f"/rows/{resource.name}/template.{{form}}", response_class=Response, name=f"{resource.name}: template")
    async def template(
        form: Form,
        read: Annotated[PageRead, Depends(reads)],
        lang: Lang = "id",
        separator: Separator = "semicolon",
    ) -> Response:
        """A file to fill in; in XLSX a second sheet explains the columns."""
        table = templates.template(resource, lang)
        named = [(resource.label.in_(lang), table), (templates.COLUMNS.in_(lang), templates.explained(resource, lang))]
        name = f"{plugin.name}-{resource.name}"
        return await file_answer(name, form, lambda: csv_bytes(table, separator), lambda: xlsx_bytes(named))

    @router.get(f"/rows/{resource.name}/imports", name=f"{resource.name}: imports")
    async def history(read: Annotated[PageRead, Depends(reads)]) -> ImportList:
        """What was imported."""
        async with read.reading() as reading:
            return await imports.history(reading, plugin, resource)


def _add_commands(router: APIRouter, plugin: Plugin, resource: Resource, host: PageHost, permission: str) -> None:
    commands = host.commands(permission)
    address = f"/rows/{resource.name}/imports"

    @router.post(address, response_model=ImportPreview, status_code=201, name=f"{resource.name}: check a file")
    async def upload(
        request: Request,
        command: Annotated[PageCommand, Depends(commands)],
        filename: Annotated[str, Query(max_length=200)] = "",
    ) -> Response:
        """Check the file whole; nothing but the preview is stored."""
        checked = await imports.check_upload(command, plugin, resource, await request.body())
        return await command.run(lambda work: imports.keep(work, plugin, resource, filename, checked), 201)

    @router.post(f"{address}/{{import_id}}/apply", response_model=ImportRecord, name=f"{resource.name}: apply a file")
    async def apply(command: Annotated[PageCommand, Depends(commands)], import_id: str) -> Response:
        """Write what the preview showed, all or nothing."""
        act = applying.apply
        return await command.run(lambda work: act(work, plugin, resource, import_id), limit_s=IMPORT_LIMIT_S)

    @router.post(f"{address}/{{import_id}}/undo", response_model=ImportRecord, name=f"{resource.name}: undo a file")
    async def undo(command: Annotated[PageCommand, Depends(commands)], import_id: str) -> Response:
        """Put every row back as it was; refused with reasons when rows were changed since."""
        act = applying.undo
        return await command.run(lambda work: act(work, plugin, resource, import_id), limit_s=IMPORT_LIMIT_S)
