"""What an owner writes into the settings, as clients see it: accounts, aliases, models, prices; and callbacks."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from filmgate.api.server import create_api
from filmgate.app import Start, checked_accounts, open_services
from filmgate.catalogue.errors import CatalogueError
from filmgate.config import ConfigError, Settings
from filmgate.engine import arrows
from filmgate.store import attempts, instance

from .conftest import Api

pytestmark = pytest.mark.anyio

SECRET = "hush-0123456789abcdef"
KLING = {"name": "kling-main", "provider": "kling", "api_key": SECRET, "base_url": "http://127.0.0.1:9"}
OWN_MODEL = {
    "id": "my-wan",
    "provider": "openai",
    "upstream_model": "Wan2.2",
    "title": "Our own",
    "modes": ["text_to_video"],
    "prompt_required": ["text_to_video"],
    "durations_seconds": [5],
    "default_duration_seconds": 5,
    "sizes": {"720p": {"16:9": "1280x720"}},
    "default_resolution": "720p",
    "price": "free",
    "price_source": "our own",
    "checked_on": date(2026, 11, 23),
    "deadline_seconds": 600,
    "poll": {"first_seconds": 1, "every_seconds": 1},
    "verified": "documentation",
}


@pytest.fixture(autouse=True)
def no_accounts_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KLING_API_KEY", "ARK_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY", "DASHSCOPE_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def open_api(tmp_path: Path) -> Callable[..., AbstractAsyncContextManager[Api]]:
    @asynccontextmanager
    async def opened(**settings: Any) -> AsyncGenerator[Api]:
        secrets: list[str] = []
        chosen = Settings(data=tmp_path / "data", render_slots=1, **settings)
        async with open_services(chosen, Start(worker=False, on_first_key=secrets.append)) as services:
            transport = httpx.ASGITransport(create_api(services), raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://filmgate.test") as client:
                yield Api(client, services, secrets[0] if secrets else "")

    return opened


async def test_an_account_makes_its_models_available(open_api: Callable[..., Any]) -> None:
    async with open_api(accounts=(KLING,)) as api:
        live = await api.key("live")
        listed = (await api.get("/v1/models", key=live)).json()["data"]
        available = {model["id"] for model in listed if model["filmgate"]["available"]}
        assert "kling-3.0" in available
        assert "seedance-2.0" not in available
        created = await api.create(key=live, model="kling-3.0")
        assert created.status_code == 200
        assert created.json()["metadata"]["filmgate"]["account"] == "kling-main"
        refused = await api.create(key=live, model="seedance-2.0")
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "no_account")


async def test_a_conventional_variable_is_an_account(
    open_api: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KLING_API_KEY", SECRET)
    async with open_api() as api:
        created = await api.create(key=await api.key("live"), model="kling-3.0")
        assert created.json()["metadata"]["filmgate"]["account"] == "kling"
    assert [account.name for account in checked_accounts(Settings())] == ["kling"]
    assert checked_accounts(Settings(environment_accounts=False)) == []


async def test_old_clients_of_a_model_that_is_gone_can_go_on(open_api: Callable[..., Any]) -> None:
    async with open_api() as api:
        refused = await api.create(key=await api.key("live"), model="sora-2")
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "model_retired")
    async with open_api(accounts=(KLING,), aliases={"sora-2": "kling-3.0"}) as api:
        created = await api.create(key=await api.key("live"), model="sora-2", seconds="8", size="1280x720")
        video = created.json()
        assert (created.status_code, video["model"], video["seconds"], video["size"]) == (
            200,
            "sora-2",
            "8",
            "1280x720",
        )
        assert video["metadata"]["filmgate"]["upstream_model"] == "kling-3.0"


async def test_models_and_prices_of_the_owners_own(open_api: Callable[..., Any]) -> None:
    price = {
        "id": "hailuo-02",
        "prices": [{"usd_per_clip": "0.5"}],
        "price_source": "our contract",
        "checked_on": date(2026, 11, 23),
    }
    async with open_api(models=(OWN_MODEL,), amend=(price,)) as api:
        own = (await api.get("/v1/models/my-wan")).json()["filmgate"]
        assert (own["provider"], own["price"]["kind"]) == ("openai", "free")
        amended = (await api.get("/v1/models/hailuo-02")).json()["filmgate"]
        assert amended["price"]["source"] == "our contract"


async def test_what_is_wrong_is_told_at_start_and_no_secret_is(open_api: Callable[..., Any]) -> None:
    for accounts, words in (
        (({**KLING, "api_key": None},), ["'kling-main'", "api_key"]),
        (({**KLING, "apikey": SECRET},), ["'kling-main'", "apikey"]),
        (({**KLING, "region": "mars"},), ["'kling-main'", "region", "singapore"]),
        (({**KLING, "base_url": "kling"},), ["'kling-main'", "http(s) address"]),
        (({**KLING, "provider": "klinge"},), ["klinge", "kling"]),
        ((KLING, KLING), ["kling-main", "taken"]),
    ):
        with pytest.raises(ConfigError) as caught:
            async with open_api(accounts=accounts):
                pass
        assert all(word in caught.value.message for word in words), caught.value.message
        assert SECRET not in caught.value.message
    with pytest.raises(CatalogueError) as wrong:
        async with open_api(aliases={"sora-2": "kling-9"}):
            pass
    assert "aliases.sora-2" in wrong.value.message


async def test_a_video_survives_that_its_account_is_taken_out_of_the_settings(open_api: Callable[..., Any]) -> None:
    async with open_api(accounts=(KLING,)) as api:
        live = await api.key("live")
        video_id = (await api.create(key=live, model="kling-3.0")).json()["id"]
    async with open_api() as api:
        account = api.services.roster.get("kling-main")
        assert account is not None
        assert account.former
        refused = await api.create(key=live, model="kling-3.0")
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "no_account")
        assert (await api.get(f"/v1/videos/{video_id}", key=live)).json()["status"] == "queued"


async def begun(api: Api, video_id: str) -> str:
    """As if a worker had sent it. Returns the address that the vendor was given."""

    account = api.services.roster.get("kling-main")
    assert account is not None
    detail = await api.services.gateway.find(video_id)
    now = api.services.clock.now()
    await api.services.database.write(lambda tx: arrows.begin(tx, detail.outputs[0], account, "att_x", at=now))
    url = api.services.callbacks.url_for(account, "att_x")
    assert url is not None
    return url


async def test_a_callback_is_heard_at_its_own_address_only(open_api: Callable[..., Any]) -> None:
    async with open_api(accounts=(KLING,), public_url="http://filmgate.test") as api:
        video_id = (await api.create(key=await api.key("live"), model="kling-3.0")).json()["id"]
        url = await begun(api, video_id)
        path = url.removeprefix("http://filmgate.test")
        secret = await api.services.database.write(instance.signing_secret)
        assert hmac.new(secret, b"callback\natt_x", hashlib.sha256).hexdigest()[:40] in path
        for wrong in (path[:-1], path + "0", "/callbacks/kling/att_x", path.replace("kling", "wan")):
            answer = await api.client.post(wrong, json={"status": "succeeded"})
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "callback_not_found"), wrong
        answer = await api.client.post(path, content=b"not even json")
        assert answer.status_code == 200
        answer = await api.client.post(path, content=b"x" * (2 * 1024 * 1024))
        assert answer.status_code == 413
        attempt = await api.services.database.read(lambda conn: attempts.get_attempt(conn, "att_x"))
        assert attempt is not None
        assert attempt.state == "intent"
