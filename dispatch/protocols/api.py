"""Protocols over HTTP: what to ask, and what the answers so far mean."""

from datetime import datetime
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from dispatch.actor import Actor
from dispatch.api import EVERYBODY, OPS_ROLES, InCentre, reads
from dispatch.protocols.rules import Answer, Answers, Kind, Protocol, Text, Triage, When, evaluate
from dispatch.protocols.service import Signoff
from dispatch.views import Need, View
from dispatch.words import Category, Priority

router = APIRouter(tags=["protocols"])

MOST_ANSWERS = 50
"""A protocol has eight questions at most; more answers than this are no triage."""


class TextView(View):
    id: str
    en: str


class ChoiceView(View):
    value: str
    label: TextView


class ConditionView(View):
    """What a question's answer must be: one of `any_of` (null: not known), or a number within the limits."""

    question: str
    any_of: tuple[Answer, ...]
    at_least: int | None
    at_most: int | None


class QuestionView(View):
    id: str
    text: TextView
    kind: Kind
    choices: tuple[ChoiceView, ...]
    show_if: tuple[tuple[ConditionView, ...], ...] | None
    """Shown when all conditions of one of these groups hold; null: always."""


class SignoffView(View):
    """The medical director's signature."""

    name: str
    title: str
    at: datetime


class ProtocolView(View):
    code: str
    name: TextView
    category: Category
    icon: str
    keywords: tuple[str, ...]
    sources: tuple[str, ...]
    questions: tuple[QuestionView, ...]
    version: str
    signed_off: SignoffView | None = None
    """None: this edition waits for the medical director's approval."""


class ProtocolsView(View):
    version: str
    types: tuple[ProtocolView, ...]


class TriageRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"type": "kebakaran-bangunan", "answers": {"people_inside": True}}]},
    )

    type: str = Field(max_length=64)
    answers: dict[str, JsonValue] = Field(default_factory=dict, max_length=MOST_ANSWERS)
    """By question; the evaluator checks each value and names the question that it does not fit."""


class TriageView(View):
    next_question: str | None
    priority: Priority
    determinant: str
    determinant_text: TextView
    plan: tuple[Need, ...]
    instructions: tuple[TextView, ...]
    red_flags: tuple[TextView, ...]
    done: bool
    metronome: int | None = None
    """Beats a minute to sound for the caller now (chest compressions)."""


@router.get("/protocols", response_model=ProtocolsView)
async def protocols(
    _actor: Annotated[Actor, Depends(reads(*EVERYBODY))], centre: InCentre, response: Response
) -> ProtocolsView:
    """All incident types with their questions; `version` changes with any of them."""
    book = centre.protocols
    response.headers["ETag"] = f'"{book.version}"'
    return ProtocolsView(
        version=book.version, types=tuple(protocol_view(item, book.signoff(item)) for item in book.types.values())
    )


@router.post("/triage", response_model=TriageView)
async def triage(
    _actor: Annotated[Actor, Depends(reads(*OPS_ROLES))], centre: InCentre, request: TriageRequest
) -> TriageView:
    """What the answers so far mean; changes nothing."""
    return triage_view(evaluate(centre.protocols.get(request.type), cast(Answers, request.answers)))


def text_view(text: Text) -> TextView:
    return TextView(id=text.id, en=text.en)


def _conditions(when: When) -> tuple[tuple[ConditionView, ...], ...] | None:
    if not when:
        return None
    return tuple(
        tuple(
            ConditionView(
                question=condition.question,
                any_of=condition.any_of,
                at_least=condition.at_least,
                at_most=condition.at_most,
            )
            for condition in group
        )
        for group in when
    )


def signoff_view(signoff: Signoff | None) -> SignoffView | None:
    return SignoffView(name=signoff.name, title=signoff.title, at=signoff.at) if signoff else None


def protocol_view(protocol: Protocol, signoff: Signoff | None) -> ProtocolView:
    questions = tuple(
        QuestionView(
            id=question.id,
            text=text_view(question.text),
            kind=question.kind,
            choices=tuple(ChoiceView(value=choice.value, label=text_view(choice.label)) for choice in question.choices),
            show_if=_conditions(question.show_if),
        )
        for question in protocol.questions
    )
    return ProtocolView(
        code=protocol.code,
        name=text_view(protocol.name),
        category=protocol.category,
        icon=protocol.icon,
        keywords=protocol.keywords,
        sources=protocol.sources,
        questions=questions,
        version=protocol.version,
        signed_off=signoff_view(signoff),
    )


def triage_view(result: Triage) -> TriageView:
    return TriageView(
        next_question=result.next_question,
        priority=result.priority,
        determinant=result.determinant,
        determinant_text=text_view(result.determinant_text),
        plan=result.plan,
        instructions=tuple(text_view(text) for text in result.instructions),
        red_flags=tuple(text_view(text) for text in result.red_flags),
        done=result.done,
        metronome=result.metronome,
    )
