"""Names of what a row can be, in both languages."""

from collections.abc import Sequence

from dispatch.plugins import Choice, Text

STATES = (
    Choice("up", Text("Menyala", "Up")),
    Choice("down", Text("Mati", "Down")),
    Choice("unknown", Text("Belum diketahui", "Not known")),
)
SIGNS = {"up": "✓", "down": "✕", "unknown": "?"}
METHODS = (
    Choice("none", Text("Tidak diperiksa", "Not polled")),
    Choice("tcp", Text("Sambungan TCP", "TCP connection")),
    Choice("ping", Text("Ping (ICMP)", "Ping (ICMP)")),
    Choice("snmp", Text("SNMP v2c (sysUpTime)", "SNMP v2c (sysUpTime)")),
)
CAUSES = (
    Choice("power", Text("Listrik padam", "No power")),
    Choice("theft", Text("Pencurian atau perusakan", "Theft or vandalism")),
    Choice("other", Text("Lainnya, belum diketahui", "Other, not known yet")),
)
SOURCES = (
    Choice("public", Text("Pengunjung", "Visitor")),
    Choice("staff", Text("Petugas", "Staff")),
    Choice("poller", Text("Pemeriksaan otomatis", "Automatic poll")),
)
TICKET_STATES = (
    Choice("open", Text("Terbuka", "Open")),
    Choice("in_progress", Text("Dikerjakan", "In progress")),
    Choice("resolved", Text("Pulih", "Resolved")),
    Choice("closed", Text("Ditutup", "Closed")),
)
TERMS_STATES = (Choice("draft", Text("Konsep", "Draft")), Choice("published", Text("Terbit", "Published")))
WEEKDAYS = (
    Choice("0", Text("Senin", "Monday")),
    Choice("1", Text("Selasa", "Tuesday")),
    Choice("2", Text("Rabu", "Wednesday")),
    Choice("3", Text("Kamis", "Thursday")),
    Choice("4", Text("Jumat", "Friday")),
    Choice("5", Text("Sabtu", "Saturday")),
    Choice("6", Text("Minggu", "Sunday")),
)


def names(choices: Sequence[Choice]) -> dict[str, Text]:
    return {choice.value: choice.label for choice in choices}
