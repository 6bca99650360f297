"""What a create is refused for, and that many at once cannot slip past it: on both databases."""

import asyncio
import contextlib
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from harness import FREE, HELD, PRICE_USD_MICROS, SPENT, Harness
from PIL import Image

from filmgate.core.errors import (
    ClientError,
    Conflict,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    QuotaExceeded,
    RateLimited,
    ServiceUnavailable,
)
from filmgate.core.video import Status
from filmgate.engine.gateway import Accepted
from filmgate.engine.intake import AskedImages, ImageSource
from filmgate.store.records import Key
from filmgate.store.videos import PageQuery

pytestmark = pytest.mark.anyio


async def create_many(engine: Harness, by: Key, count: int, **call: Any) -> tuple[list[Accepted], list[ClientError]]:
    """As many at once: who was accepted, and the errors of the others."""
    asked = [engine.gateway.create(by, engine.call(**call)) for _ in range(count)]
    results = await asyncio.gather(*asked, return_exceptions=True)
    refused = [result for result in results if isinstance(result, ClientError)]
    accepted = [result for result in results if isinstance(result, Accepted)]
    assert len(refused) + len(accepted) == count, results
    return accepted, refused


async def test_rate(engine: Harness) -> None:
    key = await engine.key(requests_per_minute=3)
    accepted, refused = await create_many(engine, key, 8)
    assert len(accepted) == 3
    assert {(type(error), error.code, error.retry_after_seconds) for error in refused} == {
        (RateLimited, "rate_limit_exceeded", 60)
    }
    engine.clock.time += 45.5
    _, (error,) = await create_many(engine, key, 1)
    assert error.retry_after_seconds == 15
    engine.clock.time += 15
    accepted, _ = await create_many(engine, key, 1)
    assert accepted


async def test_unfinished_videos(engine: Harness) -> None:
    key = await engine.key(max_active_videos=2)
    accepted, refused = await create_many(engine, key, 6)
    assert len(accepted) == 2
    assert {(error.code, error.http_status) for error in refused} == {("too_many_active_videos", 429)}
    assert all(error.retry_after_seconds for error in refused)
    await engine.drive(accepted[0].detail.video.id)
    accepted, _ = await create_many(engine, key, 3)
    assert len(accepted) == 1


async def test_budget(engine: Harness) -> None:
    key = await engine.key(budget_usd_micros=3 * PRICE_USD_MICROS + 1)
    accepted, refused = await create_many(engine, key, 7)
    assert len(accepted) == 3
    assert {(type(error), error.http_status) for error in refused} == {(QuotaExceeded, 402)}
    ids = [one.detail.video.id for one in accepted]
    await engine.drive(ids[0])  # spent is no more free than held
    with pytest.raises(QuotaExceeded):
        await engine.create(by=key)
    await engine.gateway.cancel(key, ids[1], patience_seconds=0)
    with pytest.raises(QuotaExceeded):
        await engine.create(by=key, n=2)
    assert await engine.create(by=key)
    assert await engine.create(FREE, by=key)


async def test_limits_of_one_key_are_not_another_s(engine: Harness) -> None:
    limited = await engine.key(requests_per_minute=1, max_active_videos=1, budget_usd_micros=PRICE_USD_MICROS)
    await engine.create(by=limited)
    assert await engine.create()
    with pytest.raises(RateLimited):
        await engine.create(by=limited)


async def test_what_is_refused_leaves_nothing(engine: Harness) -> None:
    key = await engine.key(budget_usd_micros=0)
    with pytest.raises(QuotaExceeded):
        await engine.create(by=key)
    assert await engine.gateway.list(PageQuery(key.project_id)) == ([], False)
    assert engine.queued_jobs == []


async def test_models_a_key_may_not_use(engine: Harness) -> None:
    key = await engine.key(models=[FREE])
    with pytest.raises(PermissionDenied, match=FREE):
        await engine.create(by=key)
    assert await engine.create(FREE, by=key)
    with pytest.raises(PermissionDenied, match="no model"):
        await engine.create(FREE, by=await engine.key(models=[]))


async def test_a_model_without_an_account(engine: Harness) -> None:
    del engine.accounts["acme"]
    with pytest.raises(ServiceUnavailable) as caught:
        await engine.create()
    assert caught.value.code == "no_account"
    assert await engine.create(by=await engine.key("test"))


# ── the same create twice ───────────────────────────────────────────────────────────────────────────────────────────


async def test_one_idempotency_key_is_one_video_and_one_reservation(engine: Harness) -> None:
    key = await engine.key(requests_per_minute=1)
    accepted, refused = await create_many(engine, key, 12, key="once")
    assert not refused
    assert sorted(one.replayed for one in accepted) == [False] + [True] * 11
    (video_id,) = {one.detail.video.id for one in accepted}
    assert await engine.money(video_id) == HELD
    assert len(engine.queued_jobs) == 1


async def test_a_replay_shows_the_video_as_it_is_now(engine: Harness) -> None:
    key = await engine.key()
    first = await engine.gateway.create(key, engine.call(key="once"))
    await engine.drive(first.detail.video.id)
    again = await engine.gateway.create(key, engine.call(key="once"))
    assert again.replayed
    assert again.detail.video.status is Status.COMPLETED
    assert await engine.money(first.detail.video.id) == SPENT
    with pytest.raises(Conflict):
        await engine.gateway.create(key, engine.call(key="once", prompt="something else"))


async def test_the_answer_to_a_create_is_what_a_read_shows(engine: Harness) -> None:
    key = await engine.key()
    created = await engine.gateway.create(
        key, engine.call(n=3, user="ann", metadata={"a": [1, None]}, width_px=640, height_px=360)
    )
    assert await engine.gateway.get(key, created.detail.video.id) == created.detail


async def test_an_sdk_s_retry_without_a_key_gets_the_first_video(engine: Harness) -> None:
    key = await engine.key()
    first = await engine.create(by=key)
    accepted, _ = await create_many(engine, key, 3, retry=True)
    assert {one.detail.video.id for one in accepted} == {first}
    engine.clock.time += 601
    (late,), _ = await create_many(engine, key, 1, retry=True)
    assert not late.replayed


async def test_a_retry_that_overtakes_the_call_it_repeats(engine: Harness) -> None:
    key = await engine.key()
    slow = engine.call()
    engine.clock.time += 5
    (retried,), _ = await create_many(engine, key, 1, retry=True)
    engine.clock.time += 1
    overtaken = await engine.gateway.create(key, slow)
    assert overtaken.replayed
    assert overtaken.detail.video.id == retried.detail.video.id
    assert not (await engine.gateway.create(key, engine.call())).replayed


async def test_the_same_request_is_the_same_however_it_is_spelt(engine: Harness) -> None:
    one = engine.call(metadata={"a": 1, "b": 2})
    other = engine.call(metadata={"b": 2, "a": 1})
    assert one.body_sha256() == other.body_sha256()
    assert one.body_sha256() != engine.call(metadata={"a": 1}).body_sha256()
    assert one.body_sha256() != engine.call(FREE, metadata={"a": 1, "b": 2}).body_sha256()


# ── reading, and whose it is ────────────────────────────────────────────────────────────────────────────────────────


async def test_another_project_s_video_does_not_exist(engine: Harness) -> None:
    owner, stranger = await engine.key(), await engine.key(project="other")
    video_id = await engine.create(by=owner)
    gateway = engine.gateway
    for asked in (
        gateway.get(stranger, video_id),
        gateway.timeline(stranger, video_id),
        gateway.wait(stranger, video_id, 0),
        gateway.cancel(stranger, video_id),
        gateway.delete(stranger, video_id),
        gateway.get(owner, "video_01hzzzzzzzzzzzzzzzzzzzzzzz"),
        gateway.get(owner, "nonsense'; --"),
        gateway.find("video_none"),
    ):
        with pytest.raises(NotFound) as caught:
            await asked
        assert caught.value.code == "video_not_found"
    assert (await gateway.get(owner, video_id)).video.status is Status.QUEUED
    assert (await gateway.find(video_id)).video.id == video_id
    assert [event.type for event in await gateway.timeline(owner, video_id)] == ["video.queued"]


# ── images ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def picture() -> ImageSource:
    content = BytesIO()
    Image.new("RGB", (64, 48), "red").save(content, "PNG")
    return ImageSource("image", content=content.getvalue())


async def test_a_refused_create_leaves_no_image(engine: Harness) -> None:
    call = replace(engine.call(), images=AskedImages(first_frame=picture()))
    with pytest.raises(InvalidRequest):  # these models take none
        await engine.gateway.create(await engine.key(), call)
    assert await engine.stored() == []


async def test_an_image_that_may_belong_to_an_accepted_video_is_kept(
    engine: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database did not confirm: the video may be there, and then it needs its image."""
    write = engine.database.write

    async def unconfirmed(change: Any) -> Any:
        await write(change)
        raise ServiceUnavailable("away", code="database_unavailable")

    key = await engine.key()
    monkeypatch.setattr(engine.database, "write", unconfirmed)
    discarded: list[str] = []

    async def discard(_self: object, video_id: str) -> None:
        discarded.append(video_id)

    monkeypatch.setattr("filmgate.engine.intake.Intake.discard", discard)
    with pytest.raises(ServiceUnavailable):
        await engine.gateway.create(key, engine.call())
    assert discarded == []
    listed, _ = await engine.gateway.list(PageQuery(key.project_id))
    assert len(listed) == 1


async def test_inputs_that_nobody_needs_are_swept_and_others_are_not(engine: Harness) -> None:
    done, waiting = await engine.create(), await engine.create()
    await engine.drive(done)
    orphan = "video_01aaaaaaaaaaaaaaaaaaaaaaaa"
    for video_id in (done, waiting, orphan):
        await engine.files.put_bytes(f"inputs/{video_id}/first_frame.png", b"x")
    engine.clock.time = 4_000_000_000.0
    await engine.sweep()
    inputs = [key for key in await engine.stored() if key.startswith("inputs/")]
    assert inputs == [f"inputs/{waiting}/first_frame.png"]


async def test_cancels_at_once_with_the_worker_stop_everything_once(engine: Harness) -> None:
    key = await engine.key()
    ids = [await engine.create(by=key, n=2) for _ in range(5)]

    async def cancel(video_id: str) -> None:
        with contextlib.suppress(Conflict):  # finished already
            await engine.gateway.cancel(key, video_id, patience_seconds=0)

    results = await asyncio.gather(
        *(cancel(video_id) for video_id in ids * 3),
        *(engine.drive(video_id, idx) for video_id in ids for idx in range(2)),
        return_exceptions=True,
    )
    assert results[: len(ids) * 3] == [None] * len(ids) * 3
    for video_id in ids:
        for idx in range(2):
            await engine.drive(video_id, idx)
        assert (await engine.detail(video_id)).video.status is Status.FAILED
        assert (await engine.money(video_id))["spent"] == 0
