"""Web push (RFC 8030, 8291, 8292): an offer reaches the crew's phones while their pages sleep.

An effect that follows the log. The push services see who is pushed to and when, never what: it is encrypted for the
phone. A phone that shows an offer twice replaces the first notice (its tag is the assignment).
"""

import asyncio
import json
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import requests
import structlog
from cryptography.hazmat.primitives import serialization
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode
from pywebpush import WebPushException, webpush
from sqlalchemy import delete, select

from dispatch.centre import Centre
from dispatch.db import Database, Transaction
from dispatch.effects import Effect
from dispatch.errors import NotFound
from dispatch.events import Recorded
from dispatch.ids import new_id
from dispatch.log import Stored
from dispatch.people.model import PushSubscriptionRow, UserRow
from dispatch.views import AssignmentView, IncidentView

_log = structlog.get_logger(__name__)

MOST_PHONES = 5
"""Of one user; a new one takes the place of the oldest, which is most likely a browser that was reset."""

SEND_S = 4.0
"""Time-out of one request, connecting and answering each; twice this fits into an effect's deadline."""

SENDERS = 8
"""Threads that send; the library blocks. Also how many offers are pushed side by side."""

TRIES = 2
"""Of one phone: an offer lives a minute, and the next crew's push must not wait for a broken push service."""

BETWEEN_TRIES_S = 1.0

KEY_FILE = "vapid.pem"

GONE = frozenset({404, 410})
"""The phone has unsubscribed (RFC 8030, 7.3)."""

WORTH_A_RETRY = frozenset({408, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Address:
    """Where one phone is pushed to, and the keys that its notices are encrypted for."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Phone:
    """A subscribed phone and its owner's language."""

    subscription_id: str
    address: Address
    locale: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What a phone shows, and for how long it is worth delivering."""

    title: str
    body: str
    tag: str
    expires_at: datetime

    def encode(self) -> str:
        return json.dumps({"title": self.title, "body": self.body, "tag": self.tag})


async def subscribe(tx: Transaction, address: Address) -> None:
    """Keep the phone for the actor; one that was another's (a shared phone) changes hands."""
    await tx.session.execute(delete(PushSubscriptionRow).where(PushSubscriptionRow.endpoint == address.endpoint))
    mine = PushSubscriptionRow.user_id == tx.actor.user_id
    query = select(PushSubscriptionRow.id).where(mine).order_by(PushSubscriptionRow.id.desc()).offset(MOST_PHONES - 1)
    surplus = (await tx.session.execute(query)).scalars().all()
    await tx.session.execute(delete(PushSubscriptionRow).where(PushSubscriptionRow.id.in_(surplus)))
    tx.session.add(
        PushSubscriptionRow(
            id=new_id(tx.now),
            user_id=tx.actor.user_id,
            endpoint=address.endpoint,
            p256dh=address.p256dh,
            auth=address.auth,
            created_at=tx.now,
        )
    )
    await tx.session.flush()


async def public_key(data_dir: Path) -> str:
    """The centre's key as browsers want it: the uncompressed point, base64url."""
    vapid = await asyncio.to_thread(load_key, data_dir)
    point = vapid.public_key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    key: str = b64urlencode(point)
    return key


def load_key(data_dir: Path) -> Vapid02:
    """The centre's VAPID key; made once, since every subscription is bound to it. Blocks."""
    file = data_dir / KEY_FILE
    if not file.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        fresh = Vapid02()
        fresh.generate_keys()
        draft = file.with_name(f".{KEY_FILE}.{os.getpid()}.{threading.get_ident()}")
        draft.touch(mode=0o600)
        draft.write_bytes(fresh.private_pem())
        try:
            os.link(draft, file)  # fails where another process was first, and never shows half a key
        except FileExistsError:
            _log.info("vapid_key_made_by_another_process")
        draft.unlink()
    return Vapid02.from_pem(file.read_bytes())


class Pusher:
    """Sends notices from a few threads, since the library blocks."""

    def __init__(self, data_dir: Path, subject: str) -> None:
        self._data_dir = data_dir
        self._subject = subject
        self._threads = ThreadPoolExecutor(SENDERS, thread_name_prefix="push")
        self._key: Vapid02 | None = None

    async def send(self, address: Address, notice: Notice, now: datetime) -> int | None:
        """The push service's status, None when it was not reached. Tries again where that may help."""
        loop = asyncio.get_running_loop()
        for attempt in range(TRIES):
            if attempt:
                await asyncio.sleep(BETWEEN_TRIES_S)
            status = await loop.run_in_executor(self._threads, self._post, address, notice, now)
            if status is not None and status not in WORTH_A_RETRY:
                break
        return status

    def _post(self, address: Address, notice: Notice, now: datetime) -> int | None:
        if self._key is None:
            self._key = load_key(self._data_dir)
        with requests.Session() as session:
            session.max_redirects = 0  # an endpoint must not lead us to an address that was not checked
            session.trust_env = False
            try:
                answer = webpush(
                    {"endpoint": address.endpoint, "keys": {"p256dh": address.p256dh, "auth": address.auth}},
                    notice.encode(),
                    vapid_private_key=self._key,
                    vapid_claims={"sub": self._subject},
                    timeout=SEND_S,
                    ttl=max(1, int((notice.expires_at - now).total_seconds())),
                    headers={"Urgency": "high"},
                    requests_session=session,
                )
            except WebPushException as error:
                return None if error.response is None else int(error.response.status_code)
            except (requests.RequestException, ValueError) as error:
                _log.info("push_service_not_reached", reason=type(error).__name__)
                return None
        return int(answer.status_code)


class OfferPushes:
    """Pushes each offer to the phones of the unit's crew."""

    def __init__(self, db: Database, pusher: Pusher, type_name: Callable[[str, str], str]) -> None:
        """`type_name` gives an incident type's name in a language."""
        self._db = db
        self._pusher = pusher
        self._type_name = type_name

    async def handle(self, stored: Stored) -> None:
        """Push one `assignment.offered`; an offer that is over meanwhile is left alone. Raises Unavailable."""
        recorded = Recorded.model_validate_json(stored.payload)
        (assignment,), (incident,) = recorded.changed.assignments, recorded.changed.incidents
        now = self._db.clock()
        if assignment.offer_expires_at <= now:
            return
        phones = await self._phones(assignment.unit_id)
        async with asyncio.TaskGroup() as group:
            sent = {
                phone.subscription_id: group.create_task(
                    self._pusher.send(phone.address, self._notice(assignment, incident, phone.locale), now)
                )
                for phone in phones
            }
        statuses = {subscription_id: task.result() for subscription_id, task in sent.items()}
        await self._forget([one for one, status in statuses.items() if status in GONE])
        for subscription_id, status in statuses.items():
            if status is None or status >= 300:
                _log.warning("push_failed", subscription=subscription_id, status=status, unit_id=assignment.unit_id)

    def _notice(self, assignment: AssignmentView, incident: IncidentView, locale: str) -> Notice:
        what = self._type_name(incident.type, locale)
        where = incident.place.village or incident.place.text
        return Notice(
            title=f"{incident.priority.value} · {what}",
            body=f"{where} · {incident.number}",
            tag=assignment.id,
            expires_at=assignment.offer_expires_at,
        )

    async def _phones(self, unit_id: str) -> list[Phone]:
        query = (
            select(PushSubscriptionRow, UserRow.locale)
            .join(UserRow, UserRow.id == PushSubscriptionRow.user_id)
            .where(UserRow.unit_id == unit_id, UserRow.disabled.is_(False))
        )
        async with self._db.reading() as session:
            rows = (await session.execute(query)).all()
        return [Phone(row.id, Address(row.endpoint, row.p256dh, row.auth), locale) for row, locale in rows]

    async def _forget(self, subscription_ids: list[str]) -> None:
        if subscription_ids:
            async with self._db.transaction() as tx:
                await tx.session.execute(
                    delete(PushSubscriptionRow).where(PushSubscriptionRow.id.in_(subscription_ids))
                )


def effect(centre: Centre) -> Effect:
    """The effect that pushes offers of this centre."""

    def type_name(code: str, locale: str) -> str:
        try:
            name = centre.protocols.get(code).name
        except NotFound:
            return code
        return name.en if locale == "en" else name.id

    pusher = Pusher(centre.settings.data_dir, centre.settings.vapid_subject)
    offers = OfferPushes(centre.db, pusher, type_name)
    return Effect("push", ("assignment.offered",), offers.handle, at_once=SENDERS)
