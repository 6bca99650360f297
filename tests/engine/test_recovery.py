"""A paid call whose reply was lost: found, certainly absent, or told as unknown; never sent again blindly."""

from collections import deque
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from harness import FREED, HELD, LINK, SPENT, Harness

from filmgate.core.errors import Charged, OutcomeUnknown, UpstreamBusy, UpstreamRefused
from filmgate.core.provider import Absent, Found, Pending, ProviderTask, Succeeded, Unsure
from filmgate.core.request import VideoRequest
from filmgate.core.video import Phase, Status
from filmgate.providers.fake import FakeProvider

pytestmark = pytest.mark.anyio


class FindingProvider(FakeProvider):
    """An upstream that can be asked for a task by the reference of ours; the script overrules what it knows."""

    def __init__(self, *script: Any) -> None:
        super().__init__()
        self.answer_with([Succeeded(url=LINK)])
        self.find_script: deque[Any] = deque(script)
        self.taken: list[set[str]] = []

    async def find(
        self, request: VideoRequest, *, client_ref: str, submitted_at: float, taken: Collection[str]
    ) -> Found | Absent | Unsure:
        self.taken.append(set(taken))
        if self.find_script:
            answer = self.find_script.popleft()
            if isinstance(answer, Exception):
                raise answer
            return answer
        for task_id, task in self.tasks.items():
            if task.client_ref == client_ref:
                return Found(ProviderTask(task_id, {"found": True}))
        return Absent()


class RepeatableProvider(FakeProvider):
    """An upstream that answers the same reference with the same task."""

    submits_once = True

    async def submit(self, request: VideoRequest, *, client_ref: str, callback_url: str | None = None) -> ProviderTask:
        for task_id, task in self.tasks.items():
            if task.client_ref == client_ref:
                return ProviderTask(task_id, {})
        return await super().submit(request, client_ref=client_ref)


def put(engine: Harness, adapter: FakeProvider, **changes: Any) -> None:
    engine.paid = adapter
    engine.accounts["acme"] = replace(engine.accounts["acme"], adapter=adapter, **changes)


@pytest.fixture
def database_place(sqlite_path: Path) -> Path:
    return sqlite_path


async def test_a_task_whose_reply_was_lost_is_found_and_delivered(engine: Harness) -> None:
    put(engine, FindingProvider(UpstreamBusy("503"), Unsure("its seed is not told yet"), Absent()))
    engine.paid.script("lose_reply")
    video_id = await engine.create()
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    assert detail.video.status is Status.COMPLETED
    assert engine.paid.submissions == 1
    assert detail.attempts[0].task_data == {"found": True}
    assert await engine.money(video_id) == SPENT
    assert "attempt.unknown" in await engine.event_types(video_id)


async def test_a_call_that_created_nothing_is_sent_again_only_when_absence_is_certain(engine: Harness) -> None:
    put(engine, FindingProvider())
    engine.paid.script(OutcomeUnknown("reset by peer"), "accept")
    video_id = await engine.create()
    began_at = engine.clock.time
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    assert detail.video.status is Status.COMPLETED
    assert [attempt.state for attempt in detail.attempts] == ["absent", "succeeded"]
    assert detail.attempts[0].charged == "no"
    assert detail.attempts[1].started_at - began_at >= 60
    assert engine.paid.submissions == 1


async def test_after_a_crash_absence_is_believed_only_when_no_call_can_be_under_way(engine: Harness) -> None:
    put(engine, FindingProvider())
    engine.paid.on_submit = lambda _: (_ for _ in ()).throw(KeyboardInterrupt())
    video_id = await engine.create()
    began_at = engine.clock.time
    with pytest.raises(KeyboardInterrupt):
        await engine.step(video_id)
    engine.paid.on_submit = None
    engine.restart()
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    assert detail.video.status is Status.COMPLETED
    assert detail.attempts[1].started_at - began_at >= 300


async def test_one_that_stays_unsure_is_told_as_unknown_at_the_deadline_and_its_money_stays_held(
    engine: Harness,
) -> None:
    put(engine, FindingProvider(*(Unsure("two tasks look like it") for _ in range(99))))
    engine.paid.script("lose_reply")
    video_id = await engine.create()
    began_at = engine.clock.time
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    assert detail.video.error_code == "outcome_unknown"
    assert "two tasks look like it" in (detail.video.error_message or "")
    assert "'acme'" in (detail.video.error_message or "")
    assert engine.clock.time - began_at >= 600
    assert engine.paid.submissions == 1
    assert await engine.money(video_id) == HELD


async def test_tasks_of_other_attempts_are_not_taken_for_this_one(engine: Harness) -> None:
    put(engine, FindingProvider())
    engine.paid.answer_with([Pending(None)])
    first = await engine.create(prompt="one")
    await engine.drive_until(Phase.RUNNING, first)
    engine.paid.script("lose_reply")
    second = await engine.create(prompt="two")
    await engine.drive_until(Phase.RUNNING, second)
    assert isinstance(engine.paid, FindingProvider)
    assert engine.paid.taken == [{"fake-1"}]
    assert (await engine.detail(second)).attempts[0].task_id == "fake-2"


async def test_an_upstream_that_knows_our_reference_is_simply_asked_again(engine: Harness) -> None:
    put(engine, RepeatableProvider())
    engine.paid.answer_with([Succeeded(url=LINK)])
    engine.paid.script("lose_reply")
    video_id = await engine.create()
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    assert detail.video.status is Status.COMPLETED
    assert engine.paid.submissions == 1
    assert len(detail.attempts) == 1


async def test_a_refusal_of_the_second_call_says_nothing_of_the_first(engine: Harness) -> None:
    put(engine, RepeatableProvider())
    engine.paid.script(OutcomeUnknown("reset"), *(UpstreamRefused("too fast") for _ in range(99)))
    video_id = await engine.create()
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.error_code == "outcome_unknown"
    assert await engine.money(video_id) == HELD


async def test_sent_again_on_the_owners_order_and_told_so(engine: Harness) -> None:
    engine.accounts["acme"] = replace(engine.accounts["acme"], on_unknown="resubmit")
    engine.paid.script("lose_reply", "lose_reply", "accept")
    video_id = await engine.create()
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    assert detail.video.status is Status.COMPLETED
    assert [(attempt.state, attempt.charged) for attempt in detail.attempts[:2]] == [("abandoned", "unknown")] * 2
    assert engine.paid.submissions == 3
    engine.paid.script(*("lose_reply" for _ in range(9)))
    another = await engine.create()
    await engine.drive(another)
    assert (await engine.detail(another)).video.error_code == "outcome_unknown"
    assert engine.paid.submissions == 6, "max_attempts holds"


async def test_a_cancelled_video_whose_reply_was_lost_is_cancelled_once_it_is_found(engine: Harness) -> None:
    put(engine, FindingProvider(Unsure("not yet")))
    engine.paid.script("lose_reply")
    key = await engine.key()
    video_id = await engine.create(by=key)
    await engine.step(video_id)
    await engine.gateway.cancel(key, video_id, patience_seconds=0)
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.error_code == "cancelled"
    assert engine.paid.tasks["fake-1"].cancelled
    assert await engine.money(video_id) == FREED


async def test_the_answer_of_the_process_that_sent_it_still_counts(engine: Harness) -> None:
    """Another process may have taken the job over while the first still waits for its reply."""
    video_id = await engine.create()

    class Slow(FindingProvider):
        async def submit(
            self, request: VideoRequest, *, client_ref: str, callback_url: str | None = None
        ) -> ProviderTask:
            await other.step(video_id, 0)  # marks it as orphaned
            await other.step(video_id, 0)  # looks for it, and finds nothing yet
            return await super().submit(request, client_ref=client_ref)

    put(engine, Slow())
    engine.worker = engine.new_worker()
    other = engine.new_worker()
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    assert detail.video.status is Status.COMPLETED
    assert engine.paid.submissions == 1
    assert [attempt.charged for attempt in detail.attempts] == [Charged.YES]


async def test_where_looking_cannot_tell_it_is_given_up_soon(engine: Harness) -> None:
    put(engine, FindingProvider(*(Unsure("two tasks have the same prompt", final=True) for _ in range(99))))
    engine.paid.script("lose_reply")
    video_id = await engine.create()
    began_at = engine.clock.time
    await engine.drive(video_id)
    assert (await engine.detail(video_id)).video.error_code == "outcome_unknown"
    assert 60 <= engine.clock.time - began_at <= 120
