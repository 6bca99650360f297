"""One side of a street: fronts in a row to the vanishing point, and their mirror image in a wet road."""

from __future__ import annotations

import math

import cv2
import numpy as np

from filmgate.animatic.architecture.facades import draw_facade
from filmgate.animatic.architecture.hour import Hour
from filmgate.animatic.architecture.perspective import Perspective
from filmgate.animatic.architecture.signs import HungSign
from filmgate.animatic.colour import from_hex, mix, to_pixels
from filmgate.animatic.raster import (
    Floats,
    Pixels,
    add_light,
    add_weighted,
    blur,
    halve,
    multiply,
    resize,
    sample,
    triple,
    with_spare_channel,
)

FURTHEST = 0.045
OVERHANG = 1.22  # of half the frame's width
SPARE = 0.13  # bases above the frame, for a camera that rises
HAZE_DEPTH = 0.105  # where the air has swallowed most of a front
SMEAR = 9.0  # how far a wet road draws its lights out, in 720p pixels
FINEST = 0.62  # depth whose resolution the nearest front is drawn at: it is at the rim of the frame
PART_OF_WALL = 0.24  # signs further away than this show no parallax of their own
GABLE = 11.0  # how far back a house reaches, in metres


def draw_wall(
    road: Perspective,
    hour: Hour,
    sun: float,
    heights: tuple[float, float],
    wetness: float,
    signs: tuple[HungSign, ...],
    rng: np.random.Generator,
) -> tuple[Pixels, int]:
    """A premultiplied RGBA picture whose columns count outwards from the vanishing point, and its horizon's row.

    `heights` in metres are the lowest and the highest house. Far signs are part of the picture, all of them are part
    of the mirror image that lies below the pavement if it is wet.
    """
    canvas = road.canvas
    width = int(canvas.width / 2 * OVERHANG) + 2
    top_rows = int(road.horizon + SPARE * canvas.base)
    rows = top_rows + math.ceil(road.drop)
    picture = np.zeros((rows, width, 4), np.uint8)
    glow = np.zeros((rows, width, 3), np.uint8)
    for near, far in reversed(_lots(road, rng)):
        _lay_front(picture, glow, (road, top_rows), (near, far), (hour, sun, heights), rng)
    depth = (np.arange(width, dtype=np.float32) + np.float32(0.5)) / np.float32(road.half_width)
    spill_light(picture, glow)
    _in_air(picture, depth, hour)
    for sign in signs:
        if sign.body.depth < PART_OF_WALL:
            _lay_sign(picture, sign, road, top_rows, hour)
    if wetness > 0:
        with_signs = picture.copy()
        for sign in signs:
            if sign.body.depth >= PART_OF_WALL:
                _lay_sign(with_signs, sign, road, top_rows, hour)
        _mirror(picture, with_signs, depth, top_rows, road)
    return picture, top_rows


def _lay_sign(picture: Pixels, sign: HungSign, road: Perspective, top_rows: int, hour: Hour) -> None:
    body = sign.picture if sign.side > 0 else np.ascontiguousarray(sign.picture[:, ::-1])
    height, width = body.shape[:2]
    corner = sign.body.left - sign.margin
    inner = corner - road.middle if sign.side > 0 else road.middle - corner - width
    left, top = round(inner), round(sign.body.top - sign.margin - road.horizon + top_rows)
    first, upper = max(0, left), max(0, top)
    last, lower = min(picture.shape[1], left + width), min(picture.shape[0], top + height)
    if last <= first or lower <= upper:
        return
    part = fade_into_air(body, hour, sign.body.depth)[upper - top : lower - top, first - left : last - left]
    box = picture[upper:lower, first:last]
    kept = 255 - part[..., 3:].astype(np.uint16)
    box[:] = np.minimum(box * kept // 255 + part, 255).astype(np.uint8)


def fade_into_air(body: Pixels, hour: Hour, depth: float) -> Pixels:
    """A premultiplied thing at `depth` behind the air before it."""
    share = math.exp(-depth / HAZE_DEPTH) * 0.75
    cover = body[..., 3:].astype(np.float32) / np.float32(255)
    faded = body[..., :3] * (1 - share) + street_haze(hour) * 255 * cover * share
    return np.dstack([faded.astype(np.uint8), body[..., 3]])


def _lots(road: Perspective, rng: np.random.Generator) -> list[tuple[float, float]]:
    """(near depth, far depth) of every front, the nearest first."""
    lots: list[tuple[float, float]] = []
    away = road.focal * road.half_width / (OVERHANG * road.canvas.width / 2) * 0.98
    while away < road.focal / FURTHEST:
        frontage = float(rng.uniform(6.5, 12)) * (1.0 if road.focal / away > 0.16 else 2.2) * road.metre
        lots.append((road.focal / away, road.focal / (away + frontage)))
        away += frontage
    return lots


def _lay_front(
    picture: Pixels,
    glow: Pixels,
    frame: tuple[Perspective, int],
    lot: tuple[float, float],
    lighting: tuple[Hour, float, tuple[float, float]],
    rng: np.random.Generator,
) -> None:
    (road, top_rows), (near, far), (hour, sun, heights) = frame, lot, lighting
    high = float(rng.uniform(*heights))
    seen = (top_rows / far + road.drop) / road.metre + 0.5
    height = min(high, seen)
    length = road.focal * (1 / far - 1 / near) / road.metre
    middle = min(FINEST, math.sqrt(near * far))
    shape = (
        max(4, int(height * road.metre * middle)),
        max(4, int(length * road.metre * road.half_width * middle**2 / road.focal)),
    )
    first, last = int(road.half_width * far), min(picture.shape[1], int(road.half_width * near) + 1)
    if last <= first:
        return
    tall = height * road.metre
    if high <= seen:
        _lay_gable(picture, glow, frame, (near, tall), hour, rng)
    colour, shine = draw_facade(rng, (length, height), shape, hour, sun)
    seen_from = np.array([[0, 0], [shape[1], 0], [shape[1], shape[0]], [0, shape[0]]], np.float32)
    corners = [
        (road.half_width * depth - first, top_rows + (road.drop - level) * depth)
        for depth, level in ((near, tall), (far, tall), (far, 0.0), (near, 0.0))
    ]
    matrix = np.asarray(cv2.getPerspectiveTransform(seen_from, np.array(corners, np.float32)), np.float64)
    art = np.dstack([to_pixels(np.clip(colour, 0, 1)), to_pixels(shine)])
    placed = warp_onto(art, matrix, last - first, picture.shape[0])
    shown = without_cover(placed)
    shining = multiply(shown, triple(cover_of(placed)))
    placed = with_spare_channel(shown)  # of 255: a front is solid
    columns = np.arange(first, last, dtype=np.float32) + np.float32(0.5)
    roof = top_rows + (road.drop - tall) * columns / road.half_width
    if high > seen:
        picture[:, first:last], glow[:, first:last] = placed, shining
        return
    upper, lower = max(0, int(roof.min()) - 1), max(0, min(picture.shape[0], int(roof.max()) + 2))
    lines = np.arange(upper, lower, dtype=np.float32)[:, None] + np.float32(0.5)
    cover = np.clip(lines - roof[None] + 0.5, 0, 1)[..., None]
    for whole, part in ((picture, placed), (glow, shining)):
        edge = whole[upper:lower, first:last]
        edge[:] = (edge * (1 - cover) + part[upper:lower] * cover).astype(np.uint8)
        whole[lower:, first:last] = part[lower:]


def _lay_gable(
    picture: Pixels,
    glow: Pixels,
    frame: tuple[Perspective, int],
    house: tuple[float, float],
    hour: Hour,
    rng: np.random.Generator,
) -> None:
    """The blank end wall of a house, seen over a lower neighbour that stands nearer."""
    (road, top_rows), (near, tall) = frame, house
    left, right = int(road.half_width * near), int((road.half_width + GABLE * road.metre) * near)
    top = max(0, round(top_rows + (road.drop - tall) * near))
    tone = hour.facing(-0.35) * from_hex("b3a698") * np.float32(rng.uniform(0.75, 1.0))
    share = math.exp(-near / HAZE_DEPTH) * 0.8
    colour = mix(tone, street_haze(hour), share)
    picture[top:, left:right] = (*(np.clip(colour, 0, 1) * 255).astype(np.uint8), 255)
    glow[top:, left:right] = 0


def warp_onto(art: Pixels, matrix: Floats, width: int, height: int) -> Pixels:
    placed = cv2.warpPerspective(art, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(placed, np.uint8)


def without_cover(picture: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGRA2BGR), np.uint8)


def cover_of(picture: Pixels) -> Pixels:
    return np.asarray(cv2.extractChannel(picture, 3), np.uint8)


def set_colours(picture: Pixels, colours: Pixels) -> None:
    """Give an RGBA `picture` other colours and leave its cover."""
    cv2.mixChannels([colours], [picture], [0, 0, 1, 1, 2, 2])


def spill_light(picture: Pixels, glow: Pixels) -> None:
    """Lit windows and boards (`glow`, RGB) shine on the walls around them (`picture`, premultiplied RGBA)."""
    if not glow.any():
        return
    small = halve(halve(glow))
    unit = max(0.6, small.shape[0] / 200)
    soft = cv2.addWeighted(blur(small, 3.0 * unit), 0.55, blur(small, 11.0 * unit), 0.75, 0.0)
    light = resize(np.asarray(soft, np.uint8), glow.shape[1], glow.shape[0])
    seen = without_cover(picture)
    add_light(seen, multiply(light, triple(cover_of(picture)), 0.8))
    set_colours(picture, seen)


def _in_air(picture: Pixels, depth: Floats, hour: Hour) -> None:
    """The further a front, the more air before it."""
    share = np.exp(-depth / HAZE_DEPTH) * (0.80 if hour.after_dark else 0.86)
    rows = picture.shape[0]
    kept = np.repeat(to_pixels(np.repeat(1 - share[:, None], 3, 1))[None], rows, 0)
    added = np.repeat(to_pixels(share[:, None] * street_haze(hour))[None], rows, 0)
    seen = multiply(without_cover(picture), kept)
    add_light(seen, multiply(added, triple(cover_of(picture))))
    set_colours(picture, seen)


def street_haze(hour: Hour) -> Floats:
    """What the far end of a street dissolves into."""
    palette = hour.palette
    if hour.after_dark:
        return mix(hour.haze * 0.62, palette.glow, 0.18)
    return mix(hour.haze, palette.glow, 0.22 if hour.backlit else 0.05)


def _mirror(picture: Pixels, mirrored: Pixels, depth: Floats, top_rows: int, road: Perspective) -> None:
    """Below the foot of the wall: its mirror image, drawn out by the roughness of the road."""
    rows, width = picture.shape[:2]
    foot = (top_rows + road.drop * depth).astype(np.float32)[None]
    lines = np.arange(top_rows, rows, dtype=np.float32)[:, None] + np.zeros((1, width), np.float32)
    source = np.where(lines > foot, 2 * foot - lines, lines)
    map_x = np.repeat(np.arange(width, dtype=np.float32)[None], rows - top_rows, 0)
    part = sample(mirrored, map_x, source)
    unit = road.canvas.unit
    wide = blur(halve(part), 0.8 * unit, SMEAR * 1.5 * unit)
    smeared = add_weighted(blur(part, 0.8 * unit, SMEAR * unit), 0.6, resize(wide, width, part.shape[0]), 0.5)
    share = np.clip((lines - foot) / (3 * unit), 0, 1)[..., None]
    below = picture[top_rows:]
    below[:] = (below * (1 - share) + smeared * share).astype(np.uint8)
