"""Users, sign-in and server-side sessions.

Passwords are hashed before a transaction begins, never inside it: the database's one writer must not wait for that.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.actor import Actor
from dispatch.db import Database, Transaction
from dispatch.errors import Conflict, Forbidden, NotFound, NotSignedIn
from dispatch.events import AUDIT, UserLockedOut, UserSignedIn, UserSignedOut
from dispatch.ids import new_id
from dispatch.people import rules
from dispatch.people.hashing import NO_PASSWORD, hashing
from dispatch.people.model import SessionRow, SignInFailureRow, UserGrantRow, UserRow
from dispatch.settings import Settings
from dispatch.upsert import insert_new
from dispatch.views import UserView
from dispatch.words import Role


@dataclass(frozen=True, slots=True)
class NewUser:
    """What makes an account."""

    username: str
    display_name: str
    roles: tuple[Role, ...]
    unit_id: str | None = None
    extension: str | None = None
    locale: str = "id"
    demo: bool = False


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session: `token` goes into the cookie and is kept nowhere else."""

    user: UserView
    token: str


@dataclass(frozen=True, slots=True)
class Person:
    """A user's name for the screens."""

    id: str
    display_name: str


def view(row: UserRow) -> UserView:
    return UserView(
        id=row.id,
        username=row.username,
        display_name=row.display_name,
        roles=_roles(row),
        unit_id=row.unit_id,
        extension=row.extension,
        locale=row.locale,
        demo=row.demo,
    )


def _roles(row: UserRow) -> tuple[Role, ...]:
    return tuple(Role(role) for role in row.roles)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


async def actor_of_session(session: AsyncSession, token: str, now: datetime) -> Actor | None:
    """The person whose session this token opens; None when it is unknown, over, or the account is disabled."""
    digest = _digest(token)
    query = (
        select(UserRow, UserGrantRow.permission)
        .join(SessionRow, SessionRow.user_id == UserRow.id)
        .outerjoin(UserGrantRow, UserGrantRow.user_id == UserRow.id)
        .where(SessionRow.id == digest, SessionRow.expires_at > now, UserRow.disabled.is_(False))
    )
    found = (await session.execute(query)).all()
    if not found:
        return None
    row = found[0][0]
    return Actor(
        user_id=row.id,
        name=row.display_name,
        roles=frozenset(_roles(row)),
        unit_id=row.unit_id,
        extension=row.extension,
        session_id=digest,
        grants=frozenset(permission for _row, permission in found if permission is not None),
    )


async def sign_in(db: Database, settings: Settings, username: str, password: str) -> SignedIn:
    """Begin a session. Raises NotSignedIn (wrong name or password, never saying which), Forbidden while locked.

    Names that nobody has are counted and locked alike, and cost the same work, so that nothing tells them apart.
    """
    name = rules.normal_username(username)[: rules.LONGEST_USERNAME]
    async with db.reading() as session:
        _refuse_locked(await _failures(session, name), db.clock())
        stored = (
            await session.execute(
                select(UserRow.password_hash).where(UserRow.username == name, UserRow.disabled.is_(False))
            )
        ).scalar_one_or_none()
    fits = await hashing.fits(stored, password[: rules.LONGEST_PASSWORD + 1])
    signed_in: SignedIn | None = None
    async with db.transaction() as tx:
        await _sweep(tx)
        if not fits:
            await _begin_counting(tx, name)
        failures = await _failures(tx.session, name, lock=True)
        _refuse_locked(failures, tx.now)  # guesses sent in parallel are all counted before one can succeed
        if fits:
            row = (await tx.session.execute(select(UserRow).where(UserRow.username == name))).scalar_one()
            signed_in = await _begin_session(tx, settings, row)
            await tx.session.execute(delete(SignInFailureRow).where(SignInFailureRow.id == _digest(name)))
        else:
            await _count_failure(tx, settings, name, failures)
    if signed_in is None:
        raise NotSignedIn("The user name or the password is wrong.")
    return signed_in


async def _failures(session: AsyncSession, name: str, *, lock: bool = False) -> rules.Failures:
    query = select(SignInFailureRow).where(SignInFailureRow.id == _digest(name))
    row = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    return rules.Failures() if row is None else rules.Failures(row.attempts, row.locked_until)


def _refuse_locked(failures: rules.Failures, now: datetime) -> None:
    if rules.locked(failures, now):
        assert failures.locked_until is not None
        raise Forbidden(
            "Too many wrong passwords; wait, or ask your administrator.",
            until=failures.locked_until.isoformat(),
        )


async def _begin_counting(tx: Transaction, name: str) -> None:
    """Have the name's row there to lock, whoever else counts at the same moment."""
    row = {"id": _digest(name), "attempts": 0, "locked_until": None, "last_at": tx.now}
    await insert_new(tx.session, SignInFailureRow, [row])


async def _count_failure(tx: Transaction, settings: Settings, name: str, before: rules.Failures) -> None:
    after = rules.after_failure(before, tx.now, limit=settings.lockout_attempts, lock_minutes=settings.lockout_minutes)
    await tx.session.execute(
        update(SignInFailureRow)
        .where(SignInFailureRow.id == _digest(name))
        .values(attempts=after.attempts, locked_until=after.locked_until, last_at=tx.now)
    )
    if after.locked_until is None:
        return
    user_id = (await tx.session.execute(select(UserRow.id).where(UserRow.username == name))).scalar_one_or_none()
    if user_id is not None:
        tx.record(UserLockedOut(user_id=user_id, until=after.locked_until), topics=(AUDIT,))


async def _begin_session(tx: Transaction, settings: Settings, row: UserRow) -> SignedIn:
    token = secrets.token_urlsafe(32)
    expires_at = tx.now + timedelta(hours=settings.session_hours)
    tx.session.add(SessionRow(id=_digest(token), user_id=row.id, created_at=tx.now, expires_at=expires_at))
    tx.record(UserSignedIn(user_id=row.id), topics=(AUDIT,))
    await tx.session.flush()
    return SignedIn(view(row), token)


async def _sweep(tx: Transaction) -> None:
    """Forget sessions that are over, and counts of wrong passwords a day old; each sign-in does it."""
    await tx.session.execute(delete(SessionRow).where(SessionRow.expires_at <= tx.now))
    stale = tx.now - timedelta(days=1)
    await tx.session.execute(delete(SignInFailureRow).where(SignInFailureRow.last_at <= stale))


async def sign_out(tx: Transaction) -> None:
    """End the actor's session; that of nobody is no fault."""
    await tx.session.execute(delete(SessionRow).where(SessionRow.id == tx.actor.session_id))
    if tx.actor.user_id is not None:
        tx.record(UserSignedOut(user_id=tx.actor.user_id), topics=(AUDIT,))


async def create_user(tx: Transaction, new: NewUser, password_hash: str) -> UserView:
    """Make an account; `password_hash` is from `hash_password`. Raises Invalid, Conflict when the name is taken."""
    row = UserRow(
        id=new_id(tx.now),
        username=rules.check_username(new.username),
        display_name=new.display_name,
        password_hash=password_hash,
        roles=[role.value for role in new.roles],
        unit_id=new.unit_id,
        extension=rules.check_extension(new.extension),
        locale=new.locale,
        demo=new.demo,
        created_at=tx.now,
    )
    tx.session.add(row)
    try:
        await tx.session.flush()
    except IntegrityError as error:
        raise Conflict(f"The user {row.username}, or somebody at the same desk, is there already.") from error
    return view(row)


async def hash_password(password: str, username: str) -> str:
    """Check the password's form and hash it; called before the transaction. Raises Invalid, Unavailable."""
    rules.check_password(password, username)
    return await hashing.hash(password)


async def set_password(tx: Transaction, username: str, password_hash: str) -> None:
    """Replace a password, lift the lock and end every session of the user. Raises NotFound."""
    name = rules.normal_username(username)
    row = (await tx.session.execute(select(UserRow).where(UserRow.username == name))).scalar_one_or_none()
    if row is None:
        raise NotFound("There is no such user.", username=name)
    row.password_hash = password_hash
    await tx.session.execute(delete(SessionRow).where(SessionRow.user_id == row.id))
    await tx.session.execute(delete(SignInFailureRow).where(SignInFailureRow.id == _digest(name)))


async def user_of(session: AsyncSession, user_id: str) -> UserView:
    """Raises NotFound."""
    row = await session.get(UserRow, user_id)
    if row is None:
        raise NotFound("There is no such user.", user_id=user_id)
    return view(row)


async def people(session: AsyncSession) -> list[Person]:
    """Everybody's name, those of disabled accounts too: the past names them."""
    rows = await session.execute(select(UserRow.id, UserRow.display_name).order_by(UserRow.display_name))
    return [Person(row.id, row.display_name) for row in rows]


_AT_DESKS = select(UserRow.extension, UserRow.id, UserRow.display_name).where(
    UserRow.extension.in_(bindparam("desks", expanding=True))
)


async def at_desks(session: AsyncSession, extensions: Iterable[str]) -> dict[str, Person]:
    """Who sits at each of these desks now."""
    wanted = sorted(set(extensions))
    if not wanted:
        return {}
    rows = await session.execute(_AT_DESKS, {"desks": wanted})
    return {row.extension: Person(row.id, row.display_name) for row in rows}


async def seated(session: AsyncSession) -> dict[str, Person]:
    """Who sits at which desk now, all desks."""
    query = select(UserRow.extension, UserRow.id, UserRow.display_name).where(UserRow.extension.is_not(None))
    return {row.extension: Person(row.id, row.display_name) for row in await session.execute(query)}


@dataclass(frozen=True, slots=True)
class Move:
    """A user changed desks; None stands for no desk."""

    user_id: str
    before: str | None
    after: str | None


async def move_to_desk(tx: Transaction, user_id: str, extension: str | None) -> list[Move]:
    """Seat the user, moving whoever sat there off first. Raises Invalid, NotFound, Conflict (somebody was quicker)."""
    extension = rules.check_extension(extension)
    query = (
        select(UserRow)
        .where((UserRow.id == user_id) | (UserRow.extension == extension if extension else UserRow.id == user_id))
        .order_by(UserRow.id)
        .with_for_update()
    )
    rows = {row.id: row for row in (await tx.session.execute(query)).scalars()}
    if user_id not in rows:
        raise NotFound("There is no such user.", user_id=user_id)
    moves: list[Move] = []
    for row in rows.values():
        if row.id != user_id:
            moves.append(Move(row.id, row.extension, None))
            row.extension = None
    await tx.session.flush()
    user = rows[user_id]
    if user.extension != extension:
        moves.append(Move(user.id, user.extension, extension))
        user.extension = extension
    try:
        await tx.session.flush()
    except IntegrityError as error:
        raise Conflict("Somebody sat down at that desk at the same moment.", extension=extension) from error
    return moves


async def demo_accounts(session: AsyncSession) -> list[UserView]:
    """In the order in which visitors are offered them."""
    rows = await session.execute(select(UserRow).where(UserRow.demo.is_(True)))
    return sorted((view(row) for row in rows.scalars()), key=lambda user: rules.demo_order(user.roles, user.username))


async def sign_in_demo(tx: Transaction, settings: Settings, username: str) -> SignedIn:
    """Begin a session without a password: only in the demo, only for its accounts. Raises NotFound else."""
    if settings.demo:
        query = select(UserRow).where(
            UserRow.username == rules.normal_username(username), UserRow.demo.is_(True), UserRow.disabled.is_(False)
        )
        row = (await tx.session.execute(query)).scalar_one_or_none()
        if row is not None:
            await _sweep(tx)
            return await _begin_session(tx, settings, row)
    raise NotFound("There is no such demo account.", username=username)


DEMO_CENTRE = (
    NewUser("rina", "Rina Wulandari", (Role.CALL_TAKER,), extension="101", demo=True),
    NewUser("budi", "Budi Santoso", (Role.CALL_TAKER,), extension="102", demo=True),
    NewUser("dewi", "Dewi Lestari", (Role.CALL_TAKER,), extension="103", demo=True),
    NewUser("joko", "Joko Susilo", (Role.CALL_TAKER,), extension="104", demo=True),
    NewUser("siti", "Siti Rahmawati", (Role.DISPATCHER,), demo=True),
    NewUser("haris", "Haris Fadillah", (Role.SUPERVISOR,), demo=True),
    NewUser("admin", "Admin Siaga", (Role.ADMIN,), demo=True),
    NewUser("wulan", "Wulan (petugas layanan)", (Role.OFFICER,), demo=True),
)


async def seed_demo(tx: Transaction, crews: Sequence[tuple[str, str]] = ()) -> list[UserView]:
    """The demo's accounts, none with a password; `crews` are (unit id, callsign). Those that exist are left alone."""
    crew_users = tuple(
        NewUser(f"kru-{number}", f"Kru {callsign}", (Role.RESPONDER,), unit_id=unit_id, demo=True)
        for number, (unit_id, callsign) in enumerate(crews, start=1)
    )
    have = {user.username for user in await demo_accounts(tx.session)}
    wanted = [user for user in DEMO_CENTRE + crew_users if user.username not in have]
    return [await create_user(tx, user, NO_PASSWORD) for user in wanted]
