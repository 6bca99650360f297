"""An old town on the water: houses up the slope in rows, a canal before them, a bridge, lanterns after dark."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from filmgate.animatic.architecture.bridge import draw_bridge
from filmgate.animatic.architecture.hour import LIT_WINDOWS, Hour, hour_of
from filmgate.animatic.architecture.houses import House, TownArt, finish_row
from filmgate.animatic.architecture.lights import LightBook
from filmgate.animatic.architecture.strips import strip_plane
from filmgate.animatic.architecture.styles import AEGEAN, EUROPEAN, JIANGNAN, Style
from filmgate.animatic.architecture.willow import build_willow
from filmgate.animatic.colour import mix
from filmgate.animatic.figures.cast import build_cast, stands_on_ground
from filmgate.animatic.figures.stage import Spot, Stage
from filmgate.animatic.layers import Layer, overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import resize
from filmgate.animatic.scene import Brief
from filmgate.animatic.scenes.waterfront import QUAY_DEPTH, LitRow, Waterfront, build_quay
from filmgate.animatic.sky.sky import build_sky, spec_for, sun_direction
from filmgate.animatic.water.water import WaterSpec, build_water

HORIZON = 0.66
HILLS = ((0.20, 0.40), (0.12, 0.30))  # lowest and highest, in bases: the far range, then the near one
GREEN_BETWEEN = 0.4  # share of houses with a tree beside them
STYLES = {"watertown": JIANGNAN, "aegean": AEGEAN}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of houses: depth, how far up the slope it stands, heights and widths, all in bases."""

    depth: float
    rise: float
    storey: float
    narrowest: float
    widest: float
    storeys: tuple[int, int]


ROWS = (
    Row(0.13, 0.180, 0.038, 0.065, 0.13, (1, 3)),
    Row(0.26, 0.080, 0.056, 0.10, 0.19, (1, 3)),
    Row(0.46, 0.0, 0.096, 0.17, 0.33, (1, 2)),
)


def build_town(brief: Brief) -> Waterfront:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    horizon, base = int(canvas.height * HORIZON), canvas.base
    style = next((style for feature, style in STYLES.items() if feature in brief.reading.features), EUROPEAN)
    sun_x = float(rng.uniform(0.25, 0.75))
    sky = build_sky(canvas, palette, spec_for(brief, horizon, sun_x, 0.45), rng)
    hour = hour_of(palette, rng, np.full((8, 8), 0.5, np.float32))
    after_dark = LIT_WINDOWS.get(palette.name, 0.0) > 0.3
    walks = stands_on_ground(brief)
    spots = {
        "water": Spot(0.5, horizon + 0.13 * base, 0.20 * base, 0.6),
        "air": Spot(0.40, canvas.height * 0.20, 0.15 * base, 0.35),
    }
    if walks:
        spots["ground"] = Spot(0.46, canvas.height - 0.045 * base, 0.30 * base, QUAY_DEPTH)
    glitters = palette.is_sunlit and not palette.dark
    water = WaterSpec(horizon, 0.14, sky.sun_x if glitters else None, 0.3, 0.95)
    return Waterfront(
        finish=Finish(bloom=0.6, bloom_threshold=150) if after_dark else Finish(bloom=0.28, bloom_threshold=205),
        horizon=horizon,
        sky=sky,
        rows=tuple(_row(brief, hour, style, horizon, row) for row in ROWS),
        traffic=None,
        water=build_water(canvas, palette, water, rng),
        quay=build_quay(brief, hour, horizon, after_dark) if walks else None,
        willow=build_willow(brief, hour, horizon) if style.willows else None,
        cast=build_cast(brief, Stage(canvas, horizon, spots, sun_direction(sky, canvas), shadow=0.4)),
        canvas=canvas,
    )


def _draw_hills(art: TownArt, brief: Brief) -> None:
    """Soft hills behind the furthest roofs."""
    (height, width), hour = art.pixels.shape[:2], art.hour
    across = np.linspace(0.0, float(width), 512)
    for index, (low, high) in enumerate(HILLS):
        line = height - (low + (high - low) * curve(art.rng, 512, 6, 3)) * brief.canvas.base
        outline = np.concatenate([np.stack([across, line], 1), [[width, height + 2], [0, height + 2]]])
        tone = mix(hour.haze, hour.palette.far, 0.35 + 0.3 * index) * (0.7 if hour.after_dark else 1.0)
        art.fill(outline, tone)


def _row(brief: Brief, hour: Hour, style: Style, horizon: int, row: Row) -> LitRow:
    canvas, rng = brief.canvas, brief.rng
    base, width = canvas.base, overhang_width(canvas)
    height = int((row.rise * 1.25 + row.storey * 3.3 + row.widest * 0.7 + 0.06) * base) + 2
    top = horizon + 1 - height
    art = TownArt(
        pixels=np.zeros((height, width, 4), np.uint8),
        book=LightBook(),
        hour=hour,
        style=style,
        rng=rng,
        lantern_radius=int(0.16 * row.storey * base),
    )
    if row is ROWS[0]:
        _draw_hills(art, brief)
    nearest = row is ROWS[-1]
    bridge = (rng.uniform(0.30, 0.62) * width, 0.42 * base) if nearest else None
    for house in _plan(brief, row, style, (width, height), bridge):
        art.draw(house)
        if rng.uniform() < GREEN_BETWEEN:
            art.plant(house)
    if bridge is not None:
        draw_bridge(art, bridge[0], bridge[1], height - 1, style.steep_bridges)
    art.pixels[-1] = art.pixels[-2]  # no soft edge at the water line
    stain = resize(spectral(rng, (64, 256), 1.8, 2), width, height)
    left = -(width - canvas.width) // 2
    layer = Layer(finish_row(art.pixels, hour, row.depth, stain), row.depth, left, top, canvas, horizon)
    signs = (replace(sign, left=sign.left + left, top=sign.top + top) for sign in art.book.signs)
    return LitRow(strip_plane(layer), art.book.close(left, top), tuple(signs))


def _plan(
    brief: Brief, row: Row, style: Style, size: tuple[int, int], bridge: tuple[float, float] | None
) -> list[House]:
    """Houses from left to right, none where the canal goes under the bridge; the lowest are painted last."""
    base, rng = brief.canvas.base, brief.rng
    width, height = size
    slope = curve(rng, 256, 3, 2)
    houses: list[House] = []
    x = -float(rng.uniform(0, row.narrowest)) * base
    while x < width:
        kind = style.kinds[int(rng.integers(len(style.kinds)))]
        across = float(rng.uniform(row.narrowest, row.widest)) * base * (0.42 if kind == "tower" else 1.0)
        storeys = int(rng.integers(row.storeys[0], row.storeys[1] + 1)) + (2 if kind == "tower" else 0)
        ground = row.rise * (0.35 + 0.9 * float(slope[int(np.clip(x / width, 0, 0.999) * 256)])) * base
        foot = height - 1
        eaves = foot - ground - storeys * row.storey * base * float(rng.uniform(0.92, 1.08))
        house = House(kind, x, x + across, eaves, foot, max(1, math.ceil((foot - eaves) / (row.storey * base) - 0.4)))
        if bridge is None or house.right < bridge[0] - bridge[1] * 0.46 or house.left > bridge[0] + bridge[1] * 0.46:
            houses.append(house)
        x += across * float(rng.uniform(0.90, 1.02))
    return sorted(houses, key=lambda house: house.eaves)
