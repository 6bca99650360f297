"""Water below a horizon: it mirrors what is drawn above it through a moving field of waves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import smoothstep, to_pixels
from filmgate.animatic.noise import spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    add_light,
    add_weighted,
    blur_tile,
    lookup,
    multiply,
    sample,
    tint,
    triple,
)

TILE = 512
MIP_SIGMAS = (0.0, 1.3, 3.2, 7.0)
MIP_LIMITS = (9.0, 3.6, 1.4)  # tile pixels per screen row above which a blurrier tile is read
SHADED_ABOVE = 0.15  # calmer water shows no wave faces


@dataclass(frozen=True, slots=True)
class WaterSpec:
    """`choppiness` 0 (glass) to 1.2 (storm); `glitter` 0..1 lays a path of light under `sun_x` (pixels)."""

    horizon: int
    choppiness: float = 0.5
    sun_x: float | None = None
    glitter: float = 1.0
    stretch: float = 1.0  # how much taller than the thing its mirror image is


@dataclass(frozen=True, slots=True, eq=False)
class _Waves:
    """One moving layer of waves. Distant rows read blurred tiles: without that they sparkle and cost bitrate."""

    tiles: tuple[Pixels, ...]
    bands: tuple[tuple[int, slice], ...]  # (tile, rows)
    map_x: Floats
    map_y: Floats

    def at(self, offset_x: float, offset_y: float) -> Pixels:
        whole_x, part_x = divmod(offset_x, 1.0)
        whole_y, part_y = divmod(offset_y, 1.0)
        column, row = int(whole_x) % TILE, int(whole_y) % TILE
        surface = np.empty(self.map_x.shape, np.uint8)
        for tile, rows in self.bands:
            window = self.tiles[tile][row : row + TILE + 2, column : column + TILE + 2]
            surface[rows] = sample(window, self.map_x[rows] + np.float32(part_x), self.map_y[rows] + np.float32(part_y))
        return surface


@dataclass(frozen=True, slots=True, eq=False)
class Water:
    """Fills a canvas from `horizon` down, so draw everything that it is to mirror first."""

    horizon: int
    swell: _Waves
    ripples: _Waves
    amplitude: Floats
    mirror_x: Floats
    mirror_y: Floats
    reflectance: Pixels
    body: Pixels
    shading: Pixels | None
    glitter: Pixels | None
    glitter_curve: Pixels
    glitter_colour: Floats

    def paint(self, canvas: Pixels, seconds: float) -> None:
        swell = self.swell.at(seconds * 5, TILE * 64 - seconds * 11)
        ripples = self.ripples.at(TILE * 64 - seconds * 7, TILE * 64 - seconds * 19)
        surface = add_weighted(swell, 0.6, ripples, 0.4)
        offset = (surface.astype(np.float32) - np.float32(127)) * self.amplitude
        map_y = np.clip(self.mirror_y - offset, 0, self.horizon - 1)
        mirrored = sample(canvas[: self.horizon], self.mirror_x + offset * np.float32(0.35), map_y)
        water = multiply(mirrored, self.reflectance)
        add_light(water, self.body)
        if self.shading is not None:
            water = multiply(water, triple(lookup(surface, self.shading)), 255 / 200)
        if self.glitter is not None:
            sparkle = multiply(lookup(surface, self.glitter_curve), self.glitter)
            add_light(water, tint(sparkle, self.glitter_colour))
        canvas[self.horizon :] = water


def build_water(canvas: Canvas, palette: Palette, spec: WaterSpec, rng: np.random.Generator) -> Water:
    rows = canvas.height - spec.horizon
    near = (np.arange(rows, dtype=np.float32) + 1) / rows  # 0 at the horizon, 1 at our feet
    depth = 1 / (near * 0.93 + 0.07)
    columns = (np.arange(canvas.width, dtype=np.float32) - canvas.width / 2) / canvas.base
    broad = _slope(spectral(rng, (TILE, TILE), 2.4, 4, 90, (1, 0.5)))
    fine = spectral(rng, (TILE, TILE), 2.0, 10, 160, (1, 0.55))
    amplitude = (10 + 100 * spec.choppiness) * canvas.unit * (near**0.7 + 0.06) / 127
    fresnel = np.clip(0.30 + 0.70 * (1 - near) ** 2.2, 0, 1) * (0.92 if spec.choppiness < 0.3 else 0.86)
    kept = np.repeat(np.repeat(fresnel[:, None, None], canvas.width, 1), 3, 2)
    body = palette.water * (1 - 0.45 * near[:, None, None]) * (1 - kept)
    level = np.arange(256) / 255.0
    shading = np.clip(200 + (level - 0.5) * 240 * spec.choppiness, 70, 255).astype(np.uint8)
    return Water(
        horizon=spec.horizon,
        swell=_waves(broad, (150, 130), columns, depth),
        ripples=_waves(_slope(fine) * 0.75 + fine * 0.05, (330, 290), columns, depth),
        amplitude=amplitude.astype(np.float32)[:, None],
        mirror_x=np.repeat(np.arange(canvas.width, dtype=np.float32)[None], rows, 0),
        mirror_y=np.repeat(
            (spec.horizon - 1 - np.arange(rows, dtype=np.float32) * spec.stretch)[:, None], canvas.width, 1
        ),
        reflectance=to_pixels(kept),
        body=to_pixels(body, rng),
        shading=shading if spec.choppiness > SHADED_ABOVE else None,
        glitter=_glitter_path(canvas, spec, near),
        glitter_curve=to_pixels(smoothstep(0.58, 0.78, level)),
        glitter_colour=np.clip(palette.glow * 0.6 + palette.sun * 0.5, 0, 1),
    )


def _slope(field: Floats) -> Floats:
    return np.roll(field, -1, 0) - np.roll(field, 1, 0)


def _waves(slope: Floats, frequency: tuple[int, int], columns: Floats, depth: Floats) -> _Waves:
    tiles: list[Pixels] = []
    for index, sigma in enumerate(MIP_SIGMAS):
        level = blur_tile(slope.astype(np.float32), sigma) if sigma else slope
        contrast = 0.17 * (1 - 0.10 * index)
        tile = to_pixels(np.clip(0.5 + level / (level.std() + 1e-9) * contrast, 0, 1))
        tiles.append(np.pad(tile, ((0, TILE + 2), (0, TILE + 2)), mode="wrap"))
    step = np.abs(np.gradient(depth * frequency[1])) if len(depth) > 1 else np.zeros_like(depth)
    edges = [0, *(int((step > limit).sum()) for limit in MIP_LIMITS), len(depth)]
    bands = [(len(MIP_SIGMAS) - 1 - index, slice(edges[index], edges[index + 1])) for index in range(len(MIP_SIGMAS))]
    map_x = np.mod(columns[None] * depth[:, None] * frequency[0] + 8 * TILE, TILE)
    map_y = np.mod(depth * frequency[1], TILE)[:, None]
    return _Waves(
        tiles=tuple(tiles),
        bands=tuple((tile, rows) for tile, rows in bands if rows.stop > rows.start),
        map_x=map_x.astype(np.float32),
        map_y=np.repeat(map_y, len(columns), 1).astype(np.float32),
    )


def _glitter_path(canvas: Canvas, spec: WaterSpec, near: Floats) -> Pixels | None:
    if spec.sun_x is None or spec.glitter <= 0:
        return None
    width = (0.035 + 0.20 * near**1.1)[:, None] * canvas.base * 1.6
    across = np.exp(-(((np.arange(canvas.width)[None] - spec.sun_x) / width) ** 2))
    return to_pixels(np.clip(across * (0.30 + 0.70 * np.exp(-near * 1.1))[:, None] * spec.glitter, 0, 1))
