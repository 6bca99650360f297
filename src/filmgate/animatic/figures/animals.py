"""Four-legged animals: one skeleton with other proportions."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.performance import Gait, Performance, State
from filmgate.animatic.figures.puppet import Shape, capsule, ellipse, point, polar
from filmgate.animatic.figures.role import Casting, Castings, Role
from filmgate.animatic.figures.stage import Actor
from filmgate.animatic.figures.walkers import walkers
from filmgate.animatic.raster import Floats, Points

ANIMAL_GAIT = Gait({"walk": 0.75, "run": 2.2, "jump": 0.9}, {"walk": 0.95, "run": 2.0, "jump": 1.2})


@dataclass(frozen=True, slots=True)
class Species:
    """Proportions in body heights (to the top of the back); `size` is that height over a person's."""

    size: float
    colour: str
    body_length: float
    girth: float
    leg: float
    leg_width: float
    neck: float
    neck_angle: float  # from straight up, forwards
    head: float
    muzzle: float
    tail: float
    tail_angle: float  # from straight down, backwards
    tail_width: float
    ear: float
    mane: bool = False
    antlers: bool = False
    humps: int = 0
    trunk: bool = False


@cache
def species() -> Mapping[str, Species]:
    """Every four-legged animal, by the name that lexicon/animals.toml gives it."""
    text = files("filmgate.animatic.figures").joinpath("species.toml").read_text(encoding="utf-8")
    return MappingProxyType({name: Species(**values) for name, values in tomllib.loads(text).items()})


def quadruped_shapes(kind: str, state: State) -> list[Shape]:
    """A four-legged animal at one moment, facing right, in units of its own height."""
    build = species()[kind]
    colour = from_hex(build.colour)
    running = state.action == "run"
    moving = min(1.0, state.effort) * (state.blend if state.effort else 1.0)
    bob = 0.030 * math.sin(2 * state.phase) * moving * (2.0 if running else 1.0)
    pitch = 0.07 * math.sin(state.phase) if running else 0.0
    back, half = build.leg + build.girth * 0.75 + bob, build.body_length / 2
    rump = point(-half * math.cos(pitch), back - half * math.sin(pitch))
    chest = point(half * math.cos(pitch), back + half * math.sin(pitch))
    far = _legs(build, (rump, chest), state, moving, running, colour * 0.68, far=True)
    near = _legs(build, (rump, chest), state, moving, running, colour, far=False)
    body = [Shape(capsule(rump, chest, build.girth * 0.96, build.girth), colour)]
    for hump in range(build.humps):
        at = rump + (chest - rump) * (0.30 + 0.42 * hump)
        body.append(Shape(capsule(at, at + point(0, build.girth * 1.15), 0.13, 0.065), colour))
    return [*far, *_tail(build, rump, state, colour), *body, *near, *_head(build, chest, state, moving, colour)]


def _legs(
    species: Species,
    joints: tuple[Points, Points],
    state: State,
    moving: float,
    running: bool,
    colour: Floats,
    *,
    far: bool,
) -> list[Shape]:
    shapes: list[Shape] = []
    swing, fold = (0.62, 1.15) if running else (0.36, 0.75)
    for index, joint in enumerate(joints):
        hind = index == 0
        # A walk moves the four legs in turn, a gallop gathers and stretches them in pairs.
        offset = (
            (0.0 if hind else math.pi * 0.85) + (0.5 if far else 0.0)
            if running
            else ((0.0 if hind else math.pi / 2) + (math.pi if far else 0.0))
        )
        angle = swing * math.sin(state.phase + offset) * moving + (0.03 if far else -0.03)
        bend = (0.12 + fold * max(0.0, math.cos(state.phase + offset)) * moving) * (-1.0 if hind else 1.0)
        top = joint - point(-0.03 if hind else 0.05, species.girth * 0.45)
        length = max(0.12, float(top[1])) / 2
        knee = top + polar(angle + (0.10 if hind else 0.0), length)
        ankle = knee + polar(angle - bend * (1.0 if not hind else -1.0) * (0.75 if hind else 1.0), length * 0.96)
        ankle[1] = max(ankle[1], 0.02)
        width = species.leg_width
        shapes.append(Shape(capsule(top, knee, width * (1.75 if hind else 1.35), width * 0.72), colour))
        shapes.append(Shape(capsule(knee, ankle, width * 0.72, width * 0.55), colour))
        shapes.append(
            Shape(capsule(ankle, ankle + point(width * 0.7, -0.008), width * 0.55, width * 0.5), colour * 0.6)
        )
    return shapes


def _tail(species: Species, rump: Points, state: State, colour: Floats) -> list[Shape]:
    sway = 0.22 * math.sin(state.seconds * 2.3)
    start = rump + point(-species.girth * 0.82, species.girth * 0.35)
    middle = start + polar(-species.tail_angle + sway * 0.4, species.tail * 0.5)
    end = middle + polar(-species.tail_angle * 0.8 + sway, species.tail * 0.5)
    width = species.tail_width
    return [
        Shape(capsule(start, middle, width * 0.6, width), colour),
        Shape(capsule(middle, end, width, width * 0.45), colour),
    ]


def _head(species: Species, chest: Points, state: State, moving: float, colour: Floats) -> list[Shape]:
    nod = 0.05 * math.sin(state.phase * 2) * moving + 0.03 * math.sin(state.seconds * 1.1)
    base = chest + point(species.girth * 0.35, species.girth * 0.30)
    angle = species.neck_angle + nod
    up = np.array([math.sin(angle), math.cos(angle)])
    poll = base + up * species.neck
    thickness = species.girth * 0.58
    down = 0.62 + nod * 0.5
    nose = poll + np.array([math.cos(down), -math.sin(down)]) * (species.head * 0.5 + species.muzzle)
    shapes: list[Shape] = []
    if species.antlers:
        shapes += _antlers(poll, species)
    ear_base = poll + point(-species.head * 0.35, species.head * 0.45)
    shapes.append(Shape(capsule(base, poll, thickness, species.head * 0.78), colour))
    shapes.append(Shape(ellipse(poll, species.head, species.head * 0.92, 20), colour))
    shapes.append(Shape(capsule(poll, nose, species.head * 0.78, species.head * 0.46), colour))
    if species.mane:
        across = np.array([-up[1], up[0]])
        for share in (0.15, 0.4, 0.65, 0.9):
            root = base + up * species.neck * share + across * thickness * 0.85
            flow = 0.05 * math.sin(state.phase * 2 + share * 4) * moving
            shapes.append(Shape(capsule(root, root + point(-0.07 - flow, -0.05), 0.04, 0.02), colour * 0.4))
    if species.trunk:
        bend = 0.12 * math.sin(state.seconds * 1.3)
        middle, tip = nose + point(0.05 + bend * 0.4, -0.24), nose + point(0.03 + bend, -0.46)
        shapes.append(Shape(capsule(nose, middle, 0.085, 0.06), colour))
        shapes.append(Shape(capsule(middle, tip, 0.06, 0.038), colour))
        shapes.append(Shape(ellipse(ear_base + point(-0.03, -0.10), 0.14, 0.19), colour * 0.82))
    else:
        tip = ear_base + np.array([-0.25, 1.0]) * species.ear
        side = point(species.ear * 0.36, 0)
        shapes.append(Shape(np.stack([ear_base - side, tip, ear_base + side]), colour * 0.85, rounded=False))
    shapes.append(
        Shape(
            ellipse(poll + point(species.head * 0.42, species.head * 0.15), 0.014, 0.014, 8),
            from_hex("101010"),
            rounded=False,
        )
    )
    return shapes


def _antlers(poll: Points, species: Species) -> list[Shape]:
    bone = from_hex("c9b18a")
    shapes: list[Shape] = []
    for lean in (0.25, -0.35):
        root = poll + point(-0.02, species.head * 0.7)
        first = root + np.array([math.sin(lean), math.cos(lean)]) * 0.17
        second = first + np.array([math.sin(lean - 0.5), math.cos(lean - 0.5)]) * 0.17
        shapes.append(Shape(capsule(root, first, 0.018, 0.015), bone))
        shapes.append(Shape(capsule(first, second, 0.015, 0.008), bone))
        for start, angle, length in ((root, 0.9, 0.11), (first, 0.75, 0.13), (first, -0.9, 0.10)):
            end = start + np.array([math.sin(lean + angle), math.cos(lean + angle)]) * length
            shapes.append(Shape(capsule(start, end, 0.012, 0.006), bone))
    return shapes


def _animal(kind: str) -> Casting:
    def cast(role: Role) -> Sequence[Actor]:
        def shapes(performance: Performance) -> Callable[[float], list[Shape]]:
            return lambda seconds: quadruped_shapes(kind, performance.at(seconds))

        return walkers(role, ANIMAL_GAIT, [species()[kind].size] * role.subject.count, [shapes] * role.subject.count)

    return cast


CASTINGS: Castings = MappingProxyType({kind: _animal(kind) for kind in species()})
