"""Input images as vendors look at them: the form in which they are given, their type, weight, sides and shape."""

from __future__ import annotations

import base64
import binascii
import io
import re
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

_DATA_URI = re.compile(r"data:image/([a-z0-9.+-]+);base64,(.*)", re.DOTALL)
_HEIF_BRANDS = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypheim", b"ftypmif1", b"ftypmsf1")
# width, height in pixels
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PictureRules:
    """What a vendor takes. `formats` are Pillow's names; aspect is width by height."""

    formats: frozenset[str]
    most_bytes: int
    least_side_px: int = 1
    most_side_px: int = 100_000
    least_aspect: float = 0.0
    most_aspect: float = 1000.0
    data_uri: bool = True  # False: Base64 without a prefix
    schemes: tuple[str, ...] = ("http://", "https://")


class BadPicture(Exception):
    """`kind` is "form", "format", "weight" or "size"."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(kind, message)
        self.kind = kind
        self.message = message


def look_at(given: str, rules: PictureRules) -> Size | None:
    """The image's size; None where it cannot be seen from here (a URL, or HEIF). Raises BadPicture."""
    if given.startswith(rules.schemes):
        return None
    data = _decoded(given, rules)
    if len(data) > rules.most_bytes:
        raise BadPicture("weight", f"the image has {len(data)} bytes, at most {rules.most_bytes} are allowed")
    if "HEIF" in rules.formats and data[4:12] in _HEIF_BRANDS:
        return None
    try:
        with Image.open(io.BytesIO(data)) as image:
            name, (width, height) = image.format, image.size
            name = "JPEG" if name == "MPO" else name  # some cameras' JPEG
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        raise BadPicture("format", "this is no image") from None
    if name not in rules.formats:
        raise BadPicture("format", f"{name} images are not allowed, only {', '.join(sorted(rules.formats))}")
    if min(width, height) < rules.least_side_px or max(width, height) > rules.most_side_px:
        limits = f"{rules.least_side_px} to {rules.most_side_px}"
        raise BadPicture("size", f"the image is {width}x{height}, each side must have {limits} pixels")
    if not rules.least_aspect <= width / height <= rules.most_aspect:
        limits = f"{rules.least_aspect:g} to {rules.most_aspect:g}"
        raise BadPicture("size", f"the image is {width}x{height}, width by height must be {limits}")
    return width, height


def _decoded(given: str, rules: PictureRules) -> bytes:
    matched = _DATA_URI.fullmatch(given)
    if rules.data_uri and matched is None:
        raise BadPicture("form", "an image must be a URL or data:image/<type>;base64,<data>")
    if not rules.data_uri and given.startswith("data:"):
        raise BadPicture("form", "Base64 must come without the prefix data:image/...;base64,")
    try:
        return base64.b64decode(matched[2] if matched else given, validate=True)
    except (binascii.Error, ValueError):
        raise BadPicture("form", "this is neither a URL nor Base64") from None


def size_with(aspect: float, short_side_px: int) -> Size:
    """The even size of this aspect (width by height) whose short side is `short_side_px`."""
    long_side_px = 2 * round(short_side_px * max(aspect, 1 / aspect) / 2)
    return (long_side_px, short_side_px) if aspect >= 1 else (short_side_px, long_side_px)


def aspect_of(ratio: str) -> float:
    """Of "16:9"."""
    width, _, height = ratio.partition(":")
    return int(width) / int(height)
