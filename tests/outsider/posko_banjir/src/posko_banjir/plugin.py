"""The module as one value."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel
from pydantic import Field as Limit

from dispatch.plugins import Export, Job, Layer, Listener, Permission, Plugin, Report, Text, Tile
from posko_banjir import reading, work
from posko_banjir.pages import DAILY, POSTS, public, router


class Settings(BaseModel):
    alert_cm: Annotated[int, Text("Batas siaga (cm)", "Alert mark (cm)"), Limit(ge=1)] = 100
    danger_cm: Annotated[int, Text("Batas bahaya (cm)", "Danger mark (cm)"), Limit(ge=1)] = 200
    keep_days: Annotated[int, Text("Simpan bacaan (hari)", "Keep readings (days)"), Limit(ge=30)] = 3650


PLUGIN = Plugin(
    name="posko_banjir",
    version="1.0.0",
    title=Text("Posko banjir", "Flood posts"),
    summary=Text("Tempat mengungsi dan muka air.", "Shelter and water levels."),
    package="posko_banjir",
    icon="home",
    permissions=(
        Permission("view", Text("Melihat", "View")),
        Permission("read", Text("Membaca muka air", "Read levels")),
        Permission("manage", Text("Mengelola posko", "Manage posts")),
    ),
    pages=(
        DAILY,
        POSTS,
        Report(name="levels", label=Text("Muka air", "Levels"), permission="view", build=reading.levels),
    ),
    migrations=Path(__file__).parent / "migrations",
    settings=Settings,
    router=router,
    public=public,
    jobs=(Job(name="forget", every_s=86_400, run=work.forget),),
    listeners=(Listener(types=("incident.opened",), handle=work.flood_heard),),
    emits=("levels_read", "flood_heard", "water_reported"),
    tiles=(
        Tile(name="beds", label=Text("Tempat kosong", "Free beds"), value=reading.beds),
        Tile(name="water", label=Text("Muka air", "Water level"), value=reading.water),
    ),
    layers=(Layer(name="posts", label=Text("Posko banjir", "Flood posts"), features=reading.on_the_map, public=True),),
    exports=(
        Export(
            name="levels",
            label=Text("Semua bacaan", "All readings"),
            columns=("post", "day", "level_cm"),
            rows=reading.open_levels,
        ),
    ),
    landmarks=reading.landmarks,
    demo=work.demo,
)
