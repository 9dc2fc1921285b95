"""Where an incident is: checked against the gazetteer before it is believed."""

from dispatch.errors import Invalid
from dispatch.incidents.model import IncidentRow
from dispatch.places.service import Gazetteer
from dispatch.views import Place


def checked(gazetteer: Gazetteer, place: Place, *, confirm_outside: bool) -> Place:
    """The place with the village that its point lies in, where the reporter named none.

    A place without a point is allowed: nothing can then be ranked by distance. Raises Invalid for a place that says
    nothing (`place.text`), a point outside Indonesia (`place.point`), and one outside the regency that nobody
    confirmed (`confirm_outside`).
    """
    if place.point is None:
        if not place.text.strip():
            raise Invalid("Say where it is, in words or by a point.", field="place.text")
        return place
    located = gazetteer.locate(place.point.lat, place.point.lon)
    if not located.in_indonesia:
        raise Invalid("The point lies outside Indonesia: check the coordinates.", field="place.point")
    if not located.inside and not confirm_outside:
        raise Invalid("The point lies outside the regency: is that right?", field="confirm_outside")
    found = located.place
    known = place.village_code is not None
    return place.model_copy(
        update={
            "text": place.text.strip() or found.text,
            "village_code": place.village_code if known else found.village_code,
            "village": place.village if known else found.village,
            "kecamatan": place.kecamatan if known else found.kecamatan,
        }
    )


def put(row: IncidentRow, place: Place) -> None:
    row.place_text = place.text
    row.lat = place.point.lat if place.point else None
    row.lon = place.point.lon if place.point else None
    row.accuracy_m = place.accuracy_m
    row.village_code, row.village, row.kecamatan = place.village_code, place.village, place.kecamatan
    row.place_source = place.source
