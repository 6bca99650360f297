"""Things that people hold: books, rods, guitars, staffs, umbrellas, swords."""

from __future__ import annotations

import math

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.people.clothes import Cut
from filmgate.animatic.figures.people.figure import Air, Drape
from filmgate.animatic.figures.people.rig import Piece, in_space, oval, smooth
from filmgate.animatic.figures.people.skeleton import Frame, Stance
from filmgate.animatic.figures.puppet import Shape, outline
from filmgate.animatic.raster import Floats, Points

WOOD = from_hex("6b4428")
PAPER = from_hex("f4efe2")
STEEL = from_hex("cfd6de")


def prop_pieces(cut: Cut) -> list[Piece]:
    """What the actions of people need; it is drawn only while they last."""
    return [*_book(cut), *_guitar()]


def staff(height: float, glow: Floats | None) -> Drape:
    """A staff in the right hand, its foot on the ground; a wizard's bears a light."""

    def draw(stance: Stance, _: Air, part: int) -> list[Shape]:
        x, y = stance.hands[0]
        forward = 1.0 if math.cos(stance.yaw) >= 0 else -1.0
        x += 0.020 * forward
        lean = 0.35 * (x - stance.hip[0])
        rows = np.array([-0.006, y * 0.5, y, (y + height) / 2, height])
        along = np.column_stack([x + lean * (rows - y) + 0.004 * np.sin(rows * 31), rows])
        half = np.array([0.011, 0.0])
        shapes = [Shape(np.concatenate([along + half, (along - half)[::-1]]), WOOD, part=part)]
        if glow is not None:
            top_x, top_y = float(along[-1, 0]), float(along[-1, 1])
            shapes.append(Shape(oval(0.036, 0.036, top_x, top_y + 0.024), WOOD * 0.8, part=part))
            shapes.append(Shape(oval(0.025, 0.025, top_x, top_y + 0.026), glow, glow=True, part=part))
        return shapes

    return draw


def umbrella(colour: Floats) -> Drape:
    """Held in the right hand over the head; its cloth trembles in the wind."""

    def draw(stance: Stance, air: Air, part: int) -> list[Shape]:
        hand_x, hand_y = stance.hands[0]
        x, y = stance.head[0] * 0.7 + hand_x * 0.3, stance.head[1] + stance.bones.build.head + 0.045
        tremble = 0.006 * math.sin(air.seconds * 5.3) * air.wind
        turn = np.linspace(math.pi, 0, 22)
        dome = np.column_stack([x + np.cos(turn) * 0.25, y + np.sin(turn) * 0.125 + tremble * np.cos(turn)])
        across = np.linspace(1, -1, 25)
        hem = np.column_stack(
            [x + across * 0.25, y + 0.026 * np.abs(np.sin(across * math.pi * 1.5)) + tremble * across]
        )
        ribs = [
            Shape(
                np.array([(x, y + 0.126), (x + reach, y + 0.024), (x + reach + 0.003, y + 0.024)]),
                colour * 0.72,
                False,
                part=part,
            )
            for reach in (-0.125, 0.085)
        ]
        pole = np.array(
            [
                (hand_x - 0.005, hand_y - 0.03),
                (hand_x + 0.005, hand_y - 0.03),
                (x + 0.004, y + 0.15),
                (x - 0.004, y + 0.15),
            ]
        )
        return [
            Shape(pole, from_hex("2a2420"), rounded=False, part=part),
            Shape(np.concatenate([dome, hem]), colour, part=part),
            *ribs,
        ]

    return draw


def _before(points: Points, depth: float) -> Floats:
    """Corners for CHEST: (right, up) at `depth` in front of the trunk."""
    return in_space(depth, points[:, 0], points[:, 1])


def _book(cut: Cut) -> list[Piece]:
    cover = np.array([(-0.075, 0.06), (-0.070, 0.165), (0.0, 0.150), (0.070, 0.165), (0.075, 0.06), (0.0, 0.045)])
    return [
        Piece("book", Frame.CHEST, _before(cover, 0.185), cut.accent * 0.8, rounded=False),
        Piece(
            "book",
            Frame.CHEST,
            _before(cover * np.array([0.86, 1.0]) + np.array([0, 0.010]), 0.178),
            PAPER,
            rounded=False,
        ),
    ]


def rod(stance: Stance, air: Air, part: int) -> list[Shape]:
    """A fishing rod in the right hand, its line to the ground in front."""
    forward = 1.0 if math.cos(stance.yaw) >= 0 else -1.0
    x, y = stance.hands[0]
    bend = 0.03 * math.sin(air.seconds * 1.4)
    share = np.linspace(0, 1, 8)
    along = np.column_stack([x + forward * (0.92 * share - 0.06), y + 0.62 * share - (0.16 + bend) * share**3 - 0.03])
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
        Piece(
            "guitar",
            Frame.CHEST,
            _before((oval(0.026, 0.026, 0.0, 0.015) + lift) * turned, 0.10),
            WOOD * 0.4,
            rounded=False,
        ),
    ]
