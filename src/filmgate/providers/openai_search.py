"""A create whose answer was lost, looked for in the server's own list of videos.

The mark, by dialect: Filmgate keeps our `client_ref` as `user`, which is exact. vLLM-Omni, Azure and the original list
the prompt, which together with size, length and the moment tells a video apart from all but its twins. SGLang lists no
prompt, so there only an empty list says something. new-api lists nothing, and LiteLLM no prompts.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

from filmgate.core.lenient import at, list_at, number_at, text_at
from filmgate.core.provider import Absent, Found, ProviderTask, Unsure
from filmgate.core.request import VideoRequest
from filmgate.net.upstream import Upstream
from filmgate.providers.openai_dialects import OWN_ENGINES, TITLES, Dialect
from filmgate.providers.openai_replies import explained, id_of
from filmgate.providers.openai_requests import size_text, whole_seconds
from filmgate.providers.verdicts import query_error

_PAGE = 100
_MOST_PAGES = 5
_CLOCKS_DIFFER_SECONDS = 60
_LONGEST_CALL_SECONDS = 300
_NO_LIST = frozenset({404, 405, 501})


async def find_lost(
    upstream: Upstream,
    headers: Mapping[str, str],
    dialect: Dialect,
    request: VideoRequest,
    *,
    client_ref: str,
    submitted_at: float,
    taken: Collection[str],
) -> Found | Absent | Unsure:
    """Raises UpstreamBusy. Costs nothing."""
    who = TITLES[dialect]
    if dialect is Dialect.NEW_API:
        return Unsure("new-api has no list of videos to look into", final=True)
    if dialect is Dialect.LITELLM:
        return Unsure("LiteLLM lists no prompts, by which a video could be told from others", final=True)
    if dialect is Dialect.FILMGATE:
        listed = await _page(upstream, headers, {"user": client_ref, "limit": 1})
        if listed is None:
            return Unsure(f"{who} does not list its videos", final=True)
        return _found(dialect, listed[0]) if listed else Absent()
    listed = await _recent(upstream, headers, since=submitted_at - _CLOCKS_DIFFER_SECONDS)
    if listed is None:
        return Unsure(f"{who} does not list its videos, or has made too many since")
    alike = [video for video in listed if id_of(video) not in taken and _is_alike(video, request, submitted_at)]
    return _judge(dialect, request, alike)


def _judge(dialect: Dialect, request: VideoRequest, alike: list[Any]) -> Found | Absent | Unsure:
    who = TITLES[dialect]
    if not alike:
        # A paid one may still come to be listed; an engine of one's own lists a job before it answers.
        return Absent() if dialect in OWN_ENGINES else Unsure(f"{who} lists no such video yet")
    if dialect is Dialect.SGLANG or not request.prompt:
        return Unsure(f"{who} lists {len(alike)} of this size, length and time, and no prompt tells them apart")
    same = [video for video in alike if text_at(video, "prompt") == request.prompt.strip()]
    if len(same) == 1:
        return _found(dialect, same[0])
    if not same and dialect in OWN_ENGINES:
        return Absent()
    return Unsure(f"{who} lists {len(same)} videos with this prompt, size, length and time", final=True)


def _found(dialect: Dialect, video: Any) -> Found | Unsure:
    task_id = id_of(video)
    return Found(ProviderTask(task_id, {"dialect": dialect.value})) if task_id else Unsure("it is listed without an id")


def _is_alike(video: Any, request: VideoRequest, submitted_at: float) -> bool:
    """What a server does not tell cannot speak against it."""
    created_at = number_at(video, "created_at")
    if created_at is not None:
        earliest = math.floor(submitted_at) - _CLOCKS_DIFFER_SECONDS
        if not earliest <= created_at <= submitted_at + _LONGEST_CALL_SECONDS:
            return False
    size, asked_size = text_at(video, "size"), size_text(request)
    if size and asked_size and size != asked_size:
        return False
    seconds, asked_seconds = number_at(video, "seconds"), whole_seconds(request)
    # A clip counted in frames is listed with a length that nobody asked for.
    return seconds is None or asked_seconds is None or seconds == asked_seconds


async def _recent(upstream: Upstream, headers: Mapping[str, str], *, since: float) -> list[Any] | None:
    """Every video made after `since`; None where that cannot be told."""
    videos: list[Any] = []
    after: dict[str, str] = {}
    for _ in range(_MOST_PAGES):
        page = await _page(upstream, headers, {"limit": _PAGE, "order": "desc", **after})
        if page is None:
            return None
        videos += page
        oldest = number_at(page[-1], "created_at") if page else None
        last_id = id_of(page[-1]) if page else None
        if len(page) < _PAGE or (oldest is not None and oldest < since) or last_id is None:
            return videos
        after = {"after": last_id}
    return None


async def _page(upstream: Upstream, headers: Mapping[str, str], params: Mapping[str, str | int]) -> list[Any] | None:
    """None where the server has no such list."""
    reply = await upstream.ask("GET", "/videos", headers=headers, params=params)
    if reply.status in _NO_LIST:
        return None
    answer = reply.json()
    if reply.status != 200 or not isinstance(at(answer, "data"), list):
        raise query_error(reply, **explained(reply))
    return list_at(answer, "data")
