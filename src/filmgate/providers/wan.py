"""Wan (Alibaba), on DashScope, the API of Model Studio.

All models share one call that creates a task and one that tells how it stands. The catalogue says in `wire` how a model
wants its request:

- `design`: "legacy" (up to 2.6) has a field of its own for each image, which `images` names; "media" (2.7, and 3.0 with
  one id for every task) has one list of typed images.
- `path`: the service's part of the URL. First and last frame of 2.1 and 2.2 are another service than the rest.
- `parameters`: what the model knows; nothing else is sent.
- `models`: what its id becomes in a region where it is called otherwise.

Source: alibabacloud.com/help/model-studio and the official Python SDK, in copies of 2026; see docs/providers/wan.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import SecretStr, field_validator, model_validator

from filmgate.core.errors import Charged, ErrorClass
from filmgate.core.lenient import at, int_at, list_at, number_at, text_at
from filmgate.core.provider import Absent, Answer, Failed, Found, Pending, ProviderTask, Succeeded, Unsure
from filmgate.core.request import VideoRequest
from filmgate.core.video import FailureCode
from filmgate.net.upstream import Reply, Upstream
from filmgate.providers.images import SentImages, load_images
from filmgate.providers.kind import Credentials, ProviderKind, Tools, matching
from filmgate.providers.outgoing import given, in_path
from filmgate.providers.verdicts import (
    accepted,
    failure_code,
    query_error,
    readable,
    seconds_since_submit,
    submit_error,
    without_file,
)

# Hong Kong has only hosts of workspaces.
_BASE_URLS = {
    "beijing": "https://dashscope.aliyuncs.com",
    "singapore": "https://dashscope-intl.aliyuncs.com",
    "virginia": "https://dashscope-us.aliyuncs.com",
}
_WORKSPACE_AREAS = {
    "beijing": "cn-beijing",
    "singapore": "ap-southeast-1",
    "virginia": "us-east-1",
    "hongkong": "cn-hongkong",
}
# Other programs keep the base URL of their own API in DASHSCOPE_BASE_URL: the SDK's, or the OpenAI-compatible one.
_OTHER_PROGRAMS_PATH = re.compile(r"/(?:api/v1|compatible-mode/v1)?/*$")

_TASKS = "/api/v1/tasks"
_TASK_LIFE_SECONDS = 24 * 3600.0
_PAGE_SIZE = 10  # the vendor's default; it names no maximum
_MOST_PAGES = 30
_MOST_CANDIDATES = 20
_CREATED_WITHIN_SECONDS = 1800.0  # of the submit: calls take their time, and clocks differ

# The vendor's codes, or what stands before their first dot.
_CLASSES = {
    "DataInspectionFailed": ErrorClass.MODERATION,
    "IPInfringementSuspect": ErrorClass.MODERATION,
    # Its InvalidParameter.DataInspection is no moderation: a link could not be fetched or read.
    "InvalidParameter": ErrorClass.CALLER,
    "InvalidURL": ErrorClass.CALLER,
    "InvalidFile": ErrorClass.CALLER,
    "InvalidImage": ErrorClass.CALLER,
    "BadRequest": ErrorClass.CALLER,
    "Arrearage": ErrorClass.OPERATOR,
    "CommodityNotPurchased": ErrorClass.OPERATOR,
    "PrepaidBillOverdue": ErrorClass.OPERATOR,
    "InvalidApiKey": ErrorClass.OPERATOR,
    "AccessDenied": ErrorClass.OPERATOR,
    "Model.AccessDenied": ErrorClass.MODEL,
    "AllocationQuota.FreeTierOnly": ErrorClass.OPERATOR,
    "ModelNotFound": ErrorClass.MODEL,
    "WorkSpaceNotFound": ErrorClass.OPERATOR,
    "Throttling": ErrorClass.RATE_LIMIT,
    "LimitRequests": ErrorClass.RATE_LIMIT,
}
# Of a submit they leave open whether a task exists; of a task they say that it failed through no fault of the caller.
_VENDOR_SIDE = ("InternalError", "ModelServing")
_ADVICE = {
    "InvalidApiKey": "the key is wrong, or belongs to another region than the account's",
    "ModelNotFound": "the account's region does not offer this model",
    "Model.AccessDenied": "the account has no right to this model, or it belongs to another region",
    "WorkSpaceNotFound": "the account's workspace_id is wrong, or belongs to another region",
    "Arrearage": "the account has an overdue bill",
    "AllocationQuota.FreeTierOnly": 'the free quota is used up; switch off "free tier only" in the console',
    "InvalidParameter.DataInspection": "DashScope could not fetch or read an image; a link must be public",
}


class WanCredentials(Credentials):
    """One API key. Key, host and model belong to one region: across regions a good key is refused as a wrong one."""

    api_key: SecretStr
    region: Literal["beijing", "singapore", "virginia", "hongkong"] = "singapore"
    workspace_id: Annotated[str, matching(r"[A-Za-z0-9-]+", "letters, digits and hyphens")] | None = None
    base_url: str | None = None

    @field_validator("base_url")
    @classmethod
    def _without_path_of_others(cls, url: str | None) -> str | None:
        return url and _OTHER_PROGRAMS_PATH.sub("", url)

    @model_validator(mode="after")
    def _has_host(self) -> Self:
        if self.region not in _BASE_URLS and self.workspace_id is None and self.base_url is None:
            raise ValueError(f"region {self.region} is reached through a workspace: set workspace_id")
        return self

    @property
    def host(self) -> str:
        if self.base_url is not None:
            return self.base_url
        if self.workspace_id is not None:
            return f"https://{self.workspace_id}.{_WORKSPACE_AREAS[self.region]}.maas.aliyuncs.com"
        return _BASE_URLS[self.region]


class WanProvider:
    """Stateless; one for each account."""

    def __init__(self, credentials: WanCredentials, tools: Tools) -> None:
        self._region = credentials.region
        self._tools = tools
        api_key = credentials.api_key.get_secret_value()
        self._headers = {"authorization": f"Bearer {api_key}"}
        if credentials.workspace_id is not None:
            self._headers["x-dashscope-workspace"] = credentials.workspace_id
        self._upstream = Upstream(credentials.host, secrets=[api_key], transport=tools.transport)

    @property
    def base_url(self) -> str:
        return self._upstream.base_url

    async def close(self) -> None:
        await self._upstream.close()

    async def submit(self, request: VideoRequest, *, client_ref: str, callback_url: str | None = None) -> ProviderTask:
        """POST to the model's service. DashScope has a place neither for `client_ref` nor for `callback_url`."""
        images = await load_images(request.images, self._tools.read_input)
        body = {
            "model": self._model(request),
            "input": request_input(request, images),
            "parameters": request_parameters(request),
        }
        submitted_at = int(self._tools.clock.now())
        reply = await self._upstream.pay(
            f"/api/v1/services/aigc/{request.wire['path']}/video-synthesis",
            headers=self._headers | {"x-dashscope-async": "enable"},
            json=body,
        )
        answer = reply.json()
        task_id = text_at(answer, "output", "task_id")
        if reply.status != 200 or task_id is None:
            raise submit_error(reply, **_explained(reply, answer))
        request_id = text_at(answer, "request_id")  # what the vendor's support asks for
        return accepted(task_id, reply, submitted_at=submitted_at, request_id=request_id)

    async def poll(self, task: ProviderTask) -> Answer:
        """Without a figure of progress. The link of a finished task is signed, needs no key and lives for 24 hours."""
        answer = await self._ask(_path_of(task.id), "output", "task_status")
        return _verdict(answer, seconds_since_submit(task, self._tools.clock))

    async def cancel(self, task: ProviderTask) -> bool:
        """Only a task that has not begun; for any other the vendor answers 400 UnsupportedOperation."""
        reply = await self._upstream.ask("POST", f"{_path_of(task.id)}/cancel", headers=self._headers)
        answer = reply.json()
        if reply.status == 200 and isinstance(answer, dict):
            return text_at(answer, "code") is None
        error = query_error(reply, **_explained(reply, answer))
        if error.error_class in (ErrorClass.CALLER, ErrorClass.MODEL):  # too late, or gone
            return False
        raise error

    async def find(
        self, request: VideoRequest, *, client_ref: str, submitted_at: float, taken: Collection[str]
    ) -> Found | Absent | Unsure:
        """By elimination and by prompt, since no task carries a mark of ours.

        The vendor lists an account's tasks of the last 24 hours; asking for a time of day would mean knowing in which
        zone it counts. Tasks of other attempts and of other hours are left out, as are those that failed: they cost
        nothing, so that it does no harm to submit again what was among them. What remains is ours if it has our
        prompt, length and resolution and no other has. A prompt is told only by a finished task.

        Unconfirmed: how soon a new task is listed, and that `orig_prompt` is the prompt as it was sent (white space
        apart, which is not compared).
        """
        if self._tools.clock.now() - submitted_at > _TASK_LIFE_SECONDS - _CREATED_WITHIN_SECONDS:
            return Unsure("DashScope lists only the tasks of the last 24 hours")
        listed = await self._list(self._model(request))
        if listed is None:
            return Unsure(f"DashScope lists too many tasks of {request.upstream_model}, or not all of them")
        nearby = _created_near(submitted_at, listed)
        candidates = {task_id: status for task_id, status in nearby.items() if task_id not in taken}
        if len(candidates) > _MOST_CANDIDATES:
            return Unsure(f"{len(candidates)} tasks may be this one")
        if any(status != "SUCCEEDED" for status in candidates.values()):
            return Unsure("a task that may be this one has not finished, and tells its prompt only then")
        ours: list[str] = []
        for task_id in candidates:
            answer = await self._ask(_path_of(task_id), "output", "task_status")
            if text_at(answer, "output", "orig_prompt") is None:
                return Unsure("a task that may be this one does not tell its prompt")
            if _made_from(answer, request):
                ours.append(task_id)
        if not ours:
            return Absent()
        if len(ours) > 1:
            return Unsure(f"{len(ours)} tasks have the same prompt", final=True)
        return Found(ProviderTask(ours[0], {"submitted_at": int(submitted_at), "request_id": None}))

    async def _list(self, model: str) -> dict[str, Any] | None:
        """The account's tasks of a model in the last 24 hours, by id; None where they cannot all be had."""
        listed: dict[str, Any] = {}
        for page in range(1, _MOST_PAGES + 1):
            query = {"model_name": model, "page_no": page, "page_size": _PAGE_SIZE}
            answer = await self._ask(f"{_TASKS}/", "data", params=query)
            if not isinstance(at(answer, "data"), list):
                return None
            told = list_at(answer, "data")
            listed |= {task_id: each for each in told if (task_id := text_at(each, "task_id"))}
            if len(told) < _PAGE_SIZE:
                # Tasks that come or go meanwhile can hide one between two pages: then there are fewer than counted.
                return listed if len(listed) >= (int_at(answer, "total") or 0) else None
        return None

    async def _ask(self, path: str, *expected: str, params: Mapping[str, str | int] | None = None) -> Any:
        """A reply in which there is something at `expected`. Raises UpstreamBusy for any other."""
        reply = await self._upstream.ask("GET", path, headers=self._headers, params=params)
        answer = reply.json()
        if reply.status != 200 or at(answer, *expected) is None:
            raise query_error(reply, **_explained(reply, answer))
        return answer

    def _model(self, request: VideoRequest) -> str:
        regional = text_at(request.wire, "models", self._region, request.upstream_model)
        return regional or request.upstream_model


KIND = ProviderKind(
    name="wan",
    credentials=WanCredentials,
    open=WanProvider,
    environment={
        "DASHSCOPE_API_KEY": "api_key",
        "DASHSCOPE_REGION": "region",
        "DASHSCOPE_WORKSPACE_ID": "workspace_id",
        "DASHSCOPE_BASE_URL": "base_url",
    },
    required=(("DASHSCOPE_API_KEY",),),
    max_concurrent=5,  # of Wan 3.0, by the vendor's page of rate limits, 2026-10-08; of 2.1 and 2.2 it was 2 in 2025
)


# ── our request → theirs ────────────────────────────────────────────────────────────────────────────────────────────


def request_input(request: VideoRequest, images: SentImages) -> dict[str, Any]:
    """The texts and images. An image that the client gave as a link goes as that link."""
    texts = {"prompt": request.prompt, "negative_prompt": request.negative_prompt}
    body = given(texts)
    if request.wire["design"] == "media":
        media = [{"type": role, "url": image.link_or_data_uri} for role, image in images.by_role()]
        return body | ({"media": media} if media else {})
    fields: Mapping[str, str] = request.wire.get("images", {})
    references = [image.link_or_data_uri for image in images.references]
    body |= {fields[role]: image.link_or_data_uri for role, image in images.frames()}
    return body | ({fields["references"]: references} if references else {})


def request_parameters(request: VideoRequest) -> dict[str, Any]:
    """What the model knows of the settings, over which the client's provider options are laid."""
    options = request.provider_options
    parameters: dict[str, Any] = {
        "size": f"{request.width_px}*{request.height_px}" if request.width_px and request.height_px else None,
        "resolution": request.resolution.upper() if request.resolution else None,
        "ratio": request.aspect_ratio,
        "duration": int(request.duration_seconds),
        "audio": request.generate_audio,
        # The vendor's default is true, which rewrites the prompt: what is made is what was asked, unless asked
        # otherwise. Clips of several shots are made by the rewriting.
        "prompt_extend": options.get("shot_type") == "multi",
        "watermark": False,
        "seed": request.seed,
    }
    known: Collection[str] = request.wire["parameters"]
    return {name: value for name, value in given(parameters).items() if name in known} | options


# ── their answer → our verdict ──────────────────────────────────────────────────────────────────────────────────────


def _verdict(answer: Any, age_seconds: float | None) -> Answer:
    status = text_at(answer, "output", "task_status")
    if status in ("PENDING", "RUNNING"):
        return Pending()
    if status == "SUCCEEDED":
        link = text_at(answer, "output", "video_url")
        return Succeeded(url=link) if link else without_file("DashScope", status)
    if status == "FAILED":
        return _failure(text_at(answer, "output", "code"), text_at(answer, "output", "message"))
    if status == "CANCELED":
        message = "the task was cancelled at DashScope"  # which is possible only before it begins
        return Failed(FailureCode.CANCELLED, message, ErrorClass.CALLER, charged=Charged.NO, upstream_code=status)
    if status == "UNKNOWN":
        if age_seconds is not None and age_seconds > _TASK_LIFE_SECONDS:
            message = "DashScope keeps a task for 24 hours, and the record of this one has expired"
            return Failed(FailureCode.PROVIDER_FAILED, message, upstream_code=status)
        return Pending(warning="DashScope does not know this task, although it is less than 24 hours old")
    return Pending(warning=f"DashScope reports the unknown status {status!r}")


def _failure(code: str | None, message: str | None) -> Failed:
    """Failed tasks are not billed (the vendor's pages of 2026)."""
    error_class = _class_of(code) or ErrorClass.TRANSIENT
    return Failed(
        failure_code(error_class),
        _words(code, readable(message or "no reason was given")),
        error_class,
        retryable=error_class is ErrorClass.RATE_LIMIT or (code or "").startswith(_VENDOR_SIDE),
        charged=Charged.NO,
        upstream_code=code or "FAILED",
    )


def _explained(reply: Reply, answer: Any) -> dict[str, Any]:
    """The vendor's code as the arguments of `submit_error` and `query_error`."""
    if reply.status == 413:
        return {"message": "the request is too large for DashScope: send smaller images, or fewer"}
    code = text_at(answer, "code") or text_at(answer, "output", "code")
    if code is None:
        return {}
    message = text_at(answer, "message") or text_at(answer, "output", "message") or f"HTTP {reply.status}"
    return {"message": _words(code, message), "upstream_code": code, "error_class": _class_of(code)}


def _class_of(code: str | None) -> ErrorClass | None:
    return None if code is None else _CLASSES.get(code) or _CLASSES.get(code.partition(".")[0])


def _words(code: str | None, message: str) -> str:
    return f"{message} ({_ADVICE[code]})" if code in _ADVICE else message


def _created_near(submitted_at: float, listed: Mapping[str, Any]) -> dict[str, str | None]:
    """The status of each listed task that was created about then, or does not say when, and may cost something."""
    statuses: dict[str, str | None] = {}
    for task_id, told in listed.items():
        status = text_at(told, "status")
        created_ms = number_at(told, "gmt_create")
        near = created_ms is None or abs(created_ms / 1000 - submitted_at) <= _CREATED_WITHIN_SECONDS
        if near and status not in ("FAILED", "CANCELED"):
            statuses[task_id] = status
    return statuses


def _made_from(answer: Any, request: VideoRequest) -> bool:
    """Whether a finished task may be the one of `request`: the prompt is told, the rest is compared where it is."""
    usage = at(answer, "usage")
    names = ("output_video_duration", "video_duration", "duration")
    seconds = next((told for name in names if (told := number_at(usage, name)) is not None), None)
    lines = int_at(usage, "SR")
    return (
        (text_at(answer, "output", "orig_prompt") or "").split() == (request.prompt or "").split()
        and (seconds is None or abs(seconds - request.duration_seconds) < 1)
        and (lines is None or f"{lines}p" == request.resolution)
    )


def _path_of(task_id: str) -> str:
    return f"{_TASKS}/{in_path(task_id)}"
