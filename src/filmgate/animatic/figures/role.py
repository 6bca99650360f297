"""A role: one subject of the prompt on its spot, and what chance gave each of those who play it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.stage import Actor, Setting
from filmgate.animatic.language.reading import Subject
from filmgate.animatic.raster import Canvas, Floats
from filmgate.animatic.scene import Brief

# Companions in the air keep apart and stand further off: steps in frame widths and bases, and their size.
FORMATION = ((0.0, 0.0, 1.0), (0.27, -0.05, 0.62), (-0.25, -0.10, 0.45), (0.42, 0.06, 0.75), (-0.40, 0.02, 0.50))


@dataclass(frozen=True, slots=True, eq=False)
class Role:
    """A subject of the prompt, `subject.count` of them, to be cast at one spot of the stage."""

    brief: Brief
    setting: Setting
    where: str  # the habitat
    subject: Subject

    @property
    def rng(self) -> np.random.Generator:
        return self.brief.rng

    @property
    def canvas(self) -> Canvas:
        return self.setting.stage.canvas

    @property
    def size(self) -> float:
        """Height of a person at this spot, in pixels."""
        return self.setting.spot.height_px

    @property
    def y(self) -> float:
        return self.setting.spot.y

    @property
    def middle(self) -> float:
        """When what passes the spot passes it: half-way through the clip, in seconds."""
        return self.brief.duration_seconds / 2

    @property
    def actions(self) -> tuple[str, ...]:
        """What the prompt has it do, in order."""
        return self.subject.actions or self.brief.reading.actions

    def colour(self, usual: str) -> Floats:
        """The colour that the prompt gave it, else the one of the whole picture, else `usual`."""
        return from_hex(self.subject.colour or self.brief.reading.accent or usual)

    def pick(self, options: Sequence[str]) -> Floats:
        """One of several colours, by chance."""
        return from_hex(options[int(self.rng.integers(len(options)))])


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """One of those who play a role."""

    role: Role
    index: int
    facing: float  # 1 to the right, -1 to the left
    phase: float  # radians, so that no two move in step
    scheme: int  # picks one of several colour schemes

    @property
    def x(self) -> float:
        """Its place on the ground or the water, in pixels: side by side around the spot."""
        count = self.role.subject.count
        spread = (self.index - (count - 1) / 2) * min(0.20, 0.6 / count)
        return (self.role.setting.spot.x + spread) * self.role.canvas.width

    def in_formation(self) -> tuple[float, float, float]:
        """Its place and size in the air, in pixels."""
        role, (step_x, step_y, share) = self.role, FORMATION[self.index % len(FORMATION)]
        x = (role.setting.spot.x + step_x) * role.canvas.width
        return x, role.y + step_y * role.canvas.base, role.size * share


Casting = Callable[[Role], Sequence[Actor]]
"""Makes the actors of one role, in the order in which they are painted."""

Castings = Mapping[str, Casting]


def one_by_one(build: Callable[[Member], Actor]) -> Casting:
    """A casting whose members do not know of each other."""

    def cast(role: Role) -> Sequence[Actor]:
        rng, count = role.rng, role.subject.count
        facing = 1.0 if rng.uniform() < 0.5 else -1.0  # all the same way
        return [
            build(Member(role, index, facing, float(rng.uniform(0, 6.28)), int(rng.integers(1000))))
            for index in range(count)
        ]

    return cast
