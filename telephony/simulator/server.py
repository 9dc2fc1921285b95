"""The AMI's side of TCP: sessions that log in, hear events and ask; and every way in which such a server can fail."""

import asyncio
import ssl
from collections.abc import Callable
from typing import Self

from telephony.simulator.model import Fields, render

MAX_UNREAD_BYTES = 1024 * 1024
"""A client that leaves more unread is cut in the middle of an event, as Asterisk does after its writetimeout."""

MAX_ACTION_BYTES = 64 * 1024

BANNER = b"Asterisk Call Manager/11.0.0\r\n"

ACTION_ID_LAST = frozenset({"QueueParams", "QueueMember", "QueueEntry", "Status"})
"""Events that Asterisk ends with the ActionID; in all other answers it stands second."""

Answer = list[Fields]
"""The response, then the events of a list."""


class Session:
    """One client. Until it has logged in it hears nothing and may ask nothing."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self.logged_in = False
        self.budget: int | None = None
        """Bytes until the connection is cut, wherever that is."""

    def send(self, data: bytes) -> None:
        if self.writer.transport.is_closing():
            return
        if self.budget is not None:
            data = data[: self.budget]
            self.budget -= len(data)
        self.writer.write(data)
        if self.budget == 0:
            self.writer.transport.close()
        elif self.writer.transport.get_write_buffer_size() > MAX_UNREAD_BYTES:
            self.writer.transport.abort()


class AmiServer:
    """Use as `async with`. `answer(action)` gives what the PBX says to an action of a client that is logged in."""

    def __init__(
        self,
        host: str,
        port: int,
        accounts: dict[str, str],
        answer: Callable[[dict[str, str]], Answer],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._tls = tls
        self._host = host
        self._accounts = accounts
        self._answer = answer
        self._sessions: set[Session] = set()
        self._thawed = asyncio.Event()
        self._thawed.set()
        self._deserted = asyncio.Event()
        self._deserted.set()
        self._backlog: list[bytes] = []
        self._budget: int | None = None
        self.port = port
        """Where it listens; of port 0 the one that the system chose."""
        self.logins = 0
        self.received: list[dict[str, str]] = []
        """Every action that came in, logins too (without the secret)."""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._serve, self._host, self.port, limit=MAX_ACTION_BYTES, ssl=self._tls
        )
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self._thawed.set()
        self.drop_connections()
        await self._deserted.wait()

    def broadcast(self, event: Fields) -> None:
        """Say it to all that are logged in; a frozen server says it when it wakes."""
        self.broadcast_bytes(render(event))

    def broadcast_bytes(self, data: bytes) -> None:
        """As `broadcast`, for events that were recorded as bytes."""
        if not self._thawed.is_set():
            self._backlog.append(data)
            return
        for session in list(self._sessions):
            if session.logged_in:
                session.send(data)

    def drop_connections(self) -> None:
        for session in list(self._sessions):
            session.writer.transport.abort()

    def cut_after(self, count: int) -> None:
        """Cut the present or else the next connection after it was sent `count` more bytes."""
        for session in self._sessions:
            session.budget = count
        self._budget = None if self._sessions else count

    def freeze(self) -> None:
        """Stop without a word, as a stopped process does: connections stand, nothing comes."""
        self._thawed.clear()

    def thaw(self) -> None:
        self._thawed.set()
        backlog, self._backlog = self._backlog, []
        for session in list(self._sessions):
            if session.logged_in:
                session.send(b"".join(backlog))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(writer)
        session.budget, self._budget = self._budget, None
        self._sessions.add(session)
        self._deserted.clear()
        try:
            await self._thawed.wait()
            session.send(BANNER)
            while not writer.transport.is_closing():
                action = _parse(await reader.readuntil(b"\r\n\r\n"))
                await self._thawed.wait()
                self._handle(session, action)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            return
        finally:
            self._sessions.discard(session)
            if not self._sessions:
                self._deserted.set()
            writer.transport.abort()

    def _handle(self, session: Session, action: dict[str, str]) -> None:
        self.received.append({key: value for key, value in action.items() if key != "Secret"})
        name, action_id = action.get("Action", ""), action.get("ActionID")
        if name == "Login":
            self._log_in(session, action, action_id)
        elif not session.logged_in:
            session.send(_reply([error("Permission denied")], action_id))
        else:
            session.send(_reply(self._answer(action), action_id))
            if name == "Logoff":
                session.writer.transport.close()

    def _log_in(self, session: Session, action: dict[str, str], action_id: str | None) -> None:
        if self._accounts.get(action.get("Username", "")) != action.get("Secret"):
            session.send(_reply([error("Authentication failed")], action_id))
            session.writer.transport.close()
            return
        self.logins += 1
        session.logged_in = True
        session.send(_reply([success("Authentication accepted")], action_id))
        booted = [("Event", "FullyBooted"), ("Privilege", "system,all"), ("Uptime", "302"), ("LastReload", "302")]
        session.send(render([*booted, ("Status", "Fully Booted")]))


def success(message: str) -> Fields:
    return [("Response", "Success"), ("Message", message)]


def error(message: str) -> Fields:
    return [("Response", "Error"), ("Message", message)]


def _reply(answer: Answer, action_id: str | None) -> bytes:
    if action_id is None:
        return b"".join(render(fields) for fields in answer)
    own = ("ActionID", action_id)
    return b"".join(
        render([*fields, own] if fields[0][1] in ACTION_ID_LAST else [fields[0], own, *fields[1:]]) for fields in answer
    )


def _parse(block: bytes) -> dict[str, str]:
    lines = (line.partition(":") for line in block.decode("utf-8", "replace").split("\r\n"))
    return {key.strip(): value.strip() for key, _, value in lines if key}
