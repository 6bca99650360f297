"""Every configured account, through the whole server. docs/live-tests.md says how to run this and what it costs."""

from __future__ import annotations

import pytest

from filmgate.core.request import Mode
from filmgate.core.video import FailureCode
from filmgate.engine.account_settings import AccountSettings
from filmgate.providers.registry import provider_kinds
from live.changed_accounts import sends_unknown_model, with_unknown_models, with_wrong_key
from live.checks import can_be_cancelled, check_cancel, check_clip, check_refused
from live.pictures import picture_for
from live.run import LiveRun

pytestmark = pytest.mark.anyio


async def test_a_wrong_key_is_told_as_the_accounts_trouble(live_run: LiveRun, account: AccountSettings) -> None:
    """No vendor makes anything for a stranger, so it is not counted and runs without a budget."""
    wrong = with_wrong_key(account, provider_kinds()[account.provider])
    if wrong is None:
        pytest.skip(f"account {account.name!r} has no key that could be wrong")
    async with live_run.session(wrong, "wrong_key", can_cost=False) as session:
        choice = session.cheapest(Mode.TEXT_TO_VIDEO)
        session.keep(await check_refused(session.server, choice, [FailureCode.PROVIDER_UNAVAILABLE]))


async def test_a_model_that_does_not_exist_costs_nothing(live_run: LiveRun, account: AccountSettings) -> None:
    """Booked until it is refused: a vendor may take the name for another model, and make that."""
    unknown = with_unknown_models(account, live_run.catalogue)
    async with live_run.session(unknown, "unknown_model") as session:
        choice = session.cheapest(Mode.TEXT_TO_VIDEO)
        if not await sends_unknown_model(unknown, provider_kinds()[account.provider], choice):
            pytest.skip(f"for {choice.entry.id} the adapter of {account.provider} sends a name of its own")
        codes = [FailureCode.PROVIDER_UNAVAILABLE, FailureCode.PROVIDER_REJECTED]
        session.keep(await check_refused(session.server, choice, codes))


async def test_text_to_video(live_run: LiveRun, account: AccountSettings) -> None:
    async with live_run.session(account, "text_to_video") as session:
        session.keep(await check_clip(session.server, session.cheapest(Mode.TEXT_TO_VIDEO)))


async def test_image_to_video(live_run: LiveRun, account: AccountSettings) -> None:
    async with live_run.session(account, "image_to_video") as session:
        choice = session.cheapest(Mode.IMAGE_TO_VIDEO)
        session.keep(await check_clip(session.server, choice, image=picture_for(choice.request)))


async def test_cancel(live_run: LiveRun, account: AccountSettings) -> None:
    async with live_run.session(account, "cancel") as session:
        choice = session.cheapest(Mode.TEXT_TO_VIDEO)
        if not can_be_cancelled(account, choice.entry):
            pytest.skip(f"{account.provider} has no way to stop {choice.entry.id}")
        session.keep(await check_cancel(session.server, choice))
