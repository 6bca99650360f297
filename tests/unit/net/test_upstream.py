"""The HTTP client of an account: what is sent how often, on which connection, and what a failure proves."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filmgate.core.errors import (
    Charged,
    ErrorClass,
    OutcomeUnknown,
    UpstreamBusy,
    UpstreamRefused,
    UpstreamUnreachable,
)
from filmgate.net.upstream import MOST_REPLY_BYTES, Reply, Upstream

pytestmark = pytest.mark.anyio

KEY = "test-key-0000000000000000"
BEARER = {"authorization": f"Bearer {KEY}"}


def upstream(answer: Callable[[httpx.Request], httpx.Response], base_url: str = "https://api.example") -> Upstream:
    return Upstream(base_url, secrets=[KEY], transport=httpx.MockTransport(answer))


def always(response: httpx.Response) -> Upstream:
    return upstream(lambda request: response)


def failing(error: Exception) -> Upstream:
    def raising(request: httpx.Request) -> httpx.Response:
        raise error

    return upstream(raising)


# ── over real sockets ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class KeptAliveServer:
    """Answers every request on a connection, and notes the number of the connection that it came on."""

    url: str = ""
    connections: int = 0
    came_on: list[int] = field(default_factory=list)


@asynccontextmanager
async def kept_alive_server() -> AsyncIterator[KeptAliveServer]:
    noted = KeptAliveServer()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        noted.connections += 1
        number = noted.connections
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    (line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")), b":0"
                )
                await reader.readexactly(int(length.partition(b":")[2]))
                noted.came_on.append(number)
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    noted.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield noted


async def test_questions_share_a_connection_and_every_paid_call_opens_its_own() -> None:
    async with kept_alive_server() as server:
        client = Upstream(server.url)
        for _ in range(2):
            assert (await client.ask("GET", "/tasks", headers={})).status == 200
            assert (await client.pay("/videos", headers={}, json={"prompt": "waves"})).json() == {}
        assert server.came_on == [1, 2, 1, 3]
        await client.close()


async def test_a_closed_port_got_nothing(unused_tcp_port: int) -> None:
    client = Upstream(f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(UpstreamUnreachable, match=r"127\.0\.0\.1 cannot be reached \(ConnectError\)") as caught:
        await client.pay("/videos", headers={}, json={})
    assert (caught.value.retryable, caught.value.charged) == (True, Charged.NO)
    with pytest.raises(UpstreamBusy, match="no whole answer came"):
        await client.ask("GET", "/tasks", headers={})
    await client.close()


@pytest.fixture
def unused_tcp_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nconte",
        b'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"id": "42"}',
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nhalf",
        b"SSH-2.0-OpenSSH_9.9\r\n\r\n",
    ],
)
async def test_an_answer_that_breaks_off_leaves_the_outcome_open(serve_raw, said: bytes) -> None:
    async def respond(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(said)

    async with serve_raw(respond) as host:
        client = Upstream(f"http://{host}")
        with pytest.raises(OutcomeUnknown, match="no whole answer came") as caught:
            await client.pay("/videos", headers={}, json={"prompt": "waves"})
        assert (caught.value.retryable, caught.value.charged) == (False, Charged.UNKNOWN)
        with pytest.raises(UpstreamBusy, match="no whole answer came"):
            await client.ask("GET", "/tasks", headers={})
        await client.close()


# ── what a failure proves ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError])
async def test_nothing_was_sent(error: type[httpx.TransportError]) -> None:
    with pytest.raises(UpstreamUnreachable):
        await failing(error("x")).pay("/videos", headers={}, json={})


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout,
        httpx.WriteTimeout,
        httpx.ReadError,
        httpx.WriteError,
        httpx.CloseError,
        httpx.RemoteProtocolError,
        httpx.DecodingError,
    ],
)
async def test_something_was_sent(error: type[httpx.RequestError]) -> None:
    with pytest.raises(OutcomeUnknown):
        await failing(error("x")).pay("/videos", headers={}, json={})
    with pytest.raises(UpstreamBusy):
        await failing(error("x")).ask("GET", "/tasks", headers={})


@pytest.mark.parametrize(
    ("base_url", "headers"),
    [
        ("api.example", {}),
        ("ftp://api.example", {}),
        ("https://api.example:port", {}),
        ("", {}),
        ("https://api.example", {"authorization": "Bearer ключ"}),
    ],
)
async def test_what_cannot_be_sent_is_the_owners_business(base_url: str, headers: dict[str, str]) -> None:
    client = Upstream(base_url)
    with pytest.raises(UpstreamRefused, match="cannot be sent") as caught:
        await client.pay("/videos", headers=headers, json={})
    assert (caught.value.error_class, caught.value.retryable) == (ErrorClass.OPERATOR, False)
    with pytest.raises(UpstreamBusy):
        await client.ask("GET", "/tasks", headers=headers)
    await client.close()


async def test_a_reply_that_is_too_long_is_not_read_to_its_end() -> None:
    read = 0

    async def without_end() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1024 * 1024
            yield bytes(1024 * 1024)

    client = upstream(lambda request: httpx.Response(200, content=without_end()))
    with pytest.raises(OutcomeUnknown):
        await client.pay("/videos", headers={}, json={})
    assert read <= MOST_REPLY_BYTES + 2 * 1024 * 1024
    with pytest.raises(UpstreamBusy):
        await client.ask("GET", "/tasks", headers={})


async def test_the_length_allowed_is_the_callers_choice() -> None:
    client = always(httpx.Response(200, content=b"12345"))
    assert (await client.ask("GET", "/f", headers={}, max_bytes=5)).content == b"12345"
    with pytest.raises(UpstreamBusy):
        await client.ask("GET", "/f", headers={}, max_bytes=4)


# ── what is sent ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_path_goes_below_the_base_url_and_a_url_where_it_says() -> None:
    seen: list[str] = []

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(f"{request.method} {request.url}")
        return httpx.Response(200, json={})

    client = upstream(note, "https://api.example/v1/")
    await client.pay("/videos", headers={}, json={})
    await client.ask("GET", "/videos", headers={}, params={"ids": "a,b", "limit": 2, "kind": ["x", "y"]})
    await client.ask("DELETE", "https://other.example/videos/1", headers={})
    assert client.base_url == "https://api.example/v1"
    assert seen == [
        "POST https://api.example/v1/videos",
        "GET https://api.example/v1/videos?ids=a%2Cb&limit=2&kind=x&kind=y",
        "DELETE https://other.example/videos/1",
    ]


async def test_bodies_are_json_forms_or_files() -> None:
    seen: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    client = upstream(note)
    await client.pay("/a", headers=BEARER, json={"prompt": "海浪"})
    await client.pay("/b", headers=BEARER, form={"prompt": "a b"})
    await client.pay("/c", headers=BEARER, form={"prompt": "x"}, files=[("image", ("a.png", b"\x89PNG", "image/png"))])
    as_json, as_form, as_files = seen
    assert json.loads(as_json.content) == {"prompt": "海浪"}
    assert as_form.content == b"prompt=a+b"
    assert b'name="image"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG' in as_files.content
    assert [request.headers["content-type"].partition(";")[0] for request in seen] == [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ]
    assert {request.headers["authorization"] for request in seen} == {f"Bearer {KEY}"}
    assert seen[0].headers["user-agent"].startswith("filmgate/")


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    calls = 0

    def redirect(request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        return httpx.Response(307, headers={"Location": "https://elsewhere.example/"})

    assert (await upstream(redirect).pay("/videos", headers=BEARER, json={})).status == 307
    assert calls == 1


# ── what is told ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [200, 401, 500])
async def test_secrets_are_blotted_out_of_the_answer(status: int) -> None:
    body = {"message": f"bad key {KEY}", "seen": f"Bearer {KEY}"}
    reply = await always(httpx.Response(status, json=body)).pay("/videos", headers=BEARER, json={})
    assert reply.json() == {"message": "bad key ***", "seen": "Bearer ***"}
    assert KEY not in reply.snippet() + repr(reply)


async def test_a_token_signed_for_one_call_is_a_secret_too() -> None:
    client = upstream(lambda request: httpx.Response(401, text=f"token {request.headers['authorization']} is wrong"))
    reply = await client.ask("GET", "/tasks", headers={"authorization": "Bearer signed.for.this.call"})
    assert reply.content == b"token Bearer *** is wrong"


async def test_a_short_secret_does_not_blot_out_half_of_an_answer() -> None:
    client = Upstream(
        "https://api.example",
        secrets=["a"],
        transport=httpx.MockTransport(lambda request: httpx.Response(200, text="a banana")),
    )
    reply = await client.ask("GET", "/", headers={"authorization": "Bearer a"})
    assert reply.content == b"a banana"


async def test_header_names_are_in_lower_case() -> None:
    reply = await always(httpx.Response(200, headers={"X-Request-ID": "r1"})).ask("GET", "/", headers={})
    assert reply.headers["x-request-id"] == "r1"


def replied(content: bytes = b"", **headers: str) -> Reply:
    return Reply(200, {name.replace("_", "-"): value for name, value in headers.items()}, content)


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b"null", None),
        (b"", None),
        (b"<html>", None),
        (b"\xff", None),
        (b'{"a": 1', None),
        (b"[" * 100_000, None),
        (b"9" * 5000, None),
    ],
    ids=["object", "null", "empty", "page", "no text", "cut off", "deep", "huge"],
)
def test_a_body_is_json_or_none(content: bytes, value: object) -> None:
    assert replied(content).json() == value


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 1.5 ", 1.5),
        ("0", 0.0),
        ("-3", 0.0),
        ("86400", 3600.0),
        ("nan", None),
        ("inf", None),
        ("", None),
        ("soon", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Wed, 21 Oct 2099 07:28:00 GMT", 3600.0),
        ("Wed, 21 Oct 2099 07:28:00 +999999", None),
    ],
)
def test_when_to_come_back(header: str, seconds: float | None) -> None:
    assert replied(retry_after=header).retry_after_seconds == seconds


def test_when_to_come_back_as_a_date() -> None:
    header = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    seconds = replied(retry_after=header).retry_after_seconds
    assert seconds is not None
    assert 90 <= seconds <= 100


def test_without_the_header_nobody_says_when() -> None:
    assert replied().retry_after_seconds is None


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,5} \d{1,3}:\d\d:\d\d [+-]?[A-Z0-9]{0,6}"))
def test_no_header_raises(header: str) -> None:
    seconds = replied(retry_after=header).retry_after_seconds
    assert seconds is None or 0 <= seconds <= 3600


def test_a_snippet_is_short_readable_and_can_be_stored() -> None:
    assert replied(b"<html>\n  <h1>Bad\t Gateway</h1>").snippet() == "<html> <h1>Bad Gateway</h1>"
    assert len(replied(b"x" * 10_000).snippet()) == 200
    assert replied(b"a\x00b \xff").snippet() == "a b \ufffd"


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://api.example/files/1.mp4", True),
        ("https://API.example/files/1.mp4", True),
        ("https://api.example:443/files/1.mp4", True),
        ("https://api.example", True),
        ("http://api.example/files/1.mp4", False),
        ("https://api.example:8443/files/1.mp4", False),
        ("https://cdn.api.example/1.mp4", False),
        ("https://api.example.evil.example/1.mp4", False),
        ("https://api.example@evil.example/1.mp4", False),
        ("https://evil.example/https://api.example/", False),
        ("//api.example/1.mp4", False),
        ("/files/1.mp4", False),
        ("no url", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_only_its_own_origin_may_be_sent_the_key(url: str, own: bool) -> None:
    assert (
        Upstream("https://api.example/v1", transport=httpx.MockTransport(lambda _: httpx.Response(200))).is_own(url)
        is own
    )


@given(st.text())
def test_any_text_has_an_origin_or_none(url: str) -> None:
    assert not always(httpx.Response(200)).is_own(f"https://evil.example/{url}")
    always(httpx.Response(200)).is_own(url)
