"""Figures obey a few laws of bodies: feet on the ground, speed without jumps, actions in order."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filmgate.animatic.figures.people.acting import HUMAN_GAIT, MOON_GAIT, MOTIONS, Habit, acted, planted
from filmgate.animatic.figures.people.astronaut import astronaut
from filmgate.animatic.figures.people.figure import Figure
from filmgate.animatic.figures.people.robot import robot
from filmgate.animatic.figures.people.skeleton import ADULT, CHILD, Bend, Build, skeleton
from filmgate.animatic.figures.people.wardrobe import WARDROBE, Occasion, dressed
from filmgate.animatic.figures.performance import Gait, around, path, plan
from filmgate.animatic.figures.puppet import Light, Shape, cast_shadow, ellipse, paint, point, standing

ACTIONS = ("stand", "stand_up", "walk", "run", *sorted(MOTIONS))
GREY = np.array([0.5, 0.5, 0.5], np.float32)
LIGHT = Light((-0.6, -0.8), GREY * 0.1, GREY * 2, GREY, GREY, 0.2)
KINDS = ("astronaut", "robot", *sorted(WARDROBE))


def figure_of(kind: str, seed: int = 1, *, wet: bool = False) -> Figure:
    if kind == "astronaut":
        return astronaut(GREY, MOON_GAIT, 0.0)
    if kind == "robot":
        return robot(GREY, HUMAN_GAIT, 0.0)
    occasion = Occasion(np.random.default_rng(seed), None, wet=wet)
    return dressed(WARDROBE[kind](occasion), occasion)


@given(
    st.lists(st.sampled_from(ACTIONS), max_size=4),
    st.floats(0.5, 60),
    st.floats(0, 1),
    st.sampled_from((ADULT, CHILD)),
    st.sampled_from(Habit),
)
def test_nobody_sinks_or_flies_and_bones_keep_their_length(
    actions: list[str], duration: float, share: float, build: Build, habit: Habit
) -> None:
    state = plan(tuple(actions), duration, HUMAN_GAIT, usual="walk").at(duration * share)
    angles = acted(state, HUMAN_GAIT, build, habit)
    bones = skeleton(angles, build, planted(state))
    lowest = min(joint[1] for joint in (bones.hip, bones.head, *bones.knees, *bones.ankles, *bones.toes))
    assert 0 < lowest - angles[Bend.LIFT] < 0.09
    for side in (0, 1):
        assert math.dist(bones.hips[side], bones.knees[side]) == pytest.approx(build.thigh, abs=1e-6)
        assert math.dist(bones.knees[side], bones.ankles[side]) == pytest.approx(build.shin, abs=1e-6)
        assert math.dist(bones.elbows[side], bones.hands[side]) == pytest.approx(build.forearm, abs=1e-6)


@pytest.mark.parametrize("action", ["walk", "run"])
@pytest.mark.parametrize("gait", [HUMAN_GAIT, MOON_GAIT])
def test_a_foot_on_the_ground_does_not_slide(gait: Gait, action: str) -> None:
    performance = plan((action,), 6.0, gait, usual="walk")
    step = 1 / 120
    steps: list[float] = []
    stood_at: float | None = None
    for index in range(240):
        state = performance.at(2.0 + index * step)
        bones = skeleton(acted(state, gait))
        flat = abs(bones.feet[0]) < 0.01 and bones.ankles[0][1] < ADULT.sole + 0.02
        place = state.distance + bones.ankles[0][0]
        if flat and stood_at is not None:
            steps.append(abs(place - stood_at))
        stood_at = place if flat else None
    assert max(steps) < 0.1 * gait.speeds[action] * step


@given(st.lists(st.sampled_from(ACTIONS), max_size=4), st.floats(1, 20))
def test_distance_and_phase_never_jump(actions: list[str], duration: float) -> None:
    performance = plan(tuple(actions), duration, HUMAN_GAIT, usual="walk")
    step = 1 / 240
    for seconds in np.linspace(0, duration, 60):
        now, later = performance.at(float(seconds)), performance.at(float(seconds) + step)
        assert 0 <= later.distance - now.distance <= 2.2 * step + 1e-9
        assert later.phase >= now.phase


@pytest.mark.parametrize("action", sorted(set(ACTIONS) - {"stand_up"}))
def test_no_pose_pops(action: str) -> None:
    performance = plan(("stand", action), 12.0, HUMAN_GAIT, usual="walk")
    joints: list[list[float]] = []
    for seconds in np.arange(0, 11.9, 1 / 60):
        state = performance.at(float(seconds))
        bones = skeleton(acted(state), ADULT, planted(state))
        joints.append([value for joint in (bones.head, *bones.hands, *bones.ankles) for value in joint])
    assert np.abs(np.diff(np.array(joints), axis=0)).max() < 0.11


def test_rising_comes_between_sitting_and_walking() -> None:
    def order(*actions: str) -> list[str]:
        return [segment.action for segment in plan(actions, 6.0, HUMAN_GAIT, usual="walk").segments]

    assert order() == ["walk"]
    assert order("stand_up", "walk") == ["sit", "stand_up", "walk"]
    assert order("sit", "run") == ["sit", "stand_up", "run"]
    assert order("kneel", "stand_up") == ["kneel", "stand_up"]
    assert order("lie", "walk") == ["lie", "stand_up", "walk"]
    assert order("walk", "sit") == ["walk", "sit"]


@given(st.floats(0, 200), st.floats(0.6, 20))
def test_path_stays_on_its_line(distance: float, half_length: float) -> None:
    place, facing = path(distance, half_length)
    assert -half_length - 1e-6 <= place <= half_length + 1e-6
    assert 0.4 < abs(facing) <= 1
    further, _ = path(distance + 0.01, half_length)
    assert abs(further - place) <= 0.01 + 1e-6


@given(st.floats(0, 200), st.floats(0.6, 20), st.floats(0, 1.2))
def test_who_turns_round_goes_where_the_feet_point(distance: float, half_length: float, yaw: float) -> None:
    place, facing = around(distance, half_length, yaw, 0.9)
    assert abs(place) <= half_length + 0.9
    assert yaw - 1e-9 <= facing <= math.pi - yaw + 1e-9
    step = 1e-4
    further, faced = around(distance + step, half_length, yaw, 0.9)
    assert further - place == pytest.approx(step * math.cos(facing), abs=step * (abs(faced - facing) + 1e-3))


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_can_be_drawn_from_all_sides_in_every_action(kind: str) -> None:
    figure = figure_of(kind, wet=True)
    for action in ACTIONS:
        performance = plan((action,), 5.0, figure.gait, usual="walk")
        for yaw in (0.0, 0.42, math.pi / 2, 2.6, 4.7):
            shapes = figure.shapes(performance.at(2.1), yaw)
            assert all(np.isfinite(shape.outline).all() for shape in shapes)
            parts = [shape.part for shape in shapes]
            assert parts == sorted(parts), "bodies are drawn whole, back to front"
            points = np.concatenate([shape.outline for shape in shapes])
            assert np.ptp(points, axis=0).max() < 2.6


def test_an_unknown_action_is_standing() -> None:
    figure = figure_of("person")
    unknown, standing_there = (plan((action,), 4.0, figure.gait, usual="walk").at(1.0) for action in ("yodel", "stand"))
    for shape, other in zip(figure.shapes(unknown), figure.shapes(standing_there), strict=True):
        assert np.array_equal(shape.outline, other.outline)


@pytest.mark.parametrize("height", [3.0, 30.0, 220.0, 1500.0])
def test_figures_are_painted_at_any_size_and_only_where_they_are(height: float) -> None:
    figure = figure_of("woman")
    shapes = figure.shapes(plan(("walk",), 5.0, figure.gait, usual="walk").at(1.0))
    canvas = np.full((300, 400, 3), 90, np.uint8)
    paint(canvas, shapes, standing(80, 260, height), LIGHT)
    assert (canvas[:, :80] != 90).any() or height < 10
    if height < 250:
        assert (canvas[:, 330:] == 90).all()
    aside = canvas.copy()
    paint(aside, shapes, standing(-5000, 260, height), LIGHT)
    assert np.array_equal(aside, canvas)


def test_the_side_towards_the_light_is_brighter() -> None:
    canvas = np.zeros((200, 200, 3), np.uint8)
    paint(canvas, [Shape(ellipse(point(0, 0.5), 0.4, 0.4), GREY)], standing(100, 150, 100), LIGHT)
    middle = canvas[100].astype(int).sum(-1)
    assert middle[62:68].mean() > 1.3 * middle[132:138].mean()


def test_a_later_body_shades_the_one_behind_but_not_the_ground() -> None:
    behind = Shape(ellipse(point(0, 0.5), 0.4, 0.4), GREY)
    front = Shape(ellipse(point(0, 0.5), 0.1, 0.1), GREY, part=1)
    plain, shaded = np.full((200, 200, 3), 200, np.uint8), np.full((200, 200, 3), 200, np.uint8)
    paint(plain, [behind], standing(100, 150, 100), LIGHT)
    paint(shaded, [behind, front], standing(100, 150, 100), LIGHT)
    assert shaded[100, 111].sum() < plain[100, 111].sum()
    assert (shaded[:40] == 200).all()


def test_a_cast_shadow_only_darkens() -> None:
    canvas = np.full((200, 200, 3), 180, np.uint8)
    laid = np.array([[100.0, 60.0, 60.0], [0.0, 20.0, 150.0]])
    cast_shadow(canvas, [Shape(ellipse(point(0, 0.5), 0.2, 0.5), GREY)], laid, 0.5)
    assert canvas.max() == 180
    assert 80 < canvas[160, 90, 0] < 110
