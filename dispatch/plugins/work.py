"""What a plugin's functions are given: a read or a transaction of their own, with settings and the clock."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.plugins.fields import Text


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. `permissions` are those of this plugin, without its name in front."""

    id: str
    name: str
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """What is handed to 112: becomes an incident whose opener is the person who hands it over."""

    narrative: str
    place: str
    point: tuple[float, float] | None = None
    reporting_party: str | None = None
    reporting_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """One of the centre's villages (desa, kelurahan), as its gazetteer has it."""

    code: str
    """The official code, as a field of kind VILLAGE holds it."""
    name: str
    district: str
    """The kecamatan's name."""
    point: tuple[float, float] | None
    """(lat, lon), WGS 84: the area's centroid, not where people live."""


class Reading(Protocol):
    """A read-only view of one moment."""

    @property
    def session(self) -> AsyncSession: ...
    @property
    def now(self) -> datetime:
        """UTC."""

    @property
    def settings(self) -> Any:
        """The plugin's settings: a value of the class that it declared."""

    @property
    def person(self) -> Person | None:
        """None: the public, a job or a listener."""

    async def villages(self) -> Sequence[Village]:
        """All villages of the centre, by district and name."""


class Working(Reading, Protocol):
    """A transaction: commits when the function returns, leaves nothing when it raises."""

    def emit(self, event: str, data: Mapping[str, Any]) -> None:
        """Record one of the plugin's declared events in the log, with this transaction."""

    async def report_emergency(self, emergency: Emergency) -> str:
        """Open an incident in 112 within this transaction and return its number. Needs a person."""


class Workshop(Protocol):
    """For jobs, listeners and routers: opens reads and transactions, each bounded in time and number."""

    @property
    def now(self) -> datetime: ...
    @property
    def settings(self) -> Any: ...
    def reading(self) -> AbstractAsyncContextManager[Reading]: ...
    def working(self) -> AbstractAsyncContextManager[Working]: ...


@dataclass(frozen=True, slots=True)
class Heard:
    """An event of the core as a listener gets it."""

    seq: int
    type: str
    at: datetime
    data: Mapping[str, Any]
    """The event's own fields (call_id, incident_id …)."""
    changed: Mapping[str, Any]
    """The views that it changed, as in docs/realtime.md."""


class NoSettings(BaseModel):
    """Of a plugin without settings."""


class Refused(Exception):
    """A plugin's function says no: shown to the person as it is; nothing is changed."""

    def __init__(self, message: Text, field: str | None = None) -> None:
        super().__init__(message.en)
        self.message = message
        self.field = field
