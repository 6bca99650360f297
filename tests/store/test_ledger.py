"""Money is held once and let go once, whatever runs twice."""

import asyncio
import itertools

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import NOW, add_key, add_video, insert_video
from sqlalchemy.exc import IntegrityError

from filmgate.core.ids import new_id
from filmgate.store import keys, ledger, videos
from filmgate.store.database import Database, Transaction
from filmgate.store.schema import ledger as ledger_table
from filmgate.store.schema import metadata

pytestmark = pytest.mark.anyio


async def sums(database: Database, video_id: str) -> tuple[int, int]:
    """What is held and what is spent for a video."""
    columns = (sa.func.sum(ledger_table.c.held_usd_micros), sa.func.sum(ledger_table.c.spent_usd_micros))
    query = sa.select(*columns).where(ledger_table.c.video_id == video_id)
    row = await database.read(lambda conn: conn.execute(query).one())
    return int(row[0] or 0), int(row[1] or 0)


async def charged(database: Database, video_id: str) -> int | None:
    detail = await database.read(lambda conn: videos.get_video(conn, video_id))
    assert detail is not None
    return detail.video.charged_usd_micros


async def close(database: Database, video_id: str, how: str, *, idx: int = 0, usd_micros: int = 70) -> None:
    if how == "settle":
        await database.write(lambda tx: ledger.settle(tx, video_id, idx, usd_micros=usd_micros, now=NOW))
    else:
        await database.write(lambda tx: ledger.release(tx, video_id, idx, now=NOW))


@pytest.mark.parametrize("closings", list(itertools.product(["settle", "release"], repeat=3)))
async def test_only_the_first_closing_counts(database: Database, closings: tuple[str, ...]) -> None:
    video_id = await add_video(database, await add_key(database), reserved_usd_micros=100)
    assert await sums(database, video_id) == (100, 0)
    for how in closings:
        await close(database, video_id, how)
    spent = 70 if closings[0] == "settle" else 0
    assert await sums(database, video_id) == (0, spent)
    assert (await charged(database, video_id) or 0) == spent


async def test_without_a_reservation_nothing_is_booked(database: Database) -> None:
    video_id = await add_video(database, await add_key(database))
    await close(database, video_id, "settle")
    await close(database, video_id, "release")
    assert await sums(database, video_id) == (0, 0)
    assert await charged(database, video_id) is None


async def test_an_output_is_reserved_once(database: Database) -> None:
    key = await add_key(database)
    video_id = await add_video(database, key, reserved_usd_micros=100)
    with pytest.raises(IntegrityError):
        await database.write(
            lambda tx: ledger.reserve(tx, video_id, 0, key=(key.project_id, key.id), usd_micros=100, now=NOW)
        )
    assert await sums(database, video_id) == (100, 0)


async def test_outputs_are_booked_apart_and_add_up_on_the_video(database: Database) -> None:
    key = await add_key(database)
    video_id = await add_video(database, key, n=3, reserved_usd_micros=100)
    await close(database, video_id, "settle", idx=0, usd_micros=100)
    await close(database, video_id, "release", idx=1)
    assert await sums(database, video_id) == (100, 100)
    await close(database, video_id, "settle", idx=2, usd_micros=130)  # dearer than was held
    assert await sums(database, video_id) == (0, 230)
    assert await charged(database, video_id) == 230


async def test_concurrent_closings_book_once(database: Database) -> None:
    video_id = await add_video(database, await add_key(database), reserved_usd_micros=100)
    await asyncio.gather(*(close(database, video_id, "settle") for _ in range(5)), return_exceptions=True)
    assert await sums(database, video_id) == (0, 70)
    assert await charged(database, video_id) == 70


async def test_a_budget_counts_what_is_held_and_what_is_spent(database: Database) -> None:
    key, other = await add_key(database), await add_key(database)
    assert await database.read(lambda conn: ledger.committed_usd_micros(conn, key.id)) == 0
    first = await add_video(database, key, reserved_usd_micros=100)
    await add_video(database, key, n=2, reserved_usd_micros=30)
    await add_video(database, other, reserved_usd_micros=5_000_000_000_000)
    assert await database.read(lambda conn: ledger.committed_usd_micros(conn, key.id)) == 160
    await close(database, first, "settle", usd_micros=90)
    assert await database.read(lambda conn: ledger.committed_usd_micros(conn, key.id)) == 150
    assert await database.read(lambda conn: ledger.committed_usd_micros(conn, other.id)) == 5_000_000_000_000


MOVES = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["settle", "release"]), st.integers(0, 10**12)), max_size=20
)


@settings(max_examples=60, deadline=None)
@given(reserved=st.lists(st.integers(1, 10**12), min_size=4, max_size=4), moves=MOVES)
def test_sums_agree_with_a_plain_model(reserved: list[int], moves: list[tuple[int, str, int]]) -> None:
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        tx = Transaction(connection)
        key, _ = keys.create_key(tx, project_id=keys.ensure_project(tx, "p", now=NOW), mode="live", name="k", now=NOW)
        ids = [new_id("video") for _ in reserved]
        for video_id, usd_micros in zip(ids, reserved, strict=True):
            insert_video(tx, key, video_id, 1, usd_micros)
        held, spent = dict(enumerate(reserved)), dict.fromkeys(range(4), 0)
        for place, how, usd_micros in moves:
            if how == "settle":
                ledger.settle(tx, ids[place], 0, usd_micros=usd_micros, now=NOW)
            else:
                ledger.release(tx, ids[place], 0, now=NOW)
            if held[place]:
                held[place], spent[place] = 0, usd_micros if how == "settle" else 0
            assert ledger.committed_usd_micros(connection, key.id) == sum(held.values()) + sum(spent.values())
    engine.dispose()
