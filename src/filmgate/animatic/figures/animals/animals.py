"""Casting of four-legged animals: who stands where in a herd, what each one does, and the way it goes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from filmgate.animatic.figures.actors import halo_light, lay_shadow, shadow_matrix, soft_disc
from filmgate.animatic.figures.animals.beasts import Beast, beast
from filmgate.animatic.figures.animals.postures import stride_gait
from filmgate.animatic.figures.animals.species import Species, species
from filmgate.animatic.figures.performance import TURN_HEIGHTS, Performance, State, path, plan
from filmgate.animatic.figures.puppet import paint, standing
from filmgate.animatic.figures.role import Casting, Castings, Role
from filmgate.animatic.figures.stage import Actor, Setting
from filmgate.animatic.raster import Pixels, apply, paste_light, place, then
from filmgate.animatic.scene import START_SECONDS, Moment

AFLOAT = frozenset({"water", "deep", "air"})
SUNK = 0.52  # of a swimmer's height, under the water
ROOM = 0.80  # of the frame's width that a walk may take
SLOWEST, SLOWEST_RUN = 0.70, 0.60  # of its usual pace, to stay in the frame
DEEPEST, NEAREST = 0.34, 0.16  # how far a herd reaches behind and before its spot, over the way to the horizon
ABREAST = 0.62  # of the frame's width that a herd may take
NOTABLE, LEVELLING = (
    0.92,
    0.58,
)  # with nobody beside to compare with, sizes differ less: the camera is nearer to a mouse
TABLE_SIZE = 0.38  # of a person: the back of what sits on a table or a sill
FRAMED_HEAD, HEADROOM = 0.31, 0.32  # length of a head in a close shot, over a person; and what is above the nape
CLOSE_DRIFT = 0.10  # of the frame's width: when the feet are out of frame, the camera goes along
TOLD_APART = 0.07  # by how much members of a herd differ in size
TUMBLE = 0.045  # radians a second, without weight


@dataclass(frozen=True, slots=True)
class Route:
    """The way of one animal over the ground, in pixels. It is `length` long and centred on `x`."""

    x: float
    heading: float
    height_px: float
    length: float  # of its back heights
    slip: float = 1.0  # of what it walks, seen; less where the camera goes along
    lap: float | None = None  # back heights after which it comes in again from the other side
    turns: bool = False

    def at(self, distance: float) -> tuple[float, float]:
        """Its column and which way it faces (-1..1) after `distance` back heights."""
        walked = distance * self.slip
        if self.turns:
            along, facing = path(TURN_HEIGHTS + walked, self.length / 2)
        else:
            along, facing = walked - self.length / 2, 1.0
            if self.lap is not None:
                along = (along + self.lap / 2) % self.lap - self.lap / 2
        return self.x + self.heading * along * self.height_px, facing * self.heading


@dataclass(frozen=True, slots=True, eq=False)
class Animal:
    """An animal on its way. `aside` is how much lower it stands than the spot, `phase` makes its step its own."""

    where: str
    setting: Setting
    beast: Beast
    performance: Performance
    route: Route
    aside: float
    phase: float
    gust: float
    shadow: Pixels
    halo: Pixels | None

    def paint(self, target: Pixels, moment: Moment) -> None:
        state = self.performance.at(moment.seconds - START_SECONDS)
        x, facing = self.route.at(state.distance)
        size = self.route.height_px
        y = self.setting.foot(x) + self.aside
        view = self.setting.screen(moment.view)
        if self.where in AFLOAT:
            y += SUNK * size
            target = target[: max(0, int(apply(view, np.array([[x, y - SUNK * size]]))[0, 1]))]
            if not target.size:
                return
        else:
            if self.halo is not None:
                glow = place(x, y - 0.6 * size, size / 40, pivot=(48, 48))
                paste_light(target, self.halo, then(glow, view))
            radius = (0.5 * self.beast.kind.length + 0.26) * size
            lay_shadow(target, self.shadow, then(shadow_matrix(x, y, radius), view))
        shapes = self.beast.shapes(self._own(state), self.performance.gait, self.gust)
        paint(target, shapes, then(standing(x, y, size, facing), view), self.setting.light)

    def _own(self, state: State) -> State:
        """The state with this one's own step and breath."""
        return replace(state, phase=state.phase + self.phase, seconds=state.seconds + 3.0 * self.phase)


@dataclass(frozen=True, slots=True, eq=False)
class Drifter:
    """An animal without weight: it paddles and turns about its middle."""

    where: str
    setting: Setting
    beast: Beast
    performance: Performance
    height_px: float
    x: float
    y: float
    phase: float

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        side = self.setting.heading
        size = self.height_px
        x = self.x + side * 0.02 * size * seconds
        y = self.y + 0.025 * size * math.sin(0.5 * seconds + self.phase)
        lean = side * (TUMBLE * seconds - 0.15) + 0.06 * math.sin(0.6 * seconds + self.phase)
        raised = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, -0.6]])  # its middle becomes the origin
        matrix = then(then(raised, standing(x, y, size, side, lean)), self.setting.screen(moment.view))
        state = self.performance.at(seconds)
        state = replace(state, seconds=state.seconds + 3.0 * self.phase)
        paint(target, self.beast.shapes(state, self.performance.gait), matrix, self.setting.light)


@dataclass(frozen=True, slots=True)
class Station:
    """Where a member of a herd stands: column in pixels, how near it is (1: on the spot), size among its kind."""

    x: float
    nearness: float
    size: float


def _stations(role: Role, length: float) -> list[Station]:
    """A herd in loose order, the farthest first. `length` is of one animal, in pixels."""
    count, rng = role.subject.count, role.rng
    spot, width = role.setting.spot, role.canvas.width
    if count == 1:
        return [Station(spot.x * width, 1.0, 1.0)]
    gap = min(0.86 * length, ABREAST * width / count)
    order = rng.permutation(count)
    deep = 0.0 if spot.level else 1.0
    stations: list[Station] = []
    for index in range(count):
        share = order[index] / (count - 1)
        nearness = 1.0 + deep * (NEAREST - (DEEPEST + NEAREST) * (1 - share)) * min(1.0, count / 4)
        x = spot.x * width + (index - (count - 1) / 2 + rng.uniform(-0.18, 0.18)) * gap
        stations.append(Station(x, nearness, 1.0 + rng.uniform(-TOLD_APART, TOLD_APART)))
    return sorted(stations, key=lambda station: station.nearness)


def _casting(name: str) -> Casting:
    kind = species()[name]

    def cast(role: Role) -> Sequence[Actor]:
        if role.setting.stage.weightless or (role.where in AFLOAT and role.where != "water"):
            return [_drifter(role, name, index) for index in range(role.subject.count)]
        height = _height(role, kind)
        stations = _stations(role, height * (kind.length + kind.neck + 0.25))
        return [_animal(role, name, station, height, index) for index, station in enumerate(stations)]

    return cast


def _on_table(role: Role) -> bool:
    """Whether it is on a table or a sill; a room that is seen from near has no other ground."""
    spot, spots = role.setting.spot, role.setting.stage.spots
    return role.where == "table" or (role.where == "ground" and spot.level and "table" in spots)


def _height(role: Role, kind: Species) -> float:
    """Height of the back of one on the spot, in pixels."""
    if _on_table(role):
        return role.size * (TABLE_SIZE if role.where == "table" else min(kind.size, TABLE_SIZE))
    if role.setting.spot.level:
        return FRAMED_HEAD * role.size / kind.head
    herd = 1.0 if role.subject.count == 1 else 0.90
    among_animals = all(subject.kind in species() for subject in role.brief.reading.subjects)
    size = NOTABLE * (kind.size / NOTABLE) ** LEVELLING if among_animals else kind.size
    return role.size * size * herd


def _sunk(role: Role, kind: Species, size: float) -> float:
    """How much lower than the spot it stands when the picture is framed for the head of a person, in pixels."""
    if not role.setting.spot.level or _on_table(role):
        return 0.0
    head = kind.withers - kind.neck_base + kind.neck * math.cos(kind.neck_angle)
    return (head + HEADROOM) * size - role.size


def _coat(role: Role, kind: Species) -> str:
    scheme = int(role.rng.integers(len(kind.coats)))
    return role.subject.colour or kind.coats[scheme]


def _animal(role: Role, name: str, station: Station, height_px: float, index: int) -> Animal:
    kind, setting, spot = species()[name], role.setting, role.setting.spot
    stage = setting.stage
    ratio = station.nearness
    near = replace(setting, spot=replace(spot, depth=min(1.0, spot.depth * ratio)))
    size = height_px * station.size * ratio
    performance, route = _way(role, kind, station.x, size, index)
    halo = setting.dark and not stage.low_gravity
    return Animal(
        where=role.where,
        setting=near,
        beast=beast(name, _coat(role, kind)),
        performance=performance,
        route=route,
        aside=(ratio - 1.0) * (spot.y - stage.horizon) + _sunk(role, kind, size),
        phase=0.0 if role.subject.count == 1 else float(role.rng.uniform(0, 2 * math.pi)),
        gust=max(0.0, min(1.0, (role.brief.reading.wind - 0.6) / 1.8)),
        shadow=soft_disc(stage.shadow),
        halo=halo_light(role.brief.palette.glow) if halo else None,
    )


def _way(role: Role, kind: Species, x: float, height_px: float, index: int) -> tuple[Performance, Route]:
    """What it does over the clip and where that leads it, in the frame if that can be."""
    duration, width, heading = role.brief.duration_seconds, role.canvas.width, role.setting.heading
    actions = role.actions or (_usual(role, kind, index),)

    def performed(haste: float) -> Performance:
        return plan(actions, duration, stride_gait(kind, haste), usual="stand")

    performance = performed(1.0)
    total = performance.at(duration).distance
    feet = role.setting.spot.y + _sunk(role, kind, height_px)
    if role.setting.spot.level and feet > role.canvas.height:
        x -= heading * (0.5 * kind.length + 0.8 * kind.neck) * height_px  # its head, not its middle, is looked at
        slip = min(1.0, CLOSE_DRIFT * width / height_px / max(total, 1e-6))
        return performance, Route(x, heading, height_px, total * slip, slip)
    runs = "run" in actions
    room = ROOM * width / height_px
    if total > room:
        performance = performed(max(SLOWEST_RUN if runs else SLOWEST, room / total))
        total = performance.at(duration).distance
    # The herd as a whole finds room in the frame; its members keep their places in it.
    middle = role.setting.spot.x * width
    aside = x - middle
    if total <= room:
        slack = (room - total) / 2 * height_px
        return performance, Route(width / 2 + _within(middle - width / 2, slack) + aside, heading, height_px, total)
    if runs:  # it goes out of the frame and comes in again
        lap = width / height_px + 2 * (kind.length + kind.neck + kind.tail + 0.6) + 2 * abs(aside) / height_px
        return performance, Route(width / 2 + aside, heading, height_px, room, lap=lap)
    length = max(2 * TURN_HEIGHTS, room)
    return performance, Route(width / 2 + 0.5 * aside, heading, height_px, length, turns=True)


def _within(value: float, limit: float) -> float:
    return max(-limit, min(limit, value))


def _usual(role: Role, kind: Species, index: int) -> str:
    """What it does when the prompt does not say."""
    if role.where == "water":
        return "walk"
    if _on_table(role):
        return ("sit", "sit", "sleep")[int(role.rng.integers(3))] if kind.sits else "sleep"
    if role.setting.spot.level:
        return "stand"
    if role.subject.count > 2 and index % 3 == 1:
        return "graze" if kind.grazes else "stand"
    return "walk"


def _drifter(role: Role, name: str, index: int) -> Drifter:
    kind, spot, height = species()[name], role.setting.spot, role.setting.spot.height_px
    side = 1 if index % 2 else -1
    size = height * min(1.0, 0.35 + 0.5 * kind.size) * (1.0, 0.66, 0.48, 0.38)[min(index, 3)]
    gait = stride_gait(kind)
    return Drifter(
        where=role.where,
        setting=role.setting,
        beast=beast(name, _coat(role, kind)),
        performance=plan(("float",), role.brief.duration_seconds, gait, usual="float"),
        height_px=size,
        x=spot.x * role.canvas.width + ((index + 1) // 2) * side * 1.1 * height,
        y=spot.y + side * 0.22 * height * index,
        phase=float(role.rng.uniform(0, 2 * math.pi)),
    )


CASTINGS: Castings = MappingProxyType({name: _casting(name) for name in species()})
