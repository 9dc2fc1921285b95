"""The cases that the browser's store replays are what the centre does today, and they leave no event type out."""

import json
from pathlib import Path
from typing import get_args

from dispatch.events import AnyEvent
from tests.simulation.make_replay import FOLDER, cases

NOT_COVERED = {
    "call.command_requested": "changes nothing that a screen holds",
    "desk.command_requested": "changes nothing that a screen holds",
    "desk.command_done": "changes nothing that a screen holds",
    "number_rule.made": "goes to the audit topic alone",
    "number_rule.ended": "goes to the audit topic alone",
    "number_rule.in_force": "goes to the audit topic alone",
    "gazetteer.changed": "changes no entity that a screen holds",
    "premise_note.written": "changes no entity that a screen holds",
    "premise_note.ended": "changes no entity that a screen holds",
    "plugin.emitted": "goes to the plugins' topic alone",
    "protocol.published": "changes no entity that a screen holds",
    "protocol.signed_off": "changes no entity that a screen holds",
    "user.signed_in": "goes to the audit topic alone",
    "user.signed_out": "goes to the audit topic alone",
    "user.locked_out": "goes to the audit topic alone",
}
"""Event types in no case, and why."""

LARGEST_BYTES = 600_000
"""Of all cases together, as they live in the repository."""


def files() -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(FOLDER.glob("*.json"))}


async def test_the_cases_are_what_the_centre_does_today(tmp_path: Path) -> None:
    made = await cases(tmp_path)
    assert files().keys() == made.keys()
    for name, content in made.items():
        assert files()[name].splitlines() == content.splitlines(), f"{name}: python -m tests.simulation.make_replay"


def test_every_type_of_event_is_in_a_case_or_it_is_said_why_not() -> None:
    catalogue = {str(model.model_fields["type"].default) for model in get_args(get_args(AnyEvent)[0])}
    covered = {event["event"]["type"] for content in files().values() for event in json.loads(content)["events"]}
    assert covered <= catalogue
    assert catalogue - covered == NOT_COVERED.keys()


def test_an_event_that_reopens_an_incident_brings_its_assignments_back() -> None:
    events = json.loads(files()["everything-otherwise.ops.json"])["events"]
    (reopened,) = [event["event"] for event in events if event["event"]["type"] == "incident.reopened"]
    assert {one["state"] for one in reopened["changed"]["assignments"]} == {"withdrawn", "cancelled"}


def test_the_cases_stay_small() -> None:
    assert sum(len(content.encode()) for content in files().values()) < LARGEST_BYTES
