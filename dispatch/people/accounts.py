"""Administration of accounts: who there is, what each may do, and passwords that somebody forgot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.db import Transaction
from dispatch.errors import Conflict, Invalid, NotFound
from dispatch.people import rules
from dispatch.people.model import SessionRow, UserGrantRow, UserRow
from dispatch.upsert import insert_new
from dispatch.words import Role


@dataclass(frozen=True, slots=True)
class Account:
    """An account as administrators see it."""

    id: str
    username: str
    display_name: str
    roles: tuple[Role, ...]
    grants: tuple[str, ...]
    """Plugins' permissions, as `<plugin>.<permission>`."""
    unit_id: str | None
    disabled: bool
    demo: bool


async def all_accounts(session: AsyncSession) -> list[Account]:
    """By name."""
    rows = (await session.scalars(select(UserRow).order_by(UserRow.display_name, UserRow.id))).all()
    granted: dict[str, list[str]] = {}
    for grant in await session.scalars(select(UserGrantRow).order_by(UserGrantRow.permission)):
        granted.setdefault(grant.user_id, []).append(grant.permission)
    return [_account(row, granted.get(row.id, ())) for row in rows]


async def account(session: AsyncSession, user_id: str) -> Account:
    """Raises NotFound."""
    row = await _row(session, user_id)
    grants = select(UserGrantRow.permission).where(UserGrantRow.user_id == user_id).order_by(UserGrantRow.permission)
    return _account(row, (await session.scalars(grants)).all())


async def _row(session: AsyncSession, user_id: str) -> UserRow:
    row = await session.get(UserRow, user_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such user.", user_id=user_id)
    return row


def _account(row: UserRow, grants: Iterable[str]) -> Account:
    return Account(
        id=row.id,
        username=row.username,
        display_name=row.display_name,
        roles=tuple(Role(role) for role in row.roles),
        grants=tuple(grants),
        unit_id=row.unit_id,
        disabled=row.disabled,
        demo=row.demo,
    )


async def grant(tx: Transaction, user_id: str, permissions: Iterable[str]) -> None:
    """Make these the person's permissions. Raises Invalid for what is no permission's name."""
    wanted = sorted({rules.check_permission(one) for one in permissions})
    await tx.session.execute(delete(UserGrantRow).where(UserGrantRow.user_id == user_id))
    tx.session.add_all(UserGrantRow(user_id=user_id, permission=one) for one in wanted)
    await tx.session.flush()


async def change(
    tx: Transaction,
    user_id: str,
    *,
    display_name: str,
    roles: tuple[Role, ...],
    grants: tuple[str, ...],
    disabled: bool,
) -> Account:
    """Change an account; one that is disabled is signed out everywhere.

    Raises NotFound, Invalid, Conflict when nobody would be left who may administer, or one's own account is disabled.
    """
    row = await _row(tx.session, user_id)
    if not roles:
        raise Invalid("An account has at least one role.", field="roles")
    if Role.RESPONDER in roles and row.unit_id is None:
        raise Invalid("A responder belongs to a unit; make the account with its unit.", field="roles")
    if disabled and user_id == tx.actor.user_id:
        raise Conflict("You cannot disable your own account.", field="disabled")
    row.display_name, row.roles, row.disabled = display_name.strip(), [role.value for role in roles], disabled
    await tx.session.flush()
    await _somebody_administers(tx)
    await grant(tx, user_id, grants)
    if disabled:
        await tx.session.execute(delete(SessionRow).where(SessionRow.user_id == user_id))
        await tx.session.execute(update(UserRow).where(UserRow.id == user_id).values(extension=None))
    return await account(tx.session, user_id)


async def _somebody_administers(tx: Transaction) -> None:
    rows = await tx.session.execute(select(UserRow.roles).where(UserRow.disabled.is_(False)))
    if not any(Role.ADMIN.value in roles for roles in rows.scalars()):
        raise Conflict("Somebody must remain who may administer.", field="roles")


async def username_of(session: AsyncSession, user_id: str) -> str:
    """Raises NotFound."""
    return (await account(session, user_id)).username


async def grant_to_demo_officers(tx: Transaction, permissions: Sequence[str]) -> None:
    """Let the demo's officers work with every module that is there; what they have already stays."""
    rows = await tx.session.scalars(select(UserRow).where(UserRow.demo.is_(True)))
    officers = [row.id for row in rows if Role.OFFICER.value in row.roles]
    wanted = [{"user_id": officer, "permission": one} for officer in officers for one in permissions]
    await insert_new(tx.session, UserGrantRow, wanted)
