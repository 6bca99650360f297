"""What stands in a desert: buttes, saguaros, palms around a pool, stones."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.land.land import Lens, Slice, Survey, haze_at
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.plants.growths import lit
from filmgate.animatic.plants.leaves import ramp
from filmgate.animatic.plants.wood import Timber, draw_trunk, fill_by_tone, new_timber
from filmgate.animatic.raster import Pixels, Points, fill, multiply, over, resize, triple

RIBS = 8
SMOOTH = np.full((8, 8), 170, np.uint8)  # bark that keeps a tone as it is
# Each one's place (share of half the width), distance, breadth and height.
BUTTES = ((-0.72, 70.0, 24.0, 27.0), (0.50, 95.0, 34.0, 33.0), (0.84, 62.0, 9.0, 26.0), (-0.28, 110.0, 52.0, 25.0))


def buttes(land: Survey, slices: list[Slice], palette: Palette, side: float, rng: np.random.Generator) -> None:
    """Table mountains on the skyline; `side` is where the sun stands."""
    half = land.lens.width / 2 / land.lens.focal
    for place, distance, broad, tall in sorted(BUTTES, key=lambda butte: -butte[1]):
        scale = land.lens.focal / distance
        wide, high = broad * scale * float(rng.uniform(0.8, 1.2)), tall * scale * float(rng.uniform(0.85, 1.2))
        sprite = _butte(wide, high, palette, haze_at(distance * 0.7), side, rng)
        column = land.column((place + float(rng.normal(0, 0.05))) * half * 0.9 * distance, distance)
        row = land.lens.row(distance)
        plane = next(plane for plane in slices if plane.nearest <= distance)
        plane.put(sprite, column - sprite.shape[1] / 2, row - sprite.shape[0] + 0.012 * land.lens.canvas.base)


def _butte(wide: float, high: float, palette: Palette, haze: float, side: float, rng: np.random.Generator) -> Pixels:
    width, height = max(12, int(wide * 1.5)), max(8, int(high * 1.05))
    x = np.linspace(0, 1, 64)
    cliff = smoothstep(0.17, 0.22, x) * smoothstep(0.83, 0.78, x)
    talus = np.clip(1 - np.abs(x - 0.5) / 0.5, 0, 1) ** 0.9 * 0.55
    profile = np.maximum(talus, cliff * (0.86 + 0.14 * curve(rng, 64, 4, 5)))
    outline = np.stack([x * width, height - profile * height * 0.96], 1)
    timber = new_timber(width, height)
    fill(timber.cover, np.concatenate([outline, [[width, height], [0, height]]]), 1.0)
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    flutes = resize(spectral(rng, (16, 64), 1.4, 4, stretch=(1.0, 0.2)), width, height)
    strata = np.interp(rows[:, 0], np.linspace(0, 1, 32), curve(rng, 32, 3, 6))[:, None]
    across = np.linspace(-1, 1, width, dtype=np.float32)[None]
    tone = 0.52 + 0.34 * np.clip(across * side * 1.8, -1, 1) + (flutes - 0.5) * 0.8 + (strata - 0.5) * 0.16
    timber.tone[:] = to_pixels(np.clip(tone - smoothstep(0.55, 0.62, rows) * 0.10, 0.04, 0.98))
    stops = (
        lit(value, palette, sun) for value, sun in (("4a2418", 0.1), ("8a4428", 0.4), ("d07a48", 0.9), ("f0b07c", 1))
    )
    return timber.coloured(ramp(*(mix(stop, palette.haze, haze) for stop in stops)), SMOOTH)


def saguaros(land: Survey, slices: list[Slice], palette: Palette, side: float, rng: np.random.Generator) -> None:
    half = land.lens.width / 2 / land.lens.focal
    distances = np.sort(np.concatenate([[4.6, 6.2], np.exp(rng.uniform(math.log(9), math.log(48), 16))]))[::-1]
    for index, distance in enumerate(map(float, distances)):
        place = float(rng.uniform(0.35, 0.95)) * (1 if index % 2 else -1) if distance < 7 else float(rng.uniform(-1, 1))
        x = place * min(half, 1.7) * distance
        column, row, hidden = land.stand(x, distance)
        if hidden:
            continue
        tall = float(rng.uniform(1.3, 2.0)) * land.lens.focal / distance
        sprite = _saguaro(max(6.0, tall), palette, haze_at(distance), side, rng)
        plane = next((plane for plane in slices if plane.nearest <= distance), slices[-1])
        plane.put(sprite, column - sprite.shape[1] / 2, row - sprite.shape[0] + 2)


def _saguaro(tall: float, palette: Palette, haze: float, side: float, rng: np.random.Generator) -> Pixels:
    width, height = int(tall * 0.9) + 4, int(tall) + 4
    timber = new_timber(width, height)
    middle, thick = width / 2, tall * 0.115
    for arm in (-1, 1):
        if rng.uniform() < 0.85:
            elbow = height - tall * float(rng.uniform(0.38, 0.56))
            reach = arm * tall * float(rng.uniform(0.19, 0.27))
            tip = elbow - tall * float(rng.uniform(0.22, 0.38))
            share = np.linspace(0, 1, 18)
            x = middle + reach * np.sin(np.clip(share * 2.2, 0, 1) * math.pi / 2)
            y = elbow - (elbow - tip) * np.clip(share * 1.45 - 0.45, 0, 1) + thick * 0.5 * np.sin(share * math.pi)
            _column(timber, np.stack([x, y], 1), thick * 0.72, side)
    path = np.stack([np.full(18, middle), np.linspace(height - 1, height - tall, 18)], 1)
    _column(timber, path, thick, side)
    stops = (
        lit(value, palette, sun) for value, sun in (("1c3018", 0.1), ("3a5c30", 0.4), ("7a9c54", 0.9), ("c8d88c", 1))
    )
    return timber.coloured(ramp(*(mix(stop, palette.haze, haze) for stop in stops)), SMOOTH)


def _column(timber: Timber, path: Points, thick: float, side: float) -> None:
    """A ribbed column of even thickness along any path, with a round end."""
    along = np.gradient(path, axis=0)
    normal = np.stack([-along[:, 1], along[:, 0]], 1) / (np.linalg.norm(along, axis=1)[:, None] + 1e-6)
    half = thick / 2 * np.sqrt(np.clip(1 - np.linspace(-6, 1, len(path)).clip(0, 1) ** 2 * 0.85, 0, 1))[:, None]
    ribs = np.linspace(-1, 1, RIBS + 1)
    for first, last in pairwise(ribs.tolist()):
        middle = (first + last) / 2
        shade = (
            0.30 + 0.45 * float(smoothstep(-0.6, 1.0, -middle * side)) + (0.10 if round(middle * RIBS) % 4 else -0.04)
        )
        outline = np.concatenate([path + normal * half * first * 1.1, (path + normal * half * last * 1.1)[::-1]])
        fill(timber.tone, outline, float(np.clip(shade, 0, 1)))
    fill(timber.cover, np.concatenate([path + normal * half, (path - normal * half)[::-1]]), 1.0)


def oasis(land: Survey, slices: list[Slice], palette: Palette, rng: np.random.Generator) -> None:
    """A pool in the middle distance with palms about it."""
    side = -1.0 if rng.uniform() < 0.5 else 1.0
    focal, half = land.lens.focal, land.lens.width / 2 / land.lens.focal
    distance = 5.6
    x = side * 0.42 * min(half, 1.6) * distance
    column, row, _ = land.stand(x, distance)
    plane = next(plane for plane in slices if plane.nearest <= distance)
    plane.put(
        _pool(0.62 * focal * 0.9, 0.055 * focal * 1.3, palette, rng),
        column - 0.62 * focal * 0.9,
        row - 0.055 * focal * 1.3,
    )
    for _ in range(11):
        away = distance + float(rng.normal(0.5, 0.9))
        aside = x + float(rng.choice([-1.0, 1.0]) * rng.uniform(0.4, 2.4)) * 1.5
        at_x, at_row, _ = land.stand(aside, max(3.4, away))
        tall = float(rng.uniform(1.5, 2.5)) * focal / max(3.4, away)
        sprite = palm(tall, palette, haze_at(away), float(rng.normal(0, 0.25)), rng)
        plane.put(sprite, at_x - sprite.shape[1] / 2, at_row - sprite.shape[0] + 3)


def _pool(half_width: float, half_height: float, palette: Palette, rng: np.random.Generator) -> Pixels:
    width, height = max(8, int(half_width * 2)), max(4, int(half_height * 2))
    mask = np.zeros((height, width), np.uint8)
    angle = np.linspace(0, 2 * math.pi, 64)
    wobble = 0.86 + 0.14 * curve(rng, 64, 3, 4)
    fill(
        mask,
        np.stack([width / 2 + np.cos(angle) * wobble * width / 2, height / 2 + np.sin(angle) * wobble * height / 2], 1),
        1.0,
    )
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    reflected = mix(palette.sky[2], palette.sky[1], rows) * 0.92
    water = mix(reflected, palette.water, 0.25 + 0.25 * rows) * np.ones((1, width, 1), np.float32)
    return np.dstack([multiply(to_pixels(np.clip(water, 0, 1)), triple(mask)), mask])


def palm(tall: float, palette: Palette, haze: float, lean: float, rng: np.random.Generator) -> Pixels:
    """A palm that stands in the middle of the sprite's lower edge."""
    width, height = int(tall * 1.5) + 6, int(tall * 1.18) + 4
    timber = new_timber(width, height)
    share = np.linspace(0, 1, 12)
    path = np.stack([width / 2 + lean * tall * 0.45 * share**1.6, height - 2 - tall * 0.82 * share], 1)
    draw_trunk(timber, path, tall * 0.028 * (1.25 - 0.45 * share), 0.6, 0.9)
    stops = (
        lit(value, palette, sun) for value, sun in (("2a1e14", 0.1), ("6a5236", 0.4), ("a88a5c", 0.9), ("d8bc8c", 1))
    )
    trunk = timber.coloured(ramp(*(mix(stop, palette.haze, haze) for stop in stops)), SMOOTH)
    leaves = new_timber(width, height)
    parts = [
        palm_frond(path[-1], heading, tall * float(rng.uniform(0.40, 0.52))) for heading in np.linspace(-3.5, 0.36, 13)
    ]
    tones = np.concatenate([np.linspace(0.2, 0.55 + 0.4 * float(rng.uniform()), len(part)) for part in parts])
    fill_by_tone(leaves, np.concatenate(parts), tones)
    greens = (
        lit(value, palette, sun) for value, sun in (("16301c", 0.1), ("2f5c2c", 0.4), ("6f9c40", 0.9), ("c4d878", 1))
    )
    crown = leaves.coloured(ramp(*(mix(stop, palette.haze, haze) for stop in greens)), SMOOTH)
    view = np.ascontiguousarray(trunk)
    alpha = 255 - crown[..., 3:]
    return np.asarray(multiply(view, np.repeat(alpha, 4, 2)) + crown, np.uint8)


def palm_frond(root: Points, heading: float, length: float) -> Points:
    """Quads (n, 4, 2): leaflets that hang from an arching rib."""
    count = 16
    share = np.linspace(0.05, 1, count)
    bow = heading + (1 if math.cos(heading) > 0 else -1) * share * 1.25
    step = length / count
    rib = root + np.stack([np.cumsum(np.cos(bow)), np.cumsum(np.sin(bow))], 1) * step
    size = length * 0.26 * np.sin(share * math.pi * 0.86 + 0.35)
    quads: list[Points] = []
    for side in (-1.0, 1.0):
        angle = bow + side * 0.85
        tip = np.stack([np.cos(angle), np.sin(angle) + 0.35], 1) * size[:, None]
        aside = np.stack([np.cos(bow), np.sin(bow)], 1) * step * 0.75
        quads.append(np.stack([rib, rib + tip * 0.5 + aside * 0.4, rib + tip, rib + aside], 1))
    return np.concatenate(quads)


def stones(
    picture: Pixels,
    top: int,
    lens: Lens,
    palette: Palette,
    count: int,
    colour: str,
    side: float,
    rng: np.random.Generator,
) -> None:
    """Stones strewn over the near ground, with their shadows."""
    focal, width = lens.focal, picture.shape[1]
    distance = 1 / np.sort(rng.uniform(1 / 9.0, 1 / 1.05, count))
    sizes = np.clip(0.018 * rng.pareto(2.2, count) + 0.008, 0, 0.11) * focal / distance
    centres = np.stack([rng.uniform(0, width, count), lens.horizon + focal / distance - top], 1)
    angle = np.linspace(0, 2 * math.pi, 9, endpoint=False)
    radius = rng.uniform(0.7, 1.1, (count, 9)) * sizes[:, None]
    shape = np.stack([np.cos(angle)[None] * radius, np.sin(angle)[None] * radius * 0.62], -1)
    body = centres[:, None] - [0, 0.35] * sizes[:, None, None] + shape
    shadow = new_timber(width, picture.shape[0])
    cast = centres[:, None] + shape * [1.7, 0.35] - np.array([side, 0]) * sizes[:, None, None] * 1.1
    fill_by_tone(shadow, cast, np.full(count, 0.0))
    picture[:] = multiply(picture, triple(255 - multiply(shadow.cover, np.full_like(shadow.cover, 120))))
    rocks = new_timber(width, picture.shape[0])
    fill_by_tone(rocks, body, np.full(count, 0.25))
    fill_by_tone(
        rocks,
        (body - centres[:, None]) * 0.62 + centres[:, None] + np.array([side * 0.22, -0.34]) * sizes[:, None, None],
        rng.uniform(0.6, 1, count),
    )
    dark = lit(from_hex(colour) * 0.75, palette, 0.3)
    table = ramp(dark * 0.6, dark, lit(colour, palette, 1.0), np.clip(lit(colour, palette, 1.0) * 1.3, 0, 1))
    over(picture, rocks.coloured(table, SMOOTH))
