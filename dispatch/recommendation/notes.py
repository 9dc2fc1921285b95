"""What screens say of where travel times come from, and why a unit has none. Pure."""

from datetime import datetime

from dispatch.recommendation.graph import RoadGraph
from dispatch.recommendation.speeds import ZONE
from dispatch.views import Words

OLD_GRAPH_DAYS = 365
"""An extract older than a year lacks roads; around the new capital they are built faster than that."""

CUT_SHARE = 0.02
"""Of all roads: so much outside the largest part of the network is worth a word."""

NO_GRAPH = Words(
    id="Data jalan belum dimuat: waktu adalah perkiraan garis lurus × 1,4",
    en="No road data loaded: times are the straight line × 1.4",
)
INCIDENT_OFF_ROAD = Words(
    id="Titik kejadian lebih dari 1,5 km dari jalan yang terbuka: waktu adalah perkiraan garis lurus",
    en="The incident lies more than 1.5 km from any open road: times are estimates by straight line",
)
NO_ROAD = Words(
    id="Tidak ada jalan dari posisinya ke kejadian (pulau tanpa feri atau jaringan terputus)",
    en="No road leads from where it is to the incident (an island without a ferry, or a network cut in two)",
)
NO_ROAD_CLOSED = Words(
    id="Tidak ada jalan yang terbuka ke kejadian selama penutupan jalan berlaku",
    en="No open road leads to the incident while roads are closed",
)
SERVER_AWAY = Words(
    id="Server rute tidak menjawab: dipakai cara berikutnya yang ada",
    en="The routing server does not answer: the next best source is used",
)
SERVER_UNAWARE = Words(
    id="Ada jalan ditutup yang tidak diketahui server rute: dipakai data jalan sendiri",
    en="Roads are closed of which the routing server does not know: our own road data is used",
)
CLOSURES_UNUSED = Words(
    id="Penutupan jalan tidak ikut dihitung karena data jalan belum ada",
    en="Road closures are not reckoned with, as there is no road data",
)
OUTDATED = Words(
    id="Data jalan lebih tua daripada berkas sumbernya: jalankan siaga routing build lagi",
    en="The road data is older than its extract: run siaga routing build again",
)


def broken_graph(fault: str) -> Words:
    return Words(
        id=f"Data jalan tidak terbaca, waktu adalah perkiraan garis lurus × 1,4 ({fault})",
        en=f"The road data cannot be read, times are the straight line × 1.4 ({fault})",
    )


def of_graph(graph: RoadGraph, now: datetime, outside_share: float, *, outdated: bool) -> list[Words]:
    """What is to be said of a graph that is in use."""
    day = graph.source_at.astimezone(ZONE).date().isoformat()
    said = [OUTDATED] if outdated else []
    if (now - graph.source_at).days > OLD_GRAPH_DAYS:
        said.append(Words(id=f"Data jalan sudah lama ({day})", en=f"The road data is old ({day})"))
    if outside_share > CUT_SHARE:
        share = round(outside_share * 100)
        said.append(
            Words(
                id=f"Jaringan jalan terputus: {share}% tidak tersambung ke bagian terbesar",
                en=f"The road network is cut: {share}% is not joined to its largest part",
            )
        )
    return said


def closures(count: int, edges: int) -> Words:
    """How many closures are reckoned with; when none touches a road of the data, that is worth knowing."""
    roads = "1 road closure" if count == 1 else f"{count} road closures"
    if edges == 0:
        return Words(
            id=f"{count} penutupan jalan, tetapi tidak mengenai jalan mana pun dalam data",
            en=f"{roads}, but none touches a road of the data",
        )
    return Words(id=f"{count} penutupan jalan ikut dihitung", en=f"{roads} reckoned with")
