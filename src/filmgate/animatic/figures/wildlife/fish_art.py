"""What small fish look like: a unit long, nose at x = 0.5."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.cutout import Patch, Piece, smooth, trace
from filmgate.animatic.figures.puppet import ellipse, point
from filmgate.animatic.raster import Floats, Points


@dataclass(frozen=True, slots=True)
class Scheme:
    """Colours ("rrggbb") of one kind of fish."""

    back: str
    belly: str
    fin: str
    mark: str


REEF = (
    Scheme("f6b818", "ffe98a", "ffce3a", "1d3f8f"),
    Scheme("2a6fe0", "8fd0ff", "f5d23c", "10204a"),
    Scheme("f0602c", "ffc79a", "ff9a4a", "5a1420"),
)
SILVER = (Scheme("50728c", "eef6f8", "9fb6c4", "27485f"), Scheme("466a70", "e6f2ee", "93b0b0", "20454a"))
CLOWN = (Scheme("e8590f", "ff9a38", "f0701c", "f8f4ec"),)
GOLD = (Scheme("f0701a", "ffc860", "ff9a40", "ffdf9a"), Scheme("e04a1c", "ffa860", "ff7a3c", "fff0e0"))
KOI = (
    Scheme("f4ece0", "fffaf2", "f2e2d4", "d8401c"),
    Scheme("e8701c", "ffc890", "f5b078", "fff2e2"),
    Scheme("f2e8dc", "fffaf4", "eadcd0", "1c1a20"),
    Scheme("e8b030", "fff0c0", "f0d080", "d07a18"),
)


def reef_pieces(scheme: Scheme) -> list[Piece]:
    """A tall, banded fish of the reef, nose at x = 0.5, tail at -0.5."""
    mark, fin = from_hex(scheme.mark), from_hex(scheme.fin)
    body = trace(".5,0 .4,.1 .2,.215 -.02,.225 -.2,.12 -.31,.045 -.31,-.045 -.2,-.12 -.02,-.22 .2,-.2 .4,-.09")
    bands = tuple(
        Patch(
            smooth((x + w, 0.3), (x + w * 1.3, 0.0), (x + w, -0.3), (x - w, -0.3), (x - w * 0.7, 0), (x - w, 0.3)), mark
        )
        for x, w in ((0.27, 0.028), (0.05, 0.042), (-0.17, 0.028))
    )
    dorsal = trace(".22,.19 .12,.3 -.06,.33 -.22,.25 -.2,.1 0,.15")
    anal = trace(".06,-.18 -.06,-.31 -.22,-.25 -.2,-.1")
    return [
        Piece(_tail_fin(0.5, 0.17), fin, _rays((-0.30, 0.0), 0.24, fin * 0.75), 0.012, 0.92),
        Piece(dorsal, fin, _rays((0.0, -0.1), 0.5, fin * 0.75, math.pi / 2), 0.015, 0.95),
        Piece(anal, fin, _rays((0.0, 0.1), 0.5, fin * 0.75, -math.pi / 2), 0.015, 0.95),
        Piece(body, from_hex(scheme.back), (_belly(scheme, -0.06, 0.10), *bands), 0.06),
        Piece(trace(".16,-.03 .02,-.02 -.03,-.1 .1,-.11"), fin, (), 0.012, 0.9),
        *_eye(0.385, 0.035, 0.026),
    ]


def silver_pieces(scheme: Scheme) -> list[Piece]:
    """A slim fish of the open water, its flank a mirror."""
    fin, back = from_hex(scheme.fin), from_hex(scheme.back)
    body = _slim(0.105)
    line = Patch(trace(".36,.035 0,.045 -.32,.012 -.32,-.004 0,.018 .36,.012"), back, 0.006)
    shine = Patch(trace(".3,0 0,.005 -.25,-.005 0,-.035 .28,-.03"), np.ones(3), 0.012, 0.8)
    return [
        Piece(_tail_fin(0.5, 0.13, fork=0.10), fin, _rays((-0.32, 0.0), 0.2, fin * 0.75), 0.01, 0.9),
        Piece(trace(".08,.08 0,.18 -.08,.14 -.1,.07"), fin, (), 0.01, 0.85),
        Piece(trace("-.06,-.06 -.12,-.14 -.18,-.1 -.18,-.05"), fin, (), 0.01, 0.85),
        Piece(body, back, (_belly(scheme, 0.02, 0.04), line, shine), 0.035),
        Piece(trace(".22,-.02 .12,-.03 .08,-.09 .17,-.06"), fin, (), 0.008, 0.85),
        *_eye(0.40, 0.022, 0.022),
    ]


def clown_pieces(scheme: Scheme) -> list[Piece]:
    """Orange, with three white bars edged in black."""
    fin, white, black = from_hex(scheme.fin), from_hex(scheme.mark), from_hex("15100e")
    body = trace(".48,0 .4,.1 .22,.185 0,.19 -.2,.12 -.31,.06 -.31,-.06 -.2,-.12 0,-.185 .22,-.17 .4,-.09")
    bars: list[Patch] = []
    for x, width, bulge in ((0.24, 0.042, 0.02), (-0.02, 0.05, 0.07), (-0.25, 0.028, 0.0)):
        for extra, colour in ((0.016, black), (0.0, white)):
            w = width + extra
            bar = smooth((x + w, 0.3), (x + w + bulge, 0.0), (x + w, -0.3), (x - w, -0.3), (x - w, 0.0), (x - w, 0.3))
            bars.append(Patch(bar, colour, 0.004))
    edge = Patch(_tail_fin(0.5, 0.15), black, 0.0, 1.0, 0.03)
    dorsal = trace(".2,.16 .12,.25 0,.235 -.08,.27 -.2,.21 -.22,.1 0,.13")
    anal = trace("-.02,-.16 -.08,-.26 -.2,-.22 -.22,-.1")
    pectoral = trace(".17,-.02 .04,.03 -.02,-.05 .03,-.12 .13,-.09")
    return [
        Piece(_tail_fin(0.5, 0.15), fin, (*_rays((-0.30, 0.0), 0.22, fin * 0.7), edge), 0.012, 0.96),
        *(Piece(shape, fin, (Patch(shape, black, 0, 1, 0.026),), 0.012) for shape in (dorsal, anal)),
        Piece(body, from_hex(scheme.back), (_belly(scheme, -0.08, 0.08), *bars), 0.055),
        Piece(
            pectoral, fin, (*_rays((0.15, -0.04), 0.2, fin * 0.7, math.pi), Patch(pectoral, black, 0, 1, 0.022)), 0.012
        ),
        *_eye(0.375, 0.04, 0.026),
    ]


def koi_pieces(scheme: Scheme) -> list[Piece]:
    """A long carp with blots of a second colour, veils for fins and whiskers at the mouth."""
    fin, mark = from_hex(scheme.fin), from_hex(scheme.mark)
    blots = (
        Patch(trace(".46,.06 .34,.13 .22,.09 .2,.01 .34,0"), mark, 0.012),
        Patch(trace(".1,.16 -.04,.16 -.1,.03 0,-.02 .08,.03"), mark, 0.012),
        Patch(trace("-.2,.12 -.31,.06 -.3,-.01 -.2,0"), mark, 0.012),
    )
    scales = tuple(
        Patch(
            ellipse(point(0.24 - 0.045 * column, 0.075 - 0.036 * row - 0.018 * (column % 2)), 0.026, 0.022, 12),
            mark * 0.55,
            0,
            0.16,
            0.006,
        )
        for column in range(12)
        for row in range(4)
    )
    veil = trace("-.3,.035 -.4,.1 -.56,.17 -.53,.05 -.48,0 -.54,-.06 -.58,-.17 -.4,-.1 -.3,-.035")
    dorsal = trace(".14,.1 .08,.2 -.06,.185 -.17,.13 -.16,.07")
    pelvic = trace("0,-.09 -.07,-.19 -.14,-.18 -.08,-.08")
    pectoral = trace(".26,-.06 .14,-.09 .07,-.2 .17,-.185 .26,-.1")
    whiskers = trace(".47,-.03 .5,-.065 .485,-.085 .485,-.06 .455,-.035")
    return [
        Piece(veil, fin, _rays((-0.28, 0.0), 0.32, fin * 0.72), 0.012, 0.82),
        Piece(dorsal, fin, _rays((0.05, -0.1), 0.4, fin * 0.72, math.pi / 2), 0.012, 0.85),
        Piece(pelvic, fin, _rays((0.03, -0.02), 0.25, fin * 0.72, -2.2), 0.01, 0.85),
        Piece(whiskers, from_hex(scheme.back) * 0.9, (), 0.006),
        Piece(_slim(0.125), from_hex(scheme.back), (_belly(scheme, -0.02, 0.06), *blots, *scales), 0.05),
        Piece(pectoral, fin, _rays((0.27, -0.05), 0.28, fin * 0.72, -2.4), 0.01, 0.85),
        *_eye(0.405, 0.03, 0.018),
    ]


def goldfish_pieces(scheme: Scheme) -> list[Piece]:
    """A round body and a tail like a skirt."""
    fin = from_hex(scheme.fin)
    body = trace(".42,0 .36,.1 .22,.17 .06,.175 -.08,.08 -.13,.045 -.13,-.045 -.08,-.1 .06,-.18 .22,-.17 .36,-.09")
    skirt = trace("-.12,.04 -.24,.15 -.44,.24 -.52,.14 -.42,.06 -.5,-.02 -.56,-.16 -.46,-.24 -.26,-.16 -.12,-.04")
    dorsal = trace(".2,.15 .12,.28 -.04,.24 -.08,.12 .02,.12")
    pelvic = trace(".08,-.15 0,-.27 -.1,-.25 -.03,-.14")
    pectoral = trace(".2,-.06 .08,-.08 .04,-.16 .14,-.15")
    return [
        Piece(skirt, fin, _rays((-0.08, 0.0), 0.45, fin * 0.75), 0.015, 0.80),
        Piece(dorsal, fin, _rays((0.06, 0.0), 0.3, fin * 0.75, math.pi / 2), 0.012, 0.85),
        Piece(pelvic, fin, _rays((0.06, -0.1), 0.25, fin * 0.75, -2.0), 0.012, 0.85),
        Piece(body, from_hex(scheme.back), (_belly(scheme, -0.05, 0.09),), 0.07),
        Piece(pectoral, fin, _rays((0.2, -0.05), 0.2, fin * 0.75, -2.6), 0.01, 0.85),
        *_eye(0.325, 0.04, 0.028),
    ]


def _slim(depth: float) -> Points:
    return smooth(
        (0.50, 0.0),
        (0.44, depth * 0.45),
        (0.28, depth * 0.92),
        (0.06, depth),
        (-0.18, depth * 0.55),
        (-0.33, depth * 0.28),
        (-0.33, -depth * 0.28),
        (-0.18, -depth * 0.55),
        (0.06, -depth),
        (0.28, -depth * 0.85),
        (0.44, -depth * 0.42),
    )


def _tail_fin(length: float, half: float, fork: float = 0.05) -> Points:
    root = -0.29
    return smooth(
        (root, 0.045),
        (root - 0.10, half * 0.8),
        (-length, half),
        (-length + 0.01, half * 0.6),
        (-length + fork, 0.0),
        (-length + 0.01, -half * 0.6),
        (-length, -half),
        (root - 0.10, -half * 0.8),
        (root, -0.045),
    )


def _belly(scheme: Scheme, level: float, soft: float) -> Patch:
    return Patch(np.array([(0.6, level), (-0.6, level), (-0.6, -0.6), (0.6, -0.6)]), from_hex(scheme.belly), soft, 0.9)


def _rays(root: tuple[float, float], length: float, colour: Floats, towards: float = math.pi) -> tuple[Patch, ...]:
    """The bones of a fin: a fan of fine lines from `root`."""
    angles = towards + np.linspace(-0.95, 0.95, 9)
    return tuple(
        Patch(
            np.array([root, (root[0] + length * math.cos(angle), root[1] + length * math.sin(angle))]),
            colour,
            0.003,
            0.55,
            0.007,
        )
        for angle in angles.tolist()
    )


def _eye(x: float, y: float, radius: float) -> list[Piece]:
    return [
        Piece(ellipse(point(x, y), radius, radius, 20), from_hex("f4e9c0"), (), 0.0),
        Piece(ellipse(point(x + radius * 0.1, y), radius * 0.66, radius * 0.66, 16), from_hex("0b0a0c"), (), 0.0),
        Piece(
            ellipse(point(x + radius * 0.3, y + radius * 0.3), radius * 0.22, radius * 0.22, 10), np.ones(3), (), 0.0
        ),
    ]
