"""An adapter in a process of its own, for tests that kill it: `python -m … PBX_PORT CORE_URL SPOOL`."""

import asyncio
import sys
from pathlib import Path

from telephony.link import HttpCore
from telephony.run import AdapterConfig, run_adapter
from tests.integration.telephony.world import QUICK, now


async def main(port: str, core_url: str, spool: str) -> None:
    config = AdapterConfig("main", "127.0.0.1", int(port), "siaga", "siaga-test", Path(spool), patience=QUICK)
    async with HttpCore(core_url, "token") as core:
        await run_adapter(config, core, clock=now)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
