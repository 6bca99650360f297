"""Green country: a meadow, a field of one crop, a park, a savanna."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.countryside import Country, build_countryside
from filmgate.animatic.crops import crop_for
from filmgate.animatic.figures.cast import build_cast, paint_cast
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.growths import growth_for
from filmgate.animatic.land import Land, Lens
from filmgate.animatic.layers import nearness_at
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Pixels
from filmgate.animatic.scene import Brief, Moment
from filmgate.animatic.sky import Sky, build_sky, spec_for, sun_direction
from filmgate.animatic.stems import build_stems
from filmgate.animatic.swards import Sward

HORIZON = 0.60
FEET = 0.115  # of the base, above the lower edge


@dataclass(frozen=True, slots=True, eq=False)
class Meadow:
    finish: Finish
    sky: Sky
    land: Land
    stems: Sward
    cast: tuple[Actor, ...]
    canvas_shape: tuple[int, int, int]

    def paint(self, moment: Moment) -> Pixels:
        frame = np.zeros(self.canvas_shape, np.uint8)
        self.sky.paint(frame, moment.seconds)
        paint_cast(self.cast, "air", frame, moment)
        self.land.paint(frame, moment.seconds, moment.view)
        paint_cast(self.cast, "ground", frame, moment)
        self.stems.paint(frame, moment)
        return frame


def build_meadow(brief: Brief) -> Meadow:
    canvas, palette, rng, reading = brief.canvas, brief.palette, brief.rng, brief.reading
    horizon = int(canvas.height * HORIZON)
    sun_x = float(rng.uniform(0.27, 0.73))
    sky = build_sky(canvas, palette, spec_for(brief, horizon, sun_x), rng)
    name, crop = crop_for(reading.features, reading.season)
    growth = growth_for(reading.features, reading.season, reading.weather)
    country = Country(name, crop, growth, reading.season, path=name in ("park", "farm"))
    base, feet = canvas.base, canvas.height - FEET * canvas.base
    spots = {
        "ground": Spot(0.47, feet, 0.30 * base, nearness_at(canvas, horizon, feet)),
        "air": Spot(0.38, canvas.height * 0.26, 0.18 * base, 0.30),
    }
    hazy = palette.name in ("day", "pastel")
    return Meadow(
        finish=Finish(bloom=0.22 if hazy else 0.42, bloom_threshold=210 if hazy else 175),
        sky=sky,
        land=build_countryside(brief, Lens(canvas, horizon), country, sun_x),
        stems=build_stems(canvas, palette, crop, horizon, reading.wind, rng),
        cast=build_cast(brief, Stage(canvas, horizon, spots, sun_direction(sky, canvas), shadow=0.5)),
        canvas_shape=(canvas.height, canvas.width, 3),
    )
