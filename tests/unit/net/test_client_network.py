"""The guarded client over real sockets: what it connects to, and what it makes of servers that misbehave."""

import asyncio
import hashlib
import ssl
from collections.abc import Sequence
from pathlib import Path

import httpcore
import pytest
import trustme

from filmgate.core.errors import FetchError, StorageError
from filmgate.net.client import FetchPolicy, GuardedClient

pytestmark = pytest.mark.anyio

LOOPBACK = frozenset({"127.0.0.1"})
POLICY = FetchPolicy(max_bytes=1000, deadline_seconds=20.0)


def answer(head: str, body: bytes = b""):
    async def respond(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)

    return respond


async def stay_silent(request: bytes, writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


def resolver(*answers: Sequence[str]):
    """Gives each look-up the next of `answers`, and counts them."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    return resolve, asked


async def test_a_trusted_loopback_server_is_reached_and_others_are_not(serve_raw) -> None:
    async with serve_raw(answer("HTTP/1.1 200 OK\nContent-Length: 2", b"hi")) as host:
        client = GuardedClient(allowed_hosts=frozenset({host}))
        assert (await client.fetch_bytes(f"http://{host}/", POLICY)).content == b"hi"
        with pytest.raises(FetchError, match="loopback"):
            await GuardedClient().fetch_bytes(f"http://{host}/", POLICY)
        await client.close()


async def test_a_name_that_leads_inside_is_refused_at_the_connection(serve_raw) -> None:
    async with serve_raw(answer("HTTP/1.1 200 OK\nContent-Length: 2", b"hi")) as host:
        port = host.rpartition(":")[2]
        resolve, _ = resolver(["127.0.0.1"])
        with pytest.raises(FetchError, match=r"inside\.example: it leads to a loopback address") as caught:
            await GuardedClient(resolve=resolve).fetch_bytes(f"http://inside.example:{port}/", POLICY)
        assert not caught.value.retryable


async def test_one_inside_address_among_public_ones_is_enough_to_refuse() -> None:
    resolve, _ = resolver(["93.184.216.34", "10.0.0.1"])
    with pytest.raises(FetchError, match="private address"):
        await GuardedClient(resolve=resolve).fetch_bytes("http://mixed.example/", POLICY)


async def test_a_rebinding_name_is_looked_up_once_and_its_checked_address_connected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second answer would be loopback. The look-up that is checked must be the one that is connected."""
    connected: list[str] = []

    async def connect_tcp(self: object, host: str, port: int, **_: object) -> None:
        connected.append(host)
        raise ConnectionAbortedError

    monkeypatch.setattr("httpcore.AnyIOBackend.connect_tcp", connect_tcp)
    resolve, asked = resolver(["93.184.216.34"], ["127.0.0.1"])
    with pytest.raises(ConnectionAbortedError):
        await GuardedClient(resolve=resolve).fetch_bytes("http://rebind.example/", POLICY)
    assert asked == ["rebind.example"]
    assert connected == ["93.184.216.34"]


async def test_a_redirect_to_a_name_that_leads_inside_is_refused(serve_raw) -> None:
    async with serve_raw(answer("HTTP/1.1 302 Found\nLocation: http://rebind.example/\nContent-Length: 0")) as host:
        resolve, asked = resolver(["169.254.169.254"])
        client = GuardedClient(allowed_hosts=frozenset({host}), resolve=resolve)
        with pytest.raises(FetchError, match=r"rebind\.example: it leads to a cloud metadata address"):
            await client.fetch_bytes(f"http://{host}/", POLICY)
        assert asked == ["rebind.example"]
        await client.close()


async def test_a_kept_alive_connection_of_a_trusted_fetch_does_not_serve_an_untrusted_one(serve_raw) -> None:
    async with serve_raw(answer("HTTP/1.1 200 OK\nContent-Length: 2", b"hi")) as host:
        port = host.rpartition(":")[2]
        resolve, _ = resolver(["127.0.0.1"], ["127.0.0.1"])
        client = GuardedClient(resolve=resolve)
        trusting = FetchPolicy(max_bytes=9, allowed_hosts=frozenset({"gpu.example"}))
        await client.fetch_bytes(f"http://gpu.example:{port}/", trusting)
        with pytest.raises(FetchError, match="loopback"):
            await client.fetch_bytes(f"http://gpu.example:{port}/", POLICY)
        await client.close()


async def test_a_dead_address_is_passed_over_for_the_next(serve_raw) -> None:
    async with serve_raw(answer("HTTP/1.1 200 OK\nContent-Length: 2", b"hi")) as host:
        port = host.rpartition(":")[2]
        resolve, _ = resolver(["127.0.0.2", "127.0.0.1"])
        client = GuardedClient(allowed_hosts=frozenset({"gpu.example"}), resolve=resolve)
        assert (await client.fetch_bytes(f"http://gpu.example:{port}/", POLICY)).content == b"hi"
        await client.close()


async def test_each_address_leaves_time_for_the_ones_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[str, float]] = []

    async def connect_tcp(self: object, host: str, port: int, timeout: float) -> None:
        given.append((host, timeout))
        raise httpcore.ConnectTimeout

    monkeypatch.setattr("httpcore.AnyIOBackend.connect_tcp", connect_tcp)
    resolve, _ = resolver(["2606:4700:4700::1111", "1.1.1.1"])
    with pytest.raises(FetchError, match="no connection in time"):
        await GuardedClient(resolve=resolve).fetch_bytes("http://dual.example/", FetchPolicy(9, connect_seconds=5.0))
    assert given == [("2606:4700:4700::1111", 2.5), ("1.1.1.1", 5.0)]


async def test_the_host_name_not_the_address_is_sent_to_the_server(serve_raw) -> None:
    heads: list[bytes] = []

    async def respond(request: bytes, writer: asyncio.StreamWriter) -> None:
        heads.append(request)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    async with serve_raw(respond) as host:
        port = host.rpartition(":")[2]
        resolve, _ = resolver(["127.0.0.1"])
        client = GuardedClient(allowed_hosts=frozenset({"gpu.example"}), resolve=resolve)
        await client.fetch_bytes(f"http://gpu.example:{port}/a?b=c", POLICY)
        await client.close()
    assert heads[0].startswith(b"GET /a?b=c HTTP/1.1\r\n")
    assert f"\r\nHost: gpu.example:{port}\r\n".encode() in heads[0]


async def test_an_unknown_name_is_worth_another_try() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        raise OSError("Name or service not known")

    with pytest.raises(FetchError, match="cannot be resolved") as caught:
        await GuardedClient(resolve=resolve).fetch_bytes("http://gone.example/?sig=secret", POLICY)
    assert caught.value.retryable
    assert "secret" not in caught.value.message


async def test_a_refused_connection_is_worth_another_try(serve_raw) -> None:
    async with serve_raw(stay_silent) as host:
        pass
    with pytest.raises(FetchError, match="cannot connect") as caught:
        await GuardedClient(allowed_hosts=LOOPBACK).fetch_bytes(f"http://{host}/", POLICY)
    assert caught.value.retryable


async def test_a_slow_look_up_counts_as_connecting() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    policy = FetchPolicy(max_bytes=9, connect_seconds=0.01)
    with pytest.raises(FetchError, match="no connection in time") as caught:
        await GuardedClient(resolve=resolve).fetch_bytes("http://slow.example/", policy)
    assert caught.value.retryable


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (FetchPolicy(max_bytes=9, deadline_seconds=0.03), r"not finished within 0\.03 s"),
        (FetchPolicy(max_bytes=9, read_seconds=0.03), "no data in time"),
    ],
)
async def test_a_server_that_never_answers_is_given_up(serve_raw, policy: FetchPolicy, words: str) -> None:
    async with serve_raw(stay_silent) as host:
        client = GuardedClient(allowed_hosts=LOOPBACK)
        with pytest.raises(FetchError, match=words) as caught:
            await client.fetch_bytes(f"http://{host}/", policy)
        assert caught.value.retryable
        await client.close()


async def test_a_body_that_trickles_for_ever_meets_the_deadline(serve_raw) -> None:
    async def trickle(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.001)

    async with serve_raw(trickle) as host:
        client = GuardedClient(allowed_hosts=LOOPBACK)
        with pytest.raises(FetchError, match="not finished"):
            await client.fetch_bytes(f"http://{host}/", FetchPolicy(max_bytes=10**6, deadline_seconds=0.05))
        await client.close()


@pytest.mark.parametrize(
    ("head", "body", "words", "retryable"),
    [
        ("HTTP/1.1 200 OK\nContent-Length: 1001", b"x" * 1001, "1001 bytes; at most 1000", False),
        ("HTTP/1.1 200 OK", b"x" * 5000, "more than the 1000 bytes", False),
        (
            "HTTP/1.1 200 OK\nTransfer-Encoding: chunked",
            b"800\r\n" + b"x" * 2048 + b"\r\n0\r\n\r\n",
            "more than",
            False,
        ),
        ("HTTP/1.1 200 OK\nContent-Length: 900", b"x" * 100, "broke off", True),
        ("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", b"10\r\nhalf", "broke off", True),
        ("HTTP/1.1 200 OK\nContent-Length: nonsense", b"", "broke off", True),
        ("SSH-2.0-OpenSSH_9.6", b"", "broke off", True),
    ],
)
async def test_oversized_and_truncated_bodies_are_errors(
    serve_raw, tmp_path: Path, head: str, body: bytes, words: str, retryable: bool
) -> None:
    async with serve_raw(answer(head, body)) as host:
        client = GuardedClient(allowed_hosts=LOOPBACK)
        with pytest.raises(FetchError, match=words) as caught:
            await client.fetch_to_file(f"http://{host}/?sig=secret", tmp_path / "clip.mp4", POLICY)
        await client.close()
    assert caught.value.retryable is retryable
    assert "secret" not in caught.value.message
    assert list(tmp_path.iterdir()) == []


async def test_a_body_of_exactly_the_limit_is_taken(serve_raw) -> None:
    async with serve_raw(answer("HTTP/1.1 200 OK\nContent-Length: 1000", b"x" * 1000)) as host:
        client = GuardedClient(allowed_hosts=LOOPBACK)
        assert len((await client.fetch_bytes(f"http://{host}/", POLICY)).content) == 1000
        await client.close()


async def test_a_large_file_reaches_the_disk_whole_with_its_hash(serve_raw, tmp_path: Path) -> None:
    content = bytes(range(256)) * 12_000  # three blocks of a MiB, the last one short
    async with serve_raw(answer(f"HTTP/1.1 200 OK\nContent-Length: {len(content)}", content)) as host:
        client = GuardedClient(allowed_hosts=LOOPBACK)
        policy = FetchPolicy(max_bytes=len(content))
        fetched = await client.fetch_to_file(f"http://{host}/", tmp_path / "clip.mp4", policy)
        await client.close()
    assert (tmp_path / "clip.mp4").read_bytes() == content
    assert fetched.size_bytes == len(content)
    assert fetched.sha256 == hashlib.sha256(content).hexdigest()
    assert fetched.media_type is None
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


async def test_a_disk_that_refuses_is_a_storage_error(serve_raw, tmp_path: Path) -> None:
    async with serve_raw(answer("HTTP/1.1 200 OK\nContent-Length: 2", b"hi")) as host:
        client = GuardedClient(allowed_hosts=LOOPBACK)
        with pytest.raises(StorageError, match="No such file or directory"):
            await client.fetch_to_file(f"http://{host}/", tmp_path / "missing" / "clip.mp4", POLICY)
        await client.close()


async def test_a_cancelled_fetch_leaves_nothing_behind(serve_raw, tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def half(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nhalf")
        begun.set()
        await asyncio.Event().wait()

    async with serve_raw(half) as host:
        client = GuardedClient(allowed_hosts=LOOPBACK)
        fetching = asyncio.create_task(client.fetch_to_file(f"http://{host}/", tmp_path / "clip.mp4", POLICY))
        await begun.wait()
        fetching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetching
        await client.close()
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A certificate authority of this test run alone; nobody trusts it."""
    return trustme.CA()


@pytest.fixture
def tls_context(authority: trustme.CA) -> ssl.SSLContext:
    """A server that is gpu.example."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("gpu.example").configure_cert(context)
    return context


async def test_tls_verifies_the_host_name_although_the_address_is_pinned(
    serve_raw, authority: trustme.CA, tls_context: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    async with serve_raw(answer("HTTP/1.1 200 OK\nContent-Length: 2", b"hi"), tls_context) as host:
        port = host.rpartition(":")[2]
        resolve, _ = resolver(["127.0.0.1"], ["127.0.0.1"])
        trusted = frozenset({"gpu.example", "other.example"})
        client = GuardedClient(allowed_hosts=trusted, resolve=resolve)
        assert (await client.fetch_bytes(f"https://gpu.example:{port}/", POLICY)).content == b"hi"
        with pytest.raises(FetchError, match="Hostname mismatch"):
            await client.fetch_bytes(f"https://other.example:{port}/", POLICY)
        await client.close()


async def test_a_certificate_that_nobody_signed_is_refused(serve_raw, tls_context: ssl.SSLContext) -> None:
    async with serve_raw(answer("HTTP/1.1 200 OK\nContent-Length: 2", b"hi"), tls_context) as host:
        client = GuardedClient(allowed_hosts=LOOPBACK)
        with pytest.raises(FetchError, match="CERTIFICATE_VERIFY_FAILED"):
            await client.fetch_bytes(f"https://{host}/", POLICY)
        await client.close()
