"""The core's commands on a real Asterisk with SIPp's phones: what it said, and what followed."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import pytest

from telephony.client import Patience
from telephony.fold_state import FoldConfig
from telephony.plans import Dialplan
from telephony.reach import Reach
from telephony.run import AdapterConfig
from tests.integration.telephony.test_acts import Scene
from tests.integration.telephony.world import MemoryCore, adapter
from tests.pbx.environment import AMI_PORT, AMI_SECRET, AMI_USER
from tests.pbx.phones import Person, agency, callers, desk, register
from tests.pbx.record import make_ready
from tests.pbx.scenarios import QUEUE

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(120)]

BUDI = Person("081254001001", "Budi")
RING_S = 15.0


@pytest.fixture(autouse=True)
def _reachable() -> None:
    if shutil.which("sipp") is None:
        pytest.skip("NO SIPP: install Debian's sip-tester")
    with socket.socket() as probe:
        probe.settimeout(1.0)
        if probe.connect_ex(("127.0.0.1", AMI_PORT)):
            pytest.skip(f"NO REAL ASTERISK on 127.0.0.1:{AMI_PORT}: start tests/pbx/asterisk-up")


class RealScene(Scene):
    """The same commands as on the simulated PBX."""

    def __init__(self, core: MemoryCore) -> None:
        self.core, self._asked = core, 0

    async def hears(self, key: str, wanted: str) -> None:
        await self.core.until(lambda: wanted in self.told(key), RING_S)

    async def answered(self) -> str:
        """The linkedid of the call that desk 101 answers."""
        found: list[str] = []

        def is_answered() -> bool:
            found[:] = [key for key in self.core.calls if {"queued psap-112", "answered 101"} <= set(self.told(key))]
            return bool(found)

        await self.core.until(is_answered, RING_S)
        return found[0]


@asynccontextmanager
async def real(folder: Path) -> AsyncIterator[RealScene]:
    dialplan = Dialplan(reach=Reach(directory=frozenset({"113"})))
    fold, patience = FoldConfig(caller_published=True), Patience(retry_first_s=0.05)
    spool = folder / "spool.db"
    config = AdapterConfig(
        "real", "127.0.0.1", AMI_PORT, AMI_USER, AMI_SECRET, spool, fold, dialplan, patience=patience
    )
    core = MemoryCore()
    await make_ready()
    for number in (101, 102, 103):
        await asyncio.to_thread(register, number)
    async with adapter(config, core):
        await core.until(lambda: core.connected and "agent:101" in core.facts, RING_S)
        scene = RealScene(core)
        assert (await scene.does("ready")).outcome == "accepted"
        assert (await scene.does("pause", agent="102", reason="meal")).outcome == "accepted"
        await scene.hears("agent:102", "paused meal")
        yield scene
        await scene.does("ready", agent="102")


async def test_conference_and_leave_on_the_real_server(tmp_path: Path) -> None:
    with ExitStack() as phones:
        async with real(tmp_path) as at:
            for phone in (desk(101), agency(113), callers([BUDI], talk_ms=15_000)):
                phones.enter_context(phone)
            linkedid = await at.answered()
            assert (await at.does("mute", linkedid)).outcome == "accepted"
            assert (await at.does("leave", linkedid)).outcome == "dropped"
            assert (await at.does("conference", linkedid, to="113")).outcome == "accepted"
            await at.hears(linkedid, "joined 113")
            assert (await at.does("leave", linkedid)).words == "Channel Hungup"
            await at.hears(linkedid, "transferred 113 attended")
            await at.does("hangup", linkedid)


async def test_a_supervisor_listens_and_takes_over_on_the_real_server(tmp_path: Path) -> None:
    with ExitStack() as phones:
        async with real(tmp_path) as at:
            for phone in (desk(101), desk(103), callers([BUDI], talk_ms=15_000)):
                phones.enter_context(phone)
            linkedid = await at.answered()
            assert (await at.does("listen", linkedid, to="103")).outcome == "accepted"
            await at.hears(linkedid, "monitored 103")
            assert (await at.does("stop_listening", linkedid, to="103")).outcome == "accepted"
            assert (await at.does("transfer", linkedid, to="0809123456")).outcome == "dropped"
            assert (await at.does("take_over", linkedid, to="103")).words == "Transfer succeeded"
            await at.hears(linkedid, "answered 103")
            await at.does("hangup", linkedid)


async def test_sign_in_and_refusals_in_the_servers_own_words(tmp_path: Path) -> None:
    async with real(tmp_path) as at:
        signed = await at.does("sign_in", agent="104", queues=(QUEUE,), name="Rina")
        assert (signed.outcome, signed.words) == ("accepted", "Added interface to queue")
        again = await at.does("sign_in", agent="104", queues=(QUEUE,), name="Rina")
        assert (again.outcome, again.words) == ("refused", "QueueAdd: Unable to add interface: Already there")
        assert (await at.does("sign_out", agent="104", queues=(QUEUE,))).outcome == "accepted"
        assert (await at.does("pause", agent="104", reason="meal")).outcome == "refused"
