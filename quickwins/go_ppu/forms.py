"""What citizens fill in on the public pages."""

from typing import Any

from dispatch.plugins import Field, Kind, Text
from quickwins.go_ppu import words


def field(name: str, id: str, en: str, kind: Kind = Kind.TEXT, **more: Any) -> Field:
    return Field(name=name, label=Text(id, en), kind=kind, **more)


WHO = (
    field("name", "Nama", "Name", required=True, longest=100),
    field(
        "phone",
        "Nomor telepon",
        "Phone number",
        Kind.PHONE,
        required=True,
        hint=Text("Empat angka terakhirnya membuka halaman lacak", "Its last four digits open the tracking page"),
    ),
)
FILES = tuple(
    field(f"file{number}", f"Berkas {number} (foto atau PDF)", f"Document {number} (picture or PDF)", Kind.PHOTO)
    for number in (1, 2, 3)
)
CONSENT = field(
    "consent",
    "Data ini boleh dipakai kantor untuk menangani kiriman saya",
    "The office may use these data to handle what I send",
    Kind.BOOLEAN,
    required=True,
)
APPLY = (*WHO, field("message", "Keterangan", "Remarks", Kind.LONG_TEXT, longest=2000), *FILES, CONSENT)
COMPLAIN = (
    field("message", "Apa yang terjadi?", "What happened?", Kind.LONG_TEXT, required=True, longest=4000),
    field("place", "Di mana?", "Where?", hint=Text("Jalan, Km, RT, patokan", "Street, Km, RT, landmark")),
    field("village_code", "Desa/kelurahan", "Village", Kind.VILLAGE),
    field("point", "Titik lokasi", "Location", Kind.POINT),
    field("service_id", "Tentang layanan", "About the service", Kind.REFERENCE, resource="services"),
    *WHO,
    FILES[0],
    CONSENT,
)
KEYS = (
    field("number", "Nomor lacak", "Tracking number", required=True, longest=20),
    field("digits", "4 angka terakhir telepon", "Last 4 digits of the phone", required=True, longest=4),
)
REPLY = (*KEYS, field("message", "Tanggapan", "Reply", Kind.LONG_TEXT, required=True, longest=1000), FILES[0])
OPEN = (*KEYS, field("document", "Berkas", "Document", required=True, longest=36))
SURVEY = (
    field("service_id", "Layanan", "Service", Kind.REFERENCE, required=True, resource="services"),
    *(
        Field(name=f"u{number}", label=label, kind=Kind.CHOICE, required=True, choices=words.MARKS)
        for number, label in enumerate(words.ELEMENTS, 1)
    ),
    field("suggestion", "Saran", "Suggestion", Kind.LONG_TEXT, longest=1000),
)
