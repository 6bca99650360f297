"""Kling AI (Kuaishou), in both of its API designs.

The catalogue says which design a model is reached by (`wire.design`):

- "path": the model stands in the path (`/text-to-video/kling-3.0`), API keys only, all tasks are polled at `/tasks`.
- "model_name": the older paths (`/v1/videos/text2video`), an API key or an access key with a secret (JWT).

Source: klingai.com/document-api and its error table, in copies of 2026-06 to 2026-10; see docs/providers/kling.md.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, Self
from urllib.parse import quote

import jwt
from pydantic import SecretStr, model_validator
from standardwebhooks import Webhook

from filmgate.core.errors import ErrorClass, UpstreamRefused
from filmgate.core.lenient import at, int_at, list_at, text_at
from filmgate.core.provider import (
    Absent,
    Answer,
    CallbackHeard,
    Failed,
    Found,
    Pending,
    ProviderTask,
    Succeeded,
    Unsure,
)
from filmgate.core.request import Mode, VideoRequest
from filmgate.core.video import FailureCode
from filmgate.net.upstream import Reply, Upstream
from filmgate.providers.images import SentImages, load_images
from filmgate.providers.kind import Credentials, ProviderKind, Tools
from filmgate.providers.verdicts import accepted, query_error, submit_error

_HOSTS = {"singapore": "https://api-singapore.klingai.com", "beijing": "https://api-beijing.klingai.com"}
_JWT_LIFE_SECONDS = 1800
_JWT_SKEW_SECONDS = 5
_CALLBACK_TOLERANCE_SECONDS = 300
_MOST_POLLED = 50  # the vendor names no limit; this keeps the URL below 2,000 characters

# The vendor's codes. 1100 to 1102 and 1304 come with HTTP 429 and yet are not about speed.
_OPERATOR_CODES = frozenset({1000, 1001, 1002, 1003, 1004, 1100, 1101, 1102, 1103, 1202, 1203, 1304})
_CALLER_CODES = frozenset({1200, 1201})
_MODERATION_CODES = frozenset({1300, 1301})
_RATE_CODES = frozenset({1302, 1303})
_MAINTENANCE = 5001
_ADVICE = {
    1002: "the key is wrong, or belongs to another region, or is an access key on a path that takes API keys only",
    1003: "the token is not valid yet: set this machine's clock",
    1004: "the token has expired: set this machine's clock",
    1100: "the vendor reports a problem with the account",
    1101: "the account is in arrears",
    1102: "the account's resource pack is used up or has expired",
    1103: "the account has no right to this model",
    1304: "this machine's address is not on the account's allow-list",
}


class KlingCredentials(Credentials):
    """An API key, or an access key with its secret (which reach the older paths only)."""

    api_key: SecretStr | None = None
    access_key: SecretStr | None = None
    secret_key: SecretStr | None = None
    webhook_secret: SecretStr | None = None  # whsec_…, from the vendor's console: callbacks are then signed
    region: Literal["singapore", "beijing"] = "singapore"
    base_url: str | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        pair = (self.access_key is not None, self.secret_key is not None)
        if self.api_key is None and not all(pair):
            raise ValueError("an account of kling needs api_key, or both access_key and secret_key")
        if self.webhook_secret is not None:
            try:
                Webhook(self.webhook_secret.get_secret_value())
            except Exception:  # noqa: BLE001 - the library raises whatever base64 does
                raise ValueError("webhook_secret must be the vendor's whsec_… text") from None
        return self


class KlingProvider:
    """Stateless; one for each account."""

    most_polled = _MOST_POLLED

    def __init__(self, credentials: KlingCredentials, tools: Tools) -> None:
        self._credentials = credentials
        self._tools = tools
        secrets = (credentials.api_key, credentials.secret_key)
        self._upstream = Upstream(
            credentials.base_url or _HOSTS[credentials.region],
            secrets=[secret.get_secret_value() for secret in secrets if secret],
            transport=tools.transport,
        )

    @property
    def base_url(self) -> str:
        return self._upstream.base_url

    async def close(self) -> None:
        await self._upstream.close()

    async def submit(self, request: VideoRequest, *, client_ref: str, callback_url: str | None = None) -> ProviderTask:
        """POST to the path of the model's design. `client_ref` goes along as `external_task_id`, unique per account."""
        design = request.wire["design"]
        headers = self._headers(design)
        images = await load_images(request.images, self._tools.read_input)
        kind = request.wire["paths"][request.mode]
        if design == "path":
            path, body = f"/{kind}/{request.upstream_model}", path_design_body(request, images)
            body["options"] |= _options(request, client_ref, callback_url)
        else:
            path, body = f"/v1/videos/{kind}", model_name_design_body(request, images)
            body |= _options(request, client_ref, callback_url)
        reply = await self._upstream.pay(path, headers=headers, json=body)
        answer = reply.json()
        if reply.status != 200 or int_at(answer, "code") != 0:
            raise submit_error(reply, **_explained(reply, answer, for_submit=True))
        task_id = text_at(answer, "data", "id") or text_at(answer, "data", "task_id")
        return accepted(task_id, reply, design=design, kind=kind)

    async def poll(self, task: ProviderTask) -> Answer:
        """One task. A young task that the vendor does not know yet is pending."""
        if task.data.get("design") == "path":
            found = await self.poll_many([task])
            return found.get(task.id, Pending(warning="Kling does not list this task"))
        path = f"/v1/videos/{task.data.get('kind', 'text2video')}/{quote(task.id, safe='')}"
        answer = await self._ask(path, "model_name")
        return _verdict(at(answer, "data"))

    def batch_key(self, task: ProviderTask) -> str | None:
        return "tasks" if task.data.get("design") == "path" else None

    async def poll_many(self, tasks: Sequence[ProviderTask]) -> Mapping[str, Answer]:
        """Tasks of the path design only. The vendor answers 200 with a shorter list where it knows fewer."""
        ids = ",".join(task.id for task in tasks)
        answer = await self._ask("/tasks", "path", {"task_ids": ids})
        verdicts: dict[str, Answer] = {}
        for told in list_at(answer, "data"):
            if task_id := text_at(told, "id"):
                verdicts[task_id] = _verdict(told)
        return verdicts

    async def cancel(self, task: ProviderTask) -> bool:
        """Kling documents no way to stop a task."""
        return False

    async def find(
        self, request: VideoRequest, *, client_ref: str, submitted_at: float, taken: Collection[str]
    ) -> Found | Absent | Unsure:
        """By `external_task_id`, which is ours and unique."""
        design, kind = request.wire["design"], request.wire["paths"][request.mode]
        if design == "path":
            answer = await self._ask("/tasks", "path", {"external_task_ids": client_ref})
            told = at(answer, "data", 0)
            if at(answer, "data") == []:
                return Absent()
            task_id = text_at(told, "id")
        else:
            reply = await self._upstream.ask(
                "GET", f"/v1/videos/{kind}/{client_ref}", headers=self._headers("model_name")
            )
            answer = reply.json()
            if int_at(answer, "code") == 1203:
                return Absent()
            if int_at(answer, "code") != 0:
                raise query_error(reply, **_explained(reply, answer))
            task_id = text_at(answer, "data", "task_id")
        return (
            Found(ProviderTask(task_id, {"design": design, "kind": kind})) if task_id else Unsure("no task id is told")
        )

    def hear(self, headers: Mapping[str, str], body: bytes, *, now: float) -> CallbackHeard:
        """Standard Webhooks, where the account has a secret; without one the vendor does not sign."""
        secret = self._credentials.webhook_secret
        return CallbackHeard(secret is None or _signed(headers, body, secret.get_secret_value(), now))

    async def _ask(self, path: str, design: str, params: Mapping[str, str] | None = None) -> Any:
        reply = await self._upstream.ask("GET", path, headers=self._headers(design), params=params)
        answer = reply.json()
        if reply.status != 200 or int_at(answer, "code") != 0:
            raise query_error(reply, **_explained(reply, answer))
        return answer

    def _headers(self, design: str) -> dict[str, str]:
        if self._credentials.api_key is not None:
            return {"authorization": f"Bearer {self._credentials.api_key.get_secret_value()}"}
        if design == "path":
            message = (
                "this model is reached with an API key only, and the account has an access key; "
                "set api_key on the account"
            )
            raise UpstreamRefused(message, error_class=ErrorClass.OPERATOR, upstream_code="1002")
        return {"authorization": f"Bearer {self._token()}"}

    def _token(self) -> str:
        """Signed anew for every call, so that none is sent after its time."""
        access_key, secret_key = self._credentials.access_key, self._credentials.secret_key
        now = int(self._tools.clock.now())
        claims = {
            "iss": access_key.get_secret_value() if access_key else "",
            "exp": now + _JWT_LIFE_SECONDS,
            "nbf": now - _JWT_SKEW_SECONDS,
        }
        return jwt.encode(claims, secret_key.get_secret_value() if secret_key else "", algorithm="HS256")


KIND = ProviderKind(
    name="kling",
    credentials=KlingCredentials,
    open=KlingProvider,
    environment={
        "KLING_API_KEY": "api_key",
        "KLING_ACCESS_KEY": "access_key",
        "KLING_SECRET_KEY": "secret_key",
        "KLING_BASE_URL": "base_url",
    },
    required=(("KLING_API_KEY",), ("KLING_ACCESS_KEY", "KLING_SECRET_KEY")),
    max_concurrent=20,  # the smallest video pack, 2026-08-26
)


# ── our request → theirs ────────────────────────────────────────────────────────────────────────────────────────────


def path_design_body(request: VideoRequest, images: SentImages) -> dict[str, Any]:
    """`prompt` on text-to-video, typed `contents` everywhere else."""
    known = request.wire["settings"]
    settings: dict[str, Any] = {"resolution": request.resolution, "duration": int(request.duration_seconds)}
    if request.mode not in (Mode.IMAGE_TO_VIDEO, Mode.FIRST_LAST_FRAME):
        settings["aspect_ratio"] = request.aspect_ratio
    if request.generate_audio is not None:
        settings["audio"] = "native" if request.generate_audio else "off"
    # The vendor's default is true, which cuts a prompt into several shots: one request is one shot unless asked.
    settings["multi_shot"] = request.provider_options.get("multi_shot", False)
    settings = {name: value for name, value in settings.items() if name in known and value is not None}
    if request.wire["paths"][request.mode] == "text-to-video":
        return {"prompt": request.prompt, "settings": settings, "options": {}}
    contents: list[dict[str, Any]] = []
    if request.prompt:
        contents.append({"type": "prompt", "text": request.prompt})
    for role, image in (("first_frame", images.first_frame), ("last_frame", images.last_frame)):
        if image:
            contents.append({"type": role, "url": image.link_or_base64})
    for number, image in enumerate(images.references, start=1):
        contents.append({"type": "refer_image", "id": f"image_{number}", "url": image.link_or_base64})
    return {"contents": contents, "settings": settings, "options": {}}


def model_name_design_body(request: VideoRequest, images: SentImages) -> dict[str, Any]:
    """Flat; `duration` is text, and base64 has no prefix. `model_name` is always sent: its default is a dead model."""
    body: dict[str, Any] = {
        "model_name": request.upstream_model,
        "prompt": request.prompt,
        "negative_prompt": request.negative_prompt,
        "duration": f"{request.duration_seconds:g}",
        "mode": _quality(request),
        "image": images.first_frame.link_or_base64 if images.first_frame else None,
        "image_tail": images.last_frame.link_or_base64 if images.last_frame else None,
        "aspect_ratio": request.aspect_ratio if request.mode is Mode.TEXT_TO_VIDEO else None,
        "camera_control": {"type": request.camera} if request.camera and request.camera != "simple" else None,
    }
    options = {name: value for name, value in request.provider_options.items() if name != "watermark_info"}
    return {name: value for name, value in body.items() if value is not None} | options


def _quality(request: VideoRequest) -> str | None:
    """std or pro: by the resolution on most models, by `quality_level` on the first."""
    quality: Mapping[str, str] = request.wire.get("quality", {})
    return quality.get(request.quality_level or "") or quality.get(request.resolution or "")


def _options(request: VideoRequest, client_ref: str, callback_url: str | None) -> dict[str, Any]:
    watermark = request.provider_options.get("watermark_info", {"enabled": False})
    options: dict[str, Any] = {"external_task_id": client_ref, "watermark_info": watermark}
    return options | ({"callback_url": callback_url} if callback_url else {})


# ── their answer → our verdict ──────────────────────────────────────────────────────────────────────────────────────


def _verdict(told: Any) -> Answer:
    """One task, in either design."""
    status = text_at(told, "status") or text_at(told, "task_status")
    if status in ("succeed", "succeeded"):
        link = _link(told)
        if link is None:
            message = "Kling reports success without a file"
            return Failed(FailureCode.PROVIDER_FAILED, message, upstream_code=status)
        return Succeeded(url=link)
    if status == "failed":
        reason = text_at(told, "message") or text_at(told, "task_status_msg") or "no reason was given"
        return _failure(reason)
    if status in ("submitted", "processing"):
        return Pending()
    return Pending(warning=f"Kling reports the unknown status {status!r}")


def _link(told: Any) -> str | None:
    for output in list_at(told, "outputs"):
        if text_at(output, "type") == "video" and (url := text_at(output, "url")):
            return url
    return text_at(told, "task_result", "videos", 0, "url")


# A failed task carries free text only. The vendor gives no list; "risk control" is the wording seen in the field.
_MODERATION_WORDS = ("risk control", "sensitive", "content policy", "content security", "violat")


def _failure(reason: str) -> Failed:
    """Failed tasks are returned to the pack, by the vendor's account; its pages do not say so: unknown."""
    if any(word in reason.casefold() for word in _MODERATION_WORDS):
        return Failed(FailureCode.CONTENT_POLICY_VIOLATION, reason, ErrorClass.MODERATION, upstream_code="failed")
    return Failed(FailureCode.PROVIDER_FAILED, reason, upstream_code="failed")


def _explained(reply: Reply, answer: Any, *, for_submit: bool = False) -> dict[str, Any]:
    """The vendor's code as the arguments of `submit_error` and `query_error`."""
    code = int_at(answer, "code")
    if code is None or code == 0:
        return {}
    message = text_at(answer, "message") or f"HTTP {reply.status}"
    advice = f" ({_ADVICE[code]})" if code in _ADVICE else ""
    error_class = _class_of(code)
    if for_submit and code == _MAINTENANCE:
        error_class = ErrorClass.TRANSIENT  # closed for maintenance: it does not take tasks, by its own table
    return {"message": f"{message}{advice}", "upstream_code": str(code), "error_class": error_class}


def _class_of(code: int) -> ErrorClass | None:
    """None for 5000 and 5002 too: the task may exist."""
    for codes, error_class in (
        (_OPERATOR_CODES, ErrorClass.OPERATOR),
        (_CALLER_CODES, ErrorClass.CALLER),
        (_MODERATION_CODES, ErrorClass.MODERATION),
        (_RATE_CODES, ErrorClass.RATE_LIMIT),
    ):
        if code in codes:
            return error_class
    return None


def _signed(headers: Mapping[str, str], body: bytes, secret: str, now: float) -> bool:
    message_id, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not sent_at.isdecimal() or abs(now - int(sent_at)) > _CALLBACK_TOLERANCE_SECONDS:
        return False
    at_time = datetime.fromtimestamp(int(sent_at), UTC)
    wanted = Webhook(secret).sign(message_id, at_time, body.decode("utf-8", "replace"))
    given = [signature.encode() for signature in headers.get("webhook-signature", "").split()]
    return any(hmac.compare_digest(wanted.encode(), signature) for signature in given)
