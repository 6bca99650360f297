"""Crabs scuttle sideways."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.actors import lay_shadow, shadow_matrix, soft_disc
from filmgate.animatic.figures.cutout import Cutout, Patch, Piece, draw_cutout, smooth, trace, turned
from filmgate.animatic.figures.puppet import ellipse, point
from filmgate.animatic.figures.role import Member, Role
from filmgate.animatic.figures.stage import Actor, Setting
from filmgate.animatic.figures.wildlife.troupe import showing_colours, submerged
from filmgate.animatic.raster import Floats, Pixels, then
from filmgate.animatic.scene import START_SECONDS, Moment

WHITE = np.ones(3, np.float32)


def crabs(role: Role) -> Sequence[Actor]:
    """A casting: crabs walk sideways on whatever ground there is."""
    rng, count = role.rng, role.subject.count
    facing = 1.0 if rng.uniform() < 0.5 else -1.0
    return [
        _crab(Member(role, index, facing * (1 if index % 2 == 0 else -1), float(rng.uniform(0, 6.28)), index))
        for index in range(count)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Crab:
    where: str
    setting: Setting
    shell: Cutout
    leg: Cutout
    claw: Cutout
    shadow: Pixels
    size: float
    x: float
    speed: float
    middle: float
    phase: float

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        view = self.setting.screen(moment.view)
        # It scuttles and stops: the speed swells and dies away but never turns back.
        clock = seconds - self.middle
        gait = clock + 0.85 * math.sin(1.5 * clock + self.phase) / 1.5
        x = self.x + self.speed * self.size * gait
        y = self.setting.foot(x)
        lay_shadow(target, self.shadow, then(shadow_matrix(x, y, self.size * 0.62), view))
        bob = 0.016 * math.sin(18 * gait)
        body = then(np.array([[self.size, 0.0, x], [0.0, -self.size, y - self.size * (0.20 + bob)]]), view)
        for side in (1.0, -1.0):
            for index in range(4):
                step = math.sin(9 * gait + 1.7 * index + (1.4 if side > 0 else 0.0))
                place = turned(side * (0.20 - 0.035 * index), 0.02 - 0.02 * index, 0.0)
                mirrored_leg = np.array([[side, 0.0, 0.0], [0.0, 1.0, 0.0]])
                turn = turned(0.0, 0.0, side * (0.34 - 0.24 * index + 0.17 * step))
                self.leg.paint(target, then(then(then(mirrored_leg, turn), place), body))
        self.shell.paint(target, body)
        for side in (1.0, -1.0):
            wave = 0.20 * math.sin(1.1 * seconds + side + self.phase)
            flip = np.array([[side, 0.0, 0.0], [0.0, 1.0, 0.0]])
            self.claw.paint(
                target,
                then(then(then(flip, turned(0.0, 0.0, side * (0.15 + wave))), turned(side * 0.22, 0.06, 0.0)), body),
            )


def _crab(member: Member) -> Crab:
    role = member.role
    light = showing_colours(submerged(role), 0.5)
    size = role.size * 0.42
    hue = role.colour("c8402a")
    return Crab(
        role.where,
        role.setting,
        draw_cutout(_carapace(hue), light, size),
        draw_cutout(_crab_leg(hue), light, size),
        draw_cutout(_crab_claw(hue), light, size),
        soft_disc(role.setting.stage.shadow),
        size,
        member.x,
        member.facing * min(0.75, 0.28 * role.canvas.width / size / max(1.5, role.brief.duration_seconds)),
        role.middle,
        member.phase,
    )


def _carapace(hue: Floats) -> list[Piece]:
    shell = trace(".3,.06 .2,.16 0,.19 -.2,.16 -.3,.06 -.22,-.07 0,-.11 .22,-.07")
    bumps = tuple(
        Patch(ellipse(point(x, y), 0.022, 0.016, 10), mix(hue, WHITE, 0.35), 0.006, 0.6)
        for x, y in ((0.0, 0.12), (0.10, 0.10), (-0.10, 0.10), (0.17, 0.05), (-0.17, 0.05), (0.05, 0.05), (-0.05, 0.05))
    )
    belly = Patch(trace(".35,-.01 0,-.03 -.35,-.01 -.2,-.2 .2,-.2"), mix(hue, from_hex("f2d8b0"), 0.6), 0.03)
    eyes: list[Piece] = []
    for side in (1, -1):
        eyes.append(
            Piece(
                smooth((0.075 * side, 0.14), (0.085 * side, 0.24), (0.10 * side, 0.24), (0.105 * side, 0.14)),
                hue * 0.9,
                (),
                0.01,
            )
        )
        eyes.append(
            Piece(
                ellipse(point(0.093 * side, 0.25), 0.028, 0.03),
                from_hex("0c0a0a"),
                (Patch(ellipse(point(0.10 * side, 0.26), 0.009, 0.009), WHITE),),
                0.008,
            )
        )
    mouth = Patch(trace("-.05,-.045 0,-.055 .05,-.045", closed=False), hue * 0.35, 0.0, 0.8, 0.012)
    return [Piece(shell, hue, (belly, *bumps, mouth), 0.06), *eyes]


def _crab_leg(hue: Floats) -> list[Piece]:
    return [
        Piece(trace(".17,.045 .3,-.08 .35,-.2 .33,-.2 .26,-.09 .15,.015"), hue * 0.7, (), 0.012),
        Piece(trace("-.02,.035 .1,.07 .19,.05 .18,0 .08,.01 -.02,-.02"), hue * 0.85, (), 0.018),
    ]


def _crab_claw(hue: Floats) -> list[Piece]:
    arm = trace("0,.03 .12,.06 .22,.12 .25,.09 .14,0 0,-.03")
    palm = trace(".19,.08 .22,.19 .19,.31 .12,.38 .135,.29 .11,.22 .12,.12")
    finger = trace(".125,.18 .07,.25 .075,.34 .1,.355 .105,.29 .15,.22")
    return [
        Piece(arm, hue * 0.85, (), 0.02),
        Piece(finger, hue * 0.9, (), 0.015),
        Piece(palm, hue, (Patch(palm + point(0.02, -0.03), mix(hue, WHITE, 0.3), 0.03, 0.5),), 0.03),
    ]
