"""AMI events a second on one core: our wire, and wire with fold, beside panoramisk's parser, on the same bytes.

    python -m bench.ami_throughput [MEGABYTES]

The recorded burst of a real Asterisk is repeated and fed in reads of 16 kB. The three take turns; ratios are taken
inside a round, so that a noisy machine hurts all alike.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from panoramisk.ami_protocol import AMIProtocol

from dispatch.clock import system_clock
from telephony.fold import Fold
from telephony.wire import AmiParser

RECORDING = Path(__file__).parents[1] / "tests/data/ami/burst.ami"
READ_BYTES = 16 * 1024
ROUNDS = 7

Reader = Callable[[list[bytes]], None]


class Counting:
    """Panoramisk's manager as far as its parser asks for one."""

    def dispatch(self, message: Any) -> None:
        pass


def panoramisk(chunks: list[bytes]) -> None:
    protocol = AMIProtocol()
    protocol.connection_made(None)
    protocol.factory = Counting()
    protocol.encoding = "utf-8"
    for chunk in chunks:
        protocol.data_received(chunk)


def wire_alone(chunks: list[bytes]) -> None:
    parser = AmiParser(skip=frozenset())
    for chunk in chunks:
        parser.feed(chunk)


def wire_and_fold(chunks: list[bytes]) -> None:
    parser, fold = AmiParser(), Fold()
    now = system_clock()
    for chunk in chunks:
        for message in parser.feed(chunk):
            fold.apply(message, now)


READERS: dict[str, Reader] = {"panoramisk": panoramisk, "wire": wire_alone, "wire + fold": wire_and_fold}


def main(megabytes: float) -> None:
    one = RECORDING.read_bytes()
    times = max(1, int(megabytes * 1e6 / len(one)))
    data, count = one * times, one.count(b"Event: ") * times
    chunks = [data[at : at + READ_BYTES] for at in range(0, len(data), READ_BYTES)]
    taken: dict[str, list[float]] = {name: [] for name in READERS}
    for _ in range(ROUNDS):
        for name, read in READERS.items():
            begin = time.process_time()
            read(chunks)
            taken[name].append(time.process_time() - begin)
    for name, seconds in taken.items():
        ratio = statistics.median(base / own for base, own in zip(taken["panoramisk"], seconds, strict=True))
        print(f"{name:12} {count / statistics.median(seconds):9,.0f} events/s of CPU  x{ratio:5.2f}  (n={ROUNDS})")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0)
