"""Routes of reports, sheets and forms."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from dispatch.plugins.contract import Form, Plugin, Report, Sheet
from dispatch.plugins.fields import Lang
from dispatch.plugins.pages import forms, reports, sheets
from dispatch.plugins.pages.edge import PageCommand, PageHost, PageRead
from dispatch.plugins.pages.row_routes import filters_in
from dispatch.plugins.pages.views import Done, ValuesBody


def add_report(router: APIRouter, plugin: Plugin, report: Report, host: PageHost) -> None:
    @router.get(f"/reports/{report.name}", name=f"{report.name}: report")
    async def show(
        request: Request, read: Annotated[PageRead, Depends(host.reads(report.permission))], lang: Lang = "id"
    ) -> reports.ReportView:
        """The report's blocks for the filters `f.<field>`."""
        async with read.reading() as reading:
            return await reports.build(reading, plugin, report, filters_in(request), lang)


def add_sheet(router: APIRouter, plugin: Plugin, sheet: Sheet, host: PageHost) -> None:
    @router.get(f"/sheets/{sheet.name}", name=f"{sheet.name}: lines")
    async def show(
        request: Request, read: Annotated[PageRead, Depends(host.reads(sheet.permission))]
    ) -> sheets.SheetView:
        """The lines to fill in for the head `f.<field>`."""
        async with read.reading() as reading:
            return await sheets.show(reading, plugin, sheet, filters_in(request))

    @router.post(f"/sheets/{sheet.name}", response_model=Done, name=f"{sheet.name}: save")
    async def save(
        command: Annotated[PageCommand, Depends(host.commands(sheet.permission))], body: sheets.SheetBody
    ) -> Response:
        """Store what was filled in; 409 with `jumps` where a value must be confirmed first."""
        return await command.run(lambda work: sheets.save(work, plugin, sheet, body))


def add_form(router: APIRouter, plugin: Plugin, form: Form, host: PageHost) -> None:
    @router.post(f"/forms/{form.name}", response_model=Done, name=f"{form.name}: submit")
    async def submit(
        command: Annotated[PageCommand, Depends(host.commands(form.permission))], body: ValuesBody
    ) -> Response:
        """Do what the form is for."""
        return await command.run(lambda work: forms.submit(work, plugin, form, body.values))
