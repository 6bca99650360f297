"""What the renderer is asked: one clip, as a value that travels as JSON between processes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from typing import Any, cast

from filmgate.core.errors import FilmgateError, InvalidRequest

MIN_SIDE_PX, MAX_SIDE_PX = 64, 4096
MIN_FPS, MAX_FPS = 1, 120
NTSC_TOLERANCE = 0.005  # 23.98 and 23.976 are the same
LARGEST_DENOMINATOR = 1001
MIN_DURATION_SECONDS, MAX_DURATION_SECONDS = 0.5, 60.0


class RenderCancelled(FilmgateError):
    """The caller asked the renderer to stop; no file was left behind."""


@dataclass(frozen=True, slots=True)
class RenderJob:
    """JSON-safe description of one clip.

    Raises InvalidRequest for a size, frame rate or duration that cannot be drawn exactly.
    """

    prompt: str | None
    width_px: int
    height_px: int
    fps: float  # 23.976, 29.97 and their like mean 24000/1001 and so on
    duration_seconds: float
    seed: int
    output_path: str
    image_path: str | None = None  # the first frame, and what moves in it
    last_image_path: str | None = None  # what the clip dissolves into at its end
    negative_prompt: str | None = None
    style: str | None = None
    camera: str | None = None
    quality_level: str | None = None  # "draft", "standard" (the default) or "high"
    generate_audio: bool = False  # an ambience that fits the picture
    caption: bool = False  # the prompt, set into the lower part of the picture

    def __post_init__(self) -> None:
        for name, value in (("width_px", self.width_px), ("height_px", self.height_px)):
            if not MIN_SIDE_PX <= value <= MAX_SIDE_PX or value % 2:
                allowed = f"an even number from {MIN_SIDE_PX} to {MAX_SIDE_PX}"
                raise InvalidRequest(f"{name} is {value}; allowed is {allowed}.", param=name)
        if not MIN_FPS <= self.fps <= MAX_FPS:
            raise InvalidRequest(f"fps is {self.fps}; allowed is {MIN_FPS} to {MAX_FPS}.", param="fps")
        if not MIN_DURATION_SECONDS <= self.duration_seconds <= MAX_DURATION_SECONDS:
            allowed = f"{MIN_DURATION_SECONDS} to {MAX_DURATION_SECONDS:g}"
            message = f"duration_seconds is {self.duration_seconds}; allowed is {allowed}."
            raise InvalidRequest(message, param="duration_seconds")

    @property
    def rate(self) -> Fraction:
        """Frames a second, exactly."""
        ntsc = Fraction(round(self.fps * 1.001) * 1000, 1001)
        if self.fps != round(self.fps) and abs(self.fps - float(ntsc)) < NTSC_TOLERANCE:
            return ntsc
        return Fraction(self.fps).limit_denominator(LARGEST_DENOMINATOR)

    @property
    def frame_count(self) -> int:
        return max(1, round(self.duration_seconds * self.rate))

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=True)

    @classmethod
    def from_json(cls, text: str) -> RenderJob:
        """The opposite of `to_json`. Raises InvalidRequest for text that is no job; unknown names are refused too."""
        try:
            given: Any = json.loads(text)
        except ValueError as error:
            raise InvalidRequest(f"A render job must be one line of JSON: {error}.") from error
        if not isinstance(given, Mapping):
            raise InvalidRequest("A render job must be a JSON object.")
        values = cast("Mapping[str, Any]", given)
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise InvalidRequest(f"Unknown names in a render job: {', '.join(unknown)}.", param=unknown[0])
        try:
            return cls(**values)
        except TypeError as error:
            raise InvalidRequest(f"A render job is incomplete: {error}.") from error
