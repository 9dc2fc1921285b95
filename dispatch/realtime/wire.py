"""The WebSocket protocol without I/O: messages, frames, who may see what, where a client resumes.

docs/realtime.md shows every message; a test holds the page and these models together.
"""

import struct
from collections.abc import Iterable, Set
from datetime import datetime
from enum import Enum, auto
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from dispatch.events import AUDIT, OPS, PLUGINS, Recorded, unit_topic
from dispatch.views import Snapshot, UnitPosition, UserView
from dispatch.words import Role

POSITIONS = "positions"
"""Topic of the units' moving positions; they are ephemeral and have no seq."""

MAX_CLIENT_MESSAGE = 4096
"""Bytes of a client's message; the longest honest one (eight topics) is under 800."""

MAX_TOPICS = 8
"""Topics of one socket: four exist for a person; the rest is room for later ones."""

REPLAY_MAX = 2000
"""Events that a resume may replay; at about 1.5 kB each this is what a snapshot of a busy centre weighs."""

BEAT_S = 1
"""The server's beat; a client that gets no frame for two of them says that its screen is stale."""

CLOSE_JUNK = 1008
CLOSE_SESSION_OVER = 4401
CLOSE_TOPIC_REFUSED = 4403
CLOSE_TOO_SLOW = 4408


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Subscribe(Message):
    """The first message of a client, sent once: what it wants to see, and the last seq it has seen."""

    model_config = ConfigDict(strict=True)

    t: Literal["subscribe"]
    topics: Annotated[tuple[Annotated[str, Field(max_length=80)], ...], Field(min_length=1, max_length=MAX_TOPICS)]
    since: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    """The highest `seq` of an event or beat that the client has; null asks for a snapshot."""


class ClientBeat(Message):
    """A client's sign of life, every 10 s."""

    t: Literal["beat"]


ClientMessage = Annotated[Subscribe | ClientBeat, Field(discriminator="t")]


class Welcome(Message):
    """The subscription stands. Not `resumed`: a snapshot follows and replaces what the client held."""

    t: Literal["welcome"] = "welcome"
    user: UserView
    topics: tuple[str, ...]
    resumed: bool
    at: datetime
    beat_s: int = BEAT_S


class SnapshotMessage(Snapshot):
    """Everything the topics hold, as of `seq`; events with a higher seq follow."""

    t: Literal["snapshot"] = "snapshot"


class EventMessage(Message):
    """One event of the log. A gap in `seq` is what this client may not see."""

    t: Literal["event"] = "event"
    seq: int
    event: Recorded


class PositionsMessage(Message):
    """The newest position of each unit that moved since the last such message."""

    t: Literal["positions"] = "positions"
    at: datetime
    items: tuple[UnitPosition, ...]


class HealthPart(Message):
    part: str
    """`database`, `bus` or `pbx:NAME`."""
    ok: bool
    since: datetime
    detail: str
    """In words, for the screen; empty when all is well."""


class HealthMessage(Message):
    """How all parts are; sent after the welcome and at each change."""

    t: Literal["health"] = "health"
    at: datetime
    parts: tuple[HealthPart, ...]


class ServerBeat(Message):
    """Every second: all events up to `seq` that this client may see have been sent."""

    t: Literal["beat"] = "beat"
    seq: int
    at: datetime


class ErrorMessage(Message):
    """What was wrong with the client's message; the socket is closed after it."""

    t: Literal["error"] = "error"
    detail: str
    field: str | None


ServerMessage = Annotated[
    Welcome | SnapshotMessage | EventMessage | PositionsMessage | HealthMessage | ServerBeat | ErrorMessage,
    Field(discriminator="t"),
]
CLIENT_MESSAGES: TypeAdapter[Subscribe | ClientBeat] = TypeAdapter(ClientMessage)
SERVER_MESSAGES: TypeAdapter[
    Welcome | SnapshotMessage | EventMessage | PositionsMessage | HealthMessage | ServerBeat | ErrorMessage
] = TypeAdapter(ServerMessage)


class Junk(Exception):
    """A client's message cannot be understood; `field` names what in it, None when it is not JSON at all."""

    def __init__(self, detail: str, field: str | None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field


def parse_client(data: str | bytes) -> Subscribe | ClientBeat:
    """Read a client's message. Raises Junk."""
    if isinstance(data, bytes):
        raise Junk("Messages are JSON text, not binary.", None)
    if len(data) > MAX_CLIENT_MESSAGE:
        raise Junk(f"A message has at most {MAX_CLIENT_MESSAGE} bytes.", None)
    try:
        return CLIENT_MESSAGES.validate_json(data)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        raise Junk(f"{fault['msg']}.", _field(fault["type"], fault["loc"])) from None


def _field(kind: str, loc: tuple[int | str, ...]) -> str | None:
    if kind.startswith("union_tag"):
        return "t"
    return ".".join(str(part) for part in loc[1:]) or None


def frame(text: bytes) -> bytes:
    """A whole server-to-client text frame (RFC 6455 5.2): FIN, unmasked, uncompressed; right for every socket."""
    size = len(text)
    if size < 126:
        return bytes((0x81, size)) + text
    if size < 65536:
        return struct.pack("!BBH", 0x81, 126, size) + text
    return struct.pack("!BBQ", 0x81, 127, size) + text


def encode(message: BaseModel) -> bytes:
    """A message as its finished frame."""
    return frame(message.model_dump_json().encode())


def encode_event(seq: int, payload: str) -> bytes:
    """An event's finished frame around the payload as the log holds it; nothing is encoded a second time."""
    return frame(f'{{"t":"event","seq":{seq},"event":{payload}}}'.encode())


_CENTRE = {OPS, POSITIONS}
_TOPICS: dict[Role, frozenset[str]] = {
    Role.CALL_TAKER: frozenset(_CENTRE),
    Role.DISPATCHER: frozenset(_CENTRE),
    Role.RESPONDER: frozenset(),
    Role.SUPERVISOR: frozenset({*_CENTRE, AUDIT, PLUGINS}),
    Role.ADMIN: frozenset({*_CENTRE, AUDIT, PLUGINS}),
    Role.OFFICER: frozenset(),
}


def rights(roles: Set[Role], unit_id: str | None) -> frozenset[str]:
    """The topics that somebody with these roles, in the crew of this unit, may see."""
    topics = frozenset().union(*(_TOPICS[role] for role in roles))
    if Role.RESPONDER in roles and unit_id is not None:
        return topics | {unit_topic(unit_id)}
    return topics


def refused(topics: Iterable[str], roles: Set[Role], unit_id: str | None) -> str | None:
    """The first of `topics` that may not be seen, None when all may."""
    allowed = rights(roles, unit_id)
    return next((topic for topic in topics if topic not in allowed), None)


class Resume(Enum):
    """Where a client's missing events come from."""

    RING = auto()
    LOG = auto()
    SNAPSHOT = auto()


def resume(since: int | None, *, ring_first: int, ring_last: int, head: int | None) -> Resume:
    """Decide how a client that has seen `since` goes on.

    The ring holds every event from `ring_first` to `ring_last` (empty: first = last + 1). `head` is the log's last
    number, None while the database does not tell. A client that is ahead of the log has seen another log.
    """
    if since is None:
        return Resume.SNAPSHOT
    if ring_first - 1 <= since <= ring_last:
        return Resume.RING
    if head is not None and since <= head and head - since <= REPLAY_MAX:
        return Resume.LOG
    return Resume.SNAPSHOT


def schemas() -> dict[str, Any]:
    """JSON Schema (2020-12) of every message and of all that they hold, by name."""
    parts: dict[str, Any] = {}
    for adapter in (CLIENT_MESSAGES, SERVER_MESSAGES):
        parts |= adapter.json_schema(mode="serialization", ref_template="#/$defs/{model}")["$defs"]
    return parts
