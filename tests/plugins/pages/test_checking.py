"""What people type and files hold becomes values or faults: every kind, every spelling, nothing raised but Wrong."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.plugins.fields import Choice, Field, Kind, Text
from dispatch.plugins.pages.checking import Known, Titles, check, clean, folded, read, shown
from dispatch.plugins.pages.days import WITA, read_date, read_moment, read_time
from dispatch.plugins.pages.numbers import LARGEST, read_decimal, read_whole, write_decimal
from dispatch.plugins.pages.wrong import Wrong

KNOWN = Known(
    villages={"64.09.01.1009": "Nipah-Nipah", "64.09.02.2001": "Sukaraja", "64.09.04.2002": "Sukaraja"},
    rows={"owners": Titles({"o1": "Bu Siti", "o2": "Pak Ali"}, {"bu siti": ["o1"], "pak": ["o2", "o3"]})},
    districts={"64.09.02.2001": "Waru", "64.09.04.2002": "Sepaku"},
)
CHOICES = (Choice("fish", Text("Ikan Segar", "Fresh fish")), Choice("rice", Text("Beras", "Rice")))
LABEL = Text("Isian", "Field")
NAIVE = datetime.fromisoformat


def field(kind: Kind, **more: Any) -> Field:
    choices = CHOICES if kind is Kind.CHOICE else ()
    return Field(name="x", label=LABEL, kind=kind, choices=choices, resource="owners", **more)


def value(kind: Kind, raw: Any, **more: Any) -> Any:
    return read(field(kind, **more), raw, KNOWN)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("1.250,50", "1250.5"),
        ("1,250.50", "1250.5"),
        ("1250.5", "1250.5"),
        ("1250,5", "1250.5"),
        ("Rp 12.000.000", "12000000"),
        ("1,250,000", "1250000"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("1250.500", "1250.5"),
        ("12,", "12"),
        ("1.250,", "1250"),
        ("-3,5", "-3.5"),
        ("−3,5", "-3.5"),
        ("+3", "3"),
        ("Rp. -5,5", "-5.5"),
        ("-Rp 5,5", "-5.5"),
        ("1 250,5", "1250.5"),
        ("12.000,-", None),
        ("12.000.000,-", "12000000"),
        (2.5, "2.5"),
        (3, "3"),
        (Decimal("1.1"), "1.1"),
        ("1.250", None),
        ("12,000", None),
        ("1.25.000", None),
        ("1,2,3", None),
        ("1.250,5,0", None),
        ("12.50,3", None),
        ("dua", None),
        ("1e5", None),
        ("١٢", None),
        ("1" * 41, None),
        ("9" * 13, None),
        ("0,0000001", None),
        (True, None),
        ([1], None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_decimals_are_read_as_people_write_them(raw: object, number: str | None) -> None:
    if number is None:
        with pytest.raises(Wrong):
            read_decimal(raw)
    else:
        assert read_decimal(raw) == Decimal(number)


def test_an_ambiguous_number_is_told_apart_in_both_readings() -> None:
    with pytest.raises(Wrong) as wrong:
        read_decimal("1.250")
    assert wrong.value.message.id == "'1.250' dapat berarti 1250 atau 1,250: tulis 1250 atau 1,2500"
    assert (read_decimal("1250"), read_decimal("1,2500")) == (Decimal(1250), Decimal("1.25"))


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("Rp 12.000", 12000),
        ("Rp12.000,-", 12000),
        ("IDR 12,000", 12000),
        ("12.000,00", 12000),
        ("1.250.000", 1250000),
        ("12,0", 12),
        (12.0, 12),
        ("12,5", None),
        (12.5, None),
        (2**31, None),
        ("x", None),
    ],
)
def test_whole_numbers_know_thousands(raw: object, number: int | None) -> None:
    if number is None:
        with pytest.raises(Wrong):
            read_whole(raw)
    else:
        assert read_whole(raw) == number


@given(st.decimals(min_value=-LARGEST, max_value=LARGEST, places=6, allow_nan=False))
def test_a_decimal_that_we_write_is_read_as_itself(number: Decimal) -> None:
    text = write_decimal(number)
    assert read_decimal(text) == number
    assert read_decimal(text.replace(".", ",")) == number


@given(st.integers(min_value=-(2**31) + 1, max_value=2**31 - 1))
def test_grouped_thousands_are_read_in_both_spellings(number: int) -> None:
    english = f"{number:,}"
    assert read_whole(english) == number
    assert read_whole(english.replace(",", ".")) == number
    assert read_decimal(f"{english}.50") == number + Decimal("0.5").copy_sign(number)


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2026-11-24", date(2026, 11, 24)),
        ("24/11/2026", date(2026, 11, 24)),
        ("4-1-2026", date(2026, 1, 4)),
        ("04.01.2026", date(2026, 1, 4)),
        (" 24 November 2026 ", date(2026, 11, 24)),
        ("17 Agustus 2026", date(2026, 8, 17)),
        ("1 Des. 2026", date(2026, 12, 1)),
        (date(2026, 11, 24), date(2026, 11, 24)),
        (NAIVE("2026-11-24T08:00"), date(2026, 11, 24)),
        (46350, date(2026, 11, 24)),
        (46350.5, date(2026, 11, 24)),
        ("11/24/2026", None),
        ("31/02/2026", None),
        ("24/11/26", None),
        ("24 Nopeber", None),
        ("24 Xyz 2026", None),
        ("24/11/1026", None),
        (date(1026, 1, 1), None),
        (NAIVE("1026-01-01"), None),
        (20261124, None),
        (5, None),
        (True, None),
        ([], None),
    ],
)
def test_dates_have_the_day_first(raw: object, day: date | None) -> None:
    if day is None:
        with pytest.raises(Wrong):
            read_date(raw)
    else:
        assert read_date(raw) == day


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("07:30", time(7, 30)),
        ("7.30 WITA", time(7, 30)),
        ("07:30:15", time(7, 30, 15)),
        (time(7, 30, 0, 5), time(7, 30)),
        (NAIVE("2026-11-24T08:00"), time(8)),
        (0.5, time(12)),
        (0.999999, time(23, 59, 59)),
        ("25:00", None),
        ("7", None),
        (1.5, None),
        (None, None),
    ],
)
def test_times_are_of_the_clock(raw: object, at: time | None) -> None:
    if at is None:
        with pytest.raises(Wrong):
            read_time(raw)
    else:
        assert read_time(raw) == at


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2026-11-24T00:00:00Z", datetime(2026, 11, 24, tzinfo=UTC)),
        ("2026-11-24T08:00:00+08:00", datetime(2026, 11, 24, tzinfo=UTC)),
        ("24/11/2026 08:00", datetime(2026, 11, 24, tzinfo=UTC)),
        ("2026-11-24T08:00", datetime(2026, 11, 24, tzinfo=UTC)),
        ("24 Nov 2026, 08.00 WITA", datetime(2026, 11, 24, tzinfo=UTC)),
        (NAIVE("2026-11-24T08:00"), datetime(2026, 11, 24, tzinfo=UTC)),
        (datetime(2026, 11, 24, tzinfo=timezone(timedelta(hours=8))), datetime(2026, 11, 23, 16, tzinfo=UTC)),
        ("2026-13-24T08:00:00Z", None),
        ("2026-11-24", None),
        ("24/11/2026 25:00", None),
        (5, None),
    ],
)
def test_moments_without_a_zone_are_wita(raw: object, moment: datetime | None) -> None:
    if moment is None:
        with pytest.raises(Wrong):
            read_moment(raw)
    else:
        assert read_moment(raw) == moment


@given(st.datetimes(min_value=datetime(1901, 1, 1), max_value=datetime(2198, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_comes_back_as_it_was_sent(moment: datetime) -> None:
    assert read_moment(moment.isoformat()) == moment
    minute = moment.replace(second=0, microsecond=0)
    local = minute.astimezone(WITA)
    if local.utcoffset() == timedelta(hours=8):
        assert read_moment(f"{local:%d/%m/%Y %H:%M}") == minute


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        (Kind.TEXT, "  dua  kata\t\n", "dua kata"),
        (Kind.TEXT, 12.0, "12"),
        (Kind.TEXT, 12.5, "12.5"),
        (Kind.TEXT, 7, "7"),
        (Kind.TEXT, "\u202eterbalik\u0007", "terbalik"),
        (Kind.TEXT, "\ud800a", "a"),
        (Kind.TEXT, "e\u0301", "é"),
        (Kind.TEXT, "👩\u200d🚒", "👩\u200d🚒"),
        (Kind.TEXT, "a\u2028b", "a b"),
        (Kind.TEXT, "\u200b", None),
        (Kind.TEXT, "", None),
        (Kind.TEXT, None, None),
        (Kind.LONG_TEXT, " satu \r\n\u0000 dua é\rtiga ", "satu\n dua é\ntiga"),
        (Kind.LONG_TEXT, "polos ", "polos"),
        (Kind.INTEGER, "12", 12),
        (Kind.DECIMAL, "12,5", Decimal("12.5")),
        (Kind.MONEY, "Rp 9.000.000.000", 9_000_000_000),
        (Kind.DATE, "24/11/2026", date(2026, 11, 24)),
        (Kind.TIME, "07.30", time(7, 30)),
        (Kind.MOMENT, "24/11/2026 08:00", datetime(2026, 11, 24, tzinfo=UTC)),
        (Kind.BOOLEAN, True, True),
        (Kind.BOOLEAN, "Ya", True),
        (Kind.BOOLEAN, "tidak", False),
        (Kind.BOOLEAN, 1, True),
        (Kind.BOOLEAN, 0.0, False),
        (Kind.CHOICE, "fish", "fish"),
        (Kind.CHOICE, "ikan  segar", "fish"),
        (Kind.CHOICE, "RICE", "rice"),
        (Kind.POINT, "-1.3089, 116.7347", (-1.3089, 116.7347)),
        (Kind.POINT, "-1,3089; 116,7347", (-1.3089, 116.7347)),
        (Kind.POINT, {"lat": -1, "lon": 116.5}, (-1.0, 116.5)),
        (Kind.POINT, [-1.5, 116.5], (-1.5, 116.5)),
        (Kind.VILLAGE, "64.09.01.1009", "64.09.01.1009"),
        (Kind.VILLAGE, "6409011009", "64.09.01.1009"),
        (Kind.VILLAGE, 6409011009, "64.09.01.1009"),
        (Kind.VILLAGE, "Kelurahan nipah nipah", "64.09.01.1009"),
        (Kind.VILLAGE, "Sukaraja (Sepaku)", "64.09.04.2002"),
        (Kind.REFERENCE, "o2", "o2"),
        (Kind.REFERENCE, " BU  Siti", "o1"),
        (Kind.LINK, "https://ppu.go.id/a?b=1", "https://ppu.go.id/a?b=1"),
        (Kind.PHONE, "0812-3456-7890", "+6281234567890"),
        (Kind.PHONE, 81234567890, "+6281234567890"),
        (Kind.PHONE, "6281234567890", "+6281234567890"),
        (Kind.PHONE, "+60 3-2161 1000", "+60321611000"),
        (Kind.PHONE, "112", "112"),
        (Kind.PHOTO, "0192-ab.jpg", "0192-ab.jpg"),
    ],
)
def test_every_kind_takes_what_it_should(kind: Kind, raw: Any, expected: Any) -> None:
    taken = value(kind, raw)
    assert (taken, type(taken)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("kind", "raw", "words"),
    [
        (Kind.TEXT, "x" * 201, "too long (201 characters, at most 200)"),
        (Kind.TEXT, True, "must be text"),
        (Kind.TEXT, {}, "must be text"),
        (Kind.INTEGER, "12,5", "'12,5' must be a whole number"),
        (Kind.MONEY, 2**53, "'9007199254740992' is too large"),
        (Kind.BOOLEAN, "mungkin", "'mungkin' is neither yes nor no"),
        (Kind.CHOICE, "emas", "'emas' is none of: Fresh fish, Rice"),
        (Kind.POINT, "di sana", "'di sana' is no point; write latitude, longitude, for example -1.3089, 116.7347"),
        (Kind.POINT, "48.85, 2.35", "the point '48.85, 2.35' lies outside Indonesia"),
        (Kind.POINT, {"lat": -1}, None),
        (Kind.POINT, [True, 116], None),
        (Kind.POINT, [1, 2, 3], None),
        (Kind.POINT, 5, None),
        (Kind.POINT, [float("nan"), 116], None),
        (Kind.VILLAGE, "Nirwana", "there is no village 'Nirwana'"),
        (Kind.VILLAGE, "Sukaraja", "several are called so; write one: 64.09.02.2001, 64.09.04.2002"),
        (Kind.REFERENCE, "Bu Ani", "'Bu Ani' was not found"),
        (Kind.REFERENCE, "pak", "there are several 'pak'"),
        (Kind.LINK, "http://ppu.go.id", None),
        (Kind.LINK, "https://", None),
        (Kind.LINK, "https://localhost", None),
        (Kind.LINK, "https://a:b@ppu.go.id", None),
        (Kind.LINK, "https://ppu.go.id/a b", None),
        (Kind.LINK, "https://[ppu.go.id", None),
        (Kind.LINK, "javascript:alert(1)", None),
        (Kind.PHONE, "0812", None),
        (Kind.PHONE, "telepon", None),
        (Kind.PHONE, "62", None),
        (Kind.PHOTO, "../etc", "is no uploaded picture"),
        (Kind.PHOTO, 5, "is no uploaded picture"),
    ],
)
def test_every_kind_refuses_what_it_should(kind: Kind, raw: Any, words: str | None) -> None:
    with pytest.raises(Wrong) as wrong:
        value(kind, raw)
    assert words is None or wrong.value.message.en == words
    assert wrong.value.message.id != wrong.value.message.en


def test_bounds_are_said() -> None:
    bounds = {"least": Decimal("0.5"), "most": Decimal(10)}
    assert value(Kind.DECIMAL, "0,5", **bounds) == Decimal("0.5")
    for raw, words in (("0,4", "paling sedikit 0.5"), ("10,1", "paling banyak 10")):
        with pytest.raises(Wrong) as wrong:
            value(Kind.DECIMAL, raw, **bounds)
        assert wrong.value.message.id == words


def test_a_required_field_must_say_something() -> None:
    for raw in (None, "  ", "\u200b"):
        with pytest.raises(Wrong, match="must be filled in"):
            value(Kind.TEXT, raw, required=True)


def test_a_reference_to_a_resource_of_which_nothing_is_known_is_a_fault() -> None:
    with pytest.raises(Wrong):
        read(replace(field(Kind.REFERENCE), resource=None), "o1", KNOWN)


def test_only_typed_fields_are_taken_and_unknown_names_are_faults() -> None:
    one = Field(name="a", label=LABEL)
    set_by_program = Field(name="b", label=LABEL, typed=False)
    checked = check([one, set_by_program], {"a": "x", "b": "y", "c": "z"}, KNOWN, row=7)
    assert checked.values == {"a": "x"}
    assert [(fault.field, fault.row, fault.message.en) for fault in checked.faults] == [
        ("c", 7, "There is no field 'c'.")
    ]
    assert check([one], {"a": "x" * 300}, KNOWN).faults[0].message.id == (
        "Isian: terlalu panjang (300 huruf, paling banyak 200)."
    )


def test_what_is_repeated_in_a_message_is_short_and_clean() -> None:
    assert shown("a\u0000b" + "x" * 100) == "ab" + "x" * 58 + "…"


RAW = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=60),
    st.dates(),
    st.times(),
    st.datetimes(),
    st.lists(st.floats(), max_size=3),
    st.dictionaries(st.sampled_from(["lat", "lon"]), st.one_of(st.floats(), st.text(max_size=3))),
    st.from_regex(r"[-+Rp0-9.,/: eE]{1,12}", fullmatch=True),
)


def taken(kind: Kind, raw: Any, required: bool) -> Any:
    """The value, or what was said against it."""
    try:
        return value(kind, raw, required=required)
    except Wrong as wrong:
        return wrong


@given(st.sampled_from(Kind), RAW, st.booleans())
def test_anything_is_either_a_value_that_is_taken_again_or_wrong(kind: Kind, raw: Any, required: bool) -> None:
    result = taken(kind, raw, required)
    if isinstance(result, Wrong):
        assert result.message.id != ""
        assert result.message.en != ""
    else:
        assert not (required and result is None)
        assert taken(kind, result, required) == result


@given(st.text(max_size=80), st.booleans())
def test_a_cleaned_text_is_clean(text: str, lines: bool) -> None:
    once = clean(text, lines=lines)
    assert clean(once, lines=lines) == once
    assert not any(letter in once for letter in "\u0000\u0007\u202e\r\t")
    assert lines or "\n" not in once


@given(st.text(max_size=40))
def test_a_folded_title_is_one_spelling(text: str) -> None:
    assert folded(folded(text)) == folded(text)
