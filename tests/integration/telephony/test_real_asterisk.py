"""The adapter against a real Asterisk (tests/pbx/asterisk-up): no phone is needed, a Local channel plays the caller."""

import asyncio
import socket
from pathlib import Path

import pytest

from telephony import actions
from telephony.actions import Action
from telephony.ami import AmiLink, Inbox
from telephony.client import Patience
from telephony.facts import AgentChanged
from telephony.run import AdapterConfig
from tests.integration.telephony.world import MemoryCore, adapter
from tests.pbx.environment import AMI_PORT, AMI_SECRET, AMI_USER

pytestmark = pytest.mark.asterisk


@pytest.fixture(autouse=True)
def _reachable() -> None:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        if probe.connect_ex(("127.0.0.1", AMI_PORT)):
            pytest.skip(f"NO REAL ASTERISK on 127.0.0.1:{AMI_PORT}: start tests/pbx/asterisk-up")


def config(folder: Path, **changes: str) -> AdapterConfig:
    secret = changes.get("secret", AMI_SECRET)
    patience = Patience(retry_first_s=0.05, refused_s=1.0)
    return AdapterConfig("real", "127.0.0.1", AMI_PORT, AMI_USER, secret, folder / "spool.db", patience=patience)


async def asker() -> AmiLink:
    """A second client, as another program of the centre would be."""
    loop = asyncio.get_running_loop()
    _, link = await loop.create_connection(lambda: AmiLink(Inbox(100_000)), "127.0.0.1", AMI_PORT)
    await link.ask(actions.login(AMI_USER, AMI_SECRET), 3.0)
    return link


async def test_resync_tells_the_desks_and_a_member_that_joins_and_leaves(tmp_path: Path) -> None:
    core = MemoryCore()
    async with adapter(config(tmp_path), core):
        await core.until(lambda: core.connected and "agent:101" in core.facts)
        link = await asker()
        try:
            await link.ask(actions.queue_add("psap-112", "PJSIP/104", "Rina"), 3.0)
            await core.until(lambda: bool(core.facts["agent:104"]))
        finally:
            await link.ask(actions.queue_remove("psap-112", "PJSIP/104"), 3.0)
        await core.until(lambda: _queues_of(core, "104") == ())
        link.close("test over")


def _queues_of(core: MemoryCore, agent: str) -> tuple[str, ...] | None:
    told = core.facts[f"agent:{agent}"]
    return told[-1].queues if told and isinstance(told[-1], AgentChanged) else None


async def test_caller_who_waits_and_gives_up_is_told_whole(tmp_path: Path) -> None:
    core = MemoryCore()
    async with adapter(config(tmp_path), core):
        await core.until(lambda: core.connected)
        link = await asker()
        fields = (("Channel", "Local/112@from-trunk/n"), ("Application", "Wait"), ("Data", "2"), ("Async", "true"))
        await link.ask(Action("Originate", (*fields, ("CallerID", '"Budi" <081254001001>'))), 3.0)
        await core.until(lambda: any(core.types(key)[-1] == "call_ended" for key in core.calls), timeout_s=6)
        link.close("test over")
    (types,) = [core.types(key) for key in core.calls]
    assert types[0] == "call_arrived"
    assert "call_queued" in types
    assert types[-2:] == ["call_abandoned", "call_ended"]


async def test_real_asterisk_refuses_a_wrong_secret_and_the_health_says_so(tmp_path: Path) -> None:
    core = MemoryCore()
    async with adapter(config(tmp_path, secret="wrong"), core):
        await core.until(lambda: any("login refused" in health.detail for health in core.healths))
    assert not core.connected
