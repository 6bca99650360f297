from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from simulated_accounts import ACCOUNTS, KEY, WEBHOOK_SECRET

from filmgate.catalogue.loader import load_catalogue
from filmgate.core.request import Images, Mode
from filmgate.engine.account_settings import AccountSettings, account_settings, check_account
from filmgate.engine.accounts import Account
from filmgate.providers.registry import provider_kinds
from live.changed_accounts import NO_SUCH_MODEL, WRONG_KEY, sends_unknown_model, with_unknown_models, with_wrong_key
from live.cheapest import cheapest

pytestmark = pytest.mark.anyio

KINDS = provider_kinds()


def account(provider: str, **own: Any) -> AccountSettings:
    return account_settings([{"name": "main", "provider": provider, "max_concurrent": 2, **own}], KINDS)[0]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (
            account("kling", api_key="env:KLING_KEY", webhook_secret=WEBHOOK_SECRET, region="beijing"),
            {"api_key": WRONG_KEY, "webhook_secret": WEBHOOK_SECRET, "region": "beijing"},
        ),
        (account("kling", access_key="a", secret_key=KEY), {"access_key": WRONG_KEY, "secret_key": WRONG_KEY}),
        (account("veo", project="p1", access_token=KEY), {"project": "p1", "access_token": WRONG_KEY}),
        (account("veo", project="p1", credentials_file="sa.json"), {"project": "p1", "access_token": WRONG_KEY}),
        (account("veo", project="p1"), {"project": "p1", "access_token": WRONG_KEY}),
        (account("openai", base_url="http://gpu.test"), None),
    ],
    ids=lambda value: value.provider if isinstance(value, AccountSettings) else "",
)
def test_every_key_is_wrong_and_nothing_else(given: AccountSettings, wrong: Mapping[str, Any] | None) -> None:
    changed = with_wrong_key(given, KINDS[given.provider])
    if changed is None or wrong is None:
        assert changed is wrong
        return
    assert changed.model_extra == wrong
    assert (changed.name, changed.provider, changed.max_concurrent) == ("main", given.provider, 2)
    check_account(changed, KINDS[given.provider], {})


def test_every_model_of_the_account_gets_a_name_that_nobody_has() -> None:
    catalogue = load_catalogue()
    own = {"seedance-2.0": "ep-1"}
    changed = with_unknown_models(account("seedance", api_key=KEY, endpoints=own), catalogue)
    ids = {entry.id for entry in catalogue.entries() if entry.provider == "seedance"}
    assert changed.models == dict.fromkeys(ids, NO_SUCH_MODEL)
    assert changed.model_extra == {"api_key": KEY}
    few = with_unknown_models(account("wan", api_key=KEY, models=["wan3.0-video"]), catalogue)
    assert few.models == {"wan3.0-video": NO_SUCH_MODEL}


@pytest.mark.parametrize("name", list(ACCOUNTS))
async def test_whether_the_name_would_be_sent_is_known_before_anything_is(name: str) -> None:
    simulated = ACCOUNTS[name]
    changed = with_unknown_models(simulated.settings(), simulated.catalogue())
    serving = Account("main", simulated.kind.name, adapter=None, max_concurrent=1, models={simulated.model: ""})  # pyright: ignore[reportArgumentType]
    choice = cheapest(simulated.catalogue(), serving, Mode.TEXT_TO_VIDEO, Images(), date(2026, 11, 24))
    assert choice is not None
    assert await sends_unknown_model(changed, simulated.kind, choice)
