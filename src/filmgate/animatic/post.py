"""What a real camera adds to every frame: bloom, vignette, fine grain."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.colour import to_pixels
from filmgate.animatic.looks import Look
from filmgate.animatic.raster import (
    Canvas,
    Pixels,
    add_weighted,
    blur,
    darken,
    halve,
    invert,
    lookup,
    resize,
    triple,
)

GRAIN_TILE_MARGIN = 160  # the grain plane is larger than the frame by this and shown at a new offset every frame
GRAIN_OFFSETS = 997
BLOOM_REDUCTION = 4
STILL_GRAIN = 0.5


@dataclass(frozen=True, slots=True)
class Finish:
    """How strongly each effect is applied. The defaults suit a dusky outdoor scene."""

    bloom: float = 0.5
    bloom_threshold: int = 170
    vignette: float = 0.42


@dataclass(frozen=True, slots=True, eq=False)
class Post:
    """Prepared effects for one canvas and one output size.

    A frame that no lens moves has both sizes the same: then the vignette comes with the bloom, at no cost of its own.
    """

    bloom: float
    bloom_curve: Pixels
    bloom_radius: int  # of a quarter of the frame
    vignette: Pixels
    small_vignette: Pixels | None  # a quarter of the size; None where the lens comes between bloom and vignette

    def light(self, frame: Pixels) -> None:
        """Bloom, in place, at the size the scene was drawn."""
        glow = None if self.bloom <= 0 else self._glow(frame)
        if glow is None or not glow.any():
            self._darken(frame)
            return
        lit = np.flatnonzero(glow.max((1, 2)))
        first, last = max(0, int(lit[0]) - 1), min(len(glow), int(lit[-1]) + 2)
        top, bottom = first * len(frame) // len(glow), -(-last * len(frame) // len(glow))
        self._darken(frame, stop=top)
        self._darken(frame, bottom)
        self._screen(frame, glow[first:last], first, top, bottom)

    def develop(self, frame: Pixels) -> Pixels:
        """Vignette, at output size, where it has not come with the bloom. Changes its argument."""
        if self.small_vignette is None:
            darken(frame, self.vignette)
        return frame

    def _glow(self, frame: Pixels) -> Pixels:
        """The light that the lens spreads, at a quarter of the size."""
        bright = lookup(halve(halve(frame)), self.bloom_curve)
        near, wide = _box_blur(bright, self.bloom_radius), self._halo(bright)
        return add_weighted(near, self.bloom * 0.5, wide, self.bloom)

    def _halo(self, bright: Pixels) -> Pixels:
        """A blur so wide that a quarter of the size is enough for it."""
        height, width = bright.shape[:2]
        tiny = halve(halve(bright))
        soft = _box_blur(tiny, max(1, round(self.bloom_radius * 5 / BLOOM_REDUCTION)))
        return resize(soft, width, height, cv2.INTER_CUBIC)

    def _screen(self, frame: Pixels, glow: Pixels, first: int, top: int, bottom: int) -> None:
        """Add light that never clips to some rows: 1 - (1 - frame)(1 - glow), and all that times the vignette."""
        rows = frame[top:bottom]
        through = invert(glow)
        if self.small_vignette is not None:
            darken(through, self.small_vignette[first : first + len(glow)])
        missing = invert(rows)
        darken(missing, resize(through, rows.shape[1], len(rows)))
        if self.small_vignette is None:
            cv2.bitwise_not(missing, dst=rows)
        else:
            cv2.subtract(self.vignette[top:bottom], missing, dst=rows)

    def _darken(self, frame: Pixels, start: int = 0, stop: int | None = None) -> None:
        """The vignette on rows without bloom."""
        if self.small_vignette is not None and (rows := frame[start:stop]).size:
            darken(rows, self.vignette[start:stop])


@dataclass(frozen=True, slots=True, eq=False)
class Grain:
    """Film grain: one plane, shown at a new offset every frame. It also hides the steps of 8 bits in smooth skies."""

    up: Pixels
    down: Pixels
    offsets: np.ndarray[tuple[int, int], np.dtype[np.int64]]

    def add(self, planes: Pixels, frame_index: int) -> None:
        """Onto the luma plane only, in place."""
        width = planes.shape[1]
        luma = planes[: planes.shape[0] * 2 // 3]
        offset_x, offset_y = (int(value) for value in self.offsets[frame_index % GRAIN_OFFSETS])
        window = np.s_[offset_y : offset_y + luma.shape[0], offset_x : offset_x + width]
        cv2.add(luma, self.up[window], dst=luma)
        cv2.subtract(luma, self.down[window], dst=luma)


def build_grain(output: Canvas, look: Look, rng: np.random.Generator, *, still: bool) -> Grain:
    """Grain for one frame size; a given photograph has grain of its own."""
    strength = look.grain * (STILL_GRAIN if still else 1.0)
    up, down = _grain(output, strength, rng)
    return Grain(up, down, rng.integers(0, GRAIN_TILE_MARGIN, (GRAIN_OFFSETS, 2)))


def build_post(canvas: Canvas, output: Canvas, finish: Finish, look: Look) -> Post:
    """Prepare the effects: `canvas` is what scenes draw on, `output` what the file holds."""
    levels = np.arange(256)
    threshold = finish.bloom_threshold
    vignette = _vignette(output, finish.vignette * look.vignette)
    curve = np.clip((levels - threshold) * 255 / (255 - threshold), 0, 255).astype(np.uint8)
    return Post(
        bloom=finish.bloom * look.bloom,
        bloom_curve=curve,
        bloom_radius=max(1, round(canvas.unit * 2)),
        vignette=triple(vignette),
        small_vignette=halve(halve(triple(vignette))) if canvas == output else None,
    )


def _box_blur(image: Pixels, radius: int) -> Pixels:
    """Two boxes: as soft as a Gaussian to the eye, at an eighth of the price."""
    window = (2 * radius + 1, 2 * radius + 1)
    return np.asarray(cv2.blur(cv2.blur(image, window), window), np.uint8)


def _vignette(output: Canvas, strength: float) -> Pixels:
    rows = (np.arange(output.height, dtype=np.float32)[:, None] / output.height - 0.5) ** 2
    columns = (np.arange(output.width, dtype=np.float32)[None, :] / output.width - 0.5) ** 2
    return to_pixels(np.clip(1 - strength * ((rows + columns) * 2) ** 1.15, 0, 1))


def _grain(output: Canvas, strength: float, rng: np.random.Generator) -> tuple[Pixels, Pixels]:
    shape = (output.height + GRAIN_TILE_MARGIN, output.width + GRAIN_TILE_MARGIN)
    fine = rng.standard_normal(shape, dtype=np.float32)
    grain = (fine * 0.75 + blur(fine, 0.8)) * np.float32(1.45 * strength)
    grain = grain + rng.random(shape, dtype=np.float32) - np.float32(0.5)
    return np.clip(grain, 0, 255).round().astype(np.uint8), np.clip(-grain, 0, 255).round().astype(np.uint8)
