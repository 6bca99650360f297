"""Relief: how light rounds a body of which only the outline is known.

The outline's mask is blurred to a hill; the slope of the hill away from the light is how squarely each spot faces it.
"""

from __future__ import annotations

import math
from typing import cast

import cv2
import numpy as np

from filmgate.animatic.raster import Floats, Pixels, halve, merge, multiply, resize, scale

ROUNDNESS = 0.020  # of a figure's height: how far its edges curve away
FORM = 2.6  # how much rounder the whole of a body is than its edges
RELIEF = 0.34  # how strongly a slope catches light
DARKEST = np.uint8(78)  # where 128 is a surface that faces us
LARGEST_PX = 100.0  # beyond this height relief is worked out at half size, or less: it is soft


def reach_px(size: float) -> int:
    """How far the hill of a figure of `size` pixels spreads beyond its outline."""
    return math.ceil(2.5 * ROUNDNESS * size) + 2


def light_on(solid: Pixels, towards: tuple[float, float], size: float, strength: float) -> tuple[Pixels, Pixels]:
    """How much light each spot of a mask catches (128: as much as a flat one), and the hill that it is.

    `towards` the light on screen; `size` of the whole figure in pixels; `strength` of the relief, usually 1.
    """
    height, width = solid.shape
    small = solid
    while size > LARGEST_PX and min(small.shape) > 8:
        small, size = halve(small), size / 2
    hill, edges = _slopes(small, towards, size, RELIEF * strength)
    _, form = _slopes(halve(small), towards, size / 2 * FORM, RELIEF * 1.15 * strength)
    lit = multiply(edges, resize(form, small.shape[1], small.shape[0]), gain=2.0)
    lit = np.maximum(lit, DARKEST)
    if small is solid:
        return lit, hill
    return resize(lit, width, height), resize(hill, width, height)


def _slopes(solid: Pixels, towards: tuple[float, float], size: float, strength: float) -> tuple[Pixels, Pixels]:
    """The hill of a body, its edges as round as those of a figure of `size`, and how much light its slopes catch."""
    sigma = max(0.8, size * ROUNDNESS)
    radius = max(1, round((math.sqrt(6 * sigma * sigma + 1) - 1) / 2))  # two boxes this wide blur like `sigma`
    window = (2 * radius + 1, 2 * radius + 1)
    hill = cast(Pixels, cv2.blur(cv2.blur(solid, window), window))
    step = max(1, radius // 3)
    gain = strength * radius / step
    x, y = (axis * gain for axis in towards)
    slope = np.zeros((2 * step + 1, 2 * step + 1), np.float32)
    slope[0, step], slope[-1, step], slope[step, 0], slope[step, -1] = y, -y, x, -x
    return hill, cast(Pixels, cv2.filter2D(hill, -1, slope, delta=128))


def rim_light(mask: Pixels, towards: tuple[float, float], size: float, colour: Floats) -> Pixels:
    """The bright edge towards the light (RGBA, alpha 0): where the body is, and a little nearer to the light is not."""
    reach = min(4.0, max(0.6, size * 0.0075))
    x, y = towards[0] * reach, towards[1] * reach
    radius = math.ceil(reach)
    kernel = np.zeros((2 * radius + 3, 2 * radius + 3), np.float32)
    column, row = math.floor(x), math.floor(y)
    for step_x, share_x in ((0, 1 - (x - column)), (1, x - column)):
        for step_y, share_y in ((0, 1 - (y - row)), (1, y - row)):
            kernel[radius + 1 + row + step_y, radius + 1 + column + step_x] -= share_x * share_y
    kernel[radius + 1, radius + 1] += 1
    edge = cast(Pixels, cv2.filter2D(mask, -1, kernel, borderType=cv2.BORDER_REPLICATE))
    red, green, blue = colour.tolist()
    return merge(scale(edge, red), scale(edge, green), scale(edge, blue), np.zeros_like(edge))
