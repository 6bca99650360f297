"""The one HTTP client for URLs that are not ours: images, results, callbacks, webhook targets.

    async with one GuardedClient per process:
        fetch_bytes    a small file into memory
        fetch_to_file  a large one to disk, hashed on the way
        post           a short message out (webhooks)

Every hop is http(s), goes to a public address (or to a host that the owner trusts), and is limited in bytes, time and
redirects. Requests are sent straight through the transport: httpx.AsyncClient would log whole URLs, whose query may
be a signature, keep cookies between strangers, and read proxies from the environment.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

import httpx

from filmgate import __version__
from filmgate.core.errors import FetchError, StorageError
from filmgate.net.addresses import why_not_public
from filmgate.net.transport import GuardedTransport, Resolve, is_allowed, resolve_by_system

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_WORTH_ANOTHER_TRY = frozenset({408, 425, 429})
_WRITE_BLOCK_BYTES = 1024 * 1024

_HOST_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?")
# The WHATWG rule for what resolvers read as an IPv4 address in any base: the last label is a number.
_ENDS_IN_NUMBER = re.compile(r"(^|\.)([0-9]+|0x[0-9a-f]*)\.?$")


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """The limits of one fetch. `deadline_seconds` covers the whole transfer with all its redirects.

    `allowed_hosts` ("host" or "host:port", lower case) are trusted by the owner and exempt from the address rule.
    """

    max_bytes: int
    deadline_seconds: float = 30.0
    connect_seconds: float = 5.0
    read_seconds: float = 10.0
    max_redirects: int = 5
    allowed_hosts: frozenset[str] = frozenset()


# URLs stay out of the repr: their query may be a signature, and reprs end in logs.
@dataclass(frozen=True, slots=True)
class Fetched:
    """`url` is where the redirects ended; `media_type` is what the server claims, proven by nothing."""

    content: bytes = field(repr=False)
    media_type: str | None
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FetchedFile:
    path: Path
    size_bytes: int
    sha256: str
    media_type: str | None
    url: str = field(repr=False)


class GuardedClient:
    """One per process; safe to use from many tasks at once.

    `transport` replaces the network in tests, and with it the look-up and check of host names.
    """

    def __init__(
        self,
        *,
        allowed_hosts: frozenset[str] = frozenset(),
        transport: httpx.AsyncBaseTransport | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        self._allowed_hosts = allowed_hosts
        self._given_transport = transport
        self._resolve = resolve or resolve_by_system
        self._ssl_context = httpx.create_ssl_context()
        # A kept-alive connection to a trusted host must not serve a fetch without that trust: a pool for each trust.
        self._transports: dict[frozenset[str], httpx.AsyncBaseTransport] = {}

    async def close(self) -> None:
        for transport in self._transports.values():
            await transport.aclose()
        self._transports.clear()

    async def fetch_bytes(self, url: str, policy: FetchPolicy, headers: Mapping[str, str] | None = None) -> Fetched:
        """GET `url` into memory. Raises FetchError; safe to repeat.

        `headers` (an API key, as a rule) go to the URL's own origin only, never to where it redirects.
        """
        async with self._get(url, policy, headers) as (response, final_url, host):
            chunks = [chunk async for chunk in _limited_body(response, host, policy.max_bytes)]
        return Fetched(b"".join(chunks), _media_type(response), str(final_url))

    async def fetch_to_file(
        self, url: str, path: Path, policy: FetchPolicy, headers: Mapping[str, str] | None = None
    ) -> FetchedFile:
        """GET `url` into `path`, which appears whole or not at all. Flat memory.

        Raises FetchError, or StorageError when the disk does not take it; safe to repeat.
        """
        async with self._get(url, policy, headers) as (response, final_url, host):
            body = _limited_body(response, host, policy.max_bytes)
            size_bytes, sha256 = await _write_whole(body, path)
        return FetchedFile(path, size_bytes, sha256, _media_type(response), str(final_url))

    @asynccontextmanager
    async def _get(
        self, url: str, policy: FetchPolicy, headers: Mapping[str, str] | None
    ) -> AsyncGenerator[tuple[httpx.Response, httpx.URL, str]]:
        allowed_hosts = self._allowed_hosts | policy.allowed_hosts
        target = _checked_url(url, allowed_hosts)
        first_origin = _origin(target)
        async with _deadline(target.host, policy.deadline_seconds):
            for _ in range(policy.max_redirects + 1):
                own_headers = headers if _origin(target) == first_origin else None
                response = await self._send(target, policy, own_headers)
                try:
                    if response.status_code not in _REDIRECTS:
                        _require_whole_answer(response, target.host)
                        yield response, target, target.host
                        return
                    target = _next_hop(response, target, allowed_hosts)
                finally:
                    await response.aclose()
            raise FetchError(f"{target.host}: more than {policy.max_redirects} redirects")

    async def _send(self, url: httpx.URL, policy: FetchPolicy, headers: Mapping[str, str] | None) -> httpx.Response:
        request = httpx.Request(
            "GET",
            url,
            headers={
                "user-agent": f"filmgate/{__version__}",
                "accept": "*/*",
                # A compressed body hides its true size, and media do not compress.
                "accept-encoding": "identity",
                **{name.lower(): value for name, value in (headers or {}).items()},
            },
            extensions={
                "timeout": {
                    "connect": policy.connect_seconds,
                    "read": policy.read_seconds,
                    "write": policy.read_seconds,
                    "pool": None,  # waiting for one of our own connections is bounded by the deadline
                }
            },
        )
        with _named_errors(url.host):
            return await self._transport(policy.allowed_hosts).handle_async_request(request)

    def _transport(self, extra_hosts: frozenset[str]) -> httpx.AsyncBaseTransport:
        trusted = self._allowed_hosts | extra_hosts
        if trusted not in self._transports:
            self._transports[trusted] = self._given_transport or GuardedTransport(
                trusted, self._resolve, self._ssl_context
            )
        return self._transports[trusted]


def _checked_url(url: str, allowed_hosts: frozenset[str]) -> httpx.URL:
    """What can be refused by looking alone. The connection checks again what the host resolves to."""
    try:
        parsed = httpx.URL(url)
        host = parsed.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise FetchError("the URL cannot be parsed; it must be an absolute http or https URL") from None
    if parsed.scheme not in ("http", "https"):
        raise FetchError(f"URL scheme {parsed.scheme[:20]!r} is not allowed; use http or https")
    if not host:
        raise FetchError("the URL names no host")
    if parsed.userinfo:
        raise FetchError(f"{host}: a URL with a user name or password in it is not allowed")
    if ":" not in host and (not _HOST_NAME.fullmatch(host) or len(host) > 253):
        raise FetchError(f"{host[:100]!r} is no host name")
    if _ENDS_IN_NUMBER.search(host) and not _is_dotted_quad(host):
        raise FetchError(f"{host}: write an IPv4 address as four decimal numbers")
    port = parsed.port if parsed.port is not None else (443 if parsed.scheme == "https" else 80)
    if not 1 <= port <= 65535:
        raise FetchError(f"{host}: port {port} is not between 1 and 65535")
    if (":" in host or _is_dotted_quad(host)) and not is_allowed(host, port, allowed_hosts):
        _require_public(host)
    return parsed


def _require_public(address: str) -> None:
    try:
        reason = why_not_public(address)
    except ValueError:
        raise FetchError(f"{address!r} is no IP address") from None
    if reason:
        raise FetchError(f"{address}: this is a {reason} address, which is not fetched from")


def _is_dotted_quad(host: str) -> bool:
    try:
        IPv4Address(host)
    except ValueError:
        return False
    return True


def _origin(url: httpx.URL) -> tuple[str, bytes, int | None]:
    return url.scheme, url.raw_host, url.port


def _next_hop(response: httpx.Response, base: httpx.URL, allowed_hosts: frozenset[str]) -> httpx.URL:
    location = response.headers.get("location")
    if not location:
        raise FetchError(f"{base.host}: a redirect (HTTP {response.status_code}) without a location")
    try:
        joined = str(base.join(location))
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise FetchError(f"{base.host}: it redirects to something that is no URL") from None
    try:
        return _checked_url(joined, allowed_hosts)
    except FetchError as error:
        raise FetchError(f"{base.host}: it redirects to a forbidden place: {error.message}") from None


def _require_whole_answer(response: httpx.Response, host: str) -> None:
    status = response.status_code
    if status not in (200, 203):
        retryable = status >= 500 or status in _WORTH_ANOTHER_TRY
        raise FetchError(f"{host}: it answered HTTP {status} instead of 200", retryable=retryable)
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise FetchError(f"{host}: it sent content-encoding {encoding[:40]!r} although identity was asked for")


async def _limited_body(response: httpx.Response, host: str, max_bytes: int) -> AsyncIterator[bytes]:
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > max_bytes:
        raise FetchError(f"{host}: the file has {declared} bytes; at most {max_bytes} are allowed")
    received = 0
    with _named_errors(host):
        async for chunk in response.aiter_bytes():
            received += len(chunk)
            if received > max_bytes:
                raise FetchError(f"{host}: the file has more than the {max_bytes} bytes allowed")
            yield chunk


async def _write_whole(body: AsyncIterator[bytes], path: Path) -> tuple[int, str]:
    """Size and SHA-256 of what was written. Writes and hashes outside the event loop, a MiB at a time."""
    partial = path.with_name(path.name + ".part")
    digest = hashlib.sha256()
    size_bytes = 0
    try:
        with partial.open("wb") as file:

            def write(block: bytes) -> None:
                file.write(block)
                digest.update(block)

            pending = bytearray()
            async for chunk in body:
                pending += chunk
                size_bytes += len(chunk)
                if len(pending) >= _WRITE_BLOCK_BYTES:
                    await asyncio.to_thread(write, bytes(pending))
                    pending.clear()
            await asyncio.to_thread(write, bytes(pending))
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise StorageError(f"cannot write the fetched file: {error.strerror}", retryable=True) from error
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return size_bytes, digest.hexdigest()


def _media_type(response: httpx.Response) -> str | None:
    return response.headers.get("content-type", "").partition(";")[0].strip().lower() or None


@asynccontextmanager
async def _deadline(host: str, seconds: float) -> AsyncGenerator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise FetchError(f"{host}: not finished within {seconds:g} s", retryable=True) from error


@contextmanager
def _named_errors(host: str) -> Generator[None]:
    try:
        yield
    except httpx.TimeoutException as error:
        phase = "connection" if isinstance(error, httpx.ConnectTimeout) else "data"
        raise FetchError(f"{host}: no {phase} in time", retryable=True) from error
    except httpx.ConnectError as error:
        raise FetchError(f"{host}: cannot connect ({error})", retryable=True) from error
    except httpx.TransportError as error:
        raise FetchError(f"{host}: the transfer broke off ({type(error).__name__})", retryable=True) from error
