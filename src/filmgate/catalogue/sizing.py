"""The size asked of a model: from width and height, or from aspect ratio and resolution, or from the image."""

from __future__ import annotations

from dataclasses import dataclass

from filmgate.catalogue.mismatch import Mismatches
from filmgate.catalogue.sizes import Size, is_same_aspect, parse_aspect_ratio
from filmgate.core.errors import InvalidRequest
from filmgate.core.request import VideoParams


@dataclass(frozen=True, slots=True)
class AskedSize:
    """What the client said of the size: read and free of contradictions, not yet fitted to a model."""

    size: Size | None
    aspect_ratio: str | None  # as sent, for messages
    resolution: str | None  # lower case: "720p"
    conform: bool  # make the file exactly what was asked, whatever the model makes

    @property
    def aspect(self) -> float | None:
        return None if self.aspect_ratio is None else parse_aspect_ratio(self.aspect_ratio)


@dataclass(frozen=True, slots=True)
class Sizing:
    """What the model is asked to make, and `conform_to`: the size that the file has to have in the end, if any."""

    size: Size | None  # None: the model decides, by the first frame
    aspect_ratio: str | None = None
    resolution: str | None = None
    conform_to: Size | None = None


def read_asked_size(params: VideoParams) -> AskedSize:
    """Raises InvalidRequest for half a size, text that is no ratio, and a size that contradicts the ratio."""
    asked = AskedSize(
        size=_read_size(params),
        aspect_ratio=params.aspect_ratio or None,
        resolution=params.resolution.lower() if params.resolution else None,
        conform=params.conform == "auto",
    )
    try:
        aspect = asked.aspect
    except ValueError as error:
        raise InvalidRequest(f"aspect_ratio: {error}", param="aspect_ratio") from None
    if asked.size and aspect and not is_same_aspect(asked.size.aspect, aspect):
        raise contradiction("aspect_ratio", params.aspect_ratio, asked.size)
    return asked


def contradiction(param: str, value: object, size: Size) -> InvalidRequest:
    message = f"{param}: {value} and the size {size} contradict each other; send one of the two"
    return InvalidRequest(message, code="conflicting_parameters", param=param)


def nearest_resolution(name: str, allowed: dict[str, int], lines: int | None, mismatches: Mismatches, who: str) -> str:
    """The largest of `allowed` (name to lines) that is not above `name`, else the smallest.

    Raises InvalidRequest where the client takes no other, or `name` is no resolution at all.
    """
    reason = f"{who} {' or '.join(allowed)}"
    if lines is None:
        raise InvalidRequest(f"resolution: {reason}; got {name}", param="resolution")
    smallest_first = sorted(allowed, key=lambda each: allowed[each])
    not_above = [each for each in smallest_first if allowed[each] <= lines]
    used = not_above[-1] if not_above else smallest_first[0]
    return mismatches.settle("resolution", asked=name, used=used, reason=reason)


def _read_size(params: VideoParams) -> Size | None:
    if params.width_px is not None and params.height_px is not None:
        return Size(params.width_px, params.height_px)
    for param, other, value in (("height", "width", params.width_px), ("width", "height", params.height_px)):
        if value is not None:
            message = f"{param}: width and height go together; got only {other} {value}"
            raise InvalidRequest(message, code="missing_parameter", param=param)
    return None
