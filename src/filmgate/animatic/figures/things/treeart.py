"""How trees are painted: wood with a lit and a shaded side, crowns of leaves, fronds and hanging strands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import mix
from filmgate.animatic.figures.cutout import Cutout
from filmgate.animatic.palettes import Palette
from filmgate.animatic.plants.growths import Colours, leaf_ramps, lit
from filmgate.animatic.plants.leaves import (
    LeafShape,
    LeafTile,
    conifer_crown,
    leaf_tile,
    leafy,
    new_canopy,
    round_crown,
)
from filmgate.animatic.raster import Floats, Pixels, Points, add_light, darken, fill, invert, merge, scale, stroke

MOST_PX = 1100  # of a tree's height
WIDE, TALL = 1.40, 1.06  # of the painting, in heights
REDUCTION = 4  # of the canopy

Bough = tuple[Points, float, float]
"""A centre line from its root, and its width at both ends, in heights of the tree."""


@dataclass(frozen=True, slots=True, eq=False)
class TreeSheet:
    """Premultiplied RGBA that a tree is painted on, back to front; its foot is in the middle of the lower edge."""

    palette: Palette
    height_px: float
    pixels: Pixels
    tile: LeafTile

    def cutout(self) -> Cutout:
        step = 1 / self.height_px
        rows, columns = self.pixels.shape[:2]
        return Cutout(self.pixels, np.array([[step, 0.0, -columns / 2 * step], [0.0, -step, (rows - 2) * step]]))

    def place(self, points: Points) -> Points:
        rows, columns = self.pixels.shape[:2]
        return points * np.array([self.height_px, -self.height_px]) + np.array([columns / 2, rows - 2])

    def lay(self, art: Pixels) -> None:
        rest = invert(np.ascontiguousarray(art[..., 3]))
        darken(self.pixels, merge(rest, rest, rest, rest))
        add_light(self.pixels, art)


def blank_sheet(palette: Palette, height_px: float, shape: LeafShape, rng: np.random.Generator) -> TreeSheet:
    height = min(height_px, MOST_PX)
    rows, columns = (max(8, math.ceil(height * side)) for side in (TALL, WIDE))
    return TreeSheet(palette, height, np.zeros((rows, columns, 4), np.uint8), leaf_tile(rng, shape))


def centre_line(corners: Points) -> Points:
    """A smooth line through few corners, finely divided."""
    at, fine = np.linspace(0, 1, len(corners)), np.linspace(0, 1, 14)
    degree = min(3, len(corners) - 1)
    return np.stack([np.polyval(np.polyfit(at, corners[:, axis], degree), fine) for axis in (0, 1)], 1)


def wood(sheet: TreeSheet, boughs: Sequence[Bough], bark: tuple[str, str], *, rings: int = 0) -> None:
    """Boughs from back to front, rounded by three tones; `rings` are the scars of a palm's trunk."""
    dark, bright = (lit(colour, sheet.palette, sun) for colour, sun in zip(bark, (0.2, 0.8), strict=True))
    tones = ((dark * 0.6, 0.0, 1.0), (dark, -0.10, 0.74), (mix(dark, bright, 0.55), -0.22, 0.40), (bright, -0.30, 0.16))
    for line, from_width, to_width in sorted(boughs, key=lambda bough: bough[1]):
        if from_width * sheet.height_px < 1.2:
            stroke(sheet.pixels, sheet.place(line), _solid(dark), 1)
            continue
        along = np.gradient(line, axis=0)
        across = np.stack([-along[:, 1], along[:, 0]], 1) / (np.hypot(along[:, 0], along[:, 1])[:, None] + 1e-9)
        half = np.linspace(from_width, to_width, len(line)) / 2
        half *= 1 + 0.55 * np.exp(-line[:, 1] / 0.03) * (from_width > 0.04)  # roots
        across = np.where(across[:, :1] > 0, -across, across)  # towards the left, where it is lit
        for tone, shift, share in tones:
            middle = line - across * (half * shift * 2)[:, None] * np.float64(-1)
            edge = across * (half * share)[:, None]
            fill(sheet.pixels, sheet.place(np.concatenate([middle + edge, (middle - edge)[::-1]])), _solid(tone))
        for ring in np.linspace(0.5, len(line) - 1.5, rings) if rings else ():
            index, part = int(ring), ring % 1
            spot = line[index] + (line[index + 1] - line[index]) * part
            edge = across[index] * half[index] * 0.96
            stroke(sheet.pixels, sheet.place(np.stack([spot + edge, spot - edge])), _solid(dark * 0.75), 1)


def crown(
    sheet: TreeSheet,
    rng: np.random.Generator,
    tufts: Sequence[tuple[float, float, float]],
    leaves: tuple[Colours, Colours],
    leaf: float,
    *,
    shade: float = 1.0,
) -> None:
    """Round crowns of leaves at (x, y) of a width each, the last in front. `leaf` is the length of one."""
    rows, columns = sheet.pixels.shape[:2]
    canopy = new_canopy(columns, rows, REDUCTION)
    kinds = [round_crown(rng) for _ in range(3)]
    for index, (x, y, width) in enumerate(tufts):
        left, top = sheet.place(np.array([[x - width / 2, y + width * 0.42]]))[0]
        box = (float(left), float(top), width * sheet.height_px, width * 0.84 * sheet.height_px)
        high = min(1.0, max(0.0, 1.3 * y - 0.1))
        canopy.plant(kinds[index % 3], box, 0.15 + 0.7 * high * float(rng.uniform(0.4, 1)), flipped=index % 2 == 0)
    if shade < 1:
        canopy.shade[:] = scale(canopy.shade, shade)
    ramps = leaf_ramps(leaves, sheet.palette, sheet.palette.haze, 0.03)
    sheet.lay(leafy(canopy, (columns, rows), sheet.tile.scaled(max(2.0, leaf * sheet.height_px)), ramps))


def conifer(sheet: TreeSheet, rng: np.random.Generator, leaves: tuple[Colours, Colours]) -> None:
    """The whorls of a spruce, nearly from the ground."""
    rows, columns = sheet.pixels.shape[:2]
    canopy = new_canopy(columns, rows, REDUCTION)
    left, top = sheet.place(np.array([[-0.27, 1.02]]))[0]
    box = (float(left), float(top), 0.54 * sheet.height_px, 0.98 * sheet.height_px)
    canopy.plant(conifer_crown(rng), box, 0.4, flipped=False)
    ramps = leaf_ramps(leaves, sheet.palette, sheet.palette.haze, 0.03)
    sheet.lay(leafy(canopy, (columns, rows), sheet.tile.scaled(max(2.0, 0.026 * sheet.height_px)), ramps))


def strands(sheet: TreeSheet, rng: np.random.Generator, leaves: tuple[Colours, Colours]) -> None:
    """Curtains of thin twigs with narrow leaves, hanging from a willow's crown almost to the ground."""
    tones = [lit(leaves[0][index], sheet.palette, sun) for index, sun in ((1, 0.3), (2, 0.7), (3, 0.8))]
    for number in range(190):
        x = float(rng.uniform(-0.58, 0.58))
        start = 0.84 - 0.95 * x * x - float(rng.uniform(0, 0.30)) * (number > 60)
        length = min(start - 0.06, float(rng.uniform(0.28, 0.66)))
        if length < 0.1:
            continue
        down = np.linspace(0, 1, max(6, int(length / 0.022)))
        aside = x * (1 + 0.22 * np.sqrt(down)) + 0.008 * np.sin(down * 5 + number)
        line = np.stack([aside, start - length * down], 1)
        shade = tones[0] if number < 80 else tones[1] if number % 3 else tones[2]
        stroke(sheet.pixels, sheet.place(line), _solid(shade * 0.8), 1)
        for index, spot in enumerate(line[1:]):
            turn = (0.5 if index % 2 else -0.5) * float(rng.uniform(0.2, 1.0))
            tip = spot + np.array([math.sin(turn), -math.cos(turn)]) * 0.024
            side = np.array([0.0028, 0.0])
            leaf = np.stack([spot, (spot + tip) / 2 - side, tip, (spot + tip) / 2 + side])
            fill(sheet.pixels, sheet.place(leaf), _solid(shade * float(rng.uniform(0.8, 1.15))))


def fronds(sheet: TreeSheet, rng: np.random.Generator, top: tuple[float, float]) -> None:
    """A palm's crown: ribs that arch over, leaflets that hang from both sides, and nuts between them."""
    greens = [lit(colour, sheet.palette, sun) for colour, sun in (("2a5428", 0.2), ("4f8f38", 0.6), ("a4c858", 0.9))]
    angles = np.concatenate([np.linspace(-1.9, 1.9, 9), np.linspace(-1.5, 1.5, 8)]) + rng.normal(0, 0.08, 17)
    heart = np.array(top)
    for index, angle in enumerate(angles.tolist()):
        if index == 9:
            for x, y in ((-0.022, -0.03), (0.020, -0.034), (0.0, -0.045)):
                turn = np.linspace(0, 2 * math.pi, 16)
                nut = heart + np.array([x, y]) + 0.019 * np.stack([np.cos(turn), np.sin(turn)], 1)
                fill(sheet.pixels, sheet.place(nut), _solid(lit("7a5a30", sheet.palette, 0.6)))
        length = 0.44 * float(rng.uniform(0.88, 1.1))
        along = np.linspace(0, 1, 30)
        droop = 0.42 + 0.34 * abs(math.sin(angle))
        rise = math.cos(angle) * 0.85 + 0.12
        rib = heart + length * np.stack(
            [(math.sin(angle) + 0.10 * math.sin(3 * angle)) * along, rise * along - droop * along**2.4], 1
        )
        shade = greens[0] if index < 9 else greens[1]
        _leaflets(sheet, rib, shade, mix(shade, greens[2], 0.45), length)
        stroke(
            sheet.pixels, sheet.place(rib), _solid(mix(shade, greens[2], 0.3)), max(1, round(0.005 * sheet.height_px))
        )


def _leaflets(sheet: TreeSheet, rib: Points, shade: Floats, bright: Floats, length: float) -> None:
    along = np.gradient(rib, axis=0)
    heading = np.arctan2(along[:, 1], along[:, 0])
    for step in range(2, len(rib)):
        share = step / (len(rib) - 1)
        reach = length * (0.20 * math.sin(math.pi * (0.18 + 0.78 * share)) + 0.03)
        for side, tone in ((-1, shade), (1, bright)):
            turn = heading[step] + side * (0.85 - 0.35 * share)
            tip = rib[step] + reach * np.array([math.cos(turn), math.sin(turn) - 0.45])
            edge = (rib[step] - rib[step - 1]) * 0.36
            fill(sheet.pixels, sheet.place(np.stack([rib[step] - edge, tip, rib[step] + edge])), _solid(tone))


def _solid(colour: Floats) -> Floats:
    return np.append(np.clip(colour, 0, 1), 1.0)
