"""What the city sees: the live entities, kept from snapshot and events as every face does."""

from dataclasses import dataclass, field

from dispatch.demo.client import Entity

KINDS = ("calls", "incidents", "assignments", "units")


@dataclass(slots=True)
class World:
    calls: dict[str, Entity] = field(default_factory=dict)
    incidents: dict[str, Entity] = field(default_factory=dict)
    assignments: dict[str, Entity] = field(default_factory=dict)
    units: dict[str, Entity] = field(default_factory=dict)

    def take(self, message: Entity) -> list[tuple[str, Entity]]:
        """Apply a message; return what changed as (kind, entity)."""
        if message["t"] == "snapshot":
            for kind in KINDS:
                getattr(self, kind).clear()
            source = message
        elif message["t"] == "event":
            source = message["event"].get("changed", {})
        else:
            return []
        changed = [(kind, entity) for kind in KINDS for entity in source.get(kind, ())]
        for kind, entity in changed:
            getattr(self, kind)[entity["id"]] = entity
        self._drop_ended()
        return changed

    def _drop_ended(self) -> None:
        """The snapshot's own rule (views.Snapshot): what is over leaves."""
        for call_id in [key for key, call in self.calls.items() if call["state"] == "closed"]:
            del self.calls[call_id]
        over = ("closed", "cancelled", "merged")
        for incident_id in [key for key, incident in self.incidents.items() if incident["state"] in over]:
            del self.incidents[incident_id]
        for key in [key for key, item in self.assignments.items() if item["incident_id"] not in self.incidents]:
            del self.assignments[key]
