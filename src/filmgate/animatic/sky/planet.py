"""Planets: a turning textured ball with day and night, an atmosphere, and sometimes rings."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.camera import View, plane_matrix
from filmgate.animatic.colour import from_hex, gradient, mix, smoothstep, to_pixels
from filmgate.animatic.noise import curve, distort, ridged, spectral
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    add_light,
    multiply,
    paste,
    place,
    resize,
    then,
    with_spare_channel,
)

TEXTURE_ROWS = 512  # twice as many columns; half of both for a small ball
SMALL_RADIUS_PX = 160
TILT = 0.35  # radians, of the axis
MARGIN = 1.30  # of the drawn square over the ball, room for the atmosphere
RING_INNER, RING_OUTER, RING_FLATNESS = 1.32, 2.25, 0.26
GAS_SCHEMES = (
    ("6a4a3a", "c89a6a", "f0dcb8", "b0704a"),
    ("3a4a7a", "7a9ac8", "dce8f4", "5a6ab0"),
    ("6a3a5a", "c87a8a", "f4d0c0", "8a4a7a"),
)
ROCK_SCHEMES = (("3a2a2a", "a0624a", "e8b890"), ("3a3a42", "8a8a92", "d8d4cc"), ("2a3a3a", "5a8a7a", "c8e0c0"))
ATMOSPHERES = {"earth": "6ab8ff", "gas": "ffd8b0", "rock": "e8b08a"}


@dataclass(frozen=True, slots=True)
class PlanetSpec:
    """`kind` is earth, gas or rock; centre and radius are canvas pixels; `light` points right, down and out."""

    kind: str
    x: float
    y: float
    radius: float
    depth: float
    light: tuple[float, float, float]
    rings: bool = False
    turn_speed: float = 9.0  # thousandths of a turn a second, about


@dataclass(frozen=True, slots=True, eq=False)
class Planet:
    """The ball is read from its texture for every frame; all that keeps its shape around it is painted once."""

    spec: PlanetSpec
    canvas: Canvas
    texture: Pixels  # four channels, repeated so that it can turn
    map_x: Floats  # of a square around the ball, where each pixel lies on the texture
    map_y: Floats
    daylight: Pixels  # on the ball, as far as it shines through what is before it; none in the fourth channel
    surround: Pixels  # premultiplied RGBA of air and rings, opaque where the ball is
    middle: tuple[float, float]  # column and row of the ball's centre in the surround

    def paint(self, target: Pixels, seconds: float, view: View) -> None:
        columns = self.texture.shape[1] // 2
        offset = np.float32((seconds * self.spec.turn_speed * columns / 1024) % columns)
        ball = cv2.remap(
            self.texture, self.map_x + offset, self.map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        sprite = self.surround.copy()
        left, top = (int(centre) - len(self.daylight) // 2 for centre in self.middle)
        box = sprite[top : top + len(self.daylight), left : left + len(self.daylight)]
        add_light(box, multiply(np.asarray(ball, np.uint8), self.daylight))
        plane = plane_matrix(self.canvas, self.canvas.height / 2, self.spec.depth, view)
        paste(target, sprite, then(place(self.spec.x, self.spec.y, pivot=self.middle), plane))


def build_planet(canvas: Canvas, spec: PlanetSpec, rng: np.random.Generator) -> Planet:
    half = max(4, int(spec.radius * MARGIN))
    offset = np.arange(-half, half + 1, dtype=np.float32) / np.float32(spec.radius)
    x, y = np.meshgrid(offset, offset)
    distance = np.hypot(x, y)
    out = np.sqrt(np.clip(1 - distance**2, 0, 1))
    light = np.array(spec.light, np.float32)
    light = light / np.linalg.norm(light)
    facing = x * light[0] + y * light[1] + out * light[2]
    coverage = np.clip((1 - distance) * spec.radius + 0.5, 0, 1)
    day = smoothstep(-0.10, 0.75, facing) ** 1.05 * 0.90
    daylight = (day * coverage)[..., None] * np.array([1.0, 0.97, 0.93], np.float32) + (coverage * 0.012)[..., None]
    air = _air(spec.kind, distance, facing, (x * light[0] + y * light[1]) / np.maximum(distance, 1e-3))
    surround = np.dstack([air, coverage]).astype(np.float32)
    middle, opening = (half, half), np.ones_like(coverage)
    if spec.rings:
        rings = _rings(spec, light, rng)
        surround, middle = _before(surround, rings)
        opening = _centred(1 - rings[..., 3], half)
    rows = TEXTURE_ROWS if spec.radius > SMALL_RADIUS_PX else TEXTURE_ROWS // 2
    texture = to_pixels(np.clip(_texture(spec.kind, (rows, rows * 2), rng), 0, 1))
    inner = min(half, math.ceil(spec.radius) + 1)
    ball = np.s_[half - inner : half + inner + 1, half - inner : half + inner + 1]
    map_x, map_y = _on_texture(x[ball], y[ball], out[ball], rows)
    shone = np.clip(daylight * opening[..., None], 0, 1)[ball]
    return Planet(
        spec=spec,
        canvas=canvas,
        texture=with_spare_channel(np.hstack([texture, texture, texture[:, :2]])),
        map_x=map_x,
        map_y=map_y,
        daylight=np.dstack([to_pixels(shone), np.zeros(shone.shape[:2], np.uint8)]),
        surround=to_pixels(np.clip(surround, 0, 1)),
        middle=middle,
    )


def _on_texture(x: Floats, y: Floats, out: Floats, rows: int) -> tuple[Floats, Floats]:
    """Column and row of the texture for each spot of the ball, which leans."""
    turned_x = x * math.cos(TILT) - y * math.sin(TILT)
    turned_y = x * math.sin(TILT) + y * math.cos(TILT)
    latitude, longitude = np.arcsin(np.clip(turned_y, -1, 1)), np.arctan2(turned_x, out + 1e-6)
    map_x = ((longitude / (2 * math.pi) + 0.25) * rows * 2).astype(np.float32)
    return map_x, ((latitude / math.pi + 0.5) * (rows - 1)).astype(np.float32)


def _before(behind: Floats, rings: Floats) -> tuple[Floats, tuple[int, int]]:
    """Rings over a ball and its air, cut to what there is, and where the common middle lies then (column, row).

    The square of the ball and its air stays whole, since the ball is painted into it.
    """
    half, reach = len(behind) // 2, len(rings) // 2
    whole = rings.copy()
    inner = np.s_[reach - half : reach + half + 1, reach - half : reach + half + 1]
    whole[inner] += behind * (1 - rings[inner][..., 3:])
    seen = whole.max(2) > 0.001
    seen[inner] = True
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    top, left = int(rows[0]), int(columns[0])
    return whole[top : rows[-1] + 1, left : columns[-1] + 1], (reach - left, reach - top)


def _centred(field: Floats, half: int) -> Floats:
    """The middle of a larger field."""
    reach = len(field) // 2
    return field[reach - half : reach + half + 1, reach - half : reach + half + 1]


def _air(kind: str, distance: Floats, facing: Floats, sideways: Floats) -> Floats:
    inside = np.where(distance < 1, np.clip(distance, 0, 1) ** 9 * 0.85, 0) * np.clip(facing + 0.35, 0, 1)
    thinness = 60 if kind == "rock" else 26
    outside = np.where(distance >= 1, np.exp(-(distance - 1) * thinness) * 0.75, 0) * np.clip(
        sideways * 0.9 + 0.35, 0, 1
    )
    edge = np.clip((MARGIN - 0.01 - distance) / 0.15, 0, 1)
    return np.clip((inside + outside * edge)[..., None] * from_hex(ATMOSPHERES[kind]), 0, 1)


def _texture(kind: str, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    if kind == "gas":
        return _gas(rng, shape)
    if kind == "earth":
        return _earth(rng, shape)
    relief = np.clip(spectral(rng, shape, 2.2, 2) * 0.8 + ridged(rng, shape, 6, 5) * 0.35, 0, 1)
    slope = np.roll(relief, -2, 1) - np.roll(relief, 2, 1)
    colours = [from_hex(value) for value in ROCK_SCHEMES[int(rng.integers(len(ROCK_SCHEMES)))]]
    return gradient(list(zip((0.1, 0.5, 0.95), colours, strict=True)), relief) * (1 + slope * 4)[..., None]


def _gas(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    rows = np.repeat(np.arange(shape[0], dtype=np.float32)[:, None], shape[1], 1)
    swirl = (spectral(rng, shape, 2.6, 2, 60) - 0.5) * (0.09 * shape[0]) * np.sin(rows / shape[0] * math.pi)
    bands = curve(rng, 512, 6, 6, 0.6)
    value: Floats = np.interp(np.clip(rows + swirl, 0, shape[0] - 1) / shape[0] * 512, np.arange(512), bands).astype(
        np.float32
    )
    colours = [from_hex(value) for value in GAS_SCHEMES[int(rng.integers(len(GAS_SCHEMES)))]]
    return gradient(list(zip((0.0, 0.35, 0.65, 1.0), colours, strict=True)), value)


def _earth(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    bend = 0.12 * shape[0]
    relief = spectral(rng, shape, 2.9, 2)
    relief = distort(relief, (spectral(rng, shape, 2.5, 3) - 0.5) * bend, (spectral(rng, shape, 2.5, 3) - 0.5) * bend)
    sea = gradient([(0, from_hex("0a2a5a")), (0.49, from_hex("1f6a9a")), (0.52, from_hex("3a93a8"))], relief)
    greens = [from_hex(value) for value in ("4a7a3a", "8a8a4a", "8a6a4a", "f0f0f0")]
    land = gradient(list(zip((0.5, 0.62, 0.75, 0.9), greens, strict=True)), relief)
    surface = mix(sea, land, smoothstep(0.52, 0.535, relief)[..., None])
    latitude = np.abs(np.linspace(-1, 1, shape[0], dtype=np.float32))[:, None]
    surface = mix(surface, from_hex("f4f8fc"), smoothstep(0.80, 0.90, latitude + 0.18 * (relief - 0.5))[..., None])
    swirl_x, swirl_y = (_stretched(spectral(rng, (64, 128), 3, 2, 20), shape) - 0.5 for _ in range(2))
    clouds = distort(spectral(rng, shape, 2.3, 3), swirl_x * bend * 2.3, swirl_y * bend)
    return mix(surface, np.ones(3, np.float32), (smoothstep(0.50, 0.72, clouds) * 0.9)[..., None])


def _stretched(tile: Floats, shape: tuple[int, int]) -> Floats:
    """A smooth tileable field at a larger shape; it still tiles."""
    step, margin = shape[0] // tile.shape[0], 2
    whole = resize(
        np.pad(tile, margin, mode="wrap"), (tile.shape[1] + 2 * margin) * step, (len(tile) + 2 * margin) * step
    )
    return whole[margin * step : margin * step + shape[0], margin * step : margin * step + shape[1]]


def _rings(spec: PlanetSpec, light: Floats, rng: np.random.Generator) -> Floats:
    """Premultiplied RGBA of the rings; the half behind the ball is left out where the ball hides it."""
    half = int(spec.radius * RING_OUTER * 1.05)
    offset = np.arange(-half, half + 1, dtype=np.float32) / np.float32(spec.radius)
    x, y = np.meshgrid(offset, offset)
    along = x * math.cos(TILT) + y * math.sin(TILT)
    across = -x * math.sin(TILT) + y * math.cos(TILT)
    radius = np.hypot(along, across / RING_FLATNESS)
    position = np.clip((radius - RING_INNER) / (RING_OUTER - RING_INNER), 0, 1)
    density = np.interp(position, np.linspace(0, 1, 1024), curve(rng, 1024, 7, 7, 0.75))
    density = (
        density
        * smoothstep(RING_INNER, RING_INNER + 0.04, radius)
        * (1 - smoothstep(RING_OUTER - 0.07, RING_OUTER, radius))
    )
    density = density * (0.15 + 0.85 * (1 - np.exp(-np.abs(radius - 1.93) * 40)))  # the gap that real rings have
    behind = across < 0
    from_centre = np.hypot(x, y)
    out = across * (math.sqrt(1 - RING_FLATNESS**2) / RING_FLATNESS)  # the rings come towards us below the ball
    beyond = x * light[0] + y * light[1] + out * light[2]  # negative away from the light
    from_axis = np.sqrt(np.maximum(from_centre**2 + out**2 - beyond**2, 0))
    shadow = np.where(beyond < 0, smoothstep(1.04, 0.94, from_axis), 0)
    density = np.where(behind & (from_centre < 1), 0, density * 0.85)
    colour = from_hex("e8d4b4") * (0.9 - 0.8 * shadow)[..., None]
    return np.dstack([colour * density[..., None], density]).astype(np.float32)
