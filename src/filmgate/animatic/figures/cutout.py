"""Cut-outs: small paintings with transparency, made once, then moved, turned and bent as in a shadow theatre.

They are drawn in units of their own, x forward and y up, like puppets.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from filmgate.animatic.figures.puppet import Light
from filmgate.animatic.raster import (
    Floats,
    Matrix,
    Pixels,
    Points,
    apply,
    blur,
    fill,
    halve,
    invert,
    merge,
    multiply,
    over,
    paste,
    place,
    resize,
    sample,
    scale,
    stroke,
    then,
    triple,
    veil,
    warp,
)

SUPERSAMPLING = 2
MAX_SIDE_PX = 3000  # of the painting before it is halved
RELIEF = 1.9
WIDE_BLUR = 7.0  # pixels: a wider one is done at a quarter of the size


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A marking on a piece, clipped to it. `soft` is how far its edge fades; with a `line` it is an open stroke."""

    outline: Points
    colour: Floats
    soft: float = 0.0
    strength: float = 1.0
    line: float = 0.0  # width of the stroke, in units


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One body: its outline, its markings, and how far its edges curve away (in units; 0 is flat)."""

    outline: Points
    colour: Floats
    patches: tuple[Patch, ...] = ()
    roundness: float = 0.04
    opacity: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """Premultiplied RGBA, and where each of its pixels lies in the units that it was drawn in."""

    pixels: Pixels
    to_units: Matrix

    @property
    def columns(self) -> Floats:
        """x of every column, in units."""
        return np.arange(self.pixels.shape[1], dtype=np.float64) * float(self.to_units[0, 0]) + float(
            self.to_units[0, 2]
        )

    @property
    def rows(self) -> Floats:
        """y of every row, in units."""
        return np.arange(self.pixels.shape[0], dtype=np.float64) * float(self.to_units[1, 1]) + float(
            self.to_units[1, 2]
        )

    def paint(self, target: Pixels, matrix: Matrix) -> None:
        """Composite onto `target`; `matrix` is canvas from units."""
        paste(target, self.pixels, then(self.to_units, matrix))


Card = tuple[Cutout, Matrix]
"""A cut-out and its place in a figure: figure units from its own."""


def smooth(*corners: tuple[float, float], steps: int = 8, closed: bool = True) -> Points:
    """A Catmull-Rom curve through the corners: living things have no straight edges."""
    points = np.array(corners, np.float64)
    if closed:
        points = np.concatenate([points[-1:], points, points[:2]])
    else:
        points = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    share = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    before, first, second, after = (points[index : len(points) - 3 + index, None] for index in range(4))
    curve = 0.5 * (
        2 * first
        + (second - before) * share
        + (2 * before - 5 * first + 4 * second - after) * share**2
        + (3 * first - before - 3 * second + after) * share**3
    ).reshape(-1, 2)
    return curve if closed else np.concatenate([curve, points[-2:-1]])


def trace(points: str, *, steps: int = 8, closed: bool = True) -> Points:
    """A smooth outline through points that are written like those of an SVG polygon: "x,y x,y x,y"."""
    corners = [pair.split(",") for pair in points.split()]
    return smooth(*((float(x), float(y)) for x, y in corners), steps=steps, closed=closed)


def mirrored(light: Light, facing: float) -> Light:
    """The light as a figure meets it that is drawn facing right and shown facing left."""
    return light if facing > 0 else replace(light, towards=(-light.towards[0], light.towards[1]))


def turned(x: float, y: float, angle: float, along: float = 1.0, across: float = 1.0) -> Matrix:
    """A card's place: its origin at (x, y), stretched, then turned anticlockwise by `angle` radians."""
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.array([[cosine * along, -sine * across, x], [sine * along, cosine * across, y]])


def draw_cutout(pieces: Sequence[Piece], light: Light, unit_px: float) -> Cutout:
    """Paint pieces from back to front, `unit_px` pixels to the unit."""
    low = np.min([piece.outline.min(0) for piece in pieces], axis=0)
    high = np.max([piece.outline.max(0) for piece in pieces], axis=0)
    fine = min(max(unit_px, 2.0) * SUPERSAMPLING, MAX_SIDE_PX / max(1e-6, float((high - low).max())))
    margin = 3 * SUPERSAMPLING / fine
    low, high = low - margin, high + margin
    width, height = (math.ceil(side * fine / SUPERSAMPLING) * SUPERSAMPLING for side in (high - low))
    to_pixels = np.array([[fine, 0.0, -low[0] * fine], [0.0, -fine, high[1] * fine]])
    sheet = np.zeros((height, width, 4), np.uint8)
    for piece in pieces:
        _lay(sheet, piece, to_pixels, fine, light)
    step = SUPERSAMPLING / fine
    return Cutout(halve(sheet), np.array([[step, 0.0, low[0]], [0.0, -step, high[1]]]))


def paint_cards(target: Pixels, cards: Sequence[Card], matrix: Matrix) -> None:
    for cutout, own in cards:
        cutout.paint(target, then(own, matrix))


def flatten(cards: Sequence[Card], unit_px: float) -> Cutout:
    """A figure of several cards as one cut-out, for flocks that need many at little cost."""
    corners = np.concatenate([apply(then(cutout.to_units, own), _corners(cutout)) for cutout, own in cards])
    low, high = corners.min(0), corners.max(0)
    width, height = (max(2, math.ceil(side * unit_px) + 2) for side in (high - low))
    screen = np.array([[unit_px, 0.0, 1 - low[0] * unit_px], [0.0, -unit_px, 1 + high[1] * unit_px]])
    sheet = np.zeros((height, width, 4), np.uint8)
    for cutout, own in cards:
        _stack(sheet, warp(cutout.pixels, then(then(cutout.to_units, own), screen), width, height))
    step = 1 / unit_px
    return Cutout(sheet, np.array([[step, 0.0, low[0] - step], [0.0, -step, high[1] + step]]))


def bend(cutout: Cutout, lift: Floats, slide: Floats | None = None) -> Cutout:
    """Raise (and push forward) every column by its share of a wave, in units: a swimming body."""
    height, width = cutout.pixels.shape[:2]
    map_x = np.arange(width, dtype=np.float32)
    if slide is not None:
        map_x = map_x - (slide / cutout.to_units[0, 0]).astype(np.float32)
    rows = np.arange(height, dtype=np.float32)[:, None]
    map_y = rows - (lift / cutout.to_units[1, 1]).astype(np.float32)[None, :]
    moved = sample(cutout.pixels, np.tile(map_x, (height, 1)), map_y, cv2.BORDER_CONSTANT)
    return Cutout(moved, cutout.to_units)


def sway_onto(target: Pixels, cutout: Cutout, matrix: Matrix, shift: Floats) -> None:
    """Composite a cut-out whose rows are each pushed sideways by `shift` (in units): trailing arms and tentacles.

    `matrix`, canvas from units, may not turn it: then one pass moves and bends it, instead of two.
    """
    whole = then(cutout.to_units, matrix)
    height, width = cutout.pixels.shape[:2]
    grow_x, grow_y = float(whole[0, 0]), float(whole[1, 1])
    from_x, from_y = float(whole[0, 2]), float(whole[1, 2])
    aside = shift * float(matrix[0, 0])
    ends = from_x + np.array([0.0, width * grow_x])
    left = max(0, math.floor(ends.min() + aside.min()) - 1)
    right = min(target.shape[1], math.ceil(ends.max() + aside.max()) + 1)
    top, bottom = max(0, math.floor(from_y)), min(target.shape[0], math.ceil(from_y + height * grow_y))
    if right <= left or bottom <= top:
        return
    rows = (np.arange(top, bottom, dtype=np.float64) - from_y) / grow_y
    pushed: Floats = np.interp(rows, np.arange(height, dtype=np.float64), aside)
    start = ((-from_x - pushed) / grow_x).astype(np.float32)
    map_x = start[:, None] + (np.arange(left, right, dtype=np.float64) / grow_x).astype(np.float32)
    map_y = np.repeat(rows.astype(np.float32)[:, None], right - left, 1)
    over(target[top:bottom, left:right], sample(cutout.pixels, map_x, map_y, cv2.BORDER_CONSTANT))


def padded(cutout: Cutout, sideways: float, upright: float) -> Cutout:
    """With empty room around it, in units, to be bent into."""
    step = cutout.to_units[0, 0]
    beside, above = math.ceil(sideways / step), math.ceil(upright / step)
    pixels = np.pad(cutout.pixels, ((above, above), (beside, beside), (0, 0)))
    return Cutout(pixels, then(place(-beside, -above), cutout.to_units))


def glowing(cutout: Cutout, light: Pixels, reach: float) -> Cutout:
    """With a light around its origin that reaches `reach` units: premultiplied colour without any cover adds up."""
    roomy = padded(cutout, reach, reach)
    step = float(roomy.to_units[0, 0])
    side = math.ceil(2 * reach / step)
    column, row = round(-roomy.to_units[0, 2] / step) - side // 2, round(roomy.to_units[1, 2] / step) - side // 2
    pixels = roomy.pixels.copy()
    box = pixels[max(0, row) : row + side, max(0, column) : column + side]
    glow = resize(light, side, side)[: box.shape[0], : box.shape[1]]
    rest = invert(np.ascontiguousarray(box[..., 3]))
    box[..., :3] = cv2.add(np.ascontiguousarray(box[..., :3]), multiply(np.ascontiguousarray(glow), triple(rest)))
    bare = np.flatnonzero(pixels.max((0, 2)))
    lines = np.flatnonzero(pixels.max((1, 2)))
    trimmed = np.ascontiguousarray(pixels[lines[0] : lines[-1] + 1, bare[0] : bare[-1] + 1])
    return Cutout(trimmed, then(place(float(bare[0]), float(lines[0])), roomy.to_units))


def hazed(cutout: Cutout, haze: Floats, share: float) -> Cutout:
    """As seen through air or water of one colour."""
    alpha = cutout.pixels[..., 3]
    through = scale(np.ascontiguousarray(cutout.pixels[..., :3]), 1 - share)
    veiled = cv2.add(through, merge(*(scale(alpha, share * float(channel)) for channel in np.clip(haze, 0, 1))))
    return Cutout(np.dstack([np.asarray(veiled, np.uint8), alpha]), cutout.to_units)


def _corners(cutout: Cutout) -> Points:
    height, width = cutout.pixels.shape[:2]
    return np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float64)


def _lay(sheet: Pixels, piece: Piece, to_pixels: Matrix, fine: float, light: Light) -> None:
    placed = apply(to_pixels, piece.outline)
    left, top = (max(0, math.floor(value) - 2) for value in placed.min(0))
    right, bottom = (math.ceil(value) + 3 for value in placed.max(0))
    box = sheet[top:bottom, left:right]
    corner = np.array([left, top])
    mask = np.zeros(box.shape[:2], np.uint8)
    fill(mask, placed - corner, 1.0)
    colour = np.empty((*box.shape[:2], 3), np.uint8)
    colour[:] = np.asarray(light.flat(piece.colour) * 255, np.uint8)
    for patch in piece.patches:
        _mark(colour, patch, apply(to_pixels, patch.outline) - corner, fine, light)
    if piece.roundness:
        colour = _rounded(colour, mask, max(1.0, piece.roundness * fine), light)
    alpha = scale(mask, piece.opacity)
    _stack(box, np.dstack([multiply(colour, triple(alpha)), alpha]))


def _mark(colour: Pixels, patch: Patch, points: Points, fine: float, light: Light) -> None:
    """Paint a patch onto the colours of its piece, in the box that it covers."""
    soft_px, line_px = patch.soft * fine, max(1, round(patch.line * fine)) if patch.line else 0
    margin = math.ceil(soft_px * 3) + line_px + 2
    left, top = (max(0, math.floor(value) - margin) for value in points.min(0))
    right, bottom = (max(0, math.ceil(value) + margin) for value in points.max(0))
    box = colour[top:bottom, left:right]
    if not box.size:
        return
    area = np.zeros(box.shape[:2], np.uint8)
    if line_px:
        stroke(area, points - np.array([left, top]), 1.0, line_px)
    else:
        fill(area, points - np.array([left, top]), 1.0)
    if soft_px:
        area = _blurred(area, soft_px)
    veil(box, scale(area, patch.strength), light.flat(patch.colour))


def _rounded(colour: Pixels, mask: Pixels, roundness_px: float, light: Light) -> Pixels:
    """Lit from one side, with a bright edge: the blurred body is a hill, its slope shows where it faces the light."""
    height, width = mask.shape
    hill = _blurred(mask, roundness_px)
    towards = light.towards

    def moved_in(area: Pixels, distance: float, border: int = cv2.BORDER_CONSTANT) -> Pixels:
        """`area` moved away from the light."""
        return warp(area, place(-towards[0] * distance, -towards[1] * distance), width, height, border)

    slope = moved_in(hill, roundness_px, cv2.BORDER_REPLICATE).astype(np.float32) - hill
    lit = np.clip(128 - slope * (RELIEF * (1.0 - 0.45 * light.backlight)), 44, 226).astype(np.uint8)
    shaded = multiply(colour, triple(lit), gain=2.0)
    rim_px = min(5.0, max(1.2, roundness_px * 0.22))
    edge = np.asarray(cv2.subtract(mask, moved_in(mask, rim_px)), np.uint8)
    veil(shaded, scale(edge, 0.22 + 0.6 * light.backlight), np.clip(light.rim, 0, 1))
    return shaded


def _stack(below: Pixels, above: Pixels) -> None:
    """Premultiplied RGBA over premultiplied RGBA, in place."""
    rest = invert(np.ascontiguousarray(above[..., 3]))
    below[:] = cv2.add(multiply(np.ascontiguousarray(below), merge(rest, rest, rest, rest)), above)


def _blurred(mask: Pixels, sigma: float) -> Pixels:
    if sigma < WIDE_BLUR:
        return blur(mask, max(0.3, sigma))
    height, width = mask.shape
    pad = math.ceil(sigma * 3 / 4) * 4  # else the edge of the box would mirror what lies inside
    small = resize(np.pad(mask, pad), (width + 2 * pad) // 4, (height + 2 * pad) // 4, cv2.INTER_AREA)
    soft = resize(blur(small, sigma / 4), width + 2 * pad, height + 2 * pad, cv2.INTER_CUBIC)
    return np.ascontiguousarray(soft[pad : pad + height, pad : pad + width])
