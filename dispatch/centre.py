"""A running centre: the parts that requests, timers and effects share. Put together in dispatch.app alone."""

from dataclasses import dataclass, field

from dispatch.calls.ingest import Ingest
from dispatch.db import Database
from dispatch.places.geocoders import Geocoders
from dispatch.places.service import Gazetteer
from dispatch.protocols.service import ProtocolBook
from dispatch.realtime.hub import Hub
from dispatch.recommendation.geography import Geography
from dispatch.settings import Settings
from dispatch.wake import Wake


@dataclass(slots=True)
class Centre:
    settings: Settings
    db: Database
    wake: Wake
    """Grows with the log, whoever committed."""
    protocols: ProtocolBook
    gazetteer: Gazetteer
    hub: Hub
    ingest: Ingest
    """The core as telephony adapters see it."""
    geocoders: Geocoders = field(default_factory=Geocoders)
    """By itself none: the own gazetteer needs nobody."""
    geography: Geography = field(default_factory=Geography)
    """Travel times and past demand; by itself the straight line, and no demand."""
