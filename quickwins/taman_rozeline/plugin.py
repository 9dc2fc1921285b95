"""Internet Taman Rozeline as one value."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel
from pydantic import Field as Limit

from dispatch.plugins import Export, Job, Layer, Permission, Plugin, Text, Tile
from quickwins.taman_rozeline import pages, reports, work
from quickwins.taman_rozeline.demo import demo
from quickwins.taman_rozeline.public import public, router


class TamanRozelineSettings(BaseModel):
    keep_days: Annotated[
        int, Text("Hari sesi dan sidik perangkat disimpan", "Days that sessions and fingerprints are kept"),
        Limit(ge=3, le=30),
    ] = 30  # fmt: skip
    close_hours: Annotated[
        int, Text("Jam menunggu catatan sebelum hari ditutup", "Hours to wait for records before a day is closed"),
        Limit(ge=1, le=96),
    ] = 24  # fmt: skip
    silent_minutes: Annotated[
        int, Text("Menit tanpa kabar sampai sesi dianggap putus", "Minutes of silence until a session counts as over"),
        Limit(ge=2, le=1440),
    ] = 30  # fmt: skip
    longest_hours: Annotated[
        int, Text("Jam terlama sesi tanpa kabar sama sekali", "Longest hours of a session that never reports"),
        Limit(ge=1, le=48),
    ] = 12  # fmt: skip
    snmp_community: Annotated[
        str, Text("Community SNMP v2c (kosong: tidak dipakai)", "SNMP v2c community (empty: not used)"),
        Limit(max_length=100),
    ] = ""  # fmt: skip


PLUGIN = Plugin(
    name="taman_rozeline",
    version="1.0.0",
    title=Text("Internet Taman Rozeline", "Rozeline Park internet"),
    package="quickwins.taman_rozeline",
    icon="tree",
    summary=Text(
        "Wifi publik di taman: titik akses, pemakaian, gangguan, ketentuan",
        "Public wifi in the park: access points, use, faults, terms",
    ),
    pages=pages.PAGES,
    permissions=(
        Permission("view", Text("Melihat", "View")),
        Permission("edit", Text("Menyunting", "Edit")),
        Permission("publish", Text("Menerbitkan ketentuan", "Publish terms")),
        Permission("tickets", Text("Mengurus gangguan", "Deal with faults")),
        Permission("import", Text("Mengimpor akuntansi", "Import accounting")),
    ),
    migrations=Path(__file__).parent / "migrations",
    settings=TamanRozelineSettings,
    router=router,
    public=public,
    demo=demo,
    emits=("access_point_down", "access_point_up", "terms_published"),
    jobs=(
        Job(name="poll_points", every_s=60, run=work.poll_points, limit_s=50),
        Job(name="count_days", every_s=3600, run=work.count_days, limit_s=60),
    ),
    tiles=(
        Tile(name="wifi", label=Text("Wifi taman", "Park wifi"), value=reports.tile),
        Tile(name="tickets", label=Text("Gangguan wifi", "Wifi faults"), value=reports.open_tickets),
    ),
    layers=(
        Layer(
            name="access_points",
            label=Text("Titik akses wifi", "Wifi access points"),
            public=True,
            features=reports.features,
        ),
    ),
    exports=(
        Export(
            name="days",
            label=Text("Pemakaian per hari", "Use by day"),
            rows=reports.open_days,
            columns=("day", "devices", "sessions", "most_at_once", "bytes_down", "bytes_up"),
        ),
    ),
)
