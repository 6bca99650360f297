"""The wall as a painting: albedo first, then soft shadows, then one map of light over all of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from filmgate.animatic.camera import View, plane_matrix
from filmgate.animatic.colour import to_pixels
from filmgate.animatic.layers import overhang_width
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    Points,
    blur,
    darken,
    fill,
    fill_all,
    invert,
    multiply,
    paste,
    place,
    resize,
    stroke,
    then,
    triple,
)
from filmgate.animatic.scene import Brief

REDUCTION = 4  # of shadows and light
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
    shade: Pixels  # at a fraction of the size, 255 where nothing is shaded
    unit_px: float
    origin_x: float
    origin_y: float
    sun: tuple[float, float]  # where light comes from, y up
    lamps: list[Lamp] = field(default_factory=list[Lamp])
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

    def box(self, left: float, bottom: float, right: float, top: float, colour: Floats) -> None:
        self.shape(rectangle(left, bottom, right, top), colour)

    def line(self, points: Points, colour: Floats, width: float) -> None:
        stroke(self.albedo, self.pixels(points), colour, max(1, round(width * self.unit_px)))

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
        """A soft dark place: under a shelf, behind a chair. It falls on what is painted before and after."""
        step = self.unit_px / REDUCTION
        sigma = max(0.5, spread * step)
        x, y = self.origin_x / REDUCTION, self.origin_y / REDUCTION
        rows, columns = self.shade.shape
        box = (x + left * step - 3 * sigma, y - top * step - 3 * sigma, x + right * step + 3 * sigma, y - bottom * step + 3 * sigma)
        first_x, first_y = (int(np.clip(value, 0, limit)) for value, limit in zip(box[:2], (columns, rows), strict=True))
        last_x, last_y = (int(np.clip(value, 0, limit)) for value, limit in zip(box[2:], (columns, rows), strict=True))
        if last_x <= first_x or last_y <= first_y:
            return
        mask = np.zeros((last_y - first_y, last_x - first_x), np.uint8)
        corner = np.array([first_x, first_y])
        fill(mask, self.pixels(rectangle(left, bottom, right, top)) / REDUCTION - corner, strength)
        darken(self.shade[first_y:last_y, first_x:last_x], invert(blur(mask, sigma)))

    def glow(self, outline: Points, colour: Floats) -> None:
        """Something that is bright in any light: a bulb, a screen."""
        self.glowing.append((outline, colour))

    def light(self, light: Floats) -> None:
        """Expose the painting to `light` (at the fraction, 1 is white), then light up whatever glows."""
        rows, columns = self.shade.shape
        shaded = to_pixels(np.clip(light / LIGHT_GAIN, 0, 1))
        darken(shaded, triple(self.shade))
        height, width = self.albedo.shape[:2]
        full = resize(shaded, columns * REDUCTION, rows * REDUCTION)[:height, :width]
        self.albedo[:] = multiply(self.albedo, full, LIGHT_GAIN)
        for outline, colour in self.glowing:
            self.shape(outline, colour)

    def places(self) -> tuple[Floats, Floats]:
        """Room coordinates of each sample of the light: (1, columns) and (rows, 1)."""
        rows, columns = self.shade.shape
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

    def paint(self, target: Pixels, view: View) -> None:
        at_rest = place(self.left, self.top)
        paste(target, self.pixels, then(at_rest, plane_matrix(self.canvas, self.horizon, self.depth, view)))


def build_panel(brief: Brief, unit_px: float, floor_row: float, rows: int, sun: tuple[float, float]) -> Panel:
    """An unpainted panel as wide as a layer, from above the frame down to screen row `rows`."""
    canvas = brief.canvas
    width, headroom = overhang_width(canvas), headroom_px(canvas)
    height = rows + headroom
    return Panel(
        albedo=np.zeros((height, width, 3), np.uint8),
        shade=np.full((-(-height // REDUCTION), -(-width // REDUCTION)), 255, np.uint8),
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
    corners = ((right - radius, top - radius, 0), (left + radius, top - radius, 1), (left + radius, bottom + radius, 2), (right - radius, bottom + radius, 3))
    parts = [
        np.stack([x + radius * np.cos(turn + quarter * np.pi / 2), y + radius * np.sin(turn + quarter * np.pi / 2)], 1)
        for x, y, quarter in corners
    ]
    return np.concatenate(parts)


def disc(x: float, y: float, radius_x: float, radius_y: float | None = None) -> Points:
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    return np.stack([x + np.cos(turn) * radius_x, y + np.sin(turn) * (radius_y or radius_x)], 1)


def mask_of(panel: Panel, outlines: list[Points]) -> Pixels:
    """Coverage of outlines at the panel's full size."""
    mask = np.zeros(panel.albedo.shape[:2], np.uint8)
    fill_all(mask, [panel.pixels(outline) for outline in outlines], 1.0)
    return mask


