"""The main job, end to end, on a real Asterisk: SIPp dials 112, SIPp's desk picks up when the console says so."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.e2e.asterisk import Asterisk
from tests.e2e.browser import Screens
from tests.e2e.flow import DESK, OFFER_S, a_call_becomes_a_closed_incident, the_record_is_whole
from tests.harness import CentreProcess
from tests.pbx import phones
from tests.pbx.environment import AMI_SECRET, AMI_USER
from tests.pbx.phones import Person

pytestmark = [pytest.mark.asterisk, pytest.mark.slow]

GIVES_UP_AFTER_MS = 3000


class RealPbx:
    """Asterisk with SIPp's phones as the flow's PBX."""

    def __init__(self, asterisk: Asterisk) -> None:
        self._asterisk = asterisk

    @property
    def settings(self) -> Mapping[str, str | int]:
        return {
            "ami_host": "127.0.0.1",
            "ami_port": self._asterisk.ami_port,
            "ami_username": AMI_USER,
            "ami_secret": AMI_SECRET,
            "ami_caller_published": "true",
        }

    async def ring_and_give_up(self, ani: str) -> None:
        person = Person(ani, "Budi")
        with phones.desk(int(DESK), "agent-silent"), phones.callers([person], talk_ms=GIVES_UP_AFTER_MS) as caller:
            await phones.finished(caller)

    @asynccontextmanager
    async def calling(self, ani: str) -> AsyncIterator[None]:
        person = Person(ani, "Budi")
        stays = phones.callers([person], scenario="caller-stays", port=5082)
        with phones.desk(int(DESK), "agent-answers-on-talk"), stays as caller:
            yield
            await phones.finished(caller)


@pytest.mark.browser
@pytest.mark.timeout(600)
async def test_a_call_on_a_real_asterisk_becomes_a_closed_incident(
    browser: Browser, patient_asterisk: Asterisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phones, "SIP_PORT", patient_asterisk.sip_port)
    pbx = RealPbx(patient_asterisk)
    await asyncio.to_thread(phones.register, int(DESK))
    async with CentreProcess(tmp_path / "centre", offer_timeout_s=OFFER_S, **pbx.settings) as centre:
        async with Screens(browser, centre.url) as screens:
            incident_id = await a_call_becomes_a_closed_incident(centre, screens, pbx)
        await the_record_is_whole(centre, incident_id)
