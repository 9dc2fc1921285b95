"""The file that people fill in: a heading, one example, and (XLSX) a second sheet that explains the columns. Pure."""

from collections.abc import Mapping

from dispatch.plugins.contract import Resource
from dispatch.plugins.fields import Field, Kind, Lang, Text
from dispatch.plugins.pages.exports import heading
from dispatch.plugins.pages.numbers import write_decimal

_HOW: Mapping[Kind, Text] = {
    Kind.TEXT: Text("teks", "text"),
    Kind.LONG_TEXT: Text("teks", "text"),
    Kind.INTEGER: Text("bilangan bulat, misalnya 12", "a whole number, for example 12"),
    Kind.DECIMAL: Text("angka, misalnya 12,5", "a number, for example 12.5"),
    Kind.MONEY: Text("rupiah tanpa sen, misalnya 150.000", "whole rupiah, for example 150000"),
    Kind.DATE: Text("tanggal, misalnya 24/11/2026", "a date, for example 24/11/2026"),
    Kind.TIME: Text("jam, misalnya 07:30", "a time, for example 07:30"),
    Kind.MOMENT: Text("tanggal dan jam WITA, misalnya 24/11/2026 07:30", "date and time (WITA): 24/11/2026 07:30"),
    Kind.BOOLEAN: Text("ya atau tidak", "ya or tidak (yes or no)"),
    Kind.CHOICE: Text("salah satu dari", "one of"),
    Kind.POINT: Text("lintang, bujur, misalnya -1.3089, 116.7347", "latitude, longitude: -1.3089, 116.7347"),
    Kind.VILLAGE: Text("nama atau kode desa/kelurahan", "the village's name or code"),
    Kind.REFERENCE: Text("nama persis seperti di daftar", "the name exactly as in the list"),
    Kind.LINK: Text("alamat https", "an https address"),
    Kind.PHONE: Text("nomor telepon, misalnya 0812-3456-7890", "a telephone number, for example 0812-3456-7890"),
    Kind.PHOTO: Text("foto diunggah di formulir", "pictures are uploaded in the form"),
}

_TITLES = (Text("Kolom", "Column"), Text("Harus diisi", "Required"), Text("Cara mengisi", "How to fill in"))
COLUMNS = Text("Kolom", "Columns")


def typed_fields(resource: Resource) -> tuple[Field, ...]:
    """Those that a file may hold."""
    return tuple(one for one in resource.fields if one.typed and one.kind is not Kind.PHOTO)


def example_row(resource: Resource) -> dict[str, str]:
    """The template's one line, by field."""
    return {one.name: one.example or _first_choice(one) for one in typed_fields(resource)}


def template(resource: Resource, lang: Lang) -> list[list[str]]:
    """Heading and example."""
    fields = typed_fields(resource)
    example = example_row(resource)
    return [[heading(one, lang) for one in fields], [example[one.name] for one in fields]]


def explained(resource: Resource, lang: Lang) -> list[list[str]]:
    """One line a column: whether it must be filled, and how."""
    yes, no = ("ya", "tidak") if lang == "id" else ("yes", "no")
    lines = [[title.in_(lang) for title in _TITLES]]
    for one in typed_fields(resource):
        must = one.required or one.name in resource.key
        lines.append([heading(one, lang), yes if must else no, "; ".join(_how(one, lang))])
    return lines


def _how(one: Field, lang: Lang) -> list[str]:
    how = _HOW[one.kind].in_(lang)
    if one.choices:
        how = f"{how}: {', '.join(choice.label.in_(lang) for choice in one.choices)}"
    parts = [how]
    if one.kind in (Kind.TEXT, Kind.LONG_TEXT):
        parts.append(Text(f"paling banyak {one.longest} huruf", f"at most {one.longest} characters").in_(lang))
    if one.least is not None:
        parts.append(f"{Text('paling sedikit', 'at least').in_(lang)} {write_decimal(one.least)}")
    if one.most is not None:
        parts.append(f"{Text('paling banyak', 'at most').in_(lang)} {write_decimal(one.most)}")
    if one.hint is not None:
        parts.append(one.hint.in_(lang))
    return parts


def _first_choice(one: Field) -> str:
    return one.choices[0].label.id if one.choices and one.required else ""
