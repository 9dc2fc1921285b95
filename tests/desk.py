"""A centre that only answers questions (protocols, places), reached over HTTP in the test's own process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from dispatch.centre import Centre
from dispatch.db import Database
from dispatch.places import api as places_api
from dispatch.protocols import api as protocols_api
from dispatch.protocols.service import load_book
from dispatch.settings import Settings
from tests.demo_centre import app_of, client_of, demo_centre, signed_in


class Desk:
    """A client for each person: rina (call-taker), haris (supervisor), kru-1 (responder); None: nobody signed in."""

    def __init__(self, centre: Centre, app: FastAPI) -> None:
        self.centre = centre
        self._app = app

    async def get(self, path: str, /, *, who: str | None = "rina", **params: Any) -> httpx.Response:
        async with await self._client(who) as client:
            return await client.get(path, params=params)

    async def post(self, path: str, body: object, who: str | None = "rina") -> httpx.Response:
        async with await self._client(who) as client:
            return await client.post(path, json=body)

    async def _client(self, who: str | None) -> httpx.AsyncClient:
        return client_of(self._app) if who is None else await signed_in(self._app, who)


@asynccontextmanager
async def open_desk(db: Database, protocols: Path | None = None) -> AsyncIterator[Desk]:
    book = load_book(protocols) if protocols else None
    centre, _ = await demo_centre(db, Settings(demo=True), protocols=book)
    yield Desk(centre, app_of(centre, protocols_api, places_api))
