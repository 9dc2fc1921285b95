"""What callers say, in the Indonesian that is spoken on the telephone. `{place}` and `{name}` are filled in.

A story's type is the code of the protocol that fits it. Each has several tellings, because several callers may report
one incident. False calls have tellings too; a ghost call has none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from telephony.simulator.places import Spot, by_the_water, on_a_road, somewhere


@dataclass(frozen=True, slots=True)
class Story:
    type: str
    weight: int
    where: Callable[[Random], Spot]
    tellings: tuple[tuple[str, ...], ...]


STORIES: tuple[Story, ...] = (
    Story(
        "kebakaran-bangunan",
        12,
        somewhere,
        (
            (
                "Tolong Pak, rumah tetangga saya terbakar!",
                "Di {place}.",
                "Apinya sudah besar, atapnya kena.",
                "Masih ada nenek di dalam, belum keluar!",
                "Nama saya {name}.",
            ),
            (
                "Halo, kebakaran Bu, cepat!",
                "Ini di {place}, ruko dua lantai.",
                "Asapnya hitam sekali, bunyi meletup-letup.",
                "Orangnya sudah keluar semua katanya.",
            ),
            (
                "Saya {name}, mau lapor kebakaran.",
                "Kompor gas meledak di dapur, api sampai plafon.",
                "Lokasinya {place}.",
                "Satu orang luka bakar di tangan.",
            ),
        ),
    ),
    Story(
        "kecelakaan-lalu-lintas",
        18,
        on_a_road,
        (
            (
                "Pak, ada kecelakaan, motor sama truk!",
                "Di {place}.",
                "Pengendaranya tidak bergerak, kepalanya berdarah.",
                "Jalannya macet total, tolong ambulans cepat.",
                "Saya {name}, kebetulan lewat.",
            ),
            (
                "Lapor, tabrakan mobil lawan mobil di {place}.",
                "Ada yang terjepit, pintunya tidak bisa dibuka.",
                "Lukanya kira-kira tiga orang.",
                "Bensinnya netes juga ini, bau.",
            ),
            (
                "Halo, orang jatuh dari motor di {place}.",
                "Kakinya patah kayaknya, tapi dia sadar.",
                "Ibu-ibu, umurnya sekitar empat puluh.",
                "Nama saya {name}.",
            ),
        ),
    ),
    Story(
        "darurat-medis",
        20,
        somewhere,
        (
            (
                "Tolong, bapak saya pingsan, napasnya tersengal.",
                "Alamatnya {place}.",
                "Umurnya enam puluh dua, ada riwayat jantung.",
                "Dadanya tadi katanya sakit sekali.",
                "Saya {name}, anaknya.",
            ),
            (
                "Ambulans Bu, istri saya mau melahirkan.",
                "Ketubannya sudah pecah, kontraksinya rapat.",
                "Rumah di {place}.",
                "Ini anak kedua. Nama saya {name}.",
            ),
            (
                "Halo, adik saya kejang, sudah lima menit.",
                "Di {place}.",
                "Umurnya empat tahun, badannya panas sekali.",
                "Masih napas, tapi matanya ke atas.",
            ),
        ),
    ),
    Story(
        "kriminalitas",
        8,
        somewhere,
        (
            (
                "Pak, rumah saya kemalingan, orangnya masih di dalam!",
                "Di {place}.",
                "Dia bawa parang, saya sembunyi di kamar.",
                "Tolong jangan pakai sirine. Saya {name}.",
            ),
            (
                "Mau lapor, motor saya dibegal barusan.",
                "Kejadiannya di {place}.",
                "Dua orang, naik motor hitam, lari ke arah Petung.",
                "Tangan saya kena sabet, berdarah.",
            ),
            (
                "Ada yang berkelahi bawa badik di {place}.",
                "Satu orang sudah kena di perut.",
                "Ramai orang, tolong polisi cepat.",
            ),
        ),
    ),
    Story(
        "banjir",
        7,
        somewhere,
        (
            (
                "Air sudah masuk rumah, Bu, setinggi pinggang.",
                "Di {place}.",
                "Ada orang tua yang lumpuh, tidak bisa jalan.",
                "Airnya masih naik terus. Saya {name}.",
            ),
            (
                "Lapor banjir di {place}.",
                "Kira-kira dua puluh rumah terendam.",
                "Anak-anak sudah di masjid, butuh perahu.",
            ),
        ),
    ),
    Story(
        "longsor",
        4,
        somewhere,
        (
            (
                "Pak, tebing longsor, nimpa rumah orang!",
                "Lokasinya {place}.",
                "Kayaknya ada yang tertimbun, dengar suara minta tolong.",
                "Hujan masih deras di sini. {name}, Pak.",
            ),
            (
                "Jalan putus kena longsor di {place}.",
                "Mobil tidak bisa lewat dua arah.",
                "Tidak ada korban, tapi tanahnya masih bergerak.",
            ),
        ),
    ),
    Story(
        "hewan-buas",
        14,
        somewhere,
        (
            (
                "Bu, ada ular besar masuk kamar mandi.",
                "Di {place}.",
                "Sanca kayaknya, tiga meter.",
                "Tidak ada yang digigit, tapi anak saya takut. Saya {name}.",
            ),
            (
                "Tolong, ada buaya di parit belakang rumah.",
                "Lokasi {place}.",
                "Tadi ayam tetangga dimakan.",
                "Banyak anak-anak main di sini.",
            ),
            (
                "Lapor, sarang tawon di {place}.",
                "Bapak saya disengat banyak, mukanya bengkak.",
                "Dia mulai susah napas ini.",
            ),
        ),
    ),
    Story(
        "orang-tenggelam",
        5,
        by_the_water,
        (
            (
                "Tolong, ada anak hanyut!",
                "Di {place}.",
                "Umurnya sepuluh tahun, tadi berenang bertiga.",
                "Sudah sepuluh menit tidak muncul.",
                "Saya {name}, warga sini.",
            ),
            (
                "Ada orang jatuh ke air di {place}.",
                "Laki-laki, tidak bisa berenang, masih pegang kayu.",
                "Arusnya kencang sekali.",
            ),
        ),
    ),
    Story(
        "kecelakaan-laut",
        3,
        by_the_water,
        (
            (
                "Speedboat tabrakan sama klotok, Pak!",
                "Di {place}.",
                "Penumpangnya ada tujuh, semua di air.",
                "Ada dua tidak pakai pelampung. Saya {name}.",
            ),
            (
                "Kapal nelayan mati mesin, air masuk.",
                "Posisi di {place}, kelihatan dari pantai.",
                "Di atas ada empat orang.",
            ),
        ),
    ),
    Story(
        "pohon-tumbang",
        8,
        on_a_road,
        (
            (
                "Halo, pohon tumbang menutup jalan di {place}.",
                "Motor saja tidak bisa lewat.",
                "Tidak ada yang kena. Nama saya {name}.",
            ),
            ("Ada pohon roboh nimpa mobil, Pak.", "Di {place}.", "Sopirnya masih di dalam, sadar, kakinya kejepit."),
        ),
    ),
    Story(
        "listrik",
        6,
        somewhere,
        (
            (
                "Kabel listrik putus di jalan, percikan api terus.",
                "Di {place}.",
                "Anak-anak lewat sini kalau pulang mengaji.",
                "Saya {name}.",
            ),
            ("Tiang listrik miring mau roboh, Bu.", "Lokasinya {place}.", "Kabelnya sudah nyentuh atap seng."),
        ),
    ),
    Story(
        "kdrt",
        5,
        somewhere,
        (
            (
                "Tolong saya... suami saya mukul lagi.",
                "Saya di kamar, pintunya saya kunci.",
                "{place}.",
                "Anak saya juga di sini, umur tiga tahun.",
                "Pelan-pelan ya Bu, dia di luar.",
            ),
            (
                "Tetangga saya dipukuli suaminya, teriak minta tolong.",
                "Di {place}.",
                "Dia bawa kayu. Sudah sering begini.",
                "Jangan bilang saya yang lapor ya.",
            ),
        ),
    ),
    Story(
        "orang-hilang",
        4,
        somewhere,
        (
            (
                "Anak saya belum pulang dari siang, Pak.",
                "Namanya Rizky, umur delapan tahun, baju merah.",
                "Terakhir main di {place}.",
                "Saya {name}, ibunya.",
            ),
            (
                "Kakek saya hilang, sudah pikun orangnya.",
                "Keluar rumah subuh tadi dari {place}.",
                "Pakai sarung, jalan kaki, tujuh puluh lima tahun.",
            ),
        ),
    ),
    Story(
        "gangguan-ketertiban",
        6,
        somewhere,
        (
            (
                "Mau lapor, orkes tetangga bising sekali sudah jam segini.",
                "Di {place}.",
                "Sudah ditegur Pak RT, tidak digubris. Saya {name}.",
            ),
            ("Ada orang mabuk lempar-lempar botol di {place}.", "Empat orang, warga takut lewat."),
        ),
    ),
)

PRANKS: tuple[tuple[str, ...], ...] = (
    ("Halo... pesan nasi goreng dua ya, pedas.", "Hahaha, cepat, sudah lapar."),
    ("Pak polisi, hati saya dicuri orang.", "(tertawa ramai-ramai)"),
    ("Halo, ini siapa? Kok suaranya merdu.", "Boleh kenalan tidak?"),
    ("(suara anak-anak) Ada monster di lemari!", "Hihihi, matikan, matikan!"),
)
INFORMATION: tuple[tuple[str, ...], ...] = (
    ("Maaf Bu, mau tanya nomor PLN Penajam berapa ya?",),
    ("Halo, kapal feri ke Kariangau jam berapa terakhir?", "Oh bukan di sini ya, maaf."),
    ("Mau tanya, urus KTP hilang di kantor mana ya Pak?",),
)
ACCIDENTAL: tuple[tuple[str, ...], ...] = (
    ("Eh, maaf, salah pencet.",),
    ("Halo? Oh, ini 112? Maaf, HP dimainkan anak saya.",),
    ("(suara kendaraan, percakapan jauh)", "...nanti belok kiri saja, Mas..."),
)

NAMES: tuple[str, ...] = (
    *("Budi Santoso", "Siti Aminah", "Andi Baso", "Nurhayati", "Muhammad Rizal", "Sri Wahyuni", "Syamsul Bahri"),
    *("Rahmawati", "Agus Salim", "Dewi Lestari", "Hasanuddin", "Fitriani", "Sugeng Riyadi", "Hj. Masitah", "Jumadi"),
    *("Rina Marlina", "Abdul Rahman", "Yulianti", "La Ode Amir", "Kartini", "Slamet Widodo", "Norhasanah", "Iwan"),
    *("Marlina Sinaga", "Darwis", "Ayu Puspita", "Paimin", "Sarifah", "Eko Prasetyo", "Hartati"),
)
MOBILE_PREFIXES: tuple[str, ...] = ("0811", "0812", "0813", "0821", "0822", "0852", "0853", "0857", "0878", "0895")
"""Those in common use in East Kalimantan."""
