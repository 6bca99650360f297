"""Given pictures: read whatever they are, and cropped to cover the frame."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from filmgate.animatic.raster import Canvas, Pixels, resize
from filmgate.core.errors import MediaError

MAX_PIXELS = 100_000_000
BACKDROP = (118, 122, 128)  # what shows through transparent parts
# Everything that Pillow's decoders are known to raise for bytes that only look like a picture.
_BROKEN = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def read_image(path: str) -> Pixels:
    """Decode a picture to RGB, upright: any mode, depth or alpha; of an animation the first frame.

    Raises MediaError if it cannot be read or has more than 100 million pixels.
    """
    name = Path(path).name
    try:
        with Image.open(path) as image:
            if image.width * image.height > MAX_PIXELS:
                raise MediaError(f"The image {name} has more than {MAX_PIXELS} pixels.")
            return _rgb(ImageOps.exif_transpose(image))
    except _BROKEN as error:
        raise MediaError(f"The image {name} cannot be decoded.") from error


def cover(image: Pixels, canvas: Canvas) -> Pixels:
    """Scale and crop around the middle so that the picture fills the canvas."""
    height, width = image.shape[:2]
    size = max(canvas.width / width, canvas.height / height)
    crop_width = max(1, min(width, round(canvas.width / size)))
    crop_height = max(1, min(height, round(canvas.height / size)))
    left, top = (width - crop_width) // 2, (height - crop_height) // 2
    cropped = np.ascontiguousarray(image[top : top + crop_height, left : left + crop_width])
    return resize(cropped, canvas.width, canvas.height, cv2.INTER_AREA if size < 1 else cv2.INTER_CUBIC)


def _rgb(image: Image.Image) -> Pixels:
    if image.mode.startswith("I"):  # Pillow's own conversion of 16-bit grey cuts at 255 instead of scaling
        wide = np.asarray(image).astype(np.float32)
        scale = 257.0 if float(wide.max(initial=0)) > 255 else 1.0
        return np.repeat(np.clip(wide / scale, 0, 255).astype(np.uint8)[..., None], 3, 2)
    if not image.has_transparency_data:
        return np.asarray(image.convert("RGB"), np.uint8)
    backdrop = Image.new("RGBA", image.size, (*BACKDROP, 255))
    return np.asarray(Image.alpha_composite(backdrop, image.convert("RGBA")).convert("RGB"), np.uint8)
