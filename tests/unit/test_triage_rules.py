"""The protocol evaluator, on small protocols made here and as a property over those that come with the program."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import Invalid
from dispatch.protocols.rules import (
    LARGEST_NUMBER,
    LONGEST_FREE_ANSWER,
    Advice,
    Answer,
    Choice,
    Condition,
    Determinant,
    Kind,
    Protocol,
    Question,
    Text,
    Trend,
    Triage,
    evaluate,
    fitting,
)
from dispatch.protocols.service import load_book
from dispatch.views import Need
from dispatch.words import Capability, Category, Priority

BOOK = load_book()
PLAN = (Need(capability=Capability.AMBULANCE, count=1),)


def text(words: str) -> Text:
    return Text(words, words)


def determinant(code: str, priority: Priority, *conditions: Condition) -> Determinant:
    return Determinant(code, text(code), priority, PLAN, (conditions,) if conditions else ())


BREATHING = Question(
    "breathing", text("?"), Kind.CHOICE, tuple(Choice(value, text(value)) for value in ("normal", "absent"))
)
FIRE = Protocol(
    code="fire",
    name=text("fire"),
    category=Category.FIRE,
    icon="flame",
    keywords=("api",),
    sources=("a guideline",),
    questions=(
        Question("inside", text("?"), Kind.YES_NO),
        Question("count", text("?"), Kind.NUMBER, show_if=((Condition("inside", any_of=(True,)),),)),
        Question("deep", text("?"), Kind.FREE, show_if=((Condition("count", at_least=3),),)),
        BREATHING,
    ),
    rules=(
        determinant("many", Priority.P1, Condition("count", at_least=5, at_most=9)),
        determinant("few", Priority.P2, Condition("count", at_most=4)),
        determinant("absent", Priority.P1, Condition("breathing", any_of=("absent",))),
        determinant("unknown", Priority.P3, Condition("inside", any_of=(None,))),
        determinant(
            "nobody", Priority.P4, Condition("inside", any_of=(False,)), Condition("breathing", any_of=("normal", None))
        ),
    ),
    default=determinant("default", Priority.P2),
    instructions=(Advice(text("leave")), Advice(text("press"), ((Condition("breathing", any_of=("absent",)),),))),
    red_flags=(
        Advice(text("flag"), ((Condition("inside", any_of=(True,)),), (Condition("breathing", any_of=("absent",)),))),
    ),
    version="1",
)


def of(**answers: Answer) -> Triage:
    return evaluate(FIRE, answers)


def test_no_answers_give_the_default_and_the_first_question() -> None:
    result = of()
    assert (result.priority, result.determinant, result.next_question) == (Priority.P2, "default", "inside")
    assert result.plan == PLAN
    assert not result.done


def test_a_hidden_question_is_skipped() -> None:
    assert of(inside=False).next_question == "breathing"


def test_a_shown_question_is_asked_next() -> None:
    assert of(inside=True).next_question == "count"


def test_an_earlier_question_left_open_is_asked_before_later_ones() -> None:
    assert of(breathing="normal").next_question == "inside"


def test_an_answer_to_a_question_that_is_no_longer_shown_does_not_count() -> None:
    assert of(inside=True, count=3).next_question == "deep"
    withdrawn = of(inside=False, count=3)
    assert (withdrawn.next_question, withdrawn.determinant) == ("breathing", "default")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"inside": True, "count": 5}, "many"),
        ({"inside": True, "count": 9}, "many"),
        ({"inside": True, "count": 10}, "default"),
        ({"inside": True, "count": 4}, "few"),
        ({"inside": True, "count": None}, "default"),
        ({"inside": True, "count": None, "breathing": "absent"}, "absent"),
        ({"inside": None}, "unknown"),
        ({"inside": False, "breathing": "normal"}, "nobody"),
        ({"inside": False, "breathing": None}, "nobody"),
        ({"inside": False}, "default"),
    ],
)
def test_the_first_rule_that_holds_counts(answers: Mapping[str, Answer], expected: str) -> None:
    assert evaluate(FIRE, answers).determinant == expected


def test_a_number_condition_is_not_met_by_words() -> None:
    assert not Condition("q", at_least=1).holds({"q": "3"})


def test_one_is_not_yes() -> None:
    assert not Condition("q", any_of=(True,)).holds({"q": 1})


def test_words_to_read_out_follow_the_answers() -> None:
    assert [item.id for item in of().instructions] == ["leave"]
    assert [item.id for item in of(breathing="absent").instructions] == ["leave", "press"]


def test_a_red_flag_shows_when_one_of_its_groups_holds() -> None:
    assert of().red_flags == ()
    assert of(inside=True).red_flags == of(breathing="absent").red_flags == (text("flag"),)


def test_done_when_every_shown_question_has_an_answer_known_or_not() -> None:
    assert of(inside=False, breathing=None).done


@pytest.mark.parametrize(
    ("question", "answer", "wanted"),
    [
        ("colour", "red", "no question colour"),
        ("inside", "yes", "true, false or null"),
        ("inside", 1, "true, false or null"),
        ("count", -1, "whole number"),
        ("count", LARGEST_NUMBER + 1, "whole number"),
        ("count", True, "whole number"),
        ("count", "3", "whole number"),
        ("breathing", "hard", "one of normal, absent"),
        ("breathing", False, "one of normal, absent"),
        ("deep", 3, "text"),
        ("deep", "x" * (LONGEST_FREE_ANSWER + 1), "text"),
    ],
)
def test_a_wrong_answer_is_refused_by_name(question: str, answer: Answer, wanted: str) -> None:
    with pytest.raises(Invalid) as refused:
        evaluate(FIRE, {question: answer})
    assert refused.value.details["field"] == f"answers.{question}"
    assert wanted in refused.value.detail


def answer_to(question: Question) -> st.SearchStrategy[Answer]:
    match question.kind:
        case Kind.YES_NO:
            known: st.SearchStrategy[Answer] = st.booleans()
        case Kind.NUMBER:
            known = st.integers(0, 20)
        case Kind.CHOICE:
            known = st.sampled_from([choice.value for choice in question.choices])
        case Kind.FREE:
            known = st.text(max_size=20)
    return st.none() | known


@st.composite
def partly_answered(draw: st.DrawFn) -> tuple[Protocol, dict[str, Answer]]:
    protocol = draw(st.sampled_from([*BOOK.types.values(), FIRE]))
    answers = {question.id: draw(answer_to(question)) for question in protocol.questions if draw(st.booleans())}
    return protocol, answers


@given(partly_answered())
def test_every_set_of_fitting_answers_has_one_result(case: tuple[Protocol, dict[str, Answer]]) -> None:
    protocol, answers = case
    result = evaluate(protocol, answers)
    shuffled = dict(reversed(answers.items()))
    assert result == evaluate(protocol, shuffled)
    assert result.determinant in {protocol.default.code, *(rule.code for rule in protocol.rules)}
    assert result.done == (result.next_question is None)


@given(st.data())
def test_answering_what_is_asked_next_always_ends(data: st.DataObject) -> None:
    protocol = data.draw(st.sampled_from([*BOOK.types.values(), FIRE]))
    questions = {question.id: question for question in protocol.questions}
    answers: dict[str, Answer] = {}
    for _step in protocol.questions:
        asked = evaluate(protocol, answers).next_question
        if asked is None:
            break
        assert asked not in answers
        answers[asked] = data.draw(answer_to(questions[asked]))
    assert evaluate(protocol, answers).done


@given(partly_answered())
def test_not_knowing_never_lowers_the_priority_below_every_known_answer(
    case: tuple[Protocol, dict[str, Answer]],
) -> None:
    """Not knowing must not lower the priority below every known answer's."""
    protocol, answers = case
    for question in protocol.questions if protocol is not FIRE else ():
        if question.kind is Kind.YES_NO and question.id in answers:
            unknown = evaluate(protocol, answers | {question.id: None}).priority
            known = [evaluate(protocol, answers | {question.id: value}).priority for value in (True, False)]
            assert unknown <= max(known), (protocol.code, question.id, answers)


@st.composite
def worsened(draw: st.DrawFn) -> tuple[Protocol, dict[str, Answer], dict[str, Answer]]:
    """Some answers, and the same with one more severe."""
    protocol = draw(st.sampled_from(list(BOOK.types.values())))
    answers = {question.id: draw(answer_to(question)) for question in protocol.questions if draw(st.booleans())}
    ordered = [question for question in protocol.questions if question.severity or question.trend]
    question = draw(st.sampled_from(ordered))
    if question.severity:
        at = draw(st.integers(0, len(question.severity) - 2))
        milder, worse = question.severity[at], question.severity[draw(st.integers(at + 1, len(question.severity) - 1))]
    else:
        low, more = draw(st.integers(0, 60)), draw(st.integers(1, 60))
        milder, worse = (low, low + more) if question.trend is Trend.RISING else (low + more, low)
    return protocol, answers | {question.id: milder}, answers | {question.id: worse}


@given(worsened())
def test_a_more_severe_answer_never_lowers_the_priority(
    case: tuple[Protocol, dict[str, Answer], dict[str, Answer]],
) -> None:
    protocol, milder, worse = case
    assert evaluate(protocol, worse).priority <= evaluate(protocol, milder).priority, (protocol.code, milder, worse)


@given(partly_answered())
def test_answers_of_another_edition_are_taken_as_far_as_they_fit(case: tuple[Protocol, dict[str, Answer]]) -> None:
    protocol, answers = case
    assert fitting(protocol, answers) == answers
    assert fitting(protocol, {**answers, "gone": True, "breathing": 3}) == {
        name: answer for name, answer in answers.items() if name != "breathing"
    }
