"""The test centre's phones, played by SIPp on loopback addresses that tell the parties apart.

Desks are 127.0.0.1:5101 and up, the trunk (callers) 127.0.0.2, other agencies 127.0.0.3:5110, 5113, 5119.
"""

import asyncio
import contextlib
import itertools
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.pbx.environment import HERE, SIP_PORT

MEDIA_PORTS = itertools.cycle(range(30000, 50000, 200))
"""SIPp takes a pair for each of its calls: 200 leave room for the largest scenario."""

Phone = subprocess.Popen[bytes]


class Person(NamedTuple):
    number: str
    name: str


@contextlib.contextmanager
def sipp(ip: str, port: int, scenario: str, *args: str | int) -> Iterator[Phone]:
    """A SIPp process for as long as the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["sipp", *map(str, args), "-sf", str(HERE / "sipp" / f"{scenario}.xml"), "-i", ip, "-ci", ip]
        command += ["-p", str(port), "-mp", str(next(MEDIA_PORTS)), "-nostdin", "-aa"]
        command += ["-default_behaviors", "all,-abortunexp"]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, cwd=folder)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def register(desk: int, expires_s: int = 3600) -> None:
    """Sign a desk's phone on; 0 seconds signs it off."""
    keys = ("-key", "port", f"5{desk}", "-key", "expires", expires_s)
    with sipp("127.0.0.1", 5800 + desk, "register", f"127.0.0.1:{SIP_PORT}", "-s", desk, *keys, "-m", 1) as process:
        if process.wait(timeout=10):
            raise RuntimeError(f"desk {desk} could not register")


def desk(number: int, scenario: str = "agent", talk_ms: int = 3000) -> contextlib.AbstractContextManager[Phone]:
    return sipp("127.0.0.1", 5000 + number, scenario, "-d", talk_ms)


def agency(number: int) -> contextlib.AbstractContextManager[Phone]:
    return sipp("127.0.0.3", 5000 + number, "agent")


def citizen_phone() -> contextlib.AbstractContextManager[Phone]:
    """A phone in the public network, for calls that the centre makes."""
    return sipp("127.0.0.2", 5070, "agent")


@contextlib.contextmanager
def callers(
    people: list[Person],
    dialled: str = "112",
    talk_ms: int = 3000,
    port: int = 5080,
    scenario: str = "caller",
    withheld: bool = False,
    asserted: bool = True,
) -> Iterator[Phone]:
    """Each of `people` dials once, ten milliseconds apart.

    `withheld`: the caller asks not to be shown; `asserted`: the network vouches for the number all the same.
    """
    rows = ["SEQUENTIAL"]
    for number, name in people:
        shown = "anonymous;Anonymous" if withheld else f"{number};{name}"
        user, display = shown.split(";")
        identity = f'P-Asserted-Identity: "{name}" <sip:{number}@127.0.0.2>' if asserted else "X-Trunk: 1"
        rows.append(f'{user};"{display}";{identity};Privacy: {"id" if withheld else "none"}')
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
        Path(file.name).write_text("\n".join(rows) + "\n", encoding="utf-8")
        args = ("-inf", file.name, "-s", dialled, "-m", len(people), "-r", 100, "-l", 300, "-d", talk_ms)
        with sipp("127.0.0.2", port, scenario, f"127.0.0.1:{SIP_PORT}", *args) as process:
            yield process


async def finished(process: Phone, limit_s: float = 90) -> None:
    """Wait until a SIPp process has played its calls. Raises RuntimeError when one failed."""
    code = await asyncio.to_thread(process.wait, limit_s)
    if code:
        raise RuntimeError(f"SIPp ended with {code}")
