"""Reputation, silent calls, calling back, number rules, floods and the funnel: pure."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.calls import callback_rules, flood_rules, number_rules, reputation, rules, silence
from dispatch.calls.callback_rules import Policy
from dispatch.calls.flood_rules import Big
from dispatch.calls.number_rules import Earlier, Limits
from dispatch.calls.reputation import Past
from dispatch.calls.silence import Step
from dispatch.errors import Conflict, Forbidden, Invalid
from dispatch.kpis import funnel
from dispatch.views import AgentView, CallView
from dispatch.words import CallDisposition, CallState
from telephony import facts

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
MONTH = timedelta(days=30)
POLICY = Policy()
D = CallDisposition


def call(**fields: Any) -> CallView:
    born = rules.born("c-1", "main", facts.CallEnded(at=NOW, linkedid="1.1", cause="hangup"))
    return born.model_copy(update={"ani": "+6281234567890", **fields})


def lost(**fields: Any) -> CallView:
    return call(state=CallState.ABANDONED, ended_at=NOW, **fields)


def talking(**fields: Any) -> CallView:
    return call(state=CallState.ANSWERED, answered_at=NOW, **fields)


def pasts(disposition: CallDisposition | None, count: int, age: timedelta, *, incident: bool = False) -> list[Past]:
    return [Past(NOW - age, disposition, incident) for _ in range(count)]


def test_a_weight_halves_with_each_half_life() -> None:
    assert reputation.decayed(timedelta(0), MONTH) == 1.0
    assert reputation.decayed(MONTH, MONTH) == 0.5
    assert reputation.decayed(2 * MONTH, MONTH) == 0.25
    assert reputation.decayed(-MONTH, MONTH) == 1.0


def test_pranks_of_last_year_have_faded() -> None:
    fresh = reputation.reputation(pasts(D.PRANK, 10, timedelta(hours=1)), NOW, MONTH)
    old = reputation.reputation(pasts(D.PRANK, 10, timedelta(days=365)), NOW, MONTH)
    assert (fresh.tone, old.tone) == ("often_false", "none")
    assert old.lines[0].en == "10 prank, last 365 days ago"


@given(st.integers(0, 500), st.floats(0, 80))
def test_one_real_call_outweighs_any_number_of_pranks(pranks: int, days: float) -> None:
    real = pasts(D.HANDLED, 1, timedelta(days=days))
    said = reputation.reputation([*pasts(D.PRANK, pranks, timedelta(0)), *real], NOW, MONTH)
    assert said.tone == "real_before"
    assert "emergency call" in said.lines[-1].en


@given(
    st.lists(st.builds(Past, st.datetimes(timezones=st.just(UTC)), st.none() | st.sampled_from(D), st.booleans())),
)
def test_advice_never_weighs_below_nothing_and_counts_every_call(past: list[Past]) -> None:
    said = reputation.reputation(past, NOW, MONTH)
    assert said.false_weight >= 0
    assert said.real_weight >= 0
    counts = [line for line in said.lines if line.en[0].isdigit()]
    assert sum(int(line.en.split()[0]) for line in counts) == len(past)
    assert (said.lines == ()) == (past == [])


@pytest.mark.parametrize("disposition", [D.SILENT, D.DROPPED, D.INFORMATION, None])
def test_silence_and_lost_lines_speak_against_nobody(disposition: CallDisposition | None) -> None:
    said = reputation.reputation(pasts(disposition, 50, timedelta(0)), NOW, MONTH)
    assert (said.tone, said.false_weight) == ("none", 0)


def test_a_single_prank_is_said_and_not_held_against_the_number() -> None:
    said = reputation.reputation(pasts(D.PRANK, 1, timedelta(minutes=5)), NOW, MONTH)
    assert (said.tone, len(said.lines)) == ("mixed", 1)
    assert (said.lines[0].id, said.lines[0].en) == ("1 iseng, 5 menit lalu", "1 prank, 5 minutes ago")


def test_a_call_about_an_incident_counts_as_handled_before_somebody_says_so() -> None:
    said = reputation.reputation(pasts(None, 1, timedelta(hours=1), incident=True), NOW, MONTH)
    assert said.lines[0].en == "1 handled, 1 hour ago"
    unjudged = reputation.reputation(pasts(None, 2, timedelta(0)), NOW, MONTH)
    assert unjudged.lines[0].en == "2 not judged yet, last just now"


def test_a_silent_call_needs_each_step_in_its_order() -> None:
    one = talking(digits="1")
    assert silence.missing(one) == tuple(Step)
    with pytest.raises(Conflict, match="before this one"):
        silence.taken(one, Step.CALLBACK, NOW, POLICY.listen_for)
    one = silence.taken(one, Step.ASK, NOW, POLICY.listen_for)
    assert one.digits == "", "the menu's key is no answer"
    with pytest.raises(Conflict, match="longer"):
        silence.taken(one, Step.LISTEN, NOW + timedelta(seconds=7), POLICY.listen_for)
    one = silence.taken(one, Step.LISTEN, NOW + timedelta(seconds=8), POLICY.listen_for)
    one = silence.taken(one, Step.CALLBACK, NOW + timedelta(seconds=9), POLICY.listen_for)
    assert silence.missing(one) == ()
    again = silence.taken(one, Step.ASK, NOW + timedelta(seconds=20), POLICY.listen_for)
    assert again.silent_asked_at == NOW
    silence.check_close(one, D.SILENT, "")


def test_only_an_answered_call_that_nobody_judged_is_led() -> None:
    for one in (lost(), talking(disposition=D.PRANK)):
        with pytest.raises(Conflict, match="answered"):
            silence.taken(one, Step.ASK, NOW, POLICY.listen_for)


def test_nobody_who_is_silent_is_closed_without_procedure_or_reason() -> None:
    with pytest.raises(Conflict) as refused:
        silence.check_close(talking(), D.SILENT, "hm")
    assert refused.value.details["missing"] == ["ask", "listen", "callback"]
    silence.check_close(talking(), D.SILENT, "televisi terdengar")
    silence.check_close(talking(), D.PRANK, "")


def test_a_pressed_key_is_an_answer() -> None:
    done = {"silent_asked_at": NOW, "silent_listened_at": NOW, "silent_callback_at": NOW}
    with pytest.raises(Conflict, match="pressed a key"):
        silence.check_close(talking(**done, digits="1"), D.SILENT, "")
    silence.check_close(talking(**done, digits="1"), D.SILENT, "anak kecil bermain")
    silence.check_close(talking(**done), D.SILENT, "")


def test_a_lost_call_is_silent_only_after_a_call_back() -> None:
    assert silence.missing(lost()) == (Step.CALLBACK,)
    assert silence.missing(lost(callback_attempts=1)) == ()


def test_a_claim_keeps_others_away_until_it_is_forgotten() -> None:
    mine = callback_rules.claimed(lost(), "rina", NOW, POLICY)
    with pytest.raises(Conflict, match="Somebody else") as refused:
        callback_rules.claimed(mine, "siti", NOW + timedelta(minutes=9), POLICY)
    assert refused.value.details["holder"] == "rina"
    assert callback_rules.claimed(mine, "siti", NOW + timedelta(minutes=10), POLICY).callback_by == "siti"
    assert callback_rules.claimed(mine, "rina", NOW, POLICY).callback_by == "rina"
    assert callback_rules.released(mine, "rina").callback_by is None
    with pytest.raises(Conflict):
        callback_rules.released(mine, "siti")
    with pytest.raises(Conflict, match="not on the list"):
        callback_rules.claimed(talking(), "rina", NOW, POLICY)


def test_each_attempt_counts_and_claims() -> None:
    one = callback_rules.attempted(lost(), "rina", NOW, POLICY)
    assert (one.callback_attempts, one.callback_attempted_at, one.callback_by) == (1, NOW, "rina")
    with pytest.raises(Conflict, match="no number"):
        callback_rules.attempted(lost(ani=None), "rina", NOW, POLICY)


@pytest.mark.parametrize(
    ("fields", "disposition", "note", "result"),
    [
        ({"ani": None}, D.DROPPED, "", "no_number"),
        ({}, D.DROPPED, "salah sambung", "not_called"),
        ({"callback_attempts": 1}, D.HANDLED, "", "reached"),
        ({"callback_attempts": 1}, None, "", "reached"),
        ({"callback_attempts": 1}, D.DROPPED, "nomor tidak aktif", "not_reached"),
        ({"callback_attempts": 3}, D.DROPPED, "", "not_reached"),
    ],
)
def test_a_call_back_has_a_result(
    fields: dict[str, Any], disposition: CallDisposition | None, note: str, result: str
) -> None:
    assert callback_rules.result_of(lost(**fields), disposition, note, "rina", NOW, POLICY) == result


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "not_called_back"),
        ({"callback_attempts": 2}, "try_again"),
        ({"callback_by": "siti", "callback_claimed_at": NOW, "callback_attempts": 3}, "claimed"),
    ],
)
def test_without_a_result_it_stays_on_the_list(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(Conflict) as refused:
        callback_rules.result_of(lost(**fields), D.DROPPED, "", "rina", NOW, POLICY)
    assert refused.value.details["reason"] == reason


def test_a_call_that_was_answered_needs_no_call_back() -> None:
    assert callback_rules.result_of(talking(), D.PRANK, "", "rina", NOW, POLICY) is None
    closed = callback_rules.called_again(lost(), "c-2", NOW)
    assert (closed.state, closed.callback_result, closed.answered_in_call_id) == ("closed", "called_again", "c-2")
    with pytest.raises(Conflict):
        callback_rules.called_again(talking(), "c-2", NOW)


def test_closing_is_undone_to_what_it_was() -> None:
    for before in (lost(), call(state=CallState.IVR_DROPPED, ended_at=NOW), call(state=CallState.WRAP_UP)):
        back = rules.undone(rules.disposed(before, D.PRANK, "catatan"))
        assert (back.state, back.disposition, back.note, back.version) == (before.state, None, "", before.version + 2)
    still = rules.undone(rules.disposed(talking(), D.PRANK, ""))
    assert (still.state, still.disposition) == (CallState.ANSWERED, None)
    old = call(state=CallState.CLOSED, disposition=D.PRANK)
    assert rules.undone(old).state is CallState.WRAP_UP
    with pytest.raises(Conflict):
        rules.undone(talking())


def test_undoing_is_for_the_closer_and_the_supervisor() -> None:
    closed = call(state=CallState.CLOSED, disposition=D.PRANK, disposed_by="rina", disposed_at=NOW)
    callback_rules.check_undo(closed, "rina", supervises=False, now=NOW, policy=POLICY)
    callback_rules.check_undo(closed, "haris", supervises=True, now=NOW + MONTH, policy=POLICY)
    with pytest.raises(Forbidden):
        callback_rules.check_undo(closed, "siti", supervises=False, now=NOW, policy=POLICY)
    with pytest.raises(Conflict, match="too late"):
        callback_rules.check_undo(closed, "rina", supervises=False, now=NOW + MONTH, policy=POLICY)
    with pytest.raises(Forbidden):
        by_itself = closed.model_copy(update={"disposed_by": None})
        callback_rules.check_undo(by_itself, None, supervises=False, now=NOW, policy=POLICY)


def test_a_blocked_call_ends_closed_and_waits_for_nobody() -> None:
    blocked = rules.taken_in(call(), facts.CallNumberRuleMet(at=NOW, linkedid="1.1", how="block"))
    assert not rules.waits(blocked)
    ended = rules.taken_in(blocked, facts.CallEnded(at=NOW, linkedid="1.1", cause="hangup"))
    assert (ended.state, ended.closed_from) == (CallState.CLOSED, CallState.ABANDONED)


@pytest.mark.parametrize(
    ("channel", "trunk"),
    [
        ("PJSIP/trunk-telkom-0000002a", "trunk-telkom"),
        ("PJSIP/trunk", "trunk"),
        ("x", None),
        ("PJSIP/-1", None),
        ("", None),
    ],
)
def test_the_line_is_in_the_channels_name(channel: str, trunk: str | None) -> None:
    assert rules.trunk_of(channel) == trunk


@given(st.text(max_size=600))
def test_any_channel_gives_a_line_that_fits_or_none(channel: str) -> None:
    trunk = rules.trunk_of(channel)
    assert trunk is None or 0 < len(trunk) <= rules.LONGEST_TRUNK


@given(st.lists(st.sampled_from("0123456789ABCD*#"), max_size=80))
def test_the_last_keys_are_kept(keys: list[str]) -> None:
    one = call()
    for key in keys:
        said = {"at": NOW, "linkedid": "1.1", "digit": key}
        one = rules.taken_in(one, facts.CallDigit.model_validate(said))
    assert one.digits == "".join(keys)[-rules.MOST_DIGITS :]


LIMITS = Limits(timedelta(hours=168), timedelta(hours=24))
WHY = "empat puluh panggilan iseng"


def test_a_rule_needs_a_number_a_reason_and_an_end() -> None:
    assert number_rules.checked_number("0812 3456 7890") == "+6281234567890"
    for wrong in ("anonymous", "", "110", "halo"):
        with pytest.raises(Invalid, match="number"):
            number_rules.checked_number(wrong)
    number_rules.check("block", WHY, timedelta(hours=24), LIMITS)
    number_rules.check("divert", WHY, timedelta(hours=168), LIMITS)
    for kind, reason, hours in (("block", WHY, 25), ("divert", WHY, 169), ("divert", WHY, 0.2), ("divert", "iseng", 2)):
        with pytest.raises(Invalid):
            number_rules.check(kind, reason, timedelta(hours=hours), LIMITS)  # type: ignore[arg-type]


def test_a_block_is_the_last_resort() -> None:
    diverted = [Earlier("divert", NOW - timedelta(days=2))]
    number_rules.check_block(pasts(D.PRANK, 9, timedelta(days=1)), diverted, NOW)
    number_rules.check_block(pasts(D.HANDLED, 1, timedelta(days=91)), diverted, NOW)
    for past, earlier, reason in (
        (pasts(D.HANDLED, 1, timedelta(days=89)), diverted, "real_before"),
        ([], [], "divert_first"),
        ([], [Earlier("block", NOW)], "divert_first"),
        ([], [Earlier("divert", NOW - timedelta(days=31))], "divert_first"),
    ):
        with pytest.raises(Conflict) as refused:
            number_rules.check_block(past, earlier, NOW)
        assert refused.value.details["reason"] == reason


def test_a_number_is_known_to_the_pbx_as_trunks_write_it() -> None:
    assert number_rules.spellings("+6281234567890") == ("+6281234567890", "6281234567890", "081234567890")
    assert number_rules.spellings("+60123456789") == ("+60123456789", "60123456789", "0060123456789")


def agent(**fields: Any) -> AgentView:
    said: dict[str, Any] = {"pbx": "main", "agent": "101", "name": None, "queues": ("psap-112",), "paused": False}
    rest = {"pause_reason": None, "device": "idle", "user_id": None, "user_name": None, "changed_at": NOW}
    return AgentView(**{**said, **rest, **fields})


def test_seats_are_desks_that_can_take_a_call() -> None:
    desks = [agent(), agent(device="in_use"), agent(paused=True), agent(queues=()), agent(device="unavailable")]
    assert flood_rules.seats(desks) == 2


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 50))
def test_a_flood_begins_at_the_threshold_over_the_seats(waiting: int, seats: int, over: int) -> None:
    assert flood_rules.is_flood(waiting, seats, over) == (waiting >= seats + over)


def test_who_waits_is_listed_the_longest_first() -> None:
    early = call(id="a", state=CallState.QUEUED, arrived_at=NOW - timedelta(minutes=2))
    late = call(id="b", state=CallState.RINGING, arrived_at=NOW)
    assert [one.id for one in flood_rules.waiting([late, talking(), early])] == ["a", "b"]


def test_rates_show_the_busiest_first() -> None:
    arrivals = [("b", NOW), ("a", NOW - timedelta(minutes=5)), ("a", NOW - timedelta(minutes=4)), ("c", NOW)]
    found = flood_rules.rates(arrivals, NOW)
    assert [(rate.name, rate.last_minute, rate.in_window) for rate in found] == [("b", 1, 1), ("c", 1, 1), ("a", 0, 2)]
    assert [rate.name for rate in flood_rules.rates(arrivals, NOW, least=2)] == ["a"]
    assert len(flood_rules.rates([(str(n), NOW) for n in range(50)], NOW)) == flood_rules.MOST_RATES


def test_waiting_callers_are_grouped_by_the_big_incident_they_are_likely_about() -> None:
    fire = Big("i-1", "2026-000001", 5, None, frozenset({"+621"}))
    flood = Big("i-2", "2026-000002", 9, None, frozenset())
    small = Big("i-3", "2026-000003", 1, None, frozenset({"+623"}))
    big = flood_rules.big([fire, flood, small], 3)
    assert [one.incident_id for one in big] == ["i-2", "i-1"]
    waiting = [call(id=str(n), ani=ani) for n, ani in enumerate(("+621", "+622", "+623", None))]
    second, first = flood_rules.grouped(waiting, big, {"i-2": {"+622"}, "i-1": {"+622"}})
    assert (first.waiting, first.why) == (("0",), ("reported_before",))
    assert (second.waiting, second.why) == (("1",), ("lives_near",))


@given(st.lists(st.tuples(*[st.integers(0, 1000)] * 7), min_size=1, max_size=9))
def test_a_funnel_never_invents_a_share(rows: list[tuple[int, ...]]) -> None:
    counted = [funnel.Counts(*row) for row in rows]
    whole = funnel.total(date(2026, 11, 24), counted)
    assert whole.offered == sum(row.offered for row in counted)
    for share in (whole.lost_in_menu, whole.lost_in_queue, whole.real_share):
        assert share is None or 0 <= share <= 1


def test_a_day_without_calls_has_no_shares() -> None:
    empty = funnel.day(date(2026, 11, 24), funnel.Counts(0, 0, 0, 0, 0, 0, 0))
    assert (empty.lost_in_menu, empty.lost_in_queue, empty.real_share) == (None, None, None)


def test_days_are_the_centres_own() -> None:
    (today, begins, ends), (yesterday, *_) = funnel.days_back(datetime(2026, 11, 24, 16, 30, tzinfo=UTC), 2)
    assert (today, yesterday) == (date(2026, 11, 25), date(2026, 11, 24))
    assert begins.astimezone(UTC) == datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    assert ends - begins == timedelta(days=1)
