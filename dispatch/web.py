"""Serves the built faces, and sets the headers that keep other sites out of them."""

from pathlib import Path

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # Mantine sets styles on elements
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class SafeHeaders:
    """Adds the security and caching headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = POLICY
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                headers["Permissions-Policy"] = "geolocation=(self), microphone=(self), camera=()"
                headers["Cache-Control"] = _caching(scope, headers.get("Cache-Control"))
            await send(message)

        await self._app(scope, receive, with_headers)


def _caching(scope: Scope, given: str | None) -> str:
    path: str = scope["path"]
    if path.startswith("/assets/") or (path.startswith("/public/") and scope["query_string"].startswith(b"v=")):
        return "public, max-age=31536000, immutable"  # their names or addresses carry a hash of their content
    return given or ("no-store" if path.startswith("/api/") else "no-cache")


def web_folder() -> Path | None:
    """The built faces: inside the package when installed, in the checkout's web/dist otherwise; None: not built."""
    package = Path(__file__).parent
    for folder in (package / "_web", package.parent / "web" / "dist"):
        if (folder / "index.html").is_file():
            return folder
    return None


def install_faces(app: FastAPI) -> None:
    """Serve the faces at /, /console/, /responder/, /supervisor/; call it after all other routes."""
    app.add_middleware(SafeHeaders)
    folder = web_folder()
    if folder is not None:
        app.mount("/", StaticFiles(directory=folder, html=True), name="faces")
