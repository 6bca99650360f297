"""What birds look like: feathered wings, bodies, beaks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.cutout import Patch, Piece, smooth, trace
from filmgate.animatic.figures.puppet import ellipse, point
from filmgate.animatic.raster import Floats, Points


@dataclass(frozen=True, slots=True)
class Plumage:
    """One kind of bird; lengths in its half wing span. Colours are "rrggbb"."""

    back: str
    belly: str
    head: str
    flight: str  # the long feathers of the wing
    tip: str
    beak: str
    chord: float = 0.36  # of the wing
    fingers: float = 0.3  # how far the outer feathers stand apart, 0 to 1
    body: float = 1.0  # its length, over a usual 0.75
    neck: float = 0.0
    tail: float = 0.0  # beyond a short one
    bill: float = 0.10
    hook: float = 0.0
    legs: float = 0.0  # trailing behind
    crown: str | None = None
    bars: bool = False  # across the flight feathers
    leathery: bool = False  # skin between fingers instead of feathers


def wing_pieces(plumage: Plumage) -> list[Piece]:
    """From above: x forward, y outwards, tip at y = 1. Feathers first, the coverts over their roots."""
    if plumage.leathery:
        return leather_pieces(plumage)
    chord = plumage.chord
    flight, tip, back = from_hex(plumage.flight), from_hex(plumage.tip), from_hex(plumage.back)
    pieces: list[Piece] = []
    for share in np.linspace(0, 1, 9).tolist():  # secondaries, from the body outwards
        y = 0.04 + 0.46 * share
        end = point(-chord * (0.56 + 0.05 * math.sin(share * 3)), y - 0.015 + 0.05 * share)
        pieces.append(
            _feather(point(chord * 0.15, y), end, 0.055, flight * (0.90 + 0.1 * (share * 8 % 2)), None, plumage)
        )
    for share in np.linspace(0, 1, 9).tolist():  # primaries, fanned from the wrist to the tip
        angle = math.radians(172 - 84 * share**0.85)  # from backwards to outwards
        length = chord * 0.72 + (0.60 - chord * 0.45) * share**0.9
        root = point(chord * (0.10 + 0.10 * share), 0.44 + 0.10 * share)
        end = root + length * point(math.cos(angle), math.sin(angle))
        end[1] = min(end[1], 1.0)
        width = 0.060 * (1 - plumage.fingers * 0.45 * share)
        pieces.append(_feather(root, end, width, flight * (0.86 + 0.14 * (share * 8 % 2)), tip, plumage))
    arm = smooth(
        (chord * 0.40, -0.04),
        (chord * 0.46, 0.20),
        (chord * 0.56, 0.40),
        (chord * 0.46, 0.58),
        (chord * 0.22, 0.78),
        (chord * 0.08, 0.72),
        (-chord * 0.08, 0.52),
        (-chord * 0.16, 0.30),
        (-chord * 0.22, 0.08),
        (-chord * 0.22, -0.04),
    )
    coverts = tuple(
        Patch(
            ellipse(point(chord * (0.30 - 0.17 * row), 0.05 + 0.075 * column), 0.05, 0.045, 12),
            back * 0.72,
            0.004,
            0.30,
            0.010,
        )
        for row in range(3)
        for column in range(8)
    )
    return [
        *pieces,
        Piece(
            arm, back, (Patch(arm * np.array([0.5, 1.0]) - point(chord * 0.2, 0), flight, 0.04, 0.6), *coverts), 0.035
        ),
    ]


def leather_pieces(plumage: Plumage) -> list[Piece]:
    """Skin stretched between an arm and three long fingers, scalloped behind."""
    skin, bone = from_hex(plumage.flight), from_hex(plumage.back)
    chord = plumage.chord / 0.36
    wrist = point(0.24 * chord, 0.44)
    tips = [point(x * chord, y) for x, y in ((-0.06, 1.0), (-0.36, 0.80), (-0.48, 0.52), (-0.44, 0.20))]
    membrane = smooth(
        (0.06, 0.0), (0.16 * chord, 0.22), *_pairs(wrist), (0.16 * chord, 0.74), *_pairs(tips[0]),
        (-0.14 * chord, 0.86), *_pairs(tips[1]), (-0.27 * chord, 0.62), *_pairs(tips[2]),
        (-0.30 * chord, 0.34), *_pairs(tips[3]),
        (-0.26 * chord, 0.08), (-0.22, 0.0), steps=6,
    )  # fmt: skip
    glow = Patch(
        smooth((0.0, 0.12), (0.12 * chord, 0.5), (-0.10 * chord, 0.8), (-0.32 * chord, 0.5), (-0.2, 0.15)),
        from_hex(plumage.tip),
        0.08,
        0.7,
    )
    folds = tuple(
        Patch(np.stack([wrist, (tips[at] + tips[at + 1]) / 2 * np.array([0.8, 1.0])]), skin * 0.6, 0.008, 0.5, 0.012)
        for at in range(3)
    )
    fingers = [Piece(_bone(wrist, tip, 0.016), bone, (), 0.010) for tip in tips]
    arm = Piece(
        smooth(
            (0.05, -0.02),
            (0.15 * chord, 0.22),
            *_pairs(wrist + point(0.02, 0.0)),
            *_pairs(wrist - point(0.03, 0.01)),
            (0.09 * chord, 0.22),
            (-0.02, 0.0),
        ),
        bone,
        (),
        0.018,
    )
    claw = Piece(
        smooth(*_pairs(wrist), *_pairs(wrist + point(0.05, 0.045)), *_pairs(wrist + point(-0.01, 0.03))),
        from_hex("e6dcc8"),
        (),
        0.006,
    )
    return [Piece(membrane, skin, (glow, *folds), 0.02, 0.97), *fingers, claw, arm]


def _bone(start: Points, end: Points, width: float) -> Points:
    axis = end - start
    across = np.array([-axis[1], axis[0]]) / float(np.hypot(*axis)) * width
    sag = across * 1.5  # fingers bow a little
    return np.stack(
        [
            start + across,
            (start + end) / 2 + across * 0.6 + sag,
            end,
            (start + end) / 2 - across * 0.6 + sag,
            start - across,
        ]
    )


def _pairs(*points: Points) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in points]


def body_pieces(plumage: Plumage) -> list[Piece]:
    """From the side, facing right."""
    back, belly, head, beak = (from_hex(value) for value in (plumage.back, plumage.belly, plumage.head, plumage.beak))
    torso = trace(".27,.02 .17,.08 -.03,.092 -.22,.052 -.36,.018 -.36,-.008 -.22,-.052 -.03,-.09 .15,-.072")
    neck, slim = plumage.neck, 1.0 / (1.0 + 1.6 * plumage.neck)
    middle = 0.23 + neck * 0.55
    skull = smooth(
        (0.10, 0.075),
        (middle, 0.050 + 0.038 * slim),
        (0.30 + neck, 0.108),
        (0.37 + neck, 0.098),
        (0.405 + neck, 0.055),
        (0.37 + neck, 0.012),
        (0.31 + neck, 0.008),
        (middle, 0.040 - 0.052 * slim),
        (0.12, -0.060),
    )
    drop = plumage.hook * 0.035
    bill = smooth(
        (0.385 + neck, 0.078),
        (0.40 + neck + plumage.bill * 0.6, 0.060),
        (0.40 + neck + plumage.bill, 0.040 - drop),
        (0.40 + neck + plumage.bill * 0.55, 0.036),
        (0.385 + neck, 0.030),
    )
    under = Patch(trace(".5,-.01 .1,-.015 -.4,-.005 -.4,-.3 .5,-.3"), belly, 0.03, 0.95)
    crown = (
        ()
        if plumage.crown is None
        else (Patch(ellipse(point(0.345 + neck, 0.112), 0.05, 0.028, 16), from_hex(plumage.crown), 0.006),)
    )
    pieces = [
        *_trailing_legs(plumage),
        *_ears(plumage, head),
        Piece(torso, back, (under,), 0.05),
        Piece(bill, beak, (), 0.012),
        Piece(skull, head, crown, 0.035),
        Piece(ellipse(point(0.362 + neck, 0.066), 0.012, 0.012, 12), from_hex("0b0a08"), (), 0.0),
    ]
    return [_longer(piece, plumage.body) for piece in pieces]


def _trailing_legs(plumage: Plumage) -> list[Piece]:
    return [
        Piece(
            smooth(
                (-0.22, -0.03 - gap),
                (-0.40 - plumage.legs, -0.012 - gap),
                (-0.42 - plumage.legs, -0.022 - gap),
                (-0.22, -0.05 - gap),
            ),
            from_hex("2a2422"),
            (),
            0.006,
        )
        for gap in ((0.0, 0.012) if plumage.legs else ())
    ]


def _ears(plumage: Plumage, head: Floats) -> list[Piece]:
    return [
        Piece(smooth((0.25 + lean, 0.08), (0.27 + lean, 0.20), (0.34 + lean, 0.09)), head, (), 0.015)
        for lean in ((0.0, 0.06) if plumage.leathery else ())
    ]


def tail_pieces(plumage: Plumage) -> list[Piece]:
    """From above: a fan of feathers behind the body."""
    flight, tip = from_hex(plumage.flight), from_hex(plumage.tip)
    pieces: list[Piece] = []
    for angle in (0.42, -0.42, 0.24, -0.24, 0.08, -0.08):
        length = (0.26 + plumage.tail) * (1 - 0.12 * abs(angle))
        end = point(-0.28 - length * math.cos(angle), length * math.sin(angle))
        pieces.append(
            _feather(point(-0.26, 0.0), end, 0.055, flight, tip if plumage.tip != plumage.flight else None, plumage)
        )
    return [_longer(piece, plumage.body) for piece in pieces]


def _feather(root: Points, end: Points, width: float, colour: Floats, tip: Floats | None, plumage: Plumage) -> Piece:
    axis = end - root
    across = np.array([-axis[1], axis[0]]) / max(1e-6, float(np.hypot(*axis))) * width / 2
    corners = (
        root + across * 0.5,
        root + axis * 0.5 + across,
        root + axis * 0.9 + across * 0.75,
        end,
        root + axis * 0.9 - across * 0.75,
        root + axis * 0.5 - across,
        root - across * 0.5,
    )
    shape = smooth(*((float(x), float(y)) for x, y in corners), steps=5)
    marks = [Patch(np.stack([root, end]), colour * 0.62, 0.0, 0.55, 0.006)]
    if tip is not None:
        past = np.stack(
            [
                root + axis * 0.62 + across * 3,
                end + across * 3,
                end + axis * 0.2,
                end - across * 3,
                root + axis * 0.62 - across * 3,
            ]
        )
        marks.append(Patch(past, tip, 0.03))
    if plumage.bars:
        marks += [
            Patch(
                np.stack([root + axis * s + across * 2, root + axis * s - across * 2]), colour * 0.55, 0.006, 0.6, 0.018
            )
            for s in (0.45, 0.62, 0.79)
        ]
    return Piece(shape, colour, tuple(marks), 0.010)


def _longer(piece: Piece, share: float) -> Piece:
    if share == 1.0:
        return piece
    patches = tuple(
        Patch(patch.outline * share, patch.colour, patch.soft, patch.strength, patch.line) for patch in piece.patches
    )
    return Piece(piece.outline * share, piece.colour, patches, piece.roundness, piece.opacity)


PLUMAGES = {
    "birds": Plumage("4a4648", "cfc8c0", "3c383c", "3a3638", "2a2628", "4a4038", 0.34, 0.25, 0.95),
    "seagull": Plumage("b4bec8", "fbfbfa", "fcfcfb", "dfe5e9", "23262c", "f0b028", 0.27, 0.12, 0.86, 0.0, 0.0, 0.09),
    "crow": Plumage("1c1e26", "17181e", "1a1c22", "15161c", "0f1016", "16161a", 0.38, 0.75, 1.05, 0.0, 0.10, 0.13),
    "dove": Plumage("f4f3f0", "fdfdfc", "fbfaf8", "f6f5f2", "f6f5f2", "e8b89a", 0.38, 0.30, 1.10, 0.0, 0.12, 0.06),
    "goose": Plumage("7a6a5a", "d8cfc2", "3c342e", "5a4c40", "2e2824", "2a2624", 0.32, 0.30, 1.0, 0.28, 0.0, 0.09),
    "crane": Plumage(
        "f4f4f2",
        "fafaf8",
        "f2f1ee",
        "f0f0ee",
        "15161a",
        "8a8a70",
        0.36,
        0.80,
        0.95,
        0.42,
        0.0,
        0.17,
        0.0,
        0.46,
        "d8301c",
    ),
    "eagle": Plumage(
        "4e3a28",
        "5c4632",
        "f2ece0",
        "3c2c1e",
        "2a1e14",
        "f2b822",
        0.44,
        1.0,
        0.95,
        0.03,
        0.08,
        0.09,
        1.0,
        0.0,
        None,
        True,
    ),
    "owl": Plumage(
        "8a6c48",
        "e6d8c0",
        "a88a60",
        "7a5e40",
        "5a442e",
        "caa04a",
        0.46,
        0.45,
        1.0,
        -0.04,
        0.0,
        0.03,
        1.0,
        0.0,
        None,
        True,
    ),
    "parrot": Plumage(
        "d8261c", "e8402a", "e02c1e", "2860d8", "1c3f9a", "2a2624", 0.36, 0.35, 1.0, 0.0, 0.50, 0.06, 1.6
    ),
    "duck": Plumage("6a6058", "b8aea0", "146a4a", "5a5048", "3a342e", "e0c038", 0.32, 0.2, 1.0, 0.16, 0.0, 0.10),
    "swan": Plumage("f4f4f2", "fbfbfa", "f6f5f2", "efefec", "e6e6e4", "e07a2a", 0.34, 0.35, 1.1, 0.52, 0.0, 0.10),
    "bat": Plumage(
        "1e1820", "3a2e34", "2a2026", "2c2230", "4a3440", "2a2026", 0.40, 0.0, 0.62, -0.06, -0.2, 0.02, leathery=True
    ),
}
