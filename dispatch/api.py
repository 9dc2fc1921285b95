"""The edge: who is asking, may they, one transaction a command, and errors as problem+json (RFC 9457).

Each route names its roles with `reads(...)` or `commands(...)`; a test walks all routes and finds one that does not.
"""

import hashlib
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any
from urllib.parse import urlsplit

import structlog
from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from starlette.requests import HTTPConnection

from dispatch import idempotency
from dispatch.actor import Actor
from dispatch.centre import Centre
from dispatch.db import Database, Transaction
from dispatch.errors import Conflict, Forbidden, Invalid, NotSignedIn, SiagaError
from dispatch.people.service import actor_of_session
from dispatch.words import Role

_log = structlog.get_logger(__name__)

SESSION_COOKIE = "siaga_session"

OPS_ROLES = (Role.CALL_TAKER, Role.DISPATCHER, Role.SUPERVISOR, Role.ADMIN)
CENTRE_ROLES = (Role.CALL_TAKER, Role.DISPATCHER, Role.SUPERVISOR)
EVERYBODY = tuple(Role)

Answer = BaseModel | None


def centre_of(request: HTTPConnection) -> Centre:
    """The running centre, as create_app put it together."""
    centre: Centre = request.app.state.centre
    return centre


InCentre = Annotated[Centre, Depends(centre_of)]


async def signed_in(request: Request) -> Actor:
    """The person behind the session cookie. Raises NotSignedIn."""
    centre = centre_of(request)
    token = request.cookies.get(SESSION_COOKIE)
    if token:
        async with centre.db.reading() as session:
            actor = await actor_of_session(session, token, centre.db.clock())
        if actor is not None:
            return actor
    raise NotSignedIn("Your session is over; sign in again.")


def reads(*roles: Role) -> Callable[[Request], Awaitable[Actor]]:
    """Dependency of a route that changes nothing: the actor, who must have one of the roles."""

    async def check(request: Request) -> Actor:
        actor = await signed_in(request)
        if not actor.roles & set(roles):
            raise Forbidden("Your role may not do this.", roles=[role.value for role in roles])
        return actor

    check.roles = roles  # type: ignore[attr-defined]  # read by the test that walks all routes
    return check


class Command:
    """One change asked for by one person: one transaction, and one effect however often it is sent."""

    def __init__(self, db: Database, actor: Actor, key: str | None, fingerprint: str) -> None:
        self.actor = actor
        self._db = db
        self._key = key
        self._fingerprint = fingerprint

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction under the person's name; a plugin's command has one that is bounded."""
        return self._db.transaction(self.actor)

    async def run(self, act: Callable[[Transaction], Awaitable[Answer]], status: int = 200) -> Response:
        """Do `act` in one transaction and answer with what it returns (204 for None)."""
        try:
            return await self._once(act, status)
        except IntegrityError as error:
            if self._key is None or "commands" not in str(error.orig):
                raise
            return await self._once(act, status)  # the twin has committed: its answer is there now
        except Conflict:
            kept = await self._kept()
            if kept is None:
                raise
            return kept  # what stood in the way was this command's own twin

    async def _kept(self) -> Response | None:
        """The answer of a twin that committed meanwhile."""
        if self._key is None:
            return None
        async with self.transaction() as tx:
            earlier = await idempotency.earlier_answer(tx, self._key, self._fingerprint)
        return None if earlier is None else _json(earlier.status, earlier.answer)

    async def _once(self, act: Callable[[Transaction], Awaitable[Answer]], status: int) -> Response:
        async with self.transaction() as tx:
            if self._key is not None:
                earlier = await idempotency.earlier_answer(tx, self._key, self._fingerprint)
                if earlier is not None:
                    return _json(earlier.status, earlier.answer)
            result = await act(tx)
            status = status if result is not None else 204
            answer = result.model_dump_json() if result is not None else ""
            if self._key is not None:
                await idempotency.keep_answer(tx, self._key, self._fingerprint, status, answer)
        return _json(status, answer)


def _json(status: int, answer: str) -> Response:
    if status == 204:
        return Response(status_code=204)
    return Response(answer, status_code=status, media_type="application/json")


def commands(*roles: Role) -> Callable[..., Awaitable[Command]]:
    """Dependency of a route that changes something: roles and origin checked, idempotency key read."""
    check_roles = reads(*roles)

    async def check(
        request: Request,
        idempotency_key: Annotated[str | None, Header(max_length=idempotency.LONGEST_KEY)] = None,
    ) -> Command:
        check_origin(request)
        actor = await check_roles(request)
        return Command(centre_of(request).db, actor, idempotency_key, await fingerprint_of(request))

    check.roles = roles  # type: ignore[attr-defined]  # read by the test that walks all routes
    return check


async def fingerprint_of(request: Request) -> str:
    """Of what is asked, so that a key that is used again for something else is noticed."""
    body = await request.body()
    return hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + body).hexdigest()


def check_origin(request: HTTPConnection) -> None:
    """Refuse a change that another site's page sends with our cookie (CSRF). Raises Forbidden."""
    origin = request.headers.get("origin")
    if origin is None:
        return
    public_url = centre_of(request).settings.public_url
    ours = urlsplit(public_url).netloc if public_url else request.headers.get("host")
    if urlsplit(origin).netloc != ours:
        raise Forbidden("This request comes from another site.", origin=origin)


def expected_version(if_match: Annotated[str | None, Header()] = None) -> int:
    """The version that an edit is based on, from If-Match. Raises Invalid."""
    try:
        return int((if_match or "").strip('" '))
    except ValueError:
        raise Invalid("If-Match must carry the version that you edited.", field="If-Match") from None


ExpectedVersion = Annotated[int, Depends(expected_version)]


def check_version(have: int, expected: int) -> None:
    """Raises Conflict when somebody else changed the thing meanwhile."""
    if have != expected:
        raise Conflict("Somebody changed this meanwhile; look at it again.", version=have)


def problem(error: SiagaError) -> JSONResponse:
    body: dict[str, Any] = {
        "type": f"urn:siaga:{error.kind}",
        "title": type(error).__doc__,
        "status": error.status,
        "detail": error.detail,
        **error.details,
    }
    return JSONResponse(body, status_code=error.status, media_type="application/problem+json")


def install_error_handlers(app: FastAPI) -> None:
    """Map the six errors, and the framework's own validation errors, to problem+json."""

    async def ours(_request: Request, error: Exception) -> Response:
        assert isinstance(error, SiagaError)
        return problem(error)

    async def invalid(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"] if part not in ("body", "query", "path"))
        return problem(Invalid(f"{field or 'body'}: {fault['msg']}", field=field or "body"))

    async def unexpected(request: Request, error: Exception) -> Response:
        _log.error("request_failed", path=request.url.path, exc_info=error)
        return problem(SiagaError("Something went wrong here; it was noted. Nothing was changed."))

    app.add_exception_handler(SiagaError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, unexpected)
