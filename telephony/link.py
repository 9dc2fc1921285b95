"""The core as the adapter sees it: in the same process, or over HTTP."""

from types import TracebackType
from typing import Protocol, Self

import httpx
from pydantic import TypeAdapter, ValidationError

from telephony.facts import ENVELOPES, CommandOutcome, Envelope, NumberRule, NumberRulesInForce, PbxCommand, PbxHealth

COMMANDS_WAIT_S = 10.0
"""How long the core may hold a request for commands open."""

ANSWER_S = 10.0
"""How long the core may take to commit what it was handed; the same is handed over again afterwards."""

_COMMANDS: TypeAdapter[list[PbxCommand]] = TypeAdapter(list[PbxCommand])
_RULES: TypeAdapter[list[NumberRule]] = TypeAdapter(list[NumberRule])


class CoreAway(Exception):
    """The core cannot be reached or cannot take it now: try again. The text says why, for the log and the screen."""


class Core(Protocol):
    """Any exception of these means 'not taken': the adapter keeps the facts and tries again for ever."""

    async def ingest(self, envelopes: list[Envelope]) -> None:
        """Commit, ignoring each (pbx, key, n) already seen; returns only once all are durable."""

    async def health(self, health: PbxHealth) -> None:
        """Hear how the adapter is; each replaces the last."""

    async def commands(self, pbx: str) -> list[PbxCommand]:
        """Commands not handed out before; waits up to some seconds for one, and may return none."""

    async def outcome(self, outcome: CommandOutcome) -> None:
        """Commit what became of a command, ignoring what it knows already."""


class HttpCore:
    """The core's ingest endpoint, for an adapter in a process of its own. Use as `async with`.

    Raises CoreAway from every method whenever the core did not say that it took the thing.
    """

    def __init__(self, base_url: str, token: str) -> None:
        """`base_url` without the prefix /api, e.g. 'https://siaga.example'; `token` is SIAGA_INGEST_TOKEN."""
        self._http = httpx.AsyncClient(
            base_url=f"{base_url.rstrip('/')}/api/telephony",
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(ANSWER_S, read=ANSWER_S + COMMANDS_WAIT_S),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def ingest(self, envelopes: list[Envelope]) -> None:
        await self._post("/facts", ENVELOPES.dump_json(envelopes))

    async def health(self, health: PbxHealth) -> None:
        await self._post("/health", health.model_dump_json().encode())

    async def commands(self, pbx: str) -> list[PbxCommand]:
        answer = await self._send("GET", "/commands", params={"pbx": pbx, "wait_s": str(COMMANDS_WAIT_S)})
        try:
            return _COMMANDS.validate_json(answer.content)
        except ValidationError as error:
            raise CoreAway(f"the core's commands make no sense: {error.error_count()} errors") from error

    async def outcome(self, outcome: CommandOutcome) -> None:
        await self._post("/outcomes", outcome.model_dump_json().encode())

    async def number_rules(self, pbx: str) -> list[NumberRule]:
        answer = await self._send("GET", "/number-rules", params={"pbx": pbx})
        try:
            return _RULES.validate_json(answer.content)
        except ValidationError as error:
            raise CoreAway(f"the core's number rules make no sense: {error.error_count()} errors") from error

    async def number_rules_in_force(self, state: NumberRulesInForce) -> None:
        await self._post("/number-rules", state.model_dump_json().encode())

    async def _post(self, path: str, body: bytes) -> None:
        await self._send("POST", path, content=body, headers={"Content-Type": "application/json"})

    async def _send(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        try:
            answer = await self._http.request(method, path, params=params, content=content, headers=headers)
        except httpx.HTTPError as error:
            raise CoreAway(f"the core cannot be reached: {type(error).__name__}") from error
        if not answer.is_success:
            raise CoreAway(f"the core answered {answer.status_code}: {answer.text[:200]}")
        return answer
