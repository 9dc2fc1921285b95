"""Names, passwords, desks and lock-out: pure."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import Invalid
from dispatch.people import rules
from dispatch.people.rules import Failures
from dispatch.words import Role

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["Rina", " rina ", "RINA", "\uff32\uff29\uff2e\uff21"])
def test_a_name_is_one_however_it_is_typed(typed: str) -> None:
    assert rules.check_username(typed) == "rina"


@given(st.text(max_size=30))
def test_the_normal_form_is_final(typed: str) -> None:
    try:
        name = rules.check_username(typed)
    except Invalid:
        return
    assert rules.check_username(name) == name


@pytest.mark.parametrize("typed", ["", "r", "rina wulandari", "-rina", "rina\n2", "a" * 65, "<b>"])
def test_a_name_of_another_form_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_username(typed)
    assert refused.value.details == {"field": "username"}


def test_a_password_of_enough_letters_without_the_name_is_taken() -> None:
    rules.check_password("kuda-laut-biru", "rina")


@pytest.mark.parametrize("password", ["pendek", "x" * 201, "RINA-panjang-sekali"])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_password(password, "rina")
    assert refused.value.details == {"field": "password"}


@pytest.mark.parametrize("extension", [None, "101", "desk-3", "*45"])
def test_a_desk_is_named_as_a_pbx_names_it(extension: str | None) -> None:
    assert rules.check_extension(extension) == extension


@pytest.mark.parametrize("extension", ["", "10 1", "101\r\nAction: Logoff", "1" * 33])
def test_what_is_no_extension_is_refused(extension: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_extension(extension)
    assert refused.value.details == {"field": "extension"}


def fail(failures: Failures, now: datetime = NOW) -> Failures:
    return rules.after_failure(failures, now, limit=3, lock_minutes=15)


def test_the_third_wrong_password_locks_for_a_quarter_of_an_hour() -> None:
    twice = fail(fail(Failures()))
    assert not rules.locked(twice, NOW)
    thrice = fail(twice)
    assert thrice == Failures(3, NOW + timedelta(minutes=15))
    assert rules.locked(thrice, NOW + timedelta(minutes=14, seconds=59))
    assert not rules.locked(thrice, NOW + timedelta(minutes=15))


def test_after_a_lock_the_count_begins_anew() -> None:
    over = Failures(3, NOW - timedelta(minutes=1))
    assert fail(over) == Failures(1, None)


@pytest.mark.parametrize(
    ("roles", "face"),
    [
        ((Role.RESPONDER,), "responder"),
        ((Role.CALL_TAKER,), "console"),
        ((Role.SUPERVISOR, Role.DISPATCHER), "console"),
        ((Role.SUPERVISOR,), "supervisor"),
        ((Role.ADMIN,), "admin"),
        ((Role.OFFICER,), "admin"),
        ((), "console"),
    ],
)
def test_everybody_begins_at_the_screen_of_the_work(roles: tuple[Role, ...], face: str) -> None:
    assert rules.face(roles) == face


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://web.push.apple.com:443/QABC",
    ],
)
def test_the_browsers_push_services_are_taken(endpoint: str) -> None:
    assert rules.check_push_endpoint(endpoint) == endpoint


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://push.example.com/a",
        "https://localhost/a",
        "https://127.0.0.1/a",
        "https://127.0x1/a",
        "https://[::1]/a",
        "https://[::1/a",
        "https://db.internal/a",
        "https://printer.lan./a",
        "https://push.example.com:8443/a",
        "https://push.example.com:x/a",
        "https://user@push.example.com/a",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_leads_into_our_own_network_is_no_push_service(endpoint: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_push_endpoint(endpoint)
    assert refused.value.details == {"field": "endpoint"}


def test_the_demo_offers_its_parts_along_the_way_of_a_call_and_counts_as_people_do() -> None:
    people = [
        ("admin", {Role.ADMIN}),
        ("kru-10", {Role.RESPONDER}),
        ("kru-2", {Role.RESPONDER}),
        ("haris", {Role.SUPERVISOR}),
        ("siti", {Role.DISPATCHER}),
        ("rina", {Role.CALL_TAKER}),
        ("budi", {Role.CALL_TAKER}),
    ]
    ordered = sorted(people, key=lambda one: rules.demo_order(one[1], one[0]))
    assert [name for name, _ in ordered] == ["budi", "rina", "siti", "haris", "admin", "kru-2", "kru-10"]
