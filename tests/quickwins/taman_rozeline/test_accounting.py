"""Accounting as servers and controllers write it, whole and broken."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quickwins.taman_rozeline.accounting import Parsed, parse
from quickwins.taman_rozeline.rules import merge

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
MAC = "AA-BB-CC-11-22-33"


def packet(status: str, at: datetime, **more: object) -> str:
    attributes = {
        "Acct-Status-Type": status,
        "Acct-Session-Id": '"5F3A-01"',
        "NAS-IP-Address": "10.20.0.2",
        "NAS-Identifier": '"rozeline-1"',
        "Calling-Station-Id": f'"{MAC}"',
        "Timestamp": int(at.timestamp()),
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    head = f"{at:%a %b %d %H:%M:%S %Y}"
    return "\n".join([head, *(f"\t{name} = {value}" for name, value in attributes.items()), "", ""])


def test_packets_of_one_session_become_one() -> None:
    start = NOW - timedelta(hours=1)
    text = (
        packet("Start", start)
        + packet("Interim-Update", start + timedelta(minutes=10), Acct_Session_Time=600, Acct_Output_Octets=5)
        + packet(
            "Stop", start + timedelta(minutes=20), Acct_Session_Time=1200, Acct_Input_Octets=7,
            Acct_Output_Octets=9, Acct_Output_Gigawords=2,
        )
    )  # fmt: skip
    parsed = parse(text, NOW)
    assert parsed.faults == []
    sessions = [record.session for record in parsed.records]
    whole = merge(merge(sessions[2], sessions[0]), sessions[1])
    assert (whole.started_at, whole.stopped_at) == (start, start + timedelta(minutes=20))
    assert (whole.up, whole.down) == (7, 2 * 2**32 + 9)
    assert {(one.nas, one.session_id, one.device) for one in parsed.records} == {
        ("10.20.0.2", "5F3A-01", "aabbcc112233")
    }
    assert "rozeline-1" in parsed.records[0].places


def test_what_happened_counts_and_not_when_it_arrived() -> None:
    stamped = packet("Start", NOW, Event_Timestamp='"Nov 24 2026 12:30:00 WITA"')
    late = packet("Start", NOW, Acct_Delay_Time=90)
    assert parse(stamped, NOW).records[0].session.started_at == datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
    assert parse(late, NOW).records[0].session.started_at == NOW - timedelta(seconds=90)


def test_equipment_coming_up_is_no_session() -> None:
    parsed = parse(packet("Accounting-On", NOW) + packet("Start", NOW), NOW)
    assert (len(parsed.records), parsed.other, parsed.faults) == (1, 1, [])


RADACCT = """radacctid,acctsessionid,nasipaddress,acctstarttime,acctupdatetime,acctstoptime,acctsessiontime,acctinputoctets,acctoutputoctets,callingstationid
1,a1,10.20.0.2,2026-11-24 10:00:00,2026-11-24 10:30:00,2026-11-24 10:31:00,1860,100,200,AA-BB-CC-11-22-33
2,a2,10.20.0.2,2026-11-24 13:00:00,2026-11-24 13:50:00,NULL,3000,300,400,AA-BB-CC-11-22-34
"""  # noqa: E501
CONTROLLER = """Client MAC;AP Name;Start Time;End Time;Upload;Download
aa:bb:cc:11:22:33;rozeline-2;24/11/2026 09:00;24/11/2026 09:30;1.5 MB;2 GB
aa:bb:cc:11:22:34;rozeline-2;24/11/2026 13:30;-;10 KB;20 KB
"""


@pytest.mark.parametrize("text", [RADACCT, CONTROLLER])
def test_lists_of_sessions_hold_running_ones_too(text: str) -> None:
    parsed = parse(text, NOW)
    assert parsed.faults == []
    assert [record.session.stopped_at is None for record in parsed.records] == [False, True]


def test_controllers_write_bytes_with_units() -> None:
    first = parse(CONTROLLER, NOW).records[0]
    assert (first.session.up, first.session.down) == (1_500_000, 2 * 10**9)
    assert first.session.started_at == datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (packet("Start", NOW).replace('"5F3A-01"', ""), "Acct-Session-Id tidak ada"),
        (packet("Start", NOW, Acct_Input_Octets="banyak"), "bukan jumlah byte"),
        (packet("Start", NOW, Acct_Session_Time="-5"), "bukan bilangan bulat"),
        (packet("Begin", NOW), "tidak dikenal"),
        (packet("Start", NOW + timedelta(days=2)), "masa depan"),
        (packet("Start", NOW).replace("10.20.0.2", "").replace('"rozeline-1"', ""), "Titik akses tidak disebut"),
    ],
)
def test_a_fault_says_in_plain_words_where_it_is_and_names_no_device(broken: str, words: str) -> None:
    parsed = parse(packet("Start", NOW) + broken, NOW)
    assert (len(parsed.records), parsed.faulty) == (1, 1)
    assert parsed.faults[0].row == 9
    assert words in parsed.faults[0].message.id
    assert MAC not in str(parsed.faults) + str(parsed.records)
    assert "aabbcc" not in str(parsed.faults) + str(parsed.records)


def test_a_list_whose_end_is_before_its_start_says_so() -> None:
    parsed = parse(RADACCT.replace("2026-11-24 10:31:00", "2026-11-24 09:31:00"), NOW)
    assert [(fault.row, fault.field) for fault in parsed.faults] == [(2, "end")]


@given(st.text(alphabet=st.sampled_from('Acct-Session-Id = "\t\n;,:0123456789abcStarop\x00ÿ∞'), max_size=400))
def test_anything_at_all_is_read_or_refused(text: str) -> None:
    assert isinstance(parse(text, NOW), Parsed)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_text_are_read_or_refused(content: bytes) -> None:
    assert isinstance(parse("Acct-Session-Id,acctstarttime,ap\n" + content.decode("latin-1"), NOW), Parsed)
