"""Opening a video file that a stranger made, and the geometry and colour of its frames as a viewer sees them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from filmgate.core.errors import MediaError
from filmgate.media.signatures import HEAD_BYTES, describe

MAX_FRAME_PIXELS = 8192 * 8192

# Without the first, FFmpeg reads still images, and playlists that name other files; without the second, a container
# may point at a URL.
_OPEN_OPTIONS = {
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,avi,flv,ogg",
    "protocol_whitelist": "file",
}
_UNSPECIFIED_COLORSPACE = 2
_HD_HEIGHT_PX = 720


@dataclass(frozen=True, slots=True)
class Clip:
    """An open file and the video stream of it that a player would show. Not to be touched after the file is closed."""

    path: Path
    container: InputContainer
    stream: VideoStream

    @property
    def time_base(self) -> Fraction:
        return self.stream.time_base or Fraction(1, av.time_base)

    def frames(self) -> Iterator[VideoFrame]:
        """Every frame from where the file stands, in the order of showing."""
        return self.container.decode(self.stream)


@contextmanager
def open_clip(path: Path) -> Generator[Clip]:
    """Open `path` for reading; every FFmpeg error inside the block becomes a MediaError that names the file."""
    try:
        with av.open(str(path), mode="r", options=_OPEN_OPTIONS) as container:
            stream = _shown_stream(container, path)
            stream.thread_type = "AUTO"
            yield Clip(path, container, stream)
    except FFmpegError as error:
        raise MediaError(f"{path.name}: {_what_is(path)}; it cannot be decoded as video: {error.strerror}") from error


def _shown_stream(container: InputContainer, path: Path) -> VideoStream:
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            # PyAV leaves the context None where it has no decoder; its annotations do not say so.
            context = cast(VideoCodecContext | None, stream.codec_context)
            if context is None:
                raise MediaError(f"{path.name}: its video is in a format that is not known here")
            width_px, height_px = context.width, context.height
            if not 0 < width_px * height_px <= MAX_FRAME_PIXELS:
                raise MediaError(f"{path.name}: frames of {width_px}x{height_px}; at most 8192x8192 are decoded")
            return stream
    kinds = ", ".join(sorted({stream.type for stream in container.streams})) or "nothing"
    raise MediaError(f"{path.name}: there is no video in it, only {kinds}")


def _what_is(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return describe(file.read(HEAD_BYTES), path.stat().st_size)
    except OSError as error:
        return f"unreadable ({error.strerror})"


def clockwise_quarter_turns(frame: VideoFrame) -> int:
    """How many times a player turns the frame by 90 degrees clockwise before it shows it, 0..3."""
    return round(-frame.rotation / 90) % 4


def display_size(frame: VideoFrame, sample_aspect_ratio: Fraction | None) -> tuple[int, int]:
    """Width and height in square pixels, turned as a player turns them."""
    width_px = max(1, round(frame.width * (sample_aspect_ratio or 1)))
    if clockwise_quarter_turns(frame) % 2:
        return frame.height, width_px
    return width_px, frame.height


def color_matrix(frame: VideoFrame) -> str:
    """The YUV matrix to decode `frame` with, in FFmpeg's words; an untagged frame is taken as players take it."""
    if frame.colorspace == _UNSPECIFIED_COLORSPACE:
        return "bt709" if min(frame.width, frame.height) >= _HD_HEIGHT_PX else "smpte170m"
    return "auto"


def shrunk_image(frame: VideoFrame, sample_aspect_ratio: Fraction | None, max_side_px: int) -> Image.Image:
    """`frame` upright in RGB, its longer side at most `max_side_px`; never enlarged."""
    width_px, height_px = fit_within(display_size(frame, sample_aspect_ratio), max_side_px)
    turns = clockwise_quarter_turns(frame)
    lying = (height_px, width_px) if turns % 2 else (width_px, height_px)
    matrix = {"bt709": "ITU709", "smpte170m": "ITU601", "auto": None}[color_matrix(frame)]
    small = frame.reformat(*lying, format="rgb24", src_colorspace=matrix, interpolation="AREA")
    image = Image.fromarray(small.to_ndarray())
    return image.rotate(-90 * turns, expand=True) if turns else image


def fit_within(size: tuple[int, int], max_side_px: int) -> tuple[int, int]:
    """`size` scaled down, if need be, until its longer side is `max_side_px`."""
    scale = min(1.0, max_side_px / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
