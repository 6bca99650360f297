"""The settings with which a Filmgate uses the simulators: an account for each, and models for those that name none."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from filmgate.simulators.server import Simulator
    from filmgate.simulators.vendors import Vendor

_MAX_CONCURRENT = 20
_TABLES = ("accounts", "models")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def reachable(url: str) -> str:
    """`url` as this machine reaches it, where a server listens on every address."""
    parts = urlsplit(url)
    host = ipaddress.ip_address(parts.hostname or "")
    if not host.is_unspecified:
        return url
    loopback = "127.0.0.1" if host.version == 4 else "[::1]"
    return f"{parts.scheme}://{loopback}:{parts.port}"


def simulated_config(simulators: Sequence[Simulator], url: str) -> dict[str, Any]:
    """What a filmgate.toml says, where the simulators are reached at `url`."""
    from filmgate.simulators.server import account_of

    accounts: list[dict[str, Any]] = []
    models: list[dict[str, Any]] = []
    for simulator in simulators:
        vendor = simulator.vendor
        account: dict[str, Any] = {**account_of(vendor, url), "max_concurrent": _MAX_CONCURRENT}
        if vendor.provider == "openai":
            models.append(_model(vendor))
            account["models"] = [models[-1]["id"]]
        accounts.append(account)
    # The results lie on an address that is not public.
    config: dict[str, Any] = {"allowed_hosts": [urlsplit(url).netloc]}
    amendments = _untracked({account["provider"] for account in accounts})
    lists = {"amend": amendments, "accounts": accounts, "models": models}
    return config | {name: items for name, items in lists.items() if items}


def _untracked(providers: Collection[str]) -> list[dict[str, Any]]:
    """Live keys refuse a model without a price, and a simulator's clip costs nothing."""
    from filmgate.catalogue.loader import load_catalogue

    return [
        {"id": entry.id, "price": "untracked"}
        for entry in load_catalogue().entries()
        if entry.provider in providers and entry.state == "current" and entry.price == "unknown"
    ]


def _model(vendor: Vendor) -> dict[str, Any]:
    """What is behind a server that speaks OpenAI's API is its owner's business, and so an entry of the owner."""
    return {
        "id": f"simulated-{vendor.name}",
        "provider": vendor.provider,
        "upstream_model": "sora-2",
        "title": f"Simulated, {vendor.name}",
        "modes": ["text_to_video", "image_to_video"],
        "prompt_required": ["text_to_video", "image_to_video"],
        "durations_seconds": [4, 8, 12],
        "default_duration_seconds": 4,
        "default_resolution": "720p",
        "sizes": {"720p": {"16:9": "1280x720", "9:16": "720x1280"}},
        "price": "untracked",
        "poll": {"first_seconds": 1, "every_seconds": 1},
        "deadline_seconds": 600,
        "verified": "simulator",
    }


def as_toml(config: dict[str, Any]) -> str:
    """`simulated_config` as the text of a filmgate.toml."""
    lines = [f"{name} = {_value(value)}" for name, value in config.items() if name not in _TABLES]
    for name in _TABLES:
        for table in config.get(name, ()):
            lines += ["", f"[[{name}]]", *(f"{_key(key)} = {_value(value)}" for key, value in table.items())]
    return "\n".join(lines)


def _value(value: Any) -> str:
    if isinstance(value, list) and any(isinstance(item, dict) for item in cast("list[Any]", value)):
        return "[\n" + "".join(f"    {_value(item)},\n" for item in cast("list[Any]", value)) + "]"
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        return "{ " + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in pairs) + " }"
    return json.dumps(value)


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else json.dumps(name)
