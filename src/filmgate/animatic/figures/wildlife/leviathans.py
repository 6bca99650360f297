"""The great swimmers: whales, dolphins and sharks, gliding in the deep or breaking through the surface."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.figures.cutout import Card, Cutout, Piece, bend, draw_cutout, hazed, mirrored, padded, turned
from filmgate.animatic.figures.puppet import standing
from filmgate.animatic.figures.role import Casting, Member, Role
from filmgate.animatic.figures.stage import Actor
from filmgate.animatic.figures.wildlife.fish import swum
from filmgate.animatic.figures.wildlife.leviathan_art import (
    dolphin_body,
    dolphin_flipper,
    dolphin_fluke,
    humpback_body,
    humpback_flipper,
    orca_body,
    orca_flipper,
    orca_fluke,
    shark_body,
    whale_fluke,
)
from filmgate.animatic.figures.wildlife.splash import splash
from filmgate.animatic.figures.wildlife.troupe import Solo, at_liberty, deep_water, submerged
from filmgate.animatic.raster import Floats, Matrix

LEAP_REST = 0.35  # of a leap's time, spent under water before the next
GLIDING_ROOM, LEAPING_ROOM = 0.065, 0.11  # units above and below a body, to bend into
IDENTITY = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


@dataclass(frozen=True, slots=True, eq=False)
class Anatomy:
    """One kind, a unit long, nose at x = 0.5. Those with a `fluke` beat it up and down, fish from side to side."""

    body: Callable[[], list[Piece]]
    flipper: Callable[[], Piece] | None
    shoulder: tuple[float, float]
    fluke: Callable[[], Piece] | None
    length: float  # over a person's height
    beats: float  # a second
    sway: float
    speed: float  # own lengths a second
    leap_seconds: float


ANATOMIES = {
    "whale": Anatomy(humpback_body, humpback_flipper, (0.20, -0.062), whale_fluke, 2.9, 0.22, 0.055, 0.085, 3.6),
    "orca": Anatomy(orca_body, orca_flipper, (0.24, -0.070), orca_fluke, 2.0, 0.42, 0.055, 0.16, 2.6),
    "dolphin": Anatomy(dolphin_body, dolphin_flipper, (0.22, -0.050), dolphin_fluke, 1.45, 0.85, 0.06, 0.34, 1.9),
    "shark": Anatomy(shark_body, None, (0.0, 0.0), None, 1.9, 0.62, 0.075, 0.22, 0.0),
}


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """The cut-outs of one animal."""

    anatomy: Anatomy
    trunk: Cutout
    flipper: Cutout | None
    fluke: Cutout | None

    def cards(self, cycle: float, arch: float = 0.0) -> list[Card]:
        """`cycle` beats of the tail after its start, the back bent by `arch` as in a leap."""
        if self.fluke is None or self.flipper is None:
            return [(swum(self.trunk, self.anatomy.sway, cycle), IDENTITY)]
        turn = 2 * math.pi * cycle

        def lift(along: Floats) -> Floats:
            share = np.clip(0.5 - along, 0, 1.2)
            wave = self.anatomy.sway * share**1.7 * np.sin(turn - 2.6 * share)
            return wave + 0.10 * self.anatomy.sway * math.sin(turn) - arch * (along * along - 0.06)

        def slope(along: float) -> float:
            low, high = lift(np.array([along - 0.03, along]))
            return math.atan2(float(high - low), 0.03)

        x, y = self.anatomy.shoulder
        shoulder = y + float(lift(np.array([x]))[0])
        paddle = 0.62 + 0.20 * math.sin(turn * 0.5 + 0.6) + slope(x)
        tail = -0.455
        end = float(lift(np.array([tail]))[0])
        pitch = 0.30 + 0.30 * math.sin(turn - 3.4)
        return [
            (self.flipper, turned(x + 0.02, shoulder + 0.006, paddle + 0.32, 0.85, 0.8)),
            (self.fluke, turned(tail, end, slope(tail) * 1.15, 1.0, pitch + 0.12)),
            (bend(self.trunk, lift(self.trunk.columns)), IDENTITY),
            (self.flipper, turned(x, shoulder, paddle, 1.0, 1.0)),
        ]


def leviathan(kind: str) -> Casting:
    """A casting for one of the great swimmers: it leaps from the surface, and glides everywhere else."""

    def cast(role: Role) -> Sequence[Actor]:
        free = at_liberty(role)
        rng, count = free.rng, free.subject.count
        facing = 1.0 if rng.uniform() < 0.5 else -1.0
        actors: list[Actor] = []
        for index in range(count):
            member = Member(free, index, facing, float(rng.uniform(0, 6.28)), int(rng.integers(1000)))
            actors = (
                [*_at_surface(member, kind), *actors] if free.where == "water" else [*_gliding(member, kind), *actors]
            )
        return actors

    return cast


def _gliding(member: Member, kind: str) -> list[Actor]:
    role, canvas, anatomy = member.role, member.role.canvas, ANATOMIES[kind]
    x, y, share = member.in_formation()
    length = min(anatomy.length * share, 0.58 * canvas.width * share / role.size)
    body = _body(member, kind, length, 0.45 * (1 - share / role.size))
    speed = min(anatomy.speed * length, 0.34 * canvas.width / max(1.5, role.brief.duration_seconds))
    pace = anatomy.beats * (1 + 0.06 * (member.index % 3))
    beat = member.phase / 6.28

    def at(seconds: float) -> tuple[float, float]:
        clock = seconds - role.middle
        rise = 0.030 * length * math.sin(0.45 * seconds + member.phase) + 0.008 * length * math.sin(
            2 * math.pi * (pace * seconds + beat)
        )
        return x + member.facing * speed * clock, y - rise

    def matrix(seconds: float) -> Matrix:
        (here_x, here_y), (next_x, next_y) = at(seconds), at(seconds + 0.08)
        angle = math.atan2(here_y - next_y, max(abs(next_x - here_x), 1e-6))
        return standing(here_x, here_y, length, member.facing, -angle * member.facing * 0.8)

    return [Solo(role.where, role.setting, lambda seconds: body.cards(pace * seconds + beat), matrix)]


def _at_surface(member: Member, kind: str) -> list[Actor]:
    role, anatomy = member.role, ANATOMIES[kind]
    length = anatomy.length * (0.85 if kind == "whale" else 1.0) * role.size * (1 - 0.08 * (member.index % 4))
    body = _body(member, kind, length, 0.0)
    if anatomy.fluke is None:
        return [_prowling(member, body, length)]
    period = anatomy.leap_seconds * (1 + LEAP_REST)
    height, reach, sink = 0.86 * length, 1.25 * length, 0.58 * length

    def share_at(seconds: float) -> float:
        # The first is highest half-way through the clip.
        clock = seconds - role.middle + anatomy.leap_seconds / 2 + 0.61 * member.index
        return clock % period / anatomy.leap_seconds

    def matrix(seconds: float) -> Matrix:
        share = min(1.0, share_at(seconds))
        climb = math.sin(share * math.pi)
        angle = math.atan2(height * math.pi * math.cos(share * math.pi) * 0.62, reach)
        x = member.x + member.facing * reach * (share - 0.5)
        return standing(x, role.y + sink - climb * height, length, member.facing, -angle * member.facing)

    def cards(seconds: float) -> list[Card]:
        share = share_at(seconds)
        return (
            body.cards(anatomy.beats * seconds * 1.6, 0.30 * math.sin(min(1.0, share) * math.pi)) if share < 1 else []
        )

    # Where the middle of the body meets the surface, out and in.
    crossing = math.asin(min(1.0, sink / height)) / math.pi
    splashes = [
        splash(
            role,
            (member.x + member.facing * reach * (at - 0.5) * 1.05, role.y),
            0.42 * length,
            lambda seconds, at=at: (share_at(seconds) - at) * anatomy.leap_seconds,
        )
        for at in (crossing - 0.12, 0.92 - crossing)
    ]
    return [Solo(role.where, role.setting, cards, matrix, role.y), *splashes]


def _prowling(member: Member, body: Body, length: float) -> Actor:
    """Only the fin of a shark cuts the surface."""
    role = member.role
    speed = min(0.30 * length, 0.5 * role.canvas.width / max(1.5, role.brief.duration_seconds))

    def matrix(seconds: float) -> Matrix:
        x = member.x + member.facing * speed * (seconds - role.middle)
        y = role.y + length * (0.092 + 0.012 * math.sin(0.9 * seconds + member.phase))
        return standing(x, y, length, member.facing, 0.03 * math.sin(1.1 * seconds + member.phase))

    return Solo(role.where, role.setting, lambda seconds: body.cards(0.6 * seconds), matrix, role.y)


def _body(member: Member, kind: str, length: float, haze: float) -> Body:
    anatomy, role = ANATOMIES[kind], member.role
    light = mirrored(submerged(role), member.facing)
    water = deep_water(role)

    def drawn(pieces: Sequence[Piece]) -> Cutout:
        return hazed(draw_cutout(pieces, light, length * 1.06), water, haze + (0.10 if role.where == "deep" else 0.0))

    return Body(
        anatomy,
        padded(drawn(anatomy.body()), 0.01, LEAPING_ROOM if role.where == "water" else GLIDING_ROOM),
        None if anatomy.flipper is None else drawn([anatomy.flipper()]),
        None if anatomy.fluke is None else drawn([anatomy.fluke()]),
    )
