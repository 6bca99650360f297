"""Buildings in rows behind water: what a skyline and a town on a canal have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.architecture.hour import Hour
from filmgate.animatic.architecture.lights import Lights, Sign, Traffic, placed_by
from filmgate.animatic.architecture.strips import StripPlane, paint_planes
from filmgate.animatic.architecture.willow import Willow
from filmgate.animatic.camera import plane_matrix
from filmgate.animatic.colour import from_hex, mix, to_pixels
from filmgate.animatic.figures.cast import paint_cast
from filmgate.animatic.figures.craft.craft import lamp_glow
from filmgate.animatic.figures.stage import Actor
from filmgate.animatic.layers import Layer, build_layer, overhang_width
from filmgate.animatic.noise import spectral
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Canvas, Floats, Pixels, paste_light, place, resize
from filmgate.animatic.scene import Brief, Moment
from filmgate.animatic.sky.sky import Sky
from filmgate.animatic.water.water import Water

QUAY_DEPTH = 0.92
QUAY_HEIGHT = 0.085  # bases
POST_HEIGHT = 0.335
LAMP_POSTS = (0.06, 0.35, 0.64, 0.93)  # across the quay's width


@dataclass(frozen=True, slots=True, eq=False)
class LitRow:
    """A row of houses and those of its lights that change."""

    houses: StripPlane
    lights: Lights
    signs: tuple[Sign, ...]

    def light_up(self, target: Pixels, moment: Moment) -> None:
        """To be called when the houses of this row are painted, and no nearer ones."""
        layer = self.houses.layer
        matrix = plane_matrix(layer.canvas, layer.horizon, layer.depth, moment.view)
        for sign in self.signs:
            sign.paint(target, matrix, moment.seconds)
        self.lights.paint(target, placed_by(matrix), moment.seconds)


@dataclass(frozen=True, slots=True, eq=False)
class Quay:
    """The paved bank on our side, with lamps along it."""

    bank: Layer
    glow: Pixels | None
    lamps: tuple[tuple[float, float], ...]

    def paint(self, frame: Pixels, moment: Moment) -> None:
        self.bank.paint(frame, moment.view)
        if self.glow is None:
            return
        radius = self.glow.shape[0] / 2
        matrix = plane_matrix(self.bank.canvas, self.bank.horizon, QUAY_DEPTH, moment.view)
        for x, y in placed_by(matrix)(np.array(self.lamps)):
            paste_light(frame, self.glow, place(float(x), float(y), float(matrix[0, 0]), pivot=(radius, radius)))


@dataclass(frozen=True, slots=True, eq=False)
class Waterfront:
    finish: Finish
    horizon: int
    sky: Sky
    rows: tuple[LitRow, ...]
    traffic: Traffic | None
    water: Water
    quay: Quay | None
    willow: Willow | None
    cast: tuple[Actor, ...]
    canvas: Canvas

    def paint(self, moment: Moment) -> Pixels:
        frame = np.zeros((self.canvas.height, self.canvas.width, 3), np.uint8)
        self.sky.paint(frame, moment.seconds)
        above = frame[: self.horizon]
        for number in paint_planes(above, [row.houses for row in self.rows], moment.view):
            self.rows[number].light_up(above, moment)
        if self.traffic is not None:
            self.traffic.paint(above, moment)
        paint_cast(self.cast, "air", above, moment)
        self.water.paint(frame, moment.seconds)
        paint_cast(self.cast, "water", frame, moment)
        if self.quay is not None:
            self.quay.paint(frame, moment)
        if self.willow is not None:
            self.willow.paint(frame, moment)
        paint_cast(self.cast, "ground", frame, moment)
        return frame


def build_quay(brief: Brief, hour: Hour, horizon: int, after_dark: bool) -> Quay:
    """Paving at our feet, a bright kerb, and lamp posts."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    base, unit = canvas.base, canvas.unit
    width, height = overhang_width(canvas), canvas.height + int(0.12 * base)
    left, edge = (width - canvas.width) / 2, canvas.height - QUAY_HEIGHT * base
    top = max(0, int(edge - (POST_HEIGHT + 0.03) * base))
    rows = np.arange(top, height, dtype=np.float32)[:, None, None]
    grain = resize(spectral(rng, (64, 512), 1.2, 4, stretch=(1, 0.3)), width, height - top)[..., None]
    stone = palette.near if hour.backlit else from_hex("8b8f94") * hour.facing(0.4)
    paving = mix(stone * 1.3, palette.ambient * 0.55, 0.25 if palette.dark else 0.15) * (0.8 + 0.4 * grain)
    kerb = np.exp(-np.clip(rows - edge, 0, None) / (2.2 * unit))
    colour = mix(paving, np.clip(mix(palette.glow, palette.ambient, 0.4), 0, 1), kerb * 0.6).astype(np.float32)
    coverage = (rows[..., 0] >= edge).astype(np.float32) * np.ones((1, width), np.float32)
    iron = stone * (0.6 if palette.dark else 0.30)
    posts = np.array([share * width for share in LAMP_POSTS])
    head = edge - POST_HEIGHT * base
    for x in posts:
        _bar(colour, coverage, (x - 2 * unit, x + 2 * unit, head - top, edge + 1 - top), iron)
        _bar(colour, coverage, (x - 9 * unit, x + 9 * unit, head - 3 * unit - top, head + 1 - top), iron)
    glow = None
    if after_dark:
        warm = np.clip(mix(palette.glow, from_hex("ffdb99"), 0.6), 0, 1)
        glow = to_pixels(lamp_glow(int(80 * unit) + 2, warm))
    bank = build_layer(canvas, horizon, QUAY_DEPTH, colour, coverage)
    placed = Layer(bank.pixels, bank.depth, bank.left, bank.top + top, canvas, horizon)
    return Quay(placed, glow, tuple((float(x - left), head) for x in posts))


def _bar(colour: Floats, coverage: Floats, box: tuple[float, float, float, float], tone: Floats) -> None:
    left, right, top, bottom = (max(0, round(value)) for value in box)
    colour[top:bottom, left : max(right, left + 1)] = tone
    coverage[top:bottom, left : max(right, left + 1)] = 1.0
