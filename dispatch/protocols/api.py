"""Protocols over HTTP: what to ask, and what the answers so far mean."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from dispatch.actor import Actor
from dispatch.api import EVERYBODY, OPS_ROLES, InCentre, reads
from dispatch.protocols.rules import Answer, Answers, Kind, Protocol, Text, Triage, When, evaluate
from dispatch.views import Need, View
from dispatch.words import Category, Priority

router = APIRouter(tags=["protocols"])

MOST_ANSWERS = 50
"""A protocol has six questions; more answers than this are no triage."""


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


class ProtocolView(View):
    code: str
    name: TextView
    category: Category
    icon: str
    keywords: tuple[str, ...]
    sources: tuple[str, ...]
    questions: tuple[QuestionView, ...]
    version: str


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


@router.get("/protocols", response_model=ProtocolsView)
async def protocols(
    _actor: Annotated[Actor, Depends(reads(*EVERYBODY))], centre: InCentre, response: Response
) -> ProtocolsView:
    """All incident types with their questions; `version` changes with any of them."""
    book = centre.protocols
    response.headers["ETag"] = f'"{book.version}"'
    return ProtocolsView(version=book.version, types=tuple(_protocol(item) for item in book.types.values()))


@router.post("/triage", response_model=TriageView)
async def triage(
    _actor: Annotated[Actor, Depends(reads(*OPS_ROLES))], centre: InCentre, request: TriageRequest
) -> TriageView:
    """What the answers so far mean; changes nothing."""
    return _triage(evaluate(centre.protocols.get(request.type), cast(Answers, request.answers)))


def _text(text: Text) -> TextView:
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


def _protocol(protocol: Protocol) -> ProtocolView:
    questions = tuple(
        QuestionView(
            id=question.id,
            text=_text(question.text),
            kind=question.kind,
            choices=tuple(ChoiceView(value=choice.value, label=_text(choice.label)) for choice in question.choices),
            show_if=_conditions(question.show_if),
        )
        for question in protocol.questions
    )
    return ProtocolView(
        code=protocol.code,
        name=_text(protocol.name),
        category=protocol.category,
        icon=protocol.icon,
        keywords=protocol.keywords,
        sources=protocol.sources,
        questions=questions,
        version=protocol.version,
    )


def _triage(result: Triage) -> TriageView:
    return TriageView(
        next_question=result.next_question,
        priority=result.priority,
        determinant=result.determinant,
        determinant_text=_text(result.determinant_text),
        plan=result.plan,
        instructions=tuple(_text(text) for text in result.instructions),
        red_flags=tuple(_text(text) for text in result.red_flags),
        done=result.done,
    )
