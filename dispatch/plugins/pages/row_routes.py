"""Routes of one resource's rows."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from dispatch.api import ExpectedVersion
from dispatch.plugins.contract import Action, Form, Page, Plugin, Report, Resource, Sheet
from dispatch.plugins.fields import Field
from dispatch.plugins.pages import audit, rows
from dispatch.plugins.pages.describe import permission_of
from dispatch.plugins.pages.edge import PageCommand, PageHost, PageRead
from dispatch.plugins.pages.listing import LONGEST_SEARCH, MOST_ROWS, Asked
from dispatch.plugins.pages.views import ActionDone, ChoiceView, History, RowList, RowView, ValuesBody

FILTER = "f."
"""Prefix of a filter's name among the query's parameters."""

LONGEST_FILTER = 200


def add_rows(router: APIRouter, plugin: Plugin, resource: Resource, host: PageHost) -> None:
    """List, look, history, choices for those who view; commands for those who edit; actions by their own right."""
    _add_choices(router, plugin, resource, host)
    _add_reads(router, plugin, resource, host)
    if resource.edit_permission is not None:
        _add_commands(router, plugin, resource, host, resource.edit_permission)
    for action in resource.actions:
        _add_action(router, plugin, resource, host, action)


def asked_for(
    request: Request,
    q: Annotated[str, Query(max_length=LONGEST_SEARCH)] = "",
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 50,
    sort: Annotated[str | None, Query(max_length=100)] = None,
    archived: bool = False,
) -> Asked:
    """What the query asks of a list."""
    return Asked(q=q, cursor=cursor, limit=limit, sort=sort, archived=archived, filters=filters_in(request))


def filters_in(request: Request) -> dict[str, str]:
    """Field's name → what was typed."""
    return {
        name.removeprefix(FILTER): value[:LONGEST_FILTER]
        for name, value in request.query_params.items()
        if name.startswith(FILTER)
    }


def refers(plugin: Plugin, resource: Resource) -> tuple[str, ...]:
    """Permissions of the pages on which rows of this resource are chosen, and its own."""
    needed = {permission: None for permission in (resource.view_permission, resource.edit_permission) if permission}
    for page in plugin.pages:
        if any(one.resource == resource.name for one in _fields_of(page)):
            needed[permission_of(page)] = None
            if isinstance(page, Resource):
                needed |= {
                    right: None for right in (page.edit_permission, *(a.permission for a in page.actions)) if right
                }
    return tuple(needed)


def _fields_of(page: Page) -> tuple[Field, ...]:
    match page:
        case Resource():
            return (*page.fields, *(one for action in page.actions for one in action.fields))
        case Report():
            return page.filters
        case Sheet():
            return page.head
        case Form():
            return page.fields


def _add_choices(router: APIRouter, plugin: Plugin, resource: Resource, host: PageHost) -> None:
    reads = host.reads(*refers(plugin, resource))

    @router.get(f"/rows/{resource.name}/choices", name=f"{resource.name}: choices")
    async def choices(
        read: Annotated[PageRead, Depends(reads)], q: Annotated[str, Query(max_length=LONGEST_SEARCH)] = ""
    ) -> list[ChoiceView]:
        """Rows to refer to, by what was typed of their title."""
        async with read.reading() as reading:
            return await rows.choices(reading, plugin, resource, q)


def _add_reads(router: APIRouter, plugin: Plugin, resource: Resource, host: PageHost) -> None:
    reads = host.reads(resource.view_permission)

    @router.get(f"/rows/{resource.name}", name=f"{resource.name}: list")
    async def list_rows(
        read: Annotated[PageRead, Depends(reads)], asked: Annotated[Asked, Depends(asked_for)]
    ) -> RowList:
        """One page of rows. Filters are `f.<field>=value`; numbers and days also as a range 'a..b'."""
        async with read.reading() as reading:
            return await rows.list_rows(reading, plugin, resource, asked)

    @router.get(f"/rows/{resource.name}/{{row_id}}", name=f"{resource.name}: one")
    async def get(read: Annotated[PageRead, Depends(reads)], row_id: str) -> RowView:
        """One row."""
        async with read.reading() as reading:
            return await rows.get_view(reading, plugin, resource, row_id)

    @router.get(f"/rows/{resource.name}/{{row_id}}/history", name=f"{resource.name}: history")
    async def history(read: Annotated[PageRead, Depends(reads)], row_id: str) -> History:
        """Who changed the row, when and how; the newest first."""
        async with read.reading() as reading:
            return await audit.history(reading, plugin, resource, row_id)


def _add_commands(router: APIRouter, plugin: Plugin, resource: Resource, host: PageHost, permission: str) -> None:
    commands = host.commands(permission)
    address = f"/rows/{resource.name}"

    @router.post(address, response_model=RowView, status_code=201, name=f"{resource.name}: create")
    async def create(command: Annotated[PageCommand, Depends(commands)], body: ValuesBody) -> Response:
        """A new row."""
        return await command.run(lambda work: rows.create(work, plugin, resource, body.values), 201)

    @router.put(f"{address}/{{row_id}}", response_model=RowView, name=f"{resource.name}: edit")
    async def edit(
        command: Annotated[PageCommand, Depends(commands)], row_id: str, version: ExpectedVersion, body: ValuesBody
    ) -> Response:
        """Set the values given; the others stay."""
        return await command.run(lambda work: rows.edit(work, plugin, resource, row_id, version, body.values))

    @router.delete(f"{address}/{{row_id}}", response_model=RowView, name=f"{resource.name}: archive")
    async def archive(command: Annotated[PageCommand, Depends(commands)], row_id: str) -> Response:
        """Take the row out of the lists; it can be restored."""
        return await command.run(lambda work: rows.archive(work, plugin, resource, row_id, work.now))

    @router.post(f"{address}/{{row_id}}/restore", response_model=RowView, name=f"{resource.name}: restore")
    async def restore(command: Annotated[PageCommand, Depends(commands)], row_id: str) -> Response:
        """Put an archived row back into the lists."""
        return await command.run(lambda work: rows.archive(work, plugin, resource, row_id, None))


def _add_action(router: APIRouter, plugin: Plugin, resource: Resource, host: PageHost, action: Action) -> None:
    commands = host.commands(action.permission)
    address = f"/rows/{resource.name}/{{row_id}}/actions/{action.name}"

    @router.post(address, response_model=ActionDone, name=f"{resource.name}: {action.name}")
    async def act(command: Annotated[PageCommand, Depends(commands)], row_id: str, body: ValuesBody) -> Response:
        """Do it with this row, if it still makes sense."""
        return await command.run(lambda work: rows.act(work, plugin, resource, action, row_id, body.values))
