"""Gemini Omni on the Gemini API, by its Interactions API.

The API has no fields for the roles of images: they are marks in the prompt, `<FIRST_FRAME>`, `<LAST_FRAME>` and
`<IMAGE_REF_0>`. An image that no mark names may be ignored (seen live on 2026-08-28), so the marks are put there.

Source: ai.google.dev/gemini-api/docs/omni, copy of 2026-09-18 (request, marks, files), and what a production adapter,
bike4mind, has recorded (statuses, errors, cancel); see docs/providers/gemini.md.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any, cast

import httpx
from pydantic import SecretStr

from filmgate.core.errors import Charged, ErrorClass, UpstreamBusy
from filmgate.core.lenient import at, int_at, list_at, text_at
from filmgate.core.provider import Answer, Failed, Pending, ProviderTask, Succeeded
from filmgate.core.request import Mode, VideoRequest
from filmgate.core.video import FailureCode
from filmgate.net.upstream import Upstream
from filmgate.providers.google_errors import explained, explained_of_task, is_blocked, read_error
from filmgate.providers.images import SentImage, SentImages, load_images
from filmgate.providers.inline_result import MOST_INLINE_REPLY_BYTES, save_inline
from filmgate.providers.kind import Credentials, ProviderKind, Tools
from filmgate.providers.outgoing import in_path
from filmgate.providers.verdicts import accepted, query_error, readable, submit_error

_PATH = "/v1beta/interactions"
_ADVICE = {
    "UNAUTHENTICATED": "the API key is wrong",
    "PERMISSION_DENIED": "the API key has no right to this model",
    "NOT_FOUND": "the model is not offered to this API key, or Google has retired it",
    "FAILED_PRECONDITION": "Gemini Omni is for paid projects, and not offered in every country",
    "RESOURCE_EXHAUSTED": "the quota of the key's project",
}
_TASKS = {
    Mode.TEXT_TO_VIDEO: "text_to_video",
    Mode.IMAGE_TO_VIDEO: "image_to_video",
    Mode.FIRST_LAST_FRAME: "image_to_video",
    Mode.REFERENCE_TO_VIDEO: "reference_to_video",
}
_MARK = re.compile(r"<(FIRST_FRAME|LAST_FRAME|IMAGE_REF_\d+)>|\[# ")
_RUNNING = ("queued", "in_progress")
_ENDED_BADLY = {
    "failed": "the interaction failed",
    "cancelled": "the interaction was cancelled",
    "incomplete": "the interaction ended before the clip was complete",
    "budget_exceeded": "the interaction ran out of its token budget",
    "requires_action": "the interaction waits for an action that nobody can take",
}


class GeminiCredentials(Credentials):
    api_key: SecretStr
    base_url: str = "https://generativelanguage.googleapis.com"


class GeminiProvider:
    """Stateless; one for each account. There is no list of interactions: a lost submit cannot be found again."""

    def __init__(self, credentials: GeminiCredentials, tools: Tools) -> None:
        self._tools = tools
        api_key = credentials.api_key.get_secret_value()
        self._headers = {"x-goog-api-key": api_key}
        self._upstream = Upstream(credentials.base_url, secrets=[api_key], transport=tools.transport)

    @property
    def base_url(self) -> str:
        return self._upstream.base_url

    async def close(self) -> None:
        await self._upstream.close()

    async def submit(self, request: VideoRequest, *, client_ref: str, callback_url: str | None = None) -> ProviderTask:
        """POST an interaction that runs in the background. The API has no place for `client_ref`."""
        images = await load_images(request.images, self._tools.read_input)
        reply = await self._upstream.pay(_PATH, headers=self._headers, json=interaction_body(request, images))
        answer = reply.json()
        interaction_id = text_at(answer, "id")
        if reply.status != 200 or (interaction_id is None and read_error(answer) is not None):
            raise submit_error(reply, **explained(reply, answer, _ADVICE))
        return accepted(interaction_id, reply, client_ref=client_ref)

    async def poll(self, task: ProviderTask) -> Answer:
        """GET the interaction; when it is completed, also ask once whether its file can be downloaded yet."""
        reply = await self._upstream.ask(
            "GET", _path_of(task), headers=self._headers, max_bytes=MOST_INLINE_REPLY_BYTES
        )
        answer = await asyncio.to_thread(reply.json)
        status = text_at(answer, "status")
        if reply.status != 200 or status is None:
            raise query_error(reply, **explained_of_task(reply, answer, _ADVICE))
        if status in _RUNNING:
            return Pending()
        if status == "completed":
            return await self._completed(answer, task)
        if status in _ENDED_BADLY:
            return _failure(status, answer)
        return Pending(warning=f"Gemini reports the unknown status {status!r}")

    async def cancel(self, task: ProviderTask) -> bool:
        """Ask Google to stop the interaction. Always False: what a cancelled one costs is not documented."""
        reply = await self._upstream.ask("POST", f"{_path_of(task)}/cancel", headers=self._headers)
        if reply.status == 200:
            return False
        told = explained(reply, reply.json(), _ADVICE)
        if reply.status in (404, 409) or (reply.status == 400 and told.get("error_class") is not ErrorClass.OPERATOR):
            return False
        raise query_error(reply, **told)

    async def download_headers(self, url: str) -> Mapping[str, str]:
        """The key, for the API's own host only."""
        return self._headers if self._upstream.is_own(url) else {}

    async def _completed(self, answer: Any, task: ProviderTask) -> Answer:
        output = [item for step in list_at(answer, "steps") for item in _output_of(step)]
        for item in output:
            if text_at(item, "type") != "video":
                continue
            if (link := text_at(item, "uri")) is not None:
                return await self._file(link)
            encoded = at(item, "data")
            if isinstance(encoded, str) and encoded:
                name = text_at(task.data, "client_ref") or task.id
                path = await asyncio.to_thread(save_inline, encoded, self._tools.work_dir, name)
                return Succeeded(path=str(path))
        return _without_clip(answer, " ".join(text for item in output if (text := text_at(item, "text"))))

    async def _file(self, link: str) -> Answer:
        """`link` once its file is ready. Where that cannot be learned, the download will show it."""
        file, _, _ = link.partition("?")
        if not self._upstream.is_own(link) or "/files/" not in file:
            return Succeeded(url=link)
        try:
            reply = await self._upstream.ask("GET", file.removesuffix(":download"), headers=self._headers)
            state = text_at(reply.json(), "state") if reply.status == 200 else None
        except UpstreamBusy:
            state = None
        if state == "PROCESSING":
            return Pending()
        if state == "FAILED":
            return Failed(FailureCode.PROVIDER_FAILED, "Google could not process the clip that it made")
        return Succeeded(url=_download_link(link))


KIND = ProviderKind(
    name="gemini",
    credentials=GeminiCredentials,
    open=GeminiProvider,
    environment={"GEMINI_API_KEY": "api_key", "GOOGLE_API_KEY": "api_key", "GEMINI_BASE_URL": "base_url"},
    required=(("GEMINI_API_KEY",), ("GOOGLE_API_KEY",)),
    max_concurrent=5,  # our own bound: Google publishes none for interactions
)


# ── our request → theirs ────────────────────────────────────────────────────────────────────────────────────────────


def interaction_body(request: VideoRequest, images: SentImages) -> dict[str, Any]:
    """`duration` is text with an "s". Without `background` the POST would wait for the whole generation."""
    sent = [_image(image) for _, image in images.by_role()]
    prompt = request.prompt or ""
    text = prompt if _MARK.search(prompt) else _marks(images) + prompt
    return {
        "model": request.upstream_model,
        "input": [*sent, {"type": "text", "text": text}] if sent else prompt,
        "background": True,
        "response_format": {
            "type": "video",
            "delivery": "uri",
            "aspect_ratio": request.aspect_ratio,
            "resolution": request.resolution,
            "duration": f"{request.duration_seconds:g}s",
        },
        "generation_config": {"video_config": {"task": _TASKS[request.mode]}},
    }


def _marks(images: SentImages) -> str:
    """What each image is for, in the order in which they are sent. A prompt with marks of its own is left alone."""
    if images.references:
        named = " ".join(f"<IMAGE_REF_{index}>@Image{index + 1}" for index in range(len(images.references)))
        return f"[# References {named}] "
    first = "<FIRST_FRAME> " if images.first_frame else ""
    last = "<LAST_FRAME> " if images.last_frame else ""
    return first + last


def _image(image: SentImage) -> dict[str, str]:
    return {"type": "image", "data": image.base64, "mime_type": image.media_type}


def _path_of(task: ProviderTask) -> str:
    return f"{_PATH}/{in_path(task.id)}"


# ── their answer → our verdict ──────────────────────────────────────────────────────────────────────────────────────
# Google bills tokens, and publishes nothing on interactions that end badly: what those cost is unknown.


def _output_of(step: Any) -> list[Any]:
    """What the model made in one step. Raises UpstreamBusy where that cannot be read."""
    if text_at(step, "type") != "model_output":
        return []
    content = at(step, "content")
    if not isinstance(content, list):
        raise UpstreamBusy("the interaction is completed, and its output cannot be read")
    return cast("list[Any]", content)


def _download_link(link: str) -> str:
    """With `alt=media`, without which the address is that of the file's description."""
    return str(httpx.URL(link).copy_merge_params({"alt": "media"}))


def _without_clip(answer: Any, said: str) -> Failed:
    """Completed, with words only: that is how Gemini refuses. Video tokens say that there was a clip all the same."""
    used = list_at(answer, "usage", "output_tokens_by_modality")
    if any(text_at(each, "modality") == "video" and (int_at(each, "tokens") or 0) > 0 for each in used):
        message = "Gemini reports a clip without saying where it is"
        return Failed(
            FailureCode.PROVIDER_FAILED, message, charged=Charged.YES, upstream_code="completed", doubtful=True
        )
    reason = readable(said) or "it gave no reason"
    return Failed(
        FailureCode.CONTENT_POLICY_VIOLATION,
        f"Gemini answered without a clip, as it does when its safety rules forbid one: {reason}",
        ErrorClass.MODERATION,
        upstream_code="completed",
        doubtful=not said,
    )


def _failure(status: str, answer: Any) -> Failed:
    error = read_error(answer)
    message = readable((error.message if error else None) or _ENDED_BADLY[status])
    code = (error.status or error.code if error else None) or status
    is_moderated = error is not None and error.error_class is ErrorClass.MODERATION
    if is_moderated or is_blocked(text_at(answer, "finish_reason")):
        return Failed(FailureCode.CONTENT_POLICY_VIOLATION, message, ErrorClass.MODERATION, upstream_code=code)
    return Failed(FailureCode.PROVIDER_FAILED, message, upstream_code=code)
