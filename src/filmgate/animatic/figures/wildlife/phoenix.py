"""The phoenix: a bird of fire with long streamers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.actors import halo_light
from filmgate.animatic.figures.cutout import Card, Patch, Piece, bend, draw_cutout, mirrored, padded, smooth
from filmgate.animatic.figures.puppet import Light, ellipse, point
from filmgate.animatic.figures.role import Member, Role, one_by_one
from filmgate.animatic.figures.stage import Actor, Setting
from filmgate.animatic.figures.wildlife.birds import bird
from filmgate.animatic.figures.wildlife.cruise import passage
from filmgate.animatic.figures.wildlife.plumage import Plumage
from filmgate.animatic.figures.wildlife.troupe import Solo, showing_colours, submerged
from filmgate.animatic.figures.wildlife.wings import Attitude, Wing, body_axes, upright_card, wing_cards
from filmgate.animatic.raster import Matrix, Pixels, paste_light, then
from filmgate.animatic.scene import START_SECONDS, Moment

SPAN = 1.45  # half a wing span over a person's height
FIRE = Plumage(
    "e8581c", "ffc04a", "f28a24", "d8301c", "ffd45a", "ffe9a0", 0.42, 0.55, 1.0, 0.16, -0.2, 0.08, 0.6, 0.0, "fff0b0"
)


def phoenixes(role: Role) -> Sequence[Actor]:
    """A casting: birds of fire with long streaming tails."""
    return list(reversed(one_by_one(_phoenix)(role)))


@dataclass(frozen=True, slots=True, eq=False)
class Phoenix:
    """Light around it, streamers behind it, and a bird of fire."""

    where: str
    setting: Setting
    figure: Solo
    halo: Pixels
    matrix: Callable[[float], Matrix]

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        body = then(self.matrix(seconds), self.setting.screen(moment.view))
        radius = self.halo.shape[0] / 2
        glow = np.array([[1.25 / radius, 0.0, -1.40], [0.0, -1.0 / radius, 1.0]])
        paste_light(target, self.halo, then(glow, body), 0.80 + 0.06 * math.sin(3.1 * seconds))
        self.figure.paint(target, moment)


def _phoenix(member: Member) -> Phoenix:
    role = member.role
    share = member.in_formation()[2] / role.size
    span = min(SPAN * max(role.size, 0.14 * role.canvas.base), 0.24 * role.canvas.width) * share
    light = showing_colours(mirrored(submerged(role), member.facing), 0.05)
    lit = Role(
        role.brief,
        Setting(role.setting.stage, role.setting.spot, _aflame(light), role.setting.dark, role.setting.heading),
        role.where,
        role.subject,
    )
    drawn = bird(FIRE, lit, span, member.facing, 0.4 * (1 - share))
    tail = padded(draw_cutout(_streamers(), _aflame(light), span), 0.0, 0.22)
    crest = draw_cutout(_crest(), _aflame(light), span)
    hertz = 0.75
    wing = Wing(drawn.wing.inner, drawn.wing.outer, drawn.wing.joint, drawn.wing.root)

    def heave(seconds: float) -> float:
        return -0.05 * math.sin(2 * math.pi * hertz * seconds + member.phase - 0.5)

    def cards(seconds: float) -> list[Card]:
        turn = 2 * math.pi * hertz * seconds + member.phase
        axes = body_axes(Attitude(0.42, 0.08, 0.05 * math.sin(0.5 * seconds), -0.18))
        lift = 0.28 + 0.60 * math.sin(turn)
        curl = -0.10 - 0.36 * math.cos(turn) * (1.0 if math.cos(turn) > 0 else 0.4)
        behind = np.clip(-0.25 - tail.columns, 0, 3)
        wave = 0.17 * behind * np.sin(3.1 * behind - 2.6 * seconds + member.phase) - 0.10 * behind
        return [
            *wing_cards(wing, axes, 1.0, lift, curl),
            upright_card(bend(tail, wave), axes),
            upright_card(crest, axes),
            upright_card(drawn.body, axes),
            *wing_cards(wing, axes, -1.0, lift, curl),
        ]

    matrix = passage(member, span, 0.36, heave)
    figure = Solo(role.where, role.setting, cards, matrix)
    strength = 1.0 if role.brief.palette.dark else 0.55
    return Phoenix(role.where, role.setting, figure, halo_light(from_hex("ff9a3a") * strength), matrix)


def _aflame(light: Light) -> Light:
    """A bird of fire needs no sun."""
    return replace(
        light,
        ambient=np.ones(3, np.float32) * 0.95,
        sun=np.array([1.0, 0.92, 0.80], np.float32),
        rim=from_hex("fff0b8"),
    )


def _streamers() -> list[Piece]:
    pieces: list[Piece] = []
    for rise, length, colour in (
        (0.22, 1.10, "c8281c"),
        (-0.22, 1.05, "d83a1c"),
        (0.11, 1.40, "f07a24"),
        (-0.11, 1.30, "f0982c"),
        (0.0, 1.65, "ffc04a"),
    ):
        centre = smooth(
            (-0.22, rise * 0.2), (-0.5, rise), (-0.9 * length / 1.4, rise * 1.4), (-length, rise * 1.1), closed=False
        )
        half = np.stack([np.zeros(len(centre)), 0.008 + 0.012 * np.sin(np.linspace(0, math.pi, len(centre)))], 1)
        shape = np.concatenate([centre + half, (centre - half)[::-1]])
        tip = centre[-1]
        drop = smooth(
            (float(tip[0]) + 0.10, float(tip[1])),
            (float(tip[0]), float(tip[1]) + 0.060),
            (float(tip[0]) - 0.16, float(tip[1])),
            (float(tip[0]), float(tip[1]) - 0.060),
        )
        spine = Patch(centre, from_hex("fff0b0"), 0.004, 0.7, 0.008)
        eye = (
            Patch(ellipse(tip - point(0.03, 0), 0.050, 0.032), from_hex("2a6ab0"), 0.01),
            Patch(ellipse(tip - point(0.02, 0), 0.022, 0.016), from_hex("fff4c8"), 0.006),
        )
        pieces += [
            Piece(shape, from_hex(colour), (spine,), 0.010, 0.92),
            Piece(drop, from_hex(colour), eye, 0.012, 0.96),
        ]
    return pieces


def _crest() -> list[Piece]:
    return [
        Piece(
            smooth(
                (0.44, 0.10),
                (0.38 - 0.03 * i, 0.20 + 0.02 * i),
                (0.28 - 0.06 * i, 0.26 - 0.03 * i),
                (0.38 - 0.02 * i, 0.14),
            ),
            from_hex(colour),
            (),
            0.008,
        )
        for i, colour in enumerate(("ffd45a", "f28a24", "d8301c"))
    ]
