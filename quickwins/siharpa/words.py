"""The words of the market prices in both languages."""

from collections.abc import Callable

from dispatch.plugins import Choice, Lang, Text
from quickwins.siharpa.model import Commodity


def _choices(**labels: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(value, Text(*label)) for value, label in labels.items())


LEVELS = _choices(
    retail=("Pengecer", "Retail"),
    wholesale=("Grosir", "Wholesale"),
    producer=("Produsen", "Producer"),
)
STATES = _choices(
    submitted=("Diajukan", "Submitted"), validated=("Valid", "Validated"), rejected=("Ditolak", "Rejected")
)
ALERT_STATES = _choices(open=("Baru", "New"), acknowledged=("Ditindaklanjuti", "Acknowledged"))
FAMILIES = _choices(
    staple=("Bahan pokok", "Staples"),
    protein=("Daging, telur, ikan", "Meat, eggs, fish"),
    spice=("Bumbu", "Spices"),
    vegetable=("Sayur", "Vegetables"),
    fruit=("Buah", "Fruit"),
    other=("Lainnya", "Other"),
)


def names(choices: tuple[Choice, ...], lang: Lang) -> dict[str, str]:
    return {choice.value: choice.label.in_(lang) for choice in choices}


def sayer(lang: Lang) -> Callable[[str, str], str]:
    """Gives the Indonesian or the English of two texts."""
    return lambda indonesian, english: english if lang == "en" else indonesian


def commodity_name(one: Commodity, lang: Lang) -> str:
    return one.name_en if lang == "en" else one.name
