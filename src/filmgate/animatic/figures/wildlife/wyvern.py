"""The western dragon, on two wings of skin."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.cutout import (
    Card,
    Cutout,
    Patch,
    Piece,
    bend,
    draw_cutout,
    hazed,
    mirrored,
    padded,
    smooth,
    trace,
)
from filmgate.animatic.figures.puppet import ellipse, point
from filmgate.animatic.figures.role import Member, Role, one_by_one
from filmgate.animatic.figures.stage import Actor
from filmgate.animatic.figures.wildlife.cruise import passage
from filmgate.animatic.figures.wildlife.plumage import Plumage, wing_pieces
from filmgate.animatic.figures.wildlife.troupe import Solo, showing_colours, submerged
from filmgate.animatic.figures.wildlife.wings import Attitude, body_axes, split_wing, upright_card, wing_cards
from filmgate.animatic.raster import Floats, Matrix

SPAN = 2.1  # half a wing span over a person's height
IVORY = from_hex("efe4cc")
# Where the spines stand, from the head to the tail.
SPINES = np.array(
    [(0.36, 0.225), (0.30, 0.175), (0.22, 0.105), (0.10, 0.105), (-0.04, 0.095), (-0.18, 0.07), (-0.34, 0.04),
     (-0.52, 0.026), (-0.72, 0.016), (-0.90, 0.010)]
)  # fmt: skip
HIDES = (("4a5a44", "8a5a3a"), ("5a2a2c", "a8482c"), ("3a4656", "5a7aa0"), ("2e2a34", "7a3a5a"))


def wyverns(role: Role) -> Sequence[Actor]:
    """A casting: dragons with two wings, beating slowly against the wind."""
    return list(reversed(one_by_one(_wyvern)(role)))


def _wyvern(member: Member) -> Solo:
    role = member.role
    share = member.in_formation()[2] / role.size
    span = min(SPAN * max(role.size, 0.14 * role.canvas.base), 0.27 * role.canvas.width) * share
    hide, skin = (from_hex(value) for value in HIDES[member.scheme % len(HIDES)])
    if role.subject.colour is not None:
        hide = from_hex(role.subject.colour)
        skin = mix(hide, np.ones(3, np.float32), 0.2)
    light = showing_colours(mirrored(submerged(role), member.facing), 0.55)
    leather = Plumage(
        _hex(hide * 0.9),
        "000000",
        "000000",
        _hex(skin * 0.8),
        _hex(np.clip(skin * 1.35, 0, 1)),
        "000000",
        0.50,
        leathery=True,
    )

    def draw(pieces: Sequence[Piece]) -> Cutout:
        return hazed(draw_cutout(pieces, light, span), role.brief.palette.haze, 0.5 * (1 - share))

    trunk, near_leg = padded(draw(_wyvern_body(hide)), 0.0, 0.12), draw(_wyvern_leg(hide))
    wing = split_wing(draw(wing_pieces(leather)), 0.46, (0.06, 0.04, 0.07))
    hertz = 0.55

    def heave(seconds: float) -> float:
        return -0.055 * math.sin(2 * math.pi * hertz * seconds + member.phase - 0.5)

    def cards(seconds: float) -> list[Card]:
        turn = 2 * math.pi * hertz * seconds + member.phase
        axes = body_axes(Attitude(0.55, 0.06 * math.sin(turn - 0.4), 0.06 * math.sin(0.4 * seconds), -0.36))
        beat = math.sin(turn) + 0.25 * math.sin(2 * turn)
        lift, curl = 0.30 + 0.62 * beat, -0.22 - 0.42 * math.cos(turn) * (1.0 if math.cos(turn) > 0 else 0.4)
        along = trunk.columns
        behind, ahead = np.clip(-0.15 - along, 0, 2), np.clip(along - 0.22, 0, 1)
        wave = 0.16 * behind**1.3 * np.sin(turn - 3.6 * behind) - 0.10 * ahead * math.sin(turn - 0.8)
        legs = [(near_leg, turned_leg) for turned_leg in _hanging(axes, -0.75 + 0.12 * math.sin(turn - 1.2))]
        return [
            *wing_cards(wing, axes, 1.0, lift, curl),
            legs[0],
            upright_card(bend(trunk, wave), axes),
            legs[1],
            *wing_cards(wing, axes, -1.0, lift, curl),
        ]

    return Solo(role.where, role.setting, cards, passage(member, span, 0.26, heave))


def _hanging(axes: Floats, swing: float) -> list[Matrix]:
    """The two hind legs, tucked up and swinging a little: far, then near."""
    forward, _, up = axes.T
    cosine, sine = math.cos(swing), math.sin(swing)
    return [
        np.stack(
            [forward * cosine + up * sine, up * cosine - forward * sine, axes @ np.array([-0.10, side * 0.05, -0.05])],
            1,
        )
        for side in (1.0, -1.0)
    ]


def _wyvern_body(hide: Floats) -> list[Piece]:
    """Neck and head to the right, the tail far behind; shoulders near the origin."""
    pale, dark = mix(hide, from_hex("e8d8b0"), 0.55), hide * 0.45
    body = trace(
        ".44,.27 .32,.19 .22,.1 .08,.105 -.1,.085 -.3,.045 -.6,.02 -.95,.008 -1.1,0 -.95,-.008 -.6,-.022 "
        "-.3,-.06 -.12,-.105 .08,-.115 .22,-.07 .33,.05 .44,.16"
    )
    spine = trace(".035,-.012 -.01,.04 -.045,.045 -.03,-.01")
    spines = [Piece(spine * (1 - 0.35 * abs(x)) + point(x, y), dark, (), 0.006) for x, y in SPINES]
    barb = Piece(trace("-1.06,.012 -1.14,.06 -1.24,0 -1.14,-.06 -1.06,-.012"), dark, (), 0.012)
    belly = Patch(trace(".46,.17 .33,.075 .22,-.035 0,-.06 -.3,-.03 -.9,-.006 -.5,-.3 .3,-.3 .5,.1"), pale, 0.012)
    plate = trace("0,-.045 -.02,-.09 -.02,-.14", closed=False)
    plates = tuple(
        Patch(plate + point(x, 0.0), pale * 0.6, 0.002, 0.6, 0.006) for x in np.linspace(0.22, -0.40, 16).tolist()
    )
    scales = tuple(
        Patch(
            ellipse(point(0.20 - 0.040 * column, 0.075 - 0.032 * row - 0.016 * (column % 2)), 0.020, 0.018, 10),
            hide * 0.5, 0.0, 0.35, 0.005,
        )
        for column in range(15)
        for row in range(4)
    )  # fmt: skip
    far_horn, near_horn = (
        Piece(trace(".46,.305 .36,.36 .22,.37 .36,.33 .43,.28") + point(shift, 0.0), IVORY * tone, (), 0.010)
        for shift, tone in ((0.03, 0.75), (0.0, 1.0))
    )
    trunk = Piece(body, hide, (belly, *plates, *scales), 0.05)
    return [barb, *spines, far_horn, trunk, *_wyvern_head(hide), near_horn]


def _wyvern_head(hide: Floats) -> list[Piece]:
    dark = hide * 0.45
    head = trace(".38,.24 .42,.31 .5,.325 .58,.285 .7,.262 .735,.235 .7,.205 .58,.195 .48,.165 .4,.16")
    jaw = trace(".47,.185 .58,.175 .69,.165 .68,.14 .56,.135 .46,.155")
    nostril = Patch(ellipse(point(0.705, 0.242), 0.010, 0.006), dark, 0.002)
    brow = Patch(ellipse(point(0.55, 0.295), 0.06, 0.012), dark, 0.01, 0.8)
    pupil = Patch(ellipse(point(0.538, 0.262), 0.004, 0.012), from_hex("0a0604"))
    tooth = np.array([(-0.009, 0.205), (0.009, 0.205), (0.0, 0.175)])
    return [
        Piece(trace(".5,.19 .6,.2 .72,.205 .68,.16 .56,.16"), from_hex("5a1414"), (), 0.008),
        Piece(jaw, hide * 0.9, (), 0.014),
        *(Piece(tooth + point(x, 0.0), IVORY, (), 0.0) for x in (0.70, 0.665, 0.63, 0.59)),
        Piece(head, hide, (nostril, brow), 0.022),
        Piece(ellipse(point(0.535, 0.262), 0.016, 0.013), from_hex("ffc83a"), (pupil,), 0.0),
    ]


def _wyvern_leg(hide: Floats) -> list[Piece]:
    claws = [
        Piece(
            smooth((-0.13 + d, -0.235), (-0.105 + d, -0.285), (-0.125 + d, -0.31), (-0.15 + d, -0.25)),
            from_hex("efe4cc"),
            (),
            0.005,
        )
        for d in (-0.03, 0.0, 0.03)
    ]
    return [
        *claws,
        Piece(trace("-.02,-.11 -.1,-.17 -.1,-.23 -.155,-.26 -.165,-.22 -.14,-.15 -.07,-.08"), hide * 0.8, (), 0.015),
        Piece(trace(".05,.02 .06,-.06 0,-.13 -.06,-.12 -.08,-.03 -.05,.03"), hide * 0.92, (), 0.025),
    ]


def _hex(colour: Floats) -> str:
    return "".join(f"{round(float(channel) * 255):02x}" for channel in np.clip(colour, 0, 1))
