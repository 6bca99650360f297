"""Is it alive, is it ready, and what is it: routes without a key."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse

from filmgate import __version__
from filmgate.api.services import Wired
from filmgate.core.errors import ClientError, FilmgateError
from filmgate.store import instance

router = APIRouter(tags=["system"])

LLMS_TXT = """# Filmgate {version}

> One HTTP API in front of every video model. Create a video, poll it, download an MP4.

Authentication: `Authorization: Bearer sk-…`. `sk-test-…` keys rehearse every model for free on this machine;
`sk-live-…` keys run the real model and may cost money.

## Create
POST {base}/v1/videos, as JSON or multipart: model, prompt, image, duration (seconds), width, height
(or size "1280x720"), fps, seed, n, response_format, user, metadata. Answers at once with a Video: id,
status (queued, in_progress, completed, failed), progress, metadata.url once completed.
Send `Idempotency-Key` to make retries safe, and `Prefer: wait=60` to get the answer when it is finished.

## Read
- GET {base}/v1/videos/{{id}}: the Video. Poll after `openai-poll-after-ms`, or send `Prefer: wait=60`.
- GET {base}/v1/videos/{{id}}/content?variant=video|thumbnail|spritesheet: the file.
- GET {base}/v1/videos: all of them; after, limit, order, status, model, user.
- GET {base}/v1/videos/{{id}}/timeline: everything that happened to it.
- GET {base}/v1/models: every model with its limits and prices.

## Stop
- POST {base}/v1/videos/{{id}}/cancel
- DELETE {base}/v1/videos/{{id}}

Errors are `{{"error": {{"message", "type", "param", "code"}}}}`; the message names the field and what is allowed.
The full contract: {base}/openapi.json
"""


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok", "version": __version__}


@router.get("/readyz")
async def readyz(services: Wired) -> JSONResponse:
    """The database and the file store answer, too: send traffic."""
    problems: dict[str, str] = {}
    try:
        await services.database.read(instance.ping)
    except ClientError as error:
        problems["database"] = error.message
    try:
        await services.files.size("readyz")
    except FilmgateError as error:
        problems["files"] = error.message
    status = "unavailable" if problems else "ready"
    return JSONResponse({"status": status, "problems": problems}, status_code=503 if problems else 200)


@router.get("/llms.txt", response_class=PlainTextResponse)
async def llms_txt(services: Wired) -> str:
    """This API in a page, for agents."""
    return LLMS_TXT.format(version=__version__, base=services.public_url or "")
