"""Pages as people look at them, each with everything that went wrong on it, and the texts that they read there."""

import json
import shutil
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    ViewportSize,
    WebError,
)

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ROOT / "web" / "lib" / "i18n" / "id"
SHOTS = ROOT / "var" / "shots"
"""Where screenshots lie for people to look at; git ignores the folder."""

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
)

PATIENCE_MS = 30_000
"""For one expectation: three pages with a map each, drawn by the processor, share a busy machine."""

DESK = ViewportSize(width=1920, height=1080)
WALL = ViewportSize(width=1600, height=900)
PHONE = ViewportSize(width=390, height=844)

HARMLESS = (
    "GL Driver Message",  # the software renderer on its own speed
    "GPU stall due to ReadPixels",
)


def chromium_path() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


async def launch(playwright: Playwright) -> Browser:
    return await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)


@cache
def _namespace(name: str) -> dict[str, Any]:
    texts: dict[str, Any] = json.loads((TEXTS / f"{name}.json").read_text(encoding="utf-8"))
    return texts


def text(key: str, **values: object) -> str:
    """A text of the faces as their users read it, e.g. `text('console:own.answer')`."""
    namespace, _, path = key.partition(":")
    found: Any = _namespace(namespace)
    for part in path.split("."):
        found = found[part]
    for name, value in values.items():
        found = found.replace("{{" + name + "}}", str(value))
    return str(found)


@dataclass(frozen=True)
class Expected:
    """An answer of the server that a test provokes."""

    status: int
    path: str


class Screen:
    """One person's page, in a browser profile of its own."""

    def __init__(self, name: str, context: BrowserContext, page: Page) -> None:
        self.name = name
        self.page = page
        self.problems: list[str] = []
        self._refused: list[Response] = []
        self._expected: list[Expected] = []
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("requestfailed", self._on_failed)
        context.on("response", self._on_response)

    def expect(self, status: int, path: str) -> None:
        """From now on an answer `status` to a request whose address contains `path` is no problem."""
        self._expected.append(Expected(status, path))

    async def shoot(self, step: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=SHOTS / f"{self.name}-{step}.png")

    def _is_expected(self, status: int, url: str) -> bool:
        return any(one.path in url and one.status == status for one in self._expected)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning") or any(word in message.text for word in HARMLESS):
            return
        if message.text.startswith("Failed to load resource"):
            return  # `_on_response` and `_on_failed` know more about it
        self.problems.append(f"console {message.type}: {message.text}")

    def _on_error(self, error: WebError) -> None:
        self.problems.append(f"page error: {error.error}")

    def _on_failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # which is the page taking its own request back
            self.problems.append(f"failed: {request.method} {request.url}: {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and not self._is_expected(response.status, response.url):
            self._refused.append(response)

    async def look_closer(self) -> None:
        """Add what the server refused, with its words, to the problems; the page must still be open."""
        for response in self._refused:
            asked = response.request
            self.problems.append(
                f"{response.status}: {asked.method} {response.url} {asked.post_data}: {await response.text()}"
            )
        self._refused.clear()


class Screens:
    """All pages of a test. Leaving fails when something went wrong on one of them that the test did not expect."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self._browser = browser
        self._base_url = base_url
        self._open = AsyncExitStack()
        self._screens: list[Screen] = []

    async def open(self, name: str, viewport: ViewportSize = DESK, **more: Any) -> Screen:
        """A new profile's first page; `more` as in Playwright's new_context."""
        context = await self._browser.new_context(
            base_url=self._base_url, viewport=viewport, locale="id-ID", timezone_id="Asia/Makassar", **more
        )
        self._open.push_async_callback(context.close)
        context.set_default_timeout(PATIENCE_MS)
        screen = Screen(name, context, await context.new_page())
        self._screens.append(screen)
        return screen

    async def phone(self, name: str, latitude: float, longitude: float) -> Screen:
        """A crew's phone, which knows where it is."""
        return await self.open(
            name,
            PHONE,
            is_mobile=True,
            has_touch=True,
            device_scale_factor=2,
            permissions=["geolocation"],
            geolocation={"latitude": latitude, "longitude": longitude, "accuracy": 12},
        )

    @property
    def problems(self) -> Sequence[str]:
        return [f"{screen.name}: {problem}" for screen in self._screens for problem in screen.problems]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for screen in self._screens:
            await screen.look_closer()
            if error is not None:
                await screen.shoot("at-failure")
        problems = list(self.problems)
        if error is not None and problems:
            error.add_note("on the pages:\n" + "\n".join(problems))
        await self._open.aclose()
        if error is None:
            assert problems == [], "\n".join(problems)
