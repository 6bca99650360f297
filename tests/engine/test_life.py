"""The life of a video, arrow by arrow, on both databases."""

from dataclasses import replace

import pytest
from harness import FREE, FREED, HELD, LINK, PRICE_USD_MICROS, RETENTION_SECONDS, SPENT, Harness, three_files

from filmgate.core.errors import (
    Charged,
    Conflict,
    ErrorClass,
    NotFound,
    OutcomeUnknown,
    UpstreamBusy,
    UpstreamError,
    UpstreamRefused,
    UpstreamUnreachable,
)
from filmgate.core.provider import Failed, Pending, Succeeded
from filmgate.core.video import Phase, Status

pytestmark = pytest.mark.anyio


async def test_the_happy_path(engine: Harness) -> None:
    video_id = await engine.create()
    assert await engine.money(video_id) == HELD
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    video, (output,), (attempt,) = detail.video, detail.outputs, detail.attempts
    assert (video.status, video.progress, video.size, video.seconds) == (Status.COMPLETED, 100, "64x48", "0.5")
    assert video.completed_at is not None
    assert video.expires_at == video.completed_at + RETENTION_SECONDS
    assert (video.quoted_usd_micros, video.charged_usd_micros) == (PRICE_USD_MICROS, PRICE_USD_MICROS)
    assert (output.phase, output.width_px, output.height_px, output.fps) == (Phase.DONE, 64, 48, 24.0)
    assert output.size_bytes == len(engine.clip)
    assert output.submitted_at is not None
    assert output.generated_at is not None
    assert (attempt.state, attempt.task_id, attempt.charged, attempt.polls) == ("succeeded", "fake-1", "yes", 2)
    assert await engine.event_types(video_id) == [
        "video.queued",
        "attempt.started",
        "video.in_progress",
        "attempt.accepted",
        "attempt.succeeded",
        "output.stored",
        "video.completed",
    ]
    assert await engine.money(video_id) == SPENT
    assert await engine.stored() == three_files(video_id)
    assert await engine.files.get_bytes(f"videos/{video_id}/0/video.mp4") == engine.clip
    assert engine.left_in_work() == []
    assert engine.paid.tasks["fake-1"].client_ref == attempt.client_ref
    assert await engine.step(video_id) is None
    assert await engine.money(video_id) == SPENT


async def test_a_free_engine_s_own_file(engine: Harness) -> None:
    video_id = await engine.create(FREE)
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    assert detail.video.status is Status.COMPLETED
    assert detail.video.charged_usd_micros == 0
    assert await engine.money(video_id) == {"held": 0, "spent": 0}
    assert await engine.stored() == three_files(video_id)
    assert engine.left_in_work() == []


async def test_a_rehearsal_touches_neither_the_paid_account_nor_the_ledger(engine: Harness) -> None:
    video_id = await engine.create(by=await engine.key("test"))
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    assert detail.video.status is Status.COMPLETED
    assert (detail.video.livemode, detail.outputs[0].account) == (False, "rehearsal")
    assert detail.video.charged_usd_micros == 0
    assert engine.paid.submissions == 0
    assert await engine.money(video_id) == {"held": 0, "spent": 0}


async def test_the_pace_of_polling(engine: Harness) -> None:
    engine.paid.answer_with([Pending(10), Pending(20), Succeeded(url=LINK)])
    first, *later = [pause for pause in await engine.drive(await engine.create()) if pause > 0.001]
    assert first == 10.0
    assert len(later) == 2
    assert all(4.5 <= pause <= 5.5 for pause in later)


async def test_progress_is_the_provider_s_or_an_estimate_and_never_falls(engine: Harness) -> None:
    said = [Pending(None), Pending(60), Pending(20), Pending(None), Pending(100), Pending(140), Succeeded(url=LINK)]
    engine.paid.answer_with(said)
    video_id = await engine.create()
    seen: list[int] = []
    while await engine.step(video_id) is not None:
        seen.append((await engine.detail(video_id)).video.progress)
    assert seen == sorted(seen)
    assert {28, 60, 99} <= set(seen)  # 28: ten seconds of typically thirty
    assert (await engine.detail(video_id)).video.progress == 100
    assert 100 not in seen


async def test_refused_for_now_waits_and_tries_again(engine: Harness) -> None:
    engine.paid.script(UpstreamRefused("slow down", retryable=True, retry_after_seconds=33))
    video_id = await engine.create()
    assert await engine.worker.step(video_id, 0) == 33
    detail = await engine.detail(video_id)
    assert (detail.video.status, detail.outputs[0].phase) == (Status.QUEUED, Phase.WAITING)
    assert (detail.attempts[0].state, detail.attempts[0].charged) == ("refused", "no")
    engine.clock.time += 30
    assert await engine.worker.step(video_id, 0) == pytest.approx(3)
    assert engine.paid.submissions == 0
    engine.clock.time += 3
    await engine.drive(video_id)
    assert [attempt.state for attempt in (await engine.detail(video_id)).attempts] == ["refused", "succeeded"]
    assert await engine.money(video_id) == SPENT


@pytest.mark.parametrize(
    ("error_class", "patience_seconds"), [(ErrorClass.TRANSIENT, 900), (ErrorClass.RATE_LIMIT, 3600)]
)
async def test_an_upstream_that_takes_nothing_is_asked_for_a_while_and_ever_more_rarely(
    engine: Harness, error_class: ErrorClass, patience_seconds: float
) -> None:
    engine.paid.script(*(UpstreamRefused("busy", error_class=error_class, retryable=True) for _ in range(99)))
    video_id = await engine.create()
    began_at = engine.clock.time
    pauses = await engine.drive(video_id, most_steps=500)
    assert [pause for pause in pauses if pause][:3] == [2.0, 4.0, 8.0]
    assert max(pauses) <= 60.0
    assert patience_seconds <= engine.clock.time - began_at <= patience_seconds + 360
    detail = await engine.detail(video_id)
    assert detail.video.error_code == "provider_unavailable"
    assert "busy" in (detail.video.error_message or "")
    assert await engine.money(video_id) == FREED


@pytest.mark.parametrize(
    ("error_class", "code"),
    [
        (ErrorClass.CALLER, "provider_rejected"),
        (ErrorClass.MODERATION, "content_policy_violation"),
        (ErrorClass.OPERATOR, "provider_unavailable"),
        (ErrorClass.TRANSIENT, "provider_unavailable"),
    ],
)
async def test_refused_for_good_fails_with_a_stable_code(engine: Harness, error_class: ErrorClass, code: str) -> None:
    engine.paid.script(UpstreamRefused("no", error_class=error_class, upstream_code="E42"))
    video_id = await engine.create()
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    assert (detail.video.status, detail.video.error_code) == (Status.FAILED, code)
    message = detail.video.error_message or ""
    assert "'acme'" in message
    assert ": no. " in message
    assert message.endswith("Nothing was charged")
    assert (detail.attempts[0].error_code, detail.attempts[0].upstream_code) == (code, "E42")
    assert await engine.money(video_id) == FREED
    assert engine.paid.submissions == 0


async def test_unreachable_is_tried_again(engine: Harness) -> None:
    engine.paid.script(UpstreamUnreachable("no route"))
    video_id = await engine.create()
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.status is Status.COMPLETED
    assert engine.paid.submissions == 1


@pytest.mark.parametrize(
    "lost",
    ["lose_reply", OutcomeUnknown("reset"), UpstreamError("502", retryable=True), UpstreamBusy("500 on a paid call")],
)
async def test_a_lost_reply_of_a_paid_account_is_never_sent_again(engine: Harness, lost: str | UpstreamError) -> None:
    engine.paid.script(lost)
    video_id = await engine.create()
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    assert (detail.video.status, detail.video.error_code) == (Status.FAILED, "outcome_unknown")
    assert [(attempt.state, attempt.charged) for attempt in detail.attempts] == [("unknown", "unknown")]
    assert await engine.money(video_id) == HELD
    assert engine.paid.submissions == (lost == "lose_reply")


async def test_a_lost_reply_of_a_free_engine_is_asked_again(engine: Harness) -> None:
    engine.free.script("lose_reply")
    video_id = await engine.create(FREE)
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    assert detail.video.status is Status.COMPLETED
    assert [attempt.state for attempt in detail.attempts] == ["lost", "succeeded"]
    assert engine.left_in_work() == []


@pytest.mark.parametrize(("charged", "money"), [(Charged.NO, FREED), (Charged.YES, SPENT), (Charged.UNKNOWN, HELD)])
async def test_a_late_failure_books_what_the_verdict_says(
    engine: Harness, charged: Charged, money: dict[str, int]
) -> None:
    engine.paid.answer_with(
        [Pending(10), Failed("content_policy_violation", "nudity", charged=charged, retryable=True)]
    )
    engine.accounts["acme"] = replace(engine.accounts["acme"], max_attempts=1)
    video_id = await engine.create()
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    assert (detail.video.error_code, detail.video.error_message) == ("content_policy_violation", "nudity")
    assert await engine.money(video_id) == money
    assert engine.paid.submissions == 1


@pytest.mark.parametrize(
    ("verdict", "submissions"),
    [
        (Failed("provider_failed", "x", retryable=True, charged=Charged.NO), 3),
        (Failed("provider_failed", "x", retryable=True, charged=Charged.YES), 1),
        (Failed("provider_failed", "x", retryable=True, charged=Charged.UNKNOWN), 1),
        (Failed("provider_failed", "x", retryable=False, charged=Charged.NO), 1),
        (Failed("provider_failed", "x", lost=True, charged=Charged.NO), 1),
    ],
)
async def test_another_attempt_only_after_a_verdict_that_cost_nothing(
    engine: Harness, verdict: Failed, submissions: int
) -> None:
    engine.paid.answer_with([verdict])
    video_id = await engine.create()
    await engine.drive(video_id)
    assert engine.paid.submissions == submissions
    assert (await engine.detail(video_id)).video.error_code == "provider_failed"


async def test_past_the_deadline_the_video_fails_and_the_money_stays_held(engine: Harness) -> None:
    engine.paid.answer_with([Pending(None)])
    video_id = await engine.create()
    await engine.drive(video_id, most_steps=300)
    detail = await engine.detail(video_id)
    assert (detail.video.status, detail.video.error_code) == (Status.FAILED, "provider_timeout")
    assert detail.video.completed_at is not None
    assert detail.video.completed_at - detail.video.created_at == pytest.approx(600, abs=10)
    assert await engine.money(video_id) == HELD
    assert engine.paid.submissions == 1


async def test_a_poll_that_fails_in_passing_ends_nothing_and_is_told_once(engine: Harness) -> None:
    busy = UpstreamBusy("429", retry_after_seconds=7)
    engine.paid.answer_with([busy, busy, UpstreamUnreachable("no route"), Pending(50), Succeeded(url=LINK)])
    video_id = await engine.create()
    pauses = await engine.drive(video_id)
    assert 7 in pauses
    assert (await engine.detail(video_id)).video.status is Status.COMPLETED
    assert (await engine.event_types(video_id)).count("attempt.poll_note") == 2


async def test_an_unknown_word_is_pending_with_a_note(engine: Harness) -> None:
    engine.paid.answer_with([Pending(None, warning="status 'frobnicating'"), Succeeded(url=LINK)])
    video_id = await engine.create()
    await engine.drive(video_id)
    assert "attempt.poll_note" in await engine.event_types(video_id)


async def test_of_three_clips_one_may_fail(engine: Harness) -> None:
    video_id = await engine.create(n=3)
    assert len({job.idx for job in engine.queued_jobs}) == 3
    seeds = [output.seed for output in (await engine.detail(video_id)).outputs]
    assert seeds == [7, 8, 9]
    engine.paid.script("accept", UpstreamRefused("not this one"), "accept")
    for idx in range(3):
        await engine.drive(video_id, idx)
    detail = await engine.detail(video_id)
    assert detail.video.status is Status.COMPLETED
    assert [output.phase for output in detail.outputs] == [Phase.DONE, Phase.FAILED, Phase.DONE]
    assert detail.outputs[1].error_code == "provider_rejected"
    assert "not this one" in (detail.outputs[1].error_message or "")
    assert detail.video.charged_usd_micros == 2 * PRICE_USD_MICROS
    assert await engine.money(video_id) == {
        "held": 0,
        "spent": 2 * PRICE_USD_MICROS,
        "reservation": 3,
        "settlement": 2,
        "release": 1,
    }
    assert await engine.stored() == three_files(video_id, 0, 2)


# ── cancel and delete ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_cancel_while_it_waits_is_immediate(engine: Harness) -> None:
    key = await engine.key()
    video_id = await engine.create(by=key)
    detail = await engine.gateway.cancel(key, video_id, patience_seconds=0)
    assert (detail.video.status, detail.video.error_code) == (Status.FAILED, "cancelled")
    assert await engine.money(video_id) == FREED
    assert await engine.step(video_id) is None
    assert engine.paid.submissions == 0
    with pytest.raises(Conflict) as caught:
        await engine.gateway.cancel(key, video_id, patience_seconds=0)
    assert caught.value.code == "already_finished"


async def test_a_video_completed_by_cancelling_its_last_output_is_kept_as_long_as_any(engine: Harness) -> None:
    key = await engine.key()
    video_id = await engine.create(by=key, n=2)
    await engine.drive(video_id, 0)

    detail = await engine.gateway.cancel(key, video_id, patience_seconds=0)

    assert detail.video.status is Status.COMPLETED
    assert detail.video.expires_at == engine.clock.now() + RETENTION_SECONDS


async def test_cancel_while_it_runs_stops_the_upstream(engine: Harness) -> None:
    key = await engine.key()
    video_id = await engine.create(by=key)
    await engine.drive_until("running", video_id)
    detail = await engine.gateway.cancel(key, video_id, patience_seconds=0)
    assert detail.video.status is Status.IN_PROGRESS
    assert await engine.gateway.cancel(key, video_id, patience_seconds=0)  # asking twice changes nothing
    await engine.drive(video_id)
    assert engine.paid.tasks["fake-1"].cancelled
    detail = await engine.detail(video_id)
    assert (detail.video.status, detail.video.error_code) == (Status.FAILED, "cancelled")
    assert await engine.money(video_id) == FREED
    assert (await engine.event_types(video_id)).count("video.cancel_requested") == 1


@pytest.mark.parametrize("error", [None, UpstreamBusy("429"), UpstreamUnreachable("no route"), UpstreamError("500")])
async def test_a_cancel_that_the_upstream_does_not_confirm_keeps_the_money_held(
    engine: Harness, error: UpstreamError | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cancel(*_: object) -> bool:
        if error is not None:
            raise error
        return False

    monkeypatch.setattr(type(engine.paid), "cancel", cancel)
    key = await engine.key()
    video_id = await engine.create(by=key)
    await engine.drive_until("running", video_id)
    await engine.gateway.cancel(key, video_id, patience_seconds=0)
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.error_code == "cancelled"
    assert await engine.money(video_id) == HELD


async def test_a_clip_that_is_made_already_is_delivered_in_spite_of_a_cancel(engine: Harness) -> None:
    key = await engine.key()
    video_id = await engine.create(by=key)
    await engine.drive_until("delivering", video_id)
    await engine.gateway.cancel(key, video_id, patience_seconds=0)
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.status is Status.COMPLETED
    assert await engine.money(video_id) == SPENT


@pytest.mark.parametrize("phase", ["waiting", "running", "delivering", "done"])
async def test_delete_leaves_no_files_whenever_it_comes(engine: Harness, phase: str) -> None:
    key = await engine.key()
    video_id = await engine.create(by=key)
    if phase == "done":
        await engine.drive(video_id)
    else:
        await engine.drive_until(phase, video_id)
    await engine.files.put_bytes(f"inputs/{video_id}/first_frame.png", b"x")
    await engine.gateway.delete(key, video_id)
    with pytest.raises(NotFound):
        await engine.gateway.get(key, video_id)
    await engine.sweep()
    await engine.drive(video_id)
    await engine.sweep()
    assert await engine.stored() == []
    assert engine.left_in_work() == []
    assert (await engine.money(video_id))["held"] == 0  # ledger lines stay, and none is left open


async def test_files_go_when_they_expire_and_not_before(engine: Harness) -> None:
    video_id = await engine.create()
    await engine.drive(video_id)
    engine.clock.time += RETENTION_SECONDS - 1
    await engine.sweep()
    assert await engine.stored() == three_files(video_id)
    engine.clock.time += 1
    await engine.sweep()
    assert await engine.stored() == []
    assert (await engine.detail(video_id)).video.status is Status.COMPLETED
    assert await engine.gateway.asset(video_id, 0, "video") is None


async def test_a_verdict_that_contradicts_itself_is_believed_when_it_is_told_twice(engine: Harness) -> None:
    doubtful = Failed("provider_failed", "success without a file", doubtful=True)
    engine.paid.answer_with([doubtful, Succeeded(url=LINK)])
    video_id = await engine.create()
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.status is Status.COMPLETED
    engine.paid.answer_with([doubtful, Pending(50), doubtful, doubtful])
    video_id = await engine.create()
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    assert (detail.video.error_code, detail.video.error_message) == ("provider_failed", "success without a file")
    assert engine.paid.submissions == 2


async def test_a_long_doubtful_verdict_is_recognised_when_it_is_told_again(engine: Harness) -> None:
    engine.paid.answer_with([Failed("provider_failed", "x" * 5000, doubtful=True)])
    video_id = await engine.create()
    await engine.drive(video_id, most_steps=6)
    assert (await engine.detail(video_id)).video.error_code == "provider_failed"


async def test_a_vendors_book_is_told_as_a_page(engine: Harness) -> None:
    engine.paid.script(UpstreamRefused("x" * 100_000))
    video_id = await engine.create()
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    assert len(detail.video.error_message or "") == 1000
    assert (detail.video.error_message or "").endswith("…")
