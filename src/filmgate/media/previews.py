"""Small pictures of a clip: a poster (WebP) and a grid of evenly spaced frames (JPEG), in one pass over its frames."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame
from PIL import Image

from filmgate.core.errors import MediaError, StorageError
from filmgate.media.decoding import Clip, display_size, fit_within, open_clip, shrunk_image
from filmgate.media.probe import probe

_POSTER_MAX_SIDE_PX = 1280
_COLUMNS = 5
_ROWS = 5
_TILE_MAX_SIDE_PX = 256
_LUMA_SAMPLE_PX = 64
_BLACK_LUMA = 24  # of 255: what fades in and noise in the dark stay under
_LIT_SHARE = 0.02


def previews(video: Path, poster_path: Path, spritesheet_path: Path) -> None:
    """Write both pictures with their default sizes. Safe to repeat.

    Raises MediaError, or StorageError when the disk does not take them.
    """
    with open_clip(video) as clip:
        poster_picker = _PosterPicker(clip, _POSTER_MAX_SIDE_PX)
        sheet = _Sheet(clip, (_COLUMNS, _ROWS), _TILE_MAX_SIDE_PX)
        for frame in clip.frames():
            poster_picker.take(frame)
            sheet.take(frame)
        sheet.finish()
    _write_poster(poster_picker, poster_path)
    _write_sheet(sheet, spritesheet_path)


def poster(video: Path, target: Path, *, max_side_px: int = _POSTER_MAX_SIDE_PX) -> None:
    """Write the first frame that is not black as WebP, or the very first where all are. Raises as `previews`."""
    with open_clip(video) as clip:
        picker = _PosterPicker(clip, max_side_px)
        for frame in clip.frames():
            picker.take(frame)
            if picker.is_lit:
                break
    _write_poster(picker, target)


def spritesheet(
    video: Path,
    target: Path,
    *,
    columns: int = _COLUMNS,
    rows: int = _ROWS,
    tile_max_side_px: int = _TILE_MAX_SIDE_PX,
) -> None:
    """Write `columns` x `rows` frames, evenly spaced in time, row by row, as JPEG. Raises as `previews`.

    A clip of fewer frames repeats them, so the grid is always full.
    """
    with open_clip(video) as clip:
        sheet = _Sheet(clip, (columns, rows), tile_max_side_px)
        for frame in clip.frames():
            sheet.take(frame)
        sheet.finish()
    _write_sheet(sheet, target)


class _PosterPicker:
    def __init__(self, clip: Clip, max_side_px: int) -> None:
        self._aspect = clip.stream.sample_aspect_ratio
        self._max_side_px = max_side_px
        self.is_lit = False
        self.image: Image.Image | None = None

    def take(self, frame: VideoFrame) -> None:
        if self.is_lit:
            return
        self.is_lit = _is_lit(frame)
        if self.is_lit or self.image is None:
            self.image = shrunk_image(frame, self._aspect, self._max_side_px)


def _is_lit(frame: VideoFrame) -> bool:
    sample = frame.reformat(_LUMA_SAMPLE_PX, _LUMA_SAMPLE_PX, format="gray", interpolation="AREA").to_ndarray()
    return int(np.count_nonzero(sample > _BLACK_LUMA)) >= _LIT_SHARE * sample.size


class _Sheet:
    """Takes every frame in order and keeps, for the middle of each of its equal spans of time, what is shown then."""

    def __init__(self, clip: Clip, grid: tuple[int, int], tile_max_side_px: int) -> None:
        # Copied, because a stream of a closed file must not be touched: that ends the process.
        self._aspect = clip.stream.sample_aspect_ratio
        self._time_base = clip.time_base
        self._columns, self._rows = grid
        self._tile_max_side_px = tile_max_side_px
        count = self._columns * self._rows
        span_seconds = Fraction(probe(clip.path).duration_seconds) / count
        self._tile_seconds = [span_seconds * (index + Fraction(1, 2)) for index in range(count)]
        self._filled = 0
        self._shown: VideoFrame | None = None
        self._start_seconds = Fraction(0)
        self._tile_size = (0, 0)
        self.image: Image.Image | None = None

    def take(self, frame: VideoFrame) -> None:
        at_seconds = (frame.pts or 0) * self._time_base
        if self.image is None:
            self._start_seconds = at_seconds
            shown_size = display_size(frame, self._aspect)
            self._tile_size = fit_within(shown_size, self._tile_max_side_px)
            self.image = Image.new("RGB", (self._columns * self._tile_size[0], self._rows * self._tile_size[1]))
        self._fill_until(at_seconds - self._start_seconds)
        self._shown = frame

    def finish(self) -> None:
        """Fill what is left of the grid with the last frame."""
        self._fill_until(None)

    def _fill_until(self, seconds: Fraction | None) -> None:
        """Fill the tiles before `seconds` (None: all that are left) with the frame that is on the screen."""
        while self._shown and self.image and self._filled < len(self._tile_seconds):
            if seconds is not None and self._tile_seconds[self._filled] >= seconds:
                return
            tile = shrunk_image(self._shown, self._aspect, self._tile_max_side_px)
            row, column = divmod(self._filled, self._columns)
            self.image.paste(tile, (column * self._tile_size[0], row * self._tile_size[1]))
            self._filled += 1


def _write_poster(picker: _PosterPicker, target: Path) -> None:
    _write(picker.image, target, "WEBP", quality=82, method=4)


def _write_sheet(sheet: _Sheet, target: Path) -> None:
    _write(sheet.image, target, "JPEG", quality=82, optimize=True)


def _write(image: Image.Image | None, target: Path, image_format: str, **options: int) -> None:
    if image is None:
        raise MediaError("not one frame of the video decodes")
    encoded = io.BytesIO()
    image.save(encoded, image_format, **options)
    try:
        target.write_bytes(encoded.getvalue())
    except OSError as error:
        target.unlink(missing_ok=True)
        raise StorageError(f"cannot write the {image_format} preview: {error.strerror}", retryable=True) from error
