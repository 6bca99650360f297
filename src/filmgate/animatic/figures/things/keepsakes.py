"""Things that are given and kept: books, presents, cakes, a bear."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, smoothstep
from filmgate.animatic.figures.cutout import Card, Patch, Piece, smooth, trace
from filmgate.animatic.figures.puppet import ellipse, outline, point
from filmgate.animatic.figures.role import Castings
from filmgate.animatic.figures.things.exhibit import Bench, Thing, exhibited
from filmgate.animatic.figures.things.turnery import WHITE, Material, Surface, profile
from filmgate.animatic.figures.things.vapour import CandleFlame, build_candle_flame, build_sparkles
from filmgate.animatic.figures.things.workshop import FLATNESS, IN_PLACE, disc, drawn, seen, shifted, solid
from filmgate.animatic.raster import Floats, Matrix, Pixels, Points, apply, fill, stroke


def _book(bench: Bench) -> Thing:
    cover = bench.colour("7a2f2f", "2f4a6a", "3a5a44")
    pieces = [
        Piece(
            trace(
                "-0.56,0.01 -0.5,0.3 -0.44,0.335 0,0.3 0.44,0.335 0.5,0.3 0.56,0.01 0.3,-0.02 0,-0.035 -0.3,-0.02",
                steps=3,
            ),
            cover,
            (),
            0.012,
        )
    ]
    paper = from_hex("f6efdf")
    for side in (-1, 1):
        page = np.array(
            [(0.0, 0.0)]
            + [
                (side * x, 0.045 * math.sin(math.pi * min(1.0, x / 0.42) ** 0.7) + 0.02 * x)
                for x in np.linspace(0.03, 0.53, 12)
            ]
        )
        far = page[::-1] * np.array([0.885, 1.0]) + np.array([0.0, 0.285])
        lines: list[Patch] = []
        for row in range(8):
            share = 0.14 + 0.095 * row
            line = page[2:-1] * np.array([1 - 0.115 * share, 1.0]) + np.array([0.0, 0.285 * share])
            lines.append(Patch(line[: -3 if row == 0 else None], from_hex("8a7e70"), 0.0, 0.75, 0.0075))
        gutter = Patch(
            outline((0.0, -0.01), (side * 0.075, 0.02), (side * 0.066, 0.32), (0.0, 0.29)),
            from_hex("8a7458"),
            0.03,
            0.6,
        )
        for under in (0.020, 0.010, 0.0):
            stack = np.concatenate([page - [0, under], far - [0, under]])
            pieces.append(
                Piece(stack, paper * (1.0 if under == 0 else 0.86), (gutter, *lines) if under == 0 else (), 0.0)
            )
    return Thing(
        [drawn(bench, *pieces)], 0.52, 0.95, before=(Leaf(paper * np.clip(bench.light.flat(WHITE) * 1.25, 0, 1)),)
    )


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A page of an open book that rises in the draught, turns over, and lies still for a while."""

    colour: Floats

    def paint(self, target: Pixels, seconds: float, matrix: Matrix) -> None:
        turn = 4.6
        share = (seconds / turn + 0.35) % 1.0
        angle = math.pi * float(smoothstep(0.25, 0.75, share))
        if not 0.01 < angle < math.pi - 0.01:
            return
        along = np.linspace(0, 0.52, 12)
        curl = 0.55 * math.sin(angle) * (along / 0.52) ** 1.5 * math.cos(angle * 0.9)
        x, lift = (
            along * np.cos(angle + 0.4 * curl),
            along * np.sin(angle) * 0.62 + 0.045 * np.sin(math.pi * (along / 0.52) ** 0.7) * abs(math.cos(angle)),
        )
        near = np.stack([x, lift], 1)
        far = np.stack([x * 0.885, lift * 0.92 + 0.285], 1)
        shade = 0.80 + 0.20 * abs(math.cos(angle)) - 0.08 * (angle > math.pi / 2) * math.sin(angle)
        fill(target, apply(matrix, np.concatenate([near, far[::-1]])), np.clip(self.colour * shade, 0, 1))
        for row in range(6):
            level = 0.16 + 0.12 * row
            line = near[2:-1] * (1 - level) + far[2:-1] * level
            stroke(
                target,
                apply(matrix, line),
                np.clip(self.colour * shade * 0.80, 0, 1),
                max(1, round(abs(float(matrix[1, 1])) * 0.006)),
            )


def _gift(bench: Bench) -> Thing:
    paper, ribbon = bench.colour("c8303a", "2f6a5a", "3a4a9a"), from_hex("f2d48a")
    front, side, lid = (
        outline((-0.38, 0.0), (0.20, -0.04), (0.20, 0.46), (-0.38, 0.50)),
        outline((0.20, -0.04), (0.40, 0.04), (0.40, 0.52), (0.20, 0.46)),
        outline((-0.40, 0.50), (0.205, 0.455), (0.42, 0.53), (-0.17, 0.575)),
    )
    rim = (
        outline((-0.40, 0.41), (0.205, 0.365), (0.205, 0.47), (-0.40, 0.51)),
        outline((0.205, 0.365), (0.42, 0.44), (0.42, 0.54), (0.205, 0.47)),
    )

    def band(points: Points) -> Patch:
        return Patch(points, ribbon, 0.0)

    shine = Patch(trace("-0.38,0.3 -0.1,0.42 -0.25,0.5 -0.38,0.5"), WHITE, 0.06, 0.22)
    pieces = [
        Piece(
            front, paper, (shine, band(outline((-0.145, -0.02), (-0.055, -0.025), (-0.055, 0.5), (-0.145, 0.5)))), 0.0
        ),
        Piece(
            side,
            paper * 0.62,
            (Patch(outline((0.285, 0.0), (0.325, 0.01), (0.325, 0.52), (0.285, 0.5)), ribbon * 0.7),),
            0.0,
        ),
        Piece(
            rim[0], paper * 1.05, (band(outline((-0.145, 0.38), (-0.055, 0.37), (-0.055, 0.5), (-0.145, 0.51))),), 0.012
        ),
        Piece(
            rim[1],
            paper * 0.68,
            (Patch(outline((0.285, 0.38), (0.325, 0.40), (0.325, 0.54), (0.285, 0.52)), ribbon * 0.7),),
            0.012,
        ),
        Piece(
            lid,
            np.clip(paper * 1.22, 0, 1),
            (
                band(outline((-0.155, 0.48), (-0.06, 0.475), (0.155, 0.56), (0.06, 0.565))),
                band(outline((-0.29, 0.525), (-0.26, 0.55), (0.33, 0.51), (0.29, 0.485))),
            ),
            0.0,
        ),
    ]
    pieces += _bow(ribbon)
    sparkles = build_sparkles(bench.rng, [(-0.30, 0.66), (0.36, 0.70), (0.10, 0.80), (-0.42, 0.34)], 0.14)
    return Thing([drawn(bench, *pieces)], 0.38, before=(sparkles,))


def _bow(ribbon: Floats) -> list[Piece]:
    """Two loops, two tails and a knot."""
    pieces: list[Piece] = []
    for turn_by in (-1, 1):
        loop = smooth(
            (0.0, 0.515),
            (turn_by * 0.10, 0.66),
            (turn_by * 0.25, 0.70),
            (turn_by * 0.27, 0.60),
            (turn_by * 0.14, 0.535),
        )
        hole = Patch(
            smooth((turn_by * 0.06, 0.56), (turn_by * 0.13, 0.635), (turn_by * 0.215, 0.645), (turn_by * 0.20, 0.59)),
            ribbon * 0.55,
            0.012,
            0.9,
        )
        tail = smooth(
            (0.0, 0.53),
            (turn_by * 0.10, 0.49),
            (turn_by * 0.20, 0.40),
            (turn_by * 0.23, 0.44),
            (turn_by * 0.16, 0.51),
            (turn_by * 0.04, 0.55),
        )
        pieces += [Piece(tail, ribbon * 0.92, (), 0.02), Piece(loop, ribbon, (hole,), 0.03)]
    pieces.append(Piece(ellipse(point(0.0, 0.54), 0.045, 0.042), ribbon, (), 0.025))
    return pieces


def _cake(bench: Bench) -> Thing:
    cream, icing = from_hex("fbf2e6"), bench.colour("f2a0b4", "8a5a3a", "a8d0e0")

    def drips(surface: Surface) -> tuple[Floats, Floats]:
        edge = 0.70 - 0.16 * np.sin(surface.around * 6.0 + 0.6) ** 2 - 0.07 * np.sin(surface.around * 11) ** 2
        return np.ones((*edge.shape, 3), np.float32) * icing, smoothstep(-0.02, 0.02, surface.up - edge)

    plate = profile((0.25, 0.0), (0.27, 0.018), (0.27, 0.018), (0.50, 0.035), (0.53, 0.055))
    tier = profile((0.42, 0.05), (0.43, 0.06), (0.43, 0.06), (0.43, 0.30), (0.42, 0.325), (0.38, 0.335))
    upper = profile((0.27, 0.33), (0.275, 0.34), (0.275, 0.34), (0.275, 0.52), (0.265, 0.545), (0.22, 0.555))
    berry = solid(
        bench,
        profile((0.0, 0.0), (0.025, 0.005), (0.036, 0.03), (0.03, 0.058), (0.0, 0.07)),
        Material(from_hex("d0202a"), gloss=0.7),
    )
    cards = [(solid(bench, plate, Material(from_hex("e8e4dc"), gloss=0.5)), IN_PLACE)]
    for line, radius, level in ((tier, 0.38, 0.335), (upper, 0.23, 0.555)):
        cards.append((solid(bench, line, Material(cream, gloss=0.15, blur=0.3, pattern=drips)), IN_PLACE))
        cards.append(
            drawn(
                bench,
                Piece(
                    disc(0, seen(level), radius + 0.045),
                    np.clip(icing * 1.12, 0, 1),
                    (Patch(disc(-0.05, seen(level) + 0.012, radius * 0.6), WHITE, 0.06, 0.25),),
                    0.0,
                ),
            )
        )
        around = np.linspace(0.25, 2 * math.pi + 0.25, 12 if radius > 0.3 else 8, endpoint=False)
        ring = radius * 0.92
        cards += [
            (berry, shifted(ring * math.cos(angle), seen(level) + ring * FLATNESS * math.sin(angle) - 0.01))
            for angle in around[np.argsort(-np.sin(around))].tolist()  # the far ones first
        ]
    candles, flames = _little_candles(bench, seen(0.555))
    return Thing([*cards, *candles], 0.46, 0.95, before=flames)


def _little_candles(bench: Bench, level: float) -> tuple[list[Card], tuple[CandleFlame, ...]]:
    """Four striped candles that stand at `level` on screen."""
    candles: list[Card] = []
    flames: list[CandleFlame] = []
    for index, x in enumerate((-0.12, -0.04, 0.045, 0.125)):
        foot = level + (0.018 if index % 2 else -0.012)
        colour = from_hex(("f26a7a", "6ab0f0", "f6d05a", "8ad08a")[index])
        swirl = tuple(
            Patch(
                np.array([(x - 0.02, foot + 0.03 * step), (x + 0.02, foot + 0.03 * step + 0.02)]),
                WHITE,
                0.0,
                0.8,
                0.007,
            )
            for step in range(6)
        )
        candles.append(
            drawn(
                bench,
                Piece(
                    outline((x - 0.013, foot), (x + 0.013, foot), (x + 0.013, foot + 0.17), (x - 0.013, foot + 0.17)),
                    colour,
                    swirl,
                    0.010,
                ),
            )
        )
        flames.append(build_candle_flame(bench.rng, (x, foot + 0.175), 0.11))
    return candles, tuple(flames)


def _teddy(bench: Bench) -> Thing:
    fur = bench.colour("b07a48", "d8b48a", "8a5a3a")
    pale = np.clip(fur * 1.28 + 0.06, 0, 1)

    def ball(x: float, y: float, wide: float, tall: float, *patches: Patch, tone: float = 1.0) -> Piece:
        return Piece(ellipse(point(x, y), wide, tall, 48), np.clip(fur * tone, 0, 1), patches, 0.45 * min(wide, tall))

    dark = from_hex("2a1c16")
    pieces = [
        ball(-0.205, 0.855, 0.085, 0.085, Patch(ellipse(point(-0.205, 0.855), 0.05, 0.05), pale, 0.01)),
        ball(0.205, 0.855, 0.085, 0.085, Patch(ellipse(point(0.205, 0.855), 0.05, 0.05), pale, 0.01)),
        ball(-0.27, 0.40, 0.085, 0.16, tone=0.92),
        ball(0.27, 0.40, 0.085, 0.16, tone=0.92),
        ball(0.0, 0.30, 0.255, 0.275, Patch(ellipse(point(0, 0.28), 0.16, 0.18), pale, 0.03)),
        ball(0.0, 0.695, 0.265, 0.225),
    ]
    muzzle = Piece(
        ellipse(point(0, 0.635), 0.115, 0.088, 40),
        pale,
        (
            Patch(ellipse(point(0, 0.672), 0.042, 0.028), dark),
            Patch(np.array([(0, 0.65), (0, 0.605)]), dark, 0.0, 0.9, 0.010),
            Patch(smooth((-0.045, 0.605), (0, 0.592), (0.045, 0.605), closed=False), dark, 0.0, 0.9, 0.010),
        ),
        0.05,
    )
    eyes = [
        Piece(
            ellipse(point(x, 0.735), 0.027, 0.030),
            dark,
            (Patch(ellipse(point(x - 0.008, 0.745), 0.009, 0.009), WHITE),),
            0.0,
        )
        for x in (-0.10, 0.10)
    ]
    feet = [
        ball(side * 0.215, 0.10, 0.125, 0.115, Patch(ellipse(point(side * 0.225, 0.095), 0.070, 0.068), pale, 0.012))
        for side in (-1, 1)
    ]
    bow = [
        Piece(
            smooth((0, 0.50), (side * 0.05, 0.545), (side * 0.125, 0.555), (side * 0.125, 0.45), (side * 0.05, 0.465)),
            from_hex("c8303a"),
            (),
            0.02,
        )
        for side in (-1, 1)
    ]
    knot = Piece(ellipse(point(0, 0.502), 0.032, 0.034), from_hex("b02830"), (), 0.014)
    return Thing([drawn(bench, *pieces, muzzle, *eyes, *feet, *bow, knot)], 0.30)


CASTINGS: Castings = MappingProxyType(
    {
        "book": exhibited(_book, 1.0),
        "gift": exhibited(_gift, 0.95),
        "cake": exhibited(_cake, 0.95),
        "teddy": exhibited(_teddy, 0.85),
    }
)
