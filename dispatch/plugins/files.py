"""Uploaded files of plugins: pictures for everybody, documents of citizens for the plugin's own routes alone.

The content is written and synced to the data folder before its row is committed, so that no row lacks its content; a
transaction that fails leaves a file without a row, which `sweep` removes.
"""

import asyncio
import hashlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import NotFound
from dispatch.ids import new_id
from dispatch.plugins.fields import Text
from dispatch.plugins.files_model import PluginFileRow
from dispatch.plugins.pictures import MOST_BYTES, BadFile, FileKind, kind_of, without_private_parts
from dispatch.plugins.work import Reading, Refused, Working

SWEPT_AFTER = timedelta(hours=1)
"""A file without a row may belong to a transaction that is still open until then."""

NOT_TAKEN = Text(
    "Berkas ini tidak dapat dipakai. Kirim foto JPEG, PNG, WebP atau PDF, paling besar 5 MB.",
    "This file cannot be used. Send a JPEG, PNG or WebP picture or a PDF of at most 5 MB.",
)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file's content and what is known of it."""

    id: str
    plugin: str
    media_type: str
    sha256: str
    private: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one plugin."""

    plugin: str
    data_dir: Path

    async def store(self, work: Working, data: bytes, *, private: bool = False) -> str:
        """Keep `data` and return its id. Pictures lose place, time and owner that the camera wrote into them.

        `private` files are served by the plugin's own routes alone. Raises Refused for what is no picture or PDF, is
        damaged or larger than 5 MB; a public file must be a picture.
        """
        person = work.person
        return await keep(
            work.session,
            self,
            data,
            private=private,
            now=work.now,
            by=person.id if person is not None else None,
        )

    async def open(self, reading: Reading, file_id: str) -> StoredFile:
        """A file of this plugin, private or not. Raises NotFound."""
        found = await load(reading.session, self.data_dir, file_id)
        if found.plugin != self.plugin:
            raise NotFound("There is no such file.", id=file_id)
        return found

    async def remove(self, work: Working, file_id: str) -> None:
        """Forget a file of this plugin; its content goes with the next sweep. Raises NotFound."""
        row = await work.session.get(PluginFileRow, file_id)
        if row is None or row.plugin != self.plugin:
            raise NotFound("There is no such file.", id=file_id)
        await work.session.delete(row)


async def keep(
    session: AsyncSession, files: Files, data: bytes, *, private: bool, now: datetime, by: str | None
) -> str:
    """Store within the transaction of `session`. Raises Refused."""
    kind = kind_of(data)
    if kind is None or len(data) > MOST_BYTES or (kind is FileKind.PDF and not private):
        raise Refused(NOT_TAKEN)
    try:
        clean = without_private_parts(data, kind)
    except BadFile:
        raise Refused(NOT_TAKEN) from None
    file_id = new_id(now)
    await asyncio.to_thread(_write, _place(files.data_dir, files.plugin, file_id), clean)
    session.add(
        PluginFileRow(
            id=file_id,
            plugin=files.plugin,
            media_type=kind.value,
            size=len(clean),
            sha256=hashlib.sha256(clean).hexdigest(),
            private=private,
            created_at=now,
            created_by=by,
        )
    )
    await session.flush()
    return file_id


async def load(session: AsyncSession, data_dir: Path, file_id: str) -> StoredFile:
    """The file with its content. Raises NotFound; the id reaches the file system only once a row has it."""
    row = await session.get(PluginFileRow, file_id)
    if row is None:
        raise NotFound("There is no such file.", id=file_id)
    try:
        data = await asyncio.to_thread(_place(data_dir, row.plugin, row.id).read_bytes)
    except OSError:
        raise NotFound("The file's content is missing.", id=file_id) from None
    return StoredFile(row.id, row.plugin, row.media_type, row.sha256, row.private, data)


async def sweep(session: AsyncSession, files: Files, now: datetime) -> int:
    """Remove content that no row names and that is older than an hour; returns how many."""
    known = set((await session.scalars(select(PluginFileRow.id).where(PluginFileRow.plugin == files.plugin))).all())
    return await asyncio.to_thread(_remove_others, _folder(files.data_dir, files.plugin), known, now - SWEPT_AFTER)


def _folder(data_dir: Path, plugin: str) -> Path:
    return data_dir / "plugins" / plugin / "files"


def _place(data_dir: Path, plugin: str, file_id: str) -> Path:
    """By the id's random end, so that no folder grows long."""
    return _folder(data_dir, plugin) / file_id[-2:] / file_id


def _write(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    half = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    half.rename(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _remove_others(folder: Path, known: set[str], before: datetime) -> int:
    removed: Sequence[Path] = [
        file for file in folder.glob("*/*") if file.name not in known and file.stat().st_mtime < before.timestamp()
    ]
    for file in removed:
        file.unlink(missing_ok=True)
    return len(removed)
