"""What butterflies, bees and dragonflies look like: wings flat, bodies from the side, a wing one unit long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.cutout import Patch, Piece, smooth, trace
from filmgate.animatic.figures.puppet import capsule, ellipse, point
from filmgate.animatic.raster import Points

FORE = ((0.03, 0.0), (0.30, 0.34), (0.56, 0.80), (0.52, 0.96), (0.32, 0.94), (0.06, 0.74), (-0.10, 0.42), (-0.08, 0.04))
HIND = (
    (0.0, 0.02),
    (0.0, 0.36),
    (-0.06, 0.64),
    (-0.26, 0.74),
    (-0.50, 0.62),
    (-0.60, 0.40),
    (-0.46, 0.16),
    (-0.16, 0.02),
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Colours of a butterfly: at the root, of the wing, of its edge, and of the dots on the edge."""

    root: str
    wing: str
    edge: str
    dots: str


BUTTERFLIES = (
    Pattern("f6c04a", "ee7a1c", "1c120e", "fff6e6"),
    Pattern("8fe0ff", "1f78e6", "0c1226", "d6f2ff"),
    Pattern("fff2a8", "f6cf3a", "2a2014", "4a7ad0"),
    Pattern("ffd6ea", "e86aa8", "3a1430", "fff0f8"),
    Pattern("ffffff", "f2f4ee", "4a4a50", "30303a"),
)
DRAGONFLIES = (
    Pattern("d6382a", "eaf4f8", "8a2018", "5a1410"),
    Pattern("2aa0c8", "e6f6fa", "14607a", "0c3040"),
    Pattern("3cae5a", "ecf8f0", "1c6a34", "0c3018"),
)
BEES = (Pattern("f2b01c", "eef4fa", "2a1c10", "f8d878"),)


def butterfly_wings(pattern: Pattern) -> list[list[Piece]]:
    root, wing, edge, dots = (from_hex(value) for value in (pattern.root, pattern.wing, pattern.edge, pattern.dots))
    sides: list[list[Piece]] = []
    for corners, centre, tips in ((HIND, point(-0.05, 0.10), HIND[2:7]), (FORE, point(0.02, 0.08), FORE[1:7])):
        shape = smooth(*corners)
        middle = np.array(corners).mean(0)
        inner = Patch(middle + (shape - middle) * 0.72, wing, 0.030)
        warm = Patch(centre + (shape - centre) * 0.42, root, 0.10, 0.9)
        veins = tuple(Patch(np.stack([centre, np.array(tip) * 0.97]), edge, 0.002, 0.75, 0.011) for tip in tips)
        spots = tuple(
            Patch(ellipse(middle + (spot - middle) * 0.88, 0.020, 0.020, 10), dots, 0.003)
            for spot in (shape[index] for index in range(10, len(shape) - 12, 4))
        )
        eye = (
            Patch(ellipse(middle + point(0.02, 0.10), 0.06, 0.06), edge, 0.006),
            Patch(ellipse(middle + point(0.025, 0.105), 0.032, 0.032), dots, 0.006),
        )
        sides.append([Piece(shape, edge, (inner, warm, *veins, *spots, *(eye if corners is HIND else ())), 0.0, 0.98)])
    return [[*sides[0], *sides[1]]]


def butterfly_body(pattern: Pattern) -> list[Piece]:
    dark = from_hex(pattern.edge) + 0.06
    feelers = [
        Piece(_thread((0.20, 0.03), (0.34, 0.12 + lean), (0.44, 0.14 + lean), 0.008), dark, (), 0.0)
        for lean in (0.0, 0.07)
    ]
    return [
        *feelers,
        Piece(capsule(point(-0.34, -0.02), point(0.05, 0.0), 0.026, 0.05), dark, (), 0.02),
        Piece(ellipse(point(0.14, 0.015), 0.09, 0.055), dark, (), 0.02),
        Piece(ellipse(point(0.22, 0.025), 0.035, 0.035), dark, (), 0.01),
    ]


def dragonfly_wings(pattern: Pattern) -> list[list[Piece]]:
    clear, vein = from_hex(pattern.wing), from_hex(pattern.edge)
    sides: list[list[Piece]] = []
    for sweep, length in ((-0.22, 0.92), (0.14, 1.0)):
        shape = smooth(
            (0.03, 0.0),
            (0.05 + sweep * 0.3, 0.3),
            (0.07 + sweep * 0.8, 0.75 * length),
            (sweep, length),
            (-0.10 + sweep * 0.8, 0.80 * length),
            (-0.13 + sweep * 0.4, 0.35),
            (-0.04, 0.0),
        )
        veins = tuple(
            Patch(np.array([(0.02 - 0.03 * i, 0.02), (sweep - 0.03 * i + 0.03, length)]), vein, 0.0, 0.7, 0.008)
            for i in range(3)
        )
        spot = Patch(ellipse(point(0.02 + sweep * 0.95, 0.90 * length), 0.025, 0.05), vein, 0.004)
        sides.append([Piece(shape, clear, (*veins, spot), 0.0, 0.46)])
    return sides


def dragonfly_body(pattern: Pattern) -> list[Piece]:
    main, dark = from_hex(pattern.root), from_hex(pattern.edge)
    rings = tuple(
        Patch(np.array([(-0.95 + 0.11 * i, 0.1), (-0.95 + 0.11 * i, -0.1)]), dark, 0.004, 0.8, 0.022) for i in range(8)
    )
    return [
        Piece(trace("-.1,.035 -.55,.022 -.98,.034 -1.02,0 -.98,-.028 -.55,-.02 -.1,-.035"), main, rings, 0.02),
        Piece(
            trace(".18,0 .13,.085 -.02,.085 -.14,.03 -.1,-.05 .05,-.075 .15,-.05"),
            main,
            (Patch(ellipse(point(0.02, 0.06), 0.08, 0.03), dark, 0.02),),
            0.03,
        ),
        Piece(
            ellipse(point(0.21, 0.03), 0.062, 0.058),
            from_hex(pattern.dots),
            (Patch(ellipse(point(0.23, 0.05), 0.018, 0.015), np.ones(3), 0.004, 0.7),),
            0.02,
        ),
    ]


def bee_wings(pattern: Pattern) -> list[list[Piece]]:
    clear = from_hex(pattern.wing)
    return [
        [
            Piece(
                trace(".05,0 .22,.4 .2,.85 .02,.98 -.16,.8 -.14,.35 -.05,0"),
                clear,
                (Patch(np.array([(0.0, 0.0), (0.1, 0.9)]), clear * 0.5, 0, 0.5, 0.015),),
                0.0,
                0.5,
            )
        ]
    ]


def bee_body(pattern: Pattern) -> list[Piece]:
    gold, dark, fuzz = from_hex(pattern.root), from_hex(pattern.edge), from_hex(pattern.dots)
    stripes = tuple(
        Patch(
            smooth((x, 0.5), (x + 0.05, 0.0), (x, -0.5), (x - 0.09, -0.5), (x - 0.05, 0.0), (x - 0.09, 0.5)),
            dark,
            0.012,
        )
        for x in (-0.18, -0.38, -0.58)
    )
    legs = [
        Piece(_thread((x, -0.15), (x - 0.05, -0.28), (x - 0.12, -0.34), 0.018), dark, (), 0.0)
        for x in (0.05, -0.08, 0.18)
    ]
    return [
        *legs,
        Piece(trace(".02,.12 -.2,.24 -.5,.16 -.74,-.06 -.5,-.2 -.2,-.24 .02,-.14"), gold, stripes, 0.07),
        Piece(
            ellipse(point(0.12, 0.04), 0.22, 0.20),
            dark + 0.1,
            (Patch(ellipse(point(0.10, 0.10), 0.17, 0.14), fuzz, 0.06, 0.95),),
            0.05,
        ),
        Piece(
            ellipse(point(0.36, -0.02), 0.12, 0.125),
            dark,
            (Patch(ellipse(point(0.40, 0.02), 0.05, 0.06), from_hex("4a3a30"), 0.01),),
            0.03,
        ),
        Piece(_thread((0.42, 0.08), (0.52, 0.16), (0.60, 0.12), 0.016), dark, (), 0.0),
    ]


def _thread(start: tuple[float, float], middle: tuple[float, float], end: tuple[float, float], width: float) -> Points:
    line = smooth(start, middle, end, closed=False)
    thickness = np.array([0.0, width])
    return np.concatenate([line + thickness, line[::-1] - thickness])
