"""Every arrow of the life of an output, and how the video's own row follows."""

import asyncio
import itertools

import pytest
from rows import NOW, PATHS, add_key, add_video, bring_to, output_of, step

from filmgate.core.errors import TransitionLost
from filmgate.core.ids import new_id
from filmgate.core.video import NEXT_PHASES, Phase, Status
from filmgate.store import attempts, events, outputs, videos
from filmgate.store.database import Database, Transaction
from filmgate.store.outputs import Step
from filmgate.store.records import Asset, VideoDetail

pytestmark = pytest.mark.anyio

LEGAL = [(source, to) for source, targets in NEXT_PHASES.items() for to in sorted(targets)]
ILLEGAL = [pair for pair in itertools.product(Phase, Phase) if pair not in LEGAL]


async def detail_of(database: Database, video_id: str) -> VideoDetail:
    detail = await database.read(lambda conn: videos.get_video(conn, video_id))
    assert detail is not None
    return detail


async def event_types(database: Database, video_id: str) -> list[str]:
    listed = await database.read(lambda conn: events.list_events(conn, video_id))
    return [event.type for event in listed]


@pytest.mark.parametrize(("source", "to"), LEGAL)
async def test_a_legal_arrow_moves_the_output(database: Database, source: Phase, to: Phase) -> None:
    video_id = await add_video(database, await add_key(database))
    before = await bring_to(database, video_id, source)
    await step(database, before, to, at=NOW + 9)
    after = await output_of(database, video_id)
    assert (after.phase, after.version) == (to, before.version + 1)
    listed = await database.read(lambda conn: events.list_events(conn, video_id))
    moved = [event for event in listed if event.idx == 0][-1]
    assert (moved.type, moved.at) == (f"output.{to}", NOW + 9)


async def test_every_other_arrow_is_refused_and_nothing_is_written(database: Database) -> None:
    key = await add_key(database)
    for source in PATHS:
        video_id = await add_video(database, key)
        output = await bring_to(database, video_id, source)
        seen = await event_types(database, video_id)
        for to in (to for illegal_source, to in ILLEGAL if illegal_source is source):
            with pytest.raises(ValueError, match=f"no arrow leads from {source} to {to}"):
                await step(database, output, to)
        assert await output_of(database, video_id) == output
        assert await event_types(database, video_id) == seen


async def test_a_stale_version_loses_and_nothing_is_written(database: Database) -> None:
    video_id = await add_video(database, await add_key(database))
    stale = await output_of(database, video_id)
    await step(database, stale, Phase.SUBMITTING)
    await step(database, await output_of(database, video_id), Phase.WAITING)
    before = await detail_of(database, video_id), await event_types(database, video_id)
    with pytest.raises(TransitionLost):  # the phase is as the stale reader saw it, the version is not
        await step(database, stale, Phase.SUBMITTING)
    assert (await detail_of(database, video_id), await event_types(database, video_id)) == before


async def test_what_was_written_beside_a_lost_transition_is_not_kept(database: Database) -> None:
    video_id = await add_video(database, await add_key(database))
    stale = await output_of(database, video_id)
    await step(database, stale, Phase.SUBMITTING)
    asset = Asset(video_id, 0, "video", "k", "video/mp4", 1, "0" * 64)

    def change(tx: Transaction) -> None:
        outputs.insert_asset(tx, asset, now=NOW)
        outputs.transition(tx, stale, Step(Phase.SUBMITTING, "twice", {}, {}), at=NOW)

    with pytest.raises(TransitionLost):
        await database.write(change)
    assert await database.read(lambda conn: outputs.get_asset(conn, video_id, 0, "video")) is None


async def test_of_many_who_move_one_output_at_once_exactly_one_wins(database: Database) -> None:
    video_id = await add_video(database, await add_key(database))
    seen = await output_of(database, video_id)
    results = await asyncio.gather(*(step(database, seen, Phase.SUBMITTING) for _ in range(8)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Status"] + ["TransitionLost"] * 7
    assert (await event_types(database, video_id)).count("output.submitting") == 1


@pytest.mark.parametrize("n", [1, 3])
async def test_the_video_is_what_its_outputs_are(database: Database, n: int) -> None:
    key = await add_key(database)
    for ends in itertools.product([Phase.DONE, Phase.FAILED], repeat=n):
        video_id = await add_video(database, key, n=n)
        for idx, end in enumerate(ends):
            detail = await detail_of(database, video_id)
            assert detail.video.status is (Status.QUEUED if idx == 0 else Status.IN_PROGRESS)
            assert detail.video.completed_at is None
            await bring_to(database, video_id, end, idx=idx, at=NOW + idx, retention_seconds=100)
        video = (await detail_of(database, video_id)).video
        assert video.completed_at == NOW + n - 1
        if Phase.DONE in ends:
            assert video.status is Status.COMPLETED
            assert (video.progress, video.seconds, video.size) == (100, "5.04", "1280x720")
            assert video.expires_at == NOW + n - 1 + 100
            assert video.error_code is None
        else:
            assert video.status is Status.FAILED
            assert (video.error_code, video.error_message) == ("provider_failed", "it broke")
            assert (video.seconds, video.size, video.expires_at) == ("5", None, None)
        types = await event_types(database, video_id)
        assert types.count("video.completed") + types.count("video.failed") == 1
        assert types[-1] == f"video.{video.status}"


async def test_files_that_are_kept_for_ever_do_not_expire(database: Database) -> None:
    video_id = await add_video(database, await add_key(database))
    await bring_to(database, video_id, Phase.DONE, retention_seconds=None)
    assert (await detail_of(database, video_id)).video.expires_at is None


async def test_back_to_waiting_is_queued_again(database: Database) -> None:
    video_id = await add_video(database, await add_key(database))
    output = await bring_to(database, video_id, Phase.SUBMITTING)
    assert await step(database, output, Phase.WAITING) is Status.QUEUED


async def test_two_outputs_that_finish_at_once_complete_the_video_once(database: Database) -> None:
    key = await add_key(database)
    for _ in range(10):
        video_id = await add_video(database, key, n=2)
        ready = [await bring_to(database, video_id, Phase.DELIVERING, idx=idx) for idx in range(2)]
        statuses = await asyncio.gather(*(step(database, output, Phase.DONE) for output in ready))
        assert sorted(statuses) == [Status.COMPLETED, Status.IN_PROGRESS]
        assert (await event_types(database, video_id)).count("video.completed") == 1


async def test_outputs_of_one_video_never_wait_for_each_other_in_a_circle(database: Database) -> None:
    """A row that refers to the video shares its lock; the transition after it must not need it alone."""
    video_id = await add_video(database, await add_key(database), n=4)

    async def begin(idx: int) -> None:
        seen = await output_of(database, video_id, idx)
        values = {"client_ref": new_id("att"), "video_id": video_id, "idx": idx, "number": 1, "provider": "acme"}
        values |= {"account": "acme", "upstream_model": "m", "started_at": NOW}

        def change(tx: Transaction) -> None:
            attempts.insert_attempt(tx, values)
            outputs.transition(tx, seen, Step(Phase.SUBMITTING, "begun", {}, {}), at=NOW)

        await database.write(change)

    async with asyncio.timeout(5):
        await asyncio.gather(*(begin(idx) for idx in range(4)))
    assert {output.phase for output in (await detail_of(database, video_id)).outputs} == {Phase.SUBMITTING}


async def test_progress_is_the_mean_and_never_falls(database: Database) -> None:
    video_id = await add_video(database, await add_key(database), n=3)
    running = [await bring_to(database, video_id, Phase.RUNNING, idx=idx) for idx in range(3)]
    for idx, percent, own, of_video in [(0, 60, 60, 20), (1, 30, 30, 30), (0, 10, 60, 30), (2, 31, 31, 40)]:
        await database.write(lambda tx, o=running[idx], p=percent: outputs.save_progress(tx, o, p))
        detail = await detail_of(database, video_id)
        assert (detail.outputs[idx].progress, detail.video.progress) == (own, of_video)


async def test_progress_is_100_only_when_all_is_done(database: Database) -> None:
    video_id = await add_video(database, await add_key(database), n=3)
    for idx in range(2):
        await bring_to(database, video_id, Phase.DONE, idx=idx)
    last = await bring_to(database, video_id, Phase.RUNNING, idx=2)
    await database.write(lambda tx: outputs.save_progress(tx, last, 99))
    assert (await detail_of(database, video_id)).video.progress == 99
    await step(database, last, Phase.FAILED)
    assert (await detail_of(database, video_id)).video.progress == 100


async def test_events_are_read_in_order_and_from_any_place(database: Database) -> None:
    key = await add_key(database)
    video_id, other_id = await add_video(database, key), await add_video(database, key)
    for phase in PATHS[Phase.DONE]:
        await step(database, await output_of(database, video_id), phase)
        if phase is Phase.SUBMITTING:
            await step(database, await output_of(database, other_id), phase)
    listed = await database.read(lambda conn: events.list_events(conn, video_id))
    assert [event.type for event in listed] == [
        "video.queued",
        "output.submitting",
        "video.in_progress",
        "output.running",
        "output.delivering",
        "output.done",
        "video.completed",
    ]
    sequence = [event.seq for event in listed]
    assert sequence == sorted(set(sequence))
    rest = await database.read(lambda conn: events.list_events(conn, video_id, after=sequence[3]))
    assert rest == listed[4:]


async def test_the_views_of_the_queue(database: Database) -> None:
    key = await add_key(database)
    old = await add_video(database, key, n=2, created_at=NOW - 5)
    new = await add_video(database, key)
    done = await add_video(database, key)
    await bring_to(database, done, Phase.DONE)
    await bring_to(database, old, Phase.RUNNING, idx=1)
    unfinished = [("acme", old, 0), ("acme", old, 1), ("acme", new, 0)]
    assert await database.read(outputs.list_unfinished) == unfinished
    assert await database.read(lambda conn: outputs.list_waiting(conn, limit=9)) == [("acme", old), ("acme", new)]
    assert await database.read(lambda conn: outputs.list_waiting(conn, limit=1)) == [("acme", old)]
    assert await database.read(outputs.count_by_account) == {("acme", "waiting"): 2, ("acme", "running"): 1}
    assert await database.read(lambda conn: outputs.active_video_ids(conn, [old, done])) == {old}


async def test_attempts_and_assets_come_back_as_written(database: Database) -> None:
    video_id = await add_video(database, await add_key(database), n=2)
    for number in (1, 2):
        values = {"client_ref": f"att_{number}", "video_id": video_id, "idx": 1, "number": number, "provider": "p"}
        values |= {"account": "acme", "upstream_model": "m", "started_at": NOW}
        await database.write(lambda tx, v=values: attempts.insert_attempt(tx, v))
    await database.write(
        lambda tx: attempts.update_attempt(tx, "att_2", {"task_id": "t" * 900, "task_data": {"a": [1]}})
    )
    detail = await detail_of(database, video_id)
    latest = detail.attempts[-1]
    assert (latest.number, latest.state, latest.task_id, latest.task_data) == (2, "intent", "t" * 900, {"a": [1]})
    assert [(attempt.idx, attempt.number) for attempt in detail.attempts] == [(1, 1), (1, 2)]

    asset = Asset(video_id, 1, "thumbnail", "videos/x/1/thumbnail.webp", "image/webp", 3_000_000_000, "a" * 64)
    await database.write(lambda tx: outputs.insert_asset(tx, asset, now=NOW))
    assert await database.read(lambda conn: outputs.get_asset(conn, video_id, 1, "thumbnail")) == asset
    assert await database.read(lambda conn: outputs.get_asset(conn, video_id, 0, "thumbnail")) is None
