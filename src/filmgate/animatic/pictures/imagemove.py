"""A move over a still picture: a guess at its depth, then a smooth sheet that bends as the camera travels.

The first frame is the picture itself, cropped to cover the frame. Every later sample stays inside the picture, because
the camera only ever goes closer and never moves further sideways than going closer has made room for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from filmgate.animatic.camera import View, ease
from filmgate.animatic.language.reading import Reading
from filmgate.animatic.pictures.depth import guess_depth
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Floats, Pixels, resize, sample
from filmgate.animatic.scene import Moment

MAP_REDUCTION = 4
FAR_GROWTH, NEAR_GROWTH = 0.10, 0.23  # how much the far and the near parts have grown at the end
SIDEWAYS_SHARE = 0.9  # of the room that growth has made
AWAY = frozenset({"pull", "zoom_out"})
PLAIN = Finish(bloom=0.0, vignette=0.0)  # a photograph has been through a lens already


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A still and its depth, which can be seen from closer by. Coarse maps stand for every fourth pixel."""

    still: Pixels
    nearness: Floats  # 0..1
    columns: Floats
    rows: Floats

    def seen(self, closer: float, aim_x: float = 0.0, aim_y: float = 0.0) -> Pixels:
        """From `closer` (0 the still itself, 1 as near as it gets), aimed -1..1 of the room there is to either side."""
        if closer <= 0:
            return self.still.copy()
        height, width = self.still.shape[:2]
        far = 1 + FAR_GROWTH * closer
        grown = far + (NEAR_GROWTH - FAR_GROWTH) * closer * self.nearness
        room = 0.5 * (1 - 1 / far) * SIDEWAYS_SHARE
        # Near things swing further than far ones; the least grown row bounds them all.
        swing = 0.55 + 0.45 * self.nearness
        map_x = self.columns / grown + (width / 2 - 0.5) + aim_x * room * width * swing
        map_y = self.rows / grown + (height / 2 - 0.5) + aim_y * room * height * swing
        return read_through(self.still, map_x, map_y)


@dataclass(frozen=True, slots=True, eq=False)
class ImageMove:
    """A scene that is one still picture."""

    finish: Finish
    sheet: Sheet
    verbs: frozenset[str]

    def paint(self, moment: Moment) -> Pixels:
        eased = 0.0 if "static" in self.verbs else ease(moment.progress)
        return self.sheet.seen(eased, *_aim(self.verbs, moment.view, eased))


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


def build_image_move(still: Pixels, camera: tuple[str, ...]) -> ImageMove:
    """`still` has the size of the frame."""
    return ImageMove(PLAIN, build_sheet(still), frozenset(camera))


def build_sheet(still: Pixels) -> Sheet:
    """`still` has the size of the frame."""
    height, width = still.shape[:2]
    columns, rows = node_grid(width, height)
    nearness = resize(guess_depth(still), columns.shape[1], columns.shape[0], cv2.INTER_AREA)
    return Sheet(still, nearness, columns - np.float32(width / 2 - 0.5), rows - np.float32(height / 2 - 0.5))


def node_grid(width: int, height: int) -> tuple[Floats, Floats]:
    """Column and row of every fourth pixel, where the nodes of a coarse map stand."""
    across, down = width // MAP_REDUCTION + 2, height // MAP_REDUCTION + 2
    columns = np.arange(across, dtype=np.float32)[None, :] * np.float32(MAP_REDUCTION)
    rows = np.arange(down, dtype=np.float32)[:, None] * np.float32(MAP_REDUCTION)
    return np.repeat(columns, down, 0), np.repeat(rows, across, 1)


def read_through(picture: Pixels, map_x: Floats, map_y: Floats) -> Pixels:
    """Read a picture through coarse maps of its own frame."""
    height, width = picture.shape[:2]
    return sample(picture, _enlarged(map_x, width, height), _enlarged(map_y, width, height))


def _aim(verbs: frozenset[str], view: View, eased: float) -> tuple[float, float]:
    """Where the camera has gone, -1..1 of the room there is, for the verbs that move it sideways or up."""
    aim_x = aim_y = 0.0
    if verbs & {"pan_left", "truck_left"}:
        aim_x = -1.0
    elif verbs & {"pan_right", "truck_right", "tracking"}:
        aim_x = 1.0
    elif "orbit" in verbs:
        aim_x = float(np.sin(np.pi * (eased - 0.5)) + 1) / 2 * 1.6 - 0.6  # swings past the middle
    elif "drift" in verbs:
        aim_x = 0.4
    if verbs & {"tilt_up", "crane_up"}:
        aim_y = -1.0
    elif verbs & {"tilt_down", "crane_down"}:
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
