"""Who may ask what: every route says its roles and keeps to them, and so does every topic of the live connection."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute, iter_route_contexts

from dispatch.app import create_app
from dispatch.db import Database
from dispatch.events import AUDIT, OPS, PLUGINS, unit_topic
from dispatch.realtime.wire import POSITIONS
from dispatch.settings import Settings
from dispatch.units.seed import seed_demo_fleet
from dispatch.words import Role
from tests.realtime_world import Office

PUBLIC = {
    "POST /api/session",
    "GET /api/session",
    "GET /api/demo",
    "POST /api/demo/session",
}
"""For whoever is not signed in yet."""

FOR_ADAPTERS = {
    "POST /api/telephony/facts",
    "POST /api/telephony/health",
    "GET /api/telephony/commands",
    "POST /api/telephony/outcomes",
    "GET /api/telephony/number-rules",
    "POST /api/telephony/number-rules",
}
"""A token opens them, not a person's session."""

ACCOUNT_OF = {
    Role.CALL_TAKER: "rina",
    Role.DISPATCHER: "siti",
    Role.RESPONDER: "kru-1",
    Role.SUPERVISOR: "haris",
    Role.ADMIN: "admin",
    Role.OFFICER: "wulan",
}

OWN, OTHER = "own unit", "another's unit"
TOPICS_OF = {
    Role.CALL_TAKER: {OPS, POSITIONS},
    Role.DISPATCHER: {OPS, POSITIONS},
    Role.RESPONDER: {OWN},
    Role.SUPERVISOR: {OPS, POSITIONS, AUDIT, PLUGINS},
    Role.ADMIN: {OPS, POSITIONS, AUDIT, PLUGINS},
    Role.OFFICER: set(),
}


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    roles: frozenset[Role] | None
    """None: the route states none."""

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def address(self) -> str:
        """With something in place of each parameter."""
        return re.sub(r"{\w+}", "x", self.path)


def stated_roles(dependant: Dependant) -> Iterator[frozenset[Role]]:
    for dependency in dependant.dependencies:
        roles = getattr(dependency.call, "roles", None)
        if roles is not None:
            yield frozenset(roles)
        yield from stated_roles(dependency)


def routes_of(app: FastAPI) -> list[Route]:
    found = []
    for context in iter_route_contexts(app.routes):
        route, path = context.original_route, context.path or ""
        if isinstance(route, APIRoute) and path.startswith("/api/"):
            roles = next(stated_roles(route.dependant), None)
            found += [Route(method, path, roles) for method in sorted(route.methods or ())]
    return found


ROUTES = routes_of(create_app(Settings(demo=True)))
GUARDED = [route for route in ROUTES if route.name not in PUBLIC | FOR_ADAPTERS]


def test_every_route_states_its_roles_or_is_known_to_be_open() -> None:
    assert len(ROUTES) > 35
    assert [route.name for route in GUARDED if not route.roles] == []
    assert PUBLIC | FOR_ADAPTERS <= {route.name for route in ROUTES}


def test_no_open_route_states_roles() -> None:
    """Else the list above would hide that the route is guarded, and a later slip would go unseen."""
    assert [route.name for route in ROUTES if route not in GUARDED and route.roles] == []


def test_the_only_live_connection_checks_its_topics() -> None:
    app = create_app(Settings(demo=True))
    sockets = [one for one in iter_route_contexts(app.routes) if isinstance(one.original_route, APIWebSocketRoute)]
    assert [one.path for one in sockets] == ["/api/ws"]


@pytest.fixture
async def app(sqlite_url: str, tmp_path: Path) -> AsyncIterator[FastAPI]:
    """The whole centre; who is let in does not depend on the kind of database."""
    server = create_app(Settings(demo=True, database_url=sqlite_url, data_dir=tmp_path))
    async with server.router.lifespan_context(server):
        yield server


def client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://centre")


async def test_nobody_gets_in_without_a_session(app: FastAPI) -> None:
    async with client(app) as nobody:
        answers = {route.name: await nobody.request(route.method, route.address) for route in GUARDED}
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 401} == {}


async def test_adapters_routes_are_shut_to_people(app: FastAPI) -> None:
    async with client(app) as person:
        await person.post("/api/demo/session", json={"username": "admin"})
        for name in sorted(FOR_ADAPTERS):
            method, path = name.split()
            answer = await person.request(method, path, json=[])
            assert answer.status_code in (401, 403), name


async def test_each_route_refuses_those_who_have_none_of_its_roles(app: FastAPI) -> None:
    wrong = []
    async with AsyncExitStack() as stack:
        for role, account in ACCOUNT_OF.items():
            person = await stack.enter_async_context(client(app))
            assert (await person.post("/api/demo/session", json={"username": account})).is_success
            for route in GUARDED:
                if role in (route.roles or ()):
                    continue
                answer = await person.request(route.method, route.address, json={})
                if answer.status_code != 403:
                    wrong.append((account, route.name, answer.status_code))
    assert wrong == []


async def test_each_topic_is_open_to_its_roles_and_to_no_other(db: Database) -> None:
    async with db.transaction() as tx:
        own, other, *_ = await seed_demo_fleet(tx)
    topics = {
        OPS: OPS,
        POSITIONS: POSITIONS,
        AUDIT: AUDIT,
        PLUGINS: PLUGINS,
        OWN: unit_topic(own.id),
        OTHER: unit_topic(other.id),
    }
    seen: dict[Role, set[str]] = {role: set() for role in Role}
    async with Office(db).open() as office:
        for role in Role:
            token = await office.token(role.value, role, unit_id=own.id if role is Role.RESPONDER else None)
            for name, topic in topics.items():
                async with office.subscribed(token, topic) as line:
                    if (await line.next())["t"] == "welcome":
                        seen[role].add(name)
    assert seen == TOPICS_OF
