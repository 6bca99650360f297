"""Mantas fly through the water on broad wings."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.cutout import Card, Patch, Piece, bend, padded, smooth, trace
from filmgate.animatic.figures.puppet import ellipse, point
from filmgate.animatic.figures.role import Member, Role
from filmgate.animatic.figures.stage import Actor
from filmgate.animatic.figures.wildlife.cruise import cruise, one_each, painter
from filmgate.animatic.figures.wildlife.troupe import Solo
from filmgate.animatic.figures.wildlife.wings import Attitude, body_axes, level_card, split_wing, wing_cards

VIEW = Attitude(yaw=0.55, pitch=0.06, elevation=0.62)


def mantas(role: Role) -> Sequence[Actor]:
    """A casting: mantas beat their wings slowly."""
    return one_each(role, 1.15, _manta)


def _manta(member: Member, length: float, haze: float) -> Solo:
    draw = painter(member, length, haze)
    wing = split_wing(draw(_manta_wing()), 0.42, (0.0, 0.05, 0.0))
    body, tail = draw(_manta_body()), padded(draw(_manta_tail()), 0.0, 0.10)
    hertz = 0.30

    def cards(seconds: float) -> list[Card]:
        turn = 2 * math.pi * hertz * seconds + member.phase
        axes = body_axes(Attitude(VIEW.yaw, 0.04 * math.sin(turn - 1), 0.12 * math.sin(0.5 * seconds), VIEW.elevation))
        lift, curl = 0.10 + 0.42 * math.sin(turn), 0.46 * math.sin(turn - 1.1)
        behind = np.clip(-0.3 - tail.columns, 0, 2)
        trailing = bend(tail, 0.10 * behind * np.sin(4.0 * behind - turn))
        return [
            *wing_cards(wing, axes, 1.0, lift, curl),
            level_card(trailing, axes),
            *wing_cards(wing, axes, -1.0, lift, curl),
            level_card(body, axes),
        ]

    return Solo(member.role.where, member.role.setting, cards, cruise(member, length, 0.22, lambda _seconds: 0.0))


def _manta_wing() -> list[Piece]:
    back, pale = from_hex("243040"), from_hex("c8d4dc")
    shape = trace(".26,-.04 .24,.18 .12,.46 -.06,.72 -.22,.84 -.2,.66 -.18,.42 -.26,.18 -.34,-.04")
    shoulder = Patch(trace(".2,.06 .17,.22 .06,.34 .02,.2 .1,.08"), pale, 0.04, 0.75)
    edge = Patch(trace("-.3,.02 -.21,.25 -.15,.5 -.18,.75", closed=False), pale, 0.02, 0.5, 0.03)
    return [
        Piece(shape, back, (shoulder, edge, Patch(ellipse(point(0.0, 0.1), 0.3, 0.2), back * 0.7, 0.08, 0.6)), 0.06)
    ]


def _manta_body() -> list[Piece]:
    back = from_hex("243040")
    shape = trace(".3,0 .28,.09 .12,.13 -.12,.11 -.34,.04 -.42,0 -.34,-.04 -.12,-.11 .12,-.13 .28,-.09")
    horns = [
        Piece(
            smooth(
                (0.24, 0.10 * side),
                (0.33, 0.115 * side),
                (0.43, 0.075 * side),
                (0.42, 0.055 * side),
                (0.33, 0.08 * side),
                (0.25, 0.06 * side),
            ),
            back * 1.1,
            (),
            0.015,
        )
        for side in (1, -1)
    ]
    eyes = [Piece(ellipse(point(0.265, 0.105 * side), 0.014, 0.010), from_hex("060809"), (), 0.0) for side in (1, -1)]
    return [
        *horns,
        Piece(shape, back, (Patch(ellipse(point(0.05, 0), 0.22, 0.05), back * 1.5, 0.05, 0.6),), 0.06),
        *eyes,
    ]


def _manta_tail() -> list[Piece]:
    return [Piece(trace("-.36,.012 -.8,.005 -1.15,0 -.8,-.005 -.36,-.012"), from_hex("1c2632"), (), 0.004)]
