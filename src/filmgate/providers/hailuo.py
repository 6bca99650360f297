"""MiniMax Hailuo, in both of its APIs.

The catalogue says which API a model is reached by (`wire.api`); `hailuo_v1` and `hailuo_v2` map, this file asks:

- "v1": flat fields, errors inside HTTP 200, and a second call for the link of a finished file.
- "v2": a list of content, real HTTP codes, a list of tasks and a way to cancel those that wait.

Source: platform.minimax.io/docs/api-reference and its Chinese twin, in copies of 2026; see docs/providers/hailuo.md.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Literal

from pydantic import SecretStr

from filmgate.core.errors import Charged, ErrorClass
from filmgate.core.lenient import at, int_at, list_at, text_at
from filmgate.core.provider import Absent, Answer, CallbackHeard, Found, ProviderTask, Unsure
from filmgate.core.request import VideoRequest
from filmgate.net.upstream import Reply, Upstream
from filmgate.providers import hailuo_v1, hailuo_v2
from filmgate.providers.hailuo_codes import query_failed, submit_failed, was_answered
from filmgate.providers.images import load_images
from filmgate.providers.kind import Credentials, ProviderKind, Tools
from filmgate.providers.outgoing import in_path
from filmgate.providers.verdicts import accepted, seconds_since_submit

_BASE_URLS = {"intl": "https://api.minimax.io", "cn": "https://api.minimaxi.com"}
_PAGE_SIZE = 20  # the vendor's example; it names no maximum
_MOST_PAGES = 25


class HailuoCredentials(Credentials):
    """A key works on the service of its own region only."""

    api_key: SecretStr
    region: Literal["intl", "cn"] = "intl"
    base_url: str | None = None
    # A video package charges nothing for failed and blocked clips; of pay-as-you-go the vendor does not say.
    billing: Literal["pay_as_you_go", "video_package"] = "pay_as_you_go"


class HailuoProvider:
    """Stateless; one for each account."""

    def __init__(self, credentials: HailuoCredentials, tools: Tools) -> None:
        self._credentials = credentials
        self._tools = tools
        api_key = credentials.api_key.get_secret_value()
        self._headers = {"authorization": f"Bearer {api_key}"}
        base_url = credentials.base_url or _BASE_URLS[credentials.region]
        self._upstream = Upstream(base_url, secrets=[api_key], transport=tools.transport)

    @property
    def base_url(self) -> str:
        return self._upstream.base_url

    async def close(self) -> None:
        await self._upstream.close()

    async def submit(self, request: VideoRequest, *, client_ref: str, callback_url: str | None = None) -> ProviderTask:
        """POST to the path of the model's API. Neither has a place for `client_ref`."""
        api = request.wire["api"]
        images = await load_images(request.images, self._tools.read_input)
        body = (hailuo_v2 if api == "v2" else hailuo_v1).body(request, images)
        if self._credentials.region == "cn":
            body.setdefault("aigc_watermark", False)  # not among the fields of the international pages
        if callback_url:
            body["callback_url"] = callback_url
        submitted_at = int(self._tools.clock.now())
        reply = await self._upstream.pay(f"/{api}/video_generation", headers=self._headers, json=body)
        if not was_answered(reply):
            raise submit_failed(reply)
        return accepted(text_at(reply.json(), "task_id"), reply, api=api, submitted_at=submitted_at)

    async def poll(self, task: ProviderTask) -> Answer:
        """One task. A finished one gets a new link each time; a link of v1 lives for an hour."""
        if task.data.get("api") == "v2":
            reply = await self._get(_path_of(task, hailuo_v2.QUERY_PATH))
            return hailuo_v2.verdict(reply, seconds_since_submit(task, self._tools.clock))
        in_package = self._credentials.billing == "video_package"
        reply = await self._get("/v1/query/video_generation", {"task_id": task.id})
        verdict = hailuo_v1.verdict(reply, Charged.NO if in_package else Charged.UNKNOWN)
        if not isinstance(verdict, hailuo_v1.MadeFile):
            return verdict
        return hailuo_v1.link(await self._get("/v1/files/retrieve", {"file_id": verdict.id}))

    async def cancel(self, task: ProviderTask) -> bool:
        """Only a task of v2 that has not begun. The same call would delete the record of one that has finished."""
        if task.data.get("api") != "v2":
            return False
        reply = await self._get(_path_of(task, hailuo_v2.QUERY_PATH))
        if not was_answered(reply):
            raise query_failed(reply)
        status = text_at(reply.json(), "task", "status")
        if status != "queued":
            return status == "cancelled"
        path = _path_of(task, "/v2/video_generation")
        reply = await self._upstream.ask("DELETE", path, headers=self._headers)
        if was_answered(reply):
            return text_at(reply.json(), "action") in ("cancelled", "cancel")
        error = query_failed(reply)
        if error.error_class is ErrorClass.CALLER:
            return False  # it has begun meanwhile
        raise error

    async def find(
        self, request: VideoRequest, *, client_ref: str, submitted_at: float, taken: Collection[str]
    ) -> Found | Absent | Unsure:
        """Never Found: no task carries our mark, and another application may use the same account."""
        if request.wire["api"] != "v2":
            return Unsure(f"MiniMax has no list of the tasks of {request.upstream_model}", final=True)
        seen = 0
        for page in range(1, _MOST_PAGES + 1):
            answer = await self._list_page(request.upstream_model, page)
            items = list_at(answer, "items")
            for item in items:
                task_id = text_at(item, "id")
                if task_id not in taken and hailuo_v2.may_be_from(item, request, submitted_at):
                    return Unsure(
                        f"task {task_id} may be it, or another application's: MiniMax keeps no mark of ours", final=True
                    )
            seen += len(items)
            total = int_at(answer, "total")
            if total is not None and seen >= total:
                return Absent()
            if not items:
                break
        return Unsure(f"MiniMax's list of tasks could not be read to its end ({seen} tasks read)")

    def hear(self, headers: Mapping[str, str], body: bytes, *, now: float) -> CallbackHeard:
        """The vendor signs nothing. Its first call, within the submit, wants its challenge back within 3 seconds."""
        try:
            challenge = at(json.loads(body), "challenge")
        except (ValueError, RecursionError):
            challenge = None
        return CallbackHeard(True, {"challenge": challenge} if isinstance(challenge, str) else {})

    async def _list_page(self, upstream_model: str, page: int) -> Any:
        """Tasks of the last 7 days."""
        filters = {"filter.model": upstream_model, "filter.task_type": "generation"}
        reply = await self._get(hailuo_v2.QUERY_PATH, {"page_num": page, "page_size": _PAGE_SIZE, **filters})
        if not was_answered(reply):
            raise query_failed(reply)
        return reply.json()

    async def _get(self, path: str, params: Mapping[str, str | int] | None = None) -> Reply:
        return await self._upstream.ask("GET", path, headers=self._headers, params=params)


KIND = ProviderKind(
    name="hailuo",
    credentials=HailuoCredentials,
    open=HailuoProvider,
    environment={"MINIMAX_API_KEY": "api_key", "MINIMAX_BASE_URL": "base_url"},
    required=(("MINIMAX_API_KEY",),),
    max_concurrent=20,  # v1: 20 submits a minute and no bound on tasks; H3: 30 tasks (unconfirmed); 2026-10-08
)


def _path_of(task: ProviderTask, prefix: str) -> str:
    return f"{prefix}/{in_path(task.id)}"
