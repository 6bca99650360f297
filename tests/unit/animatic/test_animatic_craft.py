"""Vehicles and buildings obey a few laws of things: they are seen, they move without jumps, their wheels roll."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from filmgate.animatic.camera import View
from filmgate.animatic.figures.craft import cars, landmarks, rails, vehicles
from filmgate.animatic.figures.craft.machine import Machine
from filmgate.animatic.figures.puppet import light_for
from filmgate.animatic.figures.role import Role
from filmgate.animatic.figures.stage import HABITATS, Setting, Spot, Stage
from filmgate.animatic.language.parse import parse
from filmgate.animatic.language.reading import Subject
from filmgate.animatic.language.vocabulary import vocabulary
from filmgate.animatic.palettes import palette
from filmgate.animatic.raster import Canvas, Floats, Pixels
from filmgate.animatic.scene import START_SECONDS, Brief, Moment

SECONDS = 5.0
KINDS = {**vehicles.CASTINGS, **landmarks.CASTINGS}
STILL = frozenset(landmarks.CASTINGS)
BACKDROP = 128


def _role(
    kind: str, *, size: tuple[int, int] = (480, 270), count: int = 1, action: str | None = None, night: bool = False
) -> Role:
    canvas = Canvas(*size)
    base, where = canvas.base, vocabulary().subjects[kind].habitat
    row = {"air": 0.35, "deep": 0.5, "water": 0.7}.get(where, 0.92)
    spots = {
        where: Spot(0.5, canvas.height * row, 0.26 * base, 0.5),
        "ground": Spot(0.5, canvas.height * 0.92, 0.28 * base, 0.8),
    }
    colours = palette("night" if night else "day")
    subject = Subject(kind, count, actions=(action,) if action else ())
    brief = Brief(canvas, colours, parse("a meadow"), np.random.default_rng(5), SECONDS)
    stage = Stage(canvas, canvas.height * 0.5, spots, (0.6, -0.8))
    return Role(brief, Setting(stage, spots[where], light_for(colours, (0.6, -0.8)), night, 1.0), where, subject)


def _painted(role: Role, seconds: float) -> Pixels:
    frame = np.full((role.canvas.height, role.canvas.width, 3), BACKDROP, np.uint8)
    moment = Moment(START_SECONDS + seconds, seconds / SECONDS, View())
    for actor in KINDS[role.subject.kind](role):
        actor.paint(frame, moment)
    return frame


def _covered(frame: Pixels) -> Floats:
    return np.abs(frame.astype(np.int16) - BACKDROP).max(2) > 6


def test_every_kind_has_a_habitat() -> None:
    for kind in KINDS:
        assert vocabulary().subjects[kind].habitat in HABITATS


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_it_is_in_the_frame_half_way(kind: str) -> None:
    seen = _covered(_painted(_role(kind), SECONDS / 2))
    rows, columns = np.nonzero(seen)
    assert seen.mean() > 0.002
    assert columns.min() < 0.6 * seen.shape[1]
    assert columns.max() > 0.4 * seen.shape[1]
    assert rows.min() < 0.93 * seen.shape[0]


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("night", [False, True])
def test_painting_is_pure(kind: str, night: bool) -> None:
    role = _role(kind, night=night)
    actors = KINDS[kind](role)
    moment = Moment(START_SECONDS + 1.7, 0.34, View(forward=0.1, travel_x=0.05))
    frames = [np.full((270, 480, 3), BACKDROP, np.uint8) for _ in range(2)]
    for frame in frames:
        for actor in actors:
            actor.paint(frame, moment)
    assert np.array_equal(frames[0], frames[1])


@pytest.mark.parametrize("kind", sorted(set(KINDS) - STILL - {"rocket"}))
def test_it_moves_without_jumps(kind: str) -> None:
    role = _role(kind)
    step = 1 / 120
    for actor in KINDS[kind](role):
        if not isinstance(actor, Machine):
            continue
        times = np.arange(0, SECONDS, step)
        places = np.array([actor.matrix(float(seconds)).ravel() for seconds in times])
        moved = np.abs(np.diff(places, axis=0))
        assert moved[:, [2, 5]].max() < 0.01 * role.canvas.width
        assert moved[:, [2, 5]].sum() > 0.2
        turned = np.abs(np.diff(places, n=2, axis=0))
        assert turned.max() < 0.5


@pytest.mark.parametrize("kind", sorted({*cars.CASTINGS, *rails.CASTINGS} - {"flying_car"}))
def test_wheels_turn_by_the_way_that_is_driven(kind: str) -> None:
    machine = next(actor for actor in KINDS[kind](_role(kind)) if isinstance(actor, Machine))

    def wheels(seconds: float) -> list[tuple[float, float]]:
        """Radius (its height over the road) and turn of all cards that turn."""
        cards = [matrix for _, matrix in machine.cards(seconds)]
        return [(float(own[1, 2]), math.atan2(float(own[1, 0]), float(own[0, 0]))) for own in cards]

    first, second = 2.0, 2.004
    own = machine.matrix(first)
    driven = abs(machine.matrix(second)[0, 2] - own[0, 2]) / float(np.hypot(own[0, 0], own[1, 0]))
    rolling = [
        (radius, (before - after + math.pi) % (2 * math.pi) - math.pi)
        for (radius, before), (_, after) in zip(wheels(first), wheels(second), strict=True)
        if radius > 0.2
    ]
    assert len(rolling) >= 2
    for radius, turn in rolling:
        assert turn * radius == pytest.approx(driven, rel=0.02)


def test_a_rocket_stands_then_leaves_the_frame() -> None:
    role = _role("rocket", action="launch")
    (rocket,) = KINDS["rocket"](role)
    assert isinstance(rocket, Machine)
    rows = [float(rocket.matrix(seconds)[1, 2]) for seconds in np.linspace(0, SECONDS, 50)]
    assert rows[0] == pytest.approx(rows[1])
    assert rows[-1] < 0
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(rows))


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("size", [(64, 64), (90, 360), (400, 100)])
def test_any_frame_will_do(kind: str, size: tuple[int, int]) -> None:
    for seconds in (0.0, SECONDS):
        _painted(_role(kind, size=size, count=3, night=True), seconds)
