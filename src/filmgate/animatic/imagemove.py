"""A move over a still picture: a guess at its depth, then a smooth sheet that bends as the camera travels.

The first frame is the picture itself, cropped to cover the frame. Every later sample stays inside the picture, because
the camera only ever goes closer and never moves further sideways than going closer has made room for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from filmgate.animatic.camera import View, ease
from filmgate.animatic.colour import smoothstep
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Canvas, Floats, Pixels, blur, resize, sample
from filmgate.animatic.reading import Reading
from filmgate.animatic.scene import Moment
from filmgate.core.errors import MediaError

DEPTH_SIDE_PX = 256
MAP_REDUCTION = 4
FAR_GROWTH, NEAR_GROWTH = 0.10, 0.23  # how much the far and the near parts have grown at the end
SIDEWAYS_SHARE = 0.9  # of the room that growth has made
DISSOLVE_START = 0.55
MAX_PIXELS = 100_000_000
AWAY = frozenset({"pull", "zoom_out"})


@dataclass(frozen=True, slots=True, eq=False)
class ImageMove:
    """Paints the still at its own size, with `growth` per pixel (0..1, at reduced size) saying how near it is."""

    finish: Finish
    still: Pixels
    growth: Floats
    columns: Floats
    rows: Floats
    verbs: frozenset[str]

    def paint(self, moment: Moment) -> Pixels:
        eased = ease(moment.progress)
        if eased <= 0 or "static" in self.verbs:
            return self.still.copy()
        height, width = self.still.shape[:2]
        far = 1 + FAR_GROWTH * eased
        grown = far + (NEAR_GROWTH - FAR_GROWTH) * eased * self.growth
        room = 0.5 * (1 - 1 / far) * SIDEWAYS_SHARE
        aim_x, aim_y = _aim(self.verbs, moment.view, eased)
        # Near things swing further than far ones; the least grown row bounds them all.
        swing = 0.55 + 0.45 * self.growth
        map_x = self.columns / grown + (width / 2 - 0.5) + aim_x * room * width * swing
        map_y = self.rows / grown + (height / 2 - 0.5) + aim_y * room * height * swing
        return sample(self.still, _enlarged(map_x, width, height), _enlarged(map_y, width, height))


@dataclass(frozen=True, slots=True, eq=False)
class Dissolve:
    """Turns the end of a clip into a given last picture."""

    last: Pixels

    def apply(self, frame: Pixels, progress: float) -> Pixels:
        share = float(smoothstep(DISSOLVE_START, 1.0, progress))
        if share <= 0:
            return frame
        height, width = frame.shape[:2]
        size = 1 + 0.06 * (1 - share)  # settles as it appears
        matrix = np.array([[size, 0, width / 2 * (1 - size)], [0, size, height / 2 * (1 - size)]])
        settled = self.last if share >= 1 else cast(Pixels, cv2.warpAffine(self.last, matrix, (width, height)))
        return cast(Pixels, cv2.addWeighted(frame, 1 - share, settled, share, 0))


def reading_for_image(reading: Reading) -> Reading:
    """What of a prompt a still can follow: the camera and the weather. The camera cannot back away from it."""
    backing = [verb for verb in reading.camera if verb in AWAY]
    return replace(
        reading,
        scene="image",
        subjects=(),
        actions=(),
        camera=tuple(verb for verb in reading.camera if verb not in AWAY) or ("push",),
        ignored=(*reading.ignored, *(f"camera: {verb} (the first frame is the whole image)" for verb in backing)),
    )


def read_image(path: str) -> Pixels:
    """Decode a picture to RGB, upright. Raises MediaError if it cannot be read or is too large."""
    try:
        encoded = np.fromfile(path, np.uint8)
        image = cv2.imdecode(encoded, cv2.IMREAD_COLOR_RGB) if encoded.size else None
    except (OSError, cv2.error) as error:
        raise MediaError(f"The image {Path(path).name} cannot be decoded.") from error
    if image is None or min(image.shape[:2]) < 1:
        raise MediaError(f"The image {Path(path).name} cannot be decoded.")
    if image.shape[0] * image.shape[1] > MAX_PIXELS:
        raise MediaError(f"The image {Path(path).name} has more than {MAX_PIXELS} pixels.")
    return cast(Pixels, image)


def cover(image: Pixels, canvas: Canvas) -> Pixels:
    """Scale and crop around the middle so that the picture fills the canvas."""
    height, width = image.shape[:2]
    size = max(canvas.width / width, canvas.height / height)
    crop_width, crop_height = min(width, round(canvas.width / size)), min(height, round(canvas.height / size))
    left, top = (width - crop_width) // 2, (height - crop_height) // 2
    cropped = np.ascontiguousarray(image[top : top + crop_height, left : left + crop_width])
    return resize(cropped, canvas.width, canvas.height, cv2.INTER_AREA if size < 1 else cv2.INTER_CUBIC)


def build_image_move(image: Pixels, canvas: Canvas, camera: tuple[str, ...]) -> ImageMove:
    still = cover(image, canvas)
    width, height = canvas.width // MAP_REDUCTION + 2, canvas.height // MAP_REDUCTION + 2
    depth = resize(guess_depth(still), width, height, cv2.INTER_AREA)
    # Node (i, j) of the coarse sheet stands at the full-size pixel (4i, 4j).
    columns = np.arange(width, dtype=np.float32)[None, :] * MAP_REDUCTION - np.float32(canvas.width / 2 - 0.5)
    rows = np.arange(height, dtype=np.float32)[:, None] * MAP_REDUCTION - np.float32(canvas.height / 2 - 0.5)
    return ImageMove(
        finish=Finish(bloom=0.0, vignette=0.0),
        still=still,
        growth=depth,
        columns=np.repeat(columns, height, 0),
        rows=np.repeat(rows, width, 1),
        verbs=frozenset(camera),
    )


def guess_depth(image: Pixels) -> Floats:
    """How near each part is, 0..1, at reduced size: low is near, hazy is far, sharp and salient is near."""
    height, width = image.shape[:2]
    size = DEPTH_SIDE_PX / max(height, width)
    small = resize(image, max(32, int(width * size)), max(32, int(height * size)), cv2.INTER_AREA)
    colour = small.astype(np.float32) / np.float32(255)
    grey = colour @ np.array([0.3, 0.59, 0.11], np.float32)
    rows, columns = np.mgrid[0 : grey.shape[0], 0 : grey.shape[1]].astype(np.float32)
    rows, columns = rows / grey.shape[0], columns / grey.shape[1]
    haze = cv2.erode(colour.min(-1), np.ones((7, 7), np.uint8))
    detail = blur(np.abs(cv2.Laplacian(grey, cv2.CV_32F)), 6.0)
    detail = detail / (detail.max() + 1e-6)
    centre = np.exp(-((columns - 0.5) ** 2 * 3 + (rows - 0.55) ** 2 * 3))
    salient = _saliency(grey) * centre
    salient = salient / (salient.max() + 1e-6)
    depth = 0.50 * rows**1.2 + 0.22 * np.sqrt(detail) + 0.30 * salient - 0.22 * haze * (1 - rows)
    depth = (depth - depth.min()) / (np.ptp(depth) + 1e-6)
    smooth = _guided(grey, blur(depth.astype(np.float32), 2.5), 10, 2e-3)
    return blur(np.clip(smooth, 0, 1).astype(np.float32), 3.0)


def _aim(verbs: frozenset[str], view: View, eased: float) -> tuple[float, float]:
    """Where the camera has gone, -1..1 of the room there is, for the verbs that move it sideways or up."""
    aim_x = aim_y = 0.0
    if verbs & {"pan_left", "truck_left"}:
        aim_x = -1.0
    elif verbs & {"pan_right", "truck_right", "orbit"}:
        aim_x = 1.0
    elif "drift" in verbs:
        aim_x = 0.4
    if verbs & {"tilt_up", "crane_up"}:
        aim_y = -1.0
    elif "tilt_down" in verbs:
        aim_y = 1.0
    if "handheld" in verbs:
        ramp = min(1.0, eased * 4)
        aim_x, aim_y = aim_x + view.pan * 40 * ramp, aim_y - view.tilt * 40 * ramp
    return float(np.clip(aim_x, -1, 1)), float(np.clip(aim_y, -1, 1))


def _enlarged(node_map: Floats, width: int, height: int) -> npt.NDArray[np.float32]:
    """Interpolate the coarse sheet so that its nodes fall exactly on every fourth pixel."""
    matrix = np.array([[MAP_REDUCTION, 0, 0], [0, MAP_REDUCTION, 0]], np.float64)
    flags = cv2.INTER_LINEAR
    enlarged = cv2.warpAffine(
        node_map.astype(np.float32), matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    return cast("npt.NDArray[np.float32]", enlarged)


def _saliency(grey: Floats) -> Floats:
    """Spectral residual: what the spectrum's own smooth trend does not predict. Hou and Zhang, CVPR 2007."""
    side = 64
    spectrum = np.fft.fft2(resize(grey, side, side, cv2.INTER_AREA))
    logarithm = np.log(np.abs(spectrum) + 1e-6).astype(np.float32)
    residual = logarithm - cv2.blur(logarithm, (3, 3))
    response = np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2
    soft = blur(response.astype(np.float32), 3.0)
    soft = (soft - soft.min()) / (np.ptp(soft) + 1e-6)
    return resize(soft, grey.shape[1], grey.shape[0], cv2.INTER_CUBIC)


def _guided(guide: Floats, field: Floats, radius: int, smoothness: float) -> Floats:
    """Guided filter (He et al., ECCV 2010): smooth, but with the edges of `guide`."""

    def mean(values: Floats) -> Floats:
        return cast(Floats, cv2.boxFilter(values, -1, (radius * 2 + 1, radius * 2 + 1)))

    mean_guide, mean_field = mean(guide), mean(field)
    covariance = mean(guide * field) - mean_guide * mean_field
    slope = covariance / (mean(guide * guide) - mean_guide**2 + smoothness)
    return mean(slope) * guide + mean(mean_field - slope * mean_guide)
