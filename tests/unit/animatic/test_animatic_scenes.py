"""Every scene: pure frames, any shape of frame, no jumps, and the figures that its prompt names."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from drawn import prepare

from filmgate.animatic.job import RenderJob
from filmgate.animatic.language.vocabulary import vocabulary
from filmgate.animatic.raster import blur
from filmgate.animatic.render import render
from filmgate.animatic.scenes import BUILDERS

MakeJob = Callable[..., RenderJob]

PROMPTS = {
    "sea": "two sailboats and a dolphin at sunset, birds",
    "lake": "a lake at dawn, a deer",
    "mountains": "snowy mountains, three balloons, a hiker",
    "desert": "desert, camel, car",
    "snowfield": "snowfield, wolf, aurora, snow",
    "meadow": "a woman runs in a meadow",
    "moon": "An astronaut stood up and walked",
    "city": "neon city in a storm, a couple walks",
    "forest": "foggy forest at night, fox",
    "space": "a ringed planet, rocket, an astronaut floating",
    "abstract": "abstract silk, dust",
    "interior": "a woman in a cosy living room with a fireplace, rain on the window, candlelight",
    "studio": "product shot on a plinth, a balloon",
    "underwater": "a coral reef under the sea, kelp, a dolphin",
    "clouds": "peaks above the clouds at sunset, a hot air balloon",
}


def test_every_scene_has_a_prompt_here() -> None:
    assert set(PROMPTS) == set(BUILDERS)


@pytest.mark.parametrize("scene", sorted(PROMPTS))
def test_same_bytes_from_any_number_of_threads(scene: str, make_job: MakeJob) -> None:
    digests: set[str] = set()
    for threads in (1, 2, 3):
        job = make_job(PROMPTS[scene], duration_seconds=0.75, camera="handheld push")
        understood = render(job, threads=threads)
        digests.add(hashlib.sha256(Path(job.output_path).read_bytes()).hexdigest())
        assert understood["scene"] == scene
    assert len(digests) == 1


@pytest.mark.parametrize("scene", sorted(PROMPTS))
def test_another_seed_draws_another_picture(scene: str, make_job: MakeJob) -> None:
    first, second = (prepare(make_job(PROMPTS[scene], seed=seed)).rgb(3).astype(int) for seed in (1, 2))
    assert np.abs(first - second).mean() > 1.0


@pytest.mark.parametrize("size", [(128, 72), (72, 128), (96, 96), (256, 64), (64, 256)])
@pytest.mark.parametrize("scene", sorted(PROMPTS))
def test_every_shape_of_frame_is_filled(scene: str, size: tuple[int, int], make_job: MakeJob) -> None:
    frame = prepare(make_job(PROMPTS[scene], width_px=size[0], height_px=size[1])).rgb(4)
    assert frame.shape == (size[1], size[0], 3)
    assert frame.std() > 4, "an empty picture"


@pytest.mark.parametrize("scene", sorted(PROMPTS))
def test_motion_is_smooth(scene: str, make_job: MakeJob) -> None:
    """No pops: no step between frames is much larger than the usual one."""
    picture = prepare(make_job(PROMPTS[scene].replace("storm", "rain"), fps=24, width_px=160, height_px=90))
    frames = [picture.rgb(index).astype(np.int16) for index in range(24)]
    steps = [float(np.abs(later - earlier).mean()) for earlier, later in pairwise(frames)]
    assert 0 < max(steps) < 3.0 * float(np.median(steps)) + 0.3


def test_frames_do_not_depend_on_what_was_painted_before(make_job: MakeJob) -> None:
    for prompt in PROMPTS.values():
        picture = prepare(make_job(prompt))
        first = picture.rgb(2)
        picture.rgb(6)
        assert np.array_equal(first, picture.rgb(2)), prompt


def test_the_astronaut_rises_and_walks(make_job: MakeJob) -> None:
    """Against the same moon without anyone: the figure grows taller, then moves to the right."""
    prompt = PROMPTS["moon"]
    fields = {"width_px": 320, "height_px": 180, "duration_seconds": 6.0, "camera": "static"}
    with_figure = prepare(make_job(prompt, **fields))
    boxes: list[tuple[int, float, int]] = []
    background = np.median([with_figure.rgb(index) for index in range(0, 48, 4)], axis=0)
    for index in (1, 22, 44, 47):
        changed = np.abs(with_figure.rgb(index).astype(np.float32) - background).max(-1) > 60
        rows, columns = np.nonzero(blur(changed.astype(np.float32), 1.5) > 0.6)  # stars that twinkle are smaller
        boxes.append((int(np.ptp(rows)), float(columns.mean()), int(np.ptp(columns))))
    assert boxes[1][0] > boxes[0][0] * 1.15, "it stands up"
    assert boxes[2][1] > boxes[1][1] + 8, "it walks to the right"
    assert boxes[3][2] > boxes[2][2] * 0.7, "it does not turn on its last step"


@pytest.mark.parametrize("seed", range(24))
def test_a_ringed_planet_of_any_size_can_be_painted(seed: int, make_job: MakeJob) -> None:
    """The rings of a small one may end nearer to the ball than the square that the ball is painted in."""
    picture = prepare(make_job("saturn", seed=seed, width_px=64, height_px=64))
    assert picture.rgb(1).shape == (64, 64, 3)


@pytest.mark.parametrize("seed", range(40))
def test_any_words_together_can_be_drawn(seed: int, make_job: MakeJob) -> None:
    """Two things and three other words of the lexicon by chance, in frames of odd shapes."""
    chance, terms = np.random.default_rng(seed), vocabulary().terms
    things = sorted(term for term, meaning in terms.items() if meaning.subject)
    words = [*chance.choice(things, 2), *chance.choice(sorted(terms), 3)]
    width, height = ((64, 64), (64, 256), (256, 64), (98, 66))[seed % 4]
    picture = prepare(make_job(", ".join(words), seed=seed, width_px=width, height_px=height))
    assert picture.planes(picture.film.job.frame_count - 1).shape == (height * 3 // 2, width), words


@pytest.mark.parametrize("thing", ["car", "lighthouse", "castle", "train"])
def test_a_close_up_of_a_thing_shows_it(thing: str, make_job: MakeJob) -> None:
    """Things have no head to keep in the frame: a car, taken for a person, would drive below it."""
    fields = {"width_px": 192, "height_px": 108, "camera": "static"}
    near, wide = (
        prepare(make_job(f"{words}{thing} in a desert", **fields)).rgb(4) for words in ("close-up of a ", "a ")
    )
    empty = prepare(make_job("a desert", **fields)).rgb(4)
    seen = [(np.abs(frame.astype(int) - empty).max(-1) > 40).sum() for frame in (near, wide)]
    assert seen[0] > seen[1] > 60
