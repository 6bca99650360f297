"""What one sees through a window: a sky, land or city or trees under it, and whatever falls from the sky."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from filmgate.animatic.air.weather import Weather, build_weather
from filmgate.animatic.colour import from_hex, mix, smoothstep
from filmgate.animatic.layers import Layer, build_layer, overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.plants.foliage import conifer
from filmgate.animatic.raster import Canvas, Floats, Pixels, Points, blur, polygon_mask, resize
from filmgate.animatic.scene import Brief, Moment
from filmgate.animatic.scenes.room.pane import WetPane, build_wet_pane
from filmgate.animatic.sky.sky import Sky, build_sky, spec_for

HORIZON = 0.80
WET_REDUCTION = 2  # of a view behind drops, which blur it
WARM_LIGHTS, SIGN_LIGHTS = ("ffd9a0", "ffc27a", "ffe9c8"), ("ff4fb4", "41e0ff", "b26bff", "ffb84a")
# Views of each kind of room, the likelier ones more often.
VIEWS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cafe": ("skyline",),
        "office": ("skyline",),
        "library": ("trees", "hills"),
        "kitchen": ("trees", "hills"),
        "hall": ("hills",),
        "bedroom": ("skyline", "hills", "trees"),
        "living": ("hills", "trees", "skyline"),
    }
)
LEAVES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "spring": ("b7d67a", "5d8a48"),
        "summer": ("86b254", "35602f"),
        "autumn": ("e09a45", "8a4526"),
        "winter": ("dfe6ee", "8b98ab"),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """Fills the screen box of the windows; what stands in it is so far away that the wall passes before it."""

    box: tuple[int, int, int, int]  # left, top, right, bottom
    canvas: Canvas  # of the view itself, which may be drawn smaller
    sky: Sky
    planes: tuple[Layer, ...]
    weather: Weather
    pane: WetPane | None

    def paint(self, frame: Pixels, moment: Moment) -> None:
        view = np.zeros((self.canvas.height, self.canvas.width, 3), np.uint8)
        self.sky.paint(view, moment.seconds)
        view[self.sky.rows :] = view[self.sky.rows - 1]
        for plane in self.planes:
            plane.paint(view, moment.view)
        self.weather.paint(view, moment, moment.seconds)
        left, top, right, bottom = self.box
        if self.pane is not None:
            view = self.pane.seen_through(view, moment.seconds, right - left, bottom - top)
        frame[top:bottom, left:right] = view


def build_outlook(brief: Brief, box: tuple[int, int, int, int], kind: str, sun_x: float) -> Outlook:
    """`sun_x` is a share of the view's width."""
    left, top, right, bottom = box
    palette, rng = brief.palette, brief.rng
    wet = brief.reading.weather in ("rain", "storm")
    shrink = WET_REDUCTION if wet else 1
    canvas = Canvas(max(8, (right - left) // shrink), max(8, (bottom - top) // shrink))
    horizon = int(canvas.height * HORIZON)
    sky = build_sky(canvas, palette, spec_for(brief, horizon, sun_x), rng)
    views = ("skyline",) if palette.name == "neon" else VIEWS[kind]
    chosen = views[int(rng.integers(len(views)))]
    planes = {"skyline": _skyline, "hills": _hills, "trees": _trees}[chosen](brief, canvas, horizon)
    # Inside, nothing falls: sparks and dust belong to the room.
    outside = replace(brief, canvas=canvas, reading=replace(brief.reading, features=frozenset[str]()))
    return Outlook(
        box=box,
        canvas=canvas,
        sky=sky,
        planes=planes,
        weather=build_weather(outside),
        pane=build_wet_pane(canvas, brief.canvas.unit / shrink, rng) if wet else None,
    )


def _hills(brief: Brief, canvas: Canvas, horizon: int) -> tuple[Layer, ...]:
    """Three ranges, the nearest wooded."""
    palette, rng, width = brief.palette, brief.rng, overhang_width(canvas)
    across = np.arange(width, dtype=np.float64)
    planes: list[Layer] = []
    for depth, height, foot in ((0.02, 0.30, 0.0), (0.05, 0.19, 0.05), (0.09, 0.10, 0.13)):
        line = curve(rng, 1024, 5, 3) * height * canvas.base
        crest = horizon + foot * canvas.base - np.interp(across / width * 1023, np.arange(1024), line)
        outlines: list[Points] = [_down_from(across, crest, canvas.height)]
        if depth > 0.08:
            for x in rng.uniform(0, width - 1, 70):
                tall = rng.uniform(0.05, 0.13) * canvas.base
                outlines.append(conifer(rng, float(x), float(crest[int(x)]) + 3, tall, tall * 0.45, 7))
        land = mix(palette.far, _vegetation(brief)[1], min(1.0, depth * 9))
        colour = mix(land, palette.haze, 0.62 - depth * 5.5)
        planes.append(_plane(brief, canvas, depth, outlines, colour, float(crest.min())))
    return tuple(planes)


def _skyline(brief: Brief, canvas: Canvas, horizon: int) -> tuple[Layer, ...]:
    palette, rng, width = brief.palette, brief.rng, overhang_width(canvas)
    lit_share = 0.26 if palette.dark else 0.12 if palette.name in ("sunset", "golden", "dawn") else 0.03
    planes: list[Layer] = []
    for depth, height, thin in ((0.02, 0.62, 0.06), (0.06, 0.50, 0.12)):
        colour = np.zeros((canvas.height, width, 3), np.float32)
        coverage = np.zeros((canvas.height, width), np.float32)
        stone = mix(palette.far, palette.near if palette.dark else palette.far * 0.62, 0.25 + depth * 9)
        trend, x = curve(rng, 256, 3, 3), 0.0
        while x < width:
            wide = thin * rng.uniform(0.6, 1.5) * canvas.base
            rise = (0.12 + height * float(trend[int(x / width * 255)]) * rng.uniform(0.55, 1.0)) * canvas.base
            box = (int(x), min(width, int(x + wide)), max(2, int(horizon + 0.08 * canvas.base - rise)))
            tone = np.clip(stone * rng.uniform(0.85, 1.15), 0, 1)
            _tower(colour, coverage, box, mix(tone, palette.haze, 0.30 - depth * 3))
            _lit_windows(colour, rng, box, lit_share, palette, max(2, round((5 + 60 * depth) * canvas.unit)))
            x += wide * rng.uniform(0.85, 1.3)
        planes.append(build_layer(canvas, horizon, depth, blur(colour, 0.7), blur(coverage, 0.7)))
    return tuple(planes)


def _tower(colour: Floats, coverage: Floats, box: tuple[int, int, int], tone: Floats) -> None:
    first, last, top = box
    down = np.linspace(1.0, 0.8, coverage.shape[0] - top, dtype=np.float32)[:, None, None]
    colour[top:, first:last] = tone * down
    coverage[top:, first:last] = 1.0


def _lit_windows(
    colour: Floats, rng: np.random.Generator, box: tuple[int, int, int], share: float, palette: Palette, pane: int
) -> None:
    """A grid of panes, each two thirds of its cell; a sign on the wall now and then."""
    first, last, top = box
    pitch = pane + max(1, pane * 2 // 3)
    columns, rows = (last - first - pane) // pitch, (colour.shape[0] - top - pane) // pitch
    if columns < 1 or rows < 1:
        return
    tint = from_hex(WARM_LIGHTS[int(rng.integers(len(WARM_LIGHTS)))])
    lit = (rng.uniform(0, 1, (rows, columns)) < share * rng.uniform(0.4, 1.6)) * rng.uniform(0.45, 1.0, (rows, columns))
    cells = np.zeros((rows, pitch, columns, pitch), np.float32)
    cells[:, :pane, :, :pane] = lit[:, None, :, None]
    level = cells.reshape(rows * pitch, columns * pitch)[..., None]
    area = colour[top + pane : top + pane + rows * pitch, first + pane : first + pane + columns * pitch]
    area[:] = mix(area, tint, level[: area.shape[0], : area.shape[1]])
    if palette.name == "neon" and rng.uniform() < 0.5:
        sign = from_hex(SIGN_LIGHTS[int(rng.integers(len(SIGN_LIGHTS)))])
        x, y = first + int((last - first) * rng.uniform(0.1, 0.6)), top + int(rows * pitch * rng.uniform(0.05, 0.4))
        colour[y : y + int(rows * pitch * 0.3), x : x + pitch + 1] = np.clip(sign * 1.1, 0, 1)


def _trees(brief: Brief, canvas: Canvas, horizon: int) -> tuple[Layer, ...]:
    """Crowns of leaves close to the house, and paler ones behind them."""
    palette, rng, width = brief.palette, brief.rng, overhang_width(canvas)
    lit, shaded = _vegetation(brief)
    planes: list[Layer] = []
    for depth, height, fade in ((0.04, 0.42, 0.55), (0.12, 0.20, 0.10)):
        line = horizon + 0.1 * canvas.base - curve(rng, 512, 4, 3) * height * canvas.base
        crest = np.interp(np.arange(width) / width * 511, np.arange(512), line)
        rows = np.arange(canvas.height, dtype=np.float32)[:, None]
        clumps = resize(spectral(rng, (256, 256), 2.1, 3), width, canvas.height)
        leaves = resize(spectral(rng, (256, 512), 1.0, 30), width, canvas.height)
        edge = rows - crest[None] + (0.5 - clumps) * 0.55 * canvas.base + (0.5 - leaves) * 0.10 * canvas.base
        coverage = smoothstep(-1.5, 1.5, edge / max(0.4, canvas.unit))
        bright = np.clip(0.35 + (clumps - np.roll(clumps, 9, 0)) * 4.5 + (leaves - 0.5) * 0.7, 0, 1)[..., None]
        colour = mix(mix(shaded, lit, bright), palette.haze, fade)
        planes.append(build_layer(canvas, horizon, depth, colour.astype(np.float32), blur(coverage, 0.8)))
    return tuple(planes)


def _vegetation(brief: Brief) -> tuple[Floats, Floats]:
    """Leaves in the light and in the shade, under this palette."""
    lit, shaded = (from_hex(value) for value in LEAVES.get(brief.reading.season or "", LEAVES["summer"]))
    palette = brief.palette
    if palette.dark:
        return mix(palette.near, palette.far, 0.55), palette.near
    strength = palette.ambient * 0.5 + palette.light * 0.6
    return np.clip(lit * strength, 0, 1), np.clip(shaded * strength * 0.85, 0, 1)


def _plane(brief: Brief, canvas: Canvas, depth: float, outlines: list[Points], colour: Floats, crest: float) -> Layer:
    width = overhang_width(canvas)
    coverage = polygon_mask(width, canvas.height, outlines)
    rows = np.arange(canvas.height, dtype=np.float32)[:, None, None]
    mist = smoothstep(crest, canvas.height, rows) * 0.35
    texture = resize(spectral(brief.rng, (64, 256), 1.8, 3), width, canvas.height)[..., None]
    shaded = mix(colour, brief.palette.haze, mist) * (0.88 + 0.24 * texture)
    return build_layer(canvas, HORIZON * canvas.height, depth, shaded.astype(np.float32), coverage)


def _down_from(across: Floats, line: Floats, bottom: float) -> Points:
    corners = np.array([[across[-1] + 1, bottom + 4], [0, bottom + 4]])
    return np.concatenate([np.stack([across, line], 1), corners])
