"""What grows at our feet: grass, ferns, ears and flowers, drawn into the two planes of a Timber."""

from __future__ import annotations

import math

import numpy as np

from filmgate.animatic.plants.wood import Timber, fill_by_tone
from filmgate.animatic.raster import Floats, Points

LEAFLETS = 15  # pairs on a frond


def draw_grass(
    rng: np.random.Generator, timber: Timber, columns: Floats, feet: Floats, heights: Floats, half_px: float
) -> Points:
    """Curved blades, one per column; returns their tips. Blades later in the arrays stand in front."""
    count = len(columns)
    lean = rng.normal(0, 0.30, count) * heights
    half = half_px * rng.uniform(0.7, 1.3, count)
    share = np.array([0.0, 0.45, 0.8, 1.0])
    middle = columns[:, None] + lean[:, None] * share**2
    rows = feet[:, None] - heights[:, None] * share * (1 - 0.10 * np.abs(lean / heights)[:, None] * share)
    width = half[:, None] * np.array([1.0, 0.85, 0.5, 0.0])
    left, right = np.stack([middle - width, rows], -1), np.stack([middle + width, rows], -1)[:, ::-1]
    outlines = np.concatenate([left, right], 1)
    tones = np.clip(0.30 + 0.45 * rng.uniform(0, 1, count), 0, 1)
    fill_by_tone(timber, outlines, tones)
    return np.stack([middle[:, -1], rows[:, -1]], 1)


def draw_fern(rng: np.random.Generator, timber: Timber, x: float, y: float, reach: float) -> None:
    """A crown of fronds that arch out of (x, y), each `reach` long."""
    outlines: list[Points] = []
    tones: list[Floats] = []
    for heading in np.linspace(-2.75, -0.40, int(rng.integers(7, 10))) + rng.normal(0, 0.12):
        length = reach * float(rng.uniform(0.7, 1.1))
        leaflets = _frond(x, y, float(heading), length)
        outlines.append(leaflets)
        shade = float(rng.uniform(0.30, 0.75))
        tones.append(np.linspace(shade * 0.6, shade, len(leaflets)))
    fill_by_tone(timber, np.concatenate(outlines), np.concatenate(tones))


def _frond(x: float, y: float, heading: float, length: float) -> Points:
    """Leaflets (n, 4, 2) in pairs along a stem that starts at `heading` and bows to the ground."""
    share = np.linspace(0.10, 1, LEAFLETS)
    bow = heading + (1 if math.cos(heading) > 0 else -1) * share * 0.95
    steps = length / LEAFLETS
    stem = np.stack([x + np.cumsum(np.cos(bow)) * steps, y + np.cumsum(np.sin(bow)) * steps], 1)
    size = length * 0.24 * np.sin(np.clip(share * 1.02, 0, 1) * math.pi * 0.92 + 0.25)
    leaflets: list[Points] = []
    for side in (-1.0, 1.0):
        angle = bow + side * 1.15
        along = np.stack([np.cos(angle), np.sin(angle)], 1) * size[:, None]
        aside = np.stack([np.cos(bow), np.sin(bow)], 1) * (size * 0.15)[:, None]
        leaflets.append(np.stack([stem, stem + along * 0.5 + aside, stem + along, stem + along * 0.45 - aside], 1))
    before, under = np.roll(stem, 1, 0), np.array([0, length * 0.012])
    spine = np.stack([before, stem, stem + under, before + under], 1)
    return np.concatenate([*leaflets, spine[1:]])
