"""Finds the installed plugins by the entry point `siaga.plugins`; one that cannot run is found with its fault."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

import structlog

from dispatch.plugins.checking import faults_of
from dispatch.plugins.contract import Plugin

_log = structlog.get_logger(__name__)

GROUP = "siaga.plugins"


@dataclass(frozen=True, slots=True)
class Found:
    """An installed plugin. `fault` says why it cannot run; `plugin` is None where it could not even be loaded."""

    name: str
    plugin: Plugin | None
    fault: str | None = None


def installed() -> list[Found]:
    """All plugins of this environment by name. Never raises for what one of them does."""
    points = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return unique([load(point) for point in points])


def found(plugin: Plugin) -> Found:
    """A plugin that is given as a value, with the first fault of its declaration."""
    faults = faults_of(plugin)
    return Found(plugin.name, plugin, faults[0] if faults else None)


def load(point: EntryPoint) -> Found:
    """The plugin behind an entry point. Never raises for what its package does."""
    try:
        value = point.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever an import raises concerns that plugin alone
        _log.error("plugin_not_loaded", plugin=point.name, entry_point=point.value, exc_info=error)
        return Found(point.name, None, f"It could not be loaded: {type(error).__name__}: {error}")
    if not isinstance(value, Plugin):
        return Found(point.name, None, f"{point.value} is a {type(value).__name__}, not a Plugin.")
    if value.name != point.name:
        return Found(point.name, None, f"Its entry point is called {point.name}, its value {value.name}.")
    return found(value)


def unique(plugins: Iterable[Found]) -> list[Found]:
    """Two distributions with a plugin of one name: neither runs, since nobody knows which is meant."""
    by_name: dict[str, Found] = {}
    for one in plugins:
        twice = one.name in by_name
        by_name[one.name] = (
            Found(one.name, None, "Two installed packages carry a plugin of this name.") if twice else one
        )
    return list(by_name.values())
