"""Names of what a row can be, in both languages."""

from dispatch.plugins import Choice, Text

CATEGORIES = (
    Choice("beach", Text("Pantai", "Beach")),
    Choice("cave", Text("Gua", "Cave")),
    Choice("waterfall", Text("Air terjun", "Waterfall")),
    Choice("mangrove", Text("Mangrove", "Mangrove")),
    Choice("island", Text("Pulau", "Island")),
    Choice("wildlife", Text("Satwa dan hutan", "Wildlife and forest")),
    Choice("bridge", Text("Jembatan", "Bridge")),
    Choice("monument", Text("Tugu dan penanda", "Monument")),
    Choice("park", Text("Taman", "Park")),
)
STATES = (
    Choice("draft", Text("Konsep", "Draft")),
    Choice("review", Text("Ditinjau", "In review")),
    Choice("published", Text("Terbit", "Published")),
    Choice("withdrawn", Text("Ditarik", "Withdrawn")),
)
SIGNALS = (
    Choice("unknown", Text("Belum diketahui", "Not known")),
    Choice("good", Text("Ada", "Yes")),
    Choice("weak", Text("Lemah, tidak di semua tempat", "Weak, not everywhere")),
    Choice("none", Text("Tidak ada", "None")),
)
HAZARDS = (
    Choice("sea", Text("Ombak dan arus", "Waves and currents")),
    Choice("tide", Text("Pasang surut", "Tide")),
    Choice("fall", Text("Licin, jatuh", "Slippery, falls")),
    Choice("wildlife", Text("Satwa liar", "Wild animals")),
    Choice("road", Text("Jalan", "Road")),
    Choice("water", Text("Air deras dan dalam", "Fast or deep water")),
    Choice("other", Text("Lainnya", "Other")),
)
LODGING_KINDS = (
    Choice("hotel", Text("Hotel", "Hotel")),
    Choice("guesthouse", Text("Penginapan", "Guest house")),
    Choice("homestay", Text("Homestay", "Homestay")),
    Choice("camping", Text("Perkemahan", "Camp site")),
)
ENQUIRY_STATES = (Choice("new", Text("Baru", "New")), Choice("answered", Text("Dijawab", "Answered")))


def names(choices: tuple[Choice, ...]) -> dict[str, Text]:
    return {choice.value: choice.label for choice in choices}
