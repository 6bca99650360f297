"""Heads of flowers, petal by petal."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.cutout import Patch, Piece, smooth
from filmgate.animatic.figures.puppet import ellipse, point
from filmgate.animatic.figures.things.turnery import WHITE
from filmgate.animatic.raster import Floats, Points

YOLK = from_hex("f0b428")


Head = Callable[[float, float, float, Floats, float], list[Piece]]
"""A flower's head: pieces from x, y, radius, colour and a turn in radians."""


def petal(x: float, y: float, angle: float, length: float, width: float, colour: Floats, start: float = 0.0) -> Piece:
    """One petal from (x, y) at `angle` from straight up, darker at its root."""
    shape = np.array(
        [
            (0.0, start),
            (-0.42, 0.42),
            (-0.50, 0.72),
            (-0.26, 0.97),
            (0.0, 1.02),
            (0.26, 0.97),
            (0.50, 0.72),
            (0.42, 0.42),
        ]
    )
    cosine, sine = math.cos(angle), math.sin(angle)
    turn = np.array([[cosine, -sine], [sine, cosine]])

    def put(corners: Points) -> Points:
        return smooth(*(tuple(corner) for corner in corners * np.array([width, length]) @ turn + [x, y]), steps=5)

    root = Patch(put(shape * np.array([0.7, 0.5])), colour * 0.62, soft=0.12 * length, strength=0.7)
    light = Patch(
        put(shape * np.array([0.45, 0.30]) + [0.0, 0.60]),
        np.clip(colour * 1.25 + 0.08, 0, 1),
        soft=0.08 * length,
        strength=0.6,
    )
    return Piece(put(shape), colour, (root, light), 0.055 * length)


def _daisy(x: float, y: float, radius: float, colour: Floats, turn: float) -> list[Piece]:
    rings = [(14, 1.0, 0.0, 0.86), (14, 0.90, math.pi / 14, 1.0)]
    pieces = [
        petal(x, y, turn + angle + shift, radius * reach, radius * 0.36, np.clip(colour * tone, 0, 1))
        for count, reach, shift, tone in rings
        for angle in np.linspace(0, 2 * math.pi, count, endpoint=False).tolist()
    ]
    return [*pieces, _eye(x, y, radius * 0.30, YOLK)]


def _sunflower(x: float, y: float, radius: float, colour: Floats, turn: float) -> list[Piece]:
    pieces = [
        petal(x, y, turn + angle + shift, radius * reach, radius * 0.26, np.clip(colour * tone, 0, 1))
        for count, reach, shift, tone in ((22, 1.0, 0.0, 0.84), (22, 0.92, math.pi / 22, 1.0))
        for angle in np.linspace(0, 2 * math.pi, count, endpoint=False).tolist()
    ]
    return [*pieces, _eye(x, y, radius * 0.50, from_hex("5a3214"))]


def _eye(x: float, y: float, radius: float, colour: Floats) -> Piece:
    """The middle of a composite flower: florets in a golden spiral."""
    dots: list[Patch] = [Patch(ellipse(point(x, y), radius * 0.45, radius * 0.45), colour * 0.55, radius * 0.2, 0.8)]
    for index in range(44):
        angle, away = 2.39996 * index, radius * 0.96 * math.sqrt((index + 0.5) / 44)
        spot = point(x + away * math.cos(angle), y + away * math.sin(angle))
        dots.append(
            Patch(ellipse(spot, radius * 0.045, radius * 0.045, 7), np.clip(colour * 1.45 + 0.04, 0, 1), 0.0, 0.8)
        )
    return Piece(ellipse(point(x, y), radius, radius, 40), colour, tuple(dots), radius * 0.35)


def _tulip(x: float, y: float, radius: float, colour: Floats, turn: float) -> list[Piece]:
    low = y - 0.75 * radius
    backs = [
        petal(x + side * 0.30 * radius, low, side * -0.06 + turn * 0.1, 1.75 * radius, 0.85 * radius, colour * 0.78)
        for side in (-1, 1)
    ]
    sides = [
        petal(
            x + side * 0.16 * radius, low, side * -0.26 + turn * 0.1, 1.62 * radius, 0.95 * radius, colour * 0.92, -0.1
        )
        for side in (-1, 1)
    ]
    front = petal(x, low - 0.02 * radius, turn * 0.1, 1.50 * radius, 1.15 * radius, np.clip(colour * 1.06, 0, 1), -0.08)
    return [*backs, *sides, front]


def _poppy(x: float, y: float, radius: float, colour: Floats, turn: float) -> list[Piece]:
    pieces = [
        petal(x, y, turn + angle, radius, radius * 1.15, np.clip(colour * tone, 0, 1))
        for angle, tone in ((0.4, 0.85), (2.4, 0.9), (4.4, 0.85), (1.4, 1.0), (3.5, 1.02), (5.5, 1.0))
    ]
    return [*pieces, _eye(x, y, radius * 0.20, from_hex("1e1a22"))]


def _rose(x: float, y: float, radius: float, colour: Floats, turn: float) -> list[Piece]:
    pieces: list[Piece] = []
    for ring, (count, reach, wide) in enumerate(
        ((7, 1.0, 0.95), (6, 0.82, 0.90), (5, 0.64, 0.80), (4, 0.47, 0.66), (3, 0.32, 0.50))
    ):
        for angle in np.linspace(0, 2 * math.pi, count, endpoint=False).tolist():
            tone = (0.80, 0.88, 0.94, 0.90, 0.78)[ring] + 0.10 * math.cos(angle + turn + ring)
            pieces.append(
                petal(
                    x,
                    y + 0.03 * ring * radius,
                    angle + turn + 1.1 * ring,
                    radius * reach,
                    radius * wide,
                    np.clip(colour * tone, 0, 1),
                )
            )
    curl = smooth(
        (x - 0.10 * radius, y + 0.12 * radius),
        (x, y + 0.22 * radius),
        (x + 0.10 * radius, y + 0.12 * radius),
        (x, y + 0.05 * radius),
    )
    return [*pieces, Piece(curl, colour * 0.6, (), 0.03 * radius)]


def lotus(x: float, y: float, radius: float, colour: Floats, turn: float) -> list[Piece]:
    pieces: list[Piece] = []
    for count, reach, spread, tone, drop in (
        (9, 1.0, 1.45, 0.86, 0.0),
        (7, 0.95, 1.0, 0.95, 0.04),
        (5, 0.85, 0.62, 1.03, 0.10),
    ):
        sides = sorted(np.linspace(-spread, spread, count).tolist(), key=abs)
        for angle in sides if tone < 0.9 else sides[::-1]:
            own = mix(colour * tone, WHITE, 0.10)
            pieces.append(
                petal(
                    x,
                    y - 0.40 * radius - drop * radius,
                    -angle + 0.05 * turn,
                    radius * reach * (1 - 0.16 * abs(angle)),
                    radius * 0.44,
                    np.clip(own, 0, 1),
                    -0.05,
                )
            )
    return pieces


@dataclass(frozen=True, slots=True)
class Kind:
    head: Head
    colours: tuple[str, ...]
    radius: float
    count: int
    broad: bool = False  # whether the leaves are


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "flower": Kind(_daisy, ("f4f0f4", "f28ab0", "f6c83a", "b088e0", "f2704a"), 0.125, 15),
        "tulip": Kind(_tulip, ("e0404a", "f2b03a", "e87ab0", "8a4ab0"), 0.110, 14, broad=True),
        "poppy": Kind(_poppy, ("e03a2a", "e8502a", "d82a34"), 0.135, 13),
        "rose": Kind(_rose, ("c81e34", "e0405a", "f0a0b4"), 0.125, 12),
        "sunflower": Kind(_sunflower, ("f6b81e", "fac832"), 0.190, 7, broad=True),
    }
)
