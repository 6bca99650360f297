"""Fitting a clip to exactly the size and frame rate that were asked: H.264 in MP4, its motion and sound untouched."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.container import OutputContainer
from av.error import BlockingIOError as NothingYet
from av.error import EOFError as EndOfStream
from av.error import FFmpegError
from av.filter import Graph
from av.filter.context import FilterContext
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from av.video.stream import VideoStream

from filmgate.core.errors import MediaError, MediaWorkCancelled, StorageError
from filmgate.media.decoding import Clip, clockwise_quarter_turns, color_matrix, display_size, open_clip
from filmgate.media.probe import MediaFacts, probe
from filmgate.media.sound import add_sound

# By the number of clockwise quarter turns.
_TURN_FILTERS = (
    (),
    (("transpose", "clock"),),
    (("hflip", None), ("vflip", None)),
    (("transpose", "cclock"),),
)
_SAME_FPS = 0.01  # less than what separates 24 from 23.976


def needs_conform(facts: MediaFacts, width_px: int | None, height_px: int | None, fps: float | None) -> bool:
    """Whether `facts` differ from what was asked; None asks for nothing."""
    return (
        (width_px is not None and facts.width_px != width_px)
        or (height_px is not None and facts.height_px != height_px)
        or (fps is not None and abs(facts.fps - fps) > _SAME_FPS)
    )


def conform(
    source: Path,
    target: Path,
    *,
    width_px: int | None,
    height_px: int | None,
    fps: float | None,
    cancelled: Callable[[], bool] | None = None,
) -> MediaFacts:
    """Re-encode `source` into `target` and return what was made. `target` appears whole or not at all.

    The picture is scaled to cover `width_px` x `height_px` (even numbers, both or neither) and cut at its centre.
    Frames are repeated or dropped by their time, so that motion keeps its speed and the clip its length to half a
    frame. None keeps what the source has. Sound is copied, or becomes AAC where MP4 players would not read it.

    Raises MediaError for a source that does not decode, StorageError when the disk does not take the target, and
    MediaWorkCancelled soon after `cancelled` (called for every packet) says so.
    """
    partial = target.with_name(target.name + ".part")
    try:
        with open_clip(source) as clip:
            plan = _plan(clip, probe(source), (width_px, height_px), fps)
            with _writing(partial) as output:
                _transcode(clip, output, plan, cancelled or (lambda: False))
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return probe(target)


@dataclass(frozen=True, slots=True)
class _Plan:
    """`shown` is the source's size as players show it; `scaled` covers `size`, which is what remains after the cut."""

    turns: int
    shown: tuple[int, int]
    scaled: tuple[int, int]
    size: tuple[int, int]
    rate: Fraction
    matrix: str
    start_seconds: Fraction


def _plan(clip: Clip, facts: MediaFacts, asked: tuple[int | None, int | None], fps: float | None) -> _Plan:
    first = next(clip.frames())
    clip.container.seek(0)
    shown = display_size(first, clip.stream.sample_aspect_ratio)
    size = _target_size(shown, asked)
    scale = max(Fraction(size[0], shown[0]), Fraction(size[1], shown[1]))
    return _Plan(
        turns=clockwise_quarter_turns(first),
        shown=shown,
        scaled=(_even_at_least(shown[0] * scale), _even_at_least(shown[1] * scale)),
        size=size,
        rate=exact_rate(fps or facts.fps),
        matrix=color_matrix(first),
        start_seconds=(first.pts or 0) * clip.time_base,
    )


def _target_size(shown: tuple[int, int], asked: tuple[int | None, int | None]) -> tuple[int, int]:
    width_px, height_px = asked
    if width_px is None and height_px is None:
        return _even_at_least(shown[0] - 1), _even_at_least(shown[1] - 1)
    if width_px is None or height_px is None or width_px % 2 or height_px % 2 or min(width_px, height_px) < 2:
        raise MediaError(f"cannot conform to {width_px}x{height_px}: both sides must be given, even and at least 2")
    return width_px, height_px


def _even_at_least(side_px: Fraction | int) -> int:
    return max(2, 2 * math.ceil(Fraction(side_px, 2)))


def exact_rate(fps: float) -> Fraction:
    """23.976 is 24000/1001, and so on for the rates of broadcasting; any other number is itself."""
    nominal = round(fps)
    broadcast = Fraction(nominal * 1000, 1001)
    if fps != nominal and abs(fps - broadcast) < 0.005:
        return broadcast
    return Fraction(fps).limit_denominator(1000)


@contextlib.contextmanager
def _writing(path: Path) -> Generator[OutputContainer]:
    with _writing_errors():
        output = av.open(str(path), mode="w", format="mp4", options={"movflags": "+faststart"})
    try:
        yield output
        with _writing_errors():
            output.close()
    finally:
        with contextlib.suppress(FFmpegError):
            output.close()


@contextlib.contextmanager
def _writing_errors() -> Generator[None]:
    """Keeps a full disk and a refusing encoder apart from a bad source: around every call that encodes or writes."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"cannot write the conformed clip: {error.strerror}", retryable=True) from error
    except FFmpegError as error:
        raise MediaError(f"the clip cannot be encoded as asked: {error.strerror}") from error


def _transcode(clip: Clip, output: OutputContainer, plan: _Plan, cancelled: Callable[[], bool]) -> None:
    picture = _add_picture(output, plan)
    pipeline = _Pipeline(clip, plan)
    sound = add_sound(clip, output, plan.start_seconds)
    for packet in clip.container.demux(clip.stream, *([sound.source] if sound else [])):
        if cancelled():
            raise MediaWorkCancelled("the re-encode was cancelled")
        if sound and packet.stream.index == sound.source.index:
            with _writing_errors():
                output.mux(sound.convert(packet))
        else:
            for frame in clip.stream.decode(cast("Packet[VideoStream]", packet)):
                _write(output, picture, pipeline.fit(frame))
    _write(output, picture, pipeline.fit(None))
    _write(output, picture, [None])


def _write(output: OutputContainer, picture: VideoStream, frames: Iterable[VideoFrame | None]) -> None:
    """Encode `frames`; None ends the stream."""
    for frame in frames:
        with _writing_errors():
            output.mux(cast("list[Packet[Stream]]", picture.encode(frame)))


def _add_picture(output: OutputContainer, plan: _Plan) -> VideoStream:
    stream = output.add_stream("libx264", rate=plan.rate, options={"preset": "veryfast", "crf": "18"})
    stream.width, stream.height = plan.size
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.time_base = 1 / plan.rate
    context.colorspace = Colorspace.ITU709
    context.color_primaries = ColorPrimaries.BT709
    context.color_trc = ColorTrc.BT709
    context.color_range = ColorRange.MPEG
    return stream


class _Pipeline:
    """Turns upright, sets the frame rate, scales to cover, cuts the centre: one FFmpeg filter graph."""

    def __init__(self, clip: Clip, plan: _Plan) -> None:
        self._shift = round(plan.start_seconds / clip.time_base)
        self._graph = Graph()
        buffer = self._graph.add_buffer(template=clip.stream, time_base=clip.time_base)
        self._graph.link_nodes(buffer, *self._filters(plan)).configure()

    def _filters(self, plan: _Plan) -> Iterator[FilterContext]:
        add = self._graph.add
        for name, argument in _TURN_FILTERS[plan.turns]:
            yield add(name, argument)
        yield add("fps", f"fps={plan.rate}")
        yield add(
            "scale",
            f"{plan.scaled[0]}:{plan.scaled[1]}:flags=lanczos+accurate_rnd+full_chroma_int:"
            f"in_color_matrix={plan.matrix}:out_color_matrix=bt709:out_range=tv",
        )
        yield add("crop", f"{plan.size[0]}:{plan.size[1]}")
        yield add("setsar", "1")
        yield add("format", "yuv420p")
        yield add("buffersink")

    def fit(self, frame: VideoFrame | None) -> Iterator[VideoFrame]:
        """The frames that are ready once `frame` has gone in; None ends the stream."""
        if frame is not None and frame.pts is not None:
            frame.pts -= self._shift
        self._graph.vpush(frame)
        with contextlib.suppress(NothingYet, EndOfStream):
            while True:
                yield self._graph.vpull()
