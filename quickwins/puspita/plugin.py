"""Puspita (Pusat Promosi dan Informasi Pariwisata) as one value."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel
from pydantic import Field as Limit

from dispatch.plugins import Export, Job, Layer, Permission, Plugin, Text, Tile
from quickwins.puspita import pages, reports, work
from quickwins.puspita.demo import demo
from quickwins.puspita.public import public


class PuspitaSettings(BaseModel):
    office: Annotated[str, Text("Nama kantor di halaman publik", "Name of the office on public pages")] = (
        "Dinas Kebudayaan dan Pariwisata Penajam Paser Utara"
    )
    office_contact: Annotated[str, Text("Telepon atau surel kantor", "Phone or e-mail of the office")] = ""
    enquiry_days: Annotated[
        int, Text("Hari sampai data penanya dihapus", "Days until an enquirer's data are erased"), Limit(ge=1, le=3650)
    ] = 365
    stage_1: Annotated[int, Text("Nilai awal kelas Berkembang", "Score at which Growing begins")] = 30
    stage_2: Annotated[int, Text("Nilai awal kelas Maju", "Score at which Advanced begins")] = 55
    stage_3: Annotated[int, Text("Nilai awal kelas Mandiri", "Score at which Self-reliant begins")] = 80


PLUGIN = Plugin(
    name="puspita",
    version="1.0.0",
    title=Text("Puspita", "Puspita"),
    package="quickwins.puspita",
    icon="beach",
    summary=Text(
        "Promosi dan informasi pariwisata: destinasi, acara, penginapan, pengunjung, desa wisata",
        "Tourism: destinations, events, lodging, visitors, tourism villages",
    ),
    pages=pages.PAGES,
    permissions=(
        Permission("view", Text("Melihat", "View")),
        Permission("edit", Text("Menyunting", "Edit")),
        Permission("publish", Text("Menerbitkan dan menarik", "Publish and withdraw")),
        Permission("count", Text("Mengisi pengunjung", "Count visitors")),
        Permission("enquiries", Text("Menjawab pertanyaan", "Answer enquiries")),
    ),
    migrations=Path(__file__).parent / "migrations",
    settings=PuspitaSettings,
    public=public,
    demo=demo,
    emits=("published", "withdrawn"),
    landmarks=reports.landmarks,
    jobs=(Job(name="forget_enquiries", every_s=86_400, run=work.forget_enquiries),),
    tiles=(
        Tile(name="visitors", label=Text("Pengunjung bulan lalu", "Visitors last month"), value=reports.last_month),
        Tile(name="enquiries", label=Text("Pertanyaan baru", "New enquiries"), value=reports.waiting),
    ),
    layers=(
        Layer(
            name="destinations",
            label=Text("Destinasi wisata", "Tourist attractions"),
            public=True,
            features=reports.features,
        ),
    ),
    exports=(
        Export(
            name="destinations",
            label=Text("Destinasi wisata", "Tourist attractions"),
            rows=reports.open_destinations,
            columns=(
                "slug",
                "name_id",
                "name_en",
                "category",
                "village_code",
                "lat",
                "lon",
                "accuracy_m",
                "hours",
                "ticket_rupiah",
                "signal",
                "source",
            ),
        ),
        Export(
            name="visitors",
            label=Text("Pengunjung per bulan", "Visitors a month"),
            rows=reports.open_visits,
            columns=("month", "destination", "domestic", "foreign"),
        ),
    ),
)
