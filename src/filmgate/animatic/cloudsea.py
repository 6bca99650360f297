"""A sea of clouds from the horizon to our feet: relief in true perspective, flown over.

Every frame marches rings of equal distance through a relief, like terrain.py does once; cloud is soft, so a quarter
of the pixels is enough. A ring hides what lies behind and below it. Distances are in flight heights above the mean
level of the clouds.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from filmgate.animatic.camera import View
from filmgate.animatic.colour import mix, smoothstep, to_pixels
from filmgate.animatic.cumulus import billows, lit_colours, sunlight
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    add_light,
    blur,
    blur_tile,
    merge,
    multiply,
    over,
    resize,
    sample,
    with_spare_channel,
)

TILE = 768
SPAN = 7.5  # flight heights across the tile
RELIEF = 0.62  # flight heights from the deepest valley to the highest top
NEAREST, FARTHEST = 1.0, 64.0
RINGS = 208
FOCAL = 1.15  # of the frame's base
REDUCTION = 2
SOFTNESS_PX = 4.5  # of the relief, in tile pixels
MIP_SIGMAS = (0.0, 1.6, 4.0)
MIP_DISTANCES = (7.0, 18.0)  # beyond which blurrier tiles are read: no sparkle at the horizon
SWELL_TILE, SWELL_SPAN = 128, 31.0  # a slow swell of the whole deck hides that the tile repeats
SWELL_RISE = 0.30
FLIGHT = (0.05, 0.20)  # flight heights a second that the clouds come to the side, and towards us
SWELL_FLIGHT = (0.09, 0.26)
HAZE_DISTANCE = 24.0
BRIGHTEST = 1.5  # gain towards the sun


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """One level of detail, repeated once each way so that any window of a tile's size can be cut from it."""

    heights: Floats
    colours: Pixels  # four channels, the last one spare
    rings: slice


@dataclass(frozen=True, slots=True, eq=False)
class CloudFloor:
    """Paints everything below the skyline of the clouds; `ring_at` tells sprites what hides them."""

    canvas: Canvas
    top: int  # first row that a cloud may reach
    levels: tuple[_Level, ...]
    swell: Floats
    map_x: Floats
    map_y: Floats
    swell_x: Floats
    swell_y: Floats
    distance: Floats  # (rings, 1)
    air: Pixels  # gain of each point of each ring by the light and the air in front of it
    haze: Pixels
    horizon: float  # in reduced rows below `top`
    columns: Floats
    rows: int
    wind: float

    def march(self, seconds: float, view: View) -> tuple[Pixels, Floats]:
        """The clouds, premultiplied RGBA at reduced size, and the ring (0 nearest) that each pixel shows."""
        grid = Canvas(self.map_x.shape[1], self.rows)
        focal = FOCAL * self.canvas.base / REDUCTION
        reach = NEAREST / (FOCAL * self.canvas.base)
        # The camera moves through the world by as much as makes the nearest ring pass like a plane at depth one.
        aside = view.travel_x * self.canvas.width * reach + FLIGHT[0] * self.wind * seconds
        ahead = NEAREST * (1 - 1 / (1 + view.forward)) + FLIGHT[1] * self.wind * seconds
        altitude = 1 + view.travel_y * self.canvas.base * reach
        swell_aside = aside + (SWELL_FLIGHT[0] - FLIGHT[0]) * self.wind * seconds
        swell_ahead = ahead + (SWELL_FLIGHT[1] - FLIGHT[1]) * self.wind * seconds
        heights, colours = self._read(aside, ahead)
        swell_scale = SWELL_TILE / SWELL_SPAN
        window, shift_x, shift_y = _window(self.swell, SWELL_TILE, swell_aside * swell_scale, swell_ahead * swell_scale)
        heights += sample(window, self.swell_x + shift_x, self.swell_y + shift_y)
        skyline = self.horizon + focal * (altitude - heights) / self.distance
        rising = skyline.copy()
        for ring in range(1, len(skyline)):  # row by row: five times as fast as accumulating along this axis
            np.minimum(skyline[ring], skyline[ring - 1], out=skyline[ring])
        np.minimum(skyline[-1], self.horizon - 1, out=skyline[-1])  # the last of the haze meets the sky
        owner = _owners(skyline, rising > skyline, grid)
        lit = multiply(colours, self.air, BRIGHTEST)
        add_light(lit, self.haze)
        picture = blur(sample(lit, self.columns, owner), 0.75)
        edge = np.arange(self.rows, dtype=np.float32)[:, None] - skyline[-1][None] + np.float32(0.5)
        coverage = to_pixels(np.clip(edge, 0, 1))
        picture = multiply(picture, merge(coverage, coverage, coverage, coverage))
        picture[..., 3] = coverage
        return picture, owner

    def paint(self, target: Pixels, clouds: Pixels) -> None:
        """Composite what `march` returned."""
        area = target[self.top :]
        whole = resize(clouds, self.columns.shape[1] * REDUCTION, self.rows * REDUCTION)
        whole = whole[: area.shape[0], : area.shape[1]]
        above = min(area.shape[0], int(self.horizon) * REDUCTION)
        over(area[:above], whole[:above])
        if above < area.shape[0]:  # below the horizon there is nothing but clouds
            area[above:] = cv2.cvtColor(whole[above:], cv2.COLOR_BGRA2BGR)

    def ring_at(self, distance: float) -> float:
        """The fractional ring at `distance`."""
        return float(np.interp(distance, self.distance[:, 0], np.arange(len(self.distance))))

    def _read(self, aside: float, ahead: float) -> tuple[Floats, Pixels]:
        heights = np.empty(self.map_x.shape, np.float32)
        colours = np.empty((*self.map_x.shape, 4), np.uint8)
        scale = TILE / SPAN
        for level in self.levels:
            map_x, map_y = self.map_x[level.rings], self.map_y[level.rings]
            window, shift_x, shift_y = _window(level.heights, TILE, aside * scale, ahead * scale)
            painted, _, _ = _window(level.colours, TILE, aside * scale, ahead * scale)
            map_x, map_y = map_x + shift_x, map_y + shift_y
            heights[level.rings] = sample(window, map_x, map_y)
            colours[level.rings] = sample(painted, map_x, map_y)
        return heights, colours


def build_cloud_floor(
    canvas: Canvas,
    palette: Palette,
    rng: np.random.Generator,
    *,
    horizon: int,
    horizon_air: Pixels,
    sun_x: float,
    wind: float,
) -> CloudFloor:
    """`horizon_air` is one row of the sky's colours just above the horizon, which distance fades into."""
    width = -(-canvas.width // REDUCTION)
    top = max(0, horizon - int(0.10 * canvas.base)) // REDUCTION * REDUCTION
    rows = -(-(canvas.height - top) // REDUCTION)
    distance = np.geomspace(NEAREST, FARTHEST, RINGS).astype(np.float32)[:, None]
    across = (np.arange(width, dtype=np.float32) - width / 2) * (REDUCTION / (FOCAL * canvas.base))
    side = across[None] * distance
    away = np.repeat(distance, width, 1)
    scale, swell_scale = TILE / SPAN, SWELL_TILE / SWELL_SPAN
    sun_across = (sun_x - 0.5) * canvas.width / (FOCAL * canvas.base)
    near_sun = np.exp(-(((across - sun_across) / 0.42) ** 2))[None]
    clear = np.exp(-((distance / HAZE_DISTANCE) ** 1.35))
    gain = clear * (0.74 + 0.18 * smoothstep(NEAREST, 6.0, distance) + 0.34 * near_sun) / BRIGHTEST
    air = np.repeat(to_pixels(gain)[..., None], 4, 2)
    far_air = resize(horizon_air, width, 1).astype(np.float32) / np.float32(255)
    haze = np.concatenate([far_air * (1 - clear[..., None]), np.zeros((RINGS, width, 1), np.float32)], 2)
    swell = (blur_tile(rng.standard_normal((SWELL_TILE, SWELL_TILE)).astype(np.float32), 5.0)).astype(np.float32)
    swell = smoothstep(-1.6, 2.2, swell / swell.std()) * np.float32(SWELL_RISE) - np.float32(SWELL_RISE / 2)
    return CloudFloor(
        canvas=canvas,
        top=top,
        levels=_levels(palette, rng, sun_x, distance),
        swell=np.pad(swell, ((0, SWELL_TILE + 2), (0, SWELL_TILE + 2)), mode="wrap").astype(np.float32),
        map_x=np.mod(side * scale, TILE).astype(np.float32),
        map_y=np.mod(-away * scale, TILE).astype(np.float32),
        swell_x=np.mod(side * swell_scale, SWELL_TILE).astype(np.float32),
        swell_y=np.mod(-away * swell_scale, SWELL_TILE).astype(np.float32),
        distance=distance,
        air=air,
        haze=to_pixels(haze, rng),
        horizon=(horizon - top) / REDUCTION,
        columns=np.repeat(np.arange(width, dtype=np.float32)[None], rows, 0),
        rows=rows,
        wind=wind,
    )


def _levels(palette: Palette, rng: np.random.Generator, sun_x: float, distance: Floats) -> tuple[_Level, ...]:
    relief = billows(rng, TILE)
    towards = ((sun_x - 0.5) * 2.2 or 0.3, -0.75, 0.62)  # the light comes from ahead, over the horizon
    brightness = sunlight(relief, towards, RELIEF * TILE / SPAN)
    colours = to_pixels(lit_colours(palette, brightness))
    # Faces as steep as they are lit would be drawn as curtains, one texel wide for each column.
    smooth = blur_tile(relief, SOFTNESS_PX)
    heights = (smooth - smooth.mean() - np.float32(0.12)) * np.float32(RELIEF)
    edges = [0, *(int(np.searchsorted(distance[:, 0], limit)) for limit in MIP_DISTANCES), len(distance)]
    levels: list[_Level] = []
    for sigma, first, last in zip(MIP_SIGMAS, edges, edges[1:], strict=False):
        height, paint = (blur_tile(heights, sigma), blur_tile(colours, sigma)) if sigma else (heights, colours)
        levels.append(
            _Level(
                heights=np.pad(height, ((0, TILE + 2), (0, TILE + 2)), mode="wrap"),
                colours=np.pad(with_spare_channel(paint), ((0, TILE + 2), (0, TILE + 2), (0, 0)), mode="wrap"),
                rings=slice(first, last),
            )
        )
    return tuple(levels)


def _window(doubled: Floats | Pixels, tile: int, aside: float, ahead: float) -> tuple[Floats, np.float32, np.float32]:
    """Where a doubled tile is read after moving by pixels aside and ahead (up the tile), and what is left to shift."""
    whole_x, part_x = divmod(aside, 1.0)
    whole_y, part_y = divmod(-ahead, 1.0)
    column, row = int(whole_x) % tile, int(whole_y) % tile
    return doubled[row : row + tile + 2, column : column + tile + 2], np.float32(part_x), np.float32(part_y)


def _owners(skyline: Floats, hidden: npt.NDArray[np.bool_], grid: Canvas) -> Floats:
    """For every pixel the fractional ring that is seen there; nothing of a `hidden` ring may be mixed in."""
    count, width = skyline.shape
    first_row = np.clip(skyline + np.float32(1), 0, grid.height).astype(np.int32)
    first_row *= width
    first_row += np.arange(width, dtype=np.int32)
    arrivals = np.bincount(first_row.ravel(), minlength=(grid.height + 1) * width).astype(np.int32)
    below = arrivals.reshape(grid.height + 1, width)
    for row in range(grid.height - 1, -1, -1):
        np.add(below[row], below[row + 1], out=below[row])
    index = np.clip(below[1:], 1, count - 1)
    lines = np.arange(grid.height, dtype=np.float32)[:, None]
    at = index * width + np.arange(width, dtype=np.int32)
    flat = skyline.ravel()
    upper, lower = flat[at], flat[at - width]
    inside = np.clip((lower - lines) / np.maximum(lower - upper, np.float32(1e-3)), 0, 1)
    inside = np.where(hidden.ravel()[at - width], np.float32(1), inside)
    return (index - 1 + inside).astype(np.float32)


def depth_mask(owner: Floats, ring: float) -> Pixels:
    """Where the clouds at a pixel lie behind `ring`: 255 there, with a soft edge."""
    return to_pixels(smoothstep(ring - 5, ring + 1, owner))


def mixed_into_haze(colour: Floats, air: Floats, distance: float) -> Floats:
    """A colour as it looks through the air in front of it."""
    return mix(air, colour, float(np.exp(-((distance / HAZE_DISTANCE) ** 1.35))))
