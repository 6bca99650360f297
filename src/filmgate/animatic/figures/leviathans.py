"""The great swimmers: whales, dolphins and sharks, gliding in the deep or breaking through the surface."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import from_hex
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
    turned,
)
from filmgate.animatic.figures.fish import swum
from filmgate.animatic.figures.puppet import ellipse, point, standing
from filmgate.animatic.figures.role import Casting, Member, Role
from filmgate.animatic.figures.splash import splash
from filmgate.animatic.figures.stage import Actor
from filmgate.animatic.figures.troupe import Solo, at_liberty, deep_water, submerged
from filmgate.animatic.raster import Floats, Matrix, Points

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


def humpback_body() -> list[Piece]:
    dark, pale = from_hex("3c4c5e"), from_hex("c3cdd2")
    body = smooth(
        (0.500, -0.005), (0.485, 0.030), (0.40, 0.055), (0.28, 0.082), (0.12, 0.100), (-0.04, 0.092), (-0.13, 0.082),
        (-0.165, 0.104), (-0.205, 0.068), (-0.32, 0.040), (-0.42, 0.022), (-0.47, 0.014), (-0.47, -0.012),
        (-0.40, -0.022), (-0.26, -0.055), (-0.08, -0.095), (0.10, -0.118), (0.26, -0.112), (0.40, -0.075), (0.485, -0.030),
    )  # fmt: skip
    throat = smooth(
        (0.50, -0.022), (0.42, -0.030), (0.30, -0.048), (0.12, -0.058), (-0.06, -0.066), (-0.16, -0.068),
        (-0.06, -0.2), (0.2, -0.2), (0.45, -0.12),
    )  # fmt: skip
    grooves = tuple(
        Patch(
            smooth((0.475 - 0.012 * row, -0.036 - 0.011 * row), (0.32, -0.058 - 0.0125 * row), (0.12, -0.071 - 0.010 * row),
                   (0.0 + 0.012 * row, -0.074 - 0.008 * row), closed=False),
            from_hex("5d6b78"), 0.0012, 0.75, 0.0035,
        )
        for row in range(6)
    )  # fmt: skip
    mouth = Patch(smooth((0.495, -0.012), (0.40, -0.016), (0.33, -0.022), (0.285, -0.040), closed=False), dark * 0.45, 0.001, 0.9, 0.005)
    back = Patch(smooth((0.5, 0.06), (0.2, 0.07), (-0.2, 0.05), (-0.5, 0.03), (-0.5, 0.2), (0.4, 0.2)), dark * 0.72, 0.03, 0.8)
    knobs = [Piece(ellipse(point(x, y), 0.0065, 0.0055, 12), dark * 1.1, (), 0.004) for x, y in ((0.47, 0.030), (0.44, 0.040), (0.41, 0.036), (0.455, 0.018), (0.425, 0.022), (0.385, 0.045))]
    spots = tuple(
        Patch(ellipse(point(x, y), r, r * 0.8, 12), pale, 0.004, 0.35)
        for x, y, r in ((0.49, -0.03, 0.010), (0.36, -0.03, 0.008), (-0.25, -0.03, 0.012), (0.05, -0.05, 0.010), (-0.40, -0.005, 0.010))
    )
    eye = Piece(ellipse(point(0.290, -0.026), 0.0065, 0.0055, 14), from_hex("0a0c10"), (Patch(ellipse(point(0.292, -0.024), 0.002, 0.002, 8), np.ones(3)),), 0.0)
    return [Piece(body, dark, (back, Patch(throat, pale, 0.008), *grooves, mouth, *spots), 0.045), *knobs, eye]


def humpback_flipper() -> Piece:
    outline = smooth(
        (0.03, 0.015), (-0.04, 0.030), (-0.14, 0.034), (-0.24, 0.020), (-0.315, -0.012), (-0.30, -0.020), (-0.25, -0.014),
        (-0.22, -0.022), (-0.18, -0.018), (-0.14, -0.026), (-0.10, -0.022), (-0.05, -0.028), (0.01, -0.022),
    )  # fmt: skip
    edge = Patch(smooth((-0.33, -0.03), (-0.2, -0.035), (0.0, -0.04), (0.0, -0.018), (-0.15, -0.008), (-0.30, 0.0)), from_hex("d5dde0"), 0.008, 0.9)
    return Piece(outline, from_hex("46566a"), (edge,), 0.016)


def whale_fluke() -> Piece:
    return Piece(_fluke(), from_hex("34424f"), (Patch(_fluke(), from_hex("1f2a35"), 0.0, 0.6, 0.012),), 0.018)


def orca_body() -> list[Piece]:
    black, white = from_hex("15181f"), from_hex("f1f3f2")
    body = smooth(
        (0.50, -0.012), (0.47, 0.040), (0.38, 0.082), (0.22, 0.112), (0.08, 0.118), (-0.10, 0.098), (-0.28, 0.055),
        (-0.42, 0.024), (-0.46, 0.014), (-0.46, -0.012), (-0.38, -0.026), (-0.22, -0.070), (-0.02, -0.110),
        (0.20, -0.118), (0.38, -0.085), (0.47, -0.050),
    )  # fmt: skip
    belly = smooth(
        (0.52, -0.03), (0.42, -0.035), (0.30, -0.062), (0.12, -0.072), (0.0, -0.060), (-0.14, -0.010), (-0.25, 0.012),
        (-0.22, -0.020), (-0.14, -0.062), (-0.25, -0.062), (-0.3, -0.2), (0.5, -0.2),
    )  # fmt: skip
    patch = smooth((0.415, 0.050), (0.37, 0.060), (0.32, 0.048), (0.33, 0.034), (0.39, 0.032))
    saddle = smooth((-0.02, 0.10), (-0.10, 0.075), (-0.16, 0.058), (-0.13, 0.10), (-0.05, 0.13))
    dorsal = smooth((0.10, 0.105), (0.06, 0.17), (0.005, 0.235), (-0.018, 0.236), (-0.012, 0.17), (-0.03, 0.10))
    eye = Piece(ellipse(point(0.428, 0.024), 0.007, 0.006, 14), from_hex("05060a"), (Patch(ellipse(point(0.43, 0.026), 0.002, 0.002, 8), white),), 0.0)
    return [
        Piece(dorsal, black, (), 0.02),
        Piece(body, black, (Patch(belly, white, 0.003), Patch(patch, white, 0.002), Patch(saddle, from_hex("8b939c"), 0.014, 0.8)), 0.05),
        eye,
    ]


def orca_flipper() -> Piece:
    return Piece(smooth((0.03, 0.02), (-0.06, 0.03), (-0.15, 0.005), (-0.155, -0.03), (-0.09, -0.055), (0.0, -0.03)), from_hex("14171e"), (), 0.02)


def orca_fluke() -> Piece:
    return Piece(_fluke(), from_hex("15181f"), (), 0.018)


def dolphin_body() -> list[Piece]:
    grey, pale = from_hex("6c8296"), from_hex("d6dfe4")
    body = smooth(
        (0.500, -0.010), (0.495, 0.002), (0.435, 0.014), (0.415, 0.030), (0.385, 0.062), (0.29, 0.092), (0.12, 0.112),
        (-0.06, 0.100), (-0.26, 0.052), (-0.42, 0.020), (-0.46, 0.012), (-0.46, -0.010), (-0.40, -0.020), (-0.24, -0.052),
        (-0.04, -0.086), (0.16, -0.092), (0.30, -0.070), (0.40, -0.034), (0.44, -0.022), (0.49, -0.020),
    )  # fmt: skip
    belly = smooth((0.51, -0.012), (0.40, -0.014), (0.28, -0.030), (0.08, -0.042), (-0.16, -0.036), (-0.34, -0.014), (-0.3, -0.2), (0.4, -0.2))
    flank = smooth((0.36, 0.02), (0.15, 0.03), (-0.10, 0.02), (-0.36, 0.004), (-0.10, -0.04), (0.20, -0.05))
    back = Patch(smooth((0.43, 0.05), (0.2, 0.075), (-0.1, 0.06), (-0.45, 0.012), (-0.4, 0.2), (0.3, 0.2)), grey * 0.66, 0.018, 0.9)
    dorsal = smooth((0.08, 0.100), (0.02, 0.155), (-0.045, 0.192), (-0.058, 0.186), (-0.045, 0.13), (-0.06, 0.085))
    mouth = Patch(smooth((0.498, -0.006), (0.45, -0.004), (0.41, 0.000), (0.385, 0.010), closed=False), grey * 0.4, 0.001, 0.9, 0.005)
    eye = Piece(ellipse(point(0.368, 0.022), 0.009, 0.008, 14), from_hex("0c0e14"), (Patch(ellipse(point(0.371, 0.025), 0.003, 0.003, 8), np.ones(3)),), 0.0)
    return [Piece(dorsal, grey * 0.72, (), 0.02), Piece(body, grey, (back, Patch(flank, grey * 1.22, 0.02, 0.7), Patch(belly, pale, 0.012), mouth), 0.045), eye]


def dolphin_flipper() -> Piece:
    return Piece(smooth((0.03, 0.015), (-0.05, 0.018), (-0.125, -0.020), (-0.13, -0.034), (-0.06, -0.030), (0.01, -0.022)), from_hex("566b7e"), (), 0.014)


def dolphin_fluke() -> Piece:
    return Piece(_fluke() * 0.86, from_hex("566b7e"), (), 0.016)


def shark_body() -> list[Piece]:
    grey, white = from_hex("5f6f7b"), from_hex("dfe6e6")
    body = smooth(
        (0.500, 0.012), (0.46, 0.035), (0.36, 0.062), (0.20, 0.088), (0.04, 0.092), (-0.14, 0.062), (-0.30, 0.026),
        (-0.385, 0.013), (-0.385, -0.010), (-0.30, -0.024), (-0.12, -0.058), (0.06, -0.084), (0.22, -0.080),
        (0.34, -0.058), (0.41, -0.030), (0.455, -0.010),
    )  # fmt: skip
    tail = smooth((-0.365, 0.014), (-0.42, 0.075), (-0.485, 0.150), (-0.505, 0.158), (-0.485, 0.105), (-0.452, 0.020), (-0.470, -0.050), (-0.487, -0.092), (-0.474, -0.094), (-0.425, -0.060), (-0.365, -0.012))
    dorsal = smooth((0.12, 0.080), (0.06, 0.140), (0.010, 0.188), (-0.008, 0.190), (-0.002, 0.130), (-0.01, 0.080))
    second = smooth((-0.22, 0.040), (-0.25, 0.062), (-0.275, 0.064), (-0.27, 0.035))
    anal = smooth((-0.20, -0.036), (-0.24, -0.062), (-0.262, -0.060), (-0.25, -0.028))
    far = smooth((0.20, -0.05), (0.12, -0.11), (0.05, -0.15), (0.04, -0.14), (0.09, -0.06))
    near = smooth((0.22, -0.035), (0.13, -0.085), (0.03, -0.165), (0.005, -0.172), (0.02, -0.13), (0.10, -0.045))
    belly = smooth((0.50, 0.006), (0.40, -0.008), (0.22, -0.026), (0.0, -0.024), (-0.2, -0.012), (-0.4, -0.004), (-0.3, -0.2), (0.4, -0.2))
    back = Patch(smooth((0.5, 0.045), (0.2, 0.055), (-0.1, 0.035), (-0.4, 0.008), (-0.3, 0.2), (0.4, 0.2)), grey * 0.6, 0.02, 0.85)
    gills = tuple(Patch(smooth((0.265 - 0.020 * i, 0.030), (0.256 - 0.020 * i, 0.005), (0.262 - 0.020 * i, -0.020), closed=False), grey * 0.45, 0.0, 0.8, 0.005) for i in range(5))
    mouth = Patch(smooth((0.445, -0.020), (0.40, -0.016), (0.355, -0.028), closed=False), grey * 0.35, 0.001, 0.9, 0.006)
    eye = Piece(ellipse(point(0.405, 0.022), 0.009, 0.009, 14), from_hex("08090c"), (Patch(ellipse(point(0.408, 0.025), 0.003, 0.003, 8), np.ones(3)),), 0.0)
    return [
        Piece(far, grey * 0.6, (), 0.014), Piece(tail, grey * 0.85, (), 0.014), Piece(dorsal, grey * 0.85, (), 0.018),
        Piece(second, grey * 0.8, (), 0.008), Piece(anal, grey * 0.8, (), 0.008),
        Piece(body, grey, (back, Patch(belly, white, 0.010), *gills, mouth), 0.040),
        Piece(near, grey * 0.8, (), 0.014), eye,
    ]  # fmt: skip


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
            actors = [*_at_surface(member, kind), *actors] if free.where == "water" else [*_gliding(member, kind), *actors]
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
        return (seconds + 0.22 * period + 0.61 * member.index) % period / anatomy.leap_seconds

    def matrix(seconds: float) -> Matrix:
        share = min(1.0, share_at(seconds))
        climb = math.sin(share * math.pi)
        angle = math.atan2(height * math.pi * math.cos(share * math.pi) * 0.62, reach)
        x = member.x + member.facing * reach * (share - 0.5)
        return standing(x, role.y + sink - climb * height, length, member.facing, -angle * member.facing)

    def cards(seconds: float) -> list[Card]:
        share = share_at(seconds)
        return body.cards(anatomy.beats * seconds * 1.6, 0.30 * math.sin(min(1.0, share) * math.pi)) if share < 1 else []

    # Where the middle of the body meets the surface, out and in.
    crossing = math.asin(min(1.0, sink / height)) / math.pi
    splashes = [
        splash(role, (member.x + member.facing * reach * (at - 0.5) * 1.05, role.y), 0.42 * length, lambda seconds, at=at: (share_at(seconds) - at) * anatomy.leap_seconds)
        for at in (crossing - 0.12, 1 - crossing + 0.02)
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


def _fluke() -> Points:
    """Two lobes seen from above, root at the origin."""
    return smooth(
        (0.035, 0.012), (-0.02, 0.050), (-0.075, 0.120), (-0.125, 0.165), (-0.118, 0.110), (-0.095, 0.045), (-0.078, 0.0),
        (-0.095, -0.045), (-0.118, -0.110), (-0.125, -0.165), (-0.075, -0.120), (-0.02, -0.050), (0.035, -0.012),
    )  # fmt: skip
