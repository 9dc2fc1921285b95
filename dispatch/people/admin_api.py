"""Routes of the administration of accounts and grants."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from dispatch.actor import Actor
from dispatch.api import Command, InCentre, commands, reads
from dispatch.db import Transaction
from dispatch.people import accounts, service
from dispatch.people.accounts import Account
from dispatch.views import View
from dispatch.words import Role

router = APIRouter(prefix="/admin/people", tags=["people"])

Administers = Annotated[Command, Depends(commands(Role.ADMIN))]
DisplayName = Annotated[str, Field(min_length=1, max_length=200)]
Roles = Annotated[tuple[Role, ...], Field(min_length=1, max_length=len(Role))]
Grants = Annotated[tuple[Annotated[str, Field(max_length=80)], ...], Field(max_length=200)]
Password = Annotated[str, Field(max_length=1000)]


class AccountView(View):
    id: str
    username: str
    display_name: str
    roles: tuple[Role, ...]
    grants: tuple[str, ...]
    """Plugins' permissions, as `<plugin>.<permission>`; an administrator has all without a grant."""
    unit_id: str | None
    disabled: bool
    demo: bool


class NewAccount(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "username": "wulan",
                    "display_name": "Wulan",
                    "roles": ["officer"],
                    "grants": ["puspita.edit"],
                    "password": "…",
                }
            ]
        },
    )

    username: Annotated[str, Field(max_length=200)]
    display_name: DisplayName
    roles: Roles
    grants: Grants = ()
    unit_id: Annotated[str, Field(max_length=36)] | None = None
    password: Password


class AccountChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    display_name: DisplayName
    roles: Roles
    grants: Grants
    disabled: bool


class NewPassword(BaseModel):
    model_config = ConfigDict(extra="forbid")

    password: Password


def _view(account: Account) -> AccountView:
    return AccountView(
        id=account.id,
        username=account.username,
        display_name=account.display_name,
        roles=account.roles,
        grants=account.grants,
        unit_id=account.unit_id,
        disabled=account.disabled,
        demo=account.demo,
    )


@router.get("")
async def people(centre: InCentre, _actor: Annotated[Actor, Depends(reads(Role.ADMIN))]) -> list[AccountView]:
    """All accounts with their roles and grants."""
    async with centre.db.reading() as session:
        return [_view(one) for one in await accounts.all_accounts(session)]


@router.post("", status_code=201, response_model=AccountView)
async def add(command: Administers, body: NewAccount) -> Response:
    """Make an account. 409 when the name is taken."""
    hashed = await service.hash_password(body.password, body.username)

    async def make(tx: Transaction) -> AccountView:
        new = service.NewUser(body.username, body.display_name, body.roles, unit_id=body.unit_id)
        user = await service.create_user(tx, new, hashed)
        await accounts.grant(tx, user.id, body.grants)
        return _view(await accounts.account(tx.session, user.id))

    return await command.run(make, 201)


@router.put("/{user_id}", response_model=AccountView)
async def change(command: Administers, user_id: str, body: AccountChange) -> Response:
    """Change name, roles, grants, and whether the account may sign in."""

    async def put(tx: Transaction) -> AccountView:
        changed = await accounts.change(
            tx,
            user_id,
            display_name=body.display_name,
            roles=body.roles,
            grants=body.grants,
            disabled=body.disabled,
        )
        return _view(changed)

    return await command.run(put)


@router.post("/{user_id}/password", status_code=204)
async def set_password(centre: InCentre, command: Administers, user_id: str, body: NewPassword) -> Response:
    """Give a new password; the person is signed out everywhere."""
    async with centre.db.reading() as session:
        username = await accounts.username_of(session, user_id)
    hashed = await service.hash_password(body.password, username)
    return await command.run(lambda tx: service.set_password(tx, username, hashed))
