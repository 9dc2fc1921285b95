"""Polls over the loopback alone: an open port, a closed one, an SNMP agent of four lines."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quickwins.taman_rozeline import poller
from quickwins.taman_rozeline.poller import Target

HERE = "127.0.0.1"


@pytest.fixture
async def listening() -> AsyncIterator[int]:
    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(serve, HERE, 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port: int = probe.getsockname()[1]
        return port


async def test_an_open_port_answers_and_a_closed_one_does_not(listening: int) -> None:
    targets = [
        Target("open", "tcp", HERE, listening),
        Target("closed", "tcp", HERE, closed_port()),
        Target("nowhere", "tcp", None, listening),
        Target("option", "ping", "-f", None),
        Target("unnamed", "none", HERE, None),
    ]
    answers = await poller.poll(targets, "", 1.0)
    assert answers == {"open": True, "closed": False, "nowhere": None, "option": None, "unnamed": None}


async def test_one_that_never_answers_holds_nobody_longer_than_its_time() -> None:
    with socket.socket() as full:
        full.bind((HERE, 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex((HERE, port))
        loop = asyncio.get_running_loop()
        begun = loop.time()
        answers = await poller.poll([Target(str(number), "tcp", HERE, port) for number in range(30)], "", 0.2)
        for one in waiting:
            one.close()
    assert set(answers.values()) == {False}
    assert loop.time() - begun < 2.0


async def test_no_more_than_a_few_are_asked_at_once(listening: int, monkeypatch: pytest.MonkeyPatch) -> None:
    here = most = 0
    real = poller.tcp

    async def watched(host: str, port: int, timeout_s: float) -> bool:
        nonlocal here, most
        here += 1
        most = max(most, here)
        answered = await real(host, port, timeout_s)
        here -= 1
        return answered

    monkeypatch.setattr(poller, "tcp", watched)
    answers = await poller.poll([Target(str(number), "tcp", HERE, listening) for number in range(60)], "", 2.0)
    assert set(answers.values()) == {True}
    assert 1 < most <= poller.AT_ONCE


async def test_ping_says_yes_or_that_it_cannot_be_asked() -> None:
    answered = await poller.ping(HERE, 1.0)
    assert answered is None if shutil.which("ping") is None else answered in (True, None)


class Agent(asyncio.DatagramProtocol):
    """Answers each SNMP v2c GET of one variable with the same packet as a response of 4200 hundredths."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        from pyasn1.codec.ber import decoder, encoder  # type: ignore[import-untyped]
        from pysnmp.proto import api

        proto = api.PROTOCOL_MODULES[api.SNMP_VERSION_2C]
        message, _rest = decoder.decode(data, asn1Spec=proto.Message())
        if str(proto.apiMessage.get_community(message)) != "public":
            return
        answer = proto.apiMessage.get_response(message)
        asked = proto.apiPDU.get_varbinds(proto.apiMessage.get_pdu(message))
        pdu = proto.apiMessage.get_pdu(answer)
        proto.apiPDU.set_varbinds(pdu, [(name, proto.TimeTicks(4200)) for name, _value in asked])
        self.transport.sendto(encoder.encode(answer), addr)  # type: ignore[attr-defined]


async def test_snmp_tells_its_uptime_or_counts_as_a_miss() -> None:
    loop = asyncio.get_running_loop()
    transport, _agent = await loop.create_datagram_endpoint(Agent, local_addr=(HERE, 0))
    port = transport.get_extra_info("sockname")[1]
    try:
        assert await poller.snmp(HERE, port, "public", 2.0) is True
        assert await poller.snmp(HERE, port, "wrong", 0.3) is False
        assert await poller.snmp(HERE, port, "", 0.3) is None
        assert await poller.snmp(HERE, closed_port(), "public", 0.3) is False
    finally:
        transport.close()


@pytest.mark.parametrize(("code", "answered"), [(0, True), (1, False), (2, None)])
async def test_ping_is_believed_by_its_exit_code(
    code: int, answered: bool | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(tmp_path, f'[ "$6" = "10.0.0.9" ] && exit {code}; exit 9')
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert await poller.poll([Target("a", "ping", "10.0.0.9", None)], "", 1.0) == {"a": answered}


async def test_a_ping_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 30")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert await poller.poll([Target("a", "ping", "10.0.0.9", None)], "", 0.0) == {"a": False}
    pid = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def _program(folder: Path, script: str) -> None:
    file = folder / "ping"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
