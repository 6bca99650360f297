"""What flies by wings and rotors: airliners with their trails, biplanes, helicopters, drones."""

from __future__ import annotations

import math
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
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
    lamp_glow,
    paintbox,
    painted,
    rounded,
)
from filmgate.animatic.figures.craft.machine import Machine, double_flash, passing_speed, round_shine, upright
from filmgate.animatic.figures.cutout import Card, Cutout, Patch, Piece, draw_cutout, turned
from filmgate.animatic.figures.puppet import outline
from filmgate.animatic.figures.role import Castings, Member, Role, one_by_one
from filmgate.animatic.raster import Matrix, place

TRAIL_METRES = 150.0


def _airliner(member: Member) -> Machine:
    role = member.role
    x, y, size = member.in_formation()
    unit_px, facing = size * 1.45 / 38, role.setting.heading
    paint = paintbox(role, facing)
    art = draw_cutout(_airliner_pieces(paint, role), paint.light, unit_px)
    trails = _contrail(role)
    airless = role.setting.stage.weightless
    speed = passing_speed(role, 0.5 * size, 0.42)

    def matrix(seconds: float) -> Matrix:
        gone = seconds - role.middle
        sway = 0.008 * math.sin(seconds * 0.8 + member.phase)
        return upright(x + facing * speed * gone, y - 0.10 * speed * gone, unit_px, facing, 0.10 + sway)

    def cards(_seconds: float) -> list[Card]:
        behind: list[Card] = [] if airless else [(trails, turned(-3.0, -3.0, 0.0)), (trails, turned(-5.0, -0.8, 0.0))]
        return [*behind, (art, place(0.0, 0.0))]

    shines = [round_shine(to_pixels(lamp_glow(16, WHITE)), -6.5, -3.4, 1.8, double_flash(1.3, member.phase))]
    if paint.dark:
        shines.append(round_shine(to_pixels(lamp_glow(16, from_hex("ff4a3a"))), 0.0, -2.0, 1.6, double_flash(1.1, 0.4)))
    return Machine(role.where, role.setting, cards, matrix, shines=tuple(shines))


def _airliner_pieces(paint: Paintbox, role: Role) -> list[Piece]:
    """Thirty-eight metres from nose to tail, seen from its side and a little from below."""
    livery = role.colour("2458a0")
    hull = curve(
        "19,-0.3 18.2,0.6 16.4,1.5 13.5,1.95 -9,2 -14,1.9 -18.6,1.3 -19.2,0.9 -18,0.4 -12,-1.3 "
        "-8,-1.9 12,-1.95 16,-1.6 18.4,-0.9"
    )
    fin = curve("-11.5,1.7! -17,8! -19.4,8! -18.2,1.4!", 3)
    wing = outline((3.6, -1.2), (-2.6, -1.5), (-10.2, -4.6), (-8.9, -4.9), (-7.4, -4.6))
    far_wing = outline((2.8, 0.6), (-5.6, 4.6), (-6.8, 4.6), (-2.4, 0.9))
    tail = outline((-14.4, 0.9), (-18.2, -0.6), (-19.6, -0.6), (-18.0, 1.0))
    engine = curve("2.8,-2.2 2.9,-3.4 2.2,-3.9 -0.4,-3.7 -1.4,-3.1 -1.2,-2.6 -0.2,-2.2 2.2,-1.9")
    body = painted(paint, hull, from_hex("f0f2f4"), 0.9, 0.55)
    stripe = Patch(
        curve("20,-0.9 4,-0.95 -10,-0.6 -20,1.6 -20,0.5 -10,-1.6 4,-1.6 20,-1.4"),
        livery,
        0.05,
        0.9,
    )
    panes = [
        Piece(
            disc(11.6 - 0.92 * number, 0.55, 0.24, 0.30, 10),
            paint.shining(LAMP) if paint.dark else from_hex("20303e"),
            (),
            0.0,
        )
        for number in range(25)
    ]
    screen = curve("15.6,0.9 17.5,0.62 17,1.15 15.9,1.5")
    return [
        Piece(far_wing, STEEL * 0.7, (), 0.15),
        Piece(fin, livery, (Patch(box(-30, 6.3, 0, 7.0), WHITE, 0.05, 0.9),), 0.18),
        Piece(body.outline, body.colour, (*body.patches, stripe), body.roundness),
        *panes,
        paint.glass(screen),
        Piece(tail, STEEL * 0.95, (), 0.12),
        Piece(
            engine,
            from_hex("d8dce0"),
            (Patch(box(2.2, -9, 9, 0), INK, 0.1, 0.8), Patch(box(-9, -2.6, 9, 0), paint.mirror(WHITE, 0.5), 0.3, 0.6)),
            0.32,
        ),
        Piece(
            wing, paint.mirror(STEEL, 0.25), (Patch(bar((3, -1.4), (-8.4, -4.7), 0.3), STEEL * 0.6, 0.1, 0.5),), 0.16
        ),
    ]


def _contrail(role: Role) -> Cutout:
    """A trail that thickens and fades behind what flies; along x from -TRAIL_METRES to 0."""
    rows, columns = 24, 256
    along = np.linspace(1, 0, columns, dtype=np.float32)[None]  # 1 is old
    across = np.linspace(-1, 1, rows, dtype=np.float32)[:, None]
    width = 0.16 + 0.70 * along**0.7
    cover = (
        np.exp(-((across / width) ** 2) * 2.6) * (1 - along) ** 1.2 * np.asarray(smoothstep(0.02, 0.10, along)) * 0.62
    )
    palette = role.brief.palette
    white = np.clip(mix(palette.cloud_lit, palette.light, 0.25), 0, 1) * (0.55 if palette.dark else 1.0)
    pixels = np.dstack([to_pixels(cover[..., None] * white), to_pixels(cover)])
    return Cutout(pixels, np.array([[TRAIL_METRES / columns, 0.0, -TRAIL_METRES], [0.0, -3.4 / rows, 1.7]]))


def _blur_disc(radius: float, squash: float, strength: float) -> list[Piece]:
    """A propeller or rotor too fast to see."""
    return [Piece(disc(0, 0, radius, radius * squash, 40), INK, (), 0.0, strength)]


def _biplane(member: Member) -> Machine:
    role = member.role
    x, y, size = member.in_formation()
    unit_px, facing = size * 1.15 / 8.4, role.setting.heading
    paint = paintbox(role, facing)
    own = role.colour(("b8302a", "c8902a", "2f5a8a")[member.scheme % 3])
    hull = curve("3.6,0.1 3.3,0.75 1.6,0.85 -1.2,0.7 -4.4,0.25 -4.5,0 -1.2,-0.6 1.8,-0.75 3.3,-0.55")
    tail = curve("-3.3,0.3 -3.9,1.5 -4.5,1.6 -4.8,0.9 -4.5,0.1")
    cream = from_hex("efe4c8")
    pieces = [
        Piece(bar((0.2, -0.5), (0.9, -1.55), 0.10), IRON, (), 0.02),
        Piece(bar((1.6, -0.5), (0.9, -1.55), 0.10), IRON, (), 0.02),
        Piece(disc(0.9, -1.6, 0.38), INK, (Patch(disc(0.9, -1.6, 0.18), STEEL, 0.02, 0.8),), 0.05),
        Piece(tail, cream, (Patch(box(-9, 0.9, 0, 1.15), own, 0.02, 0.9),), 0.05),
        painted(paint, hull, own, 0.4, 0.22),
        Piece(
            curve("3.3,-0.55 3.7,-0.4 3.8,0.3 3.3,0.75 2.9,0.6 2.9,-0.5"),
            paint.mirror(STEEL, 0.5),
            (),
            0.1,
        ),
        Piece(
            curve("-0.5,0.65 -0.45,1.05 -0.15,1.25 0.15,1.05 0.15,0.7"),
            from_hex("6a4a30"),
            (),
            0.08,
        ),
        paint.glass(outline((0.2, 0.78), (0.45, 0.80), (0.2, 1.15))),
        Piece(bar((0.1, 1.65), (0.5, -0.35), 0.08), IRON, (), 0.0),
        Piece(bar((1.7, 1.65), (1.9, -0.35), 0.08), IRON, (), 0.0),
        Piece(
            curve("2.3,-0.3 2.2,-0.15 0,-0.15 -0.2,-0.38 0.6,-0.5 2,-0.46"),
            cream,
            (),
            0.06,
        ),
        Piece(curve("2.3,1.72 2.2,1.88 -0.1,1.88 -0.3,1.62 0.6,1.52 2,1.56"), cream, (), 0.06),
    ]
    art = draw_cutout(pieces, paint.light, unit_px)
    blade = draw_cutout(_blur_disc(1.5, 0.16, 0.30), paint.light, unit_px)
    speed = passing_speed(role, 0.65 * size, 0.55)

    def cards(seconds: float) -> list[Card]:
        beat = 0.85 + 0.15 * math.sin(seconds * 23)
        return [(art, place(0.0, 0.0)), (blade, turned(3.85, 0.05, math.pi / 2, beat, 1.0))]

    def matrix(seconds: float) -> Matrix:
        gone = seconds - role.middle
        lean = 0.10 * math.sin(seconds * 0.7 + member.phase)
        return upright(
            x + facing * speed * gone, y + 0.10 * size * math.cos(seconds * 0.7 + member.phase), unit_px, facing, lean
        )

    return Machine(role.where, role.setting, cards, matrix)


def _helicopter(member: Member) -> Machine:
    role = member.role
    x, y, size = member.in_formation()
    unit_px, facing = size * 1.25 / 11, role.setting.heading
    paint = paintbox(role, facing)
    own = role.colour(("c83a2a", "2a4a7a", "d8dade", "4a5a3a")[member.scheme % 4])
    cabin = curve("3.3,-0.2 2.9,0.9 1.6,1.55 -0.8,1.6 -2.2,1.3 -7.4,1.1 -7.4,0.6 -2.6,-0.1 -1.6,-0.9 1.6,-1 2.9,-0.8")
    fin = curve("-6.8,0.7 -7.6,2.4 -8.1,2.4 -7.9,0.9 -8,-0.3 -7.5,-0.3")
    window = curve("2.95,0 2.6,0.75 1.5,1.3 0.9,1.3 0.9,0 1.8,-0.1")
    pieces = [
        Piece(bar((1.5, -0.9), (1.7, -1.7), 0.09), IRON, (), 0.0),
        Piece(bar((-1.0, -0.9), (-1.0, -1.7), 0.09), IRON, (), 0.0),
        Piece(
            curve("-1.9,-1.68 -1.9,-1.8 2.3,-1.8 2.8,-1.55 2.7,-1.48 2.2,-1.66"),
            IRON,
            (),
            0.02,
        ),
        Piece(fin, own * 0.8, (), 0.06),
        Piece(curve("-1.6,1.5 -1.3,2.05 0.4,2.1 0.9,1.5"), IRON, (), 0.12),
        Piece(bar((-0.2, 2.0), (-0.2, 2.55), 0.22), STEEL, (), 0.03),
        painted(paint, cabin, own, 0.35, 0.3),
        paint.glass(window),
        paint.glass(box(-0.5, 0.1, 0.65, 1.15), lit=True),
        Piece(bar((0.78, -0.8), (0.78, 1.4), 0.05), own * 0.5, (), 0.0),
    ]
    art = draw_cutout(pieces, paint.light, unit_px)
    veil = draw_cutout(_blur_disc(5.4, 0.045, 0.20), paint.light, unit_px)
    blades = draw_cutout([Piece(bar((-5.4, 0), (5.4, 0), 0.11), INK, (), 0.0, 0.75)], paint.light, unit_px)
    tail = draw_cutout(
        [*_blur_disc(0.9, 1.0, 0.22), Piece(bar((-0.9, 0), (0.9, 0), 0.12), INK, (), 0.0, 0.6)], paint.light, unit_px
    )
    speed = passing_speed(role, 0.45 * size, 0.42)

    def cards(seconds: float) -> list[Card]:
        turn = seconds * 17.0
        rotor: list[Card] = [(veil, place(-0.2, 2.58)), (blades, turned(-0.2, 2.58, 0.0, math.cos(turn), 1.0))]
        return [(art, place(0.0, 0.0)), *rotor, (tail, turned(-7.75, 1.9, seconds * 23.0))]

    def matrix(seconds: float) -> Matrix:
        gone = seconds - role.middle
        bob = 0.03 * size * math.sin(seconds * 1.1 + member.phase)
        return upright(x + facing * speed * gone, y + bob, unit_px, facing, -0.07 + 0.015 * math.sin(seconds * 0.8))

    lights = (round_shine(to_pixels(lamp_glow(16, from_hex("ff4a3a"))), -7.9, 2.4, 0.8, double_flash(1.2, 0.0)),)
    return Machine(role.where, role.setting, cards, matrix, shines=lights)


def _drone(member: Member) -> Machine:
    role = member.role
    x, y, size = member.in_formation()
    unit_px, facing = size * 0.62, role.setting.heading
    paint = paintbox(role, facing)
    own = role.colour("d4d8dc")
    pieces: list[Piece] = []
    for side in (-1, 1):
        pieces += [
            Piece(bar((0.14 * side, 0.06), (0.44 * side, 0.12), 0.06, 0.04), own * 0.8, (), 0.015),
            Piece(
                rounded(((0.40 * side, 0.06), (0.40 * side, 0.18), (0.48 * side, 0.18), (0.48 * side, 0.06))),
                IRON,
                (),
                0.02,
            ),
            Piece(bar((0.13 * side, 0.0), (0.20 * side, -0.18), 0.03, 0.02), own * 0.6, (), 0.0),
        ]
    pieces += [
        painted(
            paint,
            curve("0.24,0.02 0.16,0.11 -0.16,0.12 -0.22,0.03 -0.14,-0.05 0.14,-0.06"),
            own,
            0.05,
            0.04,
        ),
        Piece(
            disc(0.12, -0.09, 0.05), INK, (Patch(disc(0.13, -0.08, 0.02), paint.shining(paint.sky), 0.004, 0.9),), 0.015
        ),
    ]
    art = draw_cutout(pieces, paint.light, unit_px)
    veil = draw_cutout(_blur_disc(0.24, 0.10, 0.30), paint.light, unit_px)
    lamp = to_pixels(lamp_glow(16, from_hex("4aff7a")))
    speed = passing_speed(role, 0.28 * size, 0.3)

    def cards(seconds: float) -> list[Card]:
        beat = 0.9 + 0.1 * math.sin(seconds * 29)
        return [(veil, turned(side * 0.44, 0.19, 0.0, beat, 1.0)) for side in (-1, 1)] + [(art, place(0.0, 0.0))]

    def matrix(seconds: float) -> Matrix:
        gone = seconds - role.middle
        aside = 0.05 * size * math.sin(seconds * 0.9 + member.phase)
        return upright(
            x + facing * speed * gone + aside,
            y + 0.05 * size * math.sin(seconds * 1.3),
            unit_px,
            facing,
            -0.06 * math.cos(seconds * 0.9 + member.phase),
        )

    return Machine(
        role.where, role.setting, cards, matrix, shines=(round_shine(lamp, -0.2, 0.03, 0.12, double_flash(1.4, 0.2)),)
    )


CASTINGS: Castings = MappingProxyType(
    {
        "plane": one_by_one(_airliner),
        "biplane": one_by_one(_biplane),
        "helicopter": one_by_one(_helicopter),
        "drone": one_by_one(_drone),
    }
)
