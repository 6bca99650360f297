"""The wall as a painting: albedo and soft shadows first, then one map of light over all of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from filmgate.animatic.camera import View, plane_matrix
from filmgate.animatic.colour import to_pixels
from filmgate.animatic.layers import overhang_width
from filmgate.animatic.patches import Patch, find_patches, paste_patches
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Matrix,
    Pixels,
    Points,
    blur,
    darken,
    fill,
    invert,
    multiply,
    place,
    resize,
    stroke,
    then,
    triple,
)
from filmgate.animatic.scene import Brief

REDUCTION = 4  # of shadows and light, which are soft
LIGHT_GAIN = 2.0  # light of 8 bits reaches twice full white
HEADROOM = 0.10  # of the base, above the frame: what a rising camera sees


@dataclass(frozen=True, slots=True, eq=False)
class Lamp:
    """A source of light on the wall, in room units."""

    x: float
    y: float
    reach: float
    colour: Floats  # may exceed one


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """An upright plane while it is painted. Outlines are in room units (x right, y up from the foot of the wall)."""

    albedo: Pixels
    cover: Pixels  # 255 where the panel hides what is behind it
    unit_px: float
    origin_x: float
    origin_y: float
    sun: tuple[float, float]  # where light comes from, y up
    lamps: list[Lamp] = field(default_factory=list[Lamp])
    candles: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])  # their wicks
    glowing: list[tuple[Points, Floats]] = field(default_factory=list[tuple[Points, Floats]])

    @property
    def reach(self) -> float:
        """Half of its width, in room units."""
        return self.albedo.shape[1] / 2 / self.unit_px

    @property
    def top(self) -> float:
        return self.origin_y / self.unit_px

    def pixels(self, outline: Points) -> Points:
        return np.stack([self.origin_x + outline[:, 0] * self.unit_px, self.origin_y - outline[:, 1] * self.unit_px], 1)

    def shape(self, outline: Points, colour: Floats) -> None:
        fill(self.albedo, self.pixels(outline), colour)
        fill(self.cover, self.pixels(outline), 1.0)

    def open(self, outline: Points) -> None:
        """Cut a hole; what is painted later stands before it."""
        fill(self.cover, self.pixels(outline), 0.0)

    def box(self, left: float, bottom: float, right: float, top: float, colour: Floats) -> None:
        self.shape(rectangle(left, bottom, right, top), colour)

    def line(self, points: Points, colour: Floats, width: float) -> None:
        thickness = max(1, round(width * self.unit_px))
        stroke(self.albedo, self.pixels(points), colour, thickness)
        stroke(self.cover, self.pixels(points), 1.0, thickness)

    def solid(self, outlines: list[Points], colour: Floats, roundness: float, strength: float = 0.34) -> None:
        """Something with a volume: its edges curve away over `roundness`, bright towards the light."""
        shapes = [self.pixels(outline) for outline in outlines]
        corners = np.concatenate(shapes)
        height, width = self.albedo.shape[:2]
        left, top = (max(0, int(value) - 2) for value in corners.min(0))
        right, bottom = min(width, int(corners[:, 0].max()) + 3), min(height, int(corners[:, 1].max()) + 3)
        if right <= left or bottom <= top:
            return
        mask = np.zeros((bottom - top, right - left), np.uint8)
        for shape in shapes:
            fill(mask, shape - np.array([left, top]), 1.0)
        np.maximum(self.cover[top:bottom, left:right], mask, out=self.cover[top:bottom, left:right])
        cover = mask.astype(np.float32) / np.float32(255)
        sigma = max(0.6, roundness * self.unit_px)
        soft = blur(cover, sigma)
        slope_y, slope_x = np.gradient(soft) if min(soft.shape) > 1 else (soft * 0, soft * 0)
        facing = -(slope_x * self.sun[0] - slope_y * self.sun[1]) * np.float32(sigma * 2.6)
        tone = np.clip(1 + strength * facing, 0.35, 1.7)[..., None] * colour
        target = self.albedo[top:bottom, left:right]
        mixed = target * (1 - cover[..., None]) + tone * cover[..., None] * np.float32(255)
        target[:] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)

    def shadow(self, left: float, bottom: float, right: float, top: float, strength: float, spread: float) -> None:
        """Darken softly what is painted so far: the wall behind a chair, books under a shelf."""
        outline = self.pixels(rectangle(left, bottom, right, top))
        sigma = max(0.5, spread * self.unit_px / REDUCTION)
        reach = 3 * sigma * REDUCTION
        height, width = self.albedo.shape[:2]
        first_x, first_y = (max(0, int(value)) // REDUCTION * REDUCTION for value in outline.min(0) - reach)
        last_x, last_y = min(width, int(outline[:, 0].max() + reach)), min(height, int(outline[:, 1].max() + reach))
        columns, rows = -(-(last_x - first_x) // REDUCTION), -(-(last_y - first_y) // REDUCTION)
        if columns <= 0 or rows <= 0:
            return
        mask = np.zeros((rows, columns), np.uint8)
        fill(mask, (outline - np.array([first_x, first_y])) / REDUCTION, strength)
        soft = resize(invert(blur(mask, sigma)), columns * REDUCTION, rows * REDUCTION)
        darken(
            self.albedo[first_y:last_y, first_x:last_x],
            triple(np.ascontiguousarray(soft[: last_y - first_y, : last_x - first_x])),
        )

    def glow(self, outline: Points, colour: Floats) -> None:
        """Something that is bright in any light: a bulb, a screen."""
        self.glowing.append((outline, colour))

    def light(self, light: Floats) -> None:
        """Expose the painting to `light` (at the fraction, 1 is white), then light up whatever glows."""
        rows, columns = light.shape[:2]
        height, width = self.albedo.shape[:2]
        exposure = to_pixels(np.clip(light / LIGHT_GAIN, 0, 1))
        full = resize(exposure, columns * REDUCTION, rows * REDUCTION)[:height, :width]
        self.albedo[:] = multiply(self.albedo, full, LIGHT_GAIN)
        for outline, colour in self.glowing:
            self.shape(outline, colour)

    def places(self) -> tuple[Floats, Floats]:
        """Room coordinates of each sample of the light: (1, columns) and (rows, 1)."""
        rows, columns = (-(-length // REDUCTION) for length in self.albedo.shape[:2])
        across = ((np.arange(columns, dtype=np.float32) + 0.5) * REDUCTION - self.origin_x) / self.unit_px
        down = (self.origin_y - (np.arange(rows, dtype=np.float32) + 0.5) * REDUCTION) / self.unit_px
        return across[None, :].astype(np.float32), down[:, None].astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Flat:
    """A finished plane at one depth. Its corner lies at (left, top) when the camera is at rest."""

    pixels: Pixels  # premultiplied RGBA
    depth: float
    left: float
    top: float
    canvas: Canvas
    horizon: float
    patches: tuple[Patch, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "patches", find_patches(self.pixels))

    def at(self, view: View) -> Matrix:
        return then(place(self.left, self.top), plane_matrix(self.canvas, self.horizon, self.depth, view))

    def paint(self, target: Pixels, view: View) -> None:
        paste_patches(target, self.pixels, self.patches, self.at(view))


def build_panel(brief: Brief, unit_px: float, floor_row: float, rows: int, sun: tuple[float, float]) -> Panel:
    """An unpainted panel as wide as a layer, from above the frame down to screen row `rows`."""
    canvas = brief.canvas
    width, headroom = overhang_width(canvas), headroom_px(canvas)
    height = rows + headroom
    return Panel(
        albedo=np.zeros((height, width, 3), np.uint8),
        cover=np.full((height, width), 255, np.uint8),
        unit_px=unit_px,
        origin_x=width / 2,
        origin_y=floor_row + headroom,
        sun=sun,
    )


def headroom_px(canvas: Canvas) -> int:
    return int(HEADROOM * canvas.base)


def rectangle(left: float, bottom: float, right: float, top: float) -> Points:
    return np.array([[left, bottom], [right, bottom], [right, top], [left, top]], np.float64)


def rounded(left: float, bottom: float, right: float, top: float, radius: float) -> Points:
    """A rectangle with round corners."""
    radius = min(radius, abs(right - left) / 2, abs(top - bottom) / 2)
    turn = np.linspace(0, np.pi / 2, 7)
    corners = (
        (right - radius, top - radius, 0),
        (left + radius, top - radius, 1),
        (left + radius, bottom + radius, 2),
        (right - radius, bottom + radius, 3),
    )
    parts = [
        np.stack([x + radius * np.cos(turn + quarter * np.pi / 2), y + radius * np.sin(turn + quarter * np.pi / 2)], 1)
        for x, y, quarter in corners
    ]
    return np.concatenate(parts)


def disc(x: float, y: float, radius_x: float, radius_y: float | None = None) -> Points:
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    return np.stack([x + np.cos(turn) * radius_x, y + np.sin(turn) * (radius_y or radius_x)], 1)
