"""Listens to an account: what the engine asked of its adapter, what went over the wire, and what came of it.

`golden_recording` makes golden files of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from filmgate.core.errors import StorageError, UpstreamError
from filmgate.core.request import VideoRequest
from filmgate.engine.account_settings import AccountSettings, open_account
from filmgate.engine.accounts import Account
from filmgate.providers.kind import Credentials, ProviderKind, Tools
from filmgate.store.credentials import Credential
from live.server import credentials_of, own_keys

# Of the golden files. `hear` is missing: a live run asks for no callbacks.
OPERATIONS = ("submit", "poll", "poll_many", "cancel", "find", "download_headers")
# httpx has decoded the body, and it is handed on whole.
_HEADERS_OF_THE_TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length"})


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP call, its bodies read: an answer, or the error that came in its place."""

    request: httpx.Request
    answer: httpx.Response | httpx.TransportError


@dataclass(frozen=True, slots=True)
class SentImage:
    content: bytes = field(repr=False)
    media_type: str
    url: str | None


@dataclass(slots=True)
class Call:
    """One operation of the adapter. `outcome` is what it returned, or the UpstreamError that it raised."""

    operation: str
    at: float  # Unix seconds
    arguments: tuple[Any, ...]
    named: Mapping[str, Any]
    exchanges: list[Exchange] = field(default_factory=list[Exchange])
    outcome: Any = None
    images: dict[str, SentImage] = field(default_factory=dict[str, SentImage])  # by role

    @property
    def request(self) -> VideoRequest | None:
        return next((each for each in self.arguments if isinstance(each, VideoRequest)), None)


@dataclass(frozen=True, slots=True)
class Heard:
    """One account, and every call to it in the order in which they ended."""

    provider: str
    own_keys: Mapping[str, Any] = field(repr=False)
    credentials: Credentials = field(repr=False)
    base_url: str
    calls: list[Call] = field(default_factory=list[Call])


class RecordingTransport(httpx.AsyncBaseTransport):
    """Hands everything on to `inner`, and notes it for the call that is under way in this context."""

    def __init__(self, inner: httpx.AsyncBaseTransport, under_way: ContextVar[Call | None]) -> None:
        self._inner = inner
        self._under_way = under_way

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        try:
            response = await self._inner.handle_async_request(request)
            content = await response.aread()
        except httpx.TransportError as error:
            self._note(Exchange(request, error))
            raise
        headers = [(name, value) for name, value in response.headers.multi_items() if _is_kept(name)]
        self._note(Exchange(request, httpx.Response(response.status_code, headers=headers, content=content)))
        return httpx.Response(response.status_code, headers=headers, content=content)

    async def aclose(self) -> None:
        await self._inner.aclose()

    def _note(self, exchange: Exchange) -> None:
        call = self._under_way.get()
        if call is not None:
            call.exchanges.append(exchange)


class Recorder:
    """Opens one account and listens to it. `inner` is the network, or what stands in its place.

    Calls go straight to the vendor: the proxies that the environment may name are not used.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport | None = None) -> None:
        # A connection for each call, as paid calls have it in production.
        self._inner = inner or httpx.AsyncHTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))
        self._under_way: ContextVar[Call | None] = ContextVar("the call under way", default=None)
        self.heard: Heard | None = None

    def open(
        self, settings: AccountSettings, kind: ProviderKind, tools: Tools, environ: Mapping[str, str]
    ) -> tuple[Account, Credential]:
        """In place of `open_account`."""
        transport = RecordingTransport(self._inner, self._under_way)
        account, credential = open_account(settings, kind, replace(tools, transport=transport), environ)
        adapter: Any = account.adapter
        credentials = credentials_of(credential, kind)
        self.heard = heard = Heard(settings.provider, own_keys(credential), credentials, adapter.base_url)
        # Methods are replaced on the object, so that it still is what the engine asks it to be: PollsMany and the like.
        for operation in OPERATIONS:
            if hasattr(adapter, operation):
                listening = self._listening(operation, getattr(adapter, operation), heard, tools)
                setattr(adapter, operation, listening)
        return account, credential

    def _listening(
        self, operation: str, method: Callable[..., Awaitable[Any]], heard: Heard, tools: Tools
    ) -> Callable[..., Awaitable[Any]]:
        async def listening(*arguments: Any, **named: Any) -> Any:
            if self._under_way.get() is not None:  # an adapter's own use of itself, as poll has of poll_many
                return await method(*arguments, **named)
            call = Call(operation, tools.clock.now(), arguments, named)
            token = self._under_way.set(call)
            try:
                call.outcome = await method(*arguments, **named)
            except UpstreamError as error:
                call.outcome = error
                raise
            finally:
                self._under_way.reset(token)
                if call.outcome is not None:  # None: it was interrupted, and what it would have said is not known
                    call.images = await _images_of(call.request, tools)
                    heard.calls.append(call)
            return call.outcome

        return listening


async def _images_of(request: VideoRequest | None, tools: Tools) -> dict[str, SentImage]:
    """The images of a request by the roles that golden files know."""
    if request is None:
        return {}
    images = request.images
    by_role = {"first_frame": images.first_frame, "last_frame": images.last_frame}
    by_role |= {f"reference_{number}": image for number, image in enumerate(images.references)}
    read: dict[str, SentImage] = {}
    for role, image in by_role.items():
        if image is None:
            continue
        try:
            content = await tools.read_input(image.key)
        except StorageError:  # the adapter was told so, too
            continue
        read[role] = SentImage(content, image.media_type, image.source_url)
    return read


def _is_kept(header: str) -> bool:
    return header.lower() not in _HEADERS_OF_THE_TRANSFER
