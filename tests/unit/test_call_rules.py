"""The call's state machine, what facts tell, numbers: pure."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import events
from dispatch.calls import rules
from dispatch.calls.rules import Act
from dispatch.errors import Conflict, Invalid
from dispatch.views import CallView
from dispatch.words import CallDisposition, CallState
from telephony import facts

AT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
FACT_ACTS = [act for act in Act if act is not Act.DISPOSE]
LIVE_FACTS = st.one_of(
    st.builds(facts.IvrEntered, at=st.just(AT), linkedid=st.just("1.1")),
    st.builds(facts.IvrDropped, at=st.just(AT), linkedid=st.just("1.1")),
    st.builds(facts.CallQueued, at=st.just(AT), linkedid=st.just("1.1"), queue=st.text(max_size=9)),
    st.builds(facts.CallRinging, at=st.just(AT), linkedid=st.just("1.1"), agent=st.sampled_from(["101", "102"])),
    st.builds(facts.RingMissed, at=st.just(AT), linkedid=st.just("1.1"), agent=st.sampled_from(["101", "102"])),
    st.builds(facts.CallAnswered, at=st.just(AT), linkedid=st.just("1.1"), agent=st.sampled_from(["101", "102"])),
    st.builds(facts.CallHeld, at=st.just(AT), linkedid=st.just("1.1"), held=st.booleans()),
    st.builds(
        facts.CallTransferred, at=st.just(AT), linkedid=st.just("1.1"), to=st.text(max_size=9), how=st.just("blind")
    ),
    st.builds(
        facts.CallTranscribed, at=st.just(AT), linkedid=st.just("1.1"), speaker=st.just("caller"), text=st.text()
    ),
    st.builds(facts.CallAbandoned, at=st.just(AT), linkedid=st.just("1.1")),
    st.builds(
        facts.CallArrived,
        at=st.just(AT),
        linkedid=st.just("1.1"),
        uniqueid=st.just("1.1"),
        channel=st.just("PJSIP/trunk-1"),
        ani=st.one_of(st.none(), st.text(max_size=40)),
        caller_name=st.one_of(st.none(), st.text(max_size=40)),
        dialled=st.just("112"),
    ),
)
ENDED = st.builds(
    facts.CallEnded, at=st.just(AT), linkedid=st.just("1.1"), cause=st.sampled_from(["hangup", "unknown"])
)


def arrived(*, ani: str | None = "081234567890", direction: str = "inbound", **more: object) -> facts.CallArrived:
    return facts.CallArrived.model_validate(
        {
            "at": AT,
            "linkedid": "1.1",
            "uniqueid": "1.1",
            "channel": "PJSIP/trunk-1",
            "ani": ani,
            "caller_name": None,
            "dialled": "112",
            "direction": direction,
            **more,
        }
    )


def call_after(*told: facts.CallFact, first: facts.CallFact | None = None, user_id: str | None = None) -> CallView:
    first = first or arrived()
    call = rules.taken_in(rules.born("c-1", "main", first), first)
    for fact in told:
        call = rules.taken_in(call, fact, user_id)
    return call


def queued(seconds: float = 1, queue: str = "psap-112") -> facts.CallQueued:
    return facts.CallQueued(at=AT + timedelta(seconds=seconds), linkedid="1.1", queue=queue)


def ringing(seconds: float = 2, agent: str = "101") -> facts.CallRinging:
    return facts.CallRinging(at=AT + timedelta(seconds=seconds), linkedid="1.1", agent=agent)


def missed(seconds: float = 3, agent: str = "101") -> facts.RingMissed:
    return facts.RingMissed(at=AT + timedelta(seconds=seconds), linkedid="1.1", agent=agent)


def answered(seconds: float = 4, agent: str = "101") -> facts.CallAnswered:
    return facts.CallAnswered(at=AT + timedelta(seconds=seconds), linkedid="1.1", agent=agent)


def held(on: bool, seconds: float = 5) -> facts.CallHeld:
    return facts.CallHeld(at=AT + timedelta(seconds=seconds), linkedid="1.1", held=on)


def ended(seconds: float = 60, cause: str = "hangup: Normal Clearing") -> facts.CallEnded:
    return facts.CallEnded(at=AT + timedelta(seconds=seconds), linkedid="1.1", cause=cause)


def abandoned(seconds: float = 9) -> facts.CallAbandoned:
    return facts.CallAbandoned(at=AT + timedelta(seconds=seconds), linkedid="1.1")


@pytest.mark.parametrize("state", CallState)
@pytest.mark.parametrize("act", FACT_ACTS)
def test_every_fact_leaves_every_state_in_a_state(state: CallState, act: Act) -> None:
    assert rules.after_fact(state, act) in CallState


@pytest.mark.parametrize("act", FACT_ACTS)
@pytest.mark.parametrize("state", [CallState.WRAP_UP, CallState.CLOSED])
def test_no_fact_moves_a_call_that_is_over(state: CallState, act: Act) -> None:
    assert rules.after_fact(state, act) is state


def test_no_fact_closes_a_call() -> None:
    assert CallState.CLOSED not in rules.MOVES.values()


def test_every_state_can_be_reached_and_left_for_closed() -> None:
    reached = {CallState.ARRIVED}
    while True:
        more = {after for (before, _), after in rules.MOVES.items() if before in reached}
        more |= {after for before, after in rules.DISPOSALS.items() if before in reached}
        if more <= reached:
            break
        reached |= more
    assert reached == set(CallState)


@given(st.lists(LIVE_FACTS, max_size=12), ENDED, st.lists(LIVE_FACTS, max_size=4))
def test_facts_in_any_order_never_raise_and_an_ended_call_stays_over(
    before: list[facts.CallFact], end: facts.CallEnded, late: list[facts.CallFact]
) -> None:
    call = call_after(*before, end)
    over = call.state
    assert over in (CallState.WRAP_UP, CallState.ABANDONED, CallState.IVR_DROPPED)
    for fact in late:
        call = rules.taken_in(call, fact)
        rules.event_of(call, fact)
        assert call.state is over
    assert call.version == len(before) + len(late) + 2
    assert call.ended_at == AT


@given(st.lists(st.one_of(LIVE_FACTS, ENDED), max_size=12))
def test_what_facts_make_of_a_call_is_a_valid_view(told: list[facts.CallFact]) -> None:
    call = call_after(*told)
    assert CallView.model_validate_json(call.model_dump_json()) == call


@given(st.lists(LIVE_FACTS, max_size=6))
def test_a_closed_call_never_moves_back(told: list[facts.CallFact]) -> None:
    call = rules.disposed(call_after(answered(), ended()), CallDisposition.PRANK, "")
    for fact in told:
        call = rules.taken_in(call, fact)
    assert call.state is CallState.CLOSED


def test_an_answered_call_goes_through_the_queue_to_wrap_up() -> None:
    call = call_after(queued(), ringing(), answered(), ended(), user_id="u-rina")
    assert call.state is CallState.WRAP_UP
    assert (call.queue, call.agent, call.call_taker_id) == ("psap-112", "101", "u-rina")
    assert call.queued_at == AT + timedelta(seconds=1)
    assert call.ringing_at == AT + timedelta(seconds=2)
    assert call.answered_at == AT + timedelta(seconds=4)
    assert (call.ended_at, call.end_cause) == (AT + timedelta(seconds=60), "hangup: Normal Clearing")


def test_the_menu_comes_before_the_queue() -> None:
    entered = facts.IvrEntered(at=AT, linkedid="1.1")
    assert call_after(entered).state is CallState.IN_IVR
    assert call_after(entered, queued()).state is CallState.QUEUED
    assert call_after(entered, facts.IvrDropped(at=AT, linkedid="1.1"), ended()).state is CallState.IVR_DROPPED


def test_a_caller_who_hangs_up_in_the_menu_dropped_there_even_when_only_the_end_was_seen() -> None:
    assert call_after(facts.IvrEntered(at=AT, linkedid="1.1"), ended()).state is CallState.IVR_DROPPED


@pytest.mark.parametrize("told", [[], [queued()], [queued(), ringing()]])
def test_a_caller_who_hangs_up_unanswered_is_on_the_call_back_list(told: list[facts.CallFact]) -> None:
    assert call_after(*told, ended()).state is CallState.ABANDONED
    assert call_after(*told, abandoned(), ended()).state is CallState.ABANDONED


def test_a_call_that_the_pbx_forgot_was_not_abandoned() -> None:
    assert call_after(queued(), ended(cause="unknown")).state is CallState.WRAP_UP


def test_our_own_call_that_nobody_took_was_not_abandoned() -> None:
    assert call_after(ended(), first=arrived(direction="outbound")).state is CallState.WRAP_UP


def test_a_missed_ring_sends_the_call_back_to_the_queue() -> None:
    call = call_after(queued(), ringing(), missed())
    assert (call.state, call.agent) == (CallState.QUEUED, None)


def test_a_miss_of_one_desk_leaves_the_desk_that_still_rings() -> None:
    call = call_after(queued(), ringing(agent="101"), ringing(agent="102"), missed(agent="101"))
    assert (call.state, call.agent) == (CallState.RINGING, "102")


def test_hold_and_back() -> None:
    assert call_after(answered(), held(True)).state is CallState.HELD
    assert call_after(answered(), held(True), held(False)).state is CallState.ANSWERED


def test_a_transfer_keeps_the_caller_with_the_centre_and_names_where_to() -> None:
    moved = facts.CallTransferred(at=AT, linkedid="1.1", to="103", how="attended")
    call = call_after(answered(), moved)
    assert (call.state, call.transferred_to) == (CallState.ANSWERED, "103")
    assert call_after(answered(), moved, answered(70, "103")).agent == "103"


def test_a_transfer_back_into_a_queue_waits_again_but_keeps_the_first_answers_time() -> None:
    call = call_after(queued(), ringing(), answered(), queued(50, "psap-overflow"))
    assert (call.state, call.queue) == (CallState.QUEUED, "psap-overflow")
    assert rules.waits(call)
    assert call.answered_at == AT + timedelta(seconds=4)


def test_a_desk_that_rings_during_a_talk_does_not_take_the_call_from_the_call_taker() -> None:
    call = call_after(answered(agent="101"), ringing(9, "102"))
    assert (call.state, call.agent) == (CallState.ANSWERED, "101")


def test_a_call_given_up_by_mistake_comes_back_when_somebody_talks_with_the_caller() -> None:
    assert call_after(abandoned(), answered(12)).state is CallState.ANSWERED


def test_an_answer_without_anybody_at_the_desk_keeps_who_answered_before() -> None:
    call = rules.taken_in(call_after(answered(), user_id="u-1"), answered(9, "102"), None)
    assert call.call_taker_id == "u-1"


def test_only_the_last_lines_of_the_talk_are_in_the_view() -> None:
    lines = [facts.CallTranscribed(at=AT, linkedid="1.1", speaker="caller", text=f"baris {n}") for n in range(30)]
    call = call_after(answered(), *lines)
    assert [line.text for line in call.transcript] == [f"baris {n}" for n in range(10, 30)]


def test_a_call_whose_arrival_was_missed_begins_with_what_is_known() -> None:
    call = call_after(first=answered())
    assert (call.state, call.ani, call.agent, call.arrived_at) == (
        CallState.ANSWERED,
        None,
        "101",
        AT + timedelta(seconds=4),
    )


def test_a_late_arrival_fills_what_was_unknown() -> None:
    late = arrived(caller_name="Pak Joko", ani_withheld=True)
    call = rules.taken_in(call_after(first=answered()), late)
    assert (call.ani, call.caller_name, call.dialled, call.arrived_at) == ("+6281234567890", "Pak Joko", "112", AT)
    assert call.ani_withheld
    assert call.state is CallState.ANSWERED


def test_a_resync_that_knows_less_unsays_nothing() -> None:
    call = call_after(arrived(ani=None, dialled=None, resynced=True))
    assert (call.ani, call.dialled) == ("+6281234567890", "112")


@pytest.mark.parametrize(
    ("told", "waiting"),
    [
        ([], True),
        ([facts.IvrEntered(at=AT, linkedid="1.1")], False),
        ([queued()], True),
        ([queued(), ringing()], True),
        ([answered()], False),
        ([ended()], False),
    ],
)
def test_who_waits_for_an_answer(told: list[facts.CallFact], waiting: bool) -> None:
    assert rules.waits(call_after(*told)) is waiting


def test_whom_we_call_ourselves_does_not_wait_for_us() -> None:
    assert not rules.waits(call_after(first=arrived(direction="outbound")))


def test_a_disposition_after_the_end_closes_the_call() -> None:
    call = rules.disposed(call_after(answered(), ended()), CallDisposition.PRANK, "anak-anak")
    assert (call.state, call.disposition, call.note) == (CallState.CLOSED, CallDisposition.PRANK, "anak-anak")


def test_a_disposition_during_the_talk_closes_the_call_at_its_end() -> None:
    call = rules.disposed(call_after(answered()), CallDisposition.INFORMATION, "")
    assert call.state is CallState.ANSWERED
    assert rules.taken_in(call, ended()).state is CallState.CLOSED


def test_an_abandoned_call_can_be_closed() -> None:
    call = rules.disposed(call_after(queued(), abandoned(), ended()), CallDisposition.DROPPED, "dihubungi kembali")
    assert call.state is CallState.CLOSED


def test_a_call_with_an_incident_was_handled_unless_somebody_says_else() -> None:
    call = call_after(answered(), ended()).model_copy(update={"incident_id": "i-1"})
    assert rules.disposed(call, None, "").disposition is CallDisposition.HANDLED
    assert rules.disposed(call, CallDisposition.REFERRED, "").disposition is CallDisposition.REFERRED


def test_a_call_without_an_incident_needs_a_disposition() -> None:
    with pytest.raises(Invalid) as refused:
        rules.disposed(call_after(answered(), ended()), None, "")
    assert refused.value.details == {"field": "disposition"}


@pytest.mark.parametrize("told", [[], [queued()], [queued(), ringing()], [facts.IvrEntered(at=AT, linkedid="1.1")]])
def test_a_waiting_call_cannot_be_disposed(told: list[facts.CallFact]) -> None:
    with pytest.raises(Conflict, match="still waits"):
        rules.disposed(call_after(*told), CallDisposition.PRANK, "")


def test_a_closed_call_cannot_be_disposed_again() -> None:
    call = rules.disposed(call_after(answered(), ended()), CallDisposition.PRANK, "")
    with pytest.raises(Conflict, match="closed already"):
        rules.disposed(call, CallDisposition.TEST, "")


def test_the_phone_of_the_desk_that_rings_may_pick_up() -> None:
    call = call_after(queued(), ringing(agent="101"))
    assert rules.check_answer(call, "101", desk_rings=False) == "101"
    assert rules.check_answer(call, "102", desk_rings=True) == "102"


def test_nobody_answers_without_a_seat() -> None:
    with pytest.raises(Conflict, match="Sit down") as refused:
        rules.check_answer(call_after(queued(), ringing()), None, desk_rings=False)
    assert refused.value.details["reason"] == "no_seat"


@pytest.mark.parametrize("told", [[queued()], [queued(), ringing(agent="102")], [answered(agent="101")]])
def test_a_call_that_does_not_ring_here_cannot_be_answered_here(told: list[facts.CallFact]) -> None:
    with pytest.raises(Conflict) as refused:
        rules.check_answer(call_after(*told), "101", desk_rings=False)
    assert refused.value.details["reason"] == "not_ringing"


def test_only_a_living_call_can_be_hung_up() -> None:
    rules.check_hangup(call_after(queued()))
    rules.check_hangup(call_after(answered()))
    over: list[list[facts.CallFact]] = [[answered(), ended()], [abandoned(), ended()]]
    for told in over:
        with pytest.raises(Conflict, match="over already"):
            rules.check_hangup(call_after(*told))


def test_a_disposed_call_whose_end_was_never_told_cannot_be_hung_up() -> None:
    with pytest.raises(Conflict, match="over already"):
        rules.check_hangup(rules.disposed(call_after(abandoned()), CallDisposition.DROPPED, ""))


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("081234567890", "+6281234567890"),
        ("6281234567890", "+6281234567890"),
        ("+6281234567890", "+6281234567890"),
        ("006281234567890", "+6281234567890"),
        ("0812-3456-7890", "+6281234567890"),
        ("tel:+6281234567890", "+6281234567890"),
        ("sip:081234567890@trunk.example", "+6281234567890"),
        ("05427201234", "+625427201234"),
        ("+14155552671", "+14155552671"),
        ("112", "112"),
        ("101", "101"),
        ("00", "00"),
        ("081234567890;ext=3", "081234567890;ext=3"),
        ('"><script>alert(1)</script>', '"><script>alert(1)</script>'),
        ("0812\r\nAction: Originate", "0812  Action: Originate"),
    ],
)
def test_numbers_are_kept_in_one_spelling(given_: str, kept: str) -> None:
    assert rules.normal_number(given_) == kept


@pytest.mark.parametrize("given_", [None, "", "anonymous", "Anonymous", "<unknown>", "unavailable", "\r\n"])
def test_no_number_is_none_whatever_the_network_writes(given_: str | None) -> None:
    assert rules.normal_number(given_) is None


@given(st.text(alphabet=st.characters(), max_size=60))
def test_what_is_stored_of_any_text_is_one_printable_line(text: str) -> None:
    for made in (rules.clean(text), rules.clean_key(text)):
        assert made.isprintable()
        assert made.encode().decode() == made


def test_broken_unicode_does_not_stop_a_fact() -> None:
    assert rules.clean("Pak \udce4 Joko\x00") == "Pak ? Joko"


@given(st.text(max_size=8), st.text(max_size=8))
def test_two_identifiers_never_become_one(one: str, other: str) -> None:
    if "\\" not in one + other:
        assert (rules.clean_key(one) == rules.clean_key(other)) is (one == other)


def test_a_time_without_a_zone_is_utc() -> None:
    naive = AT.replace(tzinfo=None)
    assert rules.utc(naive) == AT
    assert rules.utc(AT.astimezone(timezone(timedelta(hours=8)))).utcoffset() == timedelta(0)


def test_each_fact_becomes_the_event_of_its_name_with_what_it_said() -> None:
    call = call_after().model_copy(update={"incident_id": "i-1"})
    assert rules.event_of(call, arrived()) == events.CallArrived(call_id="c-1", incident_id="i-1")
    assert rules.event_of(call, queued()) == events.CallQueued(call_id="c-1", incident_id="i-1", queue="psap-112")
    assert rules.event_of(call, held(True)) == events.CallHeld(call_id="c-1", incident_id="i-1", held=True)
    assert rules.event_of(call, answered(), "u-1") == events.CallAnswered(
        call_id="c-1", incident_id="i-1", agent="101", user_id="u-1"
    )


def test_every_kind_of_call_fact_has_its_event() -> None:
    assert set(rules.TOLD) == set(facts.CallFact.__args__)
