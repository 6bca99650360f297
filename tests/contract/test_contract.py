"""What holds for every adapter, whatever the upstream answers: core/provider.py, checked."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from adapters import (
    Sample,
    accepted_submits,
    hosted_providers,
    provider_modules,
    real_bodies,
    samples,
    samples_of,
    unlike,
)
from hostile import JUNK, Reply, ScriptedTransport, any_json, every_bend, replies
from hypothesis import given, settings
from hypothesis import strategies as st
from playing import (
    CALLS,
    CHECKS,
    Call,
    base_url,
    cancel,
    check_cancelled,
    check_found,
    check_submitted,
    check_verdict,
    check_verdicts,
    download_headers,
    find,
    play,
    poll,
    poll_many,
    submit,
)

from filmgate.core.errors import (
    Charged,
    OutcomeUnknown,
    StorageError,
    UpstreamBusy,
    UpstreamRefused,
    UpstreamUnreachable,
)
from filmgate.core.provider import CallbackHeard, HearsCallbacks, Pending, PollsMany, Unsure
from golden.opening import kind_of, time_of

HOSTED = hosted_providers()
KNOWN = [name for name in HOSTED if samples(name)]
every_provider = pytest.mark.parametrize("name", KNOWN)

NOTHING_SENT = ["ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"]
REPLY_LOST = [
    "ReadTimeout",
    "WriteTimeout",
    "ReadError",
    "WriteError",
    "CloseError",
    "RemoteProtocolError",
    "DecodingError",
]
BROKEN = st.builds(Reply, st.sampled_from([401, 403, 429, 500, 502, 503, 504]), st.sampled_from(JUNK))


@pytest.fixture(scope="session")
def work_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("results")


@pytest.mark.parametrize("name", provider_modules())
def test_every_module_can_be_imported(name: str) -> None:
    import_module(f"filmgate.providers.{name}")


@pytest.mark.parametrize("name", HOSTED)
def test_every_provider_is_named_after_its_module_and_has_golden_cases(name: str) -> None:
    kind = kind_of(name)
    assert kind.name == name
    assert set(kind.environment.values()) <= set(kind.credentials.model_fields)
    assert {variable for variables in kind.required for variable in variables} <= set(kind.environment)
    assert samples_of(name, "poll")
    assert accepted_submits(name)
    assert all(kind.serves(sample.credentials(), sample.request().wire) for sample in accepted_submits(name))


# ── the vendor's own replies, with each of their values changed in every way ──────────────────────────────────────────


@every_provider
@pytest.mark.parametrize("operation", ["submit", "poll", "poll_many", "cancel", "find"])
def test_a_reply_that_is_bent_anywhere_is_still_taken_by_the_contract(
    name: str, operation: str, work_dir: Path
) -> None:
    async def play_all() -> None:
        for sample in unlike(samples_of(name, operation)):
            for done, script in bent_scripts(sample):
                transport = ScriptedTransport(script)
                try:
                    outcome = await play(sample, transport, work_dir, CALLS[operation])
                    CHECKS[operation](outcome, sample, transport)
                except Exception as error:
                    raise AssertionError(f"{sample.name}: {done}: {error!r}") from error

    asyncio.run(play_all())


def bent_scripts(sample: Sample) -> Iterator[tuple[str, list[Reply | str]]]:
    """The replies of the golden case as they are, and then with every bend of each of them."""
    real = [Reply.golden(reply) for reply in sample.replies]
    yield "as it is", real
    for at, reply in enumerate(sample.replies):
        for done, body in every_bend(reply.json_body):
            bent = Reply(reply.status, json.dumps(body).encode(), reply.headers)
            yield done, [*real[:at], bent, *real[at + 1 :]]


# ── submit ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@every_provider
@settings(max_examples=50)
@given(data=st.data())
def test_a_submit_gives_a_task_or_one_of_three_errors(name: str, data: st.DataObject, work_dir: Path) -> None:
    sample, transport = with_a_hostile_reply(data, name, "submit")
    outcome = run(sample, transport, work_dir, submit)
    check_submitted(outcome, sample, transport)


@every_provider
@pytest.mark.parametrize("error", NOTHING_SENT + REPLY_LOST)
def test_a_paid_call_that_breaks_off_is_told_apart_and_never_repeated(name: str, error: str, work_dir: Path) -> None:
    for sample in distinct_submits(name):
        *before, _ = [Reply.golden(reply) for reply in sample.replies]
        transport = ScriptedTransport([*before, error])
        outcome = run(sample, transport, work_dir, submit)
        assert isinstance(outcome, UpstreamUnreachable if error in NOTHING_SENT else OutcomeUnknown)
        assert len(transport.requests) == len(sample.replies)
        assert outcome.retryable is (error in NOTHING_SENT)
        assert outcome.charged is (Charged.NO if error in NOTHING_SENT else Charged.UNKNOWN)


@every_provider
@pytest.mark.parametrize("error", ["ConnectError", "ReadTimeout", "RemoteProtocolError"])
def test_before_the_paid_call_nothing_can_have_been_created(name: str, error: str, work_dir: Path) -> None:
    for sample in distinct_submits(name):
        real = [Reply.golden(reply) for reply in sample.replies]
        for at in range(len(real) - 1):
            outcome = run(sample, ScriptedTransport([*real[:at], error]), work_dir, submit)
            assert isinstance(outcome, UpstreamUnreachable | UpstreamRefused)


@every_provider
@settings(max_examples=40)
@given(data=st.data())
def test_a_5xx_without_the_vendors_code_leaves_open_whether_a_task_exists(
    name: str, data: st.DataObject, work_dir: Path
) -> None:
    sample = data.draw(st.sampled_from(accepted_submits(name)))
    *before, _ = [Reply.golden(reply) for reply in sample.replies]
    body = data.draw(st.sampled_from(JUNK) | any_json(()).map(lambda value: json.dumps(value).encode()))
    status = data.draw(st.sampled_from([500, 502, 503, 504]) | st.integers(500, 599))
    transport = ScriptedTransport([*before, Reply(status, body)])
    assert isinstance(run(sample, transport, work_dir, submit), OutcomeUnknown)
    assert len(transport.requests) == len(sample.replies)


@every_provider
@pytest.mark.parametrize("retryable", [True, False])
def test_an_input_image_that_cannot_be_read_is_refused_before_anything_is_paid(
    name: str, retryable: bool, work_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(self: object, key: str) -> bytes:
        raise StorageError("the disk is away", retryable=retryable)

    monkeypatch.setattr("golden.exchange.StoredImages.read_input", lost)
    for sample in distinct_submits(name):
        assert sample.case.submit is not None
        given_images = sample.case.submit.images.by_role().values()
        if not given_images or any(image.url for image in given_images):
            continue
        transport = ScriptedTransport([Reply.golden(reply) for reply in sample.replies])
        outcome = run(sample, transport, work_dir, submit)
        assert isinstance(outcome, UpstreamRefused)
        assert outcome.retryable is retryable
        assert len(transport.requests) < len(sample.replies)


# ── polls ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@every_provider
@settings(max_examples=50)
@given(data=st.data())
def test_a_poll_gives_an_answer_or_is_asked_again(name: str, data: st.DataObject, work_dir: Path) -> None:
    sample, transport = with_a_hostile_reply(data, name, "poll")
    check_verdict(run(sample, transport, work_dir, poll), sample, transport)


@every_provider
@settings(max_examples=40)
@given(data=st.data())
def test_a_poll_that_fails_is_no_verdict(name: str, data: st.DataObject, work_dir: Path) -> None:
    sample = data.draw(st.sampled_from(samples_of(name, "poll")))
    script = [data.draw(BROKEN | st.sampled_from(NOTHING_SENT + REPLY_LOST))]
    transport = ScriptedTransport(script)
    outcome = run(sample, transport, work_dir, poll)
    assert isinstance(outcome, UpstreamBusy | Pending) or not transport.requests  # some tasks tell all by themselves


@every_provider
@settings(max_examples=30)
@given(data=st.data())
def test_many_tasks_are_answered_by_their_ids(name: str, data: st.DataObject, work_dir: Path) -> None:
    if samples_of(name, "poll_many"):
        sample, transport = with_a_hostile_reply(data, name, "poll_many")
        check_verdicts(run(sample, transport, work_dir, poll_many), sample, transport)


@every_provider
def test_who_polls_many_has_golden_cases_of_it(name: str, work_dir: Path) -> None:
    async def polls_many(provider: Any, sample: Sample) -> bool:
        return isinstance(provider, PollsMany)

    sample = samples(name)[0]
    assert run(sample, ScriptedTransport([]), work_dir, polls_many) is bool(samples_of(name, "poll_many"))


# ── the rest ────────────────────────────────────────────────────────────────────────────────────────────────────────


@every_provider
@settings(max_examples=30)
@given(data=st.data())
def test_a_cancel_is_done_or_not_or_asked_again(name: str, data: st.DataObject, work_dir: Path) -> None:
    sample, transport = with_a_hostile_reply(data, name, "cancel", "poll")
    check_cancelled(run(sample, transport, work_dir, cancel), sample, transport)


@every_provider
@settings(max_examples=50)
@given(data=st.data())
def test_a_search_finds_or_does_not_or_is_unsure(name: str, data: st.DataObject, work_dir: Path) -> None:
    sample, transport = with_a_hostile_reply(data, name, "find", "submit")
    check_found(run(sample, transport, work_dir, find), sample, transport)


@every_provider
@settings(max_examples=40)
@given(data=st.data())
def test_a_failed_search_proves_no_absence(name: str, data: st.DataObject, work_dir: Path) -> None:
    sample = data.draw(st.sampled_from(samples_of(name, "find", "submit")))
    script = [data.draw(BROKEN | st.sampled_from(NOTHING_SENT + REPLY_LOST))]
    assert isinstance(run(sample, ScriptedTransport(script), work_dir, find), UpstreamBusy | Unsure)


STRANGE_HEADERS = ["", ",", "v1", "v1,", "v1,=", "v1,x v1", "v2,x", "-1", "9" * 5000, "1e400", "nan", "٣", "é", "\x00"]
HEADER_TEXTS = st.text(st.characters(codec="latin-1"), max_size=30) | st.sampled_from(STRANGE_HEADERS)


async def hear(headers: dict[str, str], body: bytes, provider: Any, sample: Sample) -> CallbackHeard:
    if not isinstance(provider, HearsCallbacks):
        return CallbackHeard(False)
    return provider.hear(headers, body, now=time_of(sample.file, sample.case))


@every_provider
@settings(max_examples=60)
@given(data=st.data())
def test_a_callback_is_judged_and_never_raises(name: str, data: st.DataObject, work_dir: Path) -> None:
    sample = data.draw(st.sampled_from(samples_of(name, "hear") or list(samples(name))))
    golden = sample.case.hear
    known = golden.headers if golden else {}
    names = st.sampled_from(sorted(known)) if known else st.text(max_size=5)
    headers = known | data.draw(st.dictionaries(names, HEADER_TEXTS, max_size=2))
    bodies = st.sampled_from(JUNK) | replies(real_bodies(name, "poll")).map(lambda reply: reply.body)
    body = data.draw(bodies | st.just(golden.body.encode() if golden else b""))
    outcome = run(sample, ScriptedTransport(["ConnectError"]), work_dir, functools.partial(hear, headers, body))
    assert isinstance(outcome, CallbackHeard)
    assert type(outcome.genuine) is bool
    json.dumps(dict(outcome.answer), allow_nan=False)


@every_provider
def test_a_callback_that_was_tampered_with_is_not_genuine(name: str, work_dir: Path) -> None:
    def is_genuine(sample: Sample, headers: dict[str, str]) -> bool:
        assert sample.case.hear is not None
        heard = functools.partial(hear, headers, sample.case.hear.body.encode())
        return run(sample, ScriptedTransport([]), work_dir, heard).genuine

    for sample in samples_of(name, "hear"):
        assert sample.case.hear is not None
        headers = sample.case.hear.headers
        for header in headers:
            if is_genuine(sample, {key: value for key, value in headers.items() if key != header}):
                continue  # nothing hangs on this header: the account has no secret to judge by, or it is another's
            for value in STRANGE_HEADERS:
                assert not is_genuine(sample, headers | {header: value}), (sample.name, header, value)


@every_provider
def test_a_stranger_is_never_sent_the_key(name: str, work_dir: Path) -> None:
    for sample in one_for_each_account(name):
        transport = ScriptedTransport([Reply(200, b"{}")])
        own = run(sample, transport, work_dir, base_url)
        host = own.split("://")[1].partition("/")[0]
        for url in (
            "https://stranger.example/v.mp4",
            f"https://stranger.example/{host}/v.mp4",
            f"https://{host}.stranger.example/v.mp4",
            f"https://{host}@stranger.example/v.mp4",
            f"https://stranger.example#@{host}/v.mp4",
            f"ftp://{host}/v.mp4",
            "no url",
            "",
        ):
            headers = run(sample, transport, work_dir, functools.partial(download_headers, url))
            assert isinstance(headers, dict | UpstreamBusy)
            told = json.dumps(headers) if isinstance(headers, dict) else headers.message
            assert not [secret for secret in sample.secrets() if secret in told], url


# ── helpers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def run(sample: Sample, transport: ScriptedTransport, work_dir: Path, call: Call) -> Any:
    return asyncio.run(play(sample, transport, work_dir, call))


def with_a_hostile_reply(data: st.DataObject, name: str, *operations: str) -> tuple[Sample, ScriptedTransport]:
    """A golden case of one of the operations; one of its replies, wherever it stands, is anything at all."""
    sample = data.draw(st.sampled_from(samples_of(name, *operations)))
    real = [Reply.golden(reply) for reply in sample.replies]
    at = data.draw(st.integers(0, max(len(real) - 1, 0)))
    hostile = data.draw(replies(real_bodies(name, *operations)))
    return sample, ScriptedTransport([*real[:at], hostile, *real[at + 1 :]])


def distinct_submits(name: str) -> list[Sample]:
    """One accepted submit for each sequence of paths that is called."""
    by_calls = {
        tuple(exchange.request.url.partition("?")[0] for exchange in sample.case.upstream): sample
        for sample in accepted_submits(name)
    }
    return list(by_calls.values())


def one_for_each_account(name: str) -> list[Sample]:
    by_account = {
        json.dumps(sample.case.account if sample.case.account is not None else sample.file.account): sample
        for sample in samples(name)
    }
    return list(by_account.values())
