"""Trees that are planted along streets and between houses."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.architecture.hour import Hour
from filmgate.animatic.architecture.perspective import Perspective, plane_at
from filmgate.animatic.architecture.wall import fade_into_air
from filmgate.animatic.colour import from_hex, mix, to_pixels
from filmgate.animatic.layers import Layer
from filmgate.animatic.noise import spectral
from filmgate.animatic.raster import Floats, Pixels, resize
from filmgate.animatic.scene import Brief

HEIGHT, CROWN = 6.6, 2.3  # metres: of the tree, and the radius of its crown
BESIDE_KERB = 0.78  # of the street's half width
CLUMPS = 16
FOLIAGE: Mapping[str | None, tuple[str, ...]] = MappingProxyType(
    {
        "autumn": ("c9722c", "d9a13a", "a8472a"),
        "spring": ("e6a8bc", "f0c4d0", "8fb46a"),
        "winter": ("b4bcc4", "c4ccd4"),
        None: ("4c7a3c", "5f8f46", "3d6636"),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Leafage:
    """How the leaves of a tree look where they are in the shade and in the light."""

    shaded: Floats
    lit: Floats
    bark: Floats


def leafage(own: Floats, hour: Hour) -> Leafage:
    return Leafage(
        shaded=own * hour.facing(0.1) * np.float32(0.62),
        lit=own * hour.facing(0.8) * np.float32(1.25),
        bark=from_hex("4a3c32") * hour.facing(0.0),
    )


def draw_tree(
    rng: np.random.Generator, height_px: float, crown_px: float, look: Leafage, *, pointed: bool = False
) -> Pixels:
    """Premultiplied RGBA with the foot of the trunk in the middle of its lower edge.

    The crown, of radius `crown_px`, is made of clumps of leaves that the light falls on from above; a `pointed` tree
    is a cypress, leaves from its tip to the ground.
    """
    height, width = max(8, int(height_px)), max(6, int(crown_px * 2.3))
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    leaves = np.full((height, width), -1.0, np.float32)
    lit = np.zeros((height, width), np.float32)
    for x, y, radius in _clumps(rng, (height, width), crown_px, pointed):
        left, right = (int(np.clip(edge, 0, width)) for edge in (x - radius * 1.8, x + radius * 1.8))
        top, bottom = (int(np.clip(edge, 0, height)) for edge in (y - radius * 1.8, y + radius * 1.8))
        box = np.s_[top:bottom, left:right]
        inside = 1 - np.hypot(columns[box] - x, rows[box] - y) / radius
        shade = 0.5 - (rows[box] - y) / radius * 0.38 - (columns[box] - x) / radius * 0.16
        lit[box] = np.where(inside > leaves[box], shade, lit[box])
        leaves[box] = np.maximum(leaves[box], inside)
    texture = resize(spectral(rng, (64, 64), 1.2, 5), width, height)
    cover = np.clip((leaves + (texture - 0.5) * 1.5) * 6, 0, 1)
    trunk = np.clip(0.05 * crown_px - np.abs(columns - width / 2) + 0.5, 0, 1) * (rows > height - crown_px * 2)
    whole = np.maximum(cover, trunk)[..., None]
    bright = np.clip(lit + (texture - 0.5) * 0.8, 0, 1)[..., None]
    colour = np.where(cover[..., None] > 0.02, mix(look.shaded, look.lit, bright), look.bark)
    return to_pixels(np.clip(np.dstack([colour * whole, whole]), 0, 1))


def _clumps(
    rng: np.random.Generator, shape: tuple[int, int], crown: float, pointed: bool
) -> list[tuple[float, float, float]]:
    """(x, y, radius) of every clump of leaves."""
    height, width = shape
    if pointed:
        down = np.linspace(0.06, 0.94, CLUMPS)
        girth = np.sin(np.clip(down * 1.25, 0, 1) * math.pi / 2) * (1 - 0.35 * down)
        return [
            (width / 2 + float(rng.normal(0, 0.08)) * crown, height * float(at), crown * (0.25 + 0.75 * float(wide)))
            for at, wide in zip(down, girth, strict=True)
        ]
    angle, away = rng.uniform(0, 2 * math.pi, CLUMPS), rng.uniform(0, 0.62, CLUMPS) * crown
    radius = rng.uniform(0.3, 0.5, CLUMPS) * crown
    x, y = width / 2 + np.cos(angle) * away, crown * 1.05 + np.sin(angle) * away * 0.8
    return list(zip(x.tolist(), y.tolist(), radius.tolist(), strict=True))


def street_tree(road: Perspective, hour: Hour, side: int, depth: float, brief: Brief) -> Layer:
    """A tree on the pavement."""
    rng, metre = brief.rng, road.metre * depth
    season = "winter" if brief.reading.weather == "snow" else brief.reading.season
    options = FOLIAGE.get(season, FOLIAGE[None])
    look = leafage(from_hex(options[int(rng.integers(len(options)))]), hour)
    body = draw_tree(rng, HEIGHT * metre, CROWN * metre, look)
    x, y = road.screen(side * road.half_width * BESIDE_KERB, 0, depth)
    return plane_at(road, fade_into_air(body, hour, depth), x - body.shape[1] / 2, y - body.shape[0], depth)
