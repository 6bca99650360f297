"""What frames a forest: great trunks at both sides, boughs that hang in, ferns and grass at our feet."""

from __future__ import annotations

import math

import numpy as np

from filmgate.animatic.colour import mix
from filmgate.animatic.land.desertlife import palm_frond
from filmgate.animatic.layers import overhang_width
from filmgate.animatic.noise import curve
from filmgate.animatic.plants.growths import bark_ramp, leaf_ramps, lit
from filmgate.animatic.plants.leaves import leafy, new_canopy, ramp
from filmgate.animatic.plants.stands import SWAY, Models, Setting, Stand
from filmgate.animatic.plants.undergrowth import draw_fern, draw_grass
from filmgate.animatic.plants.wood import (
    Timber,
    draw_birch_marks,
    draw_culm,
    draw_limb,
    draw_trunk,
    fill_by_tone,
    new_timber,
    trunk_path,
)
from filmgate.animatic.raster import Pixels, over_rgba

DEPTH = 0.92
SHADE = 0.55  # the nearest things stand in the shade and are darker


def build_foreground(models: Models, setting: Setting, rng: np.random.Generator) -> tuple[Stand, ...]:
    """Pieces in painting order, each no larger than what it shows."""
    pieces = [_trunks(models, setting, side, rng) for side in (-1, 1)]
    if models.growth.vines:
        pieces += [_fronds(models, setting, side, rng) for side in (-1, 1)]
    elif not models.growth.bare:
        pieces += [_bough(models, setting, side, rng) for side in (-1, 1)]
    return (*pieces, _feet(models, setting, rng))


def _stand(
    pixels: Pixels, setting: Setting, corner: tuple[float, float], foot: float, sway: float, phase: float
) -> Stand:
    return Stand(
        pixels=np.ascontiguousarray(pixels),
        depth=DEPTH,
        left=corner[0],
        top=corner[1],
        foot=foot - corner[1],
        canvas=setting.canvas,
        horizon=setting.horizon,
        sway=sway * setting.wind,
        phase=phase,
    )


def _trunks(models: Models, setting: Setting, side: int, rng: np.random.Generator) -> Stand:
    """One or two trunks, whole height, at the left (-1) or the right (1) edge."""
    canvas, growth = setting.canvas, models.growth
    base, unit = canvas.base, canvas.unit
    width, height = max(8, int(0.30 * base)), int(canvas.height + 0.05 * base)
    timber = new_timber(width, height)
    count = 3 if growth.trunks == "culm" else 1
    for index in range(count):
        girth = float(rng.uniform(46, 66)) * unit * growth.girth * (0.75 if index else 1.0)
        x = width * (0.5 + (index - (count - 1) / 2) * 0.30) + float(rng.normal(0, 0.03)) * width
        gnarl = 0.0 if growth.trunks == "culm" else 0.8
        path, half = trunk_path(rng, x, height - 0.01 * base, -0.02 * base, girth, gnarl)
        if growth.trunks == "culm":
            draw_culm(
                timber, path, np.full_like(half, girth * 0.42), -side, 0.9, 150 * unit * float(rng.uniform(0.9, 1.2))
            )
            continue
        draw_trunk(timber, path, half, -side, 0.9)
        if growth.trunks == "birch":
            draw_birch_marks(rng, timber, path, half)
        for _ in range(2):
            node = int(rng.integers(8, 15))
            end = path[node] + [-side * width * float(rng.uniform(0.25, 0.5)), -float(rng.uniform(0.05, 0.16)) * base]
            draw_limb(timber, path[node], end, float(half[node]) * 0.6, 0.22)
    bark = timber.coloured(bark_ramp(growth.bark, setting.palette, setting.palette.near, 0.35), models.bark)
    inset = float(rng.uniform(0.03, 0.12)) * base
    left = inset - width * 0.35 if side < 0 else canvas.width - width * 0.65 - inset
    return _stand(bark, setting, (left, -0.02 * base), height, SWAY * 0.15, float(rng.uniform(0, 6)))


def _bough(models: Models, setting: Setting, side: int, rng: np.random.Generator) -> Stand:
    """Leaves that hang into an upper corner; they turn about the edge of the frame."""
    canvas, growth = setting.canvas, models.growth
    base = canvas.base
    width, height = max(16, int(0.66 * base)), max(16, int(0.36 * base))
    canopy, timber = new_canopy(width, height, 2), new_timber(width, height)
    root = np.array([0.0 if side < 0 else width, height * 0.12])
    for reach in np.linspace(0.35, 1.0, 4):
        hangs = height * (0.62 - 0.42 * reach + float(rng.normal(0, 0.05)))
        end = root + np.array([-side * width * reach * 0.86, hangs])
        draw_limb(timber, root, end, 0.016 * base, 0.25)
        for share in np.linspace(0.2, 1.0, 4):
            x, y = root + (end - root) * share + rng.normal(0, 0.03, 2) * base
            size = float(rng.uniform(0.13, 0.22)) * base * (1.15 - 0.4 * share)
            box = (x - size / 2, y - size * 0.3, size, size * 0.62)
            crown = models.crowns[int(rng.integers(len(models.crowns)))]
            canopy.plant(crown, box, float(rng.uniform()), flipped=bool(rng.uniform() < 0.5))
    palette = setting.palette
    ramps = leaf_ramps(growth.leaves, palette, palette.near * SHADE, 0.30 if not palette.dark else 0.62)
    bark = timber.coloured(bark_ramp(growth.bark, palette, palette.near, 0.5), models.bark)
    leaves = leafy(canopy, (width, height), models.leaves.scaled(growth.leaf_px * 1.9 * canvas.unit), ramps)
    left = -0.10 * base if side < 0 else canvas.width - width + 0.10 * base
    top = -0.11 * base
    return _stand(over_rgba(bark, leaves), setting, (left, top), top, SWAY * 2.2, float(rng.uniform(0, 6)))


def _fronds(models: Models, setting: Setting, side: int, rng: np.random.Generator) -> Stand:
    """Palm fronds that reach in from an edge of the frame."""
    canvas, palette, base = setting.canvas, setting.palette, setting.canvas.base
    width, height = max(16, int(0.48 * base)), max(16, int(0.56 * base))
    timber = new_timber(width, height)
    root = np.array([0.0 if side < 0 else width, height * 0.42])
    for heading in np.linspace(-1.15, 0.75, 6) + rng.normal(0, 0.08, 6):
        turned = float(heading) if side < 0 else math.pi - float(heading)
        leaflets = palm_frond(root, turned, base * float(rng.uniform(0.34, 0.46)))
        shade = float(rng.uniform(0.35, 0.9))
        fill_by_tone(timber, leaflets, np.linspace(shade * 0.5, shade, len(leaflets)))
    near = palette.near * SHADE
    stops = [mix(lit(models.growth.leaves[0][index], palette, 0.3 * index), near, 0.4) for index in range(4)]
    pixels = timber.coloured(ramp(*stops), models.bark)
    left, top = (-0.06 * base if side < 0 else canvas.width - width + 0.06 * base), -0.10 * base
    return _stand(pixels, setting, (left, top), top + height, SWAY * 2.2, float(rng.uniform(0, 6)))


def _feet(models: Models, setting: Setting, rng: np.random.Generator) -> Stand:
    """Grass, and ferns where they grow, along the lower edge; the middle stays low for whoever stands there."""
    canvas, growth, palette = setting.canvas, models.growth, setting.palette
    base, unit = canvas.base, canvas.unit
    width, height = overhang_width(canvas), max(8, int(0.30 * base))
    timber = new_timber(width, height)
    foot = 0.20 * base
    count = int(950 * width / (1715 * unit))
    columns = rng.uniform(0, width, count)
    aside = np.abs(columns / width - 0.5) * 2
    tufts = np.interp(columns, np.linspace(0, width, 256), curve(rng, 256, 4, 7))
    heights = (18 + 46 * aside**1.5) * unit * (0.35 + 0.9 * tufts) * rng.uniform(0.6, 1.2, count)
    feet = foot + rng.uniform(0.02, 0.10, count) * base
    if growth.ferns:
        _ferns(timber, foot, base, rng)
    draw_grass(rng, timber, columns, feet, heights, 2.0 * unit)
    dark = lit(growth.undergrowth[0][0], palette, 0.1)
    stops = [lit(growth.undergrowth[index % 2][index], palette, 0.25 + 0.2 * index) for index in (1, 2, 3)]
    near = 0.62 if palette.dark else 0.30
    table = ramp(*(stop + (palette.near * SHADE - stop) * near for stop in (dark, *stops)))
    pixels = timber.coloured(table, models.bark)
    left, top = (canvas.width - width) / 2, canvas.height - foot - 0.055 * base
    return _stand(pixels, setting, (left, top), top + height, SWAY * 3.0, float(rng.uniform(0, 6)))


def _ferns(timber: Timber, foot: float, base: float, rng: np.random.Generator) -> None:
    width = timber.cover.shape[1]
    for x in rng.uniform(0, width, int(13 * width / (1.75 * base))):
        aside = abs(x / width - 0.5) * 2
        if aside > 0.28:
            draw_fern(
                rng, timber, float(x), foot + 0.06 * base, base * float(rng.uniform(0.09, 0.16)) * (0.6 + 0.6 * aside)
            )
