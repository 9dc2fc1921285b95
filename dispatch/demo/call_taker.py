"""A simulated call-taker: listens to the caller, finds type and place, opens the incident or closes the call."""

import asyncio
import random
from typing import Any

from dispatch.demo.client import Entity, Person, Refused
from dispatch.demo.world import World

LISTENS_S = (9.0, 16.0)
"""How long a call-taker listens before opening the incident."""

PLACE_CHARACTERS = 80
"""What is kept of the caller's words where no place was found in them: a list shows it on one line."""

CUES = {
    "information": ("mau tanya", "nomor", "jam berapa", "di kantor mana"),
    "prank": ("pesan", "hati saya", "kenalan", "monster", "haha", "hihi", "tertawa", "iseng"),
    "accidental": ("salah pencet", "dimainkan", "percakapan jauh"),
}
"""Words that tell a call-taker, before any other, what the call is not."""


class CallTaker:
    def __init__(self, person: Person, world: World, protocols: list[Entity], rng: random.Random) -> None:
        self._person = person
        self._world = world
        self._protocols = protocols
        self._rng = rng

    async def handle(self, call_id: str) -> None:
        """Work one answered call to its end."""
        await asyncio.sleep(self._rng.uniform(*LISTENS_S))
        call = self._world.calls.get(call_id)
        if call is None:
            return
        words = " ".join(line["text"] for line in call["transcript"] if line["speaker"] == "caller")
        false = next((name for name, cues in CUES.items() if any(cue in words.lower() for cue in cues)), None)
        kind = None if false else self.understand(words)
        if kind is None:
            await self._close(call_id, false or ("information" if words else "ghost"))
            return
        await self._open(call, kind, words)
        await asyncio.sleep(self._rng.uniform(2, 5))
        await self._close(call_id, "handled")

    def understand(self, words: str) -> Entity | None:
        """The incident type whose keywords fit best, longest match first; None when nothing fits."""
        heard = words.lower()
        best: tuple[int, Entity] | None = None
        for protocol in self._protocols:
            score = sum(len(keyword) for keyword in protocol["keywords"] if keyword.lower() in heard)
            if score and (best is None or score > best[0]):
                best = (score, protocol)
        return best[1] if best else None

    async def _open(self, call: Entity, kind: Entity, words: str) -> None:
        place = await self._find(words)
        similar = []
        if place.get("point"):
            similar = await self._person.get(
                "/incidents/similar",
                type=kind["code"],
                lat=place["point"]["lat"],
                lon=place["point"]["lon"],
                text=words[:200],
            )
        if similar and similar[0]["score"] >= 0.7:
            await self._person.post(f"/calls/{call['id']}/link", {"incident_id": similar[0]["incident"]["id"]})
            return
        body: dict[str, Any] = {
            "call_id": call["id"],
            "type": kind["code"],
            "answers": {},
            "narrative": words[:500],
            "place": place,
            "reporting_party": call["caller_name"],
            "reporting_number": call["ani"],
            "confirm_outside": True,
        }
        await self._person.post("/incidents", body)

    async def _find(self, words: str) -> Entity:
        """The place in the caller's words; the gazetteer is asked with ever shorter ends of what was said."""
        for sentence in (words, *reversed([part.strip() for part in words.split(".") if part.strip()])):
            found: list[Entity] = await self._person.get("/places", q=sentence[-120:], limit=1)
            if found and found[0]["place"].get("point"):
                place: Entity = found[0]["place"]
                return {**place, "text": found[0]["name"]}
        return {"text": words[:PLACE_CHARACTERS] or "?"}

    async def _close(self, call_id: str, disposition: str) -> None:
        call = self._world.calls.get(call_id)
        if call is None:
            return
        await self._person.post(f"/calls/{call_id}/dispose", {"disposition": disposition, "note": ""})
        if call["state"] in ("answered", "held"):
            try:
                await self._person.post(f"/calls/{call_id}/hangup")
            except Refused:
                return  # the caller was quicker
