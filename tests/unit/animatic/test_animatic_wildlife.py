"""What swims and flies is seen, moves without jumps, and is the same whenever it is painted."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from filmgate.animatic.camera import View
from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.cutout import Cutout, Piece, bend, draw_cutout, flatten, smooth, trace, turned
from filmgate.animatic.figures.puppet import Light, light_for
from filmgate.animatic.figures.role import Role
from filmgate.animatic.figures.stage import Actor, Setting, Spot, Stage
from filmgate.animatic.figures.wildlife import flyers, swimmers
from filmgate.animatic.figures.wildlife.ribbon import lay_spine, paint_ribbon
from filmgate.animatic.figures.wildlife.troupe import flock_size
from filmgate.animatic.figures.wildlife.wings import Attitude, body_axes
from filmgate.animatic.language.reading import Reading, Subject
from filmgate.animatic.language.vocabulary import vocabulary
from filmgate.animatic.palettes import palette
from filmgate.animatic.raster import Canvas, Pixels
from filmgate.animatic.scene import START_SECONDS, Brief, Moment

CASTINGS = {**swimmers.CASTINGS, **flyers.CASTINGS}
KINDS = sorted(CASTINGS)
HABITATS = ("deep", "water", "air", "ground")
CANVAS = Canvas(320, 180)
CLIP_SECONDS = 4.0
FPS = 30
UNIT_SQUARE = np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])


def actors_of(
    kind: str, where: str | None = None, *, canvas: Canvas = CANVAS, count: int = 1, mood: str = "day"
) -> list[Actor]:
    where = where or vocabulary().subjects[kind].habitat
    base, height = canvas.base, canvas.height
    spots = {
        "deep": Spot(0.5, 0.50 * height, 0.28 * base, 0.5),
        "water": Spot(0.5, 0.66 * height, 0.26 * base, 0.45),
        "air": Spot(0.5, 0.40 * height, 0.16 * base, 0.3),
        "ground": Spot(0.5, 0.90 * height, 0.30 * base, 0.9),
    }
    colours = palette(mood)
    stage = Stage(canvas, 0.56 * height, {where: spots[where], "air": spots["air"]}, (0.5, -0.86))
    subject = Subject(kind, count)
    reading = Reading("sea", mood, ("push",), subjects=(subject,))
    brief = Brief(canvas, colours, reading, np.random.default_rng(5), CLIP_SECONDS)
    setting = Setting(stage, spots[where], light_for(colours, stage.light_from), colours.dark, 1.0)
    return list(CASTINGS[kind](Role(brief, setting, where, subject)))


def frame(actors: list[Actor], seconds: float, canvas: Canvas = CANVAS, view: View | None = None) -> Pixels:
    picture = np.full((canvas.height, canvas.width, 3), 90, np.uint8)
    moment = Moment(START_SECONDS + seconds, seconds / CLIP_SECONDS, view or View())
    for actor in actors:
        actor.paint(picture, moment)
    return picture


def painted(picture: Pixels) -> int:
    """How many pixels are not as they were."""
    return int((np.abs(picture.astype(int) - 90).max(2) > 8).sum())


@pytest.mark.parametrize("where", HABITATS)
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_in_the_frame_most_of_the_time(kind: str, where: str) -> None:
    actors = actors_of(kind, where)
    moments = np.linspace(0, CLIP_SECONDS, 16)
    seen = sum(painted(frame(actors, float(seconds))) > 12 for seconds in moments)
    assert seen >= 10


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_jumps_between_frames(kind: str) -> None:
    actors = actors_of(kind)
    for start in (0.0, 0.9, 1.7, 3.1):
        pictures = [frame(actors, start + step / FPS) for step in range(4)]
        there = max(painted(picture) for picture in pictures)
        for now, later in pairwise(pictures):
            changed = int((np.abs(now.astype(int) - later).max(2) > 40).sum())
            assert changed <= 0.75 * there + 40


@pytest.mark.parametrize("kind", KINDS)
def test_it_moves_and_is_pure(kind: str) -> None:
    actors = actors_of(kind)
    first, second = frame(actors, 1.0), frame(actors, 1.5)
    assert not np.array_equal(first, second)
    assert np.array_equal(first, frame(actors, 1.0))
    assert np.array_equal(first, frame(actors_of(kind), 1.0))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("canvas", [Canvas(64, 64), Canvas(90, 360), Canvas(400, 100)], ids=str)
def test_any_frame_and_any_number(kind: str, canvas: Canvas) -> None:
    for count, where in ((1, None), (7, None), (12, "air")):
        actors = actors_of(kind, where, canvas=canvas, count=count, mood="night")
        view = View(travel_x=0.04, travel_y=0.02, forward=0.2)
        for seconds in (0.0, 2.0, 60.0):
            assert frame(actors, seconds, canvas, view).shape == (canvas.height, canvas.width, 3)


def test_numbers_are_heeded() -> None:
    few, many = (painted(frame(actors_of("eagle", count=count), 1.0)) for count in (1, 3))
    assert many > few


@pytest.mark.parametrize(
    ("subject", "usual", "expected"),
    [
        (Subject("birds"), 20, 20),
        (Subject("birds", 5), 11, 11),
        (Subject("birds", 12), 4, 12),
        (Subject("birds", 1, exact=True), 20, 1),
        (Subject("birds", 3, exact=True), 11, 3),
        (Subject("birds", 99, exact=True), 20, 30),
    ],
)
def test_flocks_are_as_large_as_was_asked(subject: Subject, usual: int, expected: int) -> None:
    assert flock_size(subject, usual) == expected


def test_a_whale_dives_in_the_deep_and_leaps_at_the_surface() -> None:
    def heights(where: str) -> list[float]:
        actors = actors_of("whale", where)
        changed = [
            np.abs(frame(actors, float(t)).astype(int) - 90).max(2) > 30 for t in np.linspace(0, CLIP_SECONDS, 12)
        ]
        return [float(np.flatnonzero(mask.any(1)).min()) for mask in changed if mask.any()]

    deep, surface = heights("deep"), heights("water")
    assert max(deep) - min(deep) < 0.12 * CANVAS.height
    assert max(surface) - min(surface) > 0.12 * CANVAS.height


def test_outlines_pass_through_their_corners() -> None:
    assert np.allclose(trace("0,0 1,.5 2,0", closed=False)[[0, 8, -1]], [(0, 0), (1, 0.5), (2, 0)])
    curve = smooth((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    assert np.isfinite(curve).all()
    assert np.allclose(curve[::8], UNIT_SQUARE)


def grey_light() -> Light:
    grey = np.full(3, 0.6, np.float32)
    return Light((0.0, -1.0), grey, grey, grey, grey, 0.2)


def square(unit_px: float = 40.0) -> Cutout:
    return draw_cutout([Piece(UNIT_SQUARE, from_hex("c04020"))], grey_light(), unit_px)


def test_a_cutout_is_opaque_inside_and_clear_outside() -> None:
    cutout = square()
    inside = [round((0.5 - cutout.to_units[axis, 2]) / cutout.to_units[axis, axis]) for axis in (0, 1)]
    assert cutout.pixels[inside[1], inside[0], 3] == 255
    assert cutout.pixels[0, 0].max() == 0
    assert (cutout.pixels[..., :3].max(2) <= cutout.pixels[..., 3]).all()  # premultiplied


def test_bending_by_nothing_changes_nothing() -> None:
    cutout = square()
    assert np.array_equal(bend(cutout, np.zeros(len(cutout.columns))).pixels, cutout.pixels)


def test_a_flattened_figure_lies_where_its_cards_lay() -> None:
    flat = flatten([(square(), turned(2.0, 1.0, 0.0))], 40.0)
    rows, columns = np.nonzero(flat.pixels[..., 3] > 128)
    assert flat.columns[columns].min() == pytest.approx(2.0, abs=0.06)
    assert flat.columns[columns].max() == pytest.approx(3.0, abs=0.06)
    assert flat.rows[rows].min() == pytest.approx(1.0, abs=0.06)


@pytest.mark.parametrize("yaw", [0.0, 0.7, math.pi, 4.0])
def test_a_level_body_points_where_it_heads(yaw: float) -> None:
    forward, left, up = body_axes(Attitude(yaw=yaw)).T
    assert forward[0] == pytest.approx(math.cos(yaw))
    assert up == pytest.approx([0.0, 1.0])
    assert left[0] == pytest.approx(math.sin(yaw))


@pytest.mark.parametrize("facing", [1.0, -1.0])
def test_a_straight_ribbon_is_as_long_as_it_says(facing: float) -> None:
    strip = draw_cutout(
        [Piece(np.array([(0, 0.05), (-1, 0.05), (-1, -0.05), (0, -0.05)]), from_hex("ffffff"))], grey_light(), 120
    )
    spine = lay_spine((100.0 if facing > 0 else 20.0, 30.0), np.full(118, 30.0), facing, 80.0)
    picture = np.zeros((60, 140, 3), np.uint8)
    paint_ribbon(picture, strip, spine)
    columns = np.flatnonzero(picture.max((0, 2)) > 60)
    assert columns[-1] - columns[0] == pytest.approx(80, abs=3)
    assert (columns[-1] if facing > 0 else columns[0]) == pytest.approx(100 if facing > 0 else 20, abs=2)
