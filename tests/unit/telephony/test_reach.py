"""Whom the centre may have a PBX call: what is not allowed is refused, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.reach import NotAllowed, Reach

REACH = Reach(directory=frozenset({"113", "119", "0542765000"}))


@pytest.mark.parametrize("number", ["101", "104", "2001", "99999"])
def test_a_desk_is_a_short_internal_number(number: str) -> None:
    assert REACH.desk(number) == number
    assert REACH.party(number) == number


@pytest.mark.parametrize("number", ["110", "112", "113", "119", "123", "129", "1", "11", "012", "101 ", "１０１"])
def test_a_service_or_anything_else_is_no_desk(number: str) -> None:
    with pytest.raises(NotAllowed, match="no desk"):
        REACH.desk(number)


@pytest.mark.parametrize("number", ["113", "119", "0542765000"])
def test_a_caller_is_handed_to_who_stands_in_the_directory(number: str) -> None:
    assert REACH.party(number) == number


@pytest.mark.parametrize("number", ["110", "081234567890", "113;2", "113&PJSIP/trunk", "${X}", "", "113\r\nX: Y"])
def test_a_caller_is_handed_to_nobody_else(number: str) -> None:
    with pytest.raises(NotAllowed, match="neither"):
        REACH.party(number)


@pytest.mark.parametrize("number", ["081234567890", "+6281234567890", "0542765000", "+62542765000"])
def test_a_citizen_of_the_country_may_be_called_back(number: str) -> None:
    assert REACH.citizen(number) == number


@pytest.mark.parametrize("number", ["0809123456", "+62809123456", "+1900555123", "00881234567", "112", "08x", "0812\n"])
def test_a_number_that_costs_or_leads_abroad_is_not_called_back(number: str) -> None:
    with pytest.raises(NotAllowed, match="called back"):
        REACH.citizen(number)


def test_a_careless_pattern_still_lets_no_dialplan_characters_through() -> None:
    careless = Reach(desks=".*", callbacks=".*")
    for number in ("101@evil", "1,2", "${EXTEN}", "101&102", "1 2"):
        with pytest.raises(NotAllowed):
            careless.desk(number)
        with pytest.raises(NotAllowed):
            careless.citizen(number)


@given(st.text(max_size=40))
def test_whatever_passes_is_digits_alone(number: str) -> None:
    for check in (REACH.desk, REACH.party, REACH.citizen):
        try:
            passed = check(number)
        except NotAllowed:
            continue
        assert passed.removeprefix("+").isascii()
        assert passed.removeprefix("+").isdecimal()
