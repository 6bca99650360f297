"""The strip of stems at the lower edge: grass with its ears and flowers, each colour one batch of polygons."""

from __future__ import annotations

import math

import numpy as np

from filmgate.animatic.land.crops import Crop
from filmgate.animatic.layers import overhang_width
from filmgate.animatic.noise import curve
from filmgate.animatic.palettes import Palette
from filmgate.animatic.plants.growths import lit
from filmgate.animatic.plants.leaves import ramp
from filmgate.animatic.plants.swards import Sward
from filmgate.animatic.plants.undergrowth import draw_grass
from filmgate.animatic.plants.wood import Timber, fill_by_tone, new_timber
from filmgate.animatic.raster import Canvas, Floats, Pixels, Points, over_rgba

BLADES_PER_BASE = 520
DEPTH = 0.97
BELOW = 0.10  # of the base, that the strip reaches under the frame
CORE = {"sunflower": ("5a3418", 0.42), "daisy": ("f0b428", 0.36), "poppy": ("241418", 0.24)}
SIZE = {"ear": 17.0, "poppy": 10.0, "daisy": 7.0, "sunflower": 34.0, "tulip": 14.0, "spike": 22.0}  # radius at 720p


def build_stems(
    canvas: Canvas, palette: Palette, crop: Crop, horizon: float, wind: float, rng: np.random.Generator
) -> Sward:
    base, unit = canvas.base, canvas.unit
    width, foot = overhang_width(canvas), (crop.tall * 1.25 + 0.06) * base
    height = max(8, int(foot + BELOW * base))
    stems = new_timber(width, height)
    count = int(BLADES_PER_BASE * width / base)
    columns = rng.uniform(0, width, count)
    low = _profile(columns, width, rng)
    feet = np.sort(foot + rng.uniform(0.0, 0.9, count) * BELOW * base)
    heights = crop.tall * base * low * rng.uniform(0.45, 1.0, count) + 6 * unit + feet - foot
    draw_grass(rng, stems, columns, feet, heights, (1.9 if crop.head == "ear" else 2.1) * unit)
    pixels = _coloured(
        stems, *(lit(colour, palette, sun) for colour, sun in zip(crop.stems, (0, 0.3, 0.8, 1), strict=True))
    )
    if crop.head != "none" and crop.heads:
        pixels = _with_heads(pixels, canvas, palette, crop, foot, rng)
    return Sward(pixels, canvas.height - foot, foot, DEPTH, canvas, horizon, wind, float(rng.uniform(0, 6.28)))


def _profile(columns: Floats, width: int, rng: np.random.Generator) -> Floats:
    """How tall stems grow at each column: low in the middle, where someone may stand, and in tufts."""
    aside = np.abs(columns / width - 0.5) * 2
    tufts = np.interp(columns, np.linspace(0, width, 256), curve(rng, 256, 5, 9))
    return (0.42 + 0.58 * np.clip(aside * 1.6 - 0.2, 0, 1)) * (0.55 + 0.45 * tufts)


def _with_heads(
    pixels: Pixels, canvas: Canvas, palette: Palette, crop: Crop, foot: float, rng: np.random.Generator
) -> Pixels:
    """Stalks with what they bear, in as many batches as there are colours."""
    height, width = pixels.shape[:2]
    base, unit = canvas.base, canvas.unit
    size = SIZE[crop.head] * unit
    for colour in crop.heads:
        count = max(1, int(crop.heads_per_base * width / base / len(crop.heads)))
        columns = rng.uniform(0, width, count)
        stalks = crop.tall * base * _profile(columns, width, rng) * rng.uniform(0.75, 1.25, count)
        feet = np.full(count, foot + 0.4 * BELOW * base)
        stalk = new_timber(width, height)
        tips = draw_grass(rng, stalk, columns, feet, stalks + 0.3 * BELOW * base, 1.6 * unit)
        stops = (lit(crop.stems[index], palette, 0.4 + 0.15 * index) for index in range(4))
        pixels = over_rgba(pixels, _coloured(stalk, *stops))
        sizes = size * rng.uniform(0.7, 1.15, count)
        pixels = over_rgba(pixels, flower_heads(crop.head, tips, sizes, colour, palette, (width, height), rng))
    return pixels


def flower_heads(
    head: str,
    tips: Points,
    sizes: Floats,
    colour: str,
    palette: Palette,
    plane: tuple[int, int],
    rng: np.random.Generator,
) -> Pixels:
    """Heads of one colour on a plane (width, height), premultiplied RGBA; `sizes` are their radii in pixels."""
    heads = new_timber(*plane)
    fill_by_tone(heads, *_petals(head, tips, sizes, rng))
    bright = lit(colour, palette, 1.0)
    pixels = _coloured(heads, bright * 0.42, bright * 0.72, bright, np.clip(bright * 1.15, 0, 1))
    if head not in CORE:
        return pixels
    core, share = CORE[head]
    cores = new_timber(*plane)
    fill_by_tone(cores, _discs(tips, sizes * share), rng.uniform(0.35, 0.9, len(tips)))
    dark = lit(core, palette, 0.8)
    return over_rgba(pixels, _coloured(cores, dark * 0.5, dark * 0.8, dark, dark))


def _petals(head: str, tips: Points, sizes: Floats, rng: np.random.Generator) -> tuple[Points, Floats]:
    """Polygons (n, corners, 2) and their tones for all heads of one colour."""
    if head == "ear":
        return _ears(tips, sizes, rng)
    if head == "spike":
        return _spikes(tips, sizes, rng)
    if head == "tulip":
        shape = np.array(
            [
                [-0.5, -0.1],
                [-0.62, -1.0],
                [-0.28, -0.62],
                [0, -1.1],
                [0.28, -0.62],
                [0.62, -1.0],
                [0.5, -0.1],
                [0, 0.15],
            ]
        )
        cups = tips[:, None] + shape[None] * sizes[:, None, None]
        halves = tips[:, None] + (shape * [0.45, 0.95] + [0.12, 0])[None] * sizes[:, None, None]
        return np.concatenate([cups, halves]), np.concatenate(
            [rng.uniform(0.3, 0.55, len(tips)), rng.uniform(0.6, 1, len(tips))]
        )
    count, width = {"sunflower": (17, 0.16), "daisy": (9, 0.30), "poppy": (5, 0.62)}[head]
    return _rosettes(tips, sizes, count, width, rng)


def _rosettes(tips: Points, sizes: Floats, count: int, width: float, rng: np.random.Generator) -> tuple[Points, Floats]:
    """Flowers seen a little from above: a ring of petals, flattened."""
    angle = np.linspace(0, 2 * math.pi, count, endpoint=False)[None] + rng.uniform(0, 6.28, (len(tips), 1))
    petal = np.array([[0.15, 0], [0.6, 0.5], [0.95, 0.28], [1.0, 0], [0.95, -0.28], [0.6, -0.5]]) * [1, 2 * width]
    cosine, sine = np.cos(angle)[..., None], np.sin(angle)[..., None]
    x = petal[:, 0] * cosine - petal[:, 1] * sine
    y = (petal[:, 0] * sine + petal[:, 1] * cosine) * 0.8
    outlines = np.stack([x, y], -1) * sizes[:, None, None, None] + tips[:, None, None]
    tones = np.clip(0.62 - 0.28 * np.sin(angle) + rng.uniform(-0.15, 0.15, angle.shape), 0, 1)
    return outlines.reshape(-1, len(petal), 2), tones.ravel()


def _ears(tips: Points, sizes: Floats, rng: np.random.Generator) -> tuple[Points, Floats]:
    """Two rows of grains along a nodding tip, and the beard."""
    grains = 7
    share = np.linspace(0, 1, grains)
    nod = rng.normal(0, 0.5, len(tips))[:, None]
    x = nod * share**2 * 0.9
    middle = np.stack([x, np.broadcast_to(0.25 - share * 1.9, x.shape)], -1)
    parts: list[Points] = []
    tones: list[Floats] = []
    for side in (-1.0, 1.0):
        grain = np.array([[0, 0.16], [0.24 * side, -0.06], [0.13 * side, -0.34], [0, -0.14]])
        awn = np.array([[0.04 * side, -0.1], [0.42 * side, -1.15], [0.44 * side, -1.15], [0.12 * side, -0.1]])
        for shape, low, high in ((grain, 0.45, 1.0), (awn, 0.3, 0.7)):
            placed = (middle[:, :, None] + shape) * sizes[:, None, None, None] + tips[:, None, None]
            parts.append(placed.reshape(-1, 4, 2))
            tones.append(rng.uniform(low, high, len(parts[-1])))
    return np.concatenate(parts), np.concatenate(tones)


def _spikes(tips: Points, sizes: Floats, rng: np.random.Generator) -> tuple[Points, Floats]:
    """Whorls of small blossoms up a stalk, as lavender bears."""
    whorls = 8
    share = np.linspace(0, 1, whorls)
    jitter = rng.normal(0, 0.07, (len(tips), whorls, 2))
    middle = np.stack([np.zeros(whorls), 0.4 - share * 2.0], -1)[None] + jitter
    blossom = np.array([[-0.30, 0], [0, -0.22], [0.30, 0], [0, 0.20]]) * 1.0
    taper = (1.05 - 0.55 * share)[None, :, None, None]
    outlines = (middle[:, :, None] + blossom * taper) * sizes[:, None, None, None] + tips[:, None, None]
    return outlines.reshape(-1, 4, 2), np.clip(rng.uniform(0.25, 0.8, len(tips) * whorls), 0, 1)


def _discs(centres: Points, radii: Floats) -> Points:
    angle = np.linspace(0, 2 * math.pi, 12, endpoint=False)
    return centres[:, None] + np.stack([np.cos(angle), np.sin(angle) * 0.8], 1)[None] * radii[:, None, None]


def _coloured(timber: Timber, *stops: Floats) -> Pixels:
    smooth = np.full((8, 8), 170, np.uint8)  # 170 is what keeps a tone as it is
    return timber.coloured(ramp(*stops), smooth)
