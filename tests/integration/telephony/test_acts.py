"""The core's commands carried out on a PBX over TCP: what it said comes back, and what followed comes as facts."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from telephony.facts import CommandOutcome, PbxCommand
from telephony.plans import Dialplan
from telephony.reach import Reach
from telephony.simulator import PbxSimulator
from telephony.tls import BadTls, context
from tests.integration.telephony.world import MemoryCore, adapter, config_for, now
from tests.unit.telephony.streams import token

DIALPLAN = Dialplan(reach=Reach(directory=frozenset({"113", "119"})))
SPEED = 20.0


class Scene:
    """A simulated PBX, an adapter of it, and a core that asks."""

    def __init__(self, pbx: PbxSimulator, core: MemoryCore) -> None:
        self.pbx, self.core = pbx, core
        self._asked = 0

    async def talking(self, patience_s: float = 40.0) -> str:
        """The linkedid of a call that desk 101 has answered."""
        call = await self.pbx.call(ani="081254001001", patience_s=patience_s)
        await self.core.until(lambda: "call_answered" in self.core.types(call.linkedid))
        return call.linkedid

    async def does(self, act: str, linkedid: str = "", **fields: Any) -> CommandOutcome:
        """The outcome of a command."""
        self._asked += 1
        asked = {"id": f"c{self._asked}", "act": act, "linkedid": linkedid, "agent": "101", "expires_at": soon()}
        self.core.command(PbxCommand.model_validate({**asked, **fields}))
        await self.core.until(lambda: any(one.id == asked["id"] for one in self.core.outcomes))
        return next(one for one in self.core.outcomes if one.id == asked["id"])

    def told(self, key: str) -> list[str]:
        return [token(fact) for fact in self.core.facts[key]]

    async def hears(self, key: str, wanted: str) -> None:
        await self.core.until(lambda: wanted in self.told(key))


def soon() -> datetime:
    return now() + timedelta(seconds=5)


@asynccontextmanager
async def scene(folder: Path, **more: Any) -> AsyncIterator[Scene]:
    desks = {"desks": ("101", "103"), "auto_answer": ("101",), "speed": SPEED}
    async with PbxSimulator(clock=now, **{**desks, **more}) as pbx:
        core = MemoryCore()
        pbx.set_paused("103", True)
        async with adapter(config_for(pbx, folder, dialplan=DIALPLAN), core):
            await core.until(lambda: core.connected)
            yield Scene(pbx, core)


async def test_a_transferred_caller_goes_on_without_the_desk(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        linkedid = await at.talking()
        outcome = await at.does("transfer", linkedid, to="113")
        assert (outcome.outcome, outcome.words) == ("accepted", "Transfer succeeded")
        await at.hears(linkedid, "transferred 113 blind")
        await at.core.until(lambda: "call_ended" in at.core.types(linkedid), 8)
        assert at.pbx.desks["101"].status == 1
        assert at.told(linkedid)[-2:] == ["transferred 113 blind", "ended"]


async def test_a_conference_is_joined_and_the_desk_leaves_it(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        linkedid = await at.talking()
        outcome = await at.does("conference", linkedid, to="113")
        assert (outcome.outcome, outcome.words) == (
            "accepted",
            "Dual Redirect successful; Originate successfully queued",
        )
        await at.hears(linkedid, "joined 113")
        assert (await at.does("transfer", linkedid, to="119")).outcome == "dropped"
        assert (await at.does("leave", linkedid)).outcome == "accepted"
        await at.hears(linkedid, "transferred 113 attended")


async def test_without_others_a_desk_cannot_leave_a_call(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        linkedid = await at.talking()
        outcome = await at.does("leave", linkedid)
        assert (outcome.outcome, "cut off" in outcome.words) == ("dropped", True)


async def test_a_supervisor_listens_stops_and_takes_over(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        linkedid = await at.talking(patience_s=80)
        assert (await at.does("listen", linkedid, to="103")).outcome == "accepted"
        await at.hears(linkedid, "monitored 103")
        assert (await at.does("stop_listening", linkedid, to="103")).outcome == "accepted"
        await at.hears(linkedid, "unmonitored 103")
        assert (await at.does("take_over", linkedid, to="103")).outcome == "accepted"
        await at.hears(linkedid, "answered 103")


async def test_a_supervisor_whose_phone_is_busy_hears_why(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        linkedid = await at.talking()
        at.pbx.desks["103"].status = 2
        outcome = await at.does("listen", linkedid, to="103")
        assert (outcome.outcome, outcome.words) == (
            "refused",
            "Originate: the line is congested or the phone is away",
        )


async def test_hold_and_mute_are_asked_of_the_phone_and_the_channel(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        linkedid = await at.talking()
        assert (await at.does("hold", linkedid)).words == "NOTIFY sent"
        await at.hears(linkedid, "held")
        assert (await at.does("unhold", linkedid)).outcome == "accepted"
        await at.hears(linkedid, "unheld")
        assert (await at.does("mute", linkedid)).outcome == "accepted"


async def test_a_citizen_is_called_back(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        outcome = await at.does("call_back", to="081254001001")
        assert outcome.outcome == "accepted"
        await at.core.until(lambda: "call_ended" in at.core.types(outcome.id))
        assert at.told(outcome.id) == ["arrived", "answered 101", "ended"]


async def test_a_desk_signs_in_pauses_and_is_told_what_the_pbx_refuses(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        queues: dict[str, Any] = {"agent": "105", "queues": ("psap-112",), "name": "Rina"}
        assert (await at.does("sign_in", **queues)).outcome == "accepted"
        again = await at.does("sign_in", **queues)
        assert (again.outcome, again.words) == ("refused", "QueueAdd: Unable to add interface: Already there")
        paused = await at.does("pause", agent="105", reason="meal")
        assert paused.words == "Interface paused successfully"
        await at.hears("agent:105", "paused meal")
        assert (await at.does("ready", agent="105")).outcome == "accepted"
        assert (await at.does("pause", agent="109", reason="meal")).words == "QueuePause: Interface not found"


async def test_a_number_that_is_not_allowed_never_reaches_the_pbx(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        linkedid = await at.talking()
        before = len(at.pbx.server.received)
        for act, to in (("transfer", "0809123456"), ("conference", "118"), ("call_back", "0809123456")):
            assert (await at.does(act, linkedid, to=to)).outcome == "dropped"
        names = {action["Action"] for action in at.pbx.server.received[before:]}
        assert names <= {"Ping"}


async def test_a_repeated_command_has_no_second_effect(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        linkedid = await at.talking()
        command = PbxCommand(id="same", act="mute", linkedid=linkedid, agent="101", expires_at=soon())
        for _ in range(3):
            at.core.command(command)
        await at.core.until(lambda: bool(at.core.outcomes))
        await asyncio.sleep(0.2)
        assert len(at.core.outcomes) == 1
        assert sum(action["Action"] == "MuteAudio" for action in at.pbx.server.received) == 1


async def test_an_outcome_waits_for_a_core_that_is_away(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        at.core.command(PbxCommand(id="c", act="pause", agent="101", reason="meal", expires_at=soon()))
        await at.core.until(lambda: at.pbx.desks["101"].paused)
        at.core.away = True
        await asyncio.sleep(0.1)
        at.core.away = False
        await at.core.until(lambda: [one.outcome for one in at.core.outcomes] == ["accepted"])


class Authority:
    """A PBX that signs for itself, in files as an operator has them."""

    def __init__(self, folder: Path, name: str = "pbx.example") -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        today = datetime.now(UTC)
        names = [x509.DNSName(name), x509.IPAddress(IPv4Address("127.0.0.1"))]
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(today - timedelta(days=1))
            .not_valid_after(today + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        self.certificate, self._key = folder / f"{name}.pem", folder / f"{name}.key"
        self.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        plain = serialization.NoEncryption()
        form = serialization.PrivateFormat.PKCS8
        self._key.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))

    def server(self) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.certificate, self._key)
        return made


@asynccontextmanager
async def over_tls(folder: Path, tls: ssl.SSLContext, authority: Authority, **more: Any) -> AsyncIterator[Scene]:
    async with PbxSimulator(clock=now, tls=authority.server()) as pbx:
        core = MemoryCore()
        async with adapter(config_for(pbx, folder, tls=tls, **more), core):
            yield Scene(pbx, core)


async def test_the_ami_is_spoken_over_tls_with_an_authority_of_ones_own(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    for name in (None, "pbx.example"):
        trusted = context(authority.certificate)
        async with over_tls(tmp_path, trusted, authority, tls_name=name) as at:
            await at.core.until(lambda at=at: at.core.connected)  # type: ignore[misc]


@pytest.mark.parametrize("case", ["unknown authority", "other name"])
async def test_an_impostor_is_not_told_the_secret(tmp_path: Path, case: str) -> None:
    authority = Authority(tmp_path)
    trusted = context(None if case == "unknown authority" else authority.certificate)
    name = "other.example" if case == "other name" else None
    async with over_tls(tmp_path, trusted, authority, tls_name=name) as at:
        await at.core.until(lambda: any("certificate" in health.detail for health in at.core.healths))
        assert not at.core.connected
        assert at.pbx.server.received == []


async def test_without_verification_only_listeners_are_kept_out(tmp_path: Path) -> None:
    async with over_tls(tmp_path, context(verify=False), Authority(tmp_path)) as at:
        await at.core.until(lambda: at.core.connected)


def test_an_authority_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadTls, match=r"nothing\.pem"):
        context(tmp_path / "nothing.pem")
