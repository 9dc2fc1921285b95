"""Names of what a row can be, in both languages."""

from dispatch.plugins import Choice, Text

APPLICATION_STATES = (
    Choice("submitted", Text("Diajukan", "Submitted")),
    Choice("in_check", Text("Diperiksa", "In check")),
    Choice("incomplete", Text("Belum lengkap", "Incomplete")),
    Choice("accepted", Text("Diterima, sedang diproses", "Accepted, in work")),
    Choice("rejected", Text("Ditolak", "Rejected")),
    Choice("done", Text("Selesai", "Done")),
)
COMPLAINT_STATES = (
    Choice("received", Text("Diterima, sedang diverifikasi", "Received, being verified")),
    Choice("forwarded", Text("Diteruskan ke kantor pemilik", "Forwarded to the owning office")),
    Choice("answered", Text("Ditindaklanjuti, menunggu tanggapan", "Followed up, awaiting a reply")),
    Choice("handed", Text("Diserahkan ke 112", "Handed to 112")),
    Choice("rejected", Text("Tidak dapat ditindaklanjuti", "Cannot be followed up")),
    Choice("closed", Text("Selesai", "Closed")),
)
CLOCKS = (
    Choice("none", Text("Tanpa tenggat", "No deadline")),
    Choice("on_time", Text("Dalam tenggat", "In time")),
    Choice("today", Text("Jatuh tempo hari ini", "Due today")),
    Choice("overdue", Text("Terlambat", "Overdue")),
)
PARTS = {
    "requirements": Text("Persyaratan", "Requirements"),
    "procedure": Text("Sistem, mekanisme, dan prosedur", "Procedure"),
    "time": Text("Jangka waktu", "Time"),
    "cost": Text("Biaya", "Cost"),
    "product": Text("Produk layanan", "What you get"),
    "complaints": Text("Pengaduan, saran, dan masukan", "Complaints and suggestions"),
}
ELEMENTS = (
    Text("Persyaratan", "Requirements"),
    Text("Prosedur", "Procedure"),
    Text("Waktu penyelesaian", "Time taken"),
    Text("Biaya/tarif", "Cost"),
    Text("Hasil layanan", "Result"),
    Text("Kompetensi pelaksana", "Competence of staff"),
    Text("Perilaku pelaksana", "Behaviour of staff"),
    Text("Penanganan pengaduan", "Handling of complaints"),
    Text("Sarana dan prasarana", "Facilities"),
)
"""U1..U9 of PermenPAN-RB 14/2017."""
MARKS = (
    Choice("4", Text("4 · sangat baik", "4 · very good")),
    Choice("3", Text("3 · baik", "3 · good")),
    Choice("2", Text("2 · kurang baik", "2 · less good")),
    Choice("1", Text("1 · tidak baik", "1 · not good")),
)
CATEGORIES = {
    "A": Text("Sangat baik", "Very good"),
    "B": Text("Baik", "Good"),
    "C": Text("Kurang baik", "Less good"),
    "D": Text("Tidak baik", "Not good"),
}
BY = {
    "office": Text("Kantor", "Office"),
    "citizen": Text("Anda", "You"),
    "clock": Text("Otomatis", "Automatic"),
}


def names(choices: tuple[Choice, ...]) -> dict[str, Text]:
    return {choice.value: choice.label for choice in choices}
