"""Casting of people, astronauts and robots: who they are, what they do, and with whom they walk."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.actors import Mover, soft_disc
from filmgate.animatic.figures.people.acting import HUMAN_GAIT, MOON_GAIT
from filmgate.animatic.figures.people.astronaut import STRIPE, astronaut
from filmgate.animatic.figures.people.figure import THREE_QUARTERS, Figure
from filmgate.animatic.figures.people.riders import HEIGHTS_PER_TURN
from filmgate.animatic.figures.people.robot import robot
from filmgate.animatic.figures.people.wardrobe import WARDROBE, Occasion, dressed
from filmgate.animatic.figures.performance import State
from filmgate.animatic.figures.puppet import Shape, standing
from filmgate.animatic.figures.role import Casting, Castings, Member, Role, one_by_one
from filmgate.animatic.figures.stage import Actor
from filmgate.animatic.figures.walkers import GAP, striders
from filmgate.animatic.raster import Matrix

SIZES: Mapping[str, float] = MappingProxyType(
    {"child": 0.66, "woman": 0.95, "elder": 0.96, "dancer": 0.95, "robot": 1.04}
)
USUAL: Mapping[str, str] = MappingProxyType({"dancer": "dance", "superhero": "fly"})
ROBOTS = ("d8dce2", "d8603a", "e0b23a", "5a8a9a", "7a8290")
ARM_IN_ARM = 0.42  # of a body height, between the two of a couple
# Seen from near, people turn their faces to us.
YAWS: Mapping[str, float] = MappingProxyType({"medium": 0.85, "close": 0.95})
CYCLING_YAW = 0.14
CYCLING_HEIGHTS, SURFING_HEIGHTS, SWIMMING_HEIGHTS = 1.5, 0.32, 0.16  # a second
SWIMMING_DEPTH = 0.42  # of a body height: where a swimmer's back breaks the surface
CHILLY = frozenset({"snowfield", "mountains"})


def _alike(kind: str) -> Casting:
    def cast(role: Role) -> Sequence[Actor]:
        return _together(role, (kind,) * role.subject.count, GAP)

    return cast


def _couple(role: Role) -> Sequence[Actor]:
    gap = ARM_IN_ARM * role.size / role.canvas.width
    return _together(role, ("person", "woman") * role.subject.count, gap)


def _together(role: Role, members: Sequence[str], gap: float) -> Sequence[Actor]:
    if role.where in ("deep", "water") and not role.setting.stage.weightless:
        return one_by_one(lambda member: _swimmer(member, members[member.index]))(role)
    sizes = [SIZES.get(member, 1.0) for member in members]
    usual = "float" if role.where == "air" and members[0] != "superhero" else USUAL.get(members[0], "walk")
    yaw = YAWS.get(role.brief.reading.framing, THREE_QUARTERS)
    return striders(role, [_figure(role, member) for member in members], sizes, gap=gap, usual=usual, yaw=yaw)


def _figure(role: Role, kind: str) -> Figure:
    occasion = _occasion(role)
    phase = float(role.rng.uniform(0, 3))
    gait = MOON_GAIT if occasion.low_gravity else HUMAN_GAIT
    if kind == "astronaut":
        return astronaut(from_hex(STRIPE) if occasion.colour is None else occasion.colour, gait, phase)
    if kind == "robot":
        return robot(occasion.pick(ROBOTS) if occasion.colour is None else occasion.colour, gait, phase)
    return dressed(WARDROBE[kind](occasion), occasion)


def _occasion(role: Role) -> Occasion:
    reading = role.brief.reading
    given = role.subject.colour or reading.accent
    return Occasion(
        rng=role.rng,
        colour=from_hex(given) if given else None,
        wet=reading.weather in ("rain", "storm") or "umbrella" in reading.features,
        cold=reading.season == "winter" or reading.weather == "snow" or reading.scene in CHILLY,
        wind=reading.wind,
        low_gravity=role.setting.stage.low_gravity,
    )


def _passing(figure: Figure, action: str, speed: float, yaw: float) -> Callable[[float], list[Shape]]:
    """The shapes of someone who does the same all the time, `speed` body heights a second."""

    def shapes(seconds: float) -> list[Shape]:
        distance = speed * seconds
        phase = 2 * math.pi * distance / HEIGHTS_PER_TURN
        return figure.shapes(State(action, action, 0.5, 1.0, seconds, distance, phase, effort=speed / 0.74), yaw)

    return shapes


def _across(member: Member, size: float, heights_per_second: float) -> float:
    """Pixels a second, slow enough to stay in the picture."""
    role = member.role
    return min(heights_per_second * size, 0.62 * role.canvas.width / max(1.0, role.brief.duration_seconds))


def _cyclist(member: Member) -> Mover:
    role, size = member.role, member.role.size
    speed = _across(member, size, CYCLING_HEIGHTS)
    heading = role.setting.heading

    def ride(seconds: float) -> Matrix:
        x = member.x + heading * speed * (seconds - role.middle)
        return standing(x, role.setting.foot(x), size, heading)

    shapes = _passing(_figure(role, "cyclist"), "ride", speed / size, CYCLING_YAW)
    return Mover(role.where, role.setting, shapes, ride, soft_disc(role.setting.stage.shadow), size * 0.52)


def _surfer(member: Member) -> Mover:
    role, size = member.role, member.role.size * 0.8
    speed = _across(member, size, SURFING_HEIGHTS)

    def ride(seconds: float) -> Matrix:
        x = member.x + member.facing * speed * (seconds - role.middle)
        bob = 0.025 * math.sin(seconds * 1.6 + member.phase)
        lean = member.facing * (0.05 * math.sin(seconds * 1.1 + member.phase) - 0.05)
        return standing(x, role.y + bob * size, size, member.facing, lean)

    shapes = _passing(_figure(role, "surfer"), "ride", speed / size, THREE_QUARTERS)
    return Mover(role.where, role.setting, shapes, ride, mirrored=role.where == "water")


def _swimmer(member: Member, kind: str) -> Mover:
    """Someone who swims: under water, or with the back above its surface."""
    role, size = member.role, member.role.size * SIZES.get(kind, 1.0)
    speed = _across(member, size, SWIMMING_HEIGHTS)
    floats = role.where == "water"
    row = role.y + size * (SWIMMING_DEPTH if floats else 0.45 + 0.22 * (member.index % 3))

    def swim(seconds: float) -> Matrix:
        x = member.x + member.facing * speed * (seconds - role.middle)
        y = row + 0.02 * size * math.sin(seconds * 0.9 + member.phase)
        return standing(x, y, size, member.facing, 0.03 * math.sin(seconds * 0.7 + member.phase))

    figure = replace(_figure(role, kind), wind=0.0)
    shapes = _passing(figure, "swim", speed / size, THREE_QUARTERS)
    return Mover(role.where, role.setting, shapes, swim, surface=role.y if floats else None)


WALKING = ("astronaut", "robot", *(kind for kind in WARDROBE if kind not in ("cyclist", "surfer", "diver")))

CASTINGS: Castings = MappingProxyType(
    {
        **{kind: _alike(kind) for kind in WALKING},
        "couple": _couple,
        "cyclist": one_by_one(_cyclist),
        "surfer": one_by_one(_surfer),
        "diver": one_by_one(lambda member: _swimmer(member, "diver")),
    }
)
