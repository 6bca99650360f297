"""Small fish: what they look like, and how a school of them moves."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.cutout import Cutout, Patch, Piece, bend, draw_cutout, hazed, mirrored, padded, smooth
from filmgate.animatic.figures.puppet import Light, ellipse, point
from filmgate.animatic.figures.role import Casting, Role
from filmgate.animatic.figures.stage import Actor
from filmgate.animatic.figures.troupe import Placement, Swarm, at_liberty, deep_water, submerged
from filmgate.animatic.raster import Floats, Points

POSES = 12  # of one beat of the tail
HAZE_BY_TIER = (0.45, 0.20, 0.0)  # far to near
FEW = 8  # fewer keep close together, so little water lies between them
Art = Callable[["Scheme"], list[Piece]]


@dataclass(frozen=True, slots=True)
class Scheme:
    """Colours ("rrggbb") of one kind of fish."""

    back: str
    belly: str
    fin: str
    mark: str


@dataclass(frozen=True, slots=True, eq=False)
class School:
    """How one kind lives together: `length` over a person's height, `spread` in its own lengths."""

    draw: Art
    schemes: tuple[Scheme, ...]
    usual: int  # how many there are when the prompt gives no number
    length: float
    spread: tuple[float, float]
    beats: float  # of the tail, a second
    speed: float  # own lengths a second
    sway: float = 0.055  # of the tail, in own lengths


REEF = (
    Scheme("f6b818", "ffe98a", "ffce3a", "1d3f8f"),
    Scheme("2a6fe0", "8fd0ff", "f5d23c", "10204a"),
    Scheme("f0602c", "ffc79a", "ff9a4a", "5a1420"),
)
SILVER = (Scheme("50728c", "eef6f8", "9fb6c4", "27485f"), Scheme("466a70", "e6f2ee", "93b0b0", "20454a"))
CLOWN = (Scheme("e8590f", "ff9a38", "f0701c", "f8f4ec"),)
GOLD = (Scheme("f0701a", "ffc860", "ff9a40", "ffdf9a"), Scheme("e04a1c", "ffa860", "ff7a3c", "fff0e0"))
KOI = (
    Scheme("f4ece0", "fffaf2", "f2e2d4", "d8401c"),
    Scheme("e8701c", "ffc890", "f5b078", "fff2e2"),
    Scheme("f2e8dc", "fffaf4", "eadcd0", "1c1a20"),
    Scheme("e8b030", "fff0c0", "f0d080", "d07a18"),
)


def reef_pieces(scheme: Scheme) -> list[Piece]:
    """A tall, banded fish of the reef, nose at x = 0.5, tail at -0.5."""
    mark, fin = from_hex(scheme.mark), from_hex(scheme.fin)
    body = smooth(
        (0.50, 0.0), (0.40, 0.10), (0.20, 0.215), (-0.02, 0.225), (-0.20, 0.12), (-0.31, 0.045),
        (-0.31, -0.045), (-0.20, -0.12), (-0.02, -0.22), (0.20, -0.20), (0.40, -0.09),
    )  # fmt: skip
    bands = tuple(
        Patch(smooth((x + w, 0.3), (x + w * 1.3, 0.0), (x + w, -0.3), (x - w, -0.3), (x - w * 0.7, 0), (x - w, 0.3)), mark)
        for x, w in ((0.27, 0.028), (0.05, 0.042), (-0.17, 0.028))
    )
    dorsal = smooth((0.22, 0.19), (0.12, 0.30), (-0.06, 0.33), (-0.22, 0.25), (-0.20, 0.10), (0.0, 0.15))
    anal = smooth((0.06, -0.18), (-0.06, -0.31), (-0.22, -0.25), (-0.20, -0.10))
    return [
        Piece(_tail_fin(0.5, 0.17), fin, _rays((-0.30, 0.0), 0.24, fin * 0.75), 0.012, 0.92),
        Piece(dorsal, fin, _rays((0.0, -0.1), 0.5, fin * 0.75, math.pi / 2), 0.015, 0.95),
        Piece(anal, fin, _rays((0.0, 0.1), 0.5, fin * 0.75, -math.pi / 2), 0.015, 0.95),
        Piece(body, from_hex(scheme.back), (_belly(scheme, -0.06, 0.10), *bands), 0.06),
        Piece(smooth((0.16, -0.03), (0.02, -0.02), (-0.03, -0.10), (0.10, -0.11)), fin, (), 0.012, 0.9),
        *_eye(0.385, 0.035, 0.026),
    ]


def silver_pieces(scheme: Scheme) -> list[Piece]:
    """A slim fish of the open water, its flank a mirror."""
    fin, back = from_hex(scheme.fin), from_hex(scheme.back)
    body = _slim(0.105)
    line = Patch(smooth((0.36, 0.035), (0, 0.045), (-0.32, 0.012), (-0.32, -0.004), (0, 0.018), (0.36, 0.012)), back, 0.006)
    shine = Patch(smooth((0.30, 0.0), (0.0, 0.005), (-0.25, -0.005), (0.0, -0.035), (0.28, -0.03)), np.ones(3), 0.012, 0.8)
    return [
        Piece(_tail_fin(0.5, 0.13, fork=0.10), fin, _rays((-0.32, 0.0), 0.2, fin * 0.75), 0.01, 0.9),
        Piece(smooth((0.08, 0.08), (0.0, 0.18), (-0.08, 0.14), (-0.10, 0.07)), fin, (), 0.01, 0.85),
        Piece(smooth((-0.06, -0.06), (-0.12, -0.14), (-0.18, -0.10), (-0.18, -0.05)), fin, (), 0.01, 0.85),
        Piece(body, back, (_belly(scheme, 0.02, 0.04), line, shine), 0.035),
        Piece(smooth((0.22, -0.02), (0.12, -0.03), (0.08, -0.09), (0.17, -0.06)), fin, (), 0.008, 0.85),
        *_eye(0.40, 0.022, 0.022),
    ]


def clown_pieces(scheme: Scheme) -> list[Piece]:
    """Orange, with three white bars edged in black."""
    fin, white, black = from_hex(scheme.fin), from_hex(scheme.mark), from_hex("15100e")
    body = smooth(
        (0.48, 0.0), (0.40, 0.10), (0.22, 0.185), (0.0, 0.19), (-0.20, 0.12), (-0.31, 0.06), (-0.31, -0.06),
        (-0.20, -0.12), (0.0, -0.185), (0.22, -0.17), (0.40, -0.09),
    )  # fmt: skip
    bars: list[Patch] = []
    for x, width, bulge in ((0.24, 0.042, 0.02), (-0.02, 0.05, 0.07), (-0.25, 0.028, 0.0)):
        for extra, colour in ((0.016, black), (0.0, white)):
            w = width + extra
            bar = smooth((x + w, 0.3), (x + w + bulge, 0.0), (x + w, -0.3), (x - w, -0.3), (x - w, 0.0), (x - w, 0.3))
            bars.append(Patch(bar, colour, 0.004))
    edge = Patch(_tail_fin(0.5, 0.15), black, 0.0, 1.0, 0.03)
    dorsal = smooth((0.20, 0.16), (0.12, 0.25), (0.0, 0.235), (-0.08, 0.27), (-0.20, 0.21), (-0.22, 0.10), (0.0, 0.13))
    anal = smooth((-0.02, -0.16), (-0.08, -0.26), (-0.20, -0.22), (-0.22, -0.10))
    pectoral = smooth((0.17, -0.02), (0.04, 0.03), (-0.02, -0.05), (0.03, -0.12), (0.13, -0.09))
    return [
        Piece(_tail_fin(0.5, 0.15), fin, (*_rays((-0.30, 0.0), 0.22, fin * 0.7), edge), 0.012, 0.96),
        *(Piece(shape, fin, (Patch(shape, black, 0, 1, 0.026),), 0.012) for shape in (dorsal, anal)),
        Piece(body, from_hex(scheme.back), (_belly(scheme, -0.08, 0.08), *bars), 0.055),
        Piece(pectoral, fin, (*_rays((0.15, -0.04), 0.2, fin * 0.7, math.pi), Patch(pectoral, black, 0, 1, 0.022)), 0.012),
        *_eye(0.375, 0.04, 0.026),
    ]


def koi_pieces(scheme: Scheme) -> list[Piece]:
    """A long carp with blots of a second colour, veils for fins and whiskers at the mouth."""
    fin, mark = from_hex(scheme.fin), from_hex(scheme.mark)
    blots = (
        Patch(smooth((0.46, 0.06), (0.34, 0.13), (0.22, 0.09), (0.20, 0.01), (0.34, 0.0)), mark, 0.012),
        Patch(smooth((0.10, 0.16), (-0.04, 0.16), (-0.10, 0.03), (0.0, -0.02), (0.08, 0.03)), mark, 0.012),
        Patch(smooth((-0.20, 0.12), (-0.31, 0.06), (-0.30, -0.01), (-0.20, 0.0)), mark, 0.012),
    )
    scales = tuple(
        Patch(ellipse(point(0.24 - 0.045 * column, 0.075 - 0.036 * row - 0.018 * (column % 2)), 0.026, 0.022, 12), mark * 0.55, 0, 0.16, 0.006)
        for column in range(12)
        for row in range(4)
    )
    veil = smooth((-0.30, 0.035), (-0.40, 0.10), (-0.56, 0.17), (-0.53, 0.05), (-0.48, 0.0), (-0.54, -0.06), (-0.58, -0.17), (-0.40, -0.10), (-0.30, -0.035))
    dorsal = smooth((0.14, 0.10), (0.08, 0.20), (-0.06, 0.185), (-0.17, 0.13), (-0.16, 0.07))
    pelvic = smooth((0.0, -0.09), (-0.07, -0.19), (-0.14, -0.18), (-0.08, -0.08))
    pectoral = smooth((0.26, -0.06), (0.14, -0.09), (0.07, -0.20), (0.17, -0.185), (0.26, -0.10))
    whiskers = smooth((0.47, -0.03), (0.50, -0.065), (0.485, -0.085), (0.485, -0.06), (0.455, -0.035))
    return [
        Piece(veil, fin, _rays((-0.28, 0.0), 0.32, fin * 0.72), 0.012, 0.82),
        Piece(dorsal, fin, _rays((0.05, -0.1), 0.4, fin * 0.72, math.pi / 2), 0.012, 0.85),
        Piece(pelvic, fin, _rays((0.03, -0.02), 0.25, fin * 0.72, -2.2), 0.01, 0.85),
        Piece(whiskers, from_hex(scheme.back) * 0.9, (), 0.006),
        Piece(_slim(0.125), from_hex(scheme.back), (_belly(scheme, -0.02, 0.06), *blots, *scales), 0.05),
        Piece(pectoral, fin, _rays((0.27, -0.05), 0.28, fin * 0.72, -2.4), 0.01, 0.85),
        *_eye(0.405, 0.03, 0.018),
    ]


def goldfish_pieces(scheme: Scheme) -> list[Piece]:
    """A round body and a tail like a skirt."""
    fin = from_hex(scheme.fin)
    body = smooth(
        (0.42, 0.0), (0.36, 0.10), (0.22, 0.17), (0.06, 0.175), (-0.08, 0.08), (-0.13, 0.045), (-0.13, -0.045),
        (-0.08, -0.10), (0.06, -0.18), (0.22, -0.17), (0.36, -0.09),
    )  # fmt: skip
    skirt = smooth((-0.12, 0.04), (-0.24, 0.15), (-0.44, 0.24), (-0.52, 0.14), (-0.42, 0.06), (-0.50, -0.02), (-0.56, -0.16), (-0.46, -0.24), (-0.26, -0.16), (-0.12, -0.04))
    dorsal = smooth((0.20, 0.15), (0.12, 0.28), (-0.04, 0.24), (-0.08, 0.12), (0.02, 0.12))
    pelvic = smooth((0.08, -0.15), (0.0, -0.27), (-0.10, -0.25), (-0.03, -0.14))
    pectoral = smooth((0.20, -0.06), (0.08, -0.08), (0.04, -0.16), (0.14, -0.15))
    return [
        Piece(skirt, fin, _rays((-0.08, 0.0), 0.45, fin * 0.75), 0.015, 0.80),
        Piece(dorsal, fin, _rays((0.06, 0.0), 0.3, fin * 0.75, math.pi / 2), 0.012, 0.85),
        Piece(pelvic, fin, _rays((0.06, -0.1), 0.25, fin * 0.75, -2.0), 0.012, 0.85),
        Piece(body, from_hex(scheme.back), (_belly(scheme, -0.05, 0.09),), 0.07),
        Piece(pectoral, fin, _rays((0.2, -0.05), 0.2, fin * 0.75, -2.6), 0.01, 0.85),
        *_eye(0.325, 0.04, 0.028),
    ]


def schooling(school: School) -> Casting:
    """A casting for a school that passes through the frame, each keeping its place loosely."""

    def cast(role: Role) -> Sequence[Actor]:
        free = at_liberty(role)
        rng = free.rng
        given = free.subject.count
        count = school.usual if given <= 1 else min(30, given * 3 if school.usual >= FEW else given)
        facing = 1.0 if rng.uniform() < 0.5 else -1.0
        length = min(free.size * school.length, 0.4 * free.canvas.base)
        depth = np.sort(rng.uniform(0, 1, count)) if count > 1 else np.ones(1)  # far to near
        tiers = np.minimum((depth * 3).astype(int), 2)
        which = (np.arange(count) if count < FEW else np.zeros(count, int)) + rng.integers(len(school.schemes))
        variant = which % len(school.schemes)  # a large school is all of one kind
        used = sorted(set(zip(variant.tolist(), tiers.tolist(), strict=True)))
        sets = tuple(_pose_set(free, school, school.schemes[own], tier, length, facing) for own, tier in used)
        set_of = tuple(used.index(pair) for pair in zip(variant.tolist(), tiers.tolist(), strict=True))
        return [Swarm(free.where, free.setting, sets, set_of, _path(free, school, depth, length, facing), facing)]

    return cast


def swim_poses(cutout: Cutout, sway: float, count: int = POSES) -> tuple[Cutout, ...]:
    """One beat of the tail: the wave grows towards it, seen half from the side and a little from above."""
    roomy = padded(cutout, 0.02, sway)
    return tuple(swum(roomy, sway, index / count) for index in range(count))


def swum(cutout: Cutout, sway: float, cycle: float) -> Cutout:
    """A body with its nose at 0.5, `cycle` beats into swimming."""
    along = cutout.columns
    share = np.clip(0.42 - along, 0, 1)
    wave = np.sin(2 * math.pi * cycle - 5.2 * share)
    amplitude = sway * share**1.5 * 1.6
    return bend(cutout, amplitude * wave * 0.55, amplitude * 1.35 * np.sin(2 * math.pi * cycle - 5.2 * share + 0.9))


def _pose_set(role: Role, school: School, scheme: Scheme, tier: int, length: float, facing: float) -> tuple[Cutout, ...]:
    if role.subject.colour is not None:
        scheme = Scheme(role.subject.colour, scheme.belly, scheme.fin, scheme.mark)
    light: Light = mirrored(submerged(role), facing)
    size = length * (0.62, 0.85, 1.15)[tier]
    drawn = draw_cutout(school.draw(scheme), light, size)
    share = HAZE_BY_TIER[tier] * (1.0 if school.usual >= FEW else 0.4) + (0.35 if role.where == "water" else 0.0)
    return swim_poses(hazed(drawn, deep_water(role), share), school.sway)


def _path(role: Role, school: School, depth: Floats, length: float, facing: float) -> Callable[[float], Placement]:
    rng, canvas, count = role.rng, role.canvas, len(depth)
    size = length * (0.52 + 0.58 * depth)
    spread_x = min(school.spread[0] * length, 0.36 * canvas.width)
    spread_y = min(school.spread[1] * length, 0.20 * canvas.height)
    # A golden-angle spiral fills an ellipse evenly; chance only loosens it.
    turn = 2.39996 * np.arange(count) + rng.uniform(0, 6.28)
    reach = np.sqrt((np.arange(count) + 0.5) / count) if count > 1 else np.zeros(1)
    reach = rng.permutation(reach)
    offset_x = spread_x * reach * np.cos(turn) + rng.normal(0, 0.12, count) * length
    offset_y = spread_y * reach * np.sin(turn) + rng.normal(0, 0.12, count) * length
    phase, pace = rng.uniform(0, 6.28, count), rng.uniform(0.85, 1.15, count)
    speed = min(school.speed * length, 0.55 * canvas.width / max(1.5, role.brief.duration_seconds))
    start = role.setting.spot.x * canvas.width

    def place_at(seconds: float) -> tuple[Floats, Floats]:
        clock = seconds - role.middle
        lag = offset_x / max(speed, 1e-6) * 0.35  # those behind follow the same curve later
        local = clock + facing * lag
        # Everyone bursts and coasts a little; the whole school breathes and weaves.
        x = start + offset_x * (1 + 0.10 * math.sin(0.7 * seconds)) + facing * (
            speed * clock + 0.16 * length * np.sin(0.9 * pace * seconds + phase)
        )
        weave = 0.55 * np.sin(0.62 * local) + 0.20 * np.sin(1.31 * local + 1.0)
        y = role.y + offset_y * (1 + 0.12 * math.sin(0.55 * seconds + 1)) + 0.5 * speed * weave
        return x, y + 0.10 * speed * np.sin(1.1 * pace * seconds + 1.7 * phase)

    def placed(seconds: float) -> Placement:
        x, y = place_at(seconds)
        later_x, later_y = place_at(seconds + 0.06)
        ahead = np.maximum(facing * (later_x - x), 0.35 * speed * 0.06)
        angle = np.clip(np.arctan2(y - later_y, ahead), -0.6, 0.6)
        beat = school.beats * pace * (1.25 - 0.35 * depth) * seconds + 0.25 * np.sin(0.9 * seconds + phase) + phase
        return Placement(x, y, size, angle, beat)

    return placed


def _slim(depth: float) -> Points:
    return smooth(
        (0.50, 0.0), (0.44, depth * 0.45), (0.28, depth * 0.92), (0.06, depth), (-0.18, depth * 0.55),
        (-0.33, depth * 0.28), (-0.33, -depth * 0.28), (-0.18, -depth * 0.55), (0.06, -depth), (0.28, -depth * 0.85),
        (0.44, -depth * 0.42),
    )  # fmt: skip


def _tail_fin(length: float, half: float, fork: float = 0.05) -> Points:
    root = -0.29
    return smooth(
        (root, 0.045), (root - 0.10, half * 0.8), (-length, half), (-length + 0.01, half * 0.6), (-length + fork, 0.0),
        (-length + 0.01, -half * 0.6), (-length, -half), (root - 0.10, -half * 0.8), (root, -0.045),
    )  # fmt: skip


def _belly(scheme: Scheme, level: float, soft: float) -> Patch:
    return Patch(
        np.array([(0.6, level), (-0.6, level), (-0.6, -0.6), (0.6, -0.6)]), from_hex(scheme.belly), soft, 0.9
    )


def _rays(root: tuple[float, float], length: float, colour: Floats, towards: float = math.pi) -> tuple[Patch, ...]:
    """The bones of a fin: a fan of fine lines from `root`."""
    angles = towards + np.linspace(-0.95, 0.95, 9)
    return tuple(
        Patch(
            np.array([root, (root[0] + length * math.cos(angle), root[1] + length * math.sin(angle))]),
            colour, 0.003, 0.55, 0.007,
        )
        for angle in angles.tolist()
    )  # fmt: skip


def _eye(x: float, y: float, radius: float) -> list[Piece]:
    return [
        Piece(ellipse(point(x, y), radius, radius, 20), from_hex("f4e9c0"), (), 0.0),
        Piece(ellipse(point(x + radius * 0.1, y), radius * 0.66, radius * 0.66, 16), from_hex("0b0a0c"), (), 0.0),
        Piece(ellipse(point(x + radius * 0.3, y + radius * 0.3), radius * 0.22, radius * 0.22, 10), np.ones(3), (), 0.0),
    ]


SCHOOLS = {
    "fish": School(reef_pieces, REEF, 20, 0.33, (4.6, 2.1), 2.6, 1.4),
    "silver_fish": School(silver_pieces, SILVER, 28, 0.33, (4.4, 1.6), 3.2, 1.7),
    "clownfish": School(clown_pieces, CLOWN, 3, 0.62, (1.1, 0.6), 2.2, 0.7),
    "koi": School(koi_pieces, KOI, 5, 0.95, (0.95, 0.42), 1.1, 0.36, 0.075),
    "goldfish": School(goldfish_pieces, GOLD, 4, 0.62, (1.1, 0.65), 1.7, 0.5, 0.08),
}
