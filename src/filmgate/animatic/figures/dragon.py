"""The Chinese dragon: a long body that flies in waves, four claws, a mane, antlers and whiskers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep
from filmgate.animatic.figures.cutout import Cutout, Patch, Piece, draw_cutout, hazed, mirrored, smooth
from filmgate.animatic.figures.puppet import Light, ellipse, point
from filmgate.animatic.figures.ribbon import Spine, lay_spine, on_spine, paint_ribbon
from filmgate.animatic.figures.role import Role
from filmgate.animatic.figures.stage import Actor, Setting
from filmgate.animatic.figures.troupe import showing_colours, submerged
from filmgate.animatic.raster import Floats, Pixels, Points, apply, stroke
from filmgate.animatic.scene import START_SECONDS, Moment

LENGTH = 8.5  # over a person's height
HEAD, LEG = 0.155, 0.125  # of the body's length
SHOULDERS, HIPS = -0.20, -0.58  # where the legs are, from the head
TAIL_END = 1.07  # the tuft reaches beyond the body
WAVE, STEADY = 0.47, 0.30  # of the length: one wave of the body, and the part behind the head that is steadier
HEIGHT = 0.082  # of the waves, over the length
SCHEMES = (("b8241c", "f0b840", "f6d890"), ("1f8a5c", "e8b83c", "e6e2a8"), ("2860b0", "f0c860", "cfe2f2"), ("d89a20", "d8401c", "fbe9b4"))


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
            self.far_leg.paint(target, on_spine(spine, at - 0.03, leg_px, 0.25 + 0.35 * math.sin(1.5 * seconds + ahead + 1.2)))
        paint_ribbon(target, self.strip, spine)
        for at, ahead in ((SHOULDERS, 0.0), (HIPS, 1.6)):
            self.near_leg.paint(target, on_spine(spine, at, leg_px, 0.1 + 0.40 * math.sin(1.5 * seconds + ahead)))
        _, _, angle = spine.at(0.0)
        matrix = on_spine(spine, 0.0, head_px, 0.45 * angle * self.facing + 0.06 * math.sin(0.9 * seconds))
        self.head.paint(target, matrix)
        for line in _whiskers(seconds):
            stroke(target, apply(matrix, line), self.whisker, max(1, round(0.020 * head_px)))

    def _spine(self, seconds: float, grow: float, shift_x: float, shift_y: float) -> Spine:
        length = self.length_px * grow
        head_x = self.x + self.facing * self.speed_px * (seconds - self.middle)
        screen_x = head_x * grow + shift_x
        nearest = math.floor(screen_x) if self.facing > 0 else math.ceil(screen_x)
        behind = np.arange(-int(0.05 * length), int(0.98 * length))  # pixels; a little beyond the head, under its mane
        world = (nearest - self.facing * behind - shift_x) / grow
        steady = 0.42 + 0.58 * smoothstep(0.0, STEADY, behind / length)
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


def strip_pieces(body: Floats, gold: Floats, belly: Floats) -> list[Piece]:
    """The body laid straight: head end at x = 0, tail at -1."""
    back = [(-0.02, 0.026), (-0.12, 0.030), (-0.30, 0.038), (-0.50, 0.036), (-0.70, 0.025), (-0.88, 0.012), (-1.0, 0.004)]
    front = [(x, -y * 0.92) for x, y in reversed(back)]
    outline = smooth((0.0, 0.024), *back, *front, (0.0, -0.022))
    fins: list[Piece] = []
    for step in range(58):
        x = -0.03 - 0.0165 * step
        height = float(np.interp(-x, [0.0, 0.3, 0.8, 1.0], [0.024, 0.027, 0.018, 0.010]))
        root = float(np.interp(-x, [0.02, 0.3, 0.5, 0.7, 1.0], [0.024, 0.036, 0.034, 0.023, 0.002])) - 0.004
        fins.append(Piece(smooth((x + 0.010, root), (x - 0.004, root + height * 0.7), (x - 0.022, root + height), (x - 0.012, root + height * 0.35), (x - 0.010, root)), gold, (), 0.004))
    tuft = [
        Piece(smooth((-0.96, 0.006), (-1.01, 0.010 + lean), (-1.05, 0.006 + 1.9 * lean), (-1.065, 2.3 * lean), (-1.03, lean - 0.004), (-0.96, -0.006)), gold, (), 0.006)
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
            scales.append(Patch(ellipse(point(x - 0.001, y + half * 0.05), 0.0032, half * 0.10, 8), mix(body, gold, 0.7), 0.001, 0.45))
    low = Patch(np.array([(0.02, -0.014), *((x, -y * 0.42) for x, y in back), (-1.0, -0.1), (0.02, -0.1)]), belly, 0.004)
    plates = [Patch(smooth((x, -0.010), (x - 0.004, -0.024), (x + 0.002, -0.04), closed=False), belly * 0.55, 0.0, 0.75, 0.0016) for x in (-0.004 - 0.0115 * np.arange(84)).tolist()]
    ridge = Patch(np.array([(0.0, 0.018), *((x, y * 0.72) for x, y in back), (-1.0, 0.1), (0.0, 0.1)]), body * 0.62, 0.006, 0.7)
    return [*tuft, *fins, Piece(outline, body, (ridge, *scales, low, *plates), 0.013)]


def head_pieces(body: Floats, gold: Floats, belly: Floats) -> list[Piece]:
    """Neck at the origin, snout at x = 1."""
    ivory, dark = from_hex("f6ecd4"), from_hex("2a0c0a")
    mane: list[Piece] = []
    for root_x, root_y, tip_x, tip_y in (
        (0.10, 0.28, -0.52, 0.44), (0.05, -0.20, -0.46, -0.46), (0.0, 0.18, -0.66, 0.26), (0.02, -0.10, -0.62, -0.24),
        (0.12, 0.20, -0.60, 0.08), (0.10, -0.02, -0.64, -0.08), (0.18, -0.16, -0.26, -0.42), (0.16, 0.10, -0.44, 0.0),
    ):  # fmt: skip
        middle_x, middle_y = (root_x + tip_x) / 2, (root_y + tip_y) / 2
        lock = smooth((root_x, root_y + 0.07), (middle_x, middle_y + 0.10), (tip_x, tip_y), (middle_x, middle_y - 0.04), (root_x, root_y - 0.07))
        strands = tuple(Patch(smooth((root_x, root_y + d), (middle_x, middle_y + d + 0.03), (tip_x * 0.95, tip_y), closed=False), gold * 0.6, 0.0, 0.6, 0.012) for d in (-0.03, 0.03))
        mane.append(Piece(lock, gold, strands, 0.03))
    horns = [Piece(_horn(shift), ivory * (1.0 if near else 0.75), (Patch(_horn(shift), ivory * 0.6, 0.0, 0.5, 0.012),), 0.02) for near, shift in ((False, 0.10), (True, 0.0))]
    skull = smooth(
        (-0.12, 0.16), (0.08, 0.29), (0.26, 0.335), (0.40, 0.27), (0.50, 0.205), (0.64, 0.185), (0.78, 0.245), (0.90, 0.225),
        (0.97, 0.13), (0.90, 0.045), (0.72, 0.030), (0.48, 0.010), (0.30, -0.06), (0.10, -0.17), (-0.12, -0.18),
    )  # fmt: skip
    jaw = smooth((0.06, -0.08), (0.30, -0.075), (0.55, -0.125), (0.76, -0.145), (0.86, -0.185), (0.78, -0.255), (0.48, -0.265), (0.16, -0.235))
    mouth = smooth((0.25, -0.04), (0.60, 0.03), (0.90, 0.05), (0.84, -0.16), (0.50, -0.14), (0.25, -0.10))
    tongue = smooth((0.40, -0.10), (0.62, -0.075), (0.84, -0.02), (0.66, -0.115), (0.45, -0.14))
    teeth = [Piece(np.array([(x - 0.022, 0.035 - drop), (x + 0.022, 0.035 - drop), (x + 0.004, -0.045 - size)]), ivory, (), 0.0) for x, size, drop in ((0.88, 0.035, 0.0), (0.80, 0.0, 0.0), (0.72, 0.0, 0.005), (0.64, 0.0, 0.010), (0.56, 0.0, 0.018))]
    teeth += [Piece(np.array([(x - 0.02, -0.165), (x + 0.02, -0.165), (x, -0.085)]), ivory, (), 0.0) for x in (0.80, 0.70)]
    beard = [Piece(smooth((x + 0.06, -0.25), (x, -0.40), (x - 0.16, -0.56), (x - 0.07, -0.38), (x - 0.06, -0.25)), gold, (), 0.02) for x in (0.62, 0.50, 0.36)]
    brow = Piece(smooth((0.50, 0.24), (0.38, 0.325), (0.22, 0.37), (0.14, 0.44), (0.20, 0.33), (0.34, 0.265)), gold, (), 0.02)
    ear = Piece(smooth((0.10, 0.20), (-0.04, 0.27), (-0.20, 0.25), (-0.08, 0.16), (0.06, 0.12)), body * 0.9, (Patch(ellipse(point(-0.04, 0.20), 0.09, 0.025), belly, 0.02),), 0.025)
    shades = (
        Patch(smooth((0.97, 0.12), (0.75, 0.10), (0.50, 0.06), (0.32, -0.01), (0.3, -0.2), (1.0, -0.1)), belly, 0.04, 0.55),
        Patch(ellipse(point(0.895, 0.165), 0.030, 0.020), dark, 0.006),
        Patch(smooth((0.62, 0.12), (0.70, 0.15), (0.80, 0.14), closed=False), body * 0.5, 0.004, 0.7, 0.014),
        *(Patch(ellipse(point(0.02 + 0.075 * c, 0.16 - 0.08 * r + 0.03 * (c % 2)), 0.045, 0.05, 12), body * 0.45, 0.0, 0.5, 0.012) for c in range(4) for r in range(4)),
    )
    eye = [
        Piece(ellipse(point(0.395, 0.205), 0.058, 0.046, 20), from_hex("fff0b0"), (Patch(ellipse(point(0.40, 0.205), 0.040, 0.038), from_hex("f0a020"), 0.008),), 0.0),
        Piece(ellipse(point(0.408, 0.205), 0.014, 0.034, 14), from_hex("120806"), (), 0.0),
        Piece(ellipse(point(0.420, 0.222), 0.010, 0.010, 10), np.ones(3, np.float32), (), 0.0),
    ]
    return [
        horns[0], *mane, Piece(mouth, from_hex("5a1010"), (), 0.02), Piece(tongue, from_hex("d84848"), (), 0.015),
        *beard, Piece(jaw, body * 0.92, (Patch(jaw - point(0, 0.10), belly, 0.03, 0.8),), 0.035), *teeth,
        Piece(skull, body, shades, 0.05), ear, horns[1], *eye, brow,
    ]  # fmt: skip


def leg_pieces(body: Floats, gold: Floats) -> list[Piece]:
    """Hip at the origin, pointing down and back; a unit is its length."""
    ivory = from_hex("f6ecd4")
    flame = [Piece(smooth((-0.10, -0.12), (-0.30, -0.02 + d), (-0.52, 0.10 + d), (-0.30, -0.14 + d), (-0.12, -0.22)), gold, (), 0.02) for d in (0.0, -0.14)]
    thigh = smooth((0.18, 0.16), (0.20, -0.10), (0.08, -0.36), (-0.10, -0.46), (-0.16, -0.36), (-0.14, -0.10), (-0.14, 0.14))
    shin = smooth((-0.14, -0.36), (0.02, -0.40), (0.20, -0.58), (0.34, -0.72), (0.28, -0.80), (0.10, -0.68), (-0.12, -0.48))
    claws = [
        Piece(smooth((0.26 + 0.03 * i, -0.74), (0.34 + 0.08 * i, -0.80 - 0.05 * (2 - i)), (0.40 + 0.09 * i, -0.98 + 0.08 * i), (0.30 + 0.07 * i, -0.88 + 0.03 * i), (0.22, -0.80)), ivory, (), 0.012)
        for i in range(4)
    ]
    marks = tuple(Patch(ellipse(point(-0.02 + 0.10 * (i % 3) - 0.05, 0.08 - 0.11 * (i // 3)), 0.06, 0.06, 12), body * 0.5, 0.0, 0.5, 0.014) for i in range(9))
    return [*flame, *claws, Piece(shin, body, (), 0.04), Piece(thigh, body, marks, 0.06)]


def _horn(shift: float) -> Points:
    return smooth(
        (0.20 + shift, 0.30), (0.06 + shift, 0.42), (-0.14 + shift, 0.50), (-0.22 + shift, 0.62), (-0.20 + shift, 0.53), (-0.38 + shift, 0.56),
        (-0.52 + shift, 0.66), (-0.40 + shift, 0.50), (-0.14 + shift, 0.41), (0.04 + shift, 0.33), (0.12 + shift, 0.27), steps=5,
    )  # fmt: skip


def _whiskers(seconds: float) -> list[Points]:
    """Two long whiskers that stream from the snout in waves."""
    share = np.linspace(0, 1, 24)
    lines: list[Points] = []
    for rise, late in ((0.30, 0.0), (-0.22, 1.4)):
        wave = 0.16 * share * np.sin(5.5 * share - 2.4 * seconds - late)
        x = 0.90 + 0.16 * np.sin(share * 2.6) - 1.15 * share**1.5
        lines.append(np.stack([x, 0.12 + rise * np.sin(share * 2.2) + wave], 1))
    return lines
