"""What circles the earth on wings of solar cells: satellites and stations."""

from __future__ import annotations

import math
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, to_pixels
from filmgate.animatic.figures.craft.craft import (
    INK,
    IRON,
    RED,
    STEEL,
    WHITE,
    Paintbox,
    bar,
    box,
    curve,
    disc,
    lamp_glow,
    paintbox,
    rounded,
)
from filmgate.animatic.figures.craft.machine import Machine, passing_speed, round_shine, upright
from filmgate.animatic.figures.cutout import Card, Patch, Piece, draw_cutout
from filmgate.animatic.figures.puppet import outline
from filmgate.animatic.figures.role import Castings, Member, one_by_one
from filmgate.animatic.raster import Matrix, place


def _panel(paint: Paintbox, left: float, right: float, half: float) -> Piece:
    """Solar cells: blue, gridded, mirroring."""
    cells = [
        Patch(outline((at, -half), (at, half)), STEEL, 0.0, 0.55, 0.05) for at in np.linspace(left, right, 9)[1:-1]
    ]
    cells += [Patch(outline((left, at), (right, at)), STEEL, 0.0, 0.55, 0.05) for at in (-half / 2, 0.0, half / 2)]
    shine = Patch(
        outline(
            (left, half),
            (left + 0.4 * (right - left), half),
            (left + 0.1 * (right - left), -half),
            (left - 0.3 * (right - left), -half),
        ),
        from_hex("7aa0e8"),
        0.3,
        0.5,
    )
    return Piece(box(left, -half, right, half), from_hex("24407a"), (shine, *cells), 0.05)


def _satellite(member: Member) -> Machine:
    role = member.role
    paint = paintbox(role, most_silhouette=0.35)
    x, y, size = member.in_formation()
    foil = from_hex("c89a48")
    dish = curve("-0.2,-1.2 -1.5,-2.2 -1.2,-2.9 0,-3.1 1.2,-2.9 1.5,-2.2 0.2,-1.2")
    creases = tuple(
        Patch(outline((-1.2, at), (0.1, at + 0.3), (1.2, at - 0.1)), foil * 0.6, 0.02, 0.5, 0.06)
        for at in (-0.9, -0.3, 0.4, 1.0)
    )
    pieces = [
        Piece(bar((-7.5, 0), (7.5, 0), 0.18), STEEL, (), 0.04),
        _panel(paint, -7.4, -2.0, 1.25),
        _panel(paint, 2.0, 7.4, 1.25),
        Piece(dish, WHITE, (Patch(disc(0, -2.5, 0.9, 0.3), STEEL, 0.1, 0.8),), 0.3),
        Piece(bar((0, -2.6), (0, -3.9), 0.08), STEEL, (), 0.0),
        Piece(box(-1.3, -1.5, 1.3, 1.7), foil, creases, 0.3),
        Piece(bar((0.6, 1.7), (0.9, 3.2), 0.07), STEEL, (), 0.0),
        Piece(disc(0.0, 0.6, 0.4), INK, (), 0.05),
    ]
    return _turning(member, pieces, paint, (x, y), size * 1.1 / 15, 0.10)


def _station(member: Member) -> Machine:
    role = member.role
    paint = paintbox(role, most_silhouette=0.35)
    x, y, size = member.in_formation()
    pieces = [
        Piece(
            bar((-15, 0.9), (15, 0.9), 0.5),
            STEEL,
            tuple(Patch(outline((at, 0.65), (at + 0.5, 1.15)), INK, 0, 0.6, 0.06) for at in np.arange(-15, 15, 0.8)),
            0.08,
        )
    ]
    for left in (-14.5, -10.5, 7.5, 11.5):
        for up in (1, -1):
            panel = _panel(paint, 0.0, 6.0, 1.35)
            turned_up = np.stack([left + 1.5 + panel.outline[:, 1], 0.9 + up * (0.6 + panel.outline[:, 0])], 1)
            marks = tuple(
                replace(
                    mark, outline=np.stack([left + 1.5 + mark.outline[:, 1], 0.9 + up * (0.6 + mark.outline[:, 0])], 1)
                )
                for mark in panel.patches
            )
            pieces.append(Piece(turned_up, panel.colour, marks, 0.05))
    modules = ((-5.5, -1.1, 5.5, 1.1), (-1.1, -5.6, 1.1, -0.9), (-9.0, -0.8, -5.2, 0.8), (5.2, -0.85, 8.4, 0.85))
    for left, low, right, high in modules:
        seams = tuple(
            Patch(outline((at, low), (at, high)), INK, 0.02, 0.35, 0.08) for at in np.arange(left + 0.9, right, 1.3)
        )
        pieces.append(
            Piece(
                rounded(
                    (
                        (left, low),
                        (left, low),
                        (left, high),
                        (left, high),
                        (right, high),
                        (right, high),
                        (right, low),
                        (right, low),
                    ),
                    2,
                ),
                WHITE,
                seams,
                0.55,
            )
        )
    pieces += [
        Piece(disc(at, 0.35, 0.18), paint.shining(from_hex("ffd890")), (), 0.0) for at in np.arange(-4.5, 5, 1.5)
    ]
    pieces.append(
        Piece(disc(0.0, -5.6, 0.9, 0.5), IRON, (Patch(disc(0, -5.6, 0.55, 0.3), from_hex("9ad0ff"), 0.05, 0.9),), 0.15)
    )
    return _turning(member, pieces, paint, (x, y), min(size * 1.7, 0.6 * role.canvas.width) / 30, 0.05)


def _turning(
    member: Member, pieces: list[Piece], paint: Paintbox, at: tuple[float, float], unit_px: float, spin: float
) -> Machine:
    """Adrift: it turns slowly as it crosses."""
    role = member.role
    art = draw_cutout(pieces, paint.light, unit_px)
    facing = role.setting.heading
    speed = passing_speed(role, 0.09 * role.size, 0.25)

    def cards(_seconds: float) -> list[Card]:
        return [(art, place(0.0, 0.0))]

    def matrix(seconds: float) -> Matrix:
        gone = seconds - role.middle
        swing = 1.0 - 0.10 * (1 + math.sin(seconds * 0.23 + member.phase))  # its panels turn a little away from us
        own = upright(at[0] + facing * speed * gone, at[1] - 0.2 * speed * gone, unit_px, 1.0, 0.30 + spin * gone)
        return own @ np.array([[swing, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])

    def beat(seconds: float) -> float:
        return max(0.0, math.sin(seconds * 2.6)) ** 8

    return Machine(
        role.where,
        role.setting,
        cards,
        matrix,
        shines=(round_shine(to_pixels(lamp_glow(12, RED)), 0.0, 1.6, 0.9, beat),),
    )


CASTINGS: Castings = MappingProxyType({"satellite": one_by_one(_satellite), "space_station": one_by_one(_station)})
