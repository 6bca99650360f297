"""Things that are worn: a watch, headphones, shoes, a ring."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.cutout import Patch, Piece, smooth, trace
from filmgate.animatic.figures.puppet import ellipse, outline, point
from filmgate.animatic.figures.role import Castings
from filmgate.animatic.figures.things.exhibit import Bench, Thing, exhibited
from filmgate.animatic.figures.things.turnery import WHITE
from filmgate.animatic.figures.things.vapour import build_sparkles
from filmgate.animatic.figures.things.workshop import drawn
from filmgate.animatic.raster import Floats, Matrix, Pixels, apply, fill


@dataclass(frozen=True, slots=True, eq=False)
class Hands:
    """The hands of a watch, the second hand without a tick."""

    centre: tuple[float, float]
    radius: float
    colour: Floats
    start: float  # seconds past twelve

    def paint(self, target: Pixels, seconds: float, matrix: Matrix) -> None:
        now = self.start + seconds
        for period, length, width, tone in (
            (43200.0, 0.50, 0.050, self.colour),
            (3600.0, 0.74, 0.036, self.colour),
            (60.0, 0.84, 0.014, from_hex("e0452f")),
        ):
            angle = now / period * 2 * math.pi
            along = np.array([math.sin(angle), math.cos(angle)]) * self.radius
            across = np.array([along[1], -along[0]]) * width
            middle = np.array(self.centre)
            hand = np.stack(
                [
                    middle - 0.14 * along - across,
                    middle + length * along - 0.4 * across,
                    middle + length * along + 0.4 * across,
                    middle - 0.14 * along + across,
                ]
            )
            fill(target, apply(matrix, hand), tone)


def _watch(bench: Bench) -> Thing:
    steel, strap = from_hex("c8ccd4"), bench.colour("3a2a22", "1c2430", "6a3a24")
    y, radius = 0.52, 0.29
    pieces: list[Piece] = []
    for low, high, near in ((0.76, 1.04, 0.85), (0.0, 0.28, 1.0)):
        narrow = 0.135
        corners = (
            (-0.185, high if low < 0.5 else low),
            (0.185, high if low < 0.5 else low),
            (narrow, low if low < 0.5 else high),
            (-narrow, low if low < 0.5 else high),
        )
        stitches = tuple(
            Patch(
                np.array([(side * 0.150, low + 0.03 + 0.05 * step), (side * 0.146, low + 0.055 + 0.05 * step)]),
                np.clip(strap * 1.6 + 0.25, 0, 1),
                0.0,
                0.9,
                0.008,
            )
            for step in range(5)
            for side in (-0.92, 0.92)
        )
        pieces.append(Piece(outline(*corners), strap * near, stitches, 0.05))
    pieces.append(
        Piece(
            outline((radius, y - 0.035), (radius + 0.055, y - 0.035), (radius + 0.055, y + 0.035), (radius, y + 0.035)),
            steel * 0.9,
            (),
            0.02,
        )
    )
    pieces.append(
        Piece(
            ellipse(point(0, y), radius + 0.035, radius + 0.035, 72),
            steel,
            (Patch(ellipse(point(-0.09, y + 0.10), 0.2, 0.2), WHITE, 0.09, 0.6),),
            0.05,
        )
    )
    face = from_hex("14202e")
    pieces.append(Piece(ellipse(point(0, y), radius - 0.005, radius - 0.005, 72), face, _dial(y, radius), 0.0))
    shine = Piece(
        smooth((-0.22, y + 0.04), (-0.10, y + 0.24), (0.06, y + 0.26), (-0.16, y - 0.08)), WHITE, (), 0.0, 0.10
    )
    hub = Piece(ellipse(point(0, y), 0.020, 0.020), from_hex("d8b070"), (), 0.006)
    pieces += [shine, hub]
    return Thing(
        [drawn(bench, *pieces)], 0.20, before=(Hands((0.0, y), radius, from_hex("f6f0e2"), 36548.0),), hover=0.06
    )


def _dial(y: float, radius: float) -> tuple[Patch, ...]:
    """A sheen, and marks for the minutes and hours."""
    patches = [Patch(ellipse(point(-0.05, y + 0.07), 0.2, 0.2), from_hex("33506a"), 0.10, 0.8)]
    for hour in range(60):
        angle, major = hour / 60 * 2 * math.pi, hour % 5 == 0
        along = np.array([math.sin(angle), math.cos(angle)]) * radius
        patches.append(
            Patch(
                np.array([(0, y), (0, y)]) + np.stack([along * (0.78 if major else 0.87), along * 0.92]),
                from_hex("f2ead8") if major else from_hex("8a94a0"),
                0.0,
                1.0,
                0.014 if major else 0.005,
            )
        )
    return tuple(patches)


def _headphones(bench: Bench) -> Thing:
    own = bench.colour("2c2e36", "e6ded2", "b8564a", "4a6a8a")
    accent = from_hex("d8b070")
    turn = np.linspace(math.pi * 1.02, -math.pi * 0.02, 40)
    outer = np.stack([0.40 * np.cos(turn), 0.46 + 0.46 * np.sin(turn)], 1)
    inner = np.stack([0.345 * np.cos(turn), 0.46 + 0.395 * np.sin(turn)], 1)[::-1]
    band = Piece(
        np.concatenate([outer, inner]),
        own,
        (Patch(outer * 0.985 + [0, 0.003], np.clip(own * 1.8 + 0.2, 0, 1), 0.006, 0.7, 0.010),),
        0.022,
    )
    pad = Piece(
        np.concatenate(
            [
                np.stack([0.36 * np.cos(turn[8:-8]), 0.46 + 0.42 * np.sin(turn[8:-8])], 1),
                np.stack([0.325 * np.cos(turn[8:-8]), 0.46 + 0.365 * np.sin(turn[8:-8])], 1)[::-1],
            ]
        ),
        own * 0.7,
        (),
        0.014,
    )
    pieces = [pad, band]
    for side in (-1, 1):
        x = 0.385 * side
        pieces.append(
            Piece(
                outline((x - 0.018, 0.40), (x + 0.018, 0.40), (x + 0.018, 0.56), (x - 0.018, 0.56)), accent, (), 0.012
            )
        )
        pieces.append(Piece(ellipse(point(x - 0.065 * side, 0.27), 0.085, 0.185, 48), own * 0.62, (), 0.04))
        cup = ellipse(point(x + 0.010 * side, 0.27), 0.105, 0.200, 56)
        ring = Patch(ellipse(point(x + 0.030 * side, 0.27), 0.058, 0.140, 40), accent, 0.0, 0.9, 0.010)
        sheen = Patch(ellipse(point(x - 0.03, 0.35), 0.05, 0.07), WHITE, 0.03, 0.35)
        pieces.append(Piece(cup, own, (ring, sheen), 0.05))
    return Thing([drawn(bench, *pieces)], 0.36, hover=0.07)


def _shoe(bench: Bench) -> Thing:
    own = bench.colour("e8e4dc", "c83a34", "2f5fb0", "2c2e34")
    second = mix(own, WHITE, 0.75) if float(own.mean()) < 0.6 else from_hex("e0562f")
    upper = trace(
        "-0.46,0.1 -0.47,0.28 -0.44,0.43 -0.36,0.46 -0.28,0.4 -0.18,0.415 -0.11,0.47 "
        "-0.04,0.44 0.1,0.31 0.26,0.235 0.42,0.2 0.49,0.135 0.48,0.08 0,0.07"
    )
    sole = trace(
        "-0.5,0.02 -0.505,0.09 -0.47,0.13 -0.2,0.105 0.1,0.1 0.4,0.115 0.5,0.13 0.535,0.1 "
        "0.52,0.05 0.44,0.015 0.1,0 -0.3,0 -0.46,0"
    )
    swoop = trace("-0.34,0.18 -0.14,0.16 0.06,0.22 0.2,0.26 0.02,0.245 -0.14,0.215 -0.3,0.235")
    toe = trace("0.26,0.1 0.3,0.2 0.38,0.205 0.5,0.15 0.5,0.06 0.3,0.07")
    heel = trace("-0.48,0.1 -0.48,0.3 -0.44,0.3 -0.36,0.22 -0.37,0.1")
    collar = trace("-0.43,0.42 -0.35,0.455 -0.27,0.395 -0.17,0.41 -0.13,0.44 -0.16,0.35 -0.28,0.33 -0.39,0.36")
    patches = [
        Patch(toe, own * 0.86, 0.006, 0.9),
        Patch(heel, second, 0.004),
        Patch(collar, own * 0.45, 0.010, 0.8),
        Patch(swoop, second, 0.002),
    ]
    for step in range(5):
        x, y = -0.07 + 0.058 * step, 0.405 - 0.036 * step
        patches.append(
            Patch(
                np.array([(x - 0.035, y - 0.045), (x + 0.045, y + 0.012)]),
                WHITE if float(own.mean()) < 0.7 else from_hex("c8c4bc"),
                0.0,
                1.0,
                0.020,
            )
        )
    stripe = Patch(smooth((-0.49, 0.055), (0.0, 0.045), (0.52, 0.075), closed=False), second, 0.0, 0.9, 0.014)
    treads = tuple(
        Patch(np.array([(-0.46 + 0.06 * step, 0.0), (-0.45 + 0.06 * step, 0.022)]), from_hex("8a8680"), 0.0, 0.6, 0.010)
        for step in range(16)
    )
    return Thing(
        [
            drawn(
                bench,
                Piece(upper, own, tuple(patches), 0.065),
                Piece(sole, from_hex("f4f0e8"), (stripe, *treads), 0.03),
            )
        ],
        0.46,
        hover=0.05,
    )


def _ring(bench: Bench) -> Thing:
    gold = bench.colour("e6bc62", "d8dce4")
    turn = np.linspace(0, 2 * math.pi, 72)
    circle = np.stack([np.cos(turn), np.sin(turn)], 1)
    middle = np.array([0.0, 0.30])
    hoop = np.concatenate([circle * 0.30 + middle, circle[::-1] * 0.255 + middle])
    glints = tuple(
        Patch(circle[start : start + 9] * 0.278 + middle, tone, 0.004, 0.85, 0.016)
        for start, tone in ((20, WHITE), (48, WHITE), (6, gold * 0.45), (38, gold * 0.4))
    )
    pieces = [Piece(hoop, gold, glints, 0.018)]
    for x in (-0.085, 0.0, 0.085):
        claw = outline((x * 0.5 - 0.012, 0.56), (x * 0.5 + 0.012, 0.56), (x + 0.012, 0.66), (x - 0.012, 0.66))
        pieces += [Piece(claw, gold * 0.9, (), 0.006)]
    table = [(-0.10, 0.79), (0.10, 0.79), (0.175, 0.71), (0.0, 0.56), (-0.175, 0.71)]
    facets: list[Patch] = []
    crown = [(-0.175, 0.71), (-0.10, 0.79), (0.0, 0.71), (0.10, 0.79), (0.175, 0.71)]
    tones = ("ffffff", "c4dcf4", "eaf4ff", "8ab4e0", "f4e8ff", "a8d0f0", "ffffff", "7aa0d8")
    for tone, (left, right) in zip(tones, pairwise(crown), strict=False):
        facets += [Patch(np.array([left, right, ((left[0] + right[0]) / 2, 0.71)]), from_hex(tone))]
    for index, x in enumerate(np.linspace(-0.175, 0.115, 6).tolist()):
        facets.append(
            Patch(np.array([(x, 0.71), (x + 0.058, 0.71), (0.0, 0.56)]), from_hex(tones[(index * 3 + 1) % 8]), 0.0, 0.9)
        )
    pieces.append(Piece(outline(*table), from_hex("d8ecff"), tuple(facets), 0.0, 0.96))
    sparkles = build_sparkles(
        bench.rng, [(0.0, 0.72), (-0.14, 0.71), (0.12, 0.76), (-0.20, 0.45), (0.24, 0.20), (0.05, 0.62)], 0.34
    )
    return Thing([drawn(bench, *pieces)], 0.22, before=(sparkles,), hover=0.05)


CASTINGS: Castings = MappingProxyType(
    {
        "watch": exhibited(_watch, 0.85),
        "headphones": exhibited(_headphones, 0.9),
        "shoe": exhibited(_shoe, 1.05),
        "ring": exhibited(_ring, 0.75),
    }
)
