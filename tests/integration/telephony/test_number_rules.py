"""The centre's rules for single numbers in a PBX's database, and what callers meet there."""

from datetime import timedelta
from pathlib import Path

import pytest

from telephony.facts import NumberRule, NumberRulesInForce
from telephony.simulator import PbxSimulator
from tests.integration.telephony.world import MemoryCore, adapter, config_for, now

NUMBER = "081234567890"


def rule(kind: str = "divert", *, lasts: timedelta = timedelta(hours=1), id: str = "r1") -> NumberRule:
    said = {"id": id, "keys": ("+6281234567890", NUMBER), "kind": kind, "ends_at": now() + lasts}
    return NumberRule.model_validate(said)


class RulesCore(MemoryCore):
    def __init__(self, *rules: NumberRule) -> None:
        super().__init__()
        self.rules = list(rules)
        self.in_force: list[tuple[str, ...]] = []

    async def number_rules(self, pbx: str) -> list[NumberRule]:
        return list(self.rules)

    async def number_rules_in_force(self, state: NumberRulesInForce) -> None:
        self.in_force.append(state.rule_ids)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("telephony.number_rules.LOOK_EVERY_S", 0.02)


async def test_rules_are_written_confirmed_and_taken_away(tmp_path: Path) -> None:
    core = RulesCore(rule())
    async with PbxSimulator(clock=now) as pbx:
        pbx.database["/siaga-number/080000000000"] = "block:1"
        pbx.database["/other/080000000000"] = "stays"
        async with adapter(config_for(pbx, tmp_path), core):
            await core.until(lambda: core.in_force[-1:] == [("r1",)])
            assert set(pbx.database) == {
                "/other/080000000000",
                "/siaga-number/+6281234567890",
                "/siaga-number/081234567890",
            }
            assert pbx.database[f"/siaga-number/{NUMBER}"].startswith("divert:")
            core.rules = []
            await core.until(lambda: core.in_force[-1] == ())
            assert set(pbx.database) == {"/other/080000000000"}


async def test_a_rule_is_not_in_force_while_the_pbx_is_away_and_comes_back_with_it(tmp_path: Path) -> None:
    core = RulesCore()
    async with PbxSimulator(clock=now) as pbx, adapter(config_for(pbx, tmp_path), core):
        await core.until(lambda: core.in_force == [()])
        pbx.freeze()
        core.rules = [rule()]
        await core.until(lambda: not core.connected)
        assert core.in_force == [()]
        pbx.thaw()
        await core.until(lambda: core.in_force[-1] == ("r1",))
        pbx.database.clear()
        pbx.drop_connections()
        await core.until(lambda: f"/siaga-number/{NUMBER}" in pbx.database)


async def test_an_older_pbx_that_cannot_list_its_database_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = RulesCore(rule())
    monkeypatch.setattr("telephony.simulator.manager.Manager._db_get_tree", lambda *_: [[("Response", "Error")]])
    async with PbxSimulator(clock=now) as pbx, adapter(config_for(pbx, tmp_path), core):
        await core.until(lambda: core.in_force[-1:] == [("r1",)])
        del pbx.database[f"/siaga-number/{NUMBER}"]
        core.rules = []
        await core.until(lambda: core.in_force[-1] == ())
        assert pbx.database == {}


@pytest.mark.parametrize(
    ("kind", "presses", "met"),
    [
        ("divert", "1", ["divert", "confirmed"]),
        ("divert", "", ["divert"]),
        ("block", "1", ["block"]),
    ],
)
async def test_what_a_caller_with_a_rule_meets_is_told(tmp_path: Path, kind: str, presses: str, met: list[str]) -> None:
    core = RulesCore(rule(kind))
    async with PbxSimulator(clock=now, speed=50, auto_answer=["101"]) as pbx, adapter(config_for(pbx, tmp_path), core):
        await core.until(lambda: core.in_force[-1:] == [("r1",)])
        call = await pbx.call(ani=NUMBER, patience_s=30, presses=presses)
        await core.until(lambda: core.types(call.linkedid)[-1:] == ["call_ended"])
        told = core.facts[call.linkedid]
        assert [fact.how for fact in told if fact.type == "call_number_rule_met"] == met
        assert ("call_queued" in core.types(call.linkedid)) == ("confirmed" in met)


async def test_a_rule_whose_time_is_over_is_ignored_by_the_pbx_itself(tmp_path: Path) -> None:
    core = RulesCore(rule("block", lasts=timedelta(seconds=-1)))
    async with PbxSimulator(clock=now, speed=50, auto_answer=["101"]) as pbx, adapter(config_for(pbx, tmp_path), core):
        await core.until(lambda: core.in_force[-1:] == [("r1",)])
        call = await pbx.call(ani=NUMBER, patience_s=30)
        await core.until(lambda: core.types(call.linkedid)[-1:] == ["call_ended"])
        assert "call_answered" in core.types(call.linkedid)


async def test_keys_that_a_caller_presses_and_the_menu_are_told(tmp_path: Path) -> None:
    core = RulesCore()
    async with PbxSimulator(clock=now, speed=50, auto_answer=["101"]) as pbx, adapter(config_for(pbx, tmp_path), core):
        await core.until(lambda: core.connected)
        call = await pbx.call(ani=NUMBER, patience_s=30, menu=True)
        lost = await pbx.call(ani="081100002222", menu=True, presses="")
        await core.until(lambda: "call_answered" in core.types(call.linkedid))
        pbx.press(call, "5#")
        await core.until(lambda: core.types(call.linkedid)[-1:] == ["call_ended"])
        await core.until(lambda: core.types(lost.linkedid)[-1:] == ["call_ended"])
        keys = [fact.digit for fact in core.facts[call.linkedid] if fact.type == "call_digit"]
        assert keys == ["1", "5", "#"]
        assert core.types(call.linkedid)[:4] == ["call_arrived", "ivr_entered", "call_digit", "call_queued"]
        assert core.types(lost.linkedid) == ["call_arrived", "ivr_entered", "ivr_dropped", "call_ended"]
