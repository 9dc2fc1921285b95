"""The recommendation for an incident: loads what the ranking needs and ranks."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents import queries as incidents
from dispatch.recommendation import rank, travel
from dispatch.recommendation.rank import Recommendation, Standing
from dispatch.units import service as units
from dispatch.views import IncidentView


async def recommend(
    session: AsyncSession, incident: IncidentView, now: datetime, *, without: Collection[str] = ()
) -> Recommendation:
    """Which units to send to the incident, why, and why no other; as if the units `without` did not exist."""
    stationed = [one for one in await units.stationed(session) if one.unit.id not in without]
    held = {one.unit.incident_id for one in stationed if one.unit.incident_id is not None}
    numbers = await incidents.numbers(session, held)
    standings = [
        Standing(
            unit=one.unit,
            station=one.station,
            holder_number=numbers.get(one.unit.incident_id or ""),
            here=one.unit.incident_id == incident.id,
        )
        for one in stationed
    ]
    point = incident.place.point
    ways = travel.estimate(point, rank.origins(standings, now)) if point else {}
    return rank.recommend(incident.plan, standings, ways, now)
