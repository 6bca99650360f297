"""The sound of a clip that is re-encoded: carried over as it is where MP4 players read it, else made AAC."""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol, cast

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream

from filmgate.core.errors import MediaError
from filmgate.media.decoding import Clip

_COPIED_CODECS = frozenset({"aac", "mp3"})
_AAC_RATES = frozenset({8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000})


class Sound(Protocol):
    """One sound stream on its way from source to output, shifted so that the first picture is at 0."""

    source: AudioStream

    def convert(self, packet: Packet[Stream]) -> list[Packet[Stream]]:
        """What to write once `packet` was read; the empty packet that ends a stream flushes."""
        ...


def add_sound(clip: Clip, output: OutputContainer, start_seconds: Fraction) -> Sound | None:
    """Give `output` the first sound stream of `clip`; None where it has none.

    Raises MediaError for a codec that is not known here.
    """
    source = next(iter(clip.container.streams.audio), None)
    if source is None:
        return None
    # PyAV leaves the context None where it has no decoder; its annotations do not say so.
    context = cast(AudioCodecContext | None, source.codec_context)
    if context is None:
        raise MediaError(f"{clip.path.name}: its sound is in a format that is not known here")
    time_base = source.time_base or Fraction(1, av.time_base)
    shift = round(start_seconds / time_base)
    if context.codec.canonical_name in _COPIED_CODECS:
        return _CopiedSound(source, output, shift)
    return _EncodedSound(source, output, shift)


class _CopiedSound:
    def __init__(self, source: AudioStream, output: OutputContainer, shift: int) -> None:
        self.source = source
        self._shift = shift
        self._target = output.add_stream_from_template(source)

    def convert(self, packet: Packet[Stream]) -> list[Packet[Stream]]:
        if packet.pts is None or packet.dts is None:
            return []
        packet.pts -= self._shift
        packet.dts -= self._shift
        # What sounds before the first picture goes; the packet that ends with it primes the decoder and stays.
        if packet.pts + (packet.duration or 0) < 0:
            return []
        packet.stream = cast(Stream, self._target)
        return [packet]


class _EncodedSound:
    def __init__(self, source: AudioStream, output: OutputContainer, shift: int) -> None:
        self.source = source
        self._shift = shift
        rate = source.codec_context.sample_rate
        self._target = output.add_stream("aac", rate=rate if rate in _AAC_RATES else 48000)
        self._target.codec_context.layout = "mono" if source.codec_context.channels == 1 else "stereo"
        self._target.codec_context.bit_rate = 192_000

    def convert(self, packet: Packet[Stream]) -> list[Packet[Stream]]:
        is_end = not packet.size
        encoded: list[Packet[Stream]] = []
        for frame in self.source.codec_context.decode(None if is_end else packet):
            if frame.pts is not None:
                frame.pts -= self._shift
                if frame.pts < 0:
                    continue
            encoded += self._target.encode(frame)
        if is_end:
            encoded += self._target.encode(None)
        return encoded
