"""Whether a plugin's declaration holds together: pure; each fault is a sentence for its author."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from sqlalchemy import inspect as mapper_of
from sqlalchemy.exc import NoInspectionAvailable

from dispatch.plugins.contract import API_LEVEL, Form, Page, Plugin, Report, Resource, Sheet
from dispatch.plugins.fields import Field, Kind, Text
from dispatch.plugins.tables import PluginRow

NAME = re.compile(r"[a-z][a-z0-9_]{1,31}")
PART = re.compile(r"[a-z][a-z0-9_-]{0,39}")
EVENT = re.compile(r"[a-z][a-z0-9_.]{0,59}")

RESERVED = frozenset(
    {"admin", "api", "assets", "console", "core", "files", "fonts", "icons", "layanan", "layers", "locate", "login"}
    | {"map", "metrics", "plugin", "plugins", "public", "responder", "share", "site", "static", "supervisor", "tiles"}
    | {"track", "healthz", "readyz"}
)
"""Addresses of the centre itself, and names that would be mistaken for it."""


def faults_of(plugin: Plugin) -> list[str]:
    """What is wrong with the declaration, nothing for a sound one."""
    if plugin.api != API_LEVEL:
        return [f"api: it is written for level {plugin.api}, this centre has level {API_LEVEL}."]
    return [*_names(plugin), *_pages(plugin), *_rows(plugin), *_works(plugin), *_settings(plugin)]


def _names(plugin: Plugin) -> Iterator[str]:
    if not NAME.fullmatch(plugin.name):
        yield f"name: '{plugin.name}' must be 2 to 32 of a-z, 0-9 and '_', beginning with a letter."
    if plugin.name in RESERVED:
        yield f"name: '{plugin.name}' is an address of the centre itself."
    if not plugin.version.strip():
        yield "version: it is empty."
    for what, text in (("title", plugin.title), ("summary", plugin.summary)):
        yield from _text(what, text)
    groups = {
        "pages": [page.name for page in plugin.pages],
        "permissions": [one.name for one in plugin.permissions],
        "jobs": [one.name for one in plugin.jobs],
        "tiles": [one.name for one in plugin.tiles],
        "layers": [one.name for one in plugin.layers],
        "exports": [one.name for one in plugin.exports],
    }
    for group, names in groups.items():
        yield from _unique(group, names)
    yield from _unique("emits", plugin.emits, EVENT)


def _unique(group: str, names: Iterable[str], pattern: re.Pattern[str] = PART) -> Iterator[str]:
    for name, count in Counter(names).items():
        if not pattern.fullmatch(name):
            yield f"{group}: '{name}' must match {pattern.pattern}."
        if count > 1:
            yield f"{group}: '{name}' is there {count} times."


def _text(where: str, text: Text) -> Iterator[str]:
    if not (text.id.strip() and text.en.strip()):
        yield f"{where}: a text is missing in one of the two languages."


def _pages(plugin: Plugin) -> Iterator[str]:
    known = {one.name for one in plugin.permissions}
    for page in plugin.pages:
        where = f"pages.{page.name}"
        yield from _text(f"{where}.label", page.label)
        for permission in sorted(_permissions(page) - known):
            yield f"{where}: the permission '{permission}' is not declared."
        for part, fields in _field_groups(page):
            yield from _fields(plugin, f"{where}.{part}", fields)
    for export in plugin.exports:
        if export.permission is not None and export.permission not in known:
            yield f"exports.{export.name}: the permission '{export.permission}' is not declared."


def _permissions(page: Page) -> set[str]:
    if isinstance(page, Resource):
        edit = {page.edit_permission} if page.edit_permission is not None else set()
        return {page.view_permission, *edit, *(action.permission for action in page.actions)}
    return {page.permission}


def _field_groups(page: Page) -> Iterator[tuple[str, tuple[Field, ...]]]:
    match page:
        case Resource():
            yield "fields", page.fields
            for action in page.actions:
                yield f"actions.{action.name}", action.fields
        case Report():
            yield "filters", page.filters
        case Sheet():
            yield "head", page.head
        case Form():
            yield "fields", page.fields


def _fields(plugin: Plugin, where: str, fields: tuple[Field, ...]) -> Iterator[str]:
    resources = {page.name for page in plugin.pages if isinstance(page, Resource)}
    yield from _unique(where, (field.name for field in fields), re.compile(r"[a-z][a-z0-9_]{0,59}"))
    for field in fields:
        at = f"{where}.{field.name}"
        yield from _text(at, field.label)
        if field.kind is Kind.CHOICE and not field.choices:
            yield f"{at}: a choice without choices."
        if field.kind is Kind.REFERENCE and field.resource not in resources:
            yield f"{at}: refers to '{field.resource}', which is not one of the plugin's resources."
        if field.least is not None and field.most is not None and Decimal(field.least) > Decimal(field.most):
            yield f"{at}: its least is above its most."


def _rows(plugin: Plugin) -> Iterator[str]:
    resources = [page for page in plugin.pages if isinstance(page, Resource)]
    if resources and (plugin.migrations is None or not plugin.migrations.is_dir()):
        yield "migrations: the plugin has tables but no folder of migrations."
    for resource in resources:
        yield from _resource(plugin, resource)
    found = [getattr(page.row, "metadata", None) for page in resources]
    metadatas = {id(one): one for one in found if one is not None}
    if len(metadatas) > 1:
        yield "pages: the rows of its resources have more than one metadata."
    for metadata in metadatas.values():
        if metadata.info.get("plugin") != plugin.name:
            yield f"tables: their metadata must be plugin_metadata('{plugin.name}')."
        for table in metadata.tables.values():
            if not table.name.startswith(f"{plugin.name}_"):
                yield f"tables: {table.name} must begin with '{plugin.name}_'."
            for key in table.foreign_keys:
                if not key.target_fullname.startswith(f"{plugin.name}_"):
                    yield f"tables: {table.name} refers to {key.target_fullname}, which is not the plugin's own."


def _resource(plugin: Plugin, resource: Resource) -> Iterator[str]:
    where = f"pages.{resource.name}"
    try:
        columns = set(mapper_of(resource.row).all_orm_descriptors.keys())
    except NoInspectionAvailable:
        yield f"{where}.row: {resource.row.__name__} is not a mapped class."
        return
    if PluginRow not in resource.row.__mro__:
        yield f"{where}.row: {resource.row.__name__} must derive from PluginRow."
    yield from _named(where, resource, columns)
    if resource.importable and not resource.key:
        yield f"{where}: an import needs `key`, the fields that make a row the same one."
    if resource.importable and resource.personal:
        yield f"{where}: rows with personal fields are not imported, since an import keeps them to be undone."


def _named(where: str, resource: Resource, columns: set[str]) -> Iterator[str]:
    """Names of fields and columns that are not there."""
    for field in resource.fields:
        wanted = (f"{field.name}_lat", f"{field.name}_lon") if field.kind is Kind.POINT else (field.name,)
        for name in wanted:
            if name not in columns:
                yield f"{where}.fields: {resource.row.__name__} has no '{name}'."
    names = {field.name for field in resource.fields}
    listed = {"title": (resource.title,), "search": resource.search, "filters": resource.filters}
    listed |= {"key": resource.key, "personal": resource.personal}
    for what, mentioned in listed.items():
        for name in mentioned:
            if name not in names:
                yield f"{where}.{what}: '{name}' is not one of its fields."
    if (order := resource.order.removeprefix("-")) not in columns:
        yield f"{where}.order: {resource.row.__name__} has no '{order}'."


def _works(plugin: Plugin) -> Iterator[str]:
    for job in plugin.jobs:
        if job.every_s < 1 or not 0 < job.limit_s <= 600:
            yield f"jobs.{job.name}: it runs every second at most, and for 600 s at most."
    for at, listener in enumerate(plugin.listeners):
        if not listener.types:
            yield f"listeners.{at}: it hears no type of event."
    heard = [getattr(listener.handle, "__qualname__", "") for listener in plugin.listeners]
    for name, count in Counter(heard).items():
        if count > 1:
            yield f"listeners: {name} is there {count} times; its place in the log is kept by that name."


def _settings(plugin: Plugin) -> Iterator[str]:
    for name, field in plugin.settings.model_fields.items():
        if field.is_required():
            yield f"settings.{name}: it has no default."
