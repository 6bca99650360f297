"""Accounts with simulators in the place of their vendors, for what listens to real ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

from filmgate.catalogue.loader import Catalogue, load_catalogue
from filmgate.engine.account_settings import AccountSettings, account_settings
from filmgate.providers.kind import ProviderKind
from filmgate.providers.registry import provider_kinds
from filmgate.simulators.in_process import Place, SimulatedNetwork
from filmgate.simulators.kit import Simulation
from filmgate.simulators.vendors import VENDORS

# Stands in every secret here, and in nothing else.
SECRET_MARK = "hush"
KEY = f"{SECRET_MARK}-0123456789abcdef0123456789abcdef"
PROJECT = "the-owners-project"
_CREDENTIALS = frozenset({"api_key", "access_key", "secret_key", "webhook_secret", "access_token", "project"})
OWN_MODEL: dict[str, Any] = {
    "id": "own-model",
    "provider": "openai",
    "upstream_model": "sora-2",
    "title": "A model of the owner's",
    "modes": ["text_to_video", "image_to_video"],
    "prompt_required": ["text_to_video", "image_to_video"],
    "durations_seconds": [4, 8],
    "default_duration_seconds": 4,
    "default_resolution": "720p",
    "sizes": {"720p": {"16:9": "1280x720", "9:16": "720x1280"}},
    "price": "free",
    "price_source": "the tests",
    "deadline_seconds": 1800,
    "poll": {"first_seconds": 10, "every_seconds": 5},
    "verified": "simulator",
}


@dataclass
class Clock:
    time: float = 1_795_400_000.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds


@dataclass(frozen=True)
class SimulatedAccount:
    """One account and a model that it makes. `own` are the keys that its provider understands."""

    vendor: str
    model: str
    own: Mapping[str, Any]

    @property
    def host(self) -> str:
        return f"{self.vendor}.test"

    @property
    def kind(self) -> ProviderKind:
        return provider_kinds()[VENDORS[self.vendor].provider]

    def settings(self) -> AccountSettings:
        base_url = f"http://{self.host}{VENDORS[self.vendor].api_path}"
        table = {"name": "main", "provider": self.kind.name, "base_url": base_url, **self.own}
        if self.kind.name == "openai":
            table["models"] = [OWN_MODEL["id"]]
        return account_settings([table], {self.kind.name: self.kind})[0]

    def owners_models(self) -> tuple[dict[str, Any], ...]:
        return (OWN_MODEL,) if self.kind.name == "openai" else ()

    def catalogue(self) -> Catalogue:
        return _catalogue(with_own_model=bool(self.owners_models()))

    def keys(self) -> dict[str, str]:
        """What the simulator takes."""
        return {name: value for name, value in self.own.items() if name in _CREDENTIALS}

    def network(self, simulation: Simulation) -> httpx.AsyncBaseTransport:
        return SimulatedNetwork({self.host: Place(VENDORS[self.vendor].build(simulation), simulation)})


@cache
def _catalogue(*, with_own_model: bool) -> Catalogue:
    return load_catalogue([{"provider": "openai", "model": [OWN_MODEL]}] if with_own_model else [])


def _speaking(dialect: str, **own: Any) -> SimulatedAccount:
    return SimulatedAccount(dialect, OWN_MODEL["id"], {"dialect": dialect, **own})


WEBHOOK_SECRET = "whsec_aHVzaC1odXNoLWh1c2gtaHVzaC1odXNoLWh1c2g="
_VEO = {"project": PROJECT, "access_token": KEY}
ACCOUNTS: Mapping[str, SimulatedAccount] = {
    "kling": SimulatedAccount("kling", "kling-2.5-turbo", {"api_key": KEY, "webhook_secret": WEBHOOK_SECRET}),
    "kling pair": SimulatedAccount("kling", "kling-2.6", {"access_key": f"{SECRET_MARK}-access", "secret_key": KEY}),
    "seedance": SimulatedAccount("seedance", "seedance-1.0-pro-fast", {"api_key": KEY}),
    "wan": SimulatedAccount("wan", "wan3.0-video", {"api_key": KEY, "workspace_id": "owners-workspace"}),
    "hailuo v1": SimulatedAccount("hailuo", "hailuo-2.3", {"api_key": KEY}),
    "hailuo v2": SimulatedAccount("hailuo", "minimax-h3", {"api_key": KEY}),
    "gemini": SimulatedAccount("gemini", "gemini-omni-1.1-flash", {"api_key": KEY}),
    "veo": SimulatedAccount("veo", "veo-3.1", _VEO),
    "veo bucket": SimulatedAccount(
        "veo", "veo-3.1", {**_VEO, "storage_uri": "gs://films/out", "gcs_base_url": "http://veo.test"}
    ),
    "openai": _speaking("openai", api_key=KEY),
    "azure": _speaking("azure", api_key=KEY),
    "vllm-omni": _speaking("vllm-omni", api_key=KEY),
    "sglang": _speaking("sglang"),
    "new-api": _speaking("new-api", api_key=KEY),
    "litellm": _speaking("litellm", api_key=KEY),
    "filmgate": _speaking("filmgate", api_key=KEY),
    "auto": SimulatedAccount("litellm", OWN_MODEL["id"], {"api_key": KEY}),
}
