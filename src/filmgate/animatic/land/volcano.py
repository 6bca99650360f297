"""A volcano: a cone with a glowing crater, streams of lava that pulse, and a plume of smoke lit from below."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.camera import plane_matrix
from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.layers import Layer
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    Points,
    blur,
    lookup,
    merge,
    multiply,
    paste,
    paste_light,
    place,
    resize,
    sample,
    stroke,
    then,
    triple,
)
from filmgate.animatic.scene import Brief, Moment

DEPTH = 0.14
HEIGHT, REACH = 0.40, 0.85  # of the cone over the horizon and to either side, in bases
CRATER = 0.055  # half its width, in bases
PLUME = (0.62, 0.52)  # width and height of the smoke's box, in bases
SMOKE_TILE = 256
SMOKE_SPEED = 30.0  # tile pixels a second
SMOKE_ART, LAVA_ART = 4, 3  # how much smaller they are drawn


@dataclass(frozen=True, slots=True, eq=False)
class Eruption:
    """Lava and smoke; the cone is a layer of its own."""

    canvas: Canvas
    foot: float
    lava: Pixels  # light
    lava_at: tuple[float, float]
    smoke: Pixels  # tiled twice downwards
    map_x: Floats
    map_y: Floats
    envelope: Pixels
    density: Pixels  # table
    smoke_colour: Pixels
    smoke_at: tuple[float, float]

    def paint(self, target: Pixels, moment: Moment) -> None:
        view = plane_matrix(self.canvas, self.foot, DEPTH, moment.view)
        offset = (moment.seconds * SMOKE_SPEED) % SMOKE_TILE
        row, part = int(offset), np.float32(offset % 1.0)
        billows = sample(self.smoke[row : row + SMOKE_TILE + 2], self.map_x, self.map_y + part)
        mask = multiply(lookup(billows, self.density), self.envelope)
        shaded = multiply(multiply(self.smoke_colour, triple(billows), 1.7), triple(mask))
        plume = merge(*(np.ascontiguousarray(shaded[..., channel]) for channel in range(3)), mask)
        paste(target, plume, then(place(*self.smoke_at, SMOKE_ART), view))
        beat = 0.78 + 0.13 * math.sin(moment.seconds * 1.9) + 0.09 * math.sin(moment.seconds * 4.3 + 1.0)
        paste_light(target, self.lava, then(place(*self.lava_at, LAVA_ART), view), beat)


def build_volcano(brief: Brief, foot: int, sun_x: float) -> tuple[Layer, Eruption]:
    """The cone that stands on row `foot`, and what comes out of it."""
    canvas = brief.canvas
    middle = canvas.width * (0.60 if sun_x < 0.5 else 0.40)
    top = foot - HEIGHT * canvas.base
    return _cone(brief, foot, middle, sun_x), _eruption(brief, foot, (middle, top))


def _profile(aside: Floats) -> Floats:
    """Height of the cone, 0..1, at a distance (in bases) from its middle: steep above, flat below, a bitten top."""
    away = np.clip((np.abs(aside) - CRATER) / (REACH - CRATER), 0, 1)
    rim = (1 - away) ** 2.3 * 0.97 + 0.03 * (1 - away)
    dish = 0.055 * np.clip(1 - (aside / CRATER) ** 2, 0, 1)
    return rim - dish


def _cone(brief: Brief, foot: int, middle: float, sun_x: float) -> Layer:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    width, rows = int(2 * REACH * canvas.base) + 2, int(HEIGHT * canvas.base * 1.04) + 2
    aside = (np.arange(width, dtype=np.float32) - width / 2) / np.float32(canvas.base)
    rough = (curve(rng, 2048, 7, 14)[np.linspace(0, 2047, width).astype(int)] - 0.5) * 0.025
    line = rows - (_profile(aside) + rough * np.clip(1.2 - np.abs(aside) / REACH, 0.2, 1)) * HEIGHT * canvas.base
    down = np.arange(rows, dtype=np.float32)[:, None]
    coverage = np.clip(down - line[None] + 0.5, 0, 1)
    fall = np.clip((down - rows + HEIGHT * canvas.base) / (HEIGHT * canvas.base), 0, 1)  # 0 at the top
    # Gullies run straight down the slope: constant in angle, so they are read by aside / width of the cone there.
    spread = (0.05 + 0.95 * fall**1.9) * REACH
    angle = np.clip(aside[None] / (spread + 0.02), -1.2, 1.2)
    ribs = spectral(rng, (128, 512), 1.7, 3, stretch=(0.18, 1.0))
    gully = sample(ribs, ((angle + 1.25) * 200).astype(np.float32), (fall * 120 + angle * 0).astype(np.float32))
    slope = gully - np.roll(gully, 2 if sun_x * canvas.width > middle else -2, 1)
    side = 1.0 if sun_x * canvas.width > middle else -1.0
    light = np.clip(0.42 + 0.34 * side * angle + slope / (slope.std() + 1e-6) * 0.10 + (gully - 0.5) * 0.5, 0, 1)
    ash = mix(from_hex("2a2426"), from_hex("8a7a70"), light[..., None])
    exposed = palette.ambient * 0.5 + palette.light * (0.42 if palette.dark else 0.72) * light[..., None]
    colour = ash * (0.25 + exposed)
    haze = 0.18 + 0.60 * fall[..., None] ** 3
    colour = mix(colour, palette.haze, haze)
    hot = np.exp(-fall * 14)[..., None] * np.exp(-((aside / 0.16) ** 2))[None, :, None]
    colour = np.clip(colour + hot * from_hex("ff5a1e") * 0.5, 0, 1)
    pixels = np.dstack([to_pixels(np.clip(colour * coverage[..., None], 0, 1)), to_pixels(coverage)])
    return Layer(np.ascontiguousarray(pixels), DEPTH, round(middle - width / 2), foot - rows + 2, canvas, foot)


def _eruption(brief: Brief, foot: int, crater: tuple[float, float]) -> Eruption:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    x, y = crater
    lava, lava_at = _lava(brief, crater)
    columns, lines = (max(8, int(length * canvas.base / SMOKE_ART)) for length in PLUME)
    drift = 1.0 if rng.uniform() < 0.5 else -1.0
    rise = np.linspace(1.02, -0.04, lines, dtype=np.float32)[:, None]
    across = np.linspace(-0.5, 0.5, columns, dtype=np.float32)[None] * np.float32(PLUME[0])
    centre = drift * 0.26 * np.clip(rise, 0, 2) ** 1.6
    spread = 0.036 + 0.17 * np.clip(rise, 0, 2) ** 1.2
    aside = (across + np.float32(drift * 0.16) - centre) / spread  # the crater is off the middle, up the wind
    envelope = np.exp(-(np.abs(aside) ** 2.6)) * smoothstep(-0.04, 0.05, rise) * smoothstep(1.02, 0.62, rise)
    billows = spectral(rng, (SMOKE_TILE, SMOKE_TILE), 2.2, 3)
    noise = np.clip(0.5 + (billows - 0.5) * 1.3, 0, 1)
    glow = np.exp(-np.clip(rise, 0, 2) * 5.5)[..., None]
    side = np.clip(0.5 + 0.35 * aside, 0.1, 1)[..., None]
    smoke = mix(palette.cloud_shade * 0.6 + 0.03, palette.cloud_lit * 0.75, side * 0.7)
    smoke = np.clip(mix(smoke, from_hex("ff7a3a"), np.clip(glow * 0.9, 0, 1)), 0, 1)
    return Eruption(
        canvas=canvas,
        foot=foot,
        lava=lava,
        lava_at=lava_at,
        smoke=np.pad(to_pixels(noise), ((0, SMOKE_TILE + 2), (0, 1)), mode="wrap"),
        map_x=np.mod(aside * 34 + 40 * rise + 512, SMOKE_TILE - 1).astype(np.float32),
        map_y=np.mod((1.1 - rise) * 150 + 0 * aside, SMOKE_TILE).astype(np.float32),
        envelope=to_pixels(envelope),
        density=to_pixels(smoothstep(0.22, 0.50, np.arange(256) / 255.0) * 0.94),
        smoke_colour=to_pixels(np.broadcast_to(smoke, (*envelope.shape, 3)).astype(np.float32)),
        smoke_at=(x - (PLUME[0] / 2 - drift * 0.16) * canvas.base, y - lines * SMOKE_ART * 0.955),
    )


def _lava(brief: Brief, crater: tuple[float, float]) -> tuple[Pixels, tuple[float, float]]:
    """The crater's glow and streams down the slope, as light; and the place of its corner."""
    canvas, rng = brief.canvas, brief.rng
    width = int(0.62 * canvas.base / LAVA_ART)
    height = int((0.26 + 0.20) * canvas.base / LAVA_ART)
    mouth = 0.20 * canvas.base / LAVA_ART
    unit = canvas.base / LAVA_ART
    streams = np.zeros((height, width), np.uint8)
    for _ in range(5):
        start = float(rng.uniform(-0.8, 0.8)) * CRATER
        length = float(rng.uniform(0.35, 0.95))
        share = np.linspace(0, length, 40)
        fall = share * 0.24
        # Along the flank: the profile turned round gives how far out the slope is after this fall.
        out = CRATER * 0.7 + (REACH - CRATER) * (1 - (1 - np.clip(fall / HEIGHT, 0, 0.98)) ** (1 / 2.3))
        wobble = (curve(rng, 40, 4, 3) - 0.5) * 0.035 * share
        line: Points = np.stack([width / 2 + (start / CRATER * out + wobble) * unit, mouth + (fall + 0.012) * unit], 1)
        for cut, thick in ((40, 1), (26, 2), (14, 3)):
            stroke(streams, line[:cut], 0.9, max(1, round(thick * unit / 360)))
    light = blur(streams, max(0.6, unit * 0.0016)).astype(np.float32) / 255
    wide = blur(streams, unit * 0.012).astype(np.float32) / 255
    offset_x = (np.arange(width, dtype=np.float32)[None] - width / 2) / unit
    offset_y = (np.arange(height, dtype=np.float32)[:, None] - mouth) / unit
    glow = np.exp(-((offset_x / 0.075) ** 2) - ((offset_y + 0.012) / 0.045) ** 2)
    halo = np.exp(-np.hypot(offset_x, offset_y * 1.2) / 0.06) * 0.4
    texture = resize(spectral(rng, (64, 64), 1.6, 4), width, height)
    hot, red = from_hex("ffd27a"), from_hex("ff4a14")
    colour = light[..., None] * hot * (0.5 + texture[..., None]) + (wide * 1.1 + halo)[..., None] * red
    colour = colour + glow[..., None] * mix(red, hot, glow[..., None])
    edge = np.clip(
        np.minimum(width / 2 - np.abs(offset_x * unit), height - np.arange(height)[:, None]) / (unit * 0.05), 0, 1
    )
    x, y = crater
    return to_pixels(np.clip(colour * edge[..., None], 0, 1)), (x - width * LAVA_ART / 2, y - mouth * LAVA_ART)
