"""The transport below the guarded client: a host name is resolved once, checked, and the checked address is connected.

The check stands in the connection itself, so nothing above it (a redirect, a second look-up with another answer, a
form of address that only the system's resolver understands) can lead anywhere else. TLS still verifies the host name.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from typing import cast

import httpcore
import httpx

from filmgate.core.errors import FetchError
from filmgate.net.addresses import why_not_public

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host name and port in, IP addresses out. Raises OSError when the name has none."""

_SocketOptions = Iterable[tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]]


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Every address that this machine's resolver knows for `host`, in the order it prefers."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(socket_address[0]) for *_, socket_address in found))


class GuardedTransport(httpx.AsyncBaseTransport):
    """A pool of direct connections (no proxy) that reaches public addresses and `allowed_hosts`, nothing else.

    Raises httpx.TransportError as any transport does, and FetchError for an address that may not be reached.
    """

    def __init__(self, allowed_hosts: frozenset[str], resolve: Resolve, ssl_context: ssl.SSLContext) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context,
            max_connections=200,
            max_keepalive_connections=20,
            keepalive_expiry=5.0,
            network_backend=_GuardedBackend(allowed_hosts, resolve),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        with _httpx_errors():
            response = await self._pool.handle_async_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=cast(httpx.AsyncByteStream, request.stream),
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(cast(AsyncIterable[bytes], response.stream), response.aclose),
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, chunks: AsyncIterable[bytes], close: Callable[[], Awaitable[None]]) -> None:
        self._chunks = chunks
        self._close = close

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _httpx_errors():
            async for chunk in self._chunks:
                yield chunk

    async def aclose(self) -> None:
        await self._close()


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    def __init__(self, allowed_hosts: frozenset[str], resolve: Resolve) -> None:
        self._allowed_hosts = allowed_hosts
        self._resolve = resolve
        self._network = cast(httpcore.AsyncNetworkBackend, httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: _SocketOptions | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._checked_addresses(host, port)
                return await self._connect_first(host, addresses, port, timeout)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"no connection within {timeout} s") from error

    async def _checked_addresses(self, host: str, port: int) -> Sequence[str]:
        addresses = [host] if _is_ip_literal(host) else await self._look_up(host, port)
        if not is_allowed(host, port, self._allowed_hosts):
            for address in addresses:
                # One inside address among public ones is enough: nobody serves files to the world like that.
                if reason := why_not_public(address):
                    raise FetchError(f"{host}: it leads to a {reason} address, which is not fetched from")
        return addresses

    async def _look_up(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise FetchError(f"{host}: the name cannot be resolved", retryable=True) from error
        if not addresses:
            raise FetchError(f"{host}: the name has no address", retryable=True)
        return addresses

    async def _connect_first(
        self, host: str, addresses: Sequence[str], port: int, timeout: float | None
    ) -> httpcore.AsyncNetworkStream:
        # A dead address (IPv6 without a route, as a rule) must leave time for the ones behind it.
        share = None if timeout is None else timeout / len(addresses)
        for address in addresses[:-1]:
            try:
                return await self._network.connect_tcp(address, port, timeout=share)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._network.connect_tcp(addresses[-1], port, timeout=timeout)


def is_allowed(host: str, port: int, allowed_hosts: frozenset[str]) -> bool:
    """Whether the owner trusts `host`, on every port ("host") or on this one ("host:port", "[v6]:port")."""
    name = host.lower()
    authority = f"[{name}]:{port}" if ":" in name else f"{name}:{port}"
    return name in allowed_hosts or authority in allowed_hosts


def _is_ip_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


_HTTPX_ERRORS: tuple[tuple[type[Exception], type[httpx.TransportError]], ...] = (
    (httpcore.ConnectTimeout, httpx.ConnectTimeout),
    (httpcore.ReadTimeout, httpx.ReadTimeout),
    (httpcore.WriteTimeout, httpx.WriteTimeout),
    (httpcore.PoolTimeout, httpx.PoolTimeout),
    (httpcore.ConnectError, httpx.ConnectError),
    (httpcore.ReadError, httpx.ReadError),
    (httpcore.WriteError, httpx.WriteError),
    (httpcore.RemoteProtocolError, httpx.RemoteProtocolError),
    (httpcore.LocalProtocolError, httpx.LocalProtocolError),
)


@contextmanager
def _httpx_errors() -> Generator[None]:
    try:
        yield
    except tuple(ours for ours, _ in _HTTPX_ERRORS) as error:
        theirs = next(theirs for ours, theirs in _HTTPX_ERRORS if isinstance(error, ours))
        raise theirs(str(error)) from error
