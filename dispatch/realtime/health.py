"""What works and what does not, told to every screen within two seconds of a fault.

A part is a named thing the centre leans on: `database`, `bus`, `pbx:NAME`. The adapter of a PBX repeats its state
every few seconds; its silence is a fault too.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from dispatch.clock import Clock
from dispatch.realtime.wire import HealthPart

PBX_SILENCE = timedelta(seconds=5)
"""Without word from a telephony adapter for this long its PBX counts as away; it reports every 2 s."""

NO_WORD = "no word from the telephony adapter"

Changed = Callable[[], None]
Reported = Callable[[HealthPart], None]


class Health:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._parts: dict[str, HealthPart] = {}
        self._heard: dict[str, datetime] = {}
        self._changed: list[Changed] = []
        self._reported: list[Reported] = []

    def on_change(self, callback: Changed) -> None:
        """`callback` runs whenever a part's state or its detail changed; it must not block or raise."""
        self._changed.append(callback)

    def on_report(self, callback: Reported) -> None:
        """`callback` gets each report that this process made itself, changed or not, to pass it to other workers."""
        self._reported.append(callback)

    def report(self, part: str, ok: bool, detail: str = "") -> None:
        """Say how `part` is now. Reports of `pbx:…` must be repeated within PBX_SILENCE."""
        state = self._note(part, ok, detail)
        for callback in self._reported:
            callback(state)

    def hear(self, part: str, ok: bool, detail: str = "") -> None:
        """Take over what another worker reported."""
        self._note(part, ok, detail)

    def sweep(self) -> None:
        """Mark the PBXs whose adapters have gone silent. Called every second."""
        now = self._clock()
        for part, heard in self._heard.items():
            if now - heard > PBX_SILENCE and self._parts[part].ok:
                self._set(HealthPart(part=part, ok=False, since=now, detail=NO_WORD))

    def parts(self) -> tuple[HealthPart, ...]:
        """All known parts by name."""
        return tuple(self._parts[name] for name in sorted(self._parts))

    def ok(self, part: str) -> bool:
        """False when `part` is known to be away."""
        state = self._parts.get(part)
        return state is None or state.ok

    def _note(self, part: str, ok: bool, detail: str) -> HealthPart:
        now = self._clock()
        if part.startswith("pbx:"):
            self._heard[part] = now
        known = self._parts.get(part)
        if known is not None and (known.ok, known.detail) == (ok, detail):
            return known
        since = known.since if known is not None and known.ok == ok else now
        return self._set(HealthPart(part=part, ok=ok, since=since, detail=detail))

    def _set(self, state: HealthPart) -> HealthPart:
        self._parts[state.part] = state
        for callback in self._changed:
            callback()
        return state
