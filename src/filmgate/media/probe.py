"""What a video file is (`probe`) and whether it is whole (`verify`), measured and not read off its header."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from filmgate.core.errors import MediaError
from filmgate.media.container_size import announced_size_bytes
from filmgate.media.decoding import Clip, display_size, open_clip


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """Width and height are as shown: turned upright, in square pixels. `duration_seconds` is that of the pictures.

    `fps` is the average.
    """

    width_px: int
    height_px: int
    fps: float
    duration_seconds: float
    frame_count: int
    has_audio: bool
    video_codec: str
    pixel_format: str
    size_bytes: int


@dataclass(slots=True)
class _Timeline:
    """What the packets of one stream span, in seconds. `last_seconds` is when the last of them is shown."""

    packet_count: int = 0
    start_seconds: Fraction | None = None
    last_seconds: Fraction = Fraction(0)
    end_seconds: Fraction = Fraction(0)

    def add(self, packet: Packet[Stream]) -> None:
        self.packet_count += 1
        ticks = packet.pts if packet.pts is not None else packet.dts
        if ticks is None:
            return
        at = ticks * packet.time_base
        if self.start_seconds is None:
            self.start_seconds, self.last_seconds, self.end_seconds = at, at, at
        self.start_seconds = min(self.start_seconds, at)
        self.last_seconds = max(self.last_seconds, at)
        self.end_seconds = max(self.end_seconds, at + (packet.duration or 0) * packet.time_base)


def probe(path: Path) -> MediaFacts:
    """Read every packet and decode the first frame. Raises MediaError for what is no video."""
    with open_clip(path) as clip:
        return _facts(clip, _timelines(clip))


def verify(path: Path) -> MediaFacts:
    """Prove that the file is whole: nothing ends early, and the first and the last frame decode.

    Raises MediaError for a truncated, empty or undecodable file, and for what is no video (HTML, an image, a song).
    """
    with open_clip(path) as clip:
        timelines = _timelines(clip)
        _require_nothing_missing(clip, timelines)
        facts = _facts(clip, timelines)
        _decode_tail(clip, timelines[clip.stream.index].last_seconds)
        return facts


def _timelines(clip: Clip) -> dict[int, _Timeline]:
    timelines = {stream.index: _Timeline() for stream in _media(clip)}
    for packet in clip.container.demux(_media(clip)):
        if packet.is_corrupt:
            raise MediaError(f"{clip.path.name}: the file is truncated: a {packet.stream.type} packet is cut short")
        if packet.size and not packet.is_discard:
            timelines[packet.stream.index].add(packet)
    if not timelines[clip.stream.index].packet_count:
        raise MediaError(f"{clip.path.name}: the file is truncated: no frame of video is in it")
    return timelines


def _facts(clip: Clip, timelines: dict[int, _Timeline]) -> MediaFacts:
    timeline = timelines[clip.stream.index]
    # Not every container says how long its last frame stays.
    tail_seconds = (timeline.end_seconds - timeline.last_seconds) or _frame_seconds(clip.stream)
    duration_seconds = timeline.last_seconds + tail_seconds - (timeline.start_seconds or 0)
    clip.container.seek(0)
    frame = next(clip.frames(), None)
    if frame is None:
        raise MediaError(f"{clip.path.name}: not one frame of its video decodes")
    if not duration_seconds:
        raise MediaError(f"{clip.path.name}: its video has no duration")
    width_px, height_px = display_size(frame, clip.stream.sample_aspect_ratio)
    return MediaFacts(
        width_px=width_px,
        height_px=height_px,
        fps=float(_frames_per_second(clip.stream, timeline) or 1 / duration_seconds),
        duration_seconds=float(duration_seconds),
        frame_count=timeline.packet_count,
        has_audio=any(timelines[stream.index].packet_count for stream in clip.container.streams.audio),
        video_codec=clip.stream.codec_context.name,
        pixel_format=frame.format.name,
        size_bytes=clip.path.stat().st_size,
    )


def _frames_per_second(stream: VideoStream, timeline: _Timeline) -> Fraction | None:
    """The header's exact rate where the packets bear it out (24000/1001), else what they measure."""
    declared = stream.average_rate or stream.guessed_rate
    shown_seconds = timeline.last_seconds - (timeline.start_seconds or 0)
    if not shown_seconds:
        return declared
    measured = (timeline.packet_count - 1) / shown_seconds
    # Some containers count in milliseconds, and AVI shows the first of reordered frames one too early.
    slack = measured * max(Fraction(1, 50), Fraction(3, 2 * timeline.packet_count))
    return declared if declared and abs(declared - measured) <= slack else measured


def _require_nothing_missing(clip: Clip, timelines: dict[int, _Timeline]) -> None:
    size_bytes = clip.path.stat().st_size
    announced_bytes = announced_size_bytes(clip.path) or 0
    if announced_bytes > size_bytes:
        raise MediaError(f"{clip.path.name}: the file is truncated: it has {size_bytes} of {announced_bytes} bytes")
    starts = [timeline.start_seconds for timeline in timelines.values() if timeline.start_seconds is not None]
    measured_seconds = max(timeline.end_seconds for timeline in timelines.values()) - min(starts, default=Fraction(0))
    announced_seconds = Fraction(clip.container.duration or 0, av.time_base)
    # Headers are rounded and count what edit lists hide, so this catches only what was cut between two fragments.
    if measured_seconds < announced_seconds * Fraction(9, 10) - Fraction(1, 2):
        raise MediaError(
            f"{clip.path.name}: the file is truncated: it announces {float(announced_seconds):.2f} s "
            f"and holds {float(measured_seconds):.2f} s"
        )


def _media(clip: Clip) -> list[Stream]:
    return [clip.stream, *clip.container.streams.audio]


def _decode_tail(clip: Clip, last_seconds: Fraction) -> None:
    """Decode from the last keyframe to the end; from the beginning where the container cannot seek (MPEG-TS, FLV)."""
    stream = clip.stream
    # A last packet may carry no picture of its own (VP8 and VP9 have such), hence not exactly the last.
    wanted_seconds = last_seconds - 2 * _frame_seconds(stream)
    for seek_seconds in (last_seconds, Fraction(0)):
        clip.container.seek(int(seek_seconds / clip.time_base), stream=stream)
        last_frame = None
        for frame in clip.frames():
            last_frame = frame
        if last_frame is None or last_frame.is_corrupt or last_frame.pts is None:
            continue
        if last_frame.pts * clip.time_base >= wanted_seconds:
            return
    raise MediaError(f"{clip.path.name}: the end of the video does not decode")


def _frame_seconds(stream: VideoStream) -> Fraction:
    """0 where the container does not tell."""
    rate = stream.average_rate or stream.guessed_rate
    return 1 / rate if rate else Fraction(0)
