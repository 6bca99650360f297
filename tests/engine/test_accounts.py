"""Accounts: from settings and environment, frozen on attempts, chosen, failed over, and left alone when they fail."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from harness import FREED, LINK, PAID, SPENT, FakeClock, Harness
from pydantic import SecretStr, model_validator

from filmgate.core.errors import (
    Charged,
    ErrorClass,
    OutcomeUnknown,
    ServiceUnavailable,
    UpstreamBusy,
    UpstreamRefused,
    UpstreamUnreachable,
)
from filmgate.core.provider import Failed, Pending, Succeeded
from filmgate.core.video import Phase, Status
from filmgate.engine.account_settings import (
    AccountError,
    account_settings,
    check_account,
    environment_tables,
    open_account,
    reopen_account,
)
from filmgate.engine.accounts import Account
from filmgate.engine.circuits import Circuits, State, after_failure, state_of
from filmgate.providers.fake import FakeProvider
from filmgate.providers.kind import Credentials, ProviderKind, Tools
from filmgate.store import credentials
from filmgate.store.circuits import Circuit, list_circuits

pytestmark = pytest.mark.anyio

SECRET = "secret-that-nobody-may-see"


class AcmeCredentials(Credentials):
    api_key: SecretStr
    region: str = "north"

    @model_validator(mode="after")
    def _known_region(self) -> "AcmeCredentials":
        if self.region not in ("north", "south"):
            raise ValueError("region is north or south")
        return self


class AcmeProvider(FakeProvider):
    def __init__(self, credentials: AcmeCredentials) -> None:
        super().__init__()
        self.credentials = credentials
        self.closed = False

    @property
    def base_url(self) -> str:
        return f"https://{self.credentials.region}.acme.example/v1"

    async def close(self) -> None:
        self.closed = True


def acme_open(given: AcmeCredentials, _tools: Tools) -> AcmeProvider:
    return AcmeProvider(given)


KIND = ProviderKind(
    "acme",
    AcmeCredentials,
    acme_open,
    environment={"ACME_KEY": "api_key", "ACME_REGION": "region"},
    required=(("ACME_KEY",),),
    max_concurrent=7,
    serves=lambda given, wire: wire.get("region", given.region) == given.region,
)
KINDS: Mapping[str, ProviderKind] = {"acme": KIND}


async def nothing(_key: str) -> bytes:
    raise AssertionError("nothing is read")


def tools(tmp_path: Path) -> Tools:
    return Tools(nothing, tmp_path, FakeClock())


def parse(text: str) -> list[dict[str, Any]]:
    return tomllib.loads(text)["accounts"]


# ── settings ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_account_with_everything(tmp_path: Path) -> None:
    (settings,) = account_settings(
        parse(
            f"""
            [[accounts]]
            name = "acme-1"
            provider = "acme"
            api_key = "{SECRET}"
            region = "south"
            max_concurrent = 3
            requests_per_minute = 20
            priority = 2
            weight = 1.5
            models = {{ "paid-1" = "paid-one" }}
            on_unknown = "resubmit"
            expected_seconds = 40
            pass_image_links = true
            """
        ),
        KINDS,
    )
    account, kept = open_account(settings, KIND, tools(tmp_path), {})
    assert (account.max_concurrent, account.requests_per_minute, account.priority, account.weight) == (3, 20, 2, 1.5)
    assert (account.on_unknown, account.expected_seconds, account.pass_image_links) == ("resubmit", 40, True)
    assert account.upstream_model("paid-1", "x") == "paid-one"
    assert account.trusted_hosts == {"south.acme.example:443"}
    assert SECRET not in repr(account)
    assert SECRET not in repr(kept)
    again = reopen_account(kept, KINDS, tools(tmp_path))
    assert again is not None
    assert again.former
    assert again.credential_id == account.credential_id
    assert isinstance(again.adapter, AcmeProvider)
    assert again.adapter.credentials.api_key.get_secret_value() == SECRET
    assert again.adapter.base_url == "https://south.acme.example/v1"


def test_the_credential_id_changes_with_what_reaches_the_upstream_and_with_nothing_else(tmp_path: Path) -> None:
    def credential_id(**changes: Any) -> str | None:
        table = {"name": "a", "provider": "acme", "api_key": SECRET} | changes
        return open_account(account_settings([table], KINDS)[0], KIND, tools(tmp_path), {})[0].credential_id

    assert credential_id() == credential_id(name="b", max_concurrent=9, weight=3.0)
    assert len({credential_id(), credential_id(region="south"), credential_id(api_key="another")}) == 3


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"provider": "acme"}, ["accounts[1]", "name"]),
        ({"name": "a"}, ["accounts[1] (a)", "provider"]),
        ({"name": "Ä", "provider": "acme"}, ["name"]),
        ({"name": "a", "provider": "nobody"}, ["'nobody'", "acme"]),
        ({"name": "rehearsal", "provider": "acme"}, ["taken"]),
        ({"name": "a", "provider": "acme", "max_concurrent": 0}, ["max_concurrent", "greater than or equal to 1"]),
        ({"name": "a", "provider": "acme", "on_unknown": "pray"}, ["on_unknown", "'fail' or 'resubmit'"]),
        ({"name": "a", "provider": "acme", "weight": 0}, ["weight"]),
    ],
)
def test_what_is_wrong_with_an_account_is_said(table: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(AccountError) as caught:
        account_settings([table], KINDS)
    assert all(word in caught.value.message for word in words), caught.value.message


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({}, ["account 'a'", "api_key", "required"]),
        ({"api_key": SECRET, "region": "west"}, ["region is north or south"]),
        ({"api_key": SECRET, "apikey": SECRET}, ["apikey", "not permitted"]),
        ({"api_key": [SECRET]}, ["api_key"]),
        ({"api_key": "env:ACME_OTHER"}, ["ACME_OTHER", "not set"]),
    ],
)
def test_credentials_are_checked_at_start_and_never_told(keys: dict[str, Any], words: list[str]) -> None:
    (settings,) = account_settings([{"name": "a", "provider": "acme", **keys}], KINDS)
    with pytest.raises(AccountError) as caught:
        check_account(settings, KIND, {})
    assert all(word in caught.value.message for word in words), caught.value.message
    assert SECRET not in caught.value.message


def test_a_secret_can_stay_in_the_environment(tmp_path: Path) -> None:
    (settings,) = account_settings([{"name": "a", "provider": "acme", "api_key": "env:MY_KEY"}], KINDS)
    account, kept = open_account(settings, KIND, tools(tmp_path), {"MY_KEY": SECRET})
    assert isinstance(account.adapter, AcmeProvider)
    assert account.adapter.credentials.api_key.get_secret_value() == SECRET
    assert kept.settings["api_key"] == SECRET, "or a removed account could not finish its videos"


def test_conventional_variables_make_an_account_where_there_is_none() -> None:
    environ = {"ACME_KEY": SECRET, "ACME_REGION": "south", "OTHER": "x"}
    assert environment_tables(environ, KINDS, []) == [
        {"name": "acme", "provider": "acme", "api_key": SECRET, "region": "south"}
    ]
    configured = account_settings([{"name": "mine", "provider": "acme", "api_key": "k"}], KINDS)
    assert environment_tables(environ, KINDS, configured) == []
    assert environment_tables({"ACME_REGION": "south", "ACME_KEY": " "}, KINDS, []) == []


# ── circuits ────────────────────────────────────────────────────────────────────────────────────────────────────────


def failed(before: Circuit | None, error_class: ErrorClass, now: float) -> Circuit:
    return after_failure(before, "a", UpstreamRefused("why", error_class=error_class), now)


def test_what_only_the_owner_can_mend_opens_at_once_and_for_longer_each_time() -> None:
    circuit, now = None, 1000.0
    held: list[float] = []
    for _ in range(8):
        circuit = failed(circuit, ErrorClass.OPERATOR, now)
        assert state_of(circuit, now) is State.OPEN
        held.append((circuit.open_until or 0) - now)
        now = circuit.open_until or 0
        assert state_of(circuit, now) is State.HALF_OPEN
    assert held == [60, 120, 240, 480, 960, 1800, 1800, 1800]


def test_passing_failures_open_only_when_they_repeat() -> None:
    circuit = None
    for _ in range(4):
        circuit = failed(circuit, ErrorClass.TRANSIENT, 1000.0)
        assert state_of(circuit, 1000.0) is State.CLOSED
    circuit = failed(circuit, ErrorClass.TRANSIENT, 1000.0)
    assert (state_of(circuit, 1000.0), circuit.open_until) == (State.OPEN, 1015.0)
    assert failed(circuit, ErrorClass.TRANSIENT, 1001.0) == circuit, "what was under way tells nothing new"
    again = failed(circuit, ErrorClass.TRANSIENT, 1020.0)
    assert again.open_until == 1050.0, "one failed probe is enough"


async def circuit_of(engine: Harness, account: str) -> Circuit | None:
    return (await engine.database.read(list_circuits)).get(account)


# ── routing and failover ────────────────────────────────────────────────────────────────────────────────────────────


def second_account(engine: Harness, name: str = "acme-2", **changes: Any) -> FakeProvider:
    adapter = FakeProvider()
    adapter.answer_with([Succeeded(url=LINK)])
    engine.accounts[name] = replace(engine.accounts["acme"], name=name, adapter=adapter, **changes)
    return adapter


async def accounts_of(engine: Harness, count: int) -> list[str]:
    gateway, key = engine.new_gateway(), await engine.key()
    chosen: list[str] = []
    for _ in range(count):
        accepted = await gateway.create(key, engine.call(PAID))
        chosen.append(accepted.detail.outputs[0].account)
    return chosen


async def test_videos_go_where_slots_are_free_by_weight(engine: Harness) -> None:
    second_account(engine, weight=3.0)
    chosen = await accounts_of(engine, 6)
    assert (chosen.count("acme"), chosen.count("acme-2")) == (2, 4), chosen


async def test_a_better_priority_comes_first_until_its_slots_are_full(engine: Harness) -> None:
    second_account(engine, priority=2)
    chosen = await accounts_of(engine, 12)
    assert chosen[:4] == ["acme"] * 4
    assert chosen[4:8] == ["acme-2"] * 4
    assert chosen[8:] == ["acme"] * 4, "with no slot free anywhere, the better priority's line"


async def test_an_account_serves_the_models_that_it_names_and_reaches(engine: Harness) -> None:
    second_account(engine, models={"another": ""})
    second_account(engine, "acme-3", serves=lambda _wire: False)
    second_account(engine, "acme-4", former=True)
    assert await accounts_of(engine, 9) == ["acme"] * 9


async def test_a_server_of_videos_serves_any_model_that_it_names(engine: Harness) -> None:
    adapter = second_account(engine, "gpu", provider="openai", models={PAID: "own-name"}, priority=1)
    del engine.accounts["acme"]
    video_id = await engine.create()
    await engine.drive(video_id)
    assert adapter.tasks["fake-1"].request.upstream_model == "own-name"
    assert (await engine.detail(video_id)).attempts[0].upstream_model == "own-name"


@pytest.mark.parametrize(
    "error",
    [
        UpstreamRefused("no balance", error_class=ErrorClass.OPERATOR, upstream_code="1102"),
        UpstreamUnreachable("no route"),
        UpstreamRefused("down for maintenance", error_class=ErrorClass.TRANSIENT, retryable=True),
        UpstreamRefused("too many at once", error_class=ErrorClass.RATE_LIMIT, retryable=True),
        UpstreamRefused("no right to this model", error_class=ErrorClass.MODEL),
    ],
)
async def test_what_was_certainly_not_accepted_goes_to_another_account(engine: Harness, error: Any) -> None:
    other = second_account(engine, priority=2)
    engine.paid.script(error)
    video_id = await engine.create()
    assert await engine.step(video_id) is None, "its job under this account is over"
    assert [job.account for job in engine.queued_jobs] == ["acme", "acme-2"]
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    assert detail.video.status is Status.COMPLETED
    assert [(attempt.account, attempt.state) for attempt in detail.attempts] == [
        ("acme", "refused"),
        ("acme-2", "succeeded"),
    ]
    assert (engine.paid.submissions, other.submissions) == (0, 1)
    assert await engine.money(video_id) == SPENT


@pytest.mark.parametrize("error_class", [ErrorClass.CALLER, ErrorClass.MODERATION])
async def test_what_is_wrong_with_the_request_is_wrong_everywhere(engine: Harness, error_class: ErrorClass) -> None:
    other = second_account(engine, priority=2)
    engine.paid.script(UpstreamRefused("not like this", error_class=error_class))
    video_id = await engine.create()
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.status is Status.FAILED
    assert other.submissions == 0
    assert await circuit_of(engine, "acme") is None


@pytest.mark.parametrize("error_class", [ErrorClass.MODEL, ErrorClass.OPERATOR, ErrorClass.TRANSIENT])
async def test_two_accounts_that_both_refuse_do_not_hand_it_to_and_fro(
    engine: Harness, error_class: ErrorClass
) -> None:
    other = second_account(engine, priority=2)
    for adapter in (engine.paid, other):
        adapter.script(*(UpstreamRefused("not here", error_class=error_class) for _ in range(50)))
    video_id = await engine.create()
    for _ in range(4):
        await engine.step(video_id)
    detail = await engine.detail(video_id)
    assert detail.video.error_code == "provider_unavailable"
    assert [attempt.account for attempt in detail.attempts] == ["acme", "acme-2"]


async def test_two_accounts_that_are_both_too_fast_are_waited_for(engine: Harness) -> None:
    other = second_account(engine, priority=2)
    for adapter in (engine.paid, other):
        adapter.script(
            *(UpstreamRefused("slow down", error_class=ErrorClass.RATE_LIMIT, retryable=True) for _ in range(50))
        )
    video_id = await engine.create()
    assert await engine.worker.step(video_id, 0) is None
    assert (await engine.worker.step(video_id, 0) or 0) >= 4
    assert len((await engine.detail(video_id)).attempts) == 2


async def test_two_accounts_that_are_both_tried_again_do_not_hand_it_to_and_fro(engine: Harness) -> None:
    second_account(engine, priority=2)
    first, waiting = await engine.create(), await engine.create()
    for name in ("acme", "acme-2"):
        circuits = Circuits(engine.database, engine.clock)
        await circuits.failed(name, UpstreamRefused("no balance", error_class=ErrorClass.OPERATOR))
    engine.clock.time += 61
    assert await circuits.may_probe("acme")
    assert await circuits.may_probe("acme-2")
    assert (await engine.worker.step(waiting, 0) or 0) > 0
    assert "output.rerouted" not in await engine.event_types(waiting)
    assert (await engine.detail(first)).outputs[0].phase is Phase.WAITING


async def test_a_model_that_an_account_cannot_make_leaves_its_others_alone(engine: Harness) -> None:
    engine.paid.script(UpstreamRefused("not opened in the console", error_class=ErrorClass.MODEL))
    video_id = await engine.create()
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    assert detail.video.error_code == "provider_unavailable"
    assert "not opened in the console" in (detail.video.error_message or "")
    assert await circuit_of(engine, "acme") is None


async def test_a_reply_that_was_lost_never_leads_to_another_account(engine: Harness) -> None:
    other = second_account(engine, priority=2)
    engine.paid.script(OutcomeUnknown("reset"))
    video_id = await engine.create()
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.error_code == "outcome_unknown"
    assert other.submissions == 0


async def test_failover_after_acceptance_only_on_not_charged(engine: Harness) -> None:
    other = second_account(engine, priority=2)
    engine.paid.answer_with([Failed("provider_failed", "x", retryable=True, charged=Charged.NO)])
    video_id = await engine.create()
    await engine.drive(video_id)
    await engine.drive(video_id)
    assert (engine.paid.submissions, other.submissions) == (1, 1)
    assert await engine.money(video_id) == SPENT

    engine.paid.answer_with([Failed("provider_failed", "x", retryable=True, charged=Charged.UNKNOWN)])
    video_id = await engine.create()
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.error_code == "provider_failed"
    assert other.submissions == 1


# ── circuits at work ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_account_without_balance_is_left_alone_and_says_why(engine: Harness) -> None:
    engine.paid.script(UpstreamRefused("the pack is used up", error_class=ErrorClass.OPERATOR, upstream_code="1102"))
    first, waiting = await engine.create(), await engine.create()
    await engine.drive(first)
    message = (await engine.detail(first)).video.error_message or ""
    assert "'acme'" in message
    assert "the pack is used up" in message
    assert "operator" in message
    engine.clock.time += 1  # what is known of accounts is at most a second old
    with pytest.raises(ServiceUnavailable) as caught:
        await engine.create()
    assert caught.value.code == "no_account"
    assert "the pack is used up" in caught.value.message
    assert caught.value.retry_after_seconds

    # What waits is not lost with it: one output tries the account when its time is over, and then all go on.
    assert await engine.step(waiting) == 59
    assert engine.paid.submissions == 0
    await engine.drive(waiting)
    assert (await engine.detail(waiting)).video.status is Status.COMPLETED
    assert await circuit_of(engine, "acme") is None
    assert await engine.create()


async def test_only_one_output_tries_a_half_open_account(engine: Harness) -> None:
    engine.paid.script(UpstreamRefused("no balance", error_class=ErrorClass.OPERATOR))
    first, second, third = [await engine.create() for _ in range(3)]
    await engine.drive(first)
    engine.clock.time += 61
    engine.paid.script(UpstreamRefused("still none", error_class=ErrorClass.OPERATOR))
    workers = [engine.new_worker(), engine.new_worker()]
    claimed = await workers[0]._circuits.may_probe("acme")  # pyright: ignore[reportPrivateUsage]
    assert claimed
    assert (await workers[1].step(third, 0) or 0) > 0
    assert engine.paid.submissions == 0
    assert (await engine.detail(second)).outputs[0].phase is Phase.WAITING


async def test_outputs_do_not_wait_for_ever_for_an_owner(engine: Harness) -> None:
    engine.paid.script(*(UpstreamRefused("no balance", error_class=ErrorClass.OPERATOR) for _ in range(99)))
    first, second = await engine.create(), await engine.create()
    await engine.drive(first)
    circuit = await circuit_of(engine, "acme")
    assert circuit is not None
    await engine.drive(second, most_steps=500)
    assert (await engine.detail(second)).video.error_code == "provider_unavailable"
    assert await engine.money(second) == FREED
    assert engine.clock.time <= 1_790_000_000 + 3600 + 1800


async def test_waiting_outputs_move_to_an_account_that_works(engine: Harness) -> None:
    engine.paid.script(UpstreamRefused("wrong key", error_class=ErrorClass.OPERATOR))
    first, second = await engine.create(), await engine.create()
    await engine.drive(first)
    other = second_account(engine)
    assert await engine.step(second) is None
    await engine.drive(second)
    detail = await engine.detail(second)
    assert (detail.video.status, detail.outputs[0].account, len(detail.attempts)) == (Status.COMPLETED, "acme-2", 1)
    assert other.submissions == 1
    assert "output.rerouted" in await engine.event_types(second)


async def test_a_key_that_dies_in_mid_life_stops_new_work_and_ends_no_video(engine: Harness) -> None:
    unauthorised = UpstreamBusy("401", error_class=ErrorClass.OPERATOR)
    engine.paid.answer_with([unauthorised, unauthorised, Pending(50), Succeeded(url=LINK)])
    video_id = await engine.create()
    await engine.drive_until(Phase.RUNNING, video_id)
    await engine.step(video_id)
    await engine.step(video_id)
    assert state_of(await circuit_of(engine, "acme"), engine.clock.time) is not State.CLOSED
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.status is Status.COMPLETED


# ── limits and freezing ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_no_more_submissions_in_a_minute_than_the_account_may_have(engine: Harness) -> None:
    engine.accounts["acme"] = replace(engine.accounts["acme"], requests_per_minute=2)
    videos = [await engine.create() for _ in range(3)]
    await engine.worker.step(videos[0], 0)
    engine.clock.time += 20
    await engine.worker.step(videos[1], 0)
    assert await engine.worker.step(videos[2], 0) == pytest.approx(40)
    assert (await engine.detail(videos[2])).attempts == ()
    engine.clock.time += 40
    await engine.worker.step(videos[2], 0)
    assert engine.paid.submissions == 3


async def keep(engine: Harness, account: Account, settings: dict[str, Any]) -> None:
    kept = credentials.Credential(account.credential_id or "", account.name, account.provider, settings)
    await engine.database.write(lambda tx: credentials.save_credential(tx, kept, now=engine.clock.now()))


async def test_an_edited_account_finishes_what_it_began_with_what_it_began_with(
    engine: Harness, tmp_path: Path
) -> None:
    old = FakeProvider()
    old.answer_with([Pending(10), Succeeded(url=LINK)])
    engine.accounts["acme"] = replace(engine.accounts["acme"], adapter=old, credential_id="cred_old")
    await keep(engine, engine.accounts["acme"], {"name": "acme", "provider": "acme", "api_key": SECRET})
    video_id = await engine.create()
    await engine.drive_until(Phase.RUNNING, video_id)
    assert (await engine.detail(video_id)).attempts[0].credential_id == "cred_old"

    revived: list[credentials.Credential] = []

    def revive(kept: credentials.Credential) -> Account:
        revived.append(kept)
        return replace(engine.accounts["acme"], adapter=old, credential_id=kept.id, former=True)

    engine.revive = revive
    new = FakeProvider()
    engine.accounts["acme"] = replace(engine.accounts["acme"], adapter=new, credential_id="cred_new")
    engine.restart()
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.status is Status.COMPLETED
    assert [kept.settings["api_key"] for kept in revived] == [SECRET]
    assert new.tasks == {}


async def test_a_removed_account_finishes_what_it_began_and_gives_away_what_waits(engine: Harness) -> None:
    adapter = engine.paid
    engine.accounts["acme"] = replace(engine.accounts["acme"], credential_id="cred_old")
    await keep(engine, engine.accounts["acme"], {})
    running, waiting = await engine.create(), await engine.create()
    await engine.drive_until(Phase.RUNNING, running)
    other = second_account(engine, credential_id="cred_other")
    former = replace(engine.accounts.pop("acme"), former=True)
    engine.revive = lambda _kept: former
    engine.restart()
    await engine.drive(running)
    assert (await engine.detail(running)).video.status is Status.COMPLETED
    assert adapter.submissions == 1
    assert await engine.step(waiting) is None
    await engine.drive(waiting)
    assert (await engine.detail(waiting)).video.status is Status.COMPLETED
    assert (adapter.submissions, other.submissions) == (1, 1)


async def test_credentials_are_kept_while_a_video_needs_them_and_no_longer(
    engine: Harness, make_harness: Callable[..., Harness]
) -> None:
    engine.accounts["acme"] = replace(engine.accounts["acme"], credential_id="cred_used")
    await keep(engine, engine.accounts["acme"], {})
    await keep(engine, replace(engine.accounts["acme"], name="x", credential_id="cred_mine"), {})
    await keep(engine, replace(engine.accounts["acme"], name="y", credential_id="cred_gone"), {})
    video_id = await engine.create()
    await engine.drive_until(Phase.RUNNING, video_id)

    async def left(after_seconds: float) -> set[str]:
        engine.clock.time += after_seconds
        await engine.database.write(
            lambda tx: credentials.forget_unused(tx, configured=["cred_mine"], now=engine.clock.now())
        )
        names = ("cred_used", "cred_mine", "cred_gone")
        found = [
            await engine.database.read(lambda conn, name=name: credentials.get_credential(conn, name)) for name in names
        ]
        return {each.id for each in found if each}

    assert await left(3600) == {"cred_used", "cred_mine", "cred_gone"}
    assert await left(86_400) == {"cred_used", "cred_mine"}
    await engine.drive(video_id)
    assert await left(0) == {"cred_used", "cred_mine"}, "its deadline is over, and yet it may succeed"
    for _ in range(3):
        engine.clock.time += 60
        await engine.new_late_watch(record_seconds=1e6).sweep()
    assert (await engine.detail(video_id)).video.status is Status.COMPLETED
    assert await left(0) == {"cred_mine"}
