"""Killed just before and just after every write and every call, one place at a time; a new process then goes on."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from harness import FREE, FREED, FRESH_LINK, HELD, LINK, PAID, SPENT, Harness, three_files

from databases import open_database
from deaths import Killed, Kills, Mortal
from filmgate.core.errors import Charged, UpstreamRefused
from filmgate.core.provider import Failed, Pending, Succeeded
from filmgate.core.video import Phase, Status
from filmgate.store.database import Database
from filmgate.store.outputs import list_unfinished
from filmgate.store.records import Key
from filmgate.store.videos import PageQuery, list_videos

pytestmark = pytest.mark.anyio

FREE_MONEY = {"held": 0, "spent": 0}


def make_mortal(engine: Harness, kills: Kills) -> None:
    """Let the engine's next process die at the place that `kills` names."""
    accounts = {
        name: replace(account, adapter=Mortal(account.adapter, kills, ("submit", "poll", "cancel")))
        for name, account in engine.accounts.items()
    }
    engine.worker = engine.new_worker(
        database=Mortal(engine.database, kills, ("write",)),  # pyright: ignore
        accounts=accounts,
        delivery=Mortal(engine.new_delivery(), kills, ("deliver", "discard_work")),
    )


async def happy(engine: Harness, key: Key) -> None: ...


async def refused_then_accepted(engine: Harness, key: Key) -> None:
    engine.paid.script(UpstreamRefused("slow down", retryable=True))


async def failed_without_charge_then_made(engine: Harness, key: Key) -> None:
    engine.paid.answer_with([Failed("provider_failed", "x", retryable=True, charged=Charged.NO)])
    engine.paid.on_submit = lambda _: engine.paid.answer_with(
        [Pending(10), Succeeded(url=LINK)] if engine.paid.submissions else engine.paid.answers
    )


async def dead_link_then_fresh(engine: Harness, key: Key) -> None:
    engine.paid.answer_with([Succeeded(url=LINK), Succeeded(url=FRESH_LINK)])
    engine.web.answers = {LINK: 403, FRESH_LINK: engine.clip}


async def refused_for_good(engine: Harness, key: Key) -> None:
    engine.paid.script(UpstreamRefused("no"))


async def failed_and_charged(engine: Harness, key: Key) -> None:
    engine.paid.answer_with([Failed("provider_failed", "x", charged=Charged.YES)])


@dataclass(frozen=True)
class Story:
    """What the upstream does, and what comes of it unless a paid call's outcome is lost."""

    prepare: Callable[[Harness, Key], Awaitable[None]]
    model: str = PAID
    status: Status = Status.COMPLETED
    money: dict[str, int] = field(default_factory=lambda: SPENT)
    most_tasks: int = 1


STORIES = {
    "happy": Story(happy),
    "refused then accepted": Story(refused_then_accepted),
    "failed without charge, then made": Story(failed_without_charge_then_made, most_tasks=2),
    "dead link, then a fresh one": Story(dead_link_then_fresh),
    "refused for good": Story(refused_for_good, status=Status.FAILED, money=FREED, most_tasks=0),
    "failed and charged": Story(failed_and_charged, status=Status.FAILED),
    "free engine": Story(happy, model=FREE, money=FREE_MONEY, most_tasks=2),
}


async def live_and_die(engine: Harness, story: Story, kills: Kills) -> None:
    """One video, one death at most, and what must hold in the end."""
    key = await engine.key()
    video_id = await engine.create(story.model, by=key)
    await story.prepare(engine, key)
    make_mortal(engine, kills)
    try:
        await engine.drive(video_id)
    except Killed as place:
        at = f"killed {place} (place {kills.at})"
    else:
        at = "not killed"
    lost = (await engine.detail(video_id)).outputs[0].phase is Phase.SUBMITTING and story.model == PAID
    engine.restart()
    await engine.drive(video_id)

    detail = await engine.detail(video_id)
    video, ends = detail.video, Counter(await engine.event_types(video_id))
    if lost:
        assert (video.status, video.error_code) == (Status.FAILED, "outcome_unknown"), at
        assert await engine.money(video_id) == HELD, at
    else:
        assert video.status is story.status, at
        assert await engine.money(video_id) == story.money, at
    provider = engine.paid if story.model == PAID else engine.free
    assert provider.submissions <= story.most_tasks, at
    assert ends["video.completed"] + ends["video.failed"] == 1, at
    stored = three_files(video_id) if video.status is Status.COMPLETED else []
    assert await engine.stored() == stored, at
    assert engine.left_in_work() == [], at
    references = [task.client_ref for task in provider.tasks.values()]
    assert set(references) <= {attempt.client_ref for attempt in detail.attempts}, at


async def every_death(database: Database, make_harness: Callable[..., Harness], story: Story) -> list[str]:
    dry_run = Kills()
    await live_and_die(make_harness(database, "alive"), story, dry_run)
    for place in range(len(dry_run.places)):
        engine = make_harness(database, f"killed-{place}")
        await live_and_die(engine, story, Kills(at=place))
    return dry_run.places


@pytest.mark.parametrize("name", STORIES)
async def test_whenever_it_is_killed_nothing_is_lost_and_nothing_paid_twice(
    sqlite_path: Path, make_harness: Callable[..., Harness], name: str
) -> None:
    database = open_database(sqlite_path, [])
    places = await every_death(database, make_harness, STORIES[name])
    await database.close()
    assert Counter(places)["after write"] >= 2
    assert "before submit" in places


async def test_killed_on_postgres(postgres_url: str, make_harness: Callable[..., Harness]) -> None:
    database = open_database(postgres_url, [])
    await every_death(database, make_harness, STORIES["happy"])
    await database.close()


async def test_killed_while_it_is_cancelled(sqlite_path: Path, make_harness: Callable[..., Harness]) -> None:
    database = open_database(sqlite_path, [])
    for place in range(5):
        engine = make_harness(database, f"cancelled-{place}")
        key = await engine.key()
        video_id = await engine.create(by=key)
        await engine.drive_until("running", video_id)
        await engine.gateway.cancel(key, video_id, patience_seconds=0)
        make_mortal(engine, Kills(at=place))
        try:
            await engine.drive(video_id)
        except Killed:
            engine.restart()
            await engine.drive(video_id)
        assert (await engine.detail(video_id)).video.error_code == "cancelled"
        assert await engine.money(video_id) == FREED
        assert engine.paid.tasks["fake-1"].cancelled
    await database.close()


async def test_a_create_that_is_killed_is_whole_or_not_there(
    sqlite_path: Path, make_harness: Callable[..., Harness]
) -> None:
    for place, stored in ((0, 0), (1, 1)):
        queued: list[Any] = []
        database = open_database(sqlite_path, queued)
        engine = make_harness(database, f"create-{place}")
        key = await engine.key(project=f"p{place}")
        engine.gateway._database = Mortal(database, Kills(at=place), ("write",))  # pyright: ignore
        with pytest.raises(Killed):
            await engine.create(by=key, n=2)
        listed, _ = await database.read(lambda conn, key=key: list_videos(conn, PageQuery(key.project_id)))
        assert len(listed) == stored
        unfinished = await database.read(list_unfinished)
        assert len(unfinished) == 2 * stored
        assert [(job.account, job.video_id, job.idx) for job in queued] == unfinished
        for detail in listed:
            assert (await engine.money(detail.video.id))["held"] == 2 * HELD["held"]
        await database.close()
