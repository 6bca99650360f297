"""Actors that are cut-outs: one alone, or a school or flock of many at little cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from filmgate.animatic.colour import mix
from filmgate.animatic.figures.cutout import Card, Cutout, paint_cards
from filmgate.animatic.figures.puppet import Light
from filmgate.animatic.figures.role import Role
from filmgate.animatic.figures.stage import Setting
from filmgate.animatic.language.reading import Subject
from filmgate.animatic.raster import Floats, Matrix, Pixels, apply, paste, then
from filmgate.animatic.scene import START_SECONDS, Moment

MOST = 30

Cards = Callable[[float], Sequence[Card]]
"""The cards of a figure at `seconds`, from back to front."""


@dataclass(frozen=True, slots=True, eq=False)
class Solo:
    """One figure of cut-outs. `matrix` is canvas from its units, `surface` the row below which water hides it."""

    where: str
    setting: Setting
    cards: Cards
    matrix: Callable[[float], Matrix]
    surface: float | None = None

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        view = self.setting.screen(moment.view)
        if self.surface is not None:
            target = target[: max(0, int(apply(view, np.array([[0.0, self.surface]]))[0, 1]))]
        if target.size:
            paint_cards(target, self.cards(seconds), then(self.matrix(seconds), view))


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """Where each member of a swarm is at one moment, in pixels; arrays of equal length."""

    x: Floats
    y: Floats
    size: Floats  # pixels to the unit
    angle: Floats  # of its nose above the horizon, in radians
    cycle: Floats  # which pose: whole turns of its wings or tail, any real number
    squash: Floats | float = 1.0  # of its length, while it turns


@dataclass(frozen=True, slots=True, eq=False)
class Swarm:
    """Many of a kind, each a cut-out of the pose it is in. `sets` holds the poses of every colour and distance."""

    where: str
    setting: Setting
    sets: tuple[tuple[Cutout, ...], ...]
    set_of: tuple[int, ...]  # of each member; members come far to near
    placed: Callable[[float], Placement]
    facing: float

    def paint(self, target: Pixels, moment: Moment) -> None:
        placed = self.placed(moment.seconds - START_SECONDS)
        view = self.setting.screen(moment.view)
        count = len(self.set_of)
        cosine, sine = np.cos(placed.angle) * placed.size, np.sin(placed.angle) * placed.size
        facing = self.facing * np.broadcast_to(placed.squash, count)
        matrices = np.empty((count, 2, 3))
        matrices[:, 0] = np.stack([cosine * facing, -sine * facing, placed.x], 1)
        matrices[:, 1] = np.stack([-sine, -cosine, placed.y], 1)
        matrices = view[:, :2] @ matrices
        matrices[:, :, 2] += view[:, 2]
        for index, own in enumerate(self.set_of):
            poses = self.sets[own]
            pose = poses[int(placed.cycle[index] % 1.0 * len(poses)) % len(poses)]
            paste(target, pose.pixels, then(pose.to_units, matrices[index]))


def flock_size(subject: Subject, usual: int) -> int:
    """How many fly or swim together: as many as usual, unless the prompt gives a number or more than that."""
    return min(subject.count if subject.exact else max(usual, subject.count), MOST)


def submerged(role: Role) -> Light:
    """The light where something swims: under water it falls from above, whatever the sun does, and colours show."""
    light = role.setting.light
    if role.where != "deep":
        return light
    palette = role.brief.palette
    dim = 0.62 if palette.dark else 1.0
    blue = np.array([0.72, 0.96, 1.06], np.float32) * dim
    return replace(
        light,
        towards=(0.25 * (1 if light.towards[0] >= 0 else -1), -0.97),
        ambient=blue * 0.80,
        sun=np.array([0.92, 1.0, 0.98], np.float32) * 0.95 * dim,
        backlight=0.22 if palette.dark else 0.10,
        silhouette=deep_water(role) * 0.5,
        rim=mix(np.array([0.75, 0.95, 1.0], np.float32), palette.glow, 0.2),
    )


def showing_colours(light: Light, most: float) -> Light:
    """Never more than `most` of a silhouette: for what one comes to see for its colours."""
    if light.backlight <= most:
        return light
    lift = 1 + 0.8 * (light.backlight - most)
    return replace(light, backlight=most, ambient=light.ambient * lift)


def deep_water(role: Role) -> Floats:
    """What things fade into with distance, under water or in the air."""
    palette = role.brief.palette
    if role.where == "water":
        return mix(palette.water, palette.haze, 0.15)
    if role.where != "deep":
        return palette.haze
    return mix(palette.water, np.array([0.10, 0.48, 0.62], np.float32), 0.25 if palette.dark else 0.5)


def at_liberty(role: Role) -> Role:
    """The role with room to swim: on dry land, in the air above it, as in a dream."""
    spots = role.setting.stage.spots
    if role.where in ("ground", "shore", "table") and "air" in spots:
        return replace(role, where="air", setting=replace(role.setting, spot=spots["air"]))
    return role
