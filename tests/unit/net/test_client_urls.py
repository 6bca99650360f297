"""What is refused by looking at the URL, and how redirects are followed; the network is a mock transport."""

import httpx
import pytest

from filmgate.core.errors import FetchError
from filmgate.net.client import FetchPolicy, GuardedClient

pytestmark = pytest.mark.anyio

POLICY = FetchPolicy(max_bytes=1000)


def client_with(handler: object) -> GuardedClient:
    return GuardedClient(transport=httpx.MockTransport(handler))  # type: ignore[arg-type]


def answer_ok(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=b"clip", headers={"content-type": "Video/MP4; codecs=avc1"})


def never_reached(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"a request went out to {request.url}")


async def test_bytes_media_type_and_final_url_come_back() -> None:
    fetched = await client_with(answer_ok).fetch_bytes("https://cdn.example/a.mp4?sig=1", POLICY)
    assert (fetched.content, fetched.media_type, fetched.url) == (
        b"clip",
        "video/mp4",
        "https://cdn.example/a.mp4?sig=1",
    )


async def test_requests_ask_for_identity_and_carry_no_cookies_of_strangers() -> None:
    seen: list[httpx.Headers] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return httpx.Response(200, content=b"x", headers={"set-cookie": "id=1; Path=/"})

    client = client_with(handler)
    for _ in range(2):
        await client.fetch_bytes("https://cdn.example/", POLICY, headers={"Authorization": "Bearer k"})
    assert seen[1]["accept-encoding"] == "identity"
    assert seen[1]["authorization"] == "Bearer k"
    assert "cookie" not in seen[1]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://cdn.example/a",
        "file:///etc/passwd",
        "gopher://cdn.example/",
        "data:text/plain,hi",
        "//cdn.example/a",
        "/a",
        "",
        "http://",
        "http:///a",
        "http://cdn.example:99999/",
        "http://cdn.example:0/",
        "http://user:secret@cdn.example/",
        "http://user@cdn.example/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://0/",
        "http://1.2.3.4.5/",
        "http://127.0.0.1/",
        "http://127.0.0.1./",
        "http://10.0.0.1:8080/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[fe80::1%25eth0]/",
        "http://127。0。0。1/",
        "http://%31%32%37.0.0.1/",
        "http://exa mple.com/",
        "http://cdn.example\\@127.0.0.1/",
        "http://" + "a" * 300 + ".example/",
    ],
)
async def test_a_url_that_may_not_be_fetched_is_refused_before_any_request(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        await client_with(never_reached).fetch_bytes(url, POLICY)
    assert not caught.value.retryable
    assert "secret" not in caught.value.message


async def test_a_trusted_address_passes_on_its_own_port_only() -> None:
    client = GuardedClient(transport=httpx.MockTransport(answer_ok), allowed_hosts=frozenset({"10.0.0.1:8188"}))
    await client.fetch_bytes("http://10.0.0.1:8188/view", POLICY)
    with pytest.raises(FetchError, match="private address"):
        await client.fetch_bytes("http://10.0.0.1:8189/view", POLICY)


async def test_trust_of_one_policy_does_not_reach_the_next() -> None:
    client = client_with(answer_ok)
    await client.fetch_bytes("http://[::1]:81/", FetchPolicy(max_bytes=9, allowed_hosts=frozenset({"[::1]:81"})))
    with pytest.raises(FetchError, match="loopback"):
        await client.fetch_bytes("http://[::1]:81/", POLICY)


async def test_relative_and_absolute_redirects_are_followed() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        hops = {"/a": "../b?x=1", "/b": "https://other.example/c"}
        if request.url.path in hops:
            return httpx.Response(302, headers={"location": hops[request.url.path]})
        return httpx.Response(200, content=str(request.url).encode())

    fetched = await client_with(handler).fetch_bytes("https://cdn.example/a", POLICY)
    assert fetched.content == b"https://other.example/c"
    assert fetched.url == "https://other.example/c"


async def test_headers_stay_with_the_first_origin() -> None:
    seen: list[tuple[str, bool]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append((str(request.url), "x-goog-api-key" in request.headers))
        hops = {
            "https://api.example/1": "https://api.example/2",
            "https://api.example/2": "https://cdn.example/3",
            "https://cdn.example/3": "http://api.example/4",
        }
        target = hops.get(str(request.url))
        return httpx.Response(307, headers={"location": target}) if target else httpx.Response(200)

    await client_with(handler).fetch_bytes("https://api.example/1", POLICY, headers={"X-Goog-Api-Key": "k"})
    assert [has_key for _, has_key in seen] == [True, True, False, False]


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1/", "http://[::1]/", "file:///etc/passwd", "http://0x7f.1/", "http://u:p@cdn.example/"],
)
async def test_every_hop_is_checked(location: str) -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(301, headers={"location": location})

    with pytest.raises(FetchError, match=r"^cdn\.example: it redirects to a forbidden place") as caught:
        await client_with(handler).fetch_bytes("https://cdn.example/", POLICY)
    assert asked == ["cdn.example"]
    assert not caught.value.retryable


async def test_five_redirects_are_followed_and_the_sixth_is_not() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        left = int(request.url.path[1:])
        return (
            httpx.Response(302, headers={"location": f"/{left - 1}"}) if left else httpx.Response(200, content=b"end")
        )

    client = client_with(handler)
    assert (await client.fetch_bytes("https://cdn.example/5", POLICY)).content == b"end"
    with pytest.raises(FetchError, match="more than 5 redirects") as caught:
        await client.fetch_bytes("https://cdn.example/6", POLICY)
    assert not caught.value.retryable


async def test_a_redirect_without_a_location_is_an_error() -> None:
    with pytest.raises(FetchError, match="without a location"):
        await client_with(lambda request: httpx.Response(302)).fetch_bytes("https://cdn.example/", POLICY)


@pytest.mark.parametrize(
    ("status", "retryable"),
    [(status, False) for status in (204, 206, 304, 400, 403, 404, 410)]
    + [(status, True) for status in (408, 425, 429, 500, 503)],
)
async def test_only_a_whole_answer_is_taken(status: int, retryable: bool) -> None:
    client = client_with(lambda request: httpx.Response(status, content=b"x"))
    with pytest.raises(FetchError, match=f"HTTP {status}") as caught:
        await client.fetch_bytes("https://cdn.example/a?sig=secret", POLICY)
    assert caught.value.retryable is retryable


async def test_a_compressed_body_is_refused() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=httpx.ByteStream(b"\x1f\x8b"), headers={"content-encoding": "gzip"})

    with pytest.raises(FetchError, match="content-encoding 'gzip'"):
        await client_with(handler).fetch_bytes("https://cdn.example/", POLICY)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (httpx.ConnectError("refused"), "cannot connect"),
        (httpx.ConnectTimeout(""), "no connection in time"),
        (httpx.ReadTimeout(""), "no data in time"),
        (httpx.ReadError(""), "broke off"),
        (httpx.RemoteProtocolError(""), "broke off"),
    ],
)
async def test_transport_errors_are_worth_another_try_and_hide_the_query(
    error: httpx.TransportError, words: str
) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(FetchError, match=words) as caught:
        await client_with(handler).fetch_bytes("https://cdn.example/path?sig=secret", POLICY)
    assert caught.value.retryable
    assert caught.value.message.startswith("cdn.example: ")
    assert "secret" not in caught.value.message


async def test_reprs_keep_urls_and_contents_out_of_logs() -> None:
    fetched = await client_with(answer_ok).fetch_bytes("https://cdn.example/a.mp4?sig=secret", POLICY)
    assert "secret" not in repr(fetched)
    assert "clip" not in repr(fetched)
