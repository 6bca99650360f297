"""Where people live for a night or a lifetime: houses, huts, tents, igloos."""

from __future__ import annotations

import math
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.craft.buildings import Building, bushes, courses, standing_still, window
from filmgate.animatic.figures.craft.craft import INK, LAMP, WHITE, WOOD, Paintbox, bar, box, curve, disc
from filmgate.animatic.figures.cutout import Patch, Piece
from filmgate.animatic.figures.puppet import outline
from filmgate.animatic.figures.role import Castings, one_by_one
from filmgate.animatic.raster import Floats


def _house(paint: Paintbox, own: Floats) -> list[Piece]:
    """A gabled cottage seen from its long side, with a lower wing."""
    roof, trim = from_hex("7a4034"), from_hex("f2ece0")
    wall = Piece(
        box(-3.4, 0, 3.0, 3.0),
        own,
        (*courses(-4, 4, 0, 3, 0.26, own * 0.7), Patch(box(-9, 2.6, 9, 4), own * 0.5, 0.25, 0.7)),
        0.10,
    )
    gable = outline((0.2, 0.0), (0.2, 3.1), (1.9, 4.9), (3.6, 3.1), (3.6, 0.0))
    slope = outline((-3.9, 2.85), (-3.2, 5.0), (1.9, 5.0), (0.6, 3.4), (0.1, 2.85))
    rows = courses(-5, 5, 2.85, 5.1, 0.22, roof * 0.55, 0.5)
    return [
        Piece(box(-2.6, 4.2, -1.9, 6.1), from_hex("8a5a48"), courses(-3, -1, 4.2, 6.1, 0.2, INK, 0.4), 0.10),
        Piece(box(-2.7, 6.0, -1.8, 6.2), from_hex("6a4438"), (), 0.03),
        wall,
        Piece(slope, roof, (*rows, Patch(box(-9, 4.4, 9, 6), paint.mirror(roof, 0.25), 0.4, 0.5)), 0.10),
        Piece(
            gable,
            own * 1.04,
            (*courses(-4, 4, 0, 5, 0.26, own * 0.7), Patch(bar((0.0, 3.1), (1.9, 5.0), 0.35), own * 0.5, 0.12, 0.6)),
            0.10,
        ),
        Piece(outline((-0.15, 2.9), (1.9, 5.25), (3.95, 2.9), (3.7, 2.75), (1.9, 4.85), (0.1, 2.75)), trim, (), 0.03),
        *window(paint, -2.5, 1.15, 0.85, 1.15),
        *window(paint, -0.65, 1.15, 0.85, 1.15),
        *window(paint, 1.9, 3.2, 0.62, 0.8),
        *window(paint, 2.75, 1.15, 0.75, 1.15),
        Piece(
            curve("0.85,0! 0.85,1.8 1.3,2.1 1.75,1.8 1.75,0!", 4),
            WOOD,
            (Patch(disc(1.6, 0.95, 0.05), LAMP, 0.0, 0.8),),
            0.05,
        ),
        *bushes(((-3.3, 0.8), (-1.6, 0.55), (0.3, 0.5), (3.7, 0.9))),
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
        Piece(eaves, roof, courses(-5, 5, 1.8, 4.8, 0.16, roof * 0.5, 0.5), 0.10),
        *window(paint, -2.0, 1.0, 0.95, 0.95, WOOD),
        *window(paint, 1.5, 1.0, 0.95, 0.95, WOOD),
        Piece(disc(-0.2, 3.15, 0.38), WOOD, (), 0.03),
        paint.glass(disc(-0.2, 3.15, 0.29), lit=True),
        Piece(
            box(-0.75, 0.0, 0.35, 2.05),
            from_hex("3e2a1c"),
            (*(Patch(outline((x, 0), (x, 2.1)), INK, 0, 0.5, 0.03) for x in (-0.4, 0.0)),),
            0.04,
        ),
        Piece(box(-3.6, -0.05, 3.2, 0.16), own * 0.6, (), 0.04),
        *bushes(((-3.5, 0.7), (3.4, 0.8))),
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
    "igloo": Building(_igloo, "dfeaf4", 5.6, 2.15, 0.72, ((1.3, 0.4, 1.6),)),
    "tent": Building(_tent, "d8702e", 4.4, 1.5, 0.66, ((0.1, 0.6, 2.4),)),
}


CASTINGS: Castings = MappingProxyType(
    {kind: one_by_one(standing_still(building)) for kind, building in BUILDINGS.items()}
)
