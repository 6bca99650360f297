import asyncio
import hashlib
import os
from pathlib import Path

import obstore
import pytest
from hypothesis import given
from hypothesis import strategies as st
from obstore.exceptions import GenericError, PermissionDeniedError

from filmgate.core.errors import StorageError
from filmgate.media.files import FileStore, open_file_store, sha256_file

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    return open_file_store(tmp_path / "files" if request.param == "folder" else "memory://")


async def read(store: FileStore, key: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in store.stream(key, start, end)])


async def test_what_is_put_is_got(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"0123456789")
    await store.put_file("videos/video_1/0.mp4", tmp_path / "clip.mp4")
    await store.put_bytes("videos/video_1/0.webp", b"poster")
    assert await store.get_bytes("videos/video_1/0.mp4") == b"0123456789"
    assert await store.size("videos/video_1/0.webp") == 6
    assert await store.size("videos/video_1/1.webp") is None
    assert (tmp_path / "clip.mp4").exists()


async def test_a_later_put_replaces(store: FileStore) -> None:
    await store.put_bytes("a", b"first and longer")
    await store.put_bytes("a", b"second")
    assert await store.get_bytes("a") == b"second"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, None, b"0123456789"), (3, None, b"3456789"), (3, 5, b"34"), (0, 1, b"0"), (9, 99, b"9"), (4, 4, b"")],
)
async def test_streams_begin_and_end_where_asked(
    store: FileStore, start: int, end: int | None, expected: bytes
) -> None:
    await store.put_bytes("a", b"0123456789")
    assert await read(store, "a", start, end) == expected


async def test_a_large_file_streams_in_pieces(store: FileStore, tmp_path: Path) -> None:
    content = os.urandom(12 * 1024 * 1024)
    (tmp_path / "large").write_bytes(content)
    await store.put_file("large", tmp_path / "large")
    sizes: list[int] = []
    digest = hashlib.sha256()
    async for chunk in store.stream("large"):
        sizes.append(len(chunk))
        digest.update(chunk)
    assert digest.hexdigest() == hashlib.sha256(content).hexdigest() == sha256_file(tmp_path / "large")
    if store.local_path("large"):
        assert max(sizes) <= 4 * 1024 * 1024


async def test_copies_appear_whole(store: FileStore, tmp_path: Path) -> None:
    await store.put_bytes("a", b"content")
    (tmp_path / "out").mkdir()
    await store.copy_to("a", tmp_path / "out" / "copy")
    assert (tmp_path / "out" / "copy").read_bytes() == b"content"
    with pytest.raises(StorageError, match="no such file"):
        await store.copy_to("missing", tmp_path / "out" / "other")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["copy"]


async def test_deleting_is_safe_to_repeat(store: FileStore) -> None:
    await store.put_bytes("a/b", b"x")
    for _ in range(2):
        await store.delete("a/b")
        assert await store.size("a/b") is None


async def test_a_prefix_is_a_folder_not_a_beginning(store: FileStore) -> None:
    for key in ("videos/1/a", "videos/1/b/c", "videos/12/a", "images/1"):
        await store.put_bytes(key, b"x")
    assert {key async for key in store.list_keys("videos/1")} == {"videos/1/a", "videos/1/b/c"}
    for _ in range(2):
        await store.delete_prefix("videos/1")
        assert {key async for key in store.list_keys()} == {"videos/12/a", "images/1"}


async def test_emptied_folders_go(tmp_path: Path) -> None:
    store = open_file_store(tmp_path)
    await store.put_bytes("videos/1/a", b"x")
    await store.delete_prefix("videos/1")
    assert list(tmp_path.iterdir()) == []


BAD_KEYS = [
    "",
    "/etc/passwd",
    "../a",
    "a/../b",
    "a/./b",
    "a//b",
    "a/",
    ".hidden",
    "a b",
    "a#1",
    "a\\b",
    "ä",
    "a\n",
    "%2e",
]


@pytest.mark.parametrize("key", [*BAD_KEYS, "a" * 513])
async def test_a_key_that_may_leave_the_folder_is_refused_everywhere(
    store: FileStore, key: str, tmp_path: Path
) -> None:
    calls = [store.put_bytes(key, b"x"), store.get_bytes(key), store.size(key), store.delete(key)]
    calls += [store.put_file(key, tmp_path), store.copy_to(key, tmp_path / "x"), read(store, key)]
    calls += [store.delete_prefix(key)]
    for call in calls:
        with pytest.raises(StorageError, match="is no file key") as caught:
            await call
        assert not caught.value.retryable


@given(st.text(alphabet="ab./#%\\ ~:", max_size=12))
def test_an_accepted_key_stays_in_the_folder(key: str) -> None:
    store = open_file_store(Path("/tmp"))  # noqa: S108 - nothing is written
    try:
        path = store.local_path(key)
    except StorageError:
        return
    assert path is not None
    assert Path(os.path.normpath(path)).is_relative_to("/tmp")  # noqa: S108
    assert path.name == key.rpartition("/")[2]


async def test_a_local_path_is_the_file_itself(tmp_path: Path) -> None:
    store = open_file_store(tmp_path / "files")
    await store.put_bytes("videos/v_1/0.mp4", b"x")
    assert store.local_path("videos/v_1/0.mp4") == tmp_path / "files/videos/v_1/0.mp4"
    assert (tmp_path / "files/videos/v_1/0.mp4").read_bytes() == b"x"
    assert open_file_store("memory://").local_path("a") is None


async def test_missing_files_are_named(store: FileStore) -> None:
    for call in (store.get_bytes("gone"), read(store, "gone"), read(store, "gone", 1, 2)):
        with pytest.raises(StorageError, match=r"cannot read 'gone': there is no such file") as caught:
            await call
        assert not caught.value.retryable


async def test_a_source_that_is_gone_is_a_storage_error(store: FileStore, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="there is no such file"):
        await store.put_file("a", tmp_path / "gone")
    assert await store.size("a") is None


async def test_a_write_is_never_seen_half_done(tmp_path: Path) -> None:
    """While 60 MB are being written, the final name is absent, and afterwards nothing else is left."""
    store = open_file_store(tmp_path / "files")
    (tmp_path / "large").write_bytes(bytes(60_000_000))
    writing = asyncio.create_task(store.put_file("v/large", tmp_path / "large"))
    seen: set[tuple[str, int]] = set()
    while not writing.done():
        await asyncio.sleep(0)
        seen |= {(path.name, path.stat().st_size) for path in (tmp_path / "files/v").glob("large") if path.exists()}
    await writing
    assert seen <= {("large", 60_000_000)}
    assert [path.name for path in (tmp_path / "files/v").iterdir()] == ["large"]


async def test_a_stored_file_is_on_the_disk_before_anyone_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_ino))
    await open_file_store(tmp_path).put_bytes("v/0.mp4", b"x")
    assert synced == [path.stat().st_ino for path in (tmp_path / "v/0.mp4", tmp_path / "v")]


async def test_leftovers_of_a_crash_are_swept_and_nothing_else(tmp_path: Path) -> None:
    store = open_file_store(tmp_path)
    await store.put_bytes("v/0.mp4", b"whole")
    for name in ("0.mp4#1", "1.mp4#27", "fresh.mp4#1"):
        (tmp_path / "v" / name).write_bytes(b"half")
    for name in ("0.mp4", "0.mp4#1", "1.mp4#27"):
        os.utime(tmp_path / "v" / name, (0, 0))
    assert await store.sweep_partial_files() == 2
    assert {path.name for path in (tmp_path / "v").iterdir()} == {"0.mp4", "fresh.mp4#1"}
    assert await open_file_store("memory://").sweep_partial_files() == 0


async def test_leftovers_are_no_keys(tmp_path: Path) -> None:
    store = open_file_store(tmp_path)
    await store.put_bytes("v/0.mp4", b"whole")
    (tmp_path / "v/0.mp4#1").write_bytes(b"half")
    assert [key async for key in store.list_keys("v")] == ["v/0.mp4"]


@pytest.mark.parametrize(
    ("error", "words", "retryable"),
    [
        (GenericError("Generic LocalFileSystem error: No space left on device (os error 28)"), "disk is full", True),
        (OSError(28, "No space left on device"), "disk is full", True),
        (GenericError("connection reset by s3.example?X-Amz-Signature=secret"), "GenericError", True),
        (PermissionDeniedError("no"), "PermissionDeniedError", False),
    ],
)
async def test_failures_say_whether_to_wait_and_hide_the_rest(
    store: FileStore, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str, retryable: bool
) -> None:
    async def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(obstore, "put_async", fail)
    with pytest.raises(StorageError, match=words) as caught:
        await store.put_bytes("a", b"x")
    assert caught.value.retryable is retryable
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("location", ["ftp://host/a", "s3://", "http://host/a"])
def test_an_unknown_location_is_refused(location: str) -> None:
    with pytest.raises(StorageError):
        open_file_store(location)


def test_folders_may_be_given_as_file_urls(tmp_path: Path) -> None:
    assert open_file_store(f"file://{tmp_path}/files").local_path("a") == tmp_path / "files/a"


def test_a_bucket_is_opened_with_its_options() -> None:
    store = open_file_store("s3://bucket/prefix", {"region": "eu-central-1", "endpoint": "http://127.0.0.1:9000"})
    assert store.local_path("a") is None


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="cannot open"):
        open_file_store(tmp_path / "file" / "folder")


def test_the_hash_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_file(tmp_path / "a") == hashlib.sha256(b"abc").hexdigest()
