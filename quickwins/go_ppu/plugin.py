"""Go PPU (layanan publik satu pintu) as one value."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel
from pydantic import Field as Limit

from dispatch.plugins import (
    Export,
    InFiles,
    InReading,
    Job,
    Layer,
    Permission,
    Plugin,
    Reading,
    Text,
    Tile,
    file_answer,
)
from quickwins.go_ppu import pages, reports, rules, work
from quickwins.go_ppu.demo import demo
from quickwins.go_ppu.model import Document
from quickwins.go_ppu.public import public

router = APIRouter()


@router.get("/documents/{document_id}")
async def document(document_id: str, files: InFiles, reading: Annotated[Reading, InReading("documents")]) -> Response:
    """A citizen's document, for the office."""
    row = await reading.session.get(Document, document_id)
    if row is None:
        raise HTTPException(404)
    return file_answer(await files.open(reading, row.file_id), f"{row.number}-{row.name}")


class GoPpuSettings(BaseModel):
    forward_days: Annotated[
        int, Text("Hari kerja untuk meneruskan pengaduan", "Working days to forward a complaint"), Limit(ge=1, le=60)
    ] = 3
    answer_days: Annotated[
        int, Text("Hari kerja untuk menindaklanjuti", "Working days to follow up"), Limit(ge=1, le=120)
    ] = 5
    close_days: Annotated[
        int, Text("Hari kerja menunggu tanggapan pelapor", "Working days to wait for a reply"), Limit(ge=1, le=120)
    ] = 10
    keep_days: Annotated[
        int,
        Text("Hari sampai data pribadi perkara selesai dihapus", "Days until personal data of closed cases are erased"),
        Limit(ge=1, le=3650),
    ] = 365


PLUGIN = Plugin(
    name="go_ppu",
    version="1.0.0",
    title=Text("Go PPU", "Go PPU"),
    summary=Text(
        "Layanan publik: syarat, biaya, waktu, permohonan, pengaduan, dan kepuasan",
        "Public services: requirements, cost, time, applications, complaints and satisfaction",
    ),
    package="quickwins.go_ppu",
    icon="building-community",
    pages=pages.PAGES,
    permissions=(
        Permission("view", Text("Melihat katalog dan laporan", "View catalogue and reports")),
        Permission("edit", Text("Menyunting katalog, kantor, hari libur", "Edit catalogue, offices, holidays")),
        Permission("applications", Text("Memproses permohonan", "Handle applications")),
        Permission("complaints", Text("Menangani pengaduan", "Handle complaints")),
        Permission("documents", Text("Membuka berkas warga", "Open citizens' documents")),
        Permission("personal", Text("Melihat nama dan telepon warga", "See names and phones of citizens")),
    ),
    migrations=Path(__file__).parent / "migrations",
    settings=GoPpuSettings,
    router=router,
    public=public,
    demo=demo,
    emits=("overdue", "handed_to_112"),
    landmarks=reports.landmarks,
    jobs=(
        Job(name="keep_clocks", every_s=300, run=work.keep_clocks),
        Job(name="forget", every_s=86_400, run=work.forget),
    ),
    tiles=(
        Tile(name="complaints", label=Text("Pengaduan terlambat", "Overdue complaints"), value=reports.tile_complaints),
        Tile(name="reviews", label=Text("Tinjauan layanan", "Service reviews"), value=reports.tile_reviews),
    ),
    layers=(Layer(name="offices", label=Text("Kantor", "Offices"), features=reports.features, public=True),),
    exports=(
        Export(
            name="services",
            label=Text("Katalog layanan", "Services"),
            columns=("slug", "name_id", "name_en", "office", "working_days", *rules.PARTS),
            rows=reports.open_services,
        ),
        Export(
            name="satisfaction",
            label=Text("Kepuasan masyarakat", "Satisfaction"),
            columns=("service", "answers", "index", "category", *(f"u{number}" for number in range(1, 10))),
            rows=reports.open_satisfaction,
        ),
    ),
)
