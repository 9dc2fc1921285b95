"""The WebSocket protocol without I/O: messages, frames, who may see what, where a client resumes."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HealthPart(Message):
    part: str
    ok: bool
    since: datetime
    detail: str
