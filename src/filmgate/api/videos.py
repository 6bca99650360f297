"""First of the six files of a request's way: parse it, hand it to the gateway, answer with a Video.

Next: engine/gateway.py (check, price, reserve, store), engine/worker.py (submit, watch), providers/*.py (map),
engine/delivery.py (fetch, verify, keep), engine/arrows.py (every change of state).
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic_core import to_json

from filmgate.api.body import read_body
from filmgate.api.openapi import CREATE_BODY, video_responses
from filmgate.api.params import parse_params
from filmgate.api.services import AnyCaller, Services
from filmgate.api.wire import event_object, video_object
from filmgate.core.errors import InvalidRequest
from filmgate.core.ids import is_video_id
from filmgate.core.request import VideoParams
from filmgate.core.video import FINISHED_STATUSES, Status
from filmgate.engine.accounts import UNKNOWN_PACE, pace_of
from filmgate.engine.gateway import CreateCall
from filmgate.store.records import Key, VideoDetail
from filmgate.store.videos import PageQuery

router = APIRouter(tags=["videos"])

MOST_WAIT_SECONDS = 60
MOST_B64_BYTES = 32 * 1024 * 1024

_PREFER_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*(\d{1,6})\s*(?:$|[,;\s])")


@router.post("/v1/videos", openapi_extra=CREATE_BODY, responses=video_responses(200))
async def create_video(request: Request, caller: AnyCaller) -> Response:
    """Create a video. Answers once it is durably stored; poll it, or send `Prefer: wait=N`."""
    key, services = caller.key, caller.services
    started_at = services.clock.now()
    wait_seconds = _prefer_wait(request)
    params, images = parse_params(await read_body(request), default_model=services.default_model)
    _refuse_what_is_not_here(params, key)
    call = CreateCall(
        params=params,
        images=images,
        started_at=started_at,
        idempotency_key=_idempotency_key(request),
        client_retry=_is_sdk_retry(request),
    )
    accepted = await services.gateway.create(key, call)
    detail = accepted.detail
    if wait_seconds and detail.video.status not in FINISHED_STATUSES:
        detail = await services.gateway.wait(key, detail.video.id, wait_seconds)
    response = await _video_response(request, services, detail)
    if accepted.replayed:
        response.headers["idempotent-replayed"] = "true"
    return response


@router.get("/v1/videos/{video_id}", responses=video_responses(200))
async def retrieve_video(request: Request, video_id: str, caller: AnyCaller) -> Response:
    """How a video stands. `Prefer: wait=N` answers when it is finished, or after N seconds."""
    gateway = caller.services.gateway
    if wait_seconds := _prefer_wait(request):
        detail = await gateway.wait(caller.key, video_id, wait_seconds)
    else:
        detail = await gateway.get(caller.key, video_id)
    return await _video_response(request, caller.services, detail)


@router.get("/v1/videos")
async def list_videos(
    request: Request,
    caller: AnyCaller,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    order: Annotated[str, Query(pattern="^(asc|desc)$")] = "desc",
    status: str | None = None,
    model: str | None = None,
    user: str | None = None,
) -> Response:
    """The project's videos of this key's mode (live or test), newest first."""
    if status is not None and status not in list(Status):
        raise InvalidRequest(f"status: {status[:32]!r} is no status; allowed are {', '.join(Status)}", param="status")
    if after is not None and not is_video_id(after):
        raise InvalidRequest(f"after: {after[:64]!r} is no video id", param="after")
    page = PageQuery(
        project_id=caller.key.project_id,
        livemode=caller.key.livemode,
        after=after,
        limit=limit,
        ascending=order == "asc",
        status=status,
        model=model,
        user_tag=user,
    )
    details, has_more = await caller.services.gateway.list(page)
    context = caller.services.wire_context(request)
    data = [video_object(detail, context) for detail in details]
    body = {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": has_more,
    }
    return _json(body)


@router.delete("/v1/videos/{video_id}")
async def delete_video(video_id: str, caller: AnyCaller) -> Response:
    """Cancel it if it runs, delete its files, hide it. Ledger lines stay."""
    await caller.services.gateway.delete(caller.key, video_id)
    await caller.services.housekeeper.remove_due_files()
    return _json({"id": video_id, "object": "video.deleted", "deleted": True})


@router.post("/v1/videos/{video_id}/cancel", responses=video_responses(200))
async def cancel_video(request: Request, video_id: str, caller: AnyCaller) -> Response:
    """Stop it, upstream too where the provider can. A finished video is a 409 `already_finished`."""
    detail = await caller.services.gateway.cancel(caller.key, video_id)
    return await _video_response(request, caller.services, detail)


@router.get("/v1/videos/{video_id}/timeline")
async def video_timeline(video_id: str, caller: AnyCaller) -> Response:
    """Everything that happened to a video, in order."""
    events = await caller.services.gateway.timeline(caller.key, video_id)
    return _json({"object": "list", "data": [event_object(event) for event in events], "has_more": False})


async def _video_response(request: Request, services: Services, detail: VideoDetail) -> Response:
    """The Video as JSON, with a weak etag, and advice on when to poll again while it is pending."""
    video = detail.video
    position = await services.gateway.queue_position(detail)
    body = video_object(detail, services.wire_context(request), queue_position=position)
    if video.response_format == "b64_json" and video.status is Status.COMPLETED:
        await _embed_file(body, services, detail)
    content = to_json(body)
    etag = f'W/"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    headers = {"etag": etag, "cache-control": "private, no-cache"}
    if video.status not in FINISHED_STATUSES:
        headers["openai-poll-after-ms"] = str(_poll_after_ms(services, detail))
    if request.method == "GET" and etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/json", headers=headers)


async def _embed_file(body: dict[str, Any], services: Services, detail: VideoDetail) -> None:
    """`response_format: b64_json`: the first stored clip inside the answer, if it is small enough."""
    for output in detail.outputs:
        asset = await services.gateway.asset(detail.video.id, output.idx, "video")
        if asset is None:
            continue
        if asset.size_bytes < MOST_B64_BYTES:
            content = await services.files.get_bytes(asset.key)
            body["metadata"]["b64_json"] = base64.b64encode(content).decode()
        else:
            told = f"b64_json: the file has {asset.size_bytes} bytes, more than fit into an answer; use metadata.url"
            body["metadata"]["filmgate"]["warnings"].append(told)
        return


def _poll_after_ms(services: Services, detail: VideoDetail) -> int:
    """A typical pause for this model: an eighth of its usual time, between half a second and ten."""
    account = services.roster.get(detail.outputs[0].account)
    pace = pace_of(account, services.catalogue, detail.video.model) if account else UNKNOWN_PACE
    return int(min(max(pace.typical_seconds / 8, 0.5), 10.0) * 1000)


def _prefer_wait(request: Request) -> int:
    match = _PREFER_WAIT.search(request.headers.get("prefer", ""))
    return min(int(match[1]), MOST_WAIT_SECONDS) if match else 0


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= 255:
        raise InvalidRequest(
            f"Idempotency-Key: has {len(key)} characters; allowed are 1 to 255", param="Idempotency-Key"
        )
    return key


def _is_sdk_retry(request: Request) -> bool:
    """Stock SDKs send a create again after a time-out and say so in this header."""
    count = request.headers.get("x-stainless-retry-count", "0")
    return count.isdigit() and int(count) > 0


def _refuse_what_is_not_here(params: VideoParams, key: Key) -> None:
    if params.callback_url is not None:
        raise InvalidRequest(
            "callback_url: this version of Filmgate sends no webhooks; poll the video, or use `Prefer: wait=N`",
            code="unsupported_parameter",
            param="callback_url",
        )
    if key.livemode and (params.rehearse.fail is not None or params.rehearse.wait_seconds):
        raise InvalidRequest("metadata.rehearse: works with test keys (sk-test-…) only", param="metadata.rehearse")


def _json(body: object) -> Response:
    return Response(to_json(body), media_type="application/json")
