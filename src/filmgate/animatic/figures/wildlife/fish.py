"""Small fish: what they look like, and how a school of them moves."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.figures.cutout import Cutout, Piece, bend, draw_cutout, hazed, mirrored, padded
from filmgate.animatic.figures.puppet import Light
from filmgate.animatic.figures.role import Casting, Role
from filmgate.animatic.figures.stage import Actor
from filmgate.animatic.figures.wildlife.fish_art import (
    CLOWN,
    GOLD,
    KOI,
    REEF,
    SILVER,
    Scheme,
    clown_pieces,
    goldfish_pieces,
    koi_pieces,
    reef_pieces,
    silver_pieces,
)
from filmgate.animatic.figures.wildlife.troupe import Placement, Swarm, at_liberty, deep_water, flock_size, submerged
from filmgate.animatic.raster import Floats

POSES = 12  # of one beat of the tail
HAZE_BY_TIER = (0.45, 0.20, 0.0)  # far to near
FEW = 8  # fewer keep close together, so little water lies between them
Art = Callable[["Scheme"], list[Piece]]


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


def schooling(school: School) -> Casting:
    """A casting for a school that passes through the frame, each keeping its place loosely."""

    def cast(role: Role) -> Sequence[Actor]:
        free = at_liberty(role)
        rng = free.rng
        count = flock_size(free.subject, school.usual)
        facing = 1.0 if rng.uniform() < 0.5 else -1.0
        length = min(free.size * school.length, 0.4 * free.canvas.base)
        depth = np.sort(rng.uniform(0, 1, count)) if count > 1 else np.ones(1)  # far to near
        first = int(rng.integers(len(school.schemes)))
        # A large school is all of one kind; of a few, each is its own.
        looks = [
            ((first + (index if count < FEW else 0)) % len(school.schemes), min(2, int(3 * float(near))))
            for index, near in enumerate(depth)
        ]
        used = sorted(set(looks))
        sets = tuple(_pose_set(free, school, school.schemes[own], tier, length, facing) for own, tier in used)
        set_of = tuple(used.index(look) for look in looks)
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


def _pose_set(
    role: Role, school: School, scheme: Scheme, tier: int, length: float, facing: float
) -> tuple[Cutout, ...]:
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
    middle_y = role.y
    if role.where == "water":  # seen from above, just under the surface: a flat crowd, and none above the horizon
        spread_y *= 0.4
        middle_y = max(middle_y, role.setting.stage.horizon + 1.3 * spread_y + length)
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
        x = (
            start
            + offset_x * (1 + 0.10 * math.sin(0.7 * seconds))
            + facing * (speed * clock + 0.16 * length * np.sin(0.9 * pace * seconds + phase))
        )
        weave = 0.55 * np.sin(0.62 * local) + 0.20 * np.sin(1.31 * local + 1.0)
        y = middle_y + offset_y * (1 + 0.12 * math.sin(0.55 * seconds + 1)) + 0.5 * speed * weave
        return x, y + 0.10 * speed * np.sin(1.1 * pace * seconds + 1.7 * phase)

    def placed(seconds: float) -> Placement:
        x, y = place_at(seconds)
        later_x, later_y = place_at(seconds + 0.06)
        ahead = np.maximum(facing * (later_x - x), 0.35 * speed * 0.06)
        angle = np.clip(np.arctan2(y - later_y, ahead), -0.6, 0.6)
        beat = school.beats * pace * (1.25 - 0.35 * depth) * seconds + 0.25 * np.sin(0.9 * seconds + phase) + phase
        return Placement(x, y, size, angle, beat)

    return placed


SCHOOLS = {
    "fish": School(reef_pieces, REEF, 20, 0.33, (4.6, 2.1), 2.6, 1.4),
    "silver_fish": School(silver_pieces, SILVER, 28, 0.33, (4.4, 1.6), 3.2, 1.7),
    "clownfish": School(clown_pieces, CLOWN, 3, 0.62, (1.1, 0.6), 2.2, 0.7),
    "koi": School(koi_pieces, KOI, 5, 0.95, (0.95, 0.42), 1.1, 0.36, 0.075),
    "goldfish": School(goldfish_pieces, GOLD, 4, 0.62, (1.1, 0.65), 1.7, 0.5, 0.08),
}
