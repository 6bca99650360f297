"""Rolling country under a crop: hills, fields, rows that run to the horizon, groves, and what bends in the wind."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.land.crops import Crop
from filmgate.animatic.land.farmstead import barn
from filmgate.animatic.land.ground import enlarged, in_perspective
from filmgate.animatic.land.land import (
    HAZE_DISTANCE,
    Land,
    Lens,
    Slice,
    Survey,
    assemble,
    build_passing,
    cut,
    draw,
    haze_at,
    light,
    survey,
)
from filmgate.animatic.noise import spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.plants.groves import Grove, plant
from filmgate.animatic.plants.growths import Growth, lit
from filmgate.animatic.plants.tufts import plant_tufts
from filmgate.animatic.raster import Floats, Pixels, multiply, over, sample, triple
from filmgate.animatic.scene import Brief

TILE = 256
FIELD_COLOURS = ("8fae4c", "6f9a3c", "c8b45a", "a8b858", "5f8a38", "d4bc6c", "86a848", "9a8a4c")
FIELDS_BEGIN = 16.0  # eye heights away
HEDGE = "2f4f24"


@dataclass(frozen=True, slots=True, eq=False)
class Country:
    """What a countryside is made of."""

    name: str
    crop: Crop
    growth: Growth
    season: str | None
    path: bool


def build_countryside(brief: Brief, lens: Lens, country: Country, sun_x: float) -> Land:
    palette, rng, reading = brief.palette, brief.rng, brief.reading
    noise = land_noise(rng)
    land = survey(lens, _hills(rng, 0.55 if country.name in ("savanna", "park") else 1.0))
    sun = light(land, towards_sun(palette, sun_x))
    sunny = smoothstep(0.15, 0.95, sun)[..., None] * (0.45 if palette.sun_hidden else 1.0) + 0.08
    albedo = _albedo(land, country, noise, rng)
    colour = hazy(land, lit(albedo, palette, np.clip(sunny, 0, 1)), palette, sun_x, reading.weather == "fog")
    picture, top = draw(land, colour)
    _roughen(picture, top, lens, 0.5 if country.season == "winter" else 1.1, rng)
    if country.crop.tufts:
        over(picture, plant_tufts(land, country.crop, palette, picture.shape[:2], top, rng))
    slices = cut(land, picture, top, 0.17 * lens.canvas.base)
    plant(land, slices, groves(country, land, rng), country.growth, palette, rng)
    if country.name == "farm":
        _build_farm(land, slices, palette, rng)
    cover = 0.0 if palette.dark else brief.cloud_cover(0.5)
    passing = build_passing(lens, cover, country.crop.gusts, reading.wind, rng)
    return assemble(land, picture, top, slices, passing)


def _build_farm(land: Survey, slices: list[Slice], palette: Palette, rng: np.random.Generator) -> None:
    """A barn in the middle distance, where the land shows it."""
    half = min(1.6, land.lens.width / 2 / land.lens.focal)
    places = [
        (float(rng.uniform(11.0, 20.0)), float(rng.uniform(0.25, 0.7) * rng.choice([-1.0, 1.0]))) for _ in range(12)
    ]
    seen = [place for place in places if not land.stand(place[1] * half * place[0], place[0])[2]]
    distance, share = (seen or places)[0]
    column, row, _ = land.stand(share * half * distance, distance)
    sprite = barn(4.2 * land.lens.focal / distance, palette, haze_at(distance))
    plane = next(plane for plane in slices if plane.nearest <= distance)
    plane.put(sprite, column - sprite.shape[1] / 2, row - sprite.shape[0] + 3)


def towards_sun(palette: Palette, sun_x: float) -> tuple[float, float, float]:
    """Right, up, away. The sun stands behind the land, but its light is laid on from above, or all would be shade."""
    up = float(np.clip(1.15 - palette.sun_height, 0.22, 0.8))
    return (sun_x - 0.5) * 2.2 + (0.35 if sun_x > 0.5 else -0.35), up, 0.10


def hazy(land: Survey, colour: Floats, palette: Palette, sun_x: float, foggy: bool) -> Floats:
    """Colours as they look through the air, which glows towards the sun."""
    thick = 1 - np.exp(-((land.distance / (HAZE_DISTANCE * (0.3 if foggy else 1.0))) ** 1.15))
    lens = land.lens
    across = np.linspace(-0.5, 0.5, colour.shape[1], dtype=np.float32) * np.float32(lens.width / lens.canvas.base)
    aside = across - np.float32((sun_x - 0.5) * lens.canvas.width / lens.canvas.base)
    glow = np.exp(-((aside / 0.5) ** 2))[None, :, None] * (0.12 if palette.dark else 0.40) * palette.glow_gain
    air = mix(palette.haze, np.clip(palette.glow, 0, 1), np.clip(glow, 0, 0.6)).astype(np.float32)
    return mix(colour, air, (thick * 0.86)[..., None].astype(np.float32))


def groves(country: Country, land: Survey, rng: np.random.Generator) -> list[Grove]:
    """Where trees stand: hedgerow clumps far away, a few of character nearer, off the middle."""
    name = country.name
    kind = "acacia" if name == "savanna" else "round"
    half = land.lens.width / 2 / land.lens.focal
    trees: list[Grove] = []
    clumps = {"savanna": 12, "park": 26, "lavender": 10}.get(name, 22)
    for _ in range(clumps):
        distance = math.exp(rng.uniform(math.log(16.0), math.log(100.0)))
        x = float(rng.uniform(-half, half)) * distance
        if land.stand(x, distance)[2]:
            continue
        for _ in range(int(rng.integers(1, 3 if name == "savanna" else 10))):
            away = distance * (1 + float(rng.normal(0, 0.03)))
            pointed = kind == "round" and rng.uniform() < 0.18
            height = float(rng.uniform(2.4, 4.4)) * (1.25 if pointed else 1.0) * (0.7 + distance / 90)
            trees.append(Grove("conifer" if pointed else kind, x + float(rng.normal(0, 0.06)) * distance, away, height))
    side = -1.0 if rng.uniform() < 0.5 else 1.0
    aside = 0.55 * min(half, 1.6)
    hero = 9.2 if name != "park" else 6.8
    trees.append(Grove(kind, side * aside * hero, hero, 3.6, grand=True))
    if name in ("park", "savanna", "meadow"):
        trees.append(Grove(kind, -side * 0.82 * min(half, 1.6) * 15.0, 15.0, 3.8, grand=True))
    if name == "park":
        trees += [
            Grove(kind, sign * 0.62 * min(half, 1.6) * far, far, 3.4, grand=True)
            for far in (8.0, 11.5, 16.0)
            for sign in (-1.3, 1.2)
        ]
    return sorted(trees, key=lambda tree: -tree.distance)


def land_noise(rng: np.random.Generator, *, smooth: bool = False) -> Callable[[Floats, Floats, float], Floats]:
    """Noise over the land: `at(x, z, size)`, features about `size` eye heights long."""
    lowest, highest = (3, 9) if smooth else (4, 64)
    field = spectral(rng, (TILE, TILE), 2.0, lowest, highest)
    if smooth:
        field = enlarged(field, 4)  # or the facets of linear interpolation would show in raking light
    side = field.shape[0]
    tile = np.pad(field, ((0, 1), (0, 1)), mode="wrap")

    def at(x: Floats, z: Floats, size: float) -> Floats:
        scale = side / (lowest * 2 * size)
        map_x = np.mod(x * scale + 1000 * side, side).astype(np.float32)
        return sample(tile, map_x, np.mod(z * scale, side).astype(np.float32) + np.zeros_like(map_x))

    return at


def _hills(rng: np.random.Generator, boldness: float) -> Callable[[Floats, Floats], Floats]:
    """Heights that grow with distance, so that the skyline is as bold far away as near."""
    tile = np.pad(spectral(rng, (TILE, TILE), 4.2, 2, 12), ((0, 1), (0, 1)), mode="wrap")

    def at(x: Floats, z: Floats) -> Floats:
        def rolling(size: float) -> Floats:
            scale = TILE / (3 * size)
            map_x = np.mod(x * scale + 1000 * TILE, TILE).astype(np.float32)
            return sample(tile, map_x, np.mod(z * scale + 91 * size, TILE).astype(np.float32) + np.zeros_like(map_x))

        near = smoothstep(3.4, 13, z) * (rolling(16.0) - 0.44) * 8.5
        middle = smoothstep(12, 42, z) * (rolling(38.0) - 0.32) * 16
        far = smoothstep(45, 105, z) * (rolling(80.0) - 0.12) * 46
        return (near + middle + far) * boldness

    return at


def _albedo(
    land: Survey, country: Country, noise: Callable[[Floats, Floats, float], Floats], rng: np.random.Generator
) -> Floats:
    crop, x, z = country.crop, land.across, land.distance
    first, second = (from_hex(colour) for colour in crop.grass)
    broad, fine = noise(x, z, 5.0), noise(x, z, 0.7)
    waver = np.clip((broad - 0.5) * 2.6 + (fine - 0.5) * 1.2 / (1 + z / 8) + 0.5, 0, 1)
    colour = mix(second, first, waver[..., None]).astype(np.float32)
    if country.name != "savanna" and country.season != "winter":
        away = np.s_[land.step(FIELDS_BEGIN) :]
        fields, hedges = _fields(x[away], z[away], rng)
        patchwork = smoothstep(FIELDS_BEGIN, FIELDS_BEGIN * 2, z[away])[..., None] * 0.85
        tilled = mix(fields * (0.8 + 0.4 * fine[away][..., None]), from_hex(HEDGE), hedges[..., None] * 0.8)
        colour[away] = mix(colour[away], tilled, patchwork)
    if crop.rows:
        colour = _rows(colour, land, crop, rng)
    if crop.dots:
        colour = _dots(colour, land, crop, fine, broad)
    if country.path:
        trodden = smoothstep(0.42, 0.30, np.abs(x - _path_middle(z)) + (fine - 0.5) * 0.25) * smoothstep(60, 20, z)
        colour = mix(colour, from_hex("c8b088"), trodden[..., None])
    if country.season == "winter":
        bare = smoothstep(0.60, 0.72, broad * 0.5 + fine * 0.5)[..., None] * 0.45
        return mix(colour, from_hex("a89a78"), bare)
    return colour


def _path_middle(z: Floats) -> Floats:
    return 0.25 + 1.6 * np.sin(z * 0.16) * smoothstep(1, 12, z)


def _fields(x: Floats, z: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Colour of the field that each point lies in, and how near it is to a hedge."""
    table = np.stack([from_hex(colour) for colour in FIELD_COLOURS])
    picks = rng.integers(0, len(table), (64, 64))
    along, aside = x * 0.94 + z * 0.34, z * 0.94 - x * 0.34
    column = along / 15.0
    strip = np.floor(column).astype(np.int32) & 63
    row = aside / 11.0 + picks[strip, 0] * np.float32(0.37)
    cell = picks[strip, np.floor(row).astype(np.int32) & 63]
    furrows = 1 + 0.07 * np.sin(along * (2.0 + cell)) * np.exp(-z / 60)
    edge = np.minimum(np.minimum(column % 1, 1 - column % 1) * 15, np.minimum(row % 1, 1 - row % 1) * 11)
    return table[cell] * furrows[..., None].astype(np.float32), smoothstep(0.9, 0.35, edge)


def _rows(colour: Floats, land: Survey, crop: Crop, rng: np.random.Generator) -> Floats:
    """Planted rows that run away from us; they blend where they are finer than pixels."""
    x, z = land.across, land.distance
    place = x / crop.rows + 0.5
    across = np.abs(place % 1 - 0.5) * 2
    seen = smoothstep(4.0, 14.0, crop.rows * land.lens.focal / z)
    bed = (0.62 + (smoothstep(0.78, 0.45, across) - 0.62) * seen)[..., None]
    stem, top = from_hex(crop.stems[0]), from_hex(crop.stems[2])
    if crop.bands:
        table = np.stack([from_hex(value) for value in crop.heads])
        chosen = table[np.floor(place / 2).astype(int) % len(table)]
        return mix(colour, chosen, bed * (0.55 + 0.35 * smoothstep(2.0, 5.0, z))[..., None])
    away = smoothstep(2.5, 9.0, z)[..., None]  # near us the plants themselves are drawn, and shade their bed
    planted = mix(stem, top, smoothstep(0.7, 0.1, across)[..., None] * away)
    return mix(colour * (1 - 0.2 * seen)[..., None], planted, bed)


def _dots(colour: Floats, land: Survey, crop: Crop, fine: Floats, broad: Floats) -> Floats:
    """Drifts of flowers: too far to be told apart, they tint the land."""
    z = land.distance
    thick = smoothstep(0.60 - 0.22 * crop.dots, 0.78 - 0.18 * crop.dots, broad * 0.6 + fine * 0.4)
    thick = thick * smoothstep(2.0, 7.0, z) * smoothstep(90, 40, z) * min(1.0, crop.dots * 1.3)
    table = np.stack([from_hex(value) for value in crop.heads])
    pick = np.clip(((broad * 37.0) % 1) * len(table), 0, len(table) - 1).astype(int)
    return mix(colour, table[pick], thick[..., None] * 0.75)


def _roughen(picture: Pixels, top: int, lens: Lens, contrast: float, rng: np.random.Generator) -> None:
    """The grain of the near ground, which fades with distance."""
    canvas = lens.canvas
    relief = spectral(rng, (512, 512), 1.1, 8)
    detail = in_perspective(relief, canvas, lens.horizon, lens.width, 520.0)
    near = np.linspace(0, 1, detail.shape[0], dtype=np.float32)[:, None]
    grain = to_pixels(np.clip(0.5 + (detail - 0.5) * contrast * smoothstep(0.02, 0.30, near), 0, 1))
    body = picture[lens.horizon - top :]
    body[:] = multiply(body, triple(grain), 2.0)
