"""Things that people hold: books, rods, guitars, staffs, umbrellas, swords."""

from __future__ import annotations

import math

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.clothes import Cut
from filmgate.animatic.figures.figure import Air
from filmgate.animatic.figures.puppet import Shape, outline
from filmgate.animatic.figures.rig import Piece, in_space, oval, smooth
from filmgate.animatic.figures.skeleton import Frame, Stance
from filmgate.animatic.raster import Floats, Points

WOOD = from_hex("6b4428")
PAPER = from_hex("f4efe2")
STEEL = from_hex("cfd6de")


def prop_pieces(cut: Cut) -> list[Piece]:
    """What the actions of people need; it is drawn only while they last."""
    return [*_book(cut), *_guitar()]


def _before(points: Points, depth: float) -> Floats:
    """Corners for CHEST: (right, up) at `depth` in front of the trunk."""
    return in_space(depth, points[:, 0], points[:, 1])


def _book(cut: Cut) -> list[Piece]:
    cover = np.array([(-0.075, 0.06), (-0.070, 0.165), (0.0, 0.150), (0.070, 0.165), (0.075, 0.06), (0.0, 0.045)])
    return [
        Piece("book", Frame.CHEST, _before(cover, 0.185), cut.accent * 0.8, rounded=False),
        Piece("book", Frame.CHEST, _before(cover * np.array([0.86, 1.0]) + np.array([0, 0.010]), 0.178), PAPER, rounded=False),
    ]


def rod(stance: Stance, air: Air, part: int) -> list[Shape]:
    """A fishing rod in the right hand, its line to the ground in front."""
    forward = 1.0 if math.cos(stance.yaw) >= 0 else -1.0
    x, y = stance.hands[0]
    bend = 0.03 * math.sin(air.seconds * 1.4)
    share = np.linspace(0, 1, 8)
    along = np.column_stack(
        [x + forward * (0.92 * share - 0.06), y + 0.62 * share - (0.16 + bend) * share**3 - 0.03]
    )
    half = np.column_stack([np.zeros(8), 0.007 * (1 - 0.75 * share)])
    tip_x, tip_y = float(along[-1, 0]), float(along[-1, 1])
    line = outline((tip_x, tip_y), (tip_x + 0.003, tip_y), (tip_x + 0.002 + bend * 0.3, 0.0), (tip_x + bend * 0.3, 0.0))
    return [
        Shape(line, from_hex("e8ecf0"), rounded=False, part=part),
        Shape(np.concatenate([along + half, (along - half)[::-1]]), WOOD, part=part),
    ]


def _guitar() -> list[Piece]:
    body = smooth(((-0.155, 0.02), (-0.10, 0.105), (-0.03, 0.075), (0.035, 0.095), (0.085, 0.045), (0.075, -0.03),
                   (0.01, -0.06), (-0.06, -0.055), (-0.13, -0.065)), 36)  # fmt: skip
    lift = np.array([0.02, 0.06])
    neck = np.array([(0.07, 0.0), (0.30, 0.075), (0.31, 0.098), (0.07, 0.028)])
    turned = np.array([-1.0, 1.0])  # its neck is on the figure's left
    return [
        Piece("guitar", Frame.CHEST, _before((neck + lift) * turned, 0.105), WOOD * 0.7, rounded=False),
        Piece("guitar", Frame.CHEST, _before((body + lift) * turned, 0.10), from_hex("b8692c")),
        Piece("guitar", Frame.CHEST, _before((oval(0.026, 0.026, 0.0, 0.015) + lift) * turned, 0.10), WOOD * 0.4, rounded=False),
    ]
