"""Tasks that outlive their video: a late success is delivered, and the money follows the verdict."""

from collections import deque
from pathlib import Path
from typing import Any

import pytest
from harness import FREED, FRESH_LINK, HELD, LINK, SPENT, Harness, three_files

from filmgate.core.errors import Charged, UpstreamBusy
from filmgate.core.provider import Failed, Pending, Succeeded
from filmgate.core.video import Phase, Status

pytestmark = pytest.mark.anyio


@pytest.fixture
def database_place(sqlite_path: Path) -> Path:
    return sqlite_path


async def timed_out(engine: Harness) -> str:
    engine.paid.answer_with([Pending(10)])
    video_id = await engine.create()
    await engine.drive(video_id, most_steps=500)
    detail = await engine.detail(video_id)
    assert detail.video.error_code == "provider_timeout"
    assert detail.attempts[0].state == "watched"
    assert await engine.money(video_id) == HELD
    return video_id


def now_answers(engine: Harness, *answers: Any) -> None:
    engine.paid.tasks["fake-1"].answers = deque(answers)


async def sweep_until_settled(engine: Harness, video_id: str, *, record_seconds: float = 86_400.0) -> int:
    watch = engine.new_late_watch(record_seconds=record_seconds)
    looks = 0
    while (await engine.detail(video_id)).attempts[0].state == "watched":
        looks += await watch.sweep()
        engine.clock.time += 60
        assert engine.clock.time < 1_790_000_000 + 200_000
    return looks


async def test_a_late_success_is_delivered_and_settled(engine: Harness) -> None:
    video_id = await timed_out(engine)
    now_answers(engine, Pending(20), UpstreamBusy("502"), Succeeded(url=LINK))
    await sweep_until_settled(engine, video_id)
    detail = await engine.detail(video_id)
    assert (detail.video.status, detail.outputs[0].phase) == (Status.COMPLETED, Phase.DONE)
    assert (detail.video.error_code, detail.video.error_message, detail.outputs[0].error_code) == (None, None, None)
    assert detail.video.expires_at is not None
    assert await engine.money(video_id) == SPENT
    assert await engine.stored() == three_files(video_id)
    types = await engine.event_types(video_id)
    assert types[-3:] == ["attempt.late_success", "output.stored_late", "video.completed"]
    assert engine.paid.submissions == 1


async def test_a_late_file_that_cannot_be_fetched_is_tried_again_with_a_fresh_link(engine: Harness) -> None:
    video_id = await timed_out(engine)
    engine.web.answers = {LINK: 403, FRESH_LINK: engine.clip}
    now_answers(engine, Succeeded(url=LINK), Succeeded(url=FRESH_LINK))
    await sweep_until_settled(engine, video_id)
    assert (await engine.detail(video_id)).video.status is Status.COMPLETED


@pytest.mark.parametrize(
    ("verdict", "money"),
    [
        (Failed("provider_failed", "x", charged=Charged.NO), FREED),
        (Failed("provider_failed", "x", charged=Charged.YES), SPENT),
        (Failed("provider_failed", "x"), HELD),
    ],
)
async def test_a_late_failure_moves_the_money_as_it_says(
    engine: Harness, verdict: Failed, money: dict[str, int]
) -> None:
    video_id = await timed_out(engine)
    now_answers(engine, verdict)
    await sweep_until_settled(engine, video_id)
    detail = await engine.detail(video_id)
    assert (detail.video.status, detail.video.error_code) == (Status.FAILED, "provider_timeout")
    assert await engine.money(video_id) == money


async def test_a_late_clip_that_could_never_be_stored_was_paid_for(engine: Harness) -> None:
    video_id = await timed_out(engine)
    engine.web.answers = {LINK: 403}
    now_answers(engine, Succeeded(url=LINK))
    await sweep_until_settled(engine, video_id, record_seconds=4000)
    assert (await engine.detail(video_id)).video.status is Status.FAILED
    assert await engine.money(video_id) == SPENT


async def test_watching_ends_with_the_providers_own_record_and_grows_rarer(engine: Harness) -> None:
    video_id = await timed_out(engine)
    looks = await sweep_until_settled(engine, video_id, record_seconds=86_400.0)
    assert 90 <= looks <= 140, "a quarter of an hour apart in the end"
    assert (await engine.detail(video_id)).attempts[0].state == "unknown"
    assert await engine.money(video_id) == HELD


async def test_a_task_that_could_not_be_cancelled_settles_when_it_ends(engine: Harness) -> None:
    engine.paid.can_cancel = False
    engine.paid.answer_with([Pending(10)])
    key = await engine.key()
    video_id = await engine.create(by=key)
    await engine.drive_until(Phase.RUNNING, video_id)
    await engine.gateway.cancel(key, video_id, patience_seconds=0)
    await engine.drive(video_id)
    assert await engine.money(video_id) == HELD
    now_answers(engine, Succeeded(url=LINK))
    await sweep_until_settled(engine, video_id)
    detail = await engine.detail(video_id)
    assert (detail.video.status, detail.video.error_code) == (Status.FAILED, "cancelled")
    assert await engine.money(video_id) == SPENT
    assert await engine.stored() == []


async def test_a_late_success_of_a_deleted_video_is_settled_and_not_stored(engine: Harness) -> None:
    video_id = await timed_out(engine)
    key = await engine.key()
    await engine.gateway.delete(key, video_id)
    now_answers(engine, Succeeded(url=LINK))
    await sweep_until_settled(engine, video_id)
    assert await engine.stored() == []
    assert await engine.money(video_id) == SPENT


async def test_two_processes_do_not_look_at_once(engine: Harness) -> None:
    video_id = await timed_out(engine)
    engine.clock.time += 100
    now_answers(engine, Pending(20))
    polls = engine.paid.tasks["fake-1"].polls
    first, second = engine.new_late_watch(), engine.new_late_watch()
    assert (await first.sweep(), await second.sweep()) == (1, 0)
    assert engine.paid.tasks["fake-1"].polls == polls + 1
    assert (await engine.detail(video_id)).attempts[0].state == "watched"
