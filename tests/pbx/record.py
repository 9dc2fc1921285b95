"""Play call scenarios with SIPp on the Asterisk that asterisk-up started, and record the AMI's bytes.

    python -m tests.pbx.record FOLDER [SCENARIO ...]     none named: all;  --list names them

Settings by environment: see environment.py. Loopback only; ends every process that it starts.

Writes NAME.ami, the server's bytes exactly as on the wire from the banner on (NAME.2.ami: the next connection, after
a restart), and NAME.json:
  truth            what was played, call by call (scenarios.py)
  ids              ani -> [Uniqueid, Linkedid] of the caller's channels, looked up in the stream for convenience
  queue_log, cdr   the PBX's own two records of the same minutes: two witnesses that are not the AMI
  client           what our side sent: at which second, after how many server bytes; the login's secret is masked
  chunks           [second, offset] of every read, so that a replay can keep the time and the cuts
"""

import asyncio
import csv
import json
import re
import sys
import time
from pathlib import Path
from typing import Any

from tests.pbx.environment import CDR, QUEUE_LOG
from tests.pbx.phones import register
from tests.pbx.recorder import Recorder, blocks
from tests.pbx.scenarios import QUEUE, SCENARIOS, UNDECIDED, Scenario

WRAP_UP_S = 2.5
"""The queue's wrapuptime of 2 s and some: a desk must be free again before the next scenario."""
SETTLE_S = 1.2
"""The last events of a call come within a second of its hang-up."""
CDR_COLUMNS = (
    "accountcode src dst dcontext clid channel dstchannel lastapp lastdata start answer end "
    "duration billsec disposition amaflags uniqueid"
).split()


def size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def tail(file: Path, offset: int) -> list[str]:
    return file.read_bytes()[offset:].decode("utf-8", "replace").splitlines() if file.exists() else []


async def make_ready() -> None:
    """Clear what an earlier scenario left, on a connection of its own so that the recording begins clean."""
    side = await Recorder().open()
    await side.action(Action="Hangup", Channel="/^(PJSIP|Local)/.*$/")
    for number in (101, 102):
        await side.action(Action="QueuePause", Queue=QUEUE, Interface=f"PJSIP/{number}", Paused="false")
    await asyncio.sleep(0.5)
    await side.close()


def caller_ids(raw: bytes) -> dict[str, list[list[str]]]:
    ids: dict[str, list[list[str]]] = {}
    for fields in blocks(raw):
        if fields.get("Event") == "Newchannel" and fields["Uniqueid"] == fields["Linkedid"]:
            ids.setdefault(fields["CallerIDNum"], []).append([fields["Uniqueid"], fields["Linkedid"]])
    return ids


def decide(document: dict[str, Any]) -> None:
    """Where the PBX chose (who takes a burst's calls, who wins a race), its queue log completes the truth."""
    for played in document["truth"]:
        if played.get("agent") is not None or not document["ids"].get(played.get("ani")):
            continue
        uniqueid = document["ids"][played["ani"]][0][0]
        rows = [row for row in document["queue_log"] if row[1] == uniqueid]
        took = next((row[3].split()[-1] for row in rows if row[4] == "CONNECT"), None)
        played["agent"] = took
        if played["outcome"] == UNDECIDED:
            played["outcome"] = "answered" if took else "abandoned"
            end = [f"answered {took}", "ended"] if took else ["abandoned", "ended"]
            played["order"] = ["arrived", f"queued {QUEUE}", "ringing 101", *end]


def as_text(document: dict[str, Any]) -> str:
    """JSON with one line for each innermost list, so that a difference between two recordings can be read."""
    text = json.dumps(document, indent=1, ensure_ascii=False)
    return re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda found: "[" + " ".join(found[1].split()) + "]", text) + "\n"


async def play(folder: Path, name: str, scenario: Scenario) -> None:
    await make_ready()
    queue_log_at, cdr_at, began = size(QUEUE_LOG), size(CDR), time.time()
    ami = await Recorder().open()
    try:
        truth = await scenario(ami)
    finally:
        await asyncio.sleep(SETTLE_S)
        await ami.close()
    raw = bytes(ami.raw)
    document: dict[str, Any] = {
        "scenario": name,
        "recorded": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(began)),
        "truth": truth,
        "ids": caller_ids(raw),
        "queue_log": [line.split("|") for line in tail(QUEUE_LOG, queue_log_at)],
        "cdr": [dict(zip(CDR_COLUMNS, row, strict=False)) for row in csv.reader(tail(CDR, cdr_at))],
        "client": ami.client,
        "chunks": ami.chunks,
    }
    files = {f"{name}.ami": raw}
    if ami.successor is not None:
        await ami.successor.close()
        document |= {"client_2": ami.successor.client, "chunks_2": ami.successor.chunks}
        files[f"{name}.2.ami"] = bytes(ami.successor.raw)
    decide(document)
    files[f"{name}.json"] = as_text(document).encode()
    await asyncio.to_thread(write, folder, files)
    sys.stdout.write(f"{name}: {len(raw)} bytes, {raw.count(b'Event: ')} events, {time.time() - began:.1f} s\n")


def write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


async def record(folder: Path, names: list[str]) -> None:
    for number in (101, 102, 103, 104):
        register(number)
    for name in names or list(SCENARIOS):
        await play(folder, name, SCENARIOS[name])
        await asyncio.sleep(WRAP_UP_S)


def main(arguments: list[str]) -> int:
    if arguments == ["--list"]:
        sys.stdout.write("\n".join(SCENARIOS) + "\n")
        return 0
    if not arguments or (unknown := set(arguments[1:]) - SCENARIOS.keys()):
        sys.stderr.write(f"no such scenario: {', '.join(sorted(unknown))}\n" if arguments else f"{__doc__}\n")
        return 2
    asyncio.run(record(Path(arguments[0]), arguments[1:]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
