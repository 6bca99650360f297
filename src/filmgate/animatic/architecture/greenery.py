"""Trees that are planted along a street."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from filmgate.animatic.architecture.perspective import Perspective, plane_at
from filmgate.animatic.architecture.towers import Hour
from filmgate.animatic.architecture.wall import fade_into_air
from filmgate.animatic.colour import from_hex, to_pixels
from filmgate.animatic.layers import Layer
from filmgate.animatic.noise import spectral
from filmgate.animatic.raster import resize
from filmgate.animatic.scene import Brief

HEIGHT, CROWN = 6.6, 2.3  # metres: of the tree, and the radius of its crown
BESIDE_KERB = 0.78  # of the street's half width
CLUMPS = 16
FOLIAGE: Mapping[str | None, tuple[str, ...]] = MappingProxyType(
    {
        "autumn": ("c9722c", "d9a13a", "a8472a"),
        "spring": ("e6a8bc", "f0c4d0", "8fb46a"),
        "winter": ("8a8f94", "9aa0a4"),
        None: ("4c7a3c", "5f8f46", "3d6636"),
    }
)


def street_tree(road: Perspective, hour: Hour, side: int, depth: float, brief: Brief) -> Layer:
    """A trunk, and a crown of clumps of leaves that the light falls on from above."""
    rng, metre = brief.rng, road.metre * depth
    height, crown = max(8, int(HEIGHT * metre)), CROWN * metre
    width = max(6, int(crown * 2.2))
    middle = (width / 2, crown * 1.05)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    leaves = np.full((height, width), -1.0, np.float32)
    lit = np.zeros((height, width), np.float32)
    for _ in range(CLUMPS):
        angle, away, radius = rng.uniform(0, 2 * math.pi), rng.uniform(0, 0.62) * crown, rng.uniform(0.3, 0.5) * crown
        x, y = middle[0] + math.cos(angle) * away, middle[1] + math.sin(angle) * away * 0.8
        left, right = (int(np.clip(edge, 0, width)) for edge in (x - radius * 1.8, x + radius * 1.8))
        top, bottom = (int(np.clip(edge, 0, height)) for edge in (y - radius * 1.8, y + radius * 1.8))
        box = np.s_[top:bottom, left:right]
        inside = 1 - np.hypot(columns[box] - x, rows[box] - y) / radius
        shade = 0.5 - (rows[box] - y) / radius * 0.35 - (columns[box] - x) / radius * 0.15 * side
        lit[box] = np.where(inside > leaves[box], shade, lit[box])
        leaves[box] = np.maximum(leaves[box], inside)
    texture = resize(spectral(rng, (128, 128), 1.4, 6), width, height)
    cover = np.clip((leaves + (texture - 0.5) * 1.5) * 6, 0, 1)
    trunk = np.clip((0.11 * metre - np.abs(columns - middle[0])) + 0.5, 0, 1) * (rows > middle[1])
    options = FOLIAGE.get(brief.reading.season, FOLIAGE[None])
    green = from_hex(options[int(rng.integers(len(options)))]) * hour.facing(np.float32(0.55))
    bright = (0.62 + 0.9 * np.clip(lit + (texture - 0.5) * 0.7, 0, 1))[..., None]
    bark = from_hex("4a3c32") * hour.facing(np.float32(0.0))
    whole = np.maximum(cover, trunk)[..., None]
    colour = np.where(cover[..., None] > 0.02, green * bright, bark)
    x, y = road.screen(side * road.half_width * BESIDE_KERB, 0, depth)
    body = to_pixels(np.clip(np.dstack([colour * whole, whole]), 0, 1))
    return plane_at(road, fade_into_air(body, hour, depth), x - width / 2, y - height, depth)
