"""What upstreams call is a hint to poll now; it proves nothing, and a forged one does nothing."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from harness import LINK, Harness

from filmgate.core.errors import AuthenticationFailed, NotFound
from filmgate.core.provider import CallbackHeard, Pending, ProviderTask, Succeeded
from filmgate.core.request import VideoRequest
from filmgate.core.video import Phase, Status
from filmgate.engine.accounts import Roster
from filmgate.engine.callbacks import Callbacks
from filmgate.providers.fake import FakeProvider

pytestmark = pytest.mark.anyio


@pytest.fixture
def database_place(sqlite_path: Path) -> Path:
    return sqlite_path


class CallingProvider(FakeProvider):
    def __init__(self) -> None:
        super().__init__()
        self.callback_urls: list[str | None] = []
        self.answer_with([Pending(10), Succeeded(url=LINK)])

    async def submit(self, request: VideoRequest, *, client_ref: str, callback_url: str | None = None) -> ProviderTask:
        self.callback_urls.append(callback_url)
        return await super().submit(request, client_ref=client_ref)

    def hear(self, headers: Mapping[str, str], body: bytes, *, now: float) -> CallbackHeard:
        return CallbackHeard(headers.get("signature") == "good", {"heard": body.decode()})


@pytest.fixture
def calling(engine: Harness) -> CallingProvider:
    adapter = CallingProvider()
    engine.accounts["acme"] = replace(engine.accounts["acme"], adapter=adapter)
    engine.public_url = "https://films.example/"
    engine.worker = engine.new_worker()
    return adapter


def callbacks(engine: Harness, secret: bytes = b"s") -> Callbacks:
    roster = Roster(engine.accounts, engine.database)
    return Callbacks(
        engine.database, roster, engine.signals, engine.clock, secret=secret, public_url="https://films.example"
    )


async def running(engine: Harness, calling: CallingProvider) -> tuple[str, str]:
    video_id = await engine.create()
    await engine.drive_until(Phase.RUNNING, video_id)
    url = calling.callback_urls[0] or ""
    assert url.startswith("https://films.example/callbacks/acme/att_")
    return video_id, url.rpartition("/")[2]


async def test_a_callback_makes_us_poll_at_once(engine: Harness, calling: CallingProvider) -> None:
    video_id, token = await running(engine, calling)
    assert (await engine.worker.step(video_id, 0) or 0) > 5, "its next poll is some way off"
    with engine.signals.wakeups.listen(video_id) as woken:
        assert await callbacks(engine).hear("acme", token, {"signature": "good"}, b"hi") == {"heard": "hi"}
        assert woken.is_set()
    before = engine.paid.submissions
    assert await engine.worker.step(video_id, 0) != 0
    assert (await engine.detail(video_id)).attempts[0].polls == 1
    assert engine.paid.submissions == before


async def test_twice_late_or_for_a_finished_video_does_no_harm(engine: Harness, calling: CallingProvider) -> None:
    video_id, token = await running(engine, calling)
    for _ in range(3):
        await callbacks(engine).hear("acme", token, {"signature": "good"}, b"{}")
    await engine.drive(video_id)
    types = await engine.event_types(video_id)
    await callbacks(engine).hear("acme", token, {"signature": "good"}, b'{"status": "failed"}')
    assert (await engine.detail(video_id)).video.status is Status.COMPLETED
    assert await engine.event_types(video_id) == types


async def test_a_forged_callback_does_nothing(engine: Harness, calling: CallingProvider) -> None:
    video_id, token = await running(engine, calling)
    next_poll_at = (await engine.detail(video_id)).attempts[0].next_poll_at
    with pytest.raises(AuthenticationFailed):
        await callbacks(engine).hear("acme", token, {"signature": "bad"}, b"{}")
    reference = token.partition(".")[0]
    for wrong in (reference, f"{reference}.", f"{reference}.{'0' * 40}", "att_x.y", "é.ü", token + "0"):
        with pytest.raises(NotFound):
            await callbacks(engine).hear("acme", wrong, {"signature": "good"}, b"{}")
    with pytest.raises(NotFound):
        await callbacks(engine).hear("kling", token, {"signature": "good"}, b"{}")
    with pytest.raises(NotFound):
        await callbacks(engine, b"another installation").hear("acme", token, {"signature": "good"}, b"{}")
    assert (await engine.detail(video_id)).attempts[0].next_poll_at == next_poll_at


async def test_nobody_is_asked_to_call_where_nobody_can(engine: Harness, calling: CallingProvider) -> None:
    engine.public_url = None
    engine.worker = engine.new_worker()
    await engine.drive_until(Phase.RUNNING, await engine.create())
    assert calling.callback_urls == [None]
