"""What people build in the east: pagodas, temple halls, gates of shrines; lanterns burn after dark."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.craft.buildings import Building, standing_still
from filmgate.animatic.figures.craft.craft import INK, WARM, Paintbox, bar, box, curve, disc
from filmgate.animatic.figures.cutout import Patch, Piece
from filmgate.animatic.figures.puppet import outline
from filmgate.animatic.figures.role import Castings, one_by_one
from filmgate.animatic.raster import Floats, Points

TILES, GOLD, STONE = from_hex("3c4a4e"), from_hex("d0a048"), from_hex("9a948a")


def eaves(x: float, y: float, half: float, top_half: float, height: float, lift: float) -> Points:
    """A roof whose corners sweep up: from its ridge down a hollow slope to the tips."""
    share = np.linspace(0, 1, 14)
    slope_x = top_half + (half - top_half) * share
    slope_y = y + height * (1 - share) ** 1.9 + lift * share**6
    under_x = half * np.linspace(1, -1, 17)
    under_y = y - 0.08 * height + lift * np.abs(under_x / half) ** 5 - 0.06 * height
    right = np.stack([x + slope_x, slope_y], 1)
    left = np.stack([x - slope_x, slope_y], 1)[::-1]
    return np.concatenate([left, right, np.stack([x + under_x, under_y], 1)])


def _roof(paint: Paintbox, x: float, y: float, half: float, top_half: float, height: float, lift: float) -> list[Piece]:
    """Tiles in rows, a bright ridge along the eaves, bells at the tips."""
    shell = eaves(x, y, half, top_half, height, lift)
    rows = tuple(
        Patch(
            outline((x + top_half * at, y + height), (x + half * at, y - lift)), TILES * 0.5, 0.0, 0.55, 0.035 * height
        )
        for at in np.linspace(-1, 1, max(9, int(half * 7)))
    )
    sheen = Patch(
        box(x - half, y + 0.45 * height, x + half, y + 2 * height), paint.mirror(TILES, 0.35), 0.2 * height, 0.6
    )
    edge = Patch(shell[28:], GOLD, 0.01, 0.75, 0.06 * height)
    bells = [
        Piece(disc(x + side * half * 0.985, y + lift * 0.72, 0.05 * height + 0.03), GOLD, (), 0.02) for side in (-1, 1)
    ]
    return [*bells, Piece(shell, TILES, (*rows, sheen, edge), 0.10 * height)]


def _wall(paint: Paintbox, x: float, foot: float, half: float, height: float, own: Floats, bays: int) -> list[Piece]:
    """Posts and latticed windows between them; light behind the paper after dark."""
    shade = Patch(box(x - half, foot + 0.7 * height, x + half, foot + 2 * height), own * 0.35, 0.16 * height, 0.8)
    pieces = [Piece(box(x - half, foot, x + half, foot + height), own, (shade,), 0.08 * height)]
    step = 2 * half / bays
    for bay in range(bays):
        left = x - half + bay * step
        pane = box(left + 0.22 * step, foot + 0.16 * height, left + 0.78 * step, foot + 0.74 * height)
        grid = tuple(
            Patch(
                outline((left + at * step, foot), (left + at * step, foot + height)), own * 0.4, 0.0, 0.8, 0.05 * step
            )
            for at in (0.36, 0.5, 0.64)
        )
        paper = paint.lit_pane(pane, WARM) if paint.dark else Piece(pane, from_hex("4a3426"), (), 0.0)
        pieces.append(Piece(pane, paper.colour, (*paper.patches, *grid), 0.0))
        pieces.append(
            Piece(box(left - 0.05 * step, foot, left + 0.07 * step, foot + height), own * 0.72, (), 0.02 * height)
        )
    return [
        *pieces,
        Piece(box(x + half - 0.06 * step, foot, x + half + 0.06 * step, foot + height), own * 0.72, (), 0.02 * height),
    ]


def _plinth(half: float, height: float) -> Piece:
    joints = tuple(
        Patch(outline((x, 0), (x, height)), STONE * 0.6, 0.0, 0.45, 0.05) for x in np.arange(-half, half, 0.9)
    )
    return Piece(
        box(-half, -0.05, half, height),
        STONE,
        (*joints, Patch(box(-99, height * 0.8, 99, height * 2), STONE * 1.3, 0.03, 0.6)),
        0.1,
    )


def _pagoda(paint: Paintbox, own: Floats) -> list[Piece]:
    """Seven storeys, each a little smaller, and a gilded spire."""
    pieces: list[Piece] = []
    storeys = 7
    foot = 0.9
    spire = foot + sum(2.15 - 0.13 * level for level in range(storeys)) + 0.5
    pieces.append(Piece(bar((0, spire - 0.6), (0, spire + 2.7), 0.16, 0.05), GOLD, (), 0.04))
    pieces += [
        Piece(disc(0, spire + 0.35 + 0.42 * ring, 0.30 - 0.04 * ring, 0.11), GOLD, (), 0.05) for ring in range(5)
    ]
    pieces.append(_plinth(4.3, 0.9))
    for level in range(storeys):
        half = 2.45 - 0.21 * level
        tall = 2.15 - 0.13 * level
        pieces += _wall(paint, 0.0, foot, half, tall, own, 5)
        rail = foot + 0.26 * tall
        pieces.append(Piece(box(-half * 1.10, rail - 0.05, half * 1.10, rail + 0.03), own * 0.6, (), 0.0))
        foot += tall
        pieces += _roof(paint, 0.0, foot - 0.42, half * 1.62, half * 0.86, 0.85 - 0.03 * level, 0.34)
    return pieces


def _temple(paint: Paintbox, own: Floats) -> list[Piece]:
    """A hall under two roofs on a stone terrace, with steps."""
    steps = [
        Piece(
            box(-1.9 - 0.22 * step, 0.0, 1.9 + 0.22 * step, 1.05 - 0.26 * step), STONE * (1.08 - 0.05 * step), (), 0.04
        )
        for step in range(4)
    ]
    lanterns: list[Piece] = []
    for side in (-1, 1):
        for x in (1.9, 3.9):
            lanterns += [
                Piece(bar((side * x, 3.75), (side * x, 3.4), 0.04), INK, (), 0.0),
                Piece(
                    disc(side * x, 3.12, 0.26, 0.30),
                    paint.shining(from_hex("ff5a32")) if paint.dark else from_hex("c8261e"),
                    (),
                    0.08,
                ),
            ]
    ridge = curve("-4.3,8 -4.6,8.55 -4.1,8.25 0,8.15 4.1,8.25 4.6,8.55 4.3,8 0,7.9")
    plaque = Piece(
        box(-0.62, 5.35, 0.62, 5.85),
        from_hex("22405a"),
        (Patch(bar((-0.4, 5.6), (0.4, 5.6), 0.14), GOLD, 0.02, 0.9),),
        0.03,
    )
    return [
        _plinth(7.6, 1.05),
        *steps,
        *_wall(paint, 0.0, 1.05, 5.6, 3.0, own, 7),
        *_roof(paint, 0.0, 3.9, 7.7, 4.8, 1.35, 0.55),
        *_wall(paint, 0.0, 5.2, 4.3, 0.9, own, 7),
        plaque,
        *_roof(paint, 0.0, 6.0, 6.3, 4.1, 2.1, 0.60),
        Piece(ridge, GOLD * 0.8, (), 0.08),
        *lanterns,
    ]


def _torii(_paint: Paintbox, own: Floats) -> list[Piece]:
    """Two leaning pillars under a swept lintel."""
    lintel = curve("-4.7,6.55! -4.5,6.95 -2.4,6.62 0,6.55 2.4,6.62 4.5,6.95 4.7,6.55! 2.4,6.05 0,5.98 -2.4,6.05", 6)
    cap = curve("-4.95,6.98! -4.85,7.3 -2.4,6.92 0,6.84 2.4,6.92 4.85,7.3 4.95,6.98! 2.4,6.6 0,6.52 -2.4,6.6", 6)
    pieces = [Piece(lintel, own, (), 0.14), Piece(cap, INK * 1.8, (), 0.12)]
    pieces.append(
        Piece(box(-0.32, 5.15, 0.32, 6.1), own * 0.85, (Patch(box(-0.2, 5.25, 0.2, 6.0), GOLD, 0.02, 0.7),), 0.04)
    )
    pieces.append(Piece(box(-4.1, 4.75, 4.1, 5.2), own, (), 0.12))
    for side in (-1, 1):
        pillar = outline((side * 3.25, 0.0), (side * 2.95, 6.2), (side * 2.40, 6.2), (side * 2.60, 0.0))
        foot = box(min(side * 2.45, side * 3.4), -0.08, max(side * 2.45, side * 3.4), 0.75)
        pieces += [Piece(pillar, own, (), 0.26), Piece(foot, INK * 1.6, (), 0.20)]
    return pieces


BUILDINGS = {
    "pagoda": Building(_pagoda, "8e3a2a", 8.6, 18.8, 2.15, ((0.0, 2.0, 3.4), (0.0, 8.0, 3.0))),
    "temple": Building(_temple, "96382a", 15.6, 8.5, 1.25, ((-2.9, 3.1, 2.4), (2.9, 3.1, 2.4), (0.0, 2.4, 3.0))),
    "torii": Building(_torii, "c8402a", 9.9, 7.3, 1.45),
}

CASTINGS: Castings = MappingProxyType(
    {kind: one_by_one(standing_still(building)) for kind, building in BUILDINGS.items()}
)
