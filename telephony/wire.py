"""AMI bytes to messages: pure, incremental and bounded, so that no peer can make the reader grow or fall.

The protocol (Asterisk manager interface): one banner line, then messages of `Key: Value` lines, each message ended
by a blank line, everything with CR LF. One parser serves one connection. Its output depends on the bytes alone,
never on how the network cut them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

MAX_MESSAGE_BYTES = 256 * 1024
"""A larger message is dropped whole: the longest that the centre asks for, a command's output, stays under 100 kB."""

MAX_LINE_CHARS = 8 * 1024
"""A longer line is cut: Asterisk itself builds its values in buffers of at most 8 KiB."""

NOISY_EVENTS = frozenset(
    {
        "CEL",
        "ChannelTalkingStart",
        "ChannelTalkingStop",
        "DTMFBegin",
        "DeviceStateChange",
        "ExtensionStatus",
        "MixMonitorStart",
        "MixMonitorStop",
        "NewConnectedLine",
        "NewCallerid",
        "Newexten",
        "RTCPReceived",
        "RTCPSent",
        "TestEvent",
        "VarSet",
    }
)
"""Events that no fact needs and that make up most of the bytes; QueueMemberStatus tells a desk's state instead."""

_BANNER = b"Asterisk Call Manager/"
_BLANK = b"\r\n\r\n"
_PARTIAL_BLANK = len(_BLANK) - 1
"""So many trailing bytes may be the beginning of a blank line that the next read completes."""


@dataclass(frozen=True, slots=True)
class AmiMessage:
    """One event or response. Keys are as on the wire; of a repeated key `fields` holds the first value.

    The first value wins because Asterisk writes its own fields before those that a dialplan or a peer adds.
    """

    fields: Mapping[str, str]
    repeats: Mapping[str, tuple[str, ...]] | None = None
    """Every value of the keys that came more than once (ChanVariable, Output), in order; None: no key did."""

    def get(self, key: str, default: str = "") -> str:
        return self.fields.get(key, default)

    def all(self, key: str) -> tuple[str, ...]:
        """Every value of `key` in order; empty when it did not come."""
        if self.repeats is not None and key in self.repeats:
            return self.repeats[key]
        return (self.fields[key],) if key in self.fields else ()

    @property
    def event(self) -> str:
        return self.fields.get("Event", "")

    @property
    def response(self) -> str:
        return self.fields.get("Response", "")

    @property
    def action_id(self) -> str:
        return self.fields.get("ActionID", "")


class AmiParser:
    """Takes what the socket gave, in any portions, and returns the messages that are complete.

    Holds at most MAX_MESSAGE_BYTES plus one portion. Invalid UTF-8 becomes U+FFFD; a line without a colon is ignored.
    """

    def __init__(self, skip: frozenset[str] = NOISY_EVENTS) -> None:
        """`skip`: names of events to pass over before they are decoded."""
        self._skip = skip
        self._skip_raw = frozenset(name.encode() for name in skip)
        self._buffer = bytearray()
        self._awaits_banner = True
        self._discarding = False
        self.banner = ""
        """The server's first line, e.g. 'Asterisk Call Manager/11.0.0'; empty until it came."""
        self.skipped = 0
        """Events passed over by name."""
        self.dropped = 0
        """Messages over MAX_MESSAGE_BYTES."""
        self.cut_lines = 0
        """Lines over MAX_LINE_CHARS."""

    @property
    def held(self) -> int:
        """Bytes of an unfinished message."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[AmiMessage]:
        """Messages completed by `data`, in order."""
        buffer = self._buffer
        searched = max(0, len(buffer) - _PARTIAL_BLANK)
        buffer += data
        if self._awaits_banner:
            if not self._take_banner():
                return []
            searched = 0
        messages: list[AmiMessage] = []
        start = 0
        while (end := buffer.find(_BLANK, max(start, searched))) >= 0:
            message = self._message(bytes(buffer[start:end]))
            if message is not None:
                messages.append(message)
            start = end + len(_BLANK)
        del buffer[:start]
        if len(buffer) > MAX_MESSAGE_BYTES + _PARTIAL_BLANK:
            self._discarding = True
            del buffer[:-_PARTIAL_BLANK]
        return messages

    def _take_banner(self) -> bool:
        """Take the first line off the buffer if it is a banner; False while that cannot be told yet."""
        end = self._buffer.find(b"\r\n")
        if end < 0 and len(self._buffer) <= MAX_LINE_CHARS:
            return False
        self._awaits_banner = False
        if end >= 0 and self._buffer.startswith(_BANNER):
            self.banner = self._buffer[:end].decode("utf-8", "replace")[:MAX_LINE_CHARS]
            del self._buffer[: end + 2]
        return True

    def _message(self, block: bytes) -> AmiMessage | None:
        if self._discarding or len(block) > MAX_MESSAGE_BYTES:
            self._discarding = False
            self.dropped += 1
            return None
        if block.startswith(b"\r\n"):  # Asterisk ends some events with two blank lines
            block = block.lstrip(b"\r\n")
        if block.startswith(b"Event: ") and block[7 : block.find(b"\r\n")] in self._skip_raw:
            self.skipped += 1
            return None
        message = self._decode(block)
        if message.event in self._skip:
            self.skipped += 1
            return None
        return message if message.fields else None

    def _decode(self, block: bytes) -> AmiMessage:
        text = block.decode("utf-8", "replace")
        lines = text.split("\r\n")
        if len(text) <= MAX_LINE_CHARS:
            try:  # the usual message, at twice the speed: every line has a value, no key comes again
                fields = dict([line.split(": ", 1) for line in lines])
            except ValueError:
                return self._decode_odd(lines)
            if len(fields) == len(lines):
                return AmiMessage(fields)
        return self._decode_odd(lines)

    def _decode_odd(self, lines: list[str]) -> AmiMessage:
        fields: dict[str, str] = {}
        repeats: dict[str, list[str]] = {}
        for line in lines:
            if len(line) > MAX_LINE_CHARS:
                self.cut_lines += 1
                line = line[:MAX_LINE_CHARS]
            key, colon, value = line.partition(": ")
            if not colon:
                key, colon, value = line.partition(":")
            if not colon:
                continue
            if key in fields:
                repeats.setdefault(key, [fields[key]]).append(value)
            else:
                fields[key] = value
        return AmiMessage(fields, {key: tuple(values) for key, values in repeats.items()} or None)
