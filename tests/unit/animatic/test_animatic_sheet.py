"""The contact sheet: many prompts, ten and more of them Chinese, every one understood and none like another."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import cv2
import numpy as np
from drawn import prepare

from filmgate.animatic.job import RenderJob
from filmgate.animatic.language.parse import parse
from filmgate.animatic.language.vocabulary import CJK
from filmgate.animatic.scenes import BUILDERS
from filmgate.animatic.sheet import shipped_prompts

LEAST_DISTANCE = 3.0  # of a lightness or colour from 0 to 255, on average over the frame


def perceived(prompt: str) -> np.ndarray[Any, Any]:
    """A small frame in CIELAB, whose distances are about those that eyes see."""
    frame = prepare(RenderJob(prompt, 192, 108, 12, 5.0, 7, "")).rgb(36)
    small = cv2.resize(frame, (48, 27), interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.float32)


def test_no_two_prompts_of_the_sheet_look_the_same() -> None:
    prompts = shipped_prompts()
    looks = [perceived(prompt) for prompt in prompts]
    distances = {
        (prompts[one], prompts[other]): float(np.abs(looks[one] - looks[other]).mean())
        for one, other in combinations(range(len(prompts)), 2)
    }
    closest = min(distances, key=lambda pair: distances[pair])
    assert distances[closest] > LEAST_DISTANCE, closest


def test_the_sheet_shows_what_there_is() -> None:
    prompts = shipped_prompts()
    assert len(prompts) >= 30
    assert sum(bool(CJK.search(prompt)) for prompt in prompts) >= 10
    readings = [parse(prompt) for prompt in prompts]
    assert {reading.scene for reading in readings} >= set(BUILDERS) - {"snowfield"}
    assert all(reading.matched for reading in readings)
