"""Six errors, each with a stable id. The docstring is the title; one place (dispatch.api) maps them to RFC 9457."""

from typing import ClassVar


class SiagaError(Exception):
    """Something went wrong."""

    status: ClassVar[int] = 500
    kind: ClassVar[str] = "error"

    def __init__(self, detail: str, **details: object) -> None:
        """`detail` is one sentence for a person; `details` are facts for the screen (field, holder, until …)."""
        super().__init__(detail)
        self.detail = detail
        self.details = details


class Invalid(SiagaError):
    """The request cannot be understood: `details['field']` names what and `detail` why."""

    status = 422
    kind = "invalid"


class NotSignedIn(SiagaError):
    """Sign in first."""

    status = 401
    kind = "not-signed-in"


class Forbidden(SiagaError):
    """Your role may not do this."""

    status = 403
    kind = "forbidden"


class NotFound(SiagaError):
    """There is no such thing."""

    status = 404
    kind = "not-found"


class Conflict(SiagaError):
    """The world is not as the request assumed: an illegal move, a taken unit, an old version."""

    status = 409
    kind = "conflict"


class Unavailable(SiagaError):
    """A part that is needed does not answer now; try again."""

    status = 503
    kind = "unavailable"
