"""Every table of the core in one metadata, for migrations and for tests."""

from dispatch import effects, idempotency, log, timers
from dispatch.assignments import model as assignments
from dispatch.base import Base
from dispatch.calls import model as calls
from dispatch.incidents import model as incidents
from dispatch.people import model as people
from dispatch.places import model as places
from dispatch.plugins import files_model as plugin_files
from dispatch.plugins import model as plugins
from dispatch.plugins.pages import model as plugin_pages
from dispatch.protocols import model as protocols
from dispatch.recommendation import model as recommendation
from dispatch.units import model as units

metadata = Base.metadata
MODULES = (
    assignments,
    calls,
    effects,
    idempotency,
    incidents,
    log,
    people,
    places,
    plugin_files,
    plugin_pages,
    plugins,
    protocols,
    recommendation,
    timers,
    units,
)
"""Named so that importing them here is seen to be on purpose."""
