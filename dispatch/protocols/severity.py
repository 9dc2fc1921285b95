"""Whether more severe answers can lower the priority: pure, tries the answers that conditions tell apart.

The order of severity is the question's own (`severity` in the file).
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from math import prod

from dispatch.protocols.rules import Answer, Kind, Protocol, Question, Trend, When, evaluate
from dispatch.words import Priority

MOST_TRIED = 20_000
"""Sets of answers; with more a fixed sample is tried. A set takes some 15 microseconds."""


@dataclass(frozen=True, slots=True)
class Inversion:
    """A worse answer to `question` leads to a lower priority."""

    question: str
    milder: Answer
    worse: Answer
    answers: dict[str, Answer]
    """All answers, with the milder one."""
    milder_priority: Priority
    worse_priority: Priority


def inversion(protocol: Protocol) -> Inversion | None:
    """The first inversion found, or None."""
    domains = [_domain(question, protocol) for question in protocol.questions]
    names = [question.id for question in protocol.questions]
    known: dict[tuple[Answer, ...], Priority] = {}

    def priority(values: tuple[Answer, ...]) -> Priority:
        if values not in known:
            known[values] = evaluate(protocol, dict(zip(names, values, strict=True))).priority
        return known[values]

    for values in _sets(domains):
        for at, question in enumerate(protocol.questions):
            for milder, worse in _steps(question, domains[at]):
                if type(values[at]) is not type(milder) or values[at] != milder:
                    continue
                worsened = (*values[:at], worse, *values[at + 1 :])
                if priority(worsened) > priority(values):
                    answers = dict(zip(names, values, strict=True))
                    return Inversion(question.id, milder, worse, answers, priority(values), priority(worsened))
    return None


def said(answer: Answer) -> str:
    """The answer as it is written in a file."""
    if answer is None:
        return "unknown"
    return {True: "yes", False: "no"}[answer] if isinstance(answer, bool) else str(answer)


def _sets(domains: list[list[Answer]]) -> Iterator[tuple[Answer, ...]]:
    if prod(len(domain) for domain in domains) <= MOST_TRIED:
        yield from product(*domains)
        return
    chance = random.Random(112)
    for _ in range(MOST_TRIED):
        yield tuple(chance.choice(domain) for domain in domains)


def _steps(question: Question, domain: list[Answer]) -> list[tuple[Answer, Answer]]:
    """Pairs of a milder answer and the next worse."""
    if question.trend is None:
        return list(pairwise(question.severity))
    numbers = [answer for answer in domain if answer is not None]
    return list(pairwise(numbers if question.trend is Trend.RISING else numbers[::-1]))


def _domain(question: Question, protocol: Protocol) -> list[Answer]:
    """Answers that every condition of the protocol tells apart."""
    match question.kind:
        case Kind.YES_NO:
            return [True, False, None]
        case Kind.CHOICE:
            return [*(choice.value for choice in question.choices), None]
        case Kind.FREE:
            return ["", None]
    limits = {0}
    for when in _conditions(protocol):
        for condition in (one for group in when for one in group if one.question == question.id):
            limits |= {condition.at_least} if condition.at_least is not None else set()
            limits |= {condition.at_most + 1} if condition.at_most is not None else set()
    return [*sorted(limits), None]


def _conditions(protocol: Protocol) -> Iterator[When]:
    for question in protocol.questions:
        yield question.show_if
        yield from (jump.when for jump in question.jumps)
    yield from (rule.when for rule in protocol.rules)
