"""Boats as they are drawn, in metres, with the waterline at 0: planks and plates, sails, and the men who row."""

from __future__ import annotations

import math

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.craft.craft import (
    INK,
    RED,
    ROPE,
    STEEL,
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
from filmgate.animatic.raster import Floats, Points


def _hull(paint: Paintbox, shell: Points, colour: Floats, stripe: Floats, freeboard: float, roundness: float) -> Piece:
    """Planks or plates: darker and wet at the waterline, a bright strake under the rail."""
    left, right = float(shell[:, 0].min()) - 1, float(shell[:, 0].max()) + 1
    return Piece(
        shell,
        colour,
        (
            Patch(box(left, -9, right, 0.30 * freeboard), colour * 0.45, 0.14 * freeboard, 0.8),
            Patch(box(left, 0.72 * freeboard, right, 0.84 * freeboard), stripe, 0.01 * freeboard, 0.85),
        ),
        roundness,
    )


def _planks(shell: Points, count: int, colour: Floats, bottom: float, top: float) -> tuple[Patch, ...]:
    left, right = float(shell[:, 0].min()), float(shell[:, 0].max())
    sheer = 0.13 * (top - bottom)
    seams: list[Patch] = []
    for number in range(count):
        y = bottom + (top - bottom) * number / max(1, count - 1)
        seam = outline((left, y + sheer), ((left + right) / 2, y), (right, y + sheer))
        seams.append(Patch(seam, colour, 0.0, 0.5, 0.018))
    return tuple(seams)


def _sail(paint: Paintbox, edge: Points, cloth: Floats, seams: int) -> Piece:
    """Cloth that bellies: bright where it swells towards us, with the seams of its panels; the sky shines through."""
    (left, foot), (right, top) = edge.min(0).tolist(), edge.max(0).tolist()
    through = mix(cloth, paint.shining(np.clip(paint.sky * 1.05, 0, 1)), 0.20)
    lines = tuple(
        Patch(outline((left - 1, y), (right + 1, y - 0.25)), cloth * 0.6, 0.0, 0.32, 0.035)
        for y in (foot + (top - foot) * number / (seams + 1) for number in range(1, seams + 1))
    )
    fold = Patch(bar((right, foot - 1), (right - 0.2, top), 0.9, 0.2), cloth * 0.62, 0.35, 0.6)
    return Piece(edge, through, (fold, *lines), 0.16)


def sailboat(paint: Paintbox, own: Floats) -> list[Piece]:
    share = np.linspace(0, 1, 14)
    main = np.concatenate(
        [
            outline((-0.1, 10.4), (-0.15, 2.0)),
            np.stack(
                [-4.2 + 4.1 * share - 0.75 * np.sin(share * math.pi) ** 0.8 * (1 - 0.3 * share), 1.8 + 8.6 * share], 1
            ),
        ]
    )
    jib = np.concatenate(
        [
            outline((0.2, 9.4), (0.5, 1.9)),
            np.stack([4.6 - 4.5 * share + 0.35 * np.sin(share * math.pi), 1.2 + 8.2 * share], 1),
        ]
    )
    hull = curve("-4.6,1.15! -3,1.05 0,1 3.4,1.25 5.3,1.55! 4.4,0.4 3.2,-0.35 -3.6,-0.35 -4.3,0.2")
    cabin = curve("-2.2,1! -2,1.62 0.6,1.66 1.6,1.12!")
    return [
        Piece(bar((0.05, 1.0), (-0.05, 10.8), 0.16, 0.08), WOOD, (), 0.03),
        Piece(bar((-0.05, 10.6), (5.2, 1.5), 0.035), ROPE, (), 0.0),
        Piece(bar((-0.05, 10.6), (-4.5, 1.1), 0.03), ROPE, (), 0.0),
        _sail(paint, main, own, 5),
        _sail(paint, jib, own * 0.96, 4),
        Piece(bar((0.0, 1.9), (-4.3, 1.75), 0.14), WOOD, (), 0.03),
        Piece(curve("-0.1,10.8 -0.9,10.95 -0.85,10.6 -0.1,10.5"), RED, (), 0.0),
        Piece(cabin, WHITE, (), 0.08),
        *(paint.glass(box(x, 1.22, x + 0.5, 1.48), lit=True) for x in (-1.7, -0.9, -0.1)),
        _hull(paint, hull, from_hex("5a2c20"), from_hex("f0e4cc"), 1.25, 0.22),
    ]


def ship(paint: Paintbox, own: Floats) -> list[Piece]:
    """A freighter with its deck full of containers."""
    hull = curve("-30,6.2! -29.5,2 -28.4,-0.9! 27,-0.9! 29.5,3 31.5,8! 24,6.4 0,5.9", 3)
    red_lead = Patch(box(-99, -9, 99, 0.9), from_hex("8a2a22"), 0.05, 1.0)
    pieces = [
        Piece(
            box(-25, 5.5, -15.5, 15.0), WHITE, (Patch(box(-99, 13, 0, 99), paint.mirror(WHITE, 0.5), 0.8, 0.5),), 0.5
        ),
        Piece(box(-26.4, 15.0, -14.6, 17.4), WHITE, (), 0.3),
        Piece(
            curve("-23.6,17.2! -23.2,22 -20.4,22 -20,17.2!", 3),
            RED,
            (Patch(box(-99, 20.6, 0, 99), INK, 0.05, 0.9),),
            0.5,
        ),
        Piece(bar((-17.0, 17.4), (-17.0, 23.5), 0.35), STEEL, (), 0.1),
        Piece(bar((22.5, 6.0), (22.5, 17.0), 0.6, 0.3), STEEL, (), 0.12),
    ]
    tones = ("b5552c", "2f6a8a", "8a8f3f", "c8a23a", "7a3a4a", "4a7a5a")
    for column in range(8):
        for row in range(3 if column % 3 else 2):
            left, low = -13.0 + 4.15 * column, 5.7 + 2.35 * row
            ribs = tuple(
                Patch(outline((left + 0.5 * n, low), (left + 0.5 * n, low + 2.3)), INK, 0.0, 0.22, 0.08)
                for n in range(1, 8)
            )
            pieces.append(
                Piece(box(left, low, left + 4.0, low + 2.25), from_hex(tones[(column * 2 + row * 3) % 6]), ribs, 0.12)
            )
    panes = [
        box(-24.2 + 1.5 * column, 7.2 + 2.6 * row, -23.3 + 1.5 * column, 8.3 + 2.6 * row)
        for row in range(3)
        for column in range(6)
    ]
    pieces += [paint.glass(pane, lit=True) for pane in panes]
    pieces.append(paint.glass(box(-25.8, 15.6, -15.2, 16.8), lit=False))
    body = _hull(paint, hull, own, from_hex("e8ecf0"), 6.2, 0.9)
    pieces.append(Piece(body.outline, body.colour, (*body.patches, red_lead), body.roundness))
    return pieces


def _boatman(x: float, deck: float, pole: bool, coat: str = "5a4a3a") -> list[Piece]:
    """A man in a straw hat who stands on the deck and leans on his pole or oar, in the manner of old paintings."""
    robe = rounded(
        (
            (x - 0.20, deck),
            (x - 0.26, deck + 0.55),
            (x - 0.22, deck + 1.20),
            (x - 0.02, deck + 1.38),
            (x + 0.18, deck + 1.20),
            (x + 0.16, deck + 0.55),
            (x + 0.14, deck),
        )
    )
    arm = rounded(
        (
            (x - 0.04, deck + 1.26),
            (x + 0.16, deck + 1.20),
            (x + 0.50, deck + 0.98),
            (x + 0.46, deck + 0.88),
            (x + 0.10, deck + 0.98),
        )
    )
    hat = rounded(
        (
            (x - 0.42, deck + 1.50),
            (x - 0.42, deck + 1.50),
            (x, deck + 1.84),
            (x, deck + 1.84),
            (x + 0.44, deck + 1.50),
            (x + 0.44, deck + 1.50),
            (x, deck + 1.44),
        ),
        3,
    )
    stick = (
        bar((x + 0.78, deck + 2.3), (x + 0.10, -0.5), 0.05)
        if pole
        else bar((x + 0.50, deck + 1.10), (x - 1.4, -0.4), 0.06)
    )
    return [
        Piece(stick, from_hex("8a7a4a"), (), 0.01),
        Piece(robe, from_hex(coat), (), 0.06),
        Piece(disc(x + 0.03, deck + 1.46, 0.14), from_hex("b98a68"), (), 0.04),
        Piece(arm, from_hex(coat) * 1.15, (), 0.04),
        Piece(hat, from_hex("c8a868"), (), 0.05),
    ]


def rowing_boat(paint: Paintbox, own: Floats) -> list[Piece]:
    """A small wooden boat and the man who poles it."""
    hull = curve("-2.9,0.82! -1.6,0.46 0,0.38 1.6,0.48 3,0.95! 2.3,0 1.6,-0.2 -1.7,-0.2 -2.4,0.05")
    body = _hull(paint, hull, own, mix(own, WHITE, 0.35), 0.62, 0.10)
    return [
        *_boatman(-1.55, 0.42, pole=True),
        Piece(curve("-2.6,0.66 -0.5,0.52 1.4,0.56 2.7,0.8 1.2,0.42 -1.4,0.36"), INK, (), 0.0),
        Piece(body.outline, body.colour, (*body.patches, *_planks(hull, 3, INK, -0.05, 0.35)), body.roundness),
    ]


def awning_boat(paint: Paintbox, own: Floats) -> list[Piece]:
    """Of the canals of Jiangnan: low, black, arched mats for a roof, a lantern, a man at the oar."""
    hull = curve("-4.4,0.95! -2.4,0.48 0,0.38 2.6,0.5 4.5,1.05! 3.6,0.05 2.6,-0.22 -2.6,-0.22 -3.6,0.05")
    arch = curve("-1.9,0.4! -1.85,1.15 -1.5,1.42 1.5,1.42 1.95,1.15 2,0.4!")
    ribs = tuple(Patch(outline((x, 0.4), (x, 1.5)), own * 2.2, 0.01, 0.55, 0.05) for x in np.linspace(-1.7, 1.8, 8))
    weave = tuple(Patch(outline((-2, y), (2.1, y)), own * 1.8, 0.0, 0.35, 0.02) for y in np.linspace(0.5, 1.4, 9))
    mouth = curve("1.55,0.45! 1.6,1.1 1.8,1.22 1.94,1.05 1.98,0.45!")
    inside = paint.lit_pane(mouth, from_hex("ffb45a")) if paint.dark else Piece(mouth, INK, (), 0.0)
    body = _hull(paint, hull, own, from_hex("7a5a3a"), 0.62, 0.12)
    return [
        *_boatman(-3.0, 0.56, pole=False, coat="3a4a5a"),
        Piece(arch, own * 1.3, (*weave, *ribs), 0.24),
        inside,
        Piece(bar((2.6, 0.5), (2.6, 1.5), 0.05), WOOD, (), 0.0),
        Piece(
            disc(2.6, 1.22, 0.15, 0.18),
            paint.shining(from_hex("ff7a3a")) if paint.dark else from_hex("c8382a"),
            (),
            0.03,
        ),
        Piece(body.outline, body.colour, (*body.patches, *_planks(hull, 3, INK, -0.05, 0.35)), body.roundness),
    ]


def raft(paint: Paintbox, own: Floats) -> list[Piece]:
    """Bamboo trunks lashed together, turned up at the bow."""
    pieces = _boatman(-1.2, 0.24, pole=True, coat="4a5a6a")
    for number, lift in enumerate((0.16, 0.08, 0.0)):
        pole = rounded(
            (
                (-3.3, -0.04 + lift),
                (-3.3, 0.12 + lift),
                (2.0, 0.12 + lift),
                (3.0, 0.34 + lift),
                (3.7, 0.86 + lift),
                (3.8, 0.74 + lift),
                (3.1, 0.18 + lift),
                (2.1, -0.04 + lift),
            ),
            4,
        )
        rings = tuple(
            Patch(outline((x, -0.2), (x, 0.6)), own * 0.5, 0.0, 0.6, 0.03)
            for x in np.arange(-3.1 + 0.2 * number, 3.0, 0.75)
        )
        pieces.append(Piece(pole, own * (0.8 + 0.12 * number), rings, 0.06))
    pieces += [Piece(bar((x, 0.32), (x, -0.08), 0.10), ROPE, (), 0.02) for x in (-2.6, -0.2, 1.9)]
    basket = curve("0.5,0.26 0.42,0.56 0.5,0.72 1,0.72 1.08,0.56 1,0.26")
    return [*pieces, Piece(basket, from_hex("a07a44"), (), 0.06)]
