"""Routes of sign-in, desks, names and phones' push addresses."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from dispatch.actor import Actor
from dispatch.api import (
    CENTRE_ROLES,
    EVERYBODY,
    OPS_ROLES,
    SESSION_COOKIE,
    Command,
    InCentre,
    check_origin,
    commands,
    reads,
    signed_in,
)
from dispatch.calls import service as calls
from dispatch.people import push, rules, service
from dispatch.people.service import SignedIn
from dispatch.views import UserView, View
from dispatch.words import Role

router = APIRouter(tags=["people"])


class Credentials(BaseModel):
    model_config = ConfigDict(extra="forbid")

    username: Annotated[str, Field(max_length=200)]
    password: Annotated[str, Field(max_length=1000)]


class DemoAccount(View):
    username: str
    display_name: str
    roles: tuple[Role, ...]
    face: str
    """Where the account works: console, responder, supervisor or admin."""


class Demo(View):
    enabled: bool
    accounts: list[DemoAccount]


class DemoChoice(BaseModel):
    model_config = ConfigDict(extra="forbid")

    username: Annotated[str, Field(max_length=200)]


class Seat(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"extension": "101"}]})

    extension: Annotated[str, Field(max_length=32)] | None


class Name(View):
    id: str
    display_name: str


class PushKey(View):
    key: str | None


class PushKeys(BaseModel):
    model_config = ConfigDict(extra="forbid")

    p256dh: Annotated[str, Field(max_length=200)]
    auth: Annotated[str, Field(max_length=100)]


class PushSubscription(BaseModel):
    """As the browser's `PushSubscription.toJSON()` gives it."""

    endpoint: Annotated[str, Field(max_length=2000)]
    keys: PushKeys


def _hand_cookie(request: Request, response: Response, centre: InCentre, signed: SignedIn) -> UserView:
    """The cookie lasts as long as the session, counted by the browser, whose clock may be wrong."""
    address = centre.settings.public_url or str(request.url)
    response.set_cookie(
        SESSION_COOKIE,
        signed.token,
        max_age=int(centre.settings.session_hours * 3600),
        httponly=True,
        samesite="lax",
        secure=address.startswith("https:"),
        path="/",
    )
    return signed.user


@router.post("/session")
async def sign_in(request: Request, response: Response, centre: InCentre, body: Credentials) -> UserView:
    """Begin a session; the answer says neither which of name and password was wrong nor whether the name exists."""
    check_origin(request)
    signed = await service.sign_in(centre.db, centre.settings, body.username, body.password)
    return _hand_cookie(request, response, centre, signed)


@router.get("/session")
async def session(request: Request, centre: InCentre) -> UserView:
    """Who I am; 401 when nobody."""
    actor = await signed_in(request)
    async with centre.db.reading() as reading:
        return await service.user_of(reading, actor.user_id or "")


@router.delete("/session", status_code=204)
async def sign_out(command: Annotated[Command, Depends(commands(*EVERYBODY))]) -> Response:
    """End the session."""
    response = await command.run(service.sign_out)
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response


@router.get("/demo")
async def demo(centre: InCentre) -> Demo:
    """The accounts with one-click sign-in; none outside the demo."""
    if not centre.settings.demo:
        return Demo(enabled=False, accounts=[])
    async with centre.db.reading() as reading:
        users = await service.demo_accounts(reading)
    accounts = [
        DemoAccount(username=one.username, display_name=one.display_name, roles=one.roles, face=rules.face(one.roles))
        for one in users
    ]
    return Demo(enabled=True, accounts=accounts)


@router.post("/demo/session")
async def sign_in_to_demo(request: Request, response: Response, centre: InCentre, body: DemoChoice) -> UserView:
    """Begin a session without a password: only in the demo."""
    check_origin(request)
    async with centre.db.transaction() as tx:
        signed = await service.sign_in_demo(tx, centre.settings, body.username)
    return _hand_cookie(request, response, centre, signed)


@router.put("/me/seat", response_model=UserView)
async def take_seat(command: Annotated[Command, Depends(commands(*CENTRE_ROLES))], body: Seat) -> Response:
    """Sit down at a desk, moving off whoever sat there; null leaves it."""
    return await command.run(lambda tx: calls.take_seat(tx, body.extension))


@router.get("/users")
async def users(centre: InCentre, _actor: Annotated[Actor, Depends(reads(*OPS_ROLES))]) -> list[Name]:
    """Names for the screens."""
    async with centre.db.reading() as reading:
        return [Name(id=one.id, display_name=one.display_name) for one in await service.people(reading)]


@router.get("/push/key")
async def push_key(centre: InCentre, _actor: Annotated[Actor, Depends(reads(*EVERYBODY))]) -> PushKey:
    """The key that a browser subscribes with."""
    return PushKey(key=await push.public_key(centre.settings.data_dir))


@router.post("/push/subscriptions", status_code=204)
async def subscribe(command: Annotated[Command, Depends(commands(Role.RESPONDER))], body: PushSubscription) -> Response:
    """Tell where offers to my unit are pushed to; a phone that subscribes again is kept once."""
    address = push.Address(rules.check_push_endpoint(body.endpoint), body.keys.p256dh, body.keys.auth)
    return await command.run(lambda tx: push.subscribe(tx, address))
