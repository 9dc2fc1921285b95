"""Uploaded files: what they are is read from their content, and what cameras write about people leaves them."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.plugins.pictures import BadFile, FileKind, kind_of, without_private_parts

PLACE = b"1,18.5S116,41.9E"
"""Stands for the position, in every private part of every picture here."""


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(orientation: int, order: str = ">") -> bytes:
    mark = b"MM" if order == ">" else b"II"
    tiff = struct.pack(order + "2sHIH", mark, 42, 8, 2)
    tiff += struct.pack(order + "HHII", 0x8825, 4, 1, 64)
    tiff += struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"Exif\x00\x00" + tiff + struct.pack(order + "I", 0) + PLACE


def jpeg(*private: bytes, trailer: bytes = b"") -> bytes:
    """Not decodable pixels, but the structure of a file that a phone writes."""
    return (
        b"\xff\xd8"
        + b"".join(private)
        + segment(0xE0, b"JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00")
        + segment(0xDB, b"\x00" + bytes(64))
        + segment(0xC0, bytes(15))
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
        + b"\x12\xff\x00\x34\xff\xd0\x56"
        + b"\xff\xd9"
        + trailer
    )


JPEG_WITH_PLACE = jpeg(
    segment(0xE1, exif(6)),
    segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + PLACE),
    segment(0xED, b"Photoshop 3.0\x00" + PLACE),
    segment(0xFE, PLACE),
    segment(0xE2, b"MPF\x00" + PLACE),
    trailer=b"\xff\xd8" + segment(0xE1, exif(1)) + b"\xff\xd9",
)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*private: bytes) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
        + b"".join(private)
        + chunk(b"IDAT", zlib.compress(b"\x00\x10\x20\x30"))
        + chunk(b"IEND", b"")
    )


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(
        name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (jpeg(), FileKind.JPEG),
        (png(), FileKind.PNG),
        (webp((b"VP8 ", b"xx")), FileKind.WEBP),
        (b"%PDF-1.7\n", FileKind.PDF),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", None),
        (b"GIF89a", None),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"<!doctype html>", None),
        (b"", None),
    ],
)
def test_the_content_says_what_a_file_is(data: bytes, kind: FileKind | None) -> None:
    assert kind_of(data) is kind


def test_a_jpeg_loses_place_owner_and_preview_and_keeps_which_side_is_up() -> None:
    clean = without_private_parts(JPEG_WITH_PLACE, FileKind.JPEG)
    assert PLACE not in clean
    assert clean.startswith(b"\xff\xd8\xff\xe1")
    assert clean.endswith(b"\x12\xff\x00\x34\xff\xd0\x56\xff\xd9")
    assert clean.count(b"Exif\x00\x00") == 1
    tiff = clean[clean.index(b"Exif\x00\x00") + 6 :]
    assert struct.unpack_from(">HHHIH", tiff, 8) == (1, 0x0112, 3, 1, 6)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_survives_in_either_byte_order(order: str, orientation: int) -> None:
    clean = without_private_parts(jpeg(segment(0xE1, exif(orientation, order))), FileKind.JPEG)
    assert PLACE not in clean
    if orientation == 1:
        assert b"Exif" not in clean
    else:
        tiff = clean[clean.index(b"Exif\x00\x00") + 6 :]
        assert struct.unpack_from(">H", tiff, 18) == (orientation,)


def test_cleaning_twice_changes_nothing_more() -> None:
    once = without_private_parts(JPEG_WITH_PLACE, FileKind.JPEG)
    assert without_private_parts(once, FileKind.JPEG) == once


def test_a_png_loses_its_texts() -> None:
    private = [chunk(name, PLACE) for name in (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME")]
    assert without_private_parts(png(*private, chunk(b"gAMA", b"abcd")), FileKind.PNG) == png(chunk(b"gAMA", b"abcd"))


def test_what_hangs_behind_a_png_is_left_out() -> None:
    assert without_private_parts(png() + PLACE, FileKind.PNG) == png()


def test_a_webp_loses_exif_and_xmp_and_their_flags() -> None:
    flags = bytes([0x08 | 0x04 | 0x10]) + bytes(9)
    given_ = webp((b"VP8X", flags), (b"VP8L", b"abc"), (b"EXIF", PLACE), (b"XMP ", PLACE + b"x"))
    clean = without_private_parts(given_, FileKind.WEBP)
    assert clean == webp((b"VP8X", bytes([0x10]) + bytes(9)), (b"VP8L", b"abc"))


@pytest.mark.parametrize(
    ("whole", "kind"),
    [
        (JPEG_WITH_PLACE, FileKind.JPEG),
        (png(chunk(b"tEXt", PLACE)), FileKind.PNG),
        (webp((b"EXIF", PLACE)), FileKind.WEBP),
    ],
)
def test_a_picture_cut_off_anywhere_is_refused_or_clean(whole: bytes, kind: FileKind) -> None:
    for end in range(12, len(whole)):
        try:
            clean = without_private_parts(whole[:end], kind)
        except BadFile:
            continue
        assert PLACE not in clean


@given(
    st.sampled_from([(b"\xff\xd8\xff", FileKind.JPEG), (b"\x89PNG\r\n\x1a\n", FileKind.PNG), (b"RIFF", FileKind.WEBP)]),
    st.binary(max_size=300),
)
def test_no_bytes_break_the_reader(start: tuple[bytes, FileKind], rest: bytes) -> None:
    beginning, kind = start
    stream = io.BytesIO(beginning + rest)
    try:
        without_private_parts(stream.getvalue(), kind)
    except BadFile:
        pass
