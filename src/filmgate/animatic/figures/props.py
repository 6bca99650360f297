"""Things that people hold: books, rods, guitars, staffs, umbrellas, swords."""

from __future__ import annotations

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.clothes import Cut
from filmgate.animatic.figures.rig import Piece, on_bone, oval, smooth
from filmgate.animatic.figures.skeleton import Frame
from filmgate.animatic.raster import Floats, Points

WOOD = from_hex("6b4428")
PAPER = from_hex("f4efe2")
STEEL = from_hex("cfd6de")


def prop_pieces(cut: Cut) -> list[Piece]:
    """What the actions of people need; it is drawn only while they last."""
    return [*_book(cut), *_rod(), *_guitar()]


def _in_space(points: Points, depth: float) -> Floats:
    """Corners for CHEST or FACE: (right, up) at `depth` in front."""
    return np.stack([np.full(len(points), depth), points[:, 0], points[:, 1], np.ones(len(points))], 1)


def _book(cut: Cut) -> list[Piece]:
    cover = np.array([(-0.075, 0.06), (-0.070, 0.165), (0.0, 0.150), (0.070, 0.165), (0.075, 0.06), (0.0, 0.045)])
    return [
        Piece("book", Frame.CHEST, _in_space(cover, 0.185), cut.accent * 0.8, rounded=False),
        Piece("book", Frame.CHEST, _in_space(cover * np.array([0.86, 1.0]) + np.array([0, 0.010]), 0.178), PAPER, rounded=False),
    ]


def _rod() -> list[Piece]:
    rod = np.array([(-0.010, -0.06), (0.0035, -0.06), (0.002, 0.95), (-0.002, 0.95)])
    tilted = _turned(rod, 0.55)
    tip = tilted[2]
    line = np.array([tip, tip + np.array([0.002, 0.0]), (0.97, 0.12), (0.968, 0.12)])
    return [
        Piece("rod", Frame.HAND_R, on_bone(tilted), WOOD, rounded=False),
        Piece("rod", Frame.HAND_R, on_bone(line), from_hex("e8ecf0"), rounded=False),
    ]


def _turned(points: Points, angle: float) -> Points:
    cosine, sine = np.cos(angle), np.sin(angle)
    return points @ np.array([[cosine, -sine], [sine, cosine]])


def _guitar() -> list[Piece]:
    body = smooth(((-0.155, 0.02), (-0.10, 0.105), (-0.03, 0.075), (0.035, 0.095), (0.085, 0.045), (0.075, -0.03),
                   (0.01, -0.06), (-0.06, -0.055), (-0.13, -0.065)), 36)  # fmt: skip
    lift = np.array([0.02, 0.06])
    neck = np.array([(0.07, 0.0), (0.30, 0.075), (0.31, 0.098), (0.07, 0.028)])
    turned = np.array([-1.0, 1.0])  # its neck is on the figure's left
    return [
        Piece("guitar", Frame.CHEST, _in_space((neck + lift) * turned, 0.105), WOOD * 0.7, rounded=False),
        Piece("guitar", Frame.CHEST, _in_space((body + lift) * turned, 0.10), from_hex("b8692c")),
        Piece("guitar", Frame.CHEST, _in_space((oval(0.026, 0.026, 0.0, 0.015) + lift) * turned, 0.10), WOOD * 0.4, rounded=False),
    ]
