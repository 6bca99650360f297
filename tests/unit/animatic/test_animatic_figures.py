"""Figures obey a few laws of bodies: feet on the ground, speed without jumps, actions in order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filmgate.animatic.figures.human import HUMAN_GAIT, SHIN, THIGH, Look, human_shapes, pose, skeleton
from filmgate.animatic.figures.performance import path, plan

ACTIONS = ("sit", "kneel", "stand_up", "stand", "walk", "run", "jump", "wave", "float")
GREY = np.array([0.5, 0.5, 0.5], np.float32)
LOOK = Look(GREY, GREY, GREY, GREY, coat=0.2, long_hair=True, umbrella=GREY)


@given(st.lists(st.sampled_from(ACTIONS), max_size=4), st.floats(0.5, 60), st.floats(0, 1))
def test_nobody_sinks_or_flies(actions: list[str], duration: float, share: float) -> None:
    performance = plan(tuple(actions), duration, HUMAN_GAIT, usual="walk")
    state = performance.at(duration * share)
    bones = skeleton(pose(state), 1.0)
    lowest = min(float(joint[1]) for joint in (bones.hip, *bones.knees, *bones.ankles))
    assert 0 < lowest < 0.09
    for knee, ankle in zip(bones.knees, bones.ankles, strict=True):
        assert np.hypot(*(knee - bones.hip)) == pytest.approx(THIGH, abs=1e-6)
        assert np.hypot(*(ankle - knee)) == pytest.approx(SHIN, abs=1e-6)
    assert all(np.isfinite(shape.outline).all() for shape in human_shapes(state, LOOK))


@given(st.lists(st.sampled_from(ACTIONS), max_size=4), st.floats(1, 20))
def test_distance_and_pose_never_jump(actions: list[str], duration: float) -> None:
    performance = plan(tuple(actions), duration, HUMAN_GAIT, usual="walk")
    step = 1 / 240
    for seconds in np.linspace(0, duration, 60):
        now, later = performance.at(float(seconds)), performance.at(float(seconds) + step)
        assert 0 <= later.distance - now.distance <= 2.2 * step + 1e-9
        assert later.phase >= now.phase


def test_rising_comes_between_sitting_and_walking() -> None:
    def order(*actions: str) -> list[str]:
        return [segment.action for segment in plan(actions, 6.0, HUMAN_GAIT, usual="walk").segments]

    assert order() == ["walk"]
    assert order("stand_up", "walk") == ["sit", "stand_up", "walk"]
    assert order("sit", "run") == ["sit", "stand_up", "run"]
    assert order("kneel", "stand_up") == ["kneel", "stand_up"]
    assert order("walk", "sit") == ["walk", "sit"]


@given(st.floats(0, 200), st.floats(0.6, 20))
def test_path_stays_on_its_line(distance: float, half_length: float) -> None:
    place, facing = path(distance, half_length)
    assert -half_length - 1e-6 <= place <= half_length + 1e-6
    assert 0.4 < abs(facing) <= 1
    further, _ = path(distance + 0.01, half_length)
    assert abs(further - place) <= 0.01 + 1e-6
