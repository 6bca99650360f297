"""Plants, lights and things are seen, move without jumps, and are the same whenever they are painted."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from filmgate.animatic.camera import View
from filmgate.animatic.figures.puppet import light_for
from filmgate.animatic.figures.role import Role
from filmgate.animatic.figures.stage import Actor, Setting, Spot, Stage
from filmgate.animatic.figures.things import (
    aloft,
    fireworks,
    flowers,
    gadgets,
    garden,
    glassware,
    keepsakes,
    lanterns,
    outdoors,
    tableware,
    trees,
    wearables,
)
from filmgate.animatic.figures.things.turnery import Material, finish, profile, turn
from filmgate.animatic.language.parse import parse
from filmgate.animatic.language.reading import Reading, Subject
from filmgate.animatic.language.vocabulary import vocabulary
from filmgate.animatic.palettes import palette
from filmgate.animatic.raster import Canvas, Pixels
from filmgate.animatic.scene import START_SECONDS, Brief, Moment

MODULES = (
    aloft,
    fireworks,
    flowers,
    gadgets,
    garden,
    glassware,
    keepsakes,
    lanterns,
    outdoors,
    tableware,
    trees,
    wearables,
)
CASTINGS = {kind: casting for module in MODULES for kind, casting in module.CASTINGS.items()}
KINDS = sorted(CASTINGS)
CANVAS = Canvas(320, 180)
CLIP_SECONDS = 4.0
FPS = 30
BARE = 90  # the grey of an empty picture


def actors_of(
    kind: str, *, canvas: Canvas = CANVAS, count: int = 1, mood: str = "day", season: str | None = None
) -> list[Actor]:
    where = vocabulary().subjects[kind].habitat
    base, height = canvas.base, canvas.height
    spot = {
        "water": Spot(0.5, 0.75 * height, 0.26 * base, 0.45),
        "air": Spot(0.5, 0.40 * height, 0.18 * base, 0.3),
        "ground": Spot(0.5, 0.90 * height, 0.30 * base, 0.6),
        "table": Spot(0.5, 0.80 * height, 0.50 * base, 0.45, level=True),
    }[where]
    colours = palette(mood)
    stage = Stage(canvas, 0.56 * height, {where: spot}, (0.5, -0.86))
    subject = Subject(kind, count)
    brief = Brief(
        canvas,
        colours,
        Reading("meadow", mood, ("push",), season=season, subjects=(subject,)),
        np.random.default_rng(5),
        CLIP_SECONDS,
    )
    setting = Setting(stage, spot, light_for(colours, stage.light_from), colours.dark, 1.0)
    return list(CASTINGS[kind](Role(brief, setting, where, subject)))


def frame(actors: list[Actor], seconds: float, canvas: Canvas = CANVAS, view: View | None = None) -> Pixels:
    picture = np.full((canvas.height, canvas.width, 3), BARE, np.uint8)
    moment = Moment(START_SECONDS + seconds, seconds / CLIP_SECONDS, view or View())
    for actor in actors:
        actor.paint(picture, moment)
    return picture


def painted(picture: Pixels) -> int:
    """How many pixels are not as they were."""
    return int((np.abs(picture.astype(int) - BARE).max(2) > 8).sum())


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_seen_half_way_through_the_clip(kind: str) -> None:
    assert painted(frame(actors_of(kind), CLIP_SECONDS / 2)) > 150


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"fireworks"}))
def test_nothing_jumps_between_frames(kind: str) -> None:
    actors = actors_of(kind)
    for start in (0.0, 1.7, 3.1):
        pictures = [frame(actors, start + step / FPS) for step in range(3)]
        for now, later in pairwise(pictures):
            changed = int((np.abs(now.astype(int) - later).max(2) > 60).sum())
            assert changed <= 0.20 * painted(now) + 40


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_pure_and_follows_its_seed(kind: str) -> None:
    actors = actors_of(kind)
    first = frame(actors, 1.0)
    frame(actors, 2.0)
    assert np.array_equal(first, frame(actors, 1.0))
    assert np.array_equal(first, frame(actors_of(kind), 1.0))


STILL = {
    "apple",
    "bench",
    "fruit",
    "scarecrow",
    "snowman",
    "pumpkin",
    "street_lamp",
    "perfume",
    "wine",
    "wine_glass",
    "juice",
    "teddy",
}


@pytest.mark.parametrize("kind", sorted(set(KINDS) - STILL))
def test_what_is_alive_moves(kind: str) -> None:
    actors = actors_of(kind)
    assert not np.array_equal(frame(actors, 1.0), frame(actors, 1.5))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("canvas", [Canvas(64, 64), Canvas(90, 360), Canvas(400, 100)], ids=str)
def test_any_frame_and_any_number(kind: str, canvas: Canvas) -> None:
    for count in (1, 5):
        actors = actors_of(kind, canvas=canvas, count=count, mood="night", season="winter")
        view = View(travel_x=0.04, travel_y=0.02, forward=0.2)
        for seconds in (0.0, 60.0):
            assert frame(actors, seconds, canvas, view).shape == (canvas.height, canvas.width, 3)


def test_seasons_change_a_tree() -> None:
    green, autumn, bare = (frame(actors_of("tree", season=season), 1.0) for season in ("summer", "autumn", "winter"))
    assert not np.array_equal(green, autumn)
    assert painted(bare) < 0.8 * painted(green)


def test_fireworks_never_stop() -> None:
    actors = actors_of("fireworks", mood="night")
    for seconds in np.linspace(0, CLIP_SECONDS, 12):
        assert painted(frame(actors, float(seconds))) > 40


def test_a_solid_is_lit_from_its_side() -> None:
    light = light_for(palette("day"), (0.5, -0.86))
    ball = finish(
        turn(profile((0.05, 0.0), (0.5, 0.5), (0.05, 1.0)), 80.0), Material(np.full(3, 0.5, np.float32), 0.0), light
    )
    middle = ball.pixels.shape[1] // 2
    left, right = ball.pixels[:, :middle, :3].mean(), ball.pixels[:, middle:, :3].mean()
    assert right > 1.1 * left


@pytest.mark.parametrize(
    ("prompt", "kind", "scene"),
    [
        ("a cup of coffee", "coffee", "studio"),
        ("一杯茶", "tea", "studio"),
        ("放孔明灯", "lantern", "lake"),
        ("烟花", "fireworks", "city"),
        ("an old tree in a meadow", "tree", "meadow"),
        ("湖边的柳树", "willow", "lake"),
        ("生日蛋糕", "cake", "studio"),
        ("a campfire in the forest", "campfire", "forest"),
        ("荷花", "lotus", "lake"),
    ],
)
def test_prompts_lead_to_things(prompt: str, kind: str, scene: str) -> None:
    reading = parse(prompt)
    assert [subject.kind for subject in reading.subjects] == [kind]
    assert reading.scene == scene


def test_a_campfire_throws_embers() -> None:
    assert "embers" in parse("a campfire at night").features
