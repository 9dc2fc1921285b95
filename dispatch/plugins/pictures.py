"""Uploaded files by their content: what they are, and without what they say of the place where they were made. Pure.

A phone writes the position, time and owner into its pictures; they leave here before the file is stored. Formats:
JPEG (ITU-T T.81, Exif 2.32), PNG (ISO 15948), WebP (RFC 9649), PDF (ISO 32000, stored as it is).
"""

import struct
from enum import StrEnum

MOST_BYTES = 5_000_000

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_PRIVATE = (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME")
_WEBP_PRIVATE = (b"EXIF", b"XMP ")
_WEBP_FLAGS = 0x08 | 0x04
"""In VP8X: has Exif, has XMP."""
_ORIENTATION = 0x0112
_STANDALONE = {0x01, *range(0xD0, 0xD9)}


class FileKind(StrEnum):
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"

    @property
    def is_picture(self) -> bool:
        return self is not FileKind.PDF


class BadFile(ValueError):
    """The content is not what its beginning promises."""


def kind_of(data: bytes) -> FileKind | None:
    """What the content is; what the sender calls it does not count. None: nothing that we take."""
    if data.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if data.startswith(_PNG):
        return FileKind.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return FileKind.WEBP
    if data.startswith(b"%PDF-"):
        return FileKind.PDF
    return None


def without_private_parts(data: bytes, kind: FileKind) -> bytes:
    """The same picture without Exif, XMP, IPTC and comments; a JPEG keeps which side is up. Raises BadFile."""
    try:
        if kind is FileKind.JPEG:
            return _jpeg(data)
        if kind is FileKind.PNG:
            return _png(data)
        if kind is FileKind.WEBP:
            return _webp(data)
    except (struct.error, IndexError) as error:
        raise BadFile("the picture is cut off") from error
    return data


def _jpeg(data: bytes) -> bytes:
    kept = [data[:2]]
    turned: int | None = None
    at = 2
    while True:
        if data[at] != 0xFF:
            raise BadFile("no marker where one must be")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _STANDALONE:
            at += 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        segment = data[at : at + 2 + length]
        if length < 2 or len(segment) < 2 + length:
            raise BadFile("the picture is cut off")
        if marker == 0xE1 and segment[4:10] == b"Exif\x00\x00":
            turned = turned or _orientation(segment[10:])
        if _kept_in_jpeg(marker, segment):
            kept.append(segment)
        at += 2 + length
        if marker == 0xDA:
            break
    if turned not in (None, 1):
        kept.insert(1, _exif_with(turned or 1))
    return b"".join(kept) + _pixels(data, at)


def _kept_in_jpeg(marker: int, segment: bytes) -> bool:
    """Tables and frames; of the application's own JFIF, the colour profile and Adobe's colour transform."""
    if marker == 0xFE:
        return False
    if 0xE0 <= marker <= 0xEF:
        return marker in (0xE0, 0xEE) or (marker == 0xE2 and segment[4:15] == b"ICC_PROFILE")
    return True


def _pixels(data: bytes, at: int) -> bytes:
    """From the first scan to the end of the picture; what phones hang on behind it (previews, films) is left out."""
    end = at
    while True:
        end = data.find(b"\xff", end)
        if end < 0 or end + 1 >= len(data):
            return data[at:] + b"\xff\xd9"
        marker = data[end + 1]
        if marker == 0xD9:
            return data[at : end + 2]
        if marker in (0x00, 0xFF) or marker in _STANDALONE:
            end += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", data, end + 2)
        if 0xE0 <= marker <= 0xEF or marker == 0xFE:
            raise BadFile("private parts between the scans")
        end += 2 + length


def _orientation(tiff: bytes) -> int | None:
    """Which side is up, 1 to 8, by the first directory of an Exif block; None when it does not say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None
    try:
        (start,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, start)
        for entry in range(min(count, 200)):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, start + 2 + entry * 12)
            if tag == _ORIENTATION and kind == 3 and 1 <= value <= 8:
                return int(value)
    except struct.error:
        return None
    return None


def _exif_with(orientation: int) -> bytes:
    """An Exif segment that says which side is up and nothing else."""
    tiff = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    body = b"Exif\x00\x00" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(data: bytes) -> bytes:
    kept = [_PNG]
    at = len(_PNG)
    while True:
        length, name = struct.unpack_from(">I4s", data, at)
        chunk = data[at : at + 12 + length]
        if len(chunk) < 12 + length:
            raise BadFile("the picture is cut off")
        if name not in _PNG_PRIVATE:
            kept.append(chunk)
        at += 12 + length
        if name == b"IEND":
            return b"".join(kept)


def _webp(data: bytes) -> bytes:
    (size,) = struct.unpack_from("<I", data, 4)
    if size + 8 > len(data):
        raise BadFile("the picture is cut off")
    kept = []
    at = 12
    while at + 8 <= size + 8:
        name, length = struct.unpack_from("<4sI", data, at)
        chunk = data[at : at + 8 + length + length % 2]
        if len(chunk) < 8 + length:
            raise BadFile("the picture is cut off")
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:]
        if name not in _WEBP_PRIVATE:
            kept.append(chunk)
        at += 8 + length + length % 2
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body
