"""Routes of files to take away."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Response

from dispatch.plugins.contract import Export, Plugin, Resource
from dispatch.plugins.fields import Lang
from dispatch.plugins.pages.edge import PageHost, PageRead
from dispatch.plugins.pages.exports import CSV_TYPE, XLSX_TYPE, Separator, csv_bytes, table_of, xlsx_bytes
from dispatch.plugins.pages.known import villages_of
from dispatch.plugins.pages.listing import Asked
from dispatch.plugins.pages.refusals import told
from dispatch.plugins.pages.row_routes import asked_for

Form = Literal["csv", "xlsx"]


async def file_answer(name: str, form: Form, make_csv: Callable[[], bytes], make_xlsx: Callable[[], bytes]) -> Response:
    """The file, made in a thread: the loop serves calls meanwhile."""
    content = await asyncio.to_thread(make_csv if form == "csv" else make_xlsx)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(content, media_type=CSV_TYPE if form == "csv" else XLSX_TYPE, headers=headers)


def add_row_exports(router: APIRouter, plugin: Plugin, resource: Resource, host: PageHost) -> None:
    @router.get(f"/rows/{resource.name}/export.{{form}}", response_class=Response, name=f"{resource.name}: export")
    async def export(
        form: Form,
        read: Annotated[PageRead, Depends(host.reads(resource.view_permission))],
        asked: Annotated[Asked, Depends(asked_for)],
        lang: Lang = "id",
        separator: Separator = "semicolon",
    ) -> Response:
        """All rows that the list would show, as a file that the import takes back."""
        async with read.reading() as reading:
            table = await table_of(reading, plugin, resource, asked, await villages_of(reading), lang)
        return await _answer(f"{plugin.name}-{resource.name}", form, resource.label.in_(lang), table, separator)


def add_export(router: APIRouter, export: Export, host: PageHost) -> None:
    reads = host.reads(export.permission) if export.permission is not None else host.reads()

    @router.get(f"/exports/{export.name}.{{form}}", response_class=Response, name=f"{export.name}: export")
    async def take(
        form: Form, read: Annotated[PageRead, Depends(reads)], separator: Separator = "semicolon"
    ) -> Response:
        """The file."""
        with told():
            async with read.reading() as reading:
                rows = await export.rows(reading)
        return await _answer(export.name, form, export.label.id, [list(export.columns), *rows], separator)


async def _answer(name: str, form: Form, title: str, table: list[Any], separator: Separator) -> Response:
    return await file_answer(name, form, lambda: csv_bytes(table, separator), lambda: xlsx_bytes([(title, table)]))
