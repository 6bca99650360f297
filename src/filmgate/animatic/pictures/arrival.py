"""How a clip arrives at a given last picture: by a morph where the two are alike, else by a reveal in depth."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.camera import ease
from filmgate.animatic.colour import smoothstep
from filmgate.animatic.noise import spectral
from filmgate.animatic.pictures.imagemove import PLAIN, Sheet, build_sheet, node_grid, read_through
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Floats, Pixels, add_weighted, blur, multiply, resize, sample, triple
from filmgate.animatic.scene import Moment

REVEAL_START = 0.50  # of the clip
SOFTNESS = 0.35  # of the reveal: how long one spot takes
FLOW_SIDE_PX = 384
ALIKE = 0.055  # mean difference (of 1) that is left after one picture was bent onto the other
IMPROVEMENT = 0.75  # and the share of the difference before bending that may be left
LONGEST_FLOW = 0.20  # of the frame; longer ones tear


@dataclass(frozen=True, slots=True, eq=False)
class Reveal:
    """The last picture comes through from its depth to its front, and settles to exactly itself."""

    sheet: Sheet
    order: Pixels  # when each spot changes, 0..255

    def apply(self, frame: Pixels, progress: float) -> Pixels:
        """The clip's own frame on the way to the last picture; `progress` is 0..1 of the clip."""
        share = (progress - REVEAL_START) / (1 - REVEAL_START)
        if share <= 0:
            return frame
        settled = self.sheet.seen(1 - ease(share))
        if share >= 1:
            return settled
        # Each spot fades over SOFTNESS, the last ones as the clip ends.
        levels = np.arange(256, dtype=np.float32) / np.float32(255) * np.float32(1 - SOFTNESS)
        table = (smoothstep(0, SOFTNESS, float(ease(share)) - levels) * np.float32(255)).astype(np.uint8)
        mask = triple(np.asarray(cv2.LUT(self.order, table), np.uint8))
        mixed = multiply(settled, mask)
        cv2.add(mixed, multiply(frame, np.asarray(cv2.bitwise_not(mask), np.uint8)), dst=mixed)
        return mixed


@dataclass(frozen=True, slots=True, eq=False)
class Bend:
    """A picture, and for every fourth pixel of its frame how far from there it is read when wholly bent."""

    picture: Pixels
    shift_x: Floats
    shift_y: Floats

    def by(self, share: float) -> Pixels:
        height, width = self.picture.shape[:2]
        columns, rows = node_grid(width, height)
        return read_through(self.picture, columns + self.shift_x * share, rows + self.shift_y * share)


@dataclass(frozen=True, slots=True, eq=False)
class Morph:
    """A scene that bends its first picture into its last one, while one fades into the other."""

    finish: Finish
    first: Bend  # towards the last picture
    last: Bend  # towards the first

    def paint(self, moment: Moment) -> Pixels:
        share = ease(moment.progress)
        if share <= 0:
            return self.first.picture.copy()
        if share >= 1:
            return self.last.picture.copy()
        fade = float(smoothstep(0.15, 0.85, share))
        return add_weighted(self.first.by(share), 1 - fade, self.last.by(1 - share), fade)


def build_reveal(last: Pixels, rng: np.random.Generator) -> Reveal:
    """`last` has the size of the frame."""
    height, width = last.shape[:2]
    sheet = build_sheet(last)
    order = resize(sheet.nearness, width, height, cv2.INTER_CUBIC)
    ragged = resize(spectral(rng, (128, 128), 2.4, 2), width, height, cv2.INTER_CUBIC)
    mixed = 0.62 * order + 0.38 * ragged
    low, high = float(mixed.min()), float(mixed.max())
    return Reveal(sheet, ((mixed - low) / max(1e-6, high - low) * 255).astype(np.uint8))


def build_morph(first: Pixels, last: Pixels) -> Morph | None:
    """None where the pictures are not of the same thing: bending one onto the other leaves too much difference."""
    one, other = _small(first), _small(last)
    # A flow from one picture to another says by how much each spot has moved: one(x) is other(x + flow).
    onward, back = _flow(one, other), _flow(other, one)
    reach = max(float(np.abs(onward).max()), float(np.abs(back).max())) / max(one.shape)
    before = _difference(one, other)
    rows, columns = np.mgrid[0 : one.shape[0], 0 : one.shape[1]].astype(np.float32)
    after = _difference(sample(one, columns + back[..., 0], rows + back[..., 1]), other)
    if after > ALIKE or after > before * IMPROVEMENT or reach > LONGEST_FLOW:
        return None
    return Morph(PLAIN, _bend(first, back), _bend(last, onward))


def _difference(one: Pixels, other: Pixels) -> float:
    return float(np.abs(one.astype(np.float32) - other).mean()) / 255


def _bend(picture: Pixels, flow: Floats) -> Bend:
    height, width = picture.shape[:2]
    columns, _ = node_grid(width, height)
    scale = np.float32(width / flow.shape[1])
    shifts = [
        resize(np.ascontiguousarray(flow[..., axis]), columns.shape[1], columns.shape[0]) * scale for axis in range(2)
    ]
    return Bend(picture, shifts[0], shifts[1])


def _small(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    size = min(1.0, FLOW_SIDE_PX / max(height, width))
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    return resize(grey, max(32, round(width * size)), max(32, round(height * size)), cv2.INTER_AREA)


def _flow(one: Pixels, other: Pixels) -> Floats:
    """By how many pixels each spot of `one` has moved in `other`, smooth."""
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    flow = np.asarray(search.calc(one, other, np.zeros((*one.shape, 2), np.float32)), np.float32)
    return np.dstack([blur(np.ascontiguousarray(flow[..., axis]), 2.0) for axis in range(2)])
