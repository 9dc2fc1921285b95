"""Hold the recordings' truth against the PBX's own queue log and against the AMI stream.

    python -m tests.pbx.verify [FOLDER]

Every call that was played must have one caller channel in the stream; its outcome must agree with the queue log and
with the events; the stream must begin with the banner and hold no secret. One line a file; ends with 1 on a fault.
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.pbx.environment import AMI_SECRET
from tests.pbx.recorder import blocks

RECORDINGS = Path(__file__).resolve().parent.parent / "data" / "ami"
NOT_IN_QUEUE_LOG = ("lost", "ivr dropped")
"""A PBX that restarts does not log whom it lost; one who hangs up in the menu never came to the queue."""


def by_queue_log(rows: list[list[str]]) -> str:
    verbs = {row[4] for row in rows}
    if verbs & {"BLINDTRANSFER", "ATTENDEDTRANSFER"}:
        return "transferred"
    if "CONNECT" in verbs:
        return "answered"
    return "abandoned" if "ABANDON" in verbs else "nothing"


def by_events(events: list[dict[str, str]], uniqueid: str) -> str:
    transfers = ("BlindTransfer", "AttendedTransfer")
    if any(one["Event"] in transfers and one.get("TransfereeUniqueid") == uniqueid for one in events):
        return "transferred"
    names = {one["Event"] for one in events if one.get("Uniqueid") == uniqueid}
    if "AgentConnect" in names:
        return "answered"
    return "abandoned" if "QueueCallerAbandon" in names else "nothing"


def faults_of_call(
    played: dict[str, Any], uniqueid: str, rows: list[list[str]], events: list[dict[str, str]]
) -> list[str]:
    rows = [row for row in rows if row[1] == uniqueid]
    said, seen, outcome = by_queue_log(rows), by_events(events, uniqueid), played["outcome"]
    faults = []
    expected = "nothing" if outcome in NOT_IN_QUEUE_LOG else outcome
    if outcome != "lost" and said != expected:
        faults.append(f"played {outcome}, queue log {said}")
    if seen != expected:
        faults.append(f"played {outcome}, events {seen}")
    took = next((row[3].split()[-1] for row in reversed(rows) if row[4] == "CONNECT"), None)
    if took != played["agent"]:
        faults.append(f"played agent {played['agent']}, queue log {took}")
    return [f"{played['ani']}: {fault}" for fault in faults]


def faults_of(file: Path) -> list[str]:
    """What disagrees in one recording, in words."""
    document = json.loads(file.read_text(encoding="utf-8"))
    raw = file.with_suffix(".ami").read_bytes()
    events = [fields for fields in blocks(raw) if "Event" in fields]
    faults = [] if raw.startswith(b"Asterisk Call Manager/") else ["no banner"]
    if AMI_SECRET.encode() in raw + file.read_bytes():
        faults.append("secret in clear")
    channels = {ani: iter(ids) for ani, ids in document["ids"].items()}
    for played in document["truth"]:
        if "ani" not in played:
            continue
        ids = next(channels.get(played["ani"], iter(())), None)
        if ids is None:
            faults.append(f"{played['ani']}: no channel")
        else:
            faults += faults_of_call(played, ids[0], document["queue_log"], events)
    return faults


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else RECORDINGS
    files = sorted(folder.glob("*.json"))
    verdicts = {file.stem: faults_of(file) for file in files}
    for name, faults in verdicts.items():
        sys.stdout.write(f"{name:28} {'; '.join(faults) or 'agrees'}\n")
    return 1 if not files or any(verdicts.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
