"""The HTTP client of one account: its base URL is trusted by the owner, and its errors carry transport evidence.

Two kinds of calls. `pay` may create something that costs: when it fails, what is known decides whether it may be sent
again. `ask` creates nothing and may always be repeated.
"""

from __future__ import annotations

import email.utils
import json
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from filmgate import __version__
from filmgate.core.errors import ErrorClass, OutcomeUnknown, UpstreamBusy, UpstreamRefused, UpstreamUnreachable

_MEBIBYTE = 1024 * 1024
_SHORTEST_SECRET = 8  # a shorter one would blot out half of an answer
MOST_REPLY_BYTES = 16 * _MEBIBYTE
# Uploads of images take their time, and some vendors answer only after they have looked at them.
_PAY_TIMEOUT = httpx.Timeout(90.0, connect=10.0, write=120.0, pool=None)
_ASK_TIMEOUT = httpx.Timeout(30.0, connect=10.0, pool=None)
# Raised by httpx before a byte of the request has left. (TLS hand-shakes and proxies' refusals are connect errors.)
_NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
# (A key with a letter that no header can hold is a UnicodeEncodeError.)
_NEVER_SENT = (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL, UnicodeEncodeError)

# (form name, (file name, content, media type)); a part without a file name is a text field
FilePart = tuple[str, tuple[str | None, bytes, str | None]]


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole HTTP answer, with the account's secrets blotted out of its body."""

    status: int
    headers: Mapping[str, str] = field(repr=False)  # lower-case names
    content: bytes = field(repr=False)

    @property
    def is_success(self) -> bool:
        """Any 2xx, for vendors that do not say which."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The parsed body; None where it is no JSON."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            return None

    @property
    def retry_after_seconds(self) -> float | None:
        """From the Retry-After header, in either of its forms; at most an hour."""
        value = self.headers.get("retry-after", "").strip()
        try:
            seconds = float(value)
        except ValueError:
            try:
                seconds = email.utils.parsedate_to_datetime(value).timestamp() - time.time()
            except (ValueError, OverflowError):
                return None
        return min(max(seconds, 0.0), 3600.0) if math.isfinite(seconds) else None

    def snippet(self) -> str:
        """The beginning of the body, for a message about an answer that makes no sense."""
        return " ".join(self.content[:200].replace(b"\0", b" ").decode("utf-8", "replace").split())


class Upstream:
    """Safe to use from many tasks at once. `transport` replaces the network in tests."""

    def __init__(
        self, base_url: str, *, secrets: Sequence[str] = (), transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._secrets = tuple(secret.encode() for secret in secrets if len(secret) >= _SHORTEST_SECRET)
        headers = {"user-agent": f"filmgate/{__version__}"}
        # A kept-alive connection that the server closed meanwhile looks like a lost reply: paid calls open a new one.
        fresh = httpx.Limits(max_connections=100, max_keepalive_connections=0)
        kept = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=30.0)
        self._paying = httpx.AsyncClient(transport=transport, limits=fresh, headers=headers)
        self._asking = httpx.AsyncClient(transport=transport, limits=kept, headers=headers)

    async def close(self) -> None:
        await self._paying.aclose()
        await self._asking.aclose()

    def is_own(self, url: str) -> bool:
        """Whether `url` has the base URL's origin, so that it may be sent the key."""
        return _origin(url) is not None and _origin(url) == _origin(self.base_url)

    async def pay(
        self,
        path: str,
        *,
        headers: Mapping[str, str],
        json: Any = None,
        form: Mapping[str, str] | None = None,
        files: Sequence[FilePart] = (),
    ) -> Reply:
        """POST to `path` (below the base URL, or absolute) once, on a connection of its own.

        Raises UpstreamUnreachable (not a byte was sent), UpstreamRefused (the request cannot be sent at all) or
        OutcomeUnknown (sent, in part or whole, and no whole answer came). A status of any kind is a Reply.
        """
        url = self._url(path)
        try:
            return await self._exchange(
                self._paying, "POST", url, _PAY_TIMEOUT, MOST_REPLY_BYTES,
                headers=headers, json=json, data=form, files=list(files) or None,
            )  # fmt: skip
        except _NOTHING_SENT as error:
            raise UpstreamUnreachable(f"{_host(url)} cannot be reached ({type(error).__name__})") from error
        except _NEVER_SENT as error:
            message = f"a request to {self.base_url!r} cannot be sent ({type(error).__name__})"
            raise UpstreamRefused(message, error_class=ErrorClass.OPERATOR) from error
        except (httpx.TransportError, httpx.DecodingError, _TooLong) as error:
            raise OutcomeUnknown(f"{_host(url)}: no whole answer came ({type(error).__name__})") from error

    async def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str | int | Sequence[str]] | None = None,
        json: Any = None,
        max_bytes: int = MOST_REPLY_BYTES,
    ) -> Reply:
        """A call that creates nothing. Raises UpstreamBusy when no whole answer came; a status is a Reply."""
        url = self._url(path)
        try:
            return await self._exchange(
                self._asking, method, url, _ASK_TIMEOUT, max_bytes, headers=headers, params=params, json=json
            )
        except (httpx.TransportError, httpx.DecodingError, _TooLong, *_NEVER_SENT) as error:
            raise UpstreamBusy(f"{_host(url)}: no whole answer came ({type(error).__name__})") from error

    async def _exchange(
        self, client: httpx.AsyncClient, method: str, url: str, timeout: httpx.Timeout, max_bytes: int, **parts: Any
    ) -> Reply:
        chunks: list[bytes] = []
        received = 0
        async with client.stream(method, url, timeout=timeout, **parts) as response:
            async for chunk in response.aiter_bytes():
                received += len(chunk)
                if received > max_bytes:
                    raise _TooLong
                chunks.append(chunk)
        content = b"".join(chunks)
        for secret in (*self._secrets, *_token_of(response.request)):
            # Also as JSON may write it, whose encoders differ on the slash.
            content = content.replace(secret, b"***").replace(secret.replace(b"/", rb"\/"), b"***")
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, headers, content)

    def _url(self, path: str) -> str:
        return path if path.startswith(("http://", "https://")) else self.base_url + path


class _TooLong(Exception):
    pass


def _token_of(request: httpx.Request) -> tuple[bytes, ...]:
    """What stood in the authorization: some adapters sign a token for each call, which is then a secret as well."""
    token = request.headers.get("authorization", "").rpartition(" ")[2].encode()
    return (token,) if len(token) >= _SHORTEST_SECRET else ()


def _origin(url: str) -> tuple[str, str, int | None] | None:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        return None
    return parsed.scheme, parsed.host, parsed.port


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host or url
    except (httpx.InvalidURL, ValueError):
        return url
