"""Lights of a town that live: windows that go on and off, screens that change, beacons, and traffic far away."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import astuple, dataclass, field
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from filmgate.animatic.colour import from_hex
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Matrix,
    Pixels,
    Points,
    apply,
    paste_light,
    place,
    screen,
    then,
)
from filmgate.animatic.scene import Moment

HEADLIGHT, TAILLIGHT = "ffedc7", "ff4729"
OUT = 0.01  # a light that is dimmer than this is not drawn
RGB = np.dtype((np.void, 3))  # a pixel as one item
LANE_WRAP = 1.3  # frame widths after which a car comes round again, well out of sight


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a light is on: the part of a sine of `period` seconds that lies above `threshold`, its edges `soft` wide."""

    period: float
    phase: float
    threshold: float = 0.0
    soft: float = 0.12

    def at(self, seconds: float) -> float:
        """How brightly the light shines, 0..1."""
        wave = math.sin(seconds * 2 * math.pi / self.period + self.phase)
        rise = min(1.0, max(0.0, (wave - self.threshold + self.soft) / (2 * self.soft)))
        return rise * rise * (3 - 2 * rise)

    @staticmethod
    def window(rng: np.random.Generator) -> Rhythm:
        """Somebody comes home, somebody goes to bed: on and off within about a second, twice in half a minute."""
        return Rhythm(float(rng.uniform(9, 34)), float(rng.uniform(0, 2 * math.pi)))

    @staticmethod
    def screen(rng: np.random.Generator) -> Rhythm:
        """The slow breath of a billboard or a neon tube."""
        return Rhythm(float(rng.uniform(3.5, 8)), float(rng.uniform(0, 2 * math.pi)), 0.0, 1.3)

    @staticmethod
    def beacon(rng: np.random.Generator) -> Rhythm:
        """The red lamp that warns aircraft."""
        return Rhythm(float(rng.uniform(1.7, 2.6)), float(rng.uniform(0, 2 * math.pi)), 0.55, 0.45)


@dataclass(frozen=True, slots=True, eq=False)
class Lights:
    """Single pixels of light in the coordinates of a picture, added to wherever that picture is shown.

    Spread over four pixels each, they move as smoothly as the warped picture does, at a small part of its price.
    """

    points: Points
    colours: Floats  # (n, 3) 0..255
    group: np.ndarray[tuple[int], np.dtype[np.intp]]  # which rhythm each pixel follows
    rhythms: Floats  # (groups, 4): the fields of Rhythm

    def paint(self, frame: Pixels, placed: Callable[[Points], Points], seconds: float) -> None:
        """`placed` maps a point of the picture to `frame`, which must be of whole rows."""
        level = self._levels(seconds)[self.group]
        burning = np.flatnonzero(level > OUT)
        if not len(burning):
            return
        height, width = frame.shape[:2]
        at = placed(self.points[burning]).astype(np.float32)
        corner = at.astype(np.int32)
        columns, rows = corner[:, 0], corner[:, 1]
        inside = (at.min(1) >= 0) & (columns < width - 1) & (rows < height - 1)
        if not inside.any():
            return
        part_x, part_y = (at - corner)[inside].T
        glow = self.colours[burning[inside]] * level[burning[inside], None]
        whole = frame.view(RGB).reshape(-1)  # numpy picks single items much faster than rows of three
        index = (rows * width + columns)[inside]
        right, lower = glow * part_x[:, None], part_y[:, None]
        left = glow - right
        for step, light in ((0, left), (1, right)):
            below = light * lower
            for onward, added in ((step, light - below), (step + width, below)):
                where = index + onward
                lit = cv2.add(whole[where].view(np.uint8).reshape(-1, 3), added.astype(np.uint8))
                whole[where] = np.asarray(lit, np.uint8).view(RGB)[:, 0]

    def _levels(self, seconds: float) -> Floats:
        period, phase, threshold, soft = self.rhythms.T
        wave = np.sin(seconds * 2 * math.pi / period + phase)
        rise = np.clip((wave - threshold + soft) / (2 * soft), 0, 1)
        return (rise * rise * (3 - 2 * rise)).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Sign:
    """A lit sign or screen on a picture: what it adds to its box when it shines."""

    light: Pixels
    left: float
    top: float
    rhythm: Rhythm

    def paint(self, frame: Pixels, matrix: Matrix, seconds: float) -> None:
        """`matrix` maps the picture to `frame`."""
        paste_light(frame, self.light, then(place(self.left, self.top), matrix), self.rhythm.at(seconds))


@dataclass(slots=True)
class LightBook:
    """Collects lights while a picture is being drawn."""

    signs: list[Sign] = field(default_factory=list["Sign"])
    points: list[Points] = field(default_factory=list[Points])
    colours: list[Floats] = field(default_factory=list[Floats])
    groups: list[int] = field(default_factory=list[int])
    rhythms: list[Rhythm] = field(default_factory=list[Rhythm])

    def add(self, rows: npt.NDArray[Any], columns: npt.NDArray[Any], colours: Floats, rhythm: Rhythm) -> None:
        """Pixels that share a rhythm; `colours` (n, 3) 0..1 is what they add when they are fully on."""
        self.points.append(np.stack([columns, rows], 1).astype(np.float64))
        self.colours.append(np.broadcast_to(colours, (len(rows), 3)).astype(np.float32))
        self.groups.append(len(rows))
        self.rhythms.append(rhythm)

    def close(self, left: float = 0.0, top: float = 0.0) -> Lights:
        """All single lights that were collected, moved to where the picture's corner is."""
        return Lights(
            points=np.concatenate([np.zeros((0, 2)), *self.points]) + np.array([left, top]),
            colours=np.concatenate([np.zeros((0, 3), np.float32), *self.colours]) * np.float32(255),
            group=np.repeat(np.arange(len(self.groups)), self.groups),
            rhythms=np.array([astuple(one) for one in self.rhythms], np.float32).reshape(-1, 4),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Traffic:
    """Lights that pass along a far road: red one way, white the other, all on one narrow strip."""

    starts: Floats  # (lanes, n) frame widths
    speeds: Floats  # (lanes, n) frame widths a second
    brightness: Floats
    row: float
    depth: float
    canvas: Canvas

    def paint(self, frame: Pixels, moment: Moment) -> None:
        unit, width = self.canvas.unit, frame.shape[1]
        reach = max(2, math.ceil(9 * unit))
        row = round(self.row + moment.view.travel_y * self.depth * self.canvas.base)
        top, bottom = max(0, row - reach), min(frame.shape[0], row + reach)
        if bottom <= top:
            return
        strip = np.zeros((bottom - top, width, 3), np.float32)
        away = np.abs(np.arange(top, bottom, dtype=np.float32) - row) / np.float32(unit)
        for lane, colour in enumerate((TAILLIGHT, HEADLIGHT)):
            fall = np.exp(-((np.abs(away - 2.0 * lane) / 2.6) ** 2)) * 0.9 + np.exp(-away / 3.0) * 0.22
            strip += (fall[:, None] * self._lane(lane, moment, width)[None])[..., None] * from_hex(colour)
        screen(frame[top:bottom], np.clip(strip * 255, 0, 255).astype(np.uint8))

    def _lane(self, lane: int, moment: Moment, width: int) -> Floats:
        shift = moment.view.travel_x * self.depth
        across = (self.starts[lane] + moment.seconds * self.speeds[lane]) % LANE_WRAP - 0.15 - shift
        places = across * self.canvas.width
        inside = (places >= 0) & (places < width - 1)
        whole = places[inside].astype(np.intp)
        part = places[inside] - whole
        line = np.zeros((1, width), np.float32)
        np.add.at(line[0], whole, self.brightness[lane][inside] * (1 - part))
        np.add.at(line[0], whole + 1, self.brightness[lane][inside] * part)
        sigma = 2.2 * self.canvas.unit + 0.3
        blurred = cv2.GaussianBlur(line, (0, 0), sigmaX=sigma, sigmaY=0.1)
        return np.asarray(blurred[0], np.float32) * np.float32(sigma * 2.5)


def build_traffic(canvas: Canvas, row: float, depth: float, cars: int, rng: np.random.Generator) -> Traffic:
    shape = (2, max(1, cars // 2))
    heading = np.array([[1.0], [-1.0]])
    return Traffic(
        starts=rng.uniform(0, LANE_WRAP, shape),
        speeds=rng.uniform(0.045, 0.075, shape) * heading,
        brightness=rng.uniform(0.45, 0.95, shape),
        row=row,
        depth=depth,
        canvas=canvas,
    )


def placed_by(matrix: Matrix) -> Callable[[Points], Points]:
    """Points moved as a warped picture is."""
    return lambda points: apply(matrix, points)
