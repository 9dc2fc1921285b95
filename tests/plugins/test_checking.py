"""What `siaga plugin check` finds: each way to declare nonsense has its sentence."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dispatch.plugins import (
    PLUGIN_COLUMN_TYPES,
    Choice,
    Export,
    Field,
    Job,
    Kind,
    Listener,
    Permission,
    PluginRow,
    Reading,
    Resource,
    Text,
    plugin_metadata,
)
from dispatch.plugins.checking import RESERVED, faults_of
from dispatch.plugins.registry import found, unique
from tests.plugins.example.plugin import example, hear, tidy

THINGS = example().pages[0]
assert isinstance(THINGS, Resource)


class Base(DeclarativeBase):
    metadata = plugin_metadata("other")
    type_annotation_map = PLUGIN_COLUMN_TYPES


class Foreign(PluginRow, Base):
    __tablename__ = "foreign_things"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))


class Loose:
    """Not mapped."""


class Needs(BaseModel):
    days: int


async def nothing(_reading: Reading) -> Sequence[Sequence[Any]]:
    return ()


def box(**changes: Any) -> Field:
    return Field(**{"name": "what", "label": Text("Apa", "What"), **changes})


def things(**changes: Any) -> dict[str, Any]:
    return {"pages": (replace(THINGS, **changes),)}


def test_the_example_is_sound() -> None:
    assert faults_of(example()) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "Lost"}, "name: 'Lost' must be"),
        ({"name": "console", "pages": ()}, "address of the centre itself"),
        ({"api": 99}, "level 99"),
        ({"version": " "}, "version"),
        ({"title": Text("Ya", "")}, "title: a text is missing"),
        ({"migrations": None}, "no folder of migrations"),
        ({"migrations": Path("nowhere")}, "no folder of migrations"),
        ({"permissions": (Permission("view", Text("a", "b")),)}, "'edit' is not declared"),
        ({"permissions": (Permission("view", Text("a", "b")),) * 2}, "'view' is there 2 times"),
        (things(title="colour"), "title: 'colour' is not one of its fields"),
        (things(search=("colour",)), "search: 'colour'"),
        (things(key=("colour",)), "key: 'colour'"),
        (things(order="-colour"), "order: Thing has no 'colour'"),
        (things(importable=True, key=()), "an import needs `key`"),
        (things(importable=True, personal=("what",)), "rows with personal fields are not imported"),
        (things(personal=("whom",)), "personal: 'whom' is not one of its fields"),
        (things(fields=(box(), box(name="colour"))), "Thing has no 'colour'"),
        (things(fields=(box(), box(name="place", kind=Kind.POINT))), "Thing has no 'place_lat'"),
        (things(fields=(box(kind=Kind.CHOICE),)), "a choice without choices"),
        (things(fields=(box(kind=Kind.REFERENCE, resource="nowhere"),)), "refers to 'nowhere'"),
        (things(fields=(box(least=Decimal(2), most=Decimal(1)),)), "least is above its most"),
        (things(row=Foreign), "foreign_things must begin with 'lost_things_'"),
        (things(row=Foreign), "refers to users.id"),
        (things(row=Foreign), "plugin_metadata('lost_things')"),
        (things(row=Loose), "Loose is not a mapped class"),
        ({"settings": Needs}, "settings.days: it has no default"),
        ({"jobs": (Job(name="busy", every_s=0.1, run=tidy),)}, "every second at most"),
        ({"listeners": (Listener(types=(), handle=hear),)}, "hears no type"),
        ({"listeners": (Listener(types=("call.ended",), handle=hear),) * 2}, "hear is there 2 times"),
        ({"emits": ("Found It",)}, "emits: 'Found It'"),
        (
            {"exports": (Export(name="all", label=Text("a", "b"), columns=("x",), rows=nothing, permission="take"),)},
            "exports.all: the permission 'take' is not declared",
        ),
    ],
)
def test_each_fault_has_its_sentence(changes: dict[str, Any], said: str) -> None:
    faults = faults_of(example(**changes))
    assert any(said in fault for fault in faults), faults


def test_a_choice_with_choices_is_sound() -> None:
    choice = Choice("hat", Text("Topi", "Hat"))
    assert (
        faults_of(example(**things(fields=(box(kind=Kind.CHOICE, choices=(choice,)),), search=(), title="what"))) == []
    )


def test_every_address_of_the_server_is_reserved() -> None:
    from dispatch.web import web_folder

    folder = web_folder()
    faces = (
        {one.name for one in folder.iterdir() if one.is_dir() and one.name[0] != "."} if folder is not None else set()
    )
    assert faces <= RESERVED


def test_two_packages_of_one_name_stay_off() -> None:
    (one,) = unique([found(example()), found(example())])
    assert one.plugin is None
    assert "Two installed packages" in (one.fault or "")
