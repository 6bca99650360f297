"""The Chinese dragon: a long body that flies in waves, four claws, a mane, antlers and whiskers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep
from filmgate.animatic.figures.cutout import Cutout, Piece, draw_cutout, hazed, mirrored
from filmgate.animatic.figures.puppet import Light
from filmgate.animatic.figures.role import Role
from filmgate.animatic.figures.stage import Actor, Setting
from filmgate.animatic.figures.wildlife.dragon_art import head_pieces, leg_pieces, strip_pieces
from filmgate.animatic.figures.wildlife.ribbon import Spine, lay_spine, on_spine, paint_ribbon
from filmgate.animatic.figures.wildlife.troupe import showing_colours, submerged
from filmgate.animatic.raster import Floats, Pixels, Points, apply, stroke
from filmgate.animatic.scene import START_SECONDS, Moment

LENGTH = 7.0  # over a person's height
HEAD, LEG = 0.145, 0.115  # of the body's length
SHOULDERS, HIPS = -0.20, -0.58  # where the legs are, from the head
WAVE, STEADY = 0.47, 0.30  # of the length: one wave of the body, and the part behind the head that is steadier
HEIGHT = 0.082  # of the waves, over the length
SCHEMES = (
    ("b8241c", "f0b840", "f6d890"),
    ("1f8a5c", "e8b83c", "e6e2a8"),
    ("2860b0", "f0c860", "cfe2f2"),
    ("d89a20", "d8401c", "fbe9b4"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Dragon:
    where: str
    setting: Setting
    strip: Cutout
    head: Cutout
    near_leg: Cutout
    far_leg: Cutout
    whisker: Floats
    length_px: float
    x: float
    y: float
    speed_px: float
    facing: float
    middle: float
    phase: float

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        view = self.setting.screen(moment.view)
        spine = self._spine(seconds, float(view[0, 0]), float(view[0, 2]), float(view[1, 2]))
        leg_px, head_px = LEG * spine.unit_px, HEAD * spine.unit_px
        for at, ahead in ((SHOULDERS, 0.3), (HIPS, 1.9)):
            self.far_leg.paint(
                target, on_spine(spine, at - 0.03, leg_px, 0.25 + 0.35 * math.sin(1.5 * seconds + ahead + 1.2))
            )
        paint_ribbon(target, self.strip, spine)
        for at, ahead in ((SHOULDERS, 0.0), (HIPS, 1.6)):
            self.near_leg.paint(target, on_spine(spine, at, leg_px, 0.1 + 0.40 * math.sin(1.5 * seconds + ahead)))
        _, _, angle = spine.at(0.0)
        matrix = on_spine(spine, 0.0, head_px, 0.45 * angle * self.facing + 0.06 * math.sin(0.9 * seconds))
        self.head.paint(target, matrix)
        for line in _whiskers(seconds):
            thick = max(1, round(0.022 * head_px))
            stroke(target, apply(matrix, line[:9]), self.whisker, thick)
            stroke(target, apply(matrix, line[8:]), self.whisker, max(1, thick // 2))

    def _spine(self, seconds: float, grow: float, shift_x: float, shift_y: float) -> Spine:
        length = self.length_px * grow
        head_x = self.x + self.facing * self.speed_px * (seconds - self.middle)
        screen_x = head_x * grow + shift_x
        nearest = math.floor(screen_x) if self.facing > 0 else math.ceil(screen_x)
        behind = np.arange(-int(0.05 * length), int(0.98 * length))  # pixels; a little beyond the head, under its mane
        world = (nearest - self.facing * behind - shift_x) / grow
        distance = behind + self.facing * (screen_x - nearest)
        steady = 0.42 + 0.58 * smoothstep(0.0, STEADY, distance / length)
        turn = 2 * math.pi * self.facing * world / (WAVE * self.length_px) + 0.55 * seconds + self.phase
        height = HEIGHT * self.length_px * (1 + 0.12 * math.sin(0.5 * seconds))
        rows = self.y - steady * height * (np.sin(turn) + 0.22 * np.sin(1.63 * turn + 0.8))
        rows = rows - 0.05 * self.length_px * np.sin(0.37 * turn + 1.0)
        rows = rows * grow + shift_y
        front = screen_x + self.facing * int(0.05 * length)
        spine = lay_spine((front, 0.0), rows, self.facing, length)
        # What lies ahead of the head was counted as body; the head is at zero.
        neck = float(np.interp(screen_x, spine.first_column + np.arange(len(rows)), spine.along))
        return Spine(spine.first_column, spine.row, spine.slope, spine.along - neck, self.facing, length)


def dragons(role: Role) -> Sequence[Actor]:
    """A casting: each dragon crosses the frame on a wave of its own."""
    rng, canvas = role.rng, role.canvas
    facing = 1.0 if rng.uniform() < 0.5 else -1.0
    actors: list[Actor] = []
    for index in range(min(role.subject.count, 4)):
        share = (1.0, 0.62, 0.48, 0.40)[index]
        length = min(LENGTH * max(role.size, 0.16 * canvas.base), 0.86 * canvas.width) * share
        scheme = SCHEMES[int(rng.integers(len(SCHEMES)))]
        colours = tuple(from_hex(value) for value in (role.subject.colour or scheme[0], *scheme[1:]))
        light = showing_colours(mirrored(submerged(role), facing), 0.38)
        body, gold, belly = colours
        haze = 0.55 * (1 - share)

        def drawn(pieces: list[Piece], size: float, light: Light = light, haze: float = haze) -> Cutout:
            return hazed(draw_cutout(pieces, light, size), role.brief.palette.haze, haze)

        y = role.y + (0.06, -0.07, 0.16, -0.12)[index] * canvas.base
        dragon = Dragon(
            where=role.where,
            setting=role.setting,
            strip=drawn(strip_pieces(body, gold, belly), length),
            head=drawn(head_pieces(body, gold, belly), HEAD * length),
            near_leg=drawn(leg_pieces(body, gold), LEG * length),
            far_leg=drawn(leg_pieces(body * 0.6, gold * 0.7), LEG * length),
            whisker=light.flat(mix(gold, np.ones(3, np.float32), 0.25)),
            length_px=length,
            x=(0.5 + (0.0, 0.16, -0.2, 0.1)[index]) * canvas.width + facing * 0.36 * length,
            y=max(y, 0.16 * length),
            speed_px=min(0.075 * length, 0.22 * canvas.width / max(1.5, role.brief.duration_seconds)),
            facing=facing,
            middle=role.middle,
            phase=float(rng.uniform(0, 6.28)),
        )
        actors.insert(0, dragon)
    return actors


def _whiskers(seconds: float) -> list[Points]:
    """Two long whiskers that stream from the snout in waves."""
    share = np.linspace(0, 1, 24)
    lines: list[Points] = []
    for rise, late in ((0.30, 0.0), (-0.22, 1.4)):
        wave = 0.16 * share * np.sin(5.5 * share - 2.4 * seconds - late)
        x = 0.90 + 0.16 * np.sin(share * 2.6) - 1.15 * share**1.5
        lines.append(np.stack([x, 0.12 + rise * np.sin(share * 2.2) + wave], 1))
    return lines
