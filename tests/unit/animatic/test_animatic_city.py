"""The views of a city: which one a prompt gets, frames of any shape, true parallax, lights that move smoothly."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from filmgate.animatic.architecture.lights import LightBook, Rhythm
from filmgate.animatic.architecture.perspective import Perspective
from filmgate.animatic.camera import Move, View
from filmgate.animatic.language.parse import parse
from filmgate.animatic.language.reading import Reading
from filmgate.animatic.palettes import palette
from filmgate.animatic.raster import Canvas, Pixels
from filmgate.animatic.scene import START_SECONDS, Brief, Moment, Scene
from filmgate.animatic.scenes.city import build_city
from filmgate.animatic.scenes.street import Street
from filmgate.animatic.scenes.waterfront import Waterfront

VIEWS = ("", "street", "watertown", "village", "aegean")
ROAD = Perspective(Canvas(640, 360), 210.0, 380.0, 570.0)


def _built(feature: str, palette_name: str, size: tuple[int, int] = (160, 90), weather: str | None = None) -> Scene:
    features = frozenset({feature} - {""})
    reading = Reading(scene="city", palette=palette_name, camera=("push",), weather=weather, features=features)
    return build_city(Brief(Canvas(*size), palette(palette_name), reading, np.random.default_rng(5), 2.0))


def _frame(scene: Scene, share: float, verb: str = "push") -> Pixels:
    return scene.paint(Moment(START_SECONDS + 2 * share, share, Move((verb,)).view(share, 2 * share)))


@pytest.mark.parametrize(
    ("prompt", "view"),
    [
        ("a rainy street at night", Street),
        ("夜市的街头", Street),
        ("a woman walks, cyberpunk", Street),
        ("city skyline at night", Waterfront),
        ("江南水乡古镇", Waterfront),
    ],
)
def test_words_lead_to_their_view(prompt: str, view: type) -> None:
    reading = parse(prompt)
    assert reading.scene == "city"
    scene = build_city(Brief(Canvas(96, 54), palette(reading.palette), reading, np.random.default_rng(1), 2.0))
    assert isinstance(scene, view)


@pytest.mark.parametrize("size", [(64, 64), (64, 256), (256, 64), (72, 128)])
@pytest.mark.parametrize("feature", VIEWS)
def test_every_shape_of_frame_is_filled(feature: str, size: tuple[int, int]) -> None:
    frame = _frame(_built(feature, "neon", size, "rain"), 1.0)
    assert frame.shape == (size[1], size[0], 3)
    assert frame.std() > 4
    assert (frame.max(-1) == 0).mean() < 0.02, "a hole between the walls"


@pytest.mark.parametrize("palette_name", ["day", "neon"])
@pytest.mark.parametrize("feature", VIEWS)
def test_frames_are_pure_and_motion_is_smooth(feature: str, palette_name: str) -> None:
    scene = _built(feature, palette_name)
    frames = [_frame(scene, index / 23).astype(np.int16) for index in range(24)]
    assert np.array_equal(frames[3], _frame(scene, 3 / 23))
    steps = [float(np.abs(later - earlier).mean()) for earlier, later in pairwise(frames)]
    assert 0 < max(steps) < 3.0 * float(np.median(steps)) + 0.3


def test_walls_and_floor_meet_wherever_the_camera_goes() -> None:
    """The foot of a wall is a line of the floor as well: both homographies must put it on the same place."""
    view = View(travel_x=0.05, travel_y=0.06, forward=0.2)
    for side in (-1, 1):
        for depth in (0.1, 0.4, 0.9):
            on_wall = np.array([ROAD.half_width * depth, 40 + ROAD.drop * depth, 1.0])
            on_floor = np.array([300 + side * ROAD.half_width * depth, ROAD.drop * depth, 1.0])
            seen = [
                matrix @ point
                for matrix, point in (
                    (ROAD.wall(side, 40, view), on_wall),
                    (ROAD.floor(300, view), on_floor),
                )
            ]
            assert np.allclose(seen[0][:2] / seen[0][2], seen[1][:2] / seen[1][2])


def test_a_light_between_pixels_keeps_its_strength() -> None:
    book = LightBook()
    book.add(np.array([4.0]), np.array([4.0]), np.array([0.5, 0.5, 0.5], np.float32), Rhythm(1.0, 0.0, -2.0, 0.1))
    lights = book.close()
    for shift in (0.0, 0.3, 0.5):
        frame = np.zeros((10, 10, 3), np.uint8)
        lights.paint(frame, lambda points, shift=shift: points + shift, 0.0)
        assert abs(int(frame[..., 0].sum()) - 127) <= 4
