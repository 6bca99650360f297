"""The few raster operations that everything else is made of: typed wrappers over OpenCV.

Pictures are RGB (or premultiplied RGBA) of 8 bits; masks are one channel of 8 bits, where 255 means "all of it".
OpenCV's own annotations admit any number type anywhere; casting happens here, once, so that callers stay typed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating[Any]]
Points = npt.NDArray[np.floating[Any]]  # (n, 2), x then y
Matrix = npt.NDArray[np.floating[Any]]  # (2, 3), destination from source
Array = TypeVar("Array", bound=npt.NDArray[Any])

SUBPIXEL_BITS = 4  # polygons are placed to a sixteenth of a pixel, so slow motion does not step


@dataclass(frozen=True, slots=True)
class Canvas:
    """The size that scenes draw at. Lengths in scenes are multiples of `unit`, so frames of any shape look alike."""

    width: int
    height: int

    @property
    def base(self) -> float:
        """The height of the 16:9 frame of equal area, at most either side: 720 for 1280x720 and for 720x1280."""
        return min(0.75 * math.sqrt(self.width * self.height), self.width, self.height)

    @property
    def unit(self) -> float:
        """One pixel of a 720p frame."""
        return self.base / 720.0


def resize(image: Array, width: int, height: int, how: int = cv2.INTER_LINEAR) -> Array:
    return cast(Array, cv2.resize(image, (max(1, width), max(1, height)), interpolation=how))


def blur(image: Array, sigma: float, sigma_y: float | None = None) -> Array:
    return cast(Array, cv2.GaussianBlur(image, (0, 0), sigmaX=sigma, sigmaY=sigma if sigma_y is None else sigma_y))


def blur_tile(tile: Array, sigma: float) -> Array:
    """Blur a tileable picture so that it still tiles."""
    margin = min(int(sigma * 4) + 1, *tile.shape[:2])
    widths = ((margin, margin), (margin, margin)) + ((0, 0),) * (tile.ndim - 2)
    blurred = blur(np.pad(tile, widths, mode="wrap"), sigma)
    return cast(Array, blurred[margin:-margin, margin:-margin])


def sample(image: Array, map_x: Floats, map_y: Floats, border: int = cv2.BORDER_REPLICATE) -> Array:
    """Read `image` at fractional coordinates; the maps must be float32 and of equal shape.

    Three channels of 8 bits go as four, like in `warp`: 1.7 against 3.2 ms at 720p.
    """
    if image.ndim == 3 and image.shape[2] == 3 and image.dtype == np.uint8:
        four = cv2.remap(with_spare_channel(image), map_x, map_y, cv2.INTER_LINEAR, borderMode=border)
        return cast(Array, cv2.cvtColor(four, cv2.COLOR_BGRA2BGR))
    return cast(Array, cv2.remap(image, map_x, map_y, cv2.INTER_LINEAR, borderMode=border))


def with_spare_channel(image: Array) -> Array:
    """Three channels as four. OpenCV 5.0 moves four twice as fast as three."""
    return cast(Array, cv2.cvtColor(image, cv2.COLOR_BGR2BGRA))


def halve(image: Array) -> Array:
    """Half the size, each pixel the mean of four: the only averaging shrink that OpenCV 5.0 does fast."""
    height, width = image.shape[:2]
    return cast(Array, cv2.resize(image, (max(1, width // 2), max(1, height // 2)), interpolation=cv2.INTER_AREA))


def warp(image: Array, matrix: Matrix, width: int, height: int, border: int = cv2.BORDER_CONSTANT) -> Array:
    """Move `image` by `matrix` (destination from source) onto a picture of the given size.

    OpenCV 5.0 warps four channels twice as fast as three (2.0 against 3.4 ms at 720p), so three take a detour.
    """
    three = image.ndim == 3 and image.shape[2] == 3 and image.dtype == np.uint8
    source = with_spare_channel(image) if three else image
    moved = cv2.warpAffine(source, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=border)
    return cast(Array, cv2.cvtColor(moved, cv2.COLOR_BGRA2BGR) if three else moved)


def project(image: Pixels, source: Matrix, target: Pixels) -> None:
    """Fill `target` with `image` seen through a homography (3, 3), source from destination; its edges go on."""
    four = image if image.shape[2] == 4 else with_spare_channel(image)
    how, size = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, (target.shape[1], target.shape[0])
    seen = cv2.warpPerspective(four, source, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
    cv2.cvtColor(seen, cv2.COLOR_BGRA2BGR, dst=target)


def lookup(image: Pixels, table: Pixels) -> Pixels:
    return cast(Pixels, cv2.LUT(image, table))


def merge(*channels: Pixels) -> Pixels:
    return cast(Pixels, cv2.merge(channels))


def triple(mask: Pixels) -> Pixels:
    return merge(mask, mask, mask)


def invert(image: Pixels) -> Pixels:
    return cast(Pixels, cv2.bitwise_not(image))


def multiply(image: Pixels, by: Pixels, gain: float = 1.0) -> Pixels:
    """image * by / 255 * gain, saturating."""
    return cast(Pixels, cv2.multiply(image, by, scale=gain / 255.0))


def scale(image: Pixels, factor: float) -> Pixels:
    return cast(Pixels, cv2.convertScaleAbs(image, alpha=factor))


def add_weighted(first: Pixels, weight: float, second: Pixels, other_weight: float) -> Pixels:
    return cast(Pixels, cv2.addWeighted(first, weight, second, other_weight, 0.0))


def tint(mask: Pixels, colour: Floats) -> Pixels:
    """`mask` as light of one colour (0..1 each channel)."""
    return merge(*(scale(mask, float(channel)) for channel in colour))


def add_light(canvas: Pixels, light: Pixels) -> None:
    cv2.add(canvas, light, dst=canvas)


def screen(canvas: Pixels, light: Pixels) -> None:
    """Add light that never clips: 1 - (1 - canvas)(1 - light)."""
    remaining = invert(canvas)
    cv2.multiply(remaining, invert(light), dst=remaining, scale=1 / 255.0)
    cv2.bitwise_not(remaining, dst=canvas)


def darken(canvas: Pixels, by: Pixels) -> None:
    """canvas * by / 255 in place."""
    cv2.multiply(canvas, by, dst=canvas, scale=1 / 255.0)


def over(canvas: Pixels, sprite: Pixels) -> None:
    """Composite a premultiplied RGBA sprite of equal size over `canvas`."""
    darken(canvas, triple(invert(cast(Pixels, cv2.extractChannel(sprite, 3)))))
    cv2.add(canvas, cast(Pixels, cv2.cvtColor(sprite, cv2.COLOR_BGRA2BGR)), dst=canvas)


def over_rgba(lower: Pixels, upper: Pixels) -> Pixels:
    """One premultiplied RGBA picture over another of equal size."""
    kept = invert(cast(Pixels, cv2.extractChannel(upper, 3)))
    below = multiply(lower, merge(kept, kept, kept, kept))
    add_light(below, upper)
    return below


def veil(canvas: Pixels, mask: Pixels, colour: Floats) -> None:
    """Mix `canvas` towards one flat colour by `mask`: fog, mist, shadow."""
    darken(canvas, invert(triple(mask)))
    cv2.add(canvas, tint(mask, colour), dst=canvas)


def paste(canvas: Pixels, sprite: Pixels, matrix: Matrix) -> None:
    """Warp a premultiplied RGBA sprite by `matrix` (canvas from sprite) and composite only the box that it covers."""
    box = _covered_box(canvas, sprite, matrix)
    if box is None:
        return
    left, top, right, bottom = box
    local = matrix - np.array([[0, 0, left], [0, 0, top]])
    over(canvas[top:bottom, left:right], warp(sprite, local, right - left, bottom - top))


def paste_light(canvas: Pixels, light: Pixels, matrix: Matrix, strength: float = 1.0) -> None:
    """Warp an RGB picture of light by `matrix` and screen it onto the box that it covers."""
    box = _covered_box(canvas, light, matrix)
    if box is None or strength <= 0.01:
        return
    left, top, right, bottom = box
    local = matrix - np.array([[0, 0, left], [0, 0, top]])
    warped = warp(light, local, right - left, bottom - top)
    screen(canvas[top:bottom, left:right], warped if strength == 1.0 else scale(warped, strength))


def place(x: float, y: float, size: float = 1.0, angle: float = 0.0, pivot: tuple[float, float] = (0.0, 0.0)) -> Matrix:
    """The matrix that puts a sprite's `pivot` at (x, y), turned by `angle` radians (clockwise on screen) and scaled."""
    cosine, sine = math.cos(angle) * size, math.sin(angle) * size
    return np.array(
        [
            [cosine, -sine, x - cosine * pivot[0] + sine * pivot[1]],
            [sine, cosine, y - sine * pivot[0] - cosine * pivot[1]],
        ]
    )


def then(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that applies `first`, then `second`."""
    return second[:, :2] @ first + np.array([[0, 0, second[0, 2]], [0, 0, second[1, 2]]])


def apply(matrix: Matrix, points: Points) -> Points:
    return points @ matrix[:, :2].T + matrix[:, 2]


def fill(canvas: Pixels, outline: Points, colour: Floats | float) -> None:
    """Fill one polygon, anti-aliased. `colour` is 0..1: three channels on a picture, one number on a mask."""
    fill_all(canvas, [outline], colour)


def fill_all(canvas: Pixels, outlines: list[Points], colour: Floats | float) -> None:
    """Fill polygons as one shape by the even-odd rule, anti-aliased."""
    fixed = [np.round(_clip(outline) * (1 << SUBPIXEL_BITS)).astype(np.int32) for outline in outlines]
    cv2.fillPoly(canvas, fixed, _scalar(colour), cv2.LINE_AA, SUBPIXEL_BITS)


def stroke(canvas: Pixels, line: Points, colour: Floats | float, thickness_px: int) -> None:
    fixed = np.round(_clip(line) * (1 << SUBPIXEL_BITS)).astype(np.int32)
    cv2.polylines(canvas, [fixed], False, _scalar(colour), max(1, thickness_px), cv2.LINE_AA, SUBPIXEL_BITS)


def polygon_mask(width: int, height: int, outlines: list[Points], supersampling: int = 2) -> Floats:
    """Coverage 0..1 (float32) of the union of `outlines`, smoother than `fill` for art that is drawn once."""
    mask = np.zeros((height * supersampling, width * supersampling), np.uint8)
    for outline in outlines:
        fill(mask, outline * supersampling, 1.0)
    return resize(mask, width, height, cv2.INTER_AREA).astype(np.float32) / np.float32(255)


def _clip(points: Points) -> Points:
    return np.clip(points, -30000.0, 30000.0)  # beyond this OpenCV's fixed point would wrap around


def _scalar(colour: Floats | float) -> tuple[float, ...]:
    if isinstance(colour, (int, float)):
        return (float(colour) * 255.0,)
    return tuple(float(channel) * 255.0 for channel in np.clip(colour, 0, 1))


def _covered_box(canvas: Pixels, sprite: Pixels, matrix: Matrix) -> tuple[int, int, int, int] | None:
    height, width = sprite.shape[:2]
    corners = apply(matrix, np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float64))
    left, top = (max(0, math.floor(value) - 1) for value in corners.min(0))
    right = min(canvas.shape[1], math.ceil(corners[:, 0].max()) + 1)
    bottom = min(canvas.shape[0], math.ceil(corners[:, 1].max()) + 1)
    return (left, top, right, bottom) if right > left and bottom > top else None
