"""Casting: puts the subjects of a prompt into a scene, each where it belongs, and paints them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from filmgate.animatic.camera import View, plane_matrix
from filmgate.animatic.colour import from_hex, to_pixels
from filmgate.animatic.figures import animals, craft
from filmgate.animatic.figures.human import HUMAN_GAIT, MOON_GAIT, Look, human_shapes
from filmgate.animatic.figures.performance import Performance, path, plan
from filmgate.animatic.figures.puppet import Light, Shape, light_for, paint, standing
from filmgate.animatic.raster import Canvas, Floats, Matrix, Pixels, fill, paste_light, resize, screen, then, tint, veil
from filmgate.animatic.reading import Subject
from filmgate.animatic.scenes.base import Brief, Moment

WALK_SHARE = 0.30  # of the frame's width, to either side of the spot
PEOPLE = frozenset({"person", "woman", "child", "couple", "astronaut"})
HABITATS = {
    **dict.fromkeys(("person", "woman", "child", "couple", "astronaut", "car", "tent", *animals.SPECIES), "ground"),
    **dict.fromkeys(("sailboat", "ship", "whale", "dolphin"), "water"),
    **dict.fromkeys(("birds", "balloon", "plane", "rocket"), "air"),
    "lighthouse": "shore",
}
ELSEWHERE = {
    "ground": ("shore", "water", "air"),
    "water": ("ground", "air"),
    "shore": ("ground", "water", "air"),
    "air": (),
}
SKINS, TOPS = ("e0b08c", "c68a5e", "8a5a3a", "f0c8a4"), ("a8322c", "2f5d8a", "c9a227", "3f7a52", "e4e0d8", "5a3f74")
LEGS, HAIR = ("2a2f3a", "4a4036", "1d2430", "6a6458"), ("1a1412", "3a261a", "6a4526", "2a2622")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for figures: share of the width, row of their feet (or middle), height of a person there, depth."""

    x: float
    y: float
    height_px: float
    depth: float


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """What a scene offers its cast. `floor` gives the row of the ground at a column, for slopes."""

    canvas: Canvas
    horizon: float
    spots: dict[str, Spot]
    light_from: tuple[float, float]
    floor: Callable[[float], float] | None = None
    low_gravity: bool = False
    shadow: float = 0.5
    weightless: bool = False


class Actor(Protocol):
    """One figure. `where` is the habitat it was placed in, so that scenes paint it between the right layers."""

    @property
    def where(self) -> str: ...

    def paint(self, target: Pixels, moment: Moment) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class _Setting:
    """What every actor needs to come from its own units to the screen."""

    stage: Stage
    spot: Spot
    light: Light
    dark: bool

    def screen(self, view: View) -> Matrix:
        return plane_matrix(self.stage.canvas, self.stage.horizon, self.spot.depth, view)

    def foot(self, x: float) -> float:
        return self.spot.y if self.stage.floor is None else self.stage.floor(x)


@dataclass(frozen=True, slots=True, eq=False)
class Walker:
    """Anything that walks: people, astronauts, animals."""

    where: str
    setting: _Setting
    shapes: Callable[[float], list[Shape]]
    performance: Performance
    height_px: float
    x: float
    reach: float  # body heights to either side
    start: float  # body heights already walked
    heading: float
    shadow: Pixels
    halo: Pixels | None

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - 2.0
        state = self.performance.at(seconds)
        along, facing = path(self.start + state.distance, self.reach)
        x = self.x + self.heading * along * self.height_px
        y = self.setting.foot(x)
        view = self.setting.screen(moment.view)
        if self.halo is not None:
            glow = np.array(
                [
                    [self.height_px / 40, 0, x - self.height_px * 1.2],
                    [0, self.height_px / 48, y - self.height_px * 1.15],
                ]
            )
            paste_light(target, self.halo, then(glow, view))
        _lay_shadow(target, self.shadow, then(_shadow_matrix(x, y, self.height_px * 0.42), view))
        body = then(standing(x, y, self.height_px, facing * self.heading), view)
        paint(target, self.shapes(seconds), body, self.setting.light, steps=5)


@dataclass(frozen=True, slots=True, eq=False)
class Floater:
    """A weightless figure: it drifts, turns slowly about its middle, and moves its limbs as if under water."""

    where: str
    setting: _Setting
    shapes: Callable[[float], list[Shape]]
    height_px: float
    x: float
    y: float
    heading: float
    phase: float

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - 2.0
        height = self.height_px
        x = self.x + self.heading * 0.018 * height * seconds
        y = self.y + height * (0.02 * math.sin(seconds * 0.5 + self.phase) - 0.008 * seconds)
        lean = self.heading * (-0.22 + 0.045 * seconds) + 0.05 * math.sin(seconds * 0.6 + self.phase)
        raised = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, -0.52]])  # its middle becomes the origin
        body = then(raised, standing(x, y, height, self.heading, lean))
        paint(target, self.shapes(seconds), then(body, self.setting.screen(moment.view)), self.setting.light, steps=5)


@dataclass(frozen=True, slots=True, eq=False)
class Vehicle:
    """Anything whose motion is a closed path of time: boats, cars, balloons, planes, leaping whales, a lighthouse."""

    where: str
    setting: _Setting
    shapes: Callable[[float], list[Shape]]
    matrix: Callable[[float], Matrix]
    shadow: Pixels | None = None
    shadow_size: float = 0.0
    beam: Pixels | None = None

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - 2.0
        view = self.setting.screen(moment.view)
        own = self.matrix(seconds)
        if self.shadow is not None:
            _lay_shadow(target, self.shadow, then(_shadow_matrix(own[0, 2], own[1, 2], self.shadow_size), view))
        if self.beam is not None:
            _paint_beam(target, then(own, view), seconds)
        paint(target, self.shapes(seconds), then(own, view), self.setting.light)


@dataclass(frozen=True, slots=True, eq=False)
class Flock:
    """Birds: each flaps, glides and keeps its place loosely."""

    where: str
    setting: _Setting
    birds: Floats  # (n, 5): x, y in pixels, phase, beats a second, half wing span in pixels
    speed_px: float
    colour: Floats

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds, view = moment.seconds - 2.0, self.setting.screen(moment.view)
        for x, y, phase, beats, span in self.birds:
            rest = 0.5 + 0.5 * math.sin(seconds * 0.7 + phase * 2)
            flap = math.sin(2 * math.pi * beats * seconds + phase) * (0.35 + 0.65 * rest) + 0.15
            left = x + self.speed_px * seconds + span * 0.8 * math.sin(seconds * 0.6 + phase)
            top = (
                y
                - self.speed_px * 0.08 * seconds
                + span * 0.5 * math.sin(seconds * 0.9 + phase * 1.7)
                - flap * span * 0.08
            )
            matrix = then(np.array([[span, 0, left], [0, -span, top]]), view)
            fill(target, animals.bird_outline(flap) @ matrix[:, :2].T + matrix[:, 2], self.colour)


def build_cast(brief: Brief, stage: Stage) -> tuple[Actor, ...]:
    """The actors of a prompt. A habitat that the scene lacks is replaced by the nearest that it has."""
    light = light_for(brief.palette, stage.light_from)
    if stage.low_gravity:  # no air scatters light into the shade, and suits are made to be seen
        light = replace(light, backlight=0.0, ambient=light.ambient * 1.6)
    actors: list[Actor] = []
    for subject in brief.reading.subjects:
        where = _habitat(subject.kind, stage)
        if where is None:
            continue
        setting = _Setting(stage, stage.spots[where], light, brief.palette.dark)
        actors.extend(_actors(brief, setting, subject, where))
    return tuple(actors)


def paint_cast(actors: tuple[Actor, ...], where: str, target: Pixels, moment: Moment) -> None:
    for actor in actors:
        if actor.where == where:
            actor.paint(target, moment)


def _habitat(kind: str, stage: Stage) -> str | None:
    wanted = HABITATS.get(kind, "air")
    return next((name for name in (wanted, *ELSEWHERE[wanted]) if name in stage.spots), None)


def _actors(brief: Brief, setting: _Setting, subject: Subject, where: str) -> list[Actor]:
    kind = subject.kind
    if kind == "birds":
        return [_flock(brief, setting, max(subject.count, 7), where)]
    if (kind in PEOPLE or kind in animals.SPECIES) and setting.stage.weightless:
        return _floaters(brief, setting, subject, where)
    if kind in PEOPLE or kind in animals.SPECIES:
        return _walkers(brief, setting, subject, where)
    return [_vehicle(brief, setting, kind, index, subject.count, where) for index in range(subject.count)]


def _floaters(brief: Brief, setting: _Setting, subject: Subject, where: str) -> list[Actor]:
    canvas, spot, rng = setting.stage.canvas, setting.spot, brief.rng
    drifting = replace(brief, reading=replace(brief.reading, actions=("float",)))
    performance = plan(("float",), brief.duration_seconds, MOON_GAIT, usual="float")
    actors: list[Actor] = []
    for index in range(subject.count):
        size = spot.height_px * (1.0, 0.62, 0.45, 0.36)[min(index, 3)]
        x = spot.x * canvas.width + ((index + 1) // 2) * (0.62 if index % 2 else -0.62) * spot.height_px
        y = spot.y + (0.16 * spot.height_px * index if index % 2 else -0.20 * spot.height_px * index)
        phase = float(rng.uniform(0, 6.28))
        if subject.kind in animals.SPECIES:
            draw = _animal_drawer(subject.kind, performance, index)
        else:
            draw = _human_drawer(drifting, setting.stage, subject.kind, performance)
        actors.append(Floater(where, setting, draw, size, x, y, 1.0 if spot.x < 0.5 else -1.0, phase))
    return actors


def _walkers(brief: Brief, setting: _Setting, subject: Subject, where: str) -> list[Actor]:
    kind = subject.kind
    members = ("person", "woman") * subject.count if kind == "couple" else (kind,) * subject.count
    heading = 1.0 if brief.rng.uniform() < 0.5 or kind == "astronaut" else -1.0
    actors: list[Actor] = []
    for index, member in enumerate(members):
        size = {"child": 0.64, "woman": 0.95}.get(
            member, animals.SPECIES[member].size if member in animals.SPECIES else 1.0
        )
        height = setting.spot.height_px * size * (1.0 if len(members) == 1 else 0.92)
        offset = (index - (len(members) - 1) / 2) * min(0.13, 0.55 / len(members))
        if kind == "couple":
            offset = (index - (len(members) - 1) / 2) * 0.42 * setting.spot.height_px / setting.stage.canvas.width
        actors.append(_walker(brief, setting, member, height, setting.spot.x + offset, heading, where, index))
    return actors


def _walker(
    brief: Brief, setting: _Setting, kind: str, height: float, x: float, heading: float, where: str, index: int
) -> Walker:
    canvas, stage = setting.stage.canvas, setting.stage
    animal = kind in animals.SPECIES
    gait = animals.ANIMAL_GAIT if animal else MOON_GAIT if stage.low_gravity else HUMAN_GAIT
    performance = plan(brief.reading.actions, brief.duration_seconds, gait, usual="walk")
    total = performance.at(brief.duration_seconds).distance
    reach = min(total / 2, WALK_SHARE * canvas.width / height) if total > 0 else 1.0
    centred = total / 2 <= reach + 1e-6
    draw = _animal_drawer(kind, performance, index) if animal else _human_drawer(brief, stage, kind, performance)
    needs_halo = setting.dark and not stage.low_gravity
    return Walker(
        where=where,
        setting=setting,
        shapes=draw,
        performance=performance,
        height_px=height,
        x=x * canvas.width,
        reach=max(reach, 1e-3) * (1.0001 if centred else 1.0),
        start=0.0 if total > 0 else 1.0,
        heading=heading,
        shadow=_soft_disc(stage.shadow),
        halo=_halo(brief.palette.glow) if needs_halo else None,
    )


def _human_drawer(brief: Brief, stage: Stage, kind: str, performance: Performance) -> Callable[[float], list[Shape]]:
    rng, reading = brief.rng, brief.reading
    skin, top, legs, hair = (
        from_hex(options[int(rng.integers(len(options)))]) for options in (SKINS, TOPS, LEGS, HAIR)
    )
    wet = reading.weather in ("rain", "storm") or "umbrella" in reading.features
    look = Look(
        skin=skin,
        top=top,
        legs=legs,
        hair=hair,
        bulk=1.7 if kind == "astronaut" else 1.0,
        coat=0.22 if kind == "woman" else 0.10 if kind == "person" else 0.0,
        long_hair=kind == "woman",
        suit=kind == "astronaut",
        umbrella=from_hex("b3352c") if wet and kind != "astronaut" and not stage.low_gravity else None,
    )

    def draw(seconds: float) -> list[Shape]:
        return human_shapes(performance.at(seconds), look, low_gravity=stage.low_gravity)

    return draw


def _animal_drawer(kind: str, performance: Performance, index: int) -> Callable[[float], list[Shape]]:
    def draw(seconds: float) -> list[Shape]:
        return animals.quadruped_shapes(kind, performance.at(seconds + 0.13 * index))

    return draw


def _flock(brief: Brief, setting: _Setting, count: int, where: str) -> Flock:
    rng, canvas, spot = brief.rng, setting.stage.canvas, setting.spot
    columns = rng.normal(0.30, 0.10, count) * canvas.width
    rows = spot.y + rng.normal(0, 0.045, count) * canvas.base
    span = rng.uniform(8, 15, count) * canvas.unit
    birds = np.stack([columns, rows, rng.uniform(0, 6.28, count), rng.uniform(1.0, 1.6, count), span], 1)
    return Flock(where, setting, birds, 46 * canvas.unit, setting.light.silhouette)


def _vehicle(brief: Brief, setting: _Setting, kind: str, index: int, count: int, where: str) -> Vehicle:
    canvas, spot, rng = setting.stage.canvas, setting.spot, brief.rng
    spread = (index - (count - 1) / 2) * min(0.20, 0.6 / count)
    x, y, height = (spot.x + spread) * canvas.width, spot.y, spot.height_px
    facing = 1.0 if rng.uniform() < 0.5 else -1.0
    phase = float(rng.uniform(0, 6.28))
    lit = setting.dark
    middle = brief.duration_seconds / 2
    match kind:
        case "sailboat" | "ship":
            size = height * (1.05 if kind == "sailboat" else 0.75) * (1 - 0.12 * index)

            def sail(seconds: float) -> Matrix:
                drift = facing * 0.055 * size * (seconds - middle)
                bob, lean = 0.012 * math.sin(seconds * 1.5 + phase), 0.030 * math.sin(seconds * 1.1 + phase)
                return standing(x + drift, y + bob * size, size, facing, lean)

            shapes = craft.sailboat_shapes if kind == "sailboat" else lambda _seconds: craft.ship_shapes(lit)
            return Vehicle(where, setting, shapes, sail)
        case "whale" | "dolphin":
            size = height * (2.3 if kind == "whale" else 1.15)

            def leap(seconds: float) -> Matrix:
                share = ((seconds + 0.9 * index) / (3.2 if kind == "whale" else 2.0) + 0.15) % 1.35
                rise = math.sin(min(1.0, share) * math.pi) * size * 0.55 - size * 0.30
                lean = (min(1.0, share) - 0.5) * 2.0
                return standing(
                    x + facing * size * 1.3 * (min(1.0, share) - 0.5), y - rise, size, facing, lean * facing
                )

            return Vehicle(where, setting, lambda _seconds: animals.whale_shapes(kind), leap)
        case "car":
            size = height * 0.62
            colour = from_hex(craft.CAR_COLOURS[int(rng.integers(len(craft.CAR_COLOURS)))])
            speed = min(1.6 * size, 0.75 * canvas.width / max(1.0, brief.duration_seconds))

            def drive(seconds: float) -> Matrix:
                left = x + facing * speed * (seconds - middle)
                return standing(left, setting.foot(left) + 0.006 * size * math.sin(seconds * 19), size, facing)

            return Vehicle(
                where,
                setting,
                lambda seconds: craft.car_shapes(speed * (seconds - middle) / size, colour, lit),
                drive,
                _soft_disc(setting.stage.shadow * 1.2),
                size * 1.9,
            )
        case "lighthouse":
            return Vehicle(
                where,
                setting,
                lambda _seconds: craft.lighthouse_shapes(lit),
                lambda _seconds: standing(x, y, height * 1.9),
                beam=_halo(brief.palette.glow) if lit else None,
            )
        case "tent":
            size = height * 0.8
            return Vehicle(
                where,
                setting,
                lambda seconds: craft.tent_shapes(seconds, lit),
                lambda _seconds: standing(x, setting.foot(x), size),
                _soft_disc(setting.stage.shadow),
                size * 1.2,
            )
        case _:
            return _flyer(brief, setting, kind, index, where)


def _flyer(brief: Brief, setting: _Setting, kind: str, index: int, where: str) -> Vehicle:
    canvas, spot, rng = setting.stage.canvas, setting.spot, brief.rng
    middle, facing = brief.duration_seconds / 2, 1.0 if rng.uniform() < 0.5 else -1.0
    # Companions keep apart and stand further off.
    steps = ((0.0, 0.0, 1.0), (0.27, -0.05, 0.62), (-0.25, -0.10, 0.45), (0.42, 0.06, 0.75), (-0.40, 0.02, 0.5))
    step_x, step_y, share = steps[index % len(steps)]
    x, y = (spot.x + step_x) * canvas.width, spot.y + step_y * canvas.base
    size, phase = spot.height_px * share, float(rng.uniform(0, 6.28))
    if kind == "balloon":
        scheme = int(rng.integers(4)) + index

        def rise(seconds: float) -> Matrix:
            left = x + 0.05 * size * (seconds - middle) + 0.012 * size * math.sin(seconds * 0.7 + phase)
            top = y + size * 0.8 - 0.028 * size * (seconds - middle) + 0.01 * size * math.sin(seconds * 0.5 + phase)
            return standing(left, top, size * 1.6, 1.0, 0.02 * math.sin(seconds * 0.6 + phase))

        return Vehicle(where, setting, lambda seconds: craft.balloon_shapes(scheme, seconds + phase), rise)
    if kind == "rocket":

        def launch(seconds: float) -> Matrix:
            climb = 0.16 * size * (seconds - middle)
            return standing(x + 0.55 * climb * facing, y + 0.6 * size - climb, size * 1.3, 1.0, 0.45 * facing)

        return Vehicle(where, setting, craft.rocket_shapes, launch)

    def fly(seconds: float) -> Matrix:
        left = x + facing * 0.42 * canvas.width / max(2.0, brief.duration_seconds) * (seconds - middle)
        top = y - 0.02 * canvas.base * (seconds - middle) / max(1.0, middle)
        return standing(left, top, size * 0.55, facing, -0.05 * facing + 0.01 * math.sin(seconds + phase))

    return Vehicle(where, setting, lambda _seconds: craft.plane_shapes(), fly)


def _shadow_matrix(x: float, y: float, radius: float) -> Matrix:
    return np.array([[radius / 32, 0, x - radius], [0, radius / 150, y - radius * 0.21]])


def _lay_shadow(target: Pixels, disc: Pixels, matrix: Matrix) -> None:
    corners = np.array([[0, 0], [disc.shape[1], disc.shape[0]]]) @ matrix[:, :2].T + matrix[:, 2]
    left, top = int(corners[0, 0]), int(corners[0, 1])
    right, bottom = math.ceil(corners[1, 0]), math.ceil(corners[1, 1])
    first_x, first_y, last_x, last_y = (
        max(0, left),
        max(0, top),
        min(target.shape[1], right),
        min(target.shape[0], bottom),
    )
    if last_x <= first_x or last_y <= first_y:
        return
    mask = resize(disc, right - left, bottom - top)[first_y - top : last_y - top, first_x - left : last_x - left]
    veil(target[first_y:last_y, first_x:last_x], np.ascontiguousarray(mask), np.zeros(3, np.float32))


def _soft_disc(strength: float) -> Pixels:
    offset = np.linspace(-1, 1, 64, dtype=np.float32)
    distance = np.hypot(offset[None, :], offset[:, None])
    return to_pixels(np.clip(1 - distance, 0, 1) ** 1.5 * min(1.0, strength))


def _halo(colour: Floats) -> Pixels:
    offset = np.linspace(-1, 1, 96, dtype=np.float32)
    distance = np.hypot(offset[None, :], offset[:, None])
    return tint(to_pixels(np.clip(1 - distance, 0, 1) ** 1.7 * 0.55), colour)


def _paint_beam(target: Pixels, matrix: Matrix, seconds: float) -> None:
    """Two opposite beams that sweep around the lamp of a lighthouse, drawn at a quarter of the size."""
    lamp = np.array([0.0, 0.845]) @ matrix[:, :2].T + matrix[:, 2]
    height, width = target.shape[:2]
    rows, columns = np.mgrid[0 : max(1, height // 4), 0 : max(1, width // 4)].astype(np.float32)
    x, y = columns * 4 - np.float32(lamp[0]), rows * 4 - np.float32(lamp[1])
    size = abs(float(matrix[1, 1]))
    angle = seconds * 1.15 + 0.6
    light = np.zeros_like(x)
    for turn in (0.0, math.pi):
        forward, drop = math.cos(angle + turn), 0.055 * math.sin(angle + turn)
        length = math.hypot(forward, drop) + 1e-4
        along = (x * forward + y * drop) / length
        across = np.abs(x * drop - y * forward) / length
        width_here = np.maximum(1.0, 2 + along * 0.075 * (0.5 + 0.5 * abs(forward)))
        shaft = (
            np.exp(-((across / width_here) ** 2) * 1.6) * np.exp(-along / (width * 0.55)) * (0.18 + 0.62 * abs(forward))
        )
        light += np.where(along > 0, shaft, 0)
    flash = math.exp(-((math.cos(angle) / 0.16) ** 2))
    distance = np.hypot(x, y) / max(1.0, size)
    light += np.exp(-distance * 16) * (0.9 + flash) + np.exp(-distance * 3.2) * (0.12 + 0.30 * flash)
    mask = resize(to_pixels(np.clip(light, 0, 1)), width, height)
    screen(target, tint(mask, np.array([1.0, 0.93, 0.74], np.float32)))
