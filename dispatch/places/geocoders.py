"""Geocoders that the operator names (Nominatim, Photon, Pelias): asked apart, bounded in time, doubted, remembered."""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

import structlog
from geopy.adapters import URLLibAdapter
from geopy.exc import GeopyError
from geopy.geocoders import Nominatim, Pelias, Photon
from geopy.geocoders.base import Geocoder

from dispatch.places.breaker import Breaker
from dispatch.places.found import Found, Words
from dispatch.places.gazetteer import Gazetteer
from dispatch.settings import Settings
from dispatch.views import Point, View

_log = structlog.get_logger(__name__)

USER_AGENT = "siaga-112"
MOST_RESULTS = 5
GEOCODED_ACCURACY_M = 300
MOST_KEPT = 2000
KEPT_FOR = timedelta(hours=24)
MOST_AT_ONCE = 4
"""Questions under way to one geocoder; the next is not asked, since who types fast asks often."""

LONGEST_NAME = 200

State = Literal["ok", "failed", "resting", "busy"]
Ask = Callable[[Geocoder], Any]


class Source(View):
    name: str
    state: State
    """ok | failed (slow, down, or no sense) | resting (failed often, asked again later) | busy"""


class GeocodedPlace(View):
    found: Found
    source: str
    outside: bool
    """Not in the regency: shown as such, never first."""


class Geocoded(View):
    items: tuple[GeocodedPlace, ...]
    sources: tuple[Source, ...]
    """Empty: no geocoder is named."""


@dataclass(slots=True)
class _One:
    name: str
    geocoder: Geocoder
    breaker: Breaker = field(default_factory=Breaker)
    under_way: int = 0


class Geocoders:
    """All of them; each fails for itself."""

    def __init__(self, geocoders: Sequence[tuple[str, Geocoder]] = (), timeout_s: float = 2.0) -> None:
        self._all = [_One(name, geocoder) for name, geocoder in geocoders]
        self._timeout_s = timeout_s
        self._kept: OrderedDict[tuple[str, str], tuple[datetime, list[Any]]] = OrderedDict()

    @classmethod
    def of(cls, settings: Settings) -> "Geocoders":
        makers = (
            ("Nominatim", settings.nominatim_url, Nominatim),
            ("Photon", settings.photon_url, Photon),
            ("Pelias", settings.pelias_url, Pelias),
        )
        wait_s = settings.geocoder_timeout_s
        return cls([(name, _made(maker, url, wait_s)) for name, url, maker in makers if url], wait_s)

    async def search(self, q: str, gazetteer: Gazetteer, now: datetime) -> Geocoded:
        """What each makes of the words."""
        words = " ".join(q.split())
        return await self._ask_all(f"q:{words.casefold()}", lambda one: _forward(one, words), gazetteer, now)

    async def reverse(self, point: Point, gazetteer: Gazetteer, now: datetime) -> Geocoded:
        """What each calls the point."""
        at = (point.lat, point.lon)
        key = f"r:{point.lat:.4f},{point.lon:.4f}"
        return await self._ask_all(key, lambda one: one.reverse(at, exactly_one=False), gazetteer, now)

    async def _ask_all(self, key: str, ask: Ask, gazetteer: Gazetteer, now: datetime) -> Geocoded:
        answers = await asyncio.gather(*(self._ask(one, key, ask, now) for one in self._all))
        items = [
            item
            for one, (_state, places) in zip(self._all, answers, strict=True)
            for place in places[:MOST_RESULTS]
            if (item := _believed(one.name, place, gazetteer)) is not None
        ]
        items.sort(key=lambda item: item.outside)
        states = [Source(name=one.name, state=answer[0]) for one, answer in zip(self._all, answers, strict=True)]
        return Geocoded(items=tuple(items), sources=tuple(states))

    async def _ask(self, one: _One, key: str, ask: Ask, now: datetime) -> tuple[State, list[Any]]:
        kept = self._kept.get((one.name, key))
        if kept is not None and now - kept[0] < KEPT_FOR:
            return "ok", kept[1]
        if one.breaker.open(now):
            return "resting", []
        if one.under_way >= MOST_AT_ONCE:
            return "busy", []
        one.under_way += 1
        try:
            # The thread ends by the geocoder's own time-out; this one is for an answer that trickles.
            async with asyncio.timeout(self._timeout_s * 1.5):
                places = await asyncio.to_thread(ask, one.geocoder)
        except (GeopyError, TimeoutError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            one.breaker.failed(now)
            _log.warning("geocoder_failed", geocoder=one.name, error=type(error).__name__)
            return "failed", []
        finally:
            one.under_way -= 1
        one.breaker.succeeded()
        self._keep((one.name, key), now, list(places or []))
        return "ok", list(places or [])

    def _keep(self, key: tuple[str, str], now: datetime, places: list[Any]) -> None:
        self._kept[key] = now, places
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)


def _made(maker: type[Geocoder], url: str, wait_s: float) -> Geocoder:
    parts = urlsplit(url)
    domain = f"{parts.netloc}{parts.path}".rstrip("/")
    # The other adapter of geopy asks a slow server three times.
    return maker(
        domain=domain, scheme=parts.scheme, timeout=wait_s, user_agent=USER_AGENT, adapter_factory=URLLibAdapter
    )


def _forward(one: Geocoder, words: str) -> Any:
    if isinstance(one, Pelias):
        return one.geocode(words, exactly_one=False)
    return one.geocode(words, exactly_one=False, limit=MOST_RESULTS)


def _believed(source: str, place: Any, gazetteer: Gazetteer) -> GeocodedPlace | None:
    """A result that can be a place; None for numbers that are none."""
    lat, lon, name = place.latitude, place.longitude, str(place.address)[:LONGEST_NAME]
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        return None
    located = gazetteer.locate(lat, lon)
    outside = not located.inside
    why = Words(id=f"menurut {source}", en=f"says {source}")
    if outside:
        why = Words(id=f"di luar wilayah, menurut {source}", en=f"outside the region, says {source}")
    shown = located.place.model_copy(
        update={"text": name, "point": Point(lat=lat, lon=lon), "accuracy_m": GEOCODED_ACCURACY_M, "source": "geocoder"}
    )
    found = Found(
        id=f"{source.lower()}:{lat:.6f},{lon:.6f}", name=name, kind="geocoded", place=shown, score=0.5, why=why
    )
    return GeocodedPlace(found=found, source=source, outside=outside)
