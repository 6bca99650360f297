"""What lives in the water."""

from __future__ import annotations

import math
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.actors import Mover, still
from filmgate.animatic.figures.puppet import Shape, capsule, ellipse, outline, point, standing
from filmgate.animatic.figures.role import Castings, Member, one_by_one
from filmgate.animatic.raster import Matrix


def _leaper(member: Member, kind: str, size: float, period: float) -> Mover:
    """Out of the water, over, and in again; the water hides what is below its surface."""
    role = member.role

    def leap(seconds: float) -> Matrix:
        share = min(1.0, ((seconds + 0.9 * member.index) / period + 0.15) % 1.35)
        rise = math.sin(share * math.pi) * size * 0.62 - size * 0.38
        x = member.x + member.facing * size * 1.3 * (share - 0.5)
        return standing(x, role.y - rise, size, member.facing, (share - 0.5) * 2.1 * member.facing)

    sinks = role.where == "water"
    return Mover(role.where, role.setting, still(whale_shapes(kind)), leap, surface=role.y if sinks else None)


def _whale(member: Member) -> Mover:
    return _leaper(member, "whale", member.role.size * 2.2, 3.2)


def _dolphin(member: Member) -> Mover:
    return _leaper(member, "dolphin", member.role.size * 1.15, 2.0)


def whale_shapes(kind: str) -> list[Shape]:
    """A whale or dolphin arched in mid-leap, nose to the right, length about one."""
    colour = from_hex("4a5a68" if kind == "whale" else "6f8290")
    pale = from_hex("c9d2d6")
    depth = 0.125 if kind == "whale" else 0.085
    along = np.linspace(0, 1, 26)
    arch = 0.10 * np.sin(along * math.pi)
    thickness = depth * np.sin(np.clip(along * 0.93 + 0.07, 0, 1) * math.pi) ** 0.62 * (1.15 - 0.35 * (1 - along))
    x = along - 0.5
    body = np.concatenate([np.stack([x, arch + thickness], 1), np.stack([x, arch - thickness * 0.92], 1)[::-1]])
    belly_x, belly = x[10:25], (arch - thickness * 0.92)[10:25]
    lower = np.concatenate(
        [np.stack([belly_x, belly], 1), np.stack([belly_x, belly + thickness[10:25] * 0.65], 1)[::-1]]
    )
    tail = outline((-0.46, 0.0), (-0.62, 0.075), (-0.60, 0.0), (-0.62, -0.075))
    fin = outline((0.02, 0.10 + depth * 0.7), (-0.08, 0.13 + depth * 1.6), (-0.10, 0.09 + depth * 0.8))
    flipper = outline((0.20, 0.03), (0.06, -0.14), (0.12, 0.0))
    shapes = [Shape(tail, colour, rounded=False), Shape(fin, colour, rounded=False), Shape(body, colour, rounded=False)]
    shapes.append(Shape(lower, pale, rounded=False))
    shapes.append(Shape(flipper, colour * 0.8, rounded=False))
    if kind == "dolphin":
        shapes.append(Shape(capsule(point(0.44, 0.03), point(0.56, 0.0), 0.030, 0.014), colour))
    shapes.append(Shape(ellipse(point(0.37, 0.055), 0.009, 0.009, 8), from_hex("0c0c0c"), rounded=False))
    return shapes


CASTINGS: Castings = MappingProxyType({"whale": one_by_one(_whale), "dolphin": one_by_one(_dolphin)})
