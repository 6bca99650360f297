"""Frames to an MP4 that any browser plays: H.264 High, 4:2:0, BT.709 limited range, index at the front."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import cv2
import numpy as np

from filmgate.animatic.raster import Floats, Pixels, halve

# x264's output depends on its thread count, so it is fixed: the same request must give the same bytes anywhere.
X264_THREADS = 2
X264_PRESETS = {"draft": ("ultrafast", "25"), "standard": ("veryfast", "20"), "high": ("faster", "17")}  # preset, crf
# mbtree is off because its AVX-512 code in x264 r165 (PyAV 18.1) reads memory that nobody wrote: the same frames gave
# other bytes in one run of ten, and MALLOC_PERTURB_ decided which. Try again with the next x264.
X264_PARAMETERS = "aq-mode=3:mbtree=0"
SOUND_RATE = 48_000
SOUND_BITS_PER_SECOND = 160_000
AAC_FRAME = 1024
KEYFRAME_SECONDS = 2
BT709 = 1
LIMITED_RANGE = 1
# R'G'B' to Y'CbCr, 8-bit limited range, ITU-R BT.709-6 section 3. The last column is the offset.
YCBCR_FROM_RGB = np.array(
    [[0.1826, 0.6142, 0.0620, 16], [-0.1006, -0.3386, 0.4392, 128], [0.4392, -0.3989, -0.0403, 128]], np.float32
)


class Mp4Writer:
    """Writes one clip of a constant rate. Use as a context manager; frames go in by number, in order."""

    def __init__(
        self,
        path: Path,
        width: int,
        height: int,
        rate: Fraction,
        comment: str,
        *,
        quality: str | None = None,
        has_sound: bool = False,
    ) -> None:
        self._container = av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})
        self._container.metadata["comment"] = comment
        preset, crf = X264_PRESETS.get(quality or "standard", X264_PRESETS["standard"])
        parameters = f"{X264_PARAMETERS}:keyint={max(1, round(rate * KEYFRAME_SECONDS))}"
        options = {"preset": preset, "crf": crf, "profile": "high", "x264-params": parameters}
        self._stream = self._container.add_stream("libx264", rate=rate, options=options)
        self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, "yuv420p"
        context = self._stream.codec_context
        self._time_base = 1 / rate
        context.time_base = self._time_base
        context.thread_count = X264_THREADS
        # Set before the first frame: tagging frames alone leaves the stream "unspecified".
        context.color_range, context.colorspace = LIMITED_RANGE, BT709
        context.color_primaries, context.color_trc = BT709, BT709
        self._sound = self._container.add_stream("aac", rate=SOUND_RATE, layout="stereo") if has_sound else None
        if self._sound is not None:
            self._sound.bit_rate = SOUND_BITS_PER_SECOND
        self._next = 0

    def __enter__(self) -> Mp4Writer:
        return self

    def write(self, planes: Pixels) -> None:
        """Append one frame from `ycbcr_planes`. x264 reads the array later, so it must not be written to again."""
        frame = av.VideoFrame.from_numpy_buffer(planes, format="yuv420p")
        frame.pts = self._next
        frame.time_base = self._time_base
        frame.color_range, frame.colorspace = LIMITED_RANGE, BT709
        self._next += 1
        self._container.mux(self._stream.encode(frame))

    def write_sound(self, samples: Floats) -> None:
        """The whole soundtrack at once, before the first frame: (n, 2), -1..1, 48,000 a second."""
        if self._sound is None:
            raise ValueError("this clip was opened without sound")
        planar = np.ascontiguousarray(samples.T, np.float32)
        for start in range(0, planar.shape[1], AAC_FRAME):
            block = np.ascontiguousarray(planar[:, start : start + AAC_FRAME])
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, start, Fraction(1, SOUND_RATE)
            self._container.mux(self._sound.encode(frame))
        self._container.mux(self._sound.encode(None))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._container.mux(self._stream.encode(None))
        finally:
            self._container.close()


def ycbcr_planes(rgb: Pixels, width: int, height: int) -> Pixels:
    """A (height * 3 / 2, width) array: the luma plane, then both chroma planes at half size.

    A smaller picture is enlarged, plane by plane: that costs less than enlarging its colours.
    """
    # All three rows of the matrix, of which one is used: OpenCV 5.0 is five times as fast with them as with one.
    luma = cv2.extractChannel(cv2.transform(rgb, YCBCR_FROM_RGB), 0)
    _, blue, red = cv2.split(cv2.transform(halve(rgb), YCBCR_FROM_RGB))
    planes = np.empty((height * 3 // 2, width), np.uint8)
    planes[:height] = _enlarged(luma, width, height)
    quarter = (height // 2) * (width // 2)
    flat = planes[height:].reshape(-1)
    flat[:quarter] = _enlarged(blue, width // 2, height // 2).reshape(-1)
    flat[quarter:] = _enlarged(red, width // 2, height // 2).reshape(-1)
    return planes


def _enlarged(plane: cv2.typing.MatLike, width: int, height: int) -> Pixels:
    same = plane.shape[:2] == (height, width)
    return np.asarray(plane if same else cv2.resize(plane, (width, height)), np.uint8)
