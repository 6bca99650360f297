"""A sea of clouds from the horizon to our feet: relief in true perspective, flown over.

Every frame marches rings of equal distance through a relief, like terrain.py does once; cloud is soft, so a quarter
of the pixels is enough. A ring hides what lies behind and below it. Distances are in flight heights above the mean
level of the clouds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from filmgate.animatic.camera import View
from filmgate.animatic.colour import smoothstep, to_pixels
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import (
    Array,
    Canvas,
    Floats,
    Pixels,
    add_light,
    blur,
    blur_tile,
    lookup,
    merge,
    multiply,
    over,
    resize,
    sample,
    triple,
    with_spare_channel,
)
from filmgate.animatic.sky.cumulus import billows, lit_colours, sunlight

TILE = 768
SPAN = 7.5  # flight heights across the tile
SCALE = TILE / SPAN
RELIEF = 0.62  # flight heights from the deepest valley to the highest top
SOFTNESS_PX = 4.5  # of the relief, in tile pixels
NEAREST, FARTHEST = 1.0, 64.0
RINGS = 156
FOCAL = 1.15  # of the frame's base
REDUCTION = 2.5  # cloud is soft: a grid that much coarser than the canvas is enough
MIP_SIGMAS = (0.0, 1.6, 4.0)
MIP_DISTANCES = (7.0, 18.0)  # beyond which blurrier tiles are read: no sparkle at the horizon
PUFFS_SEEN = 7.5  # distance from which on puffs are too small to be drawn one by one
PUFF_CONTRAST = 1.5
SWELL_TILE, SWELL_SPAN = 128, 31.0  # a slow swell of the whole deck hides that the tile repeats
SWELL_SCALE = SWELL_TILE / SWELL_SPAN
SWELL_RISE = 0.30
FLIGHT = (0.05, 0.20)  # flight heights a second that the clouds come to the side, and towards us
SWELL_FLIGHT = (0.04, 0.06)  # how much faster the swell comes
HAZE_DISTANCE = 24.0
EDGE_RINGS = 7  # over which clouds thin out in front of what they hide
ENDLESS = 1e9  # rows
BRIGHTEST = 1.5  # gain towards the sun


@dataclass(frozen=True, slots=True)
class _Flight:
    """Where the eye is: to the right, ahead, and above the mean of the clouds."""

    aside: float
    ahead: float
    altitude: float


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """One level of detail, repeated once each way so that any window of a tile's size can be cut from it."""

    heights: Floats
    brightness: Pixels
    rings: slice


@dataclass(frozen=True, slots=True, eq=False)
class CloudFloor:
    """Paints everything below the skyline of the clouds. Rows and columns of its grid are `REDUCTION` pixels."""

    canvas: Canvas
    top: int  # first row of the canvas that a cloud may reach
    horizon: float  # in rows of the grid
    levels: tuple[_Level, ...]
    swell: Floats
    puffs: Pixels
    tile_x: Floats  # where each point of each ring lies on the tile, and on that of the swell
    tile_y: Floats
    swell_x: Floats
    swell_y: Floats
    across: Floats  # per column, what one distance ahead is to the side
    distance: Floats  # per ring, (rings, 1)
    air: Pixels  # per point of each ring: colour of the air before it, and how much of its light comes through
    colours: Pixels  # table: brightness to colour
    columns: Floats
    lines: Floats
    wind: float

    def march(self, seconds: float, view: View) -> tuple[Pixels, Floats]:
        """The clouds, premultiplied RGBA at reduced size, and the ring (0 nearest) that each pixel shows."""
        flight = self._flight(seconds, view)
        heights, brightness = self._read(flight, seconds)
        skyline = self.horizon + self._focal * (flight.altitude - heights) / self.distance
        rising = skyline.copy()
        for ring in range(1, len(skyline)):  # row by row: five times as fast as accumulating along this axis
            np.minimum(skyline[ring], skyline[ring - 1], out=skyline[ring])
        np.minimum(skyline[-1], self.horizon - 1, out=skyline[-1])  # the last of the haze meets the sky
        owner = _owners(skyline, rising > skyline, len(self.lines))
        light = sample(brightness, self.columns, owner)
        self._add_puffs(light, owner, flight)
        air = sample(self.air, self.columns, owner)
        clear = cast(Pixels, cv2.extractChannel(air, 3))
        clouds = multiply(lookup(triple(light), self.colours), triple(clear), BRIGHTEST)
        add_light(clouds, cast(Pixels, cv2.cvtColor(air, cv2.COLOR_BGRA2BGR)))
        coverage = to_pixels(np.clip(self.lines - skyline[-1][None] + np.float32(0.5), 0, 1))
        clouds = multiply(blur(clouds, 0.7), triple(coverage))
        clouds = with_spare_channel(clouds)
        clouds[..., 3] = coverage
        return clouds, owner

    def paint(self, target: Pixels, clouds: Pixels) -> None:
        """Composite what `march` returned."""
        whole = _enlarged(clouds)
        area = target[self.top :]
        above = min(area.shape[0], int((self.horizon + 2) * REDUCTION))
        over(area[:above], np.ascontiguousarray(whole[:above, : area.shape[1]]))
        if above < area.shape[0]:  # below the horizon there is nothing but clouds
            area[above:] = cv2.cvtColor(whole[above : area.shape[0], : area.shape[1]], cv2.COLOR_BGRA2BGR)

    def paint_before(self, target: Pixels, clouds: Pixels, rings: Floats, distance: float, span: slice) -> None:
        """Composite again what lies nearer than `distance`, over something that was painted in a `span` of columns."""
        ring = float(np.interp(distance, self.distance[:, 0], np.arange(len(self.distance))))
        # Feet stand lower than the highest cloud at their distance, and higher than the deepest valley.
        last = min(len(rings), int(self.horizon + self._focal * 1.6 / distance))
        first = int(span.start / REDUCTION / 2) * 2  # an even column of the grid begins on a whole pixel
        part = np.s_[:last, first : math.ceil(span.stop / REDUCTION)]
        nearer = to_pixels(1 - smoothstep(ring - EDGE_RINGS, ring, rings[part]))
        whole = _enlarged(multiply(np.ascontiguousarray(clouds[part]), merge(nearer, nearer, nearer, nearer)))
        left = int(first * REDUCTION)
        area = target[self.top : self.top + len(whole), left : left + whole.shape[1]]
        over(area, np.ascontiguousarray(whole[: len(area), : area.shape[1]]))

    @property
    def _focal(self) -> float:
        return FOCAL * self.canvas.base / REDUCTION

    def _flight(self, seconds: float, view: View) -> _Flight:
        # The eye moves by as much as makes the nearest ring pass like a plane at depth one.
        reach = NEAREST / (FOCAL * self.canvas.base)
        blown = self.wind * seconds
        return _Flight(
            aside=view.travel_x * self.canvas.width * reach + FLIGHT[0] * blown,
            ahead=NEAREST * (1 - 1 / (1 + view.forward)) + FLIGHT[1] * blown,
            altitude=1 + view.travel_y * self.canvas.base * reach,
        )

    def _read(self, flight: _Flight, seconds: float) -> tuple[Floats, Pixels]:
        """Height and brightness of every point of every ring."""
        heights, brightness = np.empty(self.tile_x.shape, np.float32), np.empty(self.tile_x.shape, np.uint8)
        corner, shift_x, shift_y = _corner(TILE, flight.aside * SCALE, flight.ahead * SCALE)
        for level in self.levels:
            map_x, map_y = self.tile_x[level.rings] + shift_x, self.tile_y[level.rings] + shift_y
            heights[level.rings] = sample(level.heights[corner], map_x, map_y)
            brightness[level.rings] = sample(level.brightness[corner], map_x, map_y)
        aside, ahead = (
            (moved + rate * self.wind * seconds) * SWELL_SCALE
            for moved, rate in zip((flight.aside, flight.ahead), SWELL_FLIGHT, strict=True)
        )
        corner, shift_x, shift_y = _corner(SWELL_TILE, aside, ahead)
        heights += sample(self.swell[corner], self.swell_x + shift_x, self.swell_y + shift_y)
        return heights, brightness

    def _add_puffs(self, light: Pixels, owner: Floats, flight: _Flight) -> None:
        """Add to the light what is too small to be relief, laid along the slopes: from above it would smear there."""
        first = min(len(self.lines) - 1, int(self.horizon + self._focal * 0.7 / PUFFS_SEEN))
        rows = slice(first, None)
        distance = sample(np.repeat(self.distance, 2, 1), np.zeros_like(owner[rows]), owner[rows])
        np.minimum(distance, np.float32(PUFFS_SEEN), out=distance)
        rise = np.float32(flight.altitude) - (self.lines[rows] - np.float32(self.horizon)) * distance / self._focal
        _, shift_x, shift_y = corner = _corner(TILE, flight.aside * SCALE, flight.ahead * SCALE)
        left, top = corner[0][1].start, corner[0][0].start
        window = self.puffs[top:, left:]
        map_x = distance * (self.across * np.float32(SCALE)) + (np.float32(TILE) + shift_x)
        map_y = (distance + rise) * np.float32(-SCALE) + (np.float32(TILE) + shift_y)
        puffs = sample(window, map_x, map_y, cv2.BORDER_WRAP)
        weight = (np.float32(PUFFS_SEEN) - distance) * np.float32(PUFF_CONTRAST / PUFFS_SEEN)
        added = (puffs.astype(np.float32) - np.float32(128)) * weight + light[rows]
        light[rows] = np.clip(added, 0, 255).astype(np.uint8)


def build_cloud_floor(
    canvas: Canvas,
    palette: Palette,
    rng: np.random.Generator,
    *,
    horizon: int,
    horizon_air: Floats,
    sun_x: float,
    wind: float,
) -> CloudFloor:
    """`horizon_air` is one row of the sky's colours (0..1) just above the horizon, which distance fades into."""
    width = math.ceil(canvas.width / REDUCTION)
    top = max(0, horizon - int(0.10 * canvas.base))
    rows = math.ceil((canvas.height - top) / REDUCTION)
    distance = np.geomspace(NEAREST, FARTHEST, RINGS).astype(np.float32)[:, None]
    across = (np.arange(width, dtype=np.float32) - width / 2) * (REDUCTION / (FOCAL * canvas.base))
    side, away = across[None] * distance, np.repeat(distance, width, 1)
    sun_across = (sun_x - 0.5) * canvas.width / (FOCAL * canvas.base)
    relief = billows(rng, TILE)
    towards = ((sun_x - 0.5) * 2.2 or 0.3, -0.75, 0.62)  # the light comes from ahead, over the horizon
    form, puffs = sunlight(relief, towards, RELIEF * SCALE)
    swell = blur_tile(rng.standard_normal((SWELL_TILE, SWELL_TILE)).astype(np.float32), 5.0)
    swell = (smoothstep(-1.6, 2.2, swell / swell.std()) - 0.5) * SWELL_RISE
    return CloudFloor(
        canvas=canvas,
        top=top,
        horizon=(horizon - top) / REDUCTION,
        levels=_levels(relief, to_pixels(form), distance),
        swell=_doubled(swell.astype(np.float32)),
        puffs=np.tile(to_pixels(puffs), (3, 3)),
        tile_x=np.mod(side * SCALE, TILE).astype(np.float32),
        tile_y=np.mod(-away * SCALE, TILE).astype(np.float32),
        swell_x=np.mod(side * SWELL_SCALE, SWELL_TILE).astype(np.float32),
        swell_y=np.mod(-away * SWELL_SCALE, SWELL_TILE).astype(np.float32),
        across=across[None].astype(np.float32),
        distance=distance,
        air=_air(palette, horizon_air, across - sun_across, distance),
        colours=to_pixels(lit_colours(palette, np.linspace(0, 1, 256, dtype=np.float32)))[None],
        columns=np.repeat(np.arange(width, dtype=np.float32)[None], rows, 0),
        lines=np.arange(rows, dtype=np.float32)[:, None],
        wind=wind,
    )


def _air(palette: Palette, horizon_air: Floats, from_sun: Floats, distance: Floats) -> Pixels:
    clear = np.exp(-((distance / HAZE_DISTANCE) ** 1.35))
    near_sun = np.exp(-((from_sun / 0.42) ** 2))[None]
    gain = (
        clear
        * (0.74 + 0.18 * smoothstep(NEAREST, 6.0, distance) + (0.12 + 0.22 * palette.glow_gain) * near_sun)
        / BRIGHTEST
    )
    far_air = resize(horizon_air, len(from_sun), 1)
    return to_pixels(np.dstack([far_air * (1 - clear[..., None]), gain]).astype(np.float32))


def _enlarged(grid: Pixels) -> Pixels:
    """A picture on the grid at the size of the canvas, and up to two pixels more at its ends."""
    return resize(grid, math.ceil(grid.shape[1] * REDUCTION), math.ceil(grid.shape[0] * REDUCTION))


def _levels(relief: Floats, brightness: Pixels, distance: Floats) -> tuple[_Level, ...]:
    smooth = blur_tile(relief, SOFTNESS_PX)
    heights = (smooth - smooth.mean() - np.float32(0.12)) * np.float32(RELIEF)
    edges = [0, *(int(np.searchsorted(distance[:, 0], limit)) for limit in MIP_DISTANCES), len(distance)]
    levels: list[_Level] = []
    for sigma, first, last in zip(MIP_SIGMAS, edges, edges[1:], strict=False):
        height, light = (blur_tile(heights, sigma), blur_tile(brightness, sigma)) if sigma else (heights, brightness)
        levels.append(_Level(_doubled(height), _doubled(light), slice(first, last)))
    return tuple(levels)


def _doubled(tile: Array) -> Array:
    """A tile repeated once each way, so that a whole one can be cut from it at any place."""
    return cast(Array, np.pad(tile, ((0, len(tile) + 2), (0, len(tile) + 2)), mode="wrap"))


def _corner(tile: int, aside: float, ahead: float) -> tuple[tuple[slice, slice], np.float32, np.float32]:
    """Which part of a doubled tile is read after moving by pixels aside and ahead (up the tile), and what is left."""
    whole_x, part_x = divmod(aside, 1.0)
    whole_y, part_y = divmod(-ahead, 1.0)
    column, row = int(whole_x) % tile, int(whole_y) % tile
    corner = (slice(row, row + tile + 2), slice(column, column + tile + 2))
    return corner, np.float32(part_x), np.float32(part_y)


def _owners(skyline: Floats, hidden: npt.NDArray[np.bool_], rows: int) -> Floats:
    """For every pixel the fractional ring that is seen there; nothing of a `hidden` ring may be mixed in."""
    count, width = skyline.shape
    first_row = np.clip(skyline + np.float32(1), 0, rows).astype(np.int32)
    first_row *= width
    first_row += np.arange(width, dtype=np.int32)
    arrivals = np.bincount(first_row.ravel(), minlength=(rows + 1) * width).astype(np.int32)
    below = arrivals.reshape(rows + 1, width)
    for row in range(rows - 1, -1, -1):
        np.add(below[row], below[row + 1], out=below[row])
    index = np.clip(below[1:], 1, count - 1)
    lines = np.arange(rows, dtype=np.float32)[:, None]
    at = index * width + np.arange(width, dtype=np.int32)
    upper = skyline.ravel()[at]
    # A hidden ring lies endlessly far below: the whole way up to the next one is that one's.
    lower = np.where(hidden, np.float32(ENDLESS), skyline).ravel()[at - width]
    inside = np.clip((lower - lines) / np.maximum(lower - upper, np.float32(1e-3)), 0, 1)
    return (index - 1 + inside).astype(np.float32)
