"""Engines and carriages, in metres, each from its nose backwards with its wheels on the rails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.craft.craft import (
    INK,
    IRON,
    LAMP,
    STEEL,
    WHITE,
    Paintbox,
    bar,
    box,
    curve,
    disc,
    painted,
    rounded,
    wheel,
)
from filmgate.animatic.figures.cutout import Cutout, Patch, Piece, draw_cutout
from filmgate.animatic.figures.puppet import outline


@dataclass(frozen=True, slots=True, eq=False)
class Coach:
    """One carriage, from its nose backwards; `wheels` are (x, radius) along it."""

    art: Cutout
    length: float
    wheels: tuple[tuple[float, float], ...]
    rolling: tuple[Cutout, ...]


def rolling_wheels(
    paint: Paintbox, unit_px: float, wheels: Sequence[tuple[float, float]], spokes: int, rim: str
) -> tuple[Cutout, ...]:
    made = {radius: wheel(paint, radius, unit_px, spokes, from_hex(rim)) for radius in {radius for _, radius in wheels}}
    return tuple(made[radius] for _, radius in wheels)


def _bogies(length: float) -> tuple[tuple[float, float], ...]:
    return tuple((-at, 0.42) for at in (1.3, 2.6, length - 2.6, length - 1.3))


def steam_train(paint: Paintbox, unit_px: float) -> list[Coach]:
    carriage = _carriage(paint, unit_px)
    return [_engine(paint, unit_px), _tender(paint, unit_px), carriage, carriage, carriage, carriage]


def _engine(paint: Paintbox, unit_px: float) -> Coach:
    green, brass = from_hex("1f4034"), from_hex("c89a48")
    boiler = curve("-0.5,1.55 -0.42,2.35 -0.55,3.1! -6.2,3.2! -6.2,1.5!")
    bands = tuple(Patch(outline((x, 1.4), (x, 3.3)), brass, 0.01, 0.9, 0.09) for x in (-1.3, -2.7, -4.1, -5.5))
    shine = Patch(bar((-0.6, 2.85), (-6.2, 2.9), 0.20), paint.mirror(WHITE, 0.6), 0.07, 0.6)
    chimney = curve("-1.65,3! -1.58,3.9 -1.75,4.2 -1.75,4.35 -0.95,4.35 -0.95,4.2 -1.12,3.9 -1.05,3!")
    cab = curve("-6,1.2! -6,3.95 -5.75,4.1 -8.6,4.1 -8.5,3.9 -8.4,1.2!", 4)
    cow = outline((0.0, 0.25), (-0.2, 0.95), (-1.2, 1.0), (-1.2, 0.25))
    wheels = ((-1.0, 0.45), (-2.2, 0.45), (-3.6, 0.85), (-5.4, 0.85), (-7.2, 0.85))
    pieces = [
        Piece(box(-8.5, 0.85, -0.3, 1.35), from_hex("8a2a22"), (), 0.08),
        Piece(boiler, green, (shine, *bands, Patch(box(-7, 1, 0, 1.9), green * 0.4, 0.3, 0.8)), 0.42),
        Piece(curve("-0.56,1.6 -0.3,1.8 -0.26,2.9 -0.56,3.1"), IRON, (), 0.12),
        Piece(chimney, IRON, (Patch(bar((-1.75, 4.28), (-0.95, 4.28), 0.14), brass, 0.01, 0.9),), 0.18),
        Piece(curve("-3.1,3.15 -3,3.65 -2.6,3.8 -2.2,3.65 -2.1,3.15"), brass, (), 0.2),
        Piece(curve("-4.8,3.15 -4.75,3.5 -4.4,3.6 -4.05,3.5 -4,3.15"), green, (), 0.16),
        Piece(
            cab,
            green,
            (Patch(bar((-6.1, 1.9), (-8.3, 1.9), 0.07), brass, 0.01, 0.9), Patch(box(-9, 3.86, -5, 5), INK, 0.02, 0.9)),
            0.10,
        ),
        paint.glass(curve("-6.5,2.5 -6.5,3.5 -7,3.7 -7.8,3.5 -7.8,2.5"), lit=True),
        Piece(
            cow,
            from_hex("8a2a22"),
            tuple(Patch(bar((x, 0.2), (x + 0.12, 1.0), 0.04), INK, 0.0, 0.5) for x in (-0.9, -0.6, -0.3)),
            0.04,
        ),
        Piece(box(-1.9, 0.75, -0.55, 1.35), IRON, (), 0.14),
        paint.lamp(disc(-0.28, 3.05, 0.24), LAMP, STEEL),
    ]
    return Coach(
        draw_cutout(pieces, paint.light, unit_px), 8.8, wheels, rolling_wheels(paint, unit_px, wheels, 10, "b03a2c")
    )


def _tender(paint: Paintbox, unit_px: float) -> Coach:
    green = from_hex("1f4034")
    wheels = ((-1.1, 0.5), (-2.5, 0.5), (-3.9, 0.5))
    coal = curve("-0.4,2.7 -0.9,3.15 -1.8,3.3 -2.8,3.1 -3.8,3.25 -4.5,2.9 -4.6,2.7")
    pieces = [
        Piece(coal, INK, (), 0.10),
        Piece(box(-4.8, 0.8, -0.2, 1.1), from_hex("8a2a22"), (), 0.05),
        Piece(
            box(-4.7, 1.1, -0.3, 2.85),
            green,
            (Patch(bar((-4.5, 2.5), (-0.5, 2.5), 0.07), from_hex("c89a48"), 0.01, 0.9),),
            0.10,
        ),
    ]
    return Coach(
        draw_cutout(pieces, paint.light, unit_px), 5.1, wheels, rolling_wheels(paint, unit_px, wheels, 8, "b03a2c")
    )


def _carriage(paint: Paintbox, unit_px: float) -> Coach:
    red, cream = from_hex("7a2622"), from_hex("ead9b4")
    length = 15.5
    roof = rounded(
        ((-0.2, 3.55), (-0.3, 3.8), (-1.2, 4.0), (-length + 1.4, 4.0), (-length + 0.5, 3.8), (-length + 0.4, 3.55))
    )
    band = Patch(box(-99, 2.02, 9, 3.5), cream, 0.02, 0.95)
    panes = [box(-1.9 - 1.42 * number, 2.22, -1.0 - 1.42 * number, 3.22) for number in range(9)]
    doors = tuple(Patch(box(x, 1.1, x + 0.05, 3.5), red * 0.5, 0.01, 0.7) for x in (-0.75, -length + 0.9))
    wheels = _bogies(length)
    pieces = [
        Piece(box(-length + 0.8, 0.7, -0.8, 1.05), INK, (), 0.06),
        Piece(roof, from_hex("4a4c50"), (Patch(box(-99, 3.86, 9, 5), paint.mirror(STEEL, 0.5), 0.08, 0.6),), 0.12),
        Piece(box(-length + 0.35, 1.0, -0.25, 3.62), red, (band, *doors), 0.12),
        *(paint.glass(pane, lit=True) for pane in panes),
    ]
    return Coach(
        draw_cutout(pieces, paint.light, unit_px), length, wheels, rolling_wheels(paint, unit_px, wheels, 6, "6a6e74")
    )


def high_speed_train(paint: Paintbox, unit_px: float) -> list[Coach]:
    head, middle = _power_car(paint, unit_px), _fast_coach(paint, unit_px)
    return [head, middle, middle, middle, middle]


def _livery() -> tuple[Patch, ...]:
    return (
        Patch(bar((-99, 1.30), (9, 1.30), 0.30), from_hex("b8262c"), 0.02, 0.9),
        Patch(bar((-99, 0.78), (9, 0.78), 0.30), from_hex("8a929c"), 0.05, 0.8),
    )


def _power_car(paint: Paintbox, unit_px: float) -> Coach:
    length = 19.0
    shell = rounded(
        (
            (-0.1, 0.75),
            (-0.5, 1.25),
            (-2.2, 2.2),
            (-4.0, 3.15),
            (-5.6, 3.62),
            (-7.5, 3.72),
            (-length, 3.72),
            (-length, 3.72),
            (-length, 0.45),
            (-length, 0.45),
            (-8.0, 0.42),
            (-1.2, 0.36),
            (-0.2, 0.5),
        )
    )
    screen = curve("-2.5,2.3 -3.9,2.98 -4.9,3.3 -4.5,2.62 -3.3,2.28")
    body = painted(paint, shell, from_hex("f0f2f5"), 2.7, 0.34)
    strip = Patch(bar((-6.0, 2.35), (-length, 2.35), 0.95), INK, 0.02, 0.92)
    panes = [box(-7.4 - 1.5 * number, 2.02, -6.3 - 1.5 * number, 2.68) for number in range(8)]
    pieces = [
        Piece(box(-length, 0.1, -2.0, 0.6), INK, (), 0.0),
        Piece(body.outline, body.colour, (*body.patches, *_livery(), strip), body.roundness),
        paint.glass(screen),
        *(paint.glass(pane, lit=True) for pane in panes),
        paint.lamp(curve("-0.9,1.22 -1.9,1.72 -2,1.52 -1.1,1.1"), LAMP),
    ]
    wheels = ((-5.2, 0.42), (-6.6, 0.42), (-length + 2.6, 0.42), (-length + 1.3, 0.42))
    return Coach(
        draw_cutout(pieces, paint.light, unit_px), length, wheels, rolling_wheels(paint, unit_px, wheels, 6, "5a5e66")
    )


def _fast_coach(paint: Paintbox, unit_px: float) -> Coach:
    length = 19.0
    shell = box(-length + 0.06, 0.45, -0.06, 3.72)
    body = painted(paint, shell, from_hex("f0f2f5"), 2.7, 0.22)
    strip = Patch(bar((-1.9, 2.35), (-length + 1.9, 2.35), 0.95), INK, 0.02, 0.92)
    doors = tuple(
        Patch(box(x, 0.6, x + 0.06, 3.2), from_hex("7a8088"), 0.01, 0.8)
        for x in (-0.6, -1.5, -length + 0.6, -length + 1.5)
    )
    panes = [box(-3.5 - 1.5 * number, 2.02, -2.4 - 1.5 * number, 2.68) for number in range(10)]
    pieces = [
        Piece(box(-length - 0.4, 0.8, 0.4, 3.3), INK, (), 0.0),
        Piece(box(-length + 0.3, 0.1, -0.3, 0.6), INK, (), 0.0),
        Piece(body.outline, body.colour, (*body.patches, *_livery(), strip, *doors), body.roundness),
        *(paint.glass(pane, lit=True) for pane in panes),
    ]
    wheels = _bogies(length)
    return Coach(
        draw_cutout(pieces, paint.light, unit_px), length, wheels, rolling_wheels(paint, unit_px, wheels, 6, "5a5e66")
    )
