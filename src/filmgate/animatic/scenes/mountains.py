"""Mountains: across a lake that mirrors them, or from a ridge on which people can walk."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from filmgate.animatic.figures.cast import build_cast, paint_cast, stands_on_ground
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.land.crest import DEPTH as RIDGE_DEPTH
from filmgate.animatic.land.crest import build_crest, crest_line
from filmgate.animatic.land.karst import build_karst
from filmgate.animatic.land.mist import Mist, build_mist
from filmgate.animatic.land.ranges import (
    FROM_ABOVE,
    LAKESIDE,
    ON_RIDGE,
    OVERLAP,
    before_volcano,
    build_ranges,
    mistiness,
)
from filmgate.animatic.land.volcano import Eruption, build_volcano
from filmgate.animatic.layers import Layer, overhang_width
from filmgate.animatic.plants.foliage import far_shore, framing_conifers
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Floats, Pixels
from filmgate.animatic.scene import Brief, Moment
from filmgate.animatic.sky.sky import Sky, build_sky, spec_for, sun_direction
from filmgate.animatic.water.river import Course, build_valley, chart_course
from filmgate.animatic.water.water import Water, WaterSpec, build_water
from filmgate.animatic.water.waterfall import Waterfall, build_waterfall

LAKE_HORIZON, AERIAL_LAKE_HORIZON = 0.60, 0.44
RIDGE_HORIZON, AERIAL_HORIZON = 0.66, 0.36
FOOT_X = 0.46  # of the width: where people stand

Part = Layer | Mist | Waterfall | Eruption


@dataclass(frozen=True, slots=True, eq=False)
class Lake:
    finish: Finish
    horizon: int
    sky: Sky
    land: tuple[Part, ...]
    water: Water
    valley: Layer | None  # around a river
    foreground: tuple[Layer, ...]
    cast: tuple[Actor, ...]
    canvas_shape: tuple[int, int, int]

    def paint(self, moment: Moment) -> Pixels:
        frame = np.zeros(self.canvas_shape, np.uint8)
        self.sky.paint(frame, moment.seconds)
        above = frame[: self.horizon]
        _paint_land(self.land, above, moment)
        paint_cast(self.cast, "shore", above, moment)
        paint_cast(self.cast, "air", above, moment)
        self.water.paint(frame, moment.seconds)
        if self.valley is not None:
            self.valley.paint(frame, moment.view)
        paint_cast(self.cast, "water", frame, moment)
        _paint_land(self.foreground, frame, moment)
        paint_cast(self.cast, "ground", frame, moment)
        return frame


@dataclass(frozen=True, slots=True, eq=False)
class Ridge:
    finish: Finish
    sky: Sky
    haze: Floats
    land: tuple[Part, ...]
    ridge: Layer | None
    cast: tuple[Actor, ...]
    canvas_shape: tuple[int, int, int]

    def paint(self, moment: Moment) -> Pixels:
        frame = np.empty(self.canvas_shape, np.uint8)
        frame[self.sky.rows :] = np.clip(self.haze * 255, 0, 255).astype(np.uint8)
        self.sky.paint(frame, moment.seconds)
        _paint_land(self.land, frame, moment)
        paint_cast(self.cast, "air", frame, moment)
        if self.ridge is not None:
            self.ridge.paint(frame, moment.view)
        paint_cast(self.cast, "ground", frame, moment)
        return frame


def _paint_land(land: tuple[Part, ...], target: Pixels, moment: Moment) -> None:
    for part in land:
        if isinstance(part, Layer):
            part.paint(target, moment.view)
        else:
            part.paint(target, moment)


def build_lake(brief: Brief) -> Lake:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    horizon = int(canvas.height * (AERIAL_LAKE_HORIZON if "aerial" in brief.reading.camera else LAKE_HORIZON))
    sky, sun_x = _sky(brief, horizon)
    base = canvas.base
    course = chart_course(brief, horizon, FOOT_X * canvas.width) if "river" in brief.reading.features else None
    spots = {
        "water": Spot(0.5, horizon + 0.13 * base, 0.17 * base, 0.5) if course is None else _on_river(brief, course),
        "shore": Spot(0.70, horizon + 0.002 * base, 0.13 * base, 0.40),
        "ground": Spot(FOOT_X, canvas.height - 0.048 * base, 0.25 * base, 0.95),
        "air": Spot(0.36, canvas.height * 0.25, 0.17 * base, 0.30),
    }
    glitter = 0.15 if palette.moon and "milkyway" in brief.reading.features else 0.35
    water = WaterSpec(horizon, 0.10, sky.sun_x if palette.is_sunlit else None, glitter)
    return Lake(
        finish=_finish(brief),
        horizon=horizon,
        sky=sky,
        land=_beyond_lake(brief, horizon, sun_x),
        water=build_water(canvas, palette, water, rng),
        valley=None if course is None else build_valley(brief, course),
        foreground=() if course is not None else _split(framing_conifers(canvas, horizon, palette, 0.95, rng)),
        cast=build_cast(brief, Stage(canvas, horizon, spots, sun_direction(sky, canvas))),
        canvas_shape=(canvas.height, canvas.width, 3),
    )


def build_ridge(brief: Brief) -> Lake | Ridge:
    """Mountains on their own; with a river or a waterfall there is water at our feet."""
    if brief.reading.features & {"river", "waterfall", "karst"}:
        return build_lake(brief)
    canvas, palette = brief.canvas, brief.palette
    from_above = "aerial" in brief.reading.camera and not stands_on_ground(brief)
    horizon = int(canvas.height * (AERIAL_HORIZON if from_above else RIDGE_HORIZON))
    sky, sun_x = _sky(brief, horizon)
    crest = crest_line(brief, 1.0 if sun_x < 0.5 else -1.0)
    base, width = canvas.base, overhang_width(canvas)
    left = (width - canvas.width) / 2
    cut_at = canvas.height if from_above else min(canvas.height, int(crest.max() + OVERLAP * base))
    outlook = FROM_ABOVE if from_above else ON_RIDGE
    land: tuple[Part, ...]
    if "volcano" in brief.reading.features:
        volcano = build_volcano(brief, int(horizon + 0.10 * base), sun_x)
        land = (*volcano, *build_ranges(brief, before_volcano(outlook), horizon, sun_x, cut_at))
    else:
        land = build_ranges(brief, outlook, horizon, sun_x, cut_at)

    def floor(x: float) -> float:
        return float(np.interp((x + left) / width, np.linspace(0, 1, len(crest)), crest)) + 0.004 * base

    spots = {"air": Spot(0.38, canvas.height * 0.30, 0.20 * base, 0.32)}
    if not from_above:
        spots["ground"] = Spot(FOOT_X, floor(FOOT_X * canvas.width), 0.26 * base, RIDGE_DEPTH)
    stage = Stage(canvas, horizon, spots, sun_direction(sky, canvas), floor, shadow=0.35)
    return Ridge(
        finish=_finish(brief),
        sky=sky,
        haze=palette.haze,
        land=land,
        ridge=None if from_above else build_crest(brief, horizon, crest, sun_x),
        cast=build_cast(brief, stage),
        canvas_shape=(canvas.height, canvas.width, 3),
    )


def _beyond_lake(brief: Brief, horizon: int, sun_x: float) -> tuple[Part, ...]:
    """What stands across the water, and the bank in front of it."""
    canvas, palette, rng, features = brief.canvas, brief.palette, brief.rng, brief.reading.features
    if "karst" in features:
        return build_karst(brief, horizon, sun_x, mistiness(brief))
    if "waterfall" in features:
        return build_waterfall(brief, horizon, sun_x)
    band = (horizon - 0.10 * canvas.base, horizon + 0.01 * canvas.base)
    mist = build_mist(canvas, band, mistiness(brief), 0.3, palette.haze, rng)
    bank = far_shore(canvas, horizon, palette, 0.60, rng)
    if "volcano" in features:
        return (*build_volcano(brief, horizon, sun_x), mist, bank)
    return (*build_ranges(brief, LAKESIDE, horizon, sun_x, horizon + 1), mist, bank)


def _on_river(brief: Brief, course: Course) -> Spot:
    """Where a boat floats: in the middle of the river, half-way to our feet."""
    x, y = course.middle_at(0.42)
    return Spot(x / brief.canvas.width, y, 0.13 * brief.canvas.base, course.depth)


def _finish(brief: Brief) -> Finish:
    by_day = brief.palette.name == "day"
    return Finish(bloom=0.2 if by_day else 0.43, bloom_threshold=205 if by_day else 170)


def _sky(brief: Brief, horizon: int) -> tuple[Sky, float]:
    sun_x = float(brief.rng.uniform(0.27, 0.73))
    return build_sky(brief.canvas, brief.palette, spec_for(brief, int(horizon * 1.02), sun_x), brief.rng), sun_x


def _split(layer: Layer) -> tuple[Layer, ...]:
    """A layer of sides and a strip at the bottom as several tight ones: empty pixels cost as much as others."""
    alpha = layer.pixels[..., 3] > 0
    middle = alpha.shape[1] // 2
    bank = int(np.argmax(alpha[:, middle - alpha.shape[1] // 20 : middle + alpha.shape[1] // 20].any(1)))
    if bank == 0:
        return (layer,)
    upper = alpha[:bank].any(0)
    columns = np.flatnonzero(upper)
    sides = (columns[columns < middle], columns[columns >= middle])
    boxes = [(0, bank, int(side[0]), int(side[-1]) + 1) for side in sides if len(side)]
    boxes.append((bank, alpha.shape[0], 0, alpha.shape[1]))
    return tuple(
        replace(
            layer,
            pixels=np.ascontiguousarray(layer.pixels[top:bottom, left:right]),
            left=layer.left + left,
            top=layer.top + top,
        )
        for top, bottom, left, right in boxes
    )
