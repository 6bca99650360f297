"""Above the clouds: flown over, with towers on the horizon; mountain tops rise from it when the prompt asks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import mix, smoothstep
from filmgate.animatic.figures.cast import build_cast, paint_cast
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.land.crags import CragSpec, build_crags
from filmgate.animatic.layers import Layer, build_layer, overhang_width
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Floats, Pixels, blur, resize
from filmgate.animatic.scene import Brief, Moment
from filmgate.animatic.sky.cloudsea import FOCAL, NEAREST, CloudFloor, build_cloud_floor
from filmgate.animatic.sky.cumulus import lit_colours, tower
from filmgate.animatic.sky.sky import Sky, build_sky, spec_for, sun_direction

HORIZON = 0.50
USUAL_COVER = 0.3  # of the sky above; most clouds are below
# Mountain tops: distance, rise over the horizon in frame bases, air before them, place on the side that the sun leaves
# free, and half their width as a share of the plane.
MASSIFS = ((11.0, 0.15, 0.50, -0.6, 0.17), (5.0, 0.30, 0.10, 0.95, 0.19))
TOWER_DISTANCE = 26.0
HORIZON_HAZE = 0.22  # frame bases above the horizon, up to which haze veils the towers


@dataclass(frozen=True, slots=True, eq=False)
class Clouds:
    finish: Finish
    sky: Sky
    towers: Layer
    floor: CloudFloor
    peaks: tuple[tuple[Layer, float], ...]  # each with its distance, far first
    cast: tuple[Actor, ...]
    canvas_shape: tuple[int, int, int]

    def paint(self, moment: Moment) -> Pixels:
        frame = np.zeros(self.canvas_shape, np.uint8)
        self.sky.paint(frame, moment.seconds)
        self.towers.paint(frame, moment.view)
        clouds, rings = self.floor.march(moment.seconds, moment.view)
        self.floor.paint(frame, clouds)
        for peak, distance in self.peaks:
            peak.paint(frame, moment.view)
            self.floor.paint_before(frame, clouds, rings, distance, _span(peak))
        paint_cast(self.cast, "air", frame, moment)
        return frame


def build_clouds(brief: Brief) -> Clouds:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    horizon = int(canvas.height * HORIZON)
    sun_x = float(rng.uniform(0.28, 0.72))
    sky = build_sky(canvas, palette, spec_for(brief, horizon, sun_x, USUAL_COVER, 0.8), rng)
    base, wind = canvas.base, min(2.0, 0.4 + 0.6 * brief.reading.wind)
    spots = {"air": Spot(0.46, canvas.height * 0.40, 0.20 * base, 0.42)}
    bright = palette.name in ("day", "pastel", "overcast")
    return Clouds(
        finish=Finish(bloom=0.22 if bright else 0.45, bloom_threshold=212 if bright else 180),
        sky=sky,
        towers=_towers(brief, horizon, sky),
        floor=build_cloud_floor(
            canvas,
            palette,
            rng,
            horizon=horizon,
            horizon_air=_horizon_air(sky, len(sky.air[0]), 0),
            sun_x=sun_x,
            wind=wind,
        ),
        peaks=_peaks(brief, horizon, sky) if "peaks" in brief.reading.features else (),
        cast=build_cast(brief, Stage(canvas, horizon, spots, sun_direction(sky, canvas), shadow=0.0)),
        canvas_shape=(canvas.height, canvas.width, 3),
    )


def _peaks(brief: Brief, horizon: int, sky: Sky) -> tuple[tuple[Layer, float], ...]:
    """Two massifs with their feet below the clouds, on the side of the frame that the sun leaves free."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    sun_x = sky.sun_x / canvas.width
    aside = 0.20 if sun_x < 0.5 else -0.20
    air = _horizon_air(sky, 1, 0)[0, 0] * 0.5 + palette.haze * 0.5
    peaks: list[tuple[Layer, float]] = []
    for distance, rise, thickness, beside, spread in MASSIFS:
        foot = horizon + FOCAL * canvas.base * 1.3 / distance
        spec = CragSpec(
            foot=foot,
            rise=foot - horizon + rise * canvas.base * float(rng.uniform(0.85, 1.0)),
            middle=0.5 + aside * beside,
            spread=spread,
            depth=NEAREST / distance,
            thickness=thickness,
            air=air,
            sun_x=sun_x,
        )
        peaks.append((build_crags(canvas, horizon, palette, spec, rng), distance))
    return tuple(peaks)


def _span(layer: Layer) -> slice:
    """The columns that a layer covers while the camera travels."""
    reach = int(0.1 * layer.canvas.width)
    return slice(max(0, layer.left - reach), layer.left + layer.pixels.shape[1] + reach)


def _towers(brief: Brief, horizon: int, sky: Sky) -> Layer:
    """Cumulus on the horizon: one great tower beside the sun and banks around it, feet in the haze."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    width, rows = overhang_width(canvas), horizon + int(0.06 * canvas.base)
    half_width, half_rows = width // 2, rows // 2
    bright, cover = np.zeros((half_rows, half_width), np.float32), np.zeros((half_rows, half_width), np.float32)
    left = (width - canvas.width) / 2
    great_x = 0.5 + (0.26 if sky.sun_x < canvas.width / 2 else -0.26)
    # Where, how high in frame bases, how wide for their height, of how many turrets; the great one comes last.
    heaps = [(float(x), float(rng.uniform(0.04, 0.09)), 4.5, 7) for x in rng.uniform(-0.1, 1.1, 5)]
    heaps += [(great_x + 0.17, 0.17, 2.4, 6), (great_x - 0.19, 0.13, 3.0, 6), (great_x, 0.38, 1.7, 6)]
    for x, rise, stretch, turrets in heaps:
        middle = (x * canvas.width + left) / 2
        high = max(8, int(rise * canvas.base * rng.uniform(0.85, 1.1) / 2 * 1.15))
        wide = max(8, int(high * stretch))
        towards = ((sky.sun_x + left) / 2 - middle, (sky.sun_y - horizon * 0.8) / 2)
        length = float(np.hypot(*towards)) + 1e-6
        heap, shape = tower(rng, wide, high, (towards[0] / length, min(-0.35, towards[1] / length)), turrets)
        _lay(bright, cover, heap, shape, int(middle - wide / 2), half_rows - high)
    lines = np.linspace(0, 1, half_rows, dtype=np.float32)[:, None]
    colour = lit_colours(palette, bright)
    haze = _horizon_air(sky, half_width, int(left) // 2)
    foot = 1 - (HORIZON_HAZE * canvas.base) / rows
    colour = mix(colour, haze, (0.20 + 0.80 * smoothstep(foot, 0.93, lines))[..., None])
    colour, cover = resize(colour.astype(np.float32), width, rows), resize(cover, width, rows)
    return build_layer(canvas, horizon, NEAREST / TOWER_DISTANCE, colour, cover)


def _horizon_air(sky: Sky, width: int, left: int) -> Floats:
    """The sky's colours just above the horizon, for a plane that reaches `left` beyond it on either side."""
    row = sky.air[-2:].astype(np.float32).mean(0, keepdims=True) / np.float32(255)
    row = blur(row, max(1.0, row.shape[1] / 90), 0.1)  # the grain of one row would be drawn out to streaks
    columns = np.clip(np.arange(width) - left, 0, row.shape[1] - 1)
    return row[:, columns]


def _lay(bright: Floats, cover: Floats, heap: Floats, shape: Floats, left: int, top: int) -> None:
    """Lay one heap over what is there already, cut at the edges."""
    height, width = heap.shape
    first_x, first_y = max(0, left), max(0, top)
    last_x, last_y = min(bright.shape[1], left + width), min(bright.shape[0], top + height)
    if last_x <= first_x or last_y <= first_y:
        return
    window = np.s_[first_y:last_y, first_x:last_x]
    inner = np.s_[first_y - top : last_y - top, first_x - left : last_x - left]
    bright[window] = mix(bright[window], heap[inner], shape[inner])
    cover[window] = np.maximum(cover[window], shape[inner])
