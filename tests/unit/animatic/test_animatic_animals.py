"""Animals obey the laws of bodies: feet stay where they are put, nothing sinks into the ground, outlines stay whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filmgate.animatic.figures.animals.animals import CASTINGS, Route
from filmgate.animatic.figures.animals.beasts import beast
from filmgate.animatic.figures.animals.gaits import GAITS, HIND, steps
from filmgate.animatic.figures.animals.postures import RESTING, TOE_X, pose_at, stride_gait
from filmgate.animatic.figures.animals.quadruped import NODES
from filmgate.animatic.figures.animals.species import NONE, anatomy, species
from filmgate.animatic.figures.performance import Gait, State, plan
from filmgate.animatic.figures.puppet import light_for, paint, standing
from filmgate.animatic.language.vocabulary import vocabulary
from filmgate.animatic.palettes import palette
from filmgate.animatic.raster import Points

SLIP = 0.15  # of its way, that a foot may be dragged by a leg at full stretch
KINDS = sorted(species())
ACTIONS = (*sorted(RESTING), "walk", "trot", "run", "jump", "stand_up", "wave", "sing")
STILL = State(
    action="stand", before="stand", share=0.5, blend=1.0, seconds=1.0, distance=0.0, phase=0.0, effort=0.0
)  # fmt: skip


def drawn(kind: str, state: State) -> Points:
    animal = beast(kind, species()[kind].coats[0])
    return np.concatenate([shape.outline for shape in animal.shapes(state, stride_gait(animal.kind))])


@pytest.mark.parametrize("kind", KINDS)
def test_every_species_stands_on_the_ground_in_every_action(kind: str) -> None:
    for action in ACTIONS:
        for seconds in (0.0, 0.7, 3.3):
            points = drawn(kind, replace(STILL, action=action, seconds=seconds, phase=4 * seconds))
            assert np.isfinite(points).all()
            assert points[:, 1].min() > -0.10, action  # the trunk of an elephant is as low as anything gets
            assert points[:, 1].max() < 4.0


@pytest.mark.parametrize("kind", KINDS)
def test_every_species_is_painted_by_day_and_by_night(kind: str) -> None:
    animal = beast(kind, species()[kind].coats[0])
    shapes = animal.shapes(STILL, stride_gait(animal.kind))
    for name in ("day", "night"):
        target = np.full((72, 96, 3), 90, np.uint8)
        paint(target, shapes, standing(48.0, 68.0, 22.0), light_for(palette(name), (-0.6, -0.8)))
        assert (target != 90).any()


@given(
    st.sampled_from(KINDS),
    st.lists(st.sampled_from(ACTIONS), max_size=4),
    st.floats(0.5, 30),
    st.floats(0, 1),
)
def test_outlines_are_whole_at_any_moment(kind: str, actions: list[str], duration: float, share: float) -> None:
    performance = plan(tuple(actions), duration, stride_gait(species()[kind]), usual="walk")
    assert np.isfinite(drawn(kind, performance.at(duration * share))).all()


@pytest.mark.parametrize("action", ["walk", "run"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_planted_foot_stays_where_it_is(kind: str, action: str) -> None:
    """Seen from the ground the toes of a foot that is down do not move, though the body goes on."""
    animal = beast(kind, species()[kind].coats[0])
    gait = stride_gait(animal.kind)
    stride = gait.strides[action]
    footfall = GAITS[getattr(animal.kind, f"{action}_gait")]
    walkers = HIND if animal.kind.biped else np.ones(4, bool)
    step = 0.05
    for cycle in np.linspace(0, 1, 23):
        share = float(cycle)
        now, later = (_toes(kind, action, at, gait) for at in (share, share + step))
        aloft = [steps(footfall, at, stride).swing > 0 for at in np.linspace(share, share + step, 6)]
        down = ~np.any(aloft, axis=0) & walkers
        slid = later + step * stride - now
        assert np.abs(slid[down]).max(initial=0.0) < SLIP * step * stride


def _toes(kind: str, action: str, cycle: float, gait: Gait) -> Points:
    animal = beast(kind, species()[kind].coats[0])
    state = replace(STILL, action=action, phase=2 * np.pi * cycle, effort=1.0)
    bones = animal.body.bones(pose_at(animal.body.frame, state, gait))
    return bones.legs[:, NODES, 0]  # the tip, where both sides of the leg meet


@given(st.sampled_from(sorted(GAITS)), st.floats(0, 3), st.floats(0.5, 2))
def test_feet_neither_jump_nor_dig(name: str, cycle: float, stride: float) -> None:
    now, later = steps(GAITS[name], cycle, stride), steps(GAITS[name], cycle + 1e-4, stride)
    assert np.abs(later.along - now.along).max() < 0.002
    assert np.abs(later.lift - now.lift).max() < 0.002
    assert now.lift.min() >= 0


@given(st.sampled_from(KINDS), st.sampled_from(sorted(RESTING)), st.floats(0, 60))
def test_who_rests_does_not_shuffle(kind: str, action: str, seconds: float) -> None:
    frame = beast(kind, species()[kind].coats[0]).body.frame
    gait = stride_gait(frame.species)
    early, late = (
        pose_at(frame, replace(STILL, action=action, seconds=at), gait).legs[:, TOE_X] for at in (1.0, 1.0 + seconds)
    )
    assert action == "float" or np.array_equal(early, late)


@given(st.floats(0, 60), st.floats(0.5, 9))
def test_routes_never_jump_in_sight(distance: float, length: float) -> None:
    for route in (
        Route(640.0, 1.0, 100.0, length),
        Route(640.0, -1.0, 100.0, length + 1, turns=True),
        Route(640.0, 1.0, 100.0, length, slip=0.2),
    ):
        (x, facing), (further, _) = route.at(distance), route.at(distance + 0.01)
        assert abs(further - x) <= 1.0 + 1e-6
        assert 0.4 < abs(facing) <= 1
    lap = 12.8 + 6.0
    coming = Route(640.0, 1.0, 100.0, length, lap=lap)
    x, _ = coming.at(distance)
    assert 640 - lap * 50 <= x <= 640 + lap * 50


def test_tables_name_what_exists() -> None:
    tables = anatomy()
    assert set(CASTINGS) == set(species()) <= set(vocabulary().subjects)
    for kind in tables.species.values():
        assert kind.limbs in tables.limbs
        assert kind.face in tables.faces
        assert kind.ear_shape in tables.ears
        assert kind.tail_shape in tables.tails
        assert kind.horns in (NONE, *tables.horns)
        assert {kind.walk_gait, kind.run_gait} <= set(GAITS)
        assert kind.mane in (NONE, "crest", "brush", "ruff")


def test_the_young_have_bigger_heads() -> None:
    for young, grown in (("puppy", "dog"), ("kitten", "cat"), ("bear_cub", "bear"), ("lion_cub", "lion")):
        small, large = species()[young], species()[grown]
        assert small.size < 0.75 * large.size
        assert small.head / small.length > large.head / large.length
