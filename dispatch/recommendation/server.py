"""A Valhalla or OSRM server, asked for the times of many units to one point.

Both answers carry where the server took each point to; one that lies farther than the road graph's own limit is no
way at all (a point at sea would snap to the next road without a word). Wire formats: the matrix API of Valhalla
(`/sources_to_targets`), the table service of OSRM (`/table/v1/driving`).
"""

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import httpx
import orjson
import structlog

from dispatch.recommendation.graph import EARTH_M
from dispatch.recommendation.roads import SNAP_LIMIT_M
from dispatch.views import Point

_log = structlog.get_logger(__name__)

Kind = Literal["valhalla", "osrm"]

MOST_POINTS = 90
"""OSRM's own limit is 100 places a table unless its operator raises it."""

LARGEST_ANSWER = 1_000_000
"""Bytes; 90 places answer with some 20 kB."""

FAILURES_TO_OPEN = 3
OPEN_FOR_S = 30.0
"""After so many failures in a row the server is left alone for so long: each try costs a dispatcher its time-out."""


@dataclass(frozen=True, slots=True)
class Leg:
    seconds: float
    metres: float


class ServerFault(Exception):
    """The server's answer is of no use; the text says why."""


class RouteServer:
    """One server by its address, behind a circuit breaker."""

    def __init__(self, url: str, kind: Kind, timeout_s: float, *, client: httpx.AsyncClient | None = None) -> None:
        self.url = url.rstrip("/")
        self.kind = kind
        self._timeout_s = timeout_s
        self._client = client
        self._failures = 0
        self._open_until = 0.0

    def resting(self, clock_s: float) -> bool:
        """The breaker is open: the server is not asked now. `clock_s` is the event loop's."""
        return clock_s < self._open_until

    async def legs(self, to: Point, starts: Sequence[Point]) -> list[Leg | None] | None:
        """The way of each of at most MOST_POINTS starts, None where there is none; None for all: no useful answer."""
        loop = asyncio.get_running_loop()
        if self.resting(loop.time()):
            return None
        try:
            async with asyncio.timeout(self._timeout_s):
                legs = await self._ask(to, starts[:MOST_POINTS])
        except (httpx.HTTPError, TimeoutError, ServerFault) as error:
            self._failures += 1
            if self._failures >= FAILURES_TO_OPEN:
                self._open_until = loop.time() + OPEN_FOR_S
            _log.warning("route_server_failed", kind=self.kind, fault=str(error) or type(error).__name__)
            return None
        self._failures = 0
        return legs

    async def _ask(self, to: Point, starts: Sequence[Point]) -> list[Leg | None]:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=self._timeout_s, follow_redirects=False, trust_env=False)
        if self.kind == "valhalla":
            body = _valhalla_question(to, starts)
            request = self._client.build_request("POST", f"{self.url}/sources_to_targets", json=body)
            answer = await self._answer(request)
            return _valhalla_legs(answer, to, starts)
        answer = await self._answer(self._client.build_request("GET", _osrm_address(self.url, to, starts)))
        return _osrm_legs(answer, to, starts)

    async def _answer(self, request: httpx.Request) -> Mapping[str, Any]:
        """The JSON object of an answer. Raises ServerFault, httpx.HTTPError."""
        assert self._client is not None
        response = await self._client.send(request, stream=True)
        try:
            body = b""
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise ServerFault(f"the answer is longer than {LARGEST_ANSWER} bytes")
        finally:
            await response.aclose()
        if response.status_code != 200:
            raise ServerFault(f"the answer's status is {response.status_code}")
        try:
            answer = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ServerFault("the answer is no JSON") from error
        if not isinstance(answer, dict):
            raise ServerFault("the answer is no JSON object")
        return answer

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()


def _valhalla_question(to: Point, starts: Sequence[Point]) -> dict[str, object]:
    return {
        "sources": [{"lat": start.lat, "lon": start.lon} for start in starts],
        "targets": [{"lat": to.lat, "lon": to.lon}],
        "costing": "auto",
        "units": "kilometers",
        "verbose": True,
    }


def _osrm_address(url: str, to: Point, starts: Sequence[Point]) -> str:
    places = ";".join(f"{point.lon:.6f},{point.lat:.6f}" for point in (*starts, to))
    sources = ";".join(str(number) for number in range(len(starts)))
    asked = f"sources={sources}&destinations={len(starts)}&annotations=duration,distance"
    return f"{url}/table/v1/driving/{places}?{asked}"


def _valhalla_legs(answer: Mapping[str, Any], to: Point, starts: Sequence[Point]) -> list[Leg | None]:
    """Newer servers say where a way begins and ends; of an older one that does not nothing can be checked."""
    try:
        scale = 1609.344 if answer.get("units") == "miles" else 1000.0
        rows = [row[0] for row in answer["sources_to_targets"]]
        legs = [
            None
            if row["time"] is None or row["distance"] is None or not _near(row, start, to)
            else _leg(row["time"], row["distance"] * scale)
            for row, start in zip(rows, starts, strict=True)
        ]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ServerFault(f"no Valhalla matrix: {error!r}") from error
    return legs


def _near(row: Mapping[str, Any], start: Point, to: Point) -> bool:
    for point, lat, lon in ((start, "begin_lat", "begin_lon"), (to, "end_lat", "end_lon")):
        if row.get(lat) is not None and row.get(lon) is not None:
            away = _apart_m(point, float(row[lat]), float(row[lon]))
            if away > SNAP_LIMIT_M:
                return False
    return True


def _osrm_legs(answer: Mapping[str, Any], to: Point, starts: Sequence[Point]) -> list[Leg | None]:
    if answer.get("code") != "Ok":
        raise ServerFault(f"OSRM answers {answer.get('code')!r}")
    try:
        lon, lat = answer["destinations"][0]["location"]
        reached = _apart_m(to, float(lat), float(lon)) <= SNAP_LIMIT_M
        rows = zip(answer["durations"], answer["distances"], answer["sources"], starts, strict=True)
        legs = [
            _leg(times[0], lengths[0])
            if reached and times[0] is not None and lengths[0] is not None and _osrm_near(source, start)
            else None
            for times, lengths, source, start in rows
        ]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ServerFault(f"no OSRM table: {error!r}") from error
    return legs


def _osrm_near(source: Mapping[str, Any], start: Point) -> bool:
    lon, lat = source["location"]
    return _apart_m(start, float(lat), float(lon)) <= SNAP_LIMIT_M


def _leg(seconds: Any, metres: Any) -> Leg:
    """Raises ValueError for what cannot be a way."""
    leg = Leg(float(seconds), float(metres))
    if not (0 <= leg.seconds < 1e6 and 0 <= leg.metres < 1e8):
        raise ValueError(f"a way of {seconds} s and {metres} m")
    return leg


def _apart_m(point: Point, lat: float, lon: float) -> float:
    """Good to a percent over some kilometres near the equator."""
    return float(((point.lat - lat) ** 2 + (point.lon - lon) ** 2) ** 0.5 * math.radians(EARTH_M))
