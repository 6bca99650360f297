"""The same create asked twice is one create."""

import asyncio

import pytest
import sqlalchemy as sa
from rows import NOW, add_key, add_video, insert_video

from filmgate.core.errors import Conflict
from filmgate.core.ids import new_id
from filmgate.store import idempotency
from filmgate.store.database import Database, Transaction
from filmgate.store.records import Key
from filmgate.store.schema import idempotency_keys, videos

pytestmark = pytest.mark.anyio

BODY, OTHER_BODY = "b" * 64, "c" * 64


async def create(database: Database, key: Key, name: str, *, body: str = BODY, now: float = NOW) -> str:
    """What the gateway does, without anything else."""

    def change(tx: Transaction) -> str:
        idempotency.serialise(tx, key, name)
        earlier = idempotency.find(tx.conn, key, name, body, now=now)
        if earlier is not None:
            return earlier
        video_id = new_id("video")
        insert_video(tx, key, video_id)
        idempotency.bind(tx, key, name, body, video_id=video_id, now=now)
        return video_id

    return await database.write(change)


async def count_videos(database: Database) -> int:
    return await database.read(lambda conn: conn.execute(sa.select(sa.func.count()).select_from(videos)).scalar_one())


async def test_concurrent_creates_with_one_key_make_one_video(database: Database) -> None:
    key = await add_key(database)
    ids = await asyncio.gather(*(create(database, key, "once") for _ in range(20)))
    assert len(set(ids)) == 1
    assert await count_videos(database) == 1


async def test_another_body_is_a_conflict_that_names_the_header(database: Database) -> None:
    key = await add_key(database)
    await create(database, key, "once")
    with pytest.raises(Conflict) as caught:
        await create(database, key, "once", body=OTHER_BODY)
    assert (caught.value.code, caught.value.param) == ("idempotency_conflict", "Idempotency-Key")
    assert await count_videos(database) == 1


async def test_a_key_means_its_video_for_a_day(database: Database) -> None:
    key = await add_key(database)
    first = await create(database, key, "once")
    assert await create(database, key, "once", now=NOW + 24 * 3600 - 1) == first
    second = await create(database, key, "once", body=OTHER_BODY, now=NOW + 24 * 3600)
    assert second != first
    assert await create(database, key, "once", body=OTHER_BODY, now=NOW + 24 * 3600 + 1) == second


async def test_live_and_test_keys_and_projects_are_apart_and_rotated_keys_are_not(database: Database) -> None:
    live, rotated = await add_key(database), await add_key(database)
    test, stranger = await add_key(database, mode="test"), await add_key(database, project="other")
    made = [await create(database, key, "once") for key in (live, rotated, test, stranger)]
    assert made[0] == made[1]
    assert len(set(made)) == 3


async def test_only_old_keys_are_forgotten(database: Database) -> None:
    key = await add_key(database)
    await create(database, key, "old")
    await create(database, key, "new", now=NOW + 1)
    await database.write(lambda tx: idempotency.forget_old(tx, now=NOW + 24 * 3600))
    names = await database.read(lambda conn: conn.execute(sa.select(idempotency_keys.c.key)).scalars().all())
    assert names == ["new"]


async def test_an_sdk_s_retry_finds_the_newest_video_of_the_same_body(database: Database) -> None:
    key, other = await add_key(database), await add_key(database)
    await add_video(database, key, created_at=NOW - 601)
    older = await add_video(database, key, created_at=NOW - 600)
    newest = await add_video(database, key, created_at=NOW - 5)
    await add_video(database, other, created_at=NOW)
    await add_video(database, key, created_at=NOW, body_sha256=OTHER_BODY)

    async def find(body: str, since: float, *, retries_only: bool = False) -> str | None:
        return await database.read(
            lambda conn: idempotency.find_same_body(conn, key, body, since=since, retries_only=retries_only)
        )

    assert await find(BODY, NOW - 600) == newest
    assert await find(BODY, NOW) is None
    assert await find(BODY, NOW - 600, retries_only=True) is None
    retried = await add_video(database, key, id=older + "0", created_at=NOW - 600, client_retry=True)
    assert await find(BODY, NOW - 600, retries_only=True) == retried
