"""Cumulus: billowing relief seen from above, heaped towers seen from the side, and the colours of both."""

from __future__ import annotations

import math

import cv2
import numpy as np

from filmgate.animatic.colour import gradient, mix, smoothstep
from filmgate.animatic.noise import distort, spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import Floats, blur, blur_tile, resize

# Each size of puff: radius as a share of the tile, and how many there are. Small ones sit on large ones, like on a
# cauliflower.
PUFFS = ((0.105, 46), (0.062, 120), (0.034, 380), (0.018, 1000))
SINK = 0.42  # of its radius, by which a puff is sunk into the heap below it
BULGE = 0.74  # of its radius, to which a puff rises: flatter than a ball, whose sides would be cliffs
FORM_REDUCTION = 4  # large forms and shadows are soft, and found at a quarter of the size
SHADOW_STEPS = 14
PUFF_SIZES = (0.50, 0.30, 0.19)  # of those that cover the stem of a turret, as shares of its own puffs
PUFFS_PER_STEM = 1.3  # of each size, times its share


def billows(rng: np.random.Generator, size: int) -> Floats:
    """A tileable relief of heaped puffs, 0 in the valleys to 1 on the highest towers."""
    swell = enlarged(spectral(rng, (64, 64), 2.8, 1.5, 6), size)
    towers = smoothstep(0.30, 0.80, swell)
    heap = (towers * np.float32(0.10 * size)).astype(np.float32)
    for share, count in PUFFS:
        radius = share * size
        margin = math.ceil(radius * 1.3) + 1
        wide = np.pad(heap, margin, mode="wrap")
        places = rng.uniform(0, size, (count, 2))
        radii = radius * rng.uniform(0.7, 1.25, count)
        for (x, y), r in zip(places, radii, strict=True):
            base = float(heap[int(y), int(x)])
            _heap_puff(wide, float(x) + margin, float(y) + margin, float(r), base - float(r) * SINK)
        heap = _folded(wide, margin)
    sway = [spectral(rng, (256, 256), 1.8, 10, 80) - 0.5 for _ in range(2)]
    reach = size * 0.022
    heap = distort(heap, enlarged(sway[0], size) * reach, enlarged(sway[1], size) * reach)
    low, high = np.percentile(heap[::4, ::4], (1, 99.8))
    return np.clip((heap - low) / (high - low), 0, 1.1).astype(np.float32)


def enlarged(tile: Floats, size: int) -> Floats:
    """A tileable field at another size; it still tiles."""
    margin = 4
    padded = np.pad(tile, margin, mode="wrap")
    step = size / tile.shape[0]
    whole = resize(padded, round(padded.shape[1] * step), round(padded.shape[0] * step), cv2.INTER_CUBIC)
    first = round(margin * step)
    return whole[first : first + size, first : first + size]


def sunlight(height: Floats, towards: tuple[float, float, float], relief_px: float) -> tuple[Floats, Floats]:
    """How bright each spot of a tileable cloud relief is, 0..1: its large forms, and apart from them its small puffs.

    `towards` points to the light (tile x, tile y, up); `relief_px` is the height of 1.0 in tile pixels. Puffs are
    around 0.5.
    """
    light = np.array(towards, np.float32) / np.float32(np.linalg.norm(towards))
    size, step = len(height), FORM_REDUCTION
    small = np.ascontiguousarray(blur_tile(height, step * 0.4)[::step, ::step])
    broad, around = blur_tile(small, len(small) / 100), blur_tile(small, len(small) / 32)
    raised = broad * np.float32(relief_px / step)
    form = _facing(raised, light)
    diffuse = np.clip(form * 0.60 + 0.40, 0, 1)  # cloud is never black: light soaks through it
    open_sky = np.clip(0.5 + (broad - around) * 2.6, 0, 1)
    shadow = blur_tile(_shadow(raised, light), 1.6)
    bright = diffuse * (0.35 + 0.65 * shadow) * 0.60 + open_sky * 0.18 + broad * 0.22
    low, high = np.percentile(bright, (2, 98.5))
    bright = np.clip(0.08 + 0.92 * (bright - low) / (high - low), 0, 1)  # shade keeps room for puffs darker still
    detail = _facing(height * np.float32(relief_px), light) - enlarged(form, size)
    puffs = 0.5 + detail * 0.42 + (height - enlarged(broad, size)) * 0.9
    return enlarged(bright.astype(np.float32), size), np.clip(puffs, 0, 1)


def lit_colours(palette: Palette, brightness: Floats) -> Floats:
    """The colour of cloud for how much light it gets: from its shaded folds to where the sun strikes it."""
    shade = mix(palette.cloud_shade, palette.sky[1], 0.30)
    middle = mix(palette.cloud_shade, palette.cloud_lit, 0.45)
    hot = mix(palette.cloud_lit, palette.sun, 0.55)
    later = 0.12 * float(smoothstep(0.4, 0.7, palette.sun_height))  # a low sun reaches fewer of the folds
    stops = [(0.10, shade * 0.80), (0.38 + later, middle), (0.66 + later, palette.cloud_lit), (0.90 + later, hot)]
    table = gradient(stops, np.linspace(0, 1, 256, dtype=np.float32))
    return table[np.clip(brightness * 255, 0, 255).astype(np.uint8)]


def tower(
    rng: np.random.Generator, width: int, height: int, towards: tuple[float, float], turrets: int
) -> tuple[Floats, Floats]:
    """A heap of cumulus from the side, standing on the lower edge: brightness 0..1 and coverage 0..1.

    `towards` points on screen to the light. The middle one of the `turrets` is the highest.
    """
    nearest = np.full((height, width), -1e3, np.float32)
    bright = np.zeros((height, width), np.float32)
    light = np.array([towards[0], towards[1], 0.50], np.float32)
    light /= np.float32(np.linalg.norm(light))
    order = (np.arange(turrets) + rng.uniform(-0.25, 0.25, turrets) + 0.5) / turrets
    for centre in rng.permutation(order):
        aside = abs(float(centre) - 0.5) * 2
        top = (1 - aside**1.3 * rng.uniform(0.7, 1.0)) * rng.uniform(0.82, 1.0)
        girth = min(height * 0.34, width / turrets * 0.95) * (0.55 + 0.6 * top)
        for puff in _turret(rng, (0.12 + 0.76 * float(centre)) * width, height, max(0.12, top) * 0.92, girth):
            _stamp_puff(nearest, bright, puff, light)
    coverage = (nearest > -1e2).astype(np.float32)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    reach = min(width, height) * 0.10
    for scale in (1.0, 0.4):
        fray = [resize(spectral(rng, (128, 128), 1.7, 4 / scale), width, height) - 0.5 for _ in range(2)]
        map_x, map_y = columns + fray[0] * reach * scale, rows + fray[1] * reach * scale
        bright = cv2.remap(bright, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        coverage = cv2.remap(coverage, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    soft = max(0.6, min(width, height) * 0.006)
    coverage = smoothstep(0.25, 0.85, blur(coverage.astype(np.float32), soft))
    bright = blur(bright.astype(np.float32), soft * 0.8)
    return np.asarray(bright, np.float32), np.asarray(coverage, np.float32)


def _heap_puff(heap: Floats, x: float, y: float, radius: float, base: float) -> None:
    """Put one dome into a relief; lengths in pixels."""
    left, top = int(x - radius) + 1, int(y - radius) + 1
    right, bottom = int(x + radius) + 1, int(y + radius) + 1
    across = np.arange(left, right, dtype=np.float32) - np.float32(x)
    down = np.arange(top, bottom, dtype=np.float32) - np.float32(y)
    dome = np.float32(1) - (across[None, :] ** 2 + down[:, None] ** 2) / np.float32(radius * radius)
    window = heap[top:bottom, left:right]
    np.maximum(window, dome * np.float32(radius * BULGE) + np.float32(base), out=window, where=dome > 0)


def _folded(wide: Floats, margin: int) -> Floats:
    """A tile from one that was drawn beyond its edges: what lies outside comes in from the other side."""
    wide[margin : 2 * margin] = np.maximum(wide[margin : 2 * margin], wide[-margin:])
    wide[-2 * margin : -margin] = np.maximum(wide[-2 * margin : -margin], wide[:margin])
    wide[:, margin : 2 * margin] = np.maximum(wide[:, margin : 2 * margin], wide[:, -margin:])
    wide[:, -2 * margin : -margin] = np.maximum(wide[:, -2 * margin : -margin], wide[:, :margin])
    return np.ascontiguousarray(wide[margin:-margin, margin:-margin])


def _facing(raised: Floats, light: Floats) -> Floats:
    slope_x = (np.roll(raised, -1, 1) - np.roll(raised, 1, 1)) * np.float32(0.5)
    slope_y = (np.roll(raised, -1, 0) - np.roll(raised, 1, 0)) * np.float32(0.5)
    return (light[2] - slope_x * light[0] - slope_y * light[1]) / np.sqrt(slope_x**2 + slope_y**2 + np.float32(1))


def _shadow(raised: Floats, light: Floats) -> Floats:
    """1 in the open, down to 0 deep in a cast shadow; soft, because cloud has no edge."""
    level = math.hypot(float(light[0]), float(light[1])) + 1e-6
    climb = float(light[2]) / level
    depth = np.zeros_like(raised)
    for step in range(1, SHADOW_STEPS + 1):
        reach = step * (1 + step * 0.10)
        shift = (round(-float(light[1]) / level * reach), round(-float(light[0]) / level * reach))
        depth = np.maximum(depth, (np.roll(raised, shift, (0, 1)) - raised - climb * reach) / (2 + 0.5 * reach))
    return 1 - np.clip(depth, 0, 1)


def _turret(rng: np.random.Generator, middle: float, height: int, top: float, girth: float) -> Floats:
    """x, y, nearness and radius of the puffs of one turret: a stem of large ones, and small ones all over it."""
    steps = max(3, round(height * top / (girth * 0.42)))
    level = np.linspace(0, 1, steps)
    radius = girth * (0.62 - 0.26 * level + rng.uniform(-0.08, 0.08, steps))
    x = middle + girth * (rng.normal(0, 0.25) * level + rng.normal(0, 0.22, steps) * (1 - 0.5 * level))
    stem = np.stack([x, height - level * (height * top - radius), girth * rng.normal(0, 0.2, steps), radius], 1)
    puffs = [stem]
    for share in PUFF_SIZES:
        number = int(steps * PUFFS_PER_STEM / share)
        of = stem[rng.integers(0, steps, number)]
        turn, rise = rng.uniform(-1.96, 1.96, number), rng.uniform(-0.9, 0.9, number)
        reach = of[:, 3] * (1.0 - share * 0.35)
        outwards = np.stack([np.sin(turn) * np.cos(rise), -np.sin(rise), np.cos(turn) * np.cos(rise)], 1)
        size = of[:, 3] * share * rng.uniform(0.8, 1.2, number)
        puffs.append(np.concatenate([of[:, :3] + outwards * reach[:, None], size[:, None]], 1))
    return np.concatenate(puffs)


def _stamp_puff(nearest: Floats, bright: Floats, puff: Floats, light: Floats) -> None:
    """Put a ball into the picture where it is nearer than what is there already."""
    x, y, z, radius = (float(value) for value in puff)
    height, width = nearest.shape
    left, right = max(0, int(x - radius)), min(width, int(x + radius) + 2)
    top, bottom = max(0, int(y - radius)), min(height, int(y + radius) + 2)
    if right <= left or bottom <= top:
        return
    across = (np.arange(left, right, dtype=np.float32) - np.float32(x)) / np.float32(radius)
    down = (np.arange(top, bottom, dtype=np.float32) - np.float32(y)) / np.float32(radius)
    square = across[None, :] ** 2 + down[:, None] ** 2
    bulge = np.sqrt(np.clip(1 - square, 0, 1))
    front = z + bulge * radius
    window = np.s_[top:bottom, left:right]
    shown = (square < 1) & (front > nearest[window])
    facing = across[None, :] * light[0] + down[:, None] * light[1] + bulge * light[2]
    level = 1 - np.arange(top, bottom, dtype=np.float32)[:, None] / height
    value = np.clip(0.30 + 0.52 * facing + 0.24 * level, 0, 1)
    nearest[window] = np.where(shown, front, nearest[window])
    bright[window] = np.where(shown, value, bright[window])
