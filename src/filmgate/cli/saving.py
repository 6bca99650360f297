"""Files that videos are saved to: named without overwriting, loaded in pieces that survive a break, verified."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

import httpx

from filmgate.cli.api_client import QUICK_RETRIES, Api, unreachable
from filmgate.cli.exits import CommandFailed, usage_error
from filmgate.cli.outside import Outside

# Less than this cannot hold a clip worth making.
LEAST_FREE_BYTES = 16 * 1024 * 1024

_SLUG_WORDS = 6
_SLUG_CHARACTERS = 48
_SHA256 = re.compile(r'"([0-9a-f]{64})"')


def slug(prompt: str | None) -> str:
    """The first words of a prompt as a file name: "A red fox, in snow!" is a-red-fox-in-snow."""
    words = re.findall(r"\w+", (prompt or "").lower())[:_SLUG_WORDS]
    return "-".join(words)[:_SLUG_CHARACTERS].strip("-_") or "video"


@dataclass(frozen=True, slots=True)
class Target:
    """Where files go. Only a path that the caller named is overwritten."""

    path: Path
    overwrite: bool

    def check(self) -> None:
        """Raises CommandFailed if a file cannot be written there now."""
        folder = self.path.parent
        if not folder.is_dir():
            raise usage_error(f"-o: the folder {folder} does not exist. Make it, or name another", "output")
        if self.path.is_dir():
            raise usage_error(
                f"-o: {self.path} is a folder. Name a file in it, such as {self.path / 'clip.mp4'}", "output"
            )
        if self.path.exists() and not self.path.is_file():
            raise usage_error(f"-o: {self.path} is no regular file. Name another", "output")
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
            free_bytes = shutil.disk_usage(folder).free
        except OSError as error:
            raise usage_error(
                f"-o: cannot write into {folder.resolve()} ({error.strerror}). Name another folder", "output"
            ) from None
        if free_bytes < LEAST_FREE_BYTES:
            raise CommandFailed(
                f"-o: only {free_bytes // 1024**2} MB are free in {folder.resolve()}. Make room, or name another",
                code="disk_full",
            )

    def take(self, indexes: Sequence[int], of: int) -> list[Path]:
        """A name for each of `indexes`; of several clips they end in -1, -2 …

        Where nothing may be overwritten, they are reserved with empty files.
        """
        if self.overwrite:
            return _numbered(self.path, indexes, of)
        attempt = 1
        while True:
            stem = self.path.stem if attempt == 1 else f"{self.path.stem}-{attempt}"
            names = _numbered(self.path.with_stem(stem), indexes, of)
            if _reserve(names):
                return names
            attempt += 1


def _numbered(path: Path, indexes: Sequence[int], of: int) -> list[Path]:
    return [path] if of == 1 else [path.with_stem(f"{path.stem}-{index + 1}") for index in indexes]


def _reserve(names: Sequence[Path]) -> bool:
    """Create all of them, or none. Other commands may be taking names in the same folder."""
    taken: list[Path] = []
    for name in names:
        try:
            name.touch(exist_ok=False)
        except FileExistsError:
            _remove(taken)
            return False
        taken.append(name)
    return True


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()


@dataclass(frozen=True, slots=True)
class Content:
    """One stored file of a video."""

    video_id: str
    variant: str = "video"
    index: int = 0

    @property
    def route(self) -> str:
        return f"/v1/videos/{self.video_id}/content"


def save_all(api: Api, outside: Outside, contents: Sequence[Content], target: Target, *, of: int = 1) -> list[Path]:
    """Save `contents`, of a video with `of` clips, at `target`. Raises CommandFailed.

    What was loaded when a connection breaks for good, or when the command is interrupted, stays beside the target as
    a `.part` file; the same call resumes it.
    """
    waiting: list[Path] = []
    try:
        names = target.take([content.index for content in contents], of)
        waiting += names
        for content, name in zip(contents, names, strict=True):
            load(api, outside, content, name)
            waiting.remove(name)
    except OSError as error:
        full = " The disk is full: make room." if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
        raise CommandFailed(f"cannot write {target.path}: {error.strerror}.{full}", code="cannot_write") from error
    finally:
        if not target.overwrite:
            _remove(waiting)
    return names


def load(api: Api, outside: Outside, content: Content, path: Path) -> None:
    """Load one file, resuming an earlier part of it, check its SHA-256, and move it to `path`."""
    for pause_seconds in (*QUICK_RETRIES, None):
        try:
            part = _load_part(api, content, path.parent)
        except httpx.TransportError as error:
            if pause_seconds is None:
                raise unreachable(error, api.url) from error
            outside.sleep(pause_seconds)
        else:
            part.replace(path)
            return


def discard_parts(video_id: str, folder: Path) -> None:
    """Remove what was loaded of a video that no server will ever serve again."""
    _remove(list(folder.glob(f".{video_id}-*.part")))


def _load_part(api: Api, content: Content, folder: Path) -> Path:
    """The loaded and verified `.part` file. Its name holds the content's hash: another content is another part."""
    query = {"variant": content.variant, "index": str(content.index)}
    headers = {"accept-encoding": "identity"}
    with api.stream(content.route, params=query, headers=headers) as response:
        sha256 = _sha256_of(response)
        part = folder / f".{content.video_id}-{content.variant}-{content.index}-{(sha256 or 'unverified')[:16]}.part"
        have_bytes = part.stat().st_size if sha256 and part.exists() else 0
        if not 0 < have_bytes <= int(response.headers.get("content-length", "0")):
            _write(response, part, offset=0, sha256=sha256)
            return part
        complete = have_bytes == int(response.headers["content-length"])
    if complete:
        with part.open("rb") as file:
            _verify(part, hashlib.file_digest(file, "sha256").hexdigest(), sha256)
        return part
    headers |= {"range": f"bytes={have_bytes}-", "if-range": f'"{sha256}"'}
    with api.stream(content.route, params=query, headers=headers) as response:
        _write(
            response,
            part,
            offset=have_bytes if response.status_code == HTTPStatus.PARTIAL_CONTENT else 0,
            sha256=sha256,
        )
    return part


def _write(response: httpx.Response, part: Path, *, offset: int, sha256: str | None) -> None:
    """Append the body to the first `offset` bytes of `part`."""
    with part.open("r+b" if offset else "w+b") as file:
        digest = hashlib.sha256()
        _feed_first(file, offset, digest.update)
        for chunk in response.iter_bytes():
            file.write(chunk)
            digest.update(chunk)
        file.flush()
        os.fsync(file.fileno())
    _verify(part, digest.hexdigest(), sha256)


def _feed_first(file: BinaryIO, count: int, feed: Callable[[bytes], None]) -> None:
    while count > 0 and (chunk := file.read(min(count, 1024 * 1024))):
        feed(chunk)
        count -= len(chunk)


def _verify(part: Path, got: str, expected: str | None) -> None:
    if expected is not None and got != expected:
        _remove([part])
        raise CommandFailed(
            f"the file that arrived is not the one that is stored (SHA-256 {got[:12]}…, expected {expected[:12]}…). "
            "Run the command again; if it stays so, a proxy on the way changes it",
            code="damaged_download",
        )


def _sha256_of(response: httpx.Response) -> str | None:
    """Filmgate's etag is the file's SHA-256; None where something on the way took it off."""
    match = _SHA256.fullmatch(response.headers.get("etag", ""))
    return match[1] if match else None
