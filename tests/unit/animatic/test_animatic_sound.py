"""Sound: exactly as long as the clip, of one loudness, without clicks, and fitting the scene."""

from __future__ import annotations

from collections.abc import Callable

import av
import numpy as np
import pytest

from filmgate.animatic.job import RenderJob
from filmgate.animatic.language.parse import parse
from filmgate.animatic.render import render
from filmgate.animatic.scenes import BUILDERS
from filmgate.animatic.sound import _LAYERS, _SCENES, Ambience, layers_of, soundtrack  # pyright: ignore

MakeJob = Callable[..., RenderJob]


def test_every_scene_has_a_sound() -> None:
    assert set(BUILDERS) | {"image"} == set(_SCENES)
    assert {layer for layers in _SCENES.values() for layer in layers} <= set(_LAYERS)


@pytest.mark.parametrize("layer", sorted(_LAYERS))
def test_every_sound_is_audible_and_bounded(layer: str) -> None:
    sound = _LAYERS[layer](96_000, np.random.default_rng(3))
    assert sound.shape == (96_000, 2)
    assert np.isfinite(sound).all()
    assert 0.01 < float(sound.std()) < 4


@pytest.mark.parametrize("seconds", [0.5, 1.04, 5.0])
@pytest.mark.parametrize("prompt", ["a storm at sea", "birds in a forest", "a ringed planet", "underwater"])
def test_soundtrack_is_as_long_as_asked_and_broadcast_loud(prompt: str, seconds: float) -> None:
    sound = soundtrack([Ambience(parse(prompt), 0, seconds)], seconds, seed=1)
    assert sound.shape == (round(seconds * 48_000), 2)
    assert float(np.abs(sound).max()) < 1
    assert 0.02 < float(np.sqrt((sound**2).mean())) < 0.1
    assert np.abs(sound[0]).max() < 1e-3, "no click at the start"
    assert np.abs(sound[-1]).max() < 1e-3, "none at the end"


def test_same_seed_same_sound_other_seed_other_sound() -> None:
    first, again, other = (soundtrack([Ambience(parse("sea"), 0, 1)], 1.0, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_shots_crossfade() -> None:
    shots = [Ambience(parse("sea"), 0, 1.2), Ambience(parse("a ringed planet"), 0.8, 2)]
    sound = soundtrack(shots, 2.0, seed=4)
    loudness = np.sqrt((sound.reshape(-1, 4800, 2) ** 2).mean((1, 2)))
    assert float(loudness[5:14].min()) > 0.25 * float(loudness[5:14].max()), "no hole between shots"


def test_what_is_heard_follows_the_prompt() -> None:
    assert "surf" in layers_of(parse("a calm sea"))
    assert {"rain", "thunder"} <= layers_of(parse("thunderstorm over a city")).keys()
    assert "crickets" in layers_of(parse("a meadow at night"))
    assert "birds" not in layers_of(parse("a meadow at night"))
    assert layers_of(parse("a windy desert"))["wind"] > layers_of(parse("a desert"))["wind"]


@pytest.mark.parametrize("duration", [1.0, 2.5])
def test_sound_in_the_file_is_stereo_and_ends_with_the_picture(make_job: MakeJob, duration: float) -> None:
    job = make_job("sea", generate_audio=True, duration_seconds=duration)
    render(job)
    with av.open(job.output_path) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.codec_context.sample_rate) == ("aac", 48_000)
        assert stream.codec_context.layout.name == "stereo"
        samples = sum(frame.samples for frame in container.decode(stream))
        assert samples / 48_000 == pytest.approx(duration, abs=0.05)
        assert container.duration is not None
        assert container.duration / av.time_base == pytest.approx(duration, abs=0.05)
    with av.open(job.output_path) as container:
        assert sum(1 for _ in container.decode(video=0)) == job.frame_count


def test_there_is_no_sound_unless_asked_for(make_job: MakeJob) -> None:
    job = make_job("sea")
    render(job)
    with av.open(job.output_path) as container:
        assert not container.streams.audio
