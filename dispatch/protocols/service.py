"""The protocols in force: loaded from files, replaced whole or not at all."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from dispatch.errors import NotFound
from dispatch.protocols.rules import Protocol

DATA = Path(__file__).parent / "data"
"""The protocols that come with the program."""


class ProtocolBook:
    """All protocols of one moment; `reload` swaps them for newer ones when these are faultless."""

    def __init__(self, folder: Path, version: str, types: Mapping[str, Protocol]) -> None:
        self.folder = folder
        self.version = version
        """A hash of all files' content."""
        self.types = MappingProxyType(dict(types))

    def get(self, code: str) -> Protocol:
        """Raises NotFound."""
        protocol = self.types.get(code)
        if protocol is None:
            raise NotFound(f"There is no incident type {code}.", type=code)
        return protocol


def load_book(folder: Path | None = None) -> ProtocolBook:
    """The protocols of a folder, or those that come with the program."""
    return ProtocolBook(folder or DATA, "", {})
