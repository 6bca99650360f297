"""A forest in depth: stands of trees that fade into the haze, shafts of light, mist, a floor, and what frames the view.

Everything behind the figures that is soft with distance is composed at half size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.air.motes import build_motes
from filmgate.animatic.camera import View
from filmgate.animatic.colour import mix, smoothstep, to_pixels
from filmgate.animatic.figures.cast import build_cast, paint_cast
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.plants.foreground import build_foreground
from filmgate.animatic.plants.forestfloor import Floor, FloorSpec, build_floor
from filmgate.animatic.plants.growths import Growth, growth_for, lit
from filmgate.animatic.plants.shafts import Mist, Shafts, build_mist, build_shafts
from filmgate.animatic.plants.stands import Setting, Stand, build_models, build_stand
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Canvas, Floats, Pixels
from filmgate.animatic.scene import Brief, Effect, Moment

HORIZON = 0.62
FLOOR_TOP = 0.695
FARTHEST_STAND = (0.0, 0.66)  # how near, and the row of the feet as a share of the height
FAR_STAND = (0.24, 0.71)
NEAR_STAND = (0.50, 0.775)


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    finish: Finish
    backdrop: Pixels  # at half size, like all that is far; as far down as the floor leaves it to see
    far: Stand
    mist: Mist
    floor: Floor
    near: Stand
    shafts: Shafts
    foreground: tuple[Stand, ...]
    fireflies: Effect | None
    cast: tuple[Actor, ...]
    canvas: Canvas

    def paint(self, moment: Moment) -> Pixels:
        half = self.backdrop.copy()
        self.far.paint(half, moment)
        self.mist.paint(half, moment.seconds)
        self.shafts.paint(half, moment.seconds)
        frame = np.zeros((self.canvas.height, self.canvas.width, 3), np.uint8)
        shown = frame[: round(half.shape[0] * self.canvas.height / (self.canvas.height // 2))]
        cv2.resize(half, shown.shape[1::-1], dst=shown, interpolation=cv2.INTER_LINEAR)
        self.floor.paint(frame, moment.view)
        self.near.paint(frame, moment)
        paint_cast(self.cast, "air", frame, moment)
        paint_cast(self.cast, "ground", frame, moment)
        for piece in self.foreground:
            piece.paint(frame, moment)
        if self.fireflies is not None:
            self.fireflies.paint(frame, moment, 1.0)
        return frame


def build_forest(brief: Brief) -> Forest:
    canvas, palette, rng, reading = brief.canvas, brief.palette, brief.rng, brief.reading
    growth = growth_for(reading.features, reading.season, reading.weather)
    haze = _haze(brief, growth)
    half = Canvas(max(2, canvas.width // 2), max(2, canvas.height // 2))
    sun = (float(rng.uniform(0.38, 0.62)) * canvas.width, canvas.height * 0.26)
    models = build_models(growth, canvas.unit, rng)

    def setting(place: tuple[float, float], on: Canvas) -> Setting:
        share, foot = place
        at = (sun[0] * on.width / canvas.width, sun[1] * on.height / canvas.height)
        return Setting(on, palette, HORIZON * on.height, at, haze, share, foot * on.height, reading.wind)

    farthest, far = (build_stand(models, setting(place, half), rng) for place in (FARTHEST_STAND, FAR_STAND))
    backdrop = _backdrop(brief, half, haze, sun)
    farthest.paint(backdrop, Moment(0.0, 0.0, View()))  # so lost in the haze that its sway would not show
    spec = FloorSpec(canvas, palette, int(canvas.height * FLOOR_TOP), sun[0], haze)
    rows = min(half.height, (spec.top + spec.fading_rows) // 2 + 2)  # below lies the floor
    bright = not palette.dark and palette.name != "dawn"
    return Forest(
        finish=Finish(bloom=0.30 if bright else 0.55, bloom_threshold=195 if bright else 165),
        backdrop=backdrop[:rows],
        far=far,
        mist=build_mist(half, rows, haze, 0.85 if reading.weather == "fog" else 0.5, reading.wind, rng),
        floor=build_floor(spec, growth, rng),
        near=build_stand(models, setting(NEAR_STAND, canvas), rng),
        shafts=build_shafts(
            half, rows, palette, (sun[0] * half.width / canvas.width, sun[1] * half.height / canvas.height), rng
        ),
        foreground=build_foreground(models, setting((0.92, 0.97), canvas), rng),
        fireflies=build_motes("fireflies", canvas, rng) if _has_fireflies(brief) else None,
        cast=build_cast(brief, _stage(canvas, sun)),
        canvas=canvas,
    )


def _has_fireflies(brief: Brief) -> bool:
    """On warm nights; the weather draws those that the prompt names."""
    reading = brief.reading
    mild = reading.season not in ("autumn", "winter") and reading.weather is None
    return (brief.palette.moon or brief.palette.name == "dusk") and mild and "fireflies" not in reading.features


def _stage(canvas: Canvas, sun: tuple[float, float]) -> Stage:
    base, feet = canvas.base, canvas.height - 0.085 * canvas.base
    spots = {
        "ground": Spot(0.48, feet, 0.27 * base, 0.72),
        "air": Spot(0.45, canvas.height * 0.36, 0.14 * base, 0.5),
    }
    towards_x, towards_y = sun[0] - canvas.width / 2, sun[1] - canvas.height * 0.8
    length = math.hypot(towards_x, towards_y) + 1e-6
    return Stage(canvas, canvas.height * HORIZON, spots, (towards_x / length, towards_y / length), shadow=0.4)


def _haze(brief: Brief, growth: Growth) -> Floats:
    """What the far trees fade into: the sky's light, coloured by the leaves that it has passed."""
    palette = brief.palette
    air = mix(palette.sky[3], palette.sky[2], 0.25)
    if brief.reading.weather == "fog":
        return air
    leaf = lit(growth.leaves[0][2], palette, 1.0)
    share = {"day": 0.42, "overcast": 0.25, "pastel": 0.2}.get(palette.name, 0.06)
    return mix(air, np.clip(leaf * 1.25, 0, 1), 0.0 if growth.bare else share)


def _backdrop(brief: Brief, canvas: Canvas, haze: Floats, sun: tuple[float, float]) -> Pixels:
    palette = brief.palette
    rows, columns = np.mgrid[0 : canvas.height, 0 : canvas.width].astype(np.float32)
    share = canvas.width / brief.canvas.width
    distance = np.hypot(columns - np.float32(sun[0] * share), (rows - np.float32(sun[1] * share)) * 0.9) / canvas.base
    air = mix(palette.sky[1], haze, smoothstep(0, 0.55, rows[..., None] / canvas.height))
    light = np.clip(mix(palette.glow, palette.sun, 0.45), 0, 1)
    glow = np.exp(-distance * 2.2)[..., None] * (0.3 if palette.sun_hidden else 0.55 if palette.dark else 0.80)
    return to_pixels(np.clip(mix(air, light, glow), 0, 1), brief.rng)
