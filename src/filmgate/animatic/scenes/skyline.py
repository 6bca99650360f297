"""A city across the water: three rows of towers, windows lit after dark, traffic, and lamps where people walk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from filmgate.animatic.architecture.hour import LIT_WINDOWS, Hour, hour_of
from filmgate.animatic.architecture.lights import LightBook, build_traffic
from filmgate.animatic.architecture.outlines import LANDMARKS, OUTLINES
from filmgate.animatic.architecture.strips import strip_plane
from filmgate.animatic.architecture.towers import MATERIALS, RowArt, Tower
from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.cast import build_cast, stands_on_ground
from filmgate.animatic.figures.stage import Spot, Stage
from filmgate.animatic.layers import build_layer, overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.post import Finish
from filmgate.animatic.scene import Brief
from filmgate.animatic.scenes.waterfront import QUAY_DEPTH, LitRow, Waterfront, build_quay
from filmgate.animatic.sky.sky import build_sky, spec_for, sun_direction
from filmgate.animatic.water.water import WaterSpec, build_water

HORIZON = 0.70
CARS = 34
EMBANKMENT_DEPTH = 0.5


@dataclass(frozen=True, slots=True)
class Row:
    """One row of towers: depth, heights and widths in bases, pitch of the panes in 720p pixels, share of landmarks."""

    depth: float
    lowest: float
    highest: float
    narrowest: float
    widest: float
    pitch: tuple[float, float]
    landmarks: float


ROWS = (
    Row(0.10, 0.14, 0.50, 0.030, 0.070, (3.6, 4.6), 0.16),
    Row(0.24, 0.10, 0.56, 0.050, 0.105, (4.8, 6.2), 0.10),
    Row(0.46, 0.05, 0.33, 0.085, 0.170, (6.4, 7.8), 0.0),
)


def build_skyline(brief: Brief) -> Waterfront:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    horizon, base = int(canvas.height * HORIZON), canvas.base
    sun_x = float(rng.uniform(0.25, 0.75))
    sky = build_sky(canvas, palette, spec_for(brief, horizon, sun_x, 0.45), rng)
    glitters = palette.is_sunlit and not palette.dark
    walks = stands_on_ground(brief)
    spots = {
        "water": Spot(0.5, horizon + 0.11 * base, 0.17 * base, 0.6),
        "air": Spot(0.40, canvas.height * 0.22, 0.15 * base, 0.35),
    }
    if walks:
        spots["ground"] = Spot(0.46, canvas.height - 0.045 * base, 0.30 * base, QUAY_DEPTH)
    after_dark = LIT_WINDOWS.get(palette.name, 0.0) > 0.3
    hour = hour_of(palette, rng, spectral(rng, (256, 256), 2.6, 2))
    return Waterfront(
        finish=Finish(bloom=0.62, bloom_threshold=150) if after_dark else Finish(bloom=0.3, bloom_threshold=200),
        horizon=horizon,
        sky=sky,
        rows=tuple(_row(brief, hour, horizon, sun_x, row) for row in ROWS),
        traffic=build_traffic(canvas, horizon - 5 * canvas.unit, EMBANKMENT_DEPTH, CARS, rng) if after_dark else None,
        water=build_water(canvas, palette, WaterSpec(horizon, 0.20, sky.sun_x if glitters else None, 0.5, 0.9), rng),
        quay=build_quay(brief, hour, horizon, after_dark) if walks else None,
        willow=None,
        cast=build_cast(brief, Stage(canvas, horizon, spots, sun_direction(sky, canvas), shadow=0.4)),
        canvas=canvas,
    )


def _row(brief: Brief, hour: Hour, horizon: int, sun_x: float, row: Row) -> LitRow:
    canvas, rng = brief.canvas, brief.rng
    width, unit = overhang_width(canvas), canvas.unit
    art = RowArt(
        colour=np.zeros((horizon + 1, width, 3), np.float32),
        coverage=np.zeros((horizon + 1, width), np.float32),
        book=LightBook(),
        hour=hour,
        rng=rng,
        depth=row.depth,
        pitch=(max(3.0, row.pitch[0] * unit), max(3.5, row.pitch[1] * unit)),
        sun_x=sun_x * canvas.width + (width - canvas.width) / 2,
        unit=unit,
    )
    for tower in _plan(brief, row, horizon, width):
        art.draw(tower)
    if row is ROWS[-1]:
        _embankment(art, horizon)
    layer = build_layer(canvas, horizon, row.depth, art.colour, art.coverage)
    signs = (replace(sign, left=sign.left + layer.left) for sign in art.book.signs)
    return LitRow(strip_plane(layer), art.book.close(left=layer.left), tuple(signs))


def _plan(brief: Brief, row: Row, horizon: int, width: int) -> Sequence[Tower]:
    """Where the towers of a row stand, the tallest ones last: nothing hides a landmark."""
    base, rng = brief.canvas.base, brief.rng
    trend = curve(rng, 256, 3, 3) ** 1.3
    towers: list[Tower] = []
    x = -0.02 * base
    while x < width:
        across = float(rng.uniform(row.narrowest, row.widest)) * base
        share = float(trend[int(np.clip(x / width, 0, 0.999) * 256)]) * float(rng.uniform(0.55, 1.1))
        height = (row.lowest + (row.highest - row.lowest) * share) * base
        famous = rng.uniform() < row.landmarks and share > 0.35
        options = LANDMARKS if famous else OUTLINES
        outline = options[int(rng.integers(len(options)))]
        height *= 1.22 if famous else 1.0
        top = max(0.08 * horizon, horizon - height)
        slanted = not famous and outline is OUTLINES[0] and rng.uniform() < 0.2
        towers.append(
            Tower(
                left=x,
                right=x + across,
                top=top,
                outline=outline,
                material=MATERIALS[int(rng.integers(len(MATERIALS)))],
                slope=float(rng.choice([-0.3, 0.3])) if slanted else 0.0,
                mast_px=height * float(rng.uniform(0.08, 0.2)) if famous or rng.uniform() < 0.16 else 0.0,
            )
        )
        x += across * float(rng.uniform(0.84, 1.16))
    return sorted(towers, key=lambda tower: -tower.top)


def _embankment(art: RowArt, horizon: int) -> None:
    """The far quay: a wall, and trees that hide the feet of the towers."""
    width, unit, palette = art.coverage.shape[1], art.unit, art.hour.palette
    leaves = curve(art.rng, 1024, 6, 40)
    line = np.interp(np.linspace(0, 1024, width), np.arange(1024), horizon - (5 + 13 * leaves) * unit)
    rows = np.arange(horizon + 1, dtype=np.float32)[:, None] + np.float32(0.5)
    first = max(0, int(line.min()) - 2)
    cover = np.clip(rows[first:] - line[None] + 0.5, 0, 1).astype(np.float32)
    green = from_hex("43603f") * art.hour.facing(0.0) if not art.hour.backlit else palette.near * 0.9
    tone = mix(green, art.hour.haze, 0.12 if palette.dark else 0.22)
    wall = mix(art.hour.facing(-0.2) * 0.62, art.hour.haze, 0.10)
    colour = np.where((rows[first:] > horizon - 4.5 * unit)[..., None], wall, tone)
    art.colour[first:] += (colour - art.colour[first:]) * cover[..., None]
    art.coverage[first:] = np.maximum(art.coverage[first:], cover)
