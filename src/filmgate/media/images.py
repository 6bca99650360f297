"""Images that clients send: taken out of their text wrapping, proven by decoding, turned upright, made 8-bit RGB(A)."""

from __future__ import annotations

import binascii
import hashlib
import io
import re
import struct
import zlib
from dataclasses import dataclass, field

import numpy as np
from PIL import ExifTags, Image, ImageOps

from filmgate.core.errors import InvalidRequest
from filmgate.media.signatures import HEAD_BYTES, describe, kind_of

MAX_IMAGE_BYTES = 20 * 1024 * 1024
MAX_IMAGE_PIXELS = 50_000_000

_ACCEPTED = {"PNG": "image/png", "JPEG": "image/jpeg", "WebP": "image/webp", "GIF": "image/gif"}
_ALLOWED_WORDS = "PNG, JPEG, WebP or GIF"
_JPEG_QUALITY = 95
_PNG_BIT_DEPTH_AT = 24
# Everything that Pillow's decoders are known to raise for bytes that only look like an image.
_BROKEN_IMAGE_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    LookupError,
    OverflowError,
    RuntimeError,
    struct.error,
    zlib.error,
)

_BASE64_MAX_CHARS = MAX_IMAGE_BYTES * 4 // 3 + 4
_DATA_URI = re.compile(r"data:([^,;]*)((?:;[^,;]*)*),", re.IGNORECASE)
_WHITESPACE = b" \t\r\n\f\v"


@dataclass(frozen=True, slots=True)
class NormalisedImage:
    """A still image that was fully decoded: upright, 8-bit RGB or RGBA, PNG, JPEG or WebP."""

    content: bytes = field(repr=False)
    media_type: str
    width_px: int
    height_px: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ImageUrl:
    """An image that has yet to be fetched. Its query may be a signature, hence no repr."""

    url: str = field(repr=False)


def decode_image_source(text: str, *, param: str) -> bytes | ImageUrl:
    """The bytes of a data URI or of bare base64 (standard or URL-safe, white space ignored), or a URL to fetch.

    Raises InvalidRequest for anything else. The bytes may be anything yet: see `normalise_image`.
    """
    beginning = text[:64].lstrip().lower()
    if beginning.startswith(("http://", "https://")):
        return ImageUrl(text.strip())
    if not beginning.startswith("data:"):
        return _decode_base64(text, param)
    text = text.lstrip()
    # The comma stands near the beginning, and a search through megabytes would be for nothing.
    header = _DATA_URI.match(text[:256])
    if header is None or "base64" not in header[2].lower().split(";"):
        raise _invalid(f"a data URI that begins with {text[:32]!r}; it must be data:image/...;base64,...", param)
    return _decode_base64(text[header.end() :], param)


def _decode_base64(text: str, param: str) -> bytes:
    if len(text) > 2 * _BASE64_MAX_CHARS:
        raise _too_large(len(text) * 3 // 4, param)
    try:
        packed = text.encode("ascii").translate(None, _WHITESPACE).rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
        if len(packed) > _BASE64_MAX_CHARS:
            raise _too_large(len(packed) * 3 // 4, param)
        content = binascii.a2b_base64(packed + b"=" * (-len(packed) % 4), strict_mode=True)
    except (UnicodeEncodeError, binascii.Error):
        raise _invalid(
            f"{text[:32]!r}; it must be an http or https URL, a data URI, base64 or an uploaded file", param
        ) from None
    return content


def normalise_image(content: bytes, *, param: str) -> NormalisedImage:
    """Prove that `content` is an image and return it upright in 8-bit RGB or RGBA.

    The bytes stay as they are where nothing has to change; else a lossless or transparent image becomes PNG, any other
    JPEG. Of a GIF the first frame is taken. Raises InvalidRequest (`invalid_image`) that says what was got.
    """
    if len(content) > MAX_IMAGE_BYTES:
        raise _too_large(len(content), param)
    kind = kind_of(content[:HEAD_BYTES])
    if kind not in _ACCEPTED:
        raise _invalid(f"{describe(content[:HEAD_BYTES], len(content))}; not {_ALLOWED_WORDS}", param)
    try:
        # Only the header is read here; decoding begins in `_normalised`.
        with Image.open(io.BytesIO(content), formats=(kind.upper(),)) as image:
            _require_sensible(image, kind, param)
            return _normalised(image, content, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _invalid("a picture of more than 50 megapixels", param) from None
    except _BROKEN_IMAGE_ERRORS as error:
        raise _invalid(f"a {kind} of {len(content)} bytes that does not decode ({error})", param) from error


def as_png(image: NormalisedImage) -> NormalisedImage:
    """The same picture as PNG, for a model that does not take the type it came in. Nothing is lost."""
    encoded = io.BytesIO()
    with Image.open(io.BytesIO(image.content)) as opened:
        opened.save(encoded, "PNG")
    return _result(encoded.getvalue(), "image/png", (image.width_px, image.height_px))


def _require_sensible(image: Image.Image, kind: str, param: str) -> None:
    width_px, height_px = image.size
    if width_px * height_px > MAX_IMAGE_PIXELS:
        raise _invalid(f"{width_px}x{height_px} pixels; more than 50 megapixels", param)
    if kind in ("PNG", "WebP") and getattr(image, "is_animated", False):
        raise _invalid(f"an animated {kind}; send a still image", param)


def _normalised(image: Image.Image, content: bytes, kind: str) -> NormalisedImage:
    image.load()
    is_upright = _orientation(image) == 1
    is_eight_bit_rgb = image.mode in ("RGB", "RGBA") and not (kind == "PNG" and content[_PNG_BIT_DEPTH_AT] == 16)
    if is_upright and is_eight_bit_rgb and kind != "GIF":
        return _result(content, _ACCEPTED[kind], image.size)
    has_alpha = image.has_transparency_data
    profile = image.info.get("icc_profile") if is_eight_bit_rgb else None
    upright = image if is_upright else ImageOps.exif_transpose(image)
    plain = _eight_bit(upright).convert("RGBA" if has_alpha else "RGB")
    encoded = io.BytesIO()
    if has_alpha or kind in ("PNG", "GIF"):
        plain.save(encoded, "PNG", icc_profile=profile)
        return _result(encoded.getvalue(), "image/png", plain.size)
    plain.save(encoded, "JPEG", quality=_JPEG_QUALITY, subsampling=0, icc_profile=profile)
    return _result(encoded.getvalue(), "image/jpeg", plain.size)


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 (upright) to 8; 1 where the tag is absent, broken or none of these."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _BROKEN_IMAGE_ERRORS:
        return 1
    return orientation if orientation in range(1, 9) else 1


def _eight_bit(image: Image.Image) -> Image.Image:
    """Pillow's own conversion of 16-bit grey cuts at 255 instead of scaling."""
    if not image.mode.startswith("I"):
        return image
    return Image.fromarray((np.asarray(image) >> 8).clip(0, 255).astype(np.uint8))


def _result(content: bytes, media_type: str, size: tuple[int, int]) -> NormalisedImage:
    return NormalisedImage(content, media_type, *size, hashlib.sha256(content).hexdigest())


def _too_large(size_bytes: int, param: str) -> InvalidRequest:
    return _invalid(f"{size_bytes} bytes", param)


def _invalid(got: str, param: str) -> InvalidRequest:
    return InvalidRequest(
        f"{param} is {got}. Allowed: {_ALLOWED_WORDS}, at most 20 MB and 50 megapixels.",
        code="invalid_image",
        param=param,
    )
