"""The bytes of a finished video: whole, in ranges, by key or by signed link."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

from filmgate.api.errors import client_error_response
from filmgate.api.services import Services, Wired, caller_of
from filmgate.core.errors import Conflict, Gone, InvalidRequest, NotFound
from filmgate.core.ids import is_video_id
from filmgate.core.video import FINISHED_STATUSES, Status
from filmgate.engine.delivery import VARIANTS
from filmgate.store.records import Asset, VideoDetail

router = APIRouter(tags=["videos"])


class AssetResponse(FileResponse):
    """A stored file with ranges; what the framework would say in plain text, it says in our envelope."""

    chunk_size = 1024 * 1024

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = False

        async def send_enveloped(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] in (400, 416):
                refused = True
                error = InvalidRequest(
                    "range: cannot be satisfied; allowed is bytes=first-last within the "
                    f"{self.headers['content-length']} bytes of the file, several ranges separated by commas",
                    param="range",
                )
                response = client_error_response(error)
                response.status_code = message["status"]
                response.headers["content-range"] = f"bytes */{self.headers['content-length']}"
                await response(scope, receive, send)
            elif not refused:
                await send(message)

        await super().__call__(scope, receive, send_enveloped)


@router.head("/v1/videos/{video_id}/content", include_in_schema=False)
@router.get(
    "/v1/videos/{video_id}/content",
    responses={200: {"content": {media_type: {} for _, media_type in VARIANTS.values()}}, 206: {}},
    response_class=Response,
)
async def video_content(
    request: Request,
    video_id: str,
    services: Wired,
    variant: str = "video",
    index: Annotated[int, Query(ge=0, le=999)] = 0,
    expires: Annotated[int | None, Query(ge=0)] = None,
    signature: str | None = None,
) -> Response:
    """The MP4 (`variant=video`), its poster (`thumbnail`, WebP) or its sheet of frames (`spritesheet`, JPEG)."""
    if variant not in VARIANTS:
        raise InvalidRequest(
            f"variant: {variant[:32]!r} is not known; allowed are {', '.join(VARIANTS)}", param="variant"
        )
    detail = await _authorised(request, services, video_id, variant, index, expires, signature)
    asset = await _stored_asset(services, detail, index, variant)
    path = services.files.local_path(asset.key)
    if path is None or not path.exists():
        raise NotFound(f"variant: the stored {variant} of video {video_id} is missing", code="content_missing")
    etag = f'"{asset.sha256}"'
    headers = {"etag": etag, "cache-control": "private, max-age=31536000, immutable"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    suffix = f"-{index}" if detail.video.n > 1 else ""
    name = f"{video_id}{suffix}{path.suffix}"
    return AssetResponse(
        path,
        headers=headers,
        media_type=asset.media_type,
        filename=name,
        content_disposition_type="inline",
        stat_result=path.stat(),
    )


async def _authorised(
    request: Request,
    services: Services,
    video_id: str,
    variant: str,
    index: int,
    expires: int | None,
    signature: str | None,
) -> VideoDetail:
    """The video, for the holder of a key of its project or of a link signed for exactly this file."""
    if signature is None:
        caller = await caller_of(request)
        return await services.gateway.get(caller.key, video_id)
    if not is_video_id(video_id):
        raise NotFound(f"Video {video_id[:64]!r} does not exist", param="video_id")
    now = services.clock.now()
    services.signer.check(video_id, variant=variant, idx=index, expires=expires or 0, signature=signature, now=now)
    return await services.gateway.find(video_id)


async def _stored_asset(services: Services, detail: VideoDetail, index: int, variant: str) -> Asset:
    video = detail.video
    if index >= video.n:
        raise InvalidRequest(f"index: {index} is not allowed; allowed is 0 to {video.n - 1}", param="index")
    if video.status not in FINISHED_STATUSES:
        raise Conflict(
            f"Video {video.id} is {video.status} ({video.progress} %); its content can be read once it is completed",
            retry_after_seconds=2,
        )
    if video.status is Status.FAILED:
        raise Conflict(f"Video {video.id} failed ({video.error_code}), so it has no content")
    expired = video.expires_at is not None and video.expires_at <= services.clock.now()
    if expired or video.files_deleted_at is not None:
        raise Gone(f"The files of video {video.id} were kept until they expired, and are deleted")
    asset = await services.gateway.asset(video.id, index, variant)
    if asset is None:
        output = detail.outputs[index]
        raise Conflict(f"Output {index} of video {video.id} failed ({output.error_code}), so it has no content")
    return asset
