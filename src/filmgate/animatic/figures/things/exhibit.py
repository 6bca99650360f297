"""An exhibit: a thing that stands (or hovers) to be looked at, with whatever is alive about it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from filmgate.animatic.figures.actors import lay_shadow, shadow_matrix, soft_disc
from filmgate.animatic.figures.cutout import Card, Cutout, flatten
from filmgate.animatic.figures.puppet import Light, standing
from filmgate.animatic.figures.role import Casting, Member, one_by_one
from filmgate.animatic.figures.stage import Setting
from filmgate.animatic.figures.things.vapour import Adornment
from filmgate.animatic.raster import Floats, Pixels, then
from filmgate.animatic.scene import START_SECONDS, Moment

SMALLEST_PX, LARGEST_PX = 10.0, 1400.0  # of the unit of a thing, when it is drawn
ON_TABLE, ON_GROUND = 1.0, 0.85  # heights of a person there that a unit is
LEAST_BACKLIGHT = 0.34  # small things near us are lit from our side, too


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """Cards from back to front in units of their own, and what moves: behind the cards, or before them.

    `base` is half the width of what touches the table; with `hover` it floats so high above it, and sways.
    """

    cards: Sequence[Card]
    base: float
    size: float = 1.0  # units, over the usual
    behind: Sequence[Adornment] = ()
    before: Sequence[Adornment] = ()
    hover: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """What a thing is made with: the light on it, chance, and how many pixels its unit has."""

    member: Member
    light: Light
    unit_px: float

    @property
    def rng(self) -> np.random.Generator:
        return self.member.role.rng

    def colour(self, *usual: str) -> Floats:
        """The colour that the prompt gave it, else one of the usual ones."""
        role = self.member.role
        return role.colour(usual[self.member.scheme % len(usual)])


@dataclass(frozen=True, slots=True, eq=False)
class Exhibit:
    where: str
    setting: Setting
    cutout: Cutout
    thing: Thing
    x: float
    y: float
    unit_px: float
    phase: float
    shadow: Pixels
    contact: Pixels

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        view, thing = self.setting.screen(moment.view), self.thing
        raised = lean = 0.0
        if thing.hover:
            raised = thing.hover * (1 + 0.28 * math.sin(seconds * 1.3 + self.phase))
            lean = 0.035 * math.sin(seconds * 0.9 + self.phase)
        reach = thing.base * self.unit_px
        lay_shadow(target, self.shadow, then(shadow_matrix(self.x, self.y, reach * (1.9 + raised)), view))
        if not thing.hover:
            lay_shadow(target, self.contact, then(shadow_matrix(self.x, self.y, reach * 1.22), view))
        matrix = then(standing(self.x, self.y - raised * self.unit_px, self.unit_px, 1.0, lean), view)
        for adornment in thing.behind:
            adornment.paint(target, seconds, matrix)
        self.cutout.paint(target, matrix)
        for adornment in thing.before:
            adornment.paint(target, seconds, matrix)


def exhibited(make: Callable[[Bench], Thing], size: float = 1.0) -> Casting:
    """A casting for things of `size` units of ON_TABLE or ON_GROUND."""

    def build(member: Member) -> Exhibit:
        role = member.role
        share = ON_TABLE if role.where == "table" else ON_GROUND
        crowded = 1.0 if role.subject.count <= 3 else 3.0 / role.subject.count
        unit_px = role.size * share * size * crowded
        drawn_px = min(LARGEST_PX, max(SMALLEST_PX, unit_px * (1.15 if role.where == "table" else 1.0)))
        own = role.setting.light
        light = replace(own, backlight=min(own.backlight, LEAST_BACKLIGHT))
        thing = make(Bench(member, light, drawn_px))
        return Exhibit(
            where=role.where,
            setting=role.setting,
            cutout=flatten(thing.cards, drawn_px),
            thing=thing,
            x=member.x,
            y=role.y if role.where in ("water", "air", "table") else role.setting.foot(member.x),
            unit_px=unit_px,
            phase=member.phase,
            shadow=soft_disc(0.9 * role.setting.stage.shadow),
            contact=soft_disc(1.0),
        )

    return one_by_one(build)
