"""The words of the waste banks in both languages."""

from collections.abc import Callable

from dispatch.plugins import Choice, Lang, Text
from quickwins.serbu_gass.model import WasteKind
from quickwins.serbu_gass.rules import AccountKind, EntryKind

ENTRIES = {
    EntryKind.WEIGH: Text("Setoran", "Deposit"),
    EntryKind.ALMS: Text("Sedekah sampah", "Waste given as alms"),
    EntryKind.ALMS_BALANCE: Text("Sedekah dari saldo", "Alms from the balance"),
    EntryKind.WITHDRAW: Text("Penarikan", "Withdrawal"),
    EntryKind.SALE: Text("Penjualan ke pengepul", "Sale to a collector"),
    EntryKind.PAYMENT: Text("Pembayaran pengepul", "Collector's payment"),
    EntryKind.DELIVERY: Text("Setoran ke bank induk", "Delivery to the central bank"),
    EntryKind.SETTLEMENT: Text("Pelunasan bank induk", "Central bank's payment"),
    EntryKind.GIFT: Text("Penyaluran sedekah", "Alms passed on"),
    EntryKind.CAPITAL: Text("Modal kas", "Cash put in"),
    EntryKind.REVERSAL: Text("Pembatalan", "Reversal"),
}
ACCOUNTS = {
    AccountKind.CASH: Text("Kas", "Cash"),
    AccountKind.STOCK: Text("Stok sampah (harga perolehan)", "Stock of waste (at cost)"),
    AccountKind.RECEIVABLE: Text("Piutang pengepul", "Owed by collectors"),
    AccountKind.CLAIM: Text("Tagihan ke bank induk", "Claim on the central bank"),
    AccountKind.MEMBER: Text("Saldo nasabah", "Members' balances"),
    AccountKind.FUND: Text("Dana sedekah", "Alms fund"),
    AccountKind.DEBT: Text("Utang bank induk ke unit", "Central bank's debt to units"),
    AccountKind.MARGIN: Text("Selisih jual", "Margin"),
    AccountKind.CAPITAL: Text("Modal", "Capital"),
}


def _choices(**labels: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(value, Text(*label)) for value, label in labels.items())


UNIT_KINDS = _choices(unit=("Bank Sampah Unit", "Waste bank unit"), central=("Bank Sampah Induk", "Central waste bank"))
MEMBER_KINDS = _choices(
    household=("Rumah tangga", "Household"),
    office=("Kantor (OPD)", "Government office"),
    school=("Sekolah", "School"),
    business=("Usaha", "Business"),
    group=("Kelompok", "Group"),
)
FAMILIES = _choices(
    plastic=("Plastik", "Plastic"),
    paper=("Kertas", "Paper"),
    metal=("Logam", "Metal"),
    glass=("Kaca", "Glass"),
    oil=("Minyak jelantah", "Used cooking oil"),
    electronics=("Elektronik", "Electronics"),
    other=("Lainnya", "Other"),
)
RECIPIENT_KINDS = _choices(
    orphanage=("Panti asuhan", "Orphanage"),
    worship=("Rumah ibadah", "House of worship"),
    school=("Sekolah", "School"),
    family=("Keluarga", "Family"),
    disaster=("Korban bencana", "Disaster victims"),
)
PICKUP_STATES = _choices(
    planned=("Dijadwalkan", "Planned"), done=("Selesai", "Done"), cancelled=("Dibatalkan", "Cancelled")
)
REQUEST_STATES = _choices(
    asked=("Baru", "New"),
    agreed=("Dijadwalkan", "Agreed"),
    fetched=("Sudah dijemput", "Fetched"),
    refused=("Ditolak", "Refused"),
)
ENTRY_KINDS = tuple(Choice(kind.value, text) for kind, text in ENTRIES.items())


def sayer(lang: Lang) -> Callable[[str, str], str]:
    """Gives the Indonesian or the English of two texts."""
    return lambda indonesian, english: english if lang == "en" else indonesian


def kind_name(kind: WasteKind, lang: Lang) -> str:
    return kind.name_en if lang == "en" else kind.name
