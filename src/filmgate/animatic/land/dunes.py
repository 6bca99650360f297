"""Land shaped by the wind: dunes with a long back and a steep slip face, drifts of snow, and what blows off them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.land.countryside import hazy, land_noise
from filmgate.animatic.land.desertlife import stones
from filmgate.animatic.land.ground import in_perspective, relief_light, ripples
from filmgate.animatic.land.land import Land, Lens, Slice, Survey, assemble, cut, draw, light, survey
from filmgate.animatic.noise import spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.plants.growths import lit
from filmgate.animatic.raster import Floats, Pixels, blur_tile, multiply, resize, sample, triple, veil
from filmgate.animatic.scene import Brief

NOISE = 256
ROUNDING = 0.20  # of a dune's height, by which its crest is blunted
CREST_SHARE = 0.74  # of a dune's length, that its gentle back takes


@dataclass(frozen=True, slots=True)
class Matter:
    """What the land is made of. Colours are in neutral light; heights are eye heights at each of three distances."""

    sunny: str
    shaded: str
    heights: tuple[float, float, float]
    sharpness: float  # 1 for dunes with slip faces, 0 for soft drifts
    ripple: float  # contrast of the wind's ripples
    spacing: float  # of the ripples: tile pixels per base
    peaks: float = 0.0  # of mountains at the skyline
    stones: int = 0


MATTERS: Mapping[str, Matter] = MappingProxyType(
    {
        "sand": Matter("f2c283", "a8623a", (2.6, 9.0, 24.0), 1.0, 0.75, 330.0),
        "scrub": Matter("d99a64", "94583c", (0.7, 2.2, 4.0), 0.15, 0.5, 360.0, stones=120),
        "mars": Matter("d98a58", "84432c", (1.1, 5.0, 15.0), 0.35, 0.8, 360.0, peaks=0.4, stones=260),
        "snow": Matter("f8fafd", "8fa8d0", (1.6, 6.0, 12.0), 0.30, 0.55, 300.0, peaks=1.0),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Blowing:
    """Grains that stream off the crests, low over the land."""

    streaks: Pixels  # repeated once across
    map_x: Floats
    map_y: Floats
    profile: Pixels  # where there is a crest to blow off, at a quarter of the size
    top: int
    colour: Floats
    pace_px: float

    def paint(self, target: Pixels, seconds: float) -> None:
        rows = self.profile.shape[0]
        wisps = sample(self.streaks, self.map_x + np.float32(seconds * self.pace_px / 4 % NOISE), self.map_y)
        last = min(target.shape[0], self.top + rows * 4)
        mask = resize(multiply(wisps, self.profile), target.shape[1], last - self.top)
        veil(target[self.top : last], mask, self.colour)


@dataclass(frozen=True, slots=True, eq=False)
class Dunes:
    """The land under construction: its picture is drawn and cut, so that things may stand on it."""

    land: Survey
    picture: Pixels
    top: int
    slices: list[Slice]

    def finished(self) -> Land:
        return assemble(self.land, self.picture, self.top, self.slices, None)


def build_dunes(brief: Brief, lens: Lens, matter: Matter, sun_x: float) -> Dunes:
    palette, rng = brief.palette, brief.rng
    side = 1.0 if sun_x > 0.5 else -1.0
    land = survey(lens, _shape(rng, matter, side))
    up = float(np.clip(1.05 - palette.sun_height, 0.20, 0.55))
    facing = light(land, (side * 1.0, up, -0.12))
    level = up / math.hypot(1.0, up)
    sunny = smoothstep(0.25 * level, 1.75 * level, facing) * (0.55 if palette.sun_hidden else 1.0)
    grain = land_noise(rng)(land.across, land.distance, 1.6)
    albedo = mix(
        from_hex(matter.shaded), from_hex(matter.sunny), np.clip(sunny + (grain - 0.5) * 0.12, 0, 1)[..., None]
    )
    colour = lit(albedo, palette, np.clip(0.25 + 0.75 * sunny, 0, 1)[..., None])
    rim = smoothstep(1.6 * level, 2.4 * level, facing)[..., None] * (0.10 if palette.dark else 0.22)
    colour = mix(colour, np.clip(palette.glow, 0, 1), rim * (not palette.sun_hidden))
    colour = hazy(land, colour, palette, sun_x, brief.reading.weather == "fog")
    picture, top = draw(land, colour)
    _ripple(picture, top, lens, matter, (side, -0.5), rng)
    if matter.stones:
        stones(picture, top, lens, palette, matter.stones, matter.shaded, side, rng)
    return Dunes(land, picture, top, cut(land, picture, top, 0.30 * lens.canvas.base))


def build_blowing(dunes: Dunes, palette: Palette, colour: str, wind: float, rng: np.random.Generator) -> Blowing:
    """`wind` 0 leaves the air clear."""
    land, lens = dunes.land, dunes.land.lens
    base = lens.canvas.base
    top = max(0, dunes.top - int(0.05 * base))
    last = min(lens.canvas.height, int(lens.row(4.0)))
    rows, columns = max(2, (last - top) // 4), max(2, lens.canvas.width // 4)
    row = (top + (np.arange(rows, dtype=np.float32) + 0.5) * 4)[:, None]
    overhang = (lens.width - lens.canvas.width) / 2 / lens.width
    profile = np.zeros((rows, columns), np.float32)
    for distance in (160.0, 40.0, 22.0, 12.0):
        edge = land.skyline[land.step(distance)]
        inside = edge[int(overhang * len(edge)) : int((1 - overhang) * len(edge))]
        seen = resize(inside[None], columns, 1)
        reach = (0.010 + 0.10 / distance) * base
        above = seen - row
        profile = np.maximum(profile, np.exp(-np.abs(above) / np.where(above > 0, reach, reach * 0.5)))
    streaks = spectral(rng, (NOISE, NOISE), 2.0, 3, 80, stretch=(1.0, 0.22))
    wisps = np.tile(to_pixels(np.clip((streaks - 0.46) * 3.6, 0, 1)), (2, 3))[: NOISE + 2, : 2 * NOISE + 2]
    shown = to_pixels(profile * np.clip(0.16 + 0.22 * wind, 0, 0.8))
    blown = np.flatnonzero(shown.max(1) > 1)
    first = int(blown[0]) if len(blown) else 0
    shown = np.ascontiguousarray(shown[first : int(blown[-1]) + 1 if len(blown) else 2])
    row, column = np.mgrid[first : first + len(shown), 0:columns].astype(np.float32)
    side = -1.0 if rng.uniform() < 0.5 else 1.0
    return Blowing(
        streaks=wisps,
        map_x=np.mod(column * 0.8, NOISE).astype(np.float32),
        map_y=np.mod(row * 1.3, NOISE).astype(np.float32),
        profile=shown,
        top=top + first * 4,
        colour=lit(colour, palette, 1.0),
        pace_px=side * 150 * wind * lens.canvas.unit,
    )


def _shape(rng: np.random.Generator, matter: Matter, side: float) -> Callable[[Floats, Floats], Floats]:
    """Heights of three generations of dunes, each larger and further away; crests run slantwise to the sun."""
    warp = land_noise(rng, smooth=True)
    rough = land_noise(rng, smooth=True)
    slant = float(rng.uniform(0.55, 0.95)) * side
    near, middle, far = matter.heights

    def generation(x: Floats, z: Floats, length: float) -> Floats:
        bend = (warp(x, z + 31 * length, length * 2.6) - 0.5) * 2.3
        phase = (z * 0.62 - x * slant) / length + bend
        share = phase - np.floor(phase)
        back = np.clip(share / CREST_SHARE, 0, 1) ** 1.35
        slip = np.clip((1 - share) / (1 - CREST_SHARE), 0, 1) ** 1.25
        swell = 0.5 - 0.5 * np.cos(2 * math.pi * share)
        close = np.clip(ROUNDING - np.abs(back - slip), 0, None)  # a crest finer than the grid would look combed
        crest = np.minimum(back, slip) - close * close / (4 * ROUNDING)
        shape = mix(swell * 0.7, crest, matter.sharpness)
        return shape * np.clip(0.25 + 1.5 * (warp(x + 17 * length, z, length * 2.0) - 0.3), 0.05, 1.3)

    def at(x: Floats, z: Floats) -> Floats:
        height = smoothstep(3.4, 10, z) * smoothstep(30, 18, z) * generation(x, z, 9.0) * near
        height = height + smoothstep(13, 32, z) * smoothstep(80, 48, z) * generation(x, z, 24.0) * middle
        height = height + smoothstep(40, 75, z) * generation(x, z, 60.0) * far
        if matter.peaks:
            ridge = 1.2 - np.abs(rough(x, z, 70.0) - 0.5) * 5.0 - np.abs(rough(x, z + 500, 26.0) - 0.5) * 1.6
            height = height + smoothstep(72, 112, z) * np.clip(ridge, 0, 2) * 32 * matter.peaks
        return height

    return at


def _ripple(
    picture: Pixels, top: int, lens: Lens, matter: Matter, towards: tuple[float, float], rng: np.random.Generator
) -> None:
    relief = blur_tile(relief_light(ripples(rng), towards, matter.ripple), 1.0)
    detail = in_perspective(relief, lens.canvas, lens.horizon, lens.width, matter.spacing)
    near = np.linspace(0, 1, detail.shape[0], dtype=np.float32)[:, None]
    grain = to_pixels(np.clip(0.5 + (detail - 0.5) * 0.85 * smoothstep(0.03, 0.30, near), 0, 1))
    body = picture[lens.horizon - top :]
    body[:] = multiply(body, triple(grain), 2.0)
