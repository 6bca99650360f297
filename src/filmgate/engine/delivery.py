"""Fifth of the six files of a request's way: fetch, verify, conform, preview, hash, keep.

Delivery never asks for another generation: what was made (and paid for) is fetched again until it is here.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from filmgate.core.errors import FetchError, StorageError, UpstreamError
from filmgate.core.provider import GuardsDownloads
from filmgate.engine.accounts import Account
from filmgate.media.conform import conform, needs_conform
from filmgate.media.files import FileStore, sha256_file
from filmgate.media.previews import previews
from filmgate.media.probe import MediaFacts, verify
from filmgate.net.client import FetchPolicy, GuardedClient
from filmgate.store.records import Asset, Attempt, ConformTarget, Output

T = TypeVar("T")

VARIANTS = {
    "video": ("video.mp4", "video/mp4"),
    "thumbnail": ("thumbnail.webp", "image/webp"),
    "spritesheet": ("spritesheet.jpg", "image/jpeg"),
}
MOST_BYTES = 4 * 1024**3


class ResultVanished(Exception):
    """A local engine's file is gone, with the machine or the process that made it. Nothing was paid for it."""


@dataclass(frozen=True, slots=True)
class Delivered:
    facts: MediaFacts
    assets: tuple[Asset, ...]

    @property
    def sha256(self) -> str:
        return self.assets[0].sha256


class Delivery:
    """Owns the work folder, where files lie between the provider and the store."""

    def __init__(self, files: FileStore, client: GuardedClient, work_dir: Path, executor: Executor) -> None:
        self._files = files
        self._client = client
        self._work_dir = work_dir
        self._executor = executor

    async def deliver(self, output: Output, attempt: Attempt, account: Account) -> Delivered:
        """Store the attempt's result under the output's final keys; running it twice leaves the same files.

        Raises ResultVanished, MediaError (what came is no whole video), FetchError or StorageError (see `retryable`).
        """
        try:
            return await self._deliver(output, attempt, account)
        except OSError as error:
            raise StorageError(f"the work folder cannot be used: {error.strerror}", retryable=True) from error

    async def _deliver(self, output: Output, attempt: Attempt, account: Account) -> Delivered:
        result = attempt.result or {}
        folder = self._work_dir / attempt.client_ref
        folder.mkdir(parents=True, exist_ok=True)
        source = await self._obtain(result, folder, account)
        facts = await self._run(verify, source)
        final = source
        if output.conform and _differs(facts, output.conform):
            final = folder / "conformed.mp4"
            facts = await self._run(_conform, source, final, output.conform)
        poster, sheet = folder / "thumbnail.webp", folder / "spritesheet.jpg"
        await self._run(previews, final, poster, sheet)
        assets: list[Asset] = []
        for variant, path in (("video", final), ("thumbnail", poster), ("spritesheet", sheet)):
            assets.append(await self._keep(output, variant, path))
        return Delivered(facts, tuple(assets))

    async def discard_work(self, attempt: Attempt) -> None:
        """Remove what an attempt left in the work folder. Never fails."""
        path = (attempt.result or {}).get("path")
        await self._run(_remove, self._work_dir / attempt.client_ref, Path(path) if path else None)

    async def _obtain(self, result: dict[str, Any], folder: Path, account: Account) -> Path:
        if result.get("path"):
            path = Path(result["path"])
            if not path.exists():
                raise ResultVanished(str(path))
            return path
        path, url = folder / "fetched.mp4", str(result["url"])
        policy = FetchPolicy(max_bytes=MOST_BYTES, deadline_seconds=600.0, allowed_hosts=account.trusted_hosts)
        await self._client.fetch_to_file(url, path, policy, await _headers(account, url))
        return path

    async def _keep(self, output: Output, variant: str, path: Path) -> Asset:
        name, media_type = VARIANTS[variant]
        key = f"{output_prefix(output.video_id, output.idx)}/{name}"
        digest = await self._run(sha256_file, path)
        size_bytes = path.stat().st_size
        await self._files.put_file(key, path)
        return Asset(output.video_id, output.idx, variant, key, media_type, size_bytes, digest)

    async def _run(self, function: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, function, *arguments)


async def _headers(account: Account, url: str) -> Mapping[str, str]:
    """The key, for files that the upstream serves itself. Raises FetchError."""
    if not isinstance(account.adapter, GuardsDownloads):
        return {}
    try:
        return await account.adapter.download_headers(url)
    except UpstreamError as error:
        raise FetchError(error.message, retryable=error.retryable) from error


def video_prefix(video_id: str) -> str:
    return f"videos/{video_id}"


def output_prefix(video_id: str, idx: int) -> str:
    return f"{video_prefix(video_id)}/{idx}"


def inputs_prefix(video_id: str) -> str:
    return f"inputs/{video_id}"


def _differs(facts: MediaFacts, target: ConformTarget) -> bool:
    return needs_conform(facts, target.width_px, target.height_px, target.fps)


def _conform(source: Path, final: Path, target: ConformTarget) -> MediaFacts:
    return conform(source, final, width_px=target.width_px, height_px=target.height_px, fps=target.fps)


def _remove(folder: Path, result: Path | None) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if result is not None:
        with contextlib.suppress(OSError):
            result.unlink(missing_ok=True)
