"""Sea turtles row with long front flippers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.cutout import Card, Patch, Piece, trace
from filmgate.animatic.figures.puppet import ellipse, point
from filmgate.animatic.figures.role import Member, Role
from filmgate.animatic.figures.stage import Actor
from filmgate.animatic.figures.wildlife.cruise import cruise, one_each, painter
from filmgate.animatic.figures.wildlife.troupe import Solo
from filmgate.animatic.figures.wildlife.wings import Attitude, Wing, body_axes, level_card, upright_card, wing_cards

VIEW = Attitude(yaw=0.40, pitch=0.05, elevation=0.66)
WHITE = np.ones(3, np.float32)


def turtles(role: Role) -> Sequence[Actor]:
    """A casting: turtles row across with long strokes of their front flippers."""
    return one_each(role, 1.05, _turtle)


def _turtle(member: Member, length: float, haze: float) -> Solo:
    draw = painter(member, length, haze)
    shell, front, hind, head = draw(_shell()), draw(_flipper(1.0)), draw(_flipper(0.5)), draw(_turtle_head())
    fore = Wing(front, None, 1.0, (0.20, 0.13, -0.05))
    rear = Wing(hind, None, 1.0, (-0.30, 0.08, -0.05))
    hertz = 0.36

    def cards(seconds: float) -> list[Card]:
        turn = 2 * math.pi * hertz * seconds + member.phase
        axes = body_axes(
            Attitude(VIEW.yaw, 0.05 + 0.06 * math.sin(turn), 0.10 * math.sin(0.4 * seconds), VIEW.elevation)
        )
        lift = 0.05 + 0.72 * math.sin(turn)
        sweep = 0.10 + 0.45 * math.cos(turn - 0.5)
        paddle = 0.15 * math.sin(turn + 1.5)
        return [
            *wing_cards(fore, axes, 1.0, lift, 0.0, sweep),
            *wing_cards(rear, axes, 1.0, paddle, 0.0, -0.75),
            upright_card(head, axes, (0.36, 0.0, 0.0)),
            *wing_cards(rear, axes, -1.0, paddle, 0.0, -0.75),
            level_card(shell, axes),
            *wing_cards(fore, axes, -1.0, lift, 0.0, sweep),
        ]

    def surge(seconds: float) -> float:
        return 0.05 * math.sin(2 * math.pi * hertz * seconds + member.phase)

    return Solo(member.role.where, member.role.setting, cards, cruise(member, length, 0.17, surge))


def _shell() -> list[Piece]:
    """A turtle's back from above: scutes, and a pale rim."""
    dome, rim, seam = from_hex("6a6a34"), from_hex("9a8a50"), from_hex("d8c88a")
    outline = trace(".4,0 .33,.17 .1,.28 -.18,.24 -.38,.11 -.46,0 -.38,-.11 -.18,-.24 .1,-.28 .33,-.17")
    marks: list[Patch] = []
    for x, half in ((0.25, 0.075), (0.09, 0.095), (-0.08, 0.09), (-0.24, 0.07)):
        scute = np.array(
            [
                (x + 0.085, 0.0),
                (x + 0.05, half),
                (x - 0.05, half),
                (x - 0.085, 0.0),
                (x - 0.05, -half),
                (x + 0.05, -half),
                (x + 0.085, 0.0),
            ]
        )
        marks += [
            Patch(scute * 0.94 + point(x * 0.06, 0), from_hex("4a4420"), 0.022, 0.8),
            Patch(scute, seam, 0.002, 0.75, 0.012),
        ]
    for x, end in ((0.17, 0.20), (0.01, 0.26), (-0.16, 0.22), (-0.30, 0.14)):
        for side in (1, -1):
            marks.append(Patch(np.array([(x, 0.088 * side), (x * 1.15, end * side)]), seam, 0.002, 0.75, 0.012))
            marks.append(Patch(ellipse(point(x - 0.07, 0.155 * side), 0.05, 0.045), from_hex("8a7434"), 0.02, 0.8))
    marks.append(Patch(outline * 0.90, seam, 0.002, 0.55, 0.010))
    return [Piece(outline * 1.04, rim, (), 0.02), Piece(outline * 0.97, dome, tuple(marks), 0.10)]


def _flipper(share: float) -> list[Piece]:
    skin, pale = from_hex("7c7a4a"), from_hex("d2c896")
    shape = trace(".09,0 .12,.14 .07,.36 -.08,.56 -.14,.58 -.11,.44 -.06,.24 -.08,.1 -.08,0") * share
    spots = tuple(
        Patch(
            ellipse(
                point(0.035 - 0.055 * (index % 2) - 0.012 * index, 0.08 + 0.048 * index) * share,
                0.036 * share,
                0.026 * share,
                10,
            ),
            from_hex("46482a"),
            0.004,
            0.75,
        )
        for index in range(10)
    )
    return [Piece(shape, skin, (*spots, Patch(shape, pale, 0.003, 0.8, 0.012)), 0.018)]


def _turtle_head() -> list[Piece]:
    skin, pale = from_hex("86824e"), from_hex("dad2a2")
    head = trace("-.12,.045 .02,.065 .12,.075 .2,.045 .225,0 .19,-.04 .1,-.055 -.02,-.06 -.12,-.055")
    spots = tuple(
        Patch(ellipse(point(x, y), 0.024, 0.018, 10), from_hex("484a2a"), 0.004, 0.8)
        for x, y in ((0.10, 0.05), (0.05, 0.03), (0.02, -0.01), (0.15, 0.055), (-0.05, 0.02), (-0.04, -0.03))
    )
    mouth = Patch(trace(".22,-.005 .17,-.014 .12,-.01", closed=False), skin * 0.4, 0.0, 0.8, 0.008)
    return [
        Piece(head, skin, (Patch(trace(".25,-.02 0,-.03 -.2,-.03 -.2,-.2 .2,-.2"), pale, 0.02), *spots, mouth), 0.03),
        Piece(
            ellipse(point(0.145, 0.022), 0.022, 0.020),
            from_hex("14120c"),
            (Patch(ellipse(point(0.150, 0.029), 0.007, 0.006), WHITE),),
            0.0,
        ),
    ]
