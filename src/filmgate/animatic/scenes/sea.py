"""Open sea under a wide sky, or its coast: an island, cliffs, a harbour, a pier, and a beach with surf at our feet."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.colour import mix, smoothstep
from filmgate.animatic.figures.cast import build_cast, habitat_of, paint_cast, stands_on_ground
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.land.rock import build_headland, build_skerry
from filmgate.animatic.land.volcano import Eruption, build_volcano
from filmgate.animatic.layers import Layer, build_layer, overhang_width
from filmgate.animatic.noise import curve
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Pixels, polygon_mask
from filmgate.animatic.scene import Brief, Moment
from filmgate.animatic.sky.sky import Sky, build_sky, spec_for, sun_direction
from filmgate.animatic.water.beach import Surf, build_beach, shallow_colour
from filmgate.animatic.water.seaside import Moorings, Palm, build_harbour, build_palms, build_pier
from filmgate.animatic.water.water import Water, WaterSpec, build_water

HORIZON, AERIAL_HORIZON = 0.56, 0.36
CHOPPINESS = {"storm": 1.25, "rain": 0.75, "fog": 0.35, "snow": 0.5}
BEACH_DEPTH = 0.92
WITH_BEACH = frozenset({"beach", "coast", "tropical"})

Far = Layer | Moorings | Eruption
Near = Layer | Surf | Palm


@dataclass(frozen=True, slots=True, eq=False)
class Sea:
    finish: Finish
    horizon: int
    sky: Sky
    far: tuple[Far, ...]  # on the horizon, mirrored by the water
    water: Water
    middle: tuple[Layer, ...]  # that stands in the water
    near: tuple[Near, ...]  # at our feet
    cast: tuple[Actor, ...]
    canvas_shape: tuple[int, int, int]

    def paint(self, moment: Moment) -> Pixels:
        frame = np.zeros(self.canvas_shape, np.uint8)
        self.sky.paint(frame, moment.seconds)
        above = frame[: self.horizon + 1]
        for part in self.far:
            _paint(part, above, moment)
        paint_cast(self.cast, "shore", above, moment)
        paint_cast(self.cast, "air", above, moment)
        self.water.paint(frame, moment.seconds)
        seam = frame[max(0, self.horizon - 3) : self.horizon + 5]
        seam[:] = cv2.GaussianBlur(seam, (1, 7), sigmaX=0.1, sigmaY=1.6)  # haze where sea and sky meet
        for part in self.middle:
            _paint(part, frame, moment)
        paint_cast(self.cast, "water", frame, moment)
        for part in self.near:
            _paint(part, frame, moment)
        paint_cast(self.cast, "ground", frame, moment)
        return frame


def _paint(part: Far | Near, target: Pixels, moment: Moment) -> None:
    if isinstance(part, Layer):
        part.paint(target, moment.view)
    else:
        part.paint(target, moment)


def build_sea(brief: Brief) -> Sea:
    canvas, palette, rng, reading = brief.canvas, brief.palette, brief.rng, brief.reading
    horizon = int(canvas.height * (AERIAL_HORIZON if "aerial" in reading.camera else HORIZON))
    sun_x = float(rng.uniform(0.3, 0.7))
    sky = build_sky(canvas, palette, spec_for(brief, horizon, sun_x, wind=1.4), rng)
    base, away = canvas.base, 1.0 if sun_x < 0.5 else -1.0  # the side without the sun
    spots = {
        "water": Spot(0.5 + 0.12 * (0.5 - sun_x), horizon + 0.10 * base, 0.26 * base, 0.45),
        "shore": Spot(0.5 + 0.28 * away, horizon - 0.024 * base, 0.20 * base, 0.22),
        "air": Spot(0.40, canvas.height * 0.26, 0.16 * base, 0.30),
    }
    walks = stands_on_ground(brief)
    if walks:
        spots["ground"] = Spot(0.47, canvas.height - 0.075 * base, 0.30 * base, BEACH_DEPTH)
    by_day = palette.name == "day"
    return Sea(
        finish=Finish(bloom=0.25 if by_day else 0.5, bloom_threshold=205 if by_day else 170),
        horizon=horizon,
        sky=sky,
        far=_far(brief, horizon, sun_x, spots["shore"].x * canvas.width),
        water=build_water(canvas, palette, _water(brief, horizon, sky), rng),
        middle=_middle(brief, horizon, sun_x, away),
        near=_near(brief, horizon, away) if walks or reading.features & WITH_BEACH else (),
        cast=build_cast(brief, Stage(canvas, horizon, spots, sun_direction(sky, canvas))),
        canvas_shape=(canvas.height, canvas.width, 3),
    )


def _water(brief: Brief, horizon: int, sky: Sky) -> WaterSpec:
    reading, palette = brief.reading, brief.palette
    choppiness = CHOPPINESS.get(reading.weather or "", 0.6) * (0.55 + 0.45 * reading.wind)
    if reading.weather == "storm":
        choppiness = CHOPPINESS["storm"]
    shines = reading.weather not in ("storm", "rain") and palette.is_sunlit
    faint = 0.3 if palette.moon and "milkyway" in reading.features else 1.0
    shallow = shallow_colour(brief) if not palette.dark else None
    return WaterSpec(horizon, choppiness, sky.sun_x if shines else None, faint, shallow=shallow)


def _far(brief: Brief, horizon: int, sun_x: float, shore_x: float) -> tuple[Far, ...]:
    features = brief.reading.features
    if "harbor" in features:
        parts: tuple[Far, ...] = build_harbour(brief, horizon, sun_x)
    elif "volcano" in features:
        parts = build_volcano(brief, horizon, sun_x)
    elif features & (WITH_BEACH | {"cliff", "pier"}) and "island" not in features:
        parts = ()
    else:
        parts = (_island(brief, horizon),)
    if any(habitat_of(subject.kind) == "shore" for subject in brief.reading.subjects):
        return (*parts, build_skerry(brief, horizon, shore_x, sun_x))
    return parts


def _middle(brief: Brief, horizon: int, sun_x: float, away: float) -> tuple[Layer, ...]:
    features = brief.reading.features
    parts: list[Layer] = []
    if "cliff" in features or ("coast" in features and "tropical" not in features):
        parts.append(build_headland(brief, horizon, away, sun_x))
    if "pier" in features:
        parts.append(build_pier(brief, horizon, -away if parts else away))
    return tuple(parts)


def _near(brief: Brief, horizon: int, away: float) -> tuple[Near, ...]:
    sand, surf = build_beach(brief, horizon, away * 0.8)
    if "tropical" not in brief.reading.features:
        return (sand, surf)
    return (sand, surf, *build_palms(brief, horizon, away))


def _island(brief: Brief, horizon: int) -> Layer:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    width = overhang_width(canvas)
    across = np.arange(width) / width
    grand = "island" in brief.reading.features
    centre, spread = rng.uniform(0.25, 0.75), rng.uniform(0.16, 0.26) if grand else rng.uniform(0.08, 0.18)
    envelope = np.exp(-(((across - centre) / spread) ** 2))
    hills = np.interp(across, np.linspace(0, 1, 2048), curve(rng, 2048, 8, 4))
    height = (0.24 if grand else 0.12) * canvas.base
    line = horizon - envelope * hills * height + 2 * (envelope < 0.03)
    top = max(0, int(line.min()) - 2)
    rows = horizon + 1 - top
    shore = np.concatenate([np.stack([np.arange(width), line - top], 1), [[width, rows + 3], [0, rows + 3]]])
    coverage = polygon_mask(width, rows, [shore])
    share = np.linspace(0, 1, rows, dtype=np.float32)[:, None, None]
    land = mix(palette.far, palette.near, 0.55 if grand else 0.35)
    # Slopes that face the sun are paler.
    slope = np.gradient(cv2.GaussianBlur(line[None].astype(np.float32), (0, 0), 20 * canvas.unit)[0])
    lit = np.clip(0.5 + slope / (np.abs(slope).max() + 1e-6) * 0.5, 0, 1)[None, :, None]
    colour = mix(land * 0.9, mix(land, palette.light, 0.22), lit)
    colour = mix(colour, palette.far, smoothstep(0.55, 1, share)) * np.ones((1, width, 1), np.float32)
    layer = build_layer(canvas, horizon, 0.10, colour.astype(np.float32), coverage)
    return Layer(layer.pixels, layer.depth, layer.left, layer.top + top, canvas, horizon)
