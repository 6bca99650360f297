"""The whole API in this process: real services, real database, and no worker, so that nothing moves by itself."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from filmgate.api.server import create_api
from filmgate.api.services import Services
from filmgate.app import Start, open_services
from filmgate.config import Settings
from filmgate.store import keys


@dataclass
class Api:
    """A client with a test key; `key()` makes more keys."""

    client: httpx.AsyncClient
    services: Services
    test_key: str

    def auth(self, secret: str | None = None) -> dict[str, str]:
        return {"authorization": f"Bearer {secret or self.test_key}"}

    async def create(
        self, *, key: str | None = None, headers: dict[str, str] | None = None, **fields: Any
    ) -> httpx.Response:
        body = {"model": "animatic-1", "prompt": "a calm sea"} | fields
        # json.dumps writes pure ASCII, so that a test can send what UTF-8 cannot say (a lone surrogate).
        content = json.dumps(body)
        types = {"content-type": "application/json"}
        return await self.client.post("/v1/videos", content=content, headers=self.auth(key) | types | (headers or {}))

    async def get(self, path: str, *, key: str | None = None, headers: dict[str, str] | None = None) -> httpx.Response:
        return await self.client.get(path, headers=self.auth(key) | (headers or {}))

    async def key(self, mode: str = "test", *, project: str = keys.DEFAULT_PROJECT, **limits: Any) -> str:
        def make(tx: Any) -> str:
            project_id = keys.ensure_project(tx, project, now=0.0)
            return keys.create_key(tx, project_id=project_id, mode=mode, name="test", now=0.0, limits=limits)[1]

        return await self.services.database.write(make)

    async def stored_videos(self) -> int:
        response = await self.get("/v1/videos?limit=100")
        return len(response.json()["data"])


@pytest.fixture
async def api(tmp_path: Path) -> AsyncGenerator[Api]:
    secrets: list[str] = []
    settings = Settings(data=tmp_path / "data", render_slots=1)
    async with open_services(settings, Start(worker=False, on_first_key=secrets.append)) as services:
        transport = httpx.ASGITransport(create_api(services), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://filmgate.test") as client:
            yield Api(client, services, secrets[0])


def picture(width: int = 640, height: int = 360, kind: str = "PNG") -> bytes:
    buffer = BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


@pytest.fixture
def png() -> bytes:
    return picture()
