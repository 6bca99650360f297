"""Things turned on a lathe: cups, bottles, fruit. A profile becomes a solid, seen a little from above and lit.

Every solid is a stack of discs, drawn from the foot up: whatever disc a pixel shows tells its height, and its place
between the disc's sides tells where the surface there faces.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from filmgate.animatic.colour import mix, smoothstep, to_pixels
from filmgate.animatic.figures.cutout import Cutout, smooth
from filmgate.animatic.figures.puppet import Light
from filmgate.animatic.raster import Floats, Matrix, Points, blur, halve

TILT = 0.24  # radians that we look down by
SUPERSAMPLING = 2
MOST_PX = 1500  # of a solid's height, supersampled
MARGIN = 4
EDGE_BLUR = 0.7  # pixels: edges within a solid are not drawn twice as fine
BITS = 4
WHITE = np.ones(3, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """What is known of every pixel of a solid. `around` is radians from the middle, `up` shares of the height."""

    cover: Floats
    normal: tuple[Floats, Floats, Floats]  # to the right, up, towards us
    around: Floats
    up: Floats
    mouth: Floats  # 1 in the middle of the uppermost face, 0 from near its edge outwards
    to_units: Matrix


Paint = Callable[[Surface], tuple[Floats, Floats]]
"""Colours of a pattern (height, width, 3) and where they are (height, width)."""


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """`gloss` is how bright reflections are, `blur` how soft; `clear` 1 is glass; `glow` is light from within."""

    colour: Floats
    gloss: float = 0.5
    blur: float = 0.10
    clear: float = 0.0
    metal: float = 0.0
    glow: Floats | None = None
    pattern: Paint | None = None


def profile(*corners: tuple[float, float], steps: int = 10) -> Points:
    """A smooth profile through (radius, height) corners, from the foot up; corners that repeat are sharp."""
    pieces: list[list[tuple[float, float]]] = [[corners[0]]]
    for before, corner in pairwise(corners):
        if corner == before:
            pieces.append([corner])
        else:
            pieces[-1].append(corner)
    parts = [
        smooth(*piece, steps=steps, closed=False) if len(piece) > 2 else np.array(piece)
        for piece in pieces
        if len(piece) > 1
    ]
    line = np.concatenate(parts)
    line[:, 1] = np.maximum.accumulate(line[:, 1] + np.arange(len(line)) * 1e-6)
    return np.maximum(line, [[0.0, -1.0]])


def turn(line: Points, unit_px: float, *, tilt: float = TILT) -> Surface:
    """The solid of a profile, `unit_px` pixels to the unit (before halving)."""
    low, high = float(line[0, 1]), float(line[-1, 1])
    fine = min(unit_px * SUPERSAMPLING, MOST_PX / max(1e-6, high - low))
    radius = float(line[:, 0].max())
    flatness, upright = math.sin(tilt), math.cos(tilt)
    below, above = low * upright - radius * flatness, high * upright + radius * flatness
    width, height = (math.ceil(side * fine / 2) * 2 + 2 * MARGIN for side in (2 * radius, above - below))
    steps = max(24, math.ceil((high - low) * fine * 1.5))
    rows = np.linspace(low, high, steps)
    radii = np.interp(rows, line[:, 1], line[:, 0])
    layer = np.full((height, width), -1.0, np.float32)
    middle_x, foot = width / 2, height - MARGIN + below * fine
    grain = 1 << BITS
    for index, (level, reach) in enumerate(zip(rows, radii, strict=True)):
        centre = (round((middle_x - 0.5) * grain), round((foot - level * upright * fine - 0.5) * grain))
        axes = (max(1, round(reach * fine * grain)), max(1, round(reach * flatness * fine * grain)))
        cv2.ellipse(layer, centre, axes, 0, 0, 360, float(index), -1, cv2.LINE_8, BITS)
    step = SUPERSAMPLING / fine
    to_units = np.array([[step, 0.0, -middle_x / fine], [0.0, -step, foot / fine]])
    cover = halve(to_pixels((layer >= 0).astype(np.float32))).astype(np.float32) / np.float32(255)
    blocks = layer.reshape(height // 2, 2, width // 2, 2).max((1, 3))  # only the edge is worth shading twice as fine
    half = (middle_x / 2, foot / 2, upright, flatness)
    return _surface(blocks, cover, (rows, radii), fine / 2, half, to_units)


def _surface(
    layer: Floats,
    cover: Floats,
    line: tuple[Floats, Floats],
    fine: float,
    view: tuple[float, float, float, float],
    to_units: Matrix,
) -> Surface:
    (rows, radii), (middle_x, foot, upright, flatness) = line, view
    height, width = layer.shape
    last = len(rows) - 1
    index = np.clip(layer, 0, last).astype(np.int32)
    slopes = np.gradient(radii, rows + np.arange(len(rows)) * 1e-9)
    kernel = np.ones(5) / 5
    slopes = np.convolve(np.pad(np.clip(slopes, -6, 6), 2, mode="edge"), kernel, mode="valid")
    x = (np.arange(width, dtype=np.float32)[None, :] + 0.5 - np.float32(middle_x)) / np.float32(fine)
    reach = np.maximum(radii[index], 1e-6).astype(np.float32)
    aside = np.clip(x / reach, -1, 1)
    towards = np.sqrt(1 - aside * aside)
    slope = slopes[index].astype(np.float32)
    length = np.sqrt(1 + slope * slope)
    right, up, front = aside / length, -slope / length, towards / length
    # On the uppermost disc, what lies behind its near edge is its flat face.
    y = (np.float32(foot) - np.arange(height, dtype=np.float32)[:, None] - 0.5) / np.float32(fine)
    away = (y - np.float32(rows[last] * upright)) / np.float32(max(1e-6, radii[last] * flatness))
    face = ((layer == last) & (away > -towards + 0.02)).astype(np.float32)
    mouth = face * smoothstep(0.97, 0.93, np.hypot(aside, away))
    right, front = right * (1 - face), front * (1 - face)
    up = up * (1 - face) + face
    # As seen from above: up and front turn by the tilt.
    seen_up, seen_front = up * upright - front * flatness, up * flatness + front * upright
    normal = (blur(right, EDGE_BLUR), blur(seen_up, EDGE_BLUR), blur(seen_front, EDGE_BLUR))
    share = (rows[index] - rows[0]) / max(1e-6, rows[last] - rows[0])
    return Surface(
        cover,
        normal,
        np.arcsin(aside),
        share.astype(np.float32),
        mouth,
        to_units,
    )


def finish(surface: Surface, material: Material, light: Light) -> Cutout:
    """Light a solid: a soft key from the light's side, a softbox mirrored in it, a rim on the other side."""
    right, up, front = surface.normal
    side = 1.0 if light.towards[0] > 0 else -1.0
    key = np.clip(0.62 * side * right + 0.55 * up + 0.56 * front, -1, 1) * 0.5 + 0.5
    colour = np.ones((*key.shape, 3), np.float32) * material.colour
    if material.pattern is not None:
        painted, where = material.pattern(surface)
        colour = mix(colour, painted, where[..., None])
    shade = 0.28 + 0.95 * key**1.6
    grounded = 0.70 + 0.30 * smoothstep(0.0, 0.22, surface.up)
    lit = colour * _flat(light) * (shade * grounded)[..., None]
    lit = lit * (1 + 0.10 * (shade[..., None] - 0.8) * (light.sun - light.sun.mean()))
    mirrored = _mirrored(right, up, front, side, material.blur)
    edge = np.clip(1 - front, 0, 1) ** 3
    rim = edge * smoothstep(-0.2, 0.9, -side * right) * 0.55 + edge * smoothstep(0.2, 1.0, up) * 0.25
    shine = (mirrored * material.gloss)[..., None] * mix(WHITE, light.sun, 0.35)
    if material.metal:
        horizon = (
            0.42
            + 0.58 * smoothstep(-0.05, 0.25, up + 0.25 * np.sin(4.0 * right + 0.6))
            - 0.30 * np.exp(-((up / 0.16) ** 2))
        )
        lit = mix(lit, colour * _flat(light) * (0.35 + 1.15 * horizon * shade)[..., None], material.metal)
    rimmed = rim[..., None] * np.clip(light.rim * 0.6 + 0.4, 0, 1) * (0.35 + 0.65 * material.gloss)
    opaque: Floats | float = 1.0
    if material.clear:
        shine, rimmed = (light_on * (1 - surface.mouth)[..., None] for light_on in (shine, rimmed))
        mirrored = mirrored * (1 - surface.mouth)
        aslant = np.clip(0.08 + 0.92 * np.clip(1 - front, 0, 1) ** 2.2, 0, 1) * (1 - 0.95 * surface.mouth)
        opaque = 1 - material.clear * (1 - aslant)
        lit = lit * (0.55 + 0.75 * smoothstep(0.75, 0.2, np.abs(right - 0.25 * side)))[..., None]
    if material.glow is not None:
        lit = lit + material.glow * (0.4 + 0.6 * front)[..., None]
    cover = surface.cover * opaque
    picture = np.clip(lit, 0, 1) * cover[..., None] + (shine + rimmed) * surface.cover[..., None]
    alpha = np.clip(np.maximum(cover, (0.8 * mirrored * material.gloss) * surface.cover), 0, 1)
    return Cutout(np.dstack([to_pixels(np.clip(picture, 0, 1)), to_pixels(alpha)]), surface.to_units)


def _flat(light: Light) -> Floats:
    """What white looks like in this light, before it is shaded."""
    return np.clip(light.flat(WHITE) * 1.12, 0, 1.15)


def _mirrored(right: Floats, up: Floats, front: Floats, side: float, blur: float) -> Floats:
    """A tall softbox on the light's side, a thin one behind on the other, and the lamp above."""
    soft = 0.03 + blur
    across = side * right
    box = smoothstep(0.30 - soft, 0.34 + soft, across) * smoothstep(0.74 + soft, 0.68 - soft, across)
    box = box * smoothstep(-0.60, -0.30 + soft, up) * smoothstep(0.75, 0.45 - soft, up)
    strip = smoothstep(0.80 - soft, 0.86, -across) * smoothstep(0.985, 0.93 - soft * 0.3, -across)
    lamp = np.exp(-(((right - 0.28 * side) / (0.13 + blur)) ** 2) - ((up - 0.55) / (0.10 + blur)) ** 2)
    return np.clip(0.75 * box + 0.42 * strip + 0.9 * lamp, 0, 1) * (0.55 if blur > 0.3 else 1.0)
