"""The bodies of road vehicles, in metres: outlines, windows, lamps, and where the wheels sit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.craft.craft import (
    INK,
    IRON,
    LAMP,
    RED,
    STEEL,
    TAIL,
    WHITE,
    Corner,
    Paintbox,
    bar,
    box,
    curve,
    disc,
    marked,
    painted,
)
from filmgate.animatic.figures.cutout import Patch, Piece
from filmgate.animatic.figures.puppet import outline
from filmgate.animatic.raster import Floats, Points

Pieces = Callable[[Paintbox, Floats], list[Piece]]
"""Draws a body in a colour."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """One model of road vehicle. `wheels` are (x, radius); `pace` is its usual speed in person heights a second."""

    pieces: Pieces
    colour: str
    length: float
    wheels: tuple[tuple[float, float], ...]
    headlamp: Corner
    tail_lamp: Corner
    beacons: tuple[tuple[float, float, str], ...] = ()  # flashing lights: x, y, colour
    spokes: int = 5
    scale: float = 1.0
    pace: float = 1.25
    beam: float = 1.0
    hovers: bool = False  # on light, over no road


def arches(wheels: Sequence[tuple[float, float]]) -> list[Piece]:
    """The dark wells that wheels sit in."""
    return [Piece(disc(x, radius, radius * 1.17), INK * 0.6, (), 0.0) for x, radius in wheels]


def _seam(x: float, bottom: float, top: float) -> Points:
    return outline((x, bottom), (x + 0.02, (bottom + top) / 2), (x + 0.015, top))


def _doors(*seams: tuple[float, float, float]) -> tuple[Patch, ...]:
    return tuple(Patch(_seam(*seam), INK, 0.0, 0.55, 0.014) for seam in seams)


def saloon(colour: str) -> Model:
    wheels = ((-1.36, 0.33), (1.36, 0.33))

    def pieces(paint: Paintbox, own: Floats) -> list[Piece]:
        shell = curve(
            "-2.28,0.3 -2.32,0.62 -2.24,0.86 -1.72,0.95 -1.08,1.36 -0.45,1.45 0.2,1.42 0.62,1.25 "
            "1.1,0.94 1.75,0.86 2.2,0.72 2.34,0.5 2.3,0.26 1.8,0.22 -1.8,0.22"
        )
        rear = curve("-1.45,0.95! -0.98,1.29 -0.44,1.37 -0.4,1.37 -0.4,0.95!")
        front = curve("-0.32,0.95! -0.32,1.37 0.16,1.35 0.5,1.21 0.86,0.95!")
        handles = tuple(Patch(bar((x, 0.83), (x + 0.16, 0.83), 0.03), INK, 0.005, 0.7) for x in (-0.62, 0.36))
        body = marked(
            painted(paint, shell, own, 0.90),
            *_doors((-0.36, 0.3, 0.92), (0.78, 0.3, 0.92), (-1.12, 0.62, 0.92)),
            *handles,
        )
        return [
            body,
            Piece(bar((-2.30, 0.36), (2.33, 0.36), 0.07), own * 0.4, (), 0.0),
            paint.glass(rear),
            paint.glass(front),
            Piece(curve("0.74,0.96 0.9,0.96 0.92,1.06 0.78,1.07"), own * 0.85, (), 0.02),
            paint.lamp(curve("2.02,0.66 2.26,0.6 2.25,0.72 2.02,0.78"), LAMP),
            paint.lamp(curve("-2.29,0.66 -2.12,0.68 -2.1,0.84 -2.25,0.84"), TAIL, RED),
            *arches(wheels),
        ]

    return Model(pieces, colour, 4.65, wheels, (2.20, 0.69), (-2.24, 0.76))


def sports_car(colour: str) -> Model:
    wheels = ((-1.30, 0.34), (1.34, 0.33))

    def pieces(paint: Paintbox, own: Floats) -> list[Piece]:
        shell = curve(
            "-2.18,0.3 -2.24,0.62 -2.1,0.86 -1.55,0.92 -0.85,1.1 -0.25,1.17 0.22,1.12 0.85,0.84 "
            "1.5,0.74 2.05,0.56 2.3,0.36 2.26,0.18 1.7,0.15 -1.7,0.16"
        )
        window = curve("-0.92,0.88! -0.58,1.06 -0.2,1.11 0.18,1.06 0.62,0.86!")
        intake = Patch(curve("-1.02,0.42 -0.62,0.52 -0.66,0.66 -0.98,0.62"), INK, 0.02, 0.85)
        wing = curve("-2.3,1.02 -1.88,1 -1.86,1.05 -2.28,1.09")
        return [
            Piece(bar((-2.02, 0.82), (-2.06, 1.03), 0.06), INK, (), 0.0),
            marked(painted(paint, shell, own, 0.80, 0.09), intake, *_doors((0.78, 0.3, 0.82), (-0.52, 0.5, 0.84))),
            Piece(wing, own * 0.7, (), 0.015),
            paint.glass(window),
            Piece(bar((-0.30, 0.86), (-0.24, 1.12), 0.05), own * 0.6, (), 0.0),
            paint.lamp(curve("1.72,0.58 2.08,0.46 2.06,0.53 1.76,0.66"), LAMP),
            paint.lamp(box(-2.235, 0.66, -2.06, 0.73), TAIL, RED),
            *arches(wheels),
        ]

    return Model(pieces, colour, 4.55, wheels, (2.05, 0.53), (-2.2, 0.7), spokes=7, pace=1.6)


def off_roader(colour: str) -> Model:
    wheels = ((-1.32, 0.42), (1.38, 0.42))

    def pieces(paint: Paintbox, own: Floats) -> list[Piece]:
        shell = curve(
            "-2.12,0.46! -2.16,1.1 -2.12,1.72 -2,1.84 -1.2,1.88 0.3,1.86 0.52,1.76 0.86,1.2 0.92,1.18 "
            "2.02,1.12 2.16,1.02 2.2,0.5! 1.6,0.42 -1.6,0.42"
        )
        panes = (
            curve("-1.98,1.2! -1.96,1.72 -1.2,1.75 -1.16,1.75 -1.16,1.2!"),
            box(-1.06, 1.20, -0.30, 1.75),
            curve("-0.2,1.2! -0.2,1.75 0.26,1.74 0.42,1.66 0.7,1.2!"),
        )
        rack = [Piece(bar((-1.9, 1.97), (0.2, 1.97), 0.05), INK, (), 0.0)]
        rack += [Piece(bar((x, 1.84), (x, 1.98), 0.04), INK, (), 0.0) for x in (-1.8, -0.8, 0.15)]
        load = Piece(curve("-1.6,1.99 -0.5,1.99 -0.56,2.2 -1.55,2.22"), from_hex("6a5a44"), (), 0.06)
        return [
            Piece(disc(-2.24, 1.02, 0.11, 0.40), INK, (), 0.03),  # the spare wheel
            load,
            *rack,
            marked(painted(paint, shell, own, 1.14), *_doors((-0.25, 0.5, 1.15), (0.72, 0.5, 1.15), (-1.1, 0.8, 1.15))),
            Piece(box(-2.16, 0.44, 2.24, 0.56), IRON * 0.7, (), 0.02),
            *(paint.glass(pane) for pane in panes),
            paint.lamp(disc(2.12, 0.92, 0.07, 0.11), LAMP),
            paint.lamp(box(-2.15, 0.92, -2.07, 1.14), TAIL, RED),
            *arches(wheels),
        ]

    return Model(pieces, colour, 4.5, wheels, (2.14, 0.92), (-2.12, 1.02), spokes=6, scale=0.96)


def taxi(colour: str) -> Model:
    base = saloon(colour)

    def pieces(paint: Paintbox, own: Floats) -> list[Piece]:
        body, *rest = base.pieces(paint, own)
        checks = tuple(
            Patch(
                box(
                    -2.2 + 0.11 * column,
                    0.70 + 0.055 * (column % 2),
                    -2.09 + 0.11 * column,
                    0.755 + 0.055 * (column % 2),
                ),
                INK,
                0,
                0.8,
            )
            for column in range(38)
        )
        sign = Piece(
            box(-0.42, 1.43, 0.02, 1.60),
            from_hex("f4d890"),
            (Patch(box(-0.36, 1.47, -0.04, 1.56), INK, 0.005, 0.6),),
            0.0,
        )
        lit = paint.lamp(box(-0.42, 1.43, 0.02, 1.60), from_hex("ffe9a0"), from_hex("f0ead8"))
        return [replace(sign, colour=lit.colour), marked(body, *checks), *rest]

    return replace(base, pieces=pieces)


def police_car(colour: str) -> Model:
    base = saloon(colour)

    def pieces(paint: Paintbox, own: Floats) -> list[Piece]:
        body, *rest = base.pieces(paint, own)
        doors = Patch(box(-1.10, 0.2, 0.78, 0.94), from_hex("1d3f8a"), 0.005, 0.92)
        stripe = Patch(bar((-2.4, 0.68), (2.4, 0.68), 0.06), WHITE, 0.004, 0.9)
        lights = [
            Piece(box(-0.45, 1.44, -0.12, 1.56), paint.shining(from_hex("3a62ff")), (), 0.0),
            Piece(box(-0.12, 1.44, 0.21, 1.56), paint.shining(from_hex("ff3a3a")), (), 0.0),
        ]
        return [*lights, marked(body, doors, stripe), *rest]

    return replace(base, pieces=pieces, beacons=((-0.28, 1.50, "3a62ff"), (0.05, 1.50, "ff3030")))


def vintage_car(colour: str) -> Model:
    wheels = ((-1.20, 0.40), (1.32, 0.40))

    def pieces(paint: Paintbox, own: Floats) -> list[Piece]:
        cabin = curve(
            "-1.85,0.55 -1.9,1 -1.62,1.46 -1.05,1.66 -0.3,1.68 0.16,1.6 0.26,1.1 0.4,1.06 1.62,1.02 "
            "1.74,0.94 1.76,0.55! -1.8,0.48"
        )
        wings = (
            curve("0.62,0.45 0.8,0.8 1.24,0.96 1.72,0.82 1.92,0.46 1.8,0.44 1.6,0.7 1.1,0.78 0.8,0.44"),
            curve("-1.95,0.45 -1.84,0.8 -1.4,0.98 -0.88,0.86 -0.56,0.45 -0.7,0.42 -1,0.7 -1.5,0.74 -1.8,0.45"),
        )
        panes = (
            curve("-1.5,1.12 -1.42,1.4 -1,1.54 -0.74,1.54 -0.72,1.12 -0.74,1.12"),
            curve("-0.62,1.12! -0.62,1.55 -0.26,1.56 0.02,1.5 0.1,1.12!"),
        )
        grille = Piece(curve("1.66,0.56 1.66,1.04 1.82,1.02 1.84,0.58"), paint.mirror(STEEL, 0.5), (), 0.03)
        return [
            grille,
            *arches(wheels),
            painted(paint, cabin, own, 1.05, 0.10),
            Piece(bar((-0.7, 0.44), (0.8, 0.44), 0.07), IRON, (), 0.01),
            *(
                Piece(wing, own * 0.62, (Patch(wing + np.array([0.0, 0.10]), paint.mirror(own, 0.4), 0.04, 0.4),), 0.06)
                for wing in wings
            ),
            *(paint.glass(pane) for pane in panes),
            paint.lamp(disc(1.70, 0.96, 0.13), LAMP, STEEL),
            paint.lamp(disc(-1.88, 0.80, 0.05), TAIL, RED),
        ]

    return Model(pieces, colour, 3.95, wheels, (1.78, 0.96), (-1.9, 0.8), spokes=12, pace=0.95, beam=0.8)


def lorry(colour: str) -> Model:
    wheels = ((-3.55, 0.48), (-2.50, 0.48), (-0.05, 0.48), (2.90, 0.48))

    def pieces(paint: Paintbox, own: Floats) -> list[Piece]:
        cab = curve("1.72,0.6! 1.7,2.95 2,3.12 2.8,2.96 3.3,2.3 3.72,1.7 3.8,1.5 3.82,0.52!")
        box_colour = mix(WHITE, own, 0.10)
        ribs = tuple(
            Patch(outline((-4.4 + 0.5 * n, 1.0), (-4.4 + 0.5 * n, 3.4)), box_colour * 0.5, 0.008, 0.35, 0.02)
            for n in range(13)
        )
        band = Patch(box(-5, 1.55, 2, 1.95), own, 0.004, 0.85)
        sky = Patch(box(-5, 2.9, 2, 4), paint.mirror(box_colour, 0.5), 0.25, 0.7)
        window = curve("2.06,1.82! 2.06,2.66 2.66,2.66 3.16,1.82!")
        return [
            Piece(box(-4.45, 0.62, 3.0, 0.92), IRON, (), 0.03),
            Piece(box(-4.50, 0.92, 1.55, 3.35), box_colour, (band, sky, *ribs), 0.05),
            Piece(box(-4.48, 0.55, -4.40, 0.95), INK, (), 0.0),
            marked(painted(paint, cab, own, 1.72), *_doors((2.02, 0.7, 2.7), (3.24, 0.7, 1.9))),
            paint.glass(window),
            Piece(bar((1.62, 0.7), (1.62, 3.35), 0.10), paint.mirror(STEEL, 0.4), (), 0.03),
            paint.lamp(box(3.66, 0.92, 3.81, 1.14), LAMP),
            paint.lamp(box(-4.50, 0.72, -4.42, 0.92), TAIL, RED),
            *arches(wheels),
        ]

    return Model(pieces, colour, 8.3, wheels, (3.8, 1.03), (-4.46, 0.8), spokes=8, scale=0.62, pace=1.0)


def bus(colour: str) -> Model:
    wheels = ((-3.0, 0.48), (3.1, 0.48))

    def pieces(paint: Paintbox, own: Floats) -> list[Piece]:
        shell = curve("-5,0.4! -5.05,1.8 -5,2.95 -4.8,3.12 0,3.16 4.6,3.12 4.92,2.9 5.06,1.6 5.05,0.38!")
        cream = from_hex("f2ead8")
        body = marked(
            painted(paint, shell, own, 1.50),
            Patch(box(-6, 2.72, 6, 4), cream, 0.01, 0.9),
            Patch(bar((-6, 1.18), (6, 1.18), 0.10), cream, 0.006, 0.9),
        )
        panes = [box(-4.78 + 1.16 * n, 1.62, -3.74 + 1.16 * n, 2.58) for n in range(7)]
        screen = curve("4.5,0.72! 4.5,2.7 4.72,2.66 4.9,1.7 4.9,0.72!")
        door = box(3.62, 0.55, 4.30, 2.58)
        return [
            body,
            *(paint.glass(pane, lit=True) for pane in panes),
            paint.glass(door, lit=True),
            Piece(bar((3.96, 0.55), (3.96, 2.58), 0.05), own * 0.5, (), 0.0),
            paint.glass(screen),
            paint.lamp(box(4.86, 0.72, 5.04, 0.94), LAMP),
            paint.lamp(box(-5.04, 0.9, -4.94, 1.2), TAIL, RED),
            *arches(wheels),
        ]

    return Model(pieces, colour, 10.1, wheels, (5.0, 0.83), (-5.0, 1.05), spokes=8, scale=0.60, pace=0.95)


def motorcycle(colour: str) -> Model:
    """With its rider, bent over the bars."""
    wheels = ((-0.72, 0.32), (0.74, 0.32))

    def pieces(paint: Paintbox, own: Floats) -> list[Piece]:
        tank = curve("-0.1,0.78 0.04,0.98 0.34,0.96 0.46,0.82 0.3,0.72 0,0.7")
        fairing = curve("0.34,0.62 0.4,1.06 0.6,1.12 0.8,0.9 0.78,0.72 0.6,0.5 0.4,0.44")
        seat = curve("-0.88,0.94 -0.56,0.88 -0.1,0.82 -0.06,0.72 -0.5,0.72 -0.8,0.84")
        engine = curve("-0.22,0.3 -0.26,0.66 0.2,0.7 0.36,0.5 0.3,0.28")
        jacket, denim = from_hex("2a2c32"), from_hex("2f3a52")
        back = curve("-0.42,0.84 -0.4,1.14 -0.18,1.44 0.06,1.5 0.18,1.36 0.04,1.14 -0.1,0.86")
        helmet = curve("0.02,1.52 0.02,1.72 0.18,1.82 0.34,1.74 0.36,1.58 0.24,1.48 0.08,1.46")
        visor = curve("0.22,1.62 0.24,1.73 0.35,1.7 0.36,1.61")
        return [
            Piece(bar((-0.72, 0.32), (0.0, 0.52), 0.07), IRON, (), 0.02),
            Piece(bar((0.74, 0.32), (0.52, 0.98), 0.07), paint.mirror(STEEL, 0.4), (), 0.02),
            Piece(engine, IRON, (Patch(disc(0.04, 0.46, 0.12), STEEL, 0.02, 0.6),), 0.04),
            Piece(bar((0.10, 0.30), (-0.80, 0.40), 0.08, 0.11), paint.mirror(STEEL, 0.4), (), 0.03),
            Piece(seat, INK, (), 0.03),
            Piece(tank, own, (Patch(bar((-0.1, 0.93), (0.4, 0.93), 0.05), paint.mirror(own, 0.7), 0.02, 0.7),), 0.05),
            Piece(back, jacket, (), 0.05),
            Piece(
                curve("-0.34,0.8 -0.26,0.96 0.14,0.92 0.22,0.8 0.06,0.42 -0.06,0.42 0.02,0.74"),
                denim,
                (),
                0.04,
            ),
            Piece(curve("-0.1,0.34 -0.1,0.44 0.08,0.44 0.18,0.36 0.16,0.32"), INK, (), 0.02),
            painted(paint, fairing, own, 0.80, 0.05),
            Piece(
                curve("-0.02,1.38 0.08,1.46 0.36,1.22 0.6,1.1 0.58,1.04 0.26,1.1"),
                jacket * 1.25,
                (),
                0.035,
            ),
            Piece(helmet, own, (), 0.05),
            paint.glass(visor),
            paint.lamp(disc(0.78, 0.88, 0.05, 0.07), LAMP),
            paint.lamp(box(-0.90, 0.84, -0.82, 0.92), TAIL, RED),
        ]

    return Model(pieces, colour, 2.1, wheels, (0.8, 0.88), (-0.87, 0.88), spokes=6, scale=1.05, pace=1.6, beam=0.7)


def flying_car(colour: str) -> Model:
    """It hovers on four lit ducts."""

    def pieces(paint: Paintbox, own: Floats) -> list[Piece]:
        shell = curve(
            "-2.35,0.52 -2.46,0.86 -2.05,1.04 -1.25,1.1 -0.7,1.42 0.05,1.5 0.7,1.36 1.3,1 2.2,0.78 "
            "2.5,0.56 2.2,0.36 1.2,0.3 -1.6,0.32"
        )
        canopy = curve("-0.96,1.06 -0.62,1.34 0.05,1.42 0.64,1.29 1.1,1 0.1,0.98")
        fin = curve("-2.42,0.9! -2.72,1.42 -2.5,1.44 -1.7,1.02!")
        cyan = paint.shining(from_hex("7af0ff"))
        ducts = [
            Piece(disc(x, 0.30, 0.52, 0.13), INK, (Patch(disc(x, 0.26, 0.40, 0.07), cyan, 0.02, 1.0),), 0.02)
            for x in (-1.5, 1.45)
        ]
        return [
            Piece(fin, own * 0.7, (), 0.03),
            *ducts,
            marked(painted(paint, shell, own, 0.90, 0.10), Patch(bar((-3, 0.60), (3, 0.60), 0.035), cyan, 0.006, 1.0)),
            paint.glass(canopy, lit=False),
            Piece(bar((0.06, 0.98), (0.02, 1.42), 0.05), own * 0.6, (), 0.0),
            paint.lamp(curve("1.95,0.7 2.36,0.58 2.34,0.64 1.98,0.78"), LAMP),
            paint.lamp(bar((-2.44, 0.84), (-2.12, 0.90), 0.07), TAIL, RED),
        ]

    return Model(pieces, colour, 5.0, (), (2.35, 0.62), (-2.4, 0.86), hovers=True)
