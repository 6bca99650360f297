"""The floor of a street: asphalt and pavements, dry with the shadow of a row of houses, or wet and mirroring."""

from __future__ import annotations

import cv2
import numpy as np

from filmgate.animatic.architecture.grid import bands
from filmgate.animatic.architecture.hour import Hour
from filmgate.animatic.architecture.perspective import Perspective
from filmgate.animatic.architecture.wall import HAZE_DEPTH, street_haze
from filmgate.animatic.colour import from_hex, smoothstep, to_pixels
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.raster import Floats, Pixels, merge

KERB = 0.60  # of the half width
ASPHALT, PAVING, PAINT, SNOW = from_hex("5e6064"), from_hex("a39b92"), from_hex("e9e6da"), from_hex("f4f8ff")
WIDER = 1.18  # than the frame, for a camera that moves sideways
TILE = 256


def draw_road(
    road: Perspective, hour: Hour, wetness: float, shaded_side: int, snowy: bool, rng: np.random.Generator
) -> Pixels:
    """Premultiplied RGBA, row 0 on the horizon; what is clear lets the mirror image of the walls through."""
    canvas = road.canvas
    width, rows = int(canvas.width * WIDER) // 2 * 2, canvas.height - int(road.horizon) + int(0.02 * canvas.base)
    depth = (np.arange(rows, dtype=np.float32)[:, None] + np.float32(0.5)) / np.float32(road.drop)
    scale = 1 / (depth * np.float32(road.metre))  # metres per pixel of a row
    metres = (np.arange(width, dtype=np.float32)[None] - np.float32(width / 2)) * scale
    away = np.float32(road.focal / road.metre) / depth
    grain, puddle = _textures(metres, away, depth, rng)
    kerb = road.half_width * KERB / road.metre
    aside = np.abs(metres)
    pavement = np.clip((aside - kerb) / scale + 0.5, 0, 1)
    footprint = (away / (depth * np.float32(road.drop))).clip(1e-3)  # metres of road that one row covers
    bright = (0.72 + 0.56 * grain) * (1 - _joints(aside, away, footprint, depth) * pavement)
    if not hour.after_dark:
        bright *= _shadow(metres, away, road, shaded_side, hour, rng)
    paint = _markings(road, metres, away, footprint, depth) * 0.8
    stone = np.clip(pavement + 0.5 * np.clip(1 - np.abs(aside - kerb) / scale / (3 * canvas.unit), 0, 1), 0, 1.4)
    snow = smoothstep(0.35, 0.62, puddle + 0.35 * pavement) * 0.85 if snowy else None
    lit = hour.facing(0.0 if hour.backlit else 0.7)
    haze = np.exp(-depth / HAZE_DEPTH) * 0.85
    channels: list[Floats] = []
    for index, air in enumerate(street_haze(hour)):
        asphalt, paving, white, light = (float(tone[index]) for tone in (ASPHALT, PAVING, PAINT, lit))
        own = asphalt + (paving - asphalt) * stone
        own += (white - own) * paint
        if snow is not None:
            own += (float(SNOW[index]) - own) * snow
        own *= bright * light
        channels.append(own + (float(air) - own) * haze)
    floor = np.clip((road.half_width / road.metre - aside) / scale + 0.5, 0, 1)
    clear = _clearness(wetness, puddle, pavement, depth)
    cover = floor * (1 - clear)
    dull = cover * (1.0 if wetness <= 0 else 0.62 if hour.after_dark else 0.74)
    return merge(*(to_pixels(np.minimum(channel, 1) * dull) for channel in channels), to_pixels(cover))


def _joints(aside: Floats, away: Floats, footprint: Floats, depth: Floats) -> Floats:
    """How much darker the gaps between paving slabs are."""
    across = _band(away, 0.9, 0.05, footprint)
    return np.maximum(across, bands(aside, 0.9, 0.05, 0.02)) * smoothstep(0.12, 0.4, depth) * np.float32(0.22)


def _band(position: Floats, pitch: float, share: float, footprint: Floats) -> Floats:
    """Cross lines on the road, faded where a row of the picture covers more than one of them."""
    pattern = np.clip(share / np.maximum(footprint, 1e-3), 0, 1)
    phase = np.abs(np.mod(position, pitch) - pitch / 2)
    line = np.clip((share / 2 + footprint / 2 - phase) / footprint, 0, 1)
    return np.where(footprint > pitch, share / pitch, line * np.maximum(pattern, 0.3)).astype(np.float32)


def _textures(metres: Floats, away: Floats, depth: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Grain of the surface and where water stands, both fading where they would only flicker."""
    width = metres.shape[1]
    fine = spectral(rng, (TILE, TILE), 1.0, 4)
    broad = spectral(rng, (TILE // 2, TILE // 2), 2.6, 2)
    map_x = np.mod(metres * 60 + 64 * TILE, TILE).astype(np.float32)
    map_y = np.repeat(np.mod(away * 40, TILE).astype(np.float32), width, 1)
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


def _shadow(metres: Floats, away: Floats, road: Perspective, side: int, hour: Hour, rng: np.random.Generator) -> Floats:
    """What is left of the light where the houses on `side` shade the pavement and part of the road."""
    half = road.half_width / road.metre
    roofs = np.round(curve(rng, 256, 2, 5, 0.3) * 5) / 5
    reach = half * (0.60 + 0.75 * np.interp(np.mod(away[:, 0] * 1.6, 256), np.arange(256), roofs)).astype(np.float32)
    inside = np.clip((metres * np.float32(side) - (half - reach)[:, None]) * 3.0 + 0.5, 0, 1)
    return 1 - inside * np.float32(0.25 if hour.backlit else 0.52)


def _clearness(wetness: float, puddle: Floats, pavement: Floats, depth: Floats) -> Floats:
    """How much of the mirror image below is seen: most of it where water stands, and the flatter we look at it."""
    if wetness <= 0:
        return np.zeros_like(puddle)
    standing = smoothstep(0.44 - 0.12 * wetness, 0.64, puddle) * (1 - 0.45 * pavement)
    grazing = 1 - 0.5 * smoothstep(0.2, 1.0, depth)
    return np.clip(wetness * (0.52 + 0.36 * standing) * grazing, 0, 0.92)


def wet_share(weather: str | None, palette_name: str) -> float:
    """How wet a road is: after rain, and always a little where neon wants to be mirrored."""
    if weather in ("rain", "storm"):
        return 1.0
    return {"neon": 0.85, "storm": 0.7, "night": 0.45, "dusk": 0.35}.get(palette_name, 0.0)
