"""What stands around the worker: accounts and their pace, the waiting line, input images, housekeeping."""

import asyncio
import contextlib
import logging
import tomllib
from io import BytesIO
from pathlib import Path

import pytest
from harness import FREE, PACE, PAID, Harness, three_files
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from filmgate.catalogue.loader import build_catalogue
from filmgate.core.errors import InvalidRequest
from filmgate.core.request import Images
from filmgate.engine.accounts import UNKNOWN_PACE, Account, pace_of
from filmgate.engine.housekeeping import Housekeeper
from filmgate.engine.intake import AskedImages, ImageSource, Intake
from filmgate.engine.line import WaitingLine
from filmgate.engine.postgres_queue import PostgresQueue
from filmgate.engine.progress import estimate
from filmgate.providers.fake import FakeProvider

pytestmark = pytest.mark.anyio

PNG = "image/png"
MODEL = """
provider = "acme"
[[model]]
id = "dolly"
upstream_model = "d"
title = "d"
modes = ["text_to_video"]
prompt_required = ["text_to_video"]
durations_seconds = [5]
default_duration_seconds = 5
sizes.720p = { "16:9" = "1280x720" }
price = "free"
price_source = "the tests"
checked_on = 2026-11-20
typical_seconds = 90
deadline_seconds = 600
poll = { first_seconds = 50, every_seconds = 5 }
verified = "documentation"
"""


@pytest.fixture(params=["sqlite"])
def database_place(sqlite_path: Path) -> Path:
    """Nothing here depends on the database."""
    return sqlite_path


def test_the_pace_is_the_account_s_the_model_s_or_a_cautious_one() -> None:
    catalogue = build_catalogue([("acme", tomllib.loads(MODEL))])
    remote = Account("acme", "acme", FakeProvider(), 1)
    pace = pace_of(remote, catalogue, "dolly")
    assert (pace.typical_seconds, pace.first_poll_seconds) == (90, 50)
    assert (pace.poll_seconds, pace.deadline_seconds) == (5, 600)
    assert pace_of(remote, catalogue, "gone") == UNKNOWN_PACE
    assert pace_of(Account("acme", "acme", FakeProvider(), 1, pace=PACE), catalogue, "dolly") == PACE


@given(st.floats(-10, 1e6), st.floats(0, 1e5), st.floats(-1, 1e5))
def test_an_estimate_rises_with_time_and_never_says_done(elapsed: float, more: float, typical: float) -> None:
    assert 0 <= estimate(elapsed, typical) <= estimate(elapsed + more, typical) <= 95


async def test_the_waiting_line(engine: Harness) -> None:
    line = WaitingLine(engine.database, engine.clock)
    ids: list[str] = []
    for model in (PAID, FREE, PAID, PAID):
        ids.append(await engine.create(model))
        engine.clock.time += 1
    engine.clock.time += 1

    async def positions() -> list[int | None]:
        return [await line.position((await engine.detail(video_id)).outputs[0]) for video_id in ids]

    assert await positions() == [0, 0, 1, 2]
    newest = await engine.create()
    assert await line.position((await engine.detail(newest)).outputs[0]) == 3  # without another look
    await engine.step(ids[0])
    engine.clock.time += 2
    assert await positions() == [None, 0, 0, 1]


# ── images ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def picture() -> bytes:
    content = BytesIO()
    Image.new("RGB", (64, 48), "red").save(content, "PNG")
    return content.getvalue()


async def test_images_are_stored_before_anything_is_accepted(engine: Harness) -> None:
    intake = Intake(engine.files, engine.web.client, engine.executor)
    engine.web.answers = {"https://images.example/a.png": picture()}
    asked = AskedImages(
        first_frame=ImageSource("image", content=picture()),
        references=(ImageSource("images[0]", text="https://images.example/a.png"),),
    )
    images = await intake.collect(asked, "video_1", [PNG])
    assert images.first_frame is not None
    assert (images.first_frame.key, images.first_frame.width_px) == ("inputs/video_1/first_frame.png", 64)
    assert images.references[0].key == "inputs/video_1/reference_0.png"
    assert await engine.stored() == ["inputs/video_1/first_frame.png", "inputs/video_1/reference_0.png"]
    (converted,) = (await intake.collect(AskedImages(last_frame=asked.first_frame), "video_2", [])).all()
    assert converted.media_type == PNG
    assert await intake.collect(AskedImages(), "video_3", [PNG]) == Images()
    await intake.discard("video_1")
    assert await engine.stored() == ["inputs/video_2/last_frame.png"]


async def test_an_image_that_cannot_be_fetched_names_its_field(engine: Harness) -> None:
    intake = Intake(engine.files, engine.web.client, engine.executor)
    asked = AskedImages(first_frame=ImageSource("input_reference", text="https://images.example/none.png"))
    with pytest.raises(InvalidRequest, match="input_reference") as caught:
        await intake.collect(asked, "video_1", [PNG])
    assert (caught.value.code, caught.value.param) == ("image_fetch_failed", "input_reference")
    assert await engine.stored() == []


# ── housekeeping ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_sweep_that_fails_is_tried_again(
    engine: Harness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    video_id = await engine.create()
    await engine.drive(video_id)
    assert await engine.stored() == three_files(video_id)
    engine.clock.time = 4_000_000_000.0
    swept, sweeps, sleep = asyncio.Event(), [0], engine.clock.sleep

    async def sleep_between(seconds: float) -> None:
        sweeps[0] += 1
        if sweeps[0] == 2:
            swept.set()
            await asyncio.Event().wait()
        await sleep(seconds)

    monkeypatch.setattr(engine.clock, "sleep", sleep_between)
    delete_prefix = engine.files.delete_prefix

    async def fail_once(prefix: str) -> None:
        monkeypatch.setattr(engine.files, "delete_prefix", delete_prefix)
        raise RuntimeError(prefix)

    monkeypatch.setattr(engine.files, "delete_prefix", fail_once)
    running = asyncio.create_task(Housekeeper(engine.database, engine.files, engine.clock, lambda _: sleep(0)).run())
    with caplog.at_level(logging.ERROR):
        await asyncio.wait_for(swept.wait(), 10)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert "a sweep failed" in caplog.text
    assert await engine.stored() == []


async def test_more_due_files_than_one_look_finds(engine: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("filmgate.engine.housekeeping._AT_A_TIME", 2)
    key = await engine.key()
    for _ in range(5):
        video_id = await engine.create(FREE, by=key)
        await engine.gateway.delete(key, video_id)
        await engine.files.put_bytes(f"inputs/{video_id}/first_frame.png", b"x")
    await engine.sweep()
    assert await engine.stored() == []


async def test_a_queue_without_its_postgres_keeps_trying_and_still_stops(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("filmgate.engine.postgres_queue.RECONNECT_PAUSE_SECONDS", 0.001)
    queue = PostgresQueue("postgresql://filmgate@127.0.0.1:1/filmgate")
    running = asyncio.create_task(queue.run({}, lambda *_: asyncio.sleep(0)))
    while caplog.text.count("no connection to PostgreSQL") < 2:  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    await queue.stop()
    await asyncio.wait_for(running, 5)
