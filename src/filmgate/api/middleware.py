"""What holds for every request: an id on every answer, and a limit on every body."""

from __future__ import annotations

import asyncio
import random
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from filmgate.api.errors import client_error_response
from filmgate.core.errors import BodyTooLarge, InvalidRequest

MOST_BODY_BYTES = 64 * 1024 * 1024
# A client that is still sending does not read our answer; we listen on for a while, as nginx does.
_DRAIN_BYTES = 512 * 1024 * 1024
_DRAIN_SECONDS = 20.0

_SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


class RequestIdMiddleware:
    """Takes the client's x-request-id if it is harmless, else draws one; sets it on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _SAFE_REQUEST_ID.fullmatch(given) else f"req_{random.getrandbits(96):024x}"
        scope["filmgate.request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        await self._app(scope, receive, send_with_id)


class BodyLimitMiddleware:
    """Answers 413 to a body over the limit, whether its length was announced or not.

    The framework's own limit answers in plain text and hangs up on a client that is still sending, which most
    clients report as a broken connection rather than as our words.
    """

    def __init__(self, app: ASGIApp, most_bytes: int = MOST_BODY_BYTES) -> None:
        self._app = app
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length")
        if announced is not None and not announced.isdigit():
            error = InvalidRequest(f"content-length: {announced[:32]!r} is no length", param="content-length")
            await client_error_response(error)(scope, receive, send)
            return
        if announced is not None and int(announced) > self._most_bytes:
            await _drain(receive)
            await client_error_response(self._too_large())(scope, receive, send)
            return
        received = 0

        async def limited_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._most_bytes:
                await _drain(receive)
                raise self._too_large()
            return message

        await self._app(scope, limited_receive, send)

    def _too_large(self) -> BodyTooLarge:
        return BodyTooLarge(
            f"The request body is larger than {self._most_bytes // 1024**2} MB, the most allowed. "
            "An image may have at most 20 MB; send a larger one as a URL of a smaller version"
        )


async def _drain(receive: Receive) -> None:
    drained = 0
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            while drained < _DRAIN_BYTES:
                message = await receive()
                drained += len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
    except TimeoutError:
        return
