from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from media_clips import grey_frames

MakeClip = Callable[..., Path]
SAMPLE_DTYPES = {"flt": np.float32, "s32": np.int32, "s16": np.int16}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def silence(count: int) -> np.ndarray:
    return np.zeros(count, np.float32)


@pytest.fixture
def make_clip(tmp_path: Path) -> MakeClip:
    """Writes a tiny clip: RGB `frames` at `rate`, or at the presentation times `ticks` of 1/1000 s each."""

    def make(
        name: str = "clip.mp4",
        *,
        frames: Iterable[np.ndarray] | None = None,
        rate: Fraction | int = 24,
        codec: str = "libx264",
        ticks: list[int] | None = None,
        audio_codec: str | None = None,
        samples: np.ndarray | None = None,
        display_matrix: list[int] | None = None,
        sample_aspect_ratio: Fraction | None = None,
        options: dict[str, str] | None = None,
        movflags: str = "",
        video_delay: int = 0,
    ) -> Path:
        path = tmp_path / name
        pictures = list(grey_frames(12) if frames is None else frames)
        with av.open(str(path), "w", options={"movflags": movflags} if movflags else None) as output:
            video = output.add_stream(codec, rate=rate, options=options or {})
            video.height, video.width = pictures[0].shape[:2]
            video.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
            if ticks:
                video.codec_context.time_base = Fraction(1, 1000)
            if display_matrix:
                video.set_display_matrix(display_matrix)
            if sample_aspect_ratio:
                video.codec_context.sample_aspect_ratio = sample_aspect_ratio
            audio = None
            if audio_codec:
                audio = output.add_stream(audio_codec, rate=48000)
                audio.codec_context.layout = "mono"
            for index, picture in enumerate(pictures):
                frame = av.VideoFrame.from_ndarray(picture)
                frame.pts = (ticks[index] if ticks else index) + video_delay
                frame.time_base = Fraction(1, 1000) if ticks else 1 / Fraction(rate)
                output.mux(video.encode(frame))
            output.mux(video.encode(None))
            if audio:
                sound = silence(round(len(pictures) * 48000 / rate)) if samples is None else samples
                kind = audio.codec_context.format.name[:3]
                scale = {"flt": 1, "s32": 2**31 - 1, "s16": 2**15 - 1}[kind]
                for start in range(0, len(sound), 1024):
                    block = (sound[start : start + 1024] * scale).astype(SAMPLE_DTYPES[kind])
                    piece = av.AudioFrame.from_ndarray(
                        block[None, :], format=audio.codec_context.format.name, layout="mono"
                    )
                    piece.sample_rate, piece.pts, piece.time_base = 48000, start, Fraction(1, 48000)
                    output.mux(audio.encode(piece))
                output.mux(audio.encode(None))
        return path

    return make
