"""What flies in space: rockets, starships, saucers, satellites, stations."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix, to_pixels
from filmgate.animatic.figures.craft import satellites
from filmgate.animatic.figures.craft.craft import (
    INK,
    IRON,
    STEEL,
    WHITE,
    bar,
    beam_light,
    box,
    curve,
    disc,
    lamp_glow,
    paintbox,
    painted,
    rounded,
)
from filmgate.animatic.figures.craft.jets import flame_light, hum, jet
from filmgate.animatic.figures.craft.machine import Machine, Shine, passing_speed, round_shine, steady, upright
from filmgate.animatic.figures.craft.rockets import rockets
from filmgate.animatic.figures.cutout import Card, Patch, Piece, draw_cutout
from filmgate.animatic.figures.puppet import outline
from filmgate.animatic.figures.role import Castings, Member, one_by_one
from filmgate.animatic.raster import Matrix, place


def _starship(member: Member) -> Machine:
    """A long grey ship of plates and lit ports, with three engines."""
    role = member.role
    x, y, size = member.in_formation()
    facing = role.setting.heading
    paint = paintbox(role, facing)
    unit_px = min(size * 1.25, 0.62 * role.canvas.width) / 60
    own = role.colour("8e98a4")
    hull = curve("31,-0.4! 22,2.2 8,4 -10,5 -24,5 -26,4! -26,-3.6! -10,-4 10,-2.8 24,-1.6", 4)
    tower = curve("-8,4.6! -11,9.6 -12,10.4 -18,10.4 -19,9.6 -21,4.8!", 4)
    plates = tuple(Patch(outline((at, -5), (at - 3, 6)), INK, 0.03, 0.4, 0.10) for at in np.arange(-22, 28, 4.3))
    trench = Patch(curve("29,-0.3 10,0.5 -27,0.8 -27,-0.5 10,-0.5"), INK, 0.10, 0.75)
    ports = [
        Piece(
            box(at, level, at + 0.9, level + 0.42),
            paint.shining(from_hex("ffe2a8" if index % 4 else "8ad8ff")),
            (),
            0.0,
        )
        for level, start, end in ((2.2, -22, 10), (-1.9, -20, 14), (7.6, -17, -11.5), (3.4, -21, -2))
        for index, at in enumerate(np.arange(start, end, 1.75))
        if (index * 7 + int(level * 3)) % 5
    ]
    engines = [
        Piece(rounded(((-25.6, at + 1.3), (-28.8, at + 1.0), (-28.8, at - 1.0), (-25.6, at - 1.3))), IRON, (), 0.3)
        for at in (2.6, 0.0, -2.4)
    ]
    pieces = [
        *engines,
        Piece(bar((-15, 10.2), (-15.5, 13.5), 0.25), STEEL, (), 0.05),
        Piece(tower, own * 0.9, plates, 0.6),
        Piece(hull, own, (*plates, trench, Patch(box(-99, -9, 99, -2.0), own * 0.4, 0.6, 0.7)), 1.3),
        *ports,
    ]
    art = draw_cutout(pieces, paint.light, unit_px)
    speed = passing_speed(role, 0.16 * size, 0.35)

    def cards(_seconds: float) -> list[Card]:
        return [(art, place(0.0, 0.0))]

    def matrix(seconds: float) -> Matrix:
        gone = seconds - role.middle
        bob = 0.012 * size * math.sin(seconds * 0.5 + member.phase)
        return upright(
            x + facing * speed * gone,
            y - 0.15 * speed * gone + bob,
            unit_px,
            facing,
            0.09 + 0.012 * math.sin(seconds * 0.4),
        )

    flame = flame_light("e8faff", "3aa8ff")
    jets = tuple(jet(flame, -28.6, at, 3.0, 13.0, -math.pi / 2, hum) for at in (2.6, 0.0, -2.4))
    glow = round_shine(to_pixels(lamp_glow(32, from_hex("4ab0ff"))), -29.5, 0.0, 8.0, hum)
    return Machine(role.where, role.setting, cards, matrix, shines=(*jets, glow))


def _saucer(member: Member) -> Machine:
    """It hovers, its lamps run round its rim, and its beam reaches for the ground."""
    role = member.role
    x, y, size = member.in_formation()
    paint = paintbox(role, most_silhouette=0.35)
    unit_px = size * 1.1 / 12
    own = role.colour("98a0aa")
    dish = curve("-6,0 -4.4,0.75 -2.2,1.15 0,1.25 2.2,1.15 4.4,0.75 6,0 4.2,-0.75 1.8,-1.2 0,-1.3 -1.8,-1.2 -4.2,-0.75")
    dome = curve("-2.1,1 -1.9,1.9 -1,2.7 0,2.9 1,2.7 1.9,1.9 2.1,1 0,0.8")
    body = painted(paint, dish, own, 0.35, 0.5)
    rim = Patch(bar((-6.2, 0.0), (6.2, 0.0), 0.22), INK, 0.05, 0.7)
    glass = Piece(
        dome,
        paint.shining(np.clip(mix(paint.sky, from_hex("7af0d8"), 0.55) * 0.8, 0, 1)),
        (Patch(disc(-0.7, 2.1, 0.5, 0.35), WHITE, 0.15, 0.7),),
        0.35,
    )
    art = draw_cutout([glass, Piece(body.outline, body.colour, (*body.patches, rim), 0.5)], paint.light, unit_px)
    lamp = to_pixels(lamp_glow(12, from_hex("9affd8")))
    below = role.canvas.height - y
    reach = min(below / unit_px * 0.9, 16.0) if not role.setting.stage.weightless else 7.0

    def cards(_seconds: float) -> list[Card]:
        return [(art, place(0.0, 0.0))]

    def matrix(seconds: float) -> Matrix:
        left = x + 0.16 * size * math.sin(seconds * 0.55 + member.phase)
        return upright(
            left,
            y + 0.05 * size * math.sin(seconds * 0.9),
            unit_px,
            1.0,
            0.07 * math.cos(seconds * 0.55 + member.phase),
        )

    def running(index: int) -> Callable[[float], float]:
        return lambda seconds: 0.25 + 0.75 * (0.5 + 0.5 * math.cos(seconds * 4.0 - index * 0.9)) ** 3

    rims = tuple(
        round_shine(lamp, at, -0.05 - 0.35 * (1 - (at / 6) ** 2), 0.55, running(index))
        for index, at in enumerate(np.linspace(-5.2, 5.2, 7).tolist())
    )
    cone = beam_light(from_hex("8affd0"), 0.24)
    down = Shine(
        cone,
        np.array([[0.0, 0.40 * reach * 2 / 64, -0.40 * reach], [-reach / 128, 0.0, -1.0]]),
        lambda seconds: 0.75 + 0.15 * math.sin(seconds * 1.7),
    )
    under = round_shine(to_pixels(lamp_glow(24, from_hex("b0ffe0"))), 0.0, -1.2, 2.2, steady(0.8))
    return Machine(role.where, role.setting, cards, matrix, shines=(down, under, *rims))


CASTINGS: Castings = MappingProxyType(
    {
        "rocket": rockets,
        **satellites.CASTINGS,
        "spaceship": one_by_one(_starship),
        "ufo": one_by_one(_saucer),
    }
)
