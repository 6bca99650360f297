"""Mountains: a heightfield with baked light, looked at from the ground and cut by distance into parallax planes.

Every column of the picture marches the same depths at once ("voxel space" as array operations). That finds which
distance each pixel sees; colours are then read at the very spot, so slopes stay crisp however steep they are.
All of it is drawn once, when a scene is built.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.noise import distort, spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import (
    Floats,
    Pixels,
    add_light,
    blur_tile,
    invert,
    multiply,
    resize,
    sample,
    scale,
    triple,
    veil,
)

SIZE = 512  # of the heightfield, which tiles; one texel is one unit of length
DETAIL_PER_UNIT = 4  # texels of close relief, whose tile repeats four times over the heightfield
DETAIL_HEIGHT = 1.5  # units
NEAREST, FARTHEST = 30.0, 1400.0
DEPTHS = 400
SHADOW_STEPS = 16
SCOUTED_VIEWPOINTS = 32
MEAN_RISE = 0.155  # of the skyline over the horizon, in frame heights
CLEAR_DISTANCE = 110.0
MEAN_TINT = 168  # of 255, in the tile of close relief
SNOW_SMOOTHNESS = 0.5
SNOW_BRIGHTNESS = 1.3  # it scatters light onto itself
CLOSE = 150.0  # land from nearer than this is textured once more, finer
VALLEY_END = 1.7  # times the distance at which a slice of land begins


@dataclass(frozen=True, slots=True)
class Cover:
    """What grows and lies on the slopes, as "rrggbb": valley floor, forest, forest's other colour, bare rock, snow."""

    floor: str = "4a5a3a"
    forest: str = "24382a"
    accent: str = "3d4f36"
    rock: str = "5a5450"
    snow: str = "f4f6fb"
    snowline: float = 0.46  # share of the highest peak


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """Heights in units, colours (alpha: snow), padded by one so that they wrap; `detail`: RGB tint, alpha height."""

    heights: Floats
    colours: Pixels
    detail: Pixels
    peak: float


@dataclass(frozen=True, slots=True)
class Viewpoint:
    x: float
    y: float
    altitude: float
    yaw: float


@dataclass(frozen=True, slots=True)
class Lens:
    """Size of the picture, row of the horizon, focal length in pixels, how far (tangent) below the horizon it looks."""

    width: int
    height: int
    horizon: float
    focal: float
    dip: float = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Haze:
    """Air: what distance fades into and how soon, and the mist that fills valleys up to a height."""

    colour: Floats
    length: float
    mist: float = 0.0
    mist_height: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """One slice of land: premultiplied RGBA whose first row is `top` in the lens's picture."""

    pixels: Pixels
    top: int


def bake(rng: np.random.Generator, palette: Palette, sun: tuple[float, float], peak: float, cover: Cover) -> Terrain:
    """Eroded mountains `peak` high, lit from (`sun` east-west slope, elevation)."""
    shape = _eroded(rng)
    height = shape * np.float32(peak)
    slope_x = (np.roll(height, -1, 1) - np.roll(height, 1, 1)) * 0.5
    slope_y = (np.roll(height, -1, 0) - np.roll(height, 1, 0)) * 0.5
    upright = 1 / np.sqrt(slope_x**2 + slope_y**2 + 1)
    light = np.array([sun[0], 0.45, max(sun[1], 0.12)], np.float32)
    light = light / np.linalg.norm(light)
    diffuse = np.clip((-slope_x * light[0] - slope_y * light[1] + light[2]) * upright, 0, 1)
    lit = (diffuse * _shadow(height, light))[..., None]
    openness = np.clip(0.55 + (height - blur_tile(height, 6.0)) / (peak * 0.16), 0.35, 1.15)[..., None]
    albedo, snow = _albedo(rng, shape, 1 - upright, cover)
    exposed = (
        albedo * (palette.ambient * 0.62 * openness + palette.light * 1.05 * lit) * (0.75 if palette.dark else 1.0)
    )
    colour = to_pixels(1 - np.exp(exposed * np.float32(-1.7)))  # a shoulder: sunlit snow keeps its shape
    return Terrain(
        heights=np.pad(height, ((0, 1), (0, 1)), mode="wrap"),
        colours=np.pad(np.dstack([colour, to_pixels(snow)]), ((0, 1), (0, 1), (0, 0)), mode="wrap"),
        detail=_detail(rng, palette, light),
        peak=peak,
    )


def look(terrain: Terrain, viewpoint: Viewpoint, lens: Lens, haze: Haze, near: float, far: float) -> Plane:
    """The land between distances `near` and `far`, fading into `haze`."""
    count = max(24, int(DEPTHS * math.log(far / near) / math.log(FARTHEST / NEAREST)))
    depth = np.geomspace(near, far, count).astype(np.float32)
    map_x, map_y = _positions(viewpoint, lens, depth[:, None])
    raised = sample(terrain.detail[..., 3], map_x * DETAIL_PER_UNIT, map_y * DETAIL_PER_UNIT).astype(np.float32)
    # Relief finer than the march's steps would stand up as a comb of teeth along every ridge.
    fine = np.clip(2.2 / np.gradient(depth), 0.15, 1.0)[:, None].astype(np.float32)
    heights = sample(terrain.heights, map_x, map_y) + (raised / 255 - 0.5) * (DETAIL_HEIGHT * fine)
    # The slice rises out of a valley: its near edge would else be a cliff of smeared pixels.
    sunk = smoothstep(near * VALLEY_END, near, depth)[:, None]
    heights = np.minimum(heights, mix(heights, viewpoint.altitude - lens.dip * depth[:, None], sunk))
    rows = lens.horizon + lens.focal * (viewpoint.altitude - heights) / depth[:, None]
    skyline = np.minimum.accumulate(rows, 0)
    top = int(np.clip(math.floor(float(skyline[-1].min())) - 1, 0, lens.height - 2))
    picture = replace(lens, height=lens.height - top)
    owner = _owners(skyline - top, picture)
    away = np.interp(owner.ravel(), np.arange(count), depth).astype(np.float32).reshape(owner.shape)
    pixel_x, pixel_y = _positions(viewpoint, lens, away)
    colour = _textured(terrain, pixel_x, pixel_y, close=near < CLOSE)
    lines = np.arange(picture.height, dtype=np.float32)[:, None]
    altitude = viewpoint.altitude - (lines + (top - lens.horizon)) * away / np.float32(lens.focal)
    veil(colour, _thickness(away, altitude, haze, terrain.peak), np.clip(haze.colour, 0, 1))
    coverage = to_pixels(np.clip(lines - (skyline[-1][None] - top) + 0.5, 0, 1))
    return Plane(np.dstack([multiply(colour, triple(coverage)), coverage]), top)


def _textured(terrain: Terrain, x: Floats, y: Floats, *, close: bool) -> Pixels:
    """Colours at spots of the heightfield, with close relief on all but the snow, which lies smooth."""
    ground = sample(terrain.colours, x, y)
    colour = np.asarray(cv2.cvtColor(ground, cv2.COLOR_RGBA2RGB), np.uint8)
    rough = triple(invert(scale(np.asarray(cv2.extractChannel(ground, 3), np.uint8), SNOW_SMOOTHNESS)))
    for finer in (1, 3) if close else (1,):
        at_x, at_y = (x, y) if finer == 1 else (_wrapped(x * np.float32(finer)), _wrapped(y * np.float32(finer)))
        tint = sample(terrain.detail, at_x * DETAIL_PER_UNIT, at_y * DETAIL_PER_UNIT)
        relief = multiply(np.asarray(cv2.cvtColor(tint, cv2.COLOR_RGBA2RGB), np.uint8), rough)
        add_light(relief, scale(invert(rough), MEAN_TINT / 255))
        colour = multiply(colour, relief, 255 / MEAN_TINT)
    return colour


def _thickness(away: Floats, altitude: Floats, haze: Haze, peak: float) -> Pixels:
    clear = np.exp(-((away / np.float32(haze.length)) ** 1.5))
    if haze.mist > 0:
        lying = np.exp(-np.maximum(altitude, 0) / np.float32(haze.mist_height * peak))
        clear = clear * (1 - haze.mist * lying * (1 - np.exp(away * np.float32(-1 / 260))))
    return to_pixels(1 - clear)


def scout(
    terrain: Terrain, rng: np.random.Generator, altitude: float, focal_share: float, near: float, *, above_ground: bool
) -> Viewpoint:
    """Look around from random places at low resolution and keep the most picturesque: a varied skyline, nothing close.

    `altitude` is absolute, or over the highest ground nearby when `above_ground`. Land up to `near` is not drawn.
    """
    lens = Lens(96, 96, 96 * 0.6, 96 * focal_share)
    best, best_score = Viewpoint(0, 0, altitude, 0), -math.inf
    depth = np.geomspace(NEAREST, FARTHEST, 56).astype(np.float32)
    for _ in range(SCOUTED_VIEWPOINTS):
        viewpoint = Viewpoint(
            float(rng.uniform(0, SIZE)), float(rng.uniform(0, SIZE)), altitude, float(rng.uniform(0, 6.28))
        )
        map_x, map_y = _positions(viewpoint, lens, depth[:, None])
        level = terrain.heights[map_y.astype(np.intp), map_x.astype(np.intp)]
        if above_ground:
            viewpoint = replace(viewpoint, altitude=altitude + float(level[depth < CLEAR_DISTANCE].max()))
        rise = (level - viewpoint.altitude) / depth[:, None] * np.float32(focal_share * 16 / 9)
        drawn = depth > near * (1 + VALLEY_END) / 2
        skyline = rise[drawn].max(0)
        blocked = max(0.0, float(rise[drawn & (depth < 220)].max(initial=0.0)) - 0.12)
        score = (
            min(float(skyline.std()), 0.12) * 4
            + min(float(skyline.max()), 0.36) * 0.6
            - abs(float(skyline.mean()) - MEAN_RISE) * 3
            - max(0.0, float(skyline.max()) - 0.42) * 8
            - blocked * 12
        )
        if score > best_score:
            best, best_score = viewpoint, score
    return best


def _enlarged(tile: Floats, size: int) -> Floats:
    """A tileable field at another size, still tileable."""
    step = size // tile.shape[0]
    if step == 1:
        return tile
    wide = resize(np.pad(tile, 2, mode="wrap"), (tile.shape[1] + 4) * step, (tile.shape[0] + 4) * step, cv2.INTER_CUBIC)
    return wide[2 * step : -2 * step, 2 * step : -2 * step]


def _eroded(rng: np.random.Generator) -> Floats:
    """Octaves fade where the slope so far is steep: ridges keep detail and valleys go smooth, as if eroded."""
    total = np.zeros((SIZE, SIZE), np.float32)
    slope_x, slope_y = np.zeros_like(total), np.zeros_like(total)
    amplitude, frequency = 1.0, 1.6
    for octave in range(6):
        grid = min(SIZE, max(64, 2 ** math.ceil(math.log2(frequency * 9))))
        band = _enlarged(spectral(rng, (grid, grid), 1.0, frequency * 0.55, frequency * 1.45), SIZE) * 2 - 1
        if octave in (1, 2):
            band = (1 - np.abs(band) * 1.9) * 0.8  # ridges
        slope_x += amplitude * (np.roll(band, -1, 1) - np.roll(band, 1, 1)) * SIZE / frequency / 14
        slope_y += amplitude * (np.roll(band, -1, 0) - np.roll(band, 1, 0)) * SIZE / frequency / 14
        total += amplitude * band / (1 + slope_x**2 + slope_y**2)
        amplitude *= 0.43
        frequency *= 2.03
    bend = _enlarged(spectral(rng, (64, 64), 2.6, 2), SIZE) - 0.5
    total = distort(total, bend * 46, np.roll(bend, 190, 0) * 46)  # no ridge runs straight
    floor = float(np.percentile(total[::4, ::4], 0.5))
    return (np.clip((total - floor) / (total.max() - floor), 0, 1) ** 1.5).astype(np.float32)


def _detail(rng: np.random.Generator, palette: Palette, light: Floats) -> Pixels:
    """Close relief: crags that catch the light, as a tint around 168 of 255, with their height in alpha."""
    side = SIZE * DETAIL_PER_UNIT // 4
    rough = spectral(rng, (side, side), 1.9, 9)
    crag = 0.45 - 0.72 * np.abs(_enlarged(spectral(rng, (256, 256), 2.6, 3), side) * 2 - 1) + 0.55 * rough
    slope = crag - np.roll(crag, (2, 2 if light[0] > 0 else -2), (0, 1))
    relief = np.clip(0.66 + slope / (slope.std() + 1e-9) * 0.075 + (crag - 0.5) * 0.30, 0.2, 1)
    warm = mix(palette.ambient, palette.light, np.clip(relief * 1.5 - 0.5, 0, 1)[..., None])
    tint = relief[..., None] * mix(np.ones(3, np.float32), warm / (warm.mean() + 1e-6), 0.10)
    tile = np.dstack([to_pixels(np.clip(tint, 0, 1)), to_pixels(rough)])
    wide = cv2.repeat(np.ascontiguousarray(tile), 4, 4)
    return np.asarray(cv2.copyMakeBorder(wide, 0, 5, 0, 5, cv2.BORDER_WRAP), np.uint8)


def _shadow(height: Floats, light: Floats) -> Floats:
    """March towards the sun at half size: 1 in the open, 0.25 in the middle of a cast shadow."""
    coarse = np.ascontiguousarray(height[::2, ::2])
    level = math.hypot(float(light[0]), float(light[1]))
    climb = float(light[2]) / level * 3.0
    depth = np.zeros_like(coarse)
    for step in range(1, SHADOW_STEPS + 1):
        shift = (int(-light[1] * 1.5 * step / level), int(-light[0] * 1.5 * step / level))
        above = np.roll(coarse, shift, (0, 1)) - coarse - np.float32(climb * step)
        depth = np.maximum(depth, above / np.float32(3 + 0.75 * step))
    return 1 - np.clip(_enlarged(depth, SIZE), 0, 1) * 0.75


def _albedo(rng: np.random.Generator, height: Floats, steepness: Floats, cover: Cover) -> tuple[Floats, Floats]:
    """The matter's own colour, and where it is snow."""
    detail = _enlarged(spectral(rng, (256, 256), 1.2, 8), SIZE) - 0.5
    patches = _enlarged(spectral(rng, (128, 128), 1.8, 4), SIZE)
    floor, forest, accent, rock, snow = (
        from_hex(value) for value in (cover.floor, cover.forest, cover.accent, cover.rock, cover.snow)
    )
    trees = mix(forest, accent, smoothstep(0.40, 0.62, patches + detail * 0.5)[..., None])
    colour = mix(floor, trees, smoothstep(0.05, 0.16, height + detail * 0.15)[..., None])
    bare = np.maximum(
        smoothstep(0.26, 0.50, steepness + detail * 0.3 + (height - 0.4) * 0.35),
        smoothstep(0.40, 0.58, height + detail * 0.25),
    )
    colour = mix(colour, rock * (0.85 + 0.5 * patches[..., None]), bare[..., None])
    white = smoothstep(cover.snowline, cover.snowline + 0.12, height + detail * 0.24)
    white = white * smoothstep(0.80, 0.62, steepness + detail * 0.5)
    colour = colour * (1 + 0.24 * detail[..., None])
    return mix(colour, snow * SNOW_BRIGHTNESS, white[..., None]).astype(np.float32), white.astype(np.float32)


def _positions(viewpoint: Viewpoint, lens: Lens, depth: Floats) -> tuple[Floats, Floats]:
    """Where on the heightfield the columns of the picture are at `depth`: (n, 1), or one for each pixel."""
    across = (np.arange(lens.width, dtype=np.float32) - lens.width / 2) / np.float32(lens.focal)
    cosine, sine = math.cos(viewpoint.yaw), math.sin(viewpoint.yaw)
    map_x = np.float32(viewpoint.x) + depth * (np.float32(sine) + np.float32(cosine) * across)[None]
    map_y = np.float32(viewpoint.y) + depth * (np.float32(cosine) - np.float32(sine) * across)[None]
    return _wrapped(map_x), _wrapped(map_y)


def _wrapped(position: Floats) -> Floats:
    return (position - np.floor(position * np.float32(1 / SIZE)) * np.float32(SIZE)).astype(np.float32)


def _owners(skyline: Floats, lens: Lens) -> Floats:
    """For every pixel the fractional index of the depth that is seen there."""
    count, width = skyline.shape
    first_row = np.clip(np.ceil(skyline), 0, lens.height).astype(np.intp)
    flat = np.ravel(first_row * width + np.arange(width, dtype=np.intp)[None, :])
    arrivals = np.bincount(flat, minlength=(lens.height + 1) * width)[: (lens.height + 1) * width]
    below = np.cumsum(arrivals.reshape(lens.height + 1, width)[::-1].astype(np.int16), 0, dtype=np.int16)[::-1][1:]
    index = np.minimum(below, count - 1).astype(np.intp)
    columns = np.arange(width, dtype=np.intp)[None, :]
    lines = np.arange(lens.height, dtype=np.float32)[:, None]
    upper, lower = skyline[index, columns], skyline[np.maximum(index - 1, 0), columns]
    inside = np.clip((lower - lines) / np.maximum(lower - upper, 1e-3), 0, 1)
    return np.clip(index - 1 + inside, 0, count - 1).astype(np.float32)
