"""The search for a lost create, beyond the golden cases: long lists, other clocks, and what proves nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st

from filmgate.core.provider import Absent, Found, Unsure
from filmgate.core.request import Mode, VideoRequest
from filmgate.net.upstream import Upstream
from filmgate.providers.openai_dialects import Dialect
from filmgate.providers.openai_search import find_lost

SUBMITTED_AT = 1_790_000_000.5
REQUEST = VideoRequest("wan", "wan-upstream", Mode.TEXT_TO_VIDEO, "waves", 5.0, width_px=832, height_px=480)


def a_video(number: int, created_at: int = 1_790_000_001, **more: Any) -> dict[str, Any]:
    told = {"id": f"v{number}", "created_at": created_at, "prompt": "rain", "size": "832x480", "seconds": "5"}
    return told | more


def search(
    videos: list[Any],
    dialect: Dialect = Dialect.VLLM_OMNI,
    request: VideoRequest = REQUEST,
    taken: tuple[str, ...] = (),
) -> tuple[Any, int]:
    """The outcome on a server that made `videos`, newest first, and how many pages it took."""
    pages = 0

    def answer(asked: httpx.Request) -> httpx.Response:
        nonlocal pages
        pages += 1
        ids = [video["id"] for video in videos]
        after = asked.url.params.get("after")
        start = ids.index(after) + 1 if after else 0
        return httpx.Response(200, json={"data": videos[start : start + int(asked.url.params["limit"])]})

    async def run() -> Any:
        upstream = Upstream("http://server.example/v1", transport=httpx.MockTransport(answer))
        try:
            return await find_lost(
                upstream, {}, dialect, request, client_ref="att_1", submitted_at=SUBMITTED_AT, taken=taken
            )
        finally:
            await upstream.close()

    return asyncio.run(run()), pages


def test_a_long_list_is_read_back_to_the_moment_of_the_submit() -> None:
    later = [a_video(number) for number in range(150)]
    earlier = [a_video(number, created_at=1_789_990_000) for number in range(200, 500)]
    outcome, pages = search([*later, a_video(1000, prompt="waves"), *earlier])
    assert isinstance(outcome, Found)
    assert outcome.task.id == "v1000"
    assert pages == 2


def test_a_list_without_end_is_left_in_doubt() -> None:
    outcome, pages = search([a_video(number) for number in range(1000)])
    assert isinstance(outcome, Unsure)
    assert pages == 5


def test_a_minute_between_the_clocks_is_forgiven_and_an_hour_is_not() -> None:
    assert isinstance(search([a_video(1, created_at=1_789_999_940, prompt="waves")])[0], Found)
    assert search([a_video(1, created_at=1_789_996_400, prompt="waves")])[0] == Absent()
    assert search([a_video(1, created_at=1_790_003_600, prompt="waves")])[0] == Absent()


def test_what_a_server_does_not_tell_does_not_speak_against_it() -> None:
    outcome, _ = search([{"id": "v1", "prompt": "waves", "size": None}])
    assert isinstance(outcome, Found)


def test_a_clip_counted_in_frames_is_not_told_by_its_seconds() -> None:
    request = VideoRequest("wan", "wan-upstream", Mode.TEXT_TO_VIDEO, "waves", 2.5, width_px=832, height_px=480)
    assert isinstance(search([a_video(1, prompt="waves", seconds="4")], request=request)[0], Found)
    assert search([a_video(1, prompt="waves", seconds="4")])[0] == Absent()


def test_without_a_prompt_nothing_is_found() -> None:
    request = VideoRequest("wan", "wan-upstream", Mode.IMAGE_TO_VIDEO, None, 5.0)
    assert isinstance(search([a_video(1, prompt=None)], request=request)[0], Unsure)
    assert search([], request=request)[0] == Absent()


PROMPTS = st.sampled_from(["waves", "rain", "", None, 5])
VIDEOS = st.lists(
    st.builds(
        lambda number, prompt, created_at, size, seconds: a_video(
            number, created_at, prompt=prompt, size=size, seconds=seconds
        ),
        st.integers(1, 5),
        PROMPTS,
        st.sampled_from([1_790_000_000, 1_790_000_100, 1_700_000_000]),
        st.sampled_from(["832x480", "640x480", None]),
        st.sampled_from(["5", 5, "8", None]),
    ),
    max_size=5,
    unique_by=lambda video: video["id"],
)


@given(VIDEOS, st.sampled_from([Dialect.OPENAI, Dialect.AZURE, Dialect.VLLM_OMNI, Dialect.SGLANG]), st.booleans())
def test_only_the_one_that_fits_is_found_and_a_paid_one_is_never_called_absent(
    videos: list[dict[str, Any]], dialect: Dialect, is_taken: bool
) -> None:
    taken = ("v1", "v2") if is_taken else ()
    outcome, _ = search(videos, dialect, taken=taken)
    fitting = [
        video
        for video in videos
        if video["id"] not in taken
        and video["prompt"] == "waves"
        and video["created_at"] >= 1_790_000_000
        and video["size"] in ("832x480", None)
        and video["seconds"] in ("5", 5, None)
    ]
    if isinstance(outcome, Found):
        assert dialect is not Dialect.SGLANG
        assert [video["id"] for video in fitting] == [outcome.task.id]
        assert outcome.task.data == {"dialect": dialect.value}
    if isinstance(outcome, Absent):
        assert dialect in (Dialect.VLLM_OMNI, Dialect.SGLANG)
        assert not fitting
    if len(fitting) == 1 and dialect is not Dialect.SGLANG:
        assert isinstance(outcome, Found)
