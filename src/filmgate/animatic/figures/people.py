"""Casting of people: who they are, what they wear, and with whom they walk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.human import HUMAN_GAIT, MOON_GAIT, Look, human_shapes
from filmgate.animatic.figures.performance import Performance
from filmgate.animatic.figures.puppet import Shape
from filmgate.animatic.figures.role import Casting, Castings, Role
from filmgate.animatic.figures.stage import Actor
from filmgate.animatic.figures.walkers import GAP, Drawing, walkers

SIZES = {"child": 0.64, "woman": 0.95}
COATS = {"woman": 0.22, "person": 0.10}
SKINS, TOPS = ("e0b08c", "c68a5e", "8a5a3a", "f0c8a4"), ("a8322c", "2f5d8a", "c9a227", "3f7a52", "e4e0d8", "5a3f74")
LEGS, HAIR = ("2a2f3a", "4a4036", "1d2430", "6a6458"), ("1a1412", "3a261a", "6a4526", "2a2622")
UMBRELLA = "b3352c"
ARM_IN_ARM = 0.42  # of a body height, between the two of a couple


def _alike(kind: str) -> Casting:
    return lambda role: _together(role, (kind,) * role.subject.count, GAP)


def _couple(role: Role) -> Sequence[Actor]:
    gap = ARM_IN_ARM * role.size / role.canvas.width
    return _together(role, ("person", "woman") * role.subject.count, gap)


def _together(role: Role, members: Sequence[str], gap: float) -> Sequence[Actor]:
    gait = MOON_GAIT if role.setting.stage.low_gravity else HUMAN_GAIT
    sizes = [SIZES.get(member, 1.0) for member in members]
    return walkers(role, gait, sizes, [_drawing(role, member) for member in members], gap=gap)


def _drawing(role: Role, kind: str) -> Drawing:
    look, low_gravity = _look(role, kind), role.setting.stage.low_gravity

    def draw(performance: Performance) -> Callable[[float], list[Shape]]:
        return lambda seconds: human_shapes(performance.at(seconds), look, low_gravity=low_gravity)

    return draw


def _look(role: Role, kind: str) -> Look:
    reading = role.brief.reading
    skin, top, legs, hair = (role.pick(options) for options in (SKINS, TOPS, LEGS, HAIR))
    given = role.subject.colour or reading.accent
    accent = from_hex(given) if given else None
    wet = reading.weather in ("rain", "storm") or "umbrella" in reading.features
    covered = wet and kind != "astronaut" and not role.setting.stage.low_gravity
    return Look(
        skin=skin,
        top=top if accent is None or covered else accent,
        legs=legs,
        hair=hair,
        bulk=1.7 if kind == "astronaut" else 1.0,
        coat=COATS.get(kind, 0.0),
        long_hair=kind == "woman",
        suit=kind == "astronaut",
        umbrella=(from_hex(UMBRELLA) if accent is None else accent) if covered else None,
    )


CASTINGS: Castings = MappingProxyType(
    {**{kind: _alike(kind) for kind in ("person", "woman", "child", "astronaut")}, "couple": _couple}
)
