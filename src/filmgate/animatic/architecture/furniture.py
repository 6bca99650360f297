"""What stands and hangs in a street, each thing at its own depth: signs, lamps, trees, cables, cars and steam."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from filmgate.animatic.architecture.greenery import street_tree
from filmgate.animatic.architecture.hour import Hour
from filmgate.animatic.architecture.lights import Rhythm
from filmgate.animatic.architecture.perspective import Glow, Perspective, plane_at
from filmgate.animatic.architecture.signs import HungSign
from filmgate.animatic.architecture.wall import HAZE_DEPTH, PART_OF_WALL, fade_into_air, street_haze
from filmgate.animatic.camera import View, plane_matrix
from filmgate.animatic.colour import from_hex, mix, to_pixels
from filmgate.animatic.figures.craft.craft import lamp_glow
from filmgate.animatic.layers import Layer
from filmgate.animatic.noise import spectral
from filmgate.animatic.raster import (
    Floats,
    Pixels,
    Points,
    add_light,
    apply,
    blur,
    merge,
    paste_light,
    place,
    polygon_mask,
    resize,
    scale,
    stroke,
    then,
    warp,
)
from filmgate.animatic.scene import Brief, Moment

KERB = 0.66  # of the half width: where lamps and trees stand
GLOW_REDUCTION = 4
LAMP_DEPTHS = (0.58, 0.33, 0.20)
TREE_DEPTHS = (0.46, 0.27, 0.17)
LAMP_HEIGHT = 5.6  # metres
CARS = 7
CAR_NEAREST, CAR_FURTHEST = 0.17, 0.05  # depths between which traffic is seen


@dataclass(frozen=True, slots=True)
class Cable:
    """A line that hangs across the street at one depth."""

    left: float
    right: float
    sag: float
    depth: float


@dataclass(frozen=True, slots=True, eq=False)
class Furniture:
    road: Perspective
    standing: tuple[Layer, ...]  # lamps, trees and signs, the furthest first
    halos: tuple[Glow, ...]  # of signs, behind all that stands
    glows: tuple[Glow, ...]  # of lamps
    flickers: tuple[tuple[Glow, Rhythm], ...]  # of unsteady signs
    cables: tuple[Cable, ...]
    cable_colour: Floats
    cars: Floats  # (n, 3): lane -1 or 1, start 0..1, pace
    lamps: tuple[Pixels, Pixels]  # glows of head and tail lights
    steam: Steam | None

    def paint(self, frame: Pixels, moment: Moment) -> None:
        self._paint_cars(frame, moment)
        _add_glows(frame, self.halos, moment.view)
        for layer in self.standing:
            layer.paint(frame, moment.view)
        _add_glows(frame, self.glows, moment.view)
        for glow, rhythm in self.flickers:
            paste_light(frame, glow.light, glow.at(moment.view), rhythm.at(moment.seconds))
        for cable in self.cables:
            self._paint_cable(frame, cable, moment)
        if self.steam is not None:
            self.steam.paint(frame, moment)

    def _paint_cable(self, frame: Pixels, cable: Cable, moment: Moment) -> None:
        road, share = self.road, np.linspace(0, 1, 25)
        breath = 1 + 0.04 * math.sin(moment.seconds * 0.9 + cable.left)
        level = cable.left + (cable.right - cable.left) * share - cable.sag * breath * 4 * share * (1 - share)
        x = road.middle + (share * 2 - 1) * road.half_width * cable.depth
        y = road.horizon + (road.drop - level) * cable.depth
        matrix = plane_matrix(road.canvas, road.horizon, cable.depth, moment.view)
        thickness = max(1, round(3.2 * cable.depth * road.canvas.unit))
        stroke(frame, apply(matrix, np.stack([x, y], 1)), self.cable_colour, thickness)

    def _paint_cars(self, frame: Pixels, moment: Moment) -> None:
        road = self.road
        for lane, start, pace in self.cars:
            turn = (start + moment.seconds * pace * -lane) % 1.0
            depth = 1 / (1 / CAR_NEAREST + (1 / CAR_FURTHEST - 1 / CAR_NEAREST) * turn)
            shown = min(1.0, turn * 6, (1 - turn) * 6)
            matrix = plane_matrix(road.canvas, road.horizon, depth, moment.view)
            glow = self.lamps[0 if lane < 0 else 1]
            at = road.screen(lane * road.half_width * 0.26, 0.65 * road.metre, depth)
            point: Points = apply(matrix, np.array([at]))[0]
            middle = (glow.shape[1] / 2, glow.shape[0] / 2)
            x, y = float(point[0]), float(point[1])
            paste_light(frame, glow, place(x, y, depth / CAR_NEAREST, pivot=middle), shown)


@dataclass(frozen=True, slots=True, eq=False)
class Steam:
    """Vapour that rises from the road: a scrolling tile under a soft envelope."""

    tile: Pixels
    envelope: Pixels
    colour: Floats
    vents: tuple[tuple[float, float, float, float], ...]  # left, top, size and depth
    road: Perspective

    def paint(self, frame: Pixels, moment: Moment) -> None:
        rows, width = self.envelope.shape
        for index, (left, top, size, depth) in enumerate(self.vents):
            offset = (moment.seconds * 26 + 61 * index) % (self.tile.shape[0] - rows - 2)
            drift = place(2.5 * math.sin(moment.seconds * 0.6 + index), -offset)
            cloud = warp(self.tile, drift, width, rows)
            shaped = np.asarray(cloud * (self.envelope / np.float32(255)), np.uint8)
            light = merge(*(scale(shaped, float(channel)) for channel in self.colour))
            matrix = plane_matrix(self.road.canvas, self.road.horizon, depth, moment.view)
            paste_light(frame, light, then(place(left, top, size), matrix))


def _add_glows(frame: Pixels, glows: tuple[Glow, ...], view: View) -> None:
    """All of them gathered at a part of the size, and added at once."""
    if not glows:
        return
    height, width = frame.shape[:2]
    rows, columns = -(-height // GLOW_REDUCTION), -(-width // GLOW_REDUCTION)
    gathered = np.zeros((rows, columns, 3), np.uint8)
    for glow in glows:
        paste_light(gathered, glow.light, glow.at(view) / GLOW_REDUCTION)
    lit = np.flatnonzero(gathered.max((1, 2)))
    if len(lit):
        top, bottom = max(0, int(lit[0]) - 1), min(rows, int(lit[-1]) + 2)
        light = resize(gathered[top:bottom], columns * GLOW_REDUCTION, (bottom - top) * GLOW_REDUCTION)
        part = frame[top * GLOW_REDUCTION : bottom * GLOW_REDUCTION]
        add_light(part, light[: part.shape[0], :width])


def build_furniture(brief: Brief, road: Perspective, hour: Hour, signs: tuple[HungSign, ...]) -> Furniture:
    palette, rng = brief.palette, brief.rng
    alley = palette.name == "neon"
    near = [sign for sign in signs if sign.body.depth >= PART_OF_WALL]
    standing = [replace(sign.body, pixels=fade_into_air(sign.body.pixels, hour, sign.body.depth)) for sign in near]
    halos = [sign.halo for sign in near if sign.halo is not None]
    glows: list[Glow] = []
    flickers = [(sign.flicker, sign.rhythm) for sign in near if sign.flicker is not None]
    if not alley:
        lamps = [_lamp(road, hour, side, depth) for depth in LAMP_DEPTHS for side in (-1, 1)]
        standing += [pole for pole, _ in lamps]
        glows += [glow for _, glow in lamps if glow is not None]
        standing += [street_tree(road, hour, side, depth, brief) for depth in TREE_DEPTHS for side in (-1, 1)]
    count = 0 if alley or not hour.after_dark else CARS
    lanes = np.where(np.arange(count) % 2, 1.0, -1.0)
    return Furniture(
        road=road,
        standing=tuple(sorted(standing, key=lambda layer: layer.depth)),
        halos=tuple(halos),
        glows=tuple(glows),
        flickers=tuple(flickers),
        cables=_cables(road, rng, 6 if alley else 3),
        cable_colour=palette.near * 0.6 if hour.backlit else from_hex("34363a"),
        cars=np.stack([lanes, rng.uniform(0, 1, count), rng.uniform(0.05, 0.075, count)], 1),
        lamps=(_lamp_pair(road, "ffe6b8"), _lamp_pair(road, "ff3a26")),
        steam=_steam(road, hour, rng) if palette.name in ("neon", "night") else None,
    )


def _lamp_pair(road: Perspective, colour: str) -> Pixels:
    """Both lamps of a car as they look at CAR_NEAREST, and their glow on the road below."""
    unit = road.canvas.unit
    radius = max(2, int(15 * unit))
    apart = int(1.4 * road.metre * CAR_NEAREST)
    one = lamp_glow(radius, from_hex(colour))
    size = one.shape[0]
    light = np.zeros((size * 2, size + apart, 3), np.float32)
    for left in (0, apart):
        light[size // 2 : size // 2 + size, left : left + size] += one
    streak = blur(light, max(0.5, 2 * unit), max(1.0, 8 * unit)) * 0.6
    return to_pixels(np.clip(light + np.roll(streak, size // 3, 0), 0, 1))


def _cables(road: Perspective, rng: np.random.Generator, count: int) -> tuple[Cable, ...]:
    metre = road.metre
    return tuple(
        Cable(
            left=float(rng.uniform(5.5, 9)) * metre,
            right=float(rng.uniform(5.5, 9)) * metre,
            sag=float(rng.uniform(0.4, 1.1)) * metre,
            depth=float(depth),
        )
        for depth in np.sort(rng.uniform(0.16, 0.55, count))
    )


def _lamp(road: Perspective, hour: Hour, side: int, depth: float) -> tuple[Layer, Glow | None]:
    """A post with an arm that reaches over the road, and its glow after dark."""
    metre = road.metre * depth
    height, reach = LAMP_HEIGHT * metre, 1.3 * metre
    width, rows = int(reach + metre), int(height) + 4
    post = max(1.2, 0.11 * metre)
    foot = 0.4 * metre
    bend = np.linspace(0, math.pi / 2, 12)
    inner = [(foot + reach * math.sin(turn), 0.8 * metre * (1 - math.sin(turn) ** 0.7)) for turn in bend]
    line = np.array([(foot, height), *inner])
    lamp_x, lamp_y = foot + reach, 0.85 * metre
    head = np.array([[-0.30, -0.10], [0.30, -0.10], [0.20, 0.10], [-0.25, 0.10]]) * metre + np.array([lamp_x, lamp_y])
    cover = polygon_mask(width, rows, [_thick(line, post / 2), head])[..., None]
    own = from_hex("3c4148") * hour.facing(0.2) * 1.4
    iron = mix(own, street_haze(hour), math.exp(-depth / HAZE_DEPTH) * 0.7)
    body = to_pixels(np.clip(np.dstack([iron * cover, cover]), 0, 1))
    x, y = road.screen(side * road.half_width * KERB, 0, depth)
    left = x - foot if side < 0 else x - (width - foot)
    pole = plane_at(road, body if side < 0 else body[:, ::-1], left, y - rows, depth)
    if not hour.after_dark:
        return pole, None
    reach_px = 1.7 * metre
    radius = max(3, round(reach_px / GLOW_REDUCTION))
    light = to_pixels(lamp_glow(radius, np.clip(mix(hour.palette.glow, from_hex("ffd08a"), 0.75), 0, 1)))
    corner = x - side * reach - reach_px, y - rows + lamp_y - reach_px
    return pole, Glow(light, depth, *corner, 2 * reach_px / light.shape[0], road)


def _thick(line: Points, half: float) -> Points:
    step = np.gradient(line, axis=0)
    normal = np.stack([-step[:, 1], step[:, 0]], 1) / (np.hypot(step[:, 0], step[:, 1])[:, None] + 1e-6)
    return np.concatenate([line + normal * half, (line - normal * half)[::-1]])


def _steam(road: Perspective, hour: Hour, rng: np.random.Generator) -> Steam:
    width, rows = 64, 96
    noise = np.clip((spectral(rng, (512, width), 2.6, 2, stretch=(1, 0.6)) - 0.36) * 2.2, 0, 1)
    tile = np.concatenate([noise, noise[: rows + 2]])
    down = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    across = np.linspace(-1, 1, width, dtype=np.float32)[None]
    spread = 0.30 + 0.5 * (1 - down)
    envelope = np.exp(-((across / spread) ** 2)) * np.clip(down * 1.6, 0, 1) ** 1.2 * np.clip((1 - down) * 9, 0, 1)
    envelope *= np.clip((1 - np.abs(across)) * 4, 0, 1)
    colour = np.clip(mix(street_haze(hour), np.array([0.8, 0.85, 0.95], np.float32), 0.35) * 0.75, 0, 1)
    vents: list[tuple[float, float, float, float]] = []
    for depth, x in ((0.30, -0.38), (0.17, 0.30)):
        size = int(2.3 * road.metre * depth)
        left, foot = road.screen(x * road.half_width, 0, depth)
        vents.append((left - size / 2, foot - size * rows / width, size / width, depth))
    return Steam(to_pixels(tile), to_pixels(envelope), colour, tuple(vents), road)
