"""Sizes of a model that makes any size within bounds, exactly."""

from __future__ import annotations

from filmgate.catalogue.mismatch import Mismatches
from filmgate.catalogue.model import FreeSize
from filmgate.catalogue.sizes import Size, resolution_lines
from filmgate.catalogue.sizing import AskedSize, Sizing, contradiction, nearest_resolution
from filmgate.core.request import InputImage


def fit_free_size(
    asked: AskedSize, free: FreeSize, first_frame: InputImage | None, model: str, mismatches: Mismatches
) -> Sizing:
    """Without any wish the clip has the shape of the first frame, so that nothing of it is cut off."""
    if asked.size is None:
        return Sizing(_size_by_names(asked, free, first_frame, model, mismatches))
    if asked.resolution:
        lines = free.short_side_px.get(asked.resolution) or resolution_lines(asked.resolution)
        if lines != min(asked.size.width_px, asked.size.height_px):
            raise contradiction("resolution", asked.resolution, asked.size)
    return Sizing(_within(asked.size, free, model, mismatches))


def _within(size: Size, free: FreeSize, model: str, mismatches: Mismatches) -> Size:
    used = _nearest(size, free)
    sides = (("width", size.width_px, used.width_px), ("height", size.height_px, used.height_px))
    # A side that is wrong by itself is named before one that only follows it to keep the shape.
    for param, asked_px, used_px in sorted(sides, key=lambda side: _allows(side[1], free)):
        if asked_px != used_px:
            reason = f"{model} makes multiples of {free.multiple_of_px} from {free.min_px} to {free.max_px} px"
            reason = "keeps the shape" if _allows(asked_px, free) else reason + _neighbours(asked_px, free)
            mismatches.settle(param, asked=asked_px, used=used_px, reason=reason)
    return used


def _allows(side_px: int, free: FreeSize) -> bool:
    return free.min_px <= side_px <= free.max_px and side_px % free.multiple_of_px == 0


def _neighbours(side_px: int, free: FreeSize) -> str:
    below = side_px // free.multiple_of_px * free.multiple_of_px
    above = below + free.multiple_of_px
    if below == side_px or not free.min_px <= below < above <= free.max_px:
        return ""
    return f", the nearest are {below} and {above}"


def _nearest(size: Size, free: FreeSize) -> Size:
    """The largest allowed size inside `size`, in its shape as far as the bounds let it be."""
    longest_px = max(size.width_px, size.height_px, free.max_px)

    def side(length_px: int) -> int:
        scaled_px = length_px * free.max_px // longest_px
        return max(free.min_px, scaled_px // free.multiple_of_px * free.multiple_of_px)

    return Size(side(size.width_px), side(size.height_px))


def _size_by_names(
    asked: AskedSize, free: FreeSize, first_frame: InputImage | None, model: str, mismatches: Mismatches
) -> Size:
    if asked.aspect is None and asked.resolution is None and first_frame is None:
        return free.default
    short_side_px = min(free.default.width_px, free.default.height_px)
    if asked.resolution:
        short_side_px = free.short_side_px[_known_resolution(asked.resolution, free, model, mismatches)]
    aspect = asked.aspect or (first_frame.width_px / first_frame.height_px if first_frame else free.default.aspect)
    width_px, height_px = short_side_px * max(aspect, 1.0), short_side_px * max(1 / aspect, 1.0)
    step = free.multiple_of_px
    exact = Size(round(width_px / step) * step, round(height_px / step) * step)
    used = _nearest(exact, free)
    if asked.aspect_ratio and used != exact:
        reason = f"{model} makes sides of {free.min_px} to {free.max_px} px, and this would be {exact}"
        used_ratio = f"{used.width_px}:{used.height_px}"
        mismatches.settle("aspect_ratio", asked=asked.aspect_ratio, used=used_ratio, reason=reason)
    return used


def _known_resolution(name: str, free: FreeSize, model: str, mismatches: Mismatches) -> str:
    if name in free.short_side_px:
        return name
    lines = resolution_lines(name)
    return nearest_resolution(name, dict(free.short_side_px), lines, mismatches, f"{model} makes")
