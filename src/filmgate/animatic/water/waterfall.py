"""A waterfall: water that stretches as it falls, in front of a wet cliff, and the spray where it lands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.camera import plane_matrix
from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.land.rock import rock_light
from filmgate.animatic.layers import Layer, overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.plants.foliage import conifer
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    Points,
    lookup,
    merge,
    multiply,
    paste,
    place,
    polygon_mask,
    resize,
    sample,
    scale,
    then,
)
from filmgate.animatic.scene import Brief, Moment

CLIFF_DEPTH = 0.40
CLIFF_HEIGHT = 0.46  # bases over the horizon
FALL_WIDTH = 0.105  # bases
STREAKS = (256, 128)
FALL_SPEED, SPRAY_SPEED = 210.0, 26.0  # texture pixels a second
ART = 2  # the falling water is drawn at half size


@dataclass(frozen=True, slots=True, eq=False)
class Waterfall:
    """One curtain of water from `top` to the horizon, at the depth of its cliff."""

    canvas: Canvas
    horizon: float
    left: float
    top: float
    streaks: Pixels  # tiled twice downwards
    map_x: Floats
    map_y: Floats
    envelope: Pixels
    density: Pixels  # table
    colour: Floats
    spray: Pixels  # noise, tiled twice downwards
    spray_mask: Pixels
    spray_at: tuple[float, float]

    def paint(self, target: Pixels, moment: Moment) -> None:
        view = plane_matrix(self.canvas, self.horizon, CLIFF_DEPTH, moment.view)
        offset = STREAKS[0] - (moment.seconds * FALL_SPEED) % STREAKS[0]
        row, part = int(offset), np.float32(offset % 1.0)
        water = sample(self.streaks[row : row + STREAKS[0] + 2], self.map_x, self.map_y + part)
        mask = multiply(lookup(water, self.density), self.envelope)
        paste(target, _coloured(mask, self.colour), then(place(self.left, self.top, ART), view))
        rows = self.spray_mask.shape[0]
        rising = (moment.seconds * SPRAY_SPEED) % 256
        first, share = int(rising), rising % 1.0
        puffs = multiply(self.spray[first : first + rows], self.spray_mask, 1 - share)
        later = multiply(self.spray[first + 1 : first + 1 + rows], self.spray_mask, share)
        cloud = np.minimum(puffs.astype(np.uint16) + later, 255).astype(np.uint8)
        paste(target, _coloured(cloud, self.colour), then(place(*self.spray_at, ART * 2), view))


def _coloured(mask: Pixels, colour: Floats) -> Pixels:
    return merge(*(scale(mask, float(channel)) for channel in colour), mask)


def build_waterfall(brief: Brief, horizon: int, sun_x: float) -> tuple[Layer, Waterfall]:
    """The cliff, and the fall in its notch, to be painted in this order before the pool mirrors them."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    middle = canvas.width * (0.5 + (0.13 if sun_x < 0.5 else -0.13))
    cliff, lip = _cliff(brief, horizon, middle, sun_x)
    width, height = FALL_WIDTH * canvas.base * 2.2, horizon - lip
    columns, rows = max(8, int(width / ART)), max(8, int(height / ART))
    across = np.linspace(-1.1, 1.1, columns, dtype=np.float32)[None]
    down = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    wander = curve(rng, 256, 4, 3)[np.linspace(0, 255, rows).astype(int)][:, None] - 0.5
    spread = 0.44 + 0.22 * down + 0.04 * wander
    aside = (across - 0.06 * wander) / spread
    envelope = smoothstep(1.0, 0.62, np.abs(aside)) * smoothstep(0.0, 0.03, down + 0.012)
    streak = spectral(rng, STREAKS, 1.5, 4, stretch=(0.10, 0.7))
    flat = np.zeros_like(envelope)
    spray_rows, spray_columns = max(6, int(0.20 * canvas.base / ART / 2)), max(6, int(0.44 * canvas.base / ART / 2))
    cloud = np.exp(-(np.linspace(-2.2, 2.2, spray_columns) ** 2)[None] * 0.8)
    cloud = cloud * (smoothstep(0.0, 0.85, np.linspace(0, 1, spray_rows)) * np.linspace(1.25, 0.9, spray_rows))[:, None]
    noise = resize(spectral(rng, (256, 256), 2.4, 4), spray_columns, 256)
    return cliff, Waterfall(
        canvas=canvas,
        horizon=horizon,
        left=middle - width / 2,
        top=lip,
        streaks=np.pad(to_pixels(streak), ((0, STREAKS[0] + 2), (0, 1)), mode="wrap"),
        map_x=(np.clip(aside * 0.45 + 0.5, 0, 1) * (STREAKS[1] - 1) + flat).astype(np.float32),
        # Falling freely, water passes ever more quickly: the texture lies along the time it has fallen.
        map_y=(np.sqrt(down + 0.02) * 190 + flat).astype(np.float32),
        envelope=to_pixels(envelope),
        density=to_pixels(0.42 + 0.58 * smoothstep(0.30, 0.62, np.arange(256) / 255.0)),
        colour=np.clip(palette.haze * 0.55 + palette.light * 0.42 + 0.06, 0, 1) * (0.75 if palette.dark else 1.0),
        spray=np.pad(to_pixels(np.clip(noise * 1.8 - 0.35, 0, 1)), ((0, spray_rows + 2), (0, 0)), mode="wrap"),
        spray_mask=to_pixels(np.clip(cloud * 0.85, 0, 1)),
        spray_at=(middle - spray_columns * ART, horizon - spray_rows * ART * 2 * 0.86),
    )


def _cliff(brief: Brief, horizon: int, middle: float, sun_x: float) -> tuple[Layer, float]:
    """A broken wall of rock, forest along its edge; and the row of the lip that the water falls from."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    width, left = overhang_width(canvas), -(overhang_width(canvas) - canvas.width) // 2
    columns = np.arange(width, dtype=np.float32)
    aside = (columns + left - middle) / canvas.base
    rough = curve(rng, 2048, 8, 9)[(columns / width * 2047).astype(int)]
    edge = CLIFF_HEIGHT * (0.80 + 0.34 * rough) * (0.62 + 0.42 * np.exp(-((aside / 0.75) ** 2)))
    notch = np.exp(-((aside / (FALL_WIDTH * 0.62)) ** 4))
    lip = CLIFF_HEIGHT * 0.86
    edge = mix(edge, np.full_like(edge, lip), notch)
    height = min(horizon, int(edge.max() * canvas.base + 0.09 * canvas.base)) + 1
    line = height - edge * canvas.base
    outlines: list[Points] = [np.concatenate([np.stack([columns, line], 1), [[width, height + 4], [0, height + 4]]])]
    trees: list[Points] = []
    for x in rng.uniform(0, width - 1, int(130 * width / (1715 * canvas.unit))):
        if notch[int(x)] < 0.05:
            tall = rng.uniform(0.022, 0.058) * canvas.base
            trees.append(conifer(rng, float(x), float(line[int(x)]) + 0.01 * canvas.base, tall, tall * 0.42, 6))
    rock = polygon_mask(width, height, outlines)
    wood = polygon_mask(width, height, trees)
    tone = rock_light(rng, (height, width), canvas.base / 300, 1.0 if sun_x * canvas.width > middle else -1.0)
    green = resize(spectral(rng, (96, 256), 2.2, 3), width, height)
    below = (np.arange(height, dtype=np.float32)[:, None] - line[None]) / canvas.base
    stone = mix(from_hex("3a3638"), from_hex("a59a8c"), tone[..., None])
    moss = mix(from_hex("1f3324"), from_hex("5d7a42"), tone[..., None])
    mossy = smoothstep(0.52, 0.66, green + 0.10 * np.exp(-below * 9))
    wet = np.exp(-((aside / (FALL_WIDTH * 1.1)) ** 2))[None, :, None]
    colour = mix(stone, moss, mossy[..., None]) * (1 - 0.45 * wet)
    colour = colour * (palette.ambient * 0.5 + palette.light * (0.45 if palette.dark else 0.75))
    colour = mix(colour, palette.near * 0.55 + palette.ambient * 0.06, wood[..., None])
    haze = 0.16 + 0.22 * smoothstep(0.5 * height, height, np.arange(height, dtype=np.float32))[:, None, None]
    colour = mix(colour, palette.haze, haze)
    coverage = np.maximum(rock, wood)
    pixels = np.dstack([to_pixels(np.clip(colour * coverage[..., None], 0, 1)), to_pixels(coverage)])
    layer = Layer(np.ascontiguousarray(pixels), CLIFF_DEPTH, left, horizon + 1 - height, canvas, horizon)
    return layer, horizon - lip * canvas.base
