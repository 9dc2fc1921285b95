"""Whether a question can be reached at all: pure, tries typical answers to the questions that it hangs on."""

from collections.abc import Mapping
from itertools import product

from dispatch.protocols.rules import Answer, Kind, Question, shown

LONGEST_SEARCH = 100_000
"""Combinations of answers tried to see whether a question can be reached; six questions of five answers have 15,625."""


def reachable(question: Question, earlier: Mapping[str, Question]) -> bool:
    """Whether some answers to the earlier questions let this one be shown."""
    if not question.show_if:
        return True
    path: dict[str, Question] = {}
    waiting = [condition.question for group in question.show_if for condition in group]
    while waiting:
        name = waiting.pop()
        if name not in path:
            path[name] = earlier[name]
            waiting += [condition.question for group in earlier[name].show_if for condition in group]
    ordered = [earlier[name] for name in earlier if name in path]
    chain = (*ordered, question)
    for tried, values in enumerate(product(*(_typical(parent, chain) for parent in ordered))):
        if tried >= LONGEST_SEARCH:
            return True
        answers = dict(zip((parent.id for parent in ordered), values, strict=True))
        if any(item is question for item in shown(chain, answers)):
            return True
    return False


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
        for group in other.show_if
        for condition in group
        if condition.question == question.id
        for limit in (condition.at_least, condition.at_most)
        if limit is not None
    }
    return [*sorted(limits or {0}), None]
