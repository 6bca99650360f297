"""The floor of a street: asphalt and pavements, dry with the shadow of a row of houses, or wet and mirroring."""

from __future__ import annotations

import math

import cv2
import numpy as np

from filmgate.animatic.architecture.perspective import Perspective
from filmgate.animatic.architecture.towers import Hour, bands
from filmgate.animatic.architecture.wall import street_haze
from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.layers import overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.raster import Floats, Pixels

KERB = 0.60  # of the half width
ASPHALT, PAVING, PAINT = from_hex("6e7074"), from_hex("a39b92"), from_hex("e9e6da")
TILE = 512


def draw_road(
    road: Perspective, hour: Hour, wetness: float, shaded_side: int, snowy: bool, rng: np.random.Generator
) -> Pixels:
    """Premultiplied RGBA, row 0 on the horizon; what is clear lets the mirror image of the walls through."""
    canvas = road.canvas
    width, rows = overhang_width(canvas), canvas.height - int(road.horizon) + int(0.04 * canvas.base)
    depth = (np.arange(rows, dtype=np.float32)[:, None] + np.float32(0.5)) / np.float32(road.drop)
    across = (np.arange(width, dtype=np.float32)[None] - np.float32(width / 2)) / depth  # pixels at depth 1
    away = (road.focal / depth) / np.float32(road.metre)
    metres = across / np.float32(road.metre)
    footprint = (away / (depth * np.float32(road.drop))).clip(1e-3)  # metres of road that one row covers
    grain, puddle = _textures(metres, away, depth, rng)
    lit = hour.facing(np.float32(0.7 if not hour.backlit else 0.0))
    kerb = road.half_width * KERB / road.metre
    on_pavement = np.clip((np.abs(metres) - kerb) * road.metre * depth + 0.5, 0, 1)
    colour = mix(ASPHALT * 0.86, PAVING, on_pavement[..., None]) * lit * (0.72 + 0.56 * grain[..., None])
    joints = np.maximum(_band(away, 0.9, 0.05, footprint), bands(np.abs(metres), 0.9, 0.05, 0.02)) * on_pavement
    colour *= (1 - 0.22 * joints * smoothstep(0.12, 0.4, depth))[..., None]
    lines = _markings(road, metres, away, footprint, depth)
    colour = mix(colour, PAINT * lit * (0.7 + 0.3 * grain[..., None]), (lines * 0.8)[..., None])
    edge = np.exp(-((np.abs(np.abs(metres) - kerb) * road.metre * depth / (2.0 * canvas.unit)) ** 2))
    colour = mix(colour, PAVING * lit * 1.15, (edge * 0.5)[..., None])
    if snowy:
        drift = smoothstep(0.35, 0.62, puddle + 0.35 * on_pavement)
        colour = mix(colour, np.array([0.93, 0.95, 1.0], np.float32) * lit * 1.1, (drift * 0.85)[..., None])
    if not hour.after_dark:
        colour = _shade(colour, metres, away, road, shaded_side, hour, rng)
    haze = np.exp(-depth / 0.105)[..., None] * 0.85
    colour = mix(colour, street_haze(hour), haze)
    between_walls = np.clip((road.half_width - np.abs(across)) * depth + 0.5, 0, 1)
    return _let_through(colour, between_walls, wetness, puddle, on_pavement, depth, hour)


def _band(position: Floats, pitch: float, share: float, footprint: Floats) -> Floats:
    """Cross lines on the road, faded where a row of the picture covers more than one of them."""
    pattern = np.clip(share / np.maximum(footprint, 1e-3), 0, 1)
    phase = np.abs(np.mod(position, pitch) - pitch / 2)
    line = np.clip((share / 2 + footprint / 2 - phase) / footprint, 0, 1)
    return np.where(footprint > pitch, share / pitch, line * np.maximum(pattern, 0.3)).astype(np.float32)


def _textures(metres: Floats, away: Floats, depth: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Grain of the surface and where water stands, both fading where they would only flicker."""
    rows, width = metres.shape
    fine = spectral(rng, (TILE, TILE), 1.0, 4)
    broad = spectral(rng, (TILE // 2, TILE // 2), 2.6, 2)
    map_x = np.mod(metres * 90 + 64 * TILE, TILE).astype(np.float32)
    map_y = np.repeat(np.mod(away * 60, TILE).astype(np.float32), width, 1)
    grain = cv2.remap(fine, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    broad_x = np.mod(metres * 22 + 64 * TILE, TILE // 2).astype(np.float32)
    broad_y = np.repeat(np.mod(away * 9, TILE // 2).astype(np.float32), width, 1)
    puddle = cv2.remap(broad, broad_x, broad_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    near = smoothstep(0.10, 0.55, depth)
    grain = 0.5 + (np.asarray(grain, np.float32) - 0.5) * near
    puddle = 0.5 + (np.asarray(puddle, np.float32) - 0.5) * smoothstep(0.04, 0.25, depth)
    return (grain * 0.7 + puddle * 0.3).astype(np.float32), puddle.astype(np.float32)


def _markings(road: Perspective, metres: Floats, away: Floats, footprint: Floats, depth: Floats) -> Floats:
    """A dashed line down the middle, and a crossing ahead of us."""
    half = road.half_width * KERB / road.metre
    soft = 1 / (road.metre * depth)
    dash = np.clip((0.075 - np.abs(metres)) / soft + 0.5, 0, 1) * (np.mod(away, 6.0) < 3.0)
    start = road.focal / 0.46 / road.metre
    bars = np.clip((0.26 - np.abs(np.mod(metres + 0.55, 1.1) - 0.55)) / soft + 0.5, 0, 1)
    within = np.clip((away - start) / footprint + 0.5, 0, 1) * np.clip((start + 3.4 - away) / footprint + 0.5, 0, 1)
    crossing = bars * within * (np.abs(metres) < half - 0.3)
    return np.where(within > 0, crossing, dash * smoothstep(0.05, 0.12, depth)).astype(np.float32)


def _shade(
    colour: Floats, metres: Floats, away: Floats, road: Perspective, side: int, hour: Hour, rng: np.random.Generator
) -> Floats:
    """The houses on `side` throw their shadow over the pavement and part of the road."""
    half = road.half_width / road.metre
    skyline = curve(rng, 256, 2, 5, 0.3)
    steps = np.round(skyline * 5) / 5
    reach = half * (0.05 + 0.75 * np.interp(np.mod(away[:, 0] * 1.6, 256), np.arange(256), steps))
    inside = np.clip((metres * side - (half - reach[:, None] - half * 0.55)) * 3.0 + 0.5, 0, 1)
    dark = 0.50 if not hour.backlit else 0.80
    tone = mix(np.ones(3, np.float32), hour.palette.ambient * 1.2, 0.4)
    return mix(colour, colour * tone * dark, inside[..., None])


def _let_through(
    colour: Floats, floor: Floats, wetness: float, puddle: Floats, on_pavement: Floats, depth: Floats, hour: Hour
) -> Pixels:
    if wetness <= 0:
        return to_pixels(np.dstack([np.clip(colour, 0, 1) * floor[..., None], floor]))
    standing = smoothstep(0.50 - 0.10 * wetness, 0.60, puddle) * (1 - 0.45 * on_pavement)
    grazing = 1 - 0.5 * smoothstep(0.2, 1.0, depth)  # a floor mirrors more the flatter we look at it
    clear = np.clip(wetness * (0.34 + 0.50 * standing) * grazing, 0, 0.92)
    dull = colour * (0.62 if hour.after_dark else 0.74)
    cover = (1 - clear) * floor
    return to_pixels(np.dstack([np.clip(dull * cover[..., None], 0, 1), cover]))


def wet_share(weather: str | None, palette_name: str) -> float:
    """How wet a road is: after rain, and always a little where neon wants to be mirrored."""
    if weather in ("rain", "storm"):
        return 1.0
    return {"neon": 0.85, "storm": 0.7, "night": 0.45, "dusk": 0.35}.get(palette_name, 0.0)
