"""Open land under a sky: desert, snowfield, meadow, moon."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from filmgate.animatic.camera import View
from filmgate.animatic.figures.cast import build_cast, paint_cast
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.land.countryside import Country, build_countryside
from filmgate.animatic.land.crops import crop_for
from filmgate.animatic.land.desertlife import buttes, oasis, saguaros
from filmgate.animatic.land.dunes import MATTERS, Blowing, build_blowing, build_dunes
from filmgate.animatic.land.land import Land, Lens, Survey
from filmgate.animatic.land.moonscape import LIGHT_FROM, build_moonscape, earth_over_the_moon
from filmgate.animatic.layers import nearness_at
from filmgate.animatic.plants.groves import Grove, plant
from filmgate.animatic.plants.growths import growth_for
from filmgate.animatic.plants.stems import build_stems
from filmgate.animatic.plants.swards import Sward
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Canvas, Pixels
from filmgate.animatic.scene import Brief, Moment
from filmgate.animatic.sky.planet import Planet
from filmgate.animatic.sky.sky import Sky, SkySpec, build_sky, spec_for, sun_direction

HORIZON = 0.60
FEET = 0.115  # of the base, above the lower edge
BRIGHT = frozenset({"day", "pastel"})  # palettes in which only the sun itself should bloom


class Terrain(Protocol):
    """The land of a scene, from the horizon to our feet."""

    def paint(self, target: Pixels, seconds: float, view: View) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    finish: Finish
    sky: Sky
    planet: Planet | None
    land: Terrain
    blowing: Blowing | None
    stems: Sward | None
    cast: tuple[Actor, ...]
    canvas: Canvas

    def paint(self, moment: Moment) -> Pixels:
        frame = np.zeros((self.canvas.height, self.canvas.width, 3), np.uint8)
        self.sky.paint(frame, moment.seconds)
        if self.planet is not None:
            self.planet.paint(frame, moment.seconds, moment.view)
        paint_cast(self.cast, "air", frame, moment)
        self.land.paint(frame, moment.seconds, moment.view)
        if self.blowing is not None:
            self.blowing.paint(frame, moment.seconds)
        paint_cast(self.cast, "ground", frame, moment)
        if self.stems is not None:
            self.stems.paint(frame, moment)
        return frame


def build_desert(brief: Brief) -> Plain:
    """Dunes; with the feature "cactus" red rock and saguaros, with "oasis" palms; stones under the sky of Mars."""
    lens, sun_x, palette, rng = _lens(brief), _sun_x(brief), brief.palette, brief.rng
    sky = build_sky(brief.canvas, palette, spec_for(brief, lens.horizon, sun_x, 0.25), rng)
    features = brief.reading.features
    kind = "mars" if palette.name == "mars" else "scrub" if "cactus" in features else "sand"
    matter = MATTERS[kind]
    dunes = build_dunes(brief, lens, matter, sun_x)
    side = 1.0 if sun_x > 0.5 else -1.0
    if kind == "scrub":
        buttes(dunes.land, dunes.slices, palette, side, rng)
        saguaros(dunes.land, dunes.slices, palette, side, rng)
    if "oasis" in features:
        oasis(dunes.land, dunes.slices, palette, rng)
    blowing = build_blowing(dunes, palette, matter.sunny, brief.reading.wind, rng)
    return _plain(brief, lens, sky, dunes.finished(), blowing=blowing)


def build_snowfield(brief: Brief) -> Plain:
    """Drifts of snow before distant peaks, and a few pines."""
    lens, sun_x, palette, rng = _lens(brief), _sun_x(brief), brief.palette, brief.rng
    sky = build_sky(brief.canvas, palette, spec_for(brief, lens.horizon, sun_x), rng)
    dunes = build_dunes(brief, lens, MATTERS["snow"], sun_x)
    growth = growth_for(frozenset(), "winter", None)
    plant(dunes.land, dunes.slices, _pines(dunes.land, rng), growth, palette, rng)
    blowing = build_blowing(dunes, palette, "ffffff", brief.reading.wind, rng)
    return _plain(brief, lens, sky, dunes.finished(), blowing=blowing)


def build_meadow(brief: Brief) -> Plain:
    """Green country: a meadow, a field of one crop, a park, a savanna."""
    lens, sun_x, palette, rng, reading = _lens(brief), _sun_x(brief), brief.palette, brief.rng, brief.reading
    sky = build_sky(brief.canvas, palette, spec_for(brief, lens.horizon, sun_x), rng)
    season = "winter" if reading.weather == "snow" and reading.season is None else reading.season
    name, crop = crop_for(reading.features, season)
    growth = growth_for(reading.features, season, reading.weather)
    country = Country(name, crop, growth, season, path=name in ("park", "farm"))
    land = build_countryside(brief, lens, country, sun_x)
    stems = build_stems(brief.canvas, palette, crop, lens.horizon, reading.wind, rng)
    return _plain(brief, lens, sky, land, stems=stems)


def build_moon(brief: Brief) -> Plain:
    """Craters under a black sky with the Earth in it."""
    lens, canvas = _lens(brief), brief.canvas
    spec = SkySpec(lens.horizon, _sun_x(brief), 0.0, disc=False)
    sky = build_sky(canvas, brief.palette, spec, brief.rng)
    return _plain(brief, lens, sky, build_moonscape(brief, lens.horizon), planet=earth_over_the_moon(brief))


def _lens(brief: Brief) -> Lens:
    return Lens(brief.canvas, int(brief.canvas.height * HORIZON))


def _sun_x(brief: Brief) -> float:
    return float(brief.rng.uniform(0.27, 0.73))


def _plain(
    brief: Brief,
    lens: Lens,
    sky: Sky,
    land: Land | Terrain,
    *,
    planet: Planet | None = None,
    blowing: Blowing | None = None,
    stems: Sward | None = None,
) -> Plain:
    canvas, airless = brief.canvas, planet is not None
    base, feet = canvas.base, canvas.height - FEET * canvas.base
    light_from = LIGHT_FROM if airless else sun_direction(sky, canvas)
    spots = {
        "ground": Spot(0.47, feet, (0.40 if airless else 0.30) * base, nearness_at(canvas, lens.horizon, feet)),
        "air": Spot(0.38, canvas.height * 0.26, 0.18 * base, 0.30),
    }
    shadow = 0.75 if airless else 0.5
    stage = Stage(canvas, lens.horizon, spots, light_from, low_gravity=airless, shadow=shadow)
    bright = brief.palette.name in BRIGHT
    return Plain(
        finish=Finish(bloom=0.22 if bright else 0.42, bloom_threshold=210 if bright or airless else 175),
        sky=sky,
        planet=planet,
        land=land,
        blowing=blowing,
        stems=stems,
        cast=build_cast(brief, stage),
        canvas=canvas,
    )


def _pines(land: Survey, rng: np.random.Generator) -> list[Grove]:
    """Clumps of pines on the drifts, and one or two near the edges of the frame."""
    half = land.lens.width / 2 / land.lens.focal
    trees: list[Grove] = []
    for _ in range(16):
        distance = math.exp(rng.uniform(math.log(14.0), math.log(80.0)))
        x = float(rng.uniform(-half, half)) * distance
        for _ in range(int(rng.integers(2, 9))):
            aside = x + float(rng.normal(0, 0.06)) * distance
            trees.append(
                Grove("conifer", aside, distance * float(rng.uniform(0.97, 1.03)), float(rng.uniform(2.0, 4.2)))
            )
    side = -1.0 if rng.uniform() < 0.5 else 1.0
    for share, distance in ((0.72, 6.5), (0.92, 7.6), (0.82, 9.0)):
        trees.append(Grove("conifer", side * share * min(half, 1.6) * distance, distance, 3.6, grand=True))
    return sorted(trees, key=lambda tree: -tree.distance)
