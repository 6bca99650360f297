"""What the Chinese dragon looks like: its body laid straight, its head, its legs."""

from __future__ import annotations

import math

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.cutout import Patch, Piece, smooth, trace
from filmgate.animatic.figures.puppet import ellipse, point
from filmgate.animatic.raster import Floats, Points

IVORY, GUMS = from_hex("f6ecd4"), from_hex("5a1010")
# The back of the body laid straight, from the neck to the tail.
BACK = ((-0.02, 0.026), (-0.12, 0.030), (-0.30, 0.038), (-0.50, 0.036), (-0.70, 0.025), (-0.88, 0.012), (-1.0, 0.004))
FIN_SPACING, SCALE_SPACING, PLATE_SPACING = 0.0165, 0.0088, 0.0115
# Locks of the mane: root and tip.
MANE = (
    ((0.10, 0.28), (-0.52, 0.44)),
    ((0.05, -0.20), (-0.46, -0.46)),
    ((0.00, 0.18), (-0.66, 0.26)),
    ((0.02, -0.10), (-0.62, -0.24)),
    ((0.12, 0.20), (-0.60, 0.08)),
    ((0.10, -0.02), (-0.64, -0.08)),
    ((0.18, -0.16), (-0.26, -0.42)),
    ((0.16, 0.10), (-0.44, 0.00)),
)


def strip_pieces(body: Floats, gold: Floats, belly: Floats) -> list[Piece]:
    """The body laid straight: head end at x = 0, tail at -1, fins along its back and a tuft behind."""
    front = [(x, -y * 0.92) for x, y in reversed(BACK)]
    outline = smooth((0.0, 0.024), *BACK, *front, (0.0, -0.022))
    tuft = [
        Piece(smooth((-0.96, 0.006), (-1.01, 0.01 + lean), (-1.065, 2.3 * lean), (-0.96, -0.006)), gold, (), 0.006)
        for lean in (0.020, -0.020, 0.008, -0.008)
    ]
    ridge = np.array([(0.0, 0.018), *((x, y * 0.72) for x, y in BACK), (-1.0, 0.1), (0.0, 0.1)])
    low = np.array([(0.02, -0.014), *((x, -y * 0.42) for x, y in BACK), (-1.0, -0.1), (0.02, -0.1)])
    plate = trace("0,-.01 -.004,-.024 .002,-.04", closed=False)
    plates = [
        Patch(plate + point(-0.004 - PLATE_SPACING * step, 0.0), belly * 0.55, 0.0, 0.75, 0.0016) for step in range(84)
    ]
    marks = (Patch(ridge, body * 0.62, 0.006, 0.7), *_scales(body, gold), Patch(low, belly, 0.004), *plates)
    return [*tuft, *_fins(gold), Piece(outline, body, marks, 0.013)]


def head_pieces(body: Floats, gold: Floats, belly: Floats) -> list[Piece]:
    """Neck at the origin, snout at x = 1."""
    far_horn, near_horn = (
        Piece(_horn(shift), IVORY * tone, (Patch(_horn(shift), IVORY * 0.6, 0.0, 0.5, 0.012),), 0.02)
        for shift, tone in ((0.10, 0.75), (0.0, 1.0))
    )
    lobe = Patch(ellipse(point(-0.04, 0.20), 0.09, 0.025), belly, 0.02)
    ear = Piece(trace(".1,.2 -.04,.27 -.2,.25 -.08,.16 .06,.12"), body * 0.9, (lobe,), 0.025)
    brow = Piece(trace(".5,.24 .38,.325 .22,.37 .14,.44 .2,.33 .34,.265"), gold, (), 0.02)
    return [far_horn, *_mane(gold), *_jaws(body, gold, belly), _skull(body, belly), ear, near_horn, *_eye(), brow]


def _fins(gold: Floats) -> list[Piece]:
    pieces: list[Piece] = []
    flame = trace(".01,0 -.004,.7 -.022,1 -.012,.35 -.01,0")
    for step in range(58):
        x = -0.03 - FIN_SPACING * step
        height = float(np.interp(-x, [0.0, 0.3, 0.8, 1.0], [0.024, 0.027, 0.018, 0.010]))
        pieces.append(Piece(flame * point(1.0, height) + point(x, 0.94 * _half_width(x)), gold, (), 0.004))
    return pieces


def _scales(body: Floats, gold: Floats) -> list[Patch]:
    """Rows of arcs, each with a glint in it, set half a scale apart."""
    patches: list[Patch] = []
    turn = np.linspace(-1.9, 1.9, 7) + math.pi
    arc = np.stack([0.0068 * np.cos(turn), 0.25 * np.sin(turn)], 1)
    for column in range(110):
        x = -0.006 - SCALE_SPACING * column
        half = _half_width(x)
        for row in range(4):
            y = half * (0.80 - 0.42 * row - 0.21 * (column % 2))
            patches.append(Patch(arc * point(1.0, half) + point(x, y), body * 0.42, 0.0, 0.60, 0.0016))
            glint = ellipse(point(x - 0.001, y + half * 0.05), 0.0032, half * 0.10, 8)
            patches.append(Patch(glint, mix(body, gold, 0.7), 0.001, 0.45))
    return patches


def _half_width(x: float) -> float:
    return float(np.interp(-x, [-place for place, _ in BACK], [half for _, half in BACK]))


def _mane(gold: Floats) -> list[Piece]:
    pieces: list[Piece] = []
    for (root_x, root_y), (tip_x, tip_y) in MANE:
        x, y = (root_x + tip_x) / 2, (root_y + tip_y) / 2
        lock = smooth((root_x, root_y + 0.07), (x, y + 0.10), (tip_x, tip_y), (x, y - 0.04), (root_x, root_y - 0.07))
        strands = tuple(
            Patch(
                smooth((root_x, root_y + aside), (x, y + aside + 0.03), (tip_x * 0.95, tip_y), closed=False),
                gold * 0.6, 0.0, 0.6, 0.012,
            )
            for aside in (-0.03, 0.03)
        )  # fmt: skip
        pieces.append(Piece(lock, gold, strands, 0.03))
    return pieces


def _jaws(body: Floats, gold: Floats, belly: Floats) -> list[Piece]:
    """The open mouth, from the inside out: gums, tongue, beard, lower jaw, teeth."""
    jaw = trace(".06,-.08 .3,-.075 .55,-.125 .76,-.145 .86,-.185 .78,-.255 .48,-.265 .16,-.235")
    tuft = trace(".06,-.25 0,-.4 -.16,-.56 -.07,-.38 -.06,-.25")
    fang = np.array([(-0.022, 0.035), (0.022, 0.035), (0.004, -0.08)])
    tooth = np.array([(-0.022, 0.03), (0.022, 0.03), (0.004, -0.045)])
    lower = np.array([(-0.02, -0.165), (0.02, -0.165), (0.0, -0.085)])
    upper = [fang + point(0.88, 0.0), *(tooth + point(x, 0.0) for x in (0.80, 0.72, 0.64, 0.56))]
    return [
        Piece(trace(".25,-.04 .6,.03 .9,.05 .84,-.16 .5,-.14 .25,-.1"), GUMS, (), 0.02),
        Piece(trace(".4,-.1 .62,-.075 .84,-.02 .66,-.115 .45,-.14"), from_hex("d84848"), (), 0.015),
        *(Piece(tuft + point(x, 0.0), gold, (), 0.02) for x in (0.62, 0.50, 0.36)),
        Piece(jaw, body * 0.92, (Patch(jaw - point(0, 0.10), belly, 0.03, 0.8),), 0.035),
        *(Piece(shape, IVORY, (), 0.0) for shape in (*upper, lower + point(0.80, 0.0), lower + point(0.70, 0.0))),
    ]


def _skull(body: Floats, belly: Floats) -> Piece:
    outline = trace(
        "-.12,.16 .08,.29 .26,.335 .4,.27 .5,.205 .64,.185 .78,.245 .9,.225 .97,.13 .9,.045 .72,.03 "
        ".48,.01 .3,-.06 .1,-.17 -.12,-.18"
    )
    cheek = tuple(
        Patch(
            ellipse(point(0.02 + 0.075 * column, 0.16 - 0.08 * row + 0.03 * (column % 2)), 0.045, 0.05, 12),
            body * 0.45, 0.0, 0.5, 0.012,
        )
        for column in range(4)
        for row in range(4)
    )  # fmt: skip
    lip = Patch(trace(".97,.12 .75,.1 .5,.06 .32,-.01 .3,-.2 1,-.1"), belly, 0.04, 0.55)
    nostril = Patch(ellipse(point(0.895, 0.165), 0.030, 0.020), GUMS * 0.5, 0.006)
    fold = Patch(trace(".62,.12 .7,.15 .8,.14", closed=False), body * 0.5, 0.004, 0.7, 0.014)
    return Piece(outline, body, (lip, nostril, fold, *cheek), 0.05)


def _eye() -> list[Piece]:
    iris = Patch(ellipse(point(0.40, 0.205), 0.040, 0.038), from_hex("f0a020"), 0.008)
    return [
        Piece(ellipse(point(0.395, 0.205), 0.058, 0.046, 20), from_hex("fff0b0"), (iris,), 0.0),
        Piece(ellipse(point(0.408, 0.205), 0.014, 0.034, 14), from_hex("120806"), (), 0.0),
        Piece(ellipse(point(0.420, 0.222), 0.010, 0.010, 10), np.ones(3, np.float32), (), 0.0),
    ]


def leg_pieces(body: Floats, gold: Floats) -> list[Piece]:
    """Hip at the origin, pointing down and back; a unit is its length."""
    ivory = from_hex("f6ecd4")
    flame = [
        Piece(
            smooth((-0.10, -0.12), (-0.30, -0.02 + d), (-0.52, 0.10 + d), (-0.30, -0.14 + d), (-0.12, -0.22)),
            gold,
            (),
            0.02,
        )
        for d in (0.0, -0.14)
    ]
    thigh = trace(".18,.16 .2,-.1 .08,-.36 -.1,-.46 -.16,-.36 -.14,-.1 -.14,.14")
    shin = trace("-.14,-.36 .02,-.4 .2,-.58 .34,-.72 .28,-.8 .1,-.68 -.12,-.48")
    claws = [
        Piece(
            smooth(
                (0.26 + 0.03 * i, -0.74),
                (0.34 + 0.08 * i, -0.80 - 0.05 * (2 - i)),
                (0.40 + 0.09 * i, -0.98 + 0.08 * i),
                (0.30 + 0.07 * i, -0.88 + 0.03 * i),
                (0.22, -0.80),
            ),
            ivory,
            (),
            0.012,
        )
        for i in range(4)
    ]
    marks = tuple(
        Patch(
            ellipse(point(-0.02 + 0.10 * (i % 3) - 0.05, 0.08 - 0.11 * (i // 3)), 0.06, 0.06, 12),
            body * 0.5,
            0.0,
            0.5,
            0.014,
        )
        for i in range(9)
    )
    shin_marks = tuple(
        Patch(ellipse(point(-0.06 + 0.07 * i, -0.42 - 0.06 * i), 0.05, 0.05, 12), body * 0.5, 0.0, 0.5, 0.014)
        for i in range(5)
    )
    return [*flame, *claws, Piece(shin, body, shin_marks, 0.05), Piece(thigh, body, marks, 0.06)]


def _horn(shift: float) -> Points:
    return smooth(
        (0.20 + shift, 0.30),
        (0.06 + shift, 0.42),
        (-0.14 + shift, 0.50),
        (-0.22 + shift, 0.62),
        (-0.20 + shift, 0.53),
        (-0.38 + shift, 0.56),
        (-0.52 + shift, 0.66),
        (-0.40 + shift, 0.50),
        (-0.14 + shift, 0.41),
        (0.04 + shift, 0.33),
        (0.12 + shift, 0.27),
        steps=5,
    )
