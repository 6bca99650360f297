"""What floats on the air: balloons of silk with their burners, and airships."""

from __future__ import annotations

import math
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.figures.craft.craft import (
    IRON,
    LAMP,
    RED,
    ROPE,
    Paintbox,
    bar,
    box,
    curve,
    disc,
    lamp_glow,
    paintbox,
)
from filmgate.animatic.figures.craft.machine import Machine, Shine, double_flash, passing_speed, round_shine, upright
from filmgate.animatic.figures.cutout import Card, Patch, Piece, draw_cutout
from filmgate.animatic.figures.puppet import outline
from filmgate.animatic.figures.role import Castings, Member, Role, one_by_one
from filmgate.animatic.raster import Matrix, place

BALLOON_COLOURS = (
    ("d8443a", "f4e6c8", "e88a3a"),
    ("2f6fb0", "f6efe0", "f2b84a"),
    ("7a3f8a", "f2d0d8", "e0587a"),
    ("1f7a70", "f4f0d8", "e8763a"),
)


GORES = 12


def _balloon(member: Member) -> Machine:
    role = member.role
    x, y, size = member.in_formation()
    unit_px = size * 1.6
    paint = paintbox(role, 1.0, most_silhouette=0.30)  # light shines through the silk
    scheme = member.scheme + member.index
    art = draw_cutout(_balloon_pieces(paint, role, scheme), paint.light, unit_px)

    def cards(_seconds: float) -> list[Card]:
        return [(art, place(0.0, 0.0))]

    def matrix(seconds: float) -> Matrix:
        gone = seconds - role.middle
        left = x + 0.05 * size * gone + 0.012 * size * math.sin(seconds * 0.7 + member.phase)
        foot = y + 0.8 * size - 0.028 * size * gone + 0.01 * size * math.sin(seconds * 0.5 + member.phase)
        return upright(left, foot, unit_px, 1.0, 0.02 * math.sin(seconds * 0.6 + member.phase))

    return Machine(role.where, role.setting, cards, matrix, shines=_burner(paint.dark, member.phase))


def _balloon_pieces(paint: Paintbox, role: Role, scheme: int) -> list[Piece]:
    """Gores of silk around an envelope; a unit from the basket's floor to the crown."""
    share = np.linspace(0, 1, 26)
    upper = np.stack([0.36 * np.cos(share * math.pi / 2), 0.64 + 0.36 * np.sin(share * math.pi / 2)], 1)
    lower = np.stack([0.36 * (1 - 0.80 * (share * share * (3 - 2 * share))), 0.64 - 0.44 * share], 1)
    edge = np.concatenate([upper[::-1], lower])
    colours = [from_hex(value) for value in BALLOON_COLOURS[scheme % len(BALLOON_COLOURS)]]
    if role.subject.colour is not None:
        colours[0] = role.colour("d8443a")
    patches: list[Patch] = []
    for gore in range(GORES):
        first, last = (math.sin(math.pi * (side / GORES - 0.5)) for side in (gore, gore + 1))
        outline_of_gore = np.concatenate([edge * [first, 1], (edge * [last, 1])[::-1]])
        patches.append(Patch(outline_of_gore, colours[gore % 3], 0.0))
        patches.append(Patch(edge * [last, 1], colours[gore % 3] * 0.5, 0.004, 0.45, 0.004))
    band = outline((-1, 0.545), (1, 0.545), (1, 0.50), (-1, 0.50))
    patches.append(Patch(band, colours[1], 0.0, 0.9))
    silk = np.concatenate([edge, (edge * [-1, 1])[::-1]])
    patches.append(
        Patch(disc(0.0, 0.13, 0.30, 0.16), paint.shining(np.clip(mix(paint.sky, LAMP, 0.6), 0, 1)), 0.07, 0.30)
    )
    wicker = from_hex("8a5a30")
    weave = tuple(
        Patch(outline((-0.1, level), (0.1, level)), wicker * 0.5, 0.0, 0.5, 0.004) for level in (0.02, 0.04, 0.06)
    )
    heads = [Piece(disc(at, 0.105, 0.013, 0.016), from_hex("8a6248"), (), 0.004) for at in (-0.022, 0.020)]
    return [
        *(Piece(bar((side * 0.07, 0.21), (side * 0.048, 0.085), 0.004), ROPE, (), 0.0) for side in (-1, -0.4, 0.4, 1)),
        Piece(silk, colours[0], tuple(patches), 0.13),
        Piece(
            curve("-0.075,0.2 -0.06,0.225 0.06,0.225 0.075,0.2 0,0.185"),
            colours[0] * 0.45,
            (),
            0.0,
        ),
        *heads,
        Piece(
            curve("-0.052,0 -0.058,0.085! 0.058,0.085! 0.052,0", 3),
            wicker,
            (*weave, Patch(bar((-0.1, 0.083), (0.1, 0.083), 0.012), wicker * 0.6, 0.0, 0.9)),
            0.02,
        ),
    ]


def _burner(dark: bool, phase: float) -> tuple[Shine, ...]:
    """Now and then a flame, which by night lights the silk from within."""

    def burst(seconds: float) -> float:
        turn = (seconds / 3.4 + phase) % 1.0
        swell = float(smoothstep(0.0, 0.10, turn) * (1 - smoothstep(0.42, 0.62, turn)))
        return swell * (0.88 + 0.12 * math.sin(seconds * 21 + phase))

    def within(seconds: float) -> float:
        return (0.26 + 0.50 * burst(seconds)) if dark else 0.12 * burst(seconds)

    flame = to_pixels(lamp_glow(24, from_hex("ffc46a")))
    inner = to_pixels(lamp_glow(48, from_hex("ff9a4a")))
    tall = Shine(flame, np.array([[0.10 / 49, 0.0, -0.05], [0.0, -0.20 / 49, 0.25]]), burst)
    bell = Shine(inner, np.array([[0.66 / 97, 0.0, -0.33], [0.0, -0.80 / 97, 0.90]]), within)
    return tall, bell


def _airship(member: Member) -> Machine:
    role = member.role
    x, y, size = member.in_formation()
    unit_px, facing = size * 2.0 / 70, role.setting.heading
    paint = paintbox(role, facing)
    own = role.colour("c8ccd0")
    share = np.linspace(0, math.pi, 40)
    long = 34 * np.cos(share)
    deep = 8.0 * np.sin(share) ** 0.62 * (1 - 0.10 * np.cos(share))
    hull = np.concatenate([np.stack([long, deep], 1), np.stack([long, -deep], 1)[::-1]])
    ribs = tuple(
        Patch(np.stack([long, deep * lift], 1), own * 0.55, 0.06, 0.4, 0.16) for lift in (-0.75, -0.35, 0.1, 0.5, 0.85)
    )
    band = Patch(
        np.concatenate([np.stack([long, deep * -0.05], 1), np.stack([long, deep * -0.28], 1)[::-1]]),
        from_hex("b83a2e"),
        0.04,
        0.85,
    )
    fins = [
        Piece(curve("-24,4! -34,11 -37,11 -34,3!", 4), own * 0.8, (), 0.5),
        Piece(curve("-24,-4! -34,-11 -37,-11 -34,-3!", 4), own * 0.6, (), 0.5),
    ]
    gondola = curve("6.5,-8.2 5.5,-10.6 -6.5,-10.6 -7.5,-8.2 0,-7.6")
    pieces = [
        *fins,
        Piece(gondola, IRON, (), 0.5),
        *(paint.glass(box(at, -9.7, at + 1.3, -8.7), lit=True) for at in np.arange(-5.5, 5.0, 1.8)),
        Piece(hull, own, (*ribs, band, Patch(box(-50, 4.0, 50, 20), paint.mirror(own, 0.5), 2.2, 0.6)), 4.2),
        Piece(curve("-26,0.8 -37,0.8 -37,-0.8 -26,-0.8"), own * 0.9, (), 0.3),
    ]
    art = draw_cutout(pieces, paint.light, unit_px)
    speed = passing_speed(role, 0.25 * size, 0.3)

    def cards(_seconds: float) -> list[Card]:
        return [(art, place(0.0, 0.0))]

    def matrix(seconds: float) -> Matrix:
        gone = seconds - role.middle
        bob = 0.02 * size * math.sin(seconds * 0.5 + member.phase)
        return upright(x + facing * speed * gone, y + bob, unit_px, facing, 0.03 + 0.008 * math.sin(seconds * 0.6))

    lamps = (round_shine(to_pixels(lamp_glow(16, RED)), 0.0, -10.8, 2.4, double_flash(1.6, 0.0)),)
    return Machine(role.where, role.setting, cards, matrix, shines=lamps)


CASTINGS: Castings = MappingProxyType({"balloon": one_by_one(_balloon), "airship": one_by_one(_airship)})
