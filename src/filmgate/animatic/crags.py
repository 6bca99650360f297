"""Granite spires that rise out of something: jointed from top to bottom, lit from one side, pines on their ledges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep
from filmgate.animatic.layers import Layer, build_layer, overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import Canvas, Floats, Points, blur, polygon_mask, resize

PROFILE = 1024  # samples across the plane


@dataclass(frozen=True, slots=True, eq=False)
class CragSpec:
    """Rows are pixels; `rise` is the height of the tallest spire over `foot`; `air` what distance fades into."""

    foot: float
    rise: float
    middle: float  # of the massif, as a share of the plane's width
    spread: float
    depth: float
    thickness: float  # 0..1 of the air before it
    air: Floats
    sun_x: float  # share of the canvas


def build_crags(canvas: Canvas, horizon: float, palette: Palette, spec: CragSpec, rng: np.random.Generator) -> Layer:
    width, rows = overhang_width(canvas), int(min(spec.foot, canvas.height * 1.1))
    profile = _profile(spec, rng)
    across = np.arange(width, dtype=np.float32)
    line = (spec.foot - np.interp(across / width * (PROFILE - 1), np.arange(PROFILE), profile) * spec.rise).astype(
        np.float32
    )
    outlines: list[Points] = [np.concatenate([np.stack([across, line], 1), [[width, rows + 9], [0, rows + 9]]])]
    rock = polygon_mask(width, rows, outlines)
    trees = polygon_mask(width, rows, _pines(rng, line, canvas.unit * (0.5 + spec.depth * 2), spec.foot))
    colour = _rock(canvas, palette, spec, line, rows, rng)
    leaves = mix(from_hex("2c4030") * (palette.ambient * 0.7 + palette.light * 0.25), spec.air, spec.thickness)
    colour = mix(colour, leaves.astype(np.float32), trees[..., None])
    below = (np.arange(rows, dtype=np.float32)[:, None] - (spec.foot - spec.rise)) / spec.rise
    mist = mix(palette.cloud_lit, spec.air, 0.5).astype(np.float32)
    colour = mix(colour, mist, smoothstep(0.45, 1.0, below)[..., None] * np.float32(0.55))
    return build_layer(canvas, horizon, spec.depth, colour, np.maximum(rock, trees))


def _profile(spec: CragSpec, rng: np.random.Generator) -> Floats:
    """Height 0..1 across the plane: spires of different girth, broken by steps, highest in the middle."""
    across = np.linspace(0, 1, PROFILE)
    height = np.zeros(PROFILE)
    for index in range(11):
        centre = spec.middle + (index - 5) / 5 * spec.spread * rng.uniform(0.8, 1.1)
        tall = (1 - 0.75 * (abs(centre - spec.middle) / spec.spread) ** 1.2) * rng.uniform(0.62, 1.0)
        half = spec.spread * rng.uniform(0.10, 0.24)
        inside = np.clip(1 - np.abs(across - centre) / half, 0, 1)
        height = np.maximum(height, tall * inside ** rng.uniform(0.45, 0.9))
    broken = 0.86 + 0.20 * curve(rng, PROFILE, 7, 40) + 0.06 * curve(rng, PROFILE, 4, 170)
    stepped = height * broken
    return (stepped / (stepped.max() + 1e-9)).astype(np.float32)


def _rock(canvas: Canvas, palette: Palette, spec: CragSpec, line: Floats, rows: int, rng: np.random.Generator) -> Floats:
    """The faces at half size: joints run down, one side of every spire is lit, ledges catch light."""
    half_width, half_rows = len(line) // 2, max(2, rows // 2)
    side = 1.0 if spec.sun_x < 0.5 else -1.0
    joints = resize(spectral(rng, (48, 512), 1.2, 6, stretch=(1, 0.22)), half_width, half_rows)
    ledges = resize(spectral(rng, (128, 256), 1.5, 5, stretch=(0.5, 1)), half_width, half_rows)
    slope = np.gradient(blur(line[None].astype(np.float32), 5 * canvas.unit, 0.1)[0])[::2][:half_width] * side
    facing = 0.5 + 0.5 * np.tanh(-slope * 0.8)
    relief = (np.roll(joints, round(side), 1) - joints) * 9
    bright = np.clip(facing[None] * 0.55 + relief * 0.5 + (ledges - 0.5) * 0.9 + 0.12, 0, 1)[..., None]
    stone = from_hex("b3a695")
    lit = np.clip(stone * (palette.ambient * 0.35 + palette.light * 0.85), 0, 1)
    shaded = stone * palette.ambient * 0.42
    colour = mix(shaded, lit, bright.astype(np.float32))
    return resize(mix(colour, spec.air, np.float32(spec.thickness)).astype(np.float32), len(line), rows)


def _pines(rng: np.random.Generator, line: Floats, unit: float, foot: float) -> list[Points]:
    """Crowns that cling to the tops: flat tufts, a few pixels across."""
    tufts: list[Points] = []
    turn = np.linspace(0, 2 * np.pi, 9)
    for x in rng.uniform(0, len(line) - 1, int(190 * len(line) / (1715 * unit))):
        y = float(line[int(x)])
        if y > foot - 12 * unit:
            continue
        for _ in range(3):
            size = rng.uniform(3, 7) * unit
            middle = (x + rng.normal(0, 3) * unit, y + rng.uniform(-4, 3) * unit)
            edge = np.stack([np.cos(turn) * size, np.sin(turn) * size * 0.55], 1) * rng.uniform(0.7, 1.2, (9, 1))
            tufts.append(edge + np.array(middle))
    return tufts
