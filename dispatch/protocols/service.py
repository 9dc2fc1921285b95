"""The protocols in force: shipped files and what the centre published, replaced whole or not at all."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import structlog

from dispatch.errors import NotFound
from dispatch.protocols.reader import LARGEST_FILE, ProtocolFault
from dispatch.protocols.rules import Protocol
from dispatch.protocols.schema import read_protocol

_log = structlog.get_logger(__name__)

DATA = Path(__file__).parent / "data"
"""The protocols that come with the program."""

MOST_FILES = 200
"""A centre has some thirty incident types; more files than this are a wrong folder."""


NONE_SIGNED: Mapping[tuple[str, str], "Signoff"] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Signoff:
    """The medical director's signature under one edition of a protocol."""

    version: str
    """The edition's hash."""
    name: str
    title: str
    """Office and licence number."""
    at: datetime
    by: str
    """User id of who recorded it."""


@dataclass(frozen=True, slots=True)
class _Edition:
    version: str
    types: Mapping[str, Protocol]


class ProtocolBook:
    """All protocols in force: the files of a folder, overlaid by what the centre published.

    `reload` and `overlay` take a newer edition only when it is faultless.
    """

    def __init__(self, folder: Path, edition: _Edition) -> None:
        self._folder = folder
        self._edition = edition
        self._published: Mapping[str, bytes] = {}
        self._signed = NONE_SIGNED

    @property
    def version(self) -> str:
        """A hash of all editions' content."""
        return self._edition.version

    @property
    def types(self) -> Mapping[str, Protocol]:
        return self._edition.types

    def get(self, code: str) -> Protocol:
        """Raises NotFound."""
        protocol = self.types.get(code)
        if protocol is None:
            raise NotFound(f"There is no incident type {code}.", incident_type=code)
        return protocol

    def signoff(self, protocol: Protocol) -> Signoff | None:
        """The medical director's signature under this very edition; None: it waits for one."""
        return self._signed.get((protocol.code, protocol.version))

    def shipped(self, code: str) -> bytes | None:
        """The file that comes with the program; None: there is none of that code."""
        file = self._folder / f"{code}.yaml"
        return file.read_bytes() if file.is_file() else None

    def reload(self) -> tuple[ProtocolFault, ...]:
        """Read the files again. With faults the edition in force stays, and the faults are returned."""
        edition, faults = _read(self._folder, self._published)
        if not _noted(faults):
            self._edition = edition
        return tuple(faults)

    def overlay(
        self, published: Mapping[str, bytes], signed: Mapping[tuple[str, str], Signoff] = NONE_SIGNED
    ) -> tuple[ProtocolFault, ...]:
        """What the centre published, by code, in place of the shipped files; signatures by code and edition.

        A published text that this program finds faulty (it was published under an older one) is left out, with its
        faults returned: then the shipped file counts.
        """
        sound = dict(published)
        faults: list[ProtocolFault] = []
        for code, content in published.items():
            found = read_protocol(f"{code}.yaml", content)[1]
            if found:
                faults += found
                del sound[code]
        self._signed = MappingProxyType(dict(signed))
        if sound != self._published:
            edition, wrong = _read(self._folder, sound)
            faults += wrong
            if not wrong:
                self._published, self._edition = sound, edition
        _noted(faults)
        return tuple(faults)


def load_book(folder: Path | None = None) -> ProtocolBook:
    """The protocols of a folder, or those that come with the program. Raises ProtocolFault, the first found."""
    edition, faults = _read(folder or DATA)
    if faults:
        raise faults[0]
    return ProtocolBook(folder or DATA, edition)


def check(folder: Path | None = None) -> list[ProtocolFault]:
    """Every fault of the protocol files in a folder, ordered by file and line; also lowered priorities."""
    return _read(folder or DATA, thorough=True)[1]


def _noted(faults: Sequence[ProtocolFault]) -> bool:
    for fault in faults:
        _log.error("protocol_fault", file=fault.file, line=fault.line, key=fault.key, expected=fault.expected)
    return bool(faults)


def _read(
    folder: Path, published: Mapping[str, bytes] = MappingProxyType({}), *, thorough: bool = False
) -> tuple[_Edition, list[ProtocolFault]]:
    files = {file.stem: file for file in folder.glob("*.yaml")}
    codes = sorted({*files, *published})
    if not 0 < len(codes) <= MOST_FILES:
        fault = ProtocolFault(folder.name, 1, "folder", f"expected 1 to {MOST_FILES} .yaml files, found {len(codes)}")
        return _Edition("", {}), [fault]
    types: dict[str, Protocol] = {}
    faults: list[ProtocolFault] = []
    digest = hashlib.sha256()
    for code in codes:
        name = f"{code}.yaml"
        try:
            content = published[code] if code in published else _content(files[code])
        except OSError as error:
            faults.append(ProtocolFault(name, 1, "file", f"expected a readable file: {error.strerror}"))
            continue
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
        protocol, found = read_protocol(name, content, thorough=thorough)
        faults += found
        if protocol is not None:
            types[protocol.code] = protocol
    return _Edition(digest.hexdigest()[:12], MappingProxyType(types)), faults


def _content(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(LARGEST_FILE + 1)
