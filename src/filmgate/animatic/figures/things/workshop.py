"""The workbench of still lifes: solids, drawings and circles that are put together to things."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import to_pixels
from filmgate.animatic.figures.cutout import Card, Cutout, Patch, Piece, draw_cutout, smooth
from filmgate.animatic.figures.puppet import ellipse, point
from filmgate.animatic.figures.things.exhibit import Bench
from filmgate.animatic.figures.things.turnery import TILT, WHITE, Material, finish, turn
from filmgate.animatic.raster import Floats, Matrix, Pixels, Points, paste_light, then, tint

LAMP_REACH = 1.8  # units: how wide a lamp's light is seen in the air
FLATNESS = math.sin(TILT)
IN_PLACE: Matrix = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def shifted(x: float, y: float = 0.0, size: float = 1.0) -> Matrix:
    return np.array([[size, 0.0, x], [0.0, size, y]])


def solid(bench: Bench, line: Points, material: Material) -> Cutout:
    return finish(turn(line, bench.unit_px), material, bench.light)


def drawn(bench: Bench, *pieces: Piece) -> Card:
    return draw_cutout(pieces, bench.light, bench.unit_px), IN_PLACE


def disc(x: float, y: float, radius: float) -> Points:
    """A level circle, as seen from a little above; `y` is its height on screen."""
    return ellipse(point(x, y), radius, radius * FLATNESS, 64)


def seen(height: float) -> float:
    """How high on screen something is that is so high."""
    return height * math.cos(TILT)


def opening(
    bench: Bench, height: float, radius: float, wall: Floats, drink: Floats | None, depth: float = 0.05
) -> Card:
    """The inside of a vessel: its far wall, and what it is filled with."""
    y = seen(height)
    inside = disc(0, y, radius)
    level = disc(0, y - depth, radius * 0.97)
    shade = Patch(disc(0, y - 0.5 * radius * FLATNESS, radius * 0.9), wall * 0.45, soft=0.03, strength=0.7)
    patches = [shade]
    if drink is not None:
        sheen = smooth(
            (-0.62 * radius, y - depth + 0.02),
            (-0.1 * radius, y - depth + 0.75 * radius * FLATNESS),
            (0.1 * radius, y - depth + 0.3 * radius * FLATNESS),
            (-0.3 * radius, y - depth - 0.1 * radius * FLATNESS),
        )
        patches += [
            Patch(level, drink),
            Patch(disc(0, y - depth, radius * 0.80), np.clip(drink * 1.35 + 0.03, 0, 1), soft=0.03, strength=0.6),
            Patch(sheen, WHITE, soft=0.02, strength=0.28),
        ]
    return draw_cutout([Piece(inside, wall * 0.8, tuple(patches), roundness=0.0)], bench.light, bench.unit_px), IN_PLACE


def handle(bench: Bench, line: Points, width: float, colour: Floats) -> Card:
    """A tube along a line."""
    along = np.gradient(line, axis=0)
    across = np.stack([-along[:, 1], along[:, 0]], 1) / (np.hypot(along[:, 0], along[:, 1])[:, None] + 1e-9) * width / 2
    tube = np.concatenate([line + across, (line - across)[::-1]])
    lit = Patch(
        line + across * 0.35, np.clip(colour * 1.5 + 0.2, 0, 1), soft=width * 0.12, strength=0.6, line=width * 0.25
    )
    return draw_cutout([Piece(tube, colour, (lit,), roundness=width * 0.32)], bench.light, bench.unit_px), IN_PLACE


def rounded_box(left: float, bottom: float, right: float, top: float, radius: float) -> Points:
    turn = np.linspace(0, math.pi / 2, 8)
    corner = np.stack([np.cos(turn), np.sin(turn)], 1) * radius
    parts: list[Points] = []
    for x, y, quarter in (
        (right - radius, top - radius, 0),
        (left + radius, top - radius, 1),
        (left + radius, bottom + radius, 2),
        (right - radius, bottom + radius, 3),
    ):
        cosine, sine = math.cos(quarter * math.pi / 2), math.sin(quarter * math.pi / 2)
        parts.append(corner @ np.array([[cosine, sine], [-sine, cosine]]) + [x, y])
    return np.concatenate(parts)


@dataclass(frozen=True, slots=True, eq=False)
class Lamplight:
    """Warm light around a lamp, that breathes a little."""

    light: Pixels
    centre: tuple[float, float]

    def paint(self, target: Pixels, seconds: float, matrix: Matrix) -> None:
        side = self.light.shape[0]
        step = LAMP_REACH / side
        own = np.array([[step, 0.0, self.centre[0] - LAMP_REACH / 2], [0.0, -step, self.centre[1] + LAMP_REACH / 2]])
        paste_light(
            target,
            self.light,
            then(own, matrix),
            0.92 + 0.05 * math.sin(seconds * 1.1) + 0.03 * math.sin(seconds * 2.3),
        )


def pool_of_light() -> Pixels:
    offset = np.linspace(-1, 1, 96, dtype=np.float32)
    away = np.hypot(offset[None, :], offset[:, None] * 1.1)
    return tint(to_pixels(np.clip(1 - away, 0, 1) ** 2.2 * 0.55), np.array([1.0, 0.74, 0.42], np.float32))
