"""Keys of the caller's phone, and number rules that the dialplan tells."""

from telephony.fold_state import FoldConfig
from tests.unit.telephony.streams import Pbx, caller


def pressed(digit: str, **more: str) -> dict[str, str]:
    return {**caller("c1"), "Digit": digit, "Direction": "Received", **more}


def test_keys_of_the_caller_alone_are_told_each_once() -> None:
    pbx = Pbx(config=FoldConfig())
    pbx.call()
    pbx.queues()
    told = [
        *pbx.says("DTMFEnd", **pressed("1")),
        *pbx.says("DTMFEnd", **pressed("2", Direction="Sent")),
        *pbx.says("DTMFEnd", **pressed("3", Uniqueid="d1")),
        *pbx.says("DTMFEnd", **pressed("x")),
        *pbx.says("DTMFEnd", **pressed("#")),
    ]
    assert [fact.digit for fact in told if fact.type == "call_digit"] == ["1", "#"]
    assert len(told) == 2


def test_what_a_number_rule_did_is_told_once() -> None:
    pbx = Pbx(config=FoldConfig())
    pbx.call()
    said = {**caller("c1"), "UserEvent": "SiagaNumberRule"}
    told = [
        *pbx.says("UserEvent", **said, How="divert"),
        *pbx.says("UserEvent", **said, How="confirmed"),
        *pbx.says("UserEvent", **said, How="ignored"),
    ]
    assert [fact.how for fact in told if fact.type == "call_number_rule_met"] == ["divert", "confirmed"]
    assert len(told) == 2
