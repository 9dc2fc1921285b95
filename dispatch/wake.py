"""Tells whoever waits for the log to grow that it did. A lost wake-up costs latency, never an event."""

import asyncio


class Wake:
    """The highest seq known to be committed, and a way to wait for a higher one."""

    def __init__(self) -> None:
        self.upto = 0
        self._grown = asyncio.Event()

    def advance(self, seq: int) -> None:
        """Say that all events up to `seq` are committed. Lower numbers are ignored."""
        if seq <= self.upto:
            return
        self.upto = seq
        self._grown.set()
        self._grown = asyncio.Event()

    async def wait(self, after: int, timeout_s: float) -> bool:
        """Return True once `upto > after`, False when `timeout_s` passed first."""
        try:
            async with asyncio.timeout(timeout_s):
                while self.upto <= after:
                    await self._grown.wait()
        except TimeoutError:
            return False
        return True
