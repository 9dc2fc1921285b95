"""The protocol evaluator: pure. Answers in, the next question, priority, determinant, plan and words to say out.

Answers may come in any order and may be withdrawn: evaluation is a function of the answers alone, so a call-taker can
jump back. An answer of None means asked and not known; a missing answer means not asked yet.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dispatch.errors import Invalid
from dispatch.views import Need
from dispatch.words import Category, Priority

Answer = str | int | bool | None
Answers = Mapping[str, Answer]

LARGEST_NUMBER = 9999
"""A count of people or metres that a caller may plausibly name."""

LONGEST_FREE_ANSWER = 500
"""Characters; longer talk belongs into the narrative."""


END = "end"
"""Where a jump leads that leaves out all questions that follow."""


class Kind(StrEnum):
    CHOICE = "choice"
    YES_NO = "yes_no"
    NUMBER = "number"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages."""

    id: str
    en: str


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Condition:
    """What one question's answer must be: one of `any_of`, or a number within [at_least, at_most]."""

    question: str
    any_of: tuple[Answer, ...] = ()
    at_least: int | None = None
    at_most: int | None = None

    def holds(self, answers: Answers) -> bool:
        """False while the question has no answer."""
        if self.question not in answers:
            return False
        answer = answers[self.question]
        if self.any_of:
            return any(type(answer) is type(wanted) and answer == wanted for wanted in self.any_of)
        if answer is None or isinstance(answer, str):
            return False
        return (self.at_least is None or answer >= self.at_least) and (self.at_most is None or answer <= self.at_most)


When = tuple[tuple[Condition, ...], ...]
"""One of the groups must hold, and a group holds when all its conditions do. An empty one always holds."""


class Trend(StrEnum):
    """How a number's severity goes."""

    RISING = "rising"
    FALLING = "falling"


@dataclass(frozen=True, slots=True)
class Jump:
    """Once `when` holds, the questions between this one and `to` are left out; `to` comes later, or is END."""

    when: When
    to: str


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    text: Text
    kind: Kind
    choices: tuple[Choice, ...] = ()
    show_if: When = ()
    jumps: tuple[Jump, ...] = ()
    """Looked at when the question has an answer; the first that holds counts."""
    severity: tuple[Answer, ...] = ()
    """Answers from the least to the most severe; those that are not named are compared with none."""
    trend: Trend | None = None
    """The same of a number."""


@dataclass(frozen=True, slots=True)
class Determinant:
    """What the answers add up to, and what is sent for it."""

    code: str
    text: Text
    priority: Priority
    plan: tuple[Need, ...]
    when: When = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """Words to read out to the caller, or a red flag for the call-taker."""

    text: Text
    when: When = ()
    metronome: int | None = None
    """Beats a minute that the console sounds while these words hold: chest compressions."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """One incident type's questions and what follows from them. `version` is a hash of its content."""

    code: str
    name: Text
    category: Category
    icon: str
    """A Tabler icon's name."""
    keywords: tuple[str, ...]
    """What callers say, Indonesian."""
    sources: tuple[str, ...]
    """The published guidelines after which the instructions were written."""
    questions: tuple[Question, ...]
    rules: tuple[Determinant, ...]
    """The first whose conditions hold counts."""
    default: Determinant
    """Counts while no rule holds: the safe, higher priority."""
    instructions: tuple[Advice, ...]
    red_flags: tuple[Advice, ...]
    version: str


@dataclass(frozen=True, slots=True)
class Triage:
    next_question: str | None
    priority: Priority
    determinant: str
    determinant_text: Text
    plan: tuple[Need, ...]
    instructions: tuple[Text, ...]
    red_flags: tuple[Text, ...]
    done: bool
    metronome: int | None = None
    """Beats a minute to sound now."""


def evaluate(protocol: Protocol, answers: Answers) -> Triage:
    """What the answers so far mean. Raises Invalid naming `answers.<question>`.

    Answers to questions that are not shown (any more) are checked but do not count.
    """
    _check(protocol, answers)
    counting: dict[str, Answer] = {}
    next_question: str | None = None
    for question in shown(protocol.questions, answers):
        if question.id in answers:
            counting[question.id] = answers[question.id]
        elif next_question is None:
            next_question = question.id
    determinant = next((rule for rule in protocol.rules if holds(rule.when, counting)), protocol.default)
    said = [advice for advice in protocol.instructions if holds(advice.when, counting)]
    return Triage(
        next_question=next_question,
        priority=determinant.priority,
        determinant=determinant.code,
        determinant_text=determinant.text,
        plan=determinant.plan,
        instructions=tuple(advice.text for advice in said),
        red_flags=tuple(advice.text for advice in protocol.red_flags if holds(advice.when, counting)),
        done=next_question is None,
        metronome=next((advice.metronome for advice in said if advice.metronome), None),
    )


def shown(questions: Sequence[Question], answers: Answers) -> Iterator[Question]:
    """The questions that these answers call for, in order; conditions look at shown questions alone."""
    counting: dict[str, Answer] = {}
    skip_to: str | None = None
    for question in questions:
        if skip_to not in (None, question.id):
            continue
        skip_to = None
        if holds(question.show_if, counting):
            if question.id in answers:
                counting[question.id] = answers[question.id]
                skip_to = next((jump.to for jump in question.jumps if holds(jump.when, counting)), None)
            yield question


def fitting(protocol: Protocol, answers: Answers) -> dict[str, Answer]:
    """Those answers that this edition of the protocol can take: another one may have asked otherwise."""
    questions = {question.id: question for question in protocol.questions}
    return {
        name: answer
        for name, answer in answers.items()
        if name in questions and _mismatch(questions[name], answer) is None
    }


def holds(when: When, answers: Answers) -> bool:
    return not when or any(all(condition.holds(answers) for condition in group) for group in when)


def _check(protocol: Protocol, answers: Answers) -> None:
    questions = {question.id: question for question in protocol.questions}
    for question_id, answer in answers.items():
        question = questions.get(question_id)
        if question is None:
            raise Invalid(f"{protocol.code} has no question {question_id}.", field=f"answers.{question_id}")
        wanted = _mismatch(question, answer)
        if wanted is not None:
            raise Invalid(f"The answer to {question_id} must be {wanted}.", field=f"answers.{question_id}")


def _mismatch(question: Question, answer: Answer) -> str | None:
    """What the answer should have been; None when it fits."""
    if answer is None:
        return None
    match question.kind:
        case Kind.CHOICE:
            values = [choice.value for choice in question.choices]
            return None if answer in values else f"one of {', '.join(values)}"
        case Kind.YES_NO:
            return None if isinstance(answer, bool) else "true, false or null"
        case Kind.NUMBER:
            fits = isinstance(answer, int) and not isinstance(answer, bool) and 0 <= answer <= LARGEST_NUMBER
            return None if fits else f"a whole number from 0 to {LARGEST_NUMBER}"
    fits = isinstance(answer, str) and len(answer) <= LONGEST_FREE_ANSWER
    return None if fits else f"a text of at most {LONGEST_FREE_ANSWER} characters"
