"""A simulated crew: accepts offers, drives, works, clears and drives home, sending its position as a phone would."""

import asyncio
import math
import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

from dispatch.demo.client import Entity, Person

DECLINES = 0.04
IGNORES = 0.03
"""Shares of offers that a crew declines or does not see in time, so that the chain of offers is shown."""

STEP_S = 3.0
"""Between two positions of a moving crew."""

HOSPITAL = (-1.30887, 116.73469)
"""RSUD Ratu Aji Putri Botung."""

M_PER_DEGREE = 111_320.0

Point = tuple[float, float]


class Crew:
    def __init__(
        self, person: Person, unit: Entity, home: Point, speed: float, clock: Callable[[], datetime], rng: random.Random
    ) -> None:
        """`speed` is how many times faster than 60 km/h the demo's crews drive."""
        self._person = person
        self._unit = unit
        self._home = home
        self._at = home
        self._speed_ms = 60 / 3.6 * speed
        self._clock = clock
        self._rng = rng

    async def work(self, assignment: Entity, incident: Entity) -> None:
        """One assignment from the offer to its end; Refused ends it early (withdrawn, cancelled)."""
        await asyncio.sleep(self._rng.uniform(3, 9))
        chance = self._rng.random()
        if chance < IGNORES:
            return
        if chance < IGNORES + DECLINES:
            await self._act(assignment, "decline", "Kendaraan sedang bermasalah")
            return
        await self._act(assignment, "accept")
        await self._rest(2, 6)
        await self._act(assignment, "depart")
        point = incident["place"].get("point")
        await self._drive((point["lat"], point["lon"]) if point else self._at)
        await self._act(assignment, "arrive")
        await self._rest(25, 70)
        if "ambulance" in self._unit["capabilities"] and self._rng.random() < 0.6:
            await self._act(assignment, "transport")
            await self._drive(HOSPITAL)
            await self._act(assignment, "reach_facility")
            await self._rest(8, 15)
        await self._act(assignment, "clear")

    async def go_home(self) -> None:
        await self._drive(self._home)

    async def report(self) -> None:
        """Say where the unit stands; what does not move is not repeated often."""
        await self._send(0.0, None)

    async def _act(self, assignment: Entity, act: str, reason: str | None = None) -> None:
        body: dict[str, Any] = {"act": act}
        if reason:
            body["reason"] = reason
        await self._person.post(f"/assignments/{assignment['id']}/acts", body)

    async def _rest(self, least_s: float, most_s: float) -> None:
        await asyncio.sleep(self._rng.uniform(least_s, most_s))

    async def _drive(self, goal: Point) -> None:
        while True:
            north, east = goal[0] - self._at[0], goal[1] - self._at[1]
            distance_m = math.hypot(north, east) * M_PER_DEGREE
            step_m = self._speed_ms * STEP_S
            if distance_m <= step_m:
                self._at = goal
                await self._send(0.0, None)
                return
            share = step_m / distance_m
            self._at = (self._at[0] + north * share, self._at[1] + east * share)
            await self._send(60.0, math.degrees(math.atan2(east, north)) % 360)
            await asyncio.sleep(STEP_S)

    async def _send(self, speed_kmh: float, heading: float | None) -> None:
        position = {
            "lat": round(self._at[0], 6),
            "lon": round(self._at[1], 6),
            "at": self._clock().isoformat(),
            "accuracy_m": 8,
            "speed_kmh": speed_kmh,
            "heading": heading,
        }
        await self._person.post("/positions", {"positions": [position]})
