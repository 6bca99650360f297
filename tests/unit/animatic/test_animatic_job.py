from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from filmgate.animatic.job import RenderJob
from filmgate.core.errors import InvalidRequest

VALUES: dict[str, Any] = {
    "prompt": "海 🌊",
    "width_px": 96,
    "height_px": 64,
    "fps": 24,
    "duration_seconds": 1.5,
    "seed": -3,
    "output_path": "a.mp4",
}


def test_json_round_trip_is_one_line() -> None:
    job = RenderJob(**VALUES, style="noir", image_path="x.png")
    assert "\n" not in job.to_json()
    assert RenderJob.from_json(job.to_json()) == job


@pytest.mark.parametrize(
    ("duration", "fps", "frames"), [(1.5, 24, 36), (0.5, 1, 1), (5.0, 30, 150), (60.0, 120, 7200), (2.02, 25, 50)]
)
def test_frame_count(duration: float, fps: int, frames: int) -> None:
    job = RenderJob(**{**VALUES, "duration_seconds": duration, "fps": fps})
    assert job.frame_count == max(1, frames)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("width_px", 95), ("width_px", 62), ("height_px", 4098), ("fps", 0), ("fps", 121),
        ("duration_seconds", 0.4), ("duration_seconds", 60.5), ("duration_seconds", float("nan")),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_exactly_is_refused(name: str, value: float) -> None:
    with pytest.raises(InvalidRequest) as refused:
        RenderJob(**{**VALUES, name: value})
    assert refused.value.param == name
    assert str(value) in refused.value.message


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "{}", '{"prompt": 1}', RenderJob(**VALUES).to_json()[:-1] + ', "extra": 1}']
)
def test_text_that_is_no_job_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        RenderJob.from_json(text)


@pytest.mark.parametrize(
    ("fps", "rate"),
    [
        (30, Fraction(30)),
        (23.976, Fraction(24000, 1001)),
        (23.98, Fraction(24000, 1001)),
        (29.97, Fraction(30000, 1001)),
        (59.94, Fraction(60000, 1001)),
        (12.5, Fraction(25, 2)),
        (1.0, Fraction(1)),
        (120, Fraction(120)),
    ],
)
def test_frame_rates_are_exact(fps: float, rate: Fraction) -> None:
    job = RenderJob("sea", 64, 64, fps, 5.0, 1, "clip.mp4")
    assert job.rate == rate
    assert job.frame_count == round(5 * rate)
