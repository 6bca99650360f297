"""Water below a horizon: it mirrors what is drawn above it, shows its own colour where waves face us, and breaks white.

The surface is one moving field of wave slopes, worked out at half size; everything else is looked up from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.colour import mix, smoothstep, to_pixels
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
    resize,
    sample,
    tint,
    triple,
    with_spare_channel,
)

TILE = 512
MIP_SIGMAS = (0.0, 1.3, 3.2, 7.0)
MIP_LIMITS = (9.0, 3.6, 1.4)  # tile pixels per screen row above which a blurrier tile is read
SHADED_ABOVE = 0.15  # calmer water shows no wave faces
# Long waves of a storm: turns per unit across and away, radians a second, share of the height.
ROLLERS = ((0.55, 1.7, 1.2, 0.55), (-1.1, 2.9, 1.6, 0.30), (2.3, 4.3, 2.1, 0.15))
ROLLING_FROM = 1.0  # choppiness
ROLLER_HEIGHT = 0.075  # bases, at our feet
FOAM_FROM, FOAM_FULL = 0.75, 1.25  # choppiness at which crests begin to break, and break everywhere


@dataclass(frozen=True, slots=True)
class WaterSpec:
    """`choppiness` 0 (glass) to 1.4 (storm); `glitter` 0..1 lays a path of light under `sun_x` (pixels)."""

    horizon: int
    choppiness: float = 0.5
    sun_x: float | None = None
    glitter: float = 1.0
    stretch: float = 1.0  # how much taller than the thing its mirror image is
    shallow: Floats | None = None  # the colour of wave crests that light shines through


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
class _Rollers:
    """Storm seas: long waves with peaked crests that lift the whole surface. Worked out on a coarse grid."""

    across: Floats  # where each grid point lies on the sea
    away: Floats
    height: Floats  # rows a full wave lifts, per grid row
    rows: Floats  # of the half-size water, one for each pixel of the canvas below the horizon
    columns: Floats

    def at(self, seconds: float) -> tuple[Floats, Pixels]:
        """How far each grid point is lifted (rows of the half-size water), and its light: 128 is level."""
        lift = np.zeros_like(self.across)
        slope = np.zeros_like(self.across)
        for aside, ahead, pace, share in ROLLERS:
            phase = self.across * np.float32(aside) + self.away * np.float32(ahead) + np.float32(seconds * pace)
            wave = np.sin(phase)
            lift += np.float32(share) * (wave + np.float32(0.35) * wave * wave)
            slope += np.float32(share) * np.cos(phase)
        light = np.clip(122 + 62 * slope + 50 * lift, 36, 240).astype(np.uint8)
        return lift * self.height, light

    def resample(self, water: Pixels, lift: Floats, below: Pixels) -> None:
        """Enlarge the half-size `water` into `below`, lifted."""
        high = cv2.resize(lift, (below.shape[1], below.shape[0]), interpolation=cv2.INTER_LINEAR)
        moved = cv2.remap(
            with_spare_channel(water),
            self.columns,
            cv2.add(self.rows, high),
            cv2.INTER_LINEAR,
            None,
            cv2.BORDER_REPLICATE,
        )
        cv2.cvtColor(moved, cv2.COLOR_BGRA2BGR, dst=below)


@dataclass(frozen=True, slots=True, eq=False)
class Water:
    """Fills a canvas from `horizon` down, so draw everything that it is to mirror first."""

    horizon: int
    swell: _Waves
    ripples: _Waves
    pace: tuple[float, float]  # tile pixels a second of swell and ripples
    amplitude: Floats
    mirror_x: Floats
    mirror_y: Floats
    reflectance: Pixels
    body: Pixels  # the water's own colour, brightest where waves lean towards us
    faces: Pixels  # table per channel: slope to a share of `body`
    glitter: Pixels | None
    glitter_curve: Pixels
    glitter_colour: Floats
    foam: tuple[Pixels, Pixels, Pixels] | None  # tables for swell and ripples, and the light on foam
    rollers: _Rollers | None

    def paint(self, canvas: Pixels, seconds: float) -> None:
        swell = self.swell.at(seconds * self.pace[0] * 0.45, TILE * 64 - seconds * self.pace[0])
        ripples = self.ripples.at(TILE * 64 - seconds * self.pace[1] * 0.4, TILE * 64 - seconds * self.pace[1])
        surface = add_weighted(swell, 0.6, ripples, 0.4)
        water = multiply(self._mirrored(canvas, surface), self.reflectance)
        add_light(water, multiply(self.body, lookup(triple(surface), self.faces)))
        if self.glitter is not None:
            sparkle = multiply(lookup(surface, self.glitter_curve), self.glitter)
            add_light(water, tint(sparkle, self.glitter_colour))
        lift, high = None, swell
        if self.rollers is not None:
            lift, light = self.rollers.at(seconds)
            high = resize(light, water.shape[1], water.shape[0])
            water = multiply(water, triple(high), 255 / 128)
            high = add_weighted(swell, 0.62, high, 0.50)
        if self.foam is not None:
            crests, lace, light = self.foam
            white = multiply(lookup(high, crests), lookup(ripples, lace))
            cv2.multiply(water, cv2.bitwise_not(triple(white)), dst=water, scale=1 / 255.0)
            add_light(water, multiply(light, triple(white)))
        below = canvas[self.horizon :]
        if self.rollers is not None and lift is not None:
            self.rollers.resample(water, lift, below)
            return
        cv2.resize(water, (below.shape[1], below.shape[0]), dst=below, interpolation=cv2.INTER_LINEAR)

    def _mirrored(self, canvas: Pixels, surface: Pixels) -> Pixels:
        offset = cv2.multiply(surface, self.amplitude, dtype=cv2.CV_32F)
        map_y = cv2.subtract(self.mirror_y, offset)
        map_x = cv2.scaleAdd(offset, 0.35, self.mirror_x)
        source = with_spare_channel(canvas[: self.horizon])
        mirrored = cv2.remap(source, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(cv2.cvtColor(mirrored, cv2.COLOR_BGRA2BGR), np.uint8)


def build_water(canvas: Canvas, palette: Palette, spec: WaterSpec, rng: np.random.Generator) -> Water:
    full_rows = canvas.height - spec.horizon
    rows, width = max(1, full_rows // 2), max(1, canvas.width // 2)
    near = (np.arange(rows, dtype=np.float32) + 0.75) / rows  # 0 at the horizon, 1 at our feet
    depth = 1 / (near * 0.93 + 0.07)
    columns = (np.arange(width, dtype=np.float32) + 0.5) * (canvas.width / width) - canvas.width / 2
    rough = float(smoothstep(0.6, 1.3, spec.choppiness))
    broad = spectral(rng, (TILE, TILE), 2.4, 4 - 1.5 * rough, 90, (1, 0.5))
    fine = spectral(rng, (TILE, TILE), 2.0, 10, 160, (1, 0.55))
    amplitude = (10 + 100 * min(1.1, spec.choppiness)) * canvas.unit * (near**0.7 + 0.06) / 127
    fresnel = np.clip(0.26 + 0.70 * (1 - near) ** 2.2, 0, 1) * (0.92 if spec.choppiness < 0.3 else 0.82 - 0.28 * rough)
    mirror_y = spec.horizon - 1 - near * full_rows * spec.stretch
    across = columns / canvas.base
    long = 1 - 0.35 * rough  # storm waves are longer
    return Water(
        horizon=spec.horizon,
        swell=_waves(_slope(broad), (150 * long, 130 * long), across, depth),
        ripples=_waves(_slope(fine) * 0.75 + fine * 0.05, (330, 290), across, depth),
        pace=(12.0 + 12.0 * rough, 20.0 + 12.0 * rough),
        amplitude=np.repeat(amplitude.astype(np.float32)[:, None], width, 1),
        mirror_x=(columns + canvas.width / 2 - 0.5 - 127 * 0.35 * amplitude[:, None]).astype(np.float32),
        mirror_y=np.repeat((mirror_y + 127 * amplitude).astype(np.float32)[:, None], width, 1),
        reflectance=to_pixels(np.repeat(np.repeat(fresnel[:, None, None], width, 1), 3, 2)),
        body=_body(palette, spec, near, fresnel, width, rng),
        faces=_faces(palette, spec),
        glitter=_glitter_path(canvas, spec, near, columns),
        glitter_curve=to_pixels(smoothstep(0.58, 0.78, np.arange(256) / 255.0)),
        glitter_colour=np.clip(palette.glow * 0.6 + palette.sun * 0.5, 0, 1),
        foam=_foam(palette, spec, near, width) if spec.choppiness > FOAM_FROM else None,
        rollers=_rollers(canvas, full_rows) if spec.choppiness > ROLLING_FROM else None,
    )


def _rollers(canvas: Canvas, full_rows: int) -> _Rollers:
    grid_rows, grid_columns = max(2, full_rows // 5), max(2, canvas.width // 10)
    near = (np.arange(grid_rows, dtype=np.float32)[:, None] + 0.5) / grid_rows
    depth = 1 / (near * 0.93 + 0.07)
    across = np.linspace(-0.5, 0.5, grid_columns, dtype=np.float32)[None] * np.float32(canvas.width / canvas.base)
    width, rows = max(1, canvas.width // 2), max(1, full_rows // 2)
    columns = (np.arange(canvas.width, dtype=np.float32) + 0.5) * (width / canvas.width) - 0.5
    # The nearest rows stay in reserve, for the highest wave to lift into the frame.
    reserve = 1 - 1.3 * ROLLER_HEIGHT * canvas.base / 2 / rows
    lines = (np.arange(full_rows, dtype=np.float32) + 0.5) * (rows / full_rows) * max(0.5, reserve) - 0.5
    return _Rollers(
        across=(across * depth * 3.0).astype(np.float32),
        away=np.repeat(depth * 3.0, grid_columns, 1).astype(np.float32),
        height=(ROLLER_HEIGHT * canvas.base / 2 * near**2).astype(np.float32),
        rows=np.repeat(lines[:, None], canvas.width, 1).astype(np.float32),
        columns=np.repeat(columns[None], full_rows, 0).astype(np.float32),
    )


def _body(
    palette: Palette, spec: WaterSpec, near: Floats, fresnel: Floats, width: int, rng: np.random.Generator
) -> Pixels:
    """What is seen of the water itself: deep far out, clearer towards our feet."""
    deep = palette.water
    clear = palette.water if spec.shallow is None else spec.shallow
    share = smoothstep(0.15, 1.15, near)[:, None] * (0.0 if spec.shallow is None else 0.75)
    colour = mix(deep, clear, share) * (1 - 0.30 * near[:, None]) * (1 - fresnel[:, None])
    return to_pixels(np.clip(np.repeat(colour[:, None] * 1.3, width, 1), 0, 1).astype(np.float32), rng)


def _faces(palette: Palette, spec: WaterSpec) -> Pixels:
    """A (1, 256, 3) table: how much of the water's own colour a slope shows. Crests let green through."""
    level = np.arange(256, dtype=np.float32) / np.float32(255) - 0.5
    if spec.choppiness <= SHADED_ABOVE:
        return np.full((1, 256, 3), round(255 / 1.3), np.uint8)
    contrast = 0.7 + 0.9 * min(1.2, spec.choppiness)
    greener = np.array([0.85, 1.08, 1.0], np.float32) if not palette.dark else np.ones(3, np.float32)
    shown = 0.74 + level[:, None] * contrast * np.where(level[:, None] > 0, greener, 1.0)
    return np.ascontiguousarray(to_pixels(np.clip(shown, 0.22, 1.0))[None])


def _foam(palette: Palette, spec: WaterSpec, near: Floats, width: int) -> tuple[Pixels, Pixels, Pixels]:
    """Where steep swell breaks, its ripples are lace."""
    amount = float(np.clip((spec.choppiness - FOAM_FROM) / (FOAM_FULL - FOAM_FROM), 0, 1))
    level = np.arange(256) / 255.0
    crests = smoothstep(0.76 - 0.18 * amount, 0.90 - 0.14 * amount, level)
    lace = smoothstep(0.34, 0.58, level) * 0.95
    light = np.clip(palette.haze * 0.8 + palette.light * 0.45, 0, 1)
    fade = np.clip(near * 1.6 + 0.25, 0, 1)[:, None] * light
    return to_pixels(crests), to_pixels(lace), to_pixels(np.repeat(fade[:, None], width, 1).astype(np.float32))


def _slope(field: Floats) -> Floats:
    return np.roll(field, -1, 0) - np.roll(field, 1, 0)


def _waves(slope: Floats, frequency: tuple[float, float], columns: Floats, depth: Floats) -> _Waves:
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


def _glitter_path(canvas: Canvas, spec: WaterSpec, near: Floats, columns: Floats) -> Pixels | None:
    if spec.sun_x is None or spec.glitter <= 0:
        return None
    width = (0.035 + 0.20 * near**1.1)[:, None] * canvas.base * 1.6
    across = np.exp(-(((columns[None] + canvas.width / 2 - spec.sun_x) / width) ** 2))
    return to_pixels(np.clip(across * (0.30 + 0.70 * np.exp(-near * 1.1))[:, None] * spec.glitter, 0, 1))
