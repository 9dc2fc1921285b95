"""Every fault that was measured in panoramisk 1.4, held against our own connection: docs/decisions/0003."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from telephony import actions
from telephony.actions import Action
from telephony.ami import AmiLink, Inbox, LinkLost, Mark, NoAnswer, Refused
from telephony.client import AmiClient, Patience, Target
from telephony.facts import Fact
from telephony.fold import Fold
from telephony.simulator import PbxSimulator
from telephony.wire import MAX_MESSAGE_BYTES, AmiMessage
from tests.integration.telephony.world import MemoryCore, adapter, config_for, now

Fields = dict[str, str]

QUICK = Patience(
    action_s=0.5,
    resync_s=0.3,
    boot_s=0.05,
    ping_every_s=0.05,
    pong_s=0.15,
    retry_first_s=0.01,
    retry_most_s=0.05,
    refused_s=0.1,
)


class FakeAmi:
    """Answers a login, then only what `reply` gives; keeps all that it was sent, connection by connection."""

    def __init__(self, reply: Callable[[Fields], str | None]) -> None:
        self._reply = reply
        self.received: list[list[Fields]] = []
        self.writers: list[asyncio.StreamWriter] = []

    def named(self, name: str) -> list[Fields]:
        return [fields for connection in self.received for fields in connection if fields.get("Action") == name]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got: list[Fields] = []
        self.received.append(got)
        self.writers.append(writer)
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        try:
            while True:
                block = (await reader.readuntil(b"\r\n\r\n")).decode()
                fields = dict(line.split(": ", 1) for line in block.split("\r\n") if line)
                got.append(fields)
                text = self._reply(fields)
                if text is not None:
                    writer.write(text.replace("\n", "\r\n").replace("%ID", fields["ActionID"]).encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


OK = "Response: Success\nActionID: %ID\nMessage: fine\n\n"
CALL_BACK = actions.originate("cmd-1", "PJSIP/101", *actions.to_exten("callback", "0812"))
LIST = "Response: Success\nActionID: %ID\nEventList: start\nMessage: list will follow\n\n"


def only_login(fields: Fields) -> str | None:
    return OK if fields["Action"] == "Login" else None


def everything(fields: Fields) -> str | None:
    """As a PBX without calls."""
    for action in actions.resync():
        if action.name == fields["Action"]:
            return f"{LIST}Event: {action.ends_with}\nActionID: %ID\nEventList: Complete\nListItems: 0\n\n"
    return OK


@asynccontextmanager
async def fake(reply: Callable[[Fields], str | None] = only_login) -> AsyncIterator[tuple[FakeAmi, int]]:
    ami = FakeAmi(reply)
    server = await asyncio.start_server(ami.serve, "127.0.0.1", 0)
    try:
        yield ami, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in ami.writers:
            writer.transport.abort()
        await asyncio.sleep(0.01)


@asynccontextmanager
async def logged_in(port: int, bound: int = 1000) -> AsyncIterator[tuple[AmiLink, Inbox]]:
    inbox = Inbox(bound)
    _, link = await asyncio.get_running_loop().create_connection(lambda: AmiLink(inbox), "127.0.0.1", port)
    try:
        await link.ask(actions.login("siaga", "secret"), 1.0)
        yield link, inbox
    finally:
        link.close("test over")


@asynccontextmanager
async def running_client(port: int, patience: Patience = QUICK) -> AsyncIterator[tuple[AmiClient, list[str], Inbox]]:
    said: list[str] = []
    inbox = Inbox()
    target = Target("127.0.0.1", port, "siaga", "secret")
    client = AmiClient(target, inbox, lambda connected, detail: said.append("up" if connected else detail), patience)
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(client.run()), tasks.create_task(_drain(inbox))]
        yield client, said, inbox
        for task in running:
            task.cancel()


async def _drain(inbox: Inbox) -> None:
    while True:
        await inbox.take()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(3):
        while not condition():  # noqa: ASYNC110  the fake's lists have no event
            await asyncio.sleep(0.01)


async def messages(inbox: Inbox, count: int) -> list[AmiMessage]:
    found: list[AmiMessage] = []
    async with asyncio.timeout(2):
        while len(found) < count:
            found += [item for item in await inbox.take() if isinstance(item, AmiMessage)]
    return found


@pytest.mark.parametrize(
    "bad", ["q\r\n\r\nAction: Command\r\nCommand: core stop now", "a\nb", "a\rb", "a\x00b", "a\x85b"]
)
async def test_line_break_in_a_value_is_refused_by_name_and_nothing_is_sent(bad: str) -> None:
    async with fake() as (ami, port), logged_in(port) as (link, _):
        with pytest.raises(ValueError, match="Interface"):
            await link.ask(actions.queue_pause(bad, paused=True), 0.2)
        await asyncio.sleep(0.05)
        assert [fields["Action"] for fields in ami.received[0]] == ["Login"]


async def test_utf8_letter_cut_by_a_read_arrives_whole() -> None:
    raw = "Event: UserEvent\r\nName: José\r\n\r\n".encode()
    cut = raw.index(b"\xc3") + 1
    async with fake() as (ami, port), logged_in(port) as (_, inbox):
        ami.writers[0].write(raw[:cut])
        await asyncio.sleep(0.05)
        ami.writers[0].write(raw[cut:])
        (message,) = await messages(inbox, 1)
    assert message.get("Name") == "José"


async def test_fault_in_the_fold_loses_no_other_message_and_no_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = Fold.apply

    def faulty(self: Fold, message: AmiMessage, now: datetime) -> list[Fact]:
        if message.event == "AgentCalled":
            raise RuntimeError("a fault planted by this test")
        return sound(self, message, now)

    monkeypatch.setattr(Fold, "apply", faulty)
    core = MemoryCore()
    async with PbxSimulator(clock=now, desks=["101"], auto_answer=["101"], speed=50) as pbx:
        async with adapter(config_for(pbx, tmp_path), core):
            await core.until(lambda: core.connected)
            call = await pbx.call(ani="081254001001", patience_s=10)
            await core.until(lambda: "call_ended" in core.types(call.linkedid))
    assert core.types(call.linkedid) == ["call_arrived", "call_queued", "call_answered", "call_ended"]
    assert pbx.server.logins == 1


@pytest.mark.parametrize("action", [CALL_BACK, Action("Command", (("Command", "x"),))])
async def test_unanswered_action_is_never_sent_again_after_a_reconnect(action: Action) -> None:
    def reply(fields: Fields) -> str | None:
        return None if fields["Action"] == action.name else everything(fields)

    async with fake(reply) as (ami, port), running_client(port) as (client, _, _):
        await until(lambda: client.link is not None)
        link = client.link
        assert link is not None
        asked = asyncio.ensure_future(link.ask(action, 2.0))
        await until(lambda: len(ami.named(action.name)) == 1)
        ami.writers[0].transport.abort()
        with pytest.raises(LinkLost):
            await asked
        await until(lambda: len(ami.received) == 2 and client.link is not None)
        await asyncio.sleep(0.1)
        assert len(ami.named(action.name)) == 1


async def test_action_while_away_fails_at_once_and_is_not_kept() -> None:
    async with fake() as (ami, port), logged_in(port) as (link, _):
        ami.writers[0].transport.abort()
        await link.lost
        with pytest.raises(LinkLost):
            await link.ask(actions.queue_status(), 1.0)


async def test_ping_without_a_pong_ends_the_connection() -> None:
    def reply(fields: Fields) -> str | None:
        return None if fields["Action"] == "Ping" else everything(fields)

    async with fake(reply) as (ami, port), running_client(port) as (_, said, _):
        await until(lambda: len(ami.received) >= 2)
    assert any("no answer to Ping" in text for text in said)


async def test_list_that_never_ends_times_out() -> None:
    async with fake(lambda fields: LIST if fields["Action"] == "QueueStatus" else OK) as (_, port):
        async with logged_in(port) as (link, _):
            with pytest.raises(NoAnswer):
                await link.ask(actions.queue_status(), 0.1)


async def test_list_cut_by_a_lost_connection_fails_instead_of_hanging() -> None:
    async with fake(lambda fields: LIST if fields["Action"] == "QueueStatus" else OK) as (ami, port):
        async with logged_in(port) as (link, _):
            asked = asyncio.ensure_future(link.ask(actions.queue_status(), 2.0))
            await until(lambda: len(ami.named("QueueStatus")) == 1)
            await asyncio.sleep(0.02)
            ami.writers[0].transport.abort()
            with pytest.raises(LinkLost):
                await asked


async def test_successful_queue_add_resolves() -> None:
    added = "Response: Success\nActionID: %ID\nMessage: Added interface to queue\n\n"
    async with fake(lambda fields: added) as (_, port), logged_in(port) as (link, _):
        (response,) = await link.ask(actions.queue_add("psap-112", "PJSIP/104", "Rina"), 1.0)
    assert response.get("Message") == "Added interface to queue"


async def test_originate_is_always_asynchronous_and_carries_its_own_id() -> None:
    done = f"{OK}Event: OriginateResponse\nActionID: %ID\nResponse: Success\nReason: 4\n\n"
    async with fake(lambda fields: done) as (ami, port), logged_in(port) as (link, _):
        *_, last = await link.ask(CALL_BACK, 1.0)
        assert last.get("Reason") == "4"
        (sent,) = ami.named("Originate")
    assert (sent["Async"], sent["ChannelId"]) == ("true", "cmd-1")


async def test_slow_consumer_sees_events_in_order_and_the_inbox_stays_bounded() -> None:
    async with fake() as (ami, port), logged_in(port, bound=500) as (link, inbox):
        ami.writers[0].write(b"".join(b"Event: UserEvent\r\nN: %d\r\n\r\n" % n for n in range(2000)))
        assert "fell behind" in await link.lost
        items = await inbox.take()
    numbers = [int(item.get("N")) for item in items if isinstance(item, AmiMessage)]
    assert items[0] is Mark.RESYNC_BEGINS
    assert numbers == list(range(len(numbers)))
    assert len(items) == 500


async def test_message_without_an_end_does_not_grow_the_buffer() -> None:
    async with fake() as (ami, port), logged_in(port) as (_, inbox):
        for _ in range(8):
            ami.writers[0].write(b"Event: Endless\r\n" + b"x" * MAX_MESSAGE_BYTES)
            await ami.writers[0].drain()
        ami.writers[0].write(b"\r\n\r\nEvent: UserEvent\r\nN: 1\r\n\r\n")
        (message,) = await messages(inbox, 1)
    assert message.get("N") == "1"


async def test_wrong_secret_is_said_and_not_retried_at_once() -> None:
    def reply(fields: Fields) -> str | None:
        return "Response: Error\nActionID: %ID\nMessage: Authentication failed\n\n"

    async with fake(reply) as (ami, port), running_client(port) as (_, said, _):
        await until(lambda: len(ami.received) == 2)
        assert len(said) >= 1
    assert all("login refused" in text for text in said)


async def test_refused_action_raises_with_the_words_of_the_pbx() -> None:
    def reply(fields: Fields) -> str | None:
        return OK if fields["Action"] == "Login" else "Response: Error\nActionID: %ID\nMessage: No such channel\n\n"

    async with fake(reply) as (_, port), logged_in(port) as (link, _):
        with pytest.raises(Refused, match="No such channel"):
            await link.ask(actions.hangup("PJSIP/none"), 1.0)


def test_secret_is_in_no_repr() -> None:
    assert "hush" not in repr(actions.login("siaga", "hush"))
    assert "hush" not in repr(Target("127.0.0.1", 5038, "siaga", "hush"))
