"""A submarine: it lights its way under water and leaves a trail of bubbles."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.craft.craft import INK, IRON, LAMP, bar, beam_light, box, curve, disc, paintbox
from filmgate.animatic.figures.craft.machine import (
    Machine,
    Shine,
    passing_speed,
    steady,
    upright,
)
from filmgate.animatic.figures.craft.plume import Plume, build_puffs
from filmgate.animatic.figures.cutout import Card, Patch, Piece, draw_cutout, turned
from filmgate.animatic.figures.puppet import outline
from filmgate.animatic.figures.role import Member, Role
from filmgate.animatic.figures.wildlife.troupe import submerged
from filmgate.animatic.raster import Matrix, place

BEHIND = 0.16  # how much smaller each further one of several is


def submarine(member: Member) -> Machine:
    role = member.role
    unit_px = min(role.size * 0.62 / 9.0, 0.6 * role.canvas.width / 44) * (1 - BEHIND * min(3, member.index))
    facing = role.setting.heading
    paint = paintbox(role, facing)
    light = submerged(role)
    grey = role.colour("3f4c58")
    hull = curve("-20,0.6 -19,1.6 -10,3.4 10,3.5 18,2.6 21,0 18,-2.6 10,-3.4 -10,-3.2 -19,-0.8")
    sail = curve("1,3! 1.4,7 2.4,7.4 7,7.4 8,6.6 8.4,3!")
    seam = tuple(Patch(outline((x, -4), (x, 4)), INK, 0.0, 0.25, 0.08) for x in np.arange(-15, 18, 4.2))
    ports = [Piece(disc(x, 0.9, 0.48), paint.shining(from_hex("ffd890")), (), 0.0) for x in (8.0, 10.4, 12.8)]
    pieces = [
        Piece(bar((4.6, 7.2), (4.6, 9.4), 0.35), IRON, (), 0.1),
        Piece(
            curve("-20,0.4! -21.5,5 -18.5,5 -15,1.6!", 3),
            grey * 0.8,
            (),
            0.4,
        ),
        Piece(
            curve("-20,0.2! -21,-4.2 -18.5,-4.2 -15,-1!", 3),
            grey * 0.7,
            (),
            0.4,
        ),
        Piece(sail, grey, (), 0.7),
        Piece(hull, grey, (*seam, Patch(box(-99, -9, 99, -1.6), grey * 0.4, 1.2, 0.8)), 2.2),
        Piece(bar((-0.6, 5.2), (4.2, 5.2), 0.6), grey * 0.7, (), 0.2),
        *ports,
        paint.lamp(disc(19.4, 0.8, 0.5), LAMP, LAMP),
    ]
    art = draw_cutout(pieces, light, unit_px)
    blade = draw_cutout([Piece(disc(0, 0, 0.45, 2.6), from_hex("a08a4a"), (), 0.1)], light, unit_px)
    speed = passing_speed(role, 0.45 * role.size, 0.5)
    x0 = member.x

    def cards(seconds: float) -> list[Card]:
        spin = math.cos(seconds * 7.0)
        return [(blade, turned(-21.0, 0.5, 0.0, 1.0, 0.15 + 0.85 * abs(spin))), (art, place(0.0, 0.0))]

    def matrix(seconds: float) -> Matrix:
        gone = seconds - role.middle
        y = role.y + 0.03 * role.size * math.sin(seconds * 0.6 + member.phase) + 0.24 * role.size * member.index
        return upright(x0 + facing * speed * gone, y, unit_px, facing, 0.02 * math.sin(seconds * 0.5))

    beam = Shine(
        beam_light(LAMP * 0.7, 0.22), np.array([[34 / 128, 0.0, 20.0], [-4.0 / 128, -15 / 64, 8.3]]), steady(0.9)
    )
    bubbles = _bubbles(role, matrix, unit_px)
    return Machine(role.where, role.setting, cards, matrix, (bubbles,), (), (beam,))


def _bubbles(role: Role, matrix: Callable[[float], Matrix], unit_px: float) -> Plume:
    foam = build_puffs(role.rng, np.array([0.80, 0.95, 1.0]), np.array([0.35, 0.62, 0.72]), (0.2, -0.95))

    def source(seconds: float) -> tuple[float, float]:
        own = matrix(seconds)
        return float(own[0, 0] * -22.0 + own[0, 2]), float(own[1, 0] * -22.0 + own[1, 2])

    return Plume(foam, source, 0.12, 1.8, 4.0 * unit_px, (0.0, -1.6 * unit_px), (0.0, 0.0), 0.5, 0.34)
