"""Who does something: a signed-in person, or the system itself."""

from dataclasses import dataclass

from dispatch.errors import Forbidden
from dispatch.words import Role


@dataclass(frozen=True, slots=True)
class Actor:
    user_id: str | None
    """None: the system (a timer) or the PBX."""
    name: str
    roles: frozenset[Role] = frozenset()
    unit_id: str | None = None
    """The unit whose crew a responder belongs to."""
    extension: str | None = None
    """The desk at which the user sits."""
    session_id: str | None = None
    grants: frozenset[str] = frozenset()
    """Permissions of plugins that were granted to the user, as `<plugin>.<permission>`."""

    def require_unit(self, unit_id: str) -> None:
        """Raises Forbidden unless the actor works at the centre or belongs to this unit's crew."""
        if self.user_id is None or self.roles & CENTRE or self.unit_id == unit_id:
            return
        raise Forbidden("This is another crew's unit.", unit_id=unit_id)


SYSTEM = Actor(user_id=None, name="system")
CENTRE = frozenset({Role.CALL_TAKER, Role.DISPATCHER, Role.SUPERVISOR})
"""Roles that decide in the centre."""
