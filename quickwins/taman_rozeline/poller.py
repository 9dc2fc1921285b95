"""Asks each access point whether it is there: TCP, the system's ping, or SNMP v2c. Bounded in number and time."""

import asyncio
import re
from contextlib import closing, suppress
from dataclasses import dataclass
from importlib import import_module

SNMP_PORT = 161
SYS_UP_TIME = "1.3.6.1.2.1.1.3.0"
"""RFC 3418."""
TIMEOUT_S = 3.0
AT_ONCE = 16
"""Polls at the same time: a few sockets and child processes."""
HOST = re.compile(r"(?!-)[A-Za-z0-9_.:\-]{1,100}")
"""A name or an address; never an option of a program."""


@dataclass(frozen=True, slots=True)
class Target:
    id: str
    method: str
    host: str | None
    port: int | None


async def poll(targets: list[Target], community: str, timeout_s: float = TIMEOUT_S) -> dict[str, bool | None]:
    """By id: True it answered, False it did not, None it could not be asked."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(target: Target) -> bool | None:
        async with slots:
            return await _ask(target, community, timeout_s)

    async with asyncio.TaskGroup() as group:
        tasks = {target.id: group.create_task(one(target)) for target in targets}
    return {key: task.result() for key, task in tasks.items()}


async def _ask(target: Target, community: str, timeout_s: float) -> bool | None:
    if not target.host or not HOST.fullmatch(target.host):
        return None
    try:
        async with asyncio.timeout(timeout_s + 1):
            if target.method == "tcp":
                return await tcp(target.host, target.port or 443, timeout_s)
            if target.method == "ping":
                return await ping(target.host, timeout_s)
            if target.method == "snmp":
                return await snmp(target.host, target.port or SNMP_PORT, community, timeout_s)
    except TimeoutError:
        return False
    return None


async def tcp(host: str, port: int, timeout_s: float) -> bool:
    """Whether something accepts a connection there; a refusal counts as no: the service is meant."""
    try:
        async with asyncio.timeout(timeout_s):
            _reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True


async def ping(host: str, timeout_s: float) -> bool | None:
    """One echo by the system's `ping`; None where there is none."""
    try:
        process = await asyncio.create_subprocess_exec(
            "ping", "-n", "-c", "1", "-W", str(max(1, round(timeout_s))), host,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        return None
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    return {0: True, 1: False}.get(code)


async def snmp(host: str, port: int, community: str, timeout_s: float) -> bool | None:
    """Whether it tells its sysUpTime; None without a community or without the library."""
    if not community:
        return None
    try:
        hlapi = await asyncio.to_thread(import_module, "pysnmp.hlapi.v1arch.asyncio")
    except ImportError:
        return None
    from pysnmp.error import PySnmpError
    from pysnmp.proto.rfc1902 import Null, ObjectIdentifier

    with closing(hlapi.SnmpDispatcher()) as dispatcher:
        try:
            where = await hlapi.UdpTransportTarget.create((host, port), timeout=timeout_s, retries=0)
            # an ObjectType would read MIB files from disk at each poll, 35 ms of everybody's time
            asked = (ObjectIdentifier(SYS_UP_TIME), Null(""))
            wrong, status, _index, _values = await hlapi.get_cmd(
                dispatcher, hlapi.CommunityData(community, mpModel=1), where, asked
            )
        except (PySnmpError, OSError):
            return False
    return wrong is None and not int(status)
