"""Forms that anybody may send: read within bounds, from our own pages, by people, not too often."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from fastapi import HTTPException, Request
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect
from starlette.types import Message

from dispatch.api import check_origin
from dispatch.errors import Forbidden
from dispatch.plugins.fields import Fault, Field, Kind, Text
from dispatch.plugins.pictures import MOST_BYTES, kind_of

HONEYPOT = "alamat_situs_web"
"""A box that people do not see; programs that fill in forms do."""
MOST_TEXT_BYTES = 256_000
"""Of a form without its files."""
MOST_BOXES = 200

TOO_OFTEN = Text(
    "Terlalu banyak kiriman dari jaringan Anda. Coba lagi {}.", "Too many sent from your network. Try again {}."
)
NOT_SENT = Text("Kiriman ini tidak dapat diterima.", "This could not be accepted.")
TOO_LARGE = Text("Berkas terlalu besar; paling besar 5 MB.", "The file is too large; 5 MB at most.")
NO_PICTURE = Text("Kirim foto (JPEG, PNG, WebP) atau PDF.", "Send a picture (JPEG, PNG, WebP) or a PDF.")
NEEDED = Text("Wajib diisi.", "This is needed.")


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came: texts by name, files by name (their bytes), and whether its hidden box was filled in."""

    texts: dict[str, str]
    files: dict[str, bytes]
    by_program: bool


async def read_form(request: Request, fields: Sequence[Field]) -> Sent:
    """Read the body. Raises Forbidden (another site's page) and HTTPException 413 (too large) or 400."""
    check_origin(request)
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise Forbidden("This request comes from another site.")
    pictures = [one.name for one in fields if one.kind is Kind.PHOTO]
    most = MOST_TEXT_BYTES + len(pictures) * MOST_BYTES
    try:
        bounded = _bounded(request, most)
        async with bounded.form(max_files=len(pictures), max_fields=MOST_BOXES, max_part_size=most) as form:
            texts = {name: value for name, value in form.items() if isinstance(value, str)}
            files = {
                name: await value.read(MOST_BYTES + 1)
                for name, value in form.items()
                if isinstance(value, UploadFile) and name in pictures and value.size
            }
    except ClientDisconnect:
        raise HTTPException(400) from None
    wanted = {one.name for one in fields}
    kept = {name: value.replace("\x00", "").replace("\r\n", "\n") for name, value in texts.items() if name in wanted}
    return Sent(kept, files, bool(texts.get(HONEYPOT)))


def untouched(field: Field) -> str:
    """What a box that the browser does not send stands for: a tick that is not set means no, unless it is needed."""
    return "false" if field.kind is Kind.BOOLEAN and not field.required else ""


def _bounded(request: Request, most: int) -> Request:
    """The same request whose body ends in HTTPException 413 once it is longer than `most` bytes."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > most:
        raise HTTPException(413)
    read = 0

    async def receive() -> Message:
        nonlocal read
        message = await request.receive()
        read += len(message.get("body", b""))
        if read > most:
            raise HTTPException(413)
        return message

    return Request(request.scope, receive)


def file_faults(fields: Sequence[Field], files: Mapping[str, bytes]) -> list[Fault]:
    """What is wrong with the files of the PHOTO fields."""
    faults = []
    for one in fields:
        if one.kind is not Kind.PHOTO:
            continue
        data = files.get(one.name)
        if data is None:
            if one.required:
                faults.append(Fault(one.name, NEEDED))
        elif len(data) > MOST_BYTES:
            faults.append(Fault(one.name, TOO_LARGE))
        elif kind_of(data) is None:
            faults.append(Fault(one.name, NO_PICTURE))
    return faults


def too_often(wait_s: float) -> Text:
    """Says in how many minutes one may try again."""
    minutes = max(1, round(wait_s / 60 + 0.49))
    return Text(TOO_OFTEN.id.format(f"{minutes} menit lagi"), TOO_OFTEN.en.format(f"in {minutes} min"))


def client_address(request: Request) -> str:
    """Whom the rate limit counts: the peer (behind a proxy that SIAGA_TRUSTED_PROXIES names, that proxy's peer).

    An IPv6 address counts by its /64, which one household has to itself.
    """
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host[:64]
    if isinstance(address, IPv6Address):
        return address.exploded[:19]
    return str(address)
