"""Signs that say nothing: abstract characters on boards, in neon and on paper lanterns."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.architecture.hour import Hour
from filmgate.animatic.architecture.lights import Rhythm
from filmgate.animatic.architecture.perspective import Glow, Perspective, plane_at
from filmgate.animatic.colour import from_hex, mix, to_pixels
from filmgate.animatic.layers import Layer
from filmgate.animatic.raster import SUBPIXEL_BITS, Floats, Pixels, blur, resize

NEON = ("ff4fb4", "41e0ff", "b26bff", "ffd24a", "ff5a3d", "5affc0", "ff3c6a", "7fb4ff")
PAINTED = ("b23a2e", "1f5f8a", "2f7a4f", "d9a43a", "e8e2d4", "5b3f7a", "c2562e")
LATTICE = 4  # strokes run between the points of a 4 x 4 lattice


UNSTEADY = 0.35  # share of lit signs whose light breathes
STEADY_HALO, DIM_HALO = 0.95, 0.60
HALO_REDUCTION = 4


@dataclass(frozen=True, slots=True, eq=False)
class HungSign:
    """A sign that juts out of a wall at one depth, its halo, and what an unsteady one adds from time to time."""

    side: int
    body: Layer
    picture: Pixels  # the same with its halo, which reaches `margin` pixels further
    margin: int
    halo: Glow | None
    flicker: Glow | None
    rhythm: Rhythm


def hang_signs(
    road: Perspective, hour: Hour, side: int, depths: tuple[float, ...], rng: np.random.Generator
) -> tuple[HungSign, ...]:
    """One sign at about each depth along one side of a street, the furthest first."""
    return tuple(_hang(road, hour, side, depth * float(rng.uniform(0.93, 1.06)), rng) for depth in sorted(depths))


def _hang(road: Perspective, hour: Hour, side: int, depth: float, rng: np.random.Generator) -> HungSign:
    metre = road.metre * depth
    width = max(3, int(rng.uniform(0.7, 1.25) * metre))
    height = max(6, int(width * rng.uniform(2.2, 4.4)))
    lit = hour.after_dark
    sign = blade_sign(rng, width, height, lit, hour.facing(0.1) * 1.1)
    unsteady = lit and rng.uniform() < UNSTEADY
    margin = sign.margin
    box = np.s_[margin : margin + height, margin : margin + width]
    body, halo = sign.face, sign.halo * (STEADY_HALO if not unsteady else DIM_HALO)
    if lit and not unsteady:
        body[..., :3] += sign.tubes
    body[..., :3] += halo[box]
    picture = np.dstack([halo, np.zeros(halo.shape[:2], np.float32)])
    picture[box] = body
    wall, foot = road.screen(side * road.half_width, float(rng.uniform(3.2, 6.2)) * road.metre, depth)
    bracket = 0.12 * metre
    left, top = wall - width - bracket if side > 0 else wall + bracket, foot - height
    return HungSign(
        side=side,
        body=plane_at(road, to_pixels(np.clip(body, 0, 1)), left, top, depth),
        picture=to_pixels(np.clip(picture, 0, 1)),
        margin=margin,
        halo=_glow(road, halo, left - margin, top - margin, depth, HALO_REDUCTION) if lit else None,
        flicker=_glow(road, sign.tubes, left, top, depth, 1) if unsteady else None,
        rhythm=Rhythm.screen(rng),
    )


def _glow(road: Perspective, light: Floats, left: float, top: float, depth: float, size: int) -> Glow:
    rows, columns = light.shape[:2]
    small = resize(light, -(-columns // size), -(-rows // size), cv2.INTER_AREA) if size > 1 else light
    return Glow(to_pixels(np.clip(small, 0, 1)), depth, round(left), round(top), size, road)


def characters(rng: np.random.Generator, shape: tuple[int, int], rows: int, columns: int) -> Pixels:
    """A mask of `rows` x `columns` invented characters that fill `shape` (height, width)."""
    mask = np.zeros(shape, np.uint8)
    cell = min(shape[0] / rows, shape[1] / columns)
    thickness = max(1, round(cell * 0.075))
    lines: list[Floats] = []
    for row in range(rows):
        for column in range(columns):
            centre = np.array([(column + 0.5) * shape[1] / columns, (row + 0.5) * shape[0] / rows])
            lines.extend(centre + _strokes(rng) * cell * 0.36)
    # All of them in one call: a street has thousands.
    fixed = np.round(np.array(lines) * (1 << SUBPIXEL_BITS)).astype(np.int32)
    cv2.polylines(mask, list(fixed), False, (255.0,), thickness, cv2.LINE_AA, SUBPIXEL_BITS)
    return mask


def _strokes(rng: np.random.Generator) -> Floats:
    """(n, 2, 2) ends -1..1: mostly level and upright, as brushes and tubes like it."""
    count = int(rng.integers(5, 9))
    start, axis = rng.integers(0, LATTICE, (count, 2)), rng.integers(0, 2, count)
    step = np.zeros_like(start)
    each = np.arange(count)
    step[each, axis] = rng.integers(1, LATTICE, count)
    step[each, 1 - axis] = rng.uniform(0, 1, count) < 0.22
    return np.stack([start, (start + step) % LATTICE], 1) * (2 / (LATTICE - 1)) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Blade:
    """A sign that juts out of a wall. When lit its halo is larger than the sign by `margin` on every side."""

    face: Floats  # premultiplied RGBA
    tubes: Floats  # light of what is written on it
    halo: Floats
    margin: int


def blade_sign(rng: np.random.Generator, width: int, height: int, lit: bool, light: Floats) -> Blade:
    margin = width if lit else 0
    shape = (height + 2 * margin, width + 2 * margin)
    box = np.s_[margin : margin + height, margin : margin + width]
    colour = from_hex(NEON[int(rng.integers(len(NEON)))] if lit else PAINTED[int(rng.integers(len(PAINTED)))])
    glyphs = characters(rng, (height, width), max(1, round(height / width)), 1).astype(np.float32) / 255
    border = _border(height, width)
    filled = rng.uniform() < 0.35
    face = colour if filled else from_hex("16131c")
    ink = from_hex("fff8ec") if filled else colour
    line = np.maximum(glyphs, border)[..., None]
    opaque = np.ones((height, width), np.float32)
    if not lit:
        board = mix(colour, from_hex("f4efe4") if colour.mean() < 0.6 else from_hex("3a2a24"), glyphs[..., None])
        face = np.dstack([np.clip(board * light, 0, 1), opaque])
        return Blade(face, np.zeros((*shape, 3), np.float32), np.zeros((*shape, 3), np.float32), margin)
    core = np.clip(mix(face * (0.85 if filled else 1.0), ink, line), 0, 1)
    tubes = np.zeros((*shape, 3), np.float32)
    tubes[box] = colour * (0.75 if filled else line) + 0.0
    halo = _halo(tubes, width * 0.10)
    halo *= np.minimum(*np.meshgrid(_fade(shape[0], margin), _fade(shape[1], margin), indexing="ij"))[..., None]
    return Blade(np.dstack([core * 0.72, opaque]), core * line * np.float32(0.45), halo, margin)


def _halo(tubes: Floats, sigma: float) -> Floats:
    """Close and wide glow of `tubes`, worked out at a part of the size where they are wide."""
    height, width = tubes.shape[:2]
    small = resize(tubes, max(1, width // HALO_REDUCTION), max(1, height // HALO_REDUCTION), cv2.INTER_AREA)
    close = blur(small, max(0.3, sigma / HALO_REDUCTION)) * 0.55
    wide = blur(small, max(0.3, sigma * 4 / HALO_REDUCTION)) * 0.9
    return resize(close + wide, width, height)


def lantern(radius: int, lit: bool) -> tuple[Pixels, Pixels]:
    """A round red paper lantern with a tassel, hanging from the middle of its upper edge, and its light."""
    size = radius * 8
    rows, columns = np.mgrid[0:size, 0:size].astype(np.float32)
    middle = size / 2 - 0.5
    x, y = (columns - middle) / radius, (rows - middle) / (radius * 0.86)
    distance = np.hypot(x, y)
    body = np.clip((1 - distance) * radius + 0.5, 0, 1)
    ribs = 0.86 + 0.14 * np.cos(np.arcsin(np.clip(x / np.sqrt(np.clip(1 - y * y, 0.05, 1)), -1, 1)) * 9)
    shade = (1.0 if lit else 0.72) * ribs * (1 - 0.35 * np.clip(distance, 0, 1) ** 2)
    colour = mix(
        from_hex("c8201c"), from_hex("ff8a3a"), (np.exp(-(distance**2) * 2.0) * (0.9 if lit else 0.15))[..., None]
    )
    caps = np.clip(0.34 - np.abs(x), 0, 0.04) / 0.04 * (np.abs(np.abs(y) - 1.0) < 0.13)
    tassel = np.clip(0.10 - np.abs(x), 0, 0.05) / 0.05 * ((y > 1.1) & (y < 2.0))
    gold = np.clip(np.maximum(caps, tassel), 0, 1)
    picture = mix(colour * shade[..., None], from_hex("d8a030") * (0.9 if lit else 0.7), gold[..., None])
    cover = np.maximum(body, gold)
    glow = (
        np.exp(-np.clip(distance - 0.9, 0, None) * 1.5)
        * 0.55
        * np.clip((size / 2 / radius - np.hypot(x, y)) / 1.5, 0, 1)
    )
    light = glow[..., None] * from_hex("ff5a26") if lit else np.zeros((size, size, 3), np.float32)
    return to_pixels(np.dstack([np.clip(picture, 0, 1) * cover[..., None], cover])), to_pixels(light)


def _border(height: int, width: int) -> Floats:
    mask = np.zeros((height, width), np.uint8)
    inset, thickness = max(1, width // 12), max(1, width // 14)
    cv2.rectangle(mask, (inset, inset), (width - 1 - inset, height - 1 - inset), (255,), thickness, cv2.LINE_AA)
    return mask.astype(np.float32) / np.float32(255)


def _fade(length: int, margin: int) -> Floats:
    """1 over the sign, falling to 0 at the rim of its halo."""
    position = np.arange(length, dtype=np.float32) + np.float32(0.5)
    away = np.clip(np.minimum(position, length - position) / max(1, margin), 0, 1)
    return (away * away * (3 - 2 * away)).astype(np.float32)
