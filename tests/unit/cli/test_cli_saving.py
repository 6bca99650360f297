from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cli_harness import VIDEO_ID, Cli, FakeServer, answer, refusal, video
from hypothesis import given
from hypothesis import strategies as st

from filmgate.cli.exits import Exit
from filmgate.cli.saving import slug

CLIP = bytes(range(256)) * 64
SHA256 = hashlib.sha256(CLIP).hexdigest()
ETAG = {"etag": f'"{SHA256}"'}
CONTENT = f"GET /v1/videos/{VIDEO_ID}/content"
PART = f".{VIDEO_ID}-video-0-{SHA256[:16]}.part"


class BreaksAfter(httpx.SyncByteStream):
    def __init__(self, content: bytes) -> None:
        self.content = content

    def __iter__(self) -> Iterator[bytes]:
        yield self.content
        raise httpx.ReadError("connection reset")


def with_ranges(request: httpx.Request) -> httpx.Response:
    """The clip as Filmgate serves it."""
    asked = request.headers.get("range")
    if asked is None or request.headers.get("if-range") != ETAG["etag"]:
        return httpx.Response(200, content=CLIP, headers=ETAG)
    start = int(asked.removeprefix("bytes=").removesuffix("-"))
    return httpx.Response(206, content=CLIP[start:], headers=ETAG)


def broken_at(count: int) -> httpx.Response:
    return httpx.Response(200, stream=BreaksAfter(CLIP[:count]), headers=ETAG | {"content-length": str(len(CLIP))})


@pytest.fixture(autouse=True)
def _finished_video(server: FakeServer) -> None:
    server.on(f"GET /v1/videos/{VIDEO_ID}", answer(video()))
    server.on(CONTENT, with_ranges)


def files() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def test_a_download_is_named_for_its_video_and_never_overwrites(cli: Cli) -> None:
    Path(f"{VIDEO_ID}.mp4").write_text("mine")
    ran = cli("download", VIDEO_ID)
    assert ran.stdout == f"{VIDEO_ID}-2.mp4  {len(CLIP):,} bytes\n"
    assert Path(f"{VIDEO_ID}.mp4").read_text() == "mine"
    assert Path(f"{VIDEO_ID}-2.mp4").read_bytes() == CLIP


def test_a_file_that_was_named_is_overwritten(cli: Cli) -> None:
    Path("fox.mp4").write_text("old")
    assert cli("download", VIDEO_ID, "-o", "fox.mp4").exit_code == Exit.OK
    assert Path("fox.mp4").read_bytes() == CLIP
    assert files() == ["fox.mp4"]


def test_the_variant_and_index_are_asked_for(cli: Cli, server: FakeServer) -> None:
    ran = cli("download", VIDEO_ID, "--variant", "thumbnail", "--index", "1", "--json")
    assert ran.json["file"] == f"{VIDEO_ID}-2.webp"
    assert dict(server.requests[-1].url.params) == {"variant": "thumbnail", "index": "1"}


def test_a_broken_connection_is_resumed_where_it_broke(cli: Cli, server: FakeServer) -> None:
    server.on(CONTENT, broken_at(1000), broken_at(1000), with_ranges)
    assert cli("download", VIDEO_ID, "-o", "fox.mp4").exit_code == Exit.OK
    assert Path("fox.mp4").read_bytes() == CLIP
    assert "range" not in server.requests[1].headers
    assert server.requests[-1].headers["range"] == "bytes=1000-"
    assert files() == ["fox.mp4"]


def test_a_part_of_an_earlier_command_is_resumed(cli: Cli, server: FakeServer) -> None:
    Path(PART).write_bytes(CLIP[:5000])
    assert cli("download", VIDEO_ID, "-o", "fox.mp4").exit_code == Exit.OK
    assert Path("fox.mp4").read_bytes() == CLIP
    assert server.requests[-1].headers["range"] == "bytes=5000-"


def test_a_part_that_is_whole_needs_no_more_bytes(cli: Cli, server: FakeServer) -> None:
    Path(PART).write_bytes(CLIP)
    assert cli("download", VIDEO_ID, "-o", "fox.mp4").exit_code == Exit.OK
    assert all("range" not in request.headers for request in server.requests)
    assert files() == ["fox.mp4"]


def test_a_server_without_ranges_starts_over(cli: Cli, server: FakeServer) -> None:
    Path(PART).write_bytes(CLIP[:5000])
    server.on(CONTENT, lambda _request: httpx.Response(200, content=CLIP, headers=ETAG))
    assert cli("download", VIDEO_ID, "-o", "fox.mp4").exit_code == Exit.OK
    assert Path("fox.mp4").read_bytes() == CLIP


@pytest.mark.parametrize("part", [b"x" * 5000, b"x" * len(CLIP)])
def test_a_damaged_part_is_thrown_away(cli: Cli, part: bytes) -> None:
    Path(PART).write_bytes(part)
    ran = cli("download", VIDEO_ID)
    assert ran.exit_code == Exit.ERROR
    assert "SHA-256" in ran.stderr
    assert files() == []
    assert cli("download", VIDEO_ID).exit_code == Exit.OK


def test_a_part_longer_than_the_file_is_loaded_anew(cli: Cli) -> None:
    Path(PART).write_bytes(CLIP + b"more")
    assert cli("download", VIDEO_ID, "-o", "fox.mp4").exit_code == Exit.OK
    assert Path("fox.mp4").read_bytes() == CLIP


def test_a_file_changed_on_the_way_is_not_saved(cli: Cli, server: FakeServer) -> None:
    server.on(CONTENT, httpx.Response(200, content=b"something else", headers=ETAG))
    ran = cli("download", VIDEO_ID)
    assert ran.exit_code == Exit.ERROR
    assert "a proxy on the way" in ran.stderr
    assert files() == []


def test_without_an_etag_the_file_is_saved_whole(cli: Cli, server: FakeServer) -> None:
    server.on(CONTENT, lambda _request: httpx.Response(200, content=CLIP))
    assert cli("download", VIDEO_ID, "-o", "fox.mp4").exit_code == Exit.OK
    assert Path("fox.mp4").read_bytes() == CLIP


def test_a_connection_that_stays_broken_keeps_its_part(cli: Cli, server: FakeServer) -> None:
    server.on(CONTENT, *[broken_at(1000)] * 9)
    server.on(CONTENT, lambda _request: broken_at(1000))
    ran = cli("download", VIDEO_ID)
    assert ran.exit_code == Exit.ERROR
    assert files() == [PART]


def test_a_disk_that_fills_up_is_told(cli: Cli, server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    ran = cli("download", VIDEO_ID, "-o", "fox.mp4")
    assert ran.exit_code == Exit.ERROR
    assert "cannot write fox.mp4: No space left on device. The disk is full" in ran.stderr


def test_a_file_that_expired(cli: Cli, server: FakeServer) -> None:
    server.on(CONTENT, refusal(410, "content_expired", "The files were kept until they expired"))
    ran = cli("download", VIDEO_ID)
    assert (ran.exit_code, files()) == (Exit.NOT_FOUND, [])


@pytest.mark.parametrize(
    ("status", "exit_code", "told"),
    [("in_progress", Exit.ERROR, "filmgate get"), ("failed", Exit.VIDEO_FAILED, "the server gave no reason")],
)
def test_a_video_without_a_file(cli: Cli, server: FakeServer, status: str, exit_code: Exit, told: str) -> None:
    server.on(f"GET /v1/videos/{VIDEO_ID}", answer(video(status)))
    ran = cli("download", VIDEO_ID)
    assert ran.exit_code == exit_code
    assert told in ran.stderr
    assert files() == []


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("A red fox, in the snow! At dawn", "a-red-fox-in-the-snow"),
        ("红狐狸在雪地里", "红狐狸在雪地里"),
        ("../../etc/passwd", "etc-passwd"),
        ("!!!", "video"),
        (None, "video"),
    ],
)
def test_slug(prompt: str | None, name: str) -> None:
    assert slug(prompt) == name


@given(st.text())
def test_a_slug_is_a_file_name_on_any_system(prompt: str) -> None:
    name = slug(prompt)
    assert name
    assert len(f"{name}-99.mp4".encode()) <= 255
    assert not set(name) & set('/\\:*?"<>|.\0\n ')
