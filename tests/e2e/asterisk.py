"""The project's own real Asterisk on free ports, started for one test and taken away after it."""

import os
import random
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.harness import free_port
from tests.pbx.environment import HERE, ROOT

FETCH_S = 240.0
"""The first time 80 MB are fetched and unpacked; then it starts in half a second."""

RTP_STARTS = range(20_000, 29_000, 1_000)
"""Below the ports that SIPp and the kernel take."""


class NoAsterisk(Exception):
    """The real PBX cannot be had here; the text says why."""


@dataclass(frozen=True)
class Asterisk:
    ami_port: int
    sip_port: int
    rtp_start: int
    etc: Path

    @property
    def environment(self) -> Mapping[str, str]:
        """For asterisk-up, and for the tests of tests/pbx in processes of their own."""
        ours = {"AMI_PORT": self.ami_port, "SIP_PORT": self.sip_port, "RTP_START": self.rtp_start}
        return {**os.environ, **{name: str(value) for name, value in ours.items()}, "ASTERISK_ETC": str(self.etc)}

    def up(self, verb: str) -> None:
        """Raises NoAsterisk with its own words when it fails."""
        command = [str(HERE / "asterisk-up"), verb]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=FETCH_S, check=False
        )
        if done.returncode:
            raise NoAsterisk(" ".join(done.stderr.split()) or f"asterisk-up {verb} ended with {done.returncode}")


@contextmanager
def running(etc: Path = HERE / "etc") -> Iterator[Asterisk]:
    """An instance of its own with the configuration in `etc`. Raises NoAsterisk."""
    if shutil.which("sipp") is None:
        raise NoAsterisk("SIPp is missing (Debian's sip-tester)")
    asterisk = Asterisk(free_port(), free_port(), random.choice(RTP_STARTS), etc)
    try:
        asterisk.up("start")
        yield asterisk
    finally:
        asterisk.up("stop")
        shutil.rmtree(ROOT / "psap" / str(asterisk.ami_port), ignore_errors=True)
