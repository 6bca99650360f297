"""Reading, paging, cancelling and deleting the videos of a project."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows import NOW, add_key, add_video, bring_to

from filmgate.core.request import Images, InputImage, Mode, Rehearse, VideoRequest
from filmgate.core.video import Phase, Status
from filmgate.store import attempts, outputs, videos
from filmgate.store.database import Database
from filmgate.store.records import Asset, request_from_json, request_to_json
from filmgate.store.videos import PageQuery

pytestmark = pytest.mark.anyio


async def ids_of(database: Database, page: PageQuery) -> tuple[list[str], bool]:
    details, more = await database.read(lambda conn: videos.list_videos(conn, page))
    return [detail.video.id for detail in details], more


@pytest.mark.parametrize("ascending", [True, False])
async def test_pages_join_up_to_the_whole_list_in_order(database: Database, ascending: bool) -> None:
    key = await add_key(database)
    made = [await add_video(database, key, n=1 + number % 3) for number in range(7)]
    seen: list[str] = []
    more, after = True, None
    while more:
        page = PageQuery(key.project_id, after=after, limit=3, ascending=ascending)
        ids, more = await ids_of(database, page)
        assert len(ids) == 3 or not more
        seen += ids
        after = ids[-1]
    assert seen == sorted(made, reverse=not ascending)


async def test_a_page_that_ends_exactly_has_no_more(database: Database) -> None:
    key = await add_key(database)
    made = [await add_video(database, key) for _ in range(2)]
    assert await ids_of(database, PageQuery(key.project_id, limit=2, ascending=True)) == (sorted(made), False)
    assert await ids_of(database, PageQuery(key.project_id, limit=1, ascending=True)) == (sorted(made)[:1], True)
    assert await ids_of(database, PageQuery(key.project_id, after=max(made), ascending=True)) == ([], False)


async def test_filters(database: Database) -> None:
    live, test = await add_key(database), await add_key(database, mode="test")
    done = await add_video(database, live, model="kling-3.0", user_tag="ann")
    await bring_to(database, done, Phase.DONE)
    tagged = await add_video(database, live, user_tag="bob")
    rehearsed = await add_video(database, test, user_tag="ann")
    stranger = await add_video(database, await add_key(database, project="other"), user_tag="ann")

    async def found(**filters: object) -> set[str]:
        ids, _ = await ids_of(database, PageQuery(live.project_id, **filters))  # pyright: ignore
        return set(ids)

    assert await found() == {done, tagged, rehearsed}
    assert await found(status="completed") == {done}
    assert await found(status="queued") == {tagged, rehearsed}
    assert await found(model="kling-3.0") == {done}
    assert await found(user_tag="ann") == {done, rehearsed}
    assert await found(user_tag="ann", livemode=True) == {done}
    assert await found(livemode=False) == {rehearsed}
    assert await found(after=stranger) == {done, tagged, rehearsed}


async def test_a_deleted_video_is_hidden_but_still_there(database: Database) -> None:
    key = await add_key(database)
    kept, deleted = await add_video(database, key), await add_video(database, key)
    assert await database.write(lambda tx: videos.mark_deleted(tx, deleted, now=NOW + 1)) is True
    assert await database.write(lambda tx: videos.mark_deleted(tx, deleted, now=NOW + 2)) is False
    assert await ids_of(database, PageQuery(key.project_id)) == ([kept], False)
    detail = await database.read(lambda conn: videos.get_video(conn, deleted))
    assert detail is not None
    assert detail.video.deleted_at == NOW + 1


async def test_a_video_that_is_not_there(database: Database) -> None:
    assert await database.read(lambda conn: videos.get_video(conn, "video_none")) is None


async def test_details_hold_each_output_with_its_own_attempts(database: Database) -> None:
    key = await add_key(database)
    made = sorted([await add_video(database, key, n=2) for _ in range(2)])
    for video_id in made:
        for idx, number in ((0, 1), (1, 1), (1, 2)):
            values = {"client_ref": f"{video_id[-20:]}{idx}{number}", "video_id": video_id, "idx": idx}
            values |= {"number": number, "provider": "p", "account": "a", "upstream_model": "m", "started_at": NOW}
            await database.write(lambda tx, v=values: attempts.insert_attempt(tx, v))
    details, _ = await database.read(lambda conn: videos.list_videos(conn, PageQuery(key.project_id, ascending=True)))
    assert [detail.video.id for detail in details] == made
    for detail in details:
        assert [output.idx for output in detail.outputs] == [0, 1]
        assert [(attempt.idx, attempt.number) for attempt in detail.attempts] == [(0, 1), (1, 1), (1, 2)]
        assert {attempt.video_id for attempt in detail.attempts} == {detail.video.id}


async def test_a_cancel_is_noted_once_and_only_while_it_can_matter(database: Database) -> None:
    key = await add_key(database)
    running, finished = await add_video(database, key), await add_video(database, key)
    await bring_to(database, finished, Phase.FAILED)
    assert await database.write(lambda tx: videos.request_cancel(tx, running, now=NOW + 1)) is True
    assert await database.write(lambda tx: videos.request_cancel(tx, running, now=NOW + 2)) is False
    assert await database.write(lambda tx: videos.request_cancel(tx, finished, now=NOW)) is False
    detail = await database.read(lambda conn: videos.get_video(conn, running))
    assert detail is not None
    assert (detail.video.cancel_requested_at, detail.video.status) == (NOW + 1, Status.QUEUED)


async def test_files_are_due_when_expired_or_deleted_and_finished(database: Database) -> None:
    key = await add_key(database)
    expired, kept, deleted, running, removed = [await add_video(database, key) for _ in range(5)]
    for video_id in (expired, removed):
        await bring_to(database, video_id, Phase.DONE, retention_seconds=10)
    await bring_to(database, kept, Phase.DONE, retention_seconds=None)
    await bring_to(database, deleted, Phase.FAILED)
    for video_id in (deleted, running):
        await database.write(lambda tx, v=video_id: videos.mark_deleted(tx, v, now=NOW))
    await database.write(lambda tx: videos.mark_files_deleted(tx, removed, now=NOW))

    async def due(now: float) -> set[str]:
        return set(await database.read(lambda conn: videos.list_file_cleanup(conn, now=now, limit=100)))

    assert await due(NOW + 9) == {deleted}
    assert await due(NOW + 10) == {deleted, expired}


async def test_removed_files_leave_no_asset(database: Database) -> None:
    video_id = await add_video(database, await add_key(database))
    asset = Asset(video_id, 0, "video", "k", "video/mp4", 1, "0" * 64)
    await database.write(lambda tx: outputs.insert_asset(tx, asset, now=NOW))
    await database.write(lambda tx: videos.mark_files_deleted(tx, video_id, now=NOW))
    assert await database.read(lambda conn: outputs.get_asset(conn, video_id, 0, "video")) is None


async def test_counting_for_limits(database: Database) -> None:
    key, sibling = await add_key(database), await add_key(database)
    for number in range(4):
        await add_video(database, key, created_at=NOW + number)
    await bring_to(database, await add_video(database, key, created_at=NOW - 60), Phase.DONE)
    await bring_to(database, await add_video(database, sibling), Phase.RUNNING)

    async def active(**which: object) -> int:
        return await database.read(lambda conn: videos.count_active(conn, key.project_id, **which))  # pyright: ignore

    assert await active(most=100) == 5
    assert await active(most=100, key_id=key.id) == 4
    assert await active(most=2) == 2
    times = await database.read(lambda conn: videos.created_since(conn, key.id, since=NOW - 60, limit=3))
    assert times == [NOW + 3, NOW + 2, NOW + 1]
    assert len(await database.read(lambda conn: videos.created_since(conn, key.id, since=NOW - 61, limit=99))) == 5


TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
IMAGES = st.builds(InputImage, TEXT, TEXT, st.integers(1, 9), st.integers(1, 9), st.integers(1, 9), TEXT)


@given(
    st.builds(
        VideoRequest,
        model=TEXT,
        upstream_model=TEXT,
        mode=st.sampled_from(Mode),
        prompt=TEXT | st.none(),
        duration_seconds=st.floats(0.1, 60),
        seed=st.integers(0, 2**32 - 1) | st.none(),
        generate_audio=st.booleans() | st.none(),
        images=st.builds(Images, IMAGES | st.none(), IMAGES | st.none(), st.lists(IMAGES, max_size=2).map(tuple)),
        provider_options=st.dictionaries(TEXT, st.integers() | st.lists(TEXT, max_size=2), max_size=2),
        rehearse=st.builds(Rehearse, st.floats(0, 60), TEXT | st.none()),
    )
)
def test_a_request_comes_back_from_json_as_it_went_in(asked: VideoRequest) -> None:
    assert request_from_json(request_to_json(asked)) == asked
