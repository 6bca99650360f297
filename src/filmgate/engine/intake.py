"""The images of a request: fetched or decoded, proven to be images, and stored before the video is accepted."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection
from concurrent.futures import Executor
from dataclasses import dataclass

from filmgate.core.errors import FetchError, InvalidRequest
from filmgate.core.request import Images, InputImage
from filmgate.engine.delivery import inputs_prefix
from filmgate.media.files import FileStore
from filmgate.media.images import ImageUrl, NormalisedImage, as_png, decode_image_source, normalise_image
from filmgate.net.client import FetchPolicy, GuardedClient

MOST_IMAGE_BYTES = 20 * 1024 * 1024

_EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


@dataclass(frozen=True, slots=True)
class ImageSource:
    """One image as the client gave it: `content` of an uploaded part, or `text` (URL, data URI, base64)."""

    param: str
    content: bytes | None = None
    text: str | None = None

    def digest(self) -> str:
        """Tells two sources apart without fetching anything."""
        return hashlib.sha256(self.content if self.content is not None else (self.text or "").encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class AskedImages:
    first_frame: ImageSource | None = None
    last_frame: ImageSource | None = None
    references: tuple[ImageSource, ...] = ()

    def digests(self) -> list[str | None]:
        named = [source.digest() if source else None for source in (self.first_frame, self.last_frame)]
        return named + [source.digest() for source in self.references]


@dataclass(frozen=True, slots=True)
class _Link:
    """What a URL led to, before anything was done to it."""

    url: str
    sha256: str


class Intake:
    def __init__(self, files: FileStore, client: GuardedClient, executor: Executor) -> None:
        self._files = files
        self._client = client
        self._executor = executor

    async def collect(self, asked: AskedImages, video_id: str, media_types: Collection[str]) -> Images:
        """Store the images under `video_id`, as one of `media_types` (an image of another type becomes PNG).

        Raises InvalidRequest (invalid_image, image_fetch_failed).
        """
        if asked == AskedImages():
            return Images()
        first, last, *references = await asyncio.gather(
            self._keep(asked.first_frame, video_id, "first_frame", media_types),
            self._keep(asked.last_frame, video_id, "last_frame", media_types),
            *(
                self._keep(source, video_id, f"reference_{number}", media_types)
                for number, source in enumerate(asked.references)
            ),
        )
        return Images(first, last, tuple(image for image in references if image))

    async def discard(self, video_id: str) -> None:
        await self._files.delete_prefix(inputs_prefix(video_id))

    async def _keep(
        self, source: ImageSource | None, video_id: str, role: str, media_types: Collection[str]
    ) -> InputImage | None:
        if source is None:
            return None
        image, link = await self._normalise(source)
        if image.media_type not in media_types:
            loop = asyncio.get_running_loop()
            image = await loop.run_in_executor(self._executor, as_png, image)
        key = f"{inputs_prefix(video_id)}/{role}.{_EXTENSIONS[image.media_type]}"
        await self._files.put_bytes(key, image.content)
        return InputImage(
            key=key,
            media_type=image.media_type,
            width_px=image.width_px,
            height_px=image.height_px,
            size_bytes=len(image.content),
            sha256=image.sha256,
            source_url=link.url if link and link.sha256 == image.sha256 else None,
        )

    async def _normalise(self, source: ImageSource) -> tuple[NormalisedImage, _Link | None]:
        loop = asyncio.get_running_loop()
        content, link = source.content, None
        if content is None:
            decoded = await loop.run_in_executor(
                self._executor, lambda: decode_image_source(source.text or "", param=source.param)
            )
            if isinstance(decoded, ImageUrl):
                content = await self._fetch(decoded, source.param)
                link = _Link(decoded.url, hashlib.sha256(content).hexdigest())
            else:
                content = decoded
        image = await loop.run_in_executor(self._executor, lambda: normalise_image(content, param=source.param))
        return image, link

    async def _fetch(self, image: ImageUrl, param: str) -> bytes:
        try:
            fetched = await self._client.fetch_bytes(
                image.url, FetchPolicy(max_bytes=MOST_IMAGE_BYTES, deadline_seconds=20.0)
            )
        except FetchError as error:
            raise InvalidRequest(
                f"{param}: the image could not be fetched: {error.message}. Allowed is a public http(s) URL, "
                "a data URI, base64, or an uploaded file",
                code="image_fetch_failed",
                param=param,
            ) from error
        return fetched.content
