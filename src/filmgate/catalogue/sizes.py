"""Frame sizes, aspect ratios and resolution names."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_SIZE = re.compile(r"([0-9]{1,5})x([0-9]{1,5})")
_ASPECT_RATIO = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,5})?):([0-9]{1,5}(?:\.[0-9]{1,5})?)")
_LINES = re.compile(r"([0-9]{3,4})p")
_THOUSANDS = {"2k": 1440, "4k": 2160, "8k": 4320}

# Vendors call 864x496 and 832x480 16:9, which are 2 and 2.5 % off, and a size may stand beside the name it is sold by.
SAME_ASPECT_TOLERANCE = 0.03


@dataclass(frozen=True, slots=True)
class Size:
    width_px: int
    height_px: int

    def __str__(self) -> str:
        return f"{self.width_px}x{self.height_px}"

    @property
    def area_px(self) -> int:
        return self.width_px * self.height_px

    @property
    def aspect(self) -> float:
        return self.width_px / self.height_px

    def covers(self, other: Size) -> bool:
        """Whether `other` can be cut out of this size without enlarging anything."""
        return self.width_px >= other.width_px and self.height_px >= other.height_px


def parse_size(text: str) -> Size:
    """`"1280x720"`. Raises ValueError."""
    match = _SIZE.fullmatch(text)
    if match is None or 0 in (int(match[1]), int(match[2])):
        raise ValueError(f'must be a size such as "1280x720"; got {text!r}')
    return Size(int(match[1]), int(match[2]))


def parse_aspect_ratio(text: str) -> float:
    """`"16:9"` or `"2.39:1"` as width divided by height. Raises ValueError."""
    match = _ASPECT_RATIO.fullmatch(text)
    if match is None or 0 in (float(match[1]), float(match[2])):
        raise ValueError(f'must be a ratio such as "16:9"; got {text!r}')
    return float(match[1]) / float(match[2])


def aspect_distance(left: float, right: float) -> float:
    """How far two aspects are apart, the same for wide and tall: 0 is equal, 0.02 about two per cent."""
    return abs(math.log(left / right))


def is_same_aspect(left: float, right: float) -> bool:
    return aspect_distance(left, right) <= SAME_ASPECT_TOLERANCE


def resolution_lines(name: str) -> int | None:
    """The short side that a resolution name stands for (`"720p"`: 720, `"4k"`: 2160), None for other text."""
    if match := _LINES.fullmatch(name):
        return int(match[1])
    return _THOUSANDS.get(name)
