"""Offers reach phones by web push: encrypted for the phone, signed by the centre, forgotten when the phone is gone."""

import base64
import json
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from sqlalchemy import select

from dispatch.actor import Actor
from dispatch.db import Database, Transaction
from dispatch.effects import Effect, EffectRunner
from dispatch.events import OPS, AssignmentOffered
from dispatch.people import push
from dispatch.people.model import PushSubscriptionRow, UserRow
from dispatch.people.push import Address
from dispatch.views import AssignmentView, Changed, IncidentView, Place
from dispatch.words import AssignmentState, Category, IncidentState, Priority
from tests.centre_world import HOUSE_FIRE, answered
from tests.conftest import ManualClock
from tests.front_world import Front, open_front


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class PushService:
    """What a browser's maker runs: takes notices over real HTTP, answers each path as it is told to."""

    port: int
    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answers: dict[str, list[int]] = field(default_factory=dict)
    """By path; the last one stays. 201 where none is given."""

    def answer(self, path: str) -> int:
        left = self.answers.get(path, [201])
        return left.pop(0) if len(left) > 1 else left[0]


@pytest.fixture
def service() -> Iterator[PushService]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.casefold(): value for name, value in self.headers.items()}
            running.received.append((self.path, headers, body))
            self.send_response(running.answer(self.path))
            self.send_header("location", "/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running = PushService(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield running
    server.shutdown()
    server.server_close()
    thread.join()


class Phone:
    """A browser's subscription with its private key."""

    def __init__(self, service: PushService, path: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"0123456789abcdef"
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.address = Address(f"http://127.0.0.1:{service.port}{path}", b64(point), b64(self.auth))

    def decrypt(self, body: bytes) -> dict[str, Any]:
        text = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        shown: dict[str, Any] = json.loads(text)
        return shown


@pytest.fixture
async def city(db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Front]:
    monkeypatch.setattr(push, "BETWEEN_TRIES_S", 0.01)
    async with open_front(db, fleet=True, data_dir=tmp_path) as opened:
        yield opened


@dataclass
class Crew:
    """A crew's user, its unit, and the effect that pushes to it."""

    front: Front
    user_id: str
    unit_id: str
    effect: Effect
    runner: EffectRunner

    async def subscribe(self, *phones: Phone) -> None:
        async with self.front.db.transaction(Actor(user_id=self.user_id, name="Kru")) as tx:
            for phone in phones:
                await push.subscribe(tx, phone.address)

    async def offer(self, *, lives_s: float = 60) -> None:
        """An offer as the assignments' service records it; then every effect is done."""
        async with self.front.db.transaction() as tx:
            tx.record(*offered(tx, self.unit_id, lives_s), topics=(OPS,))
        while await self.runner.step(self.effect):
            pass

    async def endpoints(self) -> list[str]:
        async with self.front.db.reading() as session:
            query = select(PushSubscriptionRow.endpoint).order_by(PushSubscriptionRow.id)
            return list((await session.execute(query)).scalars())


@pytest.fixture
async def crew(city: Front) -> Crew:
    async with city.db.reading() as session:
        user = (await session.execute(select(UserRow).where(UserRow.username == "kru-1"))).scalar_one()
    assert user.unit_id is not None
    effect = push.effect(city.centre)
    runner = EffectRunner(city.db, city.centre.wake, [effect])
    await runner.step(effect)
    return Crew(city, user.id, user.unit_id, effect, runner)


def offered(tx: Transaction, unit_id: str, lives_s: float) -> tuple[AssignmentOffered, Changed]:
    assignment = AssignmentView(
        id="a-1",
        incident_id="i-1",
        unit_id=unit_id,
        state=AssignmentState.OFFERED,
        offered_by=None,
        offered_at=tx.now,
        offer_expires_at=tx.now + timedelta(seconds=lives_s),
        accepted_at=None,
        en_route_at=None,
        on_scene_at=None,
        transporting_at=None,
        at_facility_at=None,
        ended_at=None,
        override_reason=None,
        end_reason=None,
        travel_s=None,
        version=1,
    )
    incident = IncidentView(
        id="i-1",
        number="2026-000007",
        type=HOUSE_FIRE,
        category=Category.FIRE,
        priority=Priority.P1,
        determinant=None,
        state=IncidentState.TRIAGED,
        protocol_version=None,
        answers={},
        narrative="rahasia",
        place=Place(text="dekat pasar", village="Petung"),
        reporting_party=None,
        reporting_number="+6281234567890",
        call_ids=(),
        plan=(),
        owner_id="u-1",
        opened_at=tx.now,
        triaged_at=tx.now,
        dispatched_at=None,
        en_route_at=None,
        on_scene_at=None,
        under_control_at=None,
        resolved_at=None,
        closed_at=None,
        disposition=None,
        merged_into_id=None,
        version=1,
    )
    event = AssignmentOffered(
        incident_id="i-1", unit_id=unit_id, assignment_id="a-1", override_reason=None, rank=1, replaces_id=None
    )
    return event, Changed(assignments=(assignment,), incidents=(incident,))


async def test_the_phone_can_read_the_offer_and_nobody_else(crew: Crew, service: PushService) -> None:
    phone = Phone(service, "/rina")
    await crew.subscribe(phone)
    await crew.offer()
    ((path, headers, body),) = service.received
    shown = phone.decrypt(body)
    assert path == "/rina"
    assert shown["title"].startswith("P1 · ")
    assert (shown["body"], shown["tag"]) == ("Petung · 2026-000007", "a-1")
    assert b"Petung" not in body
    assert headers["urgency"] == "high"
    assert 1 <= int(headers["ttl"]) <= 60
    stranger = Phone(service, "/other")
    with pytest.raises(http_ece.ECEException):
        stranger.decrypt(body)


async def test_the_push_service_can_tell_that_it_was_us(crew: Crew, service: PushService) -> None:
    phone = await crew.front.person("kru-1")
    key = answered(await phone.get("/push/key"), 200)["key"]
    await crew.subscribe(Phone(service, "/p"))
    await crew.offer()
    scheme, _, parameters = service.received[0][1]["authorization"].partition(" ")
    given = dict(part.strip().split("=", 1) for part in parameters.split(","))
    assert (scheme, given["k"]) == ("vapid", key)
    assert len(unb64(key)) == 65
    signed, _, signature = given["t"].rpartition(".")
    assert Vapid02.from_raw_public(key.encode()).verify_token(signed.encode(), signature)
    claims = json.loads(unb64(signed.partition(".")[2]))
    assert (claims["aud"], claims["sub"]) == (f"http://127.0.0.1:{service.port}", "mailto:admin@localhost")


async def test_every_phone_of_the_crew_is_told_and_no_other_crews(crew: Crew, service: PushService) -> None:
    await crew.subscribe(Phone(service, "/one"), Phone(service, "/two"))
    async with crew.front.db.reading() as session:
        stranger = (await session.execute(select(UserRow.id).where(UserRow.username == "kru-2"))).scalar_one()
    await Crew(crew.front, stranger, "", crew.effect, crew.runner).subscribe(Phone(service, "/three"))
    await crew.offer()
    assert sorted(path for path, _, _ in service.received) == ["/one", "/two"]


@pytest.mark.parametrize("status", [404, 410])
async def test_a_phone_that_has_unsubscribed_is_forgotten(crew: Crew, service: PushService, status: int) -> None:
    gone, here = Phone(service, "/gone"), Phone(service, "/here")
    service.answers["/gone"] = [status]
    await crew.subscribe(gone, here)
    await crew.offer()
    assert await crew.endpoints() == [here.address.endpoint]


async def test_a_push_service_in_trouble_is_tried_once_more_and_the_phone_kept(
    crew: Crew, service: PushService
) -> None:
    service.answers["/p"] = [503, 201]
    await crew.subscribe(Phone(service, "/p"))
    await crew.offer()
    assert len(service.received) == 2
    service.answers["/p"] = [500]
    await crew.offer()
    assert len(service.received) == 4
    assert len(await crew.endpoints()) == 1


async def test_a_push_service_that_is_not_there_stops_nothing(crew: Crew, service: PushService) -> None:
    dead = Phone(service, "/dead")
    dead.address = Address("http://127.0.0.1:9/dead", dead.address.p256dh, dead.address.auth)
    await crew.subscribe(dead, Phone(service, "/p"))
    await crew.offer()
    assert [path for path, _, _ in service.received] == ["/p"]


async def test_a_push_service_cannot_lead_us_elsewhere(crew: Crew, service: PushService) -> None:
    service.answers["/p"] = [307]
    await crew.subscribe(Phone(service, "/p"))
    await crew.offer()
    assert {path for path, _, _ in service.received} == {"/p"}


async def test_keys_that_are_none_stop_nothing(crew: Crew, service: PushService) -> None:
    bad = Phone(service, "/bad")
    bad.address = Address(bad.address.endpoint, "AAAA", "AAAA")
    await crew.subscribe(bad, Phone(service, "/p"))
    await crew.offer()
    assert [path for path, _, _ in service.received] == ["/p"]


async def test_an_offer_that_is_over_is_not_pushed(crew: Crew, service: PushService, clock: ManualClock) -> None:
    await crew.subscribe(Phone(service, "/p"))
    await crew.offer(lives_s=0)
    assert service.received == []


async def test_the_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first = await push.public_key(tmp_path / "var")
    assert await push.public_key(tmp_path / "var") == first
    assert (tmp_path / "var" / push.KEY_FILE).stat().st_mode & 0o077 == 0
    assert [file.name for file in (tmp_path / "var").iterdir()] == [push.KEY_FILE]


async def test_a_crew_subscribes_its_phone_by_http(crew: Crew) -> None:
    phone = await crew.front.person("kru-1")
    body = {"endpoint": "https://push.example.com/a", "expirationTime": None, "keys": {"p256dh": "k", "auth": "a"}}
    for _ in range(2):
        assert (await phone.post("/push/subscriptions", json=body)).status_code == 204
    assert await crew.endpoints() == ["https://push.example.com/a"]
    inner = await phone.post("/push/subscriptions", json={**body, "endpoint": "https://10.0.0.1/a"})
    assert (inner.status_code, inner.json()["field"]) == (422, "endpoint")
    rina = await crew.front.person("rina")
    assert (await rina.post("/push/subscriptions", json=body)).status_code == 403


async def test_a_user_keeps_the_newest_few_phones(crew: Crew, service: PushService, clock: ManualClock) -> None:
    for number in range(push.MOST_PHONES + 2):
        clock.advance(1)
        await crew.subscribe(Phone(service, f"/{number}"))
    kept = [endpoint.rpartition("/")[2] for endpoint in await crew.endpoints()]
    assert kept == ["2", "3", "4", "5", "6"]
