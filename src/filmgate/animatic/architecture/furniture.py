"""What stands and hangs in a street, each thing at its own depth: signs, lamps, trees, cables, cars and steam."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from filmgate.animatic.architecture.lights import Rhythm
from filmgate.animatic.architecture.perspective import Perspective
from filmgate.animatic.architecture.signs import blade_sign
from filmgate.animatic.architecture.towers import Hour
from filmgate.animatic.architecture.wall import HAZE_DEPTH, street_haze
from filmgate.animatic.camera import View, plane_matrix
from filmgate.animatic.colour import from_hex, mix, to_pixels
from filmgate.animatic.figures.craft import lamp_glow
from filmgate.animatic.layers import Layer
from filmgate.animatic.noise import spectral
from filmgate.animatic.raster import (
    Floats,
    Pixels,
    Points,
    apply,
    blur,
    merge,
    paste_light,
    place,
    polygon_mask,
    resize,
    scale,
    screen,
    stroke,
    then,
    warp,
)
from filmgate.animatic.scene import Brief, Moment

KERB = 0.66  # of the half width: where lamps and trees stand
SIGN_DEPTHS = (0.60, 0.50, 0.42, 0.355, 0.30, 0.255, 0.215, 0.18, 0.15, 0.125)
LAMP_DEPTHS = (0.58, 0.33, 0.20, 0.13)
TREE_DEPTHS = (0.46, 0.27, 0.17)
LAMP_HEIGHT, TREE_HEIGHT = 5.6, 6.6  # metres
CAR_NEAREST, CAR_FURTHEST = 0.17, 0.05  # depths between which traffic is seen
FOLIAGE = {"autumn": ("c9722c", "d9a13a", "a8472a"), "spring": ("e6a8bc", "f0c4d0", "8fb46a"), None: ("4c7a3c", "5f8f46", "3d6636")}


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A thing at one depth, the light that it gives, and that light's streak on a wet road."""

    body: Layer | None
    light: Layer | None
    streak: Layer | None
    rhythm: Rhythm
    least: float  # the light's lowest share

    @property
    def depth(self) -> float:
        layer = self.body or self.light
        return 0.0 if layer is None else layer.depth

    def level(self, seconds: float) -> float:
        return self.least + (1 - self.least) * self.rhythm.at(seconds)


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
    pieces: tuple[Piece, ...]  # the furthest first
    cables: tuple[Cable, ...]
    cable_colour: Floats
    cars: Floats  # (n, 3): lane -1 or 1, start 0..1, pace
    lamps: tuple[Pixels, Pixels]  # glows of head and tail lights
    steam: Steam | None

    def paint_reflections(self, frame: Pixels, moment: Moment) -> None:
        """Streaks of light under the surface of a wet road; paint the road over them."""
        for piece in self.pieces:
            if piece.streak is not None:
                _paint_light(frame, piece.streak, moment.view, piece.level(moment.seconds))

    def paint(self, frame: Pixels, moment: Moment) -> None:
        self._paint_cars(frame, moment)
        for piece in self.pieces:
            if piece.body is not None:
                piece.body.paint(frame, moment.view)
            if piece.light is not None:
                _paint_light(frame, piece.light, moment.view, piece.level(moment.seconds))
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
            radius = glow.shape[0] / 2
            for aside in (-0.75, 0.75):
                at = road.screen(lane * road.half_width * 0.26 + aside * road.metre, 0.65 * road.metre, depth)
                point: Points = apply(matrix, np.array([at]))[0]
                size = depth / CAR_NEAREST
                paste_light(frame, glow, place(float(point[0]), float(point[1]), size, pivot=(radius, radius)), shown)


@dataclass(frozen=True, slots=True, eq=False)
class Steam:
    """Vapour that rises from the road: a scrolling tile under a soft envelope."""

    tile: Pixels
    envelope: Pixels
    colour: Floats
    vents: tuple[Layer, ...]  # empty planes that say where

    def paint(self, frame: Pixels, moment: Moment) -> None:
        rows, width = self.envelope.shape
        for index, vent in enumerate(self.vents):
            offset = (moment.seconds * 26 + 61 * index) % (self.tile.shape[0] - rows - 1)
            drift = place(2.5 * math.sin(moment.seconds * 0.6 + index), -offset)
            cloud = warp(self.tile, drift, width, rows)
            shaped = np.asarray(cloud * (self.envelope / np.float32(255)), np.uint8)
            light = merge(*(scale(shaped, float(channel)) for channel in self.colour))
            matrix = plane_matrix(vent.canvas, vent.horizon, vent.depth, moment.view)
            size = vent.pixels.shape[1] / width
            paste_light(frame, light, then(place(vent.left, vent.top, size), matrix))


def build_furniture(brief: Brief, road: Perspective, hour: Hour, wetness: float) -> Furniture:
    palette, rng = brief.palette, brief.rng
    lit = hour.after_dark
    neon = palette.name == "neon"
    pieces: list[Piece] = []
    for index, depth in enumerate(SIGN_DEPTHS):
        sides = (-1, 1) if neon or index % 2 else ((-1,) if index % 4 else (1,))
        pieces.extend(_sign(road, hour, side, depth * float(rng.uniform(0.94, 1.06)), wetness, rng) for side in sides)
    if not neon:
        pieces.extend(_lamp(road, hour, side, depth, lit, wetness) for depth in LAMP_DEPTHS for side in (-1, 1))
        pieces.extend(_tree(road, hour, side, depth, brief, rng) for depth in TREE_DEPTHS for side in (-1, 1))
    unit = road.canvas.unit
    glows = tuple(to_pixels(lamp_glow(max(2, int(15 * unit)), from_hex(value))) for value in ("ffe6b8", "ff3a26"))
    count = 0 if neon else 7
    cars = np.stack([np.where(np.arange(count) % 2, 1.0, -1.0), rng.uniform(0, 1, count), rng.uniform(0.05, 0.075, count)], 1)
    return Furniture(
        road=road,
        pieces=tuple(sorted(pieces, key=lambda piece: piece.depth)),
        cables=_cables(road, rng, 6 if neon else 3),
        cable_colour=palette.near * 0.6 if hour.backlit else from_hex("3a3c40") * 0.9,
        cars=cars if lit else cars[:0],
        lamps=(glows[0], glows[1]),
        steam=_steam(road, hour, rng) if palette.name in ("neon", "night") else None,
    )


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


def _paint_light(frame: Pixels, light: Layer, view: View, strength: float) -> None:
    matrix = plane_matrix(light.canvas, light.horizon, light.depth, view)
    paste_light(frame, light.pixels, then(place(light.left, light.top), matrix), strength)


def _plane(road: Perspective, pixels: Pixels, left: float, top: float, depth: float) -> Layer:
    return Layer(np.ascontiguousarray(pixels), depth, round(left), round(top), road.canvas, road.horizon)


def _in_air(body: Pixels, hour: Hour, depth: float) -> Pixels:
    share = math.exp(-depth / HAZE_DEPTH) * 0.75
    cover = body[..., 3:].astype(np.float32) / np.float32(255)
    faded = body[..., :3] * (1 - share) + street_haze(hour) * 255 * cover * share
    return np.dstack([faded.astype(np.uint8), body[..., 3]])


def _sign(
    road: Perspective, hour: Hour, side: int, depth: float, wetness: float, rng: np.random.Generator
) -> Piece:
    lit, metre = hour.after_dark, road.metre
    width = max(3, int(rng.uniform(0.7, 1.25) * metre * depth))
    height = max(6, int(width * rng.uniform(2.2, 4.4)))
    bottom = rng.uniform(3.1, 6.0) * metre
    light = hour.facing(np.float32(0.1)) * 1.1
    body, shine = blade_sign(rng, width, height, lit, light)
    margin = (body.shape[1] - width) / 2
    wall_x, foot_y = road.screen(side * road.half_width, bottom, depth)
    left = wall_x - margin - (width + 0.12 * metre * depth if side > 0 else -0.12 * metre * depth)
    top = foot_y - height - margin
    layer = _plane(road, _in_air(body, hour, depth), left, top, depth)
    if not lit:
        return Piece(layer, None, None, Rhythm(9, 0), 1.0)
    rhythm = Rhythm.screen(rng)
    glow = replace(layer, pixels=shine)
    return Piece(layer, glow, _streak(road, glow, bottom, height, wetness), rhythm, float(rng.uniform(0.2, 0.8)))


def _streak(road: Perspective, glow: Layer, bottom: float, height: int, wetness: float) -> Layer | None:
    """The mirror image of a light, drawn out downwards."""
    depth = glow.depth
    top = road.horizon + (road.drop + bottom) * depth
    if wetness <= 0 or top > road.canvas.height * 1.1:
        return None
    flipped = np.ascontiguousarray(glow.pixels[::-1])
    tall = resize(flipped, flipped.shape[1], int(flipped.shape[0] * 1.5))
    soft = blur(tall, max(0.5, tall.shape[1] * 0.03), max(0.5, height * 0.16))
    margin = (glow.pixels.shape[0] - height) / 2
    return replace(glow, pixels=scale(soft, 1.25), top=round(top - margin))


def _lamp(road: Perspective, hour: Hour, side: int, depth: float, lit: bool, wetness: float) -> Piece:
    """A post with an arm that reaches over the road."""
    metre = road.metre * depth
    height, reach = LAMP_HEIGHT * metre, 1.3 * metre
    width, rows = int(reach + metre), int(height) + 4
    post = max(1.2, 0.11 * metre)
    foot = 0.4 * metre
    arch = np.linspace(0, math.pi / 2, 12)
    inner = [(foot + reach * math.sin(turn), 0.75 * metre * (math.cos(turn) - 1) + 0.8 * metre) for turn in arch]
    line = np.array([(foot, height), *[(x, 0.8 * metre - y + 0.0) for x, y in inner]])
    outline = _thick(line, post / 2)
    head = np.array([[foot + reach - 0.3 * metre, 0.75 * metre], [foot + reach + 0.3 * metre, 0.75 * metre], [foot + reach + 0.2 * metre, 0.95 * metre], [foot + reach - 0.25 * metre, 0.95 * metre]])
    cover = polygon_mask(width, rows, [outline, head])
    iron = mix(from_hex("3c4148") * hour.facing(np.float32(0.2)) * 1.4, street_haze(hour), math.exp(-depth / HAZE_DEPTH) * 0.7)
    body = np.dstack([to_pixels(np.clip(iron * cover[..., None], 0, 1)), to_pixels(cover)])
    if side > 0:
        body = body[:, ::-1]
    x, y = road.screen(side * road.half_width * KERB, 0, depth)
    left = x - foot if side < 0 else x - (width - foot)
    layer = _plane(road, body, left, y - rows, depth)
    if not lit:
        return Piece(layer, None, None, Rhythm(9, 0), 1.0)
    radius = max(3, int(1.5 * metre))
    warm = np.clip(mix(hour.palette.glow, from_hex("ffd08a"), 0.7), 0, 1)
    glow = _plane(road, to_pixels(lamp_glow(radius, warm)), x - side * reach - radius, y - rows + 0.9 * metre - radius, depth)
    streak = _streak(road, glow, (LAMP_HEIGHT - 0.9) * road.metre - radius / depth, 2 * radius, wetness)
    return Piece(layer, glow, streak, Rhythm(9, 0), 1.0)


def _thick(line: Points, half: float) -> Points:
    step = np.gradient(line, axis=0)
    normal = np.stack([-step[:, 1], step[:, 0]], 1) / (np.hypot(step[:, 0], step[:, 1])[:, None] + 1e-6)
    return np.concatenate([line + normal * half, (line - normal * half)[::-1]])


def _tree(road: Perspective, hour: Hour, side: int, depth: float, brief: Brief, rng: np.random.Generator) -> Piece:
    """A street tree: a trunk, and a crown of clumps of leaves that the light falls on from above."""
    metre = road.metre * depth
    height, crown = int(TREE_HEIGHT * metre), 2.3 * metre
    width = int(crown * 2.2)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    middle = (width / 2, crown * 1.05)
    leaves = np.full((height, width), -1.0, np.float32)
    lit = np.zeros((height, width), np.float32)
    for _ in range(16):
        angle, away = rng.uniform(0, 2 * math.pi), rng.uniform(0, 0.62) * crown
        x, y = middle[0] + math.cos(angle) * away, middle[1] + math.sin(angle) * away * 0.8
        radius = rng.uniform(0.3, 0.5) * crown
        inside = 1 - np.hypot(columns - x, rows - y) / radius
        lit = np.where(inside > leaves, 0.5 - (rows - y) / radius * 0.35 - (columns - x) / radius * 0.15 * side, lit)
        leaves = np.maximum(leaves, inside)
    texture = resize(spectral(rng, (128, 128), 1.4, 6), width, height)
    cover = np.clip((leaves + (texture - 0.5) * 1.5) * 6, 0, 1)
    trunk = np.clip((0.11 * metre - np.abs(columns - middle[0])) + 0.5, 0, 1) * (rows > middle[1])
    options = FOLIAGE.get(brief.reading.season, FOLIAGE[None])
    green = from_hex(options[int(rng.integers(len(options)))])
    light = hour.facing(np.float32(0.55)) * (0.62 + 0.9 * np.clip(lit + (texture - 0.5) * 0.7, 0, 1))[..., None]
    colour = np.where(cover[..., None] > 0.02, green * light, from_hex("4a3c32") * hour.facing(np.float32(0.0)))
    whole = np.maximum(cover, trunk)
    body = np.dstack([to_pixels(np.clip(colour, 0, 1) * whole[..., None]), to_pixels(whole)])
    x, y = road.screen(side * road.half_width * (KERB + 0.12), 0, depth)
    layer = _plane(road, _in_air(body, hour, depth), x - width / 2, y - height, depth)
    return Piece(layer, None, None, Rhythm(9, 0), 1.0)


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
    vents: list[Layer] = []
    for depth, x in ((0.30, -0.38), (0.17, 0.30)):
        size = int(2.3 * road.metre * depth)
        left, foot = road.screen(x * road.half_width, 0, depth)
        vents.append(_plane(road, np.zeros((1, max(2, size), 3), np.uint8), left - size / 2, foot - size * rows / width, depth))
    return Steam(to_pixels(tile), to_pixels(envelope), colour, tuple(vents))
