"""Trees on open land: each stands where the land carries it, in the size of its distance, with its shadow."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.land.land import MOST_HAZE, Slice, Survey, haze_at
from filmgate.animatic.palettes import Palette
from filmgate.animatic.plants.growths import SNOWY, SPRUCE, Growth, bark_ramp, leaf_ramps
from filmgate.animatic.plants.leaves import (
    NEEDLES,
    Canopy,
    Crown,
    LeafTile,
    conifer_crown,
    leaf_tile,
    leafy,
    new_canopy,
    round_crown,
)
from filmgate.animatic.plants.wood import Timber, bare_tree, bark_tile, draw_limb, draw_trunk, new_timber, trunk_path
from filmgate.animatic.raster import Pixels, blur, over_rgba

HAZES = 6
LEAF_SIZES = (3.0, 4.5, 7.0)  # pixels at 720p, for small, middling and large trees


@dataclass(frozen=True, slots=True)
class Grove:
    """One tree: `kind` is round, conifer or acacia; lengths in eye heights; `grand` ones are seen in detail."""

    kind: str
    x: float
    distance: float
    height: float
    grand: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Nursery:
    """What every tree is made of. Colours are kept for a few degrees of haze."""

    growth: Growth
    crowns: tuple[Crown, ...]
    umbrellas: tuple[Crown, ...]
    conifers: tuple[Crown, ...]
    bare: tuple[Pixels, ...]
    bark: Pixels
    leaves: tuple[LeafTile, ...]  # of LEAF_SIZES
    needles: tuple[LeafTile, ...]
    leaf_ramps: tuple[tuple[Pixels, Pixels], ...]
    needle_ramps: tuple[tuple[Pixels, Pixels], ...]
    bark_ramps: tuple[Pixels, ...]


def plant(
    land: Survey, slices: list[Slice], trees: list[Grove], growth: Growth, palette: Palette, rng: np.random.Generator
) -> None:
    """Draw `trees` (far ones first) onto the slices that carry them."""
    nursery = _nursery(growth, palette, land.lens.canvas.unit, rng)
    for tree in trees:
        column, row, hidden = land.stand(tree.x, tree.distance)
        tall = tree.height * land.lens.focal / tree.distance
        if hidden and not tree.grand:
            continue
        for plane in reversed(slices):
            if plane.nearest <= tree.distance < plane.nearest * 3.4 and tall >= 3:
                _shade(plane, column, row, tall, 60.0 if palette.sun_hidden or palette.dark else 120.0)
                sprite, foot = _tree(nursery, tree, tall, rng)
                plane.put(sprite, column - sprite.shape[1] / 2, row - foot)
                break


def _nursery(growth: Growth, palette: Palette, unit: float, rng: np.random.Generator) -> _Nursery:
    levels = [index / (HAZES - 1) * MOST_HAZE for index in range(HAZES)]
    leaves, needles = leaf_tile(rng, growth.shape), leaf_tile(rng, NEEDLES)
    evergreen = SNOWY if growth.bare else SPRUCE
    return _Nursery(
        growth=growth,
        crowns=tuple(round_crown(rng) for _ in range(4)),
        umbrellas=tuple(round_crown(rng, flatness=0.8) for _ in range(2)),
        conifers=tuple(conifer_crown(rng) for _ in range(2)),
        bare=tuple(bare_tree(rng) for _ in range(2)) if growth.bare else (),
        bark=bark_tile(rng, unit),
        leaves=tuple(leaves.scaled(size * unit) for size in LEAF_SIZES),
        needles=tuple(needles.scaled(size * unit) for size in LEAF_SIZES),
        leaf_ramps=tuple(leaf_ramps(growth.leaves, palette, palette.haze, level) for level in levels),
        needle_ramps=tuple(leaf_ramps(evergreen, palette, palette.haze, level) for level in levels),
        bark_ramps=tuple(bark_ramp(growth.bark, palette, palette.haze, level) for level in levels),
    )


def _shade(plane: Slice, column: float, row: float, tall: float, strength: float) -> None:
    """A soft pool of shadow at the foot."""
    half_width, half_height = max(2, int(tall * 0.50)), max(1, int(tall * 0.07))
    margin = max(2, half_height)
    mask = np.zeros((2 * (half_height + margin) + 1, 2 * (half_width + margin) + 1), np.uint8)
    centre = (mask.shape[1] // 2, mask.shape[0] // 2)
    cv2.ellipse(mask, centre, (half_width, half_height), 0.0, 0.0, 360.0, (strength,), -1, cv2.LINE_AA)
    shadow = blur(mask, max(0.8, half_height * 0.6))
    plane.shade(shadow, column - centre[0], row - centre[1])


def _tree(nursery: _Nursery, tree: Grove, tall: float, rng: np.random.Generator) -> tuple[Pixels, float]:
    """A premultiplied RGBA sprite, its foot in the middle of row `foot`."""
    width, height = int(tall * 1.5) + 8, int(tall * 1.15) + 6
    foot, middle = height - 3.0, width / 2
    haze = round(haze_at(tree.distance) / MOST_HAZE * (HAZES - 1))
    size = 0 if tall < 45 else 1 if tall < 110 else 2
    timber, canopy = new_timber(width, height), new_canopy(width, height, 1 if tall < 60 else 2)
    growth = nursery.growth
    flipped = bool(rng.uniform() < 0.5)
    if tree.kind == "conifer":
        path, half = trunk_path(rng, middle, foot, foot - tall * 0.8, tall * 0.05)
        draw_trunk(timber, path, half, 0.5, 0.7)
        wide = tall * float(rng.uniform(0.34, 0.44))
        crown = nursery.conifers[int(rng.integers(len(nursery.conifers)))]
        canopy.plant(crown, (middle - wide / 2, foot - tall, wide, tall * 0.97), float(rng.uniform()), flipped=flipped)
        leaves = leafy(canopy, (width, height), nursery.needles[size], nursery.needle_ramps[haze])
    else:
        bushy = _broadleaf(nursery, tree, (timber, canopy), (middle, foot, tall), rng)
        leaves = leafy(bushy, (width, height), nursery.leaves[size], nursery.leaf_ramps[haze])
    wood = timber.coloured(nursery.bark_ramps[haze], nursery.bark)
    return (wood if growth.bare and tree.kind != "conifer" else over_rgba(wood, leaves)), foot


def _broadleaf(
    nursery: _Nursery,
    tree: Grove,
    planes: tuple[Timber, Canopy],
    place: tuple[float, float, float],
    rng: np.random.Generator,
) -> Canopy:
    timber, canopy = planes
    middle, foot, tall = place
    growth, flat = nursery.growth, tree.kind == "acacia"
    girth = tall * (0.04 if flat else 0.055)
    path, half = trunk_path(rng, middle, foot, foot - tall * (0.62 if flat else 0.5), girth, 0.4)
    if growth.bare:
        mask = nursery.bare[int(rng.integers(len(nursery.bare)))]
        wide = tall * 1.1
        timber.stamp(mask, (middle - wide / 2, foot - tall, wide, tall), 0.3)
        return canopy
    draw_trunk(timber, path, half, 0.6, 0.85)
    hue = float(np.clip(rng.normal(0.45, 0.35), 0, 1))
    crowns = nursery.umbrellas if flat else nursery.crowns
    spread, thick = (1.25, 0.30) if flat else (0.95, 0.72)
    lobes = 5 if tree.grand else 2
    for index in range(lobes):
        aside = (index / max(1, lobes - 1) - 0.5) * (0.75 if flat else 0.42)
        size = tall * spread * (0.5 if tree.grand else 0.72) * float(rng.uniform(0.85, 1.15))
        top = foot - tall * (1.0 - (0.04 if flat else 0.16 * abs(aside) * 4)) + tall * float(rng.uniform(-0.02, 0.08))
        x = middle + aside * tall
        draw_limb(timber, path[10], np.array([x, top + size * thick * 0.5]), girth * 0.5, 0.3)
        box = (x - size / 2, top, size, size * thick * (1.25 if not flat else 1.0))
        crown = crowns[int(rng.integers(len(crowns)))]
        canopy.plant(crown, box, hue, flipped=bool(rng.uniform() < 0.5))
    if not flat:
        size = tall * 0.95
        box = (middle - size / 2, foot - tall * 0.93, size, tall * 0.78)
        canopy.plant(crowns[int(rng.integers(len(crowns)))], box, hue, flipped=False)
    return canopy
