"""Whether a question can be reached at all: pure, tries typical answers to the questions that it hangs on."""

from collections.abc import Mapping, Sequence
from itertools import product

from dispatch.protocols.rules import Answer, Answers, Kind, Question, When, holds, shown

LONGEST_SEARCH = 100_000
"""Combinations of answers tried to see whether a question can be reached; six questions of five answers have 15,625."""


def reachable(question: Question, earlier: Mapping[str, Question], *, jumps: bool = True) -> bool:
    """Whether some answers to the earlier questions let this one be shown.

    Without `jumps` only the condition counts, not the question's place: a rule is looked at wherever a jump leads.
    """
    jumping = [other for other in earlier.values() if other.jumps]
    if not question.show_if and not jumping:
        return True
    path: dict[str, Question] = {}
    waiting = [*_names(question.show_if), *(other.id for other in jumping)]
    while waiting:
        name = waiting.pop()
        if name not in path and name in earlier:
            path[name] = earlier[name]
            waiting += _names(earlier[name].show_if)
            waiting += [name for jump in earlier[name].jumps for name in (jump.to, *_names(jump.when))]
    ordered = [earlier[name] for name in earlier if name in path]
    chain = (*ordered, question)
    for tried, values in enumerate(product(*(_typical(parent, chain) for parent in ordered))):
        if tried >= LONGEST_SEARCH:
            return True
        answers = dict(zip((parent.id for parent in ordered), values, strict=True))
        if any(item is question for item in shown(chain, answers)):
            return True
        if not jumps and holds(question.show_if, counting(ordered, answers)):
            return True
    return False


def counting(questions: Sequence[Question], answers: Answers) -> dict[str, Answer]:
    """The answers that count: those to questions that are shown."""
    return {item.id: answers[item.id] for item in shown(questions, answers) if item.id in answers}


def _names(when: When) -> list[str]:
    return [condition.question for group in when for condition in group]


def _typical(question: Question, chain: tuple[Question, ...]) -> list[Answer]:
    """Answers that between them make every condition on this question true and false."""
    match question.kind:
        case Kind.YES_NO:
            return [True, False, None]
        case Kind.CHOICE:
            return [*(choice.value for choice in question.choices), None]
        case Kind.FREE:
            return ["", None]
    limits = {
        limit
        for other in chain
        for when in (other.show_if, *(jump.when for jump in other.jumps))
        for group in when
        for condition in group
        if condition.question == question.id
        for limit in (condition.at_least, condition.at_most)
        if limit is not None
    }
    return [*sorted(limits or {0}), None]
