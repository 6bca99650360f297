"""What the reader of prompts understands (the prompts themselves are in prompts.toml), and what it must not."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filmgate.animatic.language.parse import MAX_IGNORED, Wishes, parse, parse_shots
from filmgate.animatic.language.reading import Reading
from filmgate.animatic.scenes import BUILDERS

PROMPTS: dict[str, list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("prompts.toml").read_text(encoding="utf-8")
)
SHOTS_SECONDS = 12.0
LONGEST_PROMPT = 5000  # characters
READING_SECONDS = 0.05  # of one core, for the longest prompt; tests allow twice that


def facts(reading: Reading) -> dict[str, Any]:
    """A reading in the words of prompts.toml."""
    stated = ("scene", "palette", "season", "weather", "style", "framing", "sky_colour", "water_colour", "accent")
    return {
        **{name: getattr(reading, name) or "" for name in stated},
        **{name: getattr(reading, name) for name in ("wind", "tempo", "cloud_cover")},
        **{name: list(getattr(reading, name)) for name in ("camera", "matched", "ignored", "features")},
        "subjects": [subject.kind for subject in reading.subjects],
        "counts": [subject.count for subject in reading.subjects],
        "colours": [subject.colour or "" for subject in reading.subjects],
        "actions": [action for subject in reading.subjects for action in subject.actions] + list(reading.actions),
    }


def compare(expected: dict[str, Any], found: dict[str, Any]) -> None:
    """Assert the stated facts: features at least, numbers nearly, all else exactly."""
    compared = dict(found)
    if "features" in expected:
        compared["features"] = [name for name in expected["features"] if name in found["features"]]
    stated = {name: value for name, value in expected.items() if name != "prompt"}
    assert {name: compared[name] for name in stated} == {
        name: pytest.approx(value) if isinstance(value, float) else value for name, value in stated.items()
    }


@pytest.mark.parametrize("case", PROMPTS["case"], ids=lambda case: case["prompt"][:40])
def test_prompt_is_understood(case: dict[str, Any]) -> None:
    compare(case, facts(parse(case["prompt"])))


@pytest.mark.parametrize("case", PROMPTS["shots_case"], ids=lambda case: case["prompt"][:40])
def test_shots_are_understood(case: dict[str, Any]) -> None:
    shots = parse_shots(case["prompt"], SHOTS_SECONDS)
    assert len(shots) == len(case["shots"])
    for expected, shot in zip(case["shots"], shots, strict=True):
        compare(expected, {**facts(shot.reading), "share": shot.share})


@pytest.mark.parametrize(
    "prompt", [None, "", "   ", "\0", "🎉🎉", "xyzzy plugh", "。。。", "a" * 5000, "海" * 5000, "\ud800 sea"]
)
def test_no_prompt_is_an_error(prompt: str | None) -> None:
    assert parse(prompt).scene in BUILDERS


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(prompt: str) -> None:
    wishes = Wishes(negative_prompt=prompt, style=prompt, camera=prompt)
    for reading in (parse(prompt, wishes), *(shot.reading for shot in parse_shots(prompt, 5.0, wishes))):
        assert reading.scene in BUILDERS
        assert reading.camera


@pytest.mark.parametrize(
    "words",
    ["a quick vorpal doggerel walks, ", "一位穿青衣的姑娘缓缓走过石板路，", "海", "红", "a red ", "no ", "她", "zz"],
)
def test_the_longest_prompt_is_read_at_once(words: str) -> None:
    prompt = (words * LONGEST_PROMPT)[:LONGEST_PROMPT]
    parse("sea")  # loads the vocabulary
    assert min(_cost(prompt) for _ in range(3)) < 2 * READING_SECONDS


def _cost(prompt: str) -> float:
    started = time.thread_time()
    parse(prompt)
    return time.thread_time() - started


def test_what_nobody_knows_is_left_to_chance() -> None:
    scenes = {parse("xyzzy plugh", Wishes(seed=seed)).scene for seed in range(20)}
    assert len(scenes) > 2
    assert parse("xyzzy plugh", Wishes(seed=3)) == parse("xyzzy plugh", Wishes(seed=3))
    assert len({parse(prompt).scene for prompt in ("plugh", "xyzzy", "frotz", "gnusto", "rezrov", "blorb")}) > 1


def test_negative_prompt_takes_things_away() -> None:
    reading = parse(
        "a man and a dog in the rain in a city", Wishes(negative_prompt="people, rain, blurry, low quality")
    )
    assert [subject.kind for subject in reading.subjects] == ["dog"]
    assert reading.weather is None
    assert parse("forest in mist", Wishes(negative_prompt="雾")).weather is None
    assert parse("a cloudy sea", Wishes(negative_prompt="clouds")).cloud_cover == pytest.approx(0.1)


def test_camera_wish_overrides_the_prompt() -> None:
    assert parse("sea, pan left", Wishes(camera="zoom_in")).camera == ("zoom_in",)
    assert parse("sea", Wishes(camera="镜头拉远")).camera == ("pull",)
    reading = parse("sea, pan left", Wishes(camera="teleport"))
    assert reading.camera == ("pan_left",)
    assert "camera: teleport" in reading.ignored


def test_unknown_style_is_reported_and_known_ones_are_used() -> None:
    assert parse("sea", Wishes(style="Noir")).style == "noir"
    assert parse("sea", Wishes(style="sepia")).style == "vintage"
    assert parse("sea", Wishes(style="neon")).style == "neon"
    assert parse("sea", Wishes(style="cubist")).style is None
    assert "style: cubist" in parse("sea", Wishes(style="cubist")).ignored


def test_unknown_words_are_reported_and_bounded() -> None:
    assert parse("sea with quuxes").ignored == ("quuxes",)
    letters = "abcdefghijklmnopqrstuvwxyz"
    assert len(parse(" ".join(f"q{first}{second}" for first in letters for second in letters)).ignored) == MAX_IGNORED


@pytest.mark.parametrize(
    "prompt", ["一个穿白衣的女孩", "8k, masterpiece, ultra detailed, best quality", "大师作品，高清，细节丰富"]
)
def test_talk_of_quality_and_function_words_are_not_reported(prompt: str) -> None:
    assert parse(prompt).ignored == ()


def test_an_actor_is_whoever_can_act() -> None:
    subjects = {subject.kind: subject.actions for subject in parse("a girl with a lantern walks").subjects}
    assert subjects == {"woman": ("walk",), "lantern": ()}


def test_a_pronoun_means_who_was_named_before() -> None:
    reading = parse("A man sits on the beach. He stands up.")
    assert [(subject.kind, subject.actions) for subject in reading.subjects] == [("person", ("sit", "stand_up"))]
    assert [subject.kind for subject in parse("She dances").subjects] == ["woman"]
    second = parse_shots("A knight on a hill. Cut to: he walks", 6.0)[1].reading
    assert [(subject.kind, subject.actions) for subject in second.subjects] == [("knight", ("walk",))]
