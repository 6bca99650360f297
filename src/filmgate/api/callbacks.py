"""What upstreams call. No API key: the address itself is the secret, and at most it makes us poll."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from filmgate.api.services import Wired
from filmgate.core.errors import BodyTooLarge

router = APIRouter(tags=["callbacks"], include_in_schema=False)

_MOST_BYTES = 1024 * 1024


@router.post("/callbacks/{provider}/{token}")
async def hear_callback(provider: str, token: str, request: Request, services: Wired) -> dict[str, Any]:
    """A provider says that a task moved."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise BodyTooLarge(f"A callback has at most {_MOST_BYTES} bytes")
    headers = {name.lower(): value for name, value in request.headers.items()}
    return dict(await services.callbacks.hear(provider, token, headers, bytes(body)))
