"""Places of Penajam Paser Utara as callers say them: villages, kilometre posts, landmarks, and where the water is."""

from dataclasses import dataclass
from random import Random

VILLAGES: dict[str, tuple[str, ...]] = {
    "Penajam": (
        *("Tanjung Tengah", "Salo Loang", "Petung", "Lawe-lawe", "Pejala", "Kampung Baru", "Sesumpu", "Sungai Parit"),
        *("Nipah-Nipah", "Nenang", "Penajam", "Gunung Seteleng", "Buluminung", "Sotek", "Sepan", "Riko", "Gersik"),
        *("Jenebora", "Pantai Lango", "Giri Mukti", "Bukit Subur", "Sidorejo", "Giri Purwa"),
    ),
    "Waru": ("Waru", "Api-api", "Sesulu", "Bangun Mulya"),
    "Babulu": (
        *("Babulu Darat", "Labangka", "Babulu Laut", "Gunung Intan", "Gunung Makmur", "Sebakung Jaya", "Rawa Mulia"),
        *("Sri Raharja", "Sumber Sari", "Rintik", "Gunung Mulia", "Labangka Barat"),
    ),
    "Sepaku": (
        *("Sepaku", "Pemaluan", "Maridan", "Mentawir", "Tengin Baru", "Bukit Raya", "Suka Raja", "Bumi Harapan"),
        *("Argo Mulyo", "Semoi Dua", "Suko Mulyo", "Wono Sari", "Karang Jinawi", "Binuang", "Telemow"),
    ),
}
"""The 54 kelurahan and desa by kecamatan."""

_KECAMATAN_WEIGHTS = {"Penajam": 66, "Sepaku": 18, "Babulu": 10, "Waru": 6}
"""About as the BPBD's events of 2020 fell: 77, 22, 8, 5."""


@dataclass(frozen=True, slots=True)
class Spot:
    said: str
    """As a caller would say it."""
    village: str


LANDMARKS: tuple[Spot, ...] = (
    Spot("dekat RSUD Ratu Aji Putri Botung", "Nipah-Nipah"),
    Spot("di belakang kantor bupati", "Nipah-Nipah"),
    Spot("samping alun-alun Penajam", "Nipah-Nipah"),
    Spot("depan Pasar Nipah-Nipah", "Nipah-Nipah"),
    Spot("dekat Taman Rozeline", "Nipah-Nipah"),
    Spot("seberang Terminal Penajam", "Penajam"),
    Spot("perumahan BTN Kilo 1", "Penajam"),
    Spot("perumahan Alam Permai blok C", "Penajam"),
    Spot("belakang SMP 1 Penajam", "Penajam"),
    Spot("depan Pasar Petung", "Petung"),
    Spot("jalur 2 Petung, dekat Simpang Silkar", "Petung"),
    Spot("perumahan Korpri blok F", "Sungai Parit"),
    Spot("dekat Pasar Induk Penajam", "Nenang"),
    Spot("belakang SD 003 Penajam", "Gunung Seteleng"),
    Spot("dekat TPA Istiqlal, Sotek", "Sotek"),
    Spot("dekat SMP 5, Giri Mukti", "Giri Mukti"),
    Spot("belakang Pasar Induk Waru", "Sesulu"),
    Spot("Simpang Ali RT 23, Babulu Darat", "Babulu Darat"),
    Spot("dekat Pasar Rabu, Sukaraja", "Suka Raja"),
    Spot("depan Puskesmas Sepaku Satu, Bukit Raya", "Bukit Raya"),
    Spot("dekat Titik Nol Nusantara", "Bumi Harapan"),
    Spot("dekat Puskesmas Maridan", "Maridan"),
    Spot("dekat Bendung Sepaku Semoi", "Argo Mulyo"),
)

ROADS: tuple[Spot, ...] = (
    Spot("Jalan Provinsi kilometer 2, dari arah pelabuhan", "Penajam"),
    Spot("kilometer 5 Nenang, sekitar Masjid Al-Ula", "Nenang"),
    Spot("Jalan Provinsi KM 8, depan kantor BPS", "Nipah-Nipah"),
    Spot("KM 9 dekat Gerbang Madani", "Nipah-Nipah"),
    Spot("Jalan Provinsi kilometer 12, Lawe-Lawe", "Lawe-lawe"),
    Spot("KM 13 Lawe-Lawe, di tikungan tajam", "Lawe-lawe"),
    Spot("Jalan Penajam-Kuaro KM 16, Giri Mukti", "Giri Mukti"),
    Spot("Jembatan Tunan kilometer 22", "Waru"),
    Spot("KM 26, depan Pasar Induk Waru", "Sesulu"),
    Spot("Jalan Negara KM 39, Babulu", "Babulu Darat"),
    Spot("Jalan Negara KM 46, Babulu Darat", "Babulu Darat"),
    Spot("Jalan Negara kilometer 4 Sotek, dari Simpang Silkar", "Sotek"),
    Spot("poros Labangka arah Rintik", "Labangka"),
    Spot("KM 38 Sepaku, jalan Balikpapan-Samarinda", "Sepaku"),
    Spot("dekat Jembatan Pulau Balang, Maridan", "Maridan"),
)

WATERS: tuple[Spot, ...] = (
    Spot("dekat pelabuhan klotok Penajam", "Penajam"),
    Spot("di dermaga speedboat Penajam", "Penajam"),
    Spot("Pantai Tanjung Jumlai, Saloloang", "Salo Loang"),
    Spot("Sungai Riko, dekat jembatan kayu", "Riko"),
    Spot("di laut depan Jenebora", "Jenebora"),
    Spot("dermaga Pantai Lango", "Pantai Lango"),
    Spot("muara Babulu Laut", "Babulu Laut"),
    Spot("pantai Api-Api", "Api-api"),
    Spot("pelabuhan Buluminung", "Buluminung"),
    Spot("sungai di Mentawir, dekat dermaga", "Mentawir"),
)


def somewhere(dice: Random) -> Spot:
    """A landmark, or a neighbourhood (RT) of any village: those, not streets, are what callers give."""
    if dice.random() < 0.45:
        return dice.choice(LANDMARKS)
    kecamatan = dice.choices(list(_KECAMATAN_WEIGHTS), list(_KECAMATAN_WEIGHTS.values()))[0]
    village = dice.choice(VILLAGES[kecamatan])
    rt = dice.randint(1, 24)
    near = dice.choice(("dekat masjid", "dekat balai desa", "belakang SD", "dekat posyandu", "samping warung Bu Haji"))
    return Spot(f"{village} RT {rt:02}, {near}", village)


def on_a_road(dice: Random) -> Spot:
    return dice.choice(ROADS)


def by_the_water(dice: Random) -> Spot:
    return dice.choice(WATERS)
