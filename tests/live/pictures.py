"""The picture that live tests send: real bytes, made here, and of nobody."""

from __future__ import annotations

import hashlib
import io
from functools import cache

from PIL import Image, ImageDraw

from filmgate.core.request import Images, InputImage, VideoRequest

SIDE_PX = 512  # as the golden files' images; no model takes sides below 300 px


@cache
def seascape(width_px: int = SIDE_PX, height_px: int = SIDE_PX) -> bytes:
    """A PNG: a sky, a sun and the sea."""
    picture = Image.new("RGB", (width_px, height_px))
    draw = ImageDraw.Draw(picture)
    for row in range(height_px):
        share = row / height_px
        sky = (250 - int(90 * share), 170 - int(60 * share), 110 + int(60 * share))
        sea = (30, 70 + int(40 * share), 110 + int(60 * share))
        draw.line([(0, row), (width_px, row)], sky if share < 0.6 else sea)
    middle_px, sun_px = width_px // 2, height_px // 10
    draw.ellipse([(middle_px - sun_px, 4 * sun_px), (middle_px + sun_px, 6 * sun_px)], (255, 230, 180))
    for row in range(int(0.65 * height_px), height_px, 24):
        draw.arc([(40, row), (width_px - 40, row + 16)], 180, 360, (120, 160, 190), 2)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def first_frame() -> Images:
    """A square `seascape` as the engine describes it to the catalogue."""
    content = seascape()
    digest = hashlib.sha256(content).hexdigest()
    return Images(InputImage("inputs/first_frame", "image/png", SIDE_PX, SIDE_PX, len(content), digest))


def picture_for(request: VideoRequest) -> bytes:
    """Of the clip's own size where that is known: there are servers that take no other."""
    return seascape(request.width_px or SIDE_PX, request.height_px or SIDE_PX)
