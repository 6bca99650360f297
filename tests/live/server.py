"""A whole Filmgate in this process in front of one real account: its API, its worker, its database and its files."""

from __future__ import annotations

import json
import tempfile
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from pydantic import SecretStr

from filmgate import app
from filmgate.api.server import create_api
from filmgate.api.services import Services
from filmgate.catalogue.loader import load_catalogue
from filmgate.config import Settings
from filmgate.core.video import FINISHED_STATUSES
from filmgate.engine.account_settings import AccountSettings, open_account
from filmgate.engine.accounts import Account
from filmgate.providers.kind import Credentials, ProviderKind, Tools
from filmgate.providers.registry import provider_kinds
from filmgate.store import keys
from filmgate.store.credentials import Credential
from filmgate.store.database import Transaction
from live.cheapest import Choice

WAIT_SECONDS = 60
_SHORTEST_SECRET = 8  # as the adapters have it: a shorter text is found in anything

OpenAccount = Callable[[AccountSettings, ProviderKind, Tools, Mapping[str, str]], tuple[Account, Credential]]


@dataclass(frozen=True, slots=True)
class LiveServer:
    """`services` as production has them. `secrets` are the account's own, which nobody may be told."""

    services: Services
    account: Account
    client: httpx.AsyncClient
    secrets: tuple[str, ...] = field(repr=False)

    async def live_key(self, *, budget_usd_micros: int | None) -> str:
        def make(tx: Transaction) -> str:
            now = self.services.clock.now()
            project_id = keys.ensure_project(tx, keys.DEFAULT_PROJECT, now=now)
            limits = {"budget_usd_micros": budget_usd_micros}
            return keys.create_key(tx, project_id=project_id, mode="live", name="live test", now=now, limits=limits)[1]

        return await self.services.database.write(make)

    async def create(self, choice: Choice, *, image: bytes | None = None) -> LiveVideo:
        """POST /v1/videos, with a key whose budget is this one clip; without a budget where no price is known."""
        secret = await self.live_key(budget_usd_micros=choice.price.usd_micros)
        headers = {"authorization": f"Bearer {secret}"}
        files = {"image": ("first_frame.png", image, "image/png")} if image else None
        fields = {
            name: json.dumps(value) if isinstance(value, bool) else value for name, value in choice.body().items()
        }
        if files:
            answer = await self.client.post("/v1/videos", headers=headers, data=fields, files=files)
        else:
            answer = await self.client.post("/v1/videos", headers=headers, json=choice.body())
        assert answer.status_code == 200, f"{choice}: HTTP {answer.status_code}: {answer.text}"
        return LiveVideo(self, answer.json()["id"], headers)


@dataclass(frozen=True, slots=True)
class LiveVideo:
    """One video as its client sees it."""

    server: LiveServer
    id: str
    headers: Mapping[str, str]

    async def get(self, *, wait_seconds: int = 0) -> dict[str, Any]:
        prefer = {"prefer": f"wait={wait_seconds}"} if wait_seconds else {}
        return (await self._ask("GET", f"/v1/videos/{self.id}", prefer)).json()

    async def finished(self) -> dict[str, Any]:
        """However long it takes: the engine itself ends it at the model's deadline."""
        while (video := await self.get(wait_seconds=WAIT_SECONDS))["status"] not in FINISHED_STATUSES:
            pass
        return video

    async def cancel(self) -> httpx.Response:
        return await self.server.client.post(f"/v1/videos/{self.id}/cancel", headers=dict(self.headers))

    async def timeline(self) -> list[dict[str, Any]]:
        return (await self._ask("GET", f"/v1/videos/{self.id}/timeline")).json()["data"]

    async def content(self, variant: str = "video") -> bytes:
        return (await self._ask("GET", f"/v1/videos/{self.id}/content?variant={variant}")).content

    async def _ask(self, method: str, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        answer = await self.server.client.request(method, path, headers={**self.headers, **(headers or {})})
        assert answer.status_code == 200, f"{method} {path}: HTTP {answer.status_code}: {answer.text}"
        return answer


@asynccontextmanager
async def live_server(
    settings: Settings, account: AccountSettings, *, unpriced: bool = False, opening: OpenAccount = open_account
) -> AsyncGenerator[LiveServer]:
    """`settings` with `account` alone, in a folder that is gone afterwards: its database holds the account's keys.

    `unpriced` lets models of unknown price be made. `opening` stands in for `open_account`, to listen to the account.
    """
    with tempfile.TemporaryDirectory(prefix="filmgate-live-") as folder:
        own = settings.model_copy(update=_narrowed(settings, account, Path(folder), unpriced=unpriced))
        opened: list[tuple[Account, Credential]] = []

        def noting(*arguments: Any) -> tuple[Account, Credential]:
            opened.append(opening(*arguments))
            return opened[-1]

        # The one seam: everything else is what `filmgate serve` builds.
        with patch.object(app, "open_account", noting):
            async with app.open_services(own, app.Start()) as services:
                transport = httpx.ASGITransport(create_api(services))
                async with httpx.AsyncClient(
                    transport=transport, base_url="http://filmgate.test", timeout=WAIT_SECONDS + 30
                ) as client:
                    [(live, credential)] = opened
                    secrets = secrets_of(credentials_of(credential, provider_kinds()[account.provider]))
                    yield LiveServer(services, live, client, secrets)


def _narrowed(settings: Settings, account: AccountSettings, folder: Path, *, unpriced: bool) -> dict[str, Any]:
    """What differs from the owner's settings. No callbacks are asked for: the owner's server would not know them."""
    safe = {"on_unknown": "fail"}  # "resubmit" may pay twice
    changes: dict[str, Any] = {
        "data": folder,
        "database_url": "",
        "public_url": "",
        "render_slots": 1,
        "accounts": ({**account.model_dump(exclude_none=True), **safe},),
        "environment_accounts": False,
    }
    if unpriced:
        entries = load_catalogue(settings.catalogue_tables(), aliases=settings.aliases).entries()
        unknown = [entry.id for entry in entries if entry.price == "unknown"]
        changes["amend"] = (*settings.amend, *({"id": model_id, "price": "untracked"} for model_id in unknown))
    return changes


def credentials_of(credential: Credential, kind: ProviderKind) -> Credentials:
    return kind.credentials.model_validate(own_keys(credential))


def own_keys(credential: Credential) -> dict[str, Any]:
    """The keys of the account that only its provider understands, with variables read."""
    return {name: value for name, value in credential.settings.items() if name not in AccountSettings.model_fields}


def secrets_of(credentials: Credentials) -> tuple[str, ...]:
    values = [getattr(credentials, name) for name in type(credentials).model_fields]
    secrets = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    return tuple(secret for secret in secrets if len(secret) >= _SHORTEST_SECRET)
