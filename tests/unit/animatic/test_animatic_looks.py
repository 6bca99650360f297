"""Looks and captions: each changes the picture in its own way, and nothing flickers that does not move."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from drawn import prepare

from filmgate.animatic.caption import build_caption
from filmgate.animatic.job import RenderJob
from filmgate.animatic.language.prompt import shot_words
from filmgate.animatic.looks import STYLES, build_look
from filmgate.animatic.raster import Canvas

MakeJob = Callable[..., RenderJob]
NAMES = {"ink": "ink wash", "pixel": "pixel art"}


def test_every_look_is_another(make_job: MakeJob) -> None:
    fields = {"width_px": 320, "height_px": 180}
    frames = {
        style: prepare(make_job("sea at sunset", style=NAMES.get(style or "", style), **fields)).rgb(2).astype(int)
        for style in (None, *sorted(STYLES))
    }
    for one, other in combinations(frames, 2):
        assert np.abs(frames[one] - frames[other]).mean() > 2, (one, other)
    assert np.ptp(frames["noir"], axis=2).max() == 0
    assert np.ptp(frames["anime"], axis=2).mean() > 20


@pytest.mark.parametrize("size", [(64, 64), (64, 256), (1024, 64), (722, 406)])
@pytest.mark.parametrize("style", sorted(STYLES))
def test_looks_fit_every_frame_and_repeat_themselves(style: str, size: tuple[int, int]) -> None:
    output, rng = Canvas(*size), np.random.default_rng(5)
    look = build_look(style, output, rng)
    frame = rng.integers(0, 255, (size[1], size[0], 3), np.uint8)
    first, second = (look.apply(frame.copy(), 3) for _ in range(2))
    assert first.shape == frame.shape
    assert first.dtype == np.uint8
    assert np.array_equal(first, second)


@pytest.mark.parametrize("style", sorted(STYLES - {"vintage"}))
def test_a_still_picture_stays_still(style: str) -> None:
    output, rng = Canvas(160, 90), np.random.default_rng(5)
    look = build_look(style, output, rng)
    frame = rng.integers(0, 255, (90, 160, 3), np.uint8)
    assert np.array_equal(look.apply(frame.copy(), 0), look.apply(frame.copy(), 57))


@pytest.mark.parametrize(
    "text",
    ["An astronaut stood up and walked", "宇航员在月球上行走", "A 混合 prompt", "word " * 900, "长" * 5000, "x" * 5000],
)
@pytest.mark.parametrize("size", [(64, 64), (1280, 720), (720, 1280)])
def test_captions_stay_in_the_lower_part_and_inside(text: str, size: tuple[int, int]) -> None:
    caption = build_caption(text, Canvas(*size))
    assert caption is not None
    frame = np.full((size[1], size[0], 3), 128, np.uint8)
    caption.paint(frame, 2.0, 5.0)
    changed = np.argwhere((frame != 128).any(-1))
    assert len(changed) > 0
    assert changed[:, 0].min() > size[1] * 0.5
    bright = np.argwhere(frame.max(-1) > 190)
    assert bright[:, 1].min() > size[0] * 0.03
    assert bright[:, 1].max() < size[0] * 0.97


def test_caption_fades_in_and_out() -> None:
    caption = build_caption("sea", Canvas(320, 180))
    assert caption is not None
    levels: list[int] = []
    for seconds in (0.0, 0.2, 2.5, 4.9, 5.0):
        frame = np.zeros((180, 320, 3), np.uint8)
        caption.paint(frame, seconds, 5.0)
        levels.append(int(frame.max()))
    assert levels[0] == levels[4] == 0
    assert levels[0] < levels[1] < levels[2] > levels[3] > levels[4]


@pytest.mark.parametrize("text", ["", "   ", "🎉🎉", "\u200b\0"])
def test_nothing_to_read_is_no_caption(text: str) -> None:
    assert build_caption(text, Canvas(320, 180)) is None


def test_caption_is_the_prompt_and_every_shot_has_its_own(make_job: MakeJob) -> None:
    plain, captioned = (
        prepare(make_job("sea", caption=caption, width_px=320, height_px=180)).rgb(4).astype(int)
        for caption in (False, True)
    )
    assert np.abs(plain - captioned)[90:].max() > 60
    assert np.abs(plain - captioned)[:80].max() == 0
    words = shot_words("Film noir. Shot 1: A Sea at noon. Cut to: Tokyo, Neon")
    assert words == ("A Sea at noon", "Tokyo, Neon")
    assert shot_words("镜头一：海边日落。镜头二：城市夜景") == ("海边日落。", "城市夜景")
