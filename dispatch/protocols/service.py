"""The protocols in force: loaded from files, replaced whole or not at all."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import structlog

from dispatch.errors import NotFound
from dispatch.protocols.rules import Protocol
from dispatch.protocols.schema import LARGEST_FILE, ProtocolFault, read_protocol

_log = structlog.get_logger(__name__)

DATA = Path(__file__).parent / "data"
"""The protocols that come with the program."""

MOST_FILES = 200
"""A centre has some thirty incident types; more files than this are a wrong folder."""


@dataclass(frozen=True, slots=True)
class _Edition:
    version: str
    types: Mapping[str, Protocol]


class ProtocolBook:
    """All protocols in force, by incident type. `reload` takes a newer edition only when it is faultless."""

    def __init__(self, folder: Path, edition: _Edition) -> None:
        self._folder = folder
        self._edition = edition

    @property
    def version(self) -> str:
        """A hash of all files' content: an incident keeps it beside its answers."""
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

    def reload(self) -> tuple[ProtocolFault, ...]:
        """Read the files again. With faults the edition in force stays, and the faults are returned."""
        edition, faults = _read(self._folder)
        if faults:
            for fault in faults:
                _log.error("protocol_fault", file=fault.file, line=fault.line, key=fault.key, expected=fault.expected)
            return tuple(faults)
        self._edition = edition
        return ()


def load_book(folder: Path | None = None) -> ProtocolBook:
    """The protocols of a folder, or those that come with the program. Raises ProtocolFault, the first found."""
    edition, faults = _read(folder or DATA)
    if faults:
        raise faults[0]
    return ProtocolBook(folder or DATA, edition)


def check(folder: Path | None = None) -> list[ProtocolFault]:
    """Every fault of the protocol files in a folder, ordered by file and line."""
    return _read(folder or DATA)[1]


def _read(folder: Path) -> tuple[_Edition, list[ProtocolFault]]:
    files = sorted(folder.glob("*.yaml"))
    if not 0 < len(files) <= MOST_FILES:
        fault = ProtocolFault(folder.name, 1, "folder", f"expected 1 to {MOST_FILES} .yaml files, found {len(files)}")
        return _Edition("", {}), [fault]
    types: dict[str, Protocol] = {}
    faults: list[ProtocolFault] = []
    digest = hashlib.sha256()
    for file in files:
        try:
            with file.open("rb") as stream:
                content = stream.read(LARGEST_FILE + 1)
        except OSError as error:
            faults.append(ProtocolFault(file.name, 1, "file", f"expected a readable file: {error.strerror}"))
            continue
        digest.update(f"{file.name}\n{len(content)}\n".encode() + content)
        protocol, found = read_protocol(file.name, content)
        faults += found
        if protocol is not None:
            types[protocol.code] = protocol
    return _Edition(digest.hexdigest()[:12], MappingProxyType(types)), faults
