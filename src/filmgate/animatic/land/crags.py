"""Steep mountain tops that rise out of mist: ridge behind ridge, each dark at its crest and lost towards its foot."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep
from filmgate.animatic.layers import Layer, build_layer, overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import Canvas, Floats, Points, blur, polygon_mask, resize

PROFILE = 1024  # samples across a massif
RIDGES = 6


@dataclass(frozen=True, slots=True, eq=False)
class CragSpec:
    """Rows are pixels; `rise` is the height of the tallest top over `foot`; `air` what distance fades into."""

    foot: float
    rise: float
    middle: float  # of the massif, as a share of the plane's width
    spread: float
    depth: float
    thickness: float  # 0..1 of the air before it
    air: Floats
    sun_x: float  # share of the canvas


def build_crags(canvas: Canvas, horizon: float, palette: Palette, spec: CragSpec, rng: np.random.Generator) -> Layer:
    """A plane no wider than the massif. Faces are painted at half size, only the outline is drawn in full."""
    whole = overhang_width(canvas)
    first = max(0, int((spec.middle - spec.spread) * whole))
    width, rows = min(whole, int((spec.middle + spec.spread) * whole)) - first, int(spec.foot)
    half_width, half_rows = max(2, width // 2), max(2, rows // 2)
    colour = np.zeros((half_rows, half_width, 3), np.float32)
    outlines: list[Points] = []
    lines = np.arange(half_rows, dtype=np.float32)[:, None] * 2
    joints = resize(spectral(rng, (64, 256), 2.1, 5, stretch=(1, 0.40)), half_width, half_rows)
    mist = mix(spec.air, palette.cloud_lit, 0.30)
    for index in range(RIDGES):
        nearness = index / (RIDGES - 1)
        line = (spec.foot - _profile(nearness, rng, width) * spec.rise).astype(np.float32)
        ridge: list[Points] = [
            np.concatenate([np.stack([np.arange(width), line], 1), [[width, rows + 9], [0, rows + 9]]]),
            *_pines(rng, line, canvas.unit * (0.6 + 2 * spec.depth), spec.foot),
        ]
        outlines += ridge
        below = (lines - line[None, ::2][:, :half_width]) / np.float32(spec.rise)
        rock = _rock(palette, spec, line[::2][:half_width], below, joints, canvas.unit)
        veil = spec.thickness + (1 - spec.thickness) * (0.12 * (1 - nearness) + 0.88 * smoothstep(0.02, 0.46, below))
        mask = polygon_mask(half_width, half_rows, [points / 2 for points in ridge], 1)
        colour = mix(colour, mix(rock, mist, veil[..., None]), mask[..., None])
    foot = smoothstep(spec.foot, spec.foot - 0.22 * spec.rise, np.arange(rows, dtype=np.float32))[:, None]
    coverage = polygon_mask(width, rows, outlines) * foot
    layer = build_layer(canvas, horizon, spec.depth, resize(colour.astype(np.float32), width, rows), coverage)
    return replace(layer, left=first - (whole - canvas.width) // 2)


def _profile(nearness: float, rng: np.random.Generator, width: int) -> Floats:
    """Height 0..1 across the massif: a few steep tops of one ridge. Nearer ridges are lower and stand further out."""
    across = np.linspace(0, 1, PROFILE)
    height = np.zeros(PROFILE)
    for _ in range(4):
        centre = 0.5 + rng.normal(0, 0.10 + 0.14 * nearness)
        tall = (1.0 - 0.55 * nearness) * (1 - 1.1 * abs(centre - 0.5)) * rng.uniform(0.70, 1.0)
        half = rng.uniform(0.10, 0.22)
        inside = np.clip(1 - np.abs(across - centre + 0.10 * half * np.sign(across - centre)) / half, 0, 1)
        height = np.maximum(height, tall * inside ** rng.uniform(0.75, 1.25))
    broken = height * (0.80 + 0.28 * curve(rng, PROFILE, 8, 9)) + height * 0.10 * (curve(rng, PROFILE, 6, 60) - 0.5)
    edge = np.clip(np.minimum(across, 1 - across) * 9, 0, 1)
    return np.interp(np.linspace(0, 1, width), across, broken * edge).astype(np.float32)


def _rock(palette: Palette, spec: CragSpec, line: Floats, below: Floats, joints: Floats, unit: float) -> Floats:
    """Faces that look to the sun are lit, the more the nearer they are to the crest; joints run down."""
    side = 1.0 if spec.sun_x > 0.5 else -1.0
    smooth = blur(line[None], max(1.0, 3.5 * unit), 0.1)[0]
    facing = 0.5 + 0.5 * np.tanh(np.gradient(smooth) * side * 0.45)
    lean = (joints - np.roll(joints, round(2 * side), 1)) * 3
    bright = np.clip(facing[None] * (0.85 - 1.2 * below) + lean + (joints - 0.5) * 0.8, 0, 1)[..., None]
    stone = from_hex("8f8578")
    lit = np.clip(stone * (palette.ambient * 0.30 + palette.light * 0.95), 0, 1)
    shaded = mix(stone * palette.ambient * 0.34, palette.near, 0.45)
    return mix(shaded.astype(np.float32), lit.astype(np.float32), bright.astype(np.float32))


def _pines(rng: np.random.Generator, line: Floats, unit: float, foot: float) -> list[Points]:
    """Crowns that cling to the crest: flat tufts, a few pixels across."""
    tufts: list[Points] = []
    turn = np.linspace(0, 2 * np.pi, 8)
    for x in rng.uniform(0, len(line) - 1, int(len(line) / (14 * unit))):
        y = float(line[int(x)])
        if y < foot - 30 * unit:
            size = rng.uniform(1.5, 4.0) * unit
            edge = np.stack([np.cos(turn) * size, np.sin(turn) * size * 0.7], 1) * rng.uniform(0.7, 1.2, (8, 1))
            tufts.append(edge + np.array([x, y - size * 0.2]))
    return tufts
