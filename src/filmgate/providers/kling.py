"""Kling AI (Kuaishou), in both of its API designs.

- "path": the model stands in the path (`/text-to-video/kling-3.0`), all tasks are polled at `/tasks`. API keys only.
- "model_name": the older paths (`/v1/videos/text2video`), for an API key, or an access key with a secret (JWT).

The catalogue has a table `wire.<design>` for each design that a model is reached by. Where it has both, the account's
credentials decide; a task remembers what it was made by.

Source: klingai.com/document-api and its error table, in copies of 2026-06 to 2026-10; see docs/providers/kling.md.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, Self

from pydantic import SecretStr, model_validator
from standardwebhooks import Webhook

from filmgate.core.errors import ErrorClass, UpstreamBusy, UpstreamRefused
from filmgate.core.lenient import at, int_at, list_at, text_at
from filmgate.core.provider import Absent, Answer, CallbackHeard, Found, Pending, ProviderTask, Unsure
from filmgate.core.request import VideoRequest
from filmgate.net.upstream import Upstream
from filmgate.providers.images import load_images
from filmgate.providers.kind import Credentials, ProviderKind, Tools
from filmgate.providers.kling_replies import NOT_FOUND, explained, task_id_of, verdict
from filmgate.providers.kling_requests import (
    MODEL_NAME,
    PATH,
    kind_of,
    model_name_design_body,
    path_design_body,
    refuse_beyond_older_limits,
    task_options,
)
from filmgate.providers.outgoing import in_path
from filmgate.providers.verdicts import accepted, query_error, submit_error

_BASE_URLS = {"singapore": "https://api-singapore.klingai.com", "beijing": "https://api-beijing.klingai.com"}
_JWT_LIFE_SECONDS = 1800
_JWT_SKEW_SECONDS = 5
_CALLBACK_TOLERANCE_SECONDS = 300
_MOST_TIMESTAMP_DIGITS = 12
_MOST_POLLED = 50  # the vendor names no limit; this keeps the URL below 2,000 characters


class KlingCredentials(Credentials):
    """An API key, or an access key with its secret (which reach the older paths only)."""

    api_key: SecretStr | None = None
    access_key: SecretStr | None = None
    secret_key: SecretStr | None = None
    webhook_secret: SecretStr | None = None  # whsec_…, from the vendor's console: callbacks are then signed
    region: Literal["singapore", "beijing"] = "singapore"
    base_url: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.access_key is None) != (self.secret_key is None):
            raise ValueError("access_key and secret_key of an account of kling go together; one of them is missing")
        if self.api_key is None and self.access_key is None:
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
        secrets = (credentials.api_key, credentials.access_key, credentials.secret_key, credentials.webhook_secret)
        self._upstream = Upstream(
            credentials.base_url or _BASE_URLS[credentials.region],
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
        design = _design(self._credentials, request.wire)
        if design is None:
            message = f"{request.model} is reached with an API key only; this account has an access key"
            raise UpstreamRefused(message, error_class=ErrorClass.MODEL)
        kind = kind_of(request, design)
        options = task_options(request, client_ref, callback_url)
        if design == MODEL_NAME:
            refuse_beyond_older_limits(request)
        images = await load_images(request.images, self._tools.read_input)
        if design == PATH:
            path, body = f"/{kind}/{request.upstream_model}", path_design_body(request, images) | {"options": options}
        else:
            path, body = f"/v1/videos/{kind}", model_name_design_body(request, images) | options
        reply = await self._upstream.pay(path, headers=self._headers(design), json=body)
        answer = reply.json()
        if reply.status != 200 or int_at(answer, "code") != 0:
            raise submit_error(reply, **explained(reply, answer, for_submit=True))
        return accepted(task_id_of(at(answer, "data")), reply, design=design, kind=kind)

    async def poll(self, task: ProviderTask) -> Answer:
        """One task. A young task that the vendor does not know yet is pending."""
        unknown = Pending(warning="Kling does not know this task, or not yet")
        if task.data.get("design") == PATH:
            return (await self.poll_many([task])).get(task.id, unknown)
        path = f"/v1/videos/{task.data.get('kind', 'text2video')}/{in_path(task.id)}"
        answer = await self._ask(path, MODEL_NAME)
        return unknown if answer is None else verdict(at(answer, "data"))

    def batch_key(self, task: ProviderTask) -> str | None:
        return "tasks" if task.data.get("design") == PATH else None

    async def poll_many(self, tasks: Sequence[ProviderTask]) -> Mapping[str, Answer]:
        """Tasks of the path design only. The vendor answers 200 with a shorter list where it knows fewer."""
        answer = await self._ask("/tasks", PATH, {"task_ids": ",".join(task.id for task in tasks)})
        told = {task_id_of(each): each for each in list_at(answer, "data")}
        return {task.id: verdict(told[task.id]) for task in tasks if task.id in told}

    async def cancel(self, task: ProviderTask) -> bool:
        """Kling documents no way to stop a task."""
        return False

    async def find(
        self, request: VideoRequest, *, client_ref: str, submitted_at: float, taken: Collection[str]
    ) -> Found | Absent | Unsure:
        """By `external_task_id`, which is ours and unique."""
        design = _design(self._credentials, request.wire)
        if design is None:
            return Unsure("the account has no API key, without which this model's tasks cannot be asked for")
        kind = kind_of(request, design)
        if design == PATH:
            answer = await self._ask("/tasks", design, {"external_task_ids": client_ref})
            told, absent = list_at(answer, "data"), at(answer, "data") == []
        else:
            answer = await self._ask(f"/v1/videos/{kind}/{in_path(client_ref)}", design)
            told, absent = [at(answer, "data")], answer is None
        if absent:
            return Absent()
        for each in told:
            task_id = task_id_of(each)
            external_id = text_at(each, "external_id") or text_at(each, "task_info", "external_task_id")
            if task_id and (external_id == client_ref or (external_id is None and len(told) == 1)):
                return Found(ProviderTask(task_id, {"design": design, "kind": kind}))
        return Unsure("Kling's answer names no task of this attempt")

    def hear(self, headers: Mapping[str, str], body: bytes, *, now: float) -> CallbackHeard:
        """Standard Webhooks, where the account has a secret; without one the vendor does not sign."""
        secret = self._credentials.webhook_secret
        return CallbackHeard(secret is None or _signed(headers, body, secret.get_secret_value(), now))

    async def _ask(self, path: str, design: str, params: Mapping[str, str] | None = None) -> Any:
        """The vendor's answer; None where it says that there is no such thing. Raises UpstreamBusy."""
        reply = await self._upstream.ask("GET", path, headers=self._headers(design), params=params)
        answer = reply.json()
        code = int_at(answer, "code")
        if code == NOT_FOUND:
            return None
        if reply.status != 200 or code != 0:
            raise query_error(reply, **explained(reply, answer))
        return answer

    def _headers(self, design: str) -> dict[str, str]:
        if self._credentials.api_key is not None:
            return {"authorization": f"Bearer {self._credentials.api_key.get_secret_value()}"}
        if design == PATH:  # submitted while the account still had its key
            message = "this task was made with an API key, which the account no longer has; set api_key again"
            raise UpstreamBusy(message, error_class=ErrorClass.OPERATOR)
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
        import jwt  # slow to load, and most accounts have an API key

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
    serves=lambda credentials, wire: _design(credentials, wire) is not None,
)


def _design(credentials: KlingCredentials, wire: Mapping[str, Any]) -> str | None:
    """The newer of the designs that both the model and the credentials reach; None: there is none."""
    reached = (PATH, MODEL_NAME) if credentials.api_key is not None else (MODEL_NAME,)
    return next((design for design in reached if design in wire), None)


def _signed(headers: Mapping[str, str], body: bytes, secret: str, now: float) -> bool:
    message_id, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if (
        not sent_at.isdecimal()
        or len(sent_at) > _MOST_TIMESTAMP_DIGITS
        or abs(now - int(sent_at)) > _CALLBACK_TOLERANCE_SECONDS
    ):
        return False
    at_time = datetime.fromtimestamp(int(sent_at), UTC)
    wanted = Webhook(secret).sign(message_id, at_time, body.decode("utf-8", "replace"))
    given = [signature.encode() for signature in headers.get("webhook-signature", "").split()]
    return any(hmac.compare_digest(wanted.encode(), signature) for signature in given)
