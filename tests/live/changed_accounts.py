"""The account, changed so that its vendor has to refuse it, or a model of it."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import httpx
from pydantic import SecretStr

from filmgate.catalogue.loader import Catalogue
from filmgate.core.clock import SystemClock
from filmgate.core.errors import UpstreamError
from filmgate.engine.account_settings import AccountSettings, open_account
from filmgate.providers.kind import ProviderKind, Tools
from live.cheapest import Choice

WRONG_KEY = "filmgate-live-wrong-key-000000000000"
NO_SUCH_MODEL = "filmgate-no-such-model"
_NOT_FOR_CALLS = frozenset({"webhook_secret"})  # it only checks what the vendor sends
# Where a key can be given in several ways, the wrong one takes the place of the others (veo).
_INSTEAD_OF = {"access_token": "credentials_file"}


def with_wrong_key(account: AccountSettings, kind: ProviderKind) -> AccountSettings | None:
    """None where the account has no key that could be wrong."""
    own = dict(account.model_extra or {})
    secrets = {name for name in kind.credentials.model_fields if is_secret(kind, name)} - _NOT_FOR_CALLS
    wrong = {name: WRONG_KEY for name in secrets if name in own or name in _INSTEAD_OF}
    if not wrong:
        return None
    for name in wrong:
        own.pop(_INSTEAD_OF.get(name, ""), None)
    return _rewritten(account, own | wrong)


def with_unknown_models(account: AccountSettings, catalogue: Catalogue) -> AccountSettings:
    """Whichever of its models is asked of us, the vendor is asked for one that it does not have."""
    ids = account.models or [entry.id for entry in catalogue.entries() if entry.provider == account.provider]
    own = {name: value for name, value in (account.model_extra or {}).items() if name != "endpoints"}  # of seedance
    return _rewritten(account, own | {"models": dict.fromkeys(ids, NO_SUCH_MODEL)})


async def sends_unknown_model(account: AccountSettings, kind: ProviderKind, choice: Choice) -> bool:
    """Whether the name would get to the vendor. Tried without a network: a model that exists is made, and costs."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(404, json={})

    tools = Tools(_no_image, Path("nowhere"), SystemClock(), httpx.MockTransport(answer))
    opened, _ = open_account(with_wrong_key(account, kind) or account, kind, tools, os.environ)
    adapter: Any = opened.adapter
    upstream_model = opened.upstream_model(choice.entry.id, choice.request.upstream_model)
    with suppress(UpstreamError):
        await adapter.submit(replace(choice.request, upstream_model=upstream_model), client_ref="att_dry_run")
    await adapter.close()
    name = NO_SUCH_MODEL.encode()
    return any(name in request.content or name in request.url.raw_path for request in sent)


def is_secret(kind: ProviderKind, name: str) -> bool:
    annotation = kind.credentials.model_fields[name].annotation
    return SecretStr in (annotation, *get_args(annotation))


def _rewritten(account: AccountSettings, changes: dict[str, Any]) -> AccountSettings:
    common = account.model_dump(exclude=set(account.model_extra or {}), exclude_none=True)
    return AccountSettings.model_validate(common | changes)


async def _no_image(key: str) -> bytes:
    raise AssertionError(f"nobody sends an image here: {key}")
