"""Seedance (ByteDance), on Volcengine Ark (mainland China) and on BytePlus ModelArk (everywhere else).

One API on two hosts, which take neither each other's keys nor each other's model ids.

Neither service has an idempotency key or a place for our own id, so every task is marked by a value that the vendor
tells back: `execution_expires_after`, a time limit of two to three days whose exact seconds follow from `client_ref`.
Models that take a seed have a second mark in it.

Source: the vendor's pages on creating, reading, listing and deleting video generation tasks, in copies of 2026-08 to
2026-10; see docs/providers/seedance.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from filmgate.core.errors import Charged, ErrorClass, UpstreamRefused
from filmgate.core.lenient import at, int_at, list_at, number_at, text_at
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
from filmgate.core.request import VideoRequest
from filmgate.core.video import FailureCode
from filmgate.net.upstream import Reply, Upstream
from filmgate.providers.images import SentImages, load_images
from filmgate.providers.kind import Credentials, ProviderKind, Tools, matching
from filmgate.providers.outgoing import in_path
from filmgate.providers.seedance_codes import explained, failure, refusal
from filmgate.providers.verdicts import accepted, query_error, seconds_since_submit, without_file

Service = Literal["cn", "intl"]

_BASE_URLS: Mapping[Service, str] = {
    "cn": "https://ark.cn-beijing.volces.com/api/v3",
    "intl": "https://ark.ap-southeast.bytepluses.com/api/v3",
}
_TASKS = "/contents/generations/tasks"
_MOST_IMAGE_CHARACTERS = 63_000_000  # of a request body of at most 64 MB
_RECORD_LIFE_SECONDS = 7 * 86400  # the vendor forgets a task, and 404 is all it then says
_USUAL_EXPIRY_SECONDS, _LONGEST_EXPIRY_SECONDS = 172_800, 259_200
_CLOCK_SKEW_SECONDS = 60  # between the vendor's clock and ours
_PAGE_SIZE, _MOST_PAGES = 500, 3
_Endpoint = Annotated[str, matching(r"ep-\S+", "an inference endpoint, ep-…")]


class SeedanceCredentials(Credentials):
    """`region` None: as `base_url` says it, else "intl".

    `endpoints` are the owner's own inference endpoints ("ep-…") by the public ids of the models that they run.
    """

    api_key: SecretStr
    region: Service | None = None
    base_url: str | None = None
    endpoints: Mapping[str, _Endpoint] = Field(default_factory=dict[str, str])

    @property
    def service(self) -> Service:
        if self.region is not None:
            return self.region
        host = urlsplit(self.base_url or "").hostname or ""
        return "cn" if host.endswith("volces.com") else "intl"


class SeedanceProvider:
    """Stateless; one for each account.

    Tasks are polled one by one: the vendor allows 20 such calls a second to an account and a single one of the list,
    which `find` needs (BytePlus, rate limits of the video generation tutorial, 2026-09).
    """

    def __init__(self, credentials: SeedanceCredentials, tools: Tools) -> None:
        self._credentials = credentials
        self._tools = tools
        api_key = credentials.api_key.get_secret_value()
        self._headers = {"authorization": f"Bearer {api_key}"}
        base_url = credentials.base_url or _BASE_URLS[credentials.service]
        self._upstream = Upstream(base_url, secrets=[api_key], transport=tools.transport)

    @property
    def base_url(self) -> str:
        return self._upstream.base_url

    async def close(self) -> None:
        await self._upstream.close()

    async def submit(self, request: VideoRequest, *, client_ref: str, callback_url: str | None = None) -> ProviderTask:
        """POST once. The reply holds nothing but the task's id."""
        model = self._model(request)
        if model is None:
            message = f"{request.model} does not exist on this account's service; its owner can set region or endpoints"
            raise UpstreamRefused(message, error_class=ErrorClass.OPERATOR)
        images = await load_images(request.images, self._tools.read_input)
        _refuse_too_large(images)
        body = task_body(request, images, model) | {"execution_expires_after": expiry_mark(client_ref)}
        if callback_url:
            body["callback_url"] = callback_url
        submitted_at = int(self._tools.clock.now())
        reply = await self._upstream.pay(_TASKS, headers=self._headers, json=body)
        answer = reply.json()
        task_id = text_at(answer, "id")
        if not reply.is_success or (task_id is None and at(answer, "error")):
            raise refusal(reply, answer)
        return accepted(task_id, reply, submitted_at=submitted_at)

    async def poll(self, task: ProviderTask) -> Answer:
        """Ask for one task. One that the vendor does not know is pending until its record is too old to be kept."""
        reply = await self._read(task)
        answer = reply.json()
        if reply.status == 404:
            return self._unknown(task, said_by_vendor=answer is not None)
        if not reply.is_success or text_at(answer, "status") is None:
            raise query_error(reply, **explained(reply, answer))
        return _verdict(answer)

    async def cancel(self, task: ProviderTask) -> bool:
        """Take a queued task out of the queue; a running one cannot be stopped.

        The same DELETE erases a finished task with its file, so the status is read first, and only a queued task is
        deleted. Between the two calls it may begin to run, and is then refused. To be erased it would have to begin
        and finish in that time, a fraction of a second against the minutes that a clip takes.
        """
        reply = await self._read(task)
        status = text_at(reply.json(), "status")
        if reply.status == 404:
            return False
        if not reply.is_success or status is None:
            raise query_error(reply, **explained(reply, reply.json()))
        if status != "queued":
            return status == "cancelled"
        reply = await self._upstream.ask("DELETE", _path_of(task), headers=self._headers)
        if reply.status in (400, 404, 409):  # InvalidAction.RunningTaskDeletion, or gone
            return False
        if not reply.is_success:
            raise query_error(reply, **explained(reply, reply.json()))
        return True

    async def find(
        self, request: VideoRequest, *, client_ref: str, submitted_at: float, taken: Collection[str]
    ) -> Found | Absent | Unsure:
        """By the marks of this attempt, in the vendor's list of the model's tasks since `submitted_at`."""
        model = self._model(request)
        if model is None:
            return Unsure(f"{request.model} is not reached through this account any more", final=True)
        tasks = await self._tasks_since(model, submitted_at - _CLOCK_SKEW_SECONDS)
        if tasks is None:
            return Unsure(f"the account has more tasks than the {_MOST_PAGES * _PAGE_SIZE} that were looked through")
        marked = {
            task_id: _is_marked(told, expiry_mark(client_ref), request.seed)
            for told in tasks
            if (task_id := text_at(told, "id")) is not None and task_id not in taken
        }
        ours = [task_id for task_id, is_ours in marked.items() if is_ours]
        if len(ours) == 1:
            return Found(ProviderTask(ours[0], {"submitted_at": int(submitted_at)}))
        if ours:
            return Unsure(f"tasks of the account that bear the marks of this attempt: {len(ours)}", final=True)
        unclear = sum(is_ours is None for is_ours in marked.values())
        return Unsure(f"tasks of the account that do not tell their marks: {unclear}") if unclear else Absent()

    def hear(self, headers: Mapping[str, str], body: bytes, *, now: float) -> CallbackHeard:
        """The vendor does not sign its callbacks: any of them is a hint to poll, and no more."""
        return CallbackHeard(genuine=True)

    def _model(self, request: VideoRequest) -> str | None:
        """The owner's endpoint, else what the owner calls the model, else its id on the account's service."""
        ids = _ids(request.wire)
        if endpoint := self._credentials.endpoints.get(request.model):
            return endpoint
        if request.upstream_model not in ids.values():
            return request.upstream_model
        return ids.get(self._credentials.service)

    async def _read(self, task: ProviderTask) -> Reply:
        return await self._upstream.ask("GET", _path_of(task), headers=self._headers)

    async def _tasks_since(self, model: str, since: float) -> list[Any] | None:
        """The model's tasks since then, as the vendor lists them. None: there are too many to look through."""
        recent: list[Any] = []
        for page in range(1, _MOST_PAGES + 1):
            params = {"page_num": page, "page_size": _PAGE_SIZE, "filter.model": model}
            reply = await self._upstream.ask("GET", _TASKS, headers=self._headers, params=params)
            answer = reply.json()
            if not reply.is_success or not isinstance(at(answer, "items"), list):
                raise query_error(reply, **explained(reply, answer))
            tasks = list_at(answer, "items")
            recent += [told for told in tasks if (number_at(told, "created_at") or since) >= since]
            total = int_at(answer, "total")
            is_last = len(tasks) < _PAGE_SIZE if total is None else page * _PAGE_SIZE >= total
            if is_last or _runs_out_before(tasks, since):
                return recent
        return None

    def _unknown(self, task: ProviderTask, *, said_by_vendor: bool) -> Answer:
        age_seconds = seconds_since_submit(task, self._tools.clock)
        if not said_by_vendor or age_seconds is None or age_seconds < _RECORD_LIFE_SECONDS:
            return Pending(warning="the vendor does not know this task, or not yet")
        message = "the vendor keeps a task for 7 days and has forgotten this one; how it ended is not known"
        return Failed(FailureCode.PROVIDER_FAILED, message, upstream_code="404")


def _ids(wire: Mapping[str, Any]) -> Mapping[str, str]:
    """By service. Empty for a model that the server's owner has added: its `upstream_model` is sent as it stands."""
    return wire.get("ids", {})


def _serves(credentials: SeedanceCredentials, wire: Mapping[str, Any]) -> bool:
    ids = _ids(wire)
    return not ids or credentials.service in ids or bool(credentials.endpoints)


KIND = ProviderKind(
    name="seedance",
    credentials=SeedanceCredentials,
    open=SeedanceProvider,
    environment={"ARK_API_KEY": "api_key", "ARK_BASE_URL": "base_url"},
    required=(("ARK_API_KEY",),),
    max_concurrent=3,  # of an individual account on BytePlus, 2026-10; further tasks wait in the vendor's queue
    serves=_serves,
)


# ── our request → theirs ────────────────────────────────────────────────────────────────────────────────────────────


def task_body(request: VideoRequest, images: SentImages, model: str) -> dict[str, Any]:
    """Everything that decides the bill is sent always: the vendor's defaults differ from model to model.

    Flags in the prompt have been taken out by the catalogue (`prompt_flags`).
    """
    body: dict[str, Any] = {
        "model": model,
        "content": _content(request, images),
        "resolution": request.resolution,
        "ratio": request.aspect_ratio or "adaptive",  # adaptive: in the shape of the first frame
        "duration": int(request.duration_seconds),
        "watermark": False,
    }
    if request.wire.get("generate_audio"):
        body["generate_audio"] = bool(request.generate_audio)
    if request.seed is not None:
        body["seed"] = request.seed
    return body | request.provider_options


def _content(request: VideoRequest, images: SentImages) -> list[dict[str, Any]]:
    text = [{"type": "text", "text": request.prompt}] if request.prompt else []
    return text + [
        {"type": "image_url", "image_url": {"url": image.link_or_data_uri}, "role": role}
        for role, image in images.by_role()
    ]


def _refuse_too_large(images: SentImages) -> None:
    """A body beyond the vendor's limit may be cut off half-way, which would look like a lost reply."""
    characters = sum(len(image.link_or_data_uri) for _, image in images.by_role())
    if characters > _MOST_IMAGE_CHARACTERS:
        message = f"the images have {characters} bytes in base64, and a request takes up to 64 MB; send smaller ones"
        raise UpstreamRefused(message, error_class=ErrorClass.CALLER)


def expiry_mark(client_ref: str) -> int:
    """Seconds after which the vendor gives the task up: longer than usual, and another number for each attempt."""
    digest = int.from_bytes(hashlib.sha256(client_ref.encode()).digest())
    return _USUAL_EXPIRY_SECONDS + 1 + digest % (_LONGEST_EXPIRY_SECONDS - _USUAL_EXPIRY_SECONDS)


def _path_of(task: ProviderTask) -> str:
    return f"{_TASKS}/{in_path(task.id)}"


# ── their answer → our verdict ──────────────────────────────────────────────────────────────────────────────────────


def _is_marked(told: Any, expiry_seconds: int, seed: int | None) -> bool | None:
    """Whether a task of the list is ours; None where it does not tell.

    The usual expiry tells nothing, since a vendor that ignored ours would say it too. Then a seed may tell.
    """
    told_expiry, told_seed = int_at(told, "execution_expires_after"), int_at(told, "seed")
    if told_expiry not in (None, _USUAL_EXPIRY_SECONDS):
        return told_expiry == expiry_seconds
    return None if seed is None or told_seed is None else told_seed == seed


def _runs_out_before(tasks: list[Any], since: float) -> bool:
    """Whether a page is sorted, newest first, and ends with a task older than `since`. The order is not documented."""
    created = [number_at(told, "created_at") or since for told in tasks]
    return bool(created) and created == sorted(created, reverse=True) and created[-1] < since


def _verdict(told: Any) -> Answer:
    """Only tasks that succeed are charged (billing page of Seedance 2.0, 2026)."""
    status = text_at(told, "status")
    if status == "succeeded":
        link = text_at(told, "content", "video_url")
        return Succeeded(url=link) if link else without_file("the vendor", status)
    if status == "failed":
        return failure(at(told, "error"))
    if status == "cancelled":
        message = "the task was cancelled at the vendor while it was queued"
        return Failed(FailureCode.CANCELLED, message, charged=Charged.NO, upstream_code=status)
    if status == "expired":
        message = "the vendor gave the task up: it was not finished in time"
        return Failed(FailureCode.PROVIDER_TIMEOUT, message, charged=Charged.NO, upstream_code=status)
    if status in ("queued", "running"):
        return Pending()
    return Pending(warning=f"the vendor reports the unknown status {status!r}")
