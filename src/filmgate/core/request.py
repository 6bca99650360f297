"""What a client asked (`VideoParams`) and what a provider is asked (`VideoRequest`)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Mode(StrEnum):
    TEXT_TO_VIDEO = "text_to_video"
    IMAGE_TO_VIDEO = "image_to_video"
    FIRST_LAST_FRAME = "first_last_frame"
    REFERENCE_TO_VIDEO = "reference_to_video"


@dataclass(frozen=True, slots=True)
class InputImage:
    """An image that was decoded, turned upright and stored before the video was accepted."""

    key: str  # where the bytes lie in the file store
    media_type: str  # image/png, image/jpeg or image/webp
    width_px: int
    height_px: int
    size_bytes: int
    sha256: str
    # Where the client said it lies, if what lies there is byte for byte what was stored.
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class Rehearse:
    """What a call with a test key is to play: a real wait, or a failure code."""

    wait_seconds: float = 0.0
    fail: str | None = None


@dataclass(frozen=True, slots=True)
class VideoParams:
    """A create request after parsing: one name per thing, checked types and ranges, nothing yet fitted to a model.

    None means "not asked". `metadata` is the client's own object, echoed untouched. Images are not in here: they
    arrive as URLs or bytes and become `InputImage` only once they have been fetched and decoded.
    """

    model: str
    prompt: str | None = None
    duration_seconds: float | None = None
    width_px: int | None = None
    height_px: int | None = None
    aspect_ratio: str | None = None  # "16:9"
    resolution: str | None = None  # "720p"
    fps: float | None = None
    seed: int | None = None  # None: drawn by us where the model takes one
    n: int = 1
    response_format: str = "url"  # or "b64_json"
    user: str | None = None
    negative_prompt: str | None = None
    style: str | None = None
    quality_level: str | None = None
    generate_audio: bool | None = None
    camera: str | None = None
    caption: bool = False  # the prompt, set into the picture
    on_mismatch: str = "reject"  # or "nearest"
    conform: str = "auto"  # or "native"
    callback_url: str | None = None
    provider_options: dict[str, Any] = field(default_factory=dict[str, Any])
    rehearse: Rehearse = Rehearse()
    metadata: dict[str, Any] = field(default_factory=dict[str, Any])
    extra: dict[str, Any] = field(default_factory=dict[str, Any])  # top-level fields a model may declare


@dataclass(frozen=True, slots=True)
class Images:
    """The images of one request, by role."""

    first_frame: InputImage | None = None
    last_frame: InputImage | None = None
    references: tuple[InputImage, ...] = ()

    def all(self) -> tuple[InputImage, ...]:
        named = tuple(image for image in (self.first_frame, self.last_frame) if image)
        return named + self.references

    def without_links(self) -> Images:
        """The same images, to be sent as bytes wherever they came from."""

        def bare(image: InputImage | None) -> InputImage | None:
            return replace(image, source_url=None) if image else None

        references = tuple(replace(image, source_url=None) for image in self.references)
        return Images(bare(self.first_frame), bare(self.last_frame), references)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One value that was changed to fit the model (`on_mismatch: "nearest"`)."""

    param: str
    asked: Any
    used: Any
    reason: str


@dataclass(frozen=True, slots=True)
class VideoRequest:
    """What one output asks of a provider: every value is one that the catalogue says the model can do.

    `width_px`, `height_px` and `fps` are what the model is expected to make; the size the client asked for, where it
    differs, is the engine's business (conform). None means that the model decides.
    """

    model: str
    upstream_model: str
    mode: Mode
    prompt: str | None
    duration_seconds: float
    width_px: int | None = None
    height_px: int | None = None
    aspect_ratio: str | None = None
    resolution: str | None = None
    fps: float | None = None
    seed: int | None = None
    negative_prompt: str | None = None
    style: str | None = None
    quality_level: str | None = None
    generate_audio: bool | None = None
    camera: str | None = None
    caption: bool = False  # the prompt, set into the picture
    images: Images = Images()
    provider_options: dict[str, Any] = field(default_factory=dict[str, Any])
    wire: dict[str, Any] = field(default_factory=dict[str, Any])  # the catalogue's facts for the adapter
    extra: dict[str, Any] = field(default_factory=dict[str, Any])
    rehearse: Rehearse = Rehearse()
