"""What people upload as a table: CSV as spreadsheets write it, or XLSX. Bounded in every direction. No database."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from dispatch.plugins.pages.exports import unescaped
from dispatch.plugins.pages.refusals import Faulty, faulty

LARGEST_FILE = 10 * 1024**2
"""Bytes of an upload; 20,000 rows with long texts take some 5 MB."""

MOST_LINES = 20_000
"""Rows of one import; more are to be sent in several files."""

MOST_COLUMNS = 100
LONGEST_CELL = 20_000
"""Characters; the longest text of a field is shorter."""

LARGEST_UNPACKED = 100 * 1024**2
"""Bytes of all parts of an XLSX file together; beyond that it is a zip bomb or no table of ours."""

MOST_PARTS = 1000

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The heading, and the lines that are not empty with their number in the file (the heading is 1)."""

    heading: tuple[str, ...]
    lines: tuple[tuple[int, tuple[Any, ...]], ...]


def read_file(content: bytes) -> Sheet:
    """The table in the file, by its content and not its name; takes seconds, so call it in a thread. Raises Faulty."""
    if len(content) > LARGEST_FILE:
        raise _refused("berkas terlalu besar (paling banyak 10 MB)", "the file is too large (at most 10 MB)")
    if content.startswith(_OLD_EXCEL):
        raise _refused("simpan dulu sebagai .xlsx", "save it as .xlsx first")
    rows = _xlsx_rows(content) if content.startswith(_ZIP) else _csv_rows(content)
    numbered = ((number, cells) for number, cells in enumerate(rows, 1) if any(one not in (None, "") for one in cells))
    first = next(numbered, None)
    if first is None:
        raise _refused("berkas ini kosong", "the file is empty")
    return Sheet(tuple("" if one is None else str(one).strip() for one in first[1]), tuple(_bounded(numbered)))


def _bounded(numbered: Iterable[tuple[int, tuple[Any, ...]]]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for count, line in enumerate(numbered, 1):
        if count > MOST_LINES:
            raise _refused(
                f"lebih dari {MOST_LINES} baris; bagi menjadi beberapa berkas",
                f"more than {MOST_LINES} rows; send them in several files",
            )
        yield line


def _xlsx_rows(content: bytes) -> Iterator[tuple[Any, ...]]:
    """Of the first sheet, with the values that its formulas had when it was saved."""
    try:
        _refuse_bomb(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        if not book.worksheets:
            raise _refused("tidak ada lembar di dalamnya", "there is no sheet in it")
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_row=MOST_LINES * 2, max_col=MOST_COLUMNS, values_only=True):
            yield tuple(_cell(value) for value in row)
        book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, SyntaxError, OSError) as error:
        raise _refused("berkas Excel ini rusak", "this Excel file is damaged") from error


def _refuse_bomb(content: bytes) -> None:
    """By the sizes that the archive states; more than those is never unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise _refused("isi berkas ini terlalu besar", "what is packed in this file is too large")


def _csv_rows(content: bytes) -> Iterator[tuple[Any, ...]]:
    text = decoded(content)
    if "\x00" in text:
        raise _refused("ini bukan berkas CSV atau Excel", "this is neither a CSV nor an Excel file")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=True)
    try:
        for row in reader:
            yield tuple(_cell(value) for value in row[:MOST_COLUMNS])
    except csv.Error as error:
        raise _refused(
            f"tanda kutip tidak beres di dekat baris {reader.line_num}", f"quotes are wrong near line {reader.line_num}"
        ) from error


def decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with one, else what Windows writes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def separator_of(text: str) -> str:
    """The one of ';', tab and ',' that stands most often in the heading, outside of quotes."""
    heading = text.lstrip("\r\n").partition("\n")[0]
    bare = "".join(part for number, part in enumerate(heading.split('"')) if number % 2 == 0)
    return max((";", "\t", ","), key=bare.count)


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if len(value) > LONGEST_CELL:
        raise _refused("satu isian terlalu panjang", "one of the cells is too long")
    return unescaped(value.strip())


def _refused(id_: str, en: str) -> Faulty:
    return faulty("file", f"Berkas tidak dapat dibaca: {id_}.", f"The file cannot be read: {en}.")


def texts(cells: Sequence[Any]) -> list[str]:
    """Cells as a person reads them, for the preview."""
    return ["" if cell is None else str(cell)[:100] for cell in cells]
