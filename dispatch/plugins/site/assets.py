"""Addresses of the site's script and style: their names stay, so a version in the query keeps old copies out."""

import hashlib
from functools import cache

from dispatch.web import web_folder


@cache
def asset(name: str) -> str:
    """The address of 'site.css' or 'site.js' with the version of its content."""
    folder = web_folder()
    file = folder / "public" / name if folder else None
    if file is None or not file.is_file():
        return f"/public/{name}"
    return f"/public/{name}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"
