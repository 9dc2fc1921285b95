"""A plugin as the admin face draws it, for one person: pages that this person may not see are left out. Pure."""

from collections.abc import Sequence
from typing import Any, Literal

from dispatch.plugins.contract import Action, Form, Page, Plugin, Report, Resource, Sheet
from dispatch.plugins.fields import Field
from dispatch.plugins.pages.numbers import write_decimal
from dispatch.plugins.pages.views import words
from dispatch.views import View, Words


class ChoiceShape(View):
    value: str
    label: Words


class FieldShape(View):
    name: str
    label: Words
    kind: str
    required: bool
    hint: Words | None
    choices: tuple[ChoiceShape, ...]
    resource: str | None
    least: str | None
    most: str | None
    longest: int
    unit: Words | None
    default: str | None
    typed: bool
    in_list: bool


class ActionShape(View):
    name: str
    label: Words
    fields: tuple[FieldShape, ...]
    confirm: Words | None


class ResourceShape(View):
    kind: Literal["resource"] = "resource"
    name: str
    label: Words
    one: Words
    title: str
    fields: tuple[FieldShape, ...]
    search: bool
    filters: tuple[str, ...]
    order: str
    can_edit: bool
    importable: bool
    """By this person."""
    actions: tuple[ActionShape, ...]
    """That this person may run, where a row offers them."""
    empty: Words


class ReportShape(View):
    kind: Literal["report"] = "report"
    name: str
    label: Words
    filters: tuple[FieldShape, ...]


class SheetShape(View):
    kind: Literal["sheet"] = "sheet"
    name: str
    label: Words
    head: tuple[FieldShape, ...]
    jump: str | None
    """Share of the last value beyond which the person must confirm."""
    places: int
    all_rows_offline: bool


class FormShape(View):
    kind: Literal["form"] = "form"
    name: str
    label: Words
    fields: tuple[FieldShape, ...]
    hint: Words | None


PageShape = ResourceShape | ReportShape | SheetShape | FormShape


class ExportShape(View):
    name: str
    label: Words


class PluginShape(View):
    name: str
    version: str
    title: Words
    summary: Words
    icon: str
    public_path: str | None
    pages: tuple[PageShape, ...]
    exports: tuple[ExportShape, ...]
    """Files to take away besides those of the resources."""


class PluginShapes(View):
    """The answer of GET /api/plugins."""

    plugins: tuple[PluginShape, ...]


def public_path(plugin: Plugin) -> str | None:
    """Where its public pages lie; None: it has none."""
    return None if plugin.public is None else f"/{plugin.name.replace('_', '-')}/"


def describe(plugin: Plugin, permissions: frozenset[str]) -> PluginShape:
    """`permissions`: those of this plugin that the person has."""
    return PluginShape(
        name=plugin.name,
        version=plugin.version,
        title=words(plugin.title),
        summary=words(plugin.summary),
        icon=plugin.icon,
        public_path=public_path(plugin),
        pages=tuple(_page(page, permissions) for page in plugin.pages if permission_of(page) in permissions),
        exports=tuple(
            ExportShape(name=one.name, label=words(one.label))
            for one in plugin.exports
            if one.permission is None or one.permission in permissions
        ),
    )


def permission_of(page: Page) -> str:
    """What a person needs to see the page."""
    return page.view_permission if isinstance(page, Resource) else page.permission


def _page(page: Page, permissions: frozenset[str]) -> PageShape:
    match page:
        case Resource():
            return _resource(page, permissions)
        case Report():
            return ReportShape(name=page.name, label=words(page.label), filters=_fields(page.filters))
        case Sheet():
            return SheetShape(
                name=page.name,
                label=words(page.label),
                head=_fields(page.head),
                jump=None if page.jump is None else write_decimal(page.jump),
                places=page.places,
                all_rows_offline=page.all_rows_offline,
            )
        case Form():
            hint = None if page.hint is None else words(page.hint)
            return FormShape(name=page.name, label=words(page.label), fields=_fields(page.fields), hint=hint)


def _resource(page: Resource, permissions: frozenset[str]) -> ResourceShape:
    can_edit = page.edit_permission in permissions
    return ResourceShape(
        name=page.name,
        label=words(page.label),
        one=words(page.one),
        title=page.title,
        fields=_fields(page.fields),
        search=bool(page.search),
        filters=page.filters,
        order=page.order,
        can_edit=can_edit,
        importable=page.importable and can_edit,
        actions=tuple(_action(one) for one in page.actions if one.permission in permissions),
        empty=words(page.empty),
    )


def _action(action: Action) -> ActionShape:
    confirm = None if action.confirm is None else words(action.confirm)
    return ActionShape(name=action.name, label=words(action.label), fields=_fields(action.fields), confirm=confirm)


def _fields(fields: Sequence[Field]) -> tuple[FieldShape, ...]:
    return tuple(_field(one) for one in fields)


def _field(one: Field) -> FieldShape:
    shape: dict[str, Any] = {
        "hint": None if one.hint is None else words(one.hint),
        "unit": None if one.unit is None else words(one.unit),
        "least": None if one.least is None else write_decimal(one.least),
        "most": None if one.most is None else write_decimal(one.most),
    }
    return FieldShape(
        name=one.name,
        label=words(one.label),
        kind=one.kind.value,
        required=one.required,
        choices=tuple(ChoiceShape(value=choice.value, label=words(choice.label)) for choice in one.choices),
        resource=one.resource,
        longest=one.longest,
        default=one.default,
        typed=one.typed,
        in_list=one.in_list,
        **shape,
    )
