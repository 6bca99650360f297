"""Shots laid over a clip: exact in length, dissolving into each other, and the same whichever is built first."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import numpy as np
from drawn import prepare
from hypothesis import given
from hypothesis import strategies as st

from filmgate.animatic.film import lay_out
from filmgate.animatic.job import RenderJob
from filmgate.animatic.render import render, understood

MakeJob = Callable[..., RenderJob]
THREE_SHOTS = "Shot 1: a sea at noon. Shot 2: neon city at night. Cut to: a desert at golden hour"


@given(
    weights=st.lists(st.floats(0.2, 5), min_size=1, max_size=6),
    frame_count=st.integers(6, 2000),
    fps=st.sampled_from([Fraction(8), Fraction(24000, 1001), Fraction(30), Fraction(120)]),
)
def test_shots_fill_the_clip_exactly(weights: list[float], frame_count: int, fps: Fraction) -> None:
    slots = lay_out([weight / sum(weights) for weight in weights], frame_count, fps)
    assert slots[0].first == slots[0].alone_from == 0
    assert slots[-1].end == slots[-1].alone_until == frame_count
    for before, after in pairwise(slots):
        assert after.first == before.alone_until, "a dissolve begins where the earlier shot is no longer alone"
        assert after.alone_from == before.end
    for index in range(frame_count):
        seen = [slot for slot in slots if slot.first <= index < slot.end]
        assert 1 <= len(seen) <= 2


def test_shots_differ_and_dissolve_without_a_jump(make_job: MakeJob) -> None:
    picture = prepare(make_job(THREE_SHOTS, duration_seconds=6.0, fps=12, width_px=160, height_px=90))
    frames = [picture.rgb(index).astype(np.int16) for index in range(72)]
    first, second, third = (frames[slot.alone_from + 2] for slot in picture.film.slots)
    assert np.abs(first - second).mean() > 20
    assert np.abs(second - third).mean() > 20
    steps = [float(np.abs(later - earlier).mean()) for earlier, later in pairwise(frames)]
    assert max(steps) < 0.5 * float(np.abs(first - second).mean()), "no hard cut"


def test_a_shot_is_the_same_whenever_it_is_built(make_job: MakeJob) -> None:
    film = prepare(make_job(THREE_SHOTS, duration_seconds=3.0)).film
    late = film.rgb(20, {2: film.build(2)})
    again = film.rgb(20, {number: film.build(number) for number in (1, 0, 2)})
    assert np.array_equal(late, again)


def test_every_shot_is_told(make_job: MakeJob) -> None:
    told = render(make_job(THREE_SHOTS, duration_seconds=3.0))
    assert [(shot["from_seconds"] < 3, shot["scene"]) for shot in told["shots"]] == [
        (True, "sea"),
        (True, "city"),
        (True, "desert"),
    ]
    assert "shots" not in understood(prepare(make_job("sea")).film)


def test_too_many_shots_for_the_clip_are_told(make_job: MakeJob) -> None:
    film = prepare(make_job(THREE_SHOTS, duration_seconds=1.5)).film
    assert len(film.slots) == 2
    assert film.readings[-1].ignored == ("1 more shots: 2 fit into 1.5 s",)
