"""Small jobs, and a way to look at what they made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pytest

from filmgate.animatic.job import RenderJob

cv2.setNumThreads(1)


@pytest.fixture
def make_job(tmp_path: Path) -> Callable[..., RenderJob]:
    """A tiny job into the test's own folder; any field can be overridden."""
    numbers = iter(range(1000))

    def make(prompt: str | None = None, **fields: Any) -> RenderJob:
        values: dict[str, Any] = {
            "width_px": 96,
            "height_px": 64,
            "fps": 8,
            "duration_seconds": 1.0,
            "seed": 7,
            "output_path": str(tmp_path / f"clip{next(numbers)}.mp4"),
        }
        return RenderJob(prompt=prompt, **{**values, **fields})

    return make
