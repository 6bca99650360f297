"""Every server that speaks `/v1/videos`: vLLM-Omni, SGLang, new-api, LiteLLM, Azure, another Filmgate, re-sellers.

They share the routes of an API that OpenAI removed on 2026-09-24, and differ in nearly everything else. Beside this
file, `openai_dialects` tells them apart, `openai_requests` writes to them, `openai_replies` reads them, and
`openai_search` looks for what was lost. The dialect of a submit is kept with its task, so that its polls are read the
same way for ever.

Sources: see docs/providers/openai.md. Nothing here was tried on a running server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Any, Literal

from pydantic import SecretStr

from filmgate.core.errors import Charged, ErrorClass, OutcomeUnknown, UpstreamBusy, UpstreamRefused
from filmgate.core.lenient import text_at
from filmgate.core.provider import Absent, Answer, Found, ProviderTask, Unsure
from filmgate.core.request import VideoRequest
from filmgate.core.video import FailureCode
from filmgate.net.upstream import Reply, Upstream
from filmgate.providers.images import load_images
from filmgate.providers.kind import Credentials, ProviderKind, Tools
from filmgate.providers.openai_dialects import OWN_ENGINES, Dialect, guess_dialect, is_azure
from filmgate.providers.openai_replies import (
    codes_in,
    explained,
    filmgate_charge,
    forgotten,
    id_of,
    is_failure,
    is_forgotten,
    status_of,
    verdict,
    video_in,
)
from filmgate.providers.openai_requests import create_call
from filmgate.providers.openai_search import find_lost
from filmgate.providers.outgoing import in_path
from filmgate.providers.verdicts import accepted, query_error, seconds_since_submit, submit_error

_YOUNG_SECONDS = 60


class OpenAICredentials(Credentials):
    """`base_url` with or without its /v1. A server of one's own may need no key."""

    base_url: str
    api_key: SecretStr | None = None
    dialect: Literal["auto", "openai", "azure", "vllm-omni", "sglang", "new-api", "litellm", "filmgate"] = "auto"

    @property
    def known_dialect(self) -> Dialect | None:
        """None: to be guessed."""
        if self.dialect != "auto":
            return Dialect(self.dialect)
        return Dialect.AZURE if is_azure(self.base_url) else None

    @property
    def api_root(self) -> str:
        """The address that `/videos` is appended to."""
        root = self.base_url.rstrip("/")
        if root.endswith("/v1"):
            return root
        if self.known_dialect is Dialect.AZURE and not root.endswith("/openai"):
            root += "/openai"
        return f"{root}/v1"


class OpenAIProvider:
    """One for each account. Its only state is which dialect the server turned out to speak."""

    def __init__(self, credentials: OpenAICredentials, tools: Tools) -> None:
        api_key = credentials.api_key.get_secret_value() if credentials.api_key else None
        self._dialect = credentials.known_dialect
        self._guessing = asyncio.Lock()
        self._tools = tools
        name, value = ("api-key", api_key) if self._dialect is Dialect.AZURE else ("authorization", f"Bearer {api_key}")
        self._headers = {name: value} if api_key and value else {}
        secrets = [api_key] if api_key else []
        self._upstream = Upstream(credentials.api_root, secrets=secrets, transport=tools.transport)

    @property
    def base_url(self) -> str:
        return self._upstream.base_url

    @property
    def submits_once(self) -> bool:
        """True only for a Filmgate, which keeps `client_ref` as Idempotency-Key for 24 hours.

        False for an account set to "auto" until the server has been asked who it is, by a submit or a find.
        """
        return self._dialect is Dialect.FILMGATE

    async def close(self) -> None:
        await self._upstream.close()

    async def submit(self, request: VideoRequest, *, client_ref: str, callback_url: str | None = None) -> ProviderTask:
        """POST /videos, one output. Where the dialect is not known yet, the server is asked for it first."""
        try:
            dialect = await self._speak()
        except UpstreamBusy as error:
            raise _not_sent(error) from error
        images = await load_images(request.images, self._tools.read_input)
        call = create_call(dialect, request, images, client_ref)
        headers = self._headers | ({"idempotency-key": client_ref} if dialect is Dialect.FILMGATE else {})
        reply = await self._upstream.pay("/videos", headers=headers, json=call.json_body, files=call.parts)
        answer = reply.json()
        task_id = id_of(video_in(answer))
        if reply.is_success and task_id:
            return accepted(task_id, reply, **self._to_keep(dialect))
        if "idempotency_conflict" in codes_in(answer):
            # Under this key it has a video already, made by another wording of the same attempt.
            raise OutcomeUnknown(explained(reply)["message"], upstream_code="idempotency_conflict")
        raise submit_error(reply, **explained(reply, for_submit=True))

    async def poll(self, task: ProviderTask) -> Answer:
        """GET /videos/{id}. vLLM-Omni tells of a failed job with an error status and the Video as its body."""
        dialect = _dialect_of(task)
        reply = await self._upstream.ask("GET", _path_of(task), headers=self._headers)
        video = video_in(reply.json())
        is_video = reply.is_success and status_of(video)
        if is_video or (id_of(video) == task.id and is_failure(video)):
            return verdict(dialect, video, task_id=task.id, base_url=self.base_url)
        if dialect in OWN_ENGINES and is_forgotten(reply) and not self._is_young(task):
            return forgotten(dialect)
        raise query_error(reply, **explained(reply))

    async def cancel(self, task: ProviderTask) -> bool:
        """vLLM-Omni stops a job that is deleted, and Filmgate has a route for it. The others have neither.

        SGLang would only forget the job and go on computing; the original deletes finished videos only.
        """
        match _dialect_of(task):
            case Dialect.VLLM_OMNI:
                reply = await self._upstream.ask("DELETE", _path_of(task), headers=self._headers)
                if reply.is_success or is_forgotten(reply):
                    return True
                raise query_error(reply, **explained(reply))
            case Dialect.FILMGATE:
                reply = await self._upstream.ask("POST", f"{_path_of(task)}/cancel", headers=self._headers)
                return _was_stopped_there(reply)
            case _:
                return False

    async def find(
        self, request: VideoRequest, *, client_ref: str, submitted_at: float, taken: Collection[str]
    ) -> Found | Absent | Unsure:
        """In the server's list of videos; `openai_search` says by which mark."""
        dialect = await self._speak()
        return await find_lost(
            self._upstream, self._headers, dialect, request,
            client_ref=client_ref, submitted_at=submitted_at, taken=taken,
        )  # fmt: skip

    async def download_headers(self, url: str) -> Mapping[str, str]:
        """The key for the server's own /content; nothing for a link to elsewhere."""
        return self._headers if self._upstream.is_own(url) else {}

    def _to_keep(self, dialect: Dialect) -> dict[str, Any]:
        """What the polls of a new task need to know."""
        kept: dict[str, Any] = {"dialect": dialect.value}
        return kept | ({"submitted_at": int(self._tools.clock.now())} if dialect in OWN_ENGINES else {})

    def _is_young(self, task: ProviderTask) -> bool:
        """Whether some part of a busy server may not know of it yet."""
        age_seconds = seconds_since_submit(task, self._tools.clock)
        return age_seconds is not None and age_seconds < _YOUNG_SECONDS

    async def _speak(self) -> Dialect:
        """The server's dialect, asked for once in a process. Raises UpstreamBusy."""
        async with self._guessing:
            if self._dialect is None:
                self._dialect = await guess_dialect(self._upstream, self._headers)
            return self._dialect


KIND = ProviderKind(
    name="openai",
    credentials=OpenAICredentials,
    open=OpenAIProvider,
    # The key alone names no server any more: OpenAI's own is gone.
    environment={"OPENAI_BASE_URL": "base_url", "OPENAI_API_KEY": "api_key"},
    required=(("OPENAI_BASE_URL",),),
    max_concurrent=5,  # our own bound: each server has its own, and few of them tell it
)


def _path_of(task: ProviderTask) -> str:
    """LiteLLM's ids are base64, with `=` and even `/` in them."""
    return f"/videos/{in_path(task.id)}"


def _dialect_of(task: ProviderTask) -> Dialect:
    told = text_at(task.data, "dialect")
    return Dialect(told) if told in list(Dialect) else Dialect.OPENAI


def _not_sent(error: UpstreamBusy) -> UpstreamRefused:
    """The server did not even say who it is, so the paid call was not made."""
    return UpstreamRefused(
        error.message,
        error_class=error.error_class,
        retryable=error.error_class in (ErrorClass.TRANSIENT, ErrorClass.RATE_LIMIT),
        upstream_code=error.upstream_code,
        retry_after_seconds=error.retry_after_seconds,
    )


def _was_stopped_there(reply: Reply) -> bool:
    """Only a video that ended as cancelled and was not booked: whatever it runs on may not be stoppable either."""
    video = reply.json()
    if reply.status in (404, 409):
        return False
    if reply.status != 200:
        raise query_error(reply, **explained(reply))
    cancelled = text_at(video, "error", "code") == FailureCode.CANCELLED
    return cancelled and filmgate_charge(video) is Charged.NO
