"""What is seen from afar: castles, mills, wind turbines, a tower of iron, pyramids."""

from __future__ import annotations

import math
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.craft.buildings import Building, Turning, bushes, courses, standing_still, window
from filmgate.animatic.figures.craft.craft import (
    INK,
    IRON,
    RED,
    WARM,
    WHITE,
    WOOD,
    Paintbox,
    bar,
    box,
    curve,
    disc,
    rounded,
)
from filmgate.animatic.figures.cutout import Patch, Piece
from filmgate.animatic.figures.puppet import outline
from filmgate.animatic.figures.role import Castings, one_by_one
from filmgate.animatic.raster import Floats, Points


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
            [Piece(cone, slate, courses(x - 9, x + 9, top, top + roof, 0.5, slate * 0.5, 0.45), half * 0.55), crown]
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
    return [*pieces, *bushes(((-10.6, 1.2), (-6.4, 0.8), (5.6, 0.9), (10.7, 1.3)))]


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
            (*courses(-3, 3, 0, 6.6, 0.36, own * 0.65), Patch(box(-9, 6.0, 9, 7), own * 0.45, 0.3, 0.7)),
            0.85,
        ),
        Piece(cap, thatch, courses(-3, 3, 6.5, 8.3, 0.22, thatch * 0.5), 0.7),
        *window(paint, 0.0, 3.3, 0.6, 0.8),
        *window(paint, -0.9, 2.1, 0.5, 0.65),
        Piece(door, WOOD, (), 0.05),
        *bushes(((-2.3, 0.7), (2.2, 0.6))),
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
        Piece(box(-3.1, 5.4, 3.1, 6.2), own * 0.9, courses(-4, 4, 5.4, 6.2, 0.26, INK, 0.4), 0.12),
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


def _pyramid(_paint: Paintbox, own: Floats) -> list[Piece]:
    """Two faces, one in the light and one in the shade, and two more behind."""

    def one(x: float, half: float, top: float, shade: float) -> list[Piece]:
        ridge = x + 0.18 * half
        joints = courses(x - half, x + half, 0, top, top / 26, own * 0.5, 0.32)
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


BUILDINGS = {
    "castle": Building(_castle, "a49a88", 23.0, 22.5, 1.90, ((0.0, 1.5, 4.0), (0.2, 12.0, 3.0))),
    "windmill": Building(
        _windmill, "e6dcc6", 5.2, 9.0, 1.45, ((0.0, 3.7, 1.6),), None, Turning(_mill_sails, 0.0, 7.3, 0.55)
    ),
    "wind_turbine": Building(
        _wind_turbine, "eef0f2", 4.0, 33.0, 1.55, (), None, Turning(_turbine_blades, 0.0, 32.3, 0.62)
    ),
    "tower": Building(_iron_tower, "6e5a48", 13.0, 32.4, 2.0),
    "pyramid": Building(_pyramid, "e2b070", 38.0, 13.5, 0.95),
}


CASTINGS: Castings = MappingProxyType(
    {kind: one_by_one(standing_still(building)) for kind, building in BUILDINGS.items()}
)
