"""What people build in the west: houses, castles, mills, towers, tents. Lamps burn in them after dark."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, to_pixels
from filmgate.animatic.figures.coachwork import curve, rounded
from filmgate.animatic.figures.craft import (
    INK,
    IRON,
    LAMP,
    RED,
    WARM,
    WHITE,
    WOOD,
    Paintbox,
    bar,
    box,
    disc,
    lamp_glow,
    paintbox,
    soft_shadow,
)
from filmgate.animatic.figures.cutout import Card, Patch, Piece, draw_cutout, turned
from filmgate.animatic.figures.machine import Machine, mirrored_in_water, rippled, round_shine, upright
from filmgate.animatic.figures.plume import Plume, build_puffs, steam_colours
from filmgate.animatic.figures.puppet import outline
from filmgate.animatic.figures.role import Castings, Member, one_by_one
from filmgate.animatic.raster import Floats, Matrix, Points, place

Draw = Callable[[Paintbox, Floats], list[Piece]]
CROWDED = 0.62  # the size of each of several


@dataclass(frozen=True, slots=True)
class Turning:
    """A part that turns about (x, y): the sails of a mill."""

    draw: Callable[[Paintbox], list[Piece]]
    x: float
    y: float
    turns: float  # radians a second


@dataclass(frozen=True, slots=True)
class Building:
    """Something that stands, in metres; its height is `share` of a person's height on the screen."""

    draw: Draw
    colour: str
    width: float
    height: float
    share: float
    glows: tuple[tuple[float, float, float], ...] = ()  # after dark: x, y, radius
    chimney: tuple[float, float] | None = None
    turning: Turning | None = None


def standing_still(building: Building) -> Callable[[Member], Machine]:
    def build(member: Member) -> Machine:
        role = member.role
        count = role.subject.count
        share = building.share * (CROWDED if count > 1 else 1.0) * (1 - 0.10 * (member.index % 3))
        unit_px = min(role.size * share / building.height, 0.85 * role.canvas.width / building.width)
        paint = paintbox(role, 1.0)
        art = draw_cutout(building.draw(paint, role.colour(building.colour)), paint.light, unit_px)
        afloat = role.where == "water"
        x, y = member.x, role.y if role.where in ("water", "shore", "air") else role.setting.foot(member.x)
        ground = soft_shadow(building.width * 1.10, building.width * 0.12, 1.1 * role.setting.stage.shadow)
        mirror = mirrored_in_water(art) if afloat or role.where == "shore" else None
        part = building.turning
        sails = draw_cutout(part.draw(paint), paint.light, unit_px) if part else None

        def cards(seconds: float) -> list[Card]:
            under: Card = (
                (ground, place(0.0, 0.0))
                if mirror is None
                else (rippled(mirror, seconds, building.width), place(0.0, 0.0))
            )
            moving: list[Card] = [(sails, turned(part.x, part.y, -part.turns * seconds))] if part and sails else []
            return [under, (art, place(0.0, 0.0)), *moving]

        def matrix(_seconds: float) -> Matrix:
            return upright(x, y, unit_px)

        lamp = to_pixels(lamp_glow(32, from_hex("ffb860")))
        shines = (
            tuple(round_shine(lamp, *glow, _flicker(number)) for number, glow in enumerate(building.glows))
            if paint.dark
            else ()
        )
        smoke = (_chimney_smoke(member, building.chimney, (x, y), unit_px),) if building.chimney else ()
        return Machine(role.where, role.setting, cards, matrix, smoke, (), shines)

    return build


def _flicker(number: int) -> Callable[[float], float]:
    return lambda seconds: 0.62 + 0.05 * math.sin(seconds * 3.1 + number) + 0.03 * math.sin(seconds * 7.3 + 2 * number)


def _chimney_smoke(member: Member, top: tuple[float, float], at: tuple[float, float], unit_px: float) -> Plume:
    role = member.role
    lit, shade = steam_colours(role.brief.palette)
    puffs = build_puffs(role.rng, lit * 0.95, shade * 0.9, role.setting.light.towards)
    x, y = at[0] + top[0] * unit_px, at[1] - top[1] * unit_px
    wind = role.brief.reading.wind
    return Plume(
        puffs,
        lambda _seconds: (x, y),
        0.42,
        5.5,
        2.4 * unit_px,
        (0.42 * unit_px * wind, -0.42 * unit_px),
        (0.0, -1.0 * unit_px),
        0.9,
        0.42,
    )


def _courses(
    left: float, right: float, bottom: float, top: float, step: float, colour: Floats, strength: float = 0.35
) -> tuple[Patch, ...]:
    """Horizontal joints: boards, bricks, thatch."""
    return tuple(
        Patch(outline((left, y), (right, y)), colour, 0.0, strength, step * 0.12)
        for y in np.arange(bottom + step, top, step)
    )


def _window(paint: Paintbox, x: float, y: float, width: float, height: float, frame: Floats = WHITE) -> list[Piece]:
    pane = box(x - width / 2, y, x + width / 2, y + height)
    return [
        Piece(box(x - width / 2 - 0.09, y - 0.09, x + width / 2 + 0.09, y + height + 0.09), frame, (), 0.02),
        paint.glass(pane, lit=True),
        Piece(box(x - 0.035, y, x + 0.035, y + height), frame * 0.8, (), 0.0),
        Piece(box(x - width / 2, y + height * 0.48, x + width / 2, y + height * 0.48 + 0.07), frame * 0.8, (), 0.0),
    ]


def _bushes(spots: Sequence[tuple[float, float]]) -> list[Piece]:
    """Low greenery that seats a building in its ground."""
    leaf = from_hex("40602e")
    made: list[Piece] = []
    for index, (x, size) in enumerate(spots):
        turn = np.linspace(0, 2 * math.pi, 30, endpoint=False)
        ragged = 1 + 0.10 * np.sin(turn * 7 + index) + 0.07 * np.sin(turn * 11 + 2 * index)
        ball = np.stack(
            [x + size * ragged * np.cos(turn), np.maximum(0.62 * size * ragged * (np.sin(turn) + 0.72), -0.04)], 1
        )
        made.append(Piece(ball, leaf * (0.85 + 0.1 * (index % 3)), (), 0.25 * size))
    return made


def _house(paint: Paintbox, own: Floats) -> list[Piece]:
    """A gabled cottage seen from its long side, with a lower wing."""
    roof, trim = from_hex("7a4034"), from_hex("f2ece0")
    wall = Piece(
        box(-3.4, 0, 3.0, 3.0),
        own,
        (*_courses(-4, 4, 0, 3, 0.26, own * 0.7), Patch(box(-9, 2.6, 9, 4), own * 0.5, 0.25, 0.7)),
        0.10,
    )
    gable = outline((0.2, 0.0), (0.2, 3.1), (1.9, 4.9), (3.6, 3.1), (3.6, 0.0))
    slope = outline((-3.9, 2.85), (-3.2, 5.0), (1.9, 5.0), (0.6, 3.4), (0.1, 2.85))
    rows = _courses(-5, 5, 2.85, 5.1, 0.22, roof * 0.55, 0.5)
    return [
        Piece(box(-2.6, 4.2, -1.9, 6.1), from_hex("8a5a48"), _courses(-3, -1, 4.2, 6.1, 0.2, INK, 0.4), 0.10),
        Piece(box(-2.7, 6.0, -1.8, 6.2), from_hex("6a4438"), (), 0.03),
        wall,
        Piece(slope, roof, (*rows, Patch(box(-9, 4.4, 9, 6), paint.mirror(roof, 0.25), 0.4, 0.5)), 0.10),
        Piece(
            gable,
            own * 1.04,
            (*_courses(-4, 4, 0, 5, 0.26, own * 0.7), Patch(bar((0.0, 3.1), (1.9, 5.0), 0.35), own * 0.5, 0.12, 0.6)),
            0.10,
        ),
        Piece(outline((-0.15, 2.9), (1.9, 5.25), (3.95, 2.9), (3.7, 2.75), (1.9, 4.85), (0.1, 2.75)), trim, (), 0.03),
        *_window(paint, -2.5, 1.15, 0.85, 1.15),
        *_window(paint, -0.65, 1.15, 0.85, 1.15),
        *_window(paint, 1.9, 3.2, 0.62, 0.8),
        *_window(paint, 2.75, 1.15, 0.75, 1.15),
        Piece(
            curve("0.85,0! 0.85,1.8 1.3,2.1 1.75,1.8 1.75,0!", 4),
            WOOD,
            (Patch(disc(1.6, 0.95, 0.05), LAMP, 0.0, 0.8),),
            0.05,
        ),
        *_bushes(((-3.3, 0.8), (-1.6, 0.55), (0.3, 0.5), (3.7, 0.9))),
    ]


def _cabin(paint: Paintbox, own: Floats) -> list[Piece]:
    """Of logs, with a porch and a stone chimney."""
    roof = from_hex("4a4640")
    snowy = from_hex("3a3632")
    logs = tuple(Patch(outline((-4, y), (4, y)), INK, 0.02, 0.6, 0.06) for y in np.arange(0.3, 3, 0.32))
    shine = tuple(
        Patch(outline((-4, y + 0.18), (4, y + 0.18)), own * 1.5, 0.02, 0.5, 0.05) for y in np.arange(0.0, 3, 0.32)
    )
    stones = tuple(
        Patch(disc(2.55 + 0.42 * ((n * 0.618) % 1 - 0.5), 0.4 + 0.42 * n, 0.22, 0.16), from_hex("9a948c"), 0.02, 0.7)
        for n in range(12)
    )
    gable = outline((-3.2, 0.0), (-3.2, 2.5), (-0.2, 4.3), (2.8, 2.5), (2.8, 0.0))
    eaves = outline((-3.9, 2.05), (-0.2, 4.75), (3.5, 2.05), (3.3, 1.85), (-0.2, 4.25), (-3.7, 1.85))
    return [
        Piece(box(2.0, 0.0, 3.1, 5.3), from_hex("6a645e"), stones, 0.14),
        Piece(
            gable,
            own,
            (
                *logs,
                *shine,
                Patch(outline((-4, 2.2), (-0.2, 4.4), (4, 2.2), (4, 1.7), (-0.2, 3.8), (-4, 1.7)), snowy, 0.2, 0.75),
            ),
            0.16,
        ),
        Piece(eaves, roof, _courses(-5, 5, 1.8, 4.8, 0.16, roof * 0.5, 0.5), 0.10),
        *_window(paint, -2.0, 1.0, 0.95, 0.95, WOOD),
        *_window(paint, 1.5, 1.0, 0.95, 0.95, WOOD),
        Piece(disc(-0.2, 3.15, 0.38), WOOD, (), 0.03),
        paint.glass(disc(-0.2, 3.15, 0.29), lit=True),
        Piece(
            box(-0.75, 0.0, 0.35, 2.05),
            from_hex("3e2a1c"),
            (*(Patch(outline((x, 0), (x, 2.1)), INK, 0, 0.5, 0.03) for x in (-0.4, 0.0)),),
            0.04,
        ),
        Piece(box(-3.6, -0.05, 3.2, 0.16), own * 0.6, (), 0.04),
        *_bushes(((-3.5, 0.7), (3.4, 0.8))),
    ]


def _battlements(left: float, right: float, foot: float, top: float, merlons: int) -> Points:
    """A wall with merlons."""
    step = (right - left) / (2 * merlons - 1)
    crown: list[tuple[float, float]] = []
    for index in range(2 * merlons - 1):
        height = top if index % 2 == 0 else top - 0.62 * step
        crown += [(left + index * step, height), (left + (index + 1) * step, height)]
    return outline((left, foot), *crown, (right, foot))


def _castle(paint: Paintbox, own: Floats) -> list[Piece]:
    """Walls, a gate, a keep and five towers with pointed roofs and pennants."""
    slate = from_hex("3f5068")
    pieces: list[Piece] = []

    def stones(left: float, right: float, foot: float, top: float) -> tuple[Patch, ...]:
        blocks = tuple(
            Patch(box(x, y, x + 0.75, y + 0.32), own * (0.78 + 0.3 * ((x * 3.7 + y * 7.3) % 1.0)), 0.03, 0.55)
            for number, y in enumerate(np.arange(foot, top, 0.62))
            for x in np.arange(left + 0.55 * (number % 3), right, 2.35)
        )
        return (*blocks, Patch(box(left - 1, foot - 1, right + 1, foot + 1.2), own * 0.55, 0.6, 0.5))

    def tower(x: float, half: float, foot: float, top: float, roof: float) -> None:
        shaft = Piece(box(x - half, foot, x + half, top), own, stones(x - half, x + half, foot, top), half * 0.55)
        crown = Piece(
            _battlements(x - half * 1.22, x + half * 1.22, top - 0.35, top + 0.75, 4), own * 1.05, (), half * 0.5
        )
        cone = outline((x - half * 1.25, top + 0.5), (x, top + roof), (x + half * 1.25, top + 0.5), (x, top + 0.25))
        flag = rounded(
            (
                (x, top + roof + 1.2),
                (x, top + roof + 1.2),
                (x + 1.3, top + roof + 0.95),
                (x + 1.3, top + roof + 0.95),
                (x, top + roof + 0.65),
                (x, top + roof + 0.65),
            ),
            3,
        )
        pieces.extend(
            [
                Piece(bar((x, top + roof - 0.2), (x, top + roof + 1.25), 0.09), IRON, (), 0.0),
                Piece(flag, RED, (), 0.05),
                shaft,
            ]
        )
        pieces.extend(
            [Piece(cone, slate, _courses(x - 9, x + 9, top, top + roof, 0.5, slate * 0.5, 0.45), half * 0.55), crown]
        )
        for level in np.arange(foot + 3.0, top - 0.8, 2.7):
            slit = rounded(
                (
                    (x - 0.22, level),
                    (x - 0.22, level),
                    (x - 0.22, level + 0.75),
                    (x, level + 1.05),
                    (x + 0.22, level + 0.75),
                    (x + 0.22, level),
                    (x + 0.22, level),
                ),
                3,
            )
            pieces.append(paint.glass(slit, lit=True) if paint.dark else Piece(slit, INK, (), 0.0))

    tower(-2.6, 1.1, 4, 13.5, 4.6)
    tower(3.0, 1.0, 4, 11.8, 4.2)
    pieces.append(Piece(_battlements(-4.6, 4.6, 0, 9.2, 8), own * 0.96, stones(-4.6, 4.6, 3, 8.6), 0.5))
    tower(0.2, 1.5, 6, 16.0, 5.4)
    pieces.append(Piece(_battlements(-9.6, 9.6, 0, 5.0, 17), own, stones(-9.6, 9.6, 0, 4.6), 0.4))
    tower(-8.6, 1.45, 0, 8.2, 4.2)
    tower(8.6, 1.45, 0, 8.2, 4.2)
    tower(-2.4, 0.85, 0, 6.0, 2.8)
    tower(2.4, 0.85, 0, 6.0, 2.8)
    gate = curve("-1.15,0! -1.15,1.9 -0.7,2.8 0,3.1 0.7,2.8 1.15,1.9 1.15,0!", 4)
    bars = tuple(Patch(outline((x, 0), (x, 3.2)), INK, 0, 0.8, 0.06) for x in np.arange(-1.0, 1.1, 0.33))
    pieces.append(Piece(gate, paint.shining(WARM * 0.8) if paint.dark else from_hex("3a2a1e"), bars, 0.0))
    return [*pieces, *_bushes(((-10.6, 1.2), (-6.4, 0.8), (5.6, 0.9), (10.7, 1.3)))]


def _mill_sails(paint: Paintbox) -> list[Piece]:
    cloth = from_hex("efe6d2")
    pieces: list[Piece] = []
    for quarter in range(4):
        turn = quarter * math.pi / 2 + 0.4
        along, across = np.array([math.cos(turn), math.sin(turn)]), np.array([-math.sin(turn), math.cos(turn)])

        def at(far: float, aside: float, along: Floats = along, across: Floats = across) -> tuple[float, float]:
            spot = along * far + across * aside
            return float(spot[0]), float(spot[1])

        sail = outline(at(1.1, 0.08), at(5.6, 0.08), at(5.6, 1.05), at(1.1, 0.95))
        lattice = [
            Patch(outline(at(far, 0.0), at(far, 1.1)), WOOD, 0.0, 0.8, 0.06) for far in np.arange(1.6, 5.6, 0.55)
        ]
        lattice.append(Patch(outline(at(1.1, 0.55), at(5.6, 0.55)), WOOD, 0.0, 0.8, 0.06))
        pieces += [
            Piece(sail, cloth, tuple(lattice), 0.0),
            Piece(bar(at(0, 0), at(5.8, 0), 0.24, 0.14), WOOD * 0.8, (), 0.0),
        ]
    return [*pieces, Piece(disc(0, 0, 0.32), WOOD * 0.6, (), 0.0)]


def _windmill(paint: Paintbox, own: Floats) -> list[Piece]:
    body = outline((-2.1, 0.0), (-1.35, 6.6), (1.35, 6.6), (2.1, 0.0))
    cap = curve("-1.6,6.5! -1.45,7.5 -0.5,8.3 0.5,8.3 1.45,7.5 1.6,6.5!", 4)
    thatch = from_hex("6a4a34")
    door = curve("-0.5,0! -0.5,1.5 0,1.85 0.5,1.5 0.5,0!", 4)
    return [
        Piece(
            body,
            own,
            (*_courses(-3, 3, 0, 6.6, 0.36, own * 0.65), Patch(box(-9, 6.0, 9, 7), own * 0.45, 0.3, 0.7)),
            0.85,
        ),
        Piece(cap, thatch, _courses(-3, 3, 6.5, 8.3, 0.22, thatch * 0.5), 0.7),
        *_window(paint, 0.0, 3.3, 0.6, 0.8),
        *_window(paint, -0.9, 2.1, 0.5, 0.65),
        Piece(door, WOOD, (), 0.05),
        *_bushes(((-2.3, 0.7), (2.2, 0.6))),
    ]


def _turbine_blades(paint: Paintbox) -> list[Piece]:
    pieces: list[Piece] = []
    for third in range(3):
        turn = third * 2 * math.pi / 3 + 0.3
        along, across = np.array([math.cos(turn), math.sin(turn)]), np.array([-math.sin(turn), math.cos(turn)])
        spots = [
            along * far + across * aside
            for far, aside in (
                (0.3, -0.35),
                (3.0, -0.5),
                (20.0, -0.06),
                (20.2, 0.02),
                (4.0, 1.15),
                (1.6, 0.75),
                (0.3, 0.35),
            )
        ]
        pieces.append(Piece(np.stack(spots), WHITE, (), 0.0))
    return [*pieces, Piece(disc(0, 0, 0.85), WHITE * 0.9, (), 0.0)]


def _wind_turbine(_paint: Paintbox, own: Floats) -> list[Piece]:
    return [
        Piece(outline((-1.0, 0.0), (-0.5, 32.0), (0.5, 32.0), (1.0, 0.0)), own, (), 0.6),
        Piece(curve("-1,31.4 -1.2,32.6 -0.4,33.2 1.8,33 2.2,32.2 1.6,31.4"), own, (), 0.5),
    ]


def _iron_tower(paint: Paintbox, own: Floats) -> list[Piece]:
    """A lattice tower that tapers over four arched feet, as in Paris."""
    heights = np.linspace(0, 1, 40)
    half = 6.2 * (1 - heights) ** 2.15 + 0.42 * (1 - heights) + 0.10
    y = heights * 30
    edge = np.concatenate([np.stack([-half, y], 1), np.stack([half, y], 1)[::-1]])
    braces: list[Patch] = []
    for low, high in zip(np.arange(0, 28.5, 1.05), np.arange(1.05, 29.5, 1.05), strict=False):
        wide, narrow = float(np.interp(low, y, half)), float(np.interp(high, y, half))
        inner = 0.80 if low > 9 else 0.86
        for side in (-1, 1):
            braces.append(
                Patch(
                    outline((side * wide, low), (side * narrow * (0.45 if low < 9 else -0.6), high)),
                    own * 0.45,
                    0.0,
                    0.8,
                    0.10,
                )
            )
            braces.append(Patch(outline((side * wide * inner, low), (side * narrow, high)), own * 1.5, 0.0, 0.6, 0.08))
    legs = curve("-3.7,0! -2.9,2.9 -1.5,4.4 0,4.9 1.5,4.4 2.9,2.9 3.7,0!", 5)
    between = curve("-1.25,6.3! -0.9,8.2 0,9 0.9,8.2 1.25,6.3!", 4)
    rim = np.concatenate([edge[:40], edge[40:]])
    shaft = np.concatenate([rim, rim[:1]])
    frame = _with_holes(shaft, legs, between)
    lights = []
    if paint.dark:
        lights = [
            Piece(
                disc(side * float(np.interp(level, y, half)) * 0.96, level, 0.16),
                paint.shining(from_hex("ffd27a")),
                (),
                0.0,
            )
            for level in np.arange(0.8, 29, 1.0)
            for side in (-1, 1)
        ]
    return [
        Piece(bar((0, 29.4), (0, 32.4), 0.22, 0.06), own, (), 0.05),
        *(Piece(part, own, tuple(braces), 0.28) for part in frame),
        Piece(box(-3.1, 5.4, 3.1, 6.2), own * 0.9, _courses(-4, 4, 5.4, 6.2, 0.26, INK, 0.4), 0.12),
        Piece(box(-1.75, 10.4, 1.75, 11.0), own * 0.9, (), 0.10),
        Piece(box(-0.62, 27.0, 0.62, 27.6), own * 0.9, (), 0.06),
        *lights,
    ]


def _with_holes(shell: Points, arch: Points, window: Points) -> list[Points]:
    """The tower in four pieces around its openings: two legs, two flanks of the middle, and the spire."""
    left, right = shell[:40], shell[40:80][::-1]  # from the foot upwards
    low, high = left[:, 1] <= 5.6, (left[:, 1] >= 5.3) & (left[:, 1] <= 10.8)
    top = left[:, 1] >= 10.2
    middle = len(arch) // 2
    arch_left, arch_right = arch[: middle + 1], arch[middle:]
    cut = len(window) // 2
    return [
        np.concatenate([left[low], [[0.0, 5.6]], arch_left[::-1]]),
        np.concatenate([right[low], [[0.0, 5.6]], arch_right]),
        np.concatenate([left[high], [[0.0, 10.8]], window[: cut + 1][::-1], [[-1.25, 5.4]]]),
        np.concatenate([right[high], [[0.0, 10.8]], window[cut:], [[1.25, 5.4]]]),
        np.concatenate([left[top], right[top][::-1]]),
    ]


def _igloo(paint: Paintbox, own: Floats) -> list[Piece]:
    turn = np.linspace(0, math.pi, 30)
    dome = np.stack([2.6 * np.cos(turn), 2.15 * np.sin(turn)], 1)
    blocks = [
        Patch(np.stack([3 * np.cos(turn), np.full(30, level)], 1), from_hex("8aa4be"), 0.01, 0.7, 0.045)
        for level in (0.5, 1.0, 1.45, 1.85)
    ]
    blocks += [
        Patch(
            outline((x * (1 - 0.12 * row), 0.5 * row), (x * (0.96 - 0.14 * row), 0.5 * row + 0.5)),
            from_hex("8aa4be"),
            0.01,
            0.7,
            0.045,
        )
        for row in range(4)
        for x in np.arange(-2.4 + 0.35 * (row % 2), 2.6, 0.72)
    ]
    porch = np.stack([1.2 + 0.95 * np.cos(turn), 1.15 * np.sin(turn)], 1)
    mouth = np.stack([1.3 + 0.58 * np.cos(turn), 0.80 * np.sin(turn)], 1)
    return [
        Piece(dome, own, tuple(blocks), 0.8),
        Piece(porch, own * 1.02, tuple(blocks[:2]), 0.35),
        paint.lit_pane(mouth, from_hex("ffb45a")) if paint.dark else Piece(mouth, from_hex("2a3a4e"), (), 0.0),
    ]


def _pyramid(_paint: Paintbox, own: Floats) -> list[Piece]:
    """Two faces, one in the light and one in the shade, and two more behind."""

    def one(x: float, half: float, top: float, shade: float) -> list[Piece]:
        ridge = x + 0.18 * half
        joints = _courses(x - half, x + half, 0, top, top / 26, own * 0.5, 0.32)
        worn = tuple(
            Patch(
                box(
                    x - half + 2 * half * ((n * 0.618) % 1),
                    top * ((n * 0.381) % 1),
                    x - half + 2 * half * ((n * 0.618) % 1) + 0.10 * half,
                    top * ((n * 0.381) % 1) + 0.03 * top,
                ),
                own * 0.62,
                0.01,
                0.5,
            )
            for n in range(44)
        )
        return [
            Piece(outline((x - half, 0), (x, top), (ridge + 0.36 * half, 0)), own * shade, (*joints, *worn), 0.0),
            Piece(
                outline((ridge + 0.36 * half, 0), (x, top), (x + half, 0)), own * shade * 0.58, (*joints, *worn), 0.0
            ),
        ]

    return [*one(-13, 7.0, 7.6, 0.86), *one(13, 5.0, 5.2, 0.82), *one(0, 12.0, 13.5, 1.0)]


def _tent(paint: Paintbox, own: Floats) -> list[Piece]:
    """A dome tent with its flap open; by night someone has a lamp inside, and the cloth glows."""
    turn = np.linspace(0, math.pi, 36)
    dome = np.stack([1.75 * np.cos(turn) * (1 + 0.05 * np.sin(turn)), 1.5 * np.sin(turn) ** 0.82], 1)
    cloth = paint.shining(np.clip(own * 0.35 + from_hex("ff9a3a") * 0.55, 0, 1)) if paint.dark else own
    deep = paint.shining(from_hex("b8501c")) if paint.dark else own * 0.5
    hot = (
        Patch(disc(0.1, 0.35, 1.0, 0.75), paint.shining(from_hex("ffdc8a")), 0.32, 0.85)
        if paint.dark
        else Patch(disc(-0.7, 1.1, 0.7, 0.3), paint.mirror(own, 0.4), 0.2, 0.6)
    )
    poles = tuple(
        Patch(
            np.stack(
                [
                    np.linspace(foot, top, 14) + bend * np.sin(np.linspace(0, math.pi, 14)),
                    1.5 * np.sin(np.linspace(0, math.pi / 2, 14)),
                ],
                1,
            ),
            deep,
            0.008,
            0.85,
            0.035,
        )
        for foot, top, bend in ((-1.72, 0.0, -0.55), (1.72, 0.0, 0.55), (-0.75, 0.0, -0.28), (0.95, 0.0, 0.30))
    )
    door = curve("-0.42,0! -0.36,0.62 0.02,1.05 0.44,0.66 0.58,0!", 5)
    flap = curve("-0.42,0! -0.36,0.62 0.02,1.05 -0.16,0.55 -0.3,0.22 -0.62,0!", 4)
    inside = Piece(
        door,
        paint.shining(from_hex("fff0c0")) if paint.dark else own * 0.22,
        (Patch(disc(0.1, 0.0, 0.42, 0.28), deep, 0.1, 0.6),),
        0.0,
    )
    ropes = [Piece(bar((side * 1.35, 0.95), (side * 2.35, 0.0), 0.022), WHITE * 0.8, (), 0.0) for side in (-1, 1)]
    return [
        *ropes,
        Piece(dome, cloth, (hot, *poles, Patch(box(-3, -1, 3, 0.12), deep, 0.05, 0.6)), 0.12 if paint.dark else 0.45),
        inside,
        Piece(flap, cloth * 0.85, (), 0.03),
    ]


BUILDINGS = {
    "house": Building(
        _house, "d8c8a4", 8.4, 6.2, 1.25, ((-2.5, 1.7, 2.0), (-0.65, 1.7, 2.0), (2.75, 1.7, 1.8)), (-2.25, 6.2)
    ),
    "cabin": Building(_cabin, "7a4f30", 7.4, 5.3, 1.10, ((-2.0, 1.5, 2.2), (1.5, 1.5, 2.2)), (2.55, 5.35)),
    "castle": Building(_castle, "a49a88", 23.0, 22.5, 1.90, ((0.0, 1.5, 4.0), (0.2, 12.0, 3.0))),
    "windmill": Building(
        _windmill, "e6dcc6", 5.2, 9.0, 1.45, ((0.0, 3.7, 1.6),), None, Turning(_mill_sails, 0.0, 7.3, 0.55)
    ),
    "wind_turbine": Building(
        _wind_turbine, "eef0f2", 4.0, 33.0, 1.55, (), None, Turning(_turbine_blades, 0.0, 32.3, 0.62)
    ),
    "tower": Building(_iron_tower, "6e5a48", 13.0, 32.4, 2.0),
    "igloo": Building(_igloo, "dfeaf4", 5.6, 2.15, 0.72, ((1.3, 0.4, 1.6),)),
    "pyramid": Building(_pyramid, "e2b070", 38.0, 13.5, 0.95),
    "tent": Building(_tent, "d8702e", 4.4, 1.5, 0.66, ((0.1, 0.6, 2.4),)),
}

CASTINGS: Castings = MappingProxyType(
    {kind: one_by_one(standing_still(building)) for kind, building in BUILDINGS.items()}
)
