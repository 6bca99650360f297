"""What was made is fetched until it is here, and never made again."""

from pathlib import Path

import pytest
from harness import FREE, FRESH_LINK, LINK, SPENT, Harness

from filmgate.core.errors import StorageError, UpstreamBusy
from filmgate.core.provider import Failed, Pending, Succeeded
from filmgate.core.video import Status
from filmgate.engine.worker import MOST_BROKEN_DELIVERIES, MOST_DELIVERY_FAILURES

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite"])
def database_place(sqlite_path: Path) -> Path:
    """Nothing here depends on the database."""
    return sqlite_path


@pytest.mark.parametrize("status", [403, 404, 410, 429, 503])
async def test_a_dead_link_is_replaced_by_a_fresh_one(engine: Harness, status: int) -> None:
    engine.paid.answer_with([Succeeded(url=LINK), Succeeded(url=FRESH_LINK)])
    engine.web.answers = {LINK: status, FRESH_LINK: engine.clip}
    video_id = await engine.create()
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.status is Status.COMPLETED
    assert engine.paid.submissions == 1
    assert await engine.money(video_id) == SPENT
    assert (await engine.event_types(video_id)).count("delivery.retry") == 1


@pytest.mark.parametrize(
    "later", [Pending(None), Failed("provider_failed", "expired"), UpstreamBusy("429"), Succeeded(path="/elsewhere")]
)
async def test_without_a_fresh_link_the_old_one_is_tried_again(engine: Harness, later: object) -> None:
    engine.paid.answer_with([Succeeded(url=LINK), later])  # pyright: ignore
    engine.web.answers = {LINK: 503}
    video_id = await engine.create()
    await engine.drive_until("delivering", video_id)
    await engine.step(video_id)
    engine.web.answers = {LINK: engine.clip}
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.status is Status.COMPLETED
    assert engine.paid.submissions == 1


@pytest.mark.parametrize("content", [b"<html>not here</html>", b"", "truncated"])
async def test_a_file_that_is_no_whole_video_is_fetched_again_and_then_given_up(
    engine: Harness, content: bytes | str
) -> None:
    engine.web.answers = {LINK: engine.clip[:-200] if isinstance(content, str) else content}
    video_id = await engine.create()
    await engine.drive(video_id)
    video = (await engine.detail(video_id)).video
    assert (video.status, video.error_code) == (Status.FAILED, "delivery_failed")
    assert (await engine.event_types(video_id)).count("delivery.retry") == MOST_BROKEN_DELIVERIES - 1
    assert await engine.money(video_id) == SPENT  # it was made
    assert engine.paid.submissions == 1
    assert await engine.stored() == []
    assert engine.left_in_work() == []


async def test_a_broken_transfer_gets_better(engine: Harness) -> None:
    engine.web.answers = {LINK: engine.clip[:-200]}
    video_id = await engine.create()
    await engine.drive_until("delivering", video_id)
    await engine.step(video_id)
    engine.web.answers = {LINK: engine.clip}
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.status is Status.COMPLETED


async def test_a_server_that_stays_away_is_given_up_after_growing_pauses(engine: Harness) -> None:
    engine.web.answers = {LINK: 503}
    video_id = await engine.create()
    await engine.drive_until("delivering", video_id)
    pauses = await engine.drive(video_id)
    assert len(pauses) == MOST_DELIVERY_FAILURES - 1
    assert pauses == sorted(pauses)
    assert max(pauses) == 300
    assert (await engine.detail(video_id)).video.error_code == "delivery_failed"


async def test_a_full_disk_is_waited_for(engine: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    full = [True] * 6
    put_file = engine.files.put_file

    async def put(key: str, path: Path) -> None:
        if full:
            full.pop()
            raise StorageError("the disk is full", retryable=True)
        await put_file(key, path)

    monkeypatch.setattr(engine.files, "put_file", put)
    video_id = await engine.create()
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.status is Status.COMPLETED
    assert (await engine.event_types(video_id)).count("delivery.retry") == 6
    assert engine.paid.submissions == 1
    assert engine.left_in_work() == []


async def test_a_store_that_refuses_is_not_waited_for(engine: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    async def put(*_: object) -> None:
        raise StorageError("access denied")

    monkeypatch.setattr(engine.files, "put_file", put)
    video_id = await engine.create()
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.error_code == "delivery_failed"
    assert "delivery.retry" not in await engine.event_types(video_id)


async def test_a_work_folder_that_cannot_be_used_is_waited_for(engine: Harness) -> None:
    video_id = await engine.create()
    await engine.drive_until("delivering", video_id)
    engine.work_dir.rmdir()
    engine.work_dir.write_text("a file where the folder should be")
    pause = await engine.step(video_id)
    assert pause
    engine.work_dir.unlink()
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.status is Status.COMPLETED


async def test_a_free_engine_s_lost_file_is_drawn_again(engine: Harness) -> None:
    video_id = await engine.create(FREE)
    await engine.drive_until("delivering", video_id)
    engine.restart()
    assert engine.left_in_work() == []
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    assert detail.video.status is Status.COMPLETED
    assert [attempt.state for attempt in detail.attempts] == ["lost", "succeeded"]
    assert engine.left_in_work() == []


async def test_a_paid_account_s_lost_file_is_never_paid_for_again(engine: Harness) -> None:
    engine.paid.answer_with([Succeeded(path=str(engine.work_dir / "gone.mp4"))])
    video_id = await engine.create()
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.error_code == "delivery_failed"
    assert engine.paid.submissions == 1
    assert await engine.money(video_id) == SPENT


async def test_an_engine_that_loses_everything_is_given_up(engine: Harness) -> None:
    engine.free.clip = b""
    video_id = await engine.create(FREE)
    for _ in range(200):
        await engine.drive_until("delivering", video_id)
        for path in engine.work_dir.rglob("rendered.mp4"):
            path.unlink()
        if await engine.step(video_id) is None:
            break
    detail = await engine.detail(video_id)
    assert (detail.video.status, detail.video.error_code) == (Status.FAILED, "provider_failed")
    assert engine.free.submissions == 20


async def test_the_file_is_made_what_was_asked(engine: Harness) -> None:
    video_id = await engine.create(width_px=1280, height_px=720)
    await engine.drive(video_id)
    video, output = (await engine.detail(video_id)).video, (await engine.detail(video_id)).outputs[0]
    assert (video.size, output.width_px, output.height_px) == ("1280x720", 1280, 720)
    assert engine.left_in_work() == []
