"""A window pane in the rain: beads that bend the view, and drops that run down in fits and starts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.raster import Canvas, Floats, Pixels, add_light, resize, sample, triple

REST = 128  # displacement of nothing
BEND = 0.5  # displacement steps a pixel
BEADS = 420  # on the area of a 720p frame's window
STRIPS_PX = 24.0  # width of the lane of one running drop


@dataclass(frozen=True, slots=True, eq=False)
class WetPane:
    """Displacement of the view, at the view's size: one part at rest, one that runs, each column at its lane's pace.

    Seen through wet glass a view is soft anyway, so it is drawn at a fraction of the size at which the drops are.
    """

    columns: Floats  # of every pixel of the view
    rows: Floats
    across: Floats  # where each pixel is read, without what the running drops add
    down: Floats
    glint: Pixels  # of the beads at rest
    running: Pixels  # displacement across and down, and glint; it repeats every `period` rows
    period: int
    pace: Floats  # rows a second of each column
    hesitation: Floats  # radians a second
    phase: Floats
    reach: float  # pixels of the view a displacement step

    def seen_through(self, view: Pixels, seconds: float, width: int, height: int) -> Pixels:
        """The view enlarged to `width` x `height`, behind its drops."""
        turn = self.hesitation * seconds + self.phase
        # Its speed falls almost to nothing once a turn: a drop waits, gathers water and runs on.
        fallen = self.pace * (seconds + np.sin(turn) * 0.92 / self.hesitation)
        start = (self.period - np.mod(fallen, self.period)).astype(np.float32)
        water = sample(self.running, self.columns, self.rows + start[None, :])
        shift_x, shift_y, glint = (np.ascontiguousarray(water[..., channel]) for channel in range(3))
        map_x = np.multiply(shift_x, self.reach, dtype=np.float32) + self.across
        map_y = np.multiply(shift_y, self.reach, dtype=np.float32) + self.down
        seen = sample(view, resize(map_x, width, height), resize(map_y, width, height))
        add_light(glint, self.glint)
        add_light(seen, triple(resize(glint, width, height)))
        return seen


def build_wet_pane(canvas: Canvas, unit: float, rng: np.random.Generator) -> WetPane:
    """For a view drawn on `canvas`; `unit` is a pixel of a 720p frame there: drops are as large as the room."""
    height, width = canvas.height, canvas.width
    period, reach = int(height * 1.6) + 8, unit / BEND
    resting, running = _dry(height, width), _dry(period, width)
    count = int(BEADS * height * width / (380 * 240 * max(0.1, 2 * unit) ** 2))
    places = rng.uniform(0, (width, height), (count, 2))
    for (x, y), size in zip(places, rng.pareto(2.4, count), strict=True):
        _bead(resting, float(x), float(y), min(7.5, 1.7 + 1.3 * float(size)) * unit)
    lane = max(4.0, STRIPS_PX * unit)
    lanes = int(width / lane) + 1
    for index in range(lanes):
        if rng.uniform() < 0.72:
            start, radius = float(rng.uniform(0, period)), float(rng.uniform(2.2, 3.8)) * unit
            _runner(running, (index + 0.5) * lane, start, lane, radius)
    lane_of = np.minimum((np.arange(width) / lane).astype(int), lanes - 1)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    resting_shift = (resting[..., :2].astype(np.float32) - np.float32(2 * REST)) * np.float32(reach)
    return WetPane(
        columns=columns,
        rows=rows,
        across=columns + resting_shift[..., 0],
        down=rows + resting_shift[..., 1],
        glint=np.ascontiguousarray(resting[..., 2]),
        running=np.concatenate([running, running[: height + 2]]),
        period=period,
        pace=rng.uniform(38, 105, lanes).astype(np.float32)[lane_of] * np.float32(unit),
        hesitation=rng.uniform(0.9, 2.2, lanes).astype(np.float32)[lane_of],
        phase=rng.uniform(0, 2 * math.pi, lanes).astype(np.float32)[lane_of],
        reach=reach,
    )


def _dry(height: int, width: int) -> Pixels:
    water = np.full((height, width, 3), REST, np.uint8)
    water[..., 2] = 0  # no glint
    return water


def _runner(water: Pixels, x: float, y: float, lane: float, radius: float) -> None:
    """A heavy drop, and above it the track that it leaves, narrower and drier the older it is."""
    length = int(radius * 26)
    for step in range(length):
        share = step / max(1, length)
        row = int(y - step) % water.shape[0]
        half = radius * 0.55 * (1 - share)
        first, last = max(0, int(x - half)), min(water.shape[1], int(x + half) + 1)
        side = (np.arange(first, last, dtype=np.float32) - np.float32(x)) / max(0.5, half)
        water[row, first:last, 0] = np.clip(REST - side * 9 * (1 - share), 0, 255)
        water[row, first:last, 2] = int(10 * (1 - share))
    _bead(water, x, y, min(radius, lane / 2 - 1), stretch=1.35)


def _bead(water: Pixels, x: float, y: float, radius: float, stretch: float = 1.0) -> None:
    """A lens: it shows the view upside down, and glints where the light comes in."""
    reach, tall = math.ceil(radius), math.ceil(radius * stretch)
    rows = np.arange(int(y) - tall, int(y) + tall + 1)
    columns = np.arange(int(x) - reach, int(x) + reach + 1)
    inside_x = (columns[columns < water.shape[1]][None, :] - x) / max(0.6, radius)
    rows, columns = rows % water.shape[0], columns[columns < water.shape[1]]
    lines = (np.arange(int(y) - tall, int(y) + tall + 1)[:, None] - y) / max(0.6, radius * stretch)
    square = inside_x**2 + lines**2
    covered = square < 1
    bulge = np.sqrt(np.clip(1 - square, 0, 1))
    bend = 18.0
    patch = np.stack(
        [
            REST - inside_x * bend * (1.2 - bulge) + 0 * lines,
            REST - lines * bend * (1.2 - bulge) + 0 * inside_x,
            52 * np.exp(-((inside_x + 0.3) ** 2 + (lines + 0.45) ** 2) * 9) + 22 * np.clip(lines, 0, 1) * bulge,
        ],
        -1,
    )
    index = np.ix_(rows, np.maximum(columns, 0))
    water[index] = np.where(covered[..., None], np.clip(patch, 0, 255), water[index]).astype(np.uint8)
