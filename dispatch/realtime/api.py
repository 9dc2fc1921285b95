"""/api/ws: who asks, what they may see, and the life of a socket. The protocol is in docs/realtime.md."""

import asyncio
import random
from collections.abc import Callable

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from dispatch.actor import Actor
from dispatch.api import SESSION_COOKIE, centre_of, check_origin
from dispatch.centre import Centre
from dispatch.errors import Forbidden, Unavailable
from dispatch.people.service import actor_of_session, user_of
from dispatch.realtime import wire
from dispatch.realtime.fan import Outlet, Peer
from dispatch.realtime.server import outlet_of
from dispatch.views import UserView

router = APIRouter(tags=["realtime"])

SUBSCRIBE_WITHIN_S = 10.0
"""A socket that asks for nothing this long is closed, so that idle connections cannot pile up."""

SESSION_CHECK_S = (20.0, 40.0)
"""Bounds of the random pause between two looks at a socket's session; signing out is seen at once by its event."""

CLOSE_TRY_LATER = 1013
"""IANA: try again later."""


@router.websocket("/ws")
async def faces(socket: WebSocket) -> None:
    """The one live connection of every face."""
    try:
        check_origin(socket)
    except Forbidden:
        await socket.close()  # before the handshake: the browser gets 403
        return
    await socket.accept()
    outlet = outlet_of(socket)
    try:
        await _serve(socket, outlet, centre_of(socket))
    except wire.Junk as junk:
        _refuse(outlet, wire.CLOSE_JUNK, junk.detail, junk.field)
    except Unavailable as error:
        _refuse(outlet, CLOSE_TRY_LATER, error.detail, None)
    except WebSocketDisconnect:
        return


async def _serve(socket: WebSocket, outlet: Outlet, centre: Centre) -> None:
    token = socket.cookies.get(SESSION_COOKIE, "")
    known = await _known(centre, token)
    if known is None:
        outlet.hang_up(wire.CLOSE_SESSION_OVER, "sign in first")
        return
    actor, user = known
    wanted = await _subscription(socket)
    topic = wire.refused(wanted.topics, actor.roles, actor.unit_id)
    if topic is not None:
        _refuse(outlet, wire.CLOSE_TOPIC_REFUSED, f"Your role may not see {topic}.", "topics")
        return
    peer = Peer(outlet, wanted.topics, actor.user_id, asyncio.get_running_loop().time())
    try:
        async with asyncio.TaskGroup() as group:
            tasks = (
                group.create_task(centre.hub.attach(peer, wanted.since, _welcome(centre, user, wanted))),
                group.create_task(_guard(peer, centre, token)),
            )
            await _listen(socket, peer)
            for task in tasks:
                task.cancel()
    finally:
        centre.hub.detach(peer)


async def _known(centre: Centre, token: str) -> tuple[Actor, UserView] | None:
    async with centre.db.reading() as session:
        actor = await actor_of_session(session, token, centre.db.clock())
        if actor is None or actor.user_id is None:
            return None
        return actor, await user_of(session, actor.user_id)


async def _subscription(socket: WebSocket) -> wire.Subscribe:
    try:
        async with asyncio.timeout(SUBSCRIBE_WITHIN_S):
            message = await _next(socket)
    except TimeoutError:
        raise wire.Junk(f"Nothing was asked for within {SUBSCRIBE_WITHIN_S:.0f} s.", None) from None
    if not isinstance(message, wire.Subscribe):
        raise wire.Junk("The first message must be a subscribe.", "t")
    return message


async def _next(socket: WebSocket) -> wire.Subscribe | wire.ClientBeat:
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005), message.get("reason"))
    text: str | None = message.get("text")
    return wire.parse_client(message["bytes"] if text is None else text)


def _welcome(centre: Centre, user: UserView, wanted: wire.Subscribe) -> Callable[[bool], wire.Welcome]:
    def welcome(resumed: bool) -> wire.Welcome:
        return wire.Welcome(user=user, topics=wanted.topics, resumed=resumed, at=centre.db.clock())

    return welcome


async def _listen(socket: WebSocket, peer: Peer) -> None:
    """Note the client's beats until it is gone or says something else."""
    try:
        while isinstance(await _next(socket), wire.ClientBeat):
            peer.heard_at = asyncio.get_running_loop().time()
        _refuse(peer.outlet, wire.CLOSE_JUNK, "A socket subscribes once.", "t")
    except wire.Junk as junk:
        _refuse(peer.outlet, wire.CLOSE_JUNK, junk.detail, junk.field)
    except WebSocketDisconnect:
        return


async def _guard(peer: Peer, centre: Centre, token: str) -> None:
    """Close the socket when its session is over or its person may no longer see what it shows."""
    while True:
        try:
            async with asyncio.timeout(random.uniform(*SESSION_CHECK_S)):
                await peer.recheck.wait()
        except TimeoutError:
            pass  # nobody said anything: look all the same
        peer.recheck.clear()
        try:
            known = await _known(centre, token)
        except Unavailable:
            continue  # the database cannot tell; the screens say that it is away
        if known is None:
            centre.hub.detach(peer)
            peer.outlet.hang_up(wire.CLOSE_SESSION_OVER, "the session is over")
            return
        actor, _user = known
        if (topic := wire.refused(peer.topics, actor.roles, actor.unit_id)) is not None:
            centre.hub.detach(peer)
            _refuse(peer.outlet, wire.CLOSE_TOPIC_REFUSED, f"Your role may no longer see {topic}.", "topics")
            return


def _refuse(outlet: Outlet, code: int, detail: str, field: str | None) -> None:
    """Say what is wrong and close."""
    if outlet.is_open():
        outlet.transport.write(wire.encode(wire.ErrorMessage(detail=detail, field=field)))
        outlet.hang_up(code, "see the error message")
