"""Search results and located points as screens get them, with their reasons in words. Pure."""

from dispatch.places.entries import VILLAGE_KINDS, Entry
from dispatch.places.index import Hit
from dispatch.places.roads import Road
from dispatch.places.rules import KM_TO_M, LONGEST_TEXT, Spoken, distance_m
from dispatch.views import Place, Point, View

FULL_NAME = 0.99
"""From this share on a name was said whole."""


class Words(View):
    """One text for people in both languages."""

    id: str
    en: str


ABROAD = Words(
    id="Titik di luar Indonesia: periksa lintang dan bujur.",
    en="The point is outside Indonesia: check latitude and longitude.",
)


class Found(View):
    """A search result. `score` is from 0 to 1; the best comes first."""

    id: str
    name: str
    kind: str
    place: Place
    score: float
    why: Words


class Located(View):
    """What lies at a point."""

    place: Place
    inside: bool
    """Within the regency, approximately (see INSIDE_RATIO): no official boundary is at hand."""
    in_indonesia: bool
    warning: Words | None


def place_of(text: str, entry: Entry) -> Place:
    return Place(
        text=text[:LONGEST_TEXT],
        point=Point(lat=entry.point[0], lon=entry.point[1]) if entry.point is not None else None,
        accuracy_m=entry.accuracy_m,
        village_code=entry.village_code,
        village=entry.village,
        kecamatan=entry.kecamatan,
        source="gazetteer",
    )


def at_sea(point: tuple[float, float], village: Entry, *, inside: bool) -> Located:
    """A point in the water, by its nearest village; within the regency's waters that village stands for it."""
    km = f"{distance_m(village.point or point, point) / KM_TO_M:.1f}"
    km_id = km.replace(".", ",")
    place = Place(
        text=f"laut, {km_id} km dari {village.name}, Kec. {village.kecamatan}",
        point=Point(lat=point[0], lon=point[1]),
        village_code=village.village_code if inside else None,
        village=village.village if inside else None,
        kecamatan=village.kecamatan if inside else None,
        source="map",
    )
    warning = Words(
        id=f"Titik ini di laut, sekitar {km_id} km dari {village.name}.",
        en=f"The point is at sea, about {km} km from {village.name}.",
    )
    return Located(place=place, inside=inside, in_indonesia=True, warning=warning)


def text_of(q: str, spoken: Spoken, hit: Hit, entry: Entry) -> str:
    """The name alone when the caller said no more than that; else the caller's words lead, as crews need them."""
    said_more = spoken.detail or spoken.relation is not None or hit.explained < 0.7
    said_more |= spoken.rt is not None or spoken.rw is not None
    return f"{q.strip()} ({entry.name})" if said_more and hit.covered > 0.5 else entry.name


def why_found(spoken: Spoken, hit: Hit, entry: Entry) -> Words:
    exact = hit.covered >= FULL_NAME
    reasons = [("nama cocok", "name matches") if exact else ("nama mirip", "similar name")]
    if spoken.relation is not None:
        reasons.append((f"kata penelepon: {spoken.relation}", f"the caller said: {spoken.relation}"))
    if spoken.rt is not None and entry.kind in VILLAGE_KINDS:
        reasons.append((f"RT {spoken.rt} tidak terpetakan, titik desa", f"RT {spoken.rt} is not mapped, village point"))
    if entry.point is None:
        reasons.append(("titik belum diketahui", "point not known"))
    elif not entry.own_point:
        reasons.append(("titik desa, bukan tempatnya", "village point, not the place itself"))
    return Words(id="; ".join(reason[0] for reason in reasons), en="; ".join(reason[1] for reason in reasons))


def why_km(road: Road, *, ambiguous: bool) -> Words:
    if ambiguous:
        return Words(id=f"dari mana? Bila {road.from_id}", en=f"from where? If counted {road.from_en}")
    return Words(id=f"Km {road.from_id}, lebih kurang 1 km", en=f"Km counted {road.from_en}, give or take 1 km")
