"""The main job, end to end, on the simulated PBX: it runs wherever there is a browser."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser

from dispatch.clock import system_clock
from telephony.simulator.model import SimulatedCall
from telephony.simulator.pbx import PbxSimulator
from tests.e2e.browser import Screens
from tests.e2e.flow import DESK, OFFER_S, a_call_becomes_a_closed_incident, the_record_is_whole
from tests.harness import CentreProcess, eventually

pytestmark = pytest.mark.browser

SECRET = "siaga-test"
TELLS = ("Tolong, bapak saya sesak napas!", "Rumahnya di Petung, dekat masjid.", "Umurnya enam puluh dua.")
PATIENCE_S = 600.0


class SimulatedPbx:
    """PbxSimulator as the flow's PBX."""

    def __init__(self, pbx: PbxSimulator) -> None:
        self._pbx = pbx

    @property
    def settings(self) -> Mapping[str, str | int]:
        return {"ami_host": "127.0.0.1", "ami_port": self._pbx.port, "ami_secret": SECRET}

    async def ring_and_give_up(self, ani: str) -> None:
        call = await self._pbx.call(ani=ani, patience_s=PATIENCE_S)
        await _rings(call)
        call.hang_up()
        await call.ended.wait()

    @asynccontextmanager
    async def calling(self, ani: str) -> AsyncIterator[None]:
        call = await self._pbx.call(ani=ani, lines=TELLS, patience_s=PATIENCE_S)
        yield
        await call.ended.wait()


async def _rings(call: SimulatedCall) -> None:
    async def ringing() -> bool:
        return call.leg is not None

    await eventually(ringing)


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_call_becomes_a_closed_incident(browser: Browser, tmp_path: Path) -> None:
    async with PbxSimulator(clock=system_clock, secret=SECRET, desks=(DESK,), ring_s=PATIENCE_S) as switch:
        pbx = SimulatedPbx(switch)
        async with CentreProcess(tmp_path / "centre", offer_timeout_s=OFFER_S, **pbx.settings) as centre:
            async with Screens(browser, centre.url) as screens:
                incident_id = await a_call_becomes_a_closed_incident(centre, screens, pbx)
            await the_record_is_whole(centre, incident_id)
