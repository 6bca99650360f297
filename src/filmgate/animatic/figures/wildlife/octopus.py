"""Octopuses jet through the water, arms behind."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.cutout import Card, Patch, Piece, bend, padded, smooth, trace, turned
from filmgate.animatic.figures.puppet import ellipse, point
from filmgate.animatic.figures.role import Member, Role
from filmgate.animatic.figures.stage import Actor
from filmgate.animatic.figures.wildlife.cruise import cruise, one_each, painter
from filmgate.animatic.figures.wildlife.troupe import Solo
from filmgate.animatic.raster import Floats

WHITE = np.ones(3, np.float32)


def octopuses(role: Role) -> Sequence[Actor]:
    """A casting: an octopus jets through the water, its arms trailing."""
    return one_each(role, 1.0, _octopus)


def _octopus(member: Member, length: float, haze: float) -> Solo:
    draw = painter(member, length, haze)
    hue = member.role.colour("c8503c")
    mantle, arms = draw(_mantle(hue)), padded(draw(_octopus_arms(hue)), 0.04, 0.16)
    hertz = 0.45

    def squeeze(seconds: float) -> float:
        turn = 2 * math.pi * hertz * seconds + member.phase
        return math.sin(turn + 0.55 * math.sin(turn))

    def cards(seconds: float) -> list[Card]:
        pulse = squeeze(seconds)
        behind = np.clip(-0.02 - arms.columns, 0, 2)
        trailing = bend(arms, behind * (0.16 * np.sin(6.0 * behind - 2.6 * seconds) + 0.05 * math.sin(seconds)))
        return [
            (trailing, turned(0, 0, 0, 1.0 + 0.10 * pulse, 1.0 - 0.30 * pulse)),
            (mantle, turned(0, 0, 0, 1.0 + 0.05 * pulse, 1.0 - 0.08 * pulse)),
        ]

    def surge(seconds: float) -> float:
        return 0.07 * math.sin(2 * math.pi * hertz * seconds + member.phase - 0.9)

    return Solo(member.role.where, member.role.setting, cards, cruise(member, length, 0.20, surge))


def _mantle(hue: Floats) -> list[Piece]:
    """Its head leads to the right as it jets away; arms hang on at the origin."""
    sac = trace(".56,.05 .48,.17 .28,.22 .1,.16 -.02,.13 -.1,.06 -.1,-.08 0,-.12 .14,-.11 .34,-.13 .5,-.08")
    marks = tuple(
        Patch(
            ellipse(point(0.16 + 0.07 * (i % 6), 0.16 - 0.065 * (i // 6) + 0.02 * (i % 2)), 0.018, 0.014, 10),
            hue * 1.35,
            0.006,
            0.5,
        )
        for i in range(20)
    )
    eye = [
        Piece(ellipse(point(0.02, 0.075), 0.055, 0.05), hue * 0.9, (), 0.02),
        Piece(
            ellipse(point(0.025, 0.08), 0.036, 0.032),
            from_hex("f2dca0"),
            (Patch(trace("0,.085 .025,.075 .05,.085 .025,.092"), from_hex("100a08"), 0.002),),
            0.0,
        ),
    ]
    return [
        Piece(
            sac, hue, (Patch(trace(".6,0 .2,-.02 -.1,-.03 -.1,-.3 .5,-.3"), mix(hue, WHITE, 0.45), 0.06), *marks), 0.08
        ),
        *eye,
    ]


def _octopus_arms(hue: Floats) -> list[Piece]:
    pieces: list[Piece] = []
    for index, (spread, length) in enumerate(
        ((0.17, 0.80), (-0.20, 0.78), (0.10, 0.95), (-0.13, 0.92), (0.03, 1.0), (-0.05, 0.98))
    ):
        centre = smooth(
            (0.03, spread * 0.35),
            (-0.22, spread * 0.9),
            (-0.5, spread * 0.75),
            (-0.8 * length, spread * 0.95),
            (-length, spread * 1.2),
            closed=False,
        )
        half = np.stack([np.zeros(len(centre)), np.linspace(0.058, 0.004, len(centre))], 1)
        shade = hue * (0.62 if index < 2 else 0.82 if index < 4 else 1.0)
        suckers = tuple(
            Patch(
                ellipse(spot - point(0, 0.02 * (1 - at / 26)), 0.013 * (1.1 - at / 32), 0.010 * (1.1 - at / 32), 10),
                mix(hue, WHITE, 0.6),
                0.002,
                0.8,
            )
            for at, spot in enumerate(centre[3:-4:1])
        )
        pieces.append(Piece(np.concatenate([centre + half, (centre - half)[::-1]]), shade, suckers, 0.02))
    return pieces
