"""Mountains: a heightfield with baked light, looked at from the ground and cut by distance into parallax planes.

Every column of the picture marches the same depths at once ("voxel space" as array operations). All of it is drawn
once, when a scene is built.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.noise import spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import Floats, Pixels, blur_tile, sample

SIZE = 768  # of the heightfield, which tiles
NEAREST, FARTHEST = 30.0, 1400.0
DEPTHS = 420
LEVEL_SIGMAS = (0.0, 1.1, 2.6)  # far depths read blurred maps: no combs, no sparkle
LEVEL_STEPS = (1.7, 4.2)
SHADOW_STEPS = 24
SCOUTED_VIEWPOINTS = 48
MEAN_RISE = 0.17  # of the skyline over the horizon, in frame heights
CLEAR_DISTANCE = 110.0


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """Heights in world units and colours, at several levels of detail; both wrap around."""

    heights: tuple[Floats, ...]
    colours: tuple[Pixels, ...]


@dataclass(frozen=True, slots=True)
class Viewpoint:
    x: float
    y: float
    altitude: float
    yaw: float


@dataclass(frozen=True, slots=True)
class Lens:
    """Size of the picture, row of the horizon, focal length in pixels."""

    width: int
    height: int
    horizon: float
    focal: float


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """One slice of land: colours, coverage 0..1, and how far below its own lower edge each pixel lies."""

    colour: Floats
    coverage: Floats
    below: Floats


def bake(rng: np.random.Generator, palette: Palette, sun: tuple[float, float], peak: float, snowline: float) -> Terrain:
    """Eroded mountains `peak` high, lit from (`sun` east-west slope, elevation); snow lies above `snowline` (0..1)."""
    shape = _eroded(rng)
    height = shape * np.float32(peak)
    slope_x = (np.roll(height, -1, 1) - np.roll(height, 1, 1)) * 0.5
    slope_y = (np.roll(height, -1, 0) - np.roll(height, 1, 0)) * 0.5
    upright = 1 / np.sqrt(slope_x**2 + slope_y**2 + 1)
    light = np.array([sun[0], 0.45, max(sun[1], 0.12)], np.float32)
    light = light / np.linalg.norm(light)
    diffuse = np.clip((-slope_x * light[0] - slope_y * light[1] + light[2]) * upright, 0, 1)
    lit = (diffuse * _shadow(height, light))[..., None]
    around = blur_tile(height, 7.0)
    openness = np.clip(0.55 + (height - around) / (peak * 0.16), 0.35, 1.15)[..., None]
    albedo = _albedo(rng, shape[..., None], (1 - upright)[..., None], snowline)
    exposed = albedo * (palette.ambient * 0.62 * openness + palette.light * 1.05 * lit)
    colour = to_pixels(1 - np.exp(-exposed * 1.7))  # a shoulder: sunlit snow keeps its shape
    heights: list[Floats] = []
    colours: list[Pixels] = []
    for sigma in LEVEL_SIGMAS:
        level, paint = (blur_tile(height, sigma), blur_tile(colour, sigma)) if sigma else (height, colour)
        heights.append(np.pad(level, ((0, 1), (0, 1)), mode="wrap"))
        colours.append(np.pad(paint, ((0, 1), (0, 1), (0, 0)), mode="wrap"))
    return Terrain(tuple(heights), tuple(colours))


def look(
    terrain: Terrain, viewpoint: Viewpoint, lens: Lens, haze: Floats, haze_length: float, near: float, far: float
) -> Plane:
    """The land between distances `near` and `far`, fading into `haze`."""
    depth = (NEAREST * (FARTHEST / NEAREST) ** (np.arange(DEPTHS) / (DEPTHS - 1))).astype(np.float32)
    depth = depth[(depth >= near) & (depth <= far)]
    map_x, map_y = _positions(viewpoint, lens, depth)
    heights = _by_level(terrain.heights, map_x, map_y, depth)
    rows = lens.horizon + lens.focal * (viewpoint.altitude - heights) / depth[:, None]
    skyline = np.minimum.accumulate(rows, 0)
    owner = _owners(skyline, lens)
    colours = _by_level(terrain.colours, map_x, map_y, depth).astype(np.float32) / np.float32(255)
    thickness = (1 - np.exp(-((depth / haze_length) ** 1.5)))[:, None, None]
    colours = mix(colours, haze, thickness).astype(np.float32)
    columns = np.repeat(np.arange(lens.width, dtype=np.float32)[None], lens.height, 0)
    lines = np.arange(lens.height, dtype=np.float32)[:, None]
    return Plane(
        colour=sample(colours, columns, owner),
        coverage=np.clip(lines - skyline[-1][None] + 1, 0, 1).astype(np.float32),
        below=lines - skyline[0][None],
    )


def scout(
    terrain: Terrain, rng: np.random.Generator, altitude: float, focal_share: float, *, above_ground: bool
) -> Viewpoint:
    """Look around from random places at low resolution and keep the most picturesque: a varied skyline, nothing close.

    `altitude` is absolute, or over the highest ground nearby when `above_ground`.
    """
    lens = Lens(128, 96, 96 * 0.6, 128 * focal_share)
    best, best_score = Viewpoint(0, 0, altitude, 0), -math.inf
    heights = terrain.heights[0][:-1, :-1]
    for _ in range(SCOUTED_VIEWPOINTS):
        viewpoint = Viewpoint(
            float(rng.uniform(0, SIZE)), float(rng.uniform(0, SIZE)), altitude, float(rng.uniform(0, 6.28))
        )
        depth = np.geomspace(NEAREST, FARTHEST, 72).astype(np.float32)
        map_x, map_y = _positions(viewpoint, lens, depth)
        level = heights[map_y.astype(int) % SIZE, map_x.astype(int) % SIZE]
        if above_ground:
            viewpoint = replace(viewpoint, altitude=altitude + float(level[depth < CLEAR_DISTANCE].max()))
        rise = (level - viewpoint.altitude) / depth[:, None] * focal_share * 128 / 96
        skyline = rise.max(0)
        blocked = max(0.0, float(rise[depth < 200].max()) - 0.06)
        score = (
            min(float(skyline.std()), 0.12) * 4
            + min(float(skyline.max()), 0.42) * 0.6
            - abs(float(skyline.mean()) - MEAN_RISE) * 3
            - max(0.0, float(skyline.max()) - 0.44) * 6
            - blocked * 12
        )
        if score > best_score:
            best, best_score = viewpoint, score
    return best


def _eroded(rng: np.random.Generator) -> Floats:
    """Octaves fade where the slope so far is steep: ridges keep detail and valleys go smooth, as if eroded."""
    total = np.zeros((SIZE, SIZE), np.float32)
    slope_x, slope_y = np.zeros_like(total), np.zeros_like(total)
    amplitude, frequency = 1.0, 2.2
    for octave in range(8):
        band = spectral(rng, (SIZE, SIZE), 1.0, frequency * 0.55, frequency * 1.45) * 2 - 1
        if octave in (1, 2):
            band = (1 - np.abs(band) * 1.9) * 0.8  # ridges
        slope_x += amplitude * (np.roll(band, -1, 1) - np.roll(band, 1, 1)) * SIZE / frequency / 14
        slope_y += amplitude * (np.roll(band, -1, 0) - np.roll(band, 1, 0)) * SIZE / frequency / 14
        total += amplitude * band / (1 + slope_x**2 + slope_y**2)
        amplitude *= 0.47
        frequency *= 2.03
    floor = float(np.percentile(total, 0.5))
    return (np.clip((total - floor) / (total.max() - floor), 0, 1) ** 1.5).astype(np.float32)


def _shadow(height: Floats, light: Floats) -> Floats:
    """March towards the sun: 1 in the open, 0.25 in the middle of a cast shadow."""
    level = math.hypot(float(light[0]), float(light[1]))
    climb = float(light[2]) / level * 2.0
    depth = np.zeros_like(height)
    for step in range(1, SHADOW_STEPS + 1):
        shift = (int(-light[1] * 2 * step / level), int(-light[0] * 2 * step / level))
        above = np.roll(height, shift, (0, 1)) - height - climb * step
        depth = np.maximum(depth, above / (3 + 0.5 * step))
    return 1 - np.clip(depth, 0, 1) * 0.75


def _albedo(rng: np.random.Generator, height: Floats, steepness: Floats, snowline: float) -> Floats:
    detail = spectral(rng, (SIZE, SIZE), 1.2, 8)[..., None]
    low, middle, rock, snow = (from_hex(value) for value in ("39513a", "5d5f4c", "625c66", "f6f4f8"))
    colour = mix(low, middle, smoothstep(0.08, 0.42, height + (detail - 0.5) * 0.25))
    colour = mix(colour, rock, smoothstep(0.22, 0.5, steepness + (detail - 0.5) * 0.3 + (height - 0.4) * 0.35))
    white = smoothstep(snowline, snowline + 0.14, height + (detail - 0.5) * 0.22) * smoothstep(0.72, 0.42, steepness)
    return mix(colour, snow, white) * (0.88 + 0.24 * detail)


def _positions(viewpoint: Viewpoint, lens: Lens, depth: Floats) -> tuple[Floats, Floats]:
    across = (np.arange(lens.width, dtype=np.float32) - lens.width / 2) / lens.focal
    cosine, sine = math.cos(viewpoint.yaw), math.sin(viewpoint.yaw)
    map_x = np.mod(viewpoint.x + depth[:, None] * (sine + cosine * across[None]), SIZE)
    map_y = np.mod(viewpoint.y + depth[:, None] * (cosine - sine * across[None]), SIZE)
    return map_x.astype(np.float32), map_y.astype(np.float32)


def _by_level(levels: tuple[Floats, ...] | tuple[Pixels, ...], map_x: Floats, map_y: Floats, depth: Floats) -> Floats:
    """Sample each depth from the level of detail that suits its spacing."""
    spacing = np.gradient(depth)
    edges = [0, *(int(np.searchsorted(spacing, limit)) for limit in LEVEL_STEPS), len(depth)]
    parts = [
        sample(level, map_x[first:last], map_y[first:last]).astype(np.float32)
        for level, first, last in zip(levels, edges, edges[1:], strict=False)
        if last > first
    ]
    return np.concatenate(parts)


def _owners(skyline: Floats, lens: Lens) -> Floats:
    """For every pixel the fractional index of the depth that is seen there."""
    count, width = skyline.shape
    first_row = np.clip(np.ceil(skyline), 0, lens.height).astype(np.int64)
    flat = np.ravel(first_row * width + np.arange(width, dtype=np.int64)[None, :])
    arrivals = np.bincount(flat, minlength=(lens.height + 1) * width)[: (lens.height + 1) * width]
    below = np.cumsum(arrivals.reshape(lens.height + 1, width)[::-1], 0)[::-1][1:]
    index = np.minimum(below, count - 1)
    columns = np.arange(width, dtype=np.int64)[None, :]
    lines = np.arange(lens.height, dtype=np.float32)[:, None]
    upper, lower = skyline[index, columns], skyline[np.maximum(index - 1, 0), columns]
    inside = np.clip((lower - lines) / np.maximum(lower - upper, 1e-3), 0, 1)
    return np.clip(index - 1 + inside, 0, count - 1).astype(np.float32)
