"""An arched stone bridge, seen from the side; with its mirror image in the water the arch makes a full circle."""

from __future__ import annotations

import numpy as np

from filmgate.animatic.architecture.houses import TownArt
from filmgate.animatic.colour import from_hex
from filmgate.animatic.raster import stroke

STONE = "b9b2a4"
ARCH_STEPS = 36


def draw_bridge(art: TownArt, middle: float, span: float, foot: float, steep: bool) -> None:
    """`steep` bridges climb to a point in steps, others lie nearly flat. `span` is from bank to bank."""
    light = art.hour.facing(0.6)
    stone = from_hex(STONE) * light
    half, crown = span * 0.5, span * (0.40 if steep else 0.30)
    radius = span * (0.27 if steep else 0.24)
    share = np.linspace(-1, 1, 49)
    deck = crown * (1 - np.abs(share) ** (1.35 if steep else 2.0)) + span * 0.055
    back = np.stack([middle + share * half * 1.12, foot - deck], 1)
    turn = np.linspace(np.pi, 0, ARCH_STEPS)
    arch = np.stack([middle + np.cos(turn) * radius, foot - np.sin(turn) * radius * 1.06], 1)
    outline = np.concatenate([back, [[middle + half * 1.12, foot]], arch[::-1], [[middle - half * 1.12, foot]]])
    art.fill(outline, stone)
    _lay_courses(art, stone, middle, half, foot, deck)
    thickness = max(1, round(span * 0.022))
    rim = np.append(np.clip(stone * 1.18, 0, 1), 1.0)
    stroke(art.pixels, arch * 1.0, rim, thickness)
    inner = np.stack([middle + np.cos(turn) * radius * 0.965, foot - np.sin(turn) * radius * 1.02], 1)
    stroke(art.pixels, inner, np.append(stone * 0.45, 1.0), max(1, thickness // 2))
    rail = np.stack([back[:, 0], back[:, 1] - span * 0.055], 1)
    stroke(art.pixels, rail, rim, max(1, round(span * 0.014)))
    stroke(art.pixels, back, np.append(stone * 0.8, 1.0), max(1, round(span * 0.010)))
    for index in range(2, len(back) - 1, 4):
        x, y = back[index]
        art.box(x - span * 0.007, x + span * 0.007, y - span * 0.072, y, np.clip(stone * 1.08, 0, 1))


def _lay_courses(art: TownArt, stone: np.ndarray, middle: float, half: float, foot: float, deck: np.ndarray) -> None:
    """Rows of blocks: faint joints that stay inside the outline because they are shorter towards the top."""
    joint = np.append(stone * 0.88, 1.0)
    height = float(deck.max())
    for level in np.arange(0.08, 0.92, 0.09):
        reach = half * 1.10 * (1 - level) ** 0.74
        inner = half * 0.56 * np.sqrt(max(0.0, 1 - (level * height / (half * 0.58)) ** 2))
        for side in (-1, 1):
            if reach > inner + 4:
                ends = [[middle + side * inner, foot - level * height], [middle + side * reach, foot - level * height]]
                stroke(art.pixels, np.array(ends), joint, 1)
