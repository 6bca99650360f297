"""Input images in the forms that upstreams take: a link, a data URI, or bare base64."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from filmgate.core.errors import ErrorClass, StorageError, UpstreamRefused
from filmgate.core.request import Images, InputImage


@dataclass(frozen=True, slots=True)
class SentImage:
    """`url` is set where the account passes links on and the client gave one; its bytes are then those of `content`."""

    content: bytes
    media_type: str
    base64: str
    url: str | None

    @property
    def data_uri(self) -> str:
        return f"data:{self.media_type};base64,{self.base64}"

    @property
    def link_or_data_uri(self) -> str:
        return self.url or self.data_uri

    @property
    def link_or_base64(self) -> str:
        return self.url or self.base64


@dataclass(frozen=True, slots=True)
class SentImages:
    first_frame: SentImage | None = None
    last_frame: SentImage | None = None
    references: tuple[SentImage, ...] = ()

    def frames(self) -> list[tuple[str, SentImage]]:
        """The frames that are given, each with its role, which most vendors call by the same word."""
        named = (("first_frame", self.first_frame), ("last_frame", self.last_frame))
        return [(role, image) for role, image in named if image]

    def by_role(self) -> list[tuple[str, SentImage]]:
        """All images, each with its role, in the order in which they are sent."""
        return [*self.frames(), *(("reference_image", image) for image in self.references)]


async def load_images(images: Images, read_input: Callable[[str], Awaitable[bytes]]) -> SentImages:
    """Read and encode the images of a request, off the event loop.

    Raises UpstreamRefused (retryable) when the file store does not give them: nothing has been sent yet.
    """

    async def load(image: InputImage) -> SentImage:
        try:
            content = await read_input(image.key)
        except StorageError as error:
            message = f"an input image could not be read from the file store: {error.message}"
            raise UpstreamRefused(message, error_class=ErrorClass.TRANSIENT, retryable=error.retryable) from error
        encoded = await asyncio.to_thread(base64.b64encode, content)
        return SentImage(content, image.media_type, encoded.decode("ascii"), image.source_url)

    return SentImages(
        await load(images.first_frame) if images.first_frame else None,
        await load(images.last_frame) if images.last_frame else None,
        tuple([await load(image) for image in images.references]),
    )
