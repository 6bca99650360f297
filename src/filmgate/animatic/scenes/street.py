"""A street at eye level: fronts to both sides of a road that runs to one vanishing point."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.architecture.furniture import Furniture, build_furniture
from filmgate.animatic.architecture.hour import LIT_WINDOWS, Hour, hour_of
from filmgate.animatic.architecture.perspective import Perspective, plane_at, warp_plane
from filmgate.animatic.architecture.road import draw_road, wet_share
from filmgate.animatic.architecture.signs import hang_signs
from filmgate.animatic.architecture.strips import GRAIN_PX, Outline, lay, outline_of, strips_across
from filmgate.animatic.architecture.wall import draw_wall, street_haze
from filmgate.animatic.camera import View
from filmgate.animatic.colour import mix, smoothstep, to_pixels
from filmgate.animatic.figures.cast import build_cast, paint_cast
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.layers import Layer
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Canvas, Pixels
from filmgate.animatic.scene import Brief, Moment
from filmgate.animatic.sky.sky import Sky, build_sky, spec_for

HORIZON = 0.585
HALF_WIDTH = 0.60  # of the frame's width
FOCAL = 1.6  # bases
FEET = 0.84  # depth at which people walk: a camera that pushes in keeps their feet in the frame
PERSON = 2.1  # metres: a little larger than life, for they are who we look at
END_DEPTH = 0.045
STRIP_PX = 160  # homographies are slow on narrower ones
SLOT_RESERVE = 1.30  # the gap between the roofs widens as the camera comes nearer
ALLEY = 0.80  # how much narrower a street of neon is
SIGN_DEPTHS = (0.60, 0.50, 0.42, 0.355, 0.30, 0.255, 0.215, 0.18, 0.15, 0.125)
HOUSES, ALLEY_HOUSES = (9.0, 24.0), (16.0, 40.0)  # lowest and highest, in metres


@dataclass(frozen=True, slots=True, eq=False)
class Wall:
    side: int  # -1 left, 1 right
    picture: Pixels  # premultiplied RGBA, its columns counted outwards from the vanishing point
    top_rows: int  # where its horizon is
    outline: Outline
    foot: Outline  # of the road in the wall's own columns and rows


@dataclass(frozen=True, slots=True, eq=False)
class Street:
    finish: Finish
    road: Perspective
    sky: Sky
    slot: tuple[int, int]  # columns between which there may be sky
    end: Layer
    walls: tuple[Wall, ...]
    floor: Pixels
    wet: bool
    furniture: Furniture
    cast: tuple[Actor, ...]
    canvas: Canvas

    def paint(self, moment: Moment) -> Pixels:
        canvas, view = self.canvas, moment.view
        frame = np.zeros((canvas.height, canvas.width, 3), np.uint8)
        left, right = self.slot
        self.sky.paint(frame[:, left:right], moment.seconds)
        self.end.paint(frame, view)
        paint_cast(self.cast, "air", frame, moment)
        self._mirror_sky(frame)
        for wall in self.walls:
            self._paint_side(frame, wall, view)
        self.furniture.paint(frame, moment)
        paint_cast(self.cast, "ground", frame, moment)
        return frame

    def _mirror_sky(self, frame: Pixels) -> None:
        """Under the far end of a wet road lies the sky; between the walls' own mirror images that is all one sees."""
        left, right = self.slot
        line = int(self.road.horizon) + 1
        rows = min(line, frame.shape[0] - line)
        if self.wet and rows > 0:
            frame[line : line + rows, left:right] = frame[line - rows : line, left:right][::-1]

    def _paint_side(self, frame: Pixels, wall: Wall, view: View) -> None:
        """A wall and its half of the road. A dry road hides what would lie below the foot of the wall."""
        road, rows, middle = self.road, frame.shape[0], int(self.road.middle)
        ends = (0, middle) if wall.side < 0 else (middle, frame.shape[1])
        strips = strips_across(*ends, STRIP_PX)
        front, floor = road.wall(wall.side, wall.top_rows, view), road.floor(self.floor.shape[1] / 2, view)
        first, solid = wall.outline.in_perspective(front, strips)
        begins, covers = wall.foot.in_perspective(front, strips)
        above_road = int(road.horizon) - int(self.canvas.base * 0.02)
        for index, (left, right) in enumerate(strips):
            top, hidden = max(0, int(first[index])), rows if self.wet else min(rows, int(covers[index]))
            if hidden > top:
                seen = warp_plane(wall.picture, front, (left, top, right, hidden))
                lay(frame[top:hidden, left:right], seen, int(solid[index]) - top)
            top = max(0, above_road, int(begins[index]))
            if rows > top:
                seen = warp_plane(self.floor, floor, (left, top, right, rows))
                lay(frame[top:, left:right], seen, rows if self.wet else int(covers[index]) - top)


def build_street(brief: Brief) -> Street:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    base, horizon = canvas.base, canvas.height * HORIZON
    after_dark = palette.dark or LIT_WINDOWS.get(palette.name, 0.0) > 0.3
    narrow = palette.name == "neon"
    road = Perspective(canvas, horizon, HALF_WIDTH * (ALLEY if narrow else 1.0) * canvas.width, FOCAL * base)
    hour = hour_of(palette, rng, spectral(rng, (256, 256), 2.6, 2))
    wetness = wet_share(brief.reading.weather, palette.name)
    sunny_side = -1 if rng.uniform() < 0.5 else 1
    heights = ALLEY_HOUSES if narrow else HOUSES
    depths = {-1: SIGN_DEPTHS, 1: SIGN_DEPTHS} if narrow else {-1: SIGN_DEPTHS[::2], 1: SIGN_DEPTHS[1::2]}
    signs = {side: hang_signs(road, hour, side, depths[side], rng) for side in (-1, 1)}
    sun = {sunny_side: 0.9, -sunny_side: -0.75}
    walls = tuple(
        _wall(road, side, *draw_wall(road, hour, sun[side], heights, wetness, signs[side], rng)) for side in (-1, 1)
    )
    slot = _slot(walls, road)
    opening = Canvas(slot[1] - slot[0], canvas.height)
    sky = build_sky(opening, palette, spec_for(brief, int(horizon), 0.5 - 0.12 * sunny_side, 0.4), rng)
    snowy = brief.reading.weather == "snow" or brief.reading.season == "winter"
    towards = (0.82 * -sunny_side, -0.57) if not hour.backlit else (0.1 * sunny_side, -0.99)
    spots = {
        "ground": Spot(0.47, horizon + road.drop * FEET, PERSON * road.metre * FEET, FEET),
        "air": Spot(0.5, canvas.height * 0.20, 0.13 * base, 0.12),
    }
    return Street(
        finish=Finish(bloom=0.62, bloom_threshold=150) if after_dark else Finish(bloom=0.3, bloom_threshold=200),
        road=road,
        sky=sky,
        slot=slot,
        end=_far_end(road, hour, rng),
        walls=walls,
        floor=draw_road(road, hour, wetness, -sunny_side, snowy, rng),
        wet=wetness > 0,
        furniture=build_furniture(brief, road, hour, (*signs[-1], *signs[1])),
        cast=build_cast(brief, Stage(canvas, horizon, spots, towards, shadow=0.4)),
        canvas=canvas,
    )


def _wall(road: Perspective, side: int, picture: Pixels, top_rows: int) -> Wall:
    steep = road.drop / road.half_width
    foot_rows = [top_rows + column * steep for column in range(0, picture.shape[1], GRAIN_PX)]
    foot = Outline(
        first=np.array([int(row) for row in foot_rows]),
        solid=np.array([math.ceil(row + GRAIN_PX * steep) for row in foot_rows]),
        width=picture.shape[1],
        height=picture.shape[0],
    )
    return Wall(side, picture, top_rows, outline_of(picture), foot)


def _slot(walls: tuple[Wall, ...], road: Perspective) -> tuple[int, int]:
    """The columns between which the walls leave sky, wherever the camera goes."""
    reach = 8
    for wall in walls:
        clear = np.flatnonzero(wall.outline.first > 0)
        reach = max(reach, (int(clear.max()) + 1) * GRAIN_PX if len(clear) else 0)
    reach = int(reach * SLOT_RESERVE + 0.02 * road.canvas.width)
    middle = int(road.middle)
    return max(0, middle - reach) // 2 * 2, min(road.canvas.width, middle + reach)


def _far_end(road: Perspective, hour: Hour, rng: np.random.Generator) -> Layer:
    """Roofs in the haze where the street ends, the light that gathers over them, and the foot of the road below."""
    canvas = road.canvas
    width, height = int(0.34 * canvas.base) // 2 * 2, int(0.30 * canvas.base)
    foot = math.ceil(road.drop * END_DEPTH * 1.4) + 2
    across = np.linspace(-1, 1, width, dtype=np.float32)
    skyline = 0.26 + 0.30 * np.round(curve(rng, width, 4, 6) * 6) / 6
    rows = 1 - (np.arange(height + foot, dtype=np.float32)[:, None] + np.float32(0.5)) / np.float32(height)
    cover = np.clip((skyline[None] - rows) * height + 0.5, 0, 1)
    haze, land = street_haze(hour), mix(street_haze(hour), hour.palette.far * 0.8, 0.55)
    colour = mix(haze, land, smoothstep(-0.1, 0.45, rows)[..., None])
    inside = smoothstep(0, 0.2, 1 - np.abs(across[None]))
    glow = np.exp(-((across[None] / 0.5) ** 2) - ((rows - 0.2) / 0.35) ** 2) * inside * smoothstep(0, 0.2, 1 - rows)
    light = glow[..., None] * haze * (0.5 if hour.after_dark or hour.backlit else 0.12)
    pixels = np.dstack([to_pixels(np.clip(colour * cover[..., None] + light, 0, 1)), to_pixels(cover)])
    top = math.ceil(road.horizon) - height
    return plane_at(road, pixels, road.middle - width / 2, top, END_DEPTH)
