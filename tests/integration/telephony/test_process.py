"""The adapter as a process of its own: over HTTP, killed, with the core gone."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from random import Random

import pytest
import uvicorn
from fastapi import FastAPI, Header, HTTPException

from telephony.facts import Envelope, PbxCommand, PbxHealth
from telephony.link import CoreAway, HttpCore
from telephony.simulator import PbxSimulator, SimulatedCall
from tests.integration.telephony.world import MemoryCore, assert_whole, command, now

ROOT = Path(__file__).parents[3]


def app_of(core: MemoryCore) -> FastAPI:
    """The ingest endpoint as the contract has it, before a core in memory."""
    app = FastAPI()

    def check(authorization: str) -> None:
        if authorization != "Bearer token":
            raise HTTPException(401)
        if core.away:
            raise HTTPException(503, "away for this test")

    @app.post("/api/telephony/facts")
    async def facts(envelopes: list[Envelope], authorization: str = Header()) -> dict[str, int]:
        check(authorization)
        await core.ingest(envelopes)
        return {"committed": len(envelopes), "seen": 0}

    @app.post("/api/telephony/health", status_code=204)
    async def health(health: PbxHealth, authorization: str = Header()) -> None:
        check(authorization)
        await core.health(health)

    @app.get("/api/telephony/commands")
    async def commands(pbx: str, wait_s: float, authorization: str = Header()) -> list[PbxCommand]:
        check(authorization)
        return await core.commands(pbx)

    return app


@asynccontextmanager
async def served(core: MemoryCore) -> AsyncIterator[str]:
    config = uvicorn.Config(app_of(core), log_level="warning", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(server.serve(sockets=[listener]))
            try:
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                server.should_exit = server.force_exit = True


async def start(pbx: PbxSimulator, core_url: str, folder: Path) -> asyncio.subprocess.Process:
    arguments = ["-m", "tests.integration.telephony.adapter_process", str(pbx.port), core_url, str(folder / "s.db")]
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )


async def test_adapter_killed_at_any_moment_loses_and_doubles_no_call(tmp_path: Path) -> None:
    core, dice = MemoryCore(), Random(9)
    calls: list[SimulatedCall] = []
    async with served(core) as url, PbxSimulator(clock=now, auto_answer=["101", "102"], speed=20) as pbx:
        for kill in range(3):
            logins, process = pbx.server.logins, await start(pbx, url, tmp_path)
            try:
                await core.until(partial(lambda before: pbx.server.logins > before, logins), timeout_s=15)
                for turn in range(4):
                    calls.append(await pbx.call(ani=f"08125400{kill}{turn}", lines=["Halo"], patience_s=10_000))
                    await asyncio.sleep(dice.uniform(0.01, 0.12))
                dice.choice(calls).hang_up()
                if kill == 2:
                    await core.until(lambda: len(core.calls) == len(calls), timeout_s=10)
                    for call in calls:
                        call.hang_up()
                    await core.until(lambda: all("call_ended" in core.types(one.linkedid) for one in calls), 10)
            finally:
                process.send_signal(signal.SIGKILL)
                await process.wait()
    for call in calls:
        assert_whole(core, call.linkedid)


async def test_http_core_carries_facts_health_and_commands() -> None:
    core = MemoryCore()
    core.command(command("hangup", "call-1"))
    async with served(core) as url, HttpCore(url, "token") as http:
        await http.health(PbxHealth(pbx="main", connected=True, since=now()))
        assert core.connected
        (got,) = await http.commands("main")
        assert got.linkedid == "call-1"


@pytest.mark.parametrize("token", ["wrong", "token"])
async def test_http_core_says_away_unless_the_core_took_it(token: str) -> None:
    core = MemoryCore()
    core.away = True
    async with served(core) as url, HttpCore(url, token) as http:
        with pytest.raises(CoreAway, match=r"401|503"):
            await http.ingest([])


async def test_http_core_says_away_when_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        async with HttpCore(f"http://127.0.0.1:{taken.getsockname()[1]}", "token") as http:
            with pytest.raises(CoreAway, match="cannot be reached"):
                await http.ingest([])
