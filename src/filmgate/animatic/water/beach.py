"""A beach at our feet: sand that darkens where it is wet, and surf that runs up and draws back with lines of foam."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.camera import plane_matrix
from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.layers import Layer, build_layer, overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.raster import Canvas, Floats, Pixels, over, sample, scale
from filmgate.animatic.scene import Brief, Moment

DEPTH = 0.92
WATERLINE = 0.215  # of the base over the bottom edge, where the sea ends between two waves
SHEETS = 3  # waves on their way in or out at any time
PERIOD_SECONDS = 6.6  # from far out up the sand and back
FAR_OUT, RUN_UP, DRAWN_BACK = -0.085, 0.034, -0.012  # of a wave's edge, in bases below the waterline
CREST = 0.52  # share of the period at which a wave has run up furthest
SHEET_HEIGHT = 0.088  # of the foam and water behind an edge, in bases
GOLDEN, CORAL, GREY = "d8b888", "efe2c8", "a49a8c"


@dataclass(frozen=True, slots=True, eq=False)
class Surf:
    """Thin sheets of water that climb the sand in turn. Each is one strip of art, bent along its wave's edge."""

    canvas: Canvas
    horizon: float
    line: Floats  # row of the waterline at each column of the overhanging width
    wander: Floats  # periodic, -0.5..0.5: how a wave's edge strays from the waterline
    art: Pixels  # premultiplied RGBA, the edge near its last row
    strength: float

    def paint(self, target: Pixels, moment: Moment) -> None:
        matrix = plane_matrix(self.canvas, self.horizon, DEPTH, moment.view)
        grow, shift_x, shift_y = float(matrix[0, 0]), float(matrix[0, 2]), float(matrix[1, 2])
        left = (len(self.line) - self.canvas.width) / 2
        columns = (np.arange(target.shape[1], dtype=np.float32) - np.float32(shift_x)) / np.float32(grow)
        at = columns + np.float32(left)
        line = np.interp(at, np.arange(len(self.line)), self.line).astype(np.float32)
        for sheet in range(SHEETS):
            cycle = moment.seconds / PERIOD_SECONDS + sheet / SHEETS
            wave, share = math.floor(cycle), cycle % 1.0
            seen = _seen(share)
            if seen > 0.02:
                self._sheet(target, (at, line), (wave * SHEETS + sheet, share), (grow, shift_y), seen)

    def _sheet(
        self,
        target: Pixels,
        place: tuple[Floats, Floats],
        wave: tuple[int, float],
        view: tuple[float, float],
        seen: float,
    ) -> None:
        (at, line), (number, share), (grow, shift_y) = place, wave, view
        base = self.canvas.base
        size = 1 + 0.28 * math.sin(number * 2.4)
        reach = _edge(share) * base * (size if _edge(share) > 0 else 1.0) * self.strength
        along = np.mod(at / base * 0.21 + 0.377 * number, 1.0) * len(self.wander)
        stray = np.interp(along, np.arange(len(self.wander)), self.wander).astype(np.float32)
        edge = line + np.float32(reach) + stray * np.float32(0.030 * base)
        height = self.art.shape[0]
        foot = height * 0.94  # the edge's row in the art
        screen = edge * grow + shift_y
        top = max(0, int(screen.min() - foot * grow))
        bottom = min(target.shape[0], int(screen.max() + (height - foot) * grow) + 2)
        if bottom <= top:
            return
        rows = ((np.arange(top, bottom, dtype=np.float32) - shift_y) / grow)[:, None]
        map_y = rows - (edge - np.float32(foot))[None]
        offset = np.float32((number * 0.618 % 1.0) * (self.art.shape[1] - len(self.line) - 2))
        map_x = np.repeat((at + offset)[None], bottom - top, 0)
        sheet = sample(self.art, map_x.astype(np.float32), map_y.astype(np.float32), 0)
        over(target[top:bottom], scale(sheet, seen))


def _edge(share: float) -> float:
    """Where a wave's edge is, in bases below the waterline: in with a rush, out with a sigh."""
    if share < CREST:
        return FAR_OUT + (RUN_UP - FAR_OUT) * math.sin(share / CREST * math.pi / 2)
    back = (share - CREST) / (1 - CREST)
    return RUN_UP + (DRAWN_BACK - RUN_UP) * (0.5 - 0.5 * math.cos(back * math.pi))


def _seen(share: float) -> float:
    return float(smoothstep(0.0, 0.20, share) * smoothstep(1.0, 0.72, share))


def build_beach(brief: Brief, horizon: int, slant: float) -> tuple[Layer, Surf]:
    """The sand and its surf. `slant` -1..1: to which side the sea reaches nearer."""
    canvas, rng = brief.canvas, brief.rng
    width = overhang_width(canvas)
    across = np.linspace(-1, 1, width, dtype=np.float32)
    bays = curve(rng, 1024, 4, 2)[np.linspace(0, 1023, width).astype(int)] - 0.5
    rise = WATERLINE - 0.050 * slant * across + 0.030 * bays
    line = (canvas.height - rise * canvas.base).astype(np.float32)
    surf = Surf(
        canvas=canvas,
        horizon=horizon,
        line=line,
        wander=curve(rng, 1024, 6, 6, 0.55) - np.float32(0.5),
        art=_sheet_art(brief, int(width * 1.6)),
        strength=1.0 + 0.25 * max(0.0, brief.reading.wind - 1.0),
    )
    return _sand(brief, horizon, line), surf


def _sand(brief: Brief, horizon: int, line: Floats) -> Layer:
    """Dry sand in front, wet sand below the reach of the waves, and the ground seen through the shallows."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    base, width = canvas.base, len(line)
    top = max(0, int(line.min() - 0.10 * base))
    height = canvas.height + int(0.12 * base) - top
    below = (np.arange(top, top + height, dtype=np.float32)[:, None] - line[None]) / np.float32(base)
    depth = 0.22 / (np.maximum(below, 0) + 0.07)
    columns = (np.arange(width, dtype=np.float32) - width / 2)[None] / np.float32(base)
    tile = _sand_tile(rng)
    map_x = np.mod(columns * (0.4 + depth) * 300, 511).astype(np.float32)
    grain = sample(tile, map_x, np.mod(depth * 260 + 0 * columns, 255).astype(np.float32))
    tropical = "tropical" in brief.reading.features
    matter = from_hex(CORAL if tropical else GREY if palette.name in ("overcast", "storm") else GOLDEN)
    light = palette.ambient * 0.46 + palette.light * (0.34 if palette.dark else 0.74)
    dry = matter * light * (0.70 + 0.60 * grain[..., None])
    wet = mix(matter * light * 0.52, palette.haze * 0.75, 0.30) * (0.9 + 0.2 * grain[..., None])
    edge = below + (grain - 0.5) * 0.012
    colour = mix(wet, dry, smoothstep(0.036, 0.066, edge)[..., None])
    under = mix(palette.water, shallow_colour(brief), 0.8)
    colour = mix(colour, under, smoothstep(0.012, -0.045, below)[..., None] * 0.75)
    shade = smoothstep(0.10, 0.32, below)[..., None]
    colour = colour * (1 - 0.22 * shade)
    coverage = smoothstep(-0.085, 0.004, below)
    layer = build_layer(canvas, horizon, DEPTH, np.clip(colour, 0, 1).astype(np.float32), coverage.astype(np.float32))
    return Layer(layer.pixels, layer.depth, layer.left, layer.top + top, canvas, horizon)


def shallow_colour(brief: Brief) -> Floats:
    """Water over sand: turquoise under a blue sky, else a lighter sea."""
    palette = brief.palette
    if brief.reading.water_colour is not None or palette.name in ("storm", "overcast") or palette.dark:
        return palette.water * 1.25
    green = from_hex("2ab4b0" if "tropical" in brief.reading.features else "1f8c9c")
    return mix(
        palette.water, green * (palette.ambient * 0.35 + palette.light * 0.65), 0.8 if palette.name == "day" else 0.45
    )


def _sand_tile(rng: np.random.Generator) -> Floats:
    """Light on wind-blown sand, 0..1, tileable (256, 512)."""
    ripple = spectral(rng, (256, 512), 1.6, 14, 90, (1.0, 0.40))
    swell = spectral(rng, (256, 512), 2.8, 2, 30)
    slope = ripple - np.roll(ripple, 1, 0) + 3.0 * (swell - np.roll(swell, 2, 0))
    return np.clip(0.5 + slope / (slope.std() * 5 + 1e-9), 0, 1).astype(np.float32)


def _sheet_art(brief: Brief, width: int) -> Pixels:
    """One wave's foam: a bright rolling edge, lace behind it, and a film of water that fades out to sea."""
    palette, rng, base = brief.palette, brief.rng, brief.canvas.base
    height = max(8, int(SHEET_HEIGHT * base))
    behind = 0.94 - (np.arange(height, dtype=np.float32)[:, None] + 0.5) / height  # 0 at the edge, 0.94 far behind
    columns = (np.arange(width, dtype=np.float32) / base * 420)[None]
    lines = behind / (0.25 + behind) * 150 + 0 * columns
    cells = 1 - np.abs(spectral(rng, (256, 512), 1.7, 7, 120, (0.55, 1.0)) * 2 - 1) * 2.6
    lace = sample(cells, np.mod(columns + 0 * lines, 511).astype(np.float32), np.mod(lines, 255).astype(np.float32))
    ragged = (lace - 0.4) * 0.05
    roll = smoothstep(-0.035, 0.012, behind + ragged) * smoothstep(0.20, 0.03, behind + ragged * 2)
    net = (
        smoothstep(0.0, 1.0, (lace - 0.42 - 0.42 * behind) / (0.53 - 0.42 * behind + 1e-3))
        * smoothstep(0.94, 0.10, behind)
        * (behind > 0)
    )
    foam = np.clip(0.92 * roll + 0.62 * net, 0, 1)
    film = 0.34 * smoothstep(-0.01, 0.05, behind) * smoothstep(0.94, 0.25, behind)
    white = np.clip(palette.haze * 0.50 + palette.light * 0.45 + 0.08, 0, 1) * (0.80 if palette.dark else 1.0)
    water = mix(shallow_colour(brief), palette.haze, 0.30)
    alpha = foam + film * (1 - foam)
    light = foam[..., None] * white + (film * (1 - foam))[..., None] * water
    shadow = 0.5 * smoothstep(-0.06, -0.012, behind) * (behind < 0.0) * (1 - alpha)  # the roll's shadow on the sand
    return np.ascontiguousarray(
        np.dstack([to_pixels(np.clip(light, 0, 1)), to_pixels(np.clip(alpha + 0.5 * shadow, 0, 1))])
    )
