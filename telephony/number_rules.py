"""Keeps a PBX's database in step with the centre's rules for single numbers (AstDB family 'siaga-number').

Wanted and held are compared, so that a restart, a lost connection or a second adapter ends in the same place; each
value carries its end, so that the PBX lets a rule go by itself while nobody can tell it. A rule is reported as in force
only when the PBX has said so.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol, runtime_checkable

import structlog

from telephony.actions import Action
from telephony.ami import AmiError, AmiLink, Refused
from telephony.facts import NumberRule, NumberRulesInForce

log = structlog.get_logger(__name__)

FAMILY = "siaga-number"

LOOK_EVERY_S = 2.0
"""A supervisor sees 'in force' about this long after making a rule."""

SAY_AGAIN = 15
"""Looks after which the same state is reported once more: a core may have lost what it heard."""

ACTION_S = 3.0
CORE_S = 10.0


@runtime_checkable
class RulesCore(Protocol):
    """A core that has rules for single numbers."""

    async def number_rules(self, pbx: str) -> list[NumberRule]:
        """All that this PBX is to hold now."""

    async def number_rules_in_force(self, state: NumberRulesInForce) -> None:
        """Hear what the PBX holds; each report replaces the last."""


def put(key: str, value: str) -> Action:
    return Action("DBPut", (("Family", FAMILY), ("Key", key), ("Val", value)))


def delete(key: str) -> Action:
    return Action("DBDel", (("Family", FAMILY), ("Key", key)))


def get_all() -> Action:
    """Since Asterisk 16.28, 18.14 and 19.6."""
    return Action("DBGetTree", (("Family", FAMILY),), ends_with="DBGetTreeComplete")


def wanted(rules: Iterable[NumberRule]) -> dict[str, str]:
    """What the PBX's database is to hold: by number as a trunk writes it, what to do and until when (Unix time)."""
    return {key: f"{rule.kind}:{int(rule.ends_at.timestamp())}" for rule in rules for key in rule.keys}


def confirmed(rules: Iterable[NumberRule], held: dict[str, str]) -> tuple[str, ...]:
    """Rules of which the PBX holds every spelling."""
    return tuple(rule.id for rule in rules if wanted([rule]).items() <= held.items())


class Mirror:
    """Run `run` beside the adapter's other tasks. `link` is the connection to use now, None while there is none."""

    def __init__(self, pbx: str, link: Callable[[], AmiLink | None], core: RulesCore) -> None:
        self._pbx = pbx
        self._link = link
        self._core = core
        self._read_from: AmiLink | None = None
        self._held: dict[str, str] = {}
        self._reported: tuple[str, ...] | None = None
        self._looks = 0

    async def run(self) -> None:
        while True:
            link = self._link()
            if link is not None:
                try:
                    await self.step(link)
                except AmiError as error:
                    self._read_from = None
                    log.warning("number_rules_not_written", pbx=self._pbx, error=str(error))
                except Exception as error:  # noqa: BLE001  a core that is away has no rules to tell; the PBX keeps its own
                    log.debug("number_rules_unknown", pbx=self._pbx, error=f"{type(error).__name__}: {error}")
            await asyncio.sleep(LOOK_EVERY_S)

    async def step(self, link: AmiLink) -> None:
        """Compare once, write what differs, and tell the core. Raises AmiError, and whatever the core raises."""
        async with asyncio.timeout(CORE_S):
            rules = await self._core.number_rules(self._pbx)
        if self._read_from is not link:
            self._held = await self._read(link)
            self._read_from, self._reported = link, None
        goal = wanted(rules)
        for key in self._held.keys() - goal.keys():
            await self._drop(link, key)
        for key, value in goal.items():
            if self._held.get(key) != value:
                await link.ask(put(key, value), ACTION_S)
                self._held[key] = value
        await self._tell(confirmed(rules, self._held))

    async def _read(self, link: AmiLink) -> dict[str, str]:
        """What the PBX holds. An older one cannot list it: all is written anew, and old rules end by their time."""
        try:
            answer = await link.ask(get_all(), ACTION_S)
        except Refused:
            return {}
        entries = [message for message in answer if message.event == "DBGetTreeResponse"]
        return {one.get("Key").removeprefix(f"/{FAMILY}/"): one.get("Val") for one in entries}

    async def _drop(self, link: AmiLink, key: str) -> None:
        """A key that the PBX does not have is gone as well."""
        try:
            await link.ask(delete(key), ACTION_S)
        except Refused as refused:
            log.info("number_rule_gone_already", pbx=self._pbx, error=str(refused))
        self._held.pop(key, None)

    async def _tell(self, rule_ids: tuple[str, ...]) -> None:
        self._looks += 1
        if rule_ids == self._reported and self._looks % SAY_AGAIN:
            return
        async with asyncio.timeout(CORE_S):
            await self._core.number_rules_in_force(NumberRulesInForce(pbx=self._pbx, rule_ids=rule_ids))
        self._reported = rule_ids
