"""What the public pages' templates can do: both languages, numbers as people write them, and data that no text escapes.

One Jinja2 environment a plugin and language, so that macros know the language without being told.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dispatch.plugins.fields import Field, Lang, Text
from dispatch.plugins.site.charts import svg_line_chart

WITA = ZoneInfo("Asia/Makassar")
TEMPLATES = Path(__file__).parent / "templates"
LANGUAGES: tuple[Lang, ...] = ("id", "en")

_MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(),
    "en": "January February March April May June July August September October November December".split(),
}
MAP_TEXTS = {
    "title": Text("Peta", "Map"),
    "zoomIn": Text("Perbesar", "Zoom in"),
    "zoomOut": Text("Perkecil", "Zoom out"),
    "close": Text("Tutup", "Close"),
    "wheel": Text("Tekan Ctrl sambil menggulir untuk memperbesar peta", "Hold Ctrl while scrolling to zoom the map"),
    "wheelMac": Text("Tekan ⌘ sambil menggulir untuk memperbesar peta", "Hold ⌘ while scrolling to zoom the map"),
    "fingers": Text("Gunakan dua jari untuk menggeser peta", "Use two fingers to move the map"),
    "approximate": Text("batas perkiraan", "boundaries approximate"),
    "failed": Text("Lokasi belum dapat dimuat.", "The places could not be loaded."),
}
"""What the map's script says."""
_UNSAFE_IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def number(value: Decimal | int | None, lang: Lang, places: int | None = None) -> str:
    """With the language's own marks: 1.234,5 in Indonesian, 1,234.5 in English. `places`: decimals shown; None: all."""
    if value is None:
        return "–"
    text = f"{value:,}" if places is None else f"{value:,.{places}f}"
    return text if lang == "en" else text.translate(str.maketrans(",.", ".,"))


def rupiah(value: Decimal | int | None, lang: Lang) -> str:
    """Whole rupiah, as 'Rp 1.234.000'."""
    return "–" if value is None else f"Rp\u00a0{number(value, lang, 0)}"


def long_date(value: date | None, lang: Lang) -> str:
    """A day as '24 November 2026'; of a moment its day in WITA."""
    if value is None:
        return "–"
    day = value.astimezone(WITA) if isinstance(value, datetime) else value
    return f"{day.day} {_MONTHS[lang][day.month - 1]} {day.year}"


def when(value: datetime | None, lang: Lang) -> str:
    """A moment in WITA with day and time."""
    if value is None:
        return "–"
    local = value.astimezone(WITA)
    clock = local.strftime("%H:%M" if lang == "en" else "%H.%M")
    return f"{long_date(value, lang)}, {clock} WITA"


def typed_value(name: str, values: Mapping[str, Any], default: str | None) -> str:
    """What the box `name` shows: what was typed or is stored, else the default."""
    value = values.get(name, default)
    if value is None or value == "false":
        return ""
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value)
    if isinstance(value, datetime):
        return value.astimezone(WITA).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value)


def json_ld(value: Mapping[str, Any]) -> Markup:
    """JSON for a script element; no text in it can close the element or begin a comment (HTML, 4.12.1.3)."""
    whole = {"@context": "https://schema.org", **value}
    text = json.dumps(whole, ensure_ascii=False, default=_jsonable, separators=(",", ":"))
    return Markup(text.translate(_UNSAFE_IN_SCRIPT))  # every sign that HTML reads was escaped


def _jsonable(value: object) -> str:
    if isinstance(value, (Decimal, date, time)):
        return str(value) if isinstance(value, Decimal) else value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in structured data")


def _plugin_folder(package: str) -> Path | None:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "templates"


@lru_cache(maxsize=128)
def environment(package: str | None, plugin: str, lang: Lang) -> Environment:
    """The templates of one plugin (None: of the site alone) in one language.

    The site's own names begin with '_' and win over the plugin's.
    """
    folder = _plugin_folder(package) if package else None
    folders = [TEMPLATES] if folder is None else [TEMPLATES, folder]
    env = Environment(
        loader=ChoiceLoader([FileSystemLoader(one) for one in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.filters.update(
        rupiah=lambda value: rupiah(value, lang),
        number=lambda value, places=None: number(value, lang, places),
        date=lambda value: long_date(value, lang),
        when=lambda value: when(value, lang),
        iso=lambda value: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value.isoformat(),
        json_ld=json_ld,
    )
    env.globals.update(
        t=lambda id, en: en if lang == "en" else id,
        text=lambda text: Text(*text).in_(lang),
        photo=lambda id: f"/files/{id}",
        chart=lambda data: svg_line_chart(data, lang),
        box_value=lambda field, values: typed_value(field.name, values, field.default),
        faults_of=faults_of,
        plugin_name=plugin,
        map_texts={name: text.in_(lang) for name, text in MAP_TEXTS.items()},
        lang=lang,
    )
    return env


def faults_of(field: Field | None, faults: Any) -> list[Text]:
    """The faults beside one box; those of the whole form for None."""
    name = "" if field is None else field.name
    return [fault.message for fault in faults if (fault.field or "") == name]
