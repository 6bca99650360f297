"""Where finished files live: a local folder, or a bucket (S3, Google Cloud Storage, Azure), behind one set of verbs.

A key is a relative path of plain segments ("videos/video_01J…/0.mp4"). Whoever reads a key sees a whole file or none:
obstore writes a local file beside its place as "name#1" and renames it, and a bucket publishes when the upload is done.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

import obstore
from obstore.exceptions import (
    BaseError,
    NotSupportedError,
    PermissionDeniedError,
    UnauthenticatedError,
    UnknownConfigurationKeyError,
)
from obstore.store import LocalStore, ObjectStore, from_url

from filmgate.core.errors import StorageError

_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_KEY_MAX_CHARS = 512
_PARTIAL_NAME = re.compile(r".+#[0-9]+")  # what object_store calls a file that it has not finished
_BUCKET_SCHEMES = ("s3", "s3a", "gs", "az", "abfs", "abfss", "azure", "adl", "memory")
_HOPELESS = (PermissionDeniedError, UnauthenticatedError, UnknownConfigurationKeyError, NotSupportedError, ValueError)
_CHUNK_BYTES = 1024 * 1024

_Result = TypeVar("_Result")


def open_file_store(location: str | Path, options: Mapping[str, str] | None = None) -> FileStore:
    """Open a folder (made if missing) or a bucket URL such as `s3://bucket/prefix`.

    `options` are obstore's configuration keys for the bucket ("endpoint", "region", ...); credentials come from the
    platform's usual environment variables. Raises StorageError for a location that cannot be opened.
    """
    scheme, separator, rest = str(location).partition("://")
    if separator and scheme != "file":
        if scheme not in _BUCKET_SCHEMES:
            raise StorageError(f"file store scheme {scheme!r} is not known; use a folder, s3://, gs:// or az://")
        with _storage_errors("open", f"{scheme}://"):
            config = cast(Any, dict(options or {}))
            return FileStore(from_url(str(location), config=config) if config else from_url(str(location)), None)
    folder = Path(rest if separator else location).expanduser().resolve()
    with _storage_errors("open", str(folder)):
        return FileStore(LocalStore(folder, mkdir=True, automatic_cleanup=True), folder)


class FileStore:
    """Whole files by key. Every method raises StorageError, whose `retryable` says whether waiting may help."""

    def __init__(self, store: ObjectStore, folder: Path | None) -> None:
        self._store = store
        self._folder = folder

    async def put_file(self, key: str, path: Path) -> None:
        """Store a copy of the file at `path`, replacing what was there. Flat memory; on disk when it returns."""
        await self._put(key, path)

    async def put_bytes(self, key: str, content: bytes) -> None:
        """Store `content`, replacing what was there; on disk when it returns."""
        await self._put(key, content)

    async def _put(self, key: str, content: Path | bytes) -> None:
        checked = _checked(key)
        with _storage_errors("write", key):
            await obstore.put_async(self._store, checked, content)
            if self._folder is not None:
                # A record that says "stored" must not outlive the file in a power cut.
                await asyncio.to_thread(_flush_to_disk, self._folder / checked)

    async def get_bytes(self, key: str) -> bytes:
        with _storage_errors("read", key):
            result = await obstore.get_async(self._store, _checked(key))
            return bytes(await result.bytes_async())

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` up to but not including `end` (None: to the end), a MiB or so at a time."""
        checked = _checked(key)
        if end is not None and end <= start:
            return
        with _storage_errors("read", key):
            if end is None and start == 0:
                result = await obstore.get_async(self._store, checked)
            else:
                span = {"offset": start} if end is None else (start, end)
                result = await obstore.get_async(self._store, checked, options=cast(Any, {"range": span}))
            async for chunk in result.stream(min_chunk_size=_CHUNK_BYTES):
                yield bytes(chunk)

    async def copy_to(self, key: str, path: Path) -> None:
        """Write the file to `path` on this machine, which appears whole or not at all. Flat memory."""
        partial = path.with_name(path.name + ".part")
        try:
            with _storage_errors("copy", key):
                if self._folder is not None:
                    await asyncio.to_thread(shutil.copyfile, self._folder / _checked(key), partial)
                else:
                    await self._download(key, partial)
                partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)

    async def _download(self, key: str, path: Path) -> None:
        with path.open("wb") as file:
            async for chunk in self.stream(key):
                await asyncio.to_thread(file.write, chunk)

    async def size(self, key: str) -> int | None:
        """None when there is no such file."""
        with _storage_errors("look up", key):
            meta = await _or_none(obstore.head_async(self._store, _checked(key)))
            return None if meta is None else meta["size"]

    async def delete(self, key: str) -> None:
        """Safe to repeat: a file that is not there is deleted already."""
        with _storage_errors("delete", key):
            await _or_none(obstore.delete_async(self._store, _checked(key)))

    async def delete_prefix(self, prefix: str) -> None:
        """Delete every file in the folder `prefix`. Safe to repeat."""
        for key in [key async for key in self.list_keys(_checked(prefix))]:
            await self.delete(key)

    async def list_keys(self, prefix: str = "") -> AsyncIterator[str]:
        """The keys in the folder `prefix` (whole segments: "a/b" does not find "a/bc") and below, in no order."""
        checked = _checked(prefix) if prefix else None
        with _storage_errors("list", prefix):
            async for metas in obstore.list(self._store, checked):
                for meta in metas:
                    yield meta["path"]

    def local_path(self, key: str) -> Path | None:
        """Where the file lies on this machine, for sendfile; None when it lies in a bucket. It may not exist."""
        return None if self._folder is None else self._folder / _checked(key)

    async def sweep_partial_files(self, older_than_seconds: float = 3600.0) -> int:
        """Delete what crashed writes left in the local folder; returns how many. Buckets clean up by themselves.

        Another process may be writing right now, so only what nobody touched for `older_than_seconds` goes.
        """
        if self._folder is None:
            return 0
        with _storage_errors("sweep", str(self._folder)):
            return await asyncio.to_thread(_sweep, self._folder, time.time() - older_than_seconds)


def sha256_file(path: Path) -> str:
    """The SHA-256 of a file in lower-case hex. Flat memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked(key: str) -> str:
    if len(key) > _KEY_MAX_CHARS or not _KEY.fullmatch(key):
        raise StorageError(f"{key[:80]!r} is no file key: segments of letters, digits, '.', '_' and '-' between '/'")
    return key


async def _or_none(found: Awaitable[_Result]) -> _Result | None:
    try:
        return await found
    except FileNotFoundError:
        return None


def _flush_to_disk(path: Path) -> None:
    if os.name == "nt":
        return  # Windows flushes neither directories nor files that are open for reading
    for synced in (path, path.parent):
        descriptor = os.open(synced, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _sweep(folder: Path, before: float) -> int:
    swept = 0
    for path in folder.rglob("*#*"):
        if _PARTIAL_NAME.fullmatch(path.name) and path.is_file() and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            swept += 1
    return swept


@contextmanager
def _storage_errors(verb: str, what: str) -> Generator[None]:
    """obstore's own words name folders and buckets; they stay in the cause, for the log."""
    try:
        yield
    except FileNotFoundError as error:
        raise StorageError(f"the file store cannot {verb} {what!r}: there is no such file") from error
    except (BaseError, OSError, ValueError) as error:
        if "os error 28" in str(error) or getattr(error, "errno", None) == 28:
            raise StorageError(f"the file store cannot {verb} {what!r}: the disk is full", retryable=True) from error
        retryable = not isinstance(error, _HOPELESS)
        raise StorageError(
            f"the file store cannot {verb} {what!r} ({type(error).__name__})", retryable=retryable
        ) from error
