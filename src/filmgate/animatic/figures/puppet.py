"""Jointed shapes: the vector puppets that all figures are.

A puppet is drawn in its own units: x forward, y up, feet at the origin, height about one. Its shapes form bodies; the
light rounds every body as a whole, draws an edge of light along it, and lets it darken what is behind it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from filmgate.animatic.colour import mix
from filmgate.animatic.figures.relief import light_on, reach_px, rim_light
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import (
    SUBPIXEL_BITS,
    Floats,
    Matrix,
    Pixels,
    Points,
    add_light,
    apply,
    darken,
    invert,
    merge,
    multiply,
    over,
    resize,
    scale,
)

CAP_STEPS = 11
CONTACT_SHADOW = 0.42  # how much of its light a body takes from the body just behind it
FLATNESS = 0.25  # how high a flat thing rises, over a rounded one
SMALLEST_DETAIL_PX = 1.1
FARTHEST_PX = 30000.0  # beyond this OpenCV's fixed point would wrap around
Point = Points  # (2,)
Fixed = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Light:
    """How figures are lit: `towards` is a unit vector on screen (y down) pointing at the light."""

    towards: tuple[float, float]
    silhouette: Floats
    rim: Floats
    ambient: Floats
    sun: Floats
    backlight: float  # 0: colours show, 1: a silhouette with a bright rim

    def flat(self, own: Floats) -> Floats:
        """What a surface of colour `own` looks like before it is shaded: half of the light reaches it."""
        lit = own * (self.ambient * 0.60 + self.sun * 0.66)
        return np.clip(mix(lit, self.silhouette, self.backlight), 0, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A filled outline, which may be a cut through a solid or a flat thing.

    Neighbouring shapes of one `part` are shaded as one body, so that joints do not show; the next part gets its own
    edge of light and a soft shadow on what lies behind it. Shapes that are not `rounded` are flat (cloth, metal), or
    painted on the rounded ones of their part; `glow` shapes keep their colour in any light.
    """

    outline: Points
    colour: Floats
    rounded: bool = True
    glow: bool = False
    part: int = 0


def light_for(palette: Palette, towards: tuple[float, float]) -> Light:
    low_sun = palette.sun_height > 0.6 or palette.dark
    return Light(
        towards=towards,
        silhouette=palette.near * 0.85,
        rim=np.clip(palette.rim, 0, 1),
        ambient=palette.ambient,
        sun=palette.light,
        backlight=0.54 if low_sun else 0.10,
    )


def point(x: float, y: float) -> Point:
    return np.array([x, y], np.float64)


def capsule(start: Point, end: Point, start_radius: float, end_radius: float) -> Points:
    """A limb: two round ends of their own radii, joined."""
    axis = end - start
    heading = math.atan2(float(axis[1]), float(axis[0]))
    turn = _CAP_TURN + heading
    cap = np.stack([np.cos(turn), np.sin(turn)], 1)
    return np.concatenate([start + start_radius * cap, end - end_radius * cap])


_CAP_TURN = np.linspace(math.pi / 2, 3 * math.pi / 2, CAP_STEPS)


def ellipse(centre: Point, radius_x: float, radius_y: float, steps: int = 28) -> Points:
    return centre + _circle(steps) * np.array([radius_x, radius_y])


def _circle(steps: int) -> Points:
    turn = np.linspace(0, 2 * math.pi, steps, endpoint=False)
    return np.stack([np.cos(turn), np.sin(turn)], 1)


def outline(*corners: tuple[float, float]) -> Points:
    return np.array(corners, np.float64)


def standing(x: float, y: float, height_px: float, facing: float = 1.0, lean: float = 0.0) -> Matrix:
    """Canvas from puppet: feet on (x, y), `facing` 1 right to -1 left (between: turning), `lean` in radians."""
    cosine, sine = math.cos(lean) * height_px, math.sin(lean) * height_px
    return np.array([[cosine * facing, sine, x], [sine * facing, -cosine, y]])


@dataclass(frozen=True, slots=True, eq=False)
class _Filled:
    """A shape where it is to be drawn: fixed-point corners, colour of 8 bits with full coverage, and its box."""

    corners: Fixed
    colour: tuple[float, float, float, float]
    rounded: bool
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Box:
    """Left, top, right and bottom in pixels of the target."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True, eq=False)
class _Body:
    """Shapes that are shaded as one, the box they cover and where that lies in the atlas (x, y)."""

    shapes: list[_Filled]
    glow: bool
    box: _Box
    slot: tuple[int, int] = (0, 0)


def paint(target: Pixels, shapes: Sequence[Shape], matrix: Matrix, light: Light) -> None:
    """Draw shapes back to front onto `target`, in the box that they cover."""
    if not shapes:
        return
    size = float(np.hypot(matrix[1, 0], matrix[1, 1]) + np.hypot(matrix[0, 0], matrix[0, 1])) / 2
    bodies = _bodies(target, shapes, matrix, light, margin=reach_px(size))
    if not bodies:
        return
    boxes = [body.box for body in bodies]
    whole = _Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
    picture = np.zeros((whole.height, whole.width, 4), np.uint8)
    solid = _in_slots([body for body in bodies if not body.glow])
    sheet, veils = _shaded(solid, light, size) if solid else (picture, picture)
    slots = iter(solid)
    for body in bodies:
        left, top = body.box.left - whole.left, body.box.top - whole.top
        if body.glow:
            for shape in body.shapes:
                _fill(picture, shape, shape.colour, whole)
            continue
        x, y = next(slots).slot
        rows, columns = slice(y, y + body.box.height), slice(x, x + body.box.width)
        under = picture[top : top + body.box.height, left : left + body.box.width]
        darken(under, veils[rows, columns])
        add_light(under, sheet[rows, columns])
    over(target[whole.top : whole.bottom, whole.left : whole.right], picture)


def cast_shadow(target: Pixels, shapes: Sequence[Shape], matrix: Matrix, strength: float) -> None:
    """Darken the ground where shapes keep the light away; `matrix` lays the figure down on it."""
    solid = [shape.outline for shape in shapes if shape.rounded and not shape.glow]
    if not solid or strength <= 0.01:
        return
    ends = list(accumulate(len(points) for points in solid))
    points = np.clip(apply(matrix, np.concatenate(solid)), -FARTHEST_PX, FARTHEST_PX)
    low, high = points.min(0).tolist(), points.max(0).tolist()
    box = _covered([_Filled(_NO_CORNERS, _NO_COLOUR, True, (*low, *high))], target.shape[1], target.shape[0], 3)
    if box is None:
        return
    halved = (points - (box.left, box.top)) / 2  # soft things are drawn at half size
    fixed = np.rint(halved * (1 << SUBPIXEL_BITS)).astype(np.int32)
    mask = np.zeros((box.height // 2 + 1, box.width // 2 + 1), np.uint8)
    for start, end in pairwise([0, *ends]):
        cv2.fillPoly(mask, [fixed[start:end]], (255.0 * strength,), cv2.LINE_AA, SUBPIXEL_BITS)
    soft = resize(cast(Pixels, cv2.blur(mask, (3, 3))), mask.shape[1] * 2, mask.shape[0] * 2)
    lit = invert(np.ascontiguousarray(soft[: box.height, : box.width]))
    darken(target[box.top : box.bottom, box.left : box.right], merge(lit, lit, lit))


_NO_CORNERS: Fixed = np.zeros((0, 2), np.int32)
_NO_COLOUR = (0.0, 0.0, 0.0, 0.0)


def _bodies(target: Pixels, shapes: Sequence[Shape], matrix: Matrix, light: Light, margin: int) -> list[_Body]:
    """What of the shapes can be seen, gathered to bodies in order, with a margin for their soft shadow."""
    ends = list(accumulate(len(shape.outline) for shape in shapes))
    starts = [0, *ends[:-1]]
    points = apply(matrix, np.concatenate([shape.outline for shape in shapes]))
    points = np.minimum(np.maximum(points, -FARTHEST_PX), FARTHEST_PX)
    fixed = np.rint(points * (1 << SUBPIXEL_BITS)).astype(np.int32)
    boxes = np.hstack([np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)]).tolist()
    own = np.stack([shape.colour for shape in shapes])
    flat = np.rint(light.flat(own) * 255).tolist()
    height, width = target.shape[:2]
    bodies: list[_Body] = []
    numbered = zip(shapes, starts, ends, boxes, flat, strict=True)
    for (_, glow), group in groupby(numbered, key=lambda each: (each[0].part, each[0].glow)):
        members: list[_Filled] = []
        for shape, start, end, box, colour in group:
            if max(box[2] - box[0], box[3] - box[1]) < SMALLEST_DETAIL_PX:
                continue
            red, green, blue = (channel * 255 for channel in shape.colour.tolist()) if glow else colour
            members.append(_Filled(fixed[start:end], (red, green, blue, 255.0), shape.rounded, box))
        if members and (covered := _covered(members, width, height, 2 if glow else margin)) is not None:
            bodies.append(_Body(members, glow, covered))
    return bodies


def _covered(shapes: list[_Filled], width: int, height: int, margin: int) -> _Box | None:
    left = max(0, math.floor(min(shape.box[0] for shape in shapes)) - margin)
    top = max(0, math.floor(min(shape.box[1] for shape in shapes)) - margin)
    right = min(width, math.ceil(max(shape.box[2] for shape in shapes)) + margin)
    bottom = min(height, math.ceil(max(shape.box[3] for shape in shapes)) + margin)
    return _Box(left, top, right, bottom) if right > left and bottom > top else None


def _in_slots(bodies: list[_Body]) -> list[_Body]:
    """Bodies with their places in an atlas: in a row, or one above the other if that takes less room."""
    row = sum(body.box.width for body in bodies) * max((body.box.height for body in bodies), default=0)
    column = sum(body.box.height for body in bodies) * max((body.box.width for body in bodies), default=0)
    placed: list[_Body] = []
    along = 0
    for body in bodies:
        placed.append(_Body(body.shapes, body.glow, body.box, (along, 0) if row <= column else (0, along)))
        along += body.box.width if row <= column else body.box.height
    return placed


def _shaded(bodies: list[_Body], light: Light, size: float) -> tuple[Pixels, Pixels]:
    """An atlas of shaded bodies (premultiplied RGBA), and by how much each of them darkens what is behind it.

    All bodies are shaded at once: most of the time of a small picture operation is the call.
    """
    width = _halving(max(body.slot[0] + body.box.width for body in bodies))
    height = _halving(max(body.slot[1] + body.box.height for body in bodies))
    colours = np.zeros((height, width, 4), np.uint8)
    for body in bodies:
        x, y = body.slot
        # The edge of a shape blends with what is there: with its own colour, not with black.
        red, green, blue, _ = body.shapes[0].colour
        corner = (x + body.box.width - 1, y + body.box.height - 1)
        cv2.rectangle(colours, (x, y), corner, (red, green, blue, 0.0), cv2.FILLED)
        slot = colours[y : y + body.box.height, x : x + body.box.width]
        for shape in body.shapes:
            _fill(slot, shape, shape.colour, body.box)
    mask = cast(Pixels, cv2.extractChannel(colours, 3))
    lit, hill = light_on(_raised(mask, bodies), light.towards, size, 1 - 0.45 * light.backlight)
    lit = multiply(lit, mask)
    sheet = multiply(colours, merge(lit, lit, lit, np.full_like(mask, 128)), gain=2.0)
    add_light(sheet, rim_light(mask, light.towards, size, light.rim * (0.26 + 0.62 * light.backlight)))
    open_share = invert(mask)
    shaded = multiply(open_share, invert(scale(hill, CONTACT_SHADOW)))
    return sheet, merge(shaded, shaded, shaded, open_share)


def _halving(length_px: int) -> int:
    """Rounded up, so that relief can halve it twice: OpenCV halves odd lengths ten times as slowly."""
    return -(-length_px // 4) * 4


def _raised(mask: Pixels, bodies: list[_Body]) -> Pixels:
    """The mask, lower where a body is only flat."""
    raised = mask
    for body in bodies:
        if _is_solid(body):
            continue
        if raised is mask:
            raised = mask.copy()
        x, y = body.slot
        slot = raised[y : y + body.box.height, x : x + body.box.width]
        slot[:] = 0
        for shape in sorted(body.shapes, key=lambda shape: shape.rounded):
            _fill(slot, shape, (255.0 if shape.rounded else 255.0 * FLATNESS,), body.box)
    return raised


def _is_solid(body: _Body) -> bool:
    """Whether all that is flat is painted on something rounded."""
    flat = [shape.box for shape in body.shapes if not shape.rounded]
    solid = [shape.box for shape in body.shapes if shape.rounded]
    return not flat or (
        bool(solid)
        and min(box[0] for box in flat) >= min(box[0] for box in solid)
        and min(box[1] for box in flat) >= min(box[1] for box in solid)
        and max(box[2] for box in flat) <= max(box[2] for box in solid)
        and max(box[3] for box in flat) <= max(box[3] for box in solid)
    )


def _fill(picture: Pixels, shape: _Filled, colour: tuple[float, ...], box: _Box) -> None:
    """Fill a shape on a picture of what `box` covers."""
    shift = (-box.left << SUBPIXEL_BITS, -box.top << SUBPIXEL_BITS)
    cv2.fillPoly(picture, [shape.corners], colour, cv2.LINE_AA, SUBPIXEL_BITS, shift)
