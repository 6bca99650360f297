"""Life of the reef that is no fish: turtles, rays, jellyfish, an octopus, crabs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.actors import halo_light, lay_shadow, shadow_matrix, soft_disc
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
    sway,
    turned,
)
from filmgate.animatic.figures.puppet import ellipse, point, standing
from filmgate.animatic.figures.role import Casting, Member, Role
from filmgate.animatic.figures.stage import Actor, Setting
from filmgate.animatic.figures.troupe import Solo, at_liberty, deep_water, showing_colours, submerged
from filmgate.animatic.figures.wings import (
    Attitude,
    Wing,
    body_axes,
    level_card,
    split_wing,
    upright_card,
    wing_cards,
)
from filmgate.animatic.raster import Floats, Matrix, Pixels, paste_light, then
from filmgate.animatic.scene import START_SECONDS, Moment

TURTLE_VIEW = Attitude(yaw=0.35, pitch=0.05, elevation=0.38)
MANTA_VIEW = Attitude(yaw=0.55, pitch=0.06, elevation=0.62)
GLOWS = ("7ad8ff", "c89aff", "ff9ad0", "8affd8")
WHITE = np.ones(3, np.float32)


def turtles(role: Role) -> Sequence[Actor]:
    """A casting: turtles row across with long strokes of their front flippers."""
    return _each(role, 1.05, _turtle)


def mantas(role: Role) -> Sequence[Actor]:
    """A casting: mantas beat their wings slowly."""
    return _each(role, 1.15, _manta)


def jellyfish(role: Role) -> Sequence[Actor]:
    """A casting: a drift of jellyfish at different depths, glowing in the dark."""
    free = at_liberty(role)
    rng, canvas = free.rng, free.canvas
    count = 6 if role.subject.count == 1 else min(12, role.subject.count)
    depth = np.sort(rng.uniform(0.2, 1.0, count))
    depth[-1] = 1.0
    first = int(rng.integers(len(GLOWS)))
    actors: list[Actor] = []
    for index, near in enumerate(depth.tolist()):
        size = min(free.size * 1.05, 0.36 * canvas.base) * (0.30 + 0.70 * near)
        spread = (index - (count - 1) / 2) / max(1, count - 1) * (2.0 if index % 2 else -2.0)
        x = (free.setting.spot.x + 0.36 * spread * (1.05 - near) + (0.0 if near == 1 else rng.normal(0, 0.05))) * canvas.width
        y = free.y + (rng.normal(0, 0.16) * (1.1 - near) - 0.08) * canvas.height
        actors.append(_jelly(free, GLOWS[(first + index) % len(GLOWS)], size, x, y, near, float(rng.uniform(0, 6.28))))
    return actors


def octopuses(role: Role) -> Sequence[Actor]:
    """A casting: an octopus jets through the water, its arms trailing."""
    return _each(role, 1.0, _octopus)


def crabs(role: Role) -> Sequence[Actor]:
    """A casting: crabs walk sideways on whatever ground there is."""
    rng, count = role.rng, role.subject.count
    facing = 1.0 if rng.uniform() < 0.5 else -1.0
    return [_crab(Member(role, index, facing * (1 if index % 2 == 0 else -1), float(rng.uniform(0, 6.28)), index)) for index in range(count)]


def _each(role: Role, length: float, build: Callable[[Member, float, float], Solo]) -> list[Actor]:
    free = at_liberty(role)
    rng = free.rng
    facing = 1.0 if rng.uniform() < 0.5 else -1.0
    members = [Member(free, index, facing, float(rng.uniform(0, 6.28)), int(rng.integers(1000))) for index in range(free.subject.count)]
    actors: list[Actor] = []
    for member in members:
        share = member.in_formation()[2] / free.size
        actors.insert(0, build(member, min(free.size, 0.34 * free.canvas.base) * length * share, 0.4 * (1 - share)))
    return actors


def _cruise(member: Member, length: float, speed: float, surge: Callable[[float], float]) -> Callable[[float], Matrix]:
    """A slow way across the frame, `speed` lengths a second; `surge` is what strokes add to it, in lengths."""
    role = member.role
    x, y, _ = member.in_formation()
    pace = min(speed * length, 0.36 * role.canvas.width / max(1.5, role.brief.duration_seconds))

    def at(seconds: float) -> tuple[float, float]:
        along = pace * (seconds - role.middle) + surge(seconds) * length
        return x + member.facing * along, y + length * (0.10 * math.sin(0.5 * seconds + member.phase))

    def matrix(seconds: float) -> Matrix:
        (here_x, here_y), (next_x, next_y) = at(seconds), at(seconds + 0.1)
        angle = math.atan2(here_y - next_y, max(abs(next_x - here_x), 0.06 * pace))
        return standing(here_x, here_y, length, member.facing, -max(-0.4, min(0.4, angle)) * member.facing)

    return matrix


def _painter(member: Member, length: float, haze: float) -> Callable[[Sequence[Piece]], Cutout]:
    light, water = showing_colours(mirrored(submerged(member.role), member.facing), 0.45), deep_water(member.role)
    return lambda pieces: hazed(draw_cutout(pieces, light, length * 1.08), water, haze)


def _turtle(member: Member, length: float, haze: float) -> Solo:
    draw = _painter(member, length, haze)
    shell, front, hind, head = draw(_shell()), draw(_flipper(1.0)), draw(_flipper(0.5)), draw(_turtle_head())
    fore = Wing(front, None, 1.0, (0.20, 0.13, -0.05))
    rear = Wing(hind, None, 1.0, (-0.30, 0.08, -0.05))
    hertz = 0.36

    def cards(seconds: float) -> list[Card]:
        turn = 2 * math.pi * hertz * seconds + member.phase
        axes = body_axes(Attitude(TURTLE_VIEW.yaw, 0.05 + 0.06 * math.sin(turn), 0.10 * math.sin(0.4 * seconds), TURTLE_VIEW.elevation))
        lift = 0.05 + 0.72 * math.sin(turn)
        sweep = 0.10 + 0.45 * math.cos(turn - 0.5)
        paddle = 0.15 * math.sin(turn + 1.5)
        return [
            *wing_cards(fore, axes, 1.0, lift, 0.0, sweep),
            *wing_cards(rear, axes, 1.0, paddle, 0.0, -1.0),
            upright_card(head, axes, (0.36, 0.0, 0.0)),
            *wing_cards(rear, axes, -1.0, paddle, 0.0, -1.0),
            level_card(shell, axes),
            *wing_cards(fore, axes, -1.0, lift, 0.0, sweep),
        ]

    surge = lambda seconds: 0.05 * math.sin(2 * math.pi * hertz * seconds + member.phase)  # noqa: E731
    return Solo(member.role.where, member.role.setting, cards, _cruise(member, length, 0.17, surge))


def _manta(member: Member, length: float, haze: float) -> Solo:
    draw = _painter(member, length, haze)
    wing = split_wing(draw(_manta_wing()), 0.42, (0.0, 0.05, 0.0))
    body, tail = draw(_manta_body()), padded(draw(_manta_tail()), 0.0, 0.10)
    hertz = 0.30

    def cards(seconds: float) -> list[Card]:
        turn = 2 * math.pi * hertz * seconds + member.phase
        axes = body_axes(Attitude(MANTA_VIEW.yaw, 0.04 * math.sin(turn - 1), 0.12 * math.sin(0.5 * seconds), MANTA_VIEW.elevation))
        lift, curl = 0.10 + 0.42 * math.sin(turn), 0.46 * math.sin(turn - 1.1)
        behind = np.clip(-0.3 - tail.columns, 0, 2)
        trailing = bend(tail, 0.10 * behind * np.sin(4.0 * behind - turn))
        return [
            *wing_cards(wing, axes, 1.0, lift, curl),
            level_card(trailing, axes),
            *wing_cards(wing, axes, -1.0, lift, curl),
            level_card(body, axes),
        ]

    return Solo(member.role.where, member.role.setting, cards, _cruise(member, length, 0.22, lambda _seconds: 0.0))


@dataclass(frozen=True, slots=True, eq=False)
class Jelly:
    """A bell that pulses, arms and threads that trail after it, and its own light around it."""

    where: str
    setting: Setting
    bell: Cutout
    arms: Cutout
    halo: Pixels
    glow: float
    size: float
    x: float
    y: float
    phase: float

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        turn = 2 * math.pi * 0.42 * seconds + self.phase
        # A quick squeeze and a slow opening; it rises with every squeeze and sinks in between.
        pulse = math.sin(turn + 0.5 * math.sin(turn))
        x = self.x + self.size * (0.16 * math.sin(0.31 * seconds + self.phase) + 0.03 * seconds * math.cos(self.phase))
        y = self.y - self.size * (0.035 * seconds + 0.075 * math.sin(turn - 1.3))
        lean = 0.16 * math.sin(0.37 * seconds + self.phase)
        body = then(standing(x, y, self.size, 1.0, lean), self.setting.screen(moment.view))
        radius = self.halo.shape[0] / 2
        paste_light(target, self.halo, then(np.array([[0.95 / radius, 0, -0.95], [0, -0.95 / radius, 1.0]]), body), self.glow * (0.85 + 0.15 * pulse))
        below = np.clip(-self.arms.rows, 0, 2)
        waves = 0.060 * below * np.sin(5.0 * below - 2.1 * seconds - self.phase) + 0.12 * below**2 * math.sin(0.37 * seconds + self.phase - 0.9)
        trailing = sway(self.arms, waves)
        paint_at = ((trailing, turned(0.0, -0.02 + 0.02 * pulse, 0.0, 1.0 - 0.12 * pulse, 1.0 + 0.05 * pulse)), (self.bell, turned(0.0, 0.0, 0.0, 1.0 - 0.13 * pulse, 1.0 + 0.10 * pulse)))
        for cutout, own in paint_at:
            cutout.paint(target, then(own, body))


def _jelly(role: Role, glow: str, size: float, x: float, y: float, near: float, phase: float) -> Jelly:
    hue = role.colour(glow)
    light = showing_colours(submerged(role), 0.10)
    draw = lambda pieces: hazed(draw_cutout(pieces, light, size * 1.05), deep_water(role), 0.45 * (1 - near))  # noqa: E731
    dark = role.brief.palette.dark
    own_light = np.clip(hue * (1.0 if dark else 0.5), 0, 1)
    return Jelly(
        role.where, role.setting, draw(_bell(hue)), padded(draw(_tentacles(hue, role.rng)), 0.16, 0.0),
        halo_light(own_light), 0.85 if dark else 0.30, size, x, y, phase,
    )  # fmt: skip


def _octopus(member: Member, length: float, haze: float) -> Solo:
    draw = _painter(member, length, haze)
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
        return [(trailing, turned(0, 0, 0, 1.0 + 0.10 * pulse, 1.0 - 0.30 * pulse)), (mantle, turned(0, 0, 0, 1.0 + 0.05 * pulse, 1.0 - 0.08 * pulse))]

    surge = lambda seconds: 0.07 * math.sin(2 * math.pi * hertz * seconds + member.phase - 0.9)  # noqa: E731
    return Solo(member.role.where, member.role.setting, cards, _cruise(member, length, 0.20, surge))


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
            self.claw.paint(target, then(then(then(flip, turned(0.0, 0.0, side * (0.15 + wave))), turned(side * 0.22, 0.06, 0.0)), body))


def _crab(member: Member) -> Crab:
    role = member.role
    light = showing_colours(submerged(role), 0.5)
    size = role.size * 0.42
    hue = role.colour("c8402a")
    return Crab(
        role.where, role.setting, draw_cutout(_carapace(hue), light, size), draw_cutout(_crab_leg(hue), light, size),
        draw_cutout(_crab_claw(hue), light, size), soft_disc(role.setting.stage.shadow), size, member.x,
        member.facing * min(0.75, 0.28 * role.canvas.width / size / max(1.5, role.brief.duration_seconds)), role.middle, member.phase,
    )  # fmt: skip


def _shell() -> list[Piece]:
    """A turtle's back from above: scutes, and a pale rim."""
    dome, rim, seam = from_hex("6a6a34"), from_hex("9a8a50"), from_hex("d8c88a")
    outline = smooth((0.40, 0.0), (0.33, 0.17), (0.10, 0.28), (-0.18, 0.24), (-0.38, 0.11), (-0.46, 0.0), (-0.38, -0.11), (-0.18, -0.24), (0.10, -0.28), (0.33, -0.17))
    marks: list[Patch] = []
    for x, half in ((0.25, 0.075), (0.09, 0.095), (-0.08, 0.09), (-0.24, 0.07)):
        scute = np.array([(x + 0.085, 0.0), (x + 0.05, half), (x - 0.05, half), (x - 0.085, 0.0), (x - 0.05, -half), (x + 0.05, -half), (x + 0.085, 0.0)])
        marks += [Patch(scute * 0.94 + point(x * 0.06, 0), from_hex("4a4420"), 0.022, 0.8), Patch(scute, seam, 0.002, 0.75, 0.012)]
    for x, end in ((0.17, 0.20), (0.01, 0.26), (-0.16, 0.22), (-0.30, 0.14)):
        for side in (1, -1):
            marks.append(Patch(np.array([(x, 0.088 * side), (x * 1.15, end * side)]), seam, 0.002, 0.75, 0.012))
            marks.append(Patch(ellipse(point(x - 0.07, 0.155 * side), 0.05, 0.045), from_hex("8a7434"), 0.02, 0.8))
    marks.append(Patch(outline * 0.90, seam, 0.002, 0.55, 0.010))
    return [Piece(outline * 1.04, rim, (), 0.02), Piece(outline * 0.97, dome, tuple(marks), 0.10)]


def _flipper(share: float) -> list[Piece]:
    skin, pale = from_hex("7c7a4a"), from_hex("d2c896")
    shape = smooth((0.09, 0.0), (0.12, 0.14), (0.07, 0.36), (-0.08, 0.56), (-0.14, 0.58), (-0.11, 0.44), (-0.06, 0.24), (-0.08, 0.10), (-0.08, 0.0)) * share
    spots = tuple(
        Patch(ellipse(point(0.035 - 0.055 * (index % 2) - 0.012 * index, 0.08 + 0.048 * index) * share, 0.036 * share, 0.026 * share, 10), from_hex("46482a"), 0.004, 0.75)
        for index in range(10)
    )
    return [Piece(shape, skin, (*spots, Patch(shape, pale, 0.003, 0.8, 0.012)), 0.018)]


def _turtle_head() -> list[Piece]:
    skin, pale = from_hex("86824e"), from_hex("dad2a2")
    head = smooth((-0.12, 0.045), (0.02, 0.065), (0.12, 0.075), (0.20, 0.045), (0.225, 0.0), (0.19, -0.040), (0.10, -0.055), (-0.02, -0.060), (-0.12, -0.055))
    spots = tuple(Patch(ellipse(point(x, y), 0.024, 0.018, 10), from_hex("484a2a"), 0.004, 0.8) for x, y in ((0.10, 0.05), (0.05, 0.03), (0.02, -0.01), (0.15, 0.055), (-0.05, 0.02), (-0.04, -0.03)))
    mouth = Patch(smooth((0.22, -0.005), (0.17, -0.014), (0.12, -0.010), closed=False), skin * 0.4, 0.0, 0.8, 0.008)
    return [
        Piece(head, skin, (Patch(smooth((0.25, -0.02), (0.0, -0.03), (-0.2, -0.03), (-0.2, -0.2), (0.2, -0.2)), pale, 0.02), *spots, mouth), 0.03),
        Piece(ellipse(point(0.145, 0.022), 0.022, 0.020), from_hex("14120c"), (Patch(ellipse(point(0.150, 0.029), 0.007, 0.006), WHITE),), 0.0),
    ]


def _manta_wing() -> list[Piece]:
    back, pale = from_hex("243040"), from_hex("c8d4dc")
    shape = smooth((0.26, -0.04), (0.24, 0.18), (0.12, 0.46), (-0.06, 0.72), (-0.22, 0.84), (-0.20, 0.66), (-0.18, 0.42), (-0.26, 0.18), (-0.34, -0.04))
    shoulder = Patch(smooth((0.20, 0.06), (0.17, 0.22), (0.06, 0.34), (0.02, 0.20), (0.10, 0.08)), pale, 0.04, 0.75)
    edge = Patch(smooth((-0.30, 0.02), (-0.21, 0.25), (-0.15, 0.5), (-0.18, 0.75), closed=False), pale, 0.02, 0.5, 0.03)
    return [Piece(shape, back, (shoulder, edge, Patch(ellipse(point(0.0, 0.1), 0.3, 0.2), back * 0.7, 0.08, 0.6)), 0.06)]


def _manta_body() -> list[Piece]:
    back = from_hex("243040")
    shape = smooth((0.30, 0.0), (0.28, 0.09), (0.12, 0.13), (-0.12, 0.11), (-0.34, 0.04), (-0.42, 0.0), (-0.34, -0.04), (-0.12, -0.11), (0.12, -0.13), (0.28, -0.09))
    horns = [Piece(smooth((0.24, 0.10 * side), (0.33, 0.115 * side), (0.43, 0.075 * side), (0.42, 0.055 * side), (0.33, 0.08 * side), (0.25, 0.06 * side)), back * 1.1, (), 0.015) for side in (1, -1)]
    eyes = [Piece(ellipse(point(0.265, 0.105 * side), 0.014, 0.010), from_hex("060809"), (), 0.0) for side in (1, -1)]
    return [*horns, Piece(shape, back, (Patch(ellipse(point(0.05, 0), 0.22, 0.05), back * 1.5, 0.05, 0.6),), 0.06), *eyes]


def _manta_tail() -> list[Piece]:
    return [Piece(smooth((-0.36, 0.012), (-0.8, 0.005), (-1.15, 0.0), (-0.8, -0.005), (-0.36, -0.012)), from_hex("1c2632"), (), 0.004)]


def _bell(hue: Floats) -> list[Piece]:
    pale = mix(hue, WHITE, 0.55)
    dome = smooth((0.0, 0.36), (0.18, 0.31), (0.31, 0.17), (0.345, 0.02), (0.29, -0.045), (0.15, -0.015), (0.0, -0.035), (-0.15, -0.015), (-0.29, -0.045), (-0.345, 0.02), (-0.31, 0.17), (-0.18, 0.31))
    ribs = tuple(Patch(smooth((x * 0.25, 0.34), (x * 0.85, 0.20), (x, 0.0), closed=False), WHITE, 0.006, 0.35, 0.010) for x in np.linspace(-0.30, 0.30, 9).tolist())
    heart = [Patch(ellipse(point(x, 0.12 + 0.02 * abs(x)), 0.06, 0.075), mix(hue, WHITE, 0.25), 0.03, 0.9) for x in (-0.12, 0.0, 0.12)]
    edge = Patch(smooth((0.345, 0.02), (0.29, -0.045), (0.15, -0.015), (0.0, -0.035), (-0.15, -0.015), (-0.29, -0.045), (-0.345, 0.02), closed=False), WHITE, 0.008, 0.8, 0.022)
    shine = Patch(smooth((-0.20, 0.22), (-0.10, 0.30), (0.02, 0.32), (-0.10, 0.26)), WHITE, 0.02, 0.8)
    return [Piece(dome, mix(hue, pale, 0.35), (Patch(dome * np.array([0.75, 0.7]) + point(0, 0.02), hue * 0.75, 0.08, 0.6), *heart, *ribs, edge, shine), 0.06, 0.66)]


def _tentacles(hue: Floats, rng: np.random.Generator) -> list[Piece]:
    pieces: list[Piece] = []
    for x in np.linspace(-0.28, 0.28, 11).tolist():
        length = 0.75 + float(rng.uniform(0, 0.45))
        wave = float(rng.uniform(-0.03, 0.03))
        line = np.array([(x, 0.02), (x * 0.9 + wave, -0.35), (x * 0.95 - wave, -0.7 * length), (x * 1.05, -length)])
        centre = smooth(*((float(a), float(b)) for a, b in line), closed=False)
        half = np.stack([np.linspace(0.0065, 0.0012, len(centre)), np.zeros(len(centre))], 1)
        pieces.append(Piece(np.concatenate([centre - half, (centre + half)[::-1]]), mix(hue, WHITE, 0.3), (), 0.0, 0.55))
    for x in (-0.10, 0.06, -0.02, 0.12):
        frill = [(x + 0.035, 0.04)]
        frill += [(x + (0.055 if step % 2 else 0.018) * (1 - step / 11), -0.07 * step) for step in range(1, 10)]
        frill += [(x - (0.055 if step % 2 == 0 else 0.018) * (1 - step / 11), -0.07 * step) for step in range(9, 0, -1)]
        pieces.append(Piece(smooth(*frill, (x - 0.035, 0.04), steps=5), mix(hue, WHITE, 0.6), (), 0.012, 0.5))
    return pieces


def _mantle(hue: Floats) -> list[Piece]:
    """Its head leads to the right as it jets away; arms hang on at the origin."""
    sac = smooth((0.56, 0.05), (0.48, 0.17), (0.28, 0.22), (0.10, 0.16), (-0.02, 0.13), (-0.10, 0.06), (-0.10, -0.08), (0.0, -0.12), (0.14, -0.11), (0.34, -0.13), (0.50, -0.08))
    marks = tuple(Patch(ellipse(point(0.16 + 0.07 * (i % 6), 0.16 - 0.065 * (i // 6) + 0.02 * (i % 2)), 0.018, 0.014, 10), hue * 1.35, 0.006, 0.5) for i in range(20))
    eye = [
        Piece(ellipse(point(0.02, 0.075), 0.055, 0.05), hue * 0.9, (), 0.02),
        Piece(ellipse(point(0.025, 0.08), 0.036, 0.032), from_hex("f2dca0"), (Patch(smooth((0.0, 0.085), (0.025, 0.075), (0.05, 0.085), (0.025, 0.092)), from_hex("100a08"), 0.002),), 0.0),
    ]
    return [Piece(sac, hue, (Patch(smooth((0.6, 0), (0.2, -0.02), (-0.1, -0.03), (-0.1, -0.3), (0.5, -0.3)), mix(hue, WHITE, 0.45), 0.06), *marks), 0.08), *eye]


def _octopus_arms(hue: Floats) -> list[Piece]:
    pieces: list[Piece] = []
    for index, (spread, length) in enumerate(((0.17, 0.80), (-0.20, 0.78), (0.10, 0.95), (-0.13, 0.92), (0.03, 1.0), (-0.05, 0.98))):
        centre = smooth((0.03, spread * 0.35), (-0.22, spread * 0.9), (-0.5, spread * 0.75), (-0.8 * length, spread * 0.95), (-length, spread * 1.2), closed=False)
        half = np.stack([np.zeros(len(centre)), np.linspace(0.058, 0.004, len(centre))], 1)
        shade = hue * (0.62 if index < 2 else 0.82 if index < 4 else 1.0)
        suckers = tuple(Patch(ellipse(spot - point(0, 0.02 * (1 - at / 26)), 0.013 * (1.1 - at / 32), 0.010 * (1.1 - at / 32), 10), mix(hue, WHITE, 0.6), 0.002, 0.8) for at, spot in enumerate(centre[3:-4:1]))
        pieces.append(Piece(np.concatenate([centre + half, (centre - half)[::-1]]), shade, suckers, 0.02))
    return pieces


def _carapace(hue: Floats) -> list[Piece]:
    shell = smooth((0.30, 0.06), (0.20, 0.16), (0.0, 0.19), (-0.20, 0.16), (-0.30, 0.06), (-0.22, -0.07), (0.0, -0.11), (0.22, -0.07))
    bumps = tuple(Patch(ellipse(point(x, y), 0.022, 0.016, 10), mix(hue, WHITE, 0.35), 0.006, 0.6) for x, y in ((0.0, 0.12), (0.10, 0.10), (-0.10, 0.10), (0.17, 0.05), (-0.17, 0.05), (0.05, 0.05), (-0.05, 0.05)))
    belly = Patch(smooth((0.35, -0.01), (0.0, -0.03), (-0.35, -0.01), (-0.2, -0.2), (0.2, -0.2)), mix(hue, from_hex("f2d8b0"), 0.6), 0.03)
    eyes: list[Piece] = []
    for side in (1, -1):
        eyes.append(Piece(smooth((0.075 * side, 0.14), (0.085 * side, 0.24), (0.10 * side, 0.24), (0.105 * side, 0.14)), hue * 0.9, (), 0.01))
        eyes.append(Piece(ellipse(point(0.093 * side, 0.25), 0.028, 0.03), from_hex("0c0a0a"), (Patch(ellipse(point(0.10 * side, 0.26), 0.009, 0.009), WHITE),), 0.008))
    mouth = Patch(smooth((-0.05, -0.045), (0.0, -0.055), (0.05, -0.045), closed=False), hue * 0.35, 0.0, 0.8, 0.012)
    return [Piece(shell, hue, (belly, *bumps, mouth), 0.06), *eyes]


def _crab_leg(hue: Floats) -> list[Piece]:
    return [
        Piece(smooth((0.17, 0.045), (0.30, -0.08), (0.35, -0.20), (0.33, -0.20), (0.26, -0.09), (0.15, 0.015)), hue * 0.7, (), 0.012),
        Piece(smooth((-0.02, 0.035), (0.10, 0.07), (0.19, 0.05), (0.18, 0.0), (0.08, 0.01), (-0.02, -0.02)), hue * 0.85, (), 0.018),
    ]


def _crab_claw(hue: Floats) -> list[Piece]:
    arm = smooth((0.0, 0.03), (0.12, 0.06), (0.22, 0.12), (0.25, 0.09), (0.14, 0.0), (0.0, -0.03))
    palm = smooth((0.19, 0.08), (0.22, 0.19), (0.19, 0.31), (0.12, 0.38), (0.135, 0.29), (0.11, 0.22), (0.12, 0.12))
    finger = smooth((0.125, 0.18), (0.07, 0.25), (0.075, 0.34), (0.10, 0.355), (0.105, 0.29), (0.15, 0.22))
    return [Piece(arm, hue * 0.85, (), 0.02), Piece(finger, hue * 0.9, (), 0.015), Piece(palm, hue, (Patch(palm + point(0.02, -0.03), mix(hue, WHITE, 0.3), 0.03, 0.5),), 0.03)]


CASTINGS: dict[str, Casting] = {"turtle": turtles, "ray": mantas, "jellyfish": jellyfish, "octopus": octopuses, "crab": crabs}
