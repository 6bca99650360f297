"""Sizes of a model that makes a table of them: resolution names by aspect ratios."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from filmgate.catalogue.limits import Limits, resolutions_of
from filmgate.catalogue.mismatch import Mismatches
from filmgate.catalogue.model import ModelEntry
from filmgate.catalogue.sizes import (
    Size,
    aspect_distance,
    is_same_aspect,
    parse_aspect_ratio,
    resolution_lines,
)
from filmgate.catalogue.sizing import AskedSize, Sizing, contradiction, nearest_resolution
from filmgate.core.request import InputImage, Mode


@dataclass(frozen=True, slots=True)
class _Native:
    """One cell of the table."""

    resolution: str
    aspect_ratio: str
    size: Size


@dataclass(frozen=True, slots=True)
class TieredSizes:
    """One model's table in one mode. `follows_image`: the output has the aspect of the first frame."""

    entry: ModelEntry
    limits: Limits
    mode: Mode
    first_frame: InputImage | None
    mismatches: Mismatches

    @property
    def follows_image(self) -> bool:
        return self.mode in self.entry.follows_image_in

    def fit(self, asked: AskedSize) -> Sizing:
        return self._fit_names(asked) if asked.size is None else self._fit_size(asked, asked.size)

    def _fit_size(self, asked: AskedSize, size: Size) -> Sizing:
        self._refuse_contradiction(asked, size)
        if asked.conform:
            size = Size(self._even("width", size.width_px), self._even("height", size.height_px))
        resolutions = (asked.resolution,) if asked.resolution in self.limits.resolutions else self.limits.resolutions
        natives = self._natives(resolutions)
        exact = [native for native in natives if native.size == size]
        covering = _cheapest_covering(size, natives)
        image_differs = self.follows_image and not self._image_has_aspect(size.aspect)
        conform_to = size if asked.conform else None
        if exact and not image_differs:
            used = exact[0]
        elif asked.conform and covering:
            used = exact[0] if exact else covering
            self._warn_of_crop(size, used)
        else:
            used = _closest_not_above(size, natives)
            conform_to = used.size if asked.conform else None
            if image_differs and not asked.conform:
                reason = f"{self.entry.id} in mode {self.mode} follows the image"
                self.mismatches.drop("size", asked=str(size), reason=reason)
            else:
                self._settle_size(asked, size, used, natives)
        if asked.resolution and asked.resolution != used.resolution:
            reason = f"{self.limits.who('resolutions')} makes {' or '.join(self.limits.resolutions)}"
            self.mismatches.settle("resolution", asked=asked.resolution, used=used.resolution, reason=reason)
        return self._sizing(used, conform_to)

    def _even(self, param: str, side_px: int) -> int:
        """A side that the conformed file can have: H.264 in 4:2:0 has no odd ones."""
        if side_px % 2 == 0:
            return side_px
        reason = f"a file has even sides, the nearest are {side_px - 1} and {side_px + 1}"
        return self.mismatches.settle(param, asked=side_px, used=side_px - 1, reason=reason)

    def _fit_names(self, asked: AskedSize) -> Sizing:
        resolution = self._fit_resolution(asked.resolution)
        used = self._fit_aspect(asked, self._natives((resolution,)))
        conform_to = None
        if self.follows_image and asked.aspect is not None and not self._image_has_aspect(asked.aspect):
            if asked.conform:
                conform_to = used.size
                self._warn_of_crop(used.size, used)
            else:
                reason = f"{self.entry.id} in mode {self.mode} follows the image"
                self.mismatches.drop("aspect_ratio", asked=asked.aspect_ratio, reason=reason)
        return self._sizing(used, conform_to)

    def _sizing(self, used: _Native, conform_to: Size | None) -> Sizing:
        if self.follows_image:
            return Sizing(None, None, used.resolution, conform_to)
        return Sizing(used.size, used.aspect_ratio, used.resolution, conform_to)

    def _natives(self, resolutions: tuple[str, ...]) -> list[_Native]:
        """The cells of the table in `resolutions`, which come cheapest first."""
        table = self.entry.sizes or {}
        return [
            _Native(resolution, aspect_ratio, size)
            for resolution in resolutions
            for aspect_ratio, size in table[resolution].items()
        ]

    def _refuse_contradiction(self, asked: AskedSize, size: Size) -> None:
        """A resolution contradicts a size that belongs to another one, by the model's own table."""
        everything = self._natives(resolutions_of(self.entry))
        if asked.resolution not in {native.resolution for native in everything}:
            return
        belongs_to = {native.resolution for native in everything if native.size == size}
        if not belongs_to and (covering := _cheapest_covering(size, everything)):
            belongs_to = {covering.resolution}
        if belongs_to and asked.resolution not in belongs_to:
            raise contradiction("resolution", asked.resolution, size)

    def _settle_size(self, asked: AskedSize, size: Size, used: _Native, natives: list[_Native]) -> None:
        reason = f"{self.limits.who('resolutions')} makes {', '.join(str(native.size) for native in natives)}"
        if asked.conform:
            reason += ", and what can be cut out of these"
        self.mismatches.settle("size", asked=str(size), used=str(used.size), reason=reason)

    def _fit_resolution(self, asked: str | None) -> str:
        allowed = self.limits.resolutions
        if asked is None:
            default = self.entry.default_resolution
            return default if default in allowed else allowed[0]
        if asked in allowed:
            return asked
        lines = {name: resolution_lines(name) or 0 for name in allowed}
        return nearest_resolution(
            asked, lines, resolution_lines(asked), self.mismatches, f"{self.limits.who('resolutions')} makes"
        )

    def _fit_aspect(self, asked: AskedSize, row: list[_Native]) -> _Native:
        if asked.aspect is None:
            return self._default_aspect(row)
        used = _closest_aspect(asked.aspect, row)
        if not is_same_aspect(asked.aspect, parse_aspect_ratio(used.aspect_ratio)):
            reason = f"{self.entry.id} makes {' or '.join(native.aspect_ratio for native in row)}"
            self.mismatches.settle("aspect_ratio", asked=asked.aspect_ratio, used=used.aspect_ratio, reason=reason)
        return used

    def _default_aspect(self, row: list[_Native]) -> _Native:
        if self.first_frame is not None:
            return _closest_aspect(self.first_frame.width_px / self.first_frame.height_px, row)
        return next(native for native in row if native.aspect_ratio == self.entry.default_aspect_ratio)

    def _image_has_aspect(self, aspect: float) -> bool:
        image = self.first_frame
        return image is not None and is_same_aspect(image.width_px / image.height_px, aspect)

    def _warn_of_crop(self, size: Size, used: _Native) -> None:
        made = "in the shape of the image" if self.follows_image else f"as {used.size}"
        self.mismatches.warn(
            f"size: {self.entry.id} makes this clip {made} at {used.resolution}; it is scaled and cropped to {size}"
        )


def _cheapest_covering(size: Size, natives: list[_Native]) -> _Native | None:
    """Of the cheapest resolution that can be cut down to `size`, the cell that loses least."""
    covering = [native for native in natives if native.size.covers(size)]
    if not covering:
        return None
    return _closest_aspect(size.aspect, [each for each in covering if each.resolution == covering[0].resolution])


def _closest_not_above(size: Size, natives: list[_Native]) -> _Native:
    """The closest shape in the largest resolution that has not more pixels than `size`, else in the smallest."""
    rows = [list(row) for _, row in itertools.groupby(natives, key=lambda native: native.resolution)]
    closest = [_closest_aspect(size.aspect, row) for row in rows]
    not_above = [native for native in closest if native.size.area_px <= size.area_px]
    return not_above[-1] if not_above else closest[0]


def _closest_aspect(aspect: float, natives: list[_Native]) -> _Native:
    return min(natives, key=lambda native: aspect_distance(native.size.aspect, aspect))
