"""From the AMI's bytes on the socket to the event at a console's WebSocket, through spool and commit, at 20 calls/s.

A fake PBX sends the bytes that a real Asterisk sent in a recorded call, with fresh ids; a centre in a process of its
own takes them in; a console hears of them. Beside it, in the same run, stands one bare commit of one row on the same
kind of database with the same driver. Goal: p99 of the whole way at most 5 times the bare commit's p50.

    python -m bench.call_to_console [SECONDS]
"""

import asyncio
import random
import re
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import aiosqlite
import asyncpg
import orjson
import uvloop
from sqlalchemy import make_url
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bench.figures import milliseconds, percentile
from dispatch.clock import system_clock
from telephony.simulator.pbx import PbxSimulator
from telephony.simulator.server import BANNER
from tests.conftest import POSTGRES_URL
from tests.harness import CentreProcess

RECORDING = Path(__file__).parents[1] / "tests/data/ami/answered.ami"
CALLS_PER_S = 20
"""On average: callers know nothing of each other, so they come as a Poisson process."""

PAUSE_S = (0.1, 0.2)
"""Between two steps of one call, drawn evenly: a fixed 3/20 s made the steps of four calls coincide all along."""

SEED = 112
"""Of the arrivals and pauses, so that two runs play the same."""

STEPS = {
    "Newchannel": "call.arrived",
    "QueueCallerJoin": "call.queued",
    "AgentConnect": "call.answered",
    "Hangup": "call.ended",
}
GOAL = 5.0
FIRST_ID = 2_000_000_000
"""Of the calls played here; the recorded ones are older."""

NOW = b"@now@"
"""Stands for the time of playing: with the recorded times every caller would have waited for days."""

WARM_UP = 1_000_000
"""Ids of the warm-up's calls begin so much later, so that none is played twice."""

Commit = Callable[[], Awaitable[None]]


def recorded_steps() -> tuple[str, list[tuple[str, bytes]]]:
    """The suffix of the call's id, and its bytes cut behind the event that makes each step, with the step's name."""
    blocks = RECORDING.read_bytes().removeprefix(BANNER).split(b"\r\n\r\n")
    begin = next(i for i, block in enumerate(blocks) if b"Event: Newchannel" in block)
    caller = re.search(rb"Uniqueid: (\S+)", blocks[begin])
    assert caller is not None
    steps: list[tuple[str, bytes]] = []
    part: list[bytes] = []
    for block in blocks[begin:]:
        part.append(block)
        name = re.match(rb"Event: (\w+)", block)
        step = name[1].decode() if name else ""
        own = step != "Hangup" or b"Uniqueid: " + caller[1] in block
        if step in STEPS and own and (step not in [done for done, _ in steps]):
            steps.append((step, b"\r\n\r\n".join(part) + b"\r\n\r\n"))
            part = []
    assert [step for step, _ in steps] == list(STEPS), steps
    return caller[1].decode().rpartition(".")[2], steps


def renamed(data: bytes, n: int) -> bytes:
    """The same call with ids, channels and caller of its own."""
    data = re.sub(rb"psap-(\d+)\.(\d+)", lambda m: b"psap-%d.%s" % (FIRST_ID + n, m[2]), data)
    data = re.sub(rb"Timestamp: [\d.]+", b"Timestamp: " + NOW, data)
    data = re.sub(rb"PJSIP/(trunk|101)-[0-9a-f]{8}", lambda m: b"PJSIP/%s-%08x" % (m[1], n), data)
    return data.replace(b"081254001001", b"0812%08d" % n)


class Console:
    """Keeps when each event of each call arrived."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.seen: dict[tuple[str, str], float] = {}

    async def listen(self) -> None:
        with suppress(ConnectionClosed):
            async for frame in self._socket:
                now = time.perf_counter()
                message = orjson.loads(frame)
                if message["t"] == "event":
                    for call in message["event"]["changed"]["calls"]:
                        self.seen[(call["linkedid"], message["event"]["type"])] = now


Script = list[tuple[tuple[str, str], bytes]]
"""The steps of one call: what the console is to see, (linkedid, event), and the bytes that cause it."""


def scripts(seconds: float, first: int = 0) -> list[Script]:
    """All calls of a run, made ready before it, so that the clock measures the centre and not this."""
    suffix, steps = recorded_steps()
    return [
        [((f"psap-{FIRST_ID + n}.{suffix}", STEPS[step]), renamed(data, n)) for step, data in steps]
        for n in range(first, first + int(seconds * CALLS_PER_S))
    ]


async def play(pbx: PbxSimulator, calls: list[Script], sent: dict[tuple[str, str], float]) -> None:
    chance = random.Random(SEED)

    async def one(script: Script, pauses: list[float]) -> None:
        for (key, data), pause in zip(script, pauses, strict=True):
            sent[key] = time.perf_counter()
            pbx.server.broadcast_bytes(data.replace(NOW, b"%.6f" % time.time()))
            await asyncio.sleep(pause)

    async with asyncio.TaskGroup() as group:
        due = asyncio.get_running_loop().time()
        for script in calls:
            due += chance.expovariate(CALLS_PER_S)
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            group.create_task(one(script, [chance.uniform(*PAUSE_S) for _ in script]))


async def commit_now_and_then(commit: Commit, taken: list[float]) -> None:
    """A bare commit five times a second, all through the run, so that both feel the same machine."""
    while True:
        begin = time.perf_counter()
        await commit()
        taken.append(time.perf_counter() - begin)
        await asyncio.sleep(0.2)


@asynccontextmanager
async def bare_sqlite(folder: Path) -> AsyncIterator[Commit]:
    async with aiosqlite.connect(folder / "bare.db", isolation_level=None) as db:
        await db.execute("PRAGMA journal_mode=WAL")
        await db.execute("PRAGMA synchronous=FULL")
        await db.execute("CREATE TABLE t (x TEXT)")

        async def commit() -> None:
            await db.execute("BEGIN IMMEDIATE")
            await db.execute("INSERT INTO t VALUES (?)", ("x" * 300,))
            await db.execute("COMMIT")

        yield commit


@asynccontextmanager
async def bare_postgres(dsn: str) -> AsyncIterator[Commit]:
    db = await asyncpg.connect(dsn)
    await db.execute("CREATE TABLE bench_bare (x TEXT)")

    async def commit() -> None:
        async with db.transaction():
            await db.execute("INSERT INTO bench_bare VALUES ($1)", "x" * 300)

    try:
        yield commit
    finally:
        await db.close()


async def measure(
    name: str, settings: dict[str, str], bare: Callable[[Path], AbstractAsyncContextManager[Commit]], seconds: float
) -> float:
    sent: dict[tuple[str, str], float] = {}
    commits: list[float] = []
    run = scripts(seconds)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pbx = await stack.enter_async_context(PbxSimulator(clock=system_clock, secret="geheim"))
        centre = CentreProcess(folder, ami_host="127.0.0.1", ami_port=pbx.port, ami_secret="geheim", **settings)
        await stack.enter_async_context(centre)
        async with centre.signed_in("siti") as http:
            cookie = "; ".join(f"{key}={value}" for key, value in http.cookies.items())
        socket = await stack.enter_async_context(
            connect(f"{centre.url.replace('http', 'ws')}/api/ws", additional_headers={"Cookie": cookie}, max_size=None)
        )
        await socket.send('{"t":"subscribe","topics":["ops"],"since":null}')
        console = Console(socket)
        commit = await stack.enter_async_context(bare(folder))
        async with asyncio.TaskGroup() as group:
            side = [group.create_task(console.listen()), group.create_task(commit_now_and_then(commit, commits))]
            await asyncio.sleep(1)
            await play(pbx, scripts(2, WARM_UP), {})
            commits.clear()
            await play(pbx, run, sent)
            await asyncio.sleep(1)
            for task in side:
                task.cancel()
    waits = [console.seen[key] - at for key, at in sent.items() if key in console.seen]
    missing = len(sent) - len(waits)
    ratio = percentile(waits, 0.99) / percentile(commits, 0.5)
    print(f"{name:9} AMI to console {milliseconds(waits)}  missing {missing}")
    print(f"{'':9} bare commit    {milliseconds(commits)}")
    print(f"{'':9} p99 of the whole way / p50 of a bare commit = {ratio:.2f} (goal: at most {GOAL})", flush=True)
    return ratio


async def main(seconds: float) -> None:
    await measure("SQLite", {}, bare_sqlite, seconds)
    server = make_url(POSTGRES_URL)
    name = f"siaga_bench_{uuid.uuid4().hex[:12]}"
    dsn = server.set(drivername="postgresql").render_as_string(hide_password=False)
    admin = await asyncpg.connect(dsn, timeout=5)
    await admin.execute(f'CREATE DATABASE "{name}"')
    try:
        url = server.set(database=name)
        bare_dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        settings = {"database_url": url.render_as_string(hide_password=False)}
        await measure("PostgreSQL", settings, lambda _folder: bare_postgres(bare_dsn), seconds)
    finally:
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await admin.close()


if __name__ == "__main__":
    uvloop.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 15.0))
