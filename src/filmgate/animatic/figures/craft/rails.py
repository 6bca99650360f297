"""What runs on rails: trains that cross the frame on a viaduct over any ground, and trams in the street."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix, to_pixels
from filmgate.animatic.figures.craft.coachwork import arches
from filmgate.animatic.figures.craft.craft import (
    INK,
    IRON,
    LAMP,
    RED,
    STEEL,
    Paintbox,
    bar,
    beam_light,
    box,
    curve,
    disc,
    lamp_glow,
    metre,
    paintbox,
    painted,
    soft_shadow,
)
from filmgate.animatic.figures.craft.machine import Machine, Shine, passing_speed, round_shine, steady, upright
from filmgate.animatic.figures.craft.plume import Plume, build_puffs, steam_colours
from filmgate.animatic.figures.craft.rollingstock import Coach, high_speed_train, rolling_wheels, steam_train
from filmgate.animatic.figures.cutout import Card, Cutout, Patch, Piece, draw_cutout, turned
from filmgate.animatic.figures.puppet import outline
from filmgate.animatic.figures.role import Casting, Castings, Member, Role
from filmgate.animatic.figures.stage import Actor, Setting
from filmgate.animatic.raster import Matrix, Pixels, place, then
from filmgate.animatic.scene import Moment

TRAIN_SCALE = 0.225  # of true scale beside people: it must fit the frame


DECK = 4.6  # metres from the ground to the rails


ARCH = 9.0  # metres from pier to pier


OVERHANG = 1.45  # the viaduct is this much wider than the frame, for the camera's travel


PUFF_SECONDS = 0.23


@dataclass(frozen=True, slots=True, eq=False)
class Viaduct:
    """Arches from one side of the frame to the other; its origin is at the rails."""

    where: str
    setting: Setting
    art: Cutout
    at: Matrix

    def paint(self, target: Pixels, moment: Moment) -> None:
        self.art.paint(target, then(self.at, self.setting.screen(moment.view)))


@dataclass(frozen=True, slots=True)
class Run:
    """A train's run along its rails: where its nose is."""

    role: Role
    rails: float  # row
    facing: float
    speed: float  # pixels a second
    length: float  # pixels

    def distance(self, seconds: float) -> float:
        return self.speed * (seconds - self.role.middle)

    def at(self, seconds: float) -> tuple[float, float]:
        """Half-way through the clip its middle passes the spot, or its nose has well passed it if it is longer."""
        ahead = min(self.length / 2, 0.36 * self.role.canvas.width)
        return self.role.setting.spot.x * self.role.canvas.width + self.facing * (
            ahead + self.distance(seconds)
        ), self.rails


def _train(
    member_role: Role, build: Callable[[Paintbox, float], Sequence[Coach]], pace: float, steam: bool
) -> list[Actor]:
    role, unit_px = member_role, metre(member_role, TRAIN_SCALE)
    facing = role.setting.heading
    paint = paintbox(role, facing)
    coaches = build(paint, unit_px)
    length = sum(coach.length for coach in coaches) * unit_px
    ground = role.setting.foot(role.setting.spot.x * role.canvas.width)
    rails = ground - DECK * unit_px
    run = Run(role, rails, facing, passing_speed(role, pace * role.size, 0.75), length)

    def cards(seconds: float) -> list[Card]:
        rolled, nose = run.distance(seconds) / unit_px, 0.0
        placed: list[Card] = []
        for number, coach in enumerate(coaches):
            sway = 0.015 * math.sin(rolled * 0.7 + number * 1.3)
            placed.append((coach.art, place(nose, sway)))
            for (x, radius), rolling in zip(coach.wheels, coach.rolling, strict=True):
                placed.append((rolling, turned(nose + x, radius, -rolled / radius)))
            nose -= coach.length
        return placed

    def matrix(seconds: float) -> Matrix:
        return upright(*run.at(seconds), unit_px, facing)

    plumes = _steam(role, run, unit_px) if steam else ()
    shines = _headlamp(steam) if paint.dark else ()
    viaduct = _viaduct(role, paintbox(role), unit_px, rails)
    return [viaduct, Machine(role.where, role.setting, cards, matrix, plumes, (), shines)]


def _headlamp(steam: bool) -> tuple[Shine, ...]:
    x, y = (0.1, 3.1) if steam else (-1.2, 1.5)
    long, high = 22.0, 7.0
    beam = Shine(beam_light(LAMP * 0.6), np.array([[long / 128, 0.0, x], [0.0, -high / 64, y + high / 2]]), steady(0.8))
    return beam, round_shine(to_pixels(lamp_glow(24, LAMP)), x, y, 2.4, steady(0.9))


def _viaduct(role: Role, paint: Paintbox, unit_px: float, rails: float) -> Viaduct:
    """Stone arches whose piers reach down to the ground wherever it is."""
    canvas, setting = role.canvas, role.setting
    half = canvas.width * OVERHANG / 2 / unit_px
    count = math.ceil(half / ARCH)
    centre = canvas.width / 2

    def ground(x: float) -> float:
        return (rails - setting.foot(min(canvas.width, max(0.0, centre + x * unit_px)))) / unit_px

    stone = from_hex("8d8578")
    pieces: list[Piece] = []
    turn = np.linspace(math.pi, 0, 13)
    for number in range(-count, count):
        left, right = number * ARCH, (number + 1) * ARCH
        pier, spring = 0.95, -DECK + 1.7
        opening = np.stack([(left + right) / 2 + np.cos(turn) * (ARCH / 2 - pier), spring + np.sin(turn) * 2.05], 1)
        foot_left, foot_right = ground(left) - 0.25, ground(right) - 0.25
        wall = np.concatenate(
            [
                outline((right, -0.3), (left, -0.3), (left, foot_left), (left + pier, foot_left)),
                opening,
                outline((right - pier, foot_right), (right, foot_right)),
            ]
        )
        ring = Patch(opening, stone * 1.25, 0.05, 0.8, 0.34)
        grass = Patch(box(left - 1, -99, right + 1, min(foot_left, foot_right) + 0.9), paint.earth, 0.45, 0.8)
        courses = tuple(
            Patch(outline((left, y), (right, y)), stone * 0.7, 0.02, 0.35, 0.06) for y in np.arange(-DECK, -0.6, 0.55)
        )
        pieces.append(Piece(wall, stone, (*courses, ring, grass), 0.30))
    end = count * ARCH
    posts = tuple(Patch(box(x, -0.3, x + 0.5, 0.1), stone * 0.6, 0.05, 0.6) for x in np.arange(-end, end, 3.0))
    pieces.append(Piece(box(-end, -0.62, end, -0.02), stone * 1.08, posts, 0.10))
    pieces.append(Piece(box(-end, -0.06, end, 0.05), paint.mirror(STEEL * 0.7, 0.3), (), 0.0))
    art = draw_cutout(pieces, paint.light, unit_px)
    return Viaduct(role.where, setting, art, upright(centre, rails, unit_px, 1.0))


def _steam(role: Role, run: Run, unit_px: float) -> tuple[Plume, ...]:
    palette, wind = role.brief.palette, role.brief.reading.wind
    puffs = build_puffs(role.rng, *steam_colours(palette), role.setting.light.towards)

    def chimney(seconds: float) -> tuple[float, float]:
        x, y = run.at(seconds)
        return x - run.facing * 1.35 * unit_px, y - 4.45 * unit_px

    def cylinders(seconds: float) -> tuple[float, float]:
        x, y = run.at(seconds)
        return x - run.facing * 0.8 * unit_px, y - 0.5 * unit_px

    drift = -run.facing * 0.6 * unit_px * wind
    return (
        Plume(
            puffs,
            chimney,
            PUFF_SECONDS,
            3.0,
            8.2 * unit_px,
            (drift, -1.3 * unit_px),
            (run.facing * 0.3 * run.speed, -6.5 * unit_px),
            0.7,
            0.80,
        ),
        Plume(puffs, cylinders, 0.34, 1.1, 2.6 * unit_px, (drift, -0.4 * unit_px), (0.0, 0.3 * unit_px), 0.4, 0.55),
    )


def _trains(build: Callable[[Paintbox, float], Sequence[Coach]], pace: float, steam: bool) -> Casting:
    """One train, however many are asked for: it fills the frame."""

    def cast(role: Role) -> Sequence[Actor]:
        return _train(role, build, pace, steam)

    return cast


def _trams(role: Role) -> Sequence[Actor]:
    unit_px = metre(role, 0.50)
    facing = role.setting.heading
    paint = paintbox(role, facing)
    member = Member(role, 0, facing, 0.0, 0)
    green, cream = role.colour("2f6a4a"), from_hex("f0e4c4")
    shell = curve("-5.6,0.5! -5.75,1.8 -5.5,3.1 -5,3.3 5,3.3 5.5,3.1 5.75,1.8 5.6,0.5!")
    wheels = ((-2.6, 0.4), (-1.4, 0.4), (1.4, 0.4), (2.6, 0.4))
    panes = [box(-4.7 + 1.4 * number, 1.75, -3.6 + 1.4 * number, 2.85) for number in range(7)]
    pieces = [
        Piece(bar((-1.0, 3.3), (0.2, 4.6), 0.07), IRON, (), 0.0),
        Piece(bar((0.2, 4.6), (1.0, 3.3), 0.05), IRON, (), 0.0),
        Piece(bar((-0.6, 4.65), (1.0, 4.65), 0.08), IRON, (), 0.0),
        painted(paint, shell, green, 1.55, 0.16),
        Piece(box(-5.5, 1.55, 5.5, 3.05), cream, (), 0.03),
        Piece(curve("-5.4,3.1 -5,3.45 5,3.45 5.4,3.1"), from_hex("5a5e60"), (), 0.08),
        *(paint.glass(pane, lit=True) for pane in panes),
        Piece(box(-5.0, 0.3, 5.0, 0.6), INK, (), 0.0),
        paint.lamp(disc(5.58, 1.15, 0.13, 0.18), LAMP),
        paint.lamp(disc(-5.60, 1.15, 0.10, 0.14), RED, RED),
        *arches(wheels),
    ]
    art = draw_cutout(pieces, paint.light, unit_px)
    turning = rolling_wheels(paint, unit_px, wheels, 6, "6a6e74")
    rail = draw_cutout([Piece(box(-1, -0.03, 1, 0.03), mix(STEEL, INK, 0.4), (), 0.0)], paint.light, unit_px)
    wide = role.canvas.width * OVERHANG / 2 / unit_px
    shadow = soft_shadow(12.5, 0.9, 1.2 * role.setting.stage.shadow + 0.15)
    speed = passing_speed(role, 0.9 * role.size, 0.7)

    def x_at(seconds: float) -> float:
        return member.x + facing * speed * (seconds - role.middle)

    def cards(seconds: float) -> list[Card]:
        rolled = speed * (seconds - role.middle) / unit_px
        here = facing * (role.canvas.width / 2 - x_at(seconds)) / unit_px
        track: list[Card] = [(rail, turned(here, 0.0, 0.0, wide, 1.0)), (shadow, place(0.0, 0.0))]
        rolling: list[Card] = [
            (own, turned(x, radius, -rolled / radius)) for own, (x, radius) in zip(turning, wheels, strict=True)
        ]
        return [*track, *rolling, (art, place(0.0, 0.006 * math.sin(rolled * 1.7)))]

    def matrix(seconds: float) -> Matrix:
        x = x_at(seconds)
        return upright(x, role.setting.foot(role.setting.spot.x * role.canvas.width), unit_px, facing)

    lit = (round_shine(to_pixels(lamp_glow(24, LAMP)), 5.6, 1.15, 1.2, steady(0.9)),) if paint.dark else ()
    return [Machine(role.where, role.setting, cards, matrix, shines=lit)]


CASTINGS: Castings = MappingProxyType(
    {
        "steam_train": _trains(steam_train, 1.0, steam=True),
        "train": _trains(high_speed_train, 1.5, steam=False),
        "tram": _trams,
    }
)
