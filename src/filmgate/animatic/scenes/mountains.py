"""Mountains: across a lake that mirrors them, or from a ridge on which people can walk."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep
from filmgate.animatic.figures.cast import build_cast, paint_cast
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.foliage import blades, far_shore, framing_conifers
from filmgate.animatic.karst import build_karst
from filmgate.animatic.layers import Layer, build_layer, overhang_width
from filmgate.animatic.mist import Mist, build_mist
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Floats, Pixels, Points, polygon_mask, sample
from filmgate.animatic.river import build_valley
from filmgate.animatic.scene import Brief, Moment
from filmgate.animatic.sky import Sky, build_sky, spec_for, sun_direction
from filmgate.animatic.terrain import Cover, Haze, Lens, Plane, bake, look, scout
from filmgate.animatic.volcano import Eruption, build_volcano
from filmgate.animatic.water import Water, WaterSpec, build_water
from filmgate.animatic.waterfall import Waterfall, build_waterfall

LAKE_HORIZON, RIDGE_HORIZON = 0.60, 0.66
RIDGE_DEPTH = 0.85
PEAK = 122.0  # units of the terrain
HAZE_LENGTH = 1150.0
# Distances from and to, and the depth of the plane that is cut there.
LAKE_SLICES = ((400.0, 1400.0, 0.14), (90.0, 420.0, 0.36))
RIDGE_SLICES = ((520.0, 1400.0, 0.10), (210.0, 540.0, 0.24), (70.0, 220.0, 0.48))
COVERS = {
    "spring": Cover(floor="567040", forest="34502e", accent="6f8748", rock="5e5854", snowline=0.50),
    "summer": Cover(),
    "autumn": Cover(floor="8a6a34", forest="9c5a22", accent="c8892c", rock="5e5450", snowline=0.55),
    "winter": Cover(floor="c9d2dc", forest="4a5c5e", accent="93a3aa", snowline=0.16),
}
WINTRY = replace(COVERS["winter"], floor="6b7c74", forest="34493c", accent="5c6e68", snowline=0.24)
Part = Layer | Mist | Waterfall | Eruption
OVERLAP = 0.06  # bases of a farther plane kept behind a nearer one, for the camera to move


@dataclass(frozen=True, slots=True, eq=False)
class Lake:
    finish: Finish
    horizon: int
    sky: Sky
    land: tuple[Part, ...]
    water: Water
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
        paint_cast(self.cast, "water", frame, moment)
        for layer in self.foreground:
            layer.paint(frame, moment.view)
        paint_cast(self.cast, "ground", frame, moment)
        return frame


@dataclass(frozen=True, slots=True, eq=False)
class Ridge:
    finish: Finish
    sky: Sky
    haze: Floats
    land: tuple[Part, ...]
    ridge: Layer
    cast: tuple[Actor, ...]
    canvas_shape: tuple[int, int, int]

    def paint(self, moment: Moment) -> Pixels:
        frame = np.empty(self.canvas_shape, np.uint8)
        frame[self.sky.rows :] = np.clip(self.haze * 255, 0, 255).astype(np.uint8)
        self.sky.paint(frame, moment.seconds)
        _paint_land(self.land, frame, moment)
        paint_cast(self.cast, "air", frame, moment)
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
    horizon = int(canvas.height * LAKE_HORIZON)
    sky, sun_x = _sky(brief, horizon)
    water = WaterSpec(horizon, 0.10, sky.sun_x if palette.is_sunlit else None, 0.35)
    base = canvas.base
    spots = {
        "water": Spot(0.5, horizon + 0.13 * base, 0.17 * base, 0.5),
        "shore": Spot(0.70, horizon + 0.002 * base, 0.13 * base, 0.40),
        "ground": Spot(0.46, canvas.height - 0.048 * base, 0.25 * base, 0.95),
        "air": Spot(0.36, canvas.height * 0.25, 0.17 * base, 0.30),
    }
    return Lake(
        finish=_finish(brief),
        horizon=horizon,
        sky=sky,
        land=_beyond_lake(brief, horizon, sun_x),
        water=build_water(canvas, palette, water, rng),
        foreground=_before_lake(brief, horizon, spots["ground"].x * canvas.width),
        cast=build_cast(brief, Stage(canvas, horizon, spots, sun_direction(sky, canvas))),
        canvas_shape=(canvas.height, canvas.width, 3),
    )


def _beyond_lake(brief: Brief, horizon: int, sun_x: float) -> tuple[Part, ...]:
    """What stands across the water, and the bank in front of it."""
    canvas, palette, rng, features = brief.canvas, brief.palette, brief.rng, brief.reading.features
    if "karst" in features:
        return build_karst(brief, horizon, sun_x, _mistiness(brief))
    if "waterfall" in features:
        return build_waterfall(brief, horizon, sun_x)
    band = (horizon - 0.10 * canvas.base, horizon + 0.01 * canvas.base)
    mist = build_mist(canvas, band, _mistiness(brief), 0.3, palette.haze, rng)
    bank = far_shore(canvas, horizon, palette, 0.60, rng)
    if "volcano" in features:
        return (*build_volcano(brief, horizon, sun_x), mist, bank)
    return (*_ranges(brief, horizon, sun_x, cut_at=horizon + 1), mist, bank)


def _before_lake(brief: Brief, horizon: int, foot_x: float) -> tuple[Layer, ...]:
    """The land on our side of the water."""
    if "river" in brief.reading.features:
        return (build_valley(brief, horizon, foot_x),)
    return _split(framing_conifers(brief.canvas, horizon, brief.palette, 0.95, brief.rng))


def build_ridge(brief: Brief) -> Lake | Ridge:
    """Mountains on their own; with a river or a waterfall there is water at our feet."""
    if brief.reading.features & {"river", "waterfall", "karst"}:
        return build_lake(brief)
    canvas, palette = brief.canvas, brief.palette
    horizon = int(canvas.height * RIDGE_HORIZON)
    sky, sun_x = _sky(brief, horizon)
    crest = _crest(brief)
    land = _ranges(brief, horizon, sun_x, cut_at=int(crest.max() + OVERLAP * canvas.base))
    base, width = canvas.base, overhang_width(canvas)
    left = (width - canvas.width) / 2

    def floor(x: float) -> float:
        return float(np.interp((x + left) / width, np.linspace(0, 1, len(crest)), crest)) + 0.004 * base

    spots = {
        "ground": Spot(0.46, floor(0.46 * canvas.width), 0.26 * base, RIDGE_DEPTH),
        "air": Spot(0.38, canvas.height * 0.30, 0.20 * base, 0.32),
    }
    stage = Stage(canvas, horizon, spots, sun_direction(sky, canvas), floor, shadow=0.35)
    return Ridge(
        finish=_finish(brief),
        sky=sky,
        haze=palette.haze,
        land=land,
        ridge=_ridge(brief, horizon, crest, sun_x),
        cast=build_cast(brief, stage),
        canvas_shape=(canvas.height, canvas.width, 3),
    )


def _finish(brief: Brief) -> Finish:
    by_day = brief.palette.name == "day"
    return Finish(bloom=0.2 if by_day else 0.43, bloom_threshold=205 if by_day else 170)


def _mistiness(brief: Brief) -> float:
    """How thick mist lies: at dawn and in fog it fills the valleys, at noon it is a breath."""
    if brief.reading.weather == "fog":
        return 0.95
    return {"dawn": 0.75, "overcast": 0.62, "pastel": 0.6, "day": 0.34, "golden": 0.5}.get(brief.palette.name, 0.45)


def _sky(brief: Brief, horizon: int) -> tuple[Sky, float]:
    sun_x = float(brief.rng.uniform(0.27, 0.73))
    return build_sky(brief.canvas, brief.palette, spec_for(brief, int(horizon * 1.02), sun_x), brief.rng), sun_x


def _cover(brief: Brief) -> Cover:
    reading = brief.reading
    if reading.season == "winter" or (reading.weather == "snow" and reading.season is None):
        return COVERS["winter"]
    if "snowcaps" in reading.features:
        return WINTRY
    return COVERS.get(reading.season or "summer", COVERS["summer"])


def _ranges(brief: Brief, horizon: int, sun_x: float, cut_at: int) -> tuple[Part, ...]:
    """Ranges of mountains, far first, and the mist between them. Nothing is drawn below row `cut_at`."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    at_lake = cut_at <= horizon + 1
    terrain = bake(rng, palette, ((sun_x - 0.5) * 2.4 or 0.4, 0.36), PEAK, _cover(brief))
    lens = Lens(overhang_width(canvas), cut_at, horizon, canvas.base * 1.7, 0.01 if at_lake else 0.09)
    focal_share = lens.focal / (canvas.base * 16 / 9)
    misty = _mistiness(brief)
    haze = Haze(palette.haze, HAZE_LENGTH * (0.55 if brief.reading.weather == "fog" else 1.0), 0.55 * misty, 0.16)
    slices = LAKE_SLICES if at_lake else RIDGE_SLICES
    altitude, nearest = 15.0 if at_lake else 9.0, slices[-1][0]
    viewpoint = scout(terrain, rng, altitude, focal_share, nearest, above_ground=not at_lake)
    parts: list[Part] = []
    if "volcano" in brief.reading.features:
        parts += build_volcano(brief, int(horizon + 0.10 * canvas.base), sun_x)
        slices = slices[1:]
    planes = [look(terrain, viewpoint, lens, haze, near, far) for near, far, _ in slices]
    for index, (plane, (_, _, depth)) in enumerate(zip(planes, slices, strict=True)):
        hidden = _opaque_from(planes[index + 1]) + OVERLAP * canvas.base if index + 1 < len(planes) else cut_at
        rows = max(1, min(int(hidden), cut_at) - plane.top)
        pixels = np.ascontiguousarray(plane.pixels[:rows])
        parts.append(Layer(pixels, depth, -(lens.width - canvas.width) // 2, plane.top, canvas, horizon))
        if not at_lake and index + 1 < len(planes):
            foot = float(np.median(_skyline(planes[index + 1]))) + 0.05 * canvas.base
            band = (foot - 0.13 * canvas.base, foot + 0.03 * canvas.base)
            parts.append(build_mist(canvas, band, 0.9 * misty, depth + 0.05, palette.haze, rng))
    return tuple(parts)


def _skyline(plane: Plane) -> Floats:
    """The row in the picture where each column of a plane begins."""
    return plane.top + np.argmax(plane.pixels[..., 3] > 127, axis=0)


def _opaque_from(plane: Plane) -> int:
    """The row from which on a plane hides everything behind it; below the picture if it never does."""
    closed = np.flatnonzero(plane.pixels[..., 3].min(1) == 255)
    return plane.top + (int(closed[0]) if len(closed) else plane.pixels.shape[0])


def _split(layer: Layer) -> tuple[Layer, ...]:
    """A layer of sides and a strip at the bottom as several tight ones: empty pixels cost as much as others."""
    alpha = layer.pixels[..., 3] > 0
    middle = alpha.shape[1] // 2
    bank = int(np.argmax(alpha[:, middle - alpha.shape[1] // 20 : middle + alpha.shape[1] // 20].any(1)))
    if bank == 0:
        return (layer,)
    upper = alpha[:bank].any(0)
    columns = np.flatnonzero(upper)
    boxes: list[tuple[int, int, int, int]] = []
    for side in (columns[columns < middle], columns[columns >= middle]):
        if len(side):
            boxes.append((0, bank, int(side[0]), int(side[-1]) + 1))
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


def _crest(brief: Brief) -> Floats:
    """Rows of the foreground ridge's edge across the overhanging width."""
    canvas, rng = brief.canvas, brief.rng
    across = np.linspace(0, 1, 2048)
    swell = 0.05 * (across - 0.5) - np.sin(across * np.pi) ** 2 * 0.03
    rough = (curve(rng, 2048, 3, 2) - 0.5) * 0.03 + (curve(rng, 2048, 8, 30) - 0.5) * 0.010
    return (canvas.height - (0.145 - swell + rough) * canvas.base).astype(np.float32)


def _ridge(brief: Brief, horizon: int, crest: Floats, sun_x: float) -> Layer:
    """The ground at our feet: turf or snow with stones, lit along its edge by a low sun."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    top = max(0, int(crest.min() - 0.05 * canvas.base))
    width, height = overhang_width(canvas), canvas.height + int(0.12 * canvas.base) - top
    line = np.interp(np.arange(width) / width, np.linspace(0, 1, len(crest)), crest).astype(np.float32) - top
    columns = np.arange(width, dtype=np.float64)
    outlines = [np.concatenate([np.stack([columns, line], 1), [[width, height + 9], [0, height + 9]]])]
    snowy = _cover(brief).snowline < 0.3
    stones = _stones(brief, line)
    blades_at = rng.uniform(0, width, 0 if snowy else int(1100 * width / (1715 * canvas.unit)))
    feet = line[blades_at.astype(int)] + rng.uniform(0, 5, len(blades_at)) * canvas.unit
    grass = blades(rng, blades_at, feet, canvas.unit, 13)
    coverage = polygon_mask(width, height, [*outlines, *stones, *grass])
    stony = polygon_mask(width, height, stones) if stones else np.zeros_like(coverage)
    below = np.arange(height, dtype=np.float32)[:, None] - line[None]
    light = _turf(rng, below, canvas.base)
    lit, shaded = _turf_colours(brief, snowy)
    depth = smoothstep(0.0, 0.20 * canvas.base, np.maximum(below, 0))
    share = np.clip(light - 0.35 * depth + 0.10, 0, 1)
    colour = mix(shaded, lit, share[..., None])
    rock = mix(palette.near * 0.9, palette.light * 0.42 + palette.ambient * 0.18, np.clip(light * 0.8, 0, 1)[..., None])
    colour = mix(colour, rock, stony[..., None])
    left = (width - canvas.width) / 2
    near_sun = np.exp(-(((columns - left - sun_x * canvas.width) / (0.33 * canvas.width)) ** 2)).astype(np.float32)
    rim = np.exp(-np.clip(below, 0, None) / (2.2 * canvas.unit)) * near_sun[None] * (0.25 + 0.5 * palette.glow_gain)
    colour = mix(colour, np.clip(palette.glow, 0, 1), np.clip(rim, 0, 0.8)[..., None])
    layer = build_layer(canvas, horizon, RIDGE_DEPTH, colour.astype(np.float32), coverage)
    return replace(layer, top=layer.top + top)


def _turf(rng: np.random.Generator, below: Floats, base: float) -> Floats:
    """Light on rough ground, 0..1: fine and flat at the edge, coarse towards our feet."""
    width = below.shape[1]
    tile = spectral(rng, (256, 512), 1.5, 6)
    tile = tile - np.roll(tile, 2, 0) * 0.7 + (spectral(rng, (256, 512), 2.4, 2) - 0.5) * 0.5
    tile = np.clip((tile - tile.mean()) / (tile.std() * 4.5) + 0.5, 0, 1)
    depth = 0.18 * base / (np.maximum(below, 0) + 0.06 * base)  # the eye is this far over the ground
    columns = (np.arange(width, dtype=np.float32) - width / 2)[None]
    map_x = np.mod(columns / base * (0.5 + depth) * 420, 511).astype(np.float32)
    map_y = np.mod(depth * 330, 255).astype(np.float32)
    return sample(tile.astype(np.float32), map_x, map_y)


def _turf_colours(brief: Brief, snowy: bool) -> tuple[Floats, Floats]:
    palette = brief.palette
    ground = {"spring": "8fae5a", "autumn": "b08a4a"}.get(brief.reading.season or "", "86985a")
    matter = from_hex("eef2f8" if snowy else ground)
    sunlight = np.clip(palette.light * (0.40 if palette.dark else 0.72) + palette.ambient * 0.25, 0, 1)
    lit = matter * sunlight
    shaded = mix(palette.near, matter * palette.ambient, 0.55 if snowy else 0.28)
    return lit.astype(np.float32), shaded.astype(np.float32)


def _stones(brief: Brief, line: Floats) -> list[Points]:
    """Boulders half sunk into the ridge, most of them aside."""
    rng, base = brief.rng, brief.canvas.base
    outlines: list[Points] = []
    for _ in range(int(rng.integers(5, 10))):
        x = float(rng.uniform(0, len(line) - 1))
        aside = abs(x / len(line) - 0.5) * 2
        size = base * rng.uniform(0.008, 0.034) * (0.5 + aside)
        y = float(line[int(x)]) + rng.uniform(0.2, 2.2) * size * (0.3 + aside)
        angles = np.sort(rng.uniform(0, 2 * np.pi, 9))
        reach = size * rng.uniform(0.75, 1.1, 9)
        outlines.append(np.stack([x + np.cos(angles) * reach * 1.45, y + np.sin(angles) * reach * 0.8], 1))
    return outlines
