"""Plumes: smoke, steam, dust and exhaust, as puffs that are left behind, grow, rise and dissolve."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import mix, smoothstep, to_pixels
from filmgate.animatic.noise import spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import (
    Floats,
    Matrix,
    Pixels,
    add_light,
    apply,
    darken,
    invert,
    merge,
    over,
    place,
    resize,
    scale,
    warp,
)

ART = 4  # how much smaller plumes are drawn
PUFF = 64
PUFFS = 4
BORN_AT = 0.35  # of its final size


@dataclass(frozen=True, slots=True, eq=False)
class Plume:
    """Puffs leave `source` every `interval` seconds and live for `life`. Lengths in pixels of the canvas at rest.

    `speed` is what a puff starts with and loses within `drag` seconds; `drift` is that of the air it then moves with.
    """

    puffs: tuple[Pixels, ...]
    source: Callable[[float], tuple[float, float]]
    interval: float
    life: float
    size: float  # diameter of an old puff
    drift: tuple[float, float]
    speed: tuple[float, float] = (0.0, 0.0)
    drag: float = 0.6
    strength: float = 0.8
    since: float = -1e9  # no puff is born before

    def paint(self, target: Pixels, seconds: float, view: Matrix) -> None:
        first, last = math.ceil((seconds - self.life) / self.interval), math.floor(seconds / self.interval)
        alive = [number for number in range(first, last + 1) if number * self.interval >= self.since]
        placed = [self._puff(number, seconds - number * self.interval) for number in alive]
        if not placed:
            return
        centres = apply(view, np.array([(x, y) for x, y, _, _ in placed]))
        radii = np.array([size / 2 for _, _, size, _ in placed]) * float(view[0, 0])
        left, top = (max(0, math.floor(float(value))) for value in (centres - radii[:, None]).min(0))
        right = min(target.shape[1], math.ceil(float((centres[:, 0] + radii).max())))
        bottom = min(target.shape[0], math.ceil(float((centres[:, 1] + radii).max())))
        if right - left < ART or bottom - top < ART:
            return
        sheet = np.zeros(((bottom - top) // ART + 1, (right - left) // ART + 1, 4), np.uint8)
        for number, centre, radius, (_, _, _, strength) in zip(alive, centres, radii, placed, strict=True):
            turn = 0.5 * math.sin(number * 2.4) + 0.05 * (seconds - number * self.interval)
            x, y = ((centre - np.array([left, top])) / ART).tolist()
            _lay(sheet, self.puffs[number % len(self.puffs)], (x, y), float(radius) / ART, turn, strength)
        large = resize(sheet, sheet.shape[1] * ART, sheet.shape[0] * ART)
        over(target[top:bottom, left:right], np.ascontiguousarray(large[: bottom - top, : right - left]))

    def _puff(self, number: int, age: float) -> tuple[float, float, float, float]:
        """Where a puff is, its diameter and its strength."""
        x, y = self.source(number * self.interval)
        slowed = self.drag * (1 - math.exp(-age / self.drag))
        share = min(1.0, age / self.life)
        uneven = 1 + 0.22 * math.sin(number * 5.1)
        size = self.size * uneven * (BORN_AT + (1 - BORN_AT) * math.sqrt(share))
        fade = float(smoothstep(0, 0.06, share) * (1 - smoothstep(0.35, 1.0, share)))
        aside = 0.10 * self.size * math.sin(number * 3.7) * share
        at_x = x + self.speed[0] * slowed + self.drift[0] * (age - slowed)
        at_y = y + self.speed[1] * slowed + self.drift[1] * (age - slowed)
        return at_x + aside, at_y + 0.5 * aside, size, self.strength * fade


def build_puffs(
    rng: np.random.Generator, lit: Floats, shade: Floats, towards: tuple[float, float]
) -> tuple[Pixels, ...]:
    """Round billows with ragged edges (premultiplied RGBA), bright where they face the light."""
    offset = np.linspace(-1, 1, PUFF, dtype=np.float32)
    x, y = offset[None, :], offset[:, None]
    distance = np.hypot(x, y)
    puffs: list[Pixels] = []
    for _ in range(PUFFS):
        noise = spectral(rng, (PUFF, PUFF), 2.2, 2) - 0.5
        body = np.clip(1 - distance * (1.05 - 1.1 * noise), 0, 1)
        cover = np.asarray(smoothstep(0.0, 0.55, body)) * np.clip((1 - distance) * 6, 0, 1)
        facing = 0.5 + 0.45 * (x * towards[0] + y * towards[1]) + 1.1 * noise
        colour = mix(shade, lit, np.clip(facing, 0, 1)[..., None])
        puffs.append(np.dstack([to_pixels(np.clip(colour, 0, 1) * cover[..., None]), to_pixels(cover)]))
    return tuple(puffs)


def steam_colours(palette: Palette) -> tuple[Floats, Floats]:
    """Lit and shaded, of white steam or smoke."""
    return np.clip(mix(palette.cloud_lit, palette.light, 0.2), 0, 1), np.clip(
        mix(palette.cloud_shade, palette.haze, 0.35), 0, 1
    )


def dust_colours(palette: Palette, ground: Floats) -> tuple[Floats, Floats]:
    lit = ground * (palette.ambient * 0.5 + palette.light * 0.62)
    return np.clip(mix(lit, palette.haze, 0.25), 0, 1), np.clip(mix(lit * 0.7, palette.haze, 0.3), 0, 1)


def _lay(sheet: Pixels, puff: Pixels, centre: tuple[float, float], radius: float, turn: float, strength: float) -> None:
    """Composite one puff onto the sheet; only the box of its circle, as there are many."""
    left, top = max(0, math.floor(centre[0] - radius)), max(0, math.floor(centre[1] - radius))
    right = min(sheet.shape[1], math.ceil(centre[0] + radius) + 1)
    bottom = min(sheet.shape[0], math.ceil(centre[1] + radius) + 1)
    if right <= left or bottom <= top or strength < 0.01:
        return
    matrix = place(centre[0] - left, centre[1] - top, 2 * radius / PUFF, turn, (PUFF / 2, PUFF / 2))
    own = scale(warp(puff, matrix, right - left, bottom - top), strength)
    rest = invert(np.ascontiguousarray(own[..., 3]))
    under = sheet[top:bottom, left:right]
    darken(under, merge(rest, rest, rest, rest))
    add_light(under, own)
