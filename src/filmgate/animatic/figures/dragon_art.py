"""What the Chinese dragon looks like: its body laid straight, its head, its legs."""

from __future__ import annotations

import math

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.cutout import Patch, Piece, smooth, trace
from filmgate.animatic.figures.puppet import ellipse, point
from filmgate.animatic.raster import Floats, Points


def strip_pieces(body: Floats, gold: Floats, belly: Floats) -> list[Piece]:
    """The body laid straight: head end at x = 0, tail at -1."""
    back = [
        (-0.02, 0.026),
        (-0.12, 0.030),
        (-0.30, 0.038),
        (-0.50, 0.036),
        (-0.70, 0.025),
        (-0.88, 0.012),
        (-1.0, 0.004),
    ]
    front = [(x, -y * 0.92) for x, y in reversed(back)]
    outline = smooth((0.0, 0.024), *back, *front, (0.0, -0.022))
    fins: list[Piece] = []
    for step in range(58):
        x = -0.03 - 0.0165 * step
        height = float(np.interp(-x, [0.0, 0.3, 0.8, 1.0], [0.024, 0.027, 0.018, 0.010]))
        root = float(np.interp(-x, [0.02, 0.3, 0.5, 0.7, 1.0], [0.024, 0.036, 0.034, 0.023, 0.002])) - 0.004
        fins.append(
            Piece(
                smooth(
                    (x + 0.010, root),
                    (x - 0.004, root + height * 0.7),
                    (x - 0.022, root + height),
                    (x - 0.012, root + height * 0.35),
                    (x - 0.010, root),
                ),
                gold,
                (),
                0.004,
            )
        )
    tuft = [
        Piece(
            smooth(
                (-0.96, 0.006),
                (-1.01, 0.010 + lean),
                (-1.05, 0.006 + 1.9 * lean),
                (-1.065, 2.3 * lean),
                (-1.03, lean - 0.004),
                (-0.96, -0.006),
            ),
            gold,
            (),
            0.006,
        )
        for lean in (0.020, -0.020, 0.008, -0.008)
    ]
    scales: list[Patch] = []
    for column in range(110):
        x = -0.006 - 0.0088 * column
        half = float(np.interp(-x, [0.0, 0.3, 0.5, 0.7, 0.9, 1.0], [0.026, 0.038, 0.036, 0.025, 0.011, 0.003]))
        for row in range(4):
            y = half * (0.80 - 0.42 * row - 0.21 * (column % 2))
            arc = np.linspace(-1.9, 1.9, 7) + math.pi
            curve = np.stack([x + 0.0068 * np.cos(arc), y + half * 0.25 * np.sin(arc)], 1)
            scales.append(Patch(curve, body * 0.42, 0.0, 0.60, 0.0016))
            scales.append(
                Patch(
                    ellipse(point(x - 0.001, y + half * 0.05), 0.0032, half * 0.10, 8),
                    mix(body, gold, 0.7),
                    0.001,
                    0.45,
                )
            )
    low = Patch(
        np.array([(0.02, -0.014), *((x, -y * 0.42) for x, y in back), (-1.0, -0.1), (0.02, -0.1)]), belly, 0.004
    )
    plates = [
        Patch(
            smooth((x, -0.010), (x - 0.004, -0.024), (x + 0.002, -0.04), closed=False), belly * 0.55, 0.0, 0.75, 0.0016
        )
        for x in (-0.004 - 0.0115 * np.arange(84)).tolist()
    ]
    ridge = Patch(
        np.array([(0.0, 0.018), *((x, y * 0.72) for x, y in back), (-1.0, 0.1), (0.0, 0.1)]), body * 0.62, 0.006, 0.7
    )
    return [*tuft, *fins, Piece(outline, body, (ridge, *scales, low, *plates), 0.013)]


def head_pieces(body: Floats, gold: Floats, belly: Floats) -> list[Piece]:
    """Neck at the origin, snout at x = 1."""
    ivory, dark = from_hex("f6ecd4"), from_hex("2a0c0a")
    mane: list[Piece] = []
    for root_x, root_y, tip_x, tip_y in (
        (0.10, 0.28, -0.52, 0.44),
        (0.05, -0.20, -0.46, -0.46),
        (0.0, 0.18, -0.66, 0.26),
        (0.02, -0.10, -0.62, -0.24),
        (0.12, 0.20, -0.60, 0.08),
        (0.10, -0.02, -0.64, -0.08),
        (0.18, -0.16, -0.26, -0.42),
        (0.16, 0.10, -0.44, 0.0),
    ):
        middle_x, middle_y = (root_x + tip_x) / 2, (root_y + tip_y) / 2
        lock = smooth(
            (root_x, root_y + 0.07),
            (middle_x, middle_y + 0.10),
            (tip_x, tip_y),
            (middle_x, middle_y - 0.04),
            (root_x, root_y - 0.07),
        )
        strands = tuple(
            Patch(
                smooth((root_x, root_y + d), (middle_x, middle_y + d + 0.03), (tip_x * 0.95, tip_y), closed=False),
                gold * 0.6,
                0.0,
                0.6,
                0.012,
            )
            for d in (-0.03, 0.03)
        )
        mane.append(Piece(lock, gold, strands, 0.03))
    horns = [
        Piece(_horn(shift), ivory * (1.0 if near else 0.75), (Patch(_horn(shift), ivory * 0.6, 0.0, 0.5, 0.012),), 0.02)
        for near, shift in ((False, 0.10), (True, 0.0))
    ]
    skull = trace(
        "-.12,.16 .08,.29 .26,.335 .4,.27 .5,.205 .64,.185 .78,.245 .9,.225 .97,.13 .9,.045 .72,.03 "
        ".48,.01 .3,-.06 .1,-.17 -.12,-.18"
    )
    jaw = trace(".06,-.08 .3,-.075 .55,-.125 .76,-.145 .86,-.185 .78,-.255 .48,-.265 .16,-.235")
    mouth = trace(".25,-.04 .6,.03 .9,.05 .84,-.16 .5,-.14 .25,-.1")
    tongue = trace(".4,-.1 .62,-.075 .84,-.02 .66,-.115 .45,-.14")
    teeth = [
        Piece(
            np.array([(x - 0.022, 0.035 - drop), (x + 0.022, 0.035 - drop), (x + 0.004, -0.045 - size)]), ivory, (), 0.0
        )
        for x, size, drop in (
            (0.88, 0.035, 0.0),
            (0.80, 0.0, 0.0),
            (0.72, 0.0, 0.005),
            (0.64, 0.0, 0.010),
            (0.56, 0.0, 0.018),
        )
    ]
    teeth += [
        Piece(np.array([(x - 0.02, -0.165), (x + 0.02, -0.165), (x, -0.085)]), ivory, (), 0.0) for x in (0.80, 0.70)
    ]
    beard = [
        Piece(
            smooth((x + 0.06, -0.25), (x, -0.40), (x - 0.16, -0.56), (x - 0.07, -0.38), (x - 0.06, -0.25)),
            gold,
            (),
            0.02,
        )
        for x in (0.62, 0.50, 0.36)
    ]
    brow = Piece(trace(".5,.24 .38,.325 .22,.37 .14,.44 .2,.33 .34,.265"), gold, (), 0.02)
    ear = Piece(
        trace(".1,.2 -.04,.27 -.2,.25 -.08,.16 .06,.12"),
        body * 0.9,
        (Patch(ellipse(point(-0.04, 0.20), 0.09, 0.025), belly, 0.02),),
        0.025,
    )
    shades = (
        Patch(trace(".97,.12 .75,.1 .5,.06 .32,-.01 .3,-.2 1,-.1"), belly, 0.04, 0.55),
        Patch(ellipse(point(0.895, 0.165), 0.030, 0.020), dark, 0.006),
        Patch(trace(".62,.12 .7,.15 .8,.14", closed=False), body * 0.5, 0.004, 0.7, 0.014),
        *(
            Patch(
                ellipse(point(0.02 + 0.075 * c, 0.16 - 0.08 * r + 0.03 * (c % 2)), 0.045, 0.05, 12),
                body * 0.45,
                0.0,
                0.5,
                0.012,
            )
            for c in range(4)
            for r in range(4)
        ),
    )
    eye = [
        Piece(
            ellipse(point(0.395, 0.205), 0.058, 0.046, 20),
            from_hex("fff0b0"),
            (Patch(ellipse(point(0.40, 0.205), 0.040, 0.038), from_hex("f0a020"), 0.008),),
            0.0,
        ),
        Piece(ellipse(point(0.408, 0.205), 0.014, 0.034, 14), from_hex("120806"), (), 0.0),
        Piece(ellipse(point(0.420, 0.222), 0.010, 0.010, 10), np.ones(3, np.float32), (), 0.0),
    ]
    return [
        horns[0],
        *mane,
        Piece(mouth, from_hex("5a1010"), (), 0.02),
        Piece(tongue, from_hex("d84848"), (), 0.015),
        *beard,
        Piece(jaw, body * 0.92, (Patch(jaw - point(0, 0.10), belly, 0.03, 0.8),), 0.035),
        *teeth,
        Piece(skull, body, shades, 0.05),
        ear,
        horns[1],
        *eye,
        brow,
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
