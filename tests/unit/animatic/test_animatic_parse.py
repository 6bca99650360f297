"""Prompts as data, in both languages: what must be understood, and what must not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filmgate.animatic.parse import parse
from filmgate.animatic.reading import Reading

CASES: list[tuple[str, dict[str, Any]]] = [
    ("An astronaut stood up and walked", {"scene": "moon", "subjects": ["astronaut"], "actions": ["stand_up", "walk"]}),
    ("一位宇航员站起来，然后行走", {"scene": "moon", "subjects": ["astronaut"], "actions": ["stand_up", "walk"]}),
    ("An astronaut floating in space, orbit shot", {"scene": "space", "camera": ["orbit"], "actions": ["float"]}),
    ("A sailboat crossing a calm sea at sunset", {"scene": "sea", "palette": "sunset", "subjects": ["sailboat"]}),
    ("海边日落，一艘帆船", {"scene": "sea", "palette": "sunset", "subjects": ["sailboat"]}),
    ("夕陽下的燈塔", {"scene": "sea", "palette": "sunset", "subjects": ["lighthouse"]}),
    ("stormy ocean with a lighthouse, pan left", {"scene": "sea", "weather": "storm", "camera": ["pan_left"]}),
    ("whales at dawn", {"scene": "sea", "palette": "dawn", "subjects": ["whale"], "counts": [3]}),
    ("a tropical island", {"scene": "sea", "features": ["island"]}),
    ("a mountain lake at golden hour", {"scene": "lake", "palette": "golden"}),
    ("aurora over a lake, winter night", {"scene": "lake", "weather": "snow", "features": ["aurora"]}),
    ("极光下的湖面", {"scene": "lake", "palette": "night", "features": ["aurora"]}),
    ("a hiker walking on a ridge", {"scene": "mountains", "subjects": ["person"], "actions": ["walk"]}),
    ("snowy mountains in the morning", {"scene": "mountains", "palette": "dawn", "features": ["snowcaps"]}),
    ("三只热气球飞越清晨的雪山，航拍", {"scene": "mountains", "subjects": ["balloon"], "counts": [3]}),
    ("泰山日出", {"scene": "mountains", "palette": "dawn"}),
    ("赛博朋克城市雨夜，一个撑伞的女孩走在街头，镜头缓缓推进", {
        "scene": "city", "palette": "neon", "weather": "rain", "subjects": ["woman"], "camera": ["push"],
        "features": ["umbrella"],
    }),
    ("neon streets of Tokyo", {"scene": "city", "palette": "neon"}),
    ("上海的夜景，车流", {"scene": "city", "palette": "night", "subjects": ["car"]}),
    ("two people in a city at noon", {"scene": "city", "palette": "day", "subjects": ["person"], "counts": [2]}),
    ("A deer standing in a misty forest at dawn", {
        "scene": "forest", "weather": "fog", "palette": "dawn", "subjects": ["deer"], "actions": ["stand"],
    }),
    ("竹林里的萤火虫，夜晚", {"scene": "forest", "features": ["fireflies"], "palette": "night"}),
    ("a ringed planet", {"scene": "space", "features": ["rings"]}),
    ("从太空看地球", {"scene": "space", "features": ["earth"]}),
    ("camels crossing the desert", {"scene": "desert", "subjects": ["camel"], "counts": [3]}),
    ("骆驼", {"scene": "desert", "subjects": ["camel"]}),
    ("a rover on Mars", {"scene": "desert", "palette": "mars"}),
    ("wolves on a snowfield", {"scene": "snowfield", "subjects": ["wolf"]}),
    ("a dog in the snow", {"scene": "snowfield", "weather": "snow", "subjects": ["dog"]}),
    ("南极的暴风雪", {"scene": "snowfield", "weather": "snow"}),
    ("a horse galloping", {"scene": "meadow", "subjects": ["horse"], "actions": ["run"]}),
    ("草原上奔跑的骏马", {"scene": "meadow", "subjects": ["horse"], "actions": ["run"]}),
    ("purple silk, abstract", {"scene": "abstract", "accent": "7a3fb0"}),
    ("水墨 flowing ink", {"scene": "abstract"}),
    ("red sky over the sea", {"scene": "sea", "sky_colour": "d63a34"}),
    ("红色的天空，蓝色的海", {"scene": "sea", "sky_colour": "d63a34", "water_colour": "2f6fd0"}),
    ("forest, no fog", {"scene": "forest", "weather": None}),
    ("没有雨的城市", {"scene": "city", "weather": None}),
    ("a city without people", {"scene": "city", "subjects": []}),
    ("马上给我一个印象派画面", {"scene": "abstract", "subjects": []}),
    ("云南的人工风格海报", {"scene": "abstract", "subjects": []}),
    ("Seaweed, forestry, skating", {"scene": "abstract", "matched": []}),
    ("ＳＥＡ　ａｔ　ｎｉｇｈｔ", {"scene": "sea", "palette": "night"}),
    ("zoom out slowly from a lake", {"scene": "lake", "camera": ["zoom_out"], "tempo": 0.6}),
    ("handheld, tilt up, skyline", {"scene": "city", "camera": ["handheld", "tilt_up"]}),
    ("static shot of a meadow, push in", {"scene": "meadow", "camera": ["static"]}),
    ("push in, pull back, dunes", {"scene": "desert", "camera": ["push"]}),
    ("镜头向左摇，海浪", {"scene": "sea", "camera": ["pan_left"]}),
    ("a black and white city", {"scene": "city", "style": "noir"}),
    ("复古风格的森林", {"scene": "forest", "style": "vintage"}),
    ("电影感 sunset 海", {"scene": "sea", "palette": "sunset", "style": "cinematic"}),
    ("一群鸟飞过大海", {"scene": "sea", "subjects": ["birds"], "counts": [5]}),
    ("a girl sits on the beach, then stands up and walks away", {
        "scene": "sea", "subjects": ["woman"], "actions": ["sit", "stand_up", "walk"],
    }),
]  # fmt: skip


def facts(reading: Reading) -> dict[str, Any]:
    return {
        **reading.to_dict(),
        "subjects": [subject.kind for subject in reading.subjects],
        "counts": [subject.count for subject in reading.subjects],
        "sky_colour": reading.sky_colour,
        "water_colour": reading.water_colour,
        "accent": reading.accent,
    }


@pytest.mark.parametrize(("prompt", "expected"), CASES, ids=[prompt[:40] for prompt, _ in CASES])
def test_prompt_is_understood(prompt: str, expected: dict[str, Any]) -> None:
    found = facts(parse(prompt))
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize(
    "prompt", [None, "", "   ", "\0", "🎉🎉", "xyzzy plugh", "。。。", "a" * 5000, "海" * 5000, "\ud800 sea"]
)
def test_no_prompt_is_an_error(prompt: str | None) -> None:
    assert parse(prompt).scene in {"abstract", "sea"}


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(prompt: str) -> None:
    reading = parse(prompt, negative_prompt=prompt, style=prompt, camera=prompt)
    assert reading.scene
    assert reading.camera


def test_negative_prompt_takes_things_away() -> None:
    reading = parse("a man and a dog in the rain in a city", negative_prompt="people, rain, blurry, low quality")
    assert [subject.kind for subject in reading.subjects] == ["dog"]
    assert reading.weather is None
    assert parse("forest in mist", negative_prompt="雾").weather is None
    assert parse("a cloudy sea", negative_prompt="clouds").cloud_cover == pytest.approx(0.1)


def test_camera_option_overrides_the_prompt() -> None:
    assert parse("sea, pan left", camera="zoom_in").camera == ("zoom_in",)
    assert parse("sea", camera="镜头拉远").camera == ("pull",)
    reading = parse("sea, pan left", camera="teleport")
    assert reading.camera == ("pan_left",)
    assert "camera: teleport" in reading.ignored


def test_unknown_style_is_reported_and_known_ones_are_used() -> None:
    assert parse("sea", style="Noir").style == "noir"
    assert parse("sea", style="sepia").style == "vintage"
    assert parse("sea", style="neon").style == "neon"
    assert parse("sea", style="cubist").style is None
    assert "style: cubist" in parse("sea", style="cubist").ignored


def test_unknown_words_are_reported_and_bounded() -> None:
    assert parse("sea with quuxes").ignored == ("quuxes",)
    assert (
        len(parse(" ".join(f"quux{chr(97 + index % 26)}{chr(97 + index // 26)}" for index in range(100))).ignored) <= 20
    )
