"""The editor of protocols over HTTP: drafts, checks, a test bench, publishing, taking back, signatures."""

from datetime import datetime
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from dispatch.actor import Actor
from dispatch.api import Command, InCentre, commands, reads
from dispatch.db import Transaction
from dispatch.errors import Invalid
from dispatch.protocols import versions
from dispatch.protocols.api import (
    MOST_ANSWERS,
    ProtocolView,
    SignoffView,
    TextView,
    TriageView,
    protocol_view,
    signoff_view,
    text_view,
    triage_view,
)
from dispatch.protocols.model import ProtocolVersionRow, VersionState
from dispatch.protocols.reader import LARGEST_FILE, ProtocolFault
from dispatch.protocols.rules import Answers, evaluate
from dispatch.protocols.schema import read_protocol
from dispatch.protocols.service import ProtocolBook
from dispatch.views import View
from dispatch.words import Role

router = APIRouter(tags=["protocols"])

EDITORS = (Role.SUPERVISOR, Role.ADMIN)

Code = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]*(-[a-z0-9_]+)*$", max_length=64)]
Edits = Annotated[Command, Depends(commands(*EDITORS))]
OfEditors = Annotated[Actor, Depends(reads(*EDITORS))]
Yaml = Annotated[str, Field(max_length=LARGEST_FILE)]


class FaultView(View):
    line: int
    key: str
    expected: str


class VersionView(View):
    number: int
    version: str
    """Hash of the text, as incidents keep it."""
    state: VersionState
    revision: int
    by_name: str
    at: datetime
    published_by_name: str | None
    published_at: datetime | None
    retired_at: datetime | None


class EditedView(View):
    """A line of the editor's list."""

    code: str
    name: TextView | None
    """None: a draft of a new protocol that was never in force."""
    version: str | None
    number: int | None
    """Of the published version in force; None: the shipped file."""
    draft: bool
    signed_off: SignoffView | None


class EditedList(View):
    items: tuple[EditedView, ...]


class EditorView(View):
    code: str
    in_force: str | None
    """The text in force; None: a new protocol."""
    version: str | None
    number: int | None
    shipped: bool
    """A file of this code comes with the program."""
    draft: VersionView | None
    draft_text: str | None
    versions: tuple[VersionView, ...]
    signed_off: SignoffView | None


class SourceView(View):
    text: str


class PreviewRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"yaml": "code: banjir", "answers": {}}]})

    yaml: Yaml
    answers: dict[str, JsonValue] = Field(default_factory=dict, max_length=MOST_ANSWERS)


class PreviewView(View):
    faults: tuple[FaultView, ...]
    protocol: ProtocolView | None
    triage: TriageView | None
    refused: str | None
    """Why the answers do not fit, where they do not."""


class DraftBody(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"yaml": "code: banjir", "revision": 0}]})

    yaml: Yaml
    revision: int = Field(ge=0)
    """What the draft is based on; 0: there is none yet."""


class RevisionBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    revision: int = Field(ge=0)


class RollBackBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: int | None
    """None: the file that comes with the program."""


class SignoffBody(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"version": "0123456789ab", "name": "dr. A", "title": "Direktur medis, SIP 1/2026"}]
        },
    )

    version: str = Field(max_length=12)
    name: str = Field(max_length=200)
    title: str = Field(max_length=200)


@router.get("/protocols/editor")
async def edited(centre: InCentre, _actor: OfEditors) -> EditedList:
    """All protocols with where their text in force comes from, and which have a draft."""
    async with centre.db.reading() as session:
        rows = await versions.at_work(session)
    book = centre.protocols
    numbers = {row.code: row.number for row in rows if row.state == VersionState.PUBLISHED}
    drafts = {row.code for row in rows if row.state == VersionState.DRAFT}
    items = []
    for code in sorted({*book.types, *drafts}):
        protocol = book.types.get(code)
        items.append(
            EditedView(
                code=code,
                name=text_view(protocol.name) if protocol else None,
                version=protocol.version if protocol else None,
                number=numbers.get(code),
                draft=code in drafts,
                signed_off=signoff_view(book.signoff(protocol)) if protocol else None,
            )
        )
    return EditedList(items=tuple(items))


@router.get("/protocols/{code}/editor")
async def editor(centre: InCentre, _actor: OfEditors, code: Code) -> EditorView:
    """A protocol's text in force, its draft and its history."""
    async with centre.db.reading() as session:
        rows = await versions.history(session, code)
    return _editor(centre.protocols, code, rows)


def _editor(book: ProtocolBook, code: str, rows: list[ProtocolVersionRow]) -> EditorView:
    protocol, shipped = book.types.get(code), book.shipped(code)
    published = next((row for row in rows if row.state == VersionState.PUBLISHED), None)
    draft = next((row for row in rows if row.state == VersionState.DRAFT), None)
    return EditorView(
        code=code,
        in_force=published.yaml if published else shipped.decode() if shipped else None,
        version=protocol.version if protocol else None,
        number=published.number if published else None,
        shipped=shipped is not None,
        draft=_version(draft) if draft else None,
        draft_text=draft.yaml if draft else None,
        versions=tuple(_version(row) for row in rows),
        signed_off=signoff_view(book.signoff(protocol)) if protocol else None,
    )


@router.get("/protocols/{code}/versions/{number}")
async def source(centre: InCentre, _actor: OfEditors, code: Code, number: int) -> SourceView:
    """The text of one version."""
    async with centre.db.reading() as session:
        return SourceView(text=(await versions.of_number(session, code, number)).yaml)


@router.post("/protocols/{code}/preview")
async def preview(_actor: OfEditors, code: Code, body: PreviewRequest) -> PreviewView:
    """A text's faults, its questions as a call-taker would see them, and what sample answers lead to."""
    protocol, faults = read_protocol(f"{code}.yaml", body.yaml.encode())
    triage, refused = None, None
    if protocol is not None:
        try:
            triage = triage_view(evaluate(protocol, cast(Answers, body.answers)))
        except Invalid as error:
            refused = error.detail
    return PreviewView(
        faults=tuple(_fault(fault) for fault in faults),
        protocol=protocol_view(protocol, None) if protocol else None,
        triage=triage,
        refused=refused,
    )


@router.put("/protocols/{code}/draft", response_model=VersionView)
async def save_draft(command: Edits, code: Code, body: DraftBody) -> Response:
    """Keep a text as the protocol's draft; it may have faults."""

    async def run(tx: Transaction) -> VersionView:
        return _version(await versions.save_draft(tx, code, body.yaml, body.revision))

    return await command.run(run)


@router.post("/protocols/{code}/draft/discard", status_code=204)
async def discard_draft(command: Edits, code: Code, body: RevisionBody) -> Response:
    """Throw the draft away; what is in force stays."""
    return await command.run(lambda tx: versions.discard_draft(tx, code, body.revision))


@router.post("/protocols/{code}/publish", response_model=VersionView)
async def publish(centre: InCentre, command: Edits, code: Code, body: RevisionBody) -> Response:
    """Put the draft in force. With faults nothing happens, and they are listed."""
    async with centre.db.reading() as session:
        rows = await versions.history(session, code)
    draft = next((row for row in rows if row.state == VersionState.DRAFT), None)
    if draft is not None:
        await _faultless(code, draft.yaml)

    async def run(tx: Transaction) -> VersionView:
        return _version(await versions.publish(tx, code, body.revision, draft.version if draft else ""))

    answer = await command.run(run)
    await versions.refresh(centre.db, centre.protocols)
    return answer


@router.post("/protocols/{code}/roll-back", status_code=204)
async def roll_back(centre: InCentre, command: Edits, code: Code, body: RollBackBody) -> Response:
    """Bring an earlier version, or the shipped file, back into force."""
    if body.number is not None:
        async with centre.db.reading() as session:
            text = (await versions.of_number(session, code, body.number)).yaml
        await _faultless(code, text)
    answer = await command.run(lambda tx: versions.roll_back(tx, centre.protocols, code, body.number))
    await versions.refresh(centre.db, centre.protocols)
    return answer


@router.post("/protocols/{code}/signoffs", status_code=204)
async def sign(
    centre: InCentre, command: Annotated[Command, Depends(commands(Role.ADMIN))], code: Code, body: SignoffBody
) -> Response:
    """Record the medical director's signature under the edition in force."""
    answer = await command.run(
        lambda tx: versions.sign(tx, centre.protocols, code, body.version, body.name, body.title)
    )
    await versions.refresh(centre.db, centre.protocols)
    return answer


async def _faultless(code: str, text: str) -> None:
    faults = await versions.faults_of(code, text)
    if faults:
        listed = [_fault(fault).model_dump() for fault in faults]
        raise Invalid(f"{faults[0]} ({len(faults)} in all). Nothing was published.", field="yaml", faults=listed)


def _fault(fault: ProtocolFault) -> FaultView:
    return FaultView(line=fault.line, key=fault.key, expected=fault.expected)


def _version(row: ProtocolVersionRow) -> VersionView:
    return VersionView(
        number=row.number,
        version=row.version,
        state=VersionState(row.state),
        revision=row.revision,
        by_name=row.by_name,
        at=row.at,
        published_by_name=row.published_by_name,
        published_at=row.published_at,
        retired_at=row.retired_at,
    )
