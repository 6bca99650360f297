"""A window pane in the rain: beads that bend the view, and drops that run down in fits and starts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.raster import Canvas, Floats, Pixels, add_light, resize, sample, triple

REST = 128  # displacement of nothing
BEND = 0.5  # displacement steps a pixel
BEADS = 420  # on the area of a 720p frame's window
STRIPS_PX = 24.0  # width of the lane of one running drop, at 720p


@dataclass(frozen=True, slots=True, eq=False)
class WetPane:
    """Displacement of the view at half size: one part at rest, one that runs, each column at its lane's own pace."""

    resting: Pixels  # (rows, columns, 3): displacement across and down, glint
    running: Pixels  # the same, taller, and repeating every `period` rows
    period: int
    columns: Floats  # where to read the running part
    rows: Floats
    pace: Floats  # rows a second of each column
    hesitation: Floats  # radians a second
    phase: Floats
    across: Floats  # at rest, at full size
    down: Floats
    reach: float  # pixels a displacement step

    def seen_through(self, view: Pixels, seconds: float) -> Pixels:
        turn = self.hesitation * seconds + self.phase
        # Its speed falls almost to nothing once a turn: a drop waits, gathers water and runs on.
        fallen = self.pace * (seconds + np.sin(turn) * 0.92 / self.hesitation)
        map_y = np.mod(self.rows - fallen[None, :], np.float32(self.period)).astype(np.float32)
        water = np.where(self.resting != REST, self.resting, sample(self.running, self.columns, map_y))
        height, width = view.shape[:2]
        bent = resize(np.ascontiguousarray(water), width, height)
        shift = (bent[..., :2].astype(np.float32) - np.float32(REST)) * np.float32(self.reach)
        seen = sample(view, self.across + shift[..., 0], self.down + shift[..., 1])
        add_light(seen, triple(np.ascontiguousarray(np.clip(bent[..., 2].astype(np.int16) - REST, 0, 127).astype(np.uint8))))
        return seen


def build_wet_pane(canvas: Canvas, unit: float, rng: np.random.Generator) -> WetPane:
    """`unit` is that of the whole frame: drops are as large as the room, not as its window."""
    height, width = max(8, canvas.height // 2), max(8, canvas.width // 2)
    period = int(height * 1.6) + 8
    resting, running = _dry(height, width), _dry(period + 2, width)
    small = unit / 2  # everything here is at half size
    count = int(BEADS * height * width / (380 * 240 * max(0.1, unit) ** 2))
    for x, y, size in zip(rng.uniform(0, width, count), rng.uniform(0, height, count), rng.pareto(2.4, count), strict=True):
        _bead(resting, float(x), float(y), min(7.5, 1.7 + 1.3 * float(size)) * small)
    lane = max(4.0, STRIPS_PX * small)
    lanes = int(width / lane) + 1
    for index in range(lanes):
        if rng.uniform() < 0.72:
            _runner(running, (index + 0.5) * lane, float(rng.uniform(0, period)), lane, float(rng.uniform(2.2, 3.8)) * small)
    running[period:] = running[: running.shape[0] - period]
    lane_of = np.minimum((np.arange(width) / lane).astype(int), lanes - 1)
    lines = np.arange(height, dtype=np.float32)[:, None]
    rows, columns = np.mgrid[0 : canvas.height, 0 : canvas.width].astype(np.float32)
    return WetPane(
        resting=resting,
        running=running,
        period=period,
        columns=np.repeat(np.arange(width, dtype=np.float32)[None], height, 0),
        rows=np.repeat(lines, width, 1),
        pace=rng.uniform(38, 105, lanes).astype(np.float32)[lane_of] * np.float32(small),
        hesitation=rng.uniform(0.9, 2.2, lanes).astype(np.float32)[lane_of],
        phase=rng.uniform(0, 2 * math.pi, lanes).astype(np.float32)[lane_of],
        across=columns,
        down=rows,
        reach=unit / BEND,
    )


def _dry(height: int, width: int) -> Pixels:
    return np.full((height, width, 3), REST, np.uint8)


def _runner(water: Pixels, x: float, y: float, lane: float, radius: float) -> None:
    """A heavy drop, and above it the track that it leaves, narrower and drier the older it is."""
    length = int(radius * 26)
    for step in range(length):
        share = step / max(1, length)
        row = int(y - step) % (water.shape[0] - 2)
        half = radius * 0.55 * (1 - share)
        first, last = max(0, int(x - half)), min(water.shape[1], int(x + half) + 1)
        side = (np.arange(first, last) - x) / max(0.5, half)
        water[row, first:last, 0] = np.clip(REST - side * 9 * (1 - share), 0, 255)
        water[row, first:last, 2] = REST + int(10 * (1 - share))
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
    bend = 60.0
    patch = np.stack(
        [
            REST - inside_x * bend * (1.2 - bulge) + 0 * lines,
            REST - lines * bend * (1.2 - bulge) + 0 * inside_x,
            REST + 52 * np.exp(-((inside_x + 0.3) ** 2 + (lines + 0.45) ** 2) * 9) + 22 * np.clip(lines, 0, 1) * bulge,
        ],
        -1,
    )
    index = np.ix_(rows, np.maximum(columns, 0))
    water[index] = np.where(covered[..., None], np.clip(patch, 1, 254), water[index]).astype(np.uint8)
