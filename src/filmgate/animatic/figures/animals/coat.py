"""Coats: what is painted on an animal's skin, as rows of weights over the points of its outline.

A place on the skin is (u, v): u runs from the tail (0) to the withers (1) and up the neck to the nape (2), v from the
under side (0) to the upper one (1). Rows are linear in the outline's points, so marks move with the skin.

`marks` in species.toml are tables with a `kind`, and a `colour` or a `shade` (times the coat's own colour):
  stripes  count, over (u from, to), reach (v to, from), width (of the space between), lean (u by v)
  spots    count, rows, size (heights of the back), over, reach; hollow: with a light heart
  tiles    count, rows, over, reach: what is left between them is the coat        patches  at: [u, v, radius, radius]
  band     over: all of the trunk between two u                                   rings    count, width: on the legs
  face     at: [x, y, radius, radius] on the head, in its lengths
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.animals.quadruped import Body
from filmgate.animatic.figures.animals.splines import Loop
from filmgate.animatic.raster import Floats

GOLDEN = 0.6180339887  # an irregular but even scatter, the same for every animal of a kind


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """An outline on the skin and its colour."""

    rows: Floats
    colour: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Skin:
    """Where the places (u, v) are on a body's outline."""

    body: Body
    loop: Loop

    def rows(self, u: Floats, v: Floats) -> Floats:
        upper = self.loop.rows(np.where(u <= 1, 4 * u, 4 + 3 * (u - 1)))
        # The under side has six points from buttock to breast, and three more to the throat.
        last = self.loop.count - 1
        lower = self.loop.rows(np.where(u <= 1, last - 6 * u, self.body.breast - 3 * (u - 1)))
        return lower + (upper - lower) * np.asarray(v)[:, None]


def marks_on(skin: Skin, patterns: Sequence[Mapping[str, Any]], coat: Floats) -> list[Mark]:
    """The marks of the trunk and neck."""
    found: list[Mark] = []
    for pattern in patterns:
        draw = _PATTERNS.get(pattern["kind"])
        if draw is not None:
            found += draw(skin, pattern, colour_of(pattern, coat), coat)
    return found


def colour_of(pattern: Mapping[str, Any], coat: Floats) -> Floats:
    return from_hex(pattern["colour"]) if "colour" in pattern else coat * np.float32(pattern["shade"])


def under_side(skin: Skin, height: float, reach: float) -> Floats:
    """Rows of a band along the belly, `height` of the trunk's depth at most, up to u = `reach`."""
    u = np.linspace(0.0, reach, 18)
    if reach > 1:
        rise = height * np.clip(np.minimum(u / 0.25, (reach - u) / 0.35), 0, 1) ** 0.7
    else:  # the shade of the belly ends softly before the thighs
        rise = height * np.sin(np.pi * u / reach) ** 1.6
    zero = np.zeros_like(u)
    return np.concatenate([skin.rows(u, zero), skin.rows(u[::-1], rise[::-1])])


def _irregular(count: int, salt: float) -> Floats:
    """Numbers -1..1 without a pattern to the eye."""
    return np.mod(np.arange(1, count + 1) * GOLDEN + salt, 1.0) * 2 - 1


def _stripes(skin: Skin, pattern: Mapping[str, Any], colour: Floats, _coat: Floats) -> list[Mark]:
    count, (low, high) = pattern["count"], pattern["reach"]
    start, end = pattern["over"]
    step = (end - start) / count
    along = np.linspace(0, 1, 7)
    marks: list[Mark] = []
    for index, (deep, aside) in enumerate(zip(_irregular(count, 0.1), _irregular(count, 0.73), strict=True)):
        at = start + (index + 0.5 + 0.12 * aside) * step
        bottom = low + (high - low) * (0.18 + 0.18 * deep) * (0.4 if low < 0.1 else 1.0)
        v = high + (bottom - high) * along
        middle = at + pattern["lean"] * (high - v) + 0.10 * step * np.sin(along * 5 + 3 * aside)
        half = 0.5 * step * pattern["width"] * np.sin(np.pi * np.clip(0.12 + 0.88 * along, 0, 1)) ** 0.6
        u = np.concatenate([middle - half, (middle + half)[::-1]])
        marks.append(Mark(skin.rows(np.clip(u, 0.005, 1.99), np.concatenate([v, v[::-1]])), colour))
    return marks


def _spots(skin: Skin, pattern: Mapping[str, Any], colour: Floats, coat: Floats) -> list[Mark]:
    (start, end), (low, high) = pattern["over"], pattern["reach"]
    count, rows, size = pattern["count"], pattern["rows"], pattern["size"]
    kind = skin.body.frame.species
    turn = np.linspace(0, 2 * np.pi, 9)[:-1]
    marks: list[Mark] = []
    jitter_u, jitter_v = _irregular(count * rows, 0.31), _irregular(count * rows, 0.87)
    for index in range(count * rows):
        row, column = divmod(index, count)
        u = start + (end - start) * (column + 0.5 + 0.5 * (row % 2) + 0.24 * jitter_u[index]) / (count + 0.5)
        v = low + (high - low) * (row + 0.5 + 0.28 * jitter_v[index]) / rows
        trunk = u <= 1
        long, deep = (kind.length, kind.chest) if trunk else (kind.neck, 2 * kind.neck_top)
        own = size * (1 + 0.25 * jitter_v[-1 - index]) * (1 if trunk else 0.7)
        for share, paint in ((1.0, colour), (0.5, coat * np.float32(0.86)))[: 2 if pattern.get("hollow") else 1]:
            around_u, around_v = u + own * share / long * np.cos(turn), v + own * share / deep * np.sin(turn)
            marks.append(Mark(skin.rows(np.clip(around_u, 0, 1.99), np.clip(around_v, 0.0, 0.97)), paint))
    return marks


def _tiles(skin: Skin, pattern: Mapping[str, Any], colour: Floats, _coat: Floats) -> list[Mark]:
    """Cells of a crooked brickwork."""
    (start, end), (low, high) = pattern["over"], pattern["reach"]
    count, rows = pattern["count"], pattern["rows"]
    crooked = _irregular((count + 2) * (rows + 1) * 2, 0.4).reshape(rows + 1, count + 2, 2)
    marks: list[Mark] = []

    def corner(row: int, column: int, shift: float) -> tuple[float, float]:
        u = start + (end - start) * (column + shift + 0.22 * crooked[row, column, 0]) / (count + 0.5)
        return u, low + (high - low) * (row + (0.22 * crooked[row, column, 1] if 0 < row < rows else 0.0)) / rows

    for row in range(rows):
        shift = 0.5 * (row % 2)
        for column in range(count):
            ring = np.array(
                [
                    corner(row, column, shift),
                    corner(row, column + 1, shift),
                    corner(row + 1, column + 1, shift),
                    corner(row + 1, column, shift),
                ]
            )
            centre = ring.mean(0)
            bevelled = np.concatenate([ring * 0.72 + np.roll(ring, side, 0) * 0.28 for side in (1, -1)])
            order = np.argsort(np.arctan2(*((bevelled - centre) / [0.12, 0.3]).T))
            inner = centre + (bevelled[order] - centre) * 0.90
            marks.append(Mark(skin.rows(np.clip(inner[:, 0], 0, 1.99), np.clip(inner[:, 1], 0, 1)), colour))
    return marks


def _patches(skin: Skin, pattern: Mapping[str, Any], colour: Floats, _coat: Floats) -> list[Mark]:
    turn = np.linspace(0, 2 * np.pi, 25)[:-1]
    marks: list[Mark] = []
    for index, (u, v, wide, high) in enumerate(pattern["at"]):
        ragged = 1 + 0.16 * np.sin(3 * turn + 2.4 * index) + 0.10 * np.sin(5 * turn + 1.1 * index)
        around_u = np.clip(u + wide * ragged * np.cos(turn), 0, 1.98)
        around_v = np.clip(v + high * ragged * np.sin(turn), 0.0, 1.0)
        marks.append(Mark(skin.rows(around_u, around_v), colour))
    return marks


def _band(skin: Skin, pattern: Mapping[str, Any], colour: Floats, _coat: Floats) -> list[Mark]:
    start, end = pattern["over"]
    u: Floats = start + (end - start) * np.linspace(0.0, 1.0, 12)
    return [Mark(np.concatenate([skin.rows(u, np.zeros(12)), skin.rows(u[::-1], np.ones(12))]), colour)]


_PATTERNS = {"stripes": _stripes, "spots": _spots, "tiles": _tiles, "patches": _patches, "band": _band}


def leg_rings(loop: Loop, nodes: int, pattern: Mapping[str, Any]) -> list[Floats]:
    """Rows over the points of a leg's outline: bands across it, from the thigh down."""
    top, bottom = 1.6, nodes - 2.4
    step = (bottom - top) / pattern["count"]
    rings: list[Floats] = []
    for index in range(pattern["count"]):
        start = top + index * step
        front = np.array([start, start + step * pattern["width"]])
        rings.append(np.concatenate([loop.rows(front), loop.rows(2 * nodes - front[::-1])]))
    return rings


def hump(skin: Skin, index: int, count: int) -> Floats:
    """Rows of one of `count` humps on the back."""
    middle = 0.56 if count == 1 else (0.34, 0.78)[index]
    half = 0.40 if count == 1 else 0.24
    u = np.linspace(-1, 1, 15)
    rise = np.cos(u * math.pi / 2) ** 1.3 * (0.62 if count == 1 else 0.50)
    rows = skin.rows(np.clip(middle + half * u, 0.0, 1.1), 0.93 + rise)
    return np.concatenate([rows, skin.rows(np.array([middle + half, middle - half]), np.array([0.6, 0.6]))])


def udder(skin: Skin) -> Floats:
    u = np.array([0.20, 0.24, 0.29, 0.34, 0.40, 0.38, 0.24])
    return skin.rows(u, np.array([0.05, -0.10, -0.17, -0.15, 0.04, 0.14, 0.14]))
