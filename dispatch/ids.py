"""Identifiers: UUIDv7 (RFC 9562), so that rows sort by birth and never collide between workers."""

import secrets
import uuid
from datetime import datetime


def new_id(now: datetime) -> str:
    """A fresh UUIDv7 in canonical form; its first 48 bits are `now` in milliseconds."""
    ms = int(now.timestamp() * 1000)
    value = (ms & (1 << 48) - 1) << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=value))
