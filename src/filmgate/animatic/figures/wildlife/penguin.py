"""Penguins: they waddle, rocking over the foot that stands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.actors import lay_shadow, shadow_matrix, soft_disc
from filmgate.animatic.figures.cutout import Cutout, Patch, Piece, draw_cutout, mirrored, trace, turned
from filmgate.animatic.figures.performance import TURN_HEIGHTS, Gait, Performance, path, plan
from filmgate.animatic.figures.puppet import ellipse, point, standing
from filmgate.animatic.figures.role import Role
from filmgate.animatic.figures.stage import Actor, Setting
from filmgate.animatic.figures.wildlife.troupe import showing_colours, submerged
from filmgate.animatic.raster import Pixels, then
from filmgate.animatic.scene import START_SECONDS, Moment

GAIT = Gait({"walk": 0.28, "run": 0.60}, {"walk": 0.28, "run": 0.42})
SIZE, GAP = 0.58, 0.10  # of a person, and of the frame's width
USUAL = 3
ROCK = 0.12  # radians
BACK, WHITE = from_hex("23272f"), from_hex("f1f2ee")


@dataclass(frozen=True, slots=True, eq=False)
class Penguin:
    where: str
    setting: Setting
    trunk: Cutout
    wing: Cutout
    foot: Cutout
    shadow: Pixels
    performance: Performance
    height_px: float
    x: float
    reach: float  # body heights to either side
    start: float  # body heights already walked
    phase: float
    weightless: bool

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        state = self.performance.at(seconds)
        along, facing = path(self.start + state.distance, self.reach)
        x = self.x + self.setting.heading * along * self.height_px
        y = self.setting.foot(x)
        view = self.setting.screen(moment.view)
        if self.weightless:
            y += self.height_px * (0.4 + 0.05 * math.sin(0.6 * seconds + self.phase))
        else:
            lay_shadow(target, self.shadow, then(shadow_matrix(x, y, self.height_px * 0.34), view))
        lean = 0.35 * math.sin(0.4 * seconds + self.phase) if self.weightless else 0.0
        body = then(standing(x, y, self.height_px, facing * self.setting.heading, lean), view)
        moving = min(1.0, state.effort) * (state.blend if state.effort else 1.0)
        step = state.phase + self.phase
        for side, tone in ((-1.0, 0.92), (1.0, 1.0)):
            lift = 0.05 * max(0.0, side * math.sin(step)) * moving
            ahead = 0.09 * side * math.cos(step) * moving
            self.foot.paint(target, then(turned(0.01 + ahead, lift, 0.0, tone, tone), body))
        upright = then(turned(0.0, 0.018 * abs(math.sin(step)) * moving, -ROCK * math.sin(step) * moving), body)
        self.trunk.paint(target, upright)
        flap = 0.10 + 0.05 * math.sin(2.1 * seconds + self.phase) + 0.16 * moving * math.sin(2 * step)
        self.wing.paint(target, then(turned(0.0, 0.68, -flap), upright))


def penguins(role: Role) -> Sequence[Actor]:
    """A casting: a few penguins waddle along together."""
    brief, setting = role.brief, role.setting
    weightless = setting.stage.weightless
    count = USUAL if role.subject.count == 1 and not weightless else role.subject.count
    light = showing_colours(mirrored(submerged(role), setting.heading), 0.62)
    shadow = soft_disc(setting.stage.shadow)
    performance = plan(role.actions, brief.duration_seconds, GAIT, usual="walk")
    total = performance.at(brief.duration_seconds).distance
    gap = min(GAP, 0.6 / count)
    actors: list[Actor] = []
    for index in range(count):
        height = role.size * SIZE * (1.0, 0.92, 1.06, 0.88, 0.97)[index % 5]
        x = (setting.spot.x + (index - (count - 1) / 2) * gap) * role.canvas.width
        longest = max(0.06, min(0.3, 0.45 - abs(x / role.canvas.width - 0.5))) * role.canvas.width / height
        fits = total / 2 <= longest  # else it turns round at either end
        trunk, wing, foot = (draw_cutout(pieces, light, height) for pieces in (_trunk(), _wing(), _foot()))
        actors.append(
            Penguin(
                role.where,
                setting,
                trunk,
                wing,
                foot,
                shadow,
                performance,
                height,
                x,
                total / 2 + TURN_HEIGHTS if fits else longest,
                TURN_HEIGHTS if fits else 0.0,
                float(role.rng.uniform(0, 6.28)),
                weightless,
            )
        )
    return actors


def _trunk() -> list[Piece]:
    body = trace(".02,.8 .13,.68 .205,.46 .19,.22 .1,.045 -.06,.03 -.19,.06 -.205,.24 -.185,.48 -.1,.7")
    front = trace(".09,.76 .18,.66 .26,.46 .24,.2 .12,0 0,.03 -.02,.2 .02,.44 .02,.62")
    warm = Patch(ellipse(point(0.11, 0.66), 0.08, 0.10), from_hex("f6d268"), 0.05, 0.8)
    head = trace(".045,.995 .125,.965 .155,.89 .12,.8 .06,.7 -.1,.68 -.085,.82 -.055,.94")
    ear = Patch(trace(".035,.9 .055,.86 .06,.79 .13,.735 .06,.74 .01,.8 .01,.87"), from_hex("f0b43c"), 0.006)
    streak = Patch(trace(".16,.893 .235,.879 .16,.882"), from_hex("e08a3a"), 0.002)
    return [
        Piece(trace("-.15,.14 -.26,.02 -.12,.05"), BACK, (), 0.015),
        Piece(body, BACK, (Patch(front, WHITE, 0.008), warm), 0.07),
        Piece(trace(".135,.925 .25,.885 .258,.875 .135,.868"), BACK * 0.8, (streak,), 0.012),
        Piece(head, BACK, (ear,), 0.05),
        Piece(
            ellipse(point(0.098, 0.918), 0.013, 0.013),
            from_hex("e8e4dc"),
            (Patch(ellipse(point(0.100, 0.918), 0.008, 0.008), from_hex("0a0a0c")),),
            0.0,
        ),
    ]


def _wing() -> list[Piece]:
    shape = trace(".03,.02 .07,-.06 .035,-.26 -.045,-.42 -.072,-.41 -.075,-.24 -.055,-.05")
    return [Piece(shape, BACK * 0.9, (Patch(shape, WHITE * 0.8, 0.004, 0.5, 0.010),), 0.022)]


def _foot() -> list[Piece]:
    return [Piece(trace("-.06,.05 .06,.045 .15,.012 .14,-.004 -.05,-.004"), from_hex("3a3430"), (), 0.012)]
